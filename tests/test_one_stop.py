"""Siting with one stop by decomposition: the optimum, bounds below it, plans that hold."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from hubopt.engine.one_stop.master import Master
from hubopt.engine.one_stop.numbers import Numbers, numbers_of
from hubopt.engine.one_stop.paths import PathFinder
from hubopt.engine.one_stop.relaxation import Prices, evaluate
from hubopt.engine.one_stop.routing import Router
from hubopt.engine.one_stop.search import Search, search
from hubopt.errors import InfeasibleError, InputError, InterruptedSolve, NoPlanError
from hubopt.instance.public.families import cases_of
from hubopt.instance.public.multimodal import case_of
from hubopt.instance.public.one_stop import OneStop, StopArc, StopShipment, StopSite
from hubopt.plan.verify import verify
from hubopt.solve.answer import Question, Silent, answer
from hubopt.solve.one_stop import OneStopAnswer, answer_one_stop
from hubopt.solver.form import (
    Progress,
    SolveOptions,
    SolverAnswer,
    SolverStatus,
    StandardForm,
)
from hubopt.study.bench import Proof, bench
from hubopt.text import Text
from hubopt.units import mcny
from tests.one_stop_cases import Size, least_cost, random_case
from tests.solve_here import solved_here

if TYPE_CHECKING:
    from hubopt.engine.one_stop.numbers import Bools, Ints

CLOSE = 1e-6
OPTIONS = SolveOptions(gap=0.0, time_s=60.0)
BENCHMARKS = os.environ.get("HUBOPT_BENCHMARKS")


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Solve the small LPs and masters within this process: a child for each would take minutes."""
    monkeypatch.setattr("hubopt.engine.one_stop.search.run", solved_here)


def numbers(problem: OneStop) -> Numbers:
    """Return the arrays of a problem."""
    case = case_of(Path("R_arcs.csv"), problem)
    assert case.one_stop is not None
    return numbers_of(*case.one_stop)


def answered(problem: OneStop, **asked: Any) -> tuple[float, float, OneStopAnswer]:  # noqa: ANN401
    """Return value and bound in the units of the problem, and the answer."""
    case = case_of(Path("R_arcs.csv"), problem)
    assert case.one_stop is not None
    found = answer_one_stop(case.instance, *case.one_stop, Question(gap=0.0, **asked))
    assert found.plan.bound_fen is not None
    return (
        case.value(mcny(found.plan.objective_fen)), case.value(mcny(found.plan.bound_fen)), found,
    )  # fmt: skip


def design_choices(numbers: Numbers, size: Ints) -> Bools:
    """Return the choices (I x K + 1) of which only those of a design are allowed."""
    allowed = np.zeros((len(size), numbers.room.shape[1] + 1), dtype=bool)
    allowed[np.arange(len(size)), size] = True  # -1, to stay closed, is the last
    return allowed


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("seed", range(40))
def test_the_optimum_is_that_of_the_formulation_by_arcs(seed: int) -> None:
    """Decomposition and a plain MIP over all arcs agree, and the plan is verified and proved."""
    problem = random_case(
        seed, Size(nodes=6 + seed % 3, shipments=5 + seed % 4, sites=3 + seed % 2)
    )
    best = least_cost(problem)
    if best is None:
        with pytest.raises(InfeasibleError, match="too little"):
            answered(problem)
        return
    value, bound, found = answered(problem)
    assert not found.plan.unserved
    assert value == pytest.approx(best, rel=CLOSE)
    assert bound == pytest.approx(best, rel=CLOSE)
    assert found.plan.status.value == "optimal"


@pytest.mark.usefixtures("here")
def test_it_agrees_with_the_general_engine() -> None:
    """On small cases the bound over all routes lies below, and the plan not below, the optimum."""
    for seed in range(4):
        problem = random_case(seed, Size(nodes=4, extra=2, shipments=3, sites=2))
        value, _, _ = answered(problem)
        case = case_of(Path("R_arcs.csv"), problem)
        general = answer(case.instance, Question(gap=0.0), all_routes=True).plan
        assert general.bound_fen is not None
        assert case.value(mcny(general.bound_fen)) <= value * (1 + CLOSE)
        assert case.value(mcny(general.objective_fen)) >= value * (1 - CLOSE)


@pytest.mark.parametrize("seed", range(20))
def test_no_prices_give_a_bound_above_the_optimum(seed: int) -> None:
    """At 500 random prices each, wild ones among them, the bound stays below the optimum."""
    problem = random_case(seed)
    best, arrays = least_cost(problem), numbers(problem)
    finder, rng = PathFinder(arrays), np.random.default_rng(seed)
    paid = finder.by_site(finder.trees(np.zeros(len(arrays.shared)))).min(axis=0)
    highest = -np.inf
    for _ in range(500):
        serve = paid * rng.uniform(0.5, rng.choice([1.2, 2.0, 10.0]), len(paid))
        arc = rng.uniform(0, rng.choice([1.0, 30.0, 1000.0]), len(arrays.shared))
        arc *= rng.random(len(arc)) < rng.random()
        highest = max(highest, evaluate(arrays, finder, Prices(serve, arc)).bound)
    if best is not None:
        assert highest <= best * (1 + 1e-9)
    assert highest > 0


@pytest.mark.parametrize("seed", range(8))
def test_cuts_hold_for_every_design(seed: int) -> None:
    """A cut never says that a design costs more than it does, nor does a bound within choices."""
    problem = random_case(seed, Size(nodes=5, extra=4, shipments=4, sites=2))
    arrays, rng = numbers(problem), np.random.default_rng(seed)
    finder = PathFinder(arrays)
    paid = finder.by_site(finder.trees(np.zeros(len(arrays.shared)))).min(axis=0)
    costs = {size: cost_of(problem, size) for size in np.ndindex(*[4] * len(problem.sites))}
    known = {size: cost for size, cost in costs.items() if cost is not None}
    for _ in range(20):
        prices = Prices(paid * rng.uniform(0.8, 3.0), rng.uniform(0, 20, len(arrays.shared)))
        cut = evaluate(arrays, finder, prices).cut
        for size, cost in known.items():
            chosen = np.array(size) - 1
            said = cut.constant + sum(cut.worth[i, k] for i, k in enumerate(chosen) if k >= 0)
            assert said <= cost * (1 + 1e-9)
            within = evaluate(arrays, finder, prices, design_choices(arrays, chosen)).bound
            assert within == pytest.approx(said, abs=1e-8 * cost)


def cost_of(problem: OneStop, size: tuple[int, ...]) -> float | None:
    """Return the optimum with sizes (0: closed) that stand, `None` if none is feasible."""
    sites = [
        replace(site, sizes=(site.sizes[k - 1],))
        for site, k in zip(problem.sites, size, strict=True)
        if k > 0
    ]
    if not sites:
        return None
    fixed = sum(cost for site in sites for _, cost in site.sizes)
    free = [replace(site, sizes=((site.sizes[0][0], 0.0),)) for site in sites]
    found = least_cost(replace(problem, sites=tuple(free)))
    return None if found is None else found + fixed


@pytest.mark.parametrize("seed", range(6))
def test_the_routing_lp_of_a_design_is_exact(seed: int) -> None:
    """Columns are added until the cost is that of all paths, and its prices prove it."""
    problem = random_case(seed)
    arrays, size = numbers(problem), (3,) * len(problem.sites)
    best = cost_of(problem, size)
    assert best is not None
    finder, chosen = PathFinder(arrays), np.array(size) - 1
    router = Router(arrays, finder, lambda form: solved_here(form, OPTIONS))
    router.list_cheapest(np.zeros(len(arrays.shared)), np.zeros(len(arrays.node)), chosen)
    found = router.route(chosen, 50)
    assert found is not None
    assert found.whole
    assert found.value == pytest.approx(best, rel=CLOSE)
    within = evaluate(arrays, finder, found.prices, design_choices(arrays, chosen)).bound
    assert within == pytest.approx(best, rel=CLOSE)


@pytest.mark.usefixtures("here")
def test_a_rule_on_sites_goes_into_the_pyomo_model() -> None:
    """A planner's own constraint on `open` is kept by the plan, and costs what it costs."""
    problem = random_case(1)
    arrays = numbers(problem)
    plain = search(arrays, OPTIONS)
    assert plain.best is not None
    shut = int(np.flatnonzero((plain.best.size >= 0) & ~arrays.site_bonded)[-1])

    def rule(model: Any) -> None:  # noqa: ANN401
        model.shut = sum_rule(model, shut)

    ruled = search(arrays, OPTIONS, rules=rule)
    assert ruled.best is not None
    assert ruled.best.size[shut] == -1
    assert ruled.best.value > plain.best.value
    best = least_cost(problem)
    assert best is not None
    assert ruled.bound <= best * (1 + 1e-9)


def sum_rule(model: Any, site: int) -> Any:  # noqa: ANN401
    """Return the constraint that a site stays closed."""
    import pyomo.environ as pyo  # noqa: PLC0415

    return pyo.Constraint(expr=sum(model.open[i, k] for i, k in model.size if i == site) == 0)


def test_parallel_arcs_and_free_arcs_count() -> None:
    """Of two arcs between the same nodes each has its own cost and room; arcs may be free."""
    free = (0.0, 0.0, 0.0)
    problem = OneStop(
        "P", Text("parallel", "平行"), 3,
        (
            StopArc(0, 1, (1.0, 1.0, 1.0), 2.0), StopArc(0, 1, (5.0, 5.0, 5.0), None),
            StopArc(1, 2, free, None),
        ),
        (StopShipment(0, 2, 0, 3.0, bonded=False),),
        (StopSite(1, bonded=False, handling=0.0, sizes=((10.0, 7.0),)),),
    )  # fmt: skip
    value, bound, found = answered(problem)
    assert value == pytest.approx(2 * 1 + 1 * 5 + 7, rel=CLOSE)
    assert bound == pytest.approx(value, rel=CLOSE)
    assert len(found.plan.flows) == 2


def test_a_shipment_without_a_way_and_arcs_too_narrow_are_told() -> None:
    """Where no design can serve everybody that is proved and said, not searched for ever."""
    cost, site = (1.0, 1.0, 1.0), StopSite(1, bonded=False, handling=1.0, sizes=((10.0, 5.0),))
    sent = (StopShipment(0, 2, 0, 3.0, bonded=False),)
    one_way = (StopArc(1, 0, cost, None), StopArc(2, 1, cost, None))
    narrow = (StopArc(0, 1, cost, 2.0), StopArc(1, 2, cost, None))
    with pytest.raises(InputError, match="no way N0 -> N2"):
        answered(OneStop("N", Text("none", "无"), 3, one_way, sent, (site,)))
    assert search(
        numbers(OneStop("N", Text("none", "无"), 3, one_way, sent, (site,))), OPTIONS
    ).bound == float("inf")
    with pytest.raises(InfeasibleError, match="has no way by any site, or the arcs"):
        answered(OneStop("N", Text("none", "无"), 3, narrow, sent, (site,)))


@pytest.mark.usefixtures("here")
def test_nothing_need_be_shared_or_cost_anything() -> None:
    """Without capacities of arcs, and without any cost, the answer is as plain as the question."""
    problem = random_case(6)
    wide = replace(problem, arcs=tuple(replace(arc, capacity=None) for arc in problem.arcs))
    assert answered(wide)[0] == pytest.approx(least_cost(wide), rel=CLOSE)
    free = replace(
        wide,
        arcs=tuple(replace(arc, cost=(0.0, 0.0, 0.0)) for arc in wide.arcs),
        sites=tuple(
            replace(site, handling=0.0, sizes=((site.sizes[-1][0], 0.0),)) for site in wide.sites
        ),
    )
    assert answered(free)[0] == pytest.approx(0.0, abs=1e-6)


def test_a_stop_and_a_short_time_end_without_harm() -> None:
    """Stopped before a first plan, or with no time for one, the error says so."""
    problem = random_case(1)
    case = case_of(Path("R_arcs.csv"), problem)
    assert case.one_stop is not None
    stop = threading.Event()
    stop.set()
    with pytest.raises(InterruptedSolve):
        answer_one_stop(case.instance, *case.one_stop, Question(gap=0.0), stop=stop)
    with pytest.raises(NoPlanError, match="no plan within"):
        answer_one_stop(case.instance, *case.one_stop, Question(gap=0.0, time_s=1e-6))


def fails_lps(form: StandardForm, options: SolveOptions, **_: Any) -> SolverAnswer:  # noqa: ANN401
    """Solve masters, and fail with every LP."""
    if form.integer.any():
        return solved_here(form, options)
    return SolverAnswer(SolverStatus.FAILED, None, None, None, 0.0, "failed as told")


def fails_later_lps() -> Callable[..., SolverAnswer]:
    """Return what solves the first few LPs and fails with all others."""
    left = iter(range(4))

    def solve(form: StandardForm, options: SolveOptions, **_: Any) -> SolverAnswer:  # noqa: ANN401
        if form.integer.any() or next(left, None) is not None:
            return solved_here(form, options)
        return fails_lps(form, options)

    return solve


@pytest.mark.parametrize("seed", range(4))
def test_a_solver_that_fails_does_not_lift_the_bound(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without LPs, or after the first, there is no plan or a plain one, and the bound holds."""
    problem = random_case(seed)
    best = least_cost(problem)
    assert best is not None
    for solve in (fails_lps, fails_later_lps()):
        monkeypatch.setattr("hubopt.engine.one_stop.search.run", solve)
        found = search(numbers(problem), replace(OPTIONS, time_s=20.0))
        assert found.bound <= best * (1 + 1e-9)
        assert found.best is None or found.best.value >= best * (1 - 1e-9)


class StopsAfterTheFirstPlan(Silent):
    """Somebody who says stop as soon as there is a plan."""

    def __init__(self) -> None:
        self.stop = threading.Event()

    def solver(self, progress: Progress) -> None:
        """Stop at the first plan."""
        if progress.best is not None:
            self.stop.set()


@pytest.mark.usefixtures("here")
def test_a_stop_keeps_the_plan_so_far() -> None:
    """Stopped after its first plan a search ends with it, verified, and with the bound so far."""
    problem = random_case(103, Size(30, 60, 150, 8))
    case, watcher = case_of(Path("R_arcs.csv"), problem), StopsAfterTheFirstPlan()
    assert case.one_stop is not None
    found = answer_one_stop(
        case.instance, *case.one_stop, Question(gap=0.0), watcher=watcher, stop=watcher.stop
    )
    assert found.plan.status.value == "interrupted"
    assert found.verification.passed
    assert found.plan.gap is not None
    assert 0 < found.plan.gap < 0.05


@pytest.mark.usefixtures("here")
def test_the_log_goes_up_and_down() -> None:
    """Bounds never fall, plans never get dearer, and no bound passes the optimum."""
    problem = random_case(7, Size(8, 8, 9, 4))
    best, found = least_cost(problem), search(numbers(problem), OPTIONS)
    bounds = [mark.bound for mark in found.log]
    values = [mark.best for mark in found.log if mark.best is not None]
    assert bounds == sorted(bounds)
    assert values == sorted(values, reverse=True)
    assert best is not None
    assert max(bounds) <= best * (1 + 1e-8)
    assert found.bound == pytest.approx(best, rel=CLOSE)


def test_a_master_names_the_cheapest_design_of_its_cuts() -> None:
    """With the exact cuts of all designs in it the master finds the optimum."""
    problem = random_case(2, Size(nodes=5, extra=4, shipments=4, sites=2))
    arrays, best = numbers(problem), least_cost(problem)
    assert best is not None
    finder = PathFinder(arrays)
    router = Router(arrays, finder, lambda form: solved_here(form, OPTIONS))
    master = Master(arrays, lambda form: solved_here(form, OPTIONS))
    for size in np.ndindex(*[4] * len(problem.sites)):
        chosen = np.array(size) - 1
        found = router.route(chosen, 50, dear=1e3)
        if found is not None:
            master.of_designs.append(evaluate(arrays, finder, found.prices).cut)
    design = master.design(best)
    assert design is not None
    assert cost_of(problem, tuple(int(k) + 1 for k in design)) == pytest.approx(best, rel=CLOSE)


def test_bench_goes_both_ways(tmp_path: Path) -> None:
    """`hubopt bench` decomposes a case of the family, or solves it as any other instance."""
    from tests.one_stop_cases import write_case  # noqa: PLC0415

    problem = random_case(4, Size(nodes=4, extra=2, shipments=3, sites=2))
    write_case(problem, tmp_path)
    cases, best = cases_of("multimodal", tmp_path), least_cost(problem)
    (by_parts,) = bench(cases, {}, Question(gap=0.0, time_s=30.0))
    (general,) = bench(cases, {}, Question(gap=0.0, time_s=30.0), decompose=False)
    assert by_parts.proof is Proof.OPTIMAL
    assert by_parts.value == pytest.approx(best, rel=CLOSE)
    assert set(by_parts.parts) == {"instance", "search", "settle", "verify"}
    assert "routes" in general.parts
    assert general.value is not None
    assert general.value >= by_parts.value * (1 - CLOSE)


def test_a_search_keeps_what_it_learnt() -> None:
    """The ways of one design are at hand for the next."""
    arrays = numbers(random_case(3))
    one = Search(arrays, OPTIONS)
    one.root.steps(5)
    own = one.promising()
    assert own is not None
    one.route(own)
    assert len(one.router.columns) >= len(arrays.units)
    assert one.master.of_designs


@pytest.mark.slow
@pytest.mark.skipif(BENCHMARKS is None, reason="the public files are not here")
@pytest.mark.parametrize(
    ("name", "gap", "known", "bound"),
    [("XS", 0.0, 150595.278246, 150595.278246), ("S", 0.001, 1265861.355, 1265163.88)],
)
def test_public_cases_come_out(name: str, gap: float, known: float, bound: float) -> None:
    """The smallest is proved; the next comes to a thousandth, around the known plan and bound."""
    cases = {c.name: c for c in cases_of("multimodal", Path(str(BENCHMARKS)) / "multimodal")}
    case = cases[name]
    assert case.one_stop is not None
    found = answer_one_stop(case.instance, *case.one_stop, Question(gap=gap, time_s=120.0))
    value = case.value(mcny(found.plan.objective_fen))
    assert found.plan.bound_fen is not None
    assert verify(case.instance, found.plan).passed
    assert bound * (1 - 1e-8) <= value <= known * (1 + gap) * (1 + 1e-8)
    assert value * (1 - gap) * (1 - 1e-8) <= case.value(mcny(found.plan.bound_fen))
    assert case.value(mcny(found.plan.bound_fen)) <= known * (1 + 1e-8)


@pytest.mark.slow
@pytest.mark.skipif(BENCHMARKS is None, reason="the public files are not here")
@pytest.mark.parametrize(("name", "known"), [("XS", 150595.278246), ("XM", 396678.6667)])
def test_the_general_engine_agrees_on_public_cases(name: str, known: float) -> None:
    """Solved as any other instance, plan and bound over all routes lie around the optimum."""
    cases = {c.name: c for c in cases_of("multimodal", Path(str(BENCHMARKS)) / "multimodal")}
    (general,) = bench([cases[name]], {}, Question(gap=0.001, time_s=120.0), decompose=False)
    assert general.value is not None
    assert general.bound is not None
    assert general.bound <= known * (1 + 1e-8)
    assert known * (1 - 1e-8) <= general.value <= known * 1.01
