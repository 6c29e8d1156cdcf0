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
        "half of the time goes into the names of rows and columns, which messages,"
        " decisions and prices are read by. Three attempts: names of links written at once instead"
        " of by a general function, names of columns made once instead of twice (together -39 % of"
        " the time of the arrays), and arrays passed to HiGHS as they are instead of one attribute"
        " after the other (a tenth of the time of that step). What is left is a quarter of a million"
        " names of rows and as many of columns; names made on demand are the next step.",
        "一半时间用于行名与列名（消息、决策与价格都按名称读取）。已尝试三种办法：关联约束的名称直接写出"
        "而不经通用函数，列名只生成一次而非两次（两项合计使数组生成时间减少 39 %），数组整体传给 HiGHS 而非逐项"
        "赋值（该步用时降为十分之一）。余下的是行名、列名各约二十五万个；下一步是按需生成名称。",
    ),
    "small": Text(
        "HiGHS runs in a process of its own, by which an error in the solver, or a stop that it does"
        " not hear, is survived. It waits for the next model, so none but the first solve of a"
        " program waits for its start, and that is not timed here; what is left is the model's way"
        " there and back, and the choice of one of several optima by the order of rows and columns.",
        "HiGHS 在独立进程中运行，以便在求解器出错或不响应停止时保全结果。该进程会等待下一个模型，因此只有程序的"
        "首次求解需等待其启动，且不计入此处；余下的是模型的往返传递，以及行列顺序对最优解路径的影响。",
    ),
    "growth": Text(
        "runs end at different gaps: the bound over all routes is that of the LP, from which plans"
        " with whole departures keep a distance that is larger the less freight there is.",
        "各次运行结束时差距不同：覆盖全部路径的下界即线性松弛的下界，而班次取整使方案与其保持距离，货量越小"
        "差距越大。",
    ),
}
"""The causes."""
