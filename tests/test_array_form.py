"""The form made of arrays is the form of the Pyomo model, row by row and column by column."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

import hubopt
from hubopt.engine.array_form import array_form
from hubopt.engine.pyomo_order import in_pyomo_order
from hubopt.model.build import RULES, WITHOUT_FLOWS, build
from hubopt.model.standard import standard_form
from hubopt.network.routes import list_routes
from hubopt.problem.build import build_problem
from tests.comparing import two_trucks
from tests.random_instances import random_instance
from tests.random_limits import limited_instance
from tests.small_problems import impossible, pair, tiny_problem
from tests.solver_at_hand import solver_at_hand
from tests.test_route_rules import drawn as roads_alone
from tests.tiny import ROAD, link

if TYPE_CHECKING:
    from hubopt.problem.problem import Problem
    from hubopt.solver.form import Floats, StandardForm

ROOT = Path(__file__).parent.parent
RANDOM, LIMITED, WITH_LIMITS = 30, 14, 5000


def same(problem: Problem) -> Counter[str]:
    """Compare both forms of a problem and return how often each rule had a row."""
    one, other = standard_form(build(problem)), array_form(problem)
    columns = places(other.column_names, one.column_names)
    rows = places(other.row_names, one.row_names)
    assert sorted(other.column_names) == sorted(one.column_names)
    assert sorted(other.row_names) == sorted(one.row_names)
    assert one.offset == pytest.approx(other.offset, rel=1e-12)
    assert np.array_equal(one.integer, other.integer[columns])
    for side in ("column_lower", "column_upper"):
        assert np.array_equal(getattr(one, side), getattr(other, side)[columns]), side
    for side in ("row_lower", "row_upper"):
        assert np.array_equal(getattr(one, side), getattr(other, side)[rows]), side
    assert close(one.cost, other.cost[columns])
    matrix = other.matrix().tocsr()[rows][:, columns]
    assert abs(one.matrix() - matrix).max() <= 1e-12 * abs(matrix).max()
    assert one.matrix().nnz == matrix.nnz
    assert sorted_rows(other)
    assert_same_bits(one, in_pyomo_order(problem, other))
    return Counter(name.partition("(")[0] for name in one.row_names)


def assert_same_bits(one: StandardForm, other: StandardForm) -> None:
    """Fail unless two forms are the same in every number and name, and in their order."""
    for part in fields(one):
        here, there = getattr(one, part.name), getattr(other, part.name)
        assert np.array_equal(here, there), part.name


def places(names: tuple[str, ...], wanted: tuple[str, ...]) -> list[int]:
    """Return where the wanted names stand."""
    where = {name: here for here, name in enumerate(names)}
    return [where[name] for name in wanted]


def close(one: Floats, other: Floats) -> bool:
    """Tell whether numbers differ by the rounding of a sum at most."""
    return np.allclose(one, other, rtol=1e-12, atol=1e-12)


def sorted_rows(form: StandardForm) -> bool:
    """Tell whether the rows of each column stand in order, none twice, and no entry is 0."""
    steps = np.diff(form.indices)
    first = form.starts[1:-1]
    inside = np.ones(len(steps), dtype=bool)
    inside[first[(first > 0) & (first <= len(steps))] - 1] = False
    return bool((steps[inside] > 0).all() and form.values.all())


@pytest.mark.parametrize("problem", [pair(), tiny_problem(), impossible()])
def test_problems_by_hand(problem: Problem) -> None:
    """Both forms agree on problems made by hand."""
    assert same(problem)["demand_met"] == len(problem.shipment_ids)


def test_nothing_to_decide_but_flows() -> None:
    """Both forms agree where there are no sites and no services: only roads."""
    instance = roads_alone(link("A", "B", ROAD, 130, 50, 2), link("B", "C", ROAD, 80, 30, 1.2))
    assert same(build_problem(instance, list_routes(instance)))["demand_met"] == 1


def test_the_mini() -> None:
    """Both forms agree on the shipped instance that uses every feature."""
    instance = hubopt.read(ROOT / "instances" / "zhengzhou-mini")
    assert same(build_problem(instance, list_routes(instance)))


def test_nothing_to_decide() -> None:
    """Both forms agree where there are neither sites nor services: flows over links alone."""
    instance = two_trucks()
    assert same(build_problem(instance, list_routes(instance)))["demand_met"]


def test_random_instances_with_every_rule() -> None:
    """Both forms agree on random instances, among which every rule has rows."""
    seen: Counter[str] = Counter()
    with solver_at_hand():
        drawn = [random_instance(seed) for seed in range(RANDOM)]
        drawn += [limited_instance(WITH_LIMITS + seed) for seed in range(LIMITED)]
    for instance in drawn:
        seen += same(build_problem(instance, list_routes(instance)))
    assert set(seen) == {rule.name for rule in RULES}


@pytest.mark.parametrize("seed", range(6))
def test_the_order_holds_without_some_costs(seed: int) -> None:
    """Families of columns that cost nothing stand where a row names them first, as in Pyomo."""
    instance = random_instance(seed)
    problem = build_problem(instance, list_routes(instance))
    sites, services, dice = problem.sites, problem.services, np.random.default_rng(seed)
    keep = dice.random(5) < 0.5
    terms = keep[0] * problem.column_terms * (dice.random(problem.column_terms.shape[1]) < 0.4)
    same(
        replace(
            problem,
            column_terms=terms,
            column_cost=terms.sum(axis=1),
            unserved_cost=problem.unserved_cost * keep[1],
            services=replace(
                services,
                departure_cost=services.departure_cost * keep[2],
                empty_cost=services.empty_cost * keep[3],
            ),
            sites=replace(
                sites,
                module_annuity=sites.module_annuity * keep[4],
                module_running=sites.module_running * keep[4],
            ),
        )
    )


def test_rules_without_flows_are_rules() -> None:
    """Whole decisions keep only rules of the model."""
    assert set(WITHOUT_FLOWS) < set(RULES)
