"""What a policy costs: a result under other limits than the base, the differences as its price."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

from hubopt.instance.schema import TABLES
from hubopt.plan.plan import ALL_ROUTES_BASIS
from hubopt.study.compare_facts import TOGETHER, Key, Topic
from hubopt.units import FEN_PER_CNY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubopt.instance.tables import Instance, Limit
    from hubopt.study.compare import Comparison

NO_INPUT = frozenset(
    {"name", "title_en", "title_zh", "routes_per_shipment", "gap", "time_s", "policies"}
)
"""Settings that a price may differ in: what is asked for, and how it is called and solved."""


@dataclass(frozen=True, slots=True)
class Part:
    """The price in one stage, a year, or of the whole plan: present value, and over all years.

    `hours` is what a tonne is longer on the way in the mean, `None` where nothing is carried;
    `within_gaps` says that the price is smaller than the gaps of the two solves together.
    """

    stage: int
    cost_cny: float
    cost_share: float | None
    hours: float | None
    co2e_t: float
    unserved_t: float
    within_gaps: bool


@dataclass(frozen=True, slots=True)
class Price:
    """What a result costs more than the base under other limits, and how far that is proved.

    `proved_cny` is between which two amounts the price lies if both were solved to the end, over
    all routes or (not `over_all`) those that were listed; `elsewhere` names tables and settings
    that differ besides, so that the price is not that of the limits alone.
    """

    number: int
    switched_on: tuple[str, ...]
    switched_off: tuple[str, ...]
    added: tuple[Limit, ...]
    lifted: tuple[Limit, ...]
    parts: tuple[Part, ...]
    proved_cny: tuple[float, float] | None
    elsewhere: tuple[str, ...]
    over_all: bool = False


def prices(comparison: Comparison) -> Iterator[Price]:
    """Yield the price of each result whose policies or limits in force are not those of the base.

    The whole plan is the first part.
    """
    base = comparison.base.instance
    for number, result in enumerate(comparison.results[1:], start=1):
        other = result.instance
        before, after = in_force(base), in_force(other)
        policies = base.settings.policies, other.settings.policies
        if before == after and policies[0] == policies[1]:
            continue
        yield Price(
            number=number,
            switched_on=tuple(sorted(policies[1] - policies[0])),
            switched_off=tuple(sorted(policies[0] - policies[1])),
            added=tuple((after - before).elements()),
            lifted=tuple((before - after).elements()),
            parts=tuple(part(comparison, number, stage) for stage in comparison.weights),
            proved_cny=proved(comparison, number),
            elsewhere=tuple(differing(base, other)),
            over_all=all(
                facts.plan.gap_basis == ALL_ROUTES_BASIS for facts in (comparison.base, result)
            ),
        )


def in_force(instance: Instance) -> Counter[Limit]:
    """Return the limits in force, whether a policy switched them on or not."""
    return Counter(replace(limit, policy=None) for limit in instance.limits_in_force)


def part(comparison: Comparison, number: int, stage: int) -> Part:
    """Return the price in one stage, or of the whole plan."""
    cost = comparison.cost(stage)
    base = cost.values[0]
    return Part(
        stage=stage,
        cost_cny=change(comparison, number, Topic.COST, stage) or 0.0,
        cost_share=(cost.change(number) or 0.0) / base if base else None,
        hours=change(comparison, number, Topic.HOURS, stage),
        co2e_t=change(comparison, number, Topic.CO2E, stage) or 0.0,
        unserved_t=change(comparison, number, Topic.UNSERVED, stage) or 0.0,
        within_gaps=comparison.within_gaps(cost, number),
    )


def change(comparison: Comparison, number: int, topic: Topic, stage: int) -> float | None:
    """Return how a figure over all items differs from the base."""
    line = comparison.line.get(Key(topic, stage, TOGETHER))
    return None if line is None else line.change(number)


def proved(comparison: Comparison, number: int) -> tuple[float, float] | None:
    """Return the least and the most that the best plans can differ by, CNY of present value.

    Each of them costs from its bound to what the plan costs.
    """
    base, other = comparison.base.outcome, comparison.results[number].outcome
    if base.bound_fen is None or other.bound_fen is None:
        return None
    least, most = other.bound_fen - base.cost_fen, other.cost_fen - base.bound_fen
    return least / FEN_PER_CNY, most / FEN_PER_CNY


def differing(base: Instance, other: Instance) -> Iterator[str]:
    """Yield the tables and settings, limits and policies apart, in which two instances differ."""
    for name in TABLES:
        if name != "limits" and getattr(base, name) != getattr(other, name):
            yield name
    for setting in fields(base.settings):
        name = setting.name
        if name not in NO_INPUT and getattr(base.settings, name) != getattr(other.settings, name):
            yield name
