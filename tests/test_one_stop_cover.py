"""Room in granules: choices by dynamic programming are those of a full list, and bounds hold."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from hubopt.engine.one_stop.cover import Cover, common, cover_of
from hubopt.engine.one_stop.numbers import Numbers, numbers_of
from hubopt.engine.one_stop.paths import PathFinder
from hubopt.engine.one_stop.relaxation import Prices, evaluate
from hubopt.instance.public.one_stop import OneStop
from tests.one_stop_cases import Size, least_cost, random_case

BOTH = np.array([True, True])


def arrays(problem: OneStop) -> Numbers:
    """Return the arrays of a problem."""
    scales = problem.scales()
    assert scales is not None
    return numbers_of(problem, scales)


@pytest.mark.parametrize("seed", range(20))
def test_the_cheapest_choices_with_room_are_those_of_a_full_list(seed: int) -> None:
    """Of all choices of four sites none with room costs less, and forbidden ones are not taken."""
    rng = np.random.default_rng(seed)
    granules = np.column_stack([rng.integers(0, 9, (4, 3)), np.zeros(4, dtype=np.int64)])
    bonded = rng.random(4) < 0.5
    cover = Cover(granules, int(rng.integers(0, 30)), bonded, int(rng.integers(0, 8)))
    cost = rng.uniform(-5, 5, (4, 4))
    cost[rng.random((4, 4)) < 0.2] = np.inf
    costs = [
        sum(cost[i, k] for i, k in enumerate(chosen))
        for chosen in product(range(4), repeat=4)
        if sum(granules[i, k] for i, k in enumerate(chosen)) >= cover.need
        and sum(granules[i, k] for i, k in enumerate(chosen) if bonded[i]) >= cover.bonded_need
    ]
    found = cover.cheapest(cost)
    if not costs or not np.isfinite(min(costs)):
        assert found is None
        return
    assert found is not None
    assert cover.met(found)
    assert cost[np.arange(4), found].sum() == pytest.approx(min(costs))


def test_sizes_written_in_decimals_have_a_granule() -> None:
    """Thirds and sixths that were cut to whole kilograms count as what they are."""
    room = np.array([[166_666_667, 333_333_333, 0], [500_000_000, 0, 0]])
    cover = cover_of(room, BOTH, 1_000_000_000, 0)
    assert cover is not None
    assert cover.granules.tolist() == [[1, 2, 0, 0], [3, 0, 0, 0]]
    assert cover.need == 6
    more = cover_of(room, BOTH, 1_000_100_000, 170_000_000)
    assert more is not None
    assert (more.need, more.bonded_need) == (7, 2)


def test_sizes_without_a_granule_are_not_counted() -> None:
    """Sizes that are multiples of next to nothing, and none at all, have no cover."""
    assert cover_of(np.array([[1_000_003, 1_414_213], [1_732_051, 0]]), BOTH, 3_000_000, 0) is None
    assert cover_of(np.zeros((2, 3), dtype=np.int64), BOTH, 5, 0) is None
    assert common(12.0, 18.0, 1e-6) == pytest.approx(6.0)


@pytest.mark.parametrize("seed", range(12))
def test_counting_granules_lifts_bounds_and_never_above_the_optimum(seed: int) -> None:
    """With sizes of whole units the bound at any prices is at least the plain one, and it holds."""
    problem = random_case(seed, Size(nodes=6, shipments=6, sites=3))
    third = float(np.ceil(sum(one.units for one in problem.shipments) / 3))
    sites = tuple(
        replace(site, sizes=tuple((third * (k + 1), site.sizes[k][1]) for k in range(3)))
        for site in problem.sites
    )
    problem = replace(problem, sites=sites)
    best, numbers = least_cost(problem), arrays(problem)
    assert numbers.cover is not None
    finder, rng, lifted = PathFinder(numbers), np.random.default_rng(seed), 0
    paid = finder.by_site(finder.trees(np.zeros(len(numbers.shared)))).min(axis=0)
    for _ in range(100):
        prices = Prices(paid * rng.uniform(0.9, 2.0), rng.uniform(0, 20, len(numbers.shared)))
        found = evaluate(numbers, finder, prices)
        assert found.bound >= found.cut.least() - 1e-9 * abs(found.bound)
        assert best is None or found.bound <= best * (1 + 1e-9)
        lifted += found.bound > found.cut.least() * (1 + 1e-6)
    assert lifted
