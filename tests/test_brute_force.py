"""Trying every design over every route of tiny instances gives the cost that `solve` proves.

Agreement says something of a rule of the model only where that rule matters, so that it is counted
how often each one does: without it, the optimum would be another.
"""

from __future__ import annotations

import dataclasses
import multiprocessing
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext

import pytest

from hubopt.errors import InfeasibleError
from hubopt.instance.tables import Instance
from hubopt.model.build import RULES
from hubopt.network.routes import all_routes, list_routes
from hubopt.solve.answer import answer
from hubopt.vocabulary import Status
from tests.binding import binding
from tests.brute_force import best_cost
from tests.random_instances import random_instance
from tests.random_limits import limited_instance
from tests.solver_at_hand import solver_at_hand

INSTANCES = 200
LIMITED, WITH_LIMITS = 60, 1060
PER_BATCH = 10
WORKERS = 2
IN_A_CHILD = 5
"""Every so many instances the solver is a process of its own, as it is for users."""

IN_PLANS = {"delivery_time", "customs_clearance", "vehicle_range", "origin_district"}
"""Rules that no constraint of the model states, and the plans must have put to the test."""

FEATURES = {
    "spoilage_share_per_day", "finance_share", "parcels_per_t", "cost_cny_per_parcel",
    "cleared_time_h", "peak_factor", "payload_share", "insurance_share_per_1000km", "range_km",
    "kwh_per_tkm", "charging_site", "returns_to_origin_district", "district", "cargo",
    "space_factor",
}  # fmt: skip
"""Columns that the instances must have stated."""

ORDINARY = {"range_km": None, "payload_share": 1.0, "insurance_share_per_1000km": 0.0}
"""What vehicles are without a row."""

ONCE, OFTEN = 1, 30
"""How often each rule of the model must have mattered: to a few instances, and to all."""


def check(seed: int, instance: Instance) -> Counter[str]:
    """Solve one instance both ways, compare, and return how often each check was made."""
    listed = list_routes(instance)
    assert not listed.capped
    assert not listed.left_out
    assert listed.trucks_join
    routes = {s.id: [r.steps for r in all_routes(instance, s.id)] for s in instance.demand}
    expected = best_cost(instance, routes)
    try:
        with nullcontext() if seed % IN_A_CHILD == 0 else solver_at_hand():
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
        check(seed, random_instance(seed))


@pytest.mark.parametrize("batch", range(LIMITED // PER_BATCH))
def test_solve_agrees_under_limits(batch: int) -> None:
    """The same with two to four limits on the whole plan: shares, caps, coverage, sources."""
    for seed in range(batch * PER_BATCH, (batch + 1) * PER_BATCH):
        check(seed, limited_instance(seed))


@pytest.mark.marathon
@pytest.mark.timeout(1800)
def test_solve_agrees_under_limits_on_a_thousand_more() -> None:
    """A thousand more instances agree, and each rule of the model mattered to some thirty."""
    seeds = range(LIMITED, WITH_LIMITS)
    with ProcessPoolExecutor(WORKERS, multiprocessing.get_context("spawn")) as pool:
        mattered = sum(pool.map(checked, seeds, chunksize=PER_BATCH), Counter[str]())
    assert seldom(mattered, OFTEN) == {}


def checked(seed: int) -> Counter[str]:
    """Check one instance under limits, in a process of its own; return the rules that matter."""
    instance = limited_instance(seed)
    check(seed, instance)
    return Counter(binding(instance))


def seldom(mattered: Counter[str], number: int) -> dict[str, int]:
    """Return the rules of the model that mattered less often than that."""
    return {rule.name: mattered[rule.name] for rule in RULES if mattered[rule.name] < number}


def test_every_rule_matters() -> None:
    """Without any one rule of the model, some of the instances above or of the campaign differ."""
    mattered = Counter[str]()
    for seed in range(3 * LIMITED):
        mattered += Counter(binding(limited_instance(seed)))
        if not seldom(mattered, ONCE):
            break
    assert seldom(mattered, ONCE) == {}


def test_every_rule_of_plans_occurs() -> None:
    """The plans that agree were checked by every rule that the model leaves to the routes."""
    seen = Counter[str]()
    for seed in range(24):
        seen += check(seed, random_instance(seed))
    assert {name for name, count in seen.items() if count} >= IN_PLANS


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
