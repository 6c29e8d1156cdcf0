"""Trying every design over every route of tiny instances gives the cost that `solve` proves."""

from __future__ import annotations

import dataclasses
import multiprocessing
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor

import pytest

from hubopt.errors import InfeasibleError
from hubopt.instance.tables import Instance
from hubopt.network.routes import all_routes, list_routes
from hubopt.solve.answer import answer
from hubopt.vocabulary import Status
from tests.brute_force import best_cost
from tests.random_instances import random_instance
from tests.random_limits import limited_instance

Maker = Callable[[int], Instance]
INSTANCES = 200
LIMITED, WITH_LIMITS = 60, 860
PER_BATCH = 10
WORKERS = 2
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

FEATURES = {
    "spoilage_share_per_day", "finance_share", "parcels_per_t", "cost_cny_per_parcel",
    "cleared_time_h", "peak_factor", "payload_share", "insurance_share_per_1000km", "range_km",
    "kwh_per_tkm", "charging_site", "returns_to_origin_district", "district", "cargo",
    "space_factor",
}  # fmt: skip
"""Columns that the instances must have stated."""

ORDINARY = {"range_km": None, "payload_share": 1.0, "insurance_share_per_1000km": 0.0}
"""What vehicles are without a row."""

LIMITS = {
    "sites_at_least",
    "coverage",
    "least_use",
    "single_source",
    "service_level",
    "emissions_at_most",
    "mode_share_at_least",
    "mode_share_at_most",
    "delivery_share_at_least",
}
"""Constraints that only instances under limits have."""

OFTEN = 30
"""How often each of them must have been checked in all."""


def check(seed: int, make: Maker = random_instance) -> Counter[str]:
    """Solve one instance both ways, compare, and return how often each check was made."""
    instance = make(seed)
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


@pytest.mark.parametrize("batch", range(LIMITED // PER_BATCH))
def test_solve_agrees_under_limits(batch: int) -> None:
    """The same with one to three limits on the whole plan: shares, caps, coverage, sources."""
    for seed in range(batch * PER_BATCH, (batch + 1) * PER_BATCH):
        check(seed, limited_instance)


@pytest.mark.campaign
def test_solve_agrees_under_limits_on_many_more() -> None:
    """Hundreds more instances agree, and between them they use every limit often."""
    seeds = range(LIMITED, WITH_LIMITS)
    with ProcessPoolExecutor(WORKERS, multiprocessing.get_context("spawn")) as pool:
        found = sum(pool.map(check_limited, seeds, chunksize=PER_BATCH), Counter[str]())
    assert found["plan_matches_instance"] > 0
    assert {name: found[name] for name in LIMITS if found[name] < OFTEN} == {}


def check_limited(seed: int) -> Counter[str]:
    """Check one instance under limits, in a process of its own."""
    return check(seed, limited_instance)


def test_every_constraint_occurs() -> None:
    """The random instances between them use every constraint."""
    seen = Counter[str]()
    for seed in range(24):
        seen += check(seed)
        seen += check(seed, limited_instance)
    assert {name for name, count in seen.items() if count} >= MUST_OCCUR | LIMITS


def test_every_feature_occurs() -> None:
    """The same instances between them state every optional column that bears on routes."""
    seen = set()
    for seed in range(24):
        instance = random_instance(seed)
        tables = (
            (instance.settings,), instance.sites, instance.handling, instance.links,
            instance.products, instance.demand, instance.vehicles,
        )  # fmt: skip
        for row in (row for table in tables for row in table):
            plain = {f.name: ORDINARY.get(f.name, f.default) for f in dataclasses.fields(row)}
            seen |= {name for name, value in plain.items() if getattr(row, name) != value}
    assert seen >= FEATURES
