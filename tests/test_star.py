"""Stars: bounds at any prices hold, and the best plan is that of trying everything."""

from __future__ import annotations

import random

import numpy as np
import pytest

from hubopt.engine.star import solve_star as solve_star_module
from hubopt.engine.star.bound import bound_at, grain_of
from hubopt.engine.star.choice import chosen, if_decided
from hubopt.engine.star.knapsacks import attracted, attracted_whole
from hubopt.engine.star.pairs import pair_bounds
from hubopt.engine.star.solve_star import solve_star
from hubopt.engine.star.sources import assigned
from hubopt.engine.star.star import CLOSED, OPEN, UNDECIDED, Star, undecided
from hubopt.engine.star.transport import served
from hubopt.solver.form import Progress, SolveOptions
from tests.star_cases import KINDS, Kind, allowed, best_by_set, random_star, shared

ROUNDING = 1e-9
EXACT = SolveOptions(gap=0.0, time_s=60.0)


def some_prices(star: Star, rng: random.Random) -> np.ndarray:
    """Return random prices: of the size of costs, sometimes far too high or below zero."""
    high = rng.choice([50.0, 150.0, 150.0, 2000.0])
    low = rng.choice([0.0, 0.0, -20.0])
    return np.array([rng.uniform(low, high) for _ in range(star.shipments)])


def some_state(star: Star, rng: random.Random) -> np.ndarray:
    """Return random decisions on some of the sites."""
    words = [UNDECIDED, UNDECIDED, CLOSED, OPEN]
    return np.array([rng.choice(words) for _ in range(star.sites)])


def has_room(star: Star, sites: tuple[int, ...]) -> bool:
    """Tell whether open sites have the room that those of some best plan have."""
    return float(star.capacity_kg[list(sites)].sum()) >= star.need_kg


@pytest.mark.parametrize("name", KINDS)
def test_no_bound_is_above_the_optimum(name: str) -> None:
    """Bounds at 1,000 random prices hold, of all plans and of those that keep to decisions."""
    kind, checked = KINDS[name], 0
    for seed in range(20):
        star = random_star(seed, kind)
        every, rng = best_by_set(star), random.Random(seed)
        table = {s: v for s, v in every.items() if has_room(star, s)}
        assert min(table.values()) <= min(every.values()) * (1 + ROUNDING)
        grain = grain_of(star)
        for number in range(50):
            state = some_state(star, rng) if number % 2 else undecided(star)
            best = min((v for s, v in table.items() if allowed(s, state)), default=np.inf)
            for whole in {False, star.single and star.countable}:
                bound = bound_at(star, some_prices(star, rng), state, whole=whole).value
                assert bound <= best + ROUNDING * abs(best), (seed, number, whole)
                assert grain.raised(bound) <= best + ROUNDING * abs(best)
                checked += 1
    assert checked >= 1000


@pytest.mark.parametrize("name", [name for name, kind in KINDS.items() if kind.single])
def test_no_pair_that_the_best_plan_uses_is_bounded_above_it(name: str) -> None:
    """What a plan costs at least that uses a pair of site and shipment is at most its cost."""
    for seed in range(20):
        star, rng = random_star(seed, KINDS[name]), random.Random(seed)
        if star.loose:
            continue
        table = best_by_set(star)
        for sites in [s for s, value in table.items() if np.isfinite(value)]:
            state = np.array([OPEN if i in sites else CLOSED for i in range(star.sites)])
            least = pair_bounds(star, some_prices(star, rng), state)
            plan = assigned(star, np.array(sites))
            if np.isfinite(plan.cost):
                used = least[plan.open][plan.shares > 0]
                assert np.all(used <= plan.cost * (1 + ROUNDING))


@pytest.mark.parametrize("name", KINDS)
def test_the_best_plan_is_that_of_trying_everything(name: str) -> None:
    """Cost and bound agree with each other and with the least of all sets of open sites."""
    for seed in range(12):
        star = random_star(seed, KINDS[name])
        best = min(best_by_set(star).values())
        found = solve_star(star, EXACT)
        if np.isinf(best):
            assert found.plan is None or found.plan.left
            continue
        assert found.plan is not None, (seed, best)
        assert found.plan.cost == pytest.approx(best, rel=1e-9), seed
        assert found.bound == pytest.approx(best, rel=1e-9), seed
        assert found.bound <= found.plan.cost


def test_the_kinds_of_stars_differ() -> None:
    """Capacity, one source and the number of sites each change the optimum of some star."""
    changes = {"limited": Kind(room=1.2), "single": Kind(single=True, room=1.4)}
    loose = Kind(limited=False)
    for name, kind in changes.items():
        stars = [random_star(seed, kind) for seed in range(5)]
        free = [
            Star(s.fixed, s.capacity_kg * (9 if name == "limited" else 1), s.weight_kg, s.cost,
                 s.unserved)
            for s in stars
        ]  # fmt: skip
        pairs = zip(stars, free, strict=True)
        assert any(
            min(best_by_set(a).values()) > min(best_by_set(b).values()) + 0.5 for a, b in pairs
        )
    star = random_star(1, loose)
    two = Star(star.fixed * 0, star.capacity_kg, star.weight_kg, star.cost, star.unserved, most=1)
    assert solve_star(two, EXACT).plan is not None
    assert min(best_by_set(two).values()) > min(best_by_set(star).values()) - star.fixed.sum()


@pytest.mark.parametrize("seed", range(8))
def test_transport_is_the_linear_program_and_its_prices_prove_it(seed: int) -> None:
    """For fixed sites the cost is that of the program, and the bound by its prices the same."""
    star = random_star(seed, Kind(room=1.3, dear=seed % 2 == 0), sites=5, shipments=12)
    sites = np.array([0, 1, 2, 4])
    plan = served(star, sites)
    state = np.array([OPEN if i in sites else CLOSED for i in range(star.sites)])
    assert plan.cost == pytest.approx(shared(star, sites.tolist()), rel=1e-9)
    assert np.all(plan.shares @ star.weight_kg <= star.capacity_kg[sites])
    if star.need_kg <= star.capacity_kg[sites].sum():
        assert bound_at(star, plan.prices, state).value == pytest.approx(plan.cost, rel=1e-9)


@pytest.mark.parametrize("seed", range(8))
def test_knapsacks_are_those_of_trying_everything(seed: int) -> None:
    """Whole shipments attract what the best subset earns; parts of them earn no less."""
    star = random_star(seed, Kind(single=True, room=1.5), shipments=8)
    rng, rows = random.Random(seed), np.arange(star.sites)
    prices = some_prices(star, rng)
    whole, shares = attracted_whole(star, prices, rows)
    parts, _ = attracted(star, prices, rows)
    for i in rows:
        best = 0.0
        for bits in range(2**star.shipments):
            inside = np.array([bits >> j & 1 for j in range(star.shipments)], dtype=bool)
            if star.weight_kg[inside].sum() <= star.capacity_kg[i]:
                best = max(best, float((prices - star.priced[i])[inside].sum()))
        assert whole[i] == pytest.approx(best, abs=1e-9)
        assert parts[i] >= best - 1e-9
        assert star.weight_kg @ shares[i] <= star.capacity_kg[i]


@pytest.mark.parametrize("seed", range(6))
def test_one_source_each_keeps_capacities(seed: int) -> None:
    """The heuristic's plans serve everybody once, within every capacity."""
    star = random_star(seed, Kind(single=True, room=1.6), sites=5, shipments=14)
    plan = assigned(star, np.arange(5))
    if np.isfinite(plan.cost):
        assert set(plan.shares.sum(axis=0).tolist()) == {1.0}
        assert set(np.unique(plan.shares).tolist()) <= {0.0, 1.0}
        assert np.all(plan.shares @ star.weight_kg <= star.capacity_kg)


def test_one_more_decision_counts_as_if_it_had_been_taken() -> None:
    """The sums for sites closed or open are those of the state with that decision.

    With unequal capacities they may be lower: the last few sites may happen to be equal.
    """
    rng = random.Random(5)
    for seed, kind in enumerate(KINDS.values()):
        star = random_star(seed, kind)
        worth = np.array([rng.uniform(-50, 50) for _ in range(star.sites)])
        state = some_state(star, rng)
        closed, opened = if_decided(star, worth, state)
        for i in np.flatnonzero(state == UNDECIDED):
            for decision, found in ((CLOSED, closed), (OPEN, opened)):
                tried = state.copy()
                tried[i] = decision
                exact = chosen(star, worth, tried)[0]
                assert found[i] <= exact + ROUNDING
                if len(set(star.capacity_kg.tolist())) == 1:
                    assert found[i] == pytest.approx(exact)


def test_a_search_that_is_stopped_has_a_bound_that_holds() -> None:
    """Without time there is still a plan, and the bound is below the optimum."""
    star = random_star(3, Kind(room=1.4), sites=10, shipments=30)
    full = solve_star(star, EXACT)
    cut = solve_star(star, SolveOptions(gap=0.0, time_s=0.0))
    assert cut.plan is not None
    assert full.plan is not None
    assert cut.plan.cost >= full.plan.cost * (1 - ROUNDING)
    assert cut.bound <= full.plan.cost * (1 + ROUNDING)


def test_a_gap_that_is_asked_for_ends_the_search() -> None:
    """The plan may be dearer than the best by the gap, and the bound says so."""
    star = random_star(4, Kind(room=1.4), sites=10, shipments=30)
    found = solve_star(star, SolveOptions(gap=0.05, time_s=60.0))
    assert found.plan is not None
    assert found.bound >= found.plan.cost * 0.95 * (1 - ROUNDING)


@pytest.mark.parametrize("name", ["split, tight", "one source, loose", "no capacities"])
def test_what_is_told_on_the_way_holds(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """At every moment the bound is at most the optimum and the best plan at least."""
    monkeypatch.setattr(solve_star_module, "TELL_EVERY_S", -1.0)
    for seed in range(6):
        star = random_star(seed, KINDS[name], sites=6, shipments=9)
        told: list[Progress] = []
        found = solve_star(star, EXACT, on_progress=told.append)
        assert told
        assert found.plan is not None
        for one in told:
            assert one.bound is None or one.bound <= found.plan.cost * (1 + ROUNDING)
            assert one.best is None or one.best >= found.plan.cost * (1 - ROUNDING)
