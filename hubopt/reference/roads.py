"""Road links: a sparse network at home, and short legs from the doors of regions abroad."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

from hubopt.reference.chosen import DOORS, EXTRA_ROADS, GREEN_CITIES, HOME
from hubopt.reference.facts import Leg
from hubopt.reference.links import Travel, written
from hubopt.vocabulary import Mode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hubopt.instance.tables import Link
    from hubopt.reference.facts import Facts
    from hubopt.reference.tariffs import Tariffs


def roads(facts: Facts, tariffs: Tariffs) -> Iterator[Link]:
    """Yield all road links, diesel and battery."""
    for leg in spanner(home_legs(facts), facts.assumed("road", "stretch")):
        yield diesel(tariffs, leg)
        if electric(facts, leg):
            yield battery(facts, tariffs, leg)
    for region, doors in DOORS.items():
        for door in doors:
            yield door_leg(facts, tariffs, region, door)


def door_leg(facts: Facts, tariffs: Tariffs, region: str, door: str) -> Link:
    """Return the truck between a region's point and a gateway.

    A region is consumed near its gateways, so that cost, time and CO2e are those of a shorter way
    where the point lies far away; the distance stays, and no truck is faster than trucks are. A
    gateway that two regions share is charged the whole way, else it would join them cheaply.
    """
    assumed = facts.assumed
    circuity, least = assumed("road", "abroad_circuity"), assumed("road", "door_least_km")
    most = assumed("road", "door_longest_km")
    km = max(facts.great_circle_km(region, door) * circuity, least)
    shared = sum(door in doors for doors in DOORS.values()) > 1
    charged = km if shared else min(km, most)
    said = f"great circle x {circuity:g}, at least {least:g} km"
    if charged < km:
        said += f"; charged as {most:g} km, near the gateway"
    hours = max(charged / tariffs.road_kmh, km / assumed("road", "door_fastest_kmh"))
    wtw, ttw, source = tariffs.emissions(Mode.ROAD_DIESEL)
    return written(
        tariffs,
        (region, door),
        Mode.ROAD_DIESEL,
        Leg(region, door, km, said),
        Travel(charged * assumed("road", "price_abroad"), hours),
        emissions=(wtw * charged / km, ttw * charged / km, source),
    )


def home_legs(facts: Facts) -> list[Leg]:
    """Return the measured legs between places at home, and the few that are estimated."""
    home = set(HOME)
    measured = {leg for leg in facts.road.values() if {leg.from_place, leg.to_place} <= home}
    circuity = facts.assumed("road", "home_circuity")
    extra = [
        Leg(a, b, facts.great_circle_km(a, b) * circuity, f"great circle x {circuity:g}")
        for a, b in EXTRA_ROADS
        if (a, b) not in facts.road
    ]
    return [*measured, *extra]


def spanner(legs: Iterable[Leg], stretch: float, given: Iterable[Leg] = ()) -> list[Leg]:
    """Return few legs whose paths are at most `stretch` times as long as any direct leg.

    Legs that are `given` are there already, and are not returned.

    The greedy spanner of Althöfer et al. (1993): shortest legs first, each kept only if the legs
    kept before it do not already connect its ends nearly as shortly.
    """
    kept: list[Leg] = []
    near: dict[str, list[tuple[str, float]]] = {}
    for leg in given:
        join(near, leg)
    for leg in sorted(legs, key=lambda leg: (leg.km, leg.from_place, leg.to_place)):
        a, b = leg.from_place, leg.to_place
        if reach(near, a, b, leg.km * stretch):
            continue
        kept.append(leg)
        join(near, leg)
    return kept


def join(near: dict[str, list[tuple[str, float]]], leg: Leg) -> None:
    """Add a leg to the neighbours of its ends."""
    near.setdefault(leg.from_place, []).append((leg.to_place, leg.km))
    near.setdefault(leg.to_place, []).append((leg.from_place, leg.km))


def reach(near: dict[str, list[tuple[str, float]]], a: str, b: str, most_km: float) -> bool:
    """Tell whether `b` can be reached from `a` within `most_km`."""
    heap, settled = [(0.0, a)], set()
    while heap:
        km, place = heapq.heappop(heap)
        if place == b:
            return True
        if place in settled:
            continue
        settled.add(place)
        for other, more in near.get(place, ()):
            if other not in settled and km + more <= most_km:
                heapq.heappush(heap, (km + more, other))
    return False


def diesel(tariffs: Tariffs, leg: Leg) -> Link:
    """Return a leg by diesel truck."""
    price = tariffs.road_cny_per_tkm
    return written(
        tariffs,
        (leg.from_place, leg.to_place),
        Mode.ROAD_DIESEL,
        leg,
        Travel(leg.km * price, leg.km / tariffs.road_kmh),
    )


def electric(facts: Facts, leg: Leg) -> bool:
    """Tell whether battery trucks run on a leg: chargers at both ends, within range."""
    charged = {leg.from_place, leg.to_place} <= set(GREEN_CITIES)
    return charged and leg.km <= facts.assumed("road", "battery_longest_link")


def battery(facts: Facts, tariffs: Tariffs, leg: Leg) -> Link:
    """Return a leg by battery truck."""
    return written(
        tariffs,
        (leg.from_place, leg.to_place),
        Mode.ROAD_BATTERY,
        leg,
        Travel(
            leg.km * tariffs.road_cny_per_tkm * tariffs.battery_ratio,
            leg.km / tariffs.road_kmh / facts.assumed("road", "battery_speed"),
        ),
        capacity=facts.assumed("road", "battery_capacity"),
    )
