"""A location problem of a public file as an ordinary instance: one stage of one year, no discount.

From one place, which stands for the supply, goods go at no cost to a facility's place, are handled
there and go on to a customer's place at a cost per tonne. Every facility is a candidate site with
one module. All places lie at one point, so that distances, times and emissions are zero.

Leaving goods behind has a price, as in every instance. A bound with it is a bound without it, and a
plan that leaves nothing behind is a plan of the file: so what is proved of such a plan is proved of
the file, whatever the price. It is chosen so high that it never pays to leave goods behind.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum
from typing import TYPE_CHECKING

from hubopt.instance.folder_name import plain_from
from hubopt.instance.public.scales import Scales, Sizes, scales_of
from hubopt.instance.tables import (
    Capacity,
    Demand,
    Handling,
    Instance,
    Limit,
    Link,
    Module,
    Place,
    Product,
    Settings,
    Site,
    Stage,
)
from hubopt.text import Text
from hubopt.vocabulary import (
    Access,
    Datum,
    Function,
    LimitKind,
    Mode,
    PlaceKind,
    SiteStatus,
    Temperature,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

YEAR, HOME, SUPPLY, MODULE = 2025, "ZZ", "SUPPLY", "one"
GRID = 0.5
"""Emission factor of electricity; nothing uses any."""

GOODS, WEIGHTLESS = "GOODS", "WEIGHTLESS"
COUNTED, UNCOUNTED = Function.CONSOLIDATION, Function.CROSS_DOCK
"""What goods need of a facility: what its capacity counts, or what it does not."""

OUT_OF_SCALE = Text(
    "its numbers differ by so much that no scale fits them all", "数值相差过大，无法用同一比例表示"
)
TOO_LITTLE_ROOM = Text(
    "all capacities together are below all demand, so that no plan serves everybody",
    "全部能力之和小于全部需求，没有方案能服务所有客户",
)


@dataclass(frozen=True, slots=True)
class Location:
    """A location problem in the units of its file.

    `cost` has a row for each customer and a column for each facility: what serving all of the
    customer's demand from there costs. A capacity `None` means no limit. At most `most` facilities
    may open, any number if `None`.
    """

    name: str
    title: Text
    fixed: tuple[float, ...]
    capacity: tuple[float | None, ...]
    demand: tuple[float, ...]
    cost: tuple[tuple[float, ...], ...]
    single_source: bool = False
    most: int | None = None

    @property
    def unserved(self) -> float:
        """Return the price of leaving a unit of demand behind, for which it never pays to.

        A demand that may be split and comes in whole units finds room for each unit left behind,
        at worst by opening one more facility. One that may not be split may need all assignments
        to change, at most by the cost of everything.
        """
        dearest = max(self.prices)
        if not self.single_source:
            return 2 * (max(self.fixed) / self.least + dearest) + 1
        everything = sum(self.fixed) + sum(max(row) for row in self.cost)
        return everything / self.least + dearest + 1

    @property
    def least(self) -> float:
        """Return the smallest part of demand that could sensibly be left behind, at most 1."""
        return min([1.0, *(units for units in self.demand if units)])

    @property
    def prices(self) -> list[float]:
        """Return the least cost above 0 and the most of serving one unit of each customer."""
        ends = [
            (min([cost for cost in row if cost > 0], default=0.0), max(row), units or 1.0)
            for units, row in zip(self.demand, self.cost, strict=True)
        ]
        return [cost / units for least, most, units in ends for cost in (least, most)]

    @property
    def lacks_room(self) -> bool:
        """Tell whether demand is above all capacity together."""
        most = [units for units in self.capacity if units is not None]
        return len(most) == len(self.capacity) and fsum(self.demand) > fsum(most)

    def scales(self) -> Scales | None:
        """Return tonnes and CNY for the units of the file, None if no scale fits its numbers."""
        weights = [units or 1.0 for units in self.demand]
        sizes = Sizes(weights, self.capacity, self.fixed, self.prices, self.unserved)
        return scales_of(sizes)


def location_instance(location: Location, scales: Scales) -> Instance:
    """Return the checked instance of a location problem."""
    return Instance(
        settings=settings(location),
        places=tuple(places(location)),
        sites=tuple(sites(location)),
        handling=tuple(Handling(site, does, 0.0, 0.0, 0.0) for site, does in functions(location)),
        modules=tuple(
            Module(facility(i), MODULE, 0.0, cost * scales.cny_per_unit, 1, 0, 1)
            for i, cost in enumerate(location.fixed, start=1)
        ),
        capacities=tuple(capacities(location, scales)),
        links=tuple(links(location, scales)),
        services=(), transfers=(), customs=(),
        products=tuple(products(location, scales)),
        demand=tuple(demand(location, scales)),
        limits=tuple(limits(location)),
    )  # fmt: skip


def settings(location: Location) -> Settings:
    """Return settings by which a year's cost is the objective, and no route is left out."""
    return Settings(
        plain_from(location.name, "case"),
        location.title.en,
        location.title.zh,
        YEAR,
        (Stage(YEAR, 1),),
        discount_rate=0.0,
        carbon_price_cny_per_t=0.0,
        grid_kg_co2e_per_kwh=GRID,
        home_country=HOME,
        routes_per_shipment=len(location.fixed),
        gap=0.0,
    )


def facility(number: int) -> str:
    """Return the id of a facility, numbered from 1: of its place and of its site."""
    return f"F{number}"


def customer(number: int) -> str:
    """Return the id of a customer, numbered from 1: of its place and of its shipment."""
    return f"C{number}"


def at_one_point(ident: str, en: str, zh: str) -> Place:
    """Return a place; all of them share one point."""
    return Place(ident, en, zh, PlaceKind.CITY, HOME, 1.0, 1.0, Datum.WGS84, "")


def places(location: Location) -> Iterator[Place]:
    """Yield the supply, the facilities and the customers."""
    yield at_one_point(SUPPLY, "supply", "供应")
    for i in range(1, len(location.fixed) + 1):
        yield at_one_point(facility(i), f"facility {i}", f"设施 {i}")
    for j in range(1, len(location.demand) + 1):
        yield at_one_point(customer(j), f"customer {j}", f"客户 {j}")


def sites(location: Location) -> Iterator[Site]:
    """Yield a candidate for each facility."""
    for i in range(1, len(location.fixed) + 1):
        ident = facility(i)
        yield Site(ident, f"facility {i}", f"设施 {i}", ident, SiteStatus.CANDIDATE, YEAR)


def uses(location: Location) -> tuple[Function, ...]:
    """Return what customers need of a facility: those without demand what takes no capacity."""
    needed = dict.fromkeys(COUNTED if units else UNCOUNTED for units in location.demand)
    return tuple(sorted(needed))


def functions(location: Location) -> Iterator[tuple[str, Function]]:
    """Yield each facility with each thing that it does."""
    for i in range(1, len(location.fixed) + 1):
        for does in uses(location):
            yield facility(i), does


def capacities(location: Location, scales: Scales) -> Iterator[Capacity]:
    """Yield the capacity of each facility in tonnes."""
    for site, does in functions(location):
        units = location.capacity[int(site[1:]) - 1] if does is COUNTED else None
        tonnes = None if units is None else units * scales.t_per_unit
        yield Capacity(site, MODULE, does, tonnes)


def road(start: str, end: str, cost_cny_per_t: float) -> Link:
    """Return a one-way road of no length."""
    return Link(
        start, end, Mode.ROAD_DIESEL, both_ways=False, access=Access.OPEN, distance_km=0.0,
        distance_source="", cost_cny_per_t=cost_cny_per_t, time_h=0.0, capacity_t_per_year=None,
        wtw_g_per_tkm=1.0, ttw_g_per_tkm=0.0, emission_source="",
    )  # fmt: skip


def links(location: Location, scales: Scales) -> Iterator[Link]:
    """Yield the roads to the facilities and from each of them to each customer."""
    for i in range(1, len(location.fixed) + 1):
        yield road(SUPPLY, facility(i), 0.0)
    for j, (units, row) in enumerate(zip(location.demand, location.cost, strict=True), start=1):
        for i, cost in enumerate(row, start=1):
            yield road(facility(i), customer(j), cost * scales.cny_per_t / (units or 1.0))


def products(location: Location, scales: Scales) -> Iterator[Product]:
    """Yield the goods, and those that take no capacity if anybody needs them."""
    names = {COUNTED: (GOODS, "goods", "货物"), UNCOUNTED: (WEIGHTLESS, "weightless", "不占能力")}
    for does in uses(location):
        yield Product(
            *names[does], 0.0, 0.0, Temperature.AMBIENT, 0.0, (does,),
            frozenset({Mode.ROAD_DIESEL}), 1.0, 1.0, location.unserved * scales.cny_per_t,
        )  # fmt: skip


def demand(location: Location, scales: Scales) -> Iterator[Demand]:
    """Yield a shipment for each customer."""
    for j, units in enumerate(location.demand, start=1):
        yield Demand(
            customer(j), SUPPLY, customer(j), GOODS if units else WEIGHTLESS, YEAR,
            (units or 1.0) * scales.t_per_unit, None, single_source=location.single_source,
        )  # fmt: skip


def limits(location: Location) -> Iterator[Limit]:
    """Yield the limit on the number of facilities if there is one."""
    if location.most is not None:
        yield Limit(LimitKind.SITES_AT_MOST, YEAR, None, float(location.most))
