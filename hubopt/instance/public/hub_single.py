"""A p-hub median problem with single allocation as an ordinary instance.

A city sends and receives through one hub. For each city and each hub there is a candidate site that
stands for the city's allocation to it; all those of a city stand in a region of its own, in which
at most one site may open. The site of a city and its own hub is that hub: battery trucks that call
at a hub charge there, so that no other city can be allocated to a hub that is closed.

Goods are handled where their origin and where their destination are allocated. In between they go
by battery from the first to its hub, on to the hub of the second at a discount, and out to it.
Only battery trucks run there and only diesel trucks between a city and its allocations, which costs
nothing. Moves to, between and from hubs take an hour, and three hours are allowed: so no route
passes a third hub, and the distances need not keep the triangle inequality.
Formulation: O'Kelly, European Journal of Operational Research 32(3), 1987, with the linear paths of
Skorin-Kapov, Skorin-Kapov and O'Kelly, European Journal of Operational Research 94(3), 1996.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hubopt.instance.public.hub_median import (
    BETWEEN,
    CHAIN,
    COLLECTING,
    MOVES_H,
    between,
    city,
    city_places,
    free_handling,
    free_module,
    hub,
    hub_site,
    product_of,
    road,
    settings_of,
    shipments,
)
from hubopt.instance.public.location import MODULE, YEAR, at_one_point
from hubopt.instance.tables import Capacity, Instance, Limit
from hubopt.vocabulary import Function, LimitKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubopt.instance.public.hub_median import HubMedian, HubScales
    from hubopt.instance.tables import Link, Place, Site

CALLS = Function.CHARGING
"""What hubs alone do: for trucks that call at them."""


def single_allocation(hubs: HubMedian, scales: HubScales) -> Instance:
    """Return the checked instance in which each city is allocated to one hub."""
    sites = tuple(allocations(hubs))
    return Instance(
        settings=settings_of(hubs, routes=len(hubs.cities) ** 3),
        places=(*city_places(hubs), *allocation_places(hubs)),
        sites=sites,
        handling=tuple(free_handling(site.id, does) for site in sites for does in CHAIN),
        modules=tuple(free_module(site.id) for site in sites),
        capacities=(
            *(Capacity(site.id, MODULE, does, None) for site in sites for does in CHAIN),
            *(Capacity(hub(k), MODULE, CALLS, None) for k in hubs.cities),
        ),
        links=(*to_allocations(hubs), *to_hubs(hubs, scales), *between(hubs, scales)),
        services=(), transfers=(), customs=(),
        products=(product_of(hubs, scales),),
        demand=tuple(shipments(hubs, scales)),
        limits=tuple(limits(hubs)),
    )  # fmt: skip


def allocation(i: int, k: int) -> str:
    """Return the id of a city's allocation to a hub, of its place and of its site."""
    return hub(k) if i == k else f"A{i}_{k}"


def region(i: int) -> str:
    """Return the region in which the allocations of a city stand."""
    return f"ALLOCATIONS_{i}"


def allocation_places(hubs: HubMedian) -> Iterator[Place]:
    """Yield the places of the allocations."""
    for i in hubs.cities:
        for k in hubs.cities:
            place = at_one_point(allocation(i, k), f"city {i} at hub {k}", f"城市 {i} 归枢纽 {k}")
            yield replace(place, region=region(i))


def allocations(hubs: HubMedian) -> Iterator[Site]:
    """Yield the candidate site of each allocation."""
    for i in hubs.cities:
        for k in hubs.cities:
            ident = allocation(i, k)
            yield hub_site(ident, ident, f"city {i} at hub {k}", f"城市 {i} 归枢纽 {k}")


def to_allocations(hubs: HubMedian) -> Iterator[Link]:
    """Yield the roads between a city and its allocations; to its own hub they take their hour."""
    for i in hubs.cities:
        for k in hubs.cities:
            time_h = MOVES_H if i == k else 0.0
            yield road((city(i), allocation(i, k)), COLLECTING, 0.0, time_h)
            yield road((allocation(i, k), city(i)), COLLECTING, 0.0, time_h)


def to_hubs(hubs: HubMedian, scales: HubScales) -> Iterator[Link]:
    """Yield the roads between the allocations to a hub and the hub, which must be open."""
    for i, row in enumerate(hubs.distance, start=1):
        for k, there in enumerate(row, start=1):
            if i != k:
                back, ends = hubs.distance[k - 1][i - 1], (allocation(i, k), hub(k))
                yield road(ends, BETWEEN, scales.price(there), MOVES_H, hub(k))
                yield road(ends[::-1], BETWEEN, scales.price(back), MOVES_H, hub(k))


def limits(hubs: HubMedian) -> Iterator[Limit]:
    """Yield the limit on hubs, and one allocation for each city."""
    yield Limit(LimitKind.SITES_AT_MOST, YEAR, CALLS, float(hubs.hubs))
    for i in hubs.cities:
        yield Limit(LimitKind.SITES_AT_MOST, YEAR, None, 1.0, area=region(i))
