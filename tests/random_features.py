"""Random features of routes for the random instances: what they cost, take and may use."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING

from hubopt.instance.tables import Product, Vehicle
from hubopt.vocabulary import Mode

if TYPE_CHECKING:
    from hubopt.instance.tables import Handling, Instance

ROAD, RAIL = Mode.ROAD_DIESEL, Mode.RAIL


def featured(seed: int, instance: Instance) -> Instance:
    """Return an instance with features at random; their draws leave those of the rest alone."""
    rng = random.Random(f"features of {seed}")
    return replace(
        instance,
        handling=tuple(handled(rng, row) for row in instance.handling),
        products=tuple(valued(rng, row) for row in instance.products),
        vehicles=vehicles(rng),
    )


def handled(rng: random.Random, row: Handling) -> Handling:
    """Return handling that is now and then quicker for what was cleared, and paid by the parcel."""
    return replace(
        row,
        cleared_time_h=rng.choice([None, 0.0, 2.0]),
        cost_cny_per_parcel=rng.choice([0.0, 0.0, 0.05]),
    )


def valued(rng: random.Random, row: Product) -> Product:
    """Return goods that may spoil, be financed, be counted by the parcel, and have a peak."""
    return replace(
        row,
        spoilage_share_per_day=rng.choice([0.0, 0.0, 0.01]),
        finance_share=rng.choice([0.0, 0.005]),
        parcels_per_t=rng.choice([0.0, 400.0]),
    )


def vehicles(rng: random.Random) -> tuple[Vehicle, ...]:
    """Return rows on lorries and trains, now and then."""
    rows = (
        Vehicle(ROAD, None, rng.choice([1.0, 0.8]), rng.choice([0.0, 0.004])),
        Vehicle(RAIL, None, rng.choice([1.0, 0.9]), rng.choice([0.0, 0.0005])),
    )
    return tuple(row for row in rows if rng.random() < 0.6)
