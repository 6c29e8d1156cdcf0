"""Relations that add, divide or turn round links, services and changes of mode."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from pyproj import Geod

from hubopt.vocabulary import Access, LimitKind, Mode, PlaceKind
from tests.metamorphic.relation import Sense, Twin, instead, limited, one_of

if TYPE_CHECKING:
    from random import Random

    from hubopt.instance.rows import Link, Service
    from tests.metamorphic.relation import Relation
    from tests.optimum import Optimum

EARTH = Geod(ellps="WGS84")
SHARES = (
    LimitKind.MODE_SHARE_AT_LEAST,
    LimitKind.MODE_SHARE_AT_MOST,
    LimitKind.DELIVERY_SHARE_AT_LEAST,
)
ONE_WAY = (LimitKind.COVERAGE, LimitKind.DELIVERY_SHARE_AT_LEAST, LimitKind.SINGLE_SOURCE)
"""Kinds of limits that look at one end of a way only."""


def dominated_truck_added(base: Optimum, rng: Random) -> Twin | None:
    """Let battery trucks drive an endless road too, dearer, slower, dirtier: diesel does as well.

    A limit on the shares of modes may welcome them all the same.
    """
    instance = base.instance
    diesel = [
        link
        for link in instance.links
        if link.mode is Mode.ROAD_DIESEL and link.capacity_t_per_year is None
    ]
    link = one_of(rng, diesel)
    taken = any(row.mode is Mode.ROAD_BATTERY for row in instance.links)
    if link is None or taken:
        return None
    other = replace(
        link,
        mode=Mode.ROAD_BATTERY,
        cost_cny_per_t=link.cost_cny_per_t + 1,
        time_h=1.1 * link.time_h,
        wtw_g_per_tkm=link.wtw_g_per_tkm + 1,
    )
    products = tuple(
        replace(row, modes=row.modes | {Mode.ROAD_BATTERY})
        if Mode.ROAD_DIESEL in row.modes
        else row
        for row in instance.products
    )
    vehicles = [row for row in instance.vehicles if row.mode is not Mode.ROAD_BATTERY]
    vehicles += [
        replace(row, mode=Mode.ROAD_BATTERY) for row in vehicles if row.mode is Mode.ROAD_DIESEL
    ]
    sense = Sense.AT_MOST if limited(instance, *SHARES) else Sense.EQUAL
    links = (*instance.links, other)
    return Twin(replace(instance, links=links, products=products, vehicles=tuple(vehicles)), sense)


def each_direction(
    rows: tuple[Any, ...], ends: tuple[str, str], *, narrow: bool
) -> tuple[Any, ...]:
    """Return links or transfers with every two-way one, narrow or endless, as two one-way ones."""
    found = []
    for row in rows:
        if row.both_ways and (row.capacity_t_per_year is not None) is narrow:
            back = {ends[0]: getattr(row, ends[1]), ends[1]: getattr(row, ends[0])}
            found += [replace(row, both_ways=False), replace(row, both_ways=False, **back)]
        else:
            found.append(row)
    return tuple(found)


def endless_ways_written_as_two(base: Optimum, _: Random) -> Twin:
    """Write each two-way link and transfer without a limit as two: the same moves remain."""
    return Twin(
        replace(
            base.instance,
            links=each_direction(base.instance.links, ("from_place", "to_place"), narrow=False),
            transfers=each_direction(
                base.instance.transfers, ("from_mode", "to_mode"), narrow=False
            ),
        )
    )


def narrow_ways_written_as_two(base: Optimum, _: Random) -> Twin | None:
    """Write each two-way narrow link and transfer as two: each direction has all the room now."""
    links = each_direction(base.instance.links, ("from_place", "to_place"), narrow=True)
    transfers = each_direction(base.instance.transfers, ("from_mode", "to_mode"), narrow=True)
    if (links, transfers) == (base.instance.links, base.instance.transfers):
        return None
    return Twin(replace(base.instance, links=links, transfers=transfers), Sense.AT_MOST)


def link_cut_by_a_stop(base: Optimum, rng: Random) -> Twin | None:
    """Put a place half-way along a link: both halves together are the link as it was.

    Across the border it lies abroad, so that freight is cleared where it was. Neither range nor
    chargers are asked for by the link.
    """
    instance = base.instance
    ranged = {row.mode for row in instance.vehicles if row.range_km is not None}
    free = [row for row in instance.links if row.mode not in ranged and row.charging_site is None]
    link = one_of(rng, free)
    if link is None:
        return None
    a, b = instance.place[link.from_place], instance.place[link.to_place]
    ((lon, lat),) = EARTH.npts(a.lon, a.lat, b.lon, b.lat, 1)
    half = replace(
        link,
        distance_km=link.distance_km / 2,
        cost_cny_per_t=link.cost_cny_per_t / 2,
        time_h=link.time_h / 2,
    )
    far = a if b.country == instance.settings.home_country else b
    stop = replace(far, id="half-way", kind=PlaceKind.BORDER, lat=lat, lon=lon, region="nowhere")
    halves = (replace(half, to_place=stop.id), replace(half, from_place=stop.id))
    return Twin(
        replace(
            instance,
            places=(*instance.places, stop),
            links=instead(instance.links, link, *halves),
            services=tuple(calling_at(row, link, stop.id) for row in instance.services),
        )
    )


def calling_at(service: Service, link: Link, stop: str) -> Service:
    """Return a service with a stop on a link wherever its path follows it."""
    if service.mode is not link.mode:
        return service
    ends = {(link.from_place, link.to_place)}
    ends |= {(link.to_place, link.from_place)} if link.both_ways else set()
    path = [service.path[0]]
    for a, b in pairwise(service.path):
        path += [stop, b] if (a, b) in ends else [b]
    return replace(service, path=tuple(path))


def service_in_two_timetables(base: Optimum, rng: Random) -> Twin | None:
    """Split a service's departures over two alike: they add up to the same numbers."""
    service = one_of(rng, [row for row in base.instance.services if row.most_per_week > 1])
    if service is None:
        return None
    most = rng.randint(1, service.most_per_week - 1)
    least = min(most, service.least_per_week)
    second = replace(
        service,
        id=f"{service.id} 2",
        most_per_week=service.most_per_week - most,
        least_per_week=service.least_per_week - least,
    )
    first = replace(service, most_per_week=most, least_per_week=least)
    services = instead(base.instance.services, service, first, second)
    return Twin(replace(base.instance, services=services))


def service_added_that_costs_more_than_all(base: Optimum, rng: Random) -> Twin | None:
    """Add a service of which one run a week costs twice the optimum: no best plan can run it."""
    service = one_of(rng, base.instance.services)
    if service is None or not base.feasible:
        return None
    cost = round(2e6 * base.mcny / min(base.problem.weights) / service.weeks_per_year)
    other = replace(
        service,
        id=f"{service.id} 2",
        least_per_week=0,
        cost_cny_per_departure=cost,
        empty_cost_cny_per_departure=cost,
    )
    return Twin(replace(base.instance, services=(*base.instance.services, other)))


def service_added(base: Optimum, rng: Random) -> Twin | None:
    """Add a cheaper service like another, one that need not run: a plan need not run it."""
    service = one_of(rng, base.instance.services)
    if service is None:
        return None
    other = replace(
        service,
        id=f"{service.id} 2",
        least_per_week=0,
        cost_cny_per_departure=0.8 * service.cost_cny_per_departure,
    )
    return Twin(replace(base.instance, services=(*base.instance.services, other)), Sense.AT_MOST)


def fewer_weeks_with_larger_vehicles(base: Optimum, _: Random) -> Twin | None:
    """Run half the weeks with vehicles of twice the size and cost: a year carries the same."""
    if any(service.weeks_per_year % 2 for service in base.instance.services):
        return None
    services = tuple(
        replace(
            row,
            weeks_per_year=row.weeks_per_year // 2,
            payload_t_per_departure=2 * row.payload_t_per_departure,
            cost_cny_per_departure=2 * row.cost_cny_per_departure,
            empty_cost_cny_per_departure=2 * row.empty_cost_cny_per_departure,
        )
        for row in base.instance.services
    )
    return Twin(replace(base.instance, services=services)) if services else None


def all_ways_turned_round(base: Optimum, _: Random) -> Twin | None:
    """Turn round all shipments, chains, links, services and transfers: so does every route.

    Duty is due in one direction only, and some limits look at one end.
    """
    instance = base.instance
    one_end = limited(instance, *ONE_WAY) or any(limit.area for limit in instance.limits)
    if one_end or any(owes_duty(base, row.id) for row in instance.demand):
        return None
    return Twin(
        replace(
            instance,
            links=turned(instance.links, "from_place", "to_place"),
            transfers=turned(instance.transfers, "from_mode", "to_mode"),
            demand=turned(instance.demand, "origin", "destination"),
            services=tuple(replace(row, path=row.path[::-1]) for row in instance.services),
            products=tuple(
                replace(row, chain=row.chain[::-1], duty_share=0.0) for row in instance.products
            ),
        )
    )


def owes_duty(base: Optimum, shipment: str) -> bool:
    """Tell whether duty is due on a shipment: it comes from abroad and its goods are dutiable."""
    row = base.instance.shipment[shipment]
    home = base.instance.settings.home_country
    abroad, arrives = (
        base.instance.place[place].country for place in (row.origin, row.destination)
    )
    dutiable = base.instance.product[row.product].duty_share > 0
    return abroad != home and arrives == home and dutiable


def turned(rows: tuple[Any, ...], start: str, end: str) -> tuple[Any, ...]:
    """Return rows with start and end exchanged."""
    return tuple(
        replace(row, **{start: getattr(row, end), end: getattr(row, start)}) for row in rows
    )


def roads_opened(base: Optimum, _: Random) -> Twin:
    """Open all links to freight at any time: nobody need wait for a service or pay for one."""
    links = tuple(replace(row, access=Access.OPEN) for row in base.instance.links)
    return Twin(replace(base.instance, links=links), Sense.AT_MOST)


RELATIONS: tuple[Relation, ...] = (
    dominated_truck_added,
    endless_ways_written_as_two,
    narrow_ways_written_as_two,
    link_cut_by_a_stop,
    service_in_two_timetables,
    service_added_that_costs_more_than_all,
    service_added,
    fewer_weeks_with_larger_vehicles,
    all_ways_turned_round,
    roads_opened,
)
