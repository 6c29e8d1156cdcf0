"""Branching over all routes ends at the optimum over every route, and never bounds above it."""

from __future__ import annotations

import threading
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from hubopt.engine.array_form import array_form
from hubopt.engine.bound import route_bound
from hubopt.engine.branch.node import Fraction, Gains, Listed, Node, Side, merged
from hubopt.engine.branch.tree import branched
from hubopt.engine.generate import generate
from hubopt.engine.pricing import RoutePricer
from hubopt.engine.solve_problem import solve_problem
from hubopt.errors import InputError
from hubopt.instance.invented.make import invented
from hubopt.instance.invented.wanted import Wanted
from hubopt.network.routes import list_routes
from hubopt.problem.build import build_problem
from hubopt.solve.answer import Question, Silent, answer
from hubopt.solver.form import CLOSING, SolveOptions, SolverStatus
from hubopt.solver.run import run
from hubopt.vocabulary import Engine, LimitKind, Status
from tests.random_instances import random_instance
from tests.random_limits import limited_instance
from tests.random_networks import random_network
from tests.solver_at_hand import solver_at_hand
from tests.test_route_pricing import with_all_routes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hubopt.instance.tables import Instance
    from hubopt.solver.form import Progress, SolverAnswer

EXACT = SolveOptions(gap=0.0, time_s=60.0)
NEAR = 1e-6
MOST_ROUTES = 400
DRAWS = (random_instance, limited_instance, random_network)
LOW = {LimitKind.DELIVERY_SHARE_AT_LEAST, LimitKind.MODE_SHARE_AT_LEAST}
"""Under these the bound may stay low, though it holds: of a route's part in deliveries the pricing
takes the least, and ways in a circle, which are no routes, may pay for the mode that they go by."""

FEW, PER_BATCH, BATCHES = 24, 50, 8


def drawn(seed: int) -> Instance | None:
    """Return an instance with every feature, under limits or with odd networks, by turns."""
    try:
        instance = DRAWS[seed % len(DRAWS)](70_000 + seed)
    except InputError:
        return None  # drawn without a shipment
    listed = list_routes(instance)
    return instance if not listed.capped and len(listed.routes) < MOST_ROUTES else None


def checked(instance: Instance) -> Counter[str]:
    """Solve over one route each and what the LP wants besides, close it, and compare."""
    truth = run(array_form(with_all_routes(instance)), EXACT)
    few = build_problem(instance, list_routes(instance, per_shipment=1))
    if truth.objective is None or few.complete:
        return Counter()
    few = generate(instance, few, EXACT)
    solved = solve_problem(few, EXACT)
    if few.bound_over_all_mcny is None or solved.decisions is None:
        return Counter()  # over these routes there is no plan: that is for others to mend
    heard: list[Progress] = []
    found, closed = branched(instance, few, solved, EXACT, on_progress=heard.append)
    cost = closed.answer.objective
    assert cost is not None
    assert cost >= truth.objective - NEAR * abs(truth.objective)
    if not any(limit.kind in LOW for limit in instance.limits):
        assert cost == pytest.approx(truth.objective, rel=NEAR)
        assert closed.answer.status is SolverStatus.OPTIMAL
    for bound in [closed.answer.bound, *(told.bound for told in heard)]:
        assert bound is not None
        assert bound <= truth.objective + NEAR * abs(truth.objective)
    before, after = solved.answer, closed.answer
    assert before.objective is not None
    return Counter(
        all=1,
        branched=found.nodes > 1,
        cheaper=cost < before.objective - NEAR * abs(before.objective),
        higher=(after.bound or 0.0) > (before.bound or 0.0) * (1 + NEAR),
    )


def counted(seeds: Iterable[int]) -> Counter[str]:
    """Check the instances of some seeds, and count what branching did for them."""
    found = Counter[str]()
    with solver_at_hand():
        for seed in seeds:
            instance = drawn(seed)
            if instance is not None:
                found += checked(instance)
    return found


def test_the_optimum_over_every_route_is_proved() -> None:
    """Where the LP lies below the best plan, and where whole decisions want other routes."""
    count = counted(range(FEW))
    assert count["all"] > FEW / 3
    assert count["branched"]
    assert count["higher"]


@pytest.mark.marathon
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("batch", range(BATCHES))
def test_the_optimum_over_every_route_is_proved_on_many(batch: int) -> None:
    """The same on hundreds of draws."""
    first = FEW + batch * PER_BATCH
    assert counted(range(first, first + PER_BATCH))["branched"]


def priced(instance: Instance) -> tuple[Listed, SolverAnswer, RoutePricer]:
    """Return an instance over priced routes, the answer of their LP, and the pricer."""
    few = generate(instance, build_problem(instance, list_routes(instance, per_shipment=1)), EXACT)
    pricer = RoutePricer(instance, few)
    listed = Listed.of(few, pricer.most_kt(few.demand_kt))
    return listed, run(listed.within(()), EXACT), pricer


def test_what_is_fixed_costs_more_than_the_slack() -> None:
    """No plan over every route that costs less than the cutoff lies beyond the sides fixed."""
    fixed = 0
    with solver_at_hand():
        for seed in range(12):
            instance = random_network(seed)
            truth = run(array_form(with_all_routes(instance)), EXACT)
            listed, lp, pricer = priced(instance)
            if truth.objective is None or lp.row_duals is None or truth.values is None:
                continue
            form = listed.within(())
            bound = route_bound(pricer, listed.problem, form, lp.row_duals)
            slack = truth.objective - bound.value + NEAR
            sides = listed.fixed(form, bound.reduced, slack)
            names = array_form(with_all_routes(instance)).column_names
            best = dict(zip(names, truth.values.tolist(), strict=True))
            for side in sides:
                value = best.get(side.name, 0.0)
                assert side.lower - NEAR <= value <= side.upper + NEAR, (seed, side)
            fixed += len(sides)
    assert fixed > 10


def test_sides_of_one_column_become_one() -> None:
    """The narrowest of each end counts; a node keeps to its branchings and to what is fixed."""
    one, two = Side("open(A,2025)", 0.0, 3.0), Side("open(A,2025)", 1.0, 5.0)
    other = Side("open(B,2025)", 0.0, 0.0)
    assert merged((one, other, two)) == (Side("open(A,2025)", 1.0, 3.0), other)
    assert Node((one,), fixed=(other,)).kept == (one, other)


def test_gains_of_columns_are_learned() -> None:
    """A column that raised both sides goes before one that raised one side alone."""
    gains = Gains()
    for name, up, gain in (
        ("a", True, 4.0),
        ("a", False, 2.0),
        ("b", True, 9.0),
        ("b", False, 0.0),
    ):
        gains.learn(name, 0.5, gain, up=up)
    ranked = sorted((Fraction("b", 1.5), Fraction("a", 0.5)), key=gains.score)
    assert [one.name for one in ranked] == ["b", "a"]
    assert gains.has("a")
    assert not gains.has("c")


MIDDLE = Wanted(1, 40, 600, 20)


class Heard(Silent):
    """Keeps what a solver told."""

    def __init__(self) -> None:
        self.told: list[Progress] = []

    def solver(self, progress: Progress) -> None:
        """Keep it."""
        self.told.append(progress)


def test_solve_branches_where_the_lp_is_far_below() -> None:
    """The LP of 600 shipments lies 4 % below the best plan; one model stays there."""
    instance, heard = invented(MIDDLE), Heard()
    found = answer(instance, Question(gap=0.01, time_s=120.0), watcher=heard)
    plan = found.plan
    assert not found.warnings
    assert plan.gap is not None
    assert plan.gap <= 0.01
    assert found.problem.nodes > 1
    assert any("branching on sites" in note for note in plan.notes)
    bounds = [told.bound for told in heard.told if told.phase == CLOSING]
    assert bounds == sorted(bounds)
    one = answer(instance, Question(gap=0.01, time_s=120.0), engine=Engine.MONOLITHIC).plan
    assert one.status is Status.FEASIBLE
    assert plan.bound_fen is not None
    assert one.objective_fen >= plan.bound_fen
    assert (one.gap or 0.0) > 0.03


def test_a_stop_keeps_plan_and_bound() -> None:
    """Told to stop while it branches, a solve ends with the best plan and the bound so far."""
    stop = threading.Event()

    class Stopping(Silent):
        def solver(self, progress: Progress) -> None:
            if progress.phase == CLOSING and progress.counts["nodes"] > 1:
                stop.set()

    instance = invented(MIDDLE)
    found = answer(instance, Question(gap=0.0, time_s=120.0), watcher=Stopping(), stop=stop)
    assert found.plan.status is Status.INTERRUPTED
    assert found.problem.nodes > 1
    assert found.plan.gap is not None
    assert 0.0 < found.plan.gap < 0.1
