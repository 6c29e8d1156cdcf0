"""Floats become whole kilograms that keep every limit, and whole fen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubopt.engine.solve_problem import solve_problem
from hubopt.errors import SolverError
from hubopt.instance.tables import Limit
from hubopt.network.routes import list_routes
from hubopt.plan.capacity import Capacities
from hubopt.plan.pricing import Pricer, demand_kg
from hubopt.plan.verify import verify
from hubopt.problem.build import build_problem
from hubopt.solve.answer import answer
from hubopt.solve.settle import Loading, settle
from hubopt.solver.form import SolveOptions
from hubopt.vocabulary import LimitKind, Status
from tests.test_feature_effects import GOODS, YEAR, goods, small
from tests.tiny import tiny

INSTANCE = tiny()
PROBLEM = build_problem(INSTANCE, list_routes(INSTANCE))
ANSWER, DECISIONS, _ = solve_problem(PROBLEM, SolveOptions(gap=0.0, time_s=60.0))


def settled(flow_kt: np.ndarray, unserved_kt: np.ndarray, bound: float | None = None):  # noqa: ANN201
    """Return the plan of the solved decisions with other flows."""
    changed = replace(DECISIONS, flow_kt=flow_kt, unserved_kt=unserved_kt)
    return settle(INSTANCE, PROBLEM, changed, status=Status.FEASIBLE, bound_mcny=bound)


@given(st.integers(0, 10**6), st.floats(0.0, 3e-7))
@settings(max_examples=25, deadline=None)
def test_noise_is_settled(seed: int, size: float) -> None:
    """Flows that miss their limits by a solver's tolerance make a plan that holds exactly."""
    rng = np.random.default_rng(seed)
    noise = rng.normal(0.0, size, len(DECISIONS.flow_kt))
    plan = settled(np.maximum(DECISIONS.flow_kt + noise, 0.0), DECISIONS.unserved_kt)
    assert verify(INSTANCE, plan).passed


@given(st.integers(0, 10**6))
@settings(max_examples=25, deadline=None)
def test_far_too_much_is_cut(seed: int) -> None:
    """Flows far above every capacity are cut to what fits; the rest stays unserved."""
    rng = np.random.default_rng(seed)
    wild = rng.uniform(0.0, 40.0, len(DECISIONS.flow_kt))
    plan = settled(wild, DECISIONS.unserved_kt)
    assert verify(INSTANCE, plan).passed
    planned = sum(f.kg_per_year for f in plan.flows) + sum(u.kg_per_year for u in plan.unserved)
    assert planned == sum(demand_kg(shipment) for shipment in INSTANCE.demand)


def test_the_cost_is_the_solvers() -> None:
    """The exact cost differs from the solver's float by rounding to kilograms alone."""
    plan = settled(DECISIONS.flow_kt, DECISIONS.unserved_kt)
    assert plan.objective_fen / 1e8 == pytest.approx(ANSWER.objective, rel=1e-6)


def test_a_bound_above_the_cost_is_refused() -> None:
    """A bound that lies above the plan's cost by more than rounding is a fault, not a plan."""
    cost = float(ANSWER.objective or 0.0)
    plan = settled(DECISIONS.flow_kt, DECISIONS.unserved_kt, bound=cost * (1 + 1e-9))
    assert plan.bound_fen is not None
    assert plan.bound_fen <= plan.objective_fen
    with pytest.raises(SolverError):
        settled(DECISIONS.flow_kt, DECISIONS.unserved_kt, bound=cost * 1.001)


@pytest.mark.parametrize("share", [0.4111, 0.4113, 0.4115, 0.4117])
def test_a_kilogram_of_dear_goods_is_within_the_bound(share: float) -> None:
    """A cap that leaves part of a kilogram behind may be passed by it, however dear it is."""
    base = small(GOODS)
    two_tonnes = replace(
        base,
        products=goods(base, "FMCG", unserved_cost_cny_per_t=1e6),
        demand=tuple(replace(d, demand_t_per_year=2.0) for d in base.demand),
    )
    emitted = answer(two_tonnes).plan.co2e_wtw_kg[YEAR] / 1000
    cap = Limit(LimitKind.EMISSIONS_AT_MOST, YEAR, None, share * emitted)
    found = answer(replace(two_tonnes, limits=(cap,)))
    (left,) = found.plan.unserved
    kilogram = 1 / left.kg_per_year
    assert found.plan.gap is not None
    assert 0.0 <= found.plan.gap <= kilogram


@pytest.mark.parametrize("dust_kt", [1e-12, 1.6e-9, 9e-7])
def test_dust_is_no_use_of_a_site(dust_kt: float) -> None:
    """What rounding leaves of a shipment with one source goes where a kilogram went already."""
    single = replace(
        PROBLEM.assignments, shipment=np.unique(PROBLEM.column_shipment), most=np.ones(1, int)
    )
    problem = replace(PROBLEM, assignments=single)
    dusty = np.where(DECISIONS.flow_kt > 0, DECISIONS.flow_kt, dust_kt)
    changed = replace(DECISIONS, flow_kt=dusty)
    capacities = Capacities(INSTANCE, {}, {})
    loading = Loading(INSTANCE, problem, Pricer(INSTANCE), capacities)
    assert set(loading.order(changed)) == set(np.flatnonzero(DECISIONS.flow_kt > 0).tolist())
