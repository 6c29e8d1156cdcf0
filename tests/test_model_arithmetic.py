"""The model says what the problem says: costs, sizes, names, and the best plan."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pyomo.environ as pyo
import pytest

from hubopt.engine.solve_problem import solve_problem
from hubopt.errors import InfeasibleError, InputError, SolverError
from hubopt.model.build import build
from hubopt.model.cost import TERMS
from hubopt.model.decisions import ABSENT, decisions, positions
from hubopt.model.describe import describe
from hubopt.model.elastic import explain_infeasible
from hubopt.model.export import export
from hubopt.model.names import Names, labels
from hubopt.model.standard import standard_form
from hubopt.problem.problem import Decisions, Problem
from hubopt.solver.form import SolveOptions, SolverStatus, StandardForm
from hubopt.solver.statuses import objective_of
from hubopt.text import Language
from hubopt.vocabulary import FLOW_TERMS, CostTerm
from tests.small_problems import impossible, pair, tiny_problem

EXACT = SolveOptions(gap=0.0, time_s=60.0)


def some_decisions(problem: Problem, seed: int) -> Decisions:
    """Return decisions at random; they need not be allowed."""
    random = np.random.default_rng(seed)
    stages = len(problem.stages)

    def counts(things: int) -> np.ndarray:
        return random.integers(0, 4, (things, stages))

    services = len(problem.services.service_ids)
    return Decisions(
        open=counts(len(problem.sites.site_ids)),
        modules=counts(len(problem.sites.module_names)),
        departures=counts(services),
        empties=counts(services),
        flow_kt=random.random(len(problem.column_shipment)),
        unserved_kt=random.random(len(problem.shipment_ids)),
    )


def cost_by_hand(problem: Problem, made: Decisions) -> float:
    """Return the present value of decisions straight from the arrays of the problem."""
    sites, services, weights = problem.sites, problem.services, problem.weights
    total = 0.0
    for t, weight in enumerate(weights):
        new = made.modules[:, t] - sites.module_built
        yearly = new @ sites.module_annuity + made.modules[:, t] @ sites.module_running
        yearly += made.departures[:, t] @ services.departure_cost
        yearly += made.empties[:, t] @ services.empty_cost
        here = problem.shipment_stage[problem.column_shipment] == t
        yearly += made.flow_kt[here] @ problem.column_cost[here]
        left = problem.shipment_stage == t
        yearly += made.unserved_kt[left] @ problem.unserved_cost[left]
        total += float(weight * yearly)
    return total


def column_values(problem: Problem, form: StandardForm, made: Decisions) -> np.ndarray:
    """Return the values of a form's columns that decisions stand for."""
    values = np.zeros(len(form.cost))
    parts = {
        "open": made.open,
        "modules": made.modules,
        "departures": made.departures,
        "empties": made.empties,
        "flow": made.flow_kt,
        "unserved": made.unserved_kt,
        "assign": np.zeros(len(problem.assignments.group)),
    }
    for family, here in positions(problem, form).items():
        there = here != ABSENT
        values[here[there]] = np.asarray(parts[family], dtype=float).ravel()[there]
    return values


@pytest.mark.parametrize("problem", [pair(), tiny_problem()], ids=["pair", "tiny"])
@pytest.mark.parametrize("seed", range(5))
def test_objective_is_the_problems_arithmetic(problem: Problem, seed: int) -> None:
    """For any decisions the form's cost is what the problem's arrays add up to."""
    form = standard_form(build(problem))
    made = some_decisions(problem, seed)
    values = column_values(problem, form, made)
    assert objective_of(form, values) == pytest.approx(cost_by_hand(problem, made), rel=1e-12)


@pytest.mark.parametrize("problem", [pair(), tiny_problem()], ids=["pair", "tiny"])
def test_decisions_survive_the_round_trip(problem: Problem) -> None:
    """Decisions turned into column values and back are the same."""
    form = standard_form(build(problem))
    made = some_decisions(problem, 7)
    back = decisions(problem, form, column_values(problem, form, made))
    for name in ("open", "modules", "departures", "flow_kt", "unserved_kt"):
        assert np.array_equal(getattr(back, name), getattr(made, name)), name


def test_cost_terms_add_up_to_the_objective() -> None:
    """Every cost term is an expression of the model, and there is no cost besides."""
    model = build(tiny_problem())
    for variable in model.component_data_objects(pyo.Var):
        variable.set_value(1.0, skip_validation=True)
    terms = [pyo.value(model.component(f"cost_{term.value}")) for term in CostTerm]
    assert sum(terms) == pytest.approx(pyo.value(model.cost), rel=1e-12)
    assert set(TERMS) == set(CostTerm)
    assert len(FLOW_TERMS) == tiny_problem().column_terms.shape[1]


def test_pair_by_hand() -> None:
    """The pair's best plan is the one worked out on paper.

    2025: NEW may not open and BACK may not run, so 4 kt pass OLD at 1.125 and 1 kt stays behind at
    20 (a second module at OLD breaks the budget). 2030: BACK must run once, so OUT runs once too.
    NEW's module of no limit takes 6 kt (the link's limit) at 0.625, the train 2 kt at 0.875.
    """
    answer, made, _ = solve_problem(pair(), EXACT)
    first = 4 * (0.3 + 4 * 1.125 + 1 * 20.0)
    second = 3 * (0.3 + 0.25 + 0.2 + 6 * 0.625 + 2 * 0.875 + 1.5 + 1.0)
    assert answer.status is SolverStatus.OPTIMAL
    assert answer.objective == pytest.approx(first + second, rel=1e-9)
    assert answer.bound == pytest.approx(first + second, rel=1e-9)
    assert made is not None
    assert made.open.tolist() == [[1, 1], [0, 1]]
    assert made.departures.tolist() == [[0, 1], [0, 1]] or made.empties.sum() == 1


def test_sites_that_stand_build_nothing_new_before_they_may() -> None:
    """A standing site whose earliest stage is later keeps its modules and gets no new one."""
    may_build = np.array([[False, False], [False, True]])
    free = replace(pair(), budget_mcny=(), sites=replace(pair().sites, may_build=may_build))
    _, made, _ = solve_problem(free, EXACT)
    assert made is not None
    assert made.modules[0].tolist() == [1, 1]


def test_names_are_plain_and_unique() -> None:
    """Chinese ids, spaces and ids that look alike get plain names of their own."""
    assert labels(["郑州", "洛阳", "A.B", "A_B", "A_B_2"]) == (
        "__",
        "___2",
        "A_B",
        "A_B_2",
        "A_B_2_2",
    )
    odd = replace(pair(), shipment_ids=("需求", "货运"))
    form = standard_form(build(odd))
    assert len(set(form.column_names)) == len(form.column_names)
    assert all(name.isascii() and " " not in name for name in form.column_names + form.row_names)


@pytest.mark.parametrize("ids", [("1", "002"), ("a.b", "a'b"), ("x,y", "x y"), ("需求", "货运")])
def test_odd_ids_lose_no_decision(ids: tuple[str, str]) -> None:
    """Numbers, dots, quotes, commas and Chinese in ids change nothing in the plan."""
    answer, made, _ = solve_problem(replace(pair(), shipment_ids=ids), EXACT)
    plain, same, _ = solve_problem(pair(), EXACT)
    assert answer.objective == plain.objective
    assert made is not None
    assert same is not None
    assert np.array_equal(made.flow_kt, same.flow_kt)


def test_names_of_columns_are_those_of_the_form() -> None:
    """Every column of the form is found again by its name."""
    problem = tiny_problem()
    known = {name for family in Names(problem).columns().values() for name in family}
    assert set(standard_form(build(problem)).column_names) <= known


def test_rows_with_two_bounds_are_one_row() -> None:
    """Departure limits have a lower and an upper bound in a single row."""
    form = standard_form(build(pair()))
    row = form.row_names.index("departure_limits(BACK,2030)")
    assert (form.row_lower[row], form.row_upper[row]) == (1.0, 4.0)
    assert len(set(form.row_names)) == len(form.row_names)


def test_infeasible_names_the_rules_that_clash() -> None:
    """A required site with at most no site is explained by just the rules that clash."""
    answer, made, _ = solve_problem(impossible(), EXACT)
    assert answer.status is SolverStatus.INFEASIBLE
    assert made is None
    error = explain_infeasible(impossible())
    assert isinstance(error, InfeasibleError)
    assert "sites_at_most" in error.message.en
    assert "2030" in error.message.zh
    assert "vehicle_balance" not in error.message.en
    assert error.message.in_language(Language.ZH) != error.message.en


def test_a_service_that_must_run_one_way_only_is_explained() -> None:
    """A service with a least number of departures and no way back clashes with the balance."""
    services = replace(pair().services, available=np.array([[False, False], [False, True]]))
    error = explain_infeasible(replace(pair(), services=services))
    assert "departure_limits" in error.message.en
    assert "vehicle_balance" in error.message.en


def test_a_clash_is_told_in_the_planners_own_ids() -> None:
    """Chinese ids, which are plain letters to the solver, come back as the planner wrote them."""
    problem = impossible()
    names = tuple(f"站{n}" for n in range(len(problem.sites.site_ids)))
    told = explain_infeasible(replace(problem, sites=replace(problem.sites, site_ids=names)))
    assert any(name in told.message.zh for name in names)
    assert "___" not in told.message.zh


def test_a_feasible_problem_is_not_explained_away() -> None:
    """The elastic solve refuses to confirm infeasibility of what is feasible."""
    with pytest.raises(SolverError, match="not confirmed"):
        explain_infeasible(pair())


def test_describe_covers_every_part() -> None:
    """Each part has a sentence in both languages; sizes come only with a problem."""
    bare, sized = describe(None), describe(pair())
    assert [part.name for part in bare] == [part.name for part in sized]
    assert all(part.rows is None for part in bare)
    assert all((part.rows is None) == (part.kind == "parameter") for part in sized)
    assert all(
        part.sentence.en and part.sentence.zh and part.formula and part.unit for part in bare
    )
    rows = {part.name: part.rows for part in sized}
    assert rows["demand_met"] == 2
    assert rows["flow"] == 6
    words = {re.split(r"\W", part.formula)[0] for part in bare if part.kind == "parameter"}
    assert words >= {"demand", "weight", "annuity", "possible", "largest", "payload"}


@pytest.mark.parametrize("suffix", [".lp", ".mps"])
def test_export_writes_names(suffix: str, tmp_path) -> None:  # noqa: ANN001
    """Both formats carry the names of rows and columns, and nothing else is left behind."""
    file = tmp_path / f"model{suffix}"
    export(pair(), file)
    text = file.read_text(encoding="utf-8")
    assert "demand_met" in text
    assert "flow(S25" in text
    assert [p.name for p in tmp_path.iterdir()] == [file.name]


def test_export_refuses_other_suffixes(tmp_path) -> None:  # noqa: ANN001
    """A name with another suffix is wrong input and nothing is written."""
    with pytest.raises(InputError, match=r"\.lp or \.mps"):
        export(pair(), tmp_path / "model.txt")
    assert list(tmp_path.iterdir()) == []
