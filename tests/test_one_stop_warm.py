"""Another search over the same network, from what an earlier one learnt: tried, never trusted."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from hubopt.engine.one_stop.learnt import Learnt
from hubopt.engine.one_stop.numbers import Numbers, numbers_of
from hubopt.engine.one_stop.relaxation import Prices
from hubopt.engine.one_stop.search import search
from hubopt.errors import InfeasibleError, InputError
from hubopt.instance.public.multimodal import case_of
from hubopt.instance.public.one_stop import OneStop
from hubopt.solve.answer import Question
from hubopt.solve.one_stop import OneStopAnswer, answer_one_stop
from hubopt.solver.form import SolveOptions
from hubopt.units import mcny
from tests.one_stop_cases import Size, least_cost, random_case
from tests.solve_here import solved_here

CLOSE = 1e-6
OPTIONS = SolveOptions(gap=0.0, time_s=60.0)


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Solve the small LPs and masters within this process: a child for each would take minutes."""
    monkeypatch.setattr("hubopt.engine.one_stop.search.run", solved_here)


def arrays(problem: OneStop) -> Numbers:
    """Return the arrays of a problem."""
    case = case_of(Path("R_arcs.csv"), problem)
    assert case.one_stop is not None
    return numbers_of(*case.one_stop)


def answered(problem: OneStop, warm: Learnt | None = None) -> tuple[float, OneStopAnswer]:
    """Return the value in the units of the problem, and the answer."""
    case = case_of(Path("R_arcs.csv"), problem)
    assert case.one_stop is not None
    found = answer_one_stop(case.instance, *case.one_stop, Question(gap=0.0, time_s=60), warm=warm)
    return case.value(mcny(found.plan.objective_fen)), found


def other_demand(problem: OneStop, seed: int) -> OneStop:
    """Return a problem whose shipments weigh up to a tenth more or less."""
    rng = random.Random(seed)
    sent = [
        replace(one, units=round(one.units * rng.uniform(0.9, 1.1), 3)) for one in problem.shipments
    ]
    return replace(problem, shipments=tuple(sent))


def without(problem: OneStop, site: int) -> OneStop:
    """Return a problem with a site that stays closed."""
    sites = [
        replace(one, sizes=()) if number == site else one
        for number, one in enumerate(problem.sites)
    ]
    return replace(problem, sites=tuple(sites))


@pytest.mark.parametrize("seed", range(4))
def test_a_warm_search_ends_with_the_optimum(seed: int) -> None:
    """With other demand, and without a site that was open, the plan is the best, and proved."""
    problem = random_case(seed, Size(nodes=6, shipments=6, sites=4))
    if least_cost(problem) is None:
        pytest.skip("no plan at all")
    _, base = answered(problem)
    assert base.learnt is not None
    assert base.learnt.size is not None
    opened = np.flatnonzero(base.learnt.size >= 0).tolist()
    for changed in (other_demand(problem, seed), without(problem, opened[0])):
        best = least_cost(changed)
        if best is None:
            with pytest.raises((InfeasibleError, InputError)):
                answered(changed, base.learnt)
            continue
        value, found = answered(changed, base.learnt)
        assert value == pytest.approx(best, rel=CLOSE)
        assert found.plan.status.value == "optimal"
        assert found.verification.passed


def test_wild_prices_and_ways_do_no_harm() -> None:
    """Prices from nowhere, and the ways of another demand, end with the same optimum."""
    problem = random_case(3)
    best, numbers = least_cost(problem), arrays(problem)
    base = search(numbers, OPTIONS).learnt
    assert base is not None
    rng = np.random.default_rng(1)
    wild = Prices(
        rng.uniform(0, 1e4, len(base.prices.serve)), rng.uniform(0, 1e3, len(base.prices.arc))
    )
    found = search(numbers, OPTIONS, warm=replace(base, prices=wild, size=None))
    assert found.best is not None
    assert found.best.value == pytest.approx(best, rel=CLOSE)
    assert found.bound <= found.best.value * (1 + 1e-9)


def test_what_was_learnt_begins_where_the_search_ended() -> None:
    """The first bound of a warm search on the same problem is the last one before branching."""
    numbers = arrays(random_case(103, Size(12, 20, 40, 5)))
    cold = search(numbers, replace(OPTIONS, gap=0.01))
    warm = search(numbers, replace(OPTIONS, gap=0.01), warm=cold.learnt)
    assert warm.log[0].bound >= cold.bound * (1 - 1e-3)
    assert cold.log[0].bound < warm.log[0].bound


def test_ways_and_prices_follow_their_shipments() -> None:
    """A shipment that goes takes its ways with it; a new one has a price of its own."""
    problem = random_case(5, Size(nodes=6, shipments=6, sites=3))
    numbers = arrays(problem)
    learnt = search(numbers, OPTIONS).learnt
    assert learnt is not None
    fewer = replace(problem, shipments=problem.shipments[:-1])
    less = arrays(fewer)
    ways = learnt.ways_in(less)
    gone = int(np.flatnonzero(numbers.order == len(problem.shipments) - 1)[0])
    assert len(ways) == int((learnt.ways.shipment != gone).sum())
    dear = replace(problem, arcs=tuple(replace(a, cost=(9.0, 9.0, 9.0)) for a in problem.arcs))
    again = learnt.ways_in(arrays(dear))
    real = (numbers.arc_of[again.arcs] >= 0).astype(float)  # the other half of a parallel is free
    length = np.add.reduceat(real, again.start[:-1])
    assert again.cost == pytest.approx(9.0 * length + numbers.handling[again.site])
    moved = replace(problem.shipments[0], destination=problem.shipments[0].origin)
    other = arrays(replace(problem, shipments=(moved, *problem.shipments[1:])))
    assert (learnt.same_shipments(other) < 0).sum() == 1


def test_a_start_over_another_network_is_refused() -> None:
    """Other arcs or sites are told with what to do, in both languages."""
    _, base = answered(random_case(3))
    with pytest.raises(InputError, match="another network") as error:
        answered(random_case(4), base.learnt)
    assert "关闭设施" in str(error.value.findings[0].remedy.zh)


def test_nothing_open_at_all_is_impossible() -> None:
    """With every site closed there is no plan, and that is what is said."""
    problem = random_case(3)
    for site in range(len(problem.sites)):
        problem = without(problem, site)
    found = search(numbers_of_closed(problem), OPTIONS)
    assert found.best is None
    assert found.bound == float("inf")


def numbers_of_closed(problem: OneStop) -> Numbers:
    """Return the arrays of a problem whose sites are all closed."""
    scales = random_case(3).scales()
    assert scales is not None
    return numbers_of(problem, scales)
