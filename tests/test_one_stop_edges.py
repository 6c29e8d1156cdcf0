"""Siting with one stop at its edges: exact room, tiny shipments, dear sites, rules, stops."""

from __future__ import annotations

import random
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyomo.environ as pyo
import pytest

from hubopt.cli.progress import PHASES, solver_line
from hubopt.engine.one_stop import relaxation
from hubopt.engine.one_stop.numbers import Numbers, numbers_of
from hubopt.engine.one_stop.search import Search, search
from hubopt.engine.one_stop.standing import BOUNDING, BRANCHING, ROUTING, Ending
from hubopt.engine.one_stop.volume import Volume
from hubopt.errors import InfeasibleError, NoPlanError, SolverError
from hubopt.instance.public.multimodal import case_of
from hubopt.instance.public.one_stop import (
    OneStop,
    StopArc,
    StopShipment,
    StopSite,
    kilograms,
)
from hubopt.solve.answer import Question, answer
from hubopt.solve.one_stop import OneStopAnswer, answer_one_stop
from hubopt.solver.form import Progress, SolveOptions, SolverAnswer, SolverStatus, StandardForm
from hubopt.text import Language, Text
from hubopt.units import mcny
from tests.one_stop_cases import least_cost, random_case
from tests.solve_here import solved_here

CLOSE = 1e-7
OPTIONS = SolveOptions(gap=0.0, time_s=20.0)
ONES = (1.0, 1.0, 1.0)


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Solve the small LPs and masters within this process: a child for each would take minutes."""
    monkeypatch.setattr("hubopt.engine.one_stop.search.run", solved_here)


def triangle(
    sent: tuple[tuple[int, int, float], ...],
    sites: tuple[tuple[int, tuple[tuple[float, float], ...]], ...],
    arcs: tuple[StopArc, ...] | None = None,
) -> OneStop:
    """Return a problem on three nodes, whose arcs cost 1 unless given, handling 1."""
    pairs = [(a, b) for a in range(3) for b in range(3) if a != b]
    return OneStop(
        "T", Text("triangle", "三角"), 3,
        arcs or tuple(StopArc(a, b, ONES, None) for a, b in pairs),
        tuple(StopShipment(a, b, 0, units, bonded=False) for a, b, units in sent),
        tuple(StopSite(node, bonded=True, handling=1.0, sizes=sizes) for node, sizes in sites),
    )  # fmt: skip


def arrays(problem: OneStop) -> Numbers:
    """Return the arrays of a problem."""
    case = case_of(Path("R_arcs.csv"), problem)
    assert case.one_stop is not None
    return numbers_of(*case.one_stop)


def answered(problem: OneStop, **more: Any) -> tuple[float, OneStopAnswer]:  # noqa: ANN401
    """Return the value in the units of the problem, and the answer."""
    case = case_of(Path("R_arcs.csv"), problem)
    assert case.one_stop is not None
    found = answer_one_stop(case.instance, *case.one_stop, Question(gap=0.0, time_s=20.0), **more)
    return case.value(mcny(found.plan.objective_fen)), found


BOTH = ((0, 1, 4.0), (1, 0, 6.0))
EXACT = {
    "one site": (((2, ((10.0, 5.0),)),), 35.0),
    "a dear size to spare": (((2, ((10.0, 5.0), (20.0, 50.0))),), 35.0),
    "two sites": (((2, ((5.0, 5.0),)), (0, ((5.0, 5.0),))), 35.0),
}


@pytest.mark.parametrize("name", EXACT)
def test_room_that_is_exactly_enough_is_used(name: str) -> None:
    """Designs whose room equals the demand count, and the optimum among them is proved."""
    sites, best = EXACT[name]
    problem = triangle(BOTH, sites)
    assert least_cost(problem) == pytest.approx(best)
    value, found = answered(problem)
    assert value == pytest.approx(best, rel=CLOSE)
    assert found.plan.status.value == "optimal"
    assert not found.plan.unserved


def test_room_is_compared_with_demand_as_it_is_written() -> None:
    """As decimals 0.1 + 0.2 are 0.3, whatever floats say."""
    problem = triangle(((0, 1, 0.1), (1, 0, 0.2)), ((2, ((0.3, 5.0),)),))
    value, found = answered(problem)
    assert value == pytest.approx(5.0 + 3 * 0.3, rel=CLOSE)
    assert found.plan.status.value == "optimal"


@pytest.mark.parametrize("seed", range(6))
def test_whole_kilograms_fit_where_the_file_fits(seed: int) -> None:
    """Demands of many digits in a site of just their sum still fit it in whole kilograms."""
    rng = random.Random(seed)
    units = [round(rng.uniform(1, 3), 12) for _ in range(5)]
    room = float(np.nextafter(sum(units), 100.0)) + 1e-14
    problem = triangle(tuple((0, 1, u) for u in units), ((2, ((room, 5.0),)),))
    value, found = answered(problem)
    assert value == pytest.approx(least_cost(problem), rel=CLOSE)
    assert found.plan.status.value == "optimal"


def test_kilograms_are_within_one_and_never_more_in_all() -> None:
    """Each weight lies within a kilogram of the file's, sums of bonded ones and of all below."""
    problem = random_case(5)
    for t in (0.00123, 0.37, 10.0):
        kg = np.array(kilograms(problem, t))
        real = np.array([one.units * t * 1000 for one in problem.shipments])
        bonded = np.array([one.bonded for one in problem.shipments])
        assert (np.abs(kg - real) <= 1 + 1e-9).all()
        for some in (bonded, np.ones(len(kg), dtype=bool)):
            assert 0 <= real[some].sum() - kg[some].sum() < 1 + 1e-9


def test_a_shipment_of_less_than_a_kilogram_is_left_out() -> None:
    """It makes no price infinite; what weighs something is served at least cost."""
    problem = triangle(((0, 1, 1.0), (1, 0, 1e-13)), ((2, ((10.0, 5.0),)),))
    value, found = answered(problem)
    assert value == pytest.approx(8.0, rel=CLOSE)
    assert found.plan.status.value == "optimal"
    assert len(arrays(problem).units) == 1


def test_no_plan_of_the_instance_leaves_goods_behind_for_a_dear_site() -> None:
    """The general engine, to which goods may stay behind at a price, opens the site too."""
    problem = triangle(((0, 1, 1.0),), ((2, ((1000.0, 1000.0),)),))
    value, found = answered(problem)
    case = case_of(Path("R_arcs.csv"), problem)
    general = answer(case.instance, Question(gap=0.0), all_routes=True).plan
    assert not general.unserved
    assert case.value(mcny(general.objective_fen)) == pytest.approx(value, rel=CLOSE)
    assert any("leave nothing behind" in note for note in found.plan.notes)


def test_a_plan_that_leaves_a_kilogram_behind_is_not_called_optimal() -> None:
    """Three arcs of a third each lose a kilogram by rounding; the plan says so."""
    third = tuple(StopArc(0, 2, ONES, 1.0 / 3) for _ in range(3))
    problem = triangle(((0, 1, 1.0),), ((2, ((10.0, 10.0),)),), (*third, StopArc(2, 1, ONES, None)))
    _, found = answered(problem)
    assert [one.kg_per_year for one in found.plan.unserved] == [1]
    assert found.plan.status.value == "feasible"
    assert any("1 kg of 1 shipments" in note for note in found.plan.notes)
    assert any("1 千克" in note for note in found.plan.notes)


def nothing_opens(model: Any) -> None:  # noqa: ANN401
    """Allow no site at all."""
    model.none = pyo.Constraint(expr=sum(model.open[pair] for pair in model.size) <= 0)


def test_rules_that_allow_nothing_are_told_as_such() -> None:
    """That no design keeps the rules is not a matter of time."""
    problem = triangle(((0, 1, 1.0),), ((2, ((10.0, 10.0),)),))
    with pytest.raises(InfeasibleError, match="that the rules allow"):
        answered(problem, rules=nothing_opens)


def test_too_little_room_is_no_matter_of_rules() -> None:
    """Without rules nobody is told to loosen one; no bonded site with a size is no crash."""
    enough = triangle(((0, 1, 10.0),), ((2, ((10.0, 10.0),)),))
    case = case_of(Path("R_arcs.csv"), enough)
    assert case.one_stop is not None
    problem, scales = case.one_stop
    more = replace(problem, shipments=(replace(problem.shipments[0], units=20.0),))
    with pytest.raises(InfeasibleError, match="too little room"):
        answer_one_stop(case.instance, more, scales, Question(gap=0.0, time_s=20.0))
    one_stop = arrays(triangle(((0, 1, 10.0),), ((2, ((10.0, 10.0),)),)))
    alone = replace(one_stop, site_bonded=~one_stop.site_bonded, bonded=~one_stop.bonded)
    found = search(alone, OPTIONS)
    assert found.best is None
    assert found.bound == float("inf")


def detour() -> OneStop:
    """Return a problem whose cheap arc carries next to nothing, and whose other one is dear."""
    arcs = (
        StopArc(0, 2, ONES, 0.001), StopArc(0, 2, (100.0, 100.0, 100.0), None),
        StopArc(2, 1, ONES, None),
    )  # fmt: skip
    return triangle(((0, 1, 1.0),), ((2, ((10.0, 10.0),)),), arcs)


def test_a_far_detour_is_found_where_rules_forbid_branching() -> None:
    """A way far dearer than the cheapest is better than none, with rules as without."""
    problem = detour()
    for rules in (None, lambda _: None):
        value, _ = answered(problem, rules=rules)
        assert value == pytest.approx(least_cost(problem), rel=CLOSE)


def fails_lps(form: StandardForm, options: SolveOptions, **_: Any) -> SolverAnswer:  # noqa: ANN401
    """Solve masters, and fail with every LP."""
    if form.integer.any():
        return solved_here(form, options)
    return SolverAnswer(SolverStatus.FAILED, None, None, None, 0.0, "failed as told")


def test_each_end_without_a_plan_has_its_own_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """A search that merely ends, and one whose time is over, are told apart."""
    problem = detour()
    monkeypatch.setattr("hubopt.engine.one_stop.search.run", fails_lps)
    assert search(arrays(problem), OPTIONS).ending is Ending.EXHAUSTED
    with pytest.raises(NoPlanError, match="ended before its time"):
        answered(problem)
    case = case_of(Path("R_arcs.csv"), problem)
    assert case.one_stop is not None
    with pytest.raises(NoPlanError, match="no plan within") as caught:
        answer_one_stop(case.instance, *case.one_stop, Question(gap=0.0, time_s=1e-6))
    assert "--routes" not in str(caught.value)


def test_a_bound_above_a_plan_ends_as_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    """Prices whose bound is a tenth too high are not hidden behind the plan."""
    right = relaxation.constant
    monkeypatch.setattr(relaxation, "constant", lambda *both: 1.1 * right(*both))
    problem = random_case(3)
    found = search(arrays(problem), OPTIONS)
    assert found.best is not None
    assert found.bound > found.best.value * (1 + 1e-4)
    with pytest.raises(SolverError, match="above the plan"):
        answered(problem)


def test_a_stop_is_heard_within_a_design(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a stop no step of a design is taken, no master solved and no blend looked at."""
    numbers, stop = arrays(random_case(3)), threading.Event()
    one = Search(numbers, OPTIONS, stop=stop)
    one.root.steps(3)
    own = one.own_prices(np.full(len(numbers.node), 2))
    stop.set()
    monkeypatch.setattr(Volume, "advance", lambda _: pytest.fail("a step"))
    one.own_prices(np.full(len(numbers.node), 2))
    monkeypatch.setattr(one.master, "design", lambda _: pytest.fail("a master"))
    assert one.next_design() is None
    cuts = len(one.master.of_prices)
    one.route(own)
    assert len(one.master.of_prices) == cuts


def test_a_time_that_is_over_names_no_design() -> None:
    """A master takes no more time once there is none left."""
    one = Search(arrays(random_case(3)), SolveOptions(gap=0.0, time_s=0.0))
    assert one.next_design() is None


def test_phases_and_an_unknown_bound_have_words() -> None:
    """Every phase of the search has a Chinese name, and no infinite bound is printed."""
    assert {BOUNDING, ROUTING, BRANCHING} <= set(PHASES)
    for bound in (float("inf"), -float("inf")):
        line = solver_line(Progress(1.0, None, bound, None, BOUNDING), Language.ZH)
        assert "inf" not in line
        assert "下界 尚无" in line


def test_node_numbers_may_be_large() -> None:
    """Only nodes that occur take room, whatever their numbers."""
    far = 3_000_000
    arcs = tuple(
        StopArc(a, b, ONES, None) for a in (0, 7, far) for b in (0, 7, far) if a != b
    )  # fmt: skip
    problem = OneStop(
        "F", Text("far", "远"), far + 1, arcs, (StopShipment(0, far, 0, 1.0, bonded=False),),
        (StopSite(7, bonded=False, handling=1.0, sizes=((10.0, 5.0),)),),
    )  # fmt: skip
    assert arrays(problem).nodes == 3
    value, found = answered(problem)
    assert value == pytest.approx(8.0, rel=CLOSE)
    assert f"N{far}" in str(found.plan.flows)
