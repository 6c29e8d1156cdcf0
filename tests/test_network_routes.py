"""Routes listed are routes, and no cheaper one was missed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from hubopt.instance.read import read
from hubopt.network.routes import list_routes
from hubopt.network.steps import Change, Move, Ride, Step
from hubopt.plan.pricing import Pricer
from hubopt.problem.build import build_problem
from hubopt.vocabulary import FLOW_TERMS, TRUCKS
from tests.random_instances import random_instance
from tests.route_oracle import all_routes
from tests.tiny import tiny

MINI = Path(__file__).parent.parent / "instances" / "zhengzhou-mini"
INSTANCES = (tiny(), *(random_instance(seed) for seed in range(12)))


def patterned(steps: tuple[Step, ...]) -> bool:
    """Tell whether a route drives only before and after one main haul in each hop."""
    kinds = ""
    for step in steps:
        if isinstance(step, Move) and step.mode in TRUCKS:
            kinds += "t"
        elif isinstance(step, Move | Ride | Change):
            kinds += "m"
        else:
            kinds += " "
    return all(
        "m" not in hop.strip("t").replace("m", "", 1) or "t" not in hop.strip("t")
        for hop in kinds.split(" ")
    )


@pytest.mark.parametrize("instance", INSTANCES, ids=lambda i: i.settings.name)
def test_the_cheapest_route_is_listed(instance) -> None:  # noqa: ANN001
    """The cheapest route per tonne of each shipment is the cheapest of all that exist."""
    pricer = Pricer(instance)
    listed = list_routes(instance, per_shipment=200)
    for shipment in instance.demand:
        mine = [route.steps for route in listed.routes if route.shipment == shipment.id]
        every = [s for s in all_routes(instance, shipment) if patterned(s)]
        assert set(mine) <= set(every)
        price = instance.product[shipment.product].unserved_cost_cny_per_t
        duty_free = [cost(pricer, shipment, steps) for steps in every]
        worth = [c for c in duty_free if c < price]
        if worth:
            assert min(cost(pricer, shipment, s) for s in mine) == pytest.approx(min(worth))


def cost(pricer, shipment, steps) -> float:  # noqa: ANN001  (three objects of the plan room)
    """Return CNY per tonne."""
    return float(sum(pricer.price(shipment, steps).terms_cny_per_t.values()))


def test_the_cap_is_kept_and_told() -> None:
    """No shipment has more routes than asked for, and those cut short are named."""
    instance = read(MINI)
    listed = list_routes(instance, per_shipment=2)
    counts = [sum(r.shipment == s.id for r in listed.routes) for s in instance.demand]
    assert max(counts) == 2
    assert listed.capped
    assert listed.per_shipment == 2


def test_a_cap_keeps_other_modes() -> None:
    """With room for few routes a shipment still has one by each set of main modes."""
    instance = tiny()
    listed = list_routes(instance, per_shipment=2)
    used = {
        instance.service[step.service].mode
        for route in listed.routes
        if route.shipment == "MACH_A_R_2025"
        for step in route.steps
        if isinstance(step, Ride)
    }
    assert {mode.value for mode in used} == {"rail", "air"}


def test_the_latest_time_is_exact() -> None:
    """A route that arrives at the last moment is kept, and lost with a nanohour less."""
    instance = tiny()
    shipment = instance.shipment["MACH_B_R_2025"]
    pricer = Pricer(instance)
    routes = [r.steps for r in list_routes(instance).routes if r.shipment == shipment.id]
    slowest = float(max(pricer.price(shipment, steps).time_h for steps in routes))
    for latest, expected in ((slowest, True), (slowest - 1e-9, False)):
        demand = tuple(replace(d, latest_h=latest) if d is shipment else d for d in instance.demand)
        changed = replace(instance, demand=demand)
        listed = [r.steps for r in list_routes(changed).routes if r.shipment == shipment.id]
        found = {float(pricer.price(shipment, steps).time_h) for steps in listed}
        assert (slowest in found) is expected


@pytest.mark.parametrize("instance", INSTANCES[:6], ids=lambda i: i.settings.name)
def test_columns_are_priced_as_the_verifier_does(instance) -> None:  # noqa: ANN001
    """Cost terms, time and emissions of every column are the exact ones, in their scale."""
    problem = build_problem(instance, list_routes(instance))
    pricer = Pricer(instance)
    for column, steps in enumerate(problem.column_steps):
        shipment = instance.demand[problem.column_shipment[column]]
        price = pricer.price(shipment, steps)
        for here, term in enumerate(FLOW_TERMS):
            expected = float(price.terms_cny_per_t[term]) / 1000
            assert problem.column_terms[column, here] == pytest.approx(expected)
        assert problem.column_time_h[column] == pytest.approx(float(price.time_h))
        assert problem.column_wtw_kg_per_t[column] == pytest.approx(float(price.wtw_kg_per_t))
        assert problem.column_ttw_kg_per_t[column] == pytest.approx(float(price.ttw_kg_per_t))
