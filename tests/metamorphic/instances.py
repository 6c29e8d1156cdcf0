"""What relations are held against: random instances plain, fully dressed, or limited as well."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from functools import cache
from random import Random
from typing import TYPE_CHECKING

from hubopt.errors import InputError
from hubopt.instance.tables import Limit, Vehicle
from hubopt.vocabulary import Function, LimitKind, Mode
from tests.metamorphic.optimum import Optimum, optimum
from tests.metamorphic.relation import if_allowed
from tests.random_instances import random_instance
from tests.random_networks import random_network

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubopt.instance.rows import Demand, Handling, Link, Product
    from hubopt.instance.tables import Instance

LIMIT_CHANCE = 0.3

EVERY_ROUTE = 5000


@cache
def tiny_optimum(seed: int) -> Optimum:
    """Return the optimum of a random instance; all relations share it."""
    return optimum(varied(random_instance(seed), seed))


@cache
def tangled_optimum(seed: int) -> Optimum | None:
    """Return the optimum of a tangled network, None where it carries nothing."""
    network = None
    with suppress(InputError):
        network = tangled(seed)
    return None if network is None else optimum(varied(network, seed))


def varied(instance: Instance, seed: int) -> Instance:
    """Return an instance plain, dressed, or dressed and restricted, by turns."""
    rng = Random(seed)
    turn = seed % 3
    if turn == 0:
        return instance
    return dressed(instance, rng) if turn == 1 else restricted(dressed(instance, rng), rng)


def dressed(instance: Instance, rng: Random) -> Instance:
    """Return an instance with something in every optional column of prices, times and energy."""
    known = {row.mode for row in instance.vehicles}
    new = [mode for mode in (Mode.RAIL, Mode.AIR, Mode.ROAD_DIESEL) if mode not in known]
    vehicles = [
        Vehicle(mode, None, rng.choice([1.0, 0.8]), rng.choice([0.0, 1e-4])) for mode in new
    ]
    return replace(
        instance,
        handling=tuple(dressed_handling(row, rng) for row in instance.handling),
        links=tuple(dressed_link(row, rng) for row in instance.links),
        products=tuple(dressed_product(row, rng) for row in instance.products),
        vehicles=(*instance.vehicles, *rng.sample(vehicles, rng.randint(0, len(vehicles)))),
    )


def dressed_handling(row: Handling, rng: Random) -> Handling:
    """Return handling that costs by the parcel too, and clears faster."""
    cost = row.cost_cny_per_parcel or rng.choice([0.0, 0.25])
    return replace(row, cost_cny_per_parcel=cost, cleared_time_h=row.cleared_time_h or 2.0)


def dressed_link(row: Link, rng: Random) -> Link:
    """Return a link that takes electricity too."""
    return replace(row, kwh_per_tkm=row.kwh_per_tkm or rng.choice([0.0, 0.08]))


def dressed_product(row: Product, rng: Random) -> Product:
    """Return goods that spoil, come in parcels and are financed across the border."""
    return replace(
        row,
        spoilage_share_per_day=row.spoilage_share_per_day or rng.choice([0.0, 0.001]),
        finance_share=row.finance_share or rng.choice([0.0, 0.004]),
        parcels_per_t=row.parcels_per_t or rng.choice([40.0, 300.0]),
    )


def restricted(instance: Instance, rng: Random) -> Instance:
    """Return an instance with promises, single sources, peaks, least use and more limits.

    The same instance, where the limits that are drawn are refused together.
    """
    least_t = rng.choice([0.05, 0.1]) * tonnes(instance)
    drawn = (limit for limit in more_limits(instance, rng) if rng.random() < LIMIT_CHANCE)
    old = {row.kind for row in instance.limits}
    return (
        if_allowed(
            instance,
            handling=tuple(
                replace(row, least_t_per_year=rng.choice([None, None, least_t]))
                for row in instance.handling
            ),
            products=tuple(
                replace(row, peak_factor=rng.choice([1.0, 1.25])) for row in instance.products
            ),
            demand=tuple(promised(row, rng) for row in instance.demand),
            limits=(*instance.limits, *(row for row in drawn if row.kind not in old)),
        )
        or instance
    )


def promised(row: Demand, rng: Random) -> Demand:
    """Return a shipment that may be promised, and may have to be handled at one site."""
    hours = rng.choice([None, 10.0, 100.0, 420.0])
    if hours is not None and row.latest_h is not None:
        hours = min(hours, row.latest_h)
    return replace(row, promised_h=hours, single_source=rng.random() < LIMIT_CHANCE)


def tonnes(instance: Instance) -> float:
    """Return the tonnes of the last stage."""
    last = instance.settings.stages[-1].year
    return sum(row.demand_t_per_year for row in instance.demand if row.stage == last)


def more_limits(instance: Instance, rng: Random) -> Iterator[Limit]:
    """Yield a limit of every kind that random instances have none of."""
    year = instance.settings.stages[-1].year
    goods = rng.choice([None, rng.choice(instance.products).id])
    centre = Function.CONSOLIDATION
    cap_t = rng.choice([0.03, 0.1, 0.3]) * tonnes(instance)
    yield Limit(LimitKind.EMISSIONS_AT_MOST, year, None, cap_t, goods)
    yield Limit(LimitKind.SERVICE_LEVEL, year, None, rng.choice([0.2, 0.5, 0.8]), goods)
    yield Limit(LimitKind.MODE_SHARE_AT_LEAST, year, None, 0.3, goods, mode=Mode.RAIL)
    yield Limit(LimitKind.MODE_SHARE_AT_MOST, year, None, 0.4, goods, mode=Mode.AIR)
    yield Limit(LimitKind.SITES_AT_LEAST, year, centre, rng.choice([1.0, 2.0]))
    yield Limit(LimitKind.COVERAGE, year, centre, 1.0, hours=rng.choice([1.0, 3.0]))
    yield Limit(LimitKind.SINGLE_SOURCE, year, None, 1.0)


def tangled(seed: int) -> Instance:
    """Return a tangled network with every route listed, where not all goods are worth a route."""
    network, rng = random_network(seed), Random(seed)
    unserved = rng.choice([2e3, 2e4, 1e6])
    departure = rng.choice([1e3, 1e5])
    return replace(
        network,
        settings=replace(network.settings, routes_per_shipment=EVERY_ROUTE),
        products=tuple(replace(row, unserved_cost_cny_per_t=unserved) for row in network.products),
        services=tuple(
            replace(
                row, cost_cny_per_departure=departure, empty_cost_cny_per_departure=departure / 2
            )
            for row in network.services
        ),
    )
