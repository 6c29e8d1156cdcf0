"""A p-hub median problem as an ordinary instance, with multiple allocation.

Cities send to cities; what one sends to another goes to a hub, perhaps on to a second one at a
discount, and to its destination. A city and the hub that may stand there are two places at one
point. Diesel trucks collect and deliver, between city and hub; battery trucks run between hubs at
the discounted price. Goods are handled twice, at the first hub and at the last, which may be the
same; only there they change trucks. Every move takes an hour and three hours are allowed, so that
no route passes three hubs or a second city: the distances need not keep the triangle inequality.
Formulation: Campbell, European Journal of Operational Research 72(2), 1994.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubopt.instance.public.location import GRID, HOME, MODULE, YEAR, at_one_point
from hubopt.instance.public.powers import exponent_near, nearest_that_fits
from hubopt.instance.public.scales import all_fit
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
from hubopt.units import CNY_PER_MCNY, KG_PER_T, exact
from hubopt.vocabulary import (
    Access,
    Function,
    LimitKind,
    Mode,
    SiteStatus,
    Temperature,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction

    from hubopt.text import Text

Matrix = tuple[tuple[float, ...], ...]

GOODS = "GOODS"
CHAIN = (Function.CONSOLIDATION, Function.CROSS_DOCK)
"""What is done at the first hub and at the last."""

COLLECTING, BETWEEN = Mode.ROAD_DIESEL, Mode.ROAD_BATTERY
MOVES_H = 1.0
ALLOWED_H = 3.0
"""City to hub, hub to hub, hub to city."""

TYPICAL_T, TYPICAL_CNY_PER_T = 1e4, 1e3
"""About what a median shipment weighs, and pays over a median distance: what solvers like."""


@dataclass(frozen=True, slots=True)
class HubMedian:
    """A hub median in the units of its file; rows are origins, columns destinations.

    `hubs` open at most; between them a distance costs `discount` times what it costs elsewhere.
    """

    name: str
    title: Text
    flow: Matrix
    distance: Matrix
    hubs: int
    discount: Fraction

    @property
    def cities(self) -> range:
        """The numbers of the cities, from 1."""
        return range(1, len(self.flow) + 1)

    @property
    def unserved(self) -> float:
        """Return a price of leaving a unit behind that is above that of any route."""
        return 3 * max(map(max, self.distance)) + 1

    @property
    def prices(self) -> list[float]:
        """Return the distances above 0, as they are and at the discount."""
        far = [far for row in self.distance for far in row if far]
        return [*far, *(float(exact(units) * self.discount) for units in far)]

    @property
    def flows(self) -> list[float]:
        """Return the flows above 0."""
        return [units for row in self.flow for units in row if units]


@dataclass(frozen=True, slots=True)
class HubScales:
    """Tonnes a year of one unit of flow, and CNY per tonne of one unit of distance."""

    t_per_unit: float
    cny_per_t: float

    def price(self, distance: float, share: Fraction | int = 1) -> float:
        """Return CNY per tonne over a distance, at a share of the price."""
        return float(exact(distance) * share * exact(self.cny_per_t))

    def mcny_per_unit(self, total: Fraction) -> float:
        """Return million CNY of one unit of cost per unit of flow, of so much flow in all."""
        return float(total * exact(self.t_per_unit) * exact(self.cny_per_t) / CNY_PER_MCNY)


def hub_scales(hubs: HubMedian) -> HubScales | None:
    """Return scales at which nothing of a file is lost, `None` if no scale fits its numbers."""

    def weighs_well(t: float) -> bool:
        return all_fit("demand", "demand_t_per_year", hubs.flows, t)

    def is_whole(t: float) -> bool:
        parts = (exact(units) * exact(t) * KG_PER_T for units in hubs.flows)
        return weighs_well(t) and all(kg.denominator == 1 for kg in parts)

    def costs_well(cny: float) -> bool:
        price = all_fit("products", "unserved_cost_cny_per_t", [hubs.unserved], cny)
        return price and all_fit("links", "cost_cny_per_t", hubs.prices, cny)

    start = exponent_near(hubs.flows, TYPICAL_T)
    tonnes = nearest_that_fits(start, is_whole)
    if tonnes is None:
        tonnes = nearest_that_fits(start, weighs_well)
    start = exponent_near(hubs.prices, TYPICAL_CNY_PER_T)
    money = nearest_that_fits(start, costs_well)
    return None if tonnes is None or money is None else HubScales(tonnes, money)


def multiple_allocation(hubs: HubMedian, scales: HubScales) -> Instance:
    """Return the checked instance in which each shipment may use its own hubs."""
    cities = hubs.cities
    sites = tuple(hub_site(hub(k), hub(k), f"hub {k}", f"枢纽 {k}") for k in cities)
    return Instance(
        settings=settings_of(hubs, routes=len(cities) ** 2),
        places=(*city_places(hubs), *hub_places(hubs)),
        sites=sites,
        handling=tuple(free_handling(site.id, does) for site in sites for does in CHAIN),
        modules=tuple(free_module(site.id) for site in sites),
        capacities=tuple(Capacity(site.id, MODULE, does, None) for site in sites for does in CHAIN),
        links=(*collecting(hubs, scales), *between(hubs, scales)),
        services=(), transfers=(), customs=(),
        products=(product_of(hubs, scales),),
        demand=tuple(shipments(hubs, scales)),
        limits=(Limit(LimitKind.SITES_AT_MOST, YEAR, None, float(hubs.hubs)),),
    )  # fmt: skip


def city(number: int) -> str:
    """Return the id of a city's place."""
    return f"C{number}"


def hub(number: int) -> str:
    """Return the id of the hub of a city: of its place and of its site."""
    return f"H{number}"


def settings_of(hubs: HubMedian, *, routes: int) -> Settings:
    """Return settings that leave money as it is."""
    return Settings(
        hubs.name, hubs.title.en, hubs.title.zh, YEAR, (Stage(YEAR, 1),), 0.0, 0.0, GRID, HOME,
        routes_per_shipment=routes, gap=0.0,
    )  # fmt: skip


def city_places(hubs: HubMedian) -> Iterator[Place]:
    """Yield the cities as origins and destinations."""
    for i in hubs.cities:
        yield at_one_point(city(i), f"city {i}", f"城市 {i}")


def hub_places(hubs: HubMedian) -> Iterator[Place]:
    """Yield the places of the hubs."""
    for k in hubs.cities:
        yield at_one_point(hub(k), f"hub {k}", f"枢纽 {k}")


def hub_site(ident: str, place: str, en: str, zh: str) -> Site:
    """Return a candidate site."""
    return Site(ident, en, zh, place, SiteStatus.CANDIDATE, YEAR)


def free_handling(site: str, does: Function) -> Handling:
    """Return a function that costs neither money nor time."""
    return Handling(site, does, 0.0, 0.0, 0.0)


def free_module(site: str) -> Module:
    """Return a module that costs nothing."""
    return Module(site, MODULE, 0.0, 0.0, 1, 0, 1)


def road(
    ends: tuple[str, str],
    mode: Mode,
    cost_cny_per_t: float,
    time_h: float = MOVES_H,
    charger: str | None = None,
) -> Link:
    """Return a one-way road of no length."""
    return Link(
        *ends, mode, both_ways=False, access=Access.OPEN, distance_km=0.0, distance_source="",
        cost_cny_per_t=cost_cny_per_t, time_h=time_h, capacity_t_per_year=None, wtw_g_per_tkm=1.0,
        ttw_g_per_tkm=0.0, emission_source="", charging_site=charger,
    )  # fmt: skip


def collecting(hubs: HubMedian, scales: HubScales) -> Iterator[Link]:
    """Yield the roads between cities and hubs, both ways."""
    for i, row in enumerate(hubs.distance, start=1):
        for k, there in enumerate(row, start=1):
            back = hubs.distance[k - 1][i - 1]
            yield road((city(i), hub(k)), COLLECTING, scales.price(there))
            yield road((hub(k), city(i)), COLLECTING, scales.price(back))


def between(hubs: HubMedian, scales: HubScales) -> Iterator[Link]:
    """Yield the roads from hub to hub at their discount."""
    for k, row in enumerate(hubs.distance, start=1):
        for m, far in enumerate(row, start=1):
            if k != m:
                yield road((hub(k), hub(m)), BETWEEN, scales.price(far, hubs.discount))


def product_of(hubs: HubMedian, scales: HubScales) -> Product:
    """Return the goods, which pass two hubs."""
    return Product(
        GOODS, "goods", "货物", 0.0, 0.0, Temperature.AMBIENT, 0.0, CHAIN,
        frozenset({COLLECTING, BETWEEN}), 1.0, 1.0, scales.price(hubs.unserved),
    )  # fmt: skip


def shipments(hubs: HubMedian, scales: HubScales) -> Iterator[Demand]:
    """Yield what each city sends to each other one."""
    for i, row in enumerate(hubs.flow, start=1):
        for j, units in enumerate(row, start=1):
            if units:
                tonnes = float(exact(units) * exact(scales.t_per_unit))
                yield Demand(f"S{i}_{j}", city(i), city(j), GOODS, YEAR, tonnes, ALLOWED_H)
