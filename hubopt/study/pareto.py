"""Cost against CO2e: the cheapest plan, the one that emits least, and plans under caps between.

The epsilon-constraint method (Haimes, Lasdon, Wismer 1971): cost is least under a cap on CO2e that
is driven down in equal steps, in all capped stages in proportion. A cap is a limit of the kind
`emissions_at_most`, so that each point is a plan that a planner can ask for by itself.

The lower end is what the plan of `greenest` emits.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from hubopt.errors import InfeasibleError, InterruptedSolve, NoPlanError
from hubopt.instance.tables import Limit
from hubopt.solve.answer import answer
from hubopt.solve.labelled import Labelled
from hubopt.study.outcome import outcome_of
from hubopt.study.pareto_low import greenest
from hubopt.text import Text
from hubopt.units import KG_PER_T
from hubopt.vocabulary import LimitKind, Status

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterator, Mapping

    from hubopt.instance.tables import Instance
    from hubopt.plan.plan import Plan
    from hubopt.solve.answer import Watcher
    from hubopt.study.outcome import Outcome
    from hubopt.study.pareto_store import Points

Caps = dict[int, float]
"""Tonnes of CO2e a year by stage."""

SPARE = 1e-4
"""Share by which the last cap is above what the least emitting plan emits, so that more plans than
that one can meet it."""


@dataclass(frozen=True, slots=True)
class Ask:
    """How many points, the ends among them, and the year of the one stage that is capped, if so."""

    points: int
    stage: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What a solve came to: a verified plan and its file, or why there is none."""

    plan: Plan | None
    why: Text | None = None
    file: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """One point: how far it is from least cost (0) to least CO2e (1), its caps, and its plan.

    `co2e_kg` is what the plan emits a year by stage; without a plan `why` says why not.
    """

    share: float
    caps_t: Caps
    outcome: Outcome | None
    co2e_kg: Mapping[int, int]
    why: Text | None = None
    file: str = ""


@dataclass(frozen=True, slots=True)
class Curve:
    """The points that are made, in order of their caps; `years` are the stages that are capped."""

    instance: Instance
    ask: Ask
    years: tuple[int, ...]
    points: tuple[Point, ...]

    @property
    def whole(self) -> bool:
        """Whether every point that was asked for is there."""
        return len(self.points) == self.ask.points


STOPPED = Text("Stopped.", "已中断。")


class Find(Protocol):
    """What finds plans."""

    def __call__(self, instance: Instance, label: Text, start: Plan | None, /) -> Found | None:
        """Return the plan of an instance, or why there is none; `None` if nobody looked yet.

        `start` is the plan of an instance much like it, from which a search may begin.
        """


def traced(instance: Instance, ask: Ask, find: Find) -> Curve:
    """Return the curve as far as its plans are found."""
    years = tuple(
        s.year for s in instance.settings.stages if ask.stage is None or s.year == ask.stage
    )
    curve = Curve(instance, ask, years, ())
    base = find(instance, Text("least cost", "成本最低"), None)
    if base is None or base.plan is None:
        return curve
    points = [point(0.0, {}, instance, base)]
    low = find(greenest(instance, base.plan), Text("least CO2e", "排放最低"), base.plan)
    if low is not None:
        points += under_caps(curve, base.plan, low, find)
    return replace(curve, points=tuple(points))


def under_caps(curve: Curve, base: Plan, low: Found, find: Find) -> Iterator[Point]:
    """Yield the points under caps, the loosest first, as far as they are known."""
    steps, last = curve.ask.points - 1, base
    for step in range(1, steps + 1):
        share = step / steps
        if low.plan is None:
            yield Point(share, {}, None, {}, low.why)
            continue
        caps = {year: cap_t(base, low.plan, year, share) for year in curve.years}
        posed = capped(curve.instance, caps)
        label = Text(f"point {step + 1} of {steps + 1}", f"第 {step + 1} 点，共 {steps + 1} 点")
        found = find(posed, label, last)
        if found is not None:
            last = found.plan or last
            yield point(share, caps, posed, found)


def point(share: float, caps: Caps, posed: Instance, found: Found) -> Point:
    """Return a point from what was found of it."""
    if found.plan is None:
        return Point(share, caps, None, {}, found.why)
    plan = found.plan
    return Point(share, caps, outcome_of(posed, plan), plan.co2e_wtw_kg, file=found.file)


def cap_t(base: Plan, low: Plan, year: int, share: float) -> float:
    """Return a cap in whole kilograms, as tonnes: so far from one plan's CO2e to the other's."""
    most, least = base.co2e_wtw_kg[year], low.co2e_wtw_kg[year]
    least = math.ceil(least * (1 + SPARE))
    return math.ceil(most - share * (most - least)) / KG_PER_T


def capped(instance: Instance, caps: Caps) -> Instance:
    """Return an instance under caps on all of its CO2e; tighter ones that it has stay."""
    limits = list(instance.limits)
    for year, tonnes in caps.items():
        cap = Limit(LimitKind.EMISSIONS_AT_MOST, year, None, tonnes)
        same = [x for x in limits if replace(x, value=tonnes) == cap]
        limits = [x for x in limits if x not in same]
        limits.append(replace(cap, value=min([tonnes, *(x.value for x in same)])))
    return replace(instance, limits=tuple(limits))


def finder(points: Points, watcher: Watcher, stop: threading.Event) -> Find:
    """Return what finds plans: those in the store, and the others by solving, which it keeps.

    It raises `InterruptedSolve` once the planner stops it, and `SolverError` or `ViolationError` as
    `answer` does.
    """
    look = looker(points)

    def find(instance: Instance, label: Text, start: Plan | None) -> Found | None:
        known = look(instance, label, start)
        if known is not None:
            return known
        if stop.is_set():
            raise InterruptedSolve(STOPPED)
        heard = Labelled(watcher, label)
        try:
            plan = answer(instance, points.question, watcher=heard, stop=stop, start=start).plan
        except (InfeasibleError, NoPlanError) as error:
            return Found(None, error.message)
        if plan.status is Status.INTERRUPTED:
            raise InterruptedSolve(STOPPED)
        points.keep(instance, plan)
        return Found(plan, file=points.name(instance))

    return find


def looker(points: Points) -> Find:
    """Return what finds the plans in the store alone."""

    def find(instance: Instance, _label: Text, _start: Plan | None) -> Found | None:
        known = points.plan(instance)
        return None if known is None else Found(known, file=points.name(instance))

    return find
