"""Rows that are right by themselves but that no plan can use: a slip more often than not."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from hubopt.instance.nearest import nearest_of
from hubopt.text import Text
from hubopt.vocabulary import Access, Function, SiteStatus, Temperature

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubopt.instance.tables import Instance, Service


def slips(instance: Instance) -> Iterator[Text]:
    """Yield a note for each row that looks like a slip, in a fixed order."""
    yield from idle_links(instance)
    yield from idle_sites(instance)
    yield from vehicles_without_return(instance)
    yield from goods_without_cold(instance)
    yield from goods_without_worth(instance)


def idle_links(instance: Instance) -> Iterator[Text]:
    """Yield a note for each scheduled link that no service runs over."""
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


def idle_sites(instance: Instance) -> Iterator[Text]:
    """Yield a note for each site that cannot open, and each function of one without capacity."""
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


def vehicles_without_return(instance: Instance) -> Iterator[Text]:
    """Yield a note for each service from whose end no service of its class leads back to its start.

    Vehicles balance at every terminal, so that such a service cannot run at all.
    """
    classes: dict[str, list[Service]] = defaultdict(list)
    for service in instance.services:
        classes[service.vehicle_class].append(service)
    for name, services in sorted(classes.items()):
        for service in services:
            start, end = service.path[0], service.path[-1]
            if start not in led_to(services, end):
                able = [
                    other
                    for other, more in classes.items()
                    if other != name and start in led_to([*services, *more], end)
                ]
                near = nearest_of(name, able)
                guess = (
                    ("", "") if near is None else (f'; nearest "{near}"', f"；最接近的是“{near}”")
                )
                yield Text(
                    f'service {service.id} cannot run: no service of vehicle class "{name}"'
                    f" leads back from {end} to {start}{guess[0]}",
                    f"{service.id} 无法开行：运载工具类别“{name}”没有从 {end}"
                    f" 返回 {start} 的服务{guess[1]}",
                )


def led_to(services: list[Service], start: str) -> set[str]:
    """Return the terminals to which vehicles get from one, loaded or empty, over some services."""
    found, waiting = {start}, [start]
    while waiting:
        here = waiting.pop()
        ends = {s.path[-1] for s in services if s.path[0] == here}
        waiting += ends - found
        found |= ends
    return found


def goods_without_cold(instance: Instance) -> Iterator[Text]:
    """Yield a note for each chilled or frozen product that is shipped past no cold site."""
    shipped = {demand.product for demand in instance.demand}
    for product in instance.products:
        warm = product.temperature is Temperature.AMBIENT
        if product.id in shipped and not warm and Function.COLD not in product.chain:
            yield Text(
                f"product {product.id} is {product.temperature.value}, but its chain passes no"
                " cold site",
                f"产品 {product.id} 为 {product.temperature.value}，但其 chain 不经过冷链设施",
            )


def goods_without_worth(instance: Instance) -> Iterator[Text]:
    """Yield a note for goods that cost nothing to leave behind, and for demand of almost none."""
    shipped = {demand.product for demand in instance.demand}
    for product in instance.products:
        if product.id in shipped and not product.unserved_cost_cny_per_t:
            yield Text(
                f"product {product.id} costs nothing to leave behind, so that none need be served",
                f"产品 {product.id} 未满足时没有代价，可能完全不运",
            )
    tonnes = [row.demand_t_per_year for row in instance.demand if row.demand_t_per_year]
    if tonnes and median(tonnes) < 1:
        yield Text(
            f"the median shipment is {median(tonnes):.2g} t/year; is demand in 10,000 t?",
            f"单批运量的中位数仅为 {median(tonnes):.2g} 吨/年；是否以万吨为单位？",
        )
