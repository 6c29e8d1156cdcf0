"""Shipments of counties: every shipment of a city of the reference, split over its units.

The parts of a shipment sum to it, to the tonne, so that results by county add up to those by city.
"""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from hubopt.reference.counties import by_city, shares
from hubopt.reference.demand import apportion
from hubopt.reference.products import CLASSES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from hubopt.instance.tables import Demand
    from hubopt.reference.counties import County
    from hubopt.reference.demand import Pairs
    from hubopt.reference.facts import Facts

AT_SIDINGS = frozenset({"ORE_M", "COAL_D"})
"""Goods of works and mines with a siding, which stay at their city's station."""

AIRPORT = "CGO"

FARMED = frozenset({"AGRI_X", "GRAIN_D", "DOM_FRESH"})
"""Goods that leave from where they grow."""


class End(NamedTuple):
    """One end of a shipment: the places that it is split over, and whether it is split."""

    shares: Mapping[str, float]
    split: bool


def split_demand(facts: Facts, rows: Iterable[Demand]) -> Iterator[Demand]:
    """Yield the shipments of the reference with the units of each city in its place."""
    units = by_city(facts)
    near = {city: near_the_airport(facts, all_of) for city, all_of in units.items()}
    for row in rows:
        origin, destination = ends(facts, near if next_day(facts, row) else units, row)
        if not (origin.split or destination.split):
            yield row
            continue
        pairs = joined(facts, origin, destination)
        yield from parts(row, most_sizeable(facts, row, pairs))


def next_day(facts: Facts, row: Demand) -> bool:
    """Tell whether a shipment is of parcels that are promised for the next day."""
    promise = facts.assumed.optional("latest_h", f"{row.product}:air")
    return promise is not None and row.latest_h == promise


def near_the_airport(facts: Facts, units: list[County]) -> list[County]:
    """Return the units of a city that parcels of the next day get to; the nearest, if none."""
    km = {unit.id: facts.great_circle_km(unit.id, AIRPORT) for unit in units}
    most = max(facts.assumed("county", "next_day_km"), min(km.values()))
    return [unit for unit in units if km[unit.id] <= most]


def ends(facts: Facts, units: Mapping[str, list[County]], row: Demand) -> tuple[End, End]:
    """Return both ends of a shipment.

    Returned parcels end at the hub, and parcels inside the province start there: the hub is one
    place in Zhengzhou and is not split.
    """
    kind, product = CLASSES[row.product], row.product
    siding = product in AT_SIDINGS
    sorted_at_hub = kind.flow == "express" and {row.origin, row.destination} <= set(units)
    of_origin = "farm" if product in FARMED else kind.weight
    of_destination = "population" if kind.flow in {"consumer", "express"} else kind.weight
    return (
        end(facts, units, row.origin, of_origin, whole=siding or sorted_at_hub),
        end(facts, units, row.destination, of_destination, whole=siding or kind.flow == "returns"),
    )


def end(
    facts: Facts, units: Mapping[str, list[County]], place: str, figure: str, *, whole: bool
) -> End:
    """Return one end: the units of a city by their shares of a figure, or the place as it is."""
    if whole or place not in units:
        return End({place: 1.0}, split=False)
    return End(shares(facts, units[place], figure), split=True)


def joined(facts: Facts, origin: End, destination: End) -> Pairs:
    """Return the pairs of places by weight; where both are units, the nearer ones trade more.

    Each unit at the destination keeps its share and its strongest sources, as cities do.
    """
    if not (origin.split and destination.split):
        return {
            (a, b, ""): x * y
            for (a, x), (b, y) in itertools.product(
                origin.shares.items(), destination.shares.items()
            )
        }
    power = facts.assumed("demand", "distance_decay")
    least, most = facts.assumed("demand", "nearest_km"), int(facts.assumed("county", "sources"))
    pairs: Pairs = {}
    for b, y in destination.shares.items():
        pull = {
            a: x / max(facts.great_circle_km(a, b), least) ** power
            for a, x in origin.shares.items()
        }
        kept = sorted(pull, key=lambda a: (-round(pull[a], 12), a))[:most]
        whole = sum(pull[a] for a in kept)
        pairs |= {(a, b, ""): y * pull[a] / whole for a in kept}
    return pairs


def most_sizeable(facts: Facts, row: Demand, pairs: Pairs) -> Pairs:
    """Return the heaviest pairs, as many as leave each part some size worth planning for."""
    most = max(1, int(row.demand_t_per_year / facts.assumed("county", "least_t")))
    ranked = sorted(pairs.items(), key=lambda item: (-round(item[1], 12), item[0]))
    return dict(ranked[:most])


def parts(row: Demand, pairs: Pairs) -> Iterator[Demand]:
    """Yield the parts of a shipment in whole tonnes."""
    old = f"{row.product}_{row.origin}_{row.destination}"
    for (origin, destination, _), t in apportion(int(row.demand_t_per_year), pairs).items():
        if t:
            yield replace(
                row,
                id=f"{row.product}_{origin}_{destination}{row.id.removeprefix(old)}",
                origin=origin,
                destination=destination,
                demand_t_per_year=float(t),
            )
