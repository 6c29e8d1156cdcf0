"""What each shipment costs by its first and last hub, where each way between stops is one link."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hubopt.engine.hubs.hops import ticks
from hubopt.engine.star.recognise import used_products
from hubopt.plan.pricing import demand_kg
from hubopt.units import CNY_PER_MCNY, KG_PER_T, exact, present_value_weight

if TYPE_CHECKING:
    from hubopt.engine.hubs.hops import Way
    from hubopt.engine.hubs.plain import Stop
    from hubopt.instance.tables import Instance
    from hubopt.problem.problem import Floats, Ints

AT_ONCE = 1_000_000
"""Shipments x hubs x hubs that are computed together."""


@dataclass(frozen=True)
class Reach:
    """Ways from cities to hubs, between hubs and to cities, and the cities of each shipment."""

    inward: Way
    between: Way
    outward: Way
    origin: Ints
    destination: Ints


def with_hours(way: Way, stop: Stop) -> Way:
    """Return ways with the hours of what is done at the end of each, a column for each site."""
    return type(way)(way.cost, way.ticks + stop.ticks, way.other + stop.ticks)


def turned(way: Way) -> Way:
    """Return ways by their ends first."""
    return type(way)(*(table.T for table in way))


def per_t(instance: Instance, reach: Reach) -> Floats | None:
    """Return shipments x first hub x last hub, CNY a tonne, infinite where it would be late.

    None if a shipment has the time for another way between stops that may be better.
    """
    latest = np.array([
        np.inf if d.latest_h is None else ticks(d.latest_h) for d in instance.demand
    ])  # fmt: skip
    if np.isnan(latest).any():
        return None
    sites = len(reach.between.cost)
    found = np.empty((len(latest), sites, sites))
    step = max(1, AT_ONCE // sites**2)
    for start in range(0, len(latest), step):
        some = slice(start, start + step)
        ways = ways_of(reach, some)
        if np.any(least_other(ways) <= np.minimum(latest[some, None, None], np.finfo(float).max)):
            return None
        hours = sum(way.ticks for way in ways)
        found[some] = np.where(hours <= latest[some, None, None], total(ways), np.inf)
    return found


def ways_of(reach: Reach, some: slice) -> tuple[Way, Way, Way]:
    """Return the three parts of the ways of some shipments, to be added up."""
    inward, outward = reach.inward, turned(reach.outward)
    return (
        type(inward)(*(table[reach.origin[some]][:, :, None] for table in inward)),
        type(inward)(*(table[None] for table in reach.between)),
        type(inward)(*(table[reach.destination[some]][:, None, :] for table in outward)),
    )


def total(ways: tuple[Way, Way, Way]) -> Floats:
    """Return what the ways cost in all."""
    inward, between, outward = ways
    return np.asarray(inward.cost + between.cost + outward.cost)


def least_other(ways: tuple[Way, Way, Way]) -> Floats:
    """Return the least time of a route that goes another way somewhere between two stops."""
    inward, between, outward = ways
    a, b, c = (np.minimum(way.ticks, way.other) for way in ways)
    found = np.minimum(inward.other + b + c, a + between.other + c)
    return np.asarray(np.minimum(found, a + b + outward.other))


def weight(instance: Instance) -> float:
    """Return the present value of a CNY a year."""
    settings = instance.settings
    (stage,) = settings.stages
    rate = exact(settings.discount_rate)
    return float(present_value_weight(rate, stage.year, stage.years, settings.base_year))


def in_money(instance: Instance, cost: Floats) -> tuple[Floats, Floats]:
    """Return costs, no more than leaving behind costs, and those, in million CNY of each shipment.

    `cost` is shipments x hubs x hubs, CNY a tonne.
    """
    kg = np.array([demand_kg(d) for d in instance.demand], dtype=float)
    money = kg / KG_PER_T / CNY_PER_MCNY * weight(instance)
    behind = money * [instance.product[d.product].unserved_cost_cny_per_t for d in instance.demand]
    there = np.isfinite(cost)
    found = np.where(there, np.where(there, cost, 0.0) * money[:, None, None], np.inf)
    return np.minimum(found, behind[:, None, None]), behind


def factor(instance: Instance) -> float:
    """Return what all goods pay for a move, as a multiple of its price."""
    return used_products(instance)[0].cost_factor
