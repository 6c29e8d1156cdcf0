"""Ways to spoil a plan so that it breaks a limit on the whole of it, or on its sources."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from hubopt.network.all_routes import all_routes
from hubopt.network.steps import Handle, Move, Ride
from hubopt.plan.plan import Unserved
from hubopt.vocabulary import LimitKind, SiteOutcome
from tests.fitting import exchanged

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Collection, Iterable

    from hubopt.instance.tables import Instance, Limit
    from hubopt.network.steps import Step
    from hubopt.plan.plan import Flow, Plan
    from hubopt.vocabulary import Mode

    Spoiled = tuple[Plan, str] | None
    Spoiler = Callable[[Instance, Plan, random.Random], Spoiled]


def of_kind(instance: Instance, kind: LimitKind, rng: random.Random) -> Limit | None:
    """Return a limit of a kind that asks for something, None if there is none."""
    found = [limit for limit in instance.limits_in_force if limit.kind is kind and limit.value > 0]
    return rng.choice(found) if found else None


def given_up(plan: Plan, flows: Collection[Flow]) -> Plan:
    """Return the plan with what some flows carry left behind."""
    left = Counter({row.shipment: row.kg_per_year for row in plan.unserved})
    for flow in flows:
        left[flow.shipment] += flow.kg_per_year
    return replace(
        plan,
        flows=tuple(flow for flow in plan.flows if flow not in flows),
        unserved=tuple(Unserved(shipment, kg) for shipment, kg in sorted(left.items()) if kg),
    )


def counted(instance: Instance, plan: Plan, limit: Limit) -> list[Flow]:
    """Return the flows that a limit counts."""
    goods, places = instance.counted_goods(limit), instance.counted_places(limit)
    return [
        flow
        for flow in plan.flows
        if (row := instance.shipment[flow.shipment]).stage == limit.stage
        and row.product in goods
        and row.destination in places
    ]


def goes_by(instance: Instance, flow: Flow, mode: Mode) -> bool:
    """Tell whether a flow moves or rides by a mode on some leg."""
    return any(
        (instance.service[step.service].mode if isinstance(step, Ride) else step.mode) is mode
        for step in flow.steps
        if isinstance(step, Move | Ride)
    )


def handled_at(steps: Iterable[Step]) -> set[str]:
    """Return the sites of a route."""
    return {step.site for step in steps if isinstance(step, Handle)}


def second_source(instance: Instance, plan: Plan, rng: random.Random) -> Spoiled:
    """Handle half of a shipment at a second site that must be handled at one."""
    choices = [
        (flow, route.steps)
        for flow in plan.flows
        if instance.shipment[flow.shipment].single_source and flow.kg_per_year > 1
        for route in all_routes(instance, flow.shipment)
        if handled_at(route.steps) - handled_at(flow.steps)
    ]
    if not choices:
        return None
    flow, steps = rng.choice(choices)
    half = flow.kg_per_year // 2
    pair = (
        replace(flow, kg_per_year=flow.kg_per_year - half),
        replace(flow, steps=steps, kg_per_year=half),
    )
    return replace(plan, flows=exchanged(plan.flows, flow, *pair)), "single_source"


def promises_broken(instance: Instance, plan: Plan, rng: random.Random) -> Spoiled:
    """Leave behind all freight that a service level counts."""
    limit = of_kind(instance, LimitKind.SERVICE_LEVEL, rng)
    if limit is None:
        return None
    flows = [
        flow
        for flow in counted(instance, plan, limit)
        if instance.shipment[flow.shipment].promised_h is not None and flow.kg_per_year
    ]
    return (given_up(plan, flows), "service_level") if flows else None


def mode_given_up(instance: Instance, plan: Plan, rng: random.Random) -> Spoiled:
    """Leave behind all that goes by a mode where a share must, and carry the rest."""
    limit = of_kind(instance, LimitKind.MODE_SHARE_AT_LEAST, rng)
    if limit is None or limit.mode is None:
        return None
    flows = counted(instance, plan, limit)
    by_mode = [flow for flow in flows if goes_by(instance, flow, limit.mode)]
    others = sum(flow.kg_per_year for flow in flows if flow not in by_mode)
    return (given_up(plan, by_mode), "mode_share_at_least") if by_mode and others > 1000 else None


def sites_given_up(instance: Instance, plan: Plan, rng: random.Random) -> Spoiled:
    """Close all sites in a stage in which some must be open."""
    return closed(instance, plan, rng, LimitKind.SITES_AT_LEAST)


def cities_given_up(instance: Instance, plan: Plan, rng: random.Random) -> Spoiled:
    """Close all sites in a stage in which cities must have one near."""
    return closed(instance, plan, rng, LimitKind.COVERAGE)


def closed(instance: Instance, plan: Plan, rng: random.Random, kind: LimitKind) -> Spoiled:
    """Close all sites in the stage of a limit."""
    limit = of_kind(instance, kind, rng)
    if limit is None:
        return None
    sites = tuple(
        replace(row, outcome=SiteOutcome.NOT_CHOSEN, modules=dict.fromkeys(row.modules, 0))
        if row.stage == limit.stage and row.outcome is not SiteOutcome.CLOSED
        else row
        for row in plan.sites
    )
    return None if sites == plan.sites else (replace(plan, sites=sites), kind.value)


def site_left_idle(instance: Instance, plan: Plan, rng: random.Random) -> Spoiled:
    """Leave behind all that passes a site which must be used to stay open."""
    least = {row.site for row in instance.handling if row.least_t_per_year}
    busy = sorted(
        {
            (step.site, instance.shipment[flow.shipment].stage)
            for flow in plan.flows
            for step in flow.steps
            if isinstance(step, Handle) and step.site in least and flow.kg_per_year
        }
    )
    if not busy:
        return None
    site, stage = rng.choice(busy)
    flows = [
        flow
        for flow in plan.flows
        if instance.shipment[flow.shipment].stage == stage and site in handled_at(flow.steps)
    ]
    return given_up(plan, flows), "least_use"


SPOILERS: tuple[Spoiler, ...] = (
    second_source,
    promises_broken,
    mode_given_up,
    sites_given_up,
    cities_given_up,
    site_left_idle,
)
