"""Rail links: stations of Henan and the hinterland, ports, borders and terminals abroad."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from hubopt.reference.chosen import (
    BLOCK_CITIES,
    BLOCK_PORTS,
    BULK_STATIONS,
    HUBS,
    NEW_YARDS,
    OPEN_RAIL,
    ORE_TRAINS,
    RIVAL_LANES,
    RIVAL_TRAINS,
    TERMINAL_CITIES,
)
from hubopt.reference.facts import Leg
from hubopt.reference.links import Travel, written
from hubopt.reference.pools import paths_to_europe, rival_train_kt
from hubopt.reference.world import train_lanes
from hubopt.vocabulary import Access, Mode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubopt.instance.tables import Link
    from hubopt.reference.facts import Facts
    from hubopt.reference.tariffs import Tariffs

BROAD = frozenset(
    {
        "DOSTYK", "ALTYNKOL", "ZAMYN_UUD", "ZABAIKALSK", "BREST", "MOSCOW_R", "ALMATY_R",
        "TASHKENT_R", "ULAANBAATAR_R", "NAUSHKI",
    }
)  # fmt: skip
"""Stations on the 1520 mm network."""

EUROPE = frozenset({"MALASZEWICZE", "HAMBURG_R", "LIEGE_R", "WARSAW_R", "BUDAPEST_R"})
ASEAN = frozenset({"DONG_DANG", "HANOI_R", "BOTEN", "VIENTIANE_R"})
CROSSINGS_1520 = frozenset(
    {("ALASHANKOU", "DOSTYK"), ("KHORGOS", "ALTYNKOL"), ("ERENHOT", "ZAMYN_UUD"),
     ("MANZHOULI", "ZABAIKALSK")}
)  # fmt: skip
PLAIN_CROSSINGS = frozenset({("PINGXIANG", "DONG_DANG"), ("MOHAN", "BOTEN")})
COUNTED = {("ALASHANKOU", "DOSTYK"): "trains through Alashankou"}
"""Crossings whose trains in normal times are published, with the name of the fact."""

DAYS_PER_YEAR = 365
CHANGE_AT_BREST = ("BREST", "MALASZEWICZE")


def rails(facts: Facts, tariffs: Tariffs) -> Iterator[Link]:
    """Yield all rail links."""
    yield from wagonload(facts, tariffs)
    yield from scheduled(facts, tariffs)
    yield from rivals(facts, tariffs)
    yield across_america(facts, tariffs)


def across_america(facts: Facts, tariffs: Tariffs) -> Link:
    """Return the railway from the Pacific port to the middle of North America."""
    ends = ("USLAX", "REG_NA_C")
    circuity = facts.assumed("rail", "us_circuity")
    leg = Leg(*ends, facts.great_circle_km(*ends) * circuity, f"great circle x {circuity:g}")
    price = tariffs.rail_bulk_cny_per_tkm * facts.assumed("rail", "us_price_ratio")
    return written(
        tariffs,
        ends,
        Mode.RAIL,
        leg,
        Travel(leg.km * price, leg.km / facts.assumed("rail", "speed_1520")),
        emissions=tariffs.rail_emissions("america"),
    )


def rail_leg(facts: Facts, a: str, b: str) -> Leg:
    """Return a rail leg; the yards of the land port share an access line from Putian."""
    if (a, b) in facts.rail:
        return facts.rail[a, b]
    yard, other = (a, b) if a in NEW_YARDS else (b, a)
    access = facts.rail["ZIP_E", "PUT"]
    if yard not in NEW_YARDS or other == "PUT":
        return Leg(a, b, access.km, "access line of the east yard")
    onward = facts.rail["PUT", other]
    return Leg(a, b, access.km + onward.km, f"access line and {onward.source}")


def wagonload(facts: Facts, tariffs: Tariffs) -> Iterator[Link]:
    """Yield the links on which wagons run at any time, at the national tariff."""
    ends = (*TERMINAL_CITIES, *BULK_STATIONS, *HUBS, *OPEN_RAIL)
    for leg in [facts.rail["PUT", end] for end in dict.fromkeys(ends)]:
        yield written(
            tariffs,
            (leg.from_place, leg.to_place),
            Mode.RAIL,
            leg,
            Travel(
                leg.km * tariffs.rail_bulk_cny_per_tkm,
                leg.km / facts.parameter("rail_domestic", "commercial speed"),
            ),
        )


def scheduled_pairs(facts: Facts) -> list[tuple[str, str]]:
    """Return the pairs of neighbouring stops of all trains that lack an open link."""
    paths = [
        *train_lanes(facts).values(),
        *BLOCK_PORTS,
        *(("PUT", city) for city in BLOCK_CITIES),
        *ORE_TRAINS,
    ]
    stations = (*TERMINAL_CITIES, *BULK_STATIONS, *HUBS, *OPEN_RAIL)
    seen = {frozenset(("PUT", station)) for station in stations}
    pairs = []
    for a, b in itertools.chain.from_iterable(itertools.pairwise(path) for path in paths):
        if frozenset((a, b)) not in seen:
            seen.add(frozenset((a, b)))
            pairs.append((a, b))
    return pairs


def scheduled(facts: Facts, tariffs: Tariffs) -> Iterator[Link]:
    """Yield the links of trains that run whole: their cost stands with the departure."""
    for a, b in scheduled_pairs(facts):
        leg = rail_leg(facts, a, b)
        one_way = facts.year is not None and (a, b) in COUNTED
        for ends in ((a, b), (b, a)) if one_way else ((a, b),):
            yield written(
                tariffs,
                ends,
                Mode.RAIL,
                leg,
                Travel(0.0, hours(facts, a, b, leg.km)),
                both_ways=not one_way,
                access=Access.SCHEDULED,
                capacity=border_capacity(facts, tariffs, (a, b)),
                emissions=tariffs.rail_emissions(section(a, b)),
            )


def section(a: str, b: str) -> str:
    """Return on whose railways two stops are joined: china, broad, europe or asean."""
    ends = {a, b}
    if ends & EUROPE:
        return "europe"
    if ends & ASEAN:
        return "asean"
    return "broad" if ends <= BROAD else "china"


def hours(facts: Facts, a: str, b: str, km: float) -> float:
    """Return the running time between two stops, with the stay at a border."""
    assumed = facts.assumed
    if (a, b) in CROSSINGS_1520:
        return assumed("rail", "border_cn_h")
    if (a, b) in PLAIN_CROSSINGS:
        return assumed("rail", "border_plain_h")
    if (a, b) == CHANGE_AT_BREST:
        return assumed("rail", "border_eu_h")
    if a in BROAD or a in ASEAN:
        return km / assumed("rail", "speed_1520")
    if a in EUROPE:
        return km / assumed("rail", "speed_eu")
    return km / assumed("rail", "speed_cn_express")


def border_capacity(facts: Facts, tariffs: Tariffs, crossing: tuple[str, str]) -> float | None:
    """Return the tonnes a year that trains from Henan may take over a crossing, if limited."""
    if crossing not in COUNTED:
        return None
    if facts.year is not None:
        return round(paths_to_europe(facts) / 2 * tariffs.train_payload_t, -3)
    trains = facts.parameter("cre", COUNTED[crossing]) * DAYS_PER_YEAR
    teu = trains * facts.parameter("cre", "observed boxes")
    return round(teu * tariffs.t_per_teu * facts.assumed("rail", "border_share"), -3)


def feu_cny(facts: Facts, tariffs: Tariffs, path: tuple[str, ...], way: str) -> float:
    """Return the price of a 40 ft container over a whole train path, by sections."""
    home, cny = 0.0, 0.0
    for a, b in itertools.pairwise(path):
        km = rail_leg(facts, a, b).km
        if a in EUROPE or b in EUROPE:
            cny += km * facts.assumed("rail", "eu_cny_per_feu_km")
        elif a in ASEAN or b in ASEAN:
            cny += km * facts.assumed("rail", "asean_cny_per_feu_km")
        elif a in BROAD or b in BROAD:
            cny += tariffs.feu_over_1520(km, way)
        else:
            home += km
    level = 1.0 if facts.year is None else facts.parameter("cre_level", way)
    return level * (cny + tariffs.feu_by_block_train(home))


def rivals(facts: Facts, tariffs: Tariffs) -> Iterator[Link]:
    """Yield slots on the trains of other gateways, sold at the market rate up to a capacity."""
    t_per_feu = tariffs.train_payload_t / tariffs.train_feu
    for start in RIVAL_TRAINS:
        for end, way_on in RIVAL_LANES.items():
            path = (start, *way_on)
            pairs = list(itertools.pairwise(path))
            km = sum(rail_leg(facts, a, b).km for a, b in pairs)
            time_h = sum(hours(facts, a, b, rail_leg(facts, a, b).km) for a, b in pairs)
            for way, ends in (("out", (start, end)), ("back", (end, start))):
                feu = feu_cny(facts, tariffs, path, way) * facts.rated("rail", "rival_markup")
                capacity = round(rival_train_kt(facts, end, way) * 1000, -2)
                yield written(
                    tariffs,
                    ends,
                    Mode.RAIL,
                    Leg(*ends, km, f"through {' and '.join(way_on[:2])}"),
                    Travel(feu / t_per_feu, time_h + facts.assumed("rail", "wait_cre")),
                    both_ways=False,
                    capacity=capacity,
                    emissions=through_emissions(facts, tariffs, path),
                )


def through_emissions(
    facts: Facts, tariffs: Tariffs, path: tuple[str, ...]
) -> tuple[float, float, str]:
    """Return the emissions of a whole path, each section weighed by its length."""
    wtw, ttw, whole = 0.0, 0.0, 0.0
    for a, b in itertools.pairwise(path):
        km = rail_leg(facts, a, b).km
        here = tariffs.rail_emissions(section(a, b))
        wtw, ttw, whole = wtw + km * here[0], ttw + km * here[1], whole + km
    return wtw / whole, ttw / whole, "sections weighed by length: China electric, others unverified"
