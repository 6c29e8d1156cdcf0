"""The lines of the table "figures to reach", in its order."""

from __future__ import annotations

from benchmarks import figures
from benchmarks.figures import Figure
from benchmarks.figures_families import proved
from hubopt.text import Text

RUN = "python -m benchmarks"
FIGURES = (
    Figure(
        "handover",
        Text("model into HiGHS, one million nonzeros", "模型送入 HiGHS，一百万个非零元"),
        Text("linopy 10 x arrays that are ready, Pyomo 129 to 231 x",
             "linopy 为现成数组的 10 倍，Pyomo 129 至 231 倍"),
        Text("at most 2 x", "至多 2 倍"), "handover", f"{RUN} handover", figures.handover,
    ),
    Figure(
        "sooner",
        Text("20/60/6 (XS) and 30/150/10 (XM) to 0.1 %", "20/60/6（XS）与 30/150/10（XM）到 0.1 %"),
        Text("textbook Pyomo + HiGHS, 15.7 s and 50.9 s", "教科书 Pyomo + HiGHS：15.7 秒与 50.9 秒"),
        Text("300 x sooner, same optimum", "快 300 倍，最优值相同"),
        "multimodal", f"{RUN} multimodal", figures.sooner,
    ),
    Figure(
        "multimodal",
        Text("S, M, L of the multimodal test family", "多式联运测试族 S、M、L"),
        Text("S: 185 s, expert's formulation; M and L cannot be built",
             "S：专家模型 185 秒；M、L 无法建立"),
        Text("S 0.1 % in 2 s, M 0.1 % in 20 s, L 0.5 % in 120 s and 0.1 % in 10 min",
             "S 2 秒到 0.1 %，M 20 秒到 0.1 %，L 120 秒到 0.5 %、10 分钟到 0.1 %"),
        "multimodal", f"{RUN} multimodal",
        figures.reached_in("multimodal", (
            ("S", 0.001, 2.0), ("M", 0.001, 20.0), ("L", 0.005, 120.0), ("L", 0.001, 600.0),
        )),
    ),
    Figure(
        "zhengzhou",
        Text("`zhengzhou`, all features, three stages", "`zhengzhou`，全部特性，三个阶段"),
        Text("-", "-"), Text("0.1 % in 60 s, plan and map written in 120 s", "60 秒到 0.1 %，120 秒写完方案与地图"),
        "instances", f"{RUN} instances", figures.instance("zhengzhou", ((0.001, 60.0, 120.0),)),
    ),
    Figure(
        "county",
        Text("`zhengzhou-county`", "`zhengzhou-county`"),
        Text("-", "-"), Text("0.5 % in 10 min, 0.1 % in 30 min", "10 分钟到 0.5 %，30 分钟到 0.1 %"),
        "instances", f"{RUN} instances",
        figures.instance("zhengzhou-county", ((0.005, 600.0, None), (0.001, 1800.0, None))),
    ),
    Figure(
        "cap",
        Text("OR-Library capacitated location, 49 values", "OR-Library 有容量选址，49 个值"),
        Text("plain HiGHS leaves capa at 8000 open after 1,800 s; special code 5.2 s on average",
             "HiGHS 1,800 秒未解出 capa@8000；专用程序平均 5.2 秒"),
        Text("all proved, 10 s on average", "全部证明，平均 10 秒"),
        "families", f"{RUN} families", proved(("cap",), 10.0),
    ),
    Figure(
        "families",
        Text("Holmberg 71, p-median 12, CAB 60 + 15, Canad C 22",
             "Holmberg 71、p-中位 12、CAB 60 + 15、Canad C 22"),
        Text("plain HiGHS, strong formulation, in the same run", "同一次运行中的 HiGHS 强模型"),
        Text("all proved, the time of each family at most a third", "全部证明，每族总时间至多三分之一"), "families", f"{RUN} families",
        proved(("holmberg", "pmed", "cab-multiple", "cab-single", "dow")),
    ),
    Figure(
        "small",
        Text("small cases, below 10,000 columns", "小算例，少于 10,000 列"),
        Text("one strong MIP, 0.33 s against 0.80 s", "整体强模型，0.33 秒对 0.80 秒"),
        Text("never slower than 1.2 x", "不慢于 1.2 倍"), "small", f"{RUN} small", figures.small,
    ),
    Figure(
        "duality",
        Text("large duality gaps (as Körkel and Ghosh)", "大对偶间隙（Körkel-Ghosh 类）"),
        Text("cuts at the root: 2.1 % after 20 s", "仅根节点割：20 秒后 2.1 %"),
        Text("proved, by branching on sites", "对设施分支，证明最优"),
        "solve", f"{RUN} solve", figures.duality,
    ),
    Figure(
        "warm",
        Text("one more scenario, warm", "再解一个情景（热启动）"),
        Text("Pyomo rebuild 1 x, warm basis 35 x", "Pyomo 重建 1 倍，热基 35 倍"),
        Text("50 x on S, 20 x on M, one core", "S 50 倍，M 20 倍，单核"),
        "scenario", f"{RUN} scenario", figures.warm,
    ),
    Figure(
        "growth",
        Text("growth: twice the shipments", "增长：运输需求加倍"),
        Text("-", "-"), Text("at most 2.3 x the time", "时间至多 2.3 倍"),
        "growth", f"{RUN} growth", figures.growth,
    ),
)  # fmt: skip
"""Every line of the table, in its order."""
