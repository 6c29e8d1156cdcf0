"""What limits on the whole plan mean, read from their rows once more; for trying every design."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from hubopt.vocabulary import TRUCKS, Access, LimitKind, PlaceKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hubopt.instance.tables import Demand, Instance, Limit
    from hubopt.vocabulary import Function
    from tests.brute_force import Key, Priced

SLACK = 1e-9


def in_force(instance: Instance) -> list[Limit]:
    """Return the limits of no policy or of one that is switched on."""
    return [
        limit
        for limit in instance.limits
        if not limit.policy or limit.policy in instance.settings.policies
    ]


def area_of(instance: Instance, place: str) -> set[str | None]:
    """Return the region and the zone of a place."""
    return {instance.place[place].region, instance.place[place].zone}


def counts(instance: Instance, limit: Limit, shipment: Demand) -> bool:
    """Tell whether a limit counts a shipment."""
    product = instance.product[shipment.product]
    goods = limit.goods is None or limit.goods in {product.id, product.group}
    area = limit.area is None or limit.area in area_of(instance, shipment.destination)
    return goods and area and limit.stage == shipment.stage


def cities_covered(instance: Instance, limit: Limit, sites: set[str]) -> bool:
    """Tell whether each city of an area is within reach of enough of the sites."""
    home = instance.settings.home_country
    for place in instance.places:
        named = limit.area is None or limit.area in area_of(instance, place.id)
        if place.kind is PlaceKind.CITY and place.country == home and named:
            near = [
                site
                for site in sites
                if hours_between(instance, instance.site[site].place, place.id, ())
                <= (limit.hours or 0.0) + SLACK
            ]
            if len(near) < limit.value:
                return False
    return True


def hours_between(instance: Instance, a: str, b: str, seen: tuple[str, ...]) -> float:
    """Return the least hours by truck at home, by trying every path."""
    if a == b:
        return 0.0
    best = float("inf")
    for link in instance.links:
        if link.mode not in TRUCKS or link.access is not Access.OPEN:
            continue
        ends = [(link.from_place, link.to_place)]
        ends += [(link.to_place, link.from_place)] if link.both_ways else []
        for here, there in ends:
            at_home = instance.place[there].country == instance.settings.home_country
            if here == a and there not in (*seen, a) and at_home:
                best = min(best, link.time_h + hours_between(instance, there, b, (*seen, a)))
    return best


def least_uses(
    instance: Instance, limits: Mapping[Key, float]
) -> list[tuple[str, Function, float]]:
    """Return (site, function, tonnes) of each least use of a site that stands."""
    return [
        (row.site, row.function, row.least_t_per_year)
        for row in instance.handling
        if row.least_t_per_year and limits["open", row.site]
    ]


def limit_rows(
    instance: Instance,
    year: int,
    routes: Sequence[Priced],
    shipments: Sequence[Demand],
    limits: Mapping[Key, float],
) -> Iterator[tuple[list[float], float]]:
    """Yield (coefficients of routes and then of unserved tonnes, upper bound) of every limit."""
    for site, function, tonnes in least_uses(instance, limits):
        row = [-float(route.uses.get(("pool", site, function), 0)) for route in routes]
        yield row + [0.0] * len(shipments), -tonnes
    for limit in in_force(instance):
        if limit.stage == year and limit.kind in ROWS:
            counted = [counts(instance, limit, route.shipment) for route in routes]
            row = [
                ROWS[limit.kind](limit, route) if yes else 0.0
                for route, yes in zip(routes, counted, strict=True)
            ]
            left, most = [0.0] * len(shipments), 0.0
            if limit.kind is LimitKind.EMISSIONS_AT_MOST:
                most = 1000.0 * limit.value
            if limit.kind is LimitKind.SERVICE_LEVEL:
                promised = [bool(s.promised_h) and counts(instance, limit, s) for s in shipments]
                left = [float(yes) for yes in promised]
                tonnes = sum(s.demand_t_per_year for s in itertools.compress(shipments, promised))
                most = (1.0 - limit.value) * tonnes
            yield row + left, most


def late(_: Limit, route: Priced) -> float:
    """Return 1 for a route later than promised."""
    promised = route.shipment.promised_h
    return float(promised is not None and route.hours > promised + SLACK)


def emitted(_: Limit, route: Priced) -> float:
    """Return kg CO2e per tonne."""
    return route.kg_per_t


def too_much(limit: Limit, route: Priced) -> float:
    """Return what a tonne adds to the share of the mode beyond the limit."""
    return float(limit.mode in route.modes) - limit.value


def too_little(limit: Limit, route: Priced) -> float:
    """Return what a tonne lacks of the share of the mode."""
    return -too_much(limit, route)


def delivered(limit: Limit, route: Priced) -> float:
    """Return what a tonne delivered by truck lacks of the share of the mode."""
    if not route.modes or route.modes[-1] not in TRUCKS:
        return 0.0
    return limit.value - float(route.modes[-1] is limit.mode)


ROWS = {
    LimitKind.SERVICE_LEVEL: late,
    LimitKind.EMISSIONS_AT_MOST: emitted,
    LimitKind.MODE_SHARE_AT_MOST: too_much,
    LimitKind.MODE_SHARE_AT_LEAST: too_little,
    LimitKind.DELIVERY_SHARE_AT_LEAST: delivered,
}


def ways_to_choose_sources(
    instance: Instance, year: int, routes: Sequence[Priced]
) -> Iterator[set[int]]:
    """Yield the routes that are shut, for every choice of the sites that serve each group."""
    groups: dict[tuple[object, ...], dict[str, set[int]]] = {}
    most: dict[tuple[object, ...], int] = {}
    for number, route in enumerate(routes):
        shipment = route.shipment
        for key in route.uses:
            if key[0] != "pool" or key[2] not in instance.product[shipment.product].chain:
                continue
            for name, few in groups_of(instance, shipment, key[2], year):
                most[name] = few
                groups.setdefault(name, {}).setdefault(str(key[1]), set()).add(number)
    choices = []
    for name, by_site in groups.items():
        sites = sorted(by_site)
        few = min(most[name], len(sites))
        choices.append(
            [
                set().union(*(by_site[site] for site in sites if site not in chosen))
                for chosen in itertools.combinations(sites, few)
            ]
        )
    for choice in itertools.product(*choices):
        yield set().union(*choice)


def groups_of(
    instance: Instance, shipment: Demand, function: object, year: int
) -> Iterator[tuple[tuple[object, ...], int]]:
    """Yield each group of few sources that a shipment is in, and their number."""
    if shipment.single_source:
        yield (shipment.id, function), 1
    for number, limit in enumerate(instance.limits):
        if (
            limit.kind is LimitKind.SINGLE_SOURCE
            and limit in in_force(instance)
            and limit.stage == year
            and limit.function in {None, function}
            and counts(instance, limit, shipment)
        ):
            yield (number, shipment.destination, function), int(limit.value)
