"""Links, changes of mode, customs and departures of an invented instance."""

from __future__ import annotations

from heapq import nsmallest
from itertools import pairwise
from typing import TYPE_CHECKING

from hubopt.instance.invented.goods import AIR, KINDS, RAIL, ROAD, SEA, YEAR
from hubopt.instance.invented.ground import REGIONS, apart_km
from hubopt.instance.rows import Customs, Link, Service, Transfer
from hubopt.vocabulary import Access, Cargo

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hubopt.instance.invented.ground import Ground, Point, Region
    from hubopt.instance.rows import Demand
    from hubopt.vocabulary import Mode

SOURCE = "invented"
NEIGHBOURS = 3
"""Roads from each city to so many others at least, and one that joins it to those before it."""

DETOUR = {ROAD: 1.3, RAIL: 1.2}
CNY_PER_TKM = {ROAD: 0.45, RAIL: 0.16, AIR: 0.02, SEA: 0.004}
KM_PER_H = {ROAD: 60.0, RAIL: 35.0, AIR: 700.0, SEA: 25.0}
WTW_G_PER_TKM = {ROAD: 70.0, RAIL: 10.0, AIR: 790.0, SEA: 12.0}
TTW_G_PER_TKM = {ROAD: 56.0, RAIL: 0.0, AIR: 630.0, SEA: 10.0}
TRAIN_KM_PER_H = 28.0
"""Of trains abroad, borders included."""

WEEKS = 50
LEAST_LINE_T = 50_000
"""A railway at home carries so much a year, or a twentieth of all demand."""

PAYLOAD_T = {RAIL: 900.0, AIR: 100.0, SEA: 1_000.0}
CNY_PER_DEPARTURE_KM = {RAIL: 180.0, AIR: 300.0, SEA: 50.0}
WAIT_H = {RAIL: 48.0, AIR: 10.0, SEA: 72.0}
FLEET = {RAIL: "block_train", AIR: "freighter", SEA: "slot_block"}
NAME = {RAIL: ("Train", "班列"), AIR: ("Flight", "航班"), SEA: ("Sailing", "航次")}


def link(
    start: str, end: str, mode: Mode, km: float, *, access: Access = Access.OPEN,
    room_t: float | None = None, speed: float | None = None,
) -> Link:  # fmt: skip
    """Return a two-way link of so many kilometres; `room_t` in tonnes a year."""
    return Link(
        start, end, mode, both_ways=True, access=access, distance_km=km, distance_source=SOURCE,
        cost_cny_per_t=round(km * CNY_PER_TKM[mode], 2),
        time_h=round(km / (speed or KM_PER_H[mode]) + 0.2, 2), capacity_t_per_year=room_t,
        wtw_g_per_tkm=WTW_G_PER_TKM[mode], ttw_g_per_tkm=TTW_G_PER_TKM[mode],
        emission_source=SOURCE,
    )  # fmt: skip


def between(a: Point, b: Point, mode: Mode, room_t: float | None = None) -> Link:
    """Return a link between two places at home."""
    return link(a.id, b.id, mode, round(apart_km(a, b) * DETOUR[mode] + 1.0, 1), room_t=room_t)


def links_of(ground: Ground, demand: Sequence[Demand]) -> Iterator[Link]:
    """Yield roads and railways at home, then what leads abroad."""
    home_t = sum(int(one.demand_t_per_year) for one in demand)
    yield from roads(ground)
    for line in railways(ground):
        yield between(*line, RAIL, float(max(LEAST_LINE_T, home_t // 20)))
    scheduled = Access.SCHEDULED
    for region in REGIONS:
        yield link(f"{region.id}_AIR", region.id, ROAD, 40.0)
        yield link(f"{region.id}_SEA", region.id, ROAD, 80.0)
        for airport in ground.airports:
            yield link(airport.id, f"{region.id}_AIR", AIR, region.air_km, access=scheduled)
        yield link(ground.port.id, f"{region.id}_SEA", SEA, region.sea_km, access=scheduled)
        if region.rail_km is not None:
            yield link(f"{region.id}_RAIL", region.id, ROAD, 120.0)
            first = ground.terminals[0].id
            yield link(first, f"{region.id}_RAIL", RAIL, region.rail_km, access=scheduled,
                       speed=TRAIN_KM_PER_H)  # fmt: skip


def roads(ground: Ground) -> Iterator[Link]:
    """Yield roads: each city with its nearest, with one before it, and gateways with theirs."""
    cities = ground.cities
    pairs: dict[tuple[int, int], None] = {}
    for here, city in enumerate(cities):
        near = nsmallest(NEIGHBOURS, others(cities, here), key=lambda pair: pair[0])
        before = min(others(cities[:here], here, city), default=None)
        for _, there in (*near, *([before] if before else [])):
            pairs[min(here, there), max(here, there)] = None
    for here, there in pairs:
        yield between(cities[here], cities[there], ROAD)
    for gateway in (*ground.terminals, *ground.airports, ground.port):
        nearest = min(cities, key=lambda city: (apart_km(city, gateway), city.id))
        yield between(nearest, gateway, ROAD)


def others(
    cities: Sequence[Point], here: int, city: Point | None = None
) -> Iterator[tuple[float, int]]:
    """Yield how far each other city is, with its place in the row; the nearer, then the first."""
    own = cities[here] if city is None else city
    for there, other in enumerate(cities):
        if there != here:
            yield apart_km(own, other), there


def railways(ground: Ground) -> Iterator[tuple[Point, Point]]:
    """Yield the lines at home: terminals from west to east, and from the first to the port."""
    row = sorted(ground.terminals, key=lambda one: (one.x, one.y, one.id))
    yield from pairwise(row)
    yield ground.terminals[0], ground.port


def transfers_of(ground: Ground, demand: Sequence[Demand]) -> Iterator[Transfer]:
    """Yield the changes of mode; terminals at home have room for a tenth of all tonnes."""
    room_t = float(max(LEAST_LINE_T, sum(int(one.demand_t_per_year) for one in demand) // 10))
    for one in ground.terminals:
        yield transfer(one.id, ROAD, RAIL, 18.0, 12.0, room_t)
    for one in ground.airports:
        yield transfer(one.id, ROAD, AIR, 900.0, 12.0, None)
    yield transfer(ground.port.id, ROAD, SEA, 60.0, 48.0, None)
    yield transfer(ground.port.id, RAIL, SEA, 60.0, 48.0, room_t)
    for region in REGIONS:
        yield transfer(f"{region.id}_AIR", ROAD, AIR, 900.0, 24.0, None)
        yield transfer(f"{region.id}_SEA", ROAD, SEA, 80.0, 72.0, None)
        if region.rail_km is not None:
            yield transfer(f"{region.id}_RAIL", ROAD, RAIL, 60.0, 24.0, None)


def transfer(
    place: str, before: Mode, after: Mode, cost: float, hours: float, room_t: float | None
) -> Transfer:
    """Return a change of mode in both directions."""
    return Transfer(
        place, before, after, both_ways=True, cost_cny_per_t=cost, time_h=hours,
        capacity_t_per_year=room_t, wtw_kg_per_t=1.0, ttw_kg_per_t=0.5, site=None,
    )  # fmt: skip


def customs_of(ground: Ground) -> Iterator[Customs]:
    """Yield clearance wherever something leaves the country."""
    yield Customs(ground.terminals[0].id, RAIL, 25.0, 8.0)
    yield Customs(ground.port.id, SEA, 25.0, 24.0)
    for one in ground.airports:
        yield Customs(one.id, AIR, 250.0, 4.0)


def services_of(ground: Ground, demand: Sequence[Demand]) -> Iterator[Service]:
    """Yield departures abroad and back; enough of them could run to carry all trade each way."""
    trade = {kind.product.id for kind in KINDS if kind.trade}
    tonnes = {region.id: 0 for region in REGIONS}
    for one in demand:
        if one.product in trade:
            tonnes[one.origin if one.origin in tonnes else one.destination] += int(
                one.demand_t_per_year
            )
    for region in REGIONS:
        for airport in ground.airports:
            yield from there_and_back(airport.id, region, AIR, region.air_km, tonnes[region.id])
        yield from there_and_back(ground.port.id, region, SEA, region.sea_km, tonnes[region.id])
        if region.rail_km is not None:
            first = ground.terminals[0].id
            yield from there_and_back(first, region, RAIL, region.rail_km, tonnes[region.id])


def there_and_back(
    home: str, region: Region, mode: Mode, km: float, tonnes: int
) -> Iterator[Service]:
    """Yield a service and the one back, on which their vehicles may also return empty."""
    far = f"{region.id}_{mode.value.upper()}"
    most = 1 + tonnes // int(PAYLOAD_T[mode] * WEEKS)
    if mode is not SEA:
        most = 1 + most // 2
    cost = round(km * CNY_PER_DEPARTURE_KM[mode])
    en, zh = NAME[mode]
    for suffix, path, words in (
        ("OUT", (home, far), (f"{en} {home} to {region.id}", f"{zh} {home} 至 {region.id}")),
        ("BACK", (far, home), (f"{en} {region.id} to {home}", f"{zh} {region.id} 至 {home}")),
    ):
        yield Service(
            f"{mode.value.upper()}_{home}_{region.id}_{suffix}", *words, mode, path, FLEET[mode],
            PAYLOAD_T[mode], float(cost), float(cost * 6 // 10), WAIT_H[mode], 0, most, WEEKS,
            YEAR, frozenset(Cargo),
        )  # fmt: skip
