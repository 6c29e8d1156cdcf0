"""Where constraints and cost terms are from: published models and standards, or our own."""

from __future__ import annotations

from hubopt.text import Text

OWN = Text("own formulation", "自行建立")

PATH_FLOWS = Text(
    "path flows of a multicommodity network: Ford and Fulkerson, Management Science 5(1), 1958",
    "多商品网络的路径流：Ford 与 Fulkerson，Management Science 5(1)，1958",
)
STRONG_LINKS = Text(
    "strong links of plant location: Krarup and Pruzan, European Journal of Operational Research"
    " 12(1), 1983",
    "选址问题的强关联约束：Krarup 与 Pruzan，European Journal of Operational Research 12(1)，1983",
)
MODULAR = Text(
    "modular capacity: Correia and Captivo, Annals of Operations Research 122, 2003",
    "模块化能力：Correia 与 Captivo，Annals of Operations Research 122，2003",
)
DYNAMIC = Text(
    "multi-period location: Melo, Nickel and Saldanha da Gama, Computers & Operations Research"
    " 33(1), 2006",
    "多阶段选址：Melo、Nickel 与 Saldanha da Gama，Computers & Operations Research 33(1)，2006",
)
NETWORK_DESIGN = Text(
    "capacitated network design: Magnanti and Wong, Transportation Science 18(1), 1984",
    "有能力约束的网络设计：Magnanti 与 Wong，Transportation Science 18(1)，1984",
)
SERVICE_DESIGN = Text(
    "service network design: Crainic, European Journal of Operational Research 122(2), 2000;"
    " Wieberneit, OR Spectrum 30(1), 2008",
    "服务网络设计：Crainic，European Journal of Operational Research 122(2)，2000；"
    "Wieberneit，OR Spectrum 30(1)，2008",
)
BALANCE = Text(
    "balanced service network design: Pedersen, Crainic and Madsen, Transportation Science 43(2),"
    " 2009",
    "运载工具平衡的服务网络设计：Pedersen、Crainic 与 Madsen，Transportation Science 43(2)，2009",
)
EMPTY_RUNS = Text(
    "empty flows: Dejax and Crainic, Transportation Science 21(4), 1987",
    "空载流：Dejax 与 Crainic，Transportation Science 21(4)，1987",
)
CENTRAL = Text(
    "a given number of facilities: ReVelle and Swain, Geographical Analysis 2(1), 1970",
    "给定设施数：ReVelle 与 Swain，Geographical Analysis 2(1)，1970",
)
COVERING = Text(
    "set covering: Toregas, Swain, ReVelle and Bergman, Operations Research 19(6), 1971",
    "集合覆盖：Toregas、Swain、ReVelle 与 Bergman，Operations Research 19(6)，1971",
)
THROUGHPUT = Text(
    "least throughput of a centre: Geoffrion and Graves, Management Science 20(5), 1974",
    "分拨中心的最低通过量：Geoffrion 与 Graves，Management Science 20(5)，1974",
)
SINGLE_SOURCE = Text(
    "single sourcing: Holmberg, Ronnqvist and Yuan, European Journal of Operational Research"
    " 113(3), 1999",
    "单一来源：Holmberg、Ronnqvist 与 Yuan，European Journal of Operational Research 113(3)，1999",
)
EMISSIONS = Text(
    "emissions well to wheel in the manner of ISO 14083:2023 and the GLEC Framework v3, 2023",
    "按 ISO 14083:2023 与 GLEC Framework v3（2023）的方式计算全生命周期排放",
)
TIME_COSTS = Text(
    "a day in transit costs a share of the value: Hummels and Schaur, American Economic Review"
    " 103(7), 2013",
    "在途一天的成本占货值一定比例：Hummels 与 Schaur，American Economic Review 103(7)，2013",
)
ANNUITY = Text(
    "capital recovery factor of engineering economics", "工程经济学的资金回收系数（年金）"
)
TAIL = Text(
    "conditional value at risk: Rockafellar and Uryasev, Journal of Risk 2(3), 2000;"
    " recourse: Birge and Louveaux, Introduction to Stochastic Programming, 2011",
    "条件风险价值：Rockafellar 与 Uryasev，Journal of Risk 2(3)，2000；"
    "补偿决策：Birge 与 Louveaux，Introduction to Stochastic Programming，2011",
)
