"""Public families beside plain HiGHS: strong formulations as arrays, and what is said of both."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace
from fractions import Fraction
from functools import partial
from pathlib import Path

import pytest

from benchmarks import figures
from benchmarks.families import strong_matrices
from benchmarks.figures import Results
from benchmarks.figures_families import proved
from benchmarks.results import Row
from hubopt.instance.public.case import PublicCase
from hubopt.instance.public.hub_median import HubMedian, hub_scales, multiple_allocation
from hubopt.instance.public.location import Location
from hubopt.instance.public.location_case import location_case
from hubopt.text import Text
from tests.test_benchmarks import optimum_of

TITLE = Text("a test", "测试")


def hubs_at_random(seed: int, cities: int = 5) -> HubMedian:
    """Return a hub median of cities on a plane, whose distances keep the triangle inequality."""
    rng = random.Random(seed)
    at = [complex(rng.randint(0, 99), rng.randint(0, 99)) for _ in range(cities)]
    far = tuple(tuple(abs(a - b) for b in at) for a in at)
    flow = tuple(
        tuple(0.0 if i == j else float(rng.randint(1, 9)) for j in range(cities))
        for i in range(cities)
    )
    return HubMedian("hubs", TITLE, flow, far, 2, Fraction(1, 2))


def by_trying(case: HubMedian, *, single: bool) -> float:
    """Return the value of a hub median by every set of hubs and, if single, every allocation."""
    n, best = len(case.flow), float("inf")
    for hubs in itertools.combinations(range(n), case.hubs):
        free = itertools.product(*([i] if i in hubs else hubs for i in range(n)))
        if not single:
            best = min(best, sum(
                units * min(way(case, i, k, m, j) for k in hubs for m in hubs)
                for i, j, units in flows(case)
            ))  # fmt: skip
            continue
        for at in free:
            best = min(
                best, sum(units * way(case, i, at[i], at[j], j) for i, j, units in flows(case))
            )
    return best / sum(map(sum, case.flow))


def flows(case: HubMedian) -> list[tuple[int, int, float]]:
    """Return origin, destination and units of what is sent."""
    return [(i, j, units) for i, row in enumerate(case.flow) for j, units in enumerate(row)]


def way(case: HubMedian, i: int, k: int, m: int, j: int) -> float:
    """Return what a unit pays from a city over two hubs to another."""
    far = case.distance
    return far[i][k] + float(case.discount) * far[k][m] + far[m][j]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("family", ["cab-multiple", "cab-single"])
def test_the_arrays_of_a_hub_median_have_its_optimum(family: str, seed: int) -> None:
    """Every set of hubs and every allocation tried gives the optimum of the arrays."""
    hubs = hubs_at_random(seed)
    scales = hub_scales(hubs)
    assert scales is not None
    case = PublicCase(family, "hubs", Path("x"), 1.0, partial(multiple_allocation, hubs, scales))
    best = by_trying(hubs, single=family == "cab-single")
    assert optimum_of(strong_matrices(case)) == pytest.approx(best, rel=1e-6)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("single", [True, False])
def test_the_arrays_of_a_location_keep_its_rules(seed: int, *, single: bool) -> None:
    """At most two open; each customer whole from one of them, within what it holds, if single."""
    rng = random.Random(seed)
    demand = tuple(float(rng.randint(2, 6)) for _ in range(5))
    room = float(max(*demand, round(sum(demand) / 1.8)))
    case = Location(
        "few", TITLE, tuple(float(rng.randint(1, 30)) for _ in range(4)),
        (room if single else None,) * 4, demand,
        tuple(tuple(float(rng.randint(1, 40)) for _ in range(4)) for _ in demand),
        single_source=single, most=None if single else 2,
    )  # fmt: skip
    best = min(
        sum(case.fixed[i] for i in set(at)) + sum(case.cost[c][i] for c, i in enumerate(at))
        for at in itertools.product(range(4), repeat=5)
        if (len(set(at)) <= 2 or single)
        and (not single or all(load(demand, at, i) <= room for i in set(at)))
    )
    made = strong_matrices(location_case("pmed", Path("few"), case))
    assert optimum_of(made) == pytest.approx(best, rel=1e-6)


def load(demand: tuple[float, ...], at: tuple[int, ...], site: int) -> float:
    """Return what a site serves."""
    return sum(units for units, here in zip(demand, at, strict=True) if here == site)


def test_families_say_what_highs_took_beside_them() -> None:
    """Times are added up, a limit counts as the limit, and a third is what is asked for."""
    ours = Row("families", "p1", "hubopt", 1, phase="holmberg", status="optimal", seconds=3.0,
               limit_s=60.0)  # fmt: skip
    theirs = replace(ours, method="arrays", status="limit", seconds=61.0)
    measure = proved(("holmberg",))
    found = measure(Results({"families": [ours, theirs]}))
    assert found.reached is True
    assert "holmberg 1 of 1 in 3 s, HiGHS 0 in 60 s (0.05 x)" in found.words.en
    slow = replace(ours, seconds=30.0)
    assert measure(Results({"families": [slow, theirs]})).reached is False


def test_a_warm_scenario_is_compared_whole() -> None:
    """Phases of a run, which have rows of their own, do not count as runs."""
    rows = [
        Row("scenario", case, method, 1, seconds=seconds)
        for case, method, seconds in (
            ("S", "hubopt", 1.0), ("S", "pyomo", 60.0), ("M", "hubopt", 10.0), ("M", "pyomo", 30.0),
        )
    ]  # fmt: skip
    phases = [replace(rows[0], phase=name, seconds=0.001) for name in ("search", "verify")]
    found = figures.warm(Results({"scenario": [*rows, *phases]}))
    assert found.reached is False
    assert found.words.en == "S 60.00 x; M 3.00 x: not reached, 6.67 times too slow"
