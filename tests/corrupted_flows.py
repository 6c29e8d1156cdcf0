"""Ways to spoil what flows: amounts, shipments, and routes step by step."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hubopt.network.steps import Change, Handle, Move, Ride
from hubopt.plan.plan import Flow, Unserved
from hubopt.vocabulary import Function, Mode
from tests.fitting import exchanged

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
    flows[here] = replace(flows[here], **changed)
    return replace(plan, flows=tuple(flows))


def some_route(plan: Plan, rng: random.Random, *, wanted: type = object) -> tuple[int, tuple]:
    """Return a random flow's number and steps; an empty route if none has a step of the kind."""
    fitting = [n for n, f in enumerate(plan.flows) if any(isinstance(s, wanted) for s in f.steps)]
    if not fitting:
        return 0, ()
    here = rng.choice(fitting)
    return here, plan.flows[here].steps


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


def demand_doubled(_: Instance, plan: Plan, rng: random.Random) -> Spoiled:
    """Double what one flow carries."""
    if not plan.flows:
        return None
    here = rng.randrange(len(plan.flows))
    return with_flow(plan, here, kg_per_year=2 * plan.flows[here].kg_per_year), "demand_met"


def flow_lost(_: Instance, plan: Plan, rng: random.Random) -> Spoiled:
    """Keep silent about one flow."""
    if not plan.flows:
        return None
    victim = rng.choice(plan.flows)
    return replace(plan, flows=exchanged(plan.flows, victim)), "demand_met"


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


def nothing_at_all_moved(instance: Instance, plan: Plan, rng: random.Random) -> Spoiled:
    """List a route that is none, for no goods at all."""
    shipment = rng.choice(instance.demand)
    ghost = Flow(shipment.id, (Move("X", "Y", Mode.RAIL),), 0)
    return replace(plan, flows=(*plan.flows, ghost)), "route_is_connected"


def left_behind(instance: Instance, plan: Plan, rng: random.Random) -> Spoiled:
    """Leave a kilogram behind that was served."""
    known = {u.shipment for u in plan.unserved}
    rest = [s.id for s in instance.demand if s.id not in known]
    if not rest:
        return None
    return replace(plan, unserved=(*plan.unserved, Unserved(rng.choice(rest), 1))), "demand_met"


def tonne_left_behind(_: Instance, plan: Plan, rng: random.Random) -> Spoiled:
    """Leave a tonne of a flow behind, at no price."""
    known = {left.shipment for left in plan.unserved}
    rest = [n for n, f in enumerate(plan.flows) if f.shipment not in known]
    rest = [n for n in rest if plan.flows[n].kg_per_year > TONNE]
    if not rest:
        return None
    here = rng.choice(rest)
    flow = plan.flows[here]
    less = with_flow(plan, here, kg_per_year=flow.kg_per_year - TONNE)
    left = Unserved(flow.shipment, TONNE)
    return replace(less, unserved=(*plan.unserved, left)), "cost_unserved"


def unserved_doubled(_: Instance, plan: Plan, rng: random.Random) -> Spoiled:
    """Double what one shipment leaves behind."""
    if not plan.unserved:
        return None
    victim = rng.choice(plan.unserved)
    more = replace(victim, kg_per_year=2 * victim.kg_per_year)
    return replace(plan, unserved=exchanged(plan.unserved, victim, more)), "demand_met"


def unserved_lost(_: Instance, plan: Plan, rng: random.Random) -> Spoiled:
    """Keep silent about what one shipment leaves behind."""
    if not plan.unserved:
        return None
    victim = rng.choice(plan.unserved)
    return replace(plan, unserved=exchanged(plan.unserved, victim)), "demand_met"


def unserved_twice(_: Instance, plan: Plan, rng: random.Random) -> Spoiled:
    """Say twice what one shipment leaves behind."""
    if not plan.unserved:
        return None
    return replace(
        plan, unserved=(*plan.unserved, rng.choice(plan.unserved))
    ), "plan_matches_instance"


def step_lost(_: Instance, plan: Plan, rng: random.Random) -> Spoiled:
    """Skip a journey in a route."""
    here, steps = some_route(plan, rng)
    travels = [n for n, step in enumerate(steps) if not isinstance(step, Handle)]
    if not travels:
        return None
    lost = rng.choice(travels)
    return with_flow(plan, here, steps=steps[:lost] + steps[lost + 1 :]), "route_is_connected"


def journey_twice(_: Instance, plan: Plan, rng: random.Random) -> Spoiled:
    """Take one journey twice in a row."""
    here, steps = some_route(plan, rng, wanted=Move)
    moves = [n for n, step in enumerate(steps) if isinstance(step, Move)]
    if not moves:
        return None
    n = rng.choice(moves)
    return with_flow(plan, here, steps=(*steps[:n], steps[n], *steps[n:])), "route_is_connected"


def steps_exchanged(_: Instance, plan: Plan, rng: random.Random) -> Spoiled:
    """Exchange a journey and the change of mode that follows it."""
    here, steps = some_route(plan, rng, wanted=Change)
    changes = [n for n, step in enumerate(steps) if isinstance(step, Change) and n]
    if not changes:
        return None
    n = rng.choice(changes)
    mixed = (*steps[: n - 1], steps[n], steps[n - 1], *steps[n + 1 :])
    return with_flow(plan, here, steps=mixed), "route_is_connected"


def route_reversed(_: Instance, plan: Plan, rng: random.Random) -> Spoiled:
    """Follow a route from its end to its beginning."""
    here, steps = some_route(plan, rng, wanted=Move)
    if len(steps) < 2:
        return None
    return with_flow(plan, here, steps=steps[::-1]), "route_is_connected"


def route_exchanged(_: Instance, plan: Plan, rng: random.Random) -> Spoiled:
    """Send goods along the route of others that end elsewhere."""
    pairs = [
        (n, other.steps)
        for n, flow in enumerate(plan.flows)
        for other in plan.flows
        if other.shipment.split("_")[1:3] != flow.shipment.split("_")[1:3]
    ]
    if not pairs:
        return None
    here, steps = rng.choice(pairs)
    return with_flow(plan, here, steps=steps), "route_is_connected"


def ride_backwards(_: Instance, plan: Plan, rng: random.Random) -> Spoiled:
    """Ride a service against its direction."""
    here, steps = some_route(plan, rng, wanted=Ride)
    rides = [n for n, step in enumerate(steps) if isinstance(step, Ride)]
    if not rides:
        return None
    n, ride = rides[0], steps[rides[0]]
    back = replace(ride, from_place=ride.to_place, to_place=ride.from_place)
    return with_flow(plan, here, steps=(*steps[:n], back, *steps[n + 1 :])), "route_is_connected"


def unknown_service_ridden(_: Instance, plan: Plan, rng: random.Random) -> Spoiled:
    """Ride a service that does not exist."""
    here, steps = some_route(plan, rng, wanted=Ride)
    rides = [n for n, step in enumerate(steps) if isinstance(step, Ride)]
    if not rides:
        return None
    n = rides[0]
    ghost = replace(steps[n], service="GHOST")
    return with_flow(plan, here, steps=(*steps[:n], ghost, *steps[n + 1 :])), "route_is_connected"


def wrong_mode(_: Instance, plan: Plan, rng: random.Random) -> Spoiled:
    """Drive where no barge goes."""
    here, steps = some_route(plan, rng, wanted=Move)
    moves = [n for n, step in enumerate(steps) if isinstance(step, Move)]
    if not moves:
        return None
    n = rng.choice(moves)
    step = replace(steps[n], mode=Mode.BARGE)
    return with_flow(plan, here, steps=(*steps[:n], step, *steps[n + 1 :])), "route_is_connected"


def unhandled(_: Instance, plan: Plan, rng: random.Random) -> Spoiled:
    """Skip a handling step."""
    here, steps = some_route(plan, rng, wanted=Handle)
    handled = [n for n, step in enumerate(steps) if isinstance(step, Handle)]
    if not handled:
        return None
    lost = rng.choice(handled)
    return with_flow(plan, here, steps=steps[:lost] + steps[lost + 1 :]), "route_handling_chain"


def handled_twice(_: Instance, plan: Plan, rng: random.Random) -> Spoiled:
    """Have goods handled twice."""
    here, steps = some_route(plan, rng, wanted=Handle)
    handled = [n for n, step in enumerate(steps) if isinstance(step, Handle)]
    if not handled:
        return None
    n = rng.choice(handled)
    return with_flow(plan, here, steps=(*steps[:n], steps[n], *steps[n:])), "route_handling_chain"


def wrong_function(instance: Instance, plan: Plan, rng: random.Random) -> Spoiled:
    """Have something done at a site that does not do it."""
    here, steps = some_route(plan, rng, wanted=Handle)
    handled = [n for n, step in enumerate(steps) if isinstance(step, Handle)]
    if not handled:
        return None
    n = rng.choice(handled)
    does = {row.function for row in instance.handling if row.site == steps[n].site}
    step = replace(steps[n], function=rng.choice(sorted(set(Function) - does)))
    return with_flow(plan, here, steps=(*steps[:n], step, *steps[n + 1 :])), "route_is_connected"


SPOILERS: tuple[Spoiler, ...] = (
    tonne_more,
    tonne_moved,
    demand_doubled,
    flow_lost,
    negative,
    twice,
    unknown_shipment,
    nothing_at_all_moved,
    left_behind,
    tonne_left_behind,
    unserved_doubled,
    unserved_lost,
    unserved_twice,
    step_lost,
    journey_twice,
    steps_exchanged,
    route_reversed,
    route_exchanged,
    ride_backwards,
    unknown_service_ridden,
    wrong_mode,
    unhandled,
    handled_twice,
    wrong_function,
)
