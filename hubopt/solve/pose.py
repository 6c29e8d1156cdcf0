"""The problem that a question poses: over routes that are listed, or over all by pricing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hubopt.solve.endings import no_plan_in
from hubopt.solve.first import Known, started, tried
from hubopt.solve.warm import routes_in
from hubopt.solver.form import PRICING, Progress, SolveOptions
from hubopt.text import Text

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable

    from hubopt.instance.tables import Instance
    from hubopt.network.route import RouteList
    from hubopt.plan.plan import Plan
    from hubopt.problem.own_rules import OwnRows
    from hubopt.problem.problem import Decisions, Problem
    from hubopt.solve.answer import Question, Watcher
    from hubopt.solve.clock import Clock
    from hubopt.solve.course import Course
    from hubopt.solve.warm import WarmStart

LEAST_SOLVER_SECONDS = 0.1
"""With less than this left a solver need not be started."""

MANY_SHIPMENTS = 500
"""From here on first routes for pricing are found sooner than routes are listed."""

EVERY_ROUTE, FEW_ROUTES = 200, 20_000
"""Most routes of a shipment, and of all, up to which all that there are are simply listed."""

EVERY_SHARE = 0.2
"""Most of the time left that listing everything may take."""

PRICING_SHARE = 0.5
"""Most of the time left that pricing may take; the rest is for plans."""


def posed(
    instance: Instance,
    question: Question,
    course: Course,
    clock: Clock,
    stop: threading.Event | None,
    *,
    start: Plan | None,
    all_routes: bool,
    warm: WarmStart | None,
    own: OwnRows | None = None,
) -> tuple[Problem, Decisions | None]:
    """Return the problem over the routes that are listed or priced, and what to begin from.

    `own` are the planner's own rules, under which all that follows is solved.
    """
    seeded = all_routes and len(instance.demand) >= MANY_SHIPMENTS
    listed = numbers_of(instance, question, course, clock, warm, seeded=seeded, every=all_routes)
    listed = replace(listed, own_rules=own)
    first = None if warm is None else tried(listed, question, course, clock, stop, warm)
    problem = listed
    if all_routes:
        known = Known() if warm is None else Known(warm.prices, first)
        problem = with_all_routes(instance, listed, question, course, clock, stop, known)
        course.price(problem.bound_over_all_mcny)
    return problem, started(listed, problem, start, first)


def asked_gap(instance: Instance, question: Question) -> float:
    """Return the relative gap at which a solve may stop."""
    return instance.settings.gap if question.gap is None else question.gap


def numbers_of(
    instance: Instance,
    question: Question,
    watcher: Watcher,
    clock: Clock,
    warm: WarmStart | None = None,
    *,
    seeded: bool = False,
    every: bool = False,
) -> Problem:
    """Return the problem over the routes listed, or first ones for pricing, and of a start.

    With `every` over all routes that there are, if these are few enough.
    """
    from hubopt.problem.build import build_problem  # noqa: PLC0415

    routes = routes_listed(instance, question, watcher, clock, seeded=seeded, every=every)
    if warm is not None:
        routes = routes.with_routes(routes_in(instance, warm.plan))
    clock.lap("routes")
    problem = build_problem(instance, routes)
    clock.lap("problem")
    return problem


def routes_listed(
    instance: Instance,
    question: Question,
    watcher: Watcher,
    clock: Clock,
    *,
    seeded: bool,
    every: bool,
) -> RouteList:
    """Return first routes for pricing if `seeded`, all if `every` and they are few, else some."""
    from hubopt.engine import seeds  # noqa: PLC0415
    from hubopt.network.routes import list_routes  # noqa: PLC0415  (scipy loads on use)

    listing = Text("listing routes", "列出运输路径")
    watcher.phase(listing)

    def listed(done: int, total: int) -> None:
        if clock.left() < 0:
            raise no_plan_in(clock.limit_s)
        watcher.phase(listing, done, total)

    most = question.routes_per_shipment
    if seeded:
        return seeds.seeded(instance, on_progress=listed)
    routes = every_route(instance, clock, listed) if every and most is None else None
    return routes or list_routes(instance, per_shipment=most, on_progress=listed)


def wider(
    instance: Instance, problem: Problem, question: Question, watcher: Watcher, clock: Clock
) -> Problem | None:
    """Return a problem that no plan meets with more routes listed, `None` if there are no more.

    Pricing adds routes that the LP lacks; whole decisions can need others. Over all routes, if they
    are few enough, a plan is found or there is none. Else the bound over all routes still holds.
    """
    from hubopt.engine.generate import rebuilt, routes_of  # noqa: PLC0415  (scipy loads on use)

    if problem.complete:
        return None
    routes = routes_listed(instance, question, watcher, clock, seeded=False, every=True)
    routes = routes.with_routes(routes_of(problem).routes)
    clock.lap("routes")
    found = rebuilt(problem, instance, routes)
    clock.lap("problem")
    if found.complete:
        return found
    if len(routes.routes) == len(problem.column_shipment):
        return None
    known = problem.bound_over_all_mcny
    return replace(found, bound_over_all_mcny=known, row_prices=problem.row_prices)


class TooLongError(Exception):
    """Listing everything takes too much of the time."""


def every_route(
    instance: Instance, clock: Clock, on_progress: Callable[[int, int], None]
) -> RouteList | None:
    """Return all routes that differ, `None` if they are too many: then pricing is the way.

    A plan over all of them is proved as a whole, where pricing proves no more than the LP does.
    """
    from hubopt.network.routes import list_routes  # noqa: PLC0415  (scipy loads on use)

    least_left = (1.0 - EVERY_SHARE) * clock.left()

    def listed(done: int, total: int) -> None:
        on_progress(done, total)
        if clock.left() < least_left:
            raise TooLongError

    try:
        found = list_routes(instance, per_shipment=EVERY_ROUTE, on_progress=listed)
    except TooLongError:
        return None
    whole = not found.capped and not found.left_out and found.trucks_join
    return found if whole and len(found.routes) <= FEW_ROUTES else None


def with_all_routes(
    instance: Instance,
    problem: Problem,
    question: Question,
    watcher: Watcher,
    clock: Clock,
    stop: threading.Event | None,
    known: Known,
) -> Problem:
    """Return the problem with the routes that pricing finds, unless all are listed as it is.

    A bound that is near enough to the cost of a plan that is `known` ends it.
    """
    from hubopt.engine.generate import generate  # noqa: PLC0415  (scipy loads on use)

    if problem.complete or (stop is not None and stop.is_set()):
        return problem
    watcher.phase(Text(PRICING, "对全部路径定价"))

    def heard(number: int, new: int, _lp_mcny: float | None, bound_mcny: float) -> None:
        counts = {"round": number, "new_routes": new}
        watcher.solver(Progress(clock.elapsed_s, None, bound_mcny, None, PRICING, counts))

    options = SolveOptions(
        gap=asked_gap(instance, question),
        time_s=max(LEAST_SOLVER_SECONDS, PRICING_SHARE * clock.left()),
        memory_mb=question.memory_mb,
        seed=question.seed,
    )
    problem = generate(
        instance,
        problem,
        options,
        on_round=heard,
        stop=stop,
        earlier=known.prices,
        enough_mcny=known.enough_mcny(asked_gap(instance, question)),
    )
    clock.lap("pricing")
    return problem
