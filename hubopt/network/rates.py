"""What a tonne pays and emits on a link, in floats, before the factors of its product.

Links are priced for an ordinary payload; where the vehicles of a mode carry less, every tonne bears
more. Electricity emits what its making does: kWh times the grid's factor, and nothing on the road.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from hubopt.instance.tables import Vehicle
from hubopt.units import G_PER_KG
from hubopt.vocabulary import Mode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hubopt.instance.tables import Instance, Link

KM_PER_PREMIUM = 1000
"""Premiums are given for so many kilometres."""


@dataclass(frozen=True)
class Rates:
    """Prices of links by the vehicles that use them."""

    instance: Instance

    @cached_property
    def vehicles(self) -> Mapping[Mode, Vehicle]:
        """What the vehicles of each mode need and cost; ordinary ones where nothing is said."""
        ordinary = {mode: Vehicle(mode, None, 1.0, 0.0) for mode in Mode}
        return ordinary | {row.mode: row for row in self.instance.vehicles}

    def haul(self, link: Link) -> float:
        """Return line haul, CNY per tonne."""
        return link.cost_cny_per_t / self.vehicles[link.mode].payload_share

    def premium(self, link: Link) -> float:
        """Return the insurance premium as a share of the value."""
        rate = self.vehicles[link.mode].insurance_share_per_1000km
        return rate * link.distance_km / KM_PER_PREMIUM

    def fuel_g_per_tkm(self, link: Link) -> tuple[float, float]:
        """Return the stated emissions, well-to-wheel and tank-to-wheel, of a tonne-kilometre."""
        payload = self.vehicles[link.mode].payload_share
        return link.wtw_g_per_tkm / payload, link.ttw_g_per_tkm / payload

    def grid_g_per_tkm(self, link: Link) -> float:
        """Return the emissions of making the electricity of a tonne-kilometre."""
        grid = self.instance.settings.grid_kg_co2e_per_kwh * G_PER_KG
        return link.kwh_per_tkm * grid / self.vehicles[link.mode].payload_share

    def wtw_g_per_tkm(self, link: Link) -> float:
        """Return all emissions from well to wheel of a tonne-kilometre."""
        return self.fuel_g_per_tkm(link)[0] + self.grid_g_per_tkm(link)

    def wtw_kg(self, link: Link) -> float:
        """Return kg CO2e per tonne over a link, from well to wheel."""
        return self.wtw_g_per_tkm(link) * link.distance_km / G_PER_KG

    def in_range(self, link: Link) -> bool:
        """Tell whether a vehicle gets over an open link and back on one charge."""
        most = self.vehicles[link.mode].range_km
        return most is None or 2 * link.distance_km <= most
