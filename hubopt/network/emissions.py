"""Emissions per tonne of each step, well-to-wheel and tank-to-wheel, in the manner of ISO 14083.

Each transport and hub operation is a chain element of its own: tonne-kilometres times a factor for
a leg, energy times the grid's factor for handling, a stated figure for a change of mode. What
making the electricity of battery trucks emits stands beside its leg, since it has another source;
the tonne-kilometres are those of the leg. Electricity has no tank-to-wheel emissions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubopt.network.steps import Change, Handle
from hubopt.units import G_PER_KG

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubopt.instance.tables import Link, Product
    from hubopt.network.graph import Network
    from hubopt.network.steps import Step


@dataclass(frozen=True, slots=True)
class Emission:
    """One chain element: kg CO2e per tonne, distance (0 for hubs) and where the factor is from.

    Of a leg and its electricity `wtw_factor` and `ttw_factor` are g/tkm before the product's
    factor; of a hub they are the kilograms themselves.
    """

    element: str
    kind: str
    mode: str
    distance_km: float
    wtw_kg_per_t: float
    ttw_kg_per_t: float
    source: str
    wtw_factor: float
    ttw_factor: float
    distance_source: str = ""


HUB, LEG, ELECTRICITY = "hub", "leg", "electricity"
"""Kinds of elements."""

GRID = "grid factor of the instance"
"""Where the factor of electricity is from."""


def ledger(network: Network, product: Product, step: Step) -> Iterator[Emission]:
    """Yield the chain elements of one step of a route for a product."""
    if isinstance(step, Handle):
        row = network.handling[step.site, step.function]
        kg = row.energy_kwh_per_t * network.instance.settings.grid_kg_co2e_per_kwh
        yield Emission(step.site, HUB, step.function, 0.0, kg, 0.0, GRID, kg, 0.0)
    elif isinstance(step, Change):
        change = network.transfer(step)
        name = f"{step.from_mode}>{step.to_mode}"
        wtw, ttw = change.wtw_kg_per_t, change.ttw_kg_per_t
        yield Emission(step.place, HUB, name, 0.0, wtw, ttw, "transfers", wtw, ttw)
    else:
        for link in network.legs(step):
            wtw, ttw = network.rates.fuel_g_per_tkm(link)
            yield driven(link, product, LEG, link.emission_source, wtw, ttw)
            if link.kwh_per_tkm:
                wtw = network.rates.grid_g_per_tkm(link)
                yield driven(link, product, ELECTRICITY, GRID, wtw, 0.0)


def driven(
    link: Link, product: Product, kind: str, source: str, wtw_factor: float, ttw_factor: float
) -> Emission:
    """Return an element of a link from its factors in g/tkm."""
    t_km = link.distance_km * product.emission_factor / G_PER_KG
    return Emission(
        f"{link.from_place}>{link.to_place}", kind, link.mode, link.distance_km,
        wtw_factor * t_km, ttw_factor * t_km, source, wtw_factor, ttw_factor,
        link.distance_source,
    )  # fmt: skip
