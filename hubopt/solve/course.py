"""How a solve went: when better plans and better bounds were known, and in which phase."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hubopt.solver.form import ALL_ROUTES_BRANCHING
from hubopt.units import mcny

if TYPE_CHECKING:
    from collections.abc import Callable

    from hubopt.plan.plan import Plan
    from hubopt.solve.answer import Watcher
    from hubopt.solve.clock import Clock
    from hubopt.solver.form import Progress
    from hubopt.text import Text

END = "verified plan"
"""The phase of the last moment: what the plan itself says."""

SPACING_S, SPACING_SHARE = 0.1, 0.002
"""Bounds that rise in shorter steps, in seconds and of the time so far, count as one."""


S_DIGITS, CNY_DIGITS = 3, 6
"""Digits of seconds and of million CNY that are kept."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What was known after so many seconds: best plan and bound in million CNY, None before any."""

    elapsed_s: float
    best_mcny: float | None
    bound_mcny: float | None
    phase: str

    @property
    def gap(self) -> float | None:
        """Relative gap, None as long as one side is missing."""
        return relative_gap(self.best_mcny, self.bound_mcny)


class Course:
    """A watcher that keeps when plan and bound got better, and passes on all that it hears.

    What it passes on never gets worse, and once a bound over all routes is known no other counts,
    but for those of branching over all routes: a solver proves its own over those that were found.
    """

    def __init__(self, watcher: Watcher, clock: Clock) -> None:
        self.watcher, self.clock = watcher, clock
        self.moments: list[Moment] = []
        self.best: float | None = None
        self.bound: float | None = None
        self.over_all = False

    def phase(self, name: Text, done: int = 0, total: int = 0) -> None:
        """Pass a phase on."""
        self.watcher.phase(name, done, total)

    def price(self, bound_mcny: float | None) -> None:
        """Take a bound over all routes for the only one, or go on without."""
        self.over_all = bound_mcny is not None
        self.bound = finite(bound_mcny)

    def solver(self, progress: Progress) -> None:
        """Keep and pass on where the solve stands."""
        known = self.best, self.bound
        self.best = better(min, self.best, finite(progress.best))
        if not self.over_all or progress.phase == ALL_ROUTES_BRANCHING:
            self.bound = better(max, self.bound, finite(progress.bound))
        if (self.best, self.bound) != known:
            self.keep(progress.phase, better_plan=self.best != known[0])
        gap = relative_gap(self.best, self.bound)
        self.watcher.solver(replace(progress, best=self.best, bound=self.bound, gap=gap))

    def keep(self, phase: str, *, better_plan: bool) -> None:
        """Keep what is known now, in the place of a moment just before with the same plan."""
        now_s = self.clock.elapsed_s
        if self.moments and not better_plan:
            near_s = max(SPACING_S, SPACING_SHARE * now_s)
            last, before = self.moments[-1], self.moments[-2:-1]
            same = before and last.best_mcny == before[0].best_mcny
            if same and now_s < before[0].elapsed_s + near_s:
                self.moments.pop()
        self.moments.append(moment(now_s, self.best, self.bound, phase))

    def ended(self, plan: Plan) -> tuple[Moment, ...]:
        """Return all moments, the last with what the exact plan says."""
        bound = None if plan.bound_fen is None else mcny(plan.bound_fen)
        last = moment(self.clock.elapsed_s, mcny(plan.objective_fen), bound, END)
        return (*self.moments, last)


def moment(elapsed_s: float, best: float | None, bound: float | None, phase: str) -> Moment:
    """Return a moment in milliseconds and CNY, so that a table of it says all that it knows."""
    return Moment(round(elapsed_s, S_DIGITS), in_cny(best), in_cny(bound), phase)


def in_cny(mcny: float | None) -> float | None:
    """Return million CNY rounded to CNY, None for nothing."""
    return None if mcny is None else round(mcny, CNY_DIGITS)


def relative_gap(best: float | None, bound: float | None) -> float | None:
    """Return (best - bound) / best, None as long as one side is missing."""
    if best is None or bound is None:
        return None
    return max(0.0, best - bound) / max(abs(best), 1e-9)


def better(
    choose: Callable[[list[float]], float], one: float | None, other: float | None
) -> float | None:
    """Return the better of two numbers that may both be missing."""
    there = [number for number in (one, other) if number is not None]
    return choose(there) if there else None


def finite(number: float | None) -> float | None:
    """Return a number, None for infinity."""
    return number if number is not None and math.isfinite(number) else None
