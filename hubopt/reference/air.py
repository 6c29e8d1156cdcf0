"""Air links: freighters from Zhengzhou, space from other airports, domestic belly freight."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.reference.chosen import DOMESTIC_FLIGHTS, FLIGHTS, RIVAL_FLIGHTS
from hubopt.reference.facts import Leg
from hubopt.reference.links import Travel, written
from hubopt.reference.pools import rival_air_kt
from hubopt.vocabulary import Access, Mode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubopt.instance.tables import Link
    from hubopt.reference.facts import Facts
    from hubopt.reference.tariffs import Tariffs


def flight_leg(facts: Facts, a: str, b: str) -> Leg:
    """Return the leg flown between two airports."""
    known = facts.air.get((a, b))
    circle = facts.great_circle_km(a, b) if known is None else known.km
    circuity = facts.assumed("air", "circuity")
    return Leg(a, b, circle * circuity, f"great circle x {circuity:g}")


def block_h(facts: Facts, km: float) -> float:
    """Return the hours from gate to gate."""
    return km / facts.assumed("air", "speed") + facts.assumed("air", "taxi_h")


def airways(facts: Facts, tariffs: Tariffs) -> Iterator[Link]:
    """Yield all air links."""
    for end in FLIGHTS:
        leg = flight_leg(facts, "CGO", end)
        yield written(
            tariffs,
            ("CGO", end),
            Mode.AIR,
            leg,
            Travel(0.0, block_h(facts, leg.km)),
            access=Access.SCHEDULED,
        )
    for airport, ends in RIVAL_FLIGHTS.items():
        capacity = rival_air_kt(facts, airport) * 1000 / len(ends)
        for end in ends:
            yield rival(facts, tariffs, (airport, end), capacity)
    for airport in DOMESTIC_FLIGHTS:
        leg = flight_leg(facts, "CGO", airport)
        yield written(
            tariffs,
            ("CGO", airport),
            Mode.AIR,
            leg,
            Travel(leg.km * facts.assumed("air", "domestic_price"), block_h(facts, leg.km)),
            capacity=facts.assumed("air_domestic_kt", airport) * 1000,
        )


def rival(facts: Facts, tariffs: Tariffs, ends: tuple[str, str], capacity: float) -> Link:
    """Return space on another airport's flights: the same flight cost over the same load."""
    leg = flight_leg(facts, *ends)
    cost = tariffs.flight_cny(leg.km) / tariffs.flight_payload_t
    hours = block_h(facts, leg.km) + facts.assumed("air", "wait")
    return written(tariffs, ends, Mode.AIR, leg, Travel(cost, hours), capacity=round(capacity, -2))
