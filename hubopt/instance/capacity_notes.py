"""What is worth knowing before a solve: where demand is above all capacity, by exact sums.

Nothing here is an error: tonnes that do not fit stay unserved at their price.
"""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from hubopt.text import Text
from hubopt.units import exact
from hubopt.vocabulary import Access, Function, SiteStatus

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubopt.instance.tables import Demand, Instance, Link, Module, Service

Tonnes = Fraction | None
"""A capacity in tonnes a year; `None` for no limit."""


def capacity_notes(instance: Instance) -> tuple[Text, ...]:
    """Return what is known of capacities before any solve, in a fixed order."""
    return (
        *(Text(note, note) for note in instance.notes),
        *handling_notes(instance),
        *border_notes(instance),
        *place_notes(instance),
        *never_used(instance),
    )


def handling_notes(instance: Instance) -> Iterator[Text]:
    """Yield a note for each stage and function whose demand is above all sites' capacity."""
    for stage in instance.settings.stages:
        needed: dict[Function, Fraction] = defaultdict(Fraction)
        for demand in instance.demand:
            if demand.stage == stage.year:
                for function in instance.product[demand.product].chain:
                    needed[function] += exact(demand.demand_t_per_year)
        for function in Function:
            most = largest_capacity(instance, function, stage.year)
            if most is not None and needed[function] > most:
                over = said(needed[function] - most)
                yield Text(
                    f"{stage.year}: demand for {function.value} {said(needed[function])} t/year"
                    f" is above the largest capacity of all sites {said(most)} t/year; at least"
                    f" {over} t/year cannot be served",
                    f"{stage.year} 年：{function.value} 需求 {said(needed[function])} 吨/年，"
                    f"超过全部设施的最大能力 {said(most)} 吨/年；至少 {over} 吨/年无法满足",
                )


def largest_capacity(instance: Instance, function: Function, year: int) -> Tonnes:
    """Return what all sites could do of a function in a stage, all modules built."""
    count = {(m.site, m.module): standing_at_most(instance, m, year) for m in instance.modules}
    total = Fraction(0)
    for row in instance.capacities:
        number = count[row.site, row.module]
        if row.function is not function or not number:
            continue
        if row.capacity_t_per_year is None:
            return None
        total += number * exact(row.capacity_t_per_year)
    return total


def standing_at_most(instance: Instance, module: Module, year: int) -> int:
    """Return how many of a module may stand in a stage."""
    site = instance.site[module.site]
    if site.status is SiteStatus.CLOSED:
        return 0
    return module.most if year >= site.earliest_stage else module.built


def border_notes(instance: Instance) -> Iterator[Text]:
    """Yield a note for each stage and direction whose demand is above all border crossings.

    A tonne from home to abroad crosses the border that way at least once, over an open link or
    over a leg of a service; the sum of what those carry is a bound whatever the route.
    """
    home = {p.id: p.country == instance.settings.home_country for p in instance.places}
    for stage in instance.settings.stages:
        for outward in (True, False):
            needed = sum(
                exact(demand.demand_t_per_year)
                for demand in instance.demand
                if demand.stage == stage.year
                and home[demand.origin] is outward
                and home[demand.destination] is not outward
            )
            most = crossing_capacity(instance, home, stage.year, outward=outward)
            if most is not None and needed > most:
                way = ("out of", "运出") if outward else ("into", "运入")
                tonnes = said(Fraction(needed))
                yield Text(
                    f"{stage.year}: demand {way[0]} the home country {tonnes} t/year"
                    f" is above all crossings at most departures {said(most)} t/year",
                    f"{stage.year} 年：{way[1]}本国的需求 {tonnes} 吨/年，超过全部过境线路"
                    f"与最大班次的能力 {said(most)} 吨/年",
                )


def crossing_capacity(
    instance: Instance, home: dict[str, bool], year: int, *, outward: bool
) -> Tonnes:
    """Return what can cross the border in one direction, over open links and services."""
    total = Fraction(0)
    for link in instance.links:
        crosses = home[link.from_place] is not home[link.to_place]
        right_way = home[link.from_place] is outward or link.both_ways
        if link.access is Access.OPEN and crosses and right_way:
            if link.capacity_t_per_year is None:
                return None
            total += exact(link.capacity_t_per_year)
    for service in instance.services:
        legs = sum(home[a] is outward and home[b] is not outward for a, b in pairwise(service.path))
        total += legs * service_capacity(service, year)
    return total


def service_capacity(service: Service, year: int) -> Fraction:
    """Return the tonnes a year on each leg of a service at its most departures."""
    if year < service.earliest_stage:
        return Fraction(0)
    yearly = service.most_per_week * service.weeks_per_year
    return exact(service.payload_t_per_departure) * yearly


def place_notes(instance: Instance) -> Iterator[Text]:
    """Yield a note for each stage and place whose demand is above all that its links carry."""
    touching: dict[str, list[Link]] = defaultdict(list)
    for link in instance.links:
        touching[link.from_place].append(link)
        touching[link.to_place].append(link)
    needed: dict[tuple[int, str], Fraction] = defaultdict(Fraction)
    for demand in instance.demand:
        for place in ends(demand):
            needed[demand.stage, place] += exact(demand.demand_t_per_year)
    for (year, place), tonnes in sorted(needed.items()):
        most = Fraction(0)
        for link in touching[place]:
            carried = link_capacity(instance, link, year)
            if carried is None:
                break
            most += carried
        else:
            if tonnes > most:
                yield Text(
                    f"{year}: demand from and to {place} {said(tonnes)} t/year is above all its"
                    f" links and services {said(most)} t/year",
                    f"{year} 年：{place} 的进出需求 {said(tonnes)} 吨/年，超过其全部线路与班次"
                    f"的能力 {said(most)} 吨/年",
                )


def ends(demand: Demand) -> tuple[str, str]:
    """Return where a shipment starts and ends."""
    return demand.origin, demand.destination


def link_capacity(instance: Instance, link: Link, year: int) -> Tonnes:
    """Return the tonnes a year that a link carries, aboard services alone if it is scheduled."""
    own = None if link.capacity_t_per_year is None else exact(link.capacity_t_per_year)
    if link.access is Access.OPEN:
        return own
    ways = {(link.from_place, link.to_place)}
    if link.both_ways:
        ways.add((link.to_place, link.from_place))
    aboard = sum(
        (
            service_capacity(service, year)
            for service in instance.services
            if service.mode is link.mode
            for leg in pairwise(service.path)
            if leg in ways
        ),
        Fraction(0),
    )
    return aboard if own is None else min(own, aboard)


def never_used(instance: Instance) -> Iterator[Text]:
    """Yield a note for each row that no plan can use: a slip more often than not."""
    legs = {(a, b, s.mode) for s in instance.services for a, b in pairwise(s.path)}
    for link in instance.links:
        back = (link.to_place, link.from_place, link.mode)
        served = (link.from_place, link.to_place, link.mode) in legs
        if link.access is Access.SCHEDULED and not served and not (link.both_ways and back in legs):
            name = f"{link.from_place} - {link.to_place} ({link.mode.value})"
            yield Text(
                f"no service runs over the scheduled link {name}",
                f"没有班列航班使用线路 {name}",
            )
    with_modules = {module.site for module in instance.modules if module.most}
    for site in instance.sites:
        if site.status is SiteStatus.CANDIDATE and site.id not in with_modules:
            yield Text(
                f"site {site.id} has no modules and cannot open",
                f"设施 {site.id} 没有模块，无法建设",
            )
    pools = {(row.site, row.function) for row in instance.capacities}
    for handling in instance.handling:
        closed = instance.site[handling.site].status is SiteStatus.CLOSED
        if not closed and (handling.site, handling.function) not in pools:
            yield Text(
                f"site {handling.site} has no capacity for {handling.function.value}",
                f"设施 {handling.site} 没有 {handling.function.value} 的能力",
            )


def said(tonnes: Fraction) -> str:
    """Return tonnes with thousands separators, to the kilogram where they are not whole."""
    if tonnes.denominator == 1:
        return f"{int(tonnes):,}"
    return f"{float(tonnes):,.3f}".rstrip("0").rstrip(".")
