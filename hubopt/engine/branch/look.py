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


@dataclass(frozen=True)
class Look:
    """What a node showed: its bound over all routes, its LP and the columns to branch on.

    `lp` is infinite where no point keeps to it; `values` are those of a point of `listed` without
    fractions, a plan. `routes` were found on the way, and `fixed` are sides that all plans of the
    node keep to that cost less than the cutoff.
    """

    bound: float
    lp: float
    listed: Listed
    fractions: tuple[Fraction, ...] = ()
    values: Floats | None = None
    routes: tuple[Route, ...] = ()
    fixed: tuple[Side, ...] = ()
    ended: bool = True


@dataclass(frozen=True)
class Prober:
    """Looks at nodes; from several threads at once, of which one at a time prices routes."""

    pricer: RoutePricer
    columns: Columns
    options: Callable[[], SolveOptions]
    stop: threading.Event
    links: LinkRows = field(default_factory=LinkRows)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def listed(self, listed: Listed, routes: Sequence[Route]) -> Listed:
        """Return what is listed with more routes, the same if it has them all."""
        problem = listed.problem
        known = routes_of(problem)
        more = known.with_routes(tuple(routes))
        if len(more.routes) == len(known.routes):
            return listed
        return Listed.of(
            rebuilt(problem, self.pricer.instance, more, self.columns),
            self.pricer.most_kt(problem.demand_kt),
        )

    def lp(self, listed: Listed, sides: Sequence[Side]) -> float | None:
        """Return the value of the LP within some sides, infinite without a point, None if cut."""
        form = listed.within(sides)
        if contradicted(form):
            return math.inf
        answer = self.links.solve(form, self.options(), self.stop)
        return math.inf if answer.status is SolverStatus.INFEASIBLE else answer.objective

    def look(self, node: Node, listed: Listed, cutoff: float) -> Look:
        """Price a node until its bound or a fraction decides what becomes of it."""
        found: list[Route] = []
        best = node.bound
        fixed: tuple[Side, ...] = ()
        for _ in range(MOST_ROUNDS):
            form = listed.within((*node.kept, *fixed))
            if contradicted(form):
                return Look(max(best, cutoff), math.inf, listed, (), None, tuple(found), fixed)
            answer, lp = self.relaxation(form)
            if answer.values is None or answer.row_duals is None:
                return Look(best, math.nan, listed, (), None, tuple(found), fixed, ended=False)
            priced = self.priced(listed, form, answer.row_duals)
            best = max(best, priced.value)
            found += priced.routes
            if priced.value < cutoff:
                fixed += listed.fixed(form, priced.reduced, cutoff - priced.value)
            fractions = () if math.isinf(lp) else listed.fractions(answer.values)
            near = lp < cutoff and lp - best <= NEAR * (cutoff - best)
            more = self.listed(listed, priced.routes) if best < cutoff else listed
            if more is listed or (fractions and near):
                whole = math.isfinite(lp) and not fractions
                values = answer.values[: len(form.cost)] if whole else None
                return Look(best, lp, listed, fractions, values, tuple(found), fixed)
            listed = more
        return Look(best, lp, listed, fractions, None, tuple(found), fixed, ended=False)

    def relaxation(self, form: StandardForm) -> tuple[SolverAnswer, float]:
        """Return the answer of an LP with its value; where no point meets it, that of a softer one.

        The softer one may break every row at a high price, and its value counts as infinite.
        """
        answer = self.links.solve(form, self.options(), self.stop)
        if answer.status is not SolverStatus.INFEASIBLE:
            return answer, math.nan if answer.objective is None else answer.objective
        every = np.arange(len(form.row_lower))
        answer = self.links.solve(softened(form, every), self.options(), self.stop)
        return answer, math.inf

    def priced(self, listed: Listed, form: StandardForm, duals: Floats) -> Bound:
        """Return the bound of a node over all routes, and routes that would raise it."""
        with self.lock:
            return route_bound(self.pricer, listed.problem, form, duals, per_shipment=PER_SHIPMENT)


def contradicted(form: StandardForm) -> bool:
    """Return whether a column is to be above its upper end: no point keeps to all sides."""
    return bool((form.column_lower > form.column_upper).any())


def unlimited(options: SolveOptions, time_s: float, children: int) -> SolveOptions:
    """Return options for one LP of several at once."""
    return replace(
        options, time_s=time_s, memory_mb=max(1, options.memory_mb // children), highs={}
    )
