"""What one tonne costs on each listed route, and which limited things it uses."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Self

from hubopt.network.emissions import ledger
from hubopt.network.graph import Network
from hubopt.network.steps import Change, Handle, Move, Ride
from hubopt.network.times import time_at_site_h
from hubopt.units import HOURS_PER_DAY, KG_PER_T
from hubopt.vocabulary import FLOW_TERMS, CostTerm, Function

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hubopt.instance.tables import Demand, Instance, Product
    from hubopt.network.steps import Step

Use = tuple[str | int, ...]
Priced = tuple[list[float], float, float, float]


@dataclass
class StepCost:
    """What a step adds to a route, per tonne; `money` by cost term, times in hours."""

    money: dict[CostTerm, float] = field(default_factory=dict)
    time_h: float = 0.0
    wtw_kg: float = 0.0
    ttw_kg: float = 0.0


class Columns:
    """Prices routes in floats; steps are remembered, since thousands of routes share them."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.known: dict[tuple[Step, str, bool], StepCost] = {}
        self.uses: dict[Step, tuple[Use, ...]] = {}
        self.priced: dict[tuple[str, tuple[Step, ...]], Priced] = {}
        self.counted: dict[tuple[Step, ...], Mapping[Use, int]] = {}

    @classmethod
    def of(cls, instance: Instance) -> Self:
        """Return what prices the routes of an instance."""
        return cls(Network(instance))

    @cached_property
    def carbon_cny_per_kg(self) -> float:
        """Carbon price per kilogram."""
        return self.network.instance.settings.carbon_price_cny_per_t / KG_PER_T

    def terms(self, shipment: Demand, steps: tuple[Step, ...]) -> Priced:
        """Return CNY per tonne by `FLOW_TERMS`, hours, and kg CO2e per tonne (wtw, ttw)."""
        key = (shipment.id, steps)
        if key not in self.priced:
            self.priced[key] = self.summed(shipment, steps)
        return self.priced[key]

    def summed(self, shipment: Demand, steps: tuple[Step, ...]) -> Priced:
        """Return what `terms` remembers, summed over the steps."""
        product = self.network.instance.product[shipment.product]
        abroad = self.network.international(shipment)
        costs = [self.cost(step, product, abroad=abroad) for step in steps]
        money: dict[CostTerm, float] = defaultdict(float)
        for cost in costs:
            for term, amount in cost.money.items():
                money[term] += amount
        time_h = sum(cost.time_h for cost in costs)
        wtw = sum(cost.wtw_kg for cost in costs)
        ttw = sum(cost.ttw_kg for cost in costs)
        tied_up = product.value_cny_per_t * product.time_cost_share_per_day / HOURS_PER_DAY
        money[CostTerm.CAPITAL_IN_TRANSIT] = tied_up * time_h
        spoilt = product.value_cny_per_t * product.spoilage_share_per_day / HOURS_PER_DAY
        money[CostTerm.SPOILAGE] = spoilt * time_h
        if abroad:
            money[CostTerm.INSURANCE_FINANCE] += product.finance_share * product.value_cny_per_t
        money[CostTerm.CARBON] = wtw * self.carbon_cny_per_kg
        if abroad and self.network.at_home[shipment.destination]:
            money[CostTerm.CUSTOMS_DUTY] += product.duty_share * product.value_cny_per_t
        return [float(money[term]) for term in FLOW_TERMS], time_h, wtw, ttw

    def cost(self, step: Step, product: Product, *, abroad: bool) -> StepCost:
        """Return what a step adds for a product."""
        key = (step, product.id, abroad)
        if key not in self.known:
            cost = (
                self.handled(step, product, abroad=abroad)
                if isinstance(step, Handle | Change)
                else self.moved(step, product, abroad=abroad)
            )
            for entry in ledger(self.network, product, step):
                cost.wtw_kg += entry.wtw_kg_per_t
                cost.ttw_kg += entry.ttw_kg_per_t
            self.known[key] = cost
        return self.known[key]

    def handled(self, step: Handle | Change, product: Product, *, abroad: bool) -> StepCost:
        """Return money and time of a step at a hub."""
        if isinstance(step, Handle):
            row = self.network.handling[step.site, step.function]
            paid = row.cost_cny_per_t + product.parcels_per_t * row.cost_cny_per_parcel
            return StepCost({CostTerm.HANDLING: paid}, time_at_site_h(row, abroad=abroad))
        change = self.network.transfer(step)
        return StepCost({CostTerm.TRANSFER: change.cost_cny_per_t}, change.time_h)

    def moved(self, step: Move | Ride, product: Product, *, abroad: bool) -> StepCost:
        """Return money and time of a move or a ride, customs included."""
        links = self.network.legs(step)
        rates = self.network.rates
        haul = sum(map(rates.haul, links)) * product.cost_factor
        premium = sum(map(rates.premium, links)) * product.value_cny_per_t
        money = {CostTerm.LINE_HAUL: haul, CostTerm.INSURANCE_FINANCE: premium}
        cost = StepCost(money, sum(link.time_h for link in links))
        if isinstance(step, Ride):
            cost.time_h += self.network.instance.service[step.service].wait_h
        if abroad and self.network.crosses(step.from_place, step.to_place):
            mode = self.network.mode_of(step)
            row = self.network.clearance(step.from_place, step.to_place, mode)
            if row is not None:
                cost.money[CostTerm.CUSTOMS_DUTY] = row.cost_cny_per_t
                cost.time_h += row.time_h
        return cost

    def used(self, steps: tuple[Step, ...]) -> Mapping[Use, int]:
        """Return how often a route uses each link, transfer, pool and service leg."""
        if steps not in self.counted:
            self.counted[steps] = Counter(use for step in steps for use in self.used_by(step))
        return self.counted[steps]

    def used_by(self, step: Step) -> tuple[Use, ...]:
        """Return the limited things that one step uses."""
        if step not in self.uses:
            self.uses[step] = tuple(self.look_up(step))
        return self.uses[step]

    def look_up(self, step: Step) -> list[Use]:
        """Return the limited things that one step uses, from the network."""
        network = self.network
        if isinstance(step, Handle):
            return [("pool", step.site, step.function)]
        if isinstance(step, Change):
            row = network.transfer_row[step.place, step.from_mode, step.to_mode]
            site = network.instance.transfers[row].site
            pool: list[Use] = [] if site is None else [("pool", site, Function.TRANSFER)]
            return [("transfer", row), *pool]
        if isinstance(step, Move):
            row = network.link_row[step.from_place, step.to_place, step.mode]
            charger = network.instance.links[row].charging_site
            driven: list[Use] = [] if charger is None else [("pool", charger, Function.CHARGING)]
            return [("link", row), *driven]
        mode = network.mode_of(step)
        uses: list[Use] = []
        for a, b in network.stops(step):
            uses += [("leg", step.service, a, b), ("link", network.link_row[a, b, mode])]
        return uses
