"""For each check of the verifier, a plan that breaks this check and no other.

Mostly the instance is tightened under a plan that held, and hash, costs and bound are computed
anew, so that nothing but the named rule is left to notice. None where there is no victim.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hubopt.instance.tables import Instance, Limit, Vehicle
from hubopt.network.steps import Change, Handle, Move, Ride
from hubopt.plan.figures import gap_between
from hubopt.plan.pricing import Pricer
from hubopt.vocabulary import (
    TRUCKS,
    Access,
    Cargo,
    CostTerm,
    Function,
    LimitKind,
    Mode,
    SiteOutcome,
    SiteStatus,
    Status,
)
from tests.fitting import changed, fitted, used
from tests.limit_breakers import LIMIT_RULES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hubopt.plan.plan import Flow, Plan, ServicePlan, SitePlan

    Broken = tuple[Instance, Plan] | None
    Breaker = Callable[[Instance, Plan], Broken]

OPEN = {SiteOutcome.OPENED, SiteOutcome.KEPT}


def plan_matches_instance(instance: Instance, plan: Plan) -> Broken:
    """Claim a scenario that leads out of the results."""
    return instance, replace(plan, scenario="../../etc")


def demand_met(instance: Instance, plan: Plan) -> Broken:
    """Ask for a kilogram more."""
    more = instance.demand[0].demand_t_per_year + 0.001
    return fitted(
        replace(instance, demand=changed(instance.demand, 0, demand_t_per_year=more)), plan
    )


def route_is_connected(instance: Instance, plan: Plan) -> Broken:
    """Open a road that is used to scheduled services only."""
    pricer = Pricer(instance)
    for _, step in used(plan, Move):
        row = pricer.link_rows(step)[0]
        links = changed(instance.links, row, access=Access.SCHEDULED)
        return fitted(replace(instance, links=links), plan)
    return None


def route_handling_chain(instance: Instance, plan: Plan) -> Broken:
    """Ask for no handling of goods that are handled."""
    handled = [flow for flow, _ in used(plan, Handle)]
    return product_changed(instance, plan, handled, chain=())


def route_modes(instance: Instance, plan: Plan) -> Broken:
    """Forbid a mode in the middle of a route, where no truck is needed."""
    pricer = Pricer(instance)
    for flow, step in used(plan, Ride):
        mode = pricer.mode(step)
        product = instance.product[instance.shipment[flow.shipment].product]
        if mode not in TRUCKS:
            return product_changed(instance, plan, [flow], modes=product.modes - {mode})
    return None


def product_changed(
    instance: Instance, plan: Plan, flows: Sequence[Flow], **values: object
) -> Broken:
    """Return the instance with the product of the first of these flows changed."""
    if not flows:
        return None
    wanted = instance.shipment[flows[0].shipment].product
    here = next(n for n, product in enumerate(instance.products) if product.id == wanted)
    return fitted(replace(instance, products=changed(instance.products, here, **values)), plan)


def service_cargo(instance: Instance, plan: Plan) -> Broken:
    """Let a service that is used take only the other goods."""
    for flow, step in used(plan, Ride):
        cargo = instance.product[instance.shipment[flow.shipment].product].cargo
        row = list(instance.service).index(step.service)
        services = changed(instance.services, row, cargo=frozenset(Cargo) - {cargo})
        return fitted(replace(instance, services=services), plan)
    return None


def vehicle_range(instance: Instance, plan: Plan) -> Broken:
    """Let the batteries that are used be a little too small, or else those of the last lorries."""
    moves = [step for _, step in used(plan, Move)]
    for step in sorted(moves, key=lambda step: step.mode is not Mode.ROAD_BATTERY)[:1]:
        link = instance.links[Pricer(instance).link_rows(step)[0]]
        others = tuple(row for row in instance.vehicles if row.mode is not link.mode)
        rows = [row for row in instance.vehicles if row.mode is link.mode]
        row = rows[0] if rows else Vehicle(link.mode, None, 1.0, 0.0)
        short = replace(row, range_km=2 * link.distance_km - 0.001)
        return fitted(replace(instance, vehicles=(*others, short)), plan)
    return None


def origin_district(instance: Instance, plan: Plan) -> Broken:
    """Let goods that are returned have been cleared in another district."""
    for flow, step in used(plan, Handle):
        if step.function is Function.RETURNS:
            here = list(instance.shipment).index(flow.shipment)
            settings = replace(instance.settings, returns_to_origin_district=True)
            free = tuple(replace(row, district=None) for row in instance.demand)
            demand = changed(free, here, district="elsewhere")
            return fitted(replace(instance, settings=settings, demand=demand), plan)
    return None


def customs_clearance(instance: Instance, plan: Plan) -> Broken:
    """Close the last customs office that is used."""
    pricer = Pricer(instance)
    cleared = {pricer.clearance(step) for _, step in used(plan, Move | Ride)}
    closed = [row for row in instance.customs if (row.place, row.mode) in cleared][-1:]
    customs = tuple(row for row in instance.customs if row not in closed)
    return fitted(replace(instance, customs=customs), plan) if closed else None


def delivery_time(instance: Instance, plan: Plan) -> Broken:
    """Want goods that flow within a minute."""
    if not plan.flows:
        return None
    here = list(instance.shipment).index(plan.flows[0].shipment)
    return fitted(replace(instance, demand=changed(instance.demand, here, latest_h=0.01)), plan)


def site_open_for_flow(instance: Instance, plan: Plan) -> Broken:
    """Let a new site through which goods flow never be built."""
    built = {row.site for row in instance.modules if row.built}
    for _, step in used(plan, Handle):
        site = instance.site[step.site]
        if site.status is SiteStatus.CANDIDATE and site.id not in built:
            return fitted(instance, with_sites(plan, site.id, SiteOutcome.NOT_CHOSEN, 0))
    return None


def with_sites(plan: Plan, site: str, outcome: SiteOutcome, number: int) -> Plan:
    """Return the plan with a site the same in all stages."""
    sites = tuple(
        replace(s, outcome=outcome, modules=dict.fromkeys(s.modules, number))
        if s.site == site
        else s
        for s in plan.sites
    )
    return replace(plan, sites=sites)


def site_capacity(instance: Instance, plan: Plan) -> Broken:
    """Shrink the sites that handle goods to a fraction of the demand."""
    sites = {step.site for _, step in used(plan, Handle)}
    if not sites:
        return None
    few = sum(row.demand_t_per_year for row in instance.demand) / 90
    rows = tuple(
        replace(row, capacity_t_per_year=few) if row.site in sites else row
        for row in instance.capacities
    )
    return fitted(replace(instance, capacities=rows), plan)


def link_capacity(instance: Instance, plan: Plan) -> Broken:
    """Narrow a road that is used."""
    pricer = Pricer(instance)
    for _, step in used(plan, Move):
        row = pricer.link_rows(step)[0]
        links = changed(instance.links, row, capacity_t_per_year=0.001)
        return fitted(replace(instance, links=links), plan)
    return None


def transfer_capacity(instance: Instance, plan: Plan) -> Broken:
    """Narrow a change of mode that is used."""
    pricer = Pricer(instance)
    for _, step in used(plan, Change):
        row = pricer.transfer_row(step)
        transfers = changed(instance.transfers, row, capacity_t_per_year=0.001)
        return fitted(replace(instance, transfers=transfers), plan)
    return None


def service_capacity(instance: Instance, plan: Plan) -> Broken:
    """Shrink the trains of a service that is used."""
    for _, step in used(plan, Ride):
        row = list(instance.service).index(step.service)
        services = changed(instance.services, row, payload_t_per_departure=0.001)
        return fitted(replace(instance, services=services), plan)
    return None


def departure_limits(instance: Instance, plan: Plan) -> Broken:
    """Allow one departure fewer than are planned."""
    for victim in running(plan):
        row, most = list(instance.service).index(victim.service), victim.departures_per_week - 1
        services = changed(instance.services, row, most_per_week=most, least_per_week=0)
        return fitted(replace(instance, services=services), plan)
    return None


def running(plan: Plan) -> list[ServicePlan]:
    """Return the services that run, the busiest first."""
    rows = [row for row in plan.services if row.departures_per_week]
    return sorted(rows, key=lambda row: -row.departures_per_week)


def vehicle_balance(instance: Instance, plan: Plan) -> Broken:
    """Run one more empty train, paid for."""
    for here, row in enumerate(plan.services):
        path = instance.service[row.service].path
        if path[0] != path[-1] and row.stage >= instance.service[row.service].earliest_stage:
            services = changed(plan.services, here, empty_per_week=row.empty_per_week + 1)
            return fitted(instance, replace(plan, services=services))
    return None


def modules_stay(instance: Instance, plan: Plan) -> Broken:
    """Let one module more have stood at the start than stands in the first stage."""
    first = instance.settings.stages[0].year
    for row in plan.sites:
        steady = row.outcome in {SiteOutcome.KEPT, SiteOutcome.NOT_CHOSEN}
        for here, module in enumerate(instance.modules):
            if (module.site, first) == (row.site, row.stage) and steady:
                number = row.modules[module.module] + 1
                most = max(number, module.most)
                modules = changed(instance.modules, here, built=number, most=most)
                return fitted(replace(instance, modules=modules), plan)
    return None


def modules_need_open_site(instance: Instance, plan: Plan) -> Broken:
    """Allow one module fewer than stand."""
    for row in plan.sites:
        for here, module in enumerate(instance.modules):
            number = row.modules.get(module.module, 0) if module.site == row.site else 0
            if number:
                modules = changed(instance.modules, here, most=number - 1)
                return fitted(replace(instance, modules=modules), plan)
    return None


def called(plan: Plan, victim: SitePlan, outcome: SiteOutcome) -> Plan:
    """Return the plan that calls a site by another word."""
    sites = (replace(s, outcome=outcome) if s is victim else s for s in plan.sites)
    return replace(plan, sites=tuple(sites))


def open_site_has_module(instance: Instance, plan: Plan) -> Broken:
    """Call a site open at which nothing stands."""
    empty = [row for row in plan.sites if row.outcome is SiteOutcome.NOT_CHOSEN]
    return (instance, called(plan, empty[0], SiteOutcome.OPENED)) if empty else None


def site_outcome(instance: Instance, plan: Plan) -> Broken:
    """Call a new site an old one."""
    opened = [row for row in plan.sites if row.outcome is SiteOutcome.OPENED]
    return (instance, called(plan, opened[0], SiteOutcome.KEPT)) if opened else None


def required_sites(instance: Instance, plan: Plan) -> Broken:
    """Require a site that was not chosen."""
    last = instance.settings.stages[-1].year
    for row in plan.sites:
        if row.stage == last and row.outcome is SiteOutcome.NOT_CHOSEN:
            here = list(instance.site).index(row.site)
            sites = changed(instance.sites, here, status=SiteStatus.REQUIRED)
            return fitted(replace(instance, sites=sites), plan)
    return None


def closed_sites(instance: Instance, plan: Plan) -> Broken:
    """Close a terminal that stands, in name as well."""
    handling = {row.site for row in instance.handling}
    for row in plan.sites:
        if row.outcome in OPEN and row.site not in handling:
            here = list(instance.site).index(row.site)
            sites = changed(instance.sites, here, status=SiteStatus.CLOSED)
            words = tuple(
                replace(s, outcome=SiteOutcome.CLOSED) if s.site == row.site else s
                for s in plan.sites
            )
            return fitted(replace(instance, sites=sites), replace(plan, sites=words))
    return None


def sites_at_most(instance: Instance, plan: Plan) -> Broken:
    """Allow one site fewer than are open."""
    stage = instance.settings.stages[0].year
    count = sum(row.stage == stage and row.outcome in OPEN for row in plan.sites)
    limit = Limit(LimitKind.SITES_AT_MOST, stage, None, count - 1)
    return fitted(replace(instance, limits=(limit,)), plan) if count else None


def budget(instance: Instance, plan: Plan) -> Broken:
    """Allow less than is spent on building."""
    for stage in instance.settings.stages:
        if any(s.stage == stage.year and s.outcome is SiteOutcome.OPENED for s in plan.sites):
            limit = Limit(LimitKind.BUDGET, stage.year, None, 1.0)
            return fitted(replace(instance, limits=(limit,)), plan)
    return None


def cost_of(term: CostTerm) -> Breaker:
    """Return the breaker that adds one fen to a cost."""

    def broken(instance: Instance, plan: Plan) -> Broken:
        terms = {year: dict(by_term) for year, by_term in plan.terms_fen.items()}
        terms[max(terms)][term] += 1
        return instance, replace(plan, terms_fen=terms)

    return broken


def cost_objective(instance: Instance, plan: Plan) -> Broken:
    """Save one fen in all."""
    less = plan.objective_fen - 1
    return instance, replace(
        plan, objective_fen=less, bound_fen=0, gap=gap_between(less, 0), status=Status.FEASIBLE
    )


def co2e(instance: Instance, plan: Plan) -> Broken:
    """Emit a kilogram less on the way."""
    year = max(plan.co2e_ttw_kg)
    kg = {**plan.co2e_ttw_kg, year: plan.co2e_ttw_kg[year] - 1}
    return instance, replace(plan, co2e_ttw_kg=kg)


def gap_and_bound(instance: Instance, plan: Plan) -> Broken:
    """Call optimal what is not proved at all."""
    return instance, replace(plan, status=Status.OPTIMAL, bound_fen=0, gap=1.0)


RULES = (
    plan_matches_instance, demand_met, route_is_connected, route_handling_chain, route_modes,
    service_cargo, vehicle_range, origin_district, customs_clearance, delivery_time,
    site_open_for_flow, site_capacity,
    link_capacity, transfer_capacity, service_capacity, departure_limits, vehicle_balance,
    modules_stay, modules_need_open_site, open_site_has_module, site_outcome, required_sites,
    closed_sites, sites_at_most, budget, cost_objective, co2e, gap_and_bound,
)  # fmt: skip
BREAKERS: dict[str, Breaker] = {
    **{rule.__name__: rule for rule in (*RULES, *LIMIT_RULES)},
    **{f"cost_{term}": cost_of(term) for term in CostTerm},
}
