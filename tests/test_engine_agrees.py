"""The engine that prices routes, from seeds and by searching, finds what brute force finds."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from hubopt.engine import solve_problem
from hubopt.errors import InfeasibleError, InputError
from hubopt.instance.invented.make import invented
from hubopt.instance.invented.wanted import Wanted
from hubopt.network.routes import all_routes, list_routes
from hubopt.solve import pose
from hubopt.solve.answer import Question, answer
from hubopt.vocabulary import Status
from tests.brute_force import best_cost
from tests.random_instances import random_instance
from tests.random_limits import limited_instance
from tests.random_networks import random_network
from tests.solver_at_hand import solver_at_hand

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hubopt.instance.tables import Instance
    from hubopt.plan.plan import Plan

TINY, MANY, PER_BATCH = 24, 2400, 20
MOST_ROUTES = 60
"""Of all shipments together: trying every design over more takes too long."""

MIDDLE = 6
MID = Question(gap=0.002, time_s=30.0)
QUESTION = Question(gap=0.0, time_s=60.0)


@pytest.fixture(autouse=True)
def _whole_engine(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing is listed and no model is small, so that the whole engine is at work."""
    monkeypatch.setattr(pose, "MANY_SHIPMENTS", 0)
    monkeypatch.setattr(solve_problem, "SMALL_COLUMNS", 0)
    with solver_at_hand():
        yield


def check(seed: int, instance: Instance) -> bool:
    """Compare with trying every design over every route; return whether the engine proved it.

    Its bound is never above the optimum, its plan never below; what it calls optimal is.
    """
    routes = {s.id: [r.steps for r in all_routes(instance, s.id)] for s in instance.demand}
    best = best_cost(instance, routes)
    try:
        answered = answer(instance, QUESTION, all_routes=True)
    except InfeasibleError:
        assert best == float("inf"), f"seed {seed}: brute force finds {best}"
        return True
    found = answered.plan
    kilograms_cny = len(found.flows) * float(answered.problem.unserved_cost.max())
    assert found.objective_fen / 100 >= best * (1 - 1e-9) - 1000, seed
    assert found.bound_fen / 100 <= best * (1 + 1e-9) + 1000, seed
    if found.status is Status.OPTIMAL:
        near = 1000 + kilograms_cny  # what rounding leaves behind may be dear
        assert found.objective_fen / 100 == pytest.approx(best, rel=1e-6, abs=near), seed
    return found.status is Status.OPTIMAL


def drawn(seed: int) -> Instance | None:
    """Return an instance with every feature, with odd networks or under limits, by turns."""
    draws = (random_instance, limited_instance, random_network)
    try:
        instance = draws[seed % len(draws)](20_000 + seed)
    except InputError:
        return None  # drawn without a shipment
    listed = list_routes(instance)
    small = not listed.capped and len(listed.routes) < MOST_ROUTES
    return instance if small else None


def agreed(seeds: Iterable[int]) -> Counter[str]:
    """Check so many instances, and count them and those that the engine proved."""
    count = Counter[str]()
    for seed in seeds:
        instance = drawn(seed)
        if instance is not None:
            count["all"] += 1
            count["proved"] += check(seed, instance)
    return count


def test_engine_agrees_with_brute_force() -> None:
    """On tiny instances of all kinds; most are proved optimal over all routes."""
    count = agreed(range(TINY))
    assert count["proved"] > count["all"] / 2 > TINY / 3


@pytest.mark.parametrize("seed", [193, 223])
def test_whole_decisions_find_the_routes_that_the_lp_does_without(seed: int) -> None:
    """The LP needs no more routes than were priced, and no whole design is possible over these.

    All routes are listed then, as they are few, and the optimum is proved.
    """
    instance = drawn(seed)
    assert instance is not None
    assert check(seed, instance)


@pytest.mark.parametrize("seed", [37, 61])
def test_rules_that_clash_over_all_routes_are_said_to_do_so(seed: int) -> None:
    """First over the routes that were priced, then over all: no route that is not listed helps."""
    instance = drawn(seed)
    assert instance is not None
    with pytest.raises(InfeasibleError, match="no plan can meet these rules"):
        answer(instance, QUESTION, all_routes=True)


@pytest.mark.marathon
@pytest.mark.timeout(900)
@pytest.mark.parametrize("batch", range(MANY // PER_BATCH))
def test_engine_agrees_with_brute_force_on_many(batch: int) -> None:
    """The same on thousands."""
    count = agreed(range(TINY + batch * PER_BATCH, TINY + (batch + 1) * PER_BATCH))
    assert count["all"] > PER_BATCH / 2


def proved(seed: int) -> tuple[Plan, Plan]:
    """Return the plan of the whole engine, and that of HiGHS for the listed routes at once."""
    instance = invented(Wanted(seed, 6 + seed % 5, 40 + 7 * (seed % 6), 5 + seed % 4))
    whole = answer(instance, MID, all_routes=True).plan
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(solve_problem, "SMALL_COLUMNS", 10**9)
        return whole, answer(instance, MID, all_routes=False).plan


def check_proofs(seed: int) -> None:
    """Assert that neither proof contradicts the other plan.

    The engine's bound holds over all routes, and so over those listed.
    """
    whole, listed = proved(seed)
    assert whole.bound_fen <= listed.objective_fen * (1 + 1e-9), seed
    assert whole.bound_fen <= whole.objective_fen, seed
    if whole.status is Status.OPTIMAL:
        assert whole.objective_fen * (1 - MID.gap) <= listed.objective_fen * (1 + 1e-9), seed


@pytest.mark.parametrize("seed", range(MIDDLE))
def test_engine_agrees_with_the_model_as_a_whole(seed: int) -> None:
    """On invented instances of middle size, at most 75 shipments and eight sites."""
    check_proofs(seed)


@pytest.mark.marathon
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("batch", range(20))
def test_engine_agrees_with_the_model_as_a_whole_on_two_hundred(batch: int) -> None:
    """The same on two hundred."""
    for seed in range(MIDDLE + 10 * batch, MIDDLE + 10 * batch + 10):
        check_proofs(seed)
