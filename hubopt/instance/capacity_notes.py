"""What is worth knowing before a solve: where demand is above all capacity, by exact sums.

Nothing here is an error: tonnes that do not fit stay unserved at their price.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from hubopt.instance.demand_totals import demand_totals
from hubopt.instance.feature_notes import feature_notes
from hubopt.instance.slips import slips
from hubopt.text import Text
from hubopt.units import exact
from hubopt.vocabulary import Access, Cargo, Function, Mode, SiteStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hubopt.instance.demand_totals import Total
    from hubopt.instance.tables import Instance, Link, Module, Service

    Totals = tuple[Total, ...]

Tonnes = Fraction | None
"""A capacity in tonnes a year; `None` for no limit."""


def capacity_notes(instance: Instance) -> tuple[Text, ...]:
    """Return what is known of capacities before any solve, in a fixed order."""
    totals = tuple(demand_totals(instance.demand))
    return (
        *instance.notes,
        *handling_notes(instance, totals),
        *border_notes(instance, totals),
        *place_notes(instance, totals),
        *slips(instance),
        *feature_notes(instance),
    )


def handling_notes(instance: Instance, totals: Totals) -> Iterator[Text]:
    """Yield a note for each stage and function whose demand is above all sites' capacity."""
    for stage in instance.settings.stages:
        needed: dict[Function, list[Goods]] = defaultdict(list)
        for total in totals:
            if total.stage == stage.year:
                for function in instance.product[total.product].chain:
                    needed[function].append(goods_of(instance, total))
        for function in Function:
            most = largest_capacity(instance, function, stage.year)
            used = sum((row.used for row in needed[function]), Fraction(0))
            if most is not None and used > most:
                yield too_much_to_handle(stage.year, function, needed[function], most)


def too_much_to_handle(year: int, function: Function, goods: list[Goods], most: Fraction) -> Text:
    """Return the note on goods that all sites together cannot handle; at the peak they take more.

    A tonne left behind frees no more than the largest peak, so that at least so many stay behind.
    """
    tonnes = sum((row.tonnes for row in goods), Fraction(0))
    used = sum((row.used for row in goods), Fraction(0))
    peak = max(row.used / row.tonnes for row in goods if row.tonnes)
    over = said((used - most) / peak)
    en, zh = f"{said(tonnes)} t/year", f"{said(tonnes)} 吨/年"
    if used != tonnes:
        en += f" (at the peak {said(used)} t/year)"
        zh += f"（高峰折算 {said(used)} 吨/年）"
    return Text(
        f"{year}: demand for {function.value} {en} is above the largest capacity of all sites"
        f" {said(most)} t/year; at least {over} t/year cannot be served",
        f"{year} 年：{function.value} 需求 {zh}，超过全部设施的最大能力 {said(most)} 吨/年；"
        f"至少 {over} 吨/年无法满足",
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


@dataclass
class Room:
    """What some links carry: tonnes over open ones, payload aboard services by what they take."""

    open_t: Fraction = Fraction(0)
    payload_t: dict[frozenset[Cargo], Fraction] = field(
        default_factory=lambda: defaultdict(Fraction)
    )

    def lacks(self, goods: Iterable[Goods]) -> frozenset[Cargo] | None:
        """Return the loadings whose goods together do not fit, `None` if nothing proves it.

        Open links take a tonne for a tonne, services by space: the bulkiest go over open links.
        """
        listed = sorted(goods, key=lambda row: -row.space)
        for cargo in CARGOES:
            left, needed = self.open_t, Fraction(0)
            for row in listed:
                if row.cargo in cargo:
                    free = min(left, row.used)
                    left -= free
                    needed += (row.used - free) * row.space
            if needed > self.aboard(cargo):
                return cargo
        return None

    def aboard(self, cargo: frozenset[Cargo]) -> Fraction:
        """Return the payload of services that take any of some loadings."""
        parts = (payload for takes, payload in self.payload_t.items() if takes & cargo)
        return sum(parts, Fraction(0))


@dataclass(frozen=True)
class Goods:
    """Tonnes a year, payload of each, how they are loaded, and capacity used at the peak."""

    tonnes: Fraction
    space: Fraction
    cargo: Cargo
    used: Fraction


CARGOES = (frozenset(Cargo), *(frozenset({cargo}) for cargo in Cargo))
"""All goods together, and each loading by itself."""


def goods_of(instance: Instance, total: Total) -> Goods:
    """Return what shipments of a product load."""
    product = instance.product[total.product]
    used = total.tonnes * exact(product.peak_factor)
    return Goods(total.tonnes, exact(product.space_factor), product.cargo, used)


def weighed(goods: Iterable[Goods], room: Room, cargo: frozenset[Cargo]) -> tuple[Text, Text]:
    """Return the demand and the room that do not fit, in words."""
    some = [row for row in goods if row.cargo in cargo]
    tonnes = sum((row.tonnes for row in some), Fraction(0))
    payload = sum((row.used * row.space for row in some), Fraction(0))
    peak = any(row.used != row.tonnes for row in some)
    en, zh = f"{said(tonnes)} t/year", f"{said(tonnes)} 吨/年"
    if payload != tonnes:
        en += f" ({'at the peak ' if peak else ''}payload {said(payload)} t/year)"
        zh += f"（{'高峰' if peak else ''}占用载重 {said(payload)} 吨/年）"
    if cargo != CARGOES[0]:
        name = next(iter(cargo)).value
        en, zh = f"of {name} goods {en}", f"（{name}）{zh}"
    most = said(room.open_t + room.aboard(cargo))
    return Text(en, zh), Text(f"{most} t/year", f"{most} 吨/年")


def border_notes(instance: Instance, totals: Totals) -> Iterator[Text]:
    """Yield a note for each stage and direction whose demand is above all border crossings.

    A tonne from home to abroad crosses the border that way at least once, over an open link or
    over a leg of a service; the sum of what those carry is a bound whatever the route.
    """
    home = {p.id: p.country == instance.settings.home_country for p in instance.places}
    for stage in instance.settings.stages:
        for outward in (True, False):
            goods = [
                goods_of(instance, total)
                for total in totals
                if total.stage == stage.year
                and home[total.origin] is outward
                and home[total.destination] is not outward
            ]
            room = crossings(instance, home, stage.year, outward=outward)
            cargo = None if room is None else room.lacks(goods)
            if room is not None and cargo is not None:
                way = ("out of", "运出") if outward else ("into", "运入")
                needed, most = weighed(goods, room, cargo)
                yield Text(
                    f"{stage.year}: demand {way[0]} the home country {needed.en}"
                    f" is above all crossings at most departures {most.en}",
                    f"{stage.year} 年：{way[1]}本国的需求 {needed.zh}，超过全部过境线路"
                    f"与最大班次的能力 {most.zh}",
                )


def crossings(
    instance: Instance, home: dict[str, bool], year: int, *, outward: bool
) -> Room | None:
    """Return what can cross the border in one direction, `None` for no limit."""
    room = Room()
    for link in instance.links:
        crosses = home[link.from_place] is not home[link.to_place]
        right_way = home[link.from_place] is outward or link.both_ways
        if link.access is Access.OPEN and crosses and right_way:
            if link.capacity_t_per_year is None:
                return None
            room.open_t += exact(link.capacity_t_per_year)
    for service in instance.services:
        legs = sum(home[a] is outward and home[b] is not outward for a, b in pairwise(service.path))
        room.payload_t[service.cargo] += legs * service_capacity(service, year)
    return room


def service_capacity(service: Service, year: int) -> Fraction:
    """Return the payload a year on each leg of a service at its most departures."""
    if year < service.earliest_stage:
        return Fraction(0)
    yearly = service.most_per_week * service.weeks_per_year
    return exact(service.payload_t_per_departure) * yearly


def place_notes(instance: Instance, totals: Totals) -> Iterator[Text]:
    """Yield a note for each stage and place whose demand is above all that its links carry."""
    touching: dict[str, list[Link]] = defaultdict(list)
    for link in instance.links:
        touching[link.from_place].append(link)
        touching[link.to_place].append(link)
    needed: dict[tuple[int, str], list[Goods]] = defaultdict(list)
    for total in totals:
        for place in (total.origin, total.destination):
            needed[total.stage, place].append(goods_of(instance, total))
    aboard = legs_of(instance)
    for (year, place), goods in sorted(needed.items(), key=lambda pair: pair[0]):
        room = room_at(touching[place], aboard, year)
        cargo = None if room is None else room.lacks(goods)
        if room is not None and cargo is not None:
            demand_words, most = weighed(goods, room, cargo)
            yield Text(
                f"{year}: demand from and to {place} {demand_words.en} is above all its"
                f" links and services {most.en}",
                f"{year} 年：{place} 的进出需求 {demand_words.zh}，超过其全部线路与班次"
                f"的能力 {most.zh}",
            )


def legs_of(instance: Instance) -> dict[tuple[str, str, Mode], list[Service]]:
    """Return the services over each leg by (from, to, mode)."""
    found: dict[tuple[str, str, Mode], list[Service]] = defaultdict(list)
    for service in instance.services:
        for a, b in pairwise(service.path):
            found[a, b, service.mode].append(service)
    return found


def room_at(
    links: list[Link], aboard: dict[tuple[str, str, Mode], list[Service]], year: int
) -> Room | None:
    """Return what some links carry, `None` for no limit; a link's own limit may bind its services.

    Services under a limit of their link are taken to have room for whatever that lets pass.
    """
    room = Room()
    for link in links:
        own = None if link.capacity_t_per_year is None else exact(link.capacity_t_per_year)
        if link.access is Access.OPEN:
            if own is None:
                return None
            room.open_t += own
            continue
        services = list(aboard.get((link.from_place, link.to_place, link.mode), ()))
        if link.both_ways:
            services += aboard.get((link.to_place, link.from_place, link.mode), ())
        total = sum((service_capacity(service, year) for service in services), Fraction(0))
        if own is not None and own < total:
            room.open_t += own
            continue
        for service in services:
            room.payload_t[service.cargo] += service_capacity(service, year)
    return room


def said(tonnes: Fraction) -> str:
    """Return tonnes with thousands separators, to the kilogram where they are not whole."""
    if tonnes.denominator == 1:
        return f"{int(tonnes):,}"
    return f"{float(tonnes):,.3f}".rstrip("0").rstrip(".")
