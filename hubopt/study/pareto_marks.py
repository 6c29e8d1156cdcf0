"""What the points of a curve are to each other: which improve, and what a tonne less costs.

A tonne of CO2e is what the capped stages emit, discounted as money is, so that its cost is the
carbon price at which the step to the next point pays. What carbon costs already is left out of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from hubopt.study.why_costs import weights
from hubopt.units import FEN_PER_CNY, KG_PER_T
from hubopt.vocabulary import CostTerm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubopt.study.outcome import Outcome
    from hubopt.study.pareto import Curve, Point


class Mark(StrEnum):
    """What a point is on the curve."""

    IMPROVES = "on_curve"
    DOMINATED = "dominated"
    REPEATS = "no_improvement"
    NO_PLAN = "no_plan"


@dataclass(frozen=True, slots=True)
class Marked:
    """A point with its mark, CO2e in tonnes a year, and the step to it from the last that improves.

    `abatement` is CNY per tonne of the step, `None` at the first point and for those that do not
    improve; `unsure` says that the gaps of both ends are larger than what the step costs.
    """

    point: Point
    mark: Mark
    co2e_t: float | None
    abatement: float | None = None
    unsure: bool = False


def co2e_t(curve: Curve, point: Point) -> float:
    """Return what the capped stages of a point emit a year, the mean over their years."""
    years = {s.year: s.years for s in curve.instance.settings.stages if s.year in curve.years}
    kg = sum(count * point.co2e_kg[year] for year, count in years.items())
    return kg / KG_PER_T / sum(years.values())


def marked(curve: Curve) -> tuple[Marked, ...]:
    """Return all points with what they are to each other."""
    found: list[Marked] = []
    last: Point | None = None
    for here, point in enumerate(curve.points):
        if point.outcome is None:
            found.append(Marked(point, Mark.NO_PLAN, None))
            continue
        mark, emitted = mark_of(curve, here), co2e_t(curve, point)
        if mark is not Mark.IMPROVES:
            found.append(Marked(point, mark, emitted))
            continue
        price = None if last is None else abatement(curve, last, point)
        unsure = last is not None and within_gaps(last, point)
        found.append(Marked(point, mark, emitted, price, unsure))
        last = point
    return tuple(found)


def mark_of(curve: Curve, here: int) -> Mark:
    """Return what a point with a plan is among all others."""
    mine = figures(curve, curve.points[here])
    for number, other in enumerate(curve.points):
        if number == here or other.outcome is None:
            continue
        theirs = figures(curve, other)
        if theirs == mine and number < here:
            return Mark.REPEATS
        if theirs != mine and theirs[0] <= mine[0] and theirs[1] <= mine[1]:
            return Mark.DOMINATED
    return Mark.IMPROVES


def figures(curve: Curve, point: Point) -> tuple[int, float]:
    """Return cost in fen and CO2e in tonnes a year."""
    return outcome(point).cost_fen, co2e_t(curve, point)


def outcome(point: Point) -> Outcome:
    """Return the figures of a point that has a plan."""
    if point.outcome is None:
        raise AssertionError(point.share)
    return point.outcome


def abatement(curve: Curve, before: Point, after: Point) -> float | None:
    """Return what a tonne of CO2e less costs from one point to the next, CNY."""
    years = {year: float(w) for year, w in weights(curve.instance).items() if year in curve.years}
    less = sum(w * (before.co2e_kg[y] - after.co2e_kg[y]) for y, w in years.items()) / KG_PER_T
    return (without_carbon(after) - without_carbon(before)) / less if less > 0 else None


def without_carbon(point: Point) -> float:
    """Return what a plan costs but for carbon, CNY of present value."""
    found = outcome(point)
    return found.cost_fen / FEN_PER_CNY - (found.terms_cny or {}).get(CostTerm.CARBON.value, 0.0)


def within_gaps(before: Point, after: Point) -> bool:
    """Tell whether the gaps of two plans are larger than the difference of their costs."""
    gaps = [outcome(point).gap_fen for point in (before, after)]
    if None in gaps:
        return True
    return outcome(after).cost_fen - outcome(before).cost_fen <= sum(g for g in gaps if g)


def improving(points: tuple[Marked, ...]) -> Iterator[Marked]:
    """Yield the points that lie on the curve."""
    return (one for one in points if one.mark is Mark.IMPROVES)
