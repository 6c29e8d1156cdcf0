"""Relations that add, split, delay or hurry shipments, and that copy all of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hubopt.network.steps import Move, Ride
from hubopt.plan.pricing import Pricer, demand_kg
from hubopt.units import KG_PER_T
from hubopt.vocabulary import NOT_HANDLING, LimitKind
from tests.metamorphic.names import names_of, renamed
from tests.metamorphic.relation import Sense, Twin, if_allowed, instead, limited, one_of
from tests.metamorphic.units import OF_LIMITS
from tests.optimum import DUST_KT

if TYPE_CHECKING:
    from random import Random

    from hubopt.instance.rows import Demand
    from hubopt.instance.tables import Instance
    from tests.metamorphic.relation import Relation
    from tests.optimum import Optimum

SHARES = (
    LimitKind.SERVICE_LEVEL,
    LimitKind.MODE_SHARE_AT_LEAST,
    LimitKind.MODE_SHARE_AT_MOST,
    LimitKind.DELIVERY_SHARE_AT_LEAST,
)
"""Kinds of limits on shares, which fewer goods may break."""

COUNTS = frozenset({LimitKind.SITES_AT_MOST, LimitKind.SITES_AT_LEAST, *OF_LIMITS})
"""Kinds of limits whose value doubles when everything does."""


def international(instance: Instance, row: Demand) -> bool:
    """Tell whether a shipment crosses a border between its ends."""
    return instance.place[row.origin].country != instance.place[row.destination].country


def nothing_more_to_carry(base: Optimum, rng: Random) -> Twin:
    """Add a shipment of nothing between the ends of another: there is nothing to carry."""
    row = rng.choice(base.instance.demand)
    empty = replace(row, id="nothing", demand_t_per_year=0.0)
    return Twin(replace(base.instance, demand=(*base.instance.demand, empty)))


def shipment_split(base: Optimum, rng: Random) -> Twin | None:
    """Split a shipment in two: both may share out its routes as they were, to the kilogram.

    Only where all of it must be handled at one site, each half may choose its own.
    """
    row = one_of(rng, [row for row in base.instance.demand if demand_kg(row) > 1])
    if row is None:
        return None
    total = demand_kg(row)
    part = rng.randint(1, total - 1)
    halves = (
        replace(row, demand_t_per_year=part / KG_PER_T),
        replace(row, id=f"{row.id} rest", demand_t_per_year=(total - part) / KG_PER_T),
    )
    demand = instead(base.instance.demand, row, *halves)
    sense = Sense.AT_MOST if row.single_source else Sense.EQUAL
    return Twin(replace(base.instance, demand=demand), sense)


def product_under_two_names(base: Optimum, rng: Random) -> Twin | None:
    """Call the goods of one shipment by another name: all else about them is the same."""
    row = rng.choice(base.instance.demand)
    if any(limit.goods == row.product for limit in base.instance.limits):
        return None
    other = replace(base.instance.product[row.product], id="the same by another name")
    demand = instead(base.instance.demand, row, replace(row, product=other.id))
    products = (*base.instance.products, other)
    return Twin(replace(base.instance, products=products, demand=demand))


def deadline_loosened(base: Optimum, rng: Random) -> Twin | None:
    """Give a shipment more time: what came in time still does."""
    row = one_of(rng, [row for row in base.instance.demand if row.latest_h is not None])
    if row is None or row.latest_h is None:
        return None
    later = replace(row, latest_h=rng.choice([None, row.latest_h + 50, 20 * row.latest_h]))
    demand = instead(base.instance.demand, row, later)
    return Twin(replace(base.instance, demand=demand), Sense.AT_MOST)


def deadline_tightened(base: Optimum, rng: Random) -> Twin:
    """Give a shipment less time: what comes in time did before."""
    row = rng.choice(base.instance.demand)
    hours = rng.choice([3.0, 12.0, 100.0, 400.0])
    sooner = due(row, hours if row.latest_h is None else row.latest_h / 2)
    demand = instead(base.instance.demand, row, sooner)
    return Twin(replace(base.instance, demand=demand), Sense.AT_LEAST)


def due(row: Demand, latest_h: float) -> Demand:
    """Return a shipment that must arrive in so many hours; a later promise means no more."""
    promised_h = None if row.promised_h is None else min(row.promised_h, latest_h)
    return replace(row, latest_h=latest_h, promised_h=promised_h)


def deadlines_of_the_best_plan(base: Optimum, _: Random) -> Twin | None:
    """Ask for every shipment as fast as it arrives: the best plan stays one."""
    if not base.feasible:
        return None
    slowest = {row.id: 0.0 for row in base.instance.demand}
    for column, kt in enumerate(base.flows_kt):
        ident = base.problem.shipment_ids[int(base.problem.column_shipment[column])]
        if kt > DUST_KT:
            slowest[ident] = max(slowest[ident], base.problem.column_time_h[column])
    demand = tuple(
        due(row, round(slowest[row.id] + 1e-3, 3)) if slowest[row.id] else row
        for row in base.instance.demand
    )
    made = if_allowed(base.instance, demand=demand)
    return None if made in {None, base.instance} else Twin(made)


def less_to_carry(base: Optimum, rng: Random) -> Twin | None:
    """Ask for less of one shipment: where nothing has a floor, carry that much less of it."""
    floors = any(row.least_t_per_year for row in base.instance.handling)
    if floors or limited(base.instance, *SHARES):
        return None
    row = rng.choice(base.instance.demand)
    less = replace(row, demand_t_per_year=round(row.demand_t_per_year * rng.uniform(0, 0.9), 3))
    demand = instead(base.instance.demand, row, less)
    return Twin(replace(base.instance, demand=demand), Sense.AT_MOST)


def handling_dearer_for_all(base: Optimum, rng: Random) -> Twin:
    """Let all handling cost more, and leaving behind as much more: every handled tonne pays it."""
    instance, more = base.instance, rng.randint(5, 90)
    times = {row.id: len(row.chain) for row in instance.products}
    products = tuple(
        replace(row, unserved_cost_cny_per_t=row.unserved_cost_cny_per_t + more * times[row.id])
        for row in instance.products
    )
    handling = tuple(
        replace(row, cost_cny_per_t=row.cost_cny_per_t + more)
        for row in instance.handling
        if row.function not in NOT_HANDLING
    )
    paid = sum(more * times[row.product] * worth_t(base, row) for row in instance.demand)
    return Twin(replace(instance, products=products, handling=handling), plus_mcny=paid / 1e6)


def clearance_dearer_for_all(base: Optimum, rng: Random) -> Twin | None:
    """Let every clearance cost more, and leaving behind as much more: every such tonne pays it.

    It does so once, where no route that is listed crosses the border twice.
    """
    instance, more = base.instance, rng.randint(5, 90)
    abroad = {row.product for row in instance.demand if international(instance, row)}
    at_home = {row.product for row in instance.demand if not international(instance, row)}
    if abroad & at_home or not abroad or crosses_twice(base):
        return None
    products = tuple(
        replace(row, unserved_cost_cny_per_t=row.unserved_cost_cny_per_t + more)
        if row.id in abroad
        else row
        for row in instance.products
    )
    customs = tuple(
        replace(row, cost_cny_per_t=row.cost_cny_per_t + more) for row in instance.customs
    )
    paid = sum(more * worth_t(base, row) for row in instance.demand if row.product in abroad)
    return Twin(replace(instance, products=products, customs=customs), plus_mcny=paid / 1e6)


def crosses_twice(base: Optimum) -> bool:
    """Tell whether any route that is listed is cleared more than once."""
    pricer = Pricer(base.instance)
    return any(
        sum(isinstance(s, Move | Ride) and pricer.clearance(s) is not None for s in steps) > 1
        for steps in base.problem.column_steps
    )


def worth_t(base: Optimum, row: Demand) -> float:
    """Return the tonnes of a shipment times the present value of 1 CNY a year in its stage."""
    return demand_kg(row) / KG_PER_T * base.weight(row.stage)


def two_of_everything(base: Optimum, _: Random) -> Twin | None:
    """Put a second network beside the first: two best plans; limits in common may spare some."""
    instance = base.instance
    if any(limit.area or limit.goods for limit in instance.limits):
        return None
    twin = renamed(
        replace(instance, limits=()), {name: f"{name} two" for name in names_of(instance)}
    )
    tables = {
        name: (*getattr(instance, name), *getattr(twin, name))
        for name in (
            "places", "sites", "handling", "modules", "capacities", "links", "services",
            "transfers", "customs", "products", "demand",
        )
    }  # fmt: skip
    limits = tuple(
        replace(row, value=2 * row.value) if row.kind in COUNTS else row for row in instance.limits
    )
    sense = Sense.AT_MOST if limits else Sense.EQUAL
    return Twin(replace(instance, limits=limits, **tables), sense, factor=2.0)


def fewer_routes_listed(base: Optimum, _: Random) -> Twin:
    """List a single route per shipment: what it can do, all could."""
    settings = replace(base.instance.settings, routes_per_shipment=1)
    return Twin(replace(base.instance, settings=settings), Sense.AT_LEAST)


RELATIONS: tuple[Relation, ...] = (
    nothing_more_to_carry,
    shipment_split,
    product_under_two_names,
    deadline_loosened,
    deadline_tightened,
    deadlines_of_the_best_plan,
    less_to_carry,
    handling_dearer_for_all,
    clearance_dearer_for_all,
    two_of_everything,
    fewer_routes_listed,
)
