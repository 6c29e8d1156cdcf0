"""Of the plans within the gap one near to an earlier plan: never dearer than the gap allows."""

from __future__ import annotations

import time
from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix, eye, hstack, vstack

from hubopt.engine import nearest as nearest_module
from hubopt.engine.array_form import array_form
from hubopt.engine.near_flows import flows_of, nearer_flows
from hubopt.engine.nearest import Drawing, nearest
from hubopt.engine.solve_problem import Solved, solve_problem
from hubopt.engine.start import point_of
from hubopt.instance.invented.make import invented
from hubopt.instance.invented.wanted import Wanted
from hubopt.model.decisions import decisions
from hubopt.network.routes import list_routes
from hubopt.problem.build import build_problem
from hubopt.solve import decide
from hubopt.solve.answer import Question, answer
from hubopt.solve.warm import WarmStart
from hubopt.solver.form import SolveOptions, SolverAnswer, SolverStatus, StandardForm
from hubopt.solver.run import run
from hubopt.solver.statuses import TOLERANCE, objective_of, worst_violation
from tests.solver_at_hand import solver_at_hand

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from hubopt.instance.tables import Instance
    from hubopt.plan.plan import Plan
    from hubopt.problem.problem import Floats, Problem

EXACT = SolveOptions(gap=0.0, time_s=60.0)
LOOSE = replace(EXACT, gap=0.05)


def twins() -> Iterator[tuple[Problem, Solved, Solved]]:
    """Yield problems with their best plan, and a plan that is best for other costs."""
    for seed in range(6):
        instance = invented(Wanted(seed, 8, 50, 7))
        problem = build_problem(instance, list_routes(instance))
        best = solve_problem(problem, EXACT)
        form = array_form(problem)
        rng = np.random.default_rng(seed)
        odd = replace(form, cost=form.cost * rng.uniform(0.5, 2.0, len(form.cost)))
        other = run(odd, EXACT)
        if best.answer.status is SolverStatus.OPTIMAL and other.values is not None:
            made = decisions(problem, form, other.values)
            cost = float(form.cost @ other.values) + form.offset
            answered = SolverAnswer(other.status, other.values, cost, None, 0.0, "")
            yield problem, best, Solved(answered, made, form)


def apart(problem: Problem, one: Solved, other: Solved) -> int:
    """Return how many whole decisions differ in two plans."""
    assert one.answer.values is not None
    assert other.decisions is not None
    point = point_of(problem, one.form, other.decisions)
    return int((one.form.integer & (np.round(one.answer.values) != np.round(point))).sum())


def moved(one: Solved, other: Solved) -> float:
    """Return how much of another plan's flows goes another way in one, kt."""
    assert one.decisions is not None
    assert other.decisions is not None
    return float(np.maximum(other.decisions.flow_kt - one.decisions.flow_kt, 0.0).sum())


def test_plans_are_brought_nearer_within_the_gap() -> None:
    """What differs goes back for at most what the gap leaves; whatever comes is a plan."""
    nearer = 0
    with solver_at_hand():
        for problem, best, other in twins():
            assert other.decisions is not None
            found = nearest(problem, best, other.decisions, LOOSE)
            before = apart(problem, best, other)
            if found is None:
                continue
            values, cost = found.solved.answer.values, found.solved.answer.objective
            assert values is not None
            assert cost is not None
            assert best.answer.bound is not None
            assert worst_violation(best.form, values).size <= TOLERANCE
            assert cost - best.answer.bound <= LOOSE.gap * abs(cost) + 1e-9
            assert found.before == before
            assert found.after == apart(problem, found.solved, other) <= before
            fewer = found.after < before
            assert fewer or moved(found.solved, other) < moved(best, other)
            assert found.added_mcny == pytest.approx(cost - (best.answer.objective or 0.0))
            nearer += fewer
    assert nearer > 3


def test_nothing_left_of_the_gap_costs_nothing() -> None:
    """At a gap of 0 a plan may be another, and costs the same; a plan is nearest to itself."""
    with solver_at_hand():
        for problem, best, other in twins():
            assert best.decisions is not None
            assert other.decisions is not None
            assert nearest(problem, best, best.decisions, LOOSE) is None
            found = nearest(problem, best, other.decisions, EXACT)
            if found is not None:
                cost = best.answer.objective
                assert found.solved.answer.objective == pytest.approx(cost, rel=1e-7)


def least_moved(form: StandardForm, flows: NDArray[np.bool_], then: Floats, now: Floats) -> float:
    """Return the least freight that must go another way with the whole columns of a point, kt."""
    used = np.flatnonzero(flows & (then > 0.0))
    kept = eye(len(then), format="csr")[used]
    matrix = form.matrix()
    rows = vstack([hstack([matrix, csr_matrix((matrix.shape[0], len(used)))]),
                   hstack([-kept, eye(len(used))])])  # fmt: skip
    low, high = (np.where(form.integer, now, x) for x in (form.column_lower, form.column_upper))
    found = milp(
        np.append(np.zeros(len(then)), -np.ones(len(used))),
        constraints=LinearConstraint(
            rows,
            np.append(form.row_lower, np.full(len(used), -np.inf)),
            np.append(form.row_upper, np.zeros(len(used))),
        ),
        bounds=Bounds(
            np.append(low, np.zeros(len(used))),
            np.append(high, then[used]),
        ),
    )
    assert found.success
    return float(then[used].sum() + found.fun)


def test_of_flows_that_cost_the_same_the_earlier_ones_are_taken() -> None:
    """Where no flow costs anything, as much goes as before as can: another LP says how much."""
    told = 0
    with solver_at_hand():
        for problem, best, other in twins():
            assert best.answer.values is not None
            assert other.decisions is not None
            flows = flows_of(problem, best.form)
            form = replace(best.form, cost=np.where(best.form.integer, best.form.cost, 0.0))
            cost = objective_of(form, best.answer.values)
            costing = replace(best.answer, objective=cost, bound=cost)
            solved = best._replace(form=form, answer=costing)
            then = point_of(problem, form, other.decisions)
            now = np.round(best.answer.values)
            alike = np.where(form.integer, now, then)
            same = other._replace(decisions=decisions(problem, form, alike))
            assert same.decisions is not None
            found = nearest(problem, solved, same.decisions, EXACT)
            least = least_moved(form, flows, then, now)
            before = moved(best, same)
            if found is None:
                assert before == pytest.approx(least, abs=1e-5 * then[flows].sum())
                continue
            values = found.solved.answer.values
            assert values is not None
            assert worst_violation(form, values).size <= TOLERANCE
            assert objective_of(form, values) == pytest.approx(cost, rel=1e-7)
            assert moved(found.solved, same) == pytest.approx(least, abs=1e-6)
            assert found.led_back_kt == pytest.approx(before - least, abs=1e-6)
            assert found.led_back_kt > 0.0
            told += 1
    assert told > 3


def ways(cost: Sequence[float], most: float = np.inf) -> StandardForm:
    """Return 10 kt over some ways, of which the first takes at most so much."""
    count = len(cost)
    return StandardForm(
        cost=np.array(cost),
        offset=0.0,
        column_lower=np.zeros(count),
        column_upper=np.array([most, *[np.inf] * (count - 1)]),
        integer=np.zeros(count, dtype=bool),
        starts=np.arange(count + 1),
        indices=np.zeros(count, dtype=np.int64),
        values=np.ones(count),
        row_lower=np.array([10.0]),
        row_upper=np.array([10.0]),
        column_names=[f"flow({number})" for number in range(count)],
        row_names=["demand"],
    )


@pytest.mark.parametrize(
    ("cost", "most", "then", "least", "greatest"),
    [
        ((5.0, 5.0), np.inf, (4.0, 0.0), 4.0, 10.0),
        ((5.0, 5.0), 3.0, (4.0, 0.0), 3.0, 3.0),
        ((4.0, 5.0), 3.0, (2.0, 0.0), 3.0, 3.0),
        ((5.01, 5.0), np.inf, (4.0, 0.0), 0.0, 0.0),
        ((5.0, 5.01), np.inf, (4.0, 0.0), 10.0, 10.0),
        ((5.0, 5.0, 5.0), np.inf, (4.0, 1.0, 5.0), 4.0, 4.0),
    ],
)
def test_an_earlier_way_comes_back_for_the_same_money(
    cost: Sequence[float], most: float, then: Sequence[float], least: float, greatest: float
) -> None:
    """As much as went over it, up to its limit, and not where that costs more."""
    form = ways(cost, most)
    with solver_at_hand():
        found = nearer_flows(
            form,
            np.ones(len(cost), dtype=bool),
            np.array([0.0] * (len(cost) - 1) + [10.0]),
            np.array(then),
            1e-3,
            lambda lp: run(lp, EXACT),
        )
    assert found is not None
    assert worst_violation(form, found).size <= TOLERANCE
    assert least - 1e-9 <= found[0] <= greatest + 1e-9


def drawing(form: StandardForm, then: Floats, options: SolveOptions, most: float) -> Drawing:
    """Return a drawing of flows alone, which may cost so much."""
    problem: Any = None  # asked for where whole columns are
    return Drawing(problem, form, then, most, options, None, np.ones(len(then), dtype=bool))


@pytest.mark.parametrize(("dearer", "goes_back"), [(0.0, True), (1e-8, True), (1e-4, False)])
def test_however_much_the_gap_leaves_flows_go_back_for_nothing(
    dearer: float,
    goes_back: bool,  # noqa: FBT001
) -> None:
    """A way that is dearer by a ten-thousandth has a reason, though half the cost were left."""
    form = ways((5.0 * (1.0 + dearer), 5.0))
    now, then = np.array([0.0, 10.0]), np.array([10.0, 0.0])
    with solver_at_hand():
        found = drawing(form, then, EXACT, most=75.0).flowing_nearer(now)
    assert (found is not now) == goes_back
    assert objective_of(form, found) <= 50.0 * (1.0 + 2e-6)


def test_nothing_is_taken_that_costs_more_than_it_may() -> None:
    """A point dearer than the most is not taken, whatever it was paid for."""
    form = ways((5.0, 5.0))
    now, then = np.array([0.0, 10.0]), np.array([10.0, 0.0])
    with solver_at_hand():
        assert drawing(form, then, EXACT, most=49.0).flowing_nearer(now) is now


def test_nearer_decisions_that_cost_more_than_they_may_are_not_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A solver that ran out of time may give a point that is near and too dear."""
    with solver_at_hand():
        problem, best, other = next(one for one in twins() if apart(*one))
        now = best.answer.values
        assert now is not None
        assert other.decisions is not None
        then = point_of(problem, best.form, other.decisions)
        flows, cost = flows_of(problem, best.form), objective_of(best.form, now)
        dear = objective_of(best.form, then)
        found = replace(other.answer, values=then)
        monkeypatch.setattr(nearest_module, "run", lambda *_, **__: found)
        for most, taken in ((0.5 * (cost + dear), False), (1.01 * dear, True)):
            one = Drawing(problem, best.form, then, most, LOOSE, None, flows)
            assert (one.decided_nearer(now, cost) is not now) == taken


def test_all_solves_together_take_no_longer_than_they_may(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each solve gets what the ones before it have left."""
    given: list[float] = []

    def slow(_: StandardForm, options: SolveOptions, **__: object) -> SolverAnswer:
        given.append(options.time_s)
        clock.now += options.time_s
        return SolverAnswer(SolverStatus.LIMIT_WITHOUT_VALUES, None, None, None, 0.0, "")

    with solver_at_hand():
        problem, best, other = next(twins())
    clock = SimpleNamespace(now=time.monotonic())
    monkeypatch.setattr(nearest_module, "time", SimpleNamespace(monotonic=lambda: clock.now))
    monkeypatch.setattr(nearest_module, "run", slow)
    assert other.decisions is not None
    assert nearest(problem, best, other.decisions, LOOSE) is None
    assert len(given) > 1
    assert sum(given) <= LOOSE.time_s + 2 * nearest_module.LEAST_S


def with_more(instance: Instance) -> Instance:
    """Return an instance with more freight."""
    demand = tuple(
        replace(one, demand_t_per_year=1.3 * one.demand_t_per_year) for one in instance.demand
    )
    return replace(instance, demand=demand)


def decided(plan: Plan) -> set[tuple[object, ...]]:
    """Return what a plan decides on sites and services."""
    sites = {(s.site, s.stage, *sorted(s.modules.items())) for s in plan.sites}
    return sites | {(s.service, s.stage, s.departures_per_week) for s in plan.services}


def test_a_warm_solve_stays_near_and_says_so() -> None:
    """With more freight the earlier decisions stand where the gap lets them."""
    apart_cold, apart_warm, told = 0, 0, 0
    with solver_at_hand():
        for seed in range(5):
            instance = invented(Wanted(seed, 8, 50, 7))
            asked = Question(gap=0.01, time_s=60.0)
            earlier = answer(instance, asked).plan
            cold = answer(with_more(instance), asked).plan
            warm = answer(with_more(instance), asked, warm=WarmStart(earlier)).plan
            assert warm.gap is not None
            assert warm.gap <= asked.gap
            apart_cold += len(decided(cold) - decided(earlier))
            apart_warm += len(decided(warm) - decided(earlier))
            told += any("near to the earlier plan" in note for note in warm.notes)
    assert told
    assert apart_warm < apart_cold


def test_without_time_it_is_said_that_nothing_was_done(monkeypatch: pytest.MonkeyPatch) -> None:
    """A plan that could not be brought near says so, and the answer knows it."""
    instance = invented(Wanted(1, 8, 50, 7))
    asked = Question(gap=0.01, time_s=60.0)
    with solver_at_hand():
        earlier = answer(instance, asked)
        assert not earlier.near
        near = answer(with_more(instance), asked, warm=WarmStart(earlier.plan))
        monkeypatch.setattr(decide, "NEAREST_SHARE", 0.0)
        late = answer(with_more(instance), asked, warm=WarmStart(earlier.plan))
    assert (near.near, late.near) == (True, False)
    assert decide.NOT_NEAR in late.warnings
    assert decide.NOT_NEAR not in near.warnings
