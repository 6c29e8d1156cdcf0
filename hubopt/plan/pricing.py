"""The exact price, time and emissions of a route, read from the rows of the instance alone.

Shares nothing with the route finder, the model or the solver: it is what a plan is verified with.
All figures are `Fraction`s of the decimals that stand in the files.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from hubopt.network.steps import Change, Handle, Move, Ride
from hubopt.units import G_PER_KG, HOURS_PER_DAY, KG_PER_T, exact
from hubopt.vocabulary import FLOW_TERMS, CostTerm, Function, Mode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hubopt.instance.tables import Demand, Instance, Link, Product
    from hubopt.network.steps import Step

Key = tuple[str | int, ...]
"""A limited thing: (pool, site, function), (link, row), (transfer, row) or (leg, service, n)."""


class UnknownStepError(Exception):
    """A step that the instance does not know: no such link, transfer, service or handling."""


@dataclass(frozen=True, slots=True)
class RoutePrice:
    """Per tonne: CNY by cost term and kg CO2e; and the hours that the route takes."""

    terms_cny_per_t: Mapping[CostTerm, Fraction]
    time_h: Fraction
    wtw_kg_per_t: Fraction
    ttw_kg_per_t: Fraction


@dataclass(frozen=True, slots=True)
class StepPrice:
    """What one step adds: haul before the product's factor, other money by term, hours, kg CO2e."""

    haul: Fraction
    money: tuple[tuple[CostTerm, Fraction], ...]
    time_h: Fraction
    wtw_legs: Fraction
    ttw_legs: Fraction
    wtw_hubs: Fraction
    ttw_hubs: Fraction


ZERO = Fraction(0)


class Pricer:
    """Prices routes of one instance; each step is computed once."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.home = instance.settings.home_country
        self.links: dict[tuple[str, str, Mode], int] = {}
        for row, link in enumerate(instance.links):
            self.links.setdefault((link.from_place, link.to_place, link.mode), row)
            if link.both_ways:
                self.links.setdefault((link.to_place, link.from_place, link.mode), row)
        self.transfers: dict[tuple[str, Mode, Mode], int] = {}
        for row, change in enumerate(instance.transfers):
            self.transfers.setdefault((change.place, change.from_mode, change.to_mode), row)
            if change.both_ways:
                self.transfers.setdefault((change.place, change.to_mode, change.from_mode), row)
        self.handling = {(row.site, row.function): row for row in instance.handling}
        self.customs = {(row.place, row.mode): row for row in instance.customs}
        self.known: dict[tuple[Step, bool], StepPrice] = {}
        self.products = {p.id: factors(instance, p) for p in instance.products}

    def international(self, shipment: Demand) -> bool:
        """Tell whether a shipment crosses a border between its ends."""
        place = self.instance.place
        return place[shipment.origin].country != place[shipment.destination].country

    def abroad(self, place: str) -> bool:
        """Tell whether a place lies outside the home country."""
        return self.instance.place[place].country != self.home

    def price(self, shipment: Demand, steps: tuple[Step, ...]) -> RoutePrice:
        """Return the exact price of a route; raises `UnknownStepError` for a step not in files."""
        international = self.international(shipment)
        parts = [self.step(step, international=international) for step in steps]
        factor = self.products[shipment.product]
        time_h = sum((part.time_h for part in parts), ZERO)
        legs_wtw = sum((part.wtw_legs for part in parts), ZERO) * factor.emission
        legs_ttw = sum((part.ttw_legs for part in parts), ZERO) * factor.emission
        wtw = legs_wtw + sum((part.wtw_hubs for part in parts), ZERO)
        ttw = legs_ttw + sum((part.ttw_hubs for part in parts), ZERO)
        money: dict[CostTerm, Fraction] = defaultdict(Fraction)
        for part in parts:
            for term, amount in part.money:
                money[term] += amount
        money[CostTerm.LINE_HAUL] = sum((part.haul for part in parts), ZERO) * factor.cost
        money[CostTerm.CAPITAL_IN_TRANSIT] = factor.capital_per_h * time_h
        money[CostTerm.CARBON] = factor.carbon_per_kg * wtw
        if international and not self.abroad(shipment.destination):
            money[CostTerm.CUSTOMS_DUTY] += factor.duty
        return RoutePrice({term: money[term] for term in FLOW_TERMS}, time_h, wtw, ttw)

    def step(self, step: Step, *, international: bool) -> StepPrice:
        """Return what a step adds to a route."""
        key = (step, international)
        if key not in self.known:
            if isinstance(step, Handle):
                self.known[key] = self.handle(step)
            elif isinstance(step, Change):
                self.known[key] = self.change(step)
            else:
                self.known[key] = self.travel(step, international=international)
        return self.known[key]

    def handle(self, step: Handle) -> StepPrice:
        """Return the price of handling at a site."""
        row = self.handling.get((step.site, step.function))
        if row is None:
            raise UnknownStepError(step)
        kg = exact(row.energy_kwh_per_t) * exact(self.instance.settings.grid_kg_co2e_per_kwh)
        money = ((CostTerm.HANDLING, exact(row.cost_cny_per_t)),)
        return StepPrice(ZERO, money, exact(row.time_h), ZERO, ZERO, kg, ZERO)

    def change(self, step: Change) -> StepPrice:
        """Return the price of a change of mode."""
        row = self.instance.transfers[self.transfer_row(step)]
        money = ((CostTerm.TRANSFER, exact(row.cost_cny_per_t)),)
        wtw, ttw = exact(row.wtw_kg_per_t), exact(row.ttw_kg_per_t)
        return StepPrice(ZERO, money, exact(row.time_h), ZERO, ZERO, wtw, ttw)

    def travel(self, step: Move | Ride, *, international: bool) -> StepPrice:
        """Return the price of a move or ride, clearance included."""
        links = [self.instance.links[row] for row in self.link_rows(step)]
        time_h = sum((exact(link.time_h) for link in links), ZERO)
        if isinstance(step, Ride):
            time_h += exact(self.instance.service[step.service].wait_h)
        money: tuple[tuple[CostTerm, Fraction], ...] = ()
        clearance = self.clearance(step) if international else None
        if clearance is not None:
            row = self.customs.get(clearance)
            if row is None:
                raise UnknownStepError(step)
            money = ((CostTerm.CUSTOMS_DUTY, exact(row.cost_cny_per_t)),)
            time_h += exact(row.time_h)
        haul = sum((exact(link.cost_cny_per_t) for link in links), ZERO)
        wtw = sum((kg_per_t(link, link.wtw_g_per_tkm) for link in links), ZERO)
        ttw = sum((kg_per_t(link, link.ttw_g_per_tkm) for link in links), ZERO)
        return StepPrice(haul, money, time_h, wtw, ttw, ZERO, ZERO)

    def clearance(self, step: Move | Ride) -> tuple[str, Mode] | None:
        """Return the place and mode at which a border crossing is cleared, None without one."""
        ends = (step.from_place, step.to_place)
        at_home = [place for place in ends if not self.abroad(place)]
        return (at_home[0], self.mode(step)) if len(at_home) == 1 else None

    def mode(self, step: Move | Ride) -> Mode:
        """Return the mode of a move or ride."""
        if isinstance(step, Move):
            return step.mode
        if step.service not in self.instance.service:
            raise UnknownStepError(step)
        return self.instance.service[step.service].mode

    def stops(self, step: Ride) -> list[tuple[int, str, str]]:
        """Return number, from and to of each leg of the service's path that a ride passes."""
        service = self.instance.service.get(step.service)
        if service is None or not {step.from_place, step.to_place} <= set(service.path):
            raise UnknownStepError(step)
        first, last = service.path.index(step.from_place), service.path.index(step.to_place)
        if first >= last:
            raise UnknownStepError(step)
        legs = enumerate(itertools.pairwise(service.path))
        return [(n, a, b) for n, (a, b) in legs if first <= n < last]

    def link_rows(self, step: Move | Ride) -> list[int]:
        """Return the rows of the links that a move or a ride passes."""
        pairs = (
            [(step.from_place, step.to_place)]
            if isinstance(step, Move)
            else [(a, b) for _, a, b in self.stops(step)]
        )
        mode = self.mode(step)
        rows = [self.links.get((a, b, mode)) for a, b in pairs]
        if None in rows:
            raise UnknownStepError(step)
        return [row for row in rows if row is not None]

    def transfer_row(self, step: Change) -> int:
        """Return the row of the transfer that a change of mode uses."""
        row = self.transfers.get((step.place, step.from_mode, step.to_mode))
        if row is None:
            raise UnknownStepError(step)
        return row

    def uses(self, product: str, steps: tuple[Step, ...]) -> dict[Key, Fraction]:
        """Return what a tonne on a route takes of each limited thing, in tonnes of its capacity."""
        space = self.products[product].space
        found: dict[Key, Fraction] = defaultdict(Fraction)
        for step in steps:
            for key in self.used_by(step):
                found[key] += space if key[0] == "leg" else 1
        return dict(found)

    def used_by(self, step: Step) -> list[Key]:
        """Return the limited things that one step uses."""
        if isinstance(step, Handle):
            return [("pool", step.site, step.function)]
        if isinstance(step, Change):
            row = self.transfer_row(step)
            site = self.instance.transfers[row].site
            pool: list[Key] = [] if site is None else [("pool", site, Function.TRANSFER)]
            return [("transfer", row), *pool]
        links: list[Key] = [("link", row) for row in self.link_rows(step)]
        if isinstance(step, Ride):
            links += [("leg", step.service, n) for n, _, _ in self.stops(step)]
        return links


@dataclass(frozen=True, slots=True)
class Factors:
    """A product's exact multipliers."""

    cost: Fraction
    emission: Fraction
    capital_per_h: Fraction
    carbon_per_kg: Fraction
    duty: Fraction
    space: Fraction


def factors(instance: Instance, product: Product) -> Factors:
    """Return a product's multipliers."""
    value = exact(product.value_cny_per_t)
    return Factors(
        exact(product.cost_factor),
        exact(product.emission_factor),
        value * exact(product.time_cost_share_per_day) / HOURS_PER_DAY,
        exact(instance.settings.carbon_price_cny_per_t) / KG_PER_T,
        value * exact(product.duty_share),
        exact(product.space_factor),
    )


def kg_per_t(link: Link, g_per_tkm: float) -> Fraction:
    """Return kg CO2e per tonne over a link."""
    return exact(g_per_tkm) * exact(link.distance_km) / G_PER_KG


def price_route(instance: Instance, shipment: Demand, steps: tuple[Step, ...]) -> RoutePrice:
    """Return the exact price of one route."""
    return Pricer(instance).price(shipment, steps)


def demand_kg(shipment: Demand) -> int:
    """Return a shipment's yearly kilograms: tonnes x 1000, halves up."""
    return int(exact(shipment.demand_t_per_year) * KG_PER_T + Fraction(1, 2))
