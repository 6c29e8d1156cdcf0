"""What a step costs one tonne of a product, in floats: for ranking routes, never for a plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubopt.network.steps import Change, Handle, Move, Ride
from hubopt.network.times import time_at_site_h
from hubopt.units import HOURS_PER_DAY, KG_PER_T

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from hubopt.instance.tables import Handling, Link, Product
    from hubopt.network.graph import Network
    from hubopt.network.steps import Step
    from hubopt.vocabulary import Mode

    Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Weight:
    """CNY per tonne (carbon, capital, premium included), hours, a share of departures in CNY."""

    cost: float = 0.0
    time_h: float = 0.0
    departures: float = 0.0

    def __add__(self, other: Weight) -> Weight:
        """Return the sum of two weights."""
        return Weight(
            self.cost + other.cost,
            self.time_h + other.time_h,
            self.departures + other.departures,
        )


class Prices:
    """Prices steps for one product, at home or across the border."""

    def __init__(self, network: Network, product: Product, *, international: bool) -> None:
        self.network, self.product, self.international = network, product, international
        settings = network.instance.settings
        self.carbon_cny_per_kg = settings.carbon_price_cny_per_t / KG_PER_T
        self.grid = settings.grid_kg_co2e_per_kwh
        per_day = product.time_cost_share_per_day + product.spoilage_share_per_day
        self.cny_per_h = product.value_cny_per_t * per_day / HOURS_PER_DAY

    def of(self, step: Step) -> Weight | None:
        """Return the weight of any step, `None` where the shipment may not take it."""
        if isinstance(step, Handle):
            return self.handling(self.network.handling[step.site, step.function])
        if isinstance(step, Change):
            return self.change(step)
        return self.travel(step)

    @property
    def worth(self) -> float:
        """CNY per tonne above which goods stay behind, unless a limit asks for their carriage."""
        wanted = self.network.wants.carriage
        return float("inf") if wanted else self.product.unserved_cost_cny_per_t

    def kg(self, step: Step) -> float:
        """Return kg CO2e per tonne of a step on a hop, 0 where no limit counts them."""
        if not self.network.wants.emissions or isinstance(step, Handle):
            return 0.0
        if isinstance(step, Change):
            return self.network.transfer(step).wtw_kg_per_t
        return self.counted(sum(self.network.rates.wtw_kg(x) for x in self.network.legs(step)))

    def counted(self, kg: float) -> float:
        """Return kg CO2e per tonne of links for this product, 0 where no limit counts them."""
        return kg * self.product.emission_factor if self.network.wants.emissions else 0.0

    def timed(self, cost: float, time_h: float, departures: float = 0.0) -> Weight:
        """Return a weight with the capital tied up and the spoilage of its time in the cost."""
        return Weight(cost + self.cny_per_h * time_h, time_h, departures)

    def travel(self, step: Move | Ride) -> Weight | None:
        """Return the weight of a move or ride with its customs, `None` if it may not cross."""
        mode = self.network.mode_of(step)
        cost, time_h = self.customs(step.from_place, step.to_place, mode)
        if cost is None:
            return None
        for link in self.network.legs(step):
            cost += self.haul(link)
            time_h += link.time_h
        if isinstance(step, Move):
            return self.timed(cost, time_h)
        service = self.network.instance.service[step.service]
        taken = self.product.space_factor * self.product.peak_factor
        share = service.cost_cny_per_departure / (service.payload_t_per_departure / taken)
        return self.timed(cost, time_h + service.wait_h, share)

    def leg(
        self, haul: Floats, kg: Floats, border: Floats, time_h: Floats, premium: Floats
    ) -> Floats:
        """Return CNY per tonne of legs from their base figures, before the product's factors."""
        carbon = self.product.emission_factor * self.carbon_cny_per_kg
        insured = premium * self.product.value_cny_per_t
        moved = haul * self.product.cost_factor + kg * carbon + border + time_h * self.cny_per_h
        return moved + insured

    def haul(self, link: Link) -> float:
        """Return line haul, carbon and premium of one link, CNY per tonne."""
        rates, product = self.network.rates, self.product
        kg = rates.wtw_kg(link) * product.emission_factor
        money = rates.haul(link) * product.cost_factor + kg * self.carbon_cny_per_kg
        return money + rates.premium(link) * product.value_cny_per_t

    def customs(self, a: str, b: str, mode: Mode) -> tuple[float | None, float]:
        """Return cost and time of clearance between two places, cost `None` if not allowed."""
        if not self.network.crosses(a, b):
            return 0.0, 0.0
        row = self.network.clearance(a, b, mode) if self.international else None
        return (None, 0.0) if row is None else (row.cost_cny_per_t, row.time_h)

    def change(self, step: Change) -> Weight:
        """Return the weight of a change of mode."""
        row = self.network.transfer(step)
        return self.timed(
            row.cost_cny_per_t + row.wtw_kg_per_t * self.carbon_cny_per_kg, row.time_h
        )

    def handling(self, row: Handling) -> Weight:
        """Return the weight of handling at a site."""
        kg = row.energy_kwh_per_t * self.grid
        parcels = self.product.parcels_per_t * row.cost_cny_per_parcel
        cost = row.cost_cny_per_t + parcels + kg * self.carbon_cny_per_kg
        return self.timed(cost, time_at_site_h(row, abroad=self.international))

    def once(self, *, enters: bool) -> float:
        """Return what a tonne pays once, whatever its way: duty, and finance across the border."""
        share = self.product.duty_share if enters else 0.0
        share += self.product.finance_share if self.international else 0.0
        return share * self.product.value_cny_per_t
