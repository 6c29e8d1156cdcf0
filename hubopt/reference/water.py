"""Sea and river links."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.reference.chosen import (
    BULK_WATERWAYS,
    COASTAL,
    FEEDER_PORTS,
    OCEAN_PORTS,
    PORTS_ABROAD,
    SAILINGS,
)
from hubopt.reference.facts import Leg
from hubopt.reference.links import Travel, written
from hubopt.reference.world import liner_lanes
from hubopt.vocabulary import Access, Mode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubopt.instance.tables import Link
    from hubopt.reference.facts import Facts
    from hubopt.reference.tariffs import Tariffs


def sea_leg(facts: Facts, a: str, b: str) -> Leg:
    """Return a sea leg; Taicang lies up the river from Shanghai."""
    if a != "CNTAC":
        return facts.sea[a, b]
    river = facts.assumed("barge_km", "CNTAC:CNSHA")
    return Leg(a, b, facts.sea["CNSHA", b].km + river, "from Shanghai, and the river mouth")


def seas(facts: Facts, tariffs: Tariffs) -> Iterator[Link]:
    """Yield space on liner ships at market rates, chartered sailings and coastal shipping."""
    for port in OCEAN_PORTS:
        wait_h = facts.assumed("sea", "feeder_wait_h") if port in FEEDER_PORTS else 0.0
        for end in PORTS_ABROAD:
            if (port, end) in SAILINGS:
                continue
            leg = sea_leg(facts, port, end)
            for way, ends in (("out", (port, end)), ("back", (end, port))):
                cost = tariffs.at_sea_cny_per_t(end, way)
                yield sea_link(facts, tariffs, ends, leg, cost, both_ways=False, wait_h=wait_h)
    for a, b in COASTAL:
        leg = sea_leg(facts, a, b)
        cost = leg.km * facts.assumed("sea", "domestic_price")
        yield sea_link(facts, tariffs, (a, b), leg, cost, both_ways=True)
    for a, b in SAILINGS:
        leg = sea_leg(facts, a, b)
        yield sea_link(facts, tariffs, (a, b), leg, 0.0, both_ways=True, access=Access.SCHEDULED)


def sea_link(
    facts: Facts,
    tariffs: Tariffs,
    ends: tuple[str, str],
    leg: Leg,
    cost: float,
    *,
    both_ways: bool,
    access: Access = Access.OPEN,
    wait_h: float = 0.0,
) -> Link:
    """Return one sea link."""
    return written(
        tariffs,
        ends,
        Mode.SEA,
        leg,
        Travel(cost, leg.km / facts.assumed("sea", "speed") + wait_h),
        both_ways=both_ways,
        access=access,
    )


def river_leg(facts: Facts, a: str, b: str) -> Leg:
    """Return a waterway leg; the container terminal shares the lengths of Fanying."""
    known = facts.waterways.get((a.replace("ZKP_X", "ZKP_F"), b))
    if known is not None:
        return known
    return Leg(a, b, facts.assumed("barge_km", f"{a}:{b}"), "recalled, not verified")


def rivers(facts: Facts, tariffs: Tariffs) -> Iterator[Link]:
    """Yield waterways open to bulk barges, and those of liner barges."""
    price = facts.parameter("barge", "line-haul")
    speed = facts.parameter("barge", "speed incl. locks")
    lanes = [(pair, Access.OPEN) for pair in BULK_WATERWAYS]
    lanes += [(pair, Access.SCHEDULED) for pair in liner_lanes(facts)]
    for (a, b), access in lanes:
        leg = river_leg(facts, a, b)
        yield written(
            tariffs,
            (a, b),
            Mode.BARGE,
            leg,
            Travel(leg.km * price if access is Access.OPEN else 0.0, leg.km / speed),
            access=access,
        )
