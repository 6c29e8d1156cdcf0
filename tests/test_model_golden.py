"""Each constraint and each cost term as an LP file that a person has read."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyomo.environ as pyo
import pytest

from hubopt.model.build import RULES, build
from hubopt.model.export import write_model
from hubopt.problem.problem import Problem
from hubopt.vocabulary import CostTerm
from tests.small_problems import pair

GOLDEN = Path(__file__).parent / "golden"
CONSTRAINTS = [rule.name for rule in RULES]
TERMS = [f"cost_{term.value}" for term in CostTerm]
OVER_STATES = {"tail_cost"}
"""What only a model of several states has; see test_model_two_stage."""

CONTRACT = {
    "demand_met", "site_capacity", "site_open_for_flow", "link_capacity", "transfer_capacity",
    "service_capacity", "departure_limits", "vehicle_balance", "modules_stay",
    "modules_need_open_site", "open_site_has_module", "required_sites", "closed_sites",
    "sites_at_most", "sites_at_least", "coverage", "budget", "least_use", "single_source",
    "site_chosen_for_flow", "service_level", "emissions_at_most", "mode_share_at_least",
    "mode_share_at_most", "delivery_share_at_least",
}  # fmt: skip


def priced() -> Problem:
    """Return the pair with trains that pay something under each term that roads do not pay."""
    problem = pair()
    free = ~problem.column_terms.any(axis=0)
    by_train = np.array([0.0, 0.0, 1.0, 0.0, 0.0, 1.0])
    terms = problem.column_terms + np.outer(by_train, free * np.arange(free.size) / 8)
    return replace(problem, column_terms=terms, column_cost=terms.sum(axis=1))


def only_constraint(name: str, problem: Problem | None = None) -> pyo.ConcreteModel:
    """Return the model of the pair, or another, with one constraint and a cost of nothing."""
    model = build(problem or pair())
    for constraint in model.component_objects(pyo.Constraint, active=True):
        if constraint.local_name != name:
            constraint.deactivate()
    model.cost.deactivate()
    model.nothing = pyo.Objective(expr=0.0)
    return model


def only_term(name: str) -> pyo.ConcreteModel:
    """Return the model of the pair with one cost term and one constraint to fill the file."""
    model = only_constraint("sites_at_most", priced())
    model.nothing.deactivate()
    model.term = pyo.Objective(expr=model.component(name))
    return model


def both(model: pyo.ConcreteModel, name: str, folder: Path) -> tuple[str, str]:
    """Return a model's LP file and the golden one; HUBOPT_GOLDEN=write makes the latter anew."""
    file = folder / f"{name}.lp"
    write_model(model, file)
    golden = GOLDEN / file.name
    if os.environ.get("HUBOPT_GOLDEN") == "write":
        golden.parent.mkdir(exist_ok=True)
        golden.write_bytes(file.read_bytes())
    return file.read_text(encoding="utf-8"), golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_constraint_is_as_read(name: str, tmp_path: Path) -> None:
    """Each constraint of the pair of cities is written as in its golden file."""
    built, golden = both(only_constraint(name), name, tmp_path)
    assert built == golden


@pytest.mark.parametrize("name", TERMS)
def test_cost_term_is_as_read(name: str, tmp_path: Path) -> None:
    """Each cost term of the pair of cities is written as in its golden file."""
    built, golden = both(only_term(name), name, tmp_path)
    assert built == golden


def test_no_constraint_lacks_a_golden_file() -> None:
    """Rules, contract, the model's own constraints and the golden files name the same things."""
    built = build(pair())
    in_model = {c.local_name for c in built.component_objects(pyo.Constraint)}
    files = {file.stem for file in GOLDEN.glob("*.lp")}
    assert set(CONSTRAINTS) == CONTRACT == in_model
    assert files == {*CONSTRAINTS, *TERMS, *OVER_STATES}


@pytest.mark.parametrize("name", TERMS)
def test_every_term_is_paid_in_the_pair(name: str) -> None:
    """No golden file of a term is empty: something in the pair is charged by it."""
    assert build(priced()).component(name).expr.linear_vars


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_every_constraint_has_rows_in_the_pair(name: str) -> None:
    """No golden file is empty: the pair has at least one row of each constraint."""
    assert len(build(pair()).component(name)) > 0
