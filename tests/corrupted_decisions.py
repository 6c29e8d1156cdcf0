"""Ways to spoil what is decided of sites and services."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hubopt.network.steps import Handle, Ride
from hubopt.vocabulary import SiteOutcome, SiteStatus
from tests.fitting import exchanged

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    from hubopt.instance.tables import Instance
    from hubopt.plan.plan import Plan

    Spoiled = tuple[Plan, str] | None
    Spoiler = Callable[[Instance, Plan, random.Random], Spoiled]


def used_site_closed(instance: Instance, plan: Plan, rng: random.Random) -> Spoiled:
    """Close a site through which goods flow."""
    used = {
        (step.site, instance.shipment[flow.shipment].stage)
        for flow in plan.flows
        for step in flow.steps
        if isinstance(step, Handle)
    }
    if not used:
        return None
    site, stage = rng.choice(sorted(used))
    sites = tuple(
        replace(s, outcome=SiteOutcome.NOT_CHOSEN, modules=dict.fromkeys(s.modules, 0))
        if (s.site, s.stage) == (site, stage)
        else s
        for s in plan.sites
    )
    return replace(plan, sites=sites), "site_open_for_flow"


def closed_site_built(instance: Instance, plan: Plan, rng: random.Random) -> Spoiled:
    """Build where it is forbidden."""
    closed = [
        s for s in plan.sites if instance.site[s.site].status is SiteStatus.CLOSED and s.modules
    ]
    if not closed:
        return None
    victim = rng.choice(closed)
    built = replace(victim, modules=dict.fromkeys(victim.modules, 1))
    return replace(plan, sites=exchanged(plan.sites, victim, built)), "closed_sites"


def too_many_modules(_: Instance, plan: Plan, rng: random.Random) -> Spoiled:
    """Build more than there is room for."""
    victim = rng.choice([s for s in plan.sites if s.modules])
    built = replace(victim, modules=dict.fromkeys(victim.modules, 99))
    return replace(plan, sites=exchanged(plan.sites, victim, built)), "modules_need_open_site"


def module_added(_: Instance, plan: Plan, rng: random.Random) -> Spoiled:
    """Build one module more and do not pay for running it."""
    victim = rng.choice([s for s in plan.sites if s.modules])
    name = min(victim.modules)
    more = replace(victim, modules={**victim.modules, name: victim.modules[name] + 1})
    return replace(plan, sites=exchanged(plan.sites, victim, more)), "cost_running"


def module_invented(_: Instance, plan: Plan, rng: random.Random) -> Spoiled:
    """Add a size of module that the site does not have."""
    victim = rng.choice(plan.sites)
    more = replace(victim, modules={**victim.modules, "palace": 0})
    return replace(plan, sites=exchanged(plan.sites, victim, more)), "plan_matches_instance"


def module_vanishes(_: Instance, plan: Plan, rng: random.Random) -> Spoiled:
    """Let a building that stood in the first stage be gone in the last."""
    last = max(s.stage for s in plan.sites)
    first = min(s.stage for s in plan.sites)
    before = {s.site for s in plan.sites if s.stage == first and any(s.modules.values())}
    victims = [s for s in plan.sites if s.stage == last and s.site in before]
    if first == last or not victims:
        return None
    victim = rng.choice(victims)
    gone = replace(victim, modules=dict.fromkeys(victim.modules, 0))
    return replace(plan, sites=exchanged(plan.sites, victim, gone)), "modules_stay"


def half_a_module(_: Instance, plan: Plan, rng: random.Random) -> Spoiled:
    """Build half a module."""
    victim = rng.choice([s for s in plan.sites if s.modules])
    half = replace(victim, modules=dict.fromkeys(victim.modules, 0.5))
    return replace(plan, sites=exchanged(plan.sites, victim, half)), "plan_matches_instance"


def wrong_word(_: Instance, plan: Plan, rng: random.Random) -> Spoiled:
    """Call an open site not chosen."""
    standing = [s for s in plan.sites if any(s.modules.values())]
    if not standing:
        return None
    victim = rng.choice(standing)
    wrong = replace(victim, outcome=SiteOutcome.NOT_CHOSEN)
    return replace(plan, sites=exchanged(plan.sites, victim, wrong)), "modules_need_open_site"


def site_lost(_: Instance, plan: Plan, rng: random.Random) -> Spoiled:
    """Keep silent about one site in one stage."""
    sites = exchanged(plan.sites, rng.choice(plan.sites))
    return replace(plan, sites=sites), "plan_matches_instance"


def site_twice(_: Instance, plan: Plan, rng: random.Random) -> Spoiled:
    """Say one site twice."""
    return replace(plan, sites=(*plan.sites, rng.choice(plan.sites))), "plan_matches_instance"


def site_invented(_: Instance, plan: Plan, rng: random.Random) -> Spoiled:
    """Rename a site to one that does not exist."""
    victim = rng.choice(plan.sites)
    sites = exchanged(plan.sites, victim, replace(victim, site="GHOST"))
    return replace(plan, sites=sites), "plan_matches_instance"


def departure_dropped(_: Instance, plan: Plan, rng: random.Random) -> Spoiled:
    """Drop one departure."""
    running = [s for s in plan.services if s.departures_per_week]
    if not running:
        return None
    victim = rng.choice(running)
    fewer = replace(victim, departures_per_week=victim.departures_per_week - 1)
    return replace(plan, services=exchanged(plan.services, victim, fewer)), "vehicle_balance"


def departures_doubled(_: Instance, plan: Plan, rng: random.Random) -> Spoiled:
    """Run twice as many trains and pay for half of them."""
    running = [s for s in plan.services if s.departures_per_week]
    if not running:
        return None
    victim = rng.choice(running)
    more = replace(victim, departures_per_week=2 * victim.departures_per_week)
    services = exchanged(plan.services, victim, more)
    return replace(plan, services=services), "cost_departures"


def all_departures_dropped(_: Instance, plan: Plan, __: random.Random) -> Spoiled:
    """Run no train at all where goods ride."""
    if not any(isinstance(step, Ride) for flow in plan.flows for step in flow.steps):
        return None
    services = tuple(replace(s, departures_per_week=0, empty_per_week=0) for s in plan.services)
    return replace(plan, services=services), "service_capacity"


def too_many_departures(_: Instance, plan: Plan, rng: random.Random) -> Spoiled:
    """Run more than the timetable allows."""
    victim = rng.choice(plan.services)
    more = replace(victim, departures_per_week=999)
    return replace(plan, services=exchanged(plan.services, victim, more)), "departure_limits"


def negative_departures(_: Instance, plan: Plan, rng: random.Random) -> Spoiled:
    """Run fewer trains than none."""
    victim = rng.choice(plan.services)
    services = exchanged(plan.services, victim, replace(victim, departures_per_week=-1))
    return replace(plan, services=services), "plan_matches_instance"


def free_empties(_: Instance, plan: Plan, rng: random.Random) -> Spoiled:
    """Run an empty train that nobody pays for."""
    victim = rng.choice(plan.services)
    more = replace(victim, empty_per_week=victim.empty_per_week + 1)
    return replace(plan, services=exchanged(plan.services, victim, more)), "cost_repositioning"


def service_lost(_: Instance, plan: Plan, rng: random.Random) -> Spoiled:
    """Keep silent about one service in one stage."""
    services = exchanged(plan.services, rng.choice(plan.services))
    return replace(plan, services=services), "plan_matches_instance"


def service_twice(_: Instance, plan: Plan, rng: random.Random) -> Spoiled:
    """Say one service twice."""
    return replace(
        plan, services=(*plan.services, rng.choice(plan.services))
    ), "plan_matches_instance"


def service_invented(_: Instance, plan: Plan, rng: random.Random) -> Spoiled:
    """Rename a service to one that does not exist."""
    victim = rng.choice(plan.services)
    services = exchanged(plan.services, victim, replace(victim, service="GHOST"))
    return replace(plan, services=services), "plan_matches_instance"


def stage_of_service(_: Instance, plan: Plan, rng: random.Random) -> Spoiled:
    """Run a service in a stage that is not planned."""
    victim = rng.choice(plan.services)
    services = exchanged(plan.services, victim, replace(victim, stage=2099))
    return replace(plan, services=services), "plan_matches_instance"


SPOILERS: tuple[Spoiler, ...] = (
    used_site_closed,
    closed_site_built,
    too_many_modules,
    module_added,
    module_invented,
    module_vanishes,
    half_a_module,
    wrong_word,
    site_lost,
    site_twice,
    site_invented,
    departure_dropped,
    departures_doubled,
    all_departures_dropped,
    too_many_departures,
    negative_departures,
    free_empties,
    service_lost,
    service_twice,
    service_invented,
    stage_of_service,
)
