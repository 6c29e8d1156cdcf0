"""The exact price, time and emissions of a route, read from the rows of the instance alone.

Shares nothing with the route finder, the model or the solver. All figures are `Fraction`s of the
decimals that stand in the files; sums are taken over whole kilograms.

Settling a plan and verifying it share this file, `figures` and `capacity`, so the verifier cannot
see a fault in them. Two others can: `problem` prices every column in floats on its own, and the
solve refuses a plan whose exact cost is not the model's; and the tests price random decisions once
more, naively, in floats and from the rows.
"""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from hubopt.network.steps import Change, Handle, Move, Ride
from hubopt.plan.factors import factors
from hubopt.units import G_PER_KG, KG_PER_T, exact
from hubopt.vocabulary import FLOW_TERMS, CostTerm, Function, Mode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from hubopt.instance.tables import Demand, Instance, Link
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
    """What one step adds: haul before the product's factor, other money by term, hours, kg CO2e.

    `parcel` is paid by the parcel; `premium` is a share of the value.
    """

    haul: Fraction
    money: tuple[tuple[CostTerm, Fraction], ...]
    time_h: Fraction
    wtw_legs: Fraction
    ttw_legs: Fraction
    wtw_hubs: Fraction
    ttw_hubs: Fraction
    parcel: Fraction
    premium: Fraction


ZERO = Fraction(0)
ONE = Fraction(1)
KM_PER_PREMIUM = 1000
"""Premiums are given for so many kilometres."""


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
        self.vehicles = {row.mode: row for row in instance.vehicles}
        self.known: dict[tuple[Step, bool], StepPrice] = {}
        self.things: dict[Step, tuple[Key, ...]] = {}
        self.products = {p.id: factors(instance, p) for p in instance.products}

    def international(self, shipment: Demand) -> bool:
        """Tell whether a shipment crosses a border between its ends."""
        place = self.instance.place
        return place[shipment.origin].country != place[shipment.destination].country

    def abroad(self, place: str) -> bool:
        """Tell whether a place lies outside the home country."""
        return self.instance.place[place].country != self.home

    def enters(self, shipment: Demand) -> bool:
        """Tell whether a shipment comes from abroad to the home country, where duty is due."""
        return self.international(shipment) and not self.abroad(shipment.destination)

    def price(self, shipment: Demand, steps: tuple[Step, ...]) -> RoutePrice:
        """Return the exact price of a route; raises `UnknownStepError` for a step not in files."""
        return self.bill(
            shipment.product,
            Counter(steps),
            international=self.international(shipment),
            entering=int(self.enters(shipment)),
            tonnes=1,
        )

    def bill(
        self,
        product: str,
        loads: Mapping[Step, int],
        *,
        international: bool,
        entering: int,
        tonnes: int,
    ) -> RoutePrice:
        """Return what goods pay together: so many tonnes a step, in all, and that enter."""
        parts = [
            (load, self.step(step, international=international)) for step, load in loads.items()
        ]
        factor = self.products[product]
        time_h = total((load, part.time_h) for load, part in parts)
        wtw = total((load, part.wtw_legs) for load, part in parts) * factor.emission
        wtw += total((load, part.wtw_hubs) for load, part in parts)
        ttw = total((load, part.ttw_legs) for load, part in parts) * factor.emission
        ttw += total((load, part.ttw_hubs) for load, part in parts)
        paid: dict[CostTerm, list[tuple[int, Fraction]]] = {term: [] for term in FLOW_TERMS}
        for load, part in parts:
            for term, amount in part.money:
                paid[term].append((load, amount))
        money = {term: total(amounts) for term, amounts in paid.items()}
        money[CostTerm.LINE_HAUL] = total((load, part.haul) for load, part in parts) * factor.cost
        money[CostTerm.HANDLING] += (
            total((load, part.parcel) for load, part in parts) * factor.parcels
        )
        money[CostTerm.CAPITAL_IN_TRANSIT] = factor.capital_per_h * time_h
        money[CostTerm.SPOILAGE] = factor.spoilage_per_h * time_h
        insured = total((load, part.premium) for load, part in parts) * factor.value
        financed = factor.finance * tonnes if international else ZERO
        money[CostTerm.INSURANCE_FINANCE] = insured + financed
        money[CostTerm.CARBON] = factor.carbon_per_kg * wtw
        money[CostTerm.CUSTOMS_DUTY] += factor.duty * entering
        return RoutePrice(money, time_h, wtw, ttw)

    def hours(self, steps: tuple[Step, ...], *, international: bool) -> Fraction:
        """Return the time that a route takes."""
        return total((1, self.step(step, international=international).time_h) for step in steps)

    def step(self, step: Step, *, international: bool) -> StepPrice:
        """Return what a step adds to a route."""
        key = (step, international)
        found = self.known.get(key)
        if found is None:
            if isinstance(step, Handle):
                found = self.handle(step, international=international)
            elif isinstance(step, Change):
                found = self.change(step)
            else:
                found = self.travel(step, international=international)
            self.known[key] = found
        return found

    def handle(self, step: Handle, *, international: bool) -> StepPrice:
        """Return the price of handling at a site; what crosses the border is cleared there."""
        row = self.handling.get((step.site, step.function))
        if row is None:
            raise UnknownStepError(step)
        kg = exact(row.energy_kwh_per_t) * exact(self.instance.settings.grid_kg_co2e_per_kwh)
        money = ((CostTerm.HANDLING, exact(row.cost_cny_per_t)),)
        cleared = row.cleared_time_h if international else None
        time_h = exact(row.time_h if cleared is None else cleared)
        parcel = exact(row.cost_cny_per_parcel)
        return StepPrice(ZERO, money, time_h, ZERO, ZERO, kg, ZERO, parcel, ZERO)

    def change(self, step: Change) -> StepPrice:
        """Return the price of a change of mode."""
        row = self.instance.transfers[self.transfer_row(step)]
        money = ((CostTerm.TRANSFER, exact(row.cost_cny_per_t)),)
        wtw, ttw = exact(row.wtw_kg_per_t), exact(row.ttw_kg_per_t)
        return StepPrice(ZERO, money, exact(row.time_h), ZERO, ZERO, wtw, ttw, ZERO, ZERO)

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
        vehicle = self.vehicles.get(self.mode(step))
        payload = ONE if vehicle is None else exact(vehicle.payload_share)
        rate = ZERO if vehicle is None else exact(vehicle.insurance_share_per_1000km)
        haul = sum((exact(link.cost_cny_per_t) for link in links), ZERO) / payload
        wtw = sum((kg_per_t(link, link.wtw_g_per_tkm) for link in links), ZERO)
        wtw = (wtw + sum(map(self.grid_kg_per_t, links), ZERO)) / payload
        ttw = sum((kg_per_t(link, link.ttw_g_per_tkm) for link in links), ZERO) / payload
        km = sum((exact(link.distance_km) for link in links), ZERO)
        premium = rate * km / KM_PER_PREMIUM
        return StepPrice(haul, money, time_h, wtw, ttw, ZERO, ZERO, ZERO, premium)

    def grid_kg_per_t(self, link: Link) -> Fraction:
        """Return kg CO2e of making the electricity that moves a tonne over a link."""
        kwh = exact(link.kwh_per_tkm) * exact(link.distance_km)
        return kwh * exact(self.instance.settings.grid_kg_co2e_per_kwh)

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
        """Return number, from and to of each leg of a ride, which crosses the border at most once.

        Clearance is done at its ends, so that a second crossing would go without.
        """
        service = self.instance.service.get(step.service)
        if service is None or not {step.from_place, step.to_place} <= set(service.path):
            raise UnknownStepError(step)
        first, last = service.path.index(step.from_place), service.path.index(step.to_place)
        if first >= last:
            raise UnknownStepError(step)
        legs = enumerate(itertools.pairwise(service.path))
        found = [(n, a, b) for n, (a, b) in legs if first <= n < last]
        if sum(self.abroad(a) != self.abroad(b) for _, a, b in found) > 1:
            raise UnknownStepError(step)
        return found

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
        """Return what a tonne on a route takes of each limited thing, in tonnes of its capacity.

        Capacities hold at the busiest time, when `peak_factor` times the yearly average flows.
        """
        factor = self.products[product]
        aboard = factor.peak * factor.space
        found: dict[Key, Fraction] = defaultdict(Fraction)
        for step in steps:
            for key in self.used_by(step):
                found[key] += aboard if key[0] == "leg" else factor.peak
        return dict(found)

    def used_by(self, step: Step) -> tuple[Key, ...]:
        """Return the limited things that one step uses."""
        if step not in self.things:
            self.things[step] = tuple(self.things_of(step))
        return self.things[step]

    def things_of(self, step: Step) -> Iterator[Key]:
        """Yield the limited things that one step uses."""
        if isinstance(step, Handle):
            yield ("pool", step.site, step.function)
        elif isinstance(step, Change):
            row = self.transfer_row(step)
            site = self.instance.transfers[row].site
            yield ("transfer", row)
            if site is not None:
                yield ("pool", site, Function.TRANSFER)
        else:
            for row in self.link_rows(step):
                yield ("link", row)
                charger = self.instance.links[row].charging_site
                if charger is not None and isinstance(step, Move):
                    yield ("pool", charger, Function.CHARGING)
            if isinstance(step, Ride):
                for n, _, _ in self.stops(step):
                    yield ("leg", step.service, n)


def total(parts: Iterable[tuple[int, Fraction]]) -> Fraction:
    """Return the sum of numbers times fractions; those of one denominator are added as integers."""
    sums: dict[int, int] = {}
    for times, value in parts:
        below = value.denominator
        sums[below] = sums.get(below, 0) + times * value.numerator
    return sum((Fraction(above, below) for below, above in sums.items()), ZERO)


def kg_per_t(link: Link, g_per_tkm: float) -> Fraction:
    """Return kg CO2e per tonne over a link."""
    return exact(g_per_tkm) * exact(link.distance_km) / G_PER_KG


def demand_kg(shipment: Demand) -> int:
    """Return a shipment's yearly kilograms: tonnes x 1000, halves up."""
    return int(exact(shipment.demand_t_per_year) * KG_PER_T + Fraction(1, 2))
