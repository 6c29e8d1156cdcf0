"""Of the plans within the gap asked for, one that differs little from an earlier one.

Plans of nearly the same cost can differ in sites, trains and routes for no reason that lies in the
data, and whoever compares two of them sees what nothing has changed. So what the earlier plan
decided otherwise is put back where that costs less than its share of what the gap leaves: each
decision is paid for being as it was, and the model decides. Then freight that can go as it did for
the same money does so (`near_flows`). The plan stays within the gap, since what is paid in all is
no more than what is left of it.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from hubopt.engine.board import SPARED
from hubopt.engine.dive import clean, fixed
from hubopt.engine.layout import layout_of
from hubopt.engine.near_flows import flows_of, moved_kt, nearer_flows
from hubopt.engine.solve_problem import Solved
from hubopt.engine.start import point_of
from hubopt.model.decisions import decisions
from hubopt.solver.run import run
from hubopt.solver.statuses import objective_of

if TYPE_CHECKING:
    import threading

    from numpy.typing import NDArray

    from hubopt.engine.dive import SolveLp
    from hubopt.problem.problem import Decisions, Floats, Problem
    from hubopt.solver.form import SolveOptions, SolverAnswer, StandardForm

    Mask = NDArray[np.bool_]

SITE_WEIGHT = 20.0
"""A site or a module counts as so many departures a week."""

CLOSE, CLOSEST, OF_WHAT_IS_LEFT = 1e-5, 1e-9, 0.05
"""Gap of the small model: of the cost of the plan, and at most a share of what is paid."""

TIE, FLOW_TIE = 1e-8, 1e-6
"""Shares of the cost: what is paid where nothing is left of the gap, since of equals one is near;
and the most that is paid for flows, far above the tolerance of an LP and far below any reason."""

LEAST_S = 0.1
"""A solve gets so long, also where the time is up: it ends at once, and says so."""

LEAST_BACK = 1e-6
"""Less of the flows than this share of them is nothing."""


@dataclass(frozen=True)
class Nearest:
    """A plan brought nearer: what was put back, and what that added to the cost.

    `before` and `after` count the whole decisions that differ. `led_back_kt` are led back to routes
    of the earlier plan for the same money, kt a year over all stages. The cost is in million CNY of
    present value, below 0 where better flows were found.
    """

    solved: Solved
    before: int
    after: int
    led_back_kt: float
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

    The plan stays within the gap of `options` of the bound, or costs no more than it did, but for a
    tie; time and memory of `options` are the most that it takes.
    """
    answer, form = solved.answer, solved.form
    if answer.values is None or answer.objective is None or answer.bound is None:
        return None
    cost, then = answer.objective, point_of(problem, form, earlier)
    most = max(cost + TIE * abs(cost), answer.bound / (1.0 - SPARED * options.gap))
    flows = flows_of(problem, form)
    drawing = Drawing(problem, form, then, most, options, stop, flows)
    decided = drawing.decided_nearer(answer.values, cost)
    values = drawing.flowing_nearer(decided)
    if values is answer.values:
        return None
    better = replace(answer, values=values, objective=objective_of(form, values))
    return Nearest(
        Solved(better, decisions(problem, form, values), form),
        before=differing(form, answer.values, then),
        after=differing(form, values, then),
        led_back_kt=moved_kt(flows, then, decided) - moved_kt(flows, then, values),
        added_mcny=objective_of(form, values) - cost,
    )


@dataclass(frozen=True)
class Drawing:
    """Draws points of a form near to `then` for no more than `most_mcny`, within the time."""

    problem: Problem
    form: StandardForm
    then: Floats
    most_mcny: float
    options: SolveOptions
    stop: threading.Event | None
    flows: Mask
    began: float = field(default_factory=time.monotonic)

    def decided_nearer(self, now: Floats, cost: float) -> Floats:
        """Return a point with fewer whole columns that differ, or the same array."""
        then = np.round(self.then)
        differs = self.form.integer & (np.round(now) != then)
        if not differs.any():
            return now
        left = self.most_mcny - cost
        model = drawn_back(self.problem, self.form, now, then, differs, left)
        gap = max(CLOSEST, min(CLOSE, OF_WHAT_IS_LEFT * left / max(abs(cost), 1.0)))
        found = run(model, self.within(gap), stop=self.stop, start=now)
        values = plan_of(self.form, found, self.lp)
        if values is None or objective_of(self.form, values) > self.most_mcny:
            return now
        fewer = differing(self.form, values, then) < differing(self.form, now, then)
        return values if fewer else now

    def flowing_nearer(self, now: Floats) -> Floats:
        """Return a point with more freight on its earlier way, or the same array."""
        moved = moved_kt(self.flows, self.then, now)
        enough = LEAST_BACK * float(self.then[self.flows].sum())
        if moved <= enough:
            return now
        cost = objective_of(self.form, now)
        reward = min(FLOW_TIE * abs(cost), max(TIE * abs(cost), self.most_mcny - cost))
        values = nearer_flows(self.form, self.flows, now, self.then, reward, self.lp)
        if values is None or objective_of(self.form, values) > self.most_mcny:
            return now
        return values if moved_kt(self.flows, self.then, values) < moved - enough else now

    def lp(self, form: StandardForm) -> SolverAnswer:
        """Return the answer for an LP."""
        return run(form, self.within(0.0), stop=self.stop)

    def within(self, gap: float) -> SolveOptions:
        """Return options for a solve in the time that is left."""
        left_s = self.began + self.options.time_s - time.monotonic()
        return replace(self.options, gap=gap, time_s=max(LEAST_S, left_s), highs={})


def differing(form: StandardForm, one: Floats, other: Floats) -> int:
    """Return how many whole columns differ in two points."""
    return int((form.integer & (np.round(one) != np.round(other))).sum())


def drawn_back(
    problem: Problem,
    form: StandardForm,
    now: Floats,
    then: Floats,
    differs: Mask,
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


def plan_of(form: StandardForm, found: SolverAnswer, solve_lp: SolveLp) -> Floats | None:
    """Return the values of an answer as a point of the form with its whole columns whole."""
    return None if found.values is None else clean(form, found.values, solve_lp)
