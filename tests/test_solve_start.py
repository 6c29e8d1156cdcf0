"""An earlier plan as the start of another solve: what is taken over, and what is left."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from hubopt.engine import solve_problem as solve_module
from hubopt.network.routes import list_routes
from hubopt.problem.build import build_problem
from hubopt.solve.answer import Question, answer
from hubopt.solve.settle import settle
from hubopt.solve.start import decisions_of
from tests.test_hedge import dry
from tests.tiny import tiny


def test_a_plan_becomes_the_decisions_that_it_came_from() -> None:
    """Settled again, the decisions read from a plan make the same plan."""
    found = answer(tiny(), Question(gap=0.0))
    made = decisions_of(found.problem, found.plan)
    again = settle(tiny(), found.problem, made, status=found.plan.status, bound_mcny=None)
    assert again.objective_fen == found.plan.objective_fen
    assert again.flows == found.plan.flows


def test_what_another_instance_lacks_is_left_out() -> None:
    """Of a plan only what the other problem has is taken: flows without a route stay behind."""
    found = answer(tiny(), Question(gap=0.0)).plan
    fewer = replace(tiny(), services=tuple(s for s in tiny().services if s.id != "RAIL_OUT"))
    problem = build_problem(fewer, list_routes(fewer))
    made = decisions_of(problem, found)
    assert made.departures.shape == (3, 2)
    carried = np.bincount(problem.column_shipment, weights=made.flow_kt)
    assert made.unserved_kt + carried == pytest.approx(problem.demand_kt)
    assert made.unserved_kt.sum() > 0


def test_a_start_does_not_change_what_is_proved(monkeypatch: pytest.MonkeyPatch) -> None:
    """A search started from a plan of dearer land ends at the optimum of the present numbers."""
    monkeypatch.setattr(solve_module, "SMALL_COLUMNS", 0)
    usual = dry()
    dear = replace(
        usual,
        modules=tuple(
            replace(m, fixed_cost_cny_per_year=9e6 if m.site == "DC_A" else 1e5)
            for m in usual.modules
        ),
    )
    elsewhere = answer(dear, Question(gap=1e-6)).plan
    cold, warm = (answer(usual, Question(gap=1e-6), start=s).plan for s in (None, elsewhere))
    assert warm.objective_fen == cold.objective_fen
    assert warm.sites == cold.sites != elsewhere.sites
