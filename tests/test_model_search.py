"""The search for large models, made to work on small ones, where the truth is known."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from hubopt.engine import search as search_module
from hubopt.engine import solve_problem as solve_module
from hubopt.engine.board import Board, Halt
from hubopt.engine.cover import covering_form
from hubopt.engine.dive import Dive, relaxed
from hubopt.engine.layout import layout_of
from hubopt.engine.search import Search
from hubopt.engine.solve_problem import solve_problem
from hubopt.model.build import build
from hubopt.model.decisions import family_mask
from hubopt.model.standard import standard_form
from hubopt.solver.form import SolveOptions, SolverAnswer, SolverStatus
from hubopt.solver.run import run
from hubopt.solver.statuses import TOLERANCE, worst_violation
from tests.small_problems import impossible, pair, tiny_problem

if TYPE_CHECKING:
    from hubopt.problem.problem import Problem
    from hubopt.solver.form import Progress, StandardForm

EXACT = SolveOptions(gap=1e-6, time_s=60.0)


@pytest.fixture
def searching(monkeypatch: pytest.MonkeyPatch) -> None:
    """Send every model to the search, however small."""
    monkeypatch.setattr(solve_module, "SMALL_COLUMNS", 0)


def lp(form: StandardForm) -> SolverAnswer:
    """Solve an LP."""
    return run(form, EXACT)


@pytest.mark.parametrize("problem", [pair(), tiny_problem()], ids=["pair", "tiny"])
def test_search_finds_the_same_optimum(problem: Problem, monkeypatch: pytest.MonkeyPatch) -> None:
    """The search ends with the optimum that HiGHS proves alone, and says that it is one."""
    alone, *_ = solve_problem(problem, EXACT)
    monkeypatch.setattr(solve_module, "SMALL_COLUMNS", 0)
    found, made, _ = solve_problem(problem, EXACT)
    assert found.status is SolverStatus.OPTIMAL
    assert found.objective == pytest.approx(alone.objective, rel=1e-6)
    assert found.bound is not None
    assert alone.objective is not None
    assert found.bound <= alone.objective * (1 + 1e-9)
    assert made is not None


@pytest.mark.usefixtures("searching")
def test_search_says_infeasible() -> None:
    """A model that cannot be met is called infeasible by the search too."""
    answer, made, _ = solve_problem(impossible(), EXACT)
    assert answer.status is SolverStatus.INFEASIBLE
    assert made is None


@pytest.mark.usefixtures("searching")
def test_stop_during_the_search_keeps_the_best_plan() -> None:
    """Stopped once a plan is there, the search ends with that plan or a better one."""
    stop, seen = threading.Event(), []

    def watch(progress: Progress) -> None:
        if progress.best is not None:
            seen.append(progress.best)
            stop.set()

    answer, made, _ = solve_problem(tiny_problem(), EXACT, on_progress=watch, stop=stop)
    assert made is not None
    assert answer.objective is not None
    assert answer.objective <= seen[0] * (1 + 1e-9)


@pytest.mark.usefixtures("searching")
def test_stop_at_once_gives_no_plan() -> None:
    """Stopped before it began, the search says interrupted without a plan."""
    stop = threading.Event()
    stop.set()
    answer, made, _ = solve_problem(tiny_problem(), EXACT, stop=stop)
    assert answer.status is SolverStatus.INTERRUPTED_WITHOUT_VALUES
    assert made is None


@pytest.mark.usefixtures("searching")
def test_a_failure_of_the_whole_model_keeps_the_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    """If the whole model fails, the plan found before is kept and the limit is what ended it."""
    true_run = search_module.run
    whole = standard_form(build(tiny_problem()))

    def failing(form: StandardForm, *args: object, **kw: object) -> SolverAnswer:
        if np.array_equal(form.column_upper, whole.column_upper) and form.integer.any():
            return SolverAnswer(SolverStatus.FAILED, None, None, None, 0.0, "broken on purpose")
        return true_run(form, *args, **kw)

    monkeypatch.setattr(search_module, "run", failing)
    answer, made, _ = solve_problem(tiny_problem(), replace(EXACT, gap=0.0, time_s=8.0))
    assert answer.status in {SolverStatus.LIMIT_WITH_VALUES, SolverStatus.OPTIMAL}
    assert made is not None


def test_errors_in_the_search_stop_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    """An error on one side passes on and halts the other."""
    form = standard_form(build(tiny_problem()))
    board = Board(form, EXACT, Halt(None))
    search = Search(layout_of(tiny_problem(), form), board)

    def broken() -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(search, "improve", broken)
    monkeypatch.setattr(search, "first_plan", lambda: None)
    with pytest.raises(ZeroDivisionError):
        search.run()
    assert board.halt.is_set()


@pytest.mark.parametrize("problem", [pair(), tiny_problem()], ids=["pair", "tiny"])
def test_covering_modules_keep_the_siting_rules(problem: Problem) -> None:
    """Modules that cover the LP's loads can be kept in the whole model: a plan exists with them."""
    form = standard_form(build(problem))
    siting = family_mask(problem, form, "open", "modules")
    point = lp(relaxed(form))
    assert point.values is not None
    assert point.row_duals is not None
    cover = run(covering_form(form, siting, point.values, point.row_duals), EXACT)
    assert cover.values is not None
    chosen = np.zeros(len(form.cost))
    chosen[siting] = np.round(cover.values[: siting.sum()])
    held = replace(
        form,
        column_lower=np.where(siting, chosen, form.column_lower),
        column_upper=np.where(siting, chosen, form.column_upper),
    )
    assert run(held, EXACT).status is SolverStatus.OPTIMAL


def test_dive_ends_in_a_whole_plan() -> None:
    """Rounding the tiny instance's LP ends in a point that meets every row and is whole."""
    problem = tiny_problem()
    form = standard_form(build(problem))
    point = lp(relaxed(form))
    assert point.values is not None
    steer = tuple(family_mask(problem, form, name) for name in ("open", "modules", "departures"))
    plan = Dive(form, lp, steer).plan(point.values)
    assert plan is not None
    assert worst_violation(form, plan).size <= TOLERANCE


def test_board_keeps_only_what_holds_and_is_better() -> None:
    """A plan that breaks a row, or is no better, is not taken; bounds only rise."""
    problem = pair()
    form = standard_form(build(problem))
    board = Board(form, SolveOptions(gap=0.0), Halt(None))
    answer, *_ = solve_problem(problem, EXACT)
    assert not board.offer(np.full(len(form.cost), 1e6))
    assert board.offer(answer.values)
    assert not board.offer(answer.values)
    board.raise_bound(2.0)
    board.raise_bound(1.0)
    assert board.bound == 2.0


def test_a_bound_above_the_plan_is_a_fault() -> None:
    """The search ends as failed if a bound rises above a checked plan: one of them is wrong."""
    problem = pair()
    form = standard_form(build(problem))
    board = Board(form, SolveOptions(gap=0.0), Halt(None))
    answer, *_ = solve_problem(problem, EXACT)
    board.offer(answer.values)
    board.raise_bound(2.0 * answer.objective)
    assert board.halt.is_set()
    ended = Search(layout_of(problem, form), board).ended()
    assert ended.status is SolverStatus.FAILED
    assert "above a checked plan" in ended.reason


@pytest.mark.usefixtures("searching")
def test_a_start_is_kept_where_it_closes_the_gap() -> None:
    """Sites of an earlier answer stay if no others are better by the gap asked for."""
    problem = tiny_problem()
    best = solve_problem(problem, EXACT).decisions
    assert best is not None
    costly = replace(best, modules=best.modules + (problem.sites.module_most > 1)[:, None])
    loose = replace(EXACT, gap=0.9)
    kept = solve_problem(problem, loose, start=costly).decisions
    assert kept is not None
    assert (kept.modules == costly.modules).all()
    again = solve_problem(problem, EXACT, start=costly)
    assert again.answer.objective == pytest.approx(solve_problem(problem, EXACT).answer.objective)


@pytest.mark.usefixtures("searching")
def test_a_start_that_breaks_a_rule_is_left() -> None:
    """An earlier answer with sites that may not stand ends in the same optimum as none."""
    problem = tiny_problem()
    cold = solve_problem(problem, EXACT)
    assert cold.decisions is not None
    nothing = replace(cold.decisions, modules=np.zeros_like(cold.decisions.modules))
    warm = solve_problem(problem, EXACT, start=nothing)
    assert warm.answer.objective == pytest.approx(cold.answer.objective)
