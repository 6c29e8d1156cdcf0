"""Sites of an invented instance: one of each kind stands in the first city, the others may open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubopt.instance.invented.draws import Draws
from hubopt.instance.invented.goods import BONDED, CENTRE, COLD, YEAR
from hubopt.instance.rows import Capacity, Handling, Module, Site
from hubopt.vocabulary import SiteStatus

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hubopt.instance.invented.ground import Ground, Point
    from hubopt.instance.invented.wanted import Wanted
    from hubopt.vocabulary import Function

STREAM = 2
ROUND_T = 100
LEAST_ROOM_T = 1_000
STANDS_SHARE = 5
"""What stands has room for a fifth of what its function is needed for."""

SIZES = (("small", 1, 1.0), ("medium", 2, 0.85), ("large", 4, 0.7))
"""Modules: name, times the capacity of the small one, and the cost of a tonne of capacity."""

LIFE_YEARS = 30


@dataclass(frozen=True, slots=True)
class Trade:
    """What sites of a function are called, and what a tonne costs to build for and to handle."""

    letters: str
    en: str
    zh: str
    build_cny_per_t: float
    handling_cny_per_t: float
    hours: float
    kwh_per_t: float


TRADES: Mapping[Function, Trade] = {
    CENTRE: Trade("DC", "Distribution centre", "分拨中心", 900.0, 28.0, 6.0, 5.0),
    BONDED: Trade("BD", "Bonded store", "保税仓", 3_000.0, 60.0, 12.0, 8.0),
    COLD: Trade("CS", "Cold store", "冷库", 2_500.0, 80.0, 6.0, 60.0),
}


@dataclass(frozen=True)
class Building:
    """A site with its function, the city that it is in, and the capacity of its smallest module."""

    site: Site
    function: Function
    unit_t: int
    dear: float

    @property
    def trade(self) -> Trade:
        """What sites of its function are called and cost."""
        return TRADES[self.function]


def buildings_of(
    wanted: Wanted, ground: Ground, tonnes: Mapping[Function, int]
) -> tuple[Building, ...]:
    """Return all sites; `tonnes` a year need each function.

    Of candidates' small modules it takes about as many as there are candidates, so that a third or
    so of them open.
    """
    draws = Draws(wanted.seed, STREAM)
    kinds = list(TRADES)
    order = {kind: [ground.cities[0], *draws.shuffled(ground.cities[1:])] for kind in kinds}
    found = []
    for number in range(wanted.sites):
        kind = kinds[number % len(kinds)]
        rank = number // len(kinds)
        count = max(1, -(-(wanted.sites - number % len(kinds)) // len(kinds)) - 1)
        unit = tonnes[kind] // STANDS_SHARE if rank == 0 else tonnes[kind] // count
        unit = unit * (100 if rank == 0 else draws.whole(80, 140)) // 100
        unit = max(LEAST_ROOM_T, unit // ROUND_T * ROUND_T)
        found.append(Building(site(kind, rank, order[kind][rank]), kind, unit,
                              draws.between(0.8, 1.3, 2)))  # fmt: skip
    return tuple(found)


def site(function: Function, rank: int, city: Point) -> Site:
    """Return the row of a site; the first of its kind stands."""
    trade = TRADES[function]
    status = SiteStatus.EXISTING if rank == 0 else SiteStatus.CANDIDATE
    return Site(
        f"{trade.letters}_{city.id}", f"{trade.en}, {city.name_en}", f"{city.name_zh}{trade.zh}",
        city.id, status, YEAR,
    )  # fmt: skip


def handling_of(building: Building) -> Handling:
    """Return what handling costs."""
    trade = building.trade
    cost = round(trade.handling_cny_per_t * building.dear, 1)
    return Handling(building.site.id, building.function, cost, trade.hours, trade.kwh_per_t)


def modules_of(building: Building) -> Iterator[tuple[Module, Capacity]]:
    """Yield the modules with their capacities: one that stands, or three that may be built."""
    ident = building.site.id
    if building.site.status is SiteStatus.EXISTING:
        yield (
            Module(ident, "hall", 0.0, float(building.unit_t * 20), LIFE_YEARS, 1, 1),
            Capacity(ident, "hall", building.function, float(building.unit_t)),
        )
        return
    for name, times, share in SIZES:
        room = building.unit_t * times
        build = round(room * building.trade.build_cny_per_t * building.dear * share)
        yield (
            Module(ident, name, float(build), float(build // 20), LIFE_YEARS, 0, 1),
            Capacity(ident, name, building.function, float(room)),
        )
