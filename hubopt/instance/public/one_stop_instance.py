"""Siting with one stop as an ordinary instance.

Each class of goods has a mode of its own, so that each pays its own cost of an arc. What classes
share is a link of one more mode, of no cost: an arc with a capacity leads, for its cost, to a place
of its own, and from there over such a link. Each size of a site is a site of its own at a place of
its own, which a shared link of its capacity joins to the node: all that is handled passes there,
bonded or not. A limit lets at most one size of a site open.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.instance.public.location import GRID, HOME, MODULE, YEAR, at_one_point
from hubopt.instance.public.one_stop import kilograms, room_kg
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
    Transfer,
)
from hubopt.units import KG_PER_T, exact
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

    from hubopt.instance.public.one_stop import OneStop
    from hubopt.instance.public.scales import Scales

OWN = (Mode.RAIL, Mode.SEA, Mode.BARGE)
"""The mode of each class of goods: names only, since all that an arc costs stands in the file."""

SHARED = Mode.AIR
"""The mode of what all classes share."""

ORDINARY, BONDED = Function.CONSOLIDATION, Function.BONDED
MOST_ROUTES = 100


def one_stop_instance(problem: OneStop, scales: Scales) -> Instance:
    """Return the checked instance of a problem of at most three classes."""
    return Instance(
        settings=Settings(
            problem.name, problem.title.en, problem.title.zh, YEAR, (Stage(YEAR, 1),), 0.0, 0.0,
            GRID, HOME, gap=0.0,
            routes_per_shipment=min(MOST_ROUTES, sum(len(site.sizes) for site in problem.sites)),
        ),
        places=tuple(places(problem)),
        sites=tuple(
            Site(size_id(i, k), f"site {i} size {k}", f"设施 {i} 规模 {k}", size_id(i, k),
                 SiteStatus.CANDIDATE, YEAR)
            for i, k in sizes(problem)
        ),
        handling=tuple(handling(problem, scales)),
        modules=tuple(
            Module(size_id(i, k), MODULE, 0.0, cny(problem.sites[i].sizes[k][1], scales), 1, 0, 1)
            for i, k in sizes(problem)
        ),
        capacities=tuple(
            Capacity(size_id(i, k), MODULE, does, room_t(problem.sites[i].sizes[k][0], scales))
            for i, k in sizes(problem)
            for does in functions(problem, i)
        ),
        links=tuple(links(problem, scales)),
        services=(),
        transfers=tuple(transfers(problem)),
        customs=(),
        products=tuple(products(problem, scales)),
        demand=tuple(demand(problem, scales)),
        limits=tuple(
            Limit(LimitKind.SITES_AT_MOST, YEAR, None, 1.0, area=region(i))
            for i, site in enumerate(problem.sites)
            if len(site.sizes) > 1
        ),
    )  # fmt: skip


def node_id(number: int) -> str:
    """Return the id of a node's place."""
    return f"N{number}"


def arc_id(number: int) -> str:
    """Return the id of the place on an arc, where its goods come together."""
    return f"A{number}"


def size_id(site: int, size: int) -> str:
    """Return the id of a size of a site: of its place and of its site."""
    return f"S{site}_{size}"


def region(site: int) -> str:
    """Return the region in which the sizes of a site lie."""
    return f"S{site}"


def shipment_id(number: int) -> str:
    """Return the id of a shipment by its number in the file, from 0."""
    return f"G{number}"


def product_id(kind: int, *, bonded: bool) -> str:
    """Return the id of a class of goods."""
    return f"C{kind}{'B' if bonded else ''}"


def sizes(problem: OneStop) -> Iterator[tuple[int, int]]:
    """Yield the numbers of each site and of each of its sizes."""
    for i, site in enumerate(problem.sites):
        for k in range(len(site.sizes)):
            yield i, k


def functions(problem: OneStop, site: int) -> tuple[Function, ...]:
    """Return what a site does."""
    return (ORDINARY, BONDED) if problem.sites[site].bonded else (ORDINARY,)


def cny(units: float, scales: Scales) -> float:
    """Return money in CNY."""
    return float(exact(units) * exact(scales.cny_per_unit))


def cny_per_t(units: float, scales: Scales) -> float:
    """Return a price per unit in CNY per tonne."""
    return float(exact(units) * exact(scales.cny_per_unit) / exact(scales.t_per_unit))


def tonnes(units: float, scales: Scales) -> float:
    """Return an amount in tonnes."""
    return float(exact(units) * exact(scales.t_per_unit))


def room_t(units: float, scales: Scales) -> float:
    """Return the room of a size in tonnes, in whole kilograms."""
    return float(exact(room_kg(units, scales.t_per_unit)) / KG_PER_T)


def arcs_with_place(problem: OneStop) -> frozenset[int]:
    """Return the arcs that need a place of their own: shared ones, and all but one of parallels."""
    seen: set[tuple[int, int]] = set()
    found = []
    for a, arc in enumerate(problem.arcs):
        if arc.capacity is not None or (arc.tail, arc.head) in seen:
            found.append(a)
        else:
            seen.add((arc.tail, arc.head))
    return frozenset(found)


def places(problem: OneStop) -> Iterator[Place]:
    """Yield the nodes, the places on arcs, and those of the sizes of sites."""
    for number in problem.used:
        yield at_one_point(node_id(number), f"node {number}", f"节点 {number}")
    for a in sorted(arcs_with_place(problem)):
        yield at_one_point(arc_id(a), f"on arc {a}", f"弧 {a} 途中")
    for i, k in sizes(problem):
        yield Place(
            size_id(i, k), f"site {i} size {k}", f"设施 {i} 规模 {k}", PlaceKind.CITY, HOME,
            1.0, 1.0, Datum.WGS84, region(i),
        )  # fmt: skip


def handling(problem: OneStop, scales: Scales) -> Iterator[Handling]:
    """Yield what handling costs at each size of each site."""
    for i, k in sizes(problem):
        price = cny_per_t(problem.sites[i].handling, scales)
        for does in functions(problem, i):
            yield Handling(size_id(i, k), does, price, 0.0, 0.0)


def link(start: str, end: str, mode: Mode, price: float, most: float | None) -> Link:
    """Return a one-way link of no length."""
    return Link(
        start, end, mode, both_ways=False, access=Access.OPEN, distance_km=0.0,
        distance_source="", cost_cny_per_t=price, time_h=0.0, capacity_t_per_year=most,
        wtw_g_per_tkm=1.0, ttw_g_per_tkm=0.0, emission_source="",
    )  # fmt: skip


def links(problem: OneStop, scales: Scales) -> Iterator[Link]:
    """Yield the links of arcs, and those that join the sizes of sites to their nodes."""
    between = arcs_with_place(problem)
    for a, arc in enumerate(problem.arcs):
        start, end = node_id(arc.tail), node_id(arc.head)
        for mode, cost in zip(OWN, arc.cost, strict=False):
            to = arc_id(a) if a in between else end
            yield link(start, to, mode, cny_per_t(cost, scales), None)
        if a in between:
            most = None if arc.capacity is None else tonnes(arc.capacity, scales)
            yield link(arc_id(a), end, SHARED, 0.0, most)
    for i, k in sizes(problem):
        here, site = node_id(problem.sites[i].node), problem.sites[i]
        yield link(here, size_id(i, k), SHARED, 0.0, room_t(site.sizes[k][0], scales))
        yield link(size_id(i, k), here, SHARED, 0.0, None)


def transfers(problem: OneStop) -> Iterator[Transfer]:
    """Yield the changes, free of cost, between the modes of classes and the shared one."""
    between = sorted(arcs_with_place(problem))
    leaves = {arc.tail for arc in problem.arcs}
    shared = {problem.arcs[a].head for a in between} | {
        site.node for site in problem.sites if site.sizes
    }
    nodes = [node_id(number) for number in sorted(shared & leaves)]
    for place in [*(arc_id(a) for a in between), *nodes]:
        for mode in OWN[: problem.kinds]:
            yield Transfer(place, mode, SHARED, True, 0.0, 0.0, None, 0.0, 0.0, None)  # noqa: FBT003


def products(problem: OneStop, scales: Scales) -> Iterator[Product]:
    """Yield the classes of goods that are sent, bonded ones apart."""
    price = problem.unserved(scales.t_per_unit)
    for kind, bonded in sorted({(one.kind, one.bonded) for one in problem.shipments}):
        yield Product(
            product_id(kind, bonded=bonded),
            f"class {kind}{', bonded' if bonded else ''}",
            f"货类 {kind}{'（保税）' if bonded else ''}",
            0.0, 0.0, Temperature.AMBIENT, 0.0, (BONDED if bonded else ORDINARY,),
            frozenset({OWN[kind], SHARED}), 1.0, 1.0, cny_per_t(price[kind], scales),
        )  # fmt: skip


def demand(problem: OneStop, scales: Scales) -> Iterator[Demand]:
    """Yield the shipments, in whole kilograms; those of less than one are left out."""
    weights = kilograms(problem, scales.t_per_unit)
    for number, (one, kg) in enumerate(zip(problem.shipments, weights, strict=True)):
        if not kg:
            continue
        yield Demand(
            shipment_id(number), node_id(one.origin), node_id(one.destination),
            product_id(one.kind, bonded=one.bonded), YEAR,
            float(exact(kg) / KG_PER_T), None,
        )  # fmt: skip
