"""Trying every design over every route of tiny instances gives the cost that `solve` proves."""

from __future__ import annotations

from collections import Counter

import pytest

from hubopt.errors import InfeasibleError
from hubopt.network.routes import all_routes, list_routes
from hubopt.solve.answer import answer
from hubopt.vocabulary import Status
from tests.brute_force import best_cost
from tests.random_instances import random_instance

INSTANCES = 200
PER_BATCH = 10
MUST_OCCUR = {
    "demand_met",
    "site_capacity",
    "site_open_for_flow",
    "link_capacity",
    "transfer_capacity",
    "service_capacity",
    "departure_limits",
    "vehicle_balance",
    "modules_stay",
    "modules_need_open_site",
    "open_site_has_module",
    "required_sites",
    "closed_sites",
    "sites_at_most",
    "budget",
    "delivery_time",
    "customs_clearance",
    "vehicle_range",
    "origin_district",
}
"""Constraints that the plans must have put to the test."""


def check(seed: int) -> Counter[str]:
    """Solve one instance both ways, compare, and return how often each check was made."""
    instance = random_instance(seed)
    listed = list_routes(instance)
    assert not listed.capped
    assert not listed.left_out
    assert listed.trucks_join
    routes = {s.id: [r.steps for r in all_routes(instance, s.id)] for s in instance.demand}
    expected = best_cost(instance, routes)
    try:
        found = answer(instance)
    except InfeasibleError:
        assert expected == float("inf"), f"seed {seed}: brute force finds {expected}"
        return Counter()
    assert found.plan.status is Status.OPTIMAL
    assert found.plan.objective_fen / 100 == pytest.approx(expected, rel=1e-6, abs=1000), seed
    assert found.verification.passed
    return Counter({check.name: check.count for check in found.verification.checks})


@pytest.mark.parametrize("batch", range(INSTANCES // PER_BATCH))
def test_solve_agrees_with_brute_force(batch: int) -> None:
    """The proved optimum is that of every design with every route; so is what is infeasible."""
    for seed in range(batch * PER_BATCH, (batch + 1) * PER_BATCH):
        check(seed)


def test_every_constraint_occurs() -> None:
    """The random instances between them use every constraint."""
    seen = Counter[str]()
    for seed in range(24):
        seen += check(seed)
    assert {name for name, count in seen.items() if count} >= MUST_OCCUR
