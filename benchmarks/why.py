"""Why figures were missed, by line of the table; shown only while the line is missed.

Causes are those of 2026-11-30; who changes what they speak of writes them anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

WHY: Mapping[str, Text] = {
    "handover": Text(
        "names of rows and columns are made when they are read, whole decisions and flows become"
        " arrays without Pyomo, and the matrix is put in order by columns once: from 10.7 to"
        " about 1.9 times the processor time that prepared arrays need. Of what is left two fifths pass the"
        " model, as for prepared arrays, and two fifths write a million entries into memory that is"
        " new to the process; on a busy machine that part takes longer, and the ratio may pass 2.",
        "行名与列名改为读取时才生成，整数决策与流量均不经 Pyomo 直接成为数组，矩阵只按列整理一次：处理器时间由"
        "现成数组的 10.7 倍降至约 1.9 倍。余下时间约五分之二用于传入模型（与现成数组相同），五分之二用于把一百万个"
        "系数写入进程新取得的内存；机器繁忙时这部分更慢，倍数可能超过 2。",
    ),
    "small": Text(
        "HiGHS runs in a process of its own, by which an error in the solver, or a stop that it does"
        " not hear, is survived. It waits for the next model, so none but the first solve of a"
        " program waits for its start, and that is not timed here; what is left is the model's way"
        " there and back, and the choice of one of several optima by the order of rows and columns.",
        "HiGHS 在独立进程中运行，以便在求解器出错或不响应停止时保全结果。该进程会等待下一个模型，因此只有程序的"
        "首次求解需等待其启动，且不计入此处；余下的是模型的往返传递，以及行列顺序对最优解路径的影响。",
    ),
    "sooner": Text(
        "textbook Pyomo takes less here than the figure assumes (4.9 and 25 s). Tried: a solver"
        " child that waits for the next model (2.3 to 1 s), branching after one idle round of"
        " prices, pricing by site within the processor's cache, arrays without Pyomo. Left are some"
        " 600 steps of numpy of about a millisecond each, making the instance and verifying the plan.",
        "教科书式 Pyomo 在此机器上只需 4.9 与 25 秒，少于目标所设。已尝试：求解器子进程驻留等待下一模型（2.3 秒降至 1 秒）、"
        "价格空转一轮后即分支、按设施分块定价以留在处理器缓存内、不经 Pyomo 直接用数组。余下约 600 个各约一毫秒的 numpy "
        "步骤，以及生成算例与核验方案。",
    ),
    "county": Text(
        "the bound over all routes is that of the LP; whole modules and departures keep a plan away"
        " from it. Tried: rows that tie flows to open sites wait until the rest has settled (LP in"
        " 4 s of processor time instead of 90), the search begins at the point of the last LP,"
        " routes are priced in half the time; each brought better plans sooner, none a higher bound.",
        "覆盖全部路径的下界即线性松弛的下界，整数模块与整班次使方案与其保持距离。已尝试：把流量与设施开启相连的约束"
        "推迟到其余部分收敛之后（线性松弛由 90 秒降至 4 秒处理器时间）、从最后一次线性松弛的解点开始搜索、路径定价时间减半；"
        "三者都更早得到更好的方案，但都不提高下界。",
    ),
    "families": Text(
        "15 of the 22 networks, of 100 and 200 shipments, stay open after 60 s by either method; the"
        " seven others take 23 s against 50 s of HiGHS (0.46 x). Tried for them: rows for what cuts"
        " of one or two nodes need (twice the time), a second, larger model before the proof, three"
        " small models instead of one, interior-point prices to rule out arcs. Plans of the open"
        " ones lie 0.4 to 10 % above the bound (HiGHS: 0.3 to 39 %). p-median: a case of 100 to"
        " 400 cities takes some 0.4 to 6 s to make and to verify as an instance with a link for"
        " each pair, more than HiGHS takes for the easy ones. The networks were measured on a quiet"
        " machine; HiGHS and hubopt had one core.",
        "22 个网络设计算例中有 15 个（100 与 200 批货物）两种方法 60 秒后均未证明；其余 7 个用时 23 秒，HiGHS 为"
        " 50 秒（0.46 倍）。已尝试：一两个节点割集所需能力的约束（用时加倍）、证明之前再解一个更大的模型、以三个小模型代替"
        "一个、用内点法价格排除弧。未证明算例的方案与下界相差 0.4 % 至 10 %（HiGHS 为 0.3 % 至 39 %）。"
        "p-中位：100 至 400 个城市的算例每对城市一条线路，生成与核验需 0.4 至 6 秒，较易的算例 HiGHS 用时更短。网络设计在空闲"
        "机器上测得；两种方法各用一个核心。",
    ),
    "warm": Text(
        "Pyomo's rebuild over the ways that the base ended with takes less here than was assumed. Of"
        " the 4 s on S most go into branching, which this seed needs for the last hundredth of a"
        " percent. Tried: prices, ways and design of the base kept in memory, pricing by site within"
        " the processor's cache, designs priced alone, branching after one idle round. One seed"
        " each; on M Pyomo reaches the limit of 300 s at a gap of 50 %, which counts as 300 s.",
        "在基准所得通路上用 Pyomo 重建，此处用时少于原先的假设。S 的 4 秒大部分用于分支，该随机种子需要它来消除最后的"
        "万分之一差距。已尝试：在内存中保留基准的价格、通路与选址，按设施分块定价以留在处理器缓存内，单独为选址方案定价，"
        "价格空转一轮后即分支。各一个种子；M 上 Pyomo 到 300 秒时限仍余 50 % 差距，按 300 秒计。",
    ),
}
"""The causes."""
