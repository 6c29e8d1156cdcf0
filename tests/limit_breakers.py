"""For each limit on the whole plan, a plan that it alone refuses: a limit set too tight."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from hubopt.instance.tables import Instance, Limit
from hubopt.network.steps import Handle
from hubopt.plan.pricing import Pricer
from hubopt.plan.verify_limits import modes_of
from hubopt.vocabulary import LimitKind, Mode, SiteOutcome
from tests.fitting import changed, fitted, used

if TYPE_CHECKING:
    from hubopt.plan.plan import Flow, Plan

    Broken = tuple[Instance, Plan] | None

OPEN = {SiteOutcome.OPENED, SiteOutcome.KEPT}


def limited(instance: Instance, plan: Plan, limit: Limit) -> Broken:
    """Return the plan under this limit alone."""
    return fitted(replace(instance, limits=(limit,)), plan)


def first_stage(instance: Instance) -> int:
    """Return the year of the first stage."""
    return instance.settings.stages[0].year


def sites_at_least(instance: Instance, plan: Plan) -> Broken:
    """Ask for one site more than are open."""
    stage = first_stage(instance)
    count = sum(row.stage == stage and row.outcome in OPEN for row in plan.sites)
    return limited(instance, plan, Limit(LimitKind.SITES_AT_LEAST, stage, None, count + 1))


def coverage(instance: Instance, plan: Plan) -> Broken:
    """Ask for one open site more within reach of every city than are open at all."""
    stage = first_stage(instance)
    count = sum(row.stage == stage and row.outcome in OPEN for row in plan.sites)
    limit = Limit(LimitKind.COVERAGE, stage, None, count + 1, hours=500.0)
    return limited(instance, plan, limit)


def least_use(instance: Instance, plan: Plan) -> Broken:
    """Ask an open site to handle a tonne more than it does."""
    handled: Counter[tuple[str, str, int]] = Counter()
    for flow, step in used(plan, Handle):
        stage = instance.shipment[flow.shipment].stage
        handled[step.site, step.function, stage] += flow.kg_per_year
    for here, row in enumerate(instance.handling):
        loads = [
            kg for (site, f, _), kg in handled.items() if (site, f) == (row.site, row.function)
        ]
        if loads:
            more = max(loads) / 1000 + 1
            return fitted(
                replace(instance, handling=changed(instance.handling, here, least_t_per_year=more)),
                plan,
            )
    return None


def single_source(instance: Instance, plan: Plan) -> Broken:
    """Let one site alone serve a destination that two serve."""
    sites: dict[tuple[str, str, int], set[str]] = {}
    for flow, step in used(plan, Handle):
        shipment = instance.shipment[flow.shipment]
        key = (shipment.destination, step.function, shipment.stage)
        sites.setdefault(key, set()).add(step.site)
    for (_, function, stage), found in sites.items():
        if len(found) > 1:
            limit = Limit(LimitKind.SINGLE_SOURCE, stage, function, 1.0)
            return limited(instance, plan, limit)
    return None


def service_level(instance: Instance, plan: Plan) -> Broken:
    """Promise all of a shipment in half the time that it takes."""
    pricer = Pricer(instance)
    for flow in plan.flows:
        here = [d.id for d in instance.demand].index(flow.shipment)
        shipment = instance.demand[here]
        hours = pricer.hours(flow.steps, international=pricer.international(shipment))
        if hours:
            demand = changed(instance.demand, here, promised_h=float(hours) / 2)
            limit = Limit(LimitKind.SERVICE_LEVEL, shipment.stage, None, 1.0)
            return fitted(replace(instance, demand=demand, limits=(limit,)), plan)
    return None


def emissions_at_most(instance: Instance, plan: Plan) -> Broken:
    """Cap the emissions at half of what is emitted."""
    stage = first_stage(instance)
    tonnes = plan.co2e_wtw_kg[stage] / 2000
    limit = Limit(LimitKind.EMISSIONS_AT_MOST, stage, None, tonnes)
    return limited(instance, plan, limit) if tonnes else None


def carried(instance: Instance, plan: Plan) -> dict[tuple[Mode, int], list[Flow]]:
    """Return the flows of each mode and stage."""
    pricer = Pricer(instance)
    found: dict[tuple[Mode, int], list[Flow]] = {}
    for flow in plan.flows:
        for mode in set(modes_of(pricer, flow)):
            found.setdefault((mode, instance.shipment[flow.shipment].stage), []).append(flow)
    return found


def mode_share_at_least(instance: Instance, plan: Plan) -> Broken:
    """Ask for all by a mode that carries a part."""
    by_mode = carried(instance, plan)
    for (mode, stage), flows in sorted(by_mode.items()):
        every = [f for f in plan.flows if instance.shipment[f.shipment].stage == stage]
        if Fraction(len(flows), len(every)) < 1:
            limit = Limit(LimitKind.MODE_SHARE_AT_LEAST, stage, None, 1.0, mode=mode)
            return limited(instance, plan, limit)
    return None


def mode_share_at_most(instance: Instance, plan: Plan) -> Broken:
    """Allow nothing by a mode that carries something."""
    for mode, stage in sorted(carried(instance, plan)):
        limit = Limit(LimitKind.MODE_SHARE_AT_MOST, stage, None, 0.0, mode=mode)
        return limited(instance, plan, limit)
    return None


def delivery_share_at_least(instance: Instance, plan: Plan) -> Broken:
    """Ask for every delivery by battery truck where there is a diesel one."""
    pricer = Pricer(instance)
    for flow in plan.flows:
        if modes_of(pricer, flow)[-1:] == [Mode.ROAD_DIESEL]:
            stage = instance.shipment[flow.shipment].stage
            limit = Limit(
                LimitKind.DELIVERY_SHARE_AT_LEAST, stage, None, 1.0, mode=Mode.ROAD_BATTERY
            )
            return limited(instance, plan, limit)
    return None


LIMIT_RULES = (
    sites_at_least, coverage, least_use, single_source, service_level, emissions_at_most,
    mode_share_at_least, mode_share_at_most, delivery_share_at_least,
)  # fmt: skip
