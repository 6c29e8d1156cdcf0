"""What a product multiplies: the exact factors on costs, emissions and capacities per tonne."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubopt.units import HOURS_PER_DAY, KG_PER_T, exact

if TYPE_CHECKING:
    from fractions import Fraction

    from hubopt.instance.tables import Instance, Product


@dataclass(frozen=True, slots=True)
class Factors:
    """A product's exact multipliers; value, finance and duty in CNY per tonne."""

    cost: Fraction
    emission: Fraction
    value: Fraction
    capital_per_h: Fraction
    spoilage_per_h: Fraction
    finance: Fraction
    parcels: Fraction
    carbon_per_kg: Fraction
    duty: Fraction
    space: Fraction
    peak: Fraction


def factors(instance: Instance, product: Product) -> Factors:
    """Return a product's multipliers."""
    value = exact(product.value_cny_per_t)
    return Factors(
        exact(product.cost_factor),
        exact(product.emission_factor),
        value,
        value * exact(product.time_cost_share_per_day) / HOURS_PER_DAY,
        value * exact(product.spoilage_share_per_day) / HOURS_PER_DAY,
        value * exact(product.finance_share),
        exact(product.parcels_per_t),
        exact(instance.settings.carbon_price_cny_per_t) / KG_PER_T,
        value * exact(product.duty_share),
        exact(product.space_factor),
        exact(product.peak_factor),
    )
