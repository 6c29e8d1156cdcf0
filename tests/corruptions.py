"""Ways to spoil a plan, each with the check that must notice; None where there is no victim."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hubopt.network.steps import Handle, Move
from hubopt.plan.plan import Unserved
from hubopt.vocabulary import CostTerm, Function, Mode, SiteOutcome, SiteStatus

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    from hubopt.instance.tables import Instance
    from hubopt.plan.plan import Plan

    Spoiled = tuple[Plan, str] | None
    Spoiler = Callable[[Instance, Plan, random.Random], Spoiled]

TONNE = 1000


def with_flow(plan: Plan, here: int, **changed: object) -> Plan:
    """Return the plan with one flow changed."""
    flows = list(plan.flows)
    flows[here] = replace(flows[here], **changed)  # type: ignore[arg-type]
    return replace(plan, flows=tuple(flows))


def doubled_term(_: Instance, plan: Plan, rng: random.Random) -> Spoiled:
    """Double one cost."""
    terms = {year: dict(by_term) for year, by_term in plan.terms_fen.items()}
    full = [(y, t) for y, by_term in terms.items() for t, amount in by_term.items() if amount]
    year, term = rng.choice(full)
    terms[year][term] *= 2
    return replace(plan, terms_fen=terms), f"cost_{term}"


def one_fen(_: Instance, plan: Plan, rng: random.Random) -> Spoiled:
    """Add one fen to one cost."""
    terms = {year: dict(by_term) for year, by_term in plan.terms_fen.items()}
    year, term = rng.choice(sorted(terms)), rng.choice(list(CostTerm))
    terms[year][term] += 1
    return replace(plan, terms_fen=terms), f"cost_{term}"


def objective(_: Instance, plan: Plan, rng: random.Random) -> Spoiled:
    """Change the objective."""
    return replace(
        plan, objective_fen=plan.objective_fen + rng.choice([-1, 1, 10**6])
    ), "cost_objective"


def carbon(_: Instance, plan: Plan, rng: random.Random) -> Spoiled:
    """Lose a kilogram of CO2e."""
    year = rng.choice(sorted(plan.co2e_wtw_kg))
    return replace(plan, co2e_wtw_kg={**plan.co2e_wtw_kg, year: plan.co2e_wtw_kg[year] - 1}), "co2e"


def bound(_: Instance, plan: Plan, __: random.Random) -> Spoiled:
    """Claim a bound above the objective."""
    return replace(plan, bound_fen=plan.objective_fen + 1), "gap_and_bound"


def gap(_: Instance, plan: Plan, __: random.Random) -> Spoiled:
    """Claim another gap."""
    return replace(plan, gap=(plan.gap or 0.0) + 0.01), "gap_and_bound"


def other_instance(_: Instance, plan: Plan, __: random.Random) -> Spoiled:
    """Claim another instance's hash."""
    return replace(plan, instance_hash="0" * 64), "plan_matches_instance"


def tonne_more(_: Instance, plan: Plan, rng: random.Random) -> Spoiled:
    """Send a tonne that nobody asked for."""
    if not plan.flows:
        return None
    here = rng.randrange(len(plan.flows))
    return with_flow(plan, here, kg_per_year=plan.flows[here].kg_per_year + TONNE), "demand_met"


def tonne_moved(_: Instance, plan: Plan, rng: random.Random) -> Spoiled:
    """Move a tonne from one shipment's flow to another's."""
    if len({flow.shipment for flow in plan.flows}) < 2:
        return None
    here = rng.randrange(len(plan.flows))
    others = [n for n, f in enumerate(plan.flows) if f.shipment != plan.flows[here].shipment]
    there = rng.choice(others)
    if plan.flows[here].kg_per_year < TONNE:
        return None
    less = with_flow(plan, here, kg_per_year=plan.flows[here].kg_per_year - TONNE)
    return with_flow(less, there, kg_per_year=less.flows[there].kg_per_year + TONNE), "demand_met"


def negative(_: Instance, plan: Plan, rng: random.Random) -> Spoiled:
    """Send less than nothing."""
    if not plan.flows:
        return None
    return with_flow(plan, rng.randrange(len(plan.flows)), kg_per_year=-5), "plan_matches_instance"


def twice(_: Instance, plan: Plan, rng: random.Random) -> Spoiled:
    """Name a flow twice."""
    if not plan.flows:
        return None
    return replace(plan, flows=(*plan.flows, rng.choice(plan.flows))), "plan_matches_instance"


def unknown_shipment(_: Instance, plan: Plan, rng: random.Random) -> Spoiled:
    """Send what the instance does not know."""
    if not plan.flows:
        return None
    return with_flow(
        plan, rng.randrange(len(plan.flows)), shipment="NOBODY"
    ), "plan_matches_instance"


def left_behind(instance: Instance, plan: Plan, rng: random.Random) -> Spoiled:
    """Leave a kilogram behind that was served."""
    known = {u.shipment for u in plan.unserved}
    rest = [s.id for s in instance.demand if s.id not in known]
    if not rest:
        return None
    return replace(plan, unserved=(*plan.unserved, Unserved(rng.choice(rest), 1))), "demand_met"


def step_lost(_: Instance, plan: Plan, rng: random.Random) -> Spoiled:
    """Skip a journey in a route."""
    here, steps = some_route(plan, rng)
    travels = [n for n, step in enumerate(steps) if not isinstance(step, Handle)]
    if not travels:
        return None
    lost = rng.choice(travels)
    return with_flow(plan, here, steps=steps[:lost] + steps[lost + 1 :]), "route_is_connected"


def unhandled(_: Instance, plan: Plan, rng: random.Random) -> Spoiled:
    """Skip a handling step."""
    here, steps = some_route(plan, rng, wanted=Handle)
    handled = [n for n, step in enumerate(steps) if isinstance(step, Handle)]
    if not handled:
        return None
    lost = rng.choice(handled)
    return with_flow(plan, here, steps=steps[:lost] + steps[lost + 1 :]), "route_handling_chain"


def wrong_mode(_: Instance, plan: Plan, rng: random.Random) -> Spoiled:
    """Drive where no barge goes."""
    here, steps = some_route(plan, rng, wanted=Move)
    moves = [n for n, step in enumerate(steps) if isinstance(step, Move)]
    if not moves:
        return None
    n = rng.choice(moves)
    step = replace(steps[n], mode=Mode.BARGE)  # type: ignore[call-arg]
    return with_flow(plan, here, steps=(*steps[:n], step, *steps[n + 1 :])), "route_is_connected"


def wrong_function(_: Instance, plan: Plan, rng: random.Random) -> Spoiled:
    """Have something done at a site that does not do it."""
    here, steps = some_route(plan, rng, wanted=Handle)
    handled = [n for n, step in enumerate(steps) if isinstance(step, Handle)]
    if not handled:
        return None
    n = rng.choice(handled)
    step = replace(steps[n], function=Function.RETURNS)  # type: ignore[call-arg]
    return with_flow(plan, here, steps=(*steps[:n], step, *steps[n + 1 :])), "route_is_connected"


def some_route(plan: Plan, rng: random.Random, *, wanted: type = object) -> tuple[int, tuple]:
    """Return a random flow's number and steps; an empty route if none has a step of the kind."""
    fitting = [n for n, f in enumerate(plan.flows) if any(isinstance(s, wanted) for s in f.steps)]
    if not fitting:
        return 0, ()
    here = rng.choice(fitting)
    return here, plan.flows[here].steps


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
    sites = tuple(built if s is victim else s for s in plan.sites)
    return replace(plan, sites=sites), "closed_sites"


def too_many_modules(_: Instance, plan: Plan, rng: random.Random) -> Spoiled:
    """Build more than there is room for."""
    victim = rng.choice([s for s in plan.sites if s.modules])
    built = replace(victim, modules=dict.fromkeys(victim.modules, 99))
    sites = tuple(built if s is victim else s for s in plan.sites)
    return replace(plan, sites=sites), "modules_need_open_site"


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
    return replace(
        plan, sites=tuple(gone if s is victim else s for s in plan.sites)
    ), "modules_stay"


def wrong_word(_: Instance, plan: Plan, rng: random.Random) -> Spoiled:
    """Call an open site not chosen."""
    standing = [s for s in plan.sites if any(s.modules.values())]
    if not standing:
        return None
    victim = rng.choice(standing)
    wrong = replace(victim, outcome=SiteOutcome.NOT_CHOSEN)
    sites = tuple(wrong if s is victim else s for s in plan.sites)
    return replace(plan, sites=sites), "modules_need_open_site"


def departure_dropped(_: Instance, plan: Plan, rng: random.Random) -> Spoiled:
    """Drop one departure."""
    running = [s for s in plan.services if s.departures_per_week]
    if not running:
        return None
    victim = rng.choice(running)
    fewer = replace(victim, departures_per_week=victim.departures_per_week - 1)
    services = tuple(fewer if s is victim else s for s in plan.services)
    return replace(plan, services=services), "vehicle_balance"


def too_many_departures(_: Instance, plan: Plan, rng: random.Random) -> Spoiled:
    """Run more than the timetable allows."""
    victim = rng.choice(plan.services)
    more = replace(victim, departures_per_week=999)
    services = tuple(more if s is victim else s for s in plan.services)
    return replace(plan, services=services), "departure_limits"


def free_empties(_: Instance, plan: Plan, rng: random.Random) -> Spoiled:
    """Run an empty train that nobody pays for."""
    victim = rng.choice(plan.services)
    more = replace(victim, empty_per_week=victim.empty_per_week + 1)
    services = tuple(more if s is victim else s for s in plan.services)
    return replace(plan, services=services), "cost_repositioning"


SPOILERS: tuple[Spoiler, ...] = (
    doubled_term,
    one_fen,
    objective,
    carbon,
    bound,
    gap,
    other_instance,
    tonne_more,
    tonne_moved,
    negative,
    twice,
    unknown_shipment,
    left_behind,
    step_lost,
    unhandled,
    wrong_mode,
    wrong_function,
    used_site_closed,
    closed_site_built,
    too_many_modules,
    module_vanishes,
    wrong_word,
    departure_dropped,
    too_many_departures,
    free_empties,
)
