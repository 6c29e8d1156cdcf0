"""What relations are held against: random instances plain, fully dressed, or limited as well."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from functools import cache
from random import Random
from typing import TYPE_CHECKING

from hubopt.errors import InputError
from hubopt.instance.tables import Vehicle
from hubopt.vocabulary import Mode
from tests.optimum import Optimum, optimum
from tests.random_instances import random_instance
from tests.random_limits import limited
from tests.random_networks import random_network

if TYPE_CHECKING:
    from hubopt.instance.rows import Handling, Link, Product
    from hubopt.instance.tables import Instance

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
    """Return an instance plain, dressed, or dressed and limited, by turns."""
    rng = Random(seed)
    turn = seed % 3
    if turn == 0:
        return instance
    return dressed(instance, rng) if turn == 1 else limited(rng, dressed(instance, rng))


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
