"""Emissions per tonne of each step, well-to-wheel and tank-to-wheel, in the manner of ISO 14083.

Each transport and hub operation is a chain element of its own: tonne-kilometres times a factor for
a leg, energy times the grid's factor for handling, a stated figure for a change of mode.
Electricity has no tank-to-wheel emissions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubopt.network.steps import Change, Handle
from hubopt.units import G_PER_KG

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubopt.instance.tables import Product
    from hubopt.network.graph import Network
    from hubopt.network.steps import Step


@dataclass(frozen=True, slots=True)
class Emission:
    """One chain element: kg CO2e per tonne, distance (0 for hubs) and where the factor is from."""

    element: str
    kind: str
    mode: str
    distance_km: float
    wtw_kg_per_t: float
    ttw_kg_per_t: float
    source: str


def ledger(network: Network, product: Product, step: Step) -> Iterator[Emission]:
    """Yield the chain elements of one step of a route for a product."""
    if isinstance(step, Handle):
        row = network.handling[step.site, step.function]
        kg = row.energy_kwh_per_t * network.instance.settings.grid_kg_co2e_per_kwh
        yield Emission(step.site, "hub", step.function, 0.0, kg, 0.0, "grid factor of the instance")
    elif isinstance(step, Change):
        change = network.transfer(step)
        name = f"{step.from_mode}>{step.to_mode}"
        yield Emission(
            step.place, "hub", name, 0.0, change.wtw_kg_per_t, change.ttw_kg_per_t, "transfers"
        )
    else:
        for link in network.legs(step):
            t_km = link.distance_km * product.emission_factor / G_PER_KG
            yield Emission(
                f"{link.from_place}>{link.to_place}",
                "leg",
                link.mode,
                link.distance_km,
                link.wtw_g_per_tkm * t_km,
                link.ttw_g_per_tkm * t_km,
                link.emission_source,
            )
