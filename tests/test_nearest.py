"""Of the plans within the gap one near to an earlier plan: never dearer than the gap allows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from hubopt.engine.array_form import array_form
from hubopt.engine.nearest import nearest
from hubopt.engine.solve_problem import Solved, solve_problem
from hubopt.engine.start import point_of
from hubopt.instance.invented.make import invented
from hubopt.instance.invented.wanted import Wanted
from hubopt.model.decisions import decisions
from hubopt.network.routes import list_routes
from hubopt.problem.build import build_problem
from hubopt.solve.answer import Question, answer
from hubopt.solve.warm import WarmStart
from hubopt.solver.form import SolveOptions, SolverAnswer, SolverStatus
from hubopt.solver.run import run
from hubopt.solver.statuses import TOLERANCE, worst_violation
from tests.solver_at_hand import solver_at_hand

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubopt.instance.tables import Instance
    from hubopt.plan.plan import Plan
    from hubopt.problem.problem import Problem

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
            assert found.after == apart(problem, found.solved, other) < before
            assert found.added_mcny == pytest.approx(cost - (best.answer.objective or 0.0))
            nearer += 1
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
