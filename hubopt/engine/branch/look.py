"""One node looked at: the LP of the routes found, a bound over all routes, the routes it lacks."""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from hubopt.engine.bound import route_bound
from hubopt.engine.branch.node import Listed
from hubopt.engine.easing import softened
from hubopt.engine.generate import PER_SHIPMENT, rebuilt, routes_of
from hubopt.engine.link_rows import LinkRows
from hubopt.solver.form import SolverStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hubopt.engine.bound import Bound
    from hubopt.engine.branch.node import Fraction, Node, Side
    from hubopt.engine.pricing import RoutePricer
    from hubopt.network.route import Route
    from hubopt.problem.columns import Columns
    from hubopt.problem.problem import Floats
    from hubopt.solver.form import SolveOptions, SolverAnswer, StandardForm

MOST_ROUNDS = 30
"""Most times that a node is priced."""

NEAR = 0.3
"""A bound is near enough to the LP to branch if pricing could add no more than this share of what
is missing."""


@dataclass
class Look:
    """What a node showed: its bound over all routes, its LP and the columns to branch on.

    `lp` is infinite where no point keeps to it; `values` are those of a point of `listed` without
    fractions, a plan. `routes` were found on the way, and `fixed` are sides that all plans of the
    node keep to that cost less than the cutoff. It is `ended` unless time or an LP ran out.
    """

    bound: float
    listed: Listed
    lp: float = math.nan
    fractions: tuple[Fraction, ...] = ()
    values: Floats | None = None
    routes: tuple[Route, ...] = ()
    fixed: tuple[Side, ...] = ()
    ended: bool = False


@dataclass(frozen=True)
class Prober:
    """Looks at nodes; from several threads at once, of which one at a time prices routes.

    `options` are those of one LP, `over` tells whether to start none any more.
    """

    pricer: RoutePricer
    columns: Columns
    most_kt: Floats
    options: Callable[[], SolveOptions]
    over: Callable[[], bool]
    stop: threading.Event
    links: LinkRows = field(default_factory=LinkRows)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def listed(self, listed: Listed, routes: Sequence[Route]) -> Listed:
        """Return what is listed with more routes, the same if it has them all."""
        known = routes_of(listed.problem)
        more = known.with_routes(tuple(routes))
        if len(more.routes) == len(known.routes):
            return listed
        problem = rebuilt(listed.problem, self.pricer.instance, more, self.columns)
        return Listed.of(problem, self.most_kt)

    def lp(self, listed: Listed, sides: Sequence[Side]) -> float | None:
        """Return the value of the LP within some sides, infinite without a point, None if cut."""
        form = listed.within(sides)
        if contradicted(form):
            return math.inf
        answer = self.solved(form)
        return math.inf if answer.status is SolverStatus.INFEASIBLE else answer.objective

    def solved(self, form: StandardForm) -> SolverAnswer:
        """Return the answer of an LP, with the rows learned until now."""
        with self.lock:
            links = replace(self.links)  # another thread may learn meanwhile
        return links.solve(form, self.options(), self.stop)

    def look(self, node: Node, listed: Listed, cutoff: float) -> Look:
        """Price a node until its bound or a fraction decides what becomes of it."""
        found = Look(node.bound, listed)
        for _ in range(MOST_ROUNDS):
            if self.over() or not self.round(node, found, cutoff):
                break
        return found

    def round(self, node: Node, found: Look, cutoff: float) -> bool:
        """Solve and price a node once; return whether another round may say more of it."""
        listed = found.listed
        form = listed.within((*node.kept, *found.fixed))
        if contradicted(form):
            found.bound, found.lp, found.ended = max(found.bound, cutoff), math.inf, True
            return False
        answer, lp = self.relaxation(form)
        if answer.values is None or answer.row_duals is None:
            return False
        found.lp = lp
        priced, learned = self.priced(listed, form, answer)
        found.bound = max(found.bound, priced.value)
        found.routes += priced.routes
        if priced.value < cutoff:
            found.fixed += listed.fixed(form, priced.reduced, cutoff - priced.value)
            found.listed = self.listed(listed, priced.routes)
        point = math.isfinite(found.lp)
        found.fractions = listed.fractions(answer.values) if point else ()
        near = found.lp < cutoff and found.lp - found.bound <= NEAR * (cutoff - found.bound)
        new = found.listed is not listed or learned
        if found.bound < cutoff and new and not (found.fractions and near):
            return True
        found.ended = True
        if point and not found.fractions and found.listed is listed and not learned:
            found.values = answer.values
        return False

    def relaxation(self, form: StandardForm) -> tuple[SolverAnswer, float]:
        """Return the answer of an LP with its value; where no point meets it, that of a softer one.

        The softer one may break every row at a high price, and its value counts as infinite.
        """
        answer = self.solved(form)
        if answer.status is not SolverStatus.INFEASIBLE:
            return answer, math.nan if answer.objective is None else answer.objective
        return self.solved(softened(form, np.arange(len(form.row_lower)))), math.inf

    def priced(
        self, listed: Listed, form: StandardForm, answer: SolverAnswer
    ) -> tuple[Bound, bool]:
        """Return the bound of a node over all routes, with routes that would raise it.

        And whether its point breaks rows that were left out so far, which are learned.
        """
        if answer.row_duals is None:
            raise AssertionError(answer.status)
        with self.lock:
            learned = self.links.learn(form, answer.values) > 0
            bound = route_bound(
                self.pricer, listed.problem, form, answer.row_duals, per_shipment=PER_SHIPMENT
            )
            return bound, learned


def contradicted(form: StandardForm) -> bool:
    """Return whether a column is to be above its upper end: no point keeps to all sides."""
    return bool((form.column_lower > form.column_upper).any())
