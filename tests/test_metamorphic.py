"""An instance changed in a known way: its optimum stands to the first one's as it must.

The relations stand in `tests.metamorphic`; each says in its docstring why it holds.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cache
from random import Random
from typing import TYPE_CHECKING

import pytest

from hubopt.errors import InfeasibleError
from hubopt.solve.answer import answer
from hubopt.units import CNY_PER_MCNY, FEN_PER_CNY
from hubopt.vocabulary import Status
from tests.metamorphic import RELATIONS
from tests.metamorphic.instances import tangled_optimum, tiny_optimum
from tests.metamorphic.relation import Relation, Sense, Twin
from tests.optimum import Optimum, optimum
from tests.solver_at_hand import solver_at_hand

if TYPE_CHECKING:
    from hubopt.instance.tables import Instance

LEAST_RELATIONS = 60
INSTANCES = 200
SAMPLE = 3
SEEDS = 1500
"""Where a relation changes nothing or says nothing, the next instance is taken, of so many."""

NETWORKS, PER_BATCH = 24, 6

SAME_ROWS = "rows_shuffled"
"""The relation that leaves the instance as it is."""

FEWER_ROUTES = "fewer_routes_listed"
"""The relation that leaves routes out on purpose."""

IN_KG_MCNY = 1e-3
"""What rounding to whole kilograms may cost."""

each_relation = pytest.mark.parametrize("relation", RELATIONS, ids=lambda r: r.__name__)


def twins(relation: Relation, number: int) -> Iterator[tuple[int, Optimum, Twin]]:
    """Yield as many instances, each with its seed and its twin by a relation."""
    found = 0
    for seed in range(SEEDS):
        base = tiny_optimum(seed)
        twin = relation(base, drawn(relation, seed))
        if twin is not None and (base.feasible or twin.sense is not Sense.AT_MOST):
            assert twin.instance != base.instance or relation.__name__ == SAME_ROWS
            yield seed, base, twin
            found += 1
        if found == number:
            return
    raise AssertionError(found)


def drawn(relation: Relation, seed: int) -> Random:
    """Return random numbers that are the same for the same relation and seed."""
    return Random(f"{relation.__name__} {seed}")


def check(relation: Relation, number: int) -> bool:
    """Hold a relation against so many instances; tell whether it was seen to say something.

    An equation always does; what may only rise or fall must do so at least once.
    """
    telling = False
    for seed, base, twin in twins(relation, number):
        found = optimum(twin.instance)
        assert base.whole
        assert found.whole or relation.__name__ == FEWER_ROUTES
        assert twin.holds(base.mcny, found.mcny), (seed, base.mcny, twin.wanted, found.mcny)
        equation = Twin(twin.instance, Sense.EQUAL, twin.factor, twin.plus_mcny)
        telling |= twin.sense is Sense.EQUAL or not equation.holds(base.mcny, found.mcny)
    return telling


def test_there_are_many_relations() -> None:
    """Relations are many, each with a name of its own and a sentence that says why it holds."""
    assert len({relation.__name__ for relation in RELATIONS}) == len(RELATIONS) >= LEAST_RELATIONS
    assert all(": " in (relation.__doc__ or "") for relation in RELATIONS)


@each_relation
def test_relation_holds_on_a_few(relation: Relation) -> None:
    """The optima of a few instances and of their twins stand to each other as they must."""
    check(relation, SAMPLE)


@pytest.mark.marathon
@pytest.mark.timeout(900)
@each_relation
def test_relation_holds_on_two_hundred(relation: Relation) -> None:
    """The optima of 200 instances and of their twins do, and one that may differ does so once."""
    assert check(relation, INSTANCES)


@pytest.mark.campaign
@pytest.mark.timeout(900)
@each_relation
def test_relation_holds_for_verified_plans(relation: Relation) -> None:
    """What `answer` proves and verifies stands as it must too, to the whole kilogram."""
    for seed, _, twin in twins(relation, SAMPLE):
        costs = first_cost(seed), cost(twin.instance)
        assert twin.holds(*costs, slack_mcny=IN_KG_MCNY), (seed, costs, twin.wanted)


@pytest.mark.campaign
@pytest.mark.timeout(900)
@pytest.mark.parametrize("batch", range(NETWORKS // PER_BATCH))
def test_relations_hold_in_tangled_networks(batch: int) -> None:
    """All relations hold in networks where routes are many and odd, if all could be listed."""
    held = 0
    for seed in range(batch * PER_BATCH, (batch + 1) * PER_BATCH):
        base = tangled_optimum(seed)
        for relation in RELATIONS if base is not None and base.whole else ():
            twin = relation(base, drawn(relation, seed))
            found = None if twin is None else optimum(twin.instance)
            if found is not None and (found.whole or relation.__name__ == FEWER_ROUTES):
                assert twin.holds(base.mcny, found.mcny), (relation.__name__, seed)
                held += 1
    assert held > len(RELATIONS)


@cache
def first_cost(seed: int) -> float:
    """Return the cost of the proved plan of a random instance; all relations share it."""
    return cost(tiny_optimum(seed).instance)


def cost(instance: Instance) -> float:
    """Return the cost of the proved plan of an instance in million CNY, infinite without one."""
    try:
        with solver_at_hand():
            found = answer(instance)
    except InfeasibleError:
        return math.inf
    assert found.plan.status is Status.OPTIMAL
    assert found.verification.passed
    return found.plan.objective_fen / FEN_PER_CNY / CNY_PER_MCNY
