"""Column generation: routes that the lister left out, added as long as any would lower the LP.

The LP over the listed routes gives prices, the prices the cheapest route of every shipment out of
all that there are (`pricing`); those that are cheaper than the listed ones are listed too, and the
LP is solved again (Ford and Fulkerson 1958; Desaulniers, Desrosiers, Solomon 2005). Every round
gives a lower bound that holds over all routes.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from hubopt.engine.array_form import array_form
from hubopt.engine.bound import route_bound
from hubopt.engine.dive import relaxed
from hubopt.engine.pricing import RoutePricer
from hubopt.network.route import Route, RouteList
from hubopt.problem.build import build_problem
from hubopt.problem.columns import Columns
from hubopt.solver.run import run

if TYPE_CHECKING:
    import threading

    from hubopt.instance.tables import Instance
    from hubopt.problem.problem import Problem
    from hubopt.solver.form import SolveOptions

MOST_ROUNDS = 20
PER_SHIPMENT = 3
"""Most new routes of a shipment in one round, each by another last site of handling."""

ENOUGH = 1e-5
"""Relative distance of bound and LP at which no more routes are asked for."""

LEAST_S = 1.0


Heard = Callable[[int, int, float, float], None]
"""Hears the number of a round, of the routes it added, the value of the LP and the bound."""


def generate(
    instance: Instance,
    problem: Problem,
    options: SolveOptions,
    *,
    on_round: Heard | None = None,
    stop: threading.Event | None = None,
) -> Problem:
    """Return a problem with the routes added that its LP lacks, and a bound over all routes.

    The time limit is that of all rounds; if it comes first the best bound so far is kept, or none.
    """
    began, columns, listed = time.monotonic(), Columns.of(instance), routes_of(problem)
    pricer = RoutePricer(instance, problem)
    most_kt = pricer.most_kt(problem.demand_kt)
    best: float | None = None
    for number in range(1, MOST_ROUNDS + 1):
        left = options.time_s - (time.monotonic() - began)
        if left < LEAST_S or (stop is not None and stop.is_set()):
            break
        form = relaxed(array_form(problem, most_kt))
        answer = run(form, replace(options, time_s=left, highs={}), stop=stop)
        if answer.objective is None or answer.row_duals is None:
            break
        found = route_bound(pricer, problem, form, answer.row_duals, per_shipment=PER_SHIPMENT)
        best = found.value if best is None else max(best, found.value)
        more = listed.with_routes(found.routes)
        new = len(more.routes) - len(listed.routes)
        if on_round is not None:
            on_round(number, new, answer.objective, best)
        if not new or answer.objective - best <= ENOUGH * abs(answer.objective):
            break
        listed, problem = more, build_problem(instance, more, columns)
    return replace(problem, bound_over_all_mcny=best)


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
