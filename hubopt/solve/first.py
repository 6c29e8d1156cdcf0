"""A plan before the solve: the earlier design tried in the problem as it is now."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hubopt.solver.form import EARLIER, Progress, SolveOptions
from hubopt.text import Text

if TYPE_CHECKING:
    import threading
    from collections.abc import Mapping

    from hubopt.engine.earlier import Earlier
    from hubopt.plan.plan import Plan
    from hubopt.problem.problem import Decisions, Problem
    from hubopt.solve.answer import Question, Watcher
    from hubopt.solve.clock import Clock
    from hubopt.solve.warm import WarmStart

TRY_SHARE, LEAST_S = 0.25, 0.1
"""Most of the time left that trying may take, and the least that is worth while, in seconds."""


@dataclass(frozen=True)
class Known:
    """What is known before routes are priced: prices of rows by name, and a plan."""

    prices: Mapping[str, float] = field(default_factory=dict)
    first: Earlier | None = None

    def enough_mcny(self, gap: float) -> float:
        """Return the bound that proves the plan to within a relative gap; infinity without one."""
        if self.first is None:
            return math.inf
        return self.first.cost_mcny - gap * abs(self.first.cost_mcny)


def tried(
    problem: Problem,
    question: Question,
    watcher: Watcher,
    clock: Clock,
    stop: threading.Event | None,
    warm: WarmStart,
) -> Earlier | None:
    """Return the plan that an earlier design makes in a problem, None if it makes none."""
    from hubopt.engine.earlier import earlier_plan  # noqa: PLC0415  (Pyomo loads on use)
    from hubopt.solve.start import decisions_of  # noqa: PLC0415

    watcher.phase(Text(EARLIER, "试用先前的方案"))
    options = SolveOptions(
        time_s=max(LEAST_S, TRY_SHARE * clock.left()),
        memory_mb=question.memory_mb,
        seed=question.seed,
    )
    found = earlier_plan(problem, decisions_of(problem, warm.plan), options, stop=stop)
    clock.lap("earlier_plan")
    if found is not None:
        watcher.solver(Progress(clock.elapsed_s, found.cost_mcny, None, None, EARLIER))
    return found


def started(
    listed: Problem, problem: Problem, start: Plan | None, first: Earlier | None
) -> Decisions | None:
    """Return the decisions that a solve begins from: of the plan tried, or of a plan as it is."""
    from hubopt.engine.earlier import carried_over  # noqa: PLC0415
    from hubopt.solve.start import decisions_of  # noqa: PLC0415

    if first is not None:
        return carried_over(listed, first.decisions, problem)
    return None if start is None else decisions_of(problem, start)
