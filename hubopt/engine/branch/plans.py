"""The best plan of a tree, and better ones over the routes that came since."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hubopt.engine.dive import clean
from hubopt.engine.earlier import carried_over
from hubopt.engine.start import point_of
from hubopt.model.decisions import decisions
from hubopt.solver.form import SolverStatus
from hubopt.solver.run import run
from hubopt.solver.statuses import objective_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from hubopt.engine.board import Halt
    from hubopt.engine.branch.node import Listed
    from hubopt.problem.problem import Decisions, Floats, Problem
    from hubopt.solver.form import SolveOptions, SolverAnswer, StandardForm

MORE_ROUTES, SHARE = 0.01, 0.2
"""Better plans are looked for once so many more routes are known, for this share of the time."""

LEAST_S = 1.0


@dataclass
class Plans:
    """The best plan: its cost in million CNY and its decisions on a problem.

    `settled_routes` are those over which HiGHS said that there is none better, 0 if it did not say.
    """

    cost: float
    problem: Problem
    made: Decisions
    options: Callable[[], SolveOptions]
    halt: Halt
    settled_routes: int = 0
    spent_s: float = 0.0

    def offer(self, listed: Listed, values: Floats) -> float:
        """Keep a point as the best plan if it is one, and cheaper; return its cost as a plan."""
        whole = clean(listed.form, values, self.solve_lp)
        if whole is None:
            return math.inf
        cost = objective_of(listed.form, whole)
        if cost < self.cost:
            self.cost, self.problem = cost, listed.problem
            self.made = decisions(listed.problem, listed.form, whole)
        return cost

    def solve_lp(self, form: StandardForm) -> SolverAnswer:
        """Solve an LP of flows."""
        return run(form, self.options(), stop=self.halt)

    def improve(self, listed: Listed, elapsed_s: float) -> None:
        """Look for a better plan over the routes found, if it has not been done and time is due."""
        routes = len(listed.problem.column_shipment)
        few = routes < (1.0 + MORE_ROUTES) * self.settled_routes
        if few or self.spent_s > SHARE * elapsed_s or self.halt.is_set():
            return
        began, options = time.monotonic(), self.options()
        most_s = min(options.time_s, SHARE * elapsed_s - self.spent_s + LEAST_S)
        limited = replace(options, time_s=most_s)
        answer = run(listed.form, limited, stop=self.halt, start=self.point(listed))
        if answer.values is not None:
            self.offer(listed, answer.values)
        self.settled_routes = routes if answer.status is SolverStatus.OPTIMAL else 0
        self.spent_s += time.monotonic() - began

    def on(self, problem: Problem) -> Decisions:
        """Return the best plan as decisions on a problem with more routes."""
        return carried_over(self.problem, self.made, problem)

    def point(self, listed: Listed) -> Floats:
        """Return the best plan as a point of a form."""
        return point_of(listed.problem, listed.form, self.on(listed.problem))
