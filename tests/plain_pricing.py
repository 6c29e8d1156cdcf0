"""What decisions cost and emit, in plain floats and plain loops over the rows of the instance.

Written from the meaning of the columns, without a line of `hubopt.plan`: it is what finds a fault
that settling and verifying have in common.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from hubopt.instance.tables import Demand, Handling, Instance, Link, Module, Product, Transfer
from hubopt.network.steps import Change, Handle, Move, Ride, Step
from hubopt.plan.plan import Flow, ServicePlan, SitePlan, Unserved
from hubopt.vocabulary import CostTerm, Function, Mode


@dataclass
class Sums:
    """CNY by stage and term, and kg CO2e by stage."""

    cny: dict[tuple[int, CostTerm], float] = field(default_factory=lambda: defaultdict(float))
    wtw: dict[int, float] = field(default_factory=lambda: defaultdict(float))
    ttw: dict[int, float] = field(default_factory=lambda: defaultdict(float))


@dataclass
class Trip:
    """What a tonne pays and takes on its way."""

    haul: float = 0.0
    handling: float = 0.0
    transfer: float = 0.0
    customs: float = 0.0
    hours: float = 0.0
    wtw: float = 0.0
    ttw: float = 0.0
    value_shares: float = 0.0


def present_value(instance: Instance, sums: Sums) -> float:
    """Return what all stages cost together, in money of the base year."""
    settings = instance.settings
    total = 0.0
    for stage in settings.stages:
        yearly = sum(sums.cny[stage.year, term] for term in CostTerm)
        for year in range(stage.year, stage.year + stage.years):
            total += yearly / (1.0 + settings.discount_rate) ** (year - settings.base_year)
    return total


def plain_sums(
    instance: Instance,
    sites: Iterable[SitePlan],
    services: Iterable[ServicePlan],
    flows: Iterable[Flow],
    unserved: Iterable[Unserved],
) -> Sums:
    """Return the yearly costs and emissions of all decisions."""
    sums = Sums()
    for site in sites:
        for module in instance.modules:
            if module.site == site.site:
                pay_site(instance, sums, site, module)
    for plan in services:
        service = next(s for s in instance.services if s.id == plan.service)
        runs = plan.departures_per_week * service.weeks_per_year
        back = plan.empty_per_week * service.weeks_per_year
        sums.cny[plan.stage, CostTerm.DEPARTURES] += runs * service.cost_cny_per_departure
        sums.cny[plan.stage, CostTerm.REPOSITIONING] += back * service.empty_cost_cny_per_departure
    for flow in flows:
        pay_flow(instance, sums, flow)
    for left in unserved:
        shipment = next(d for d in instance.demand if d.id == left.shipment)
        product = next(p for p in instance.products if p.id == shipment.product)
        price = product.unserved_cost_cny_per_t
        sums.cny[shipment.stage, CostTerm.UNSERVED] += left.kg_per_year / 1000 * price
    return sums


def pay_site(instance: Instance, sums: Sums, site: SitePlan, module: Module) -> None:
    """Pay for the modules of one size: new ones by equal yearly sums, all for running them."""
    rate, life = instance.settings.discount_rate, module.life_years
    share = 1.0 / life if rate == 0 else rate / (1.0 - (1.0 + rate) ** -life)
    number = site.modules[module.module]
    new = number - module.built
    sums.cny[site.stage, CostTerm.BUILDING] += new * module.build_cost_cny * share
    sums.cny[site.stage, CostTerm.RUNNING] += number * module.fixed_cost_cny_per_year


def pay_flow(instance: Instance, sums: Sums, flow: Flow) -> None:
    """Pay for one flow."""
    shipment = next(d for d in instance.demand if d.id == flow.shipment)
    trip = trip_of(instance, shipment, flow.steps)
    tonnes, stage = flow.kg_per_year / 1000, shipment.stage
    for term, per_tonne in cny_per_tonne(instance, shipment, trip).items():
        sums.cny[stage, term] += tonnes * per_tonne
    sums.wtw[stage] += tonnes * trip.wtw
    sums.ttw[stage] += tonnes * trip.ttw


def cny_per_tonne(instance: Instance, shipment: Demand, trip: Trip) -> dict[CostTerm, float]:
    """Return what a tonne of a shipment costs on its way."""
    product = next(p for p in instance.products if p.id == shipment.product)
    per_day = product.value_cny_per_t * product.time_cost_share_per_day
    spoils = product.value_cny_per_t * product.spoilage_share_per_day
    return {
        CostTerm.LINE_HAUL: trip.haul,
        CostTerm.HANDLING: trip.handling,
        CostTerm.TRANSFER: trip.transfer,
        CostTerm.CUSTOMS_DUTY: trip.customs,
        CostTerm.CAPITAL_IN_TRANSIT: per_day * trip.hours / 24,
        CostTerm.SPOILAGE: spoils * trip.hours / 24,
        CostTerm.INSURANCE_FINANCE: product.value_cny_per_t * trip.value_shares,
        CostTerm.CARBON: instance.settings.carbon_price_cny_per_t / 1000 * trip.wtw,
    }


def trip_of(instance: Instance, shipment: Demand, steps: tuple[Step, ...]) -> Trip:
    """Return what a tonne of a shipment pays and takes on a route."""
    countries = {place.id: place.country for place in instance.places}
    home = instance.settings.home_country
    begin, end = countries[shipment.origin], countries[shipment.destination]
    product = next(p for p in instance.products if p.id == shipment.product)
    trip = Trip()
    for step in steps:
        if isinstance(step, Handle):
            row = handling(instance, step.site, step.function)
            trip.handling += row.cost_cny_per_t + product.parcels_per_t * row.cost_cny_per_parcel
            quick = begin != end and row.cleared_time_h is not None
            trip.hours += row.cleared_time_h if quick else row.time_h  # type: ignore[operator]
            trip.wtw += row.energy_kwh_per_t * instance.settings.grid_kg_co2e_per_kwh
        elif isinstance(step, Change):
            change = transfer(instance, step.place, step.from_mode, step.to_mode)
            trip.transfer += change.cost_cny_per_t
            trip.hours += change.time_h
            trip.wtw += change.wtw_kg_per_t
            trip.ttw += change.ttw_kg_per_t
        else:
            for link in links(instance, trip, step):
                pay_link(instance, trip, product, link)
            ends = (step.from_place, step.to_place)
            inside = [place for place in ends if countries[place] == home]
            if begin != end and len(inside) == 1:
                mode = step.mode if isinstance(step, Move) else mode_of(instance, step)
                office = next(c for c in instance.customs if (c.place, c.mode) == (inside[0], mode))
                trip.customs += office.cost_cny_per_t
                trip.hours += office.time_h
    if begin != home and end == home:
        trip.customs += product.value_cny_per_t * product.duty_share
    if begin != end:
        trip.value_shares += product.finance_share
    return trip


def pay_link(instance: Instance, trip: Trip, product: Product, link: Link) -> None:
    """Pay for a link: trucks that carry less share haul and energy among fewer tonnes."""
    payload, premium = 1.0, 0.0
    for vehicle in instance.vehicles:
        if vehicle.mode == link.mode:
            payload, premium = vehicle.payload_share, vehicle.insurance_share_per_1000km
    trip.haul += link.cost_cny_per_t * product.cost_factor / payload
    trip.hours += link.time_h
    tonne_km = link.distance_km * product.emission_factor / payload
    trip.wtw += tonne_km * link.wtw_g_per_tkm / 1000
    trip.wtw += tonne_km * link.kwh_per_tkm * instance.settings.grid_kg_co2e_per_kwh
    trip.ttw += tonne_km * link.ttw_g_per_tkm / 1000
    trip.value_shares += premium * link.distance_km / 1000


def mode_of(instance: Instance, ride: Ride) -> Mode:
    """Return the mode of a service."""
    return next(s.mode for s in instance.services if s.id == ride.service)


def links(instance: Instance, trip: Trip, step: Move | Ride) -> list[Link]:
    """Return the links of a journey; waiting for a service takes its time."""
    if isinstance(step, Move):
        return [link_between(instance, step.from_place, step.to_place, step.mode)]
    service = next(s for s in instance.services if s.id == step.service)
    trip.hours += service.wait_h
    found, aboard = [], False
    for here, there in zip(service.path, service.path[1:], strict=False):
        aboard = aboard or here == step.from_place
        if aboard:
            found.append(link_between(instance, here, there, service.mode))
        if there == step.to_place:
            break
    return found


def link_between(instance: Instance, start: str, end: str, mode: Mode) -> Link:
    """Return the link from one place to another."""
    for link in instance.links:
        if link.mode == mode and (link.from_place, link.to_place) == (start, end):
            return link
    for link in instance.links:
        turned = (link.to_place, link.from_place) == (start, end)
        if link.mode == mode and link.both_ways and turned:
            return link
    raise AssertionError((start, end, mode))


def transfer(instance: Instance, place: str, before: Mode, after: Mode) -> Transfer:
    """Return the change of mode at a place."""
    for row in instance.transfers:
        if (row.place, row.from_mode, row.to_mode) == (place, before, after):
            return row
    for row in instance.transfers:
        if row.both_ways and (row.place, row.to_mode, row.from_mode) == (place, before, after):
            return row
    raise AssertionError((place, before, after))


def handling(instance: Instance, site: str, function: Function) -> Handling:
    """Return what handling costs at a site."""
    return next(h for h in instance.handling if (h.site, h.function) == (site, function))
