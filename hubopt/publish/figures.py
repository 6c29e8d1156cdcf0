"""The sums behind tables and maps: a plan's flows by leg, site, transfer and service, in kilograms.

Nothing here decides anything; each figure is a sum over the plan's flows, and the totals of money
are the plan's own.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from hubopt.network.emissions import HUB, ledger
from hubopt.network.graph import Network
from hubopt.network.steps import Change, Handle, Move, Ride
from hubopt.plan.pricing import Pricer
from hubopt.plan.verify_flows import used_kg
from hubopt.publish.marginals import of_links
from hubopt.units import KG_PER_T
from hubopt.vocabulary import Function, SiteOutcome

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hubopt.instance.tables import Demand, Instance, Link, Product
    from hubopt.network.emissions import Emission
    from hubopt.network.steps import Step
    from hubopt.plan.marginal import Marginal
    from hubopt.plan.plan import Flow, Plan, ServicePlan, SitePlan
    from hubopt.plan.pricing import Key, RoutePrice
    from hubopt.vocabulary import Mode


@dataclass(frozen=True, slots=True, order=True)
class Leg:
    """Freight of one product over one link in one direction; `service` is blank in open traffic."""

    stage: int
    from_place: str
    to_place: str
    mode: Mode
    service: str
    product: str


@dataclass(frozen=True, slots=True)
class Element:
    """One line of the emissions ledger: a chain element, a product and a stage.

    A leg and its electricity have a distance and factors in g/tkm, which the product's own factor
    multiplies; a hub has factors in kg/t.
    """

    stage: int
    product: str
    kind: str
    mode: str
    element: str
    distance_km: float | None
    distance_source: str
    factor_unit: str
    wtw_factor: float
    ttw_factor: float
    product_factor: float
    source: str


@dataclass(slots=True)
class Emitted:
    """What passes a chain element in a year: kilograms of freight, tonne-kilometres, kg CO2e."""

    kg: int = 0
    t_km: float = 0.0
    wtw_kg: float = 0.0
    ttw_kg: float = 0.0


@dataclass(frozen=True)
class Figures:
    """A plan beside its instance, with the sums that tables and maps show."""

    instance: Instance
    plan: Plan
    marginals: tuple[Marginal, ...] = ()

    @cached_property
    def link_marginals(self) -> Mapping[tuple[int, str, str, str], float]:
        """What a tonne more over a limited link would save, by (stage, from, to, mode)."""
        return of_links(self.marginals)

    @cached_property
    def network(self) -> Network:
        """Look-ups over the rows of the instance."""
        return Network(self.instance)

    @cached_property
    def stages(self) -> tuple[int, ...]:
        """First years of the stages."""
        return tuple(stage.year for stage in self.instance.settings.stages)

    @cached_property
    def flows(self) -> tuple[tuple[Demand, Flow], ...]:
        """Flows with their shipments, in order of stage, shipment and steps."""
        shipment = self.instance.shipment
        pairs = [(shipment[flow.shipment], flow) for flow in self.plan.flows]
        return tuple(sorted(pairs, key=lambda p: (p[0].stage, p[0].id, repr(p[1].steps))))

    @cached_property
    def pricer(self) -> Pricer:
        """The exact prices of routes, and what they take of capacities."""
        return Pricer(self.instance)

    @cached_property
    def prices(self) -> tuple[RoutePrice, ...]:
        """The exact price, hours and emissions of each flow's route, per tonne."""
        return tuple(self.pricer.price(shipment, flow.steps) for shipment, flow in self.flows)

    @cached_property
    def taken(self) -> Mapping[tuple[Key, int], int]:
        """Kilograms of capacity taken a year, by (limited thing, stage), at the peak of all goods.

        Goods that fill space before weight take more of a departure's payload than they weigh.
        """
        used = used_kg(self.instance, self.pricer, (flow for _, flow in self.flows))
        return {key: round(kg) for key, kg in used.items()}

    def steps(self) -> Iterator[tuple[Demand, Step, int]]:
        """Yield every step of every flow with its kilograms a year."""
        for shipment, flow in self.flows:
            for step in flow.steps:
                yield shipment, step, flow.kg_per_year

    def links(self, step: Move | Ride) -> list[tuple[str, str, Link]]:
        """Return the links of a move or ride with the direction in which they are passed."""
        legs = self.network.legs(step)
        if isinstance(step, Move):
            return [(step.from_place, step.to_place, legs[0])]
        pairs = self.network.stops(step)
        return [(a, b, link) for (a, b), link in zip(pairs, legs, strict=True)]

    @cached_property
    def legs(self) -> Mapping[Leg, int]:
        """Kilograms a year by leg, in order."""
        found: defaultdict[Leg, int] = defaultdict(int)
        for shipment, step, kg in self.steps():
            if isinstance(step, Move | Ride):
                service = step.service if isinstance(step, Ride) else ""
                for a, b, link in self.links(step):
                    found[Leg(shipment.stage, a, b, link.mode, service, shipment.product)] += kg
        return dict(sorted(found.items()))

    @cached_property
    def handled(self) -> Mapping[tuple[int, str, Function], int]:
        """Kilograms a year by (stage, site, function): handled, transferred, on trucks charged."""
        found: defaultdict[tuple[int, str, Function], int] = defaultdict(int)
        for shipment, step, kg in self.steps():
            if isinstance(step, Handle):
                found[shipment.stage, step.site, step.function] += kg
            elif isinstance(step, Move):
                charger = self.network.legs(step)[0].charging_site
                if charger is not None:
                    found[shipment.stage, charger, Function.CHARGING] += kg
        for (stage, place, from_mode, to_mode), kg in self.changed.items():
            site = self.network.transfer(Change(place, from_mode, to_mode)).site
            if site is not None:
                found[stage, site, Function.TRANSFER] += kg
        return dict(sorted(found.items()))

    @cached_property
    def changed(self) -> Mapping[tuple[int, str, Mode, Mode], int]:
        """Kilograms a year by (stage, place, from mode, to mode)."""
        found: defaultdict[tuple[int, str, Mode, Mode], int] = defaultdict(int)
        for shipment, step, kg in self.steps():
            if isinstance(step, Change):
                found[shipment.stage, step.place, step.from_mode, step.to_mode] += kg
        return dict(sorted(found.items()))

    @cached_property
    def emissions(self) -> Mapping[Element, Emitted]:
        """The emissions ledger: chain elements by stage and product."""
        found: defaultdict[Element, Emitted] = defaultdict(Emitted)
        for shipment, step, kg in self.steps():
            tonnes, product = kg / KG_PER_T, self.instance.product[shipment.product]
            for part in ledger(self.network, product, step):
                row = found[element(shipment.stage, product, part)]
                row.kg += kg
                row.t_km += tonnes * part.distance_km
                row.wtw_kg += tonnes * part.wtw_kg_per_t
                row.ttw_kg += tonnes * part.ttw_kg_per_t
        return dict(sorted(found.items(), key=lambda pair: order_of(pair[0])))

    @cached_property
    def service_legs(self) -> Mapping[tuple[int, str, str, str], int]:
        """Kilograms of payload taken a year by (stage, service, from, to) of each leg."""
        found = {}
        for (key, stage), kg in self.taken.items():
            if key[0] == "leg":
                service, here = str(key[1]), int(key[2])
                path = self.instance.service[service].path
                found[stage, service, path[here], path[here + 1]] = kg
        return dict(sorted(found.items()))

    @cached_property
    def site_plans(self) -> tuple[SitePlan, ...]:
        """Site plans in order of stage and site."""
        return tuple(sorted(self.plan.sites, key=lambda s: (s.stage, s.site)))

    @cached_property
    def outcomes(self) -> Mapping[tuple[int, str], SiteOutcome]:
        """The outcome of each site, by (stage, site)."""
        return {(row.stage, row.site): row.outcome for row in self.site_plans}

    @cached_property
    def opened_in(self) -> Mapping[str, int]:
        """The stage in which each new site is opened; later stages call it kept."""
        found: dict[str, int] = {}
        for row in self.site_plans:
            if row.outcome is SiteOutcome.OPENED:
                found.setdefault(row.site, row.stage)
        return found

    def so_far(self, row: SitePlan) -> SiteOutcome:
        """Return a site's outcome since the start: what the plan opened stays new on maps."""
        new = row.outcome is SiteOutcome.KEPT and row.site in self.opened_in
        return SiteOutcome.OPENED if new else row.outcome

    @cached_property
    def number_at_place(self) -> Mapping[tuple[int, str], int]:
        """Which of the sites at its place each is, by (stage, site); the busiest is the first."""
        handled: defaultdict[tuple[int, str], int] = defaultdict(int)
        for (stage, site, _), kg in self.handled.items():
            handled[stage, site] += kg
        idle = {SiteOutcome.NOT_CHOSEN, SiteOutcome.CLOSED}
        ranked = sorted(
            self.site_plans,
            key=lambda r: (r.outcome in idle, -handled[r.stage, r.site], r.site),
        )
        count: defaultdict[tuple[int, str], int] = defaultdict(int)
        number = {}
        for row in ranked:
            place = row.stage, self.instance.site[row.site].place
            count[place] += 1
            number[row.stage, row.site] = count[place]
        return number

    @cached_property
    def service_plans(self) -> tuple[ServicePlan, ...]:
        """Service plans in order of stage and service."""
        return tuple(sorted(self.plan.services, key=lambda s: (s.stage, s.service)))

    @cached_property
    def modules(self) -> Mapping[tuple[int, str], Mapping[str, int]]:
        """Modules that stand, by (stage, site)."""
        return {(s.stage, s.site): s.modules for s in self.plan.sites}

    def pool_t(self, stage: int, site: str, function: Function) -> float | None:
        """Return a site's capacity for a function in t a year, `None` where it has no limit."""
        standing = self.modules.get((stage, site), {})
        total = 0.0
        for row in self.instance.capacities:
            count = standing.get(row.module, 0)
            if row.site == site and row.function is function and count:
                if row.capacity_t_per_year is None:
                    return None
                total += count * row.capacity_t_per_year
        return total

    def service_t(self, row: ServicePlan) -> float:
        """Return the capacity of each leg of a service in t a year."""
        service = self.instance.service[row.service]
        return service.payload_t_per_departure * service.weeks_per_year * row.departures_per_week


def element(stage: int, product: Product, part: Emission) -> Element:
    """Return the line of the ledger on which a chain element is booked."""
    head = (stage, product.id, part.kind, str(part.mode), part.element)
    factors = (part.wtw_factor, part.ttw_factor)
    if part.kind == HUB:
        return Element(*head, None, "", "kg/t", *factors, 1.0, part.source)
    return Element(
        *head, part.distance_km, part.distance_source, "g/tkm", *factors, product.emission_factor,
        part.source,
    )  # fmt: skip


def order_of(line: Element) -> tuple[int, str, str, str, str]:
    """Return by what the ledger is sorted."""
    return line.stage, line.product, line.kind, line.mode, line.element
