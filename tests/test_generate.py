"""Routes that the lister left out come back by pricing, and the bound holds over all of them."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from hubopt.engine import solve_problem as solve_module
from hubopt.engine.array_form import array_form
from hubopt.engine.dive import relaxed
from hubopt.engine.generate import generate, routes_of
from hubopt.engine.seeds import seeded
from hubopt.errors import NoPlanError
from hubopt.instance.invented.make import invented
from hubopt.instance.invented.wanted import Wanted
from hubopt.instance.tables import Limit
from hubopt.network.routes import all_routes, list_routes
from hubopt.plan.plan import ALL_ROUTES_BASIS
from hubopt.problem.build import build_problem
from hubopt.solve import pose
from hubopt.solve.answer import Question, answer
from hubopt.solver.form import SolveOptions, SolverAnswer, SolverStatus
from hubopt.solver.run import run
from hubopt.vocabulary import LimitKind, Status
from tests.random_instances import random_instance
from tests.random_limits import limited_instance
from tests.random_networks import random_network
from tests.solver_at_hand import solver_at_hand
from tests.test_route_pricing import with_all_routes
from tests.tiny import tiny

if TYPE_CHECKING:
    from collections.abc import Callable

    from hubopt.instance.tables import Instance
    from hubopt.network.route import RouteList
    from hubopt.problem.problem import Problem

OPTIONS = SolveOptions(gap=1e-9, time_s=60.0)
EXACT = Question(gap=0.0, time_s=60.0)


def lp_value(problem: Problem) -> float | None:
    """Return the value of the LP of a problem, None if it has none."""
    found = run(relaxed(array_form(problem)), OPTIONS)
    return found.objective if found.status is SolverStatus.OPTIMAL else None


def one_route_each(instance: Instance) -> Problem:
    """Return the problem over the first route of each shipment."""
    return build_problem(instance, list_routes(instance, per_shipment=1))


def test_the_lp_over_all_routes_is_found_from_one_route_each() -> None:
    """LP and bound end at the value of the LP over every route, and routes are added for it."""
    added = 0
    with solver_at_hand():
        for instance in (*map(random_instance, range(8)), *map(random_network, range(8))):
            few = one_route_each(instance)
            truth, before = lp_value(with_all_routes(instance)), lp_value(few)
            if truth is None or before is None:
                continue
            made = generate(instance, few, OPTIONS)
            after = lp_value(made)
            assert after == pytest.approx(truth, rel=2e-5)
            assert made.bound_over_all_mcny == pytest.approx(truth, rel=2e-5)
            assert made.bound_over_all_mcny <= truth + 1e-7 * abs(truth)
            assert set(routes_of(few).routes) <= set(routes_of(made).routes)
            added += len(made.column_steps) > len(few.column_steps)
    assert added > 3


def test_seeds_are_routes_and_what_has_none_is_told() -> None:
    """Each shipment that has a route at all gets one; of the others it is told as by the lister."""
    without = 0
    for instance in (*map(random_instance, range(10)), *map(random_network, range(10))):
        found, listed = seeded(instance), list_routes(instance)
        known = {route for s in instance.demand for route in all_routes(instance, s.id)}
        assert set(found.routes) <= known
        assert {r.shipment for r in found.routes} == {r.shipment for r in known}
        assert set(found.capped) == {r.shipment for r in known}
        assert set(listed.late) <= set(found.late)
        assert {ident for ident, _ in found.late} == {s.id for s in instance.demand} - {
            r.shipment for r in known
        }
        assert not build_problem(instance, found).complete
        without += len(found.late)
    assert without


def test_the_lp_over_all_routes_is_found_from_seeds() -> None:
    """LP and bound end at the value of the LP over every route, though none was listed."""
    closed = 0
    with solver_at_hand():
        for instance in (*map(random_instance, range(8, 14)), *map(random_network, range(8, 14))):
            truth = lp_value(with_all_routes(instance))
            made = generate(instance, build_problem(instance, seeded(instance)), OPTIONS)
            if truth is None:
                continue
            assert lp_value(made) == pytest.approx(truth, rel=1e-7)
            assert made.bound_over_all_mcny == pytest.approx(truth, rel=1e-7)
            assert made.bound_over_all_mcny <= truth + 1e-9 * abs(truth)
            closed += 1
    assert closed > 8


def test_rounds_are_heard_and_a_stop_is_kept() -> None:
    """Each round says its LP and bound; with no time for one, there is no bound."""
    instance = random_network(3)
    few, heard = one_route_each(instance), []
    with solver_at_hand():
        generate(instance, few, OPTIONS, on_round=lambda *told: heard.append(told))
        hasty = generate(instance, few, replace(OPTIONS, time_s=0.5))
    assert [number for number, *_ in heard] == list(range(1, len(heard) + 1))
    assert all(bound <= lp + 1e-6 * abs(lp) for *_, lp, bound in heard)
    assert [lp for *_, lp, _ in heard] == sorted((lp for *_, lp, _ in heard), reverse=True)
    assert hasty.bound_over_all_mcny is None
    assert routes_of(hasty).routes == routes_of(few).routes


@pytest.mark.parametrize("large_from", [solve_module.SMALL_COLUMNS, 0])
@pytest.mark.parametrize("seeded_from", [pose.MANY_SHIPMENTS, 0])
def test_plans_over_all_routes(
    seeded_from: int, large_from: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From one route each, or seeds, a plan is found that is no dearer, its bound below the best.

    The status says optimal only where that bound is as near as was asked for.
    """
    monkeypatch.setattr(solve_module, "SMALL_COLUMNS", large_from)
    monkeypatch.setattr(pose, "MANY_SHIPMENTS", seeded_from)
    better = 0
    with solver_at_hand():
        for seed in range(6):
            instance = random_network(seed)
            few = Question(gap=0.0, time_s=60.0, routes_per_shipment=1)
            if one_route_each(instance).complete:
                continue
            best = answer(instance, EXACT).plan
            plain = answer(instance, few).plan
            priced = answer(instance, few, all_routes=True).plan
            assert priced.bound_fen <= best.objective_fen
            assert best.objective_fen <= priced.objective_fen <= plain.objective_fen
            if priced.status is Status.OPTIMAL:
                assert priced.objective_fen == pytest.approx(best.objective_fen, rel=1e-4)
            assert any("the bound covers all routes" in note for note in priced.notes)
            better += priced.objective_fen < plain.objective_fen
    assert better


def test_few_routes_are_all_listed_and_the_plan_is_proved_over_all() -> None:
    """Where the usual list leaves some out, an invented instance is still closed over all."""
    instance = invented(Wanted(1, 10, 40, 9))
    assert not build_problem(instance, list_routes(instance)).complete
    with solver_at_hand():
        found = answer(instance, EXACT, all_routes=True)
    assert found.problem.complete
    assert found.plan.status is Status.OPTIMAL
    assert found.plan.gap_basis == ALL_ROUTES_BASIS
    assert found.plan.bound_fen == pytest.approx(found.plan.objective_fen, rel=1e-6)


@pytest.mark.parametrize("seed", [101, 117, 118])
def test_routes_so_far_are_not_all_that_there_are(seed: int) -> None:
    """A service level that the listed routes cannot keep is not called impossible."""
    instance = limited_instance(seed)
    settings = replace(instance.settings, routes_per_shipment=1)
    one = replace(instance, settings=settings)
    with solver_at_hand():
        with pytest.raises(NoPlanError, match=r"over the routes listed so far .* --all-routes"):
            answer(one, EXACT, all_routes=False)
        hasty = replace(EXACT, time_s=1.9, routes_per_shipment=1)
        with pytest.raises(NoPlanError):  # no time for a round of pricing
            answer(one, hasty, all_routes=True)
        assert answer(one, EXACT, all_routes=True).plan.status is Status.OPTIMAL


def test_listing_everything_leaves_time_for_a_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a fifth of the time the usual list is taken."""
    asked = []

    def slow(
        instance: Instance,
        *,
        per_shipment: int | None = None,
        on_progress: Callable[[int, int], None] | None = None,
    ) -> RouteList:
        asked.append(per_shipment)
        if per_shipment == pose.EVERY_ROUTE and on_progress is not None:
            time.sleep(2.1)
            on_progress(0, 1)
        return list_routes(instance, per_shipment=per_shipment, on_progress=on_progress)

    monkeypatch.setattr("hubopt.network.routes.list_routes", slow)
    with solver_at_hand():
        found = answer(tiny(), replace(EXACT, time_s=10.0), all_routes=True)
    assert found.plan.status is Status.OPTIMAL
    assert asked == [pose.EVERY_ROUTE, None]


def test_a_bound_above_the_plan_is_not_hidden() -> None:
    """It stays as it is, so that the check of plans ends in a fault."""
    found = SolverAnswer(SolverStatus.OPTIMAL, None, 100.0, 100.0, 0.0, "")
    assert solve_module.over_all(found, 150.0, 0.0).bound == 150.0
    assert solve_module.over_all(found, 100.0 + 1e-9, 0.0).bound == 100.0


def test_limits_that_no_route_can_keep_end_the_rounds() -> None:
    """Where eased limits ask for no new route the rounds end, instead of asking again and again."""
    rounds = []
    with solver_at_hand():
        for seed in range(3):
            drawn = random_instance(seed)
            late = tuple(replace(one, promised_h=0.01) for one in drawn.demand)
            years = [stage.year for stage in drawn.settings.stages]
            limits = tuple(Limit(LimitKind.SERVICE_LEVEL, y, None, 0.99) for y in years)
            instance = replace(drawn, demand=late, limits=limits)
            heard: list[int] = []
            generate(
                instance, build_problem(instance, list_routes(instance)), OPTIONS,
                on_round=lambda number, *_, told=heard: told.append(number),
            )  # fmt: skip
            rounds.append(len(heard))
    assert max(rounds) < 10
