"""Freight that goes another way in a result than in the base: how much of it, from which to which.

A way is the steps of a route. Shipments of one product, origin, destination and stage count
together; where a result has more or less of them, the base counts as if it had as much.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import product as pairs_of
from typing import TYPE_CHECKING

from hubopt.units import KG_PER_T

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hubopt.network.steps import Step
    from hubopt.study.compare_facts import Facts

LEAST_SHARE = 0.01
"""Freight that goes another way is told from this share of its kind on."""

LEAST_KG = 500.0
"""And from so many kilograms a year on."""

Way = tuple["Step", ...]
"""The steps of a route; none for what stays behind."""

BEHIND: Way = ()


@dataclass(frozen=True, slots=True, order=True)
class Kind:
    """Freight of one product from one place to another in one stage."""

    stage: int
    product: str
    origin: str
    destination: str


@dataclass(frozen=True, slots=True)
class Shift:
    """Kilograms a year of one kind of freight that go another way in result `number`.

    `share` is that of all freight of the kind.
    """

    number: int
    kind: Kind
    kg: float
    share: float
    before: Way
    after: Way

    @property
    def tonnes(self) -> float:
        """Tonnes a year."""
        return self.kg / KG_PER_T


def shifts(base: Facts, other: Facts, number: int) -> tuple[Shift, ...]:
    """Return the freight that goes another way, the most first."""
    before, after = ways(base), ways(other)
    found = [
        Shift(number, kind, kg, kg / after[kind].total(), old, new)
        for kind in sorted(before.keys() & after.keys())
        for old, new, kg in moved(before[kind], after[kind])
    ]
    return tuple(sorted(found, key=lambda s: (-s.kg, s.kind, repr(s.before), repr(s.after))))


def ways(facts: Facts) -> Mapping[Kind, Counter[Way]]:
    """Return the kilograms a year of each kind of freight by way, what stays behind included."""
    found: defaultdict[Kind, Counter[Way]] = defaultdict(Counter)
    shipment = facts.instance.shipment
    routes = [(row.shipment, row.steps, row.kg_per_year) for row in facts.plan.flows]
    left = [(row.shipment, BEHIND, row.kg_per_year) for row in facts.plan.unserved]
    for name, steps, kg in (*routes, *left):
        row = shipment[name]
        if kg:
            found[Kind(row.stage, row.product, row.origin, row.destination)][steps] += kg
    return found


def moved(before: Mapping[Way, int], after: Mapping[Way, int]) -> Iterator[tuple[Way, Way, float]]:
    """Yield (way before, way after, kilograms a year) of freight that goes another way.

    Ways that lose freight are matched with those that gain it, the most alike first.
    """
    whole = sum(after.values())
    growth = whole / sum(before.values())
    change = {
        way: after.get(way, 0) - growth * before.get(way, 0)
        for way in dict.fromkeys((*before, *after))
    }
    less = {way: -kg for way, kg in change.items() if kg < 0}
    more = {way: kg for way, kg in change.items() if kg > 0}
    if sum(more.values()) < max(LEAST_KG, LEAST_SHARE * whole):
        return
    ranked = sorted(pairs_of(less, more), key=lambda pair: (unlike(*pair), repr(pair)))
    for old, new in ranked:
        kg = min(less[old], more[new])
        less[old] -= kg
        more[new] -= kg
        if kg >= LEAST_KG:
            yield old, new, kg


def unlike(one: Way, other: Way) -> float:
    """Return how much two ways differ: the steps of one alone, as a share of all."""
    steps, others = set(one), set(other)
    return 1 - len(steps & others) / len(steps | others)
