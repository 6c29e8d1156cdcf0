"""The engine of hub medians: optima as by trying everything, bounds that hold, ways that matter."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

from hubopt.cli.progress import PHASES
from hubopt.engine.hubs import hubs as hubs_module
from hubopt.engine.hubs import solve_hubs as solve_module
from hubopt.engine.hubs.allocation import Tables
from hubopt.engine.hubs.hops import hops_of
from hubopt.engine.hubs.hubs import Hubs
from hubopt.engine.hubs.messages import Batch
from hubopt.engine.hubs.multiple import SetSearch
from hubopt.engine.hubs.single import AllocationSearch
from hubopt.engine.hubs.solve_hubs import solve_hubs
from hubopt.instance.public.hub_median import road
from hubopt.solver.form import Progress, SolveOptions
from hubopt.vocabulary import Mode
from tests.hub_cases import best_of, by_set, random_hubs

PROVED = SolveOptions(gap=0.0, time_s=60.0)


@pytest.mark.parametrize("single", [False, True])
def test_the_optimum_is_that_of_trying_everything(single: bool) -> None:  # noqa: FBT001
    """Whatever hubs cost and leaving behind costs; bound and cost meet, and never cross."""
    for seed in range(25):
        hubs = random_hubs(seed, single=single)
        found, best = solve_hubs(hubs, PROVED), best_of(hubs)
        assert found.plan.cost == pytest.approx(best, rel=1e-12), seed
        assert found.bound <= best, seed
        assert found.bound == pytest.approx(best, rel=1e-9), seed
        assert len(found.plan.open) <= hubs.most


def test_an_allocation_costs_what_the_plan_says() -> None:
    """Each city has an open hub, that at which a hub stands its own, and rows add up."""
    for seed in range(20):
        hubs = random_hubs(seed, single=True)
        plan = solve_hubs(hubs, PROVED).plan
        if plan.allocation is None:
            assert plan.cost == hubs.behind
            continue
        assert hubs.ends is not None
        assert hubs.own is not None
        assert set(plan.allocation.tolist()) <= set(plan.open.tolist())
        assert plan.allocation[hubs.own[plan.open]].tolist() == plan.open.tolist()
        one, other = plan.allocation[hubs.ends].T
        rows = hubs.cost[np.arange(hubs.rows), one, other].sum()
        assert plan.cost == pytest.approx(rows + hubs.fixed[plan.open].sum(), rel=1e-12)


def test_messages_bound_every_set_from_below_and_rise() -> None:
    """In every round, and after choices of cities were ruled out that the best does not make."""
    raised = 0
    for seed in range(20):
        hubs = random_hubs(seed, single=True)
        tables = Tables.of(hubs)
        best = {chosen: cost for chosen, cost in by_set(hubs) if len(chosen) == hubs.most}
        batch = Batch.of(tables, np.array(list(best)))
        wanted = np.array(list(best.values()))
        first = batch.bounds(batch.known(), tables.scale)
        for number in range(6):
            batch.pass_on(backwards=bool(number % 2))
            bounds = batch.bounds(batch.known(), tables.scale)
            assert (bounds <= wanted).all(), (seed, number)
        raised += int((bounds > first + 1e-6).sum())
    assert raised > 10


def test_a_search_that_is_halted_has_a_bound_that_holds() -> None:
    """Stopped at whatever look at the clock, both searches bound what they have not seen."""
    for seed, single in itertools.product(range(6), (False, True)):
        hubs = random_hubs(seed, single=single)
        best = best_of(hubs)
        for looks in range(12):
            left = iter(range(looks))
            kind = AllocationSearch if single else SetSearch
            search = kind(hubs, 0.0, lambda left=left: next(left, None) is None)  # type: ignore[misc]
            search.run()
            assert search.bound <= best <= search.cost + 1e-9, (seed, single, looks)


def test_a_search_that_must_stop_at_once_looks_at_one_plan() -> None:
    """Where somebody asked to stop no second hub is tried and no city changes its hub."""
    cities, hubs = 60, 6
    ends = np.array(list(itertools.combinations(range(cities), 2)))
    cost = np.random.default_rng(0).random((len(ends), hubs, hubs))
    single = Hubs(np.zeros(hubs), cost, 2.0 * len(ends), hubs, ends, np.arange(hubs))
    search = AllocationSearch(single, 0.0, lambda: True)
    search.run()
    assert len(search.best.open) == 1
    assert search.bound < search.cost < single.behind


@pytest.mark.parametrize("single", [False, True])
def test_so_many_hubs_that_they_cost_too_much_are_not_looked_at(single: bool) -> None:  # noqa: FBT001
    """Of 40 hubs, two of them cheap, more than a few cannot pay: the optimum is proved at once."""
    count = 40
    ends = np.array(list(itertools.combinations(range(5), 2)))
    cost = np.random.default_rng(0).random((len(ends), count, count))
    fixed = np.full(count, 20.0)
    fixed[[7, 9]] = 0.25
    own = np.arange(count)
    hubs = Hubs(fixed, cost, 3.0 * len(ends), count, *((ends, own) if single else (None, None)))
    assert not hubs.few(hubs.sizes)
    found = solve_hubs(hubs, PROVED)
    best = best_of(replace(hubs, most=2))
    assert not found.too_many
    assert found.plan.cost == pytest.approx(best, rel=1e-12)
    assert found.bound == pytest.approx(best, rel=1e-9)


@pytest.mark.parametrize("single", [False, True])
@pytest.mark.parametrize("limit", ["MOST_SETS", "MOST_STEPS"])
def test_more_sets_than_can_be_looked_at_are_said_to_be_too_many(
    single: bool,  # noqa: FBT001
    limit: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """By their number, or by that of comparisons; what is known by then still holds."""
    hubs = random_hubs(4, single=single)
    assert not solve_hubs(hubs, PROVED).too_many
    monkeypatch.setattr(hubs_module, limit, 2)
    found = solve_hubs(hubs, PROVED)
    assert found.too_many
    assert found.bound <= best_of(hubs) <= found.plan.cost + 1e-9


def test_sets_of_one_hub_do_not_branch() -> None:
    """Every city has that hub: their plans are looked at, and bounded by what they cost."""
    hubs = replace(random_hubs(4, single=True), behind=1e9, most=1)
    search = AllocationSearch(hubs, 0.0, lambda: False)
    batch = Batch.of(search.tables, np.arange(hubs.sites)[:, None])
    assert search.branches(batch) == []
    assert search.cost == pytest.approx(best_of(hubs), rel=1e-12)
    assert search.pruned == pytest.approx(search.cost, rel=1e-9)


def test_cities_stop_changing_their_hubs_when_halted() -> None:
    """With no time choices stay as they are; with it no city alone would change its own."""
    hubs = random_hubs(3, single=True, cities=7)
    tables = Tables.of(hubs)
    sets = np.array(list(itertools.combinations(range(hubs.sites), 3)))
    batch = Batch.of(tables, sets)
    first = np.zeros(batch.cost.shape[:2], dtype=np.int64)
    assert (batch.moved(first, lambda: True) == first).all()
    last = batch.moved(first, lambda: False)
    cost = tables.costs(sets, batch.hubs_of(tables, last))
    assert (cost <= tables.costs(sets, batch.hubs_of(tables, first)) + 1e-9).all()
    for city, hub in itertools.product(range(first.shape[1]), range(3)):
        other = last.copy()
        other[:, city] = hub
        assert (cost <= tables.costs(sets, batch.hubs_of(tables, other)) + 1e-9).all()


def test_near_enough_is_enough() -> None:
    """With a gap the bound keeps within it, and below the optimum."""
    for seed in range(10):
        hubs = random_hubs(seed, single=True)
        found = solve_hubs(hubs, replace(PROVED, gap=0.1))
        assert found.bound <= best_of(hubs) <= found.plan.cost + 1e-9
        assert found.bound >= 0.9 * found.plan.cost - 1e-9


def test_another_way_matters_where_it_is_cheaper_or_faster() -> None:
    """A detour counts with its hours if it beats the link, or there is none; else it does not."""
    diesel = Mode.ROAD_DIESEL
    links = [
        road(("A", "B"), diesel, 5.0, 1.0), road(("B", "C"), diesel, 5.0, 1.0),
        road(("A", "C"), diesel, 9.0, 1.5), road(("C", "D"), diesel, 1.0, 0.25),
    ]  # fmt: skip
    found = hops_of(["A", "B", "C", "D"], links)
    assert found is not None
    assert np.isinf(found.way.other[0, 2])
    assert found.way.other[0, 3] == 1_750_000
    assert np.isinf(found.way.cost[0, 3])
    dear = hops_of(["A", "B", "C", "D"], [*links[:2], replace(links[2], cost_cny_per_t=11.0)])
    assert dear is not None
    assert dear.way.other[0, 2] == 2_000_000
    slow = hops_of(["A", "B", "C", "D"], [*links[:2], replace(links[2], time_h=2.5)])
    assert slow is not None
    assert slow.way.other[0, 2] == 2_000_000
    battery = replace(links[0], mode=Mode.ROAD_BATTERY)
    assert hops_of(["A", "B", "C", "D"], [*links, battery]) is None
    odd = replace(links[0], time_h=1e-7)
    assert hops_of(["A", "B", "C", "D"], [odd, *links[1:]]) is None


def test_ways_do_not_change_their_mode_between_stops() -> None:
    """By diesel to B and on by battery is no way from A to C without a transfer."""
    links = [road(("A", "B"), Mode.ROAD_DIESEL, 1.0), road(("B", "C"), Mode.ROAD_BATTERY, 1.0)]
    found = hops_of(["A", "B", "C"], links)
    assert found is not None
    assert np.isinf(found.way.cost[0, 2])
    assert np.isinf(found.way.other[0, 2])


def test_progress_is_told_in_words_that_the_command_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Best, bound and gap with the name of the phase: around the optimum, and ever closer."""
    monkeypatch.setattr(solve_module, "TELL_EVERY_S", -1.0)
    heard: list[Progress] = []
    hubs = random_hubs(1, single=True)
    solve_hubs(hubs, PROVED, on_progress=heard.append)
    assert {one.phase for one in heard} <= set(PHASES)
    optimum = best_of(hubs)
    for one in heard:
        assert one.best is not None
        assert one.bound is not None
        assert one.bound <= optimum <= one.best + 1e-9
        assert one.gap == pytest.approx(1.0 - one.bound / one.best)
    gaps = [one.gap for one in heard if one.gap is not None]
    assert len(set(gaps)) > 2
    assert gaps == sorted(gaps, reverse=True)


def test_a_city_that_is_left_no_choice_ends_its_problem() -> None:
    """Where all choices of a city are ruled out there is no better plan, nothing to branch on."""
    drawn = random_hubs(3635, single=True, cities=6)
    hubs = replace(drawn, fixed=4 * drawn.fixed)
    looked = []

    def halted() -> bool:
        looked.append(1)
        return len(looked) > 20_000

    search = AllocationSearch(hubs, 0.0, halted)
    search.run()
    assert len(looked) < 20_000
    assert search.best.cost == pytest.approx(best_of(hubs), rel=1e-9)
    assert search.bound == pytest.approx(search.best.cost, rel=1e-6)
