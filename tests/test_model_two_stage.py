"""The model of one design for several states: its rows, its names, and what it refuses."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pyomo.environ as pyo
import pytest

from hubopt.model.build import RULES
from hubopt.model.standard import standard_form
from hubopt.model.two_stage import DESIGN_RULES, build_two_stage, state_names
from hubopt.plan.risk import Risk
from tests.small_problems import pair
from tests.test_model_golden import both

HALVES = (0.5, 0.5)
WARY = Risk(level=Fraction(3, 4), weight=Fraction(1, 2))


def two(risk: Risk) -> pyo.ConcreteModel:
    """Return the model of the pair of cities in two states; the second has more to send."""
    usual = pair()
    return build_two_stage([usual, replace(usual, demand_kt=2.0 * usual.demand_kt)], HALVES, risk)


def test_excess_is_as_read(tmp_path: Path) -> None:
    """The row of the tail's threshold is written as in its golden file."""
    model = two(WARY)
    for constraint in model.component_objects(pyo.Constraint, active=True):
        if constraint.local_name != "excess_over_threshold":
            constraint.deactivate()
    model.cost.deactivate()
    model.nothing = pyo.Objective(expr=0.0)
    built, golden = both(model, "tail_cost", tmp_path)
    assert built == golden


def test_the_tail_weighs_as_it_should() -> None:
    """The threshold costs the weight, each excess its probability over what the tail leaves."""
    form = standard_form(two(WARY))
    cost = dict(zip(form.column_names, form.cost, strict=True))
    assert cost["threshold"] == pytest.approx(0.5)
    assert cost["excess(1)"] == pytest.approx(0.5 * 0.5 / 0.25)
    unweighed = standard_form(two(Risk()))
    assert not [name for name in unweighed.column_names if name.startswith(("thr", "exc"))]


def test_sites_are_shared_and_the_rest_is_not() -> None:
    """Sites and modules have one column each, flows one for each state; so have their rows."""
    form = standard_form(two(Risk()))
    families = {name.partition("(")[0] for name in form.column_names}
    assert {"open", "modules", "s1.flow", "s2.flow"} <= families
    assert not {"flow", "s1.open", "s1.modules"} & families
    rows = {name.partition("(")[0] for name in form.row_names}
    for rule in RULES:
        named = {rule.name} if rule in DESIGN_RULES else {f"s1.{rule.name}", f"s2.{rule.name}"}
        assert named <= rows or not rows & {rule.name, f"s1.{rule.name}", f"s2.{rule.name}"}
    assert {rule.name for rule in RULES if rule in DESIGN_RULES} <= rows


def test_other_modules_are_refused() -> None:
    """Problems with other modules have no design in common."""
    usual = pair()
    other = replace(usual, sites=replace(usual.sites, module_most=usual.sites.module_most + 1))
    with pytest.raises(ValueError, match="module_most"):
        build_two_stage([usual, other], HALVES, Risk())


def test_states_have_names_of_their_own() -> None:
    """Each state's name ends where that of its variables begins."""
    assert state_names(3) == ("s1.", "s2.", "s3.")
    assert len(np.unique(state_names(12))) == 12
