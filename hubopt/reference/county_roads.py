"""Roads of the county instance: those of the reference, and short ones to the county seats."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from hubopt.reference.chosen import CHARGER_CITIES, GREEN_CITIES
from hubopt.reference.counties import DISTRICT
from hubopt.reference.facts import Leg
from hubopt.reference.features import electric
from hubopt.reference.places import HENAN_AREA
from hubopt.reference.roads import battery, diesel, spanner
from hubopt.vocabulary import Mode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hubopt.instance.tables import Link
    from hubopt.reference.facts import Facts
    from hubopt.reference.tariffs import Tariffs


def county_roads(facts: Facts, tariffs: Tariffs, links: Iterable[Link]) -> Iterator[Link]:
    """Yield the roads that the county seats need beside the reference's, diesel and battery."""
    charged = {*GREEN_CITIES, *delivered_green(facts, GREEN_CITIES)}
    longest = facts.assumed("road", "battery_longest_link")
    for leg in county_legs(facts, links):
        yield diesel(tariffs, leg)
        if {leg.from_place, leg.to_place} <= charged and leg.km <= longest:
            yield electric(facts, battery(facts, tariffs, leg))


def delivered_green(facts: Facts, cities: Iterable[str]) -> frozenset[str]:
    """Return the districts of cities: the green delivery programme is one of towns."""
    green = set(cities)
    return frozenset(
        unit.id for unit in facts.counties.values() if unit.type == DISTRICT and unit.city in green
    )


def zoned(facts: Facts) -> frozenset[str]:
    """Return the districts in the zone of green delivery."""
    return delivered_green(facts, CHARGER_CITIES)


def county_legs(facts: Facts, links: Iterable[Link]) -> list[Leg]:
    """Return the legs kept: those without which ways would be longer by more than the stretch."""
    given = [
        Leg(link.from_place, link.to_place, link.distance_km, link.distance_source)
        for link in links
        if link.mode is Mode.ROAD_DIESEL
    ]
    return spanner(candidate_legs(facts), facts.assumed("county", "stretch"), given)


def candidate_legs(facts: Facts) -> Iterator[Leg]:
    """Yield every unit to its city, and to all places of Henan that are near it."""
    names = sorted(unit.id for unit in facts.counties.values() if unit.id != unit.city)
    near = facts.assumed("county", "neighbour_km")
    pairs = [*itertools.combinations(names, 2), *itertools.product(names, sorted(HENAN_AREA))]
    for a, b in pairs:
        km = facts.great_circle_km(a, b)
        if km <= near or b == facts.counties[a].city:
            yield leg(facts, a, b, km)


def leg(facts: Facts, a: str, b: str, great_circle_km: float) -> Leg:
    """Return an estimated leg."""
    circuity, least = facts.assumed("county", "circuity"), facts.assumed("county", "least_km")
    said = f"great circle x {circuity:g}, at least {least:g} km"
    return Leg(a, b, max(great_circle_km * circuity, least), said)
