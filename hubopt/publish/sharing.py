"""What it costs to serve each shipment: the whole of a plan's yearly cost, shared among them.

Costs of flows are those of a shipment's own routes. Costs that stand for many are shared by use:

* building and running of a site: by the share of each function's capacity that is taken at the
  peak; by the tonnes where it has no limit;
* departures of a service: by payload taken at the peak x kilometres aboard;
* empty runs: by the same, over all services of the vehicle class that they bring back.

What nobody uses stands in a row of its own for each stage, so that each term adds up to the plan's.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from hubopt.network.steps import Change, Handle, Move, Ride
from hubopt.plan.figures import add_services, add_sites
from hubopt.units import FEN_PER_CNY, G_PER_KG, KG_PER_T, exact
from hubopt.vocabulary import FLOW_TERMS, CostTerm, Function

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hubopt.instance.tables import Link
    from hubopt.network.steps import Step
    from hubopt.publish.figures import Figures

M_PER_KM = 1000

GRAIN = 1_000_000
"""Shares are counted in millionths of a fen, and rounded to fen once."""

Uses = defaultdict[str, int]
"""Who uses a thing, and how much of it, by shipment; whole numbers, which add up fast."""

PARTS = 10**12
"""A capacity counts as so many parts."""

SITE_TERMS = (CostTerm.BUILDING, CostTerm.RUNNING)


@dataclass
class Served:
    """What one shipment costs and gets: grains by term, and kilograms, hours and CO2e."""

    grains: defaultdict[CostTerm, int] = field(default_factory=lambda: defaultdict(int))
    kg: int = 0
    kg_in_time: int = 0
    left_kg: int = 0
    kg_h: float = 0.0
    wtw_kg: float = 0.0


@dataclass(frozen=True)
class Sharing:
    """The cost of a plan shared among its shipments, by (stage, shipment); blank for nobody."""

    figures: Figures
    known: dict[Ride, list[Link]] = field(default_factory=dict)

    @cached_property
    def served(self) -> Mapping[tuple[int, str], Served]:
        """What each shipment costs and gets."""
        found: defaultdict[tuple[int, str], Served] = defaultdict(Served)
        for row in self.figures.instance.demand:
            found[row.stage, row.id] = Served()
        self.add_flows(found)
        self.add_unserved(found)
        self.share_sites(found)
        self.share_services(found)
        return found

    def add_flows(self, found: Mapping[tuple[int, str], Served]) -> None:
        """Add what each shipment's own routes cost, take and emit."""
        for (shipment, flow), price in zip(self.figures.flows, self.figures.prices, strict=True):
            row = found[shipment.stage, shipment.id]
            for term in FLOW_TERMS:
                row.grains[term] += grains_of(price.terms_cny_per_t[term], flow.kg_per_year)
            row.kg += flow.kg_per_year
            row.kg_h += float(price.time_h) * flow.kg_per_year
            row.wtw_kg += float(price.wtw_kg_per_t) * flow.kg_per_year / KG_PER_T
            if shipment.latest_h is not None and price.time_h <= exact(shipment.latest_h):
                row.kg_in_time += flow.kg_per_year

    def add_unserved(self, found: Mapping[tuple[int, str], Served]) -> None:
        """Add what stays behind, at its price."""
        instance = self.figures.instance
        for left in self.figures.plan.unserved:
            shipment = instance.shipment[left.shipment]
            price = exact(instance.product[shipment.product].unserved_cost_cny_per_t)
            row = found[shipment.stage, shipment.id]
            row.left_kg += left.kg_per_year
            row.grains[CostTerm.UNSERVED] += grains_of(price, left.kg_per_year)

    def share_sites(self, found: Mapping[tuple[int, str], Served]) -> None:
        """Share building and running of each site among those that it handles."""
        instance, users = self.figures.instance, self.site_users
        for plan in self.figures.site_plans:
            cost = {plan.stage: dict.fromkeys(CostTerm, Fraction(0))}
            add_sites(instance, [plan], cost)
            for term in SITE_TERMS:
                share(found, plan.stage, term, cost[plan.stage][term], users[plan.stage, plan.site])

    def share_services(self, found: Mapping[tuple[int, str], Served]) -> None:
        """Share departures among those aboard, and empty runs among those of the vehicle class."""
        instance, aboard = self.figures.instance, self.aboard
        of_class: defaultdict[tuple[int, str], Uses] = defaultdict(lambda: defaultdict(int))
        for (stage, service), uses in aboard.items():
            for shipment, amount in uses.items():
                of_class[stage, instance.service[service].vehicle_class][shipment] += amount
        for plan in self.figures.service_plans:
            cost = {plan.stage: dict.fromkeys(CostTerm, Fraction(0))}
            add_services(instance, [plan], cost)
            vehicles = instance.service[plan.service].vehicle_class
            for term, uses in (
                (CostTerm.DEPARTURES, aboard[plan.stage, plan.service]),
                (CostTerm.REPOSITIONING, of_class[plan.stage, vehicles]),
            ):
                share(found, plan.stage, term, cost[plan.stage][term], uses)

    @cached_property
    def site_users(self) -> Mapping[tuple[int, str], Uses]:
        """The shares of the capacities of each site that shipments take, by (stage, site)."""
        found: defaultdict[tuple[int, str], Uses] = defaultdict(lambda: defaultdict(int))
        for shipment, step, kg in self.figures.steps():
            pool = self.pool(step)
            if pool is not None:
                stage, (site, function) = shipment.stage, pool
                size = self.size(stage, site, function)
                peak = self.figures.instance.product[shipment.product].peak_factor
                found[stage, site][shipment.id] += round(kg * G_PER_KG * peak) * PARTS // size
        return found

    def pool(self, step: Step) -> tuple[str, Function] | None:
        """Return the site and function that a step takes capacity of."""
        if isinstance(step, Handle):
            return step.site, step.function
        if isinstance(step, Change):
            site = self.figures.network.transfer(step).site
            return None if site is None else (site, Function.TRANSFER)
        if isinstance(step, Move):
            charger = self.figures.network.legs(step)[0].charging_site
            return None if charger is None else (charger, Function.CHARGING)
        return None

    def size(self, stage: int, site: str, function: Function) -> int:
        """Return the capacity of a site's function in grams; without a limit, what it handles."""
        capacity = self.figures.pool_t(stage, site, function)
        used = self.figures.taken[("pool", site, function), stage]
        return round(capacity * KG_PER_T * G_PER_KG) if capacity else used * G_PER_KG

    @cached_property
    def aboard(self) -> defaultdict[tuple[int, str], Uses]:
        """Payload-kilometres of each shipment aboard each service, by (stage, service)."""
        found: defaultdict[tuple[int, str], Uses] = defaultdict(lambda: defaultdict(int))
        product = self.figures.instance.product
        for shipment, step, kg in self.figures.steps():
            if isinstance(step, Ride):
                row = product[shipment.product]
                grams = round(kg * G_PER_KG * row.space_factor * row.peak_factor)
                metres = sum(round(link.distance_km * M_PER_KM) for link in self.legs(step))
                found[shipment.stage, step.service][shipment.id] += grams * metres
        return found

    def legs(self, step: Ride) -> list[Link]:
        """Return the links that a ride passes."""
        if step not in self.known:
            self.known[step] = self.figures.network.legs(step)
        return self.known[step]


def grains(amount_cny: Fraction) -> int:
    """Return an amount in millionths of a fen."""
    return round(amount_cny * FEN_PER_CNY * GRAIN)


def grains_of(cny_per_t: Fraction, kg: int) -> int:
    """Return what kilograms cost at a price per tonne, in millionths of a fen, rounded."""
    top = cny_per_t.numerator * kg * FEN_PER_CNY * GRAIN
    below = cny_per_t.denominator * KG_PER_T
    return (2 * top + below) // (2 * below)


def share(
    found: Mapping[tuple[int, str], Served],
    stage: int,
    term: CostTerm,
    cost_cny: Fraction,
    uses: Mapping[str, int],
) -> None:
    """Give each user its part of a cost, all of it; nobody's row takes what has no user."""
    cost, total = grains(cost_cny), sum(uses.values())
    if not total:
        uses, total = {"": 1}, 1
    used = given = 0
    for shipment, amount in uses.items():
        used += amount
        upto = cost * used // total
        found[stage, shipment].grains[term] += upto - given
        given = upto


def whole_fen(sharing: Sharing) -> dict[tuple[int, str], dict[CostTerm, int]]:
    """Return every share in whole fen, so rounded that each term of a stage adds up exactly."""
    found: dict[tuple[int, str], dict[CostTerm, int]] = {}
    upto: defaultdict[tuple[int, CostTerm], int] = defaultdict(int)
    given: defaultdict[tuple[int, CostTerm], int] = defaultdict(int)
    for (stage, shipment), row in sorted(sharing.served.items()):
        found[stage, shipment] = {}
        for term in CostTerm:
            upto[stage, term] += row.grains[term]
            whole = (upto[stage, term] + GRAIN // 2) // GRAIN
            found[stage, shipment][term] = whole - given[stage, term]
            given[stage, term] = whole
    return found
