"""What the guard and the option check refuse, by name, before any process starts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from hubopt.errors import InputError, SolverError
from hubopt.solver import run as run_module
from hubopt.solver.form import SolveOptions, StandardForm
from hubopt.solver.guard import guard
from hubopt.solver.run import run
from hubopt.solver.statuses import dual_bound, objective_of, solver_status, worst_violation
from tests.small_forms import knapsack


def change(array: np.ndarray, here: int, value: float) -> np.ndarray:
    """Return a copy of an array with one other value."""
    changed = array.astype(float).copy()
    changed[here] = value
    return changed


GOOD = knapsack()
BAD: dict[str, tuple[StandardForm, str]] = {
    "cost NaN": (replace(GOOD, cost=change(GOOD.cost, 1, np.nan)), "column x1: cost"),
    "cost inf": (replace(GOOD, cost=change(GOOD.cost, 0, np.inf)), "column x0: cost"),
    "offset NaN": (replace(GOOD, offset=float("nan")), "objective"),
    "coefficient NaN": (replace(GOOD, values=change(GOOD.values, 0, np.nan)), "row r0, column x0"),
    "coefficient 1e15": (replace(GOOD, values=change(GOOD.values, 2, 1e15)), "row r0, column x2"),
    "coefficient inf": (replace(GOOD, values=change(GOOD.values, 2, np.inf)), "row r0, column x2"),
    "coefficient tiny": (replace(GOOD, values=change(GOOD.values, 1, 1e-9)), "row r0, column x1"),
    "coefficient zero": (replace(GOOD, values=change(GOOD.values, 1, 0.0)), "row r0, column x1"),
    "range": (
        replace(GOOD, values=change(change(GOOD.values, 0, 1e-4), 1, 1e7)),
        "differ by more than 1e9",
    ),
    "capacity 1e15": (replace(GOOD, row_upper=np.array([1e15])), "row r0: upper bound"),
    "bound NaN": (replace(GOOD, row_upper=np.array([np.nan])), "row r0: upper bound"),
    "lower inf": (replace(GOOD, column_lower=np.full(3, np.inf)), "column x0: lower bound"),
    "bounds crossed": (
        replace(GOOD, column_lower=np.array([0.0, 2.0, 0.0])),
        "column x1: lower bound 2.0 is above upper bound 1.0",
    ),
    "rows crossed": (replace(GOOD, row_lower=np.array([9.0])), "row r0: lower bound 9.0"),
    "name twice": (replace(GOOD, column_names=("x0", "x1", "x0")), "column x0: the name"),
    "name with space": (replace(GOOD, row_names=("a b",)), "plain ASCII"),
    "name Chinese": (replace(GOOD, row_names=("行",)), "plain ASCII"),
    "too short": (replace(GOOD, column_upper=np.ones(2)), "column_upper: length 2"),
    "empty": (
        replace(GOOD, cost=np.zeros(0), starts=np.zeros(1, dtype=np.int64)),
        "no columns",
    ),
    "row outside": (replace(GOOD, indices=np.array([0, 0, 4])), "outside the model"),
    "twice": (
        replace(
            GOOD,
            starts=np.array([0, 2, 3, 4]),
            indices=np.zeros(4, dtype=np.int64),
            values=np.ones(4),
        ),
        "row r0, column x0: the coefficient stands twice",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_guard_names_the_fault(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each fault is refused with the row or column by name, and no child is started."""
    form, said = BAD[name]
    monkeypatch.setattr(run_module, "attempt", never)
    with pytest.raises(SolverError) as caught:
        run(form, SolveOptions())
    assert said in caught.value.message.en
    assert caught.value.message.zh.startswith("模型未交给求解器")


def never(*_: object) -> None:
    """Fail: nothing may be started."""
    pytest.fail("a child was started")


def test_guard_lets_good_forms_pass() -> None:
    """A sound form, with a start and without, is not refused."""
    for start in (None, np.zeros(3)):
        assert guard(GOOD, start) is None  # type: ignore[func-returns-value]


@pytest.mark.parametrize("start", [np.zeros(2), np.array([0.0, np.nan, 0.0])])
def test_guard_refuses_bad_starts(start: np.ndarray) -> None:
    """A start of wrong length or with NaN is refused: HiGHS would answer NaN."""
    with pytest.raises(SolverError, match="start"):
        guard(GOOD, start)


def test_every_fault_is_told_at_once() -> None:
    """Two faults make one error that names both."""
    form = replace(BAD["cost NaN"][0], row_upper=np.array([1e15]))
    with pytest.raises(SolverError, match=r"column x1.*row r0"):
        guard(form)


def test_misspelt_option_gets_the_nearest_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """An unknown option is wrong input with the nearest name, before anything starts."""
    monkeypatch.setattr(run_module, "attempt", never)
    with pytest.raises(InputError) as caught:
        run(GOOD, SolveOptions(highs={"mip_heuristic_efort": 0.1}))
    assert caught.value.findings[0].nearest == "mip_heuristic_effort"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("mip_max_nodes", 1.5, "type int"),
        ("mip_max_nodes", "two", "type int"),
        ("mip_heuristic_effort", True, "type float"),
        ("mip_detect_symmetry", 1, "type bool"),
        ("mip_heuristic_effort", 5.0, "does not accept"),
        ("mip_heuristic_effort", float("nan"), "type float"),
        ("solver", "hipo", "wrong or inexact"),
        ("solver", "pdlp", "wrong or inexact"),
        ("presolve", "off", "wrong or inexact"),
        ("dual_feasibility_tolerance", 1000.0, "wrong or inexact"),
        ("mip_feasibility_tolerance", 1e-5, "wrong or inexact"),
        ("primal_feasibility_tolerance", float("nan"), "type float"),
        ("user_bound_scale", 20, "may not be changed"),
        ("user_objective_scale", 20, "may not be changed"),
        ("objective_bound", 0.0, "may not be changed"),
        ("kkt_tolerance", 1.0, "may not be changed"),
        ("threads", 2, "may not be changed"),
        ("time_limit", 3.0, "--time"),
        ("random_seed", 3, "--seed"),
        ("log_file", "x.log", "may not be changed"),
        ("write_model_file", "x.lp", "may not be changed"),
    ],
)
def test_wrong_option_values_are_refused(
    name: str, value: str | float, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Values of a wrong type or out of range, and options that are not theirs, are refused."""
    monkeypatch.setattr(run_module, "attempt", never)
    with pytest.raises(InputError) as caught:
        run(GOOD, SolveOptions(highs={name: value}))
    assert said in caught.value.message.en
    assert name in caught.value.message.zh


@pytest.mark.parametrize(
    "options",
    [
        SolveOptions(gap=-1.0),
        SolveOptions(gap=float("nan")),
        SolveOptions(time_s=0.0),
        SolveOptions(time_s=float("inf")),
        SolveOptions(memory_mb=0),
        SolveOptions(seed=-1),
    ],
)
def test_wrong_own_options_are_refused(options: SolveOptions) -> None:
    """Gap, time, memory and seed must be sensible numbers."""
    with pytest.raises(InputError):
        run(GOOD, options)


def test_whole_numbers_do_for_real_options() -> None:
    """An option of real numbers takes a whole one."""
    assert run(GOOD, SolveOptions(highs={"mip_heuristic_effort": 1})).status.has_values


@pytest.mark.parametrize("word", ["kSolveError", "kUnknown", "kNotset", "kLoadError", "nonsense"])
def test_statuses_without_meaning_carry_no_values(word: str) -> None:
    """What HiGHS ends with in trouble is failure, whatever point it holds."""
    assert not solver_status(word, point=True).has_values


def test_points_are_checked_against_the_form() -> None:
    """Bounds, rows, wholeness, NaN and length are each found, by name."""
    assert worst_violation(GOOD, np.array([1.0, 0.0, 1.0])).size == 0.0
    assert worst_violation(GOOD, np.array([1.0, 1.0, 1.0])).name == "r0"
    assert worst_violation(GOOD, np.array([0.5, 0.0, 0.0])).name == "x0"
    assert worst_violation(GOOD, np.array([0.0, -1.0, 0.0])).name == "x1"
    assert worst_violation(GOOD, np.array([0.0, np.nan, 0.0])).size == np.inf
    assert worst_violation(GOOD, np.zeros(4)).size == np.inf


@pytest.mark.parametrize("seed", range(20))
def test_dual_bound_holds_for_any_multipliers(seed: int) -> None:
    """Whatever the multipliers, even of a wrong sign or NaN, the bound is below every point."""
    random = np.random.default_rng(seed)
    duals = np.append(random.normal(size=0), random.choice([np.nan, random.normal(scale=9)]))
    best = min(
        objective_of(GOOD, np.array(point))
        for point in np.ndindex(2, 2, 2)
        if worst_violation(GOOD, np.array(point, dtype=float)).size == 0.0
    )
    assert dual_bound(GOOD, duals) <= best
