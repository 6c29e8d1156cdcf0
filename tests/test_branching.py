"""Branching over all routes ends at the optimum over every route, and never bounds above it."""

from __future__ import annotations

import math
import threading
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from hubopt.engine.array_form import array_form
from hubopt.engine.bound import route_bound
from hubopt.engine.branch.look import Look, Prober, contradicted
from hubopt.engine.branch.node import Fraction, Gains, Listed, Node, Side, merged
from hubopt.engine.branch.plans import Plans
from hubopt.engine.branch.tree import LP_FAILED, TOO_SHORT, Tree, branched
from hubopt.engine.easing import softened
from hubopt.engine.generate import generate
from hubopt.engine.link_rows import LinkRows
from hubopt.engine.pricing import RoutePricer
from hubopt.engine.solve_problem import solve_problem
from hubopt.errors import InputError, SolverError
from hubopt.instance.invented.make import invented
from hubopt.instance.invented.wanted import Wanted
from hubopt.network.routes import list_routes
from hubopt.problem.build import build_problem
from hubopt.solve.answer import Question, Silent, answer
from hubopt.solver.form import ALL_ROUTES_BRANCHING, SolveOptions, SolverAnswer, SolverStatus
from hubopt.solver.run import run
from hubopt.text import Text
from hubopt.vocabulary import Engine, LimitKind, Status
from tests.random_instances import random_instance
from tests.random_limits import limited_instance
from tests.random_networks import random_network
from tests.solver_at_hand import solver_at_hand
from tests.test_route_pricing import with_all_routes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hubopt.instance.tables import Instance
    from hubopt.problem.problem import Problem
    from hubopt.solver.form import Progress

EXACT = SolveOptions(gap=0.0, time_s=60.0)
NEAR = 1e-6
MOST_ROUTES = 400
DRAWS = (random_instance, limited_instance, random_network)
LOW = {LimitKind.DELIVERY_SHARE_AT_LEAST, LimitKind.MODE_SHARE_AT_LEAST}
"""Under these the bound may stay low, though it holds: of a route's part in deliveries the pricing
takes the least, and ways in a circle, which are no routes, may pay for the mode that they go by."""

GAPS = (0.0, 0.05, 0.0)
WANTING = (34, 142, 166)
FEW, PER_BATCH, BATCHES = 24, 50, 8


def drawn(seed: int) -> Instance | None:
    """Return an instance with every feature, under limits or with odd networks, by turns."""
    try:
        instance = DRAWS[seed % len(DRAWS)](70_000 + seed)
    except InputError:
        return None  # drawn without a shipment
    listed = list_routes(instance)
    return instance if not listed.capped and len(listed.routes) < MOST_ROUTES else None


def one_route(instance: Instance) -> Problem:
    """Return the problem over the first route of each shipment."""
    return build_problem(instance, list_routes(instance, per_shipment=1))


def checked(instance: Instance, gap: float) -> Counter[str]:
    """Solve over one route each and what the LP wants besides, close it, and compare."""
    truth = run(array_form(with_all_routes(instance)), EXACT).objective
    few = one_route(instance)
    if truth is None or few.complete:
        return Counter(skipped=1)
    few = generate(instance, few, EXACT)
    solved = solve_problem(few, EXACT)
    if few.bound_over_all_mcny is None or solved.decisions is None:
        return Counter(skipped=1)  # over these routes there is no plan: that is for others to mend
    tree = Tree(instance, few, solved, replace(EXACT, gap=gap), None, None)
    tree.grow()
    slack = NEAR * abs(truth)
    assert tree.bound <= truth + slack  # not cut to the plan's cost, as all that is told
    found = tree.ended().answer
    assert found.objective is not None
    assert found.bound is not None
    assert found.objective >= truth - slack
    if found.status is SolverStatus.OPTIMAL:
        assert found.objective - found.bound <= gap * abs(found.objective) + slack
    else:
        assert any(limit.kind in LOW for limit in instance.limits)
    before = solved.answer
    assert before.objective is not None
    return Counter(
        all=1,
        proved=found.status is SolverStatus.OPTIMAL,
        branched=tree.looked > 1,
        cheaper=found.objective < before.objective - slack,
        higher=found.bound > (before.bound or 0.0) + slack,
    )


def counted(seeds: Iterable[int]) -> Counter[str]:
    """Check instances by their seeds, at gaps by turns, and count what branching did for them."""
    found = Counter[str]()
    with solver_at_hand():
        for seed in seeds:
            instance = drawn(seed)
            if instance is not None:
                found += checked(instance, GAPS[seed // len(DRAWS) % len(GAPS)])
    return found


def test_the_optimum_over_every_route_is_proved() -> None:
    """Where the LP lies below the best plan, and where whole decisions want other routes."""
    count = counted(range(FEW))
    assert count["all"] > FEW / 3
    assert count["proved"] > 0.8 * count["all"]
    assert count["branched"]
    assert count["higher"]


@pytest.mark.marathon
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("batch", range(BATCHES))
def test_the_optimum_over_every_route_is_proved_on_many(batch: int) -> None:
    """The same on hundreds of draws."""
    first = FEW + batch * PER_BATCH
    count = counted(range(first, first + PER_BATCH))
    assert count["branched"]
    assert count["proved"] > 0.8 * count["all"]


def test_whole_decisions_that_want_other_routes_find_them() -> None:
    """The best plan over the routes of the LP is dearer than that over all; branching finds it."""
    with solver_at_hand():
        for seed in WANTING:
            instance = drawn(seed)
            assert instance is not None
            assert checked(instance, 0.0)["cheaper"]


def priced(instance: Instance) -> tuple[Listed, RoutePricer]:
    """Return an instance over priced routes, and the pricer."""
    few = generate(instance, one_route(instance), EXACT)
    pricer = RoutePricer(instance, few)
    return Listed.of(few, pricer.most_kt(few.demand_kt)), pricer


def narrowed(rng: np.random.Generator, listed: Listed, best: Mapping[str, float]) -> list[Side]:
    """Return random sides of some whole columns within which the best values stay."""
    chosen = rng.choice(listed.names, min(4, len(listed.names)), replace=False)
    sides = []
    for name in chosen.tolist():
        value = round(best.get(name, 0.0))
        sides.append(Side(name, value - float(rng.integers(2)), value + float(rng.integers(2))))
    return sides


def test_bounds_within_sides_are_bounds_and_what_is_fixed_costs_more() -> None:
    """No plan over every route within some sides costs less than their bound.

    None that costs less than the cutoff lies beyond the sides fixed from there.
    """
    rng, fixed, within = np.random.default_rng(5), 0, 0
    with solver_at_hand():
        for seed in range(18):
            instance = drawn(seed)
            if instance is None:
                continue
            every = array_form(with_all_routes(instance))
            truth = run(every, EXACT)
            if truth.objective is None or truth.values is None:
                continue
            best = dict(zip(every.column_names, truth.values.tolist(), strict=True))
            listed, pricer = priced(instance)
            for _ in range(3):
                form = listed.within(narrowed(rng, listed, best))
                lp = run(form, EXACT)
                if lp.row_duals is None:
                    continue
                bound = route_bound(pricer, listed.problem, form, lp.row_duals)
                assert bound.value <= truth.objective + NEAR * abs(truth.objective), seed
                slack = truth.objective - bound.value + NEAR
                sides = listed.fixed(form, bound.reduced, slack)
                for side in sides:
                    value = best.get(side.name, 0.0)
                    assert side.lower - NEAR <= value <= side.upper + NEAR, (seed, side)
                fixed, within = fixed + len(sides), within + 1
    assert fixed > 10
    assert within > 20


def test_a_softened_form_has_a_point_that_lacks_and_exceeds() -> None:
    """Rows that clash are broken at a price, those with two sides to either."""
    with solver_at_hand():
        listed, _ = priced(random_network(0))
        form = listed.within(())
        soft = softened(form, np.arange(len(form.row_lower)))
        names = list(soft.column_names)
        two = np.isfinite(form.row_lower) & np.isfinite(form.row_upper)
        assert two.any()
        assert sum(name.startswith("lacks(") for name in names) == np.isfinite(form.row_lower).sum()
        assert (
            sum(name.startswith("exceeds(") for name in names) == np.isfinite(form.row_upper).sum()
        )
        closed = replace(form, column_upper=np.minimum(form.column_upper, 0.0))
        assert run(closed, EXACT).status is SolverStatus.INFEASIBLE
        broken = run(softened(closed, np.arange(len(form.row_lower))), EXACT)
        assert broken.status is SolverStatus.OPTIMAL
        assert broken.objective is not None
        assert broken.objective > 1000.0


def test_sides_without_a_number_between_have_no_plan() -> None:
    """They are told before any solver is asked, and a look at them ends at the cutoff."""
    with solver_at_hand():
        instance = random_network(0)
        few = generate(instance, one_route(instance), EXACT)
        tree = Tree(instance, few, solve_problem(few, EXACT), EXACT, None, None)
        name = tree.listed.names[0]
        node = Node((Side(name, 2.0, 9.0), Side(name, 0.0, 1.0)), bound=1.0)
        assert contradicted(tree.listed.within(node.kept))
        look = tree.probe.look(node, tree.listed, 5.0)
        assert (look.bound, look.lp, look.ended) == (5.0, math.inf, True)


def refuse_plans(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every node be taken for a plan, and its solve fail after the node was looked at."""

    def whole(_: Prober, node: Node, listed: Listed, __: float) -> Look:
        return Look(node.bound, listed, lp=1.0, values=np.zeros(1), ended=True)

    def refused(*_: object) -> float:
        raise SolverError(Text("refused", "拒绝"))

    monkeypatch.setattr(Prober, "look", whole)
    monkeypatch.setattr(Plans, "offer", refused)


@pytest.mark.parametrize("fails", ["time", "solver", "plans"])
def test_what_is_proved_stays_where_branching_fails(
    fails: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without time, or with a solver that gives nothing, plan and bound are those from before."""
    with solver_at_hand():
        instance = next(i for i in map(random_network, range(9)) if not one_route(i).complete)
        few = generate(instance, one_route(instance), EXACT)
        solved = solve_problem(few, EXACT)
        options = EXACT
        if fails == "time":
            options = replace(EXACT, time_s=0.5)
        elif fails == "plans":
            refuse_plans(monkeypatch)
        else:
            failed = SolverAnswer(SolverStatus.FAILED, None, None, None, 0.0, "no memory")
            monkeypatch.setattr(LinkRows, "solve", lambda *_: failed)
        low = replace(solved.answer, bound=0.5 * (solved.answer.bound or 0.0))
        found, closed = branched(instance, few, solved._replace(answer=low), options)
    assert closed.answer.objective == solved.answer.objective
    assert closed.answer.bound == low.bound
    assert closed.answer.status is SolverStatus.LIMIT_WITH_VALUES
    reasons = {"time": TOO_SHORT, "solver": LP_FAILED, "plans": "refused"}
    assert closed.answer.reason == reasons[fails]
    assert found.nodes == (fails != "time")


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
    assert any("branched on" in note for note in plan.notes)
    told = [one for one in heard.told if one.phase == ALL_ROUTES_BRANCHING]
    assert len(told) > 1
    assert told[-1].counts["nodes"] == found.problem.nodes
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
            if progress.phase == ALL_ROUTES_BRANCHING and progress.counts["nodes"] > 1:
                stop.set()

    instance = invented(MIDDLE)
    found = answer(instance, Question(gap=0.0, time_s=120.0), watcher=Stopping(), stop=stop)
    assert found.plan.status is Status.INTERRUPTED
    assert found.problem.nodes > 1
    assert found.plan.gap is not None
    assert 0.0 < found.plan.gap < 0.1
