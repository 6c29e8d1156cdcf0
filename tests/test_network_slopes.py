"""Slope scaling for large networks: its plans are plans, and the proof does not depend on them."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from hubopt.engine.network import solve_network as search_module
from hubopt.engine.network.slopes import Slopes, first_charge, full_run, spread
from hubopt.engine.network.solve_network import Search, solve_network
from hubopt.instance.public.families import cases_of
from hubopt.instance.public.fixed_charge import FixedCharge
from hubopt.instance.public.published import published_beside
from hubopt.solve.answer import Question
from hubopt.study.bench import bench
from hubopt.text import Text
from tests.solver_at_hand import solver_at_hand
from tests.test_network import ALONE, BENCHMARKS, NODES, design_of, drawn, instance_of, least


@pytest.mark.parametrize("seed", range(6))
def test_large_designs_end_with_the_optimum_too(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """By slopes first, the optimum and its proof are those of trying all sets of arcs."""
    monkeypatch.setattr(search_module, "MANY_FLOWS", 0)
    arcs, sent = drawn(seed)
    price = (15.0, 40.0, 1000.0)[seed % 3]
    scales = FixedCharge("tiny", Text("tiny", "微型"), NODES, arcs, sent).scales()
    assert scales is not None
    design = design_of(instance_of(arcs, sent, price))
    with solver_at_hand():
        found = solve_network(design, ALONE)
    unit = design.mcny_per_unit / scales.mcny_per_unit
    assert found.plan.cost * unit == pytest.approx(least(arcs, sent, price), rel=1e-9)
    assert found.bound == pytest.approx(found.plan.cost, rel=1e-9)


@pytest.mark.parametrize("seed", range(4))
def test_the_best_plan_by_slopes_is_kept_and_no_better_than_the_optimum(seed: int) -> None:
    """Without any model of whole runs there is a plan already, which costs what its parts do."""
    design = design_of(instance_of(*drawn(seed), 1000.0))
    with solver_at_hand():
        best = solve_network(design, ALONE).plan.cost
        search = Search(design, ALONE, None, None)
        relaxed = search.relax()
        assert relaxed is not None
        slopes = Slopes(search, relaxed)
        slopes.scale(0.0)
    plan, costs = search.plan, [cost for cost, _ in slopes.found]
    behind = float(design.unserved @ design.demand)
    assert plan.cost == min([*costs, behind])
    assert all(cost >= best * (1 - 1e-9) for cost in costs)
    paid = sum(
        float(design.cost[list(path), k].sum()) * units
        for path, k, units in zip(plan.paths, plan.shipment.tolist(), plan.amount, strict=True)
    )
    whole = paid + float(design.fixed @ plan.runs) + float(design.unserved @ plan.left)
    assert plan.cost == pytest.approx(whole, rel=1e-9)


def test_fixed_costs_are_spread_over_what_arcs_carry() -> None:
    """Half a load pays double for each unit, two runs pay twice; what is idle keeps its charge."""
    design = design_of(instance_of())
    full, before = full_run(design), np.full(design.arcs, 7.0)
    flow = np.zeros((design.arcs, design.shipments))
    flow[0, 0], flow[1, 0] = full[0] / 2, full[1]
    runs = np.array([1.0, 2.0, *np.zeros(design.arcs - 2)])
    charge = spread(design, flow, runs, before)
    assert charge[0] == pytest.approx(2 * design.fixed[0])
    assert charge[1] == pytest.approx(2 * design.fixed[1])
    assert (charge[2:] == 7.0).all()
    usual = np.median([flow[0, 0], flow[1, 0]])
    assert first_charge(design, flow) == pytest.approx(design.fixed * full / usual)
    assert np.isfinite(first_charge(design, np.zeros_like(flow))).all()


@BENCHMARKS
@pytest.mark.slow
def test_a_large_published_network_has_a_plan_that_serves_all() -> None:
    """200 shipments over 230 arcs: nothing is left behind, near the best value that is known."""
    file = Path(os.environ["HUBOPT_BENCHMARKS"]) / "mcfnd_c" / "c40.dow.gz"
    (case,) = cases_of("dow", file)
    table = published_beside(file.parent)
    (found,) = bench([case], table, Question(gap=0.0, time_s=60.0))
    assert found.value is not None
    assert found.published is not None
    assert found.value < 1.2 * float(found.published.value)
    assert not found.wrong
