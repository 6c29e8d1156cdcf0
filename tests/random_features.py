"""Random features of routes for the random instances: what they cost, take and may use."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING

from hubopt.instance.tables import Capacity, Handling, Link, Vehicle
from hubopt.vocabulary import Access, Function, Mode

if TYPE_CHECKING:
    from hubopt.instance.tables import Demand, Instance, Product, Site

ROAD, BATTERY, RAIL = Mode.ROAD_DIESEL, Mode.ROAD_BATTERY, Mode.RAIL
RETURNS, CHARGING = Function.RETURNS, Function.CHARGING
SIZES = (None, 900.0, 4000.0)
DISTRICTS = ("east", "west")


def featured(seed: int, instance: Instance) -> Instance:
    """Return an instance with features at random; their draws leave those of the rest alone."""
    rng = random.Random(f"features of {seed}")
    plain = replace(
        instance,
        handling=tuple(handled(rng, row) for row in instance.handling),
        products=tuple(valued(rng, row) for row in instance.products),
        vehicles=vehicles(rng),
    )
    driven = electric(rng, plain) if rng.random() < 0.5 else plain
    return returned(rng, driven) if rng.random() < 0.4 else driven


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
        peak_factor=rng.choice([1.0, 1.0, 1.25, 1.6]),
    )


def vehicles(rng: random.Random) -> tuple[Vehicle, ...]:
    """Return rows on lorries and trains, now and then; batteries may be too small for a road."""
    rows = (
        Vehicle(ROAD, rng.choice([None, 900.0]), rng.choice([1.0, 0.8]), rng.choice([0.0, 0.004])),
        Vehicle(BATTERY, rng.choice([None, 260.0, 200.0]), 0.85, 0.002),
        Vehicle(RAIL, None, rng.choice([1.0, 0.9]), rng.choice([0.0, 0.0005])),
    )
    return tuple(row for row in rows if rng.random() < 0.6)


def electric(rng: random.Random, instance: Instance) -> Instance:
    """Return an instance with a road for batteries, charged at DC_A if at all, for daily goods."""
    charged = rng.random() < 0.7
    road = Link(
        "A", "B", BATTERY, True, Access.OPEN, 130.0, "test", rng.choice([20.0, 45.0]), 2.2,
        rng.choice([None, 2500.0]), 0.0, 0.0, "test", 0.12, "DC_A" if charged else None,
    )  # fmt: skip
    chargers = Capacity("DC_A", "small", CHARGING, rng.choice(SIZES))
    return replace(
        instance,
        links=(*instance.links, road),
        capacities=(*instance.capacities, *([chargers] if charged else [])),
        products=tuple(
            replace(row, modes=row.modes | {BATTERY}) if row.id == "FMCG" else row
            for row in instance.products
        ),
    )


def returned(rng: random.Random, instance: Instance) -> Instance:
    """Return an instance whose daily goods are returns, handled in some district at either city."""
    home = replace(instance.settings, returns_to_origin_district=rng.random() < 0.7)
    return replace(
        instance,
        settings=home,
        sites=tuple(placed(rng, row) for row in instance.sites),
        handling=(
            *instance.handling,
            Handling("DC_A", RETURNS, 40.0, 8.0, 3.0),
            Handling("DC_B", RETURNS, rng.choice([10.0, 50.0]), 8.0, 3.0),
        ),
        capacities=(
            *instance.capacities,
            Capacity("DC_A", "small", RETURNS, rng.choice(SIZES)),
            Capacity("DC_B", "small", RETURNS, rng.choice(SIZES)),
        ),
        products=tuple(
            replace(row, chain=(RETURNS,)) if row.id == "FMCG" else row for row in instance.products
        ),
        demand=tuple(cleared(rng, row) for row in instance.demand),
    )


def placed(rng: random.Random, site: Site) -> Site:
    """Return a site in a district."""
    return replace(site, district=rng.choice(DISTRICTS))


def cleared(rng: random.Random, shipment: Demand) -> Demand:
    """Return a shipment that may have been cleared in a district."""
    return replace(shipment, district=rng.choice([None, *DISTRICTS]))
