"""A special way of solving: decisions of an ordinary problem from a plan of a special form.

The problem then lists the routes that the plan may use alone; its bound covers all routes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from hubopt.errors import InterruptedSolve, NoPlanError, SolverError
from hubopt.solve.endings import warned
from hubopt.solver.form import SolverAnswer, SolverStatus
from hubopt.text import Text
from hubopt.units import KG_PER_KT
from hubopt.vocabulary import Engine, Status

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable

    from hubopt.engine.solve_problem import Solved
    from hubopt.instance.tables import Instance
    from hubopt.network.route import RouteList
    from hubopt.plan.plan import Plan
    from hubopt.problem.problem import Decisions, Floats, Ints, Problem
    from hubopt.solve.answer import Question
    from hubopt.solve.clock import Clock
    from hubopt.solve.warm import WarmStart

SAME_SHARE = 1e-9
"""How far the cost of a plan of a special form may lie from that of the same plan as a problem."""


class Failed(Text):
    """What a solver said that failed on a special form; the general one may do.

    The guard refuses numbers that lie too far apart, and forms have scales of their own.
    """


@dataclass(frozen=True)
class Short:
    """A plan of a special form as decisions of a problem, and why its gap may be open.

    `last` tells that no other way of solving need be tried; `note` is what its plan says of it.
    """

    engine: Engine
    note: Text
    problem: Problem
    solved: Solved
    last: bool
    why_open: Text


@dataclass(frozen=True)
class Found:
    """A plan of a special form: routes with their shares, open sites, cost and bound in MCNY."""

    listed: RouteList
    shares: Floats
    open: Ints
    cost: float
    bound: float


def asks_for_more(
    question: Question, earlier: WarmStart | None, *, routes: Text, highs: Text, started: Text
) -> Text | None:
    """Return the words for what is asked for that only the general way does, None for nothing."""
    if question.routes_per_shipment is not None:
        return routes
    if question.highs:
        return highs
    return None if earlier is None else started


def ended(solved: Solved, clock: Clock, stop: threading.Event | None) -> bool:
    """Return whether no other way of solving need be tried: proved, out of time, or stopped."""
    proved = solved.answer.status is SolverStatus.OPTIMAL
    return proved or clock.over or (stop is not None and stop.is_set())


def better(
    short: Short | None, at_length: Callable[[], tuple[Problem, Solved]], *, alone: bool
) -> tuple[Problem, Solved]:
    """Return a short way's plan, or what solving at length gives if needed and no dearer.

    The plan of the short way is kept where there is no other in time, or somebody stops. `alone`
    asks for it whatever else there is.
    """
    if short is None:
        return at_length()
    kept = short.problem, short.solved
    if short.last or alone:
        return kept
    try:
        problem, solved = at_length()
    except (NoPlanError, InterruptedSolve):
        return kept
    cost, known = solved.answer.objective, short.solved.answer.objective
    if cost is None or known is None or cost <= known + SAME_SHARE * abs(known):
        return problem, solved
    return kept


def warned_of(short: Short, plan: Plan, asked: float, clock: Clock) -> tuple[Text, ...]:
    """Return why the plan of a short way may be further from the best than was asked for."""
    found = tuple(warned(plan, asked, short.why_open.en, clock))
    early = plan.status is not Status.INTERRUPTED and not clock.over
    return (short.why_open,) if found and early else found


def as_problem(
    instance: Instance, found: Found, gap: float, stop: threading.Event | None
) -> tuple[Problem, Solved]:
    """Return a plan as decisions of a problem; raise `SolverError` if costs differ."""
    from hubopt.problem.build import build_problem  # noqa: PLC0415

    listed = build_problem(instance, found.listed)
    problem = replace(listed, bound_over_all_mcny=found.bound)
    made = decisions_of_plan(problem, found.open, found.shares)
    return problem, solved_by(problem, made, found.cost, found.bound, gap, stop)


def solved_by(
    problem: Problem,
    made: Decisions,
    stated: float,
    bound: float,
    gap: float,
    stop: threading.Event | None,
) -> Solved:
    """Return decisions and a bound over all routes as a solver's answer.

    Raises `SolverError` if they do not cost what was stated; all in million CNY.
    """
    from hubopt.engine.array_form import array_form  # noqa: PLC0415  (Pyomo loads on use)
    from hubopt.engine.solve_problem import Solved, below  # noqa: PLC0415
    from hubopt.engine.start import point_of  # noqa: PLC0415
    from hubopt.solver.statuses import objective_of  # noqa: PLC0415

    form = array_form(problem)
    values = point_of(problem, form, made)
    cost = objective_of(form, values)
    if abs(cost - stated) > SAME_SHARE * max(1.0, abs(cost)):
        raise SolverError(
            Text(
                f"the plan costs {stated:.6f} million CNY in its special form, but {cost:.6f}"
                " in the problem; this is a fault of hubopt",
                f"方案按专用形式计为 {stated:.6f} 百万元，按问题计为 {cost:.6f}；这是程序的问题",
            )
        )
    bound = below(bound, cost) or 0.0
    status = SolverStatus.LIMIT_WITH_VALUES
    if cost - bound <= max(gap, SAME_SHARE) * abs(cost):
        status = SolverStatus.OPTIMAL
    elif stop is not None and stop.is_set():
        status = SolverStatus.INTERRUPTED_WITH_VALUES
    return Solved(SolverAnswer(status, values, cost, bound, 0.0, ""), made, form)


def decisions_of_plan(problem: Problem, sites: Ints, shares: Floats) -> Decisions:
    """Return the decisions of a plan whose routes have these shares of their shipments."""
    from hubopt.problem.problem import Decisions  # noqa: PLC0415

    numbers = problem.sites
    opened = np.zeros((len(numbers.site_ids), 1), dtype=np.int64)
    opened[sites] = 1
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
