"""A problem solved: small models by HiGHS at once, large ones by `Search`; time covers it all."""

from __future__ import annotations

import gc
import time
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from hubopt.engine.array_form import array_form
from hubopt.engine.board import Board, Halt
from hubopt.engine.dive import clean
from hubopt.engine.known_point import known_point
from hubopt.engine.layout import layout_of
from hubopt.engine.pyomo_order import in_pyomo_order
from hubopt.engine.search import LEFT_SHARE, Search
from hubopt.engine.start import point_of
from hubopt.engine.whole_model import by_pyomo, pyomo_form
from hubopt.instance.pause import no_garbage_search
from hubopt.model.decisions import decisions
from hubopt.solver.form import SolverAnswer, SolverStatus
from hubopt.solver.options import checked_options
from hubopt.solver.run import run
from hubopt.solver.statuses import TOLERANCE, clash, objective_of, worst_violation
from hubopt.vocabulary import Engine

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable

    from hubopt.engine.layout import Layout
    from hubopt.problem.problem import Decisions, Floats, Problem
    from hubopt.solver.form import Progress, SolveOptions, StandardForm

SMALL_COLUMNS = 10_000
"""Below this HiGHS closes the gap by itself sooner than any search (measured)."""
MANY_ROUTES = 150_000
"""From here on the order of rows and columns is that of the arrays."""

CLOSING_SHARE, CLOSING_S = 0.05, 4.0
"""What a search leaves of its time for its solves to stop and its flows to be solved once more."""
LEAST_S = 1.0

OTHER_ROUTES = "other routes may do better"
NEAR_ENOUGH = "other routes and branching must do the rest"
"""Why a small model ended over some of the routes: its plan is the best of theirs, or near it."""


class Solved(NamedTuple):
    """The solver's answer, the decisions if it has values, and the form that was solved."""

    answer: SolverAnswer
    decisions: Decisions | None
    form: StandardForm


def solve_problem(
    problem: Problem,
    options: SolveOptions,
    *,
    on_progress: Callable[[Progress], None] | None = None,
    stop: threading.Event | None = None,
    start: Decisions | None = None,
    engine: Engine = Engine.AUTO,
) -> Solved:
    """Return the solver's answer, in million CNY of present value, with the decisions.

    The time limit covers building too. Decisions are None unless the status has values. A large
    model is searched from `start`: its sites are kept as long as the gap closes with them. `engine`
    overrides the choice by size. Raises `InputError` for wrong options before anything is built.
    """
    checked_options(options)
    began = time.monotonic()
    form = form_of(problem, engine)
    left = max(LEAST_S, options.time_s - (time.monotonic() - began))
    answer = solve_form(
        layout_of(problem, form),
        form,
        replace(options, time_s=left),
        on_progress,
        stop,
        None if start is None else point_of(problem, form, start),
        problem.bound_over_all_mcny,
        engine,
        known=known_point(problem, form),
    )
    answer = replace(answer, seconds=time.monotonic() - began)
    made = None if answer.values is None else decisions(problem, form, answer.values)
    return Solved(answer, made, form)


def form_of(problem: Problem, engine: Engine = Engine.AUTO) -> StandardForm:
    """Return the form of a problem from arrays, or from Pyomo for who asks for one model.

    Where no routes were priced the order is that of the whole Pyomo model: of several plans within
    the gap the same one is found as there.
    """
    with no_garbage_search():
        form = pyomo_form(problem) if by_pyomo(problem, engine) else array_form(problem)
        gc.collect(0)  # a Pyomo model is a web of cycles, and all of it is young
    if by_pyomo(problem, engine):
        return form
    if problem.bound_over_all_mcny is not None or len(problem.column_shipment) >= MANY_ROUTES:
        return form
    return in_pyomo_order(problem, form)


def solve_form(
    layout: Layout,
    form: StandardForm,
    options: SolveOptions,
    on_progress: Callable[[Progress], None] | None,
    stop: threading.Event | None,
    start: Floats | None = None,
    bound_over_all: float | None = None,
    engine: Engine = Engine.AUTO,
    *,
    known: tuple[Floats, Floats] | None = None,
) -> SolverAnswer:
    """Solve a form by the way that fits its size; whole columns come back exactly whole.

    `bound_over_all` bounds the plans over all routes, of which the form may have some only; `known`
    are a point and the multipliers of its LP.
    """
    began = time.monotonic()
    answer = by_size(
        layout, form, options, on_progress, stop, start, bound_over_all, engine, known=known
    )
    left = max(LEAST_S, options.time_s - (time.monotonic() - began))
    if stop is None or not stop.is_set():  # who stops wants no other LP; settling rounds as well
        answer = polished(form, answer, replace(options, time_s=left, highs={}))
    return answer


def by_size(
    layout: Layout,
    form: StandardForm,
    options: SolveOptions,
    on_progress: Callable[[Progress], None] | None,
    stop: threading.Event | None,
    start: Floats | None,
    bound_over_all: float | None,
    engine: Engine,
    *,
    known: tuple[Floats, Floats] | None = None,
) -> SolverAnswer:
    """Give a small form to HiGHS as it is, and search for plans of a large one.

    A start that is near enough to the bound over all routes is the answer as it is.
    """
    near = enough(form, start, bound_over_all, options.gap)
    if near is not None:
        return near
    if chosen(form, engine) is Engine.MONOLITHIC:
        good = start is not None and worst_violation(form, start).size <= TOLERANCE
        first = start if good else None
        branches = engine is not Engine.MONOLITHIC
        halt = Halt(stop)

        def heard(progress: Progress) -> None:
            if branches and near_enough(progress, bound_over_all, options.gap):
                halt.set()
            if on_progress is not None:
                on_progress(progress)

        answer = run(form, options, on_progress=heard, stop=halt, start=first)
        if answer.status is SolverStatus.INTERRUPTED_WITH_VALUES and not halt.by_planner:
            answer = replace(answer, status=SolverStatus.LIMIT_WITH_VALUES, reason=NEAR_ENOUGH)
        return over_all(answer, bound_over_all, options.gap)
    within = replace(options, time_s=for_solves(options.time_s))
    board = Board(form, within, Halt(stop), on_progress)
    return Search(layout, board, start, bound_over_all, known).run()


def for_solves(left_s: float) -> float:
    """Return how much of the time left a search may take for its solves."""
    return left_s - min(CLOSING_S, CLOSING_SHARE * left_s)


def chosen(form: StandardForm, engine: Engine) -> Engine:
    """Return which engine solves a form: the one asked for, or by the number of its columns."""
    if not form.integer.any():
        return Engine.MONOLITHIC
    if engine in {Engine.MONOLITHIC, Engine.DECOMPOSITION}:
        return engine
    small = len(form.cost) < SMALL_COLUMNS
    return Engine.MONOLITHIC if small else Engine.DECOMPOSITION


def enough(
    form: StandardForm, start: Floats | None, bound: float | None, gap: float
) -> SolverAnswer | None:
    """Return a start as the answer if it meets the form and lies as near to a bound as asked."""
    if start is None or bound is None or worst_violation(form, start).size > TOLERANCE:
        return None
    cost = objective_of(form, start)
    if cost - bound > gap * abs(cost) or clash(bound, cost):
        return None
    return SolverAnswer(SolverStatus.OPTIMAL, start, cost, min(bound, cost), 0.0, "warm start")


def near_enough(progress: Progress, bound_over_all: float | None, gap: float) -> bool:
    """Return whether a plan over some routes is near their best, by what is open over all."""
    best, bound = progress.best, progress.bound
    if bound_over_all is None or best is None or bound is None:
        return False
    open_yet = best - bound_over_all
    return open_yet > gap * abs(best) and best - bound <= LEFT_SHARE * open_yet


def over_all(answer: SolverAnswer, bound: float | None, gap: float) -> SolverAnswer:
    """Return an answer over some of the routes with the bound that holds over all of them."""
    if bound is None or answer.objective is None:
        return answer
    if not clash(bound, answer.objective):  # a bound above the plan is a fault, to be told
        bound = min(bound, answer.objective)
    closed = answer.objective - bound <= gap * abs(answer.objective)
    if closed or answer.status is not SolverStatus.OPTIMAL:
        return replace(answer, bound=bound)
    return replace(
        answer,
        bound=bound,
        status=SolverStatus.LIMIT_WITH_VALUES,
        reason=OTHER_ROUTES,
    )


def polished(form: StandardForm, answer: SolverAnswer, options: SolveOptions) -> SolverAnswer:
    """Return an answer whose whole columns are whole, flows solved again if that moved a row."""
    if answer.values is None:
        return answer
    found = clean(form, answer.values, lambda lp: run(lp, options))
    values = answer.values if found is None else found
    objective = objective_of(form, values)
    return replace(answer, values=values, objective=objective, bound=below(answer.bound, objective))


def below(bound: float | None, objective: float) -> float | None:
    """Return a bound no higher than the objective if they differ by rounding; a fault stays one."""
    return bound if bound is None or clash(bound, objective) else min(bound, objective)
