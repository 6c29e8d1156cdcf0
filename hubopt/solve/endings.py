"""How a solve ended in words: what to be warned of, or why there is no plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.errors import InfeasibleError, InterruptedSolve, NoPlanError, SolverError
from hubopt.solver.form import SolverStatus
from hubopt.text import Text
from hubopt.vocabulary import Engine, Status

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterator

    from hubopt.plan.plan import Plan
    from hubopt.problem.problem import Problem
    from hubopt.solve.clock import Clock
    from hubopt.solver.form import SolveOptions, SolverAnswer

LEAST_TO_EXPLAIN_S = 5.0
"""A verdict of infeasible is looked into for at least so long."""


def warned(
    plan: Plan, asked: float, reason: str, clock: Clock, *, late: bool = False
) -> Iterator[Text]:
    """Yield why the plan may be further from the best than was asked for.

    `late` tells that time ran out, also where some of it was kept for what came after.
    """
    if plan.status is Status.OPTIMAL or (plan.gap is not None and plan.gap <= asked):
        return
    if plan.status is Status.INTERRUPTED:
        yield Text("stopped before the gap asked for was reached", "在达到所要求的差距前被中断")
    elif late or clock.over:
        yield Text(
            f"the time limit of {clock.limit_s:g} s came before the gap of {100 * asked:g} % asked"
            " for; the best plan so far was kept",
            f"时限 {clock.limit_s:g} 秒内未达到所要求的差距 {100 * asked:g} %；"
            "保留已得到的最好方案",
        )
    else:
        yield Text(
            f"the solver ended early ({reason}); the best plan so far was kept",
            f"求解器提前结束（{reason}）；保留已得到的最好方案",
        )


def from_arrays(problem: Problem, engine: Engine) -> Iterator[Text]:
    """Yield that one model was asked for that is too large to be built in Pyomo."""
    from hubopt.engine.whole_model import PYOMO_ROUTES, by_pyomo  # noqa: PLC0415

    if engine is Engine.MONOLITHIC and not by_pyomo(problem, engine):
        count = len(problem.column_shipment)
        yield Text(
            f"the model has {count:,} routes, more than the {PYOMO_ROUTES:,} up to which it is"
            " built in Pyomo: it was built from arrays, row by row the same",
            f"模型有 {count:,} 条路径，多于用 Pyomo 建模的上限 {PYOMO_ROUTES:,}；"
            "改由数组建立，逐行相同",
        )


def why_no_plan(
    problem: Problem,
    result: SolverAnswer,
    options: SolveOptions,
    clock: Clock,
    stop: threading.Event | None,
) -> InfeasibleError | NoPlanError | InterruptedSolve | SolverError:
    """Return the error that says why the solver gave no plan."""
    if result.status is SolverStatus.INFEASIBLE:
        from hubopt.model.elastic import explain_infeasible  # noqa: PLC0415

        most_s = max(LEAST_TO_EXPLAIN_S, clock.left())
        return explain_infeasible(problem, most_s=most_s, stop=stop)
    if result.status is SolverStatus.INTERRUPTED_WITHOUT_VALUES:
        return stopped_early()
    if result.status is SolverStatus.LIMIT_WITHOUT_VALUES:
        if clock.over:
            return no_plan_in(clock.limit_s)
        return NoPlanError(
            Text(
                f"the solver stopped before a first plan ({result.reason}): loosen that limit",
                f"求解器在得到方案前停止（{result.reason}）：请放宽该限制",
            )
        )
    return SolverError(no_answer(result.reason, options.memory_mb))


def stopped_early() -> InterruptedSolve:
    """Return the error that says that nobody waited for a first plan."""
    return InterruptedSolve(
        Text("stopped before a first plan; nothing was written", "在得到方案之前中断，未写入文件")
    )


def no_answer(reason: str, memory_mb: int) -> Text:
    """Return the words for a solver that failed, with what to try."""
    if "memory" in reason:
        return Text(
            f"the solver had too little memory ({reason}): give more with --memory-mb (now"
            f" {memory_mb}), or list fewer routes with --routes",
            f"求解器内存不足（{reason}）：请用 --memory-mb 增加内存（现为 {memory_mb}），"
            "或用 --routes 减少路径数",
        )
    return Text(
        f"the solver gave no answer: {reason}. Try again, with another --seed if it recurs",
        f"求解器没有给出结果：{reason}。请重试；若再次出现，请换一个 --seed",
    )


def no_plan_in(limit_s: float) -> NoPlanError:
    """Return the error that says that the time was too short."""
    return NoPlanError(
        Text(
            f"no plan within the limit of {limit_s:g} s: give more with --time, or list fewer"
            " routes with --routes",
            f"在 {limit_s:g} 秒内未得到方案：请用 --time 放宽时间，或用 --routes 减少路径数",
        )
    )
