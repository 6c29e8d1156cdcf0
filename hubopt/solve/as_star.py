"""An instance that is a star, solved as one: a short way to a problem and its decisions.

The problem then lists the routes over the sites that open alone; its bound covers all routes.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from hubopt.errors import SolverError
from hubopt.solver.form import SolveOptions, SolverAnswer, SolverStatus
from hubopt.text import Text
from hubopt.units import KG_PER_KT

if TYPE_CHECKING:
    import threading

    from hubopt.engine.solve_problem import Solved
    from hubopt.engine.star.recognise import StarCase
    from hubopt.engine.star.star import Star
    from hubopt.engine.star.transport import Served
    from hubopt.instance.tables import Instance
    from hubopt.network.route import RouteList
    from hubopt.problem.problem import Decisions, Problem
    from hubopt.solve.answer import Question, Watcher
    from hubopt.solve.clock import Clock

SAME_SHARE = 1e-9
"""How far the cost of a plan as a star may lie from that of the same plan as a problem."""

STAR = "star"
"""What this engine is called."""

STAR_NOTE = Text(
    "each shipment goes over exactly one site: solved as a star, by prices of the shipments and"
    " branching on sites; only routes over sites that open are listed",
    "每批货物恰好经过一个设施：按星形网络求解，以货物价格求下界并对设施分支；只列出经过所开设施的路径",
)


def solved_as_star(
    instance: Instance,
    question: Question,
    watcher: Watcher,
    clock: Clock,
    stop: threading.Event | None,
) -> tuple[Problem, Solved] | None:
    """Return the problem and the decisions of a star; None for others, or without any plan.

    None too where one source each is asked for and leaving goods behind may pay: the bound of a
    star would then be low.
    """
    from hubopt.engine.star.recognise import star_case  # noqa: PLC0415  (numpy loads on use)
    from hubopt.engine.star.solve_star import solve_star  # noqa: PLC0415

    case = star_case(instance) if question.routes_per_shipment is None else None
    if case is None or not fit(case.star):
        return None
    watcher.phase(Text("choosing sites of a star", "星形网络选址"))
    gap = instance.settings.gap if question.gap is None else question.gap
    options = SolveOptions(gap, clock.left(), question.memory_mb, question.seed)
    found = solve_star(case.star, options, on_progress=watcher.solver, stop=stop)
    clock.lap("star")
    if found.plan is None or (case.star.single and case.star.least_penalty < found.plan.cost):
        return None
    problem, solved = as_problem(case, found.plan, found.bound, gap, stop)
    clock.lap("problem")
    return problem, solved


def fit(star: Star) -> bool:
    """Tell whether a bound over plans that serve everybody can close the gap of a star."""
    if not star.single or star.loose:
        return True
    return star.least_penalty > 0 and not star.light_may_stay


def as_problem(
    case: StarCase, plan: Served, bound: float, gap: float, stop: threading.Event | None
) -> tuple[Problem, Solved]:
    """Return a plan of a star as decisions of a problem; raise `SolverError` if costs differ."""
    from hubopt.engine.array_form import array_form  # noqa: PLC0415  (Pyomo loads on use)
    from hubopt.engine.solve_problem import Solved, below  # noqa: PLC0415
    from hubopt.engine.start import point_of  # noqa: PLC0415
    from hubopt.problem.build import build_problem  # noqa: PLC0415
    from hubopt.solver.statuses import objective_of  # noqa: PLC0415

    listed, shares = routes_of(case, plan)
    problem = replace(build_problem(case.instance, listed), bound_over_all_mcny=bound)
    made = decisions_of_plan(problem, plan, shares)
    form = array_form(problem)
    values = point_of(problem, form, made)
    cost = objective_of(form, values)
    if abs(cost - plan.cost) > SAME_SHARE * max(1.0, abs(cost)):
        raise SolverError(
            Text(
                f"the plan costs {plan.cost:.6f} million CNY as a star, but {cost:.6f} in the"
                " problem; this is a fault of hubopt",
                f"方案按星形网络计为 {plan.cost:.6f} 百万元，按问题计为 {cost:.6f}；这是程序的问题",
            )
        )
    bound = below(bound, cost) or 0.0
    status = SolverStatus.LIMIT_WITH_VALUES
    if cost - bound <= max(gap, SAME_SHARE) * abs(cost):
        status = SolverStatus.OPTIMAL
    elif stop is not None and stop.is_set():
        status = SolverStatus.INTERRUPTED_WITH_VALUES
    return problem, Solved(SolverAnswer(status, values, cost, bound, 0.0, STAR), made, form)


def routes_of(case: StarCase, plan: Served) -> tuple[RouteList, np.ndarray]:
    """Return the routes over the open sites, and the share that each has of its shipment.

    Without capacities only those that are used: no other could matter.
    """
    from hubopt.network.route import Route, RouteList  # noqa: PLC0415

    wanted = plan.shares > 0
    if not case.star.loose:
        wanted |= np.isfinite(case.star.cost[plan.open])
    routes, shares = [], []
    for j, shipment in enumerate(case.instance.demand):
        for here in np.flatnonzero(wanted[:, j]).tolist():
            routes.append(Route(shipment.id, case.steps(int(plan.open[here]), j)))
            shares.append(plan.shares[here, j])
    unreachable = np.flatnonzero(~wanted.any(axis=0)).tolist()
    return RouteList(
        tuple(routes), (), tuple(case.instance.demand[j].id for j in unreachable), case.star.sites
    ), np.array(shares)


def decisions_of_plan(problem: Problem, plan: Served, shares: np.ndarray) -> Decisions:
    """Return the decisions of a plan whose routes have these shares of their shipments."""
    from hubopt.problem.problem import Decisions  # noqa: PLC0415

    numbers = problem.sites
    opened = np.zeros((len(numbers.site_ids), 1), dtype=np.int64)
    opened[plan.open] = 1
    flow = np.round(shares * problem.demand_kt[problem.column_shipment] * KG_PER_KT) / KG_PER_KT
    carried = np.bincount(problem.column_shipment, flow, minlength=len(problem.shipment_ids))
    none = np.zeros((len(problem.services.service_ids), 1), dtype=np.int64)
    return Decisions(
        open=opened,
        modules=opened[numbers.module_site],
        departures=none,
        empties=none,
        flow_kt=flow,
        unserved_kt=np.maximum(problem.demand_kt - carried, 0.0),
    )
