"""Column generation: routes that the lister left out, added as long as any would lower the LP.

The LP over the listed routes gives prices, the prices the cheapest route of every shipment out of
all that there are (`pricing`); those that are cheaper than the listed ones are listed too, and the
LP is solved again (Ford and Fulkerson 1958; Desaulniers, Desrosiers, Solomon 2005). Every round
gives a lower bound that holds over all routes.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from hubopt.engine.array_form import array_form
from hubopt.engine.bound import DEMAND, route_bound
from hubopt.engine.dive import relaxed
from hubopt.engine.easing import eased
from hubopt.engine.link_rows import LinkRows
from hubopt.engine.pricing import RoutePricer
from hubopt.network.route import Route, RouteList
from hubopt.problem.build import build_problem
from hubopt.problem.columns import Columns
from hubopt.problem.problem import Relaxation
from hubopt.solver.form import SolverStatus
from hubopt.solver.name_list import carried, in_families, taken

if TYPE_CHECKING:
    import threading
    from collections.abc import Mapping, Sequence

    from hubopt.engine.bound import Bound
    from hubopt.instance.tables import Instance
    from hubopt.problem.problem import Floats, Problem
    from hubopt.solver.form import SolveOptions, SolverAnswer, StandardForm

MOST_ROUNDS = 40
PER_SHIPMENT = 3
"""Most new routes of a shipment in one round, each by another last site of handling."""

NEAR, LEAST_NEAR = 0.2, 1e-9
"""Distance of bound and LP at which no more routes are asked for: share of the gap asked for, and
the least share of the LP, since sums of floats say no more."""

BETWEEN, STEADY = 0.5, 0.02
"""Share of the best multipliers so far in those that routes are priced with, once their bound is so
near the LP: the first ones, of an LP that lacks most routes, are best forgotten."""

LEAST_S = 1.0


Heard = Callable[[int, int, float | None, float], None]
"""Hears the number of a round, of the routes it added, the value of the LP and the bound.

Round 0 prices with what is known from earlier, before any LP.
"""


def generate(
    instance: Instance,
    problem: Problem,
    options: SolveOptions,
    *,
    on_round: Heard | None = None,
    stop: threading.Event | None = None,
    earlier: Mapping[str, float] | None = None,
    enough_mcny: float = math.inf,
) -> Problem:
    """Return a problem with the routes added that its LP lacks, and a bound over all routes.

    The time limit is that of all rounds; if it comes first the best bound so far is kept, or none.
    With `earlier` multipliers, by row, there is a bound before the first LP. A bound of
    `enough_mcny` ends the rounds.
    """
    began, columns, listed = time.monotonic(), Columns.of(instance), routes_of(problem)
    prices = Prices(RoutePricer(instance, problem), max(LEAST_NEAR, NEAR * options.gap))
    most_kt, links = prices.pricer.most_kt(problem.demand_kt), LinkRows()
    if earlier:
        more = prices.earlier(problem, relaxed(array_form(problem, most_kt)), earlier, listed)
        if on_round is not None and prices.known_mcny is not None:
            on_round(0, len(more.routes) - len(listed.routes), None, prices.best_mcny)
        listed, problem = more, rebuilt(problem, instance, more, columns)
    point: Relaxation | None = None
    for number in range(1, MOST_ROUNDS + 1):
        left = options.time_s - (time.monotonic() - began)
        if (
            left < LEAST_S
            or (stop is not None and stop.is_set())
            or prices.best_mcny >= enough_mcny
        ):
            break
        form = relaxed(array_form(problem, most_kt))
        limited = replace(options, time_s=left, highs={})
        answer = links.solve(form, limited, stop)
        lacking = answer.status is SolverStatus.INFEASIBLE
        if lacking:
            answer = links.solve(eased(problem, form), limited, stop)
        if answer.objective is None or answer.row_duals is None:
            break
        more = prices.routes(problem, form, answer.objective, answer.row_duals, listed)
        new = len(more.routes) - len(listed.routes)
        if on_round is not None:
            on_round(number, new, answer.objective, prices.best_mcny)
        point = None if lacking else point_of_lp(problem, form, answer)
        settled = not new or (not lacking and prices.closed(answer.objective))
        if not links.matter(form, answer, prices.near, settled=settled) and settled:
            break
        listed, problem = more, rebuilt(problem, instance, more, columns)
    return replace(
        problem,
        bound_over_all_mcny=prices.known_mcny,
        row_prices=prices.kept,
        relaxation=point,
    )


def point_of_lp(problem: Problem, form: StandardForm, answer: SolverAnswer) -> Relaxation | None:
    """Return the point and the multipliers that an LP ended with, `None` without both."""
    if answer.values is None or answer.row_duals is None:
        return None
    return Relaxation(problem, form.column_names, answer.values, form.row_names, answer.row_duals)


class Prices:
    """The multipliers that gave the best bound so far, and that bound.

    Those of one LP after the other leap from corner to corner. Between the best ones and the latest
    the bound is better, and the routes found are of more use (Wentges 1997).
    """

    def __init__(self, pricer: RoutePricer, near: float) -> None:
        self.pricer, self.near = pricer, near
        self.best_mcny = -math.inf
        self.best: tuple[Sequence[str], Floats] = (), np.zeros(0)

    @property
    def known_mcny(self) -> float | None:
        """The best bound, `None` before the first."""
        return None if math.isinf(self.best_mcny) else self.best_mcny

    @property
    def kept(self) -> dict[str, float]:
        """The multipliers of the best bound, without those of demands, which bounds do without."""
        names, duals = self.best
        here = np.flatnonzero((duals != 0.0) & ~in_families(names, {DEMAND}))
        return dict(zip(taken(names, here), duals[here].tolist(), strict=True))

    def earlier(
        self, problem: Problem, form: StandardForm, given: Mapping[str, float], listed: RouteList
    ) -> RouteList:
        """Begin with multipliers from elsewhere, by row; return the list with what they ask for.

        The bound is computed anew: rows that they do not know cost nothing, and what they have of
        the wrong sign counts as nothing.
        """
        duals = np.array([given.get(name, 0.0) for name in form.row_names])
        found = route_bound(self.pricer, problem, form, duals, per_shipment=PER_SHIPMENT)
        self.take(found, form, duals)
        return listed.with_routes(found.routes)

    def take(self, found: Bound, form: StandardForm, duals: Floats) -> None:
        """Keep a bound and its multipliers if it is the best so far."""
        if found.value > self.best_mcny:
            self.best_mcny = found.value
            self.best = form.row_names, duals

    def closed(self, lp_mcny: float) -> bool:
        """Tell whether the bound is so near the LP that no more routes are needed."""
        return lp_mcny - self.best_mcny <= self.near * abs(lp_mcny)

    def routes(
        self, problem: Problem, form: StandardForm, lp_mcny: float, duals: Floats, listed: RouteList
    ) -> RouteList:
        """Return the list with routes that are cheaper between the best multipliers and `duals`.

        If there are none, and the bound is not near the LP, those that are cheaper at `duals`.
        """
        more = listed
        near = self.best_mcny >= (1.0 - STEADY) * abs(lp_mcny)
        for share in (BETWEEN, 0.0) if near else (0.0,):
            names, best = self.best
            known = carried(best, names, form.row_names)
            between = share * known + (1.0 - share) * duals
            found = route_bound(self.pricer, problem, form, between, per_shipment=PER_SHIPMENT)
            self.take(found, form, between)
            more = listed.with_routes(found.routes)
            if len(more.routes) > len(listed.routes) or self.closed(lp_mcny):
                break
        return more


def rebuilt(
    problem: Problem, instance: Instance, listed: RouteList, columns: Columns | None = None
) -> Problem:
    """Return a problem over other routes, under the same rules of the planner's own."""
    return replace(build_problem(instance, listed, columns), own_rules=problem.own_rules)


def routes_of(problem: Problem) -> RouteList:
    """Return the routes of a problem as a list, with what else a plan must say of it."""
    routes = tuple(
        Route(problem.shipment_ids[s], steps)
        for s, steps in zip(problem.column_shipment, problem.column_steps, strict=True)
    )
    return RouteList(
        routes, problem.capped, (), problem.routes_per_shipment, problem.left_out, problem.late,
        problem.trucks_join,
    )  # fmt: skip
