"""Of the plans within the gap asked for, one that differs little from an earlier one.

Plans of nearly the same cost can differ in sites and trains for no reason that lies in the data,
and whoever compares two of them sees what nothing has changed. So what the earlier plan decided
otherwise is put back where that costs less than its share of what the gap leaves: each decision is
paid for being as it was, and the model decides. The plan stays within the gap, since what is paid
in all is no more than what is left of it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from hubopt.engine.board import SPARED
from hubopt.engine.dive import clean, fixed
from hubopt.engine.layout import layout_of
from hubopt.engine.solve_problem import Solved
from hubopt.engine.start import point_of
from hubopt.model.decisions import decisions
from hubopt.solver.run import run
from hubopt.solver.statuses import objective_of

if TYPE_CHECKING:
    import threading

    from numpy.typing import NDArray

    from hubopt.problem.problem import Decisions, Floats, Problem
    from hubopt.solver.form import SolveOptions, SolverAnswer, StandardForm

SITE_WEIGHT = 20.0
"""A site or a module counts as so many departures a week."""

CLOSE, CLOSEST, OF_WHAT_IS_LEFT = 1e-5, 1e-9, 0.05
"""Gap of the small model: of the cost of the plan, and at most a share of what is paid."""

TIE = 1e-8
"""Share of the cost that is paid where nothing is left of the gap: of equals one is near."""


@dataclass(frozen=True)
class Nearest:
    """A plan brought nearer: how many whole decisions differed before and after, cost added.

    The cost is in million CNY of present value, below 0 where better flows were found on the way.
    """

    solved: Solved
    before: int
    after: int
    added_mcny: float


def nearest(
    problem: Problem,
    solved: Solved,
    earlier: Decisions,
    options: SolveOptions,
    *,
    stop: threading.Event | None = None,
) -> Nearest | None:
    """Return a solved problem with a plan nearer to earlier decisions on it, None if none is.

    The plan stays within the gap of `options` of the bound, or costs no more than it did; time and
    memory of `options` are the most that it takes.
    """
    answer, form = solved.answer, solved.form
    if answer.values is None or answer.objective is None or answer.bound is None:
        return None
    now, then = answer.values, np.round(point_of(problem, form, earlier))
    differs = form.integer & (np.round(now) != then)
    if not differs.any():
        return None
    cost = answer.objective
    most = max(cost + TIE * abs(cost), answer.bound / (1.0 - SPARED * options.gap))
    left = most - cost
    model = drawn_back(problem, form, now, then, differs, left)
    gap = max(CLOSEST, min(CLOSE, OF_WHAT_IS_LEFT * left / max(abs(cost), 1.0)))
    within = replace(options, gap=gap, highs={})
    values = plan_of(form, run(model, within, stop=stop, start=now), within, stop)
    if values is None or objective_of(form, values) > most:
        return None
    before, after = differing(form, now, then), differing(form, values, then)
    if after >= before:
        return None
    better = replace(answer, values=values, objective=objective_of(form, values))
    found = Solved(better, decisions(problem, form, values), form)
    return Nearest(found, before, after, objective_of(form, values) - cost)


def differing(form: StandardForm, one: Floats, other: Floats) -> int:
    """Return how many whole columns differ in two points."""
    return int((form.integer & (np.round(one) != np.round(other))).sum())


def drawn_back(
    problem: Problem,
    form: StandardForm,
    now: Floats,
    then: Floats,
    differs: NDArray[np.bool_],
    left_mcny: float,
) -> StandardForm:
    """Return the form in which whole columns stand, but those that differ may go back for money.

    They move between what they are and what they were; moving all of them is paid what is left.
    """
    weight = np.where(layout_of(problem, form).siting, SITE_WEIGHT, 1.0)
    way = np.where(differs, np.round(now) - then, 0.0)
    each = left_mcny * weight / float(weight @ np.abs(way))
    held = fixed(form, np.round(now), form.integer & ~differs)
    low, high = np.minimum(np.round(now), then), np.maximum(np.round(now), then)
    return replace(
        held,
        cost=form.cost + np.sign(way) * each,
        column_lower=np.where(differs, low, held.column_lower),
        column_upper=np.where(differs, high, held.column_upper),
    )


def plan_of(
    form: StandardForm, found: SolverAnswer, options: SolveOptions, stop: threading.Event | None
) -> Floats | None:
    """Return the values of an answer as a point of the form with its whole columns whole."""
    if found.values is None:
        return None
    return clean(form, found.values, lambda lp: run(lp, options, stop=stop))
