"""What both shapes of hub medians ask of an instance, and its sites as hubs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hubopt.engine.hubs.hops import ticks
from hubopt.engine.star.recognise import plain_sites, plain_tables, used_products
from hubopt.network.graph import base_modes
from hubopt.vocabulary import NOT_HANDLING, Access

if TYPE_CHECKING:
    from hubopt.instance.tables import Instance, Link, Product
    from hubopt.problem.problem import Floats
    from hubopt.vocabulary import Function

STOPS = 2
"""Goods are handled at their first hub and at their last."""


@dataclass(frozen=True)
class Stop:
    """One handling at each site: CNY a tonne, millionths of an hour, infinite where it is not."""

    cost: Floats
    ticks: Floats


def plain(instance: Instance) -> bool:
    """Tell whether there is nothing but sites of one size, open links and plain goods."""
    return (
        plain_tables(instance)
        and plain_sites(instance)
        and plain_goods(instance)
        and all(plain_link(link) for link in instance.links)
    )


def plain_goods(instance: Instance) -> bool:
    """Tell whether all goods are handled alike at two stops, and cost by the tonne alone."""
    goods = used_products(instance)
    return (
        all(plain_product(product) for product in goods)
        and len({(p.chain, p.cost_factor, base_modes(p)) for p in goods}) == 1
        and all(not d.single_source and d.origin != d.destination for d in instance.demand)
    )


def plain_product(product: Product) -> bool:
    """Tell whether a product is handled twice, and costs by the tonne alone."""
    return (
        len(product.chain) == STOPS
        and not NOT_HANDLING & set(product.chain)
        and product.cost_factor > 0
        and product.value_cny_per_t == 0
        and product.parcels_per_t == 0
    )


def plain_link(link: Link) -> bool:
    """Tell whether a link is open to any amount at any time."""
    return link.access is Access.OPEN and link.capacity_t_per_year is None


def links_in_use(instance: Instance) -> list[Link]:
    """Return the links of modes in which goods move from stop to stop, without any transfer."""
    modes = base_modes(used_products(instance)[0])
    return [link for link in instance.links if link.mode in modes]


def stops_of(instance: Instance) -> tuple[Stop, Stop] | None:
    """Return what the two handlings cost at each site, None if any is limited, or hours are odd."""
    first, last = (stop_of(instance, does) for does in used_products(instance)[0].chain)
    return None if first is None or last is None else (first, last)


def stop_of(instance: Instance, does: Function) -> Stop | None:
    """Return what one handling costs at each site, None if it is limited, or hours are odd."""
    able = able_sites(instance, does)
    if able is None:
        return None
    number = {site.id: here for here, site in enumerate(instance.sites)}
    cost, hours = np.full(len(number), np.inf), np.full(len(number), np.inf)
    for row in instance.handling:
        if row.function is does and row.site in able:
            cost[number[row.site]] = row.cost_cny_per_t
            hours[number[row.site]] = ticks(row.time_h)
    return None if np.isnan(hours).any() else Stop(cost, hours)


def able_sites(instance: Instance, does: Function) -> set[str] | None:
    """Return the sites that do something without a limit, None if a site does it with one."""
    rows = [row for row in instance.capacities if row.function is does]
    if any(row.capacity_t_per_year for row in rows):
        return None
    return {row.site for row in rows if row.capacity_t_per_year is None}
