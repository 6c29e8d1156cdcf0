"""Instances that are hub medians: the same optimum as by the model, and what is none is refused."""

from __future__ import annotations

import os
import threading
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hubopt.engine.hubs import hubs as hubs_module
from hubopt.engine.hubs import recognise, recognise_single
from hubopt.errors import InputError, SolverError
from hubopt.instance.public.families import cases_of
from hubopt.instance.public.hub_median import road
from hubopt.instance.public.published import published_beside
from hubopt.instance.tables import Instance, Limit
from hubopt.solve import as_hubs
from hubopt.solve.answer import Question, Silent, answer
from hubopt.solve.warm import WarmStart
from hubopt.study.bench import bench
from hubopt.units import mcny
from hubopt.vocabulary import Access, Engine, Function, LimitKind, Mode, SiteStatus, Status
from tests.hub_cases import hub_instance, varied
from tests.optimum import optimum
from tests.solver_at_hand import solver_at_hand
from tests.tiny import tiny

if TYPE_CHECKING:
    from collections.abc import Callable

BENCHMARKS = os.environ.get("HUBOPT_BENCHMARKS")
at_hand = pytest.mark.skipif(BENCHMARKS is None, reason="the public benchmarks are not here")
EXACT = Question(gap=0.0)


@pytest.mark.parametrize("single", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_the_general_engine_finds_the_same_optimum(single: bool, seed: int) -> None:  # noqa: FBT001
    """Both ways prove the same cost; the plan is verified, leaves nothing, and says how."""
    instance = hub_instance(seed, single=single)
    with solver_at_hand():
        short = answer(instance, EXACT)
        long = answer(instance, EXACT, engine=Engine.MONOLITHIC)
    assert (short.engine, long.engine) == (Engine.HUBS, Engine.MONOLITHIC)
    assert short.plan.objective_fen == pytest.approx(long.plan.objective_fen, rel=1e-9)
    assert short.verification.passed
    assert (short.plan.status, short.plan.unserved, short.warnings) == (Status.OPTIMAL, (), ())
    assert short.plan.bound_fen is not None
    assert short.plan.objective_fen == pytest.approx(short.plan.bound_fen, rel=1e-9)
    assert short.plan.notes[:2] == (as_hubs.HUBS_NOTE.en, as_hubs.HUBS_NOTE.zh)
    assert short.problem.bound_over_all_mcny is not None


@pytest.mark.parametrize("single", [False, True])
def test_whatever_costs_and_times_are_the_optimum_is_that_of_the_model(single: bool) -> None:  # noqa: FBT001
    """Sites that cost, handling that takes time, ways that are late or missing, goods left."""
    tried, left = 0, 0
    for seed in range(14):
        instance = varied(hub_instance(seed, single=single, cities=3 if single else 4), seed)
        if as_hubs.case_of(instance) is None:
            continue
        with solver_at_hand():
            found = answer(instance, EXACT, engine=Engine.HUBS)
        best = optimum(instance)
        assert mcny(found.plan.objective_fen) == pytest.approx(best.mcny, rel=1e-9), seed
        assert found.verification.passed
        moved, behind = found.plan.flows, {one.shipment for one in found.plan.unserved}
        assert sorted([*(f.shipment for f in moved), *behind]) == sorted(
            d.id for d in instance.demand
        )
        tried += 1
        left += bool(behind)
    assert tried >= 8
    assert left >= 2


def with_rows(table: str, **changes: object) -> Callable[[Instance], Instance]:
    """Return what changes the first row of a table."""

    def changed(instance: Instance) -> Instance:
        first, *rest = getattr(instance, table)
        return replace(instance, **{table: (replace(first, **changes), *rest)})

    return changed


def with_limit(**parts: object) -> Callable[[Instance], Instance]:
    """Return what adds a limit on the number of sites."""

    def changed(instance: Instance) -> Instance:
        kind, year = LimitKind.SITES_AT_MOST, instance.settings.stages[0].year
        more = replace(Limit(kind, year, None, 2.0), **parts)  # type: ignore[arg-type]
        return replace(instance, limits=(*instance.limits, more))

    return changed


def without_time_limits(instance: Instance) -> Instance:
    """Return an instance in which shipments may take as long as they like."""
    return replace(
        instance, demand=tuple(replace(d, latest_h=None) for d in instance.demand)
    )  # fmt: skip


def with_a_second_mode(instance: Instance) -> Instance:
    """Return an instance in which diesel trucks go from one hub to another too."""
    return replace(instance, links=(*instance.links, road(("H1", "H2"), Mode.ROAD_DIESEL, 1.0)))


OTHERS: dict[str, Callable[[Instance], Instance]] = {
    "a site holds so much": with_rows("capacities", capacity_t_per_year=1e6),
    "a link takes so much": with_rows("links", capacity_t_per_year=1e6),
    "a link has hours of service": with_rows("links", access=Access.SCHEDULED),
    "one source": with_rows("demand", single_source=True),
    "goods of value": with_rows("products", value_cny_per_t=20_000.0),
    "goods that move for nothing": with_rows("products", cost_factor=0.0),
    "goods by the parcel": with_rows("products", parcels_per_t=1.0),
    "a site stands": with_rows("sites", status=SiteStatus.REQUIRED),
    "two of a size": with_rows("modules", most=2),
    "a limit on what sites do": with_limit(function=Function.CONSOLIDATION),
    "at least so many": with_limit(kind=LimitKind.SITES_AT_LEAST),
    "time for a detour": without_time_limits,
    "two links between places": with_a_second_mode,
}


@pytest.mark.parametrize("single", [False, True])
@pytest.mark.parametrize("what", OTHERS)
def test_what_is_more_than_a_hub_median_is_none(what: str, single: bool) -> None:  # noqa: FBT001
    """Whatever else could make a route, a cost or a rule is left to the general engine."""
    instance = hub_instance(1, single=single)
    assert as_hubs.case_of(instance) is not None
    assert as_hubs.case_of(OTHERS[what](instance)) is None


def test_goods_that_stop_once_are_no_hub_median() -> None:
    """One hub alone is another problem."""
    instance = hub_instance(1, single=False)
    (goods,) = instance.products
    assert (
        as_hubs.case_of(replace(instance, products=(replace(goods, chain=goods.chain[:1]),)))
        is None
    )


def test_single_allocation_needs_its_limits_and_chargers() -> None:
    """Without the limit of a city, with two sites for it, or a way past its hub it is none."""
    instance = hub_instance(1, single=True)
    limits = instance.limits
    for here, limit in enumerate(limits):
        if limit.area is not None:
            others = (*limits[:here], *limits[here + 1 :])
            assert as_hubs.case_of(replace(instance, limits=others)) is None
            twice = (*others, replace(limit, value=2.0))
            assert as_hubs.case_of(replace(instance, limits=twice)) is None
    free = tuple(replace(link, charging_site=None) for link in instance.links)
    assert as_hubs.case_of(replace(instance, links=free)) is None
    paid = tuple(replace(m, fixed_cost_cny_per_year=1e6) for m in instance.modules)
    assert as_hubs.case_of(replace(instance, modules=paid)) is None


def test_time_for_a_detour_does_no_harm_where_it_never_pays() -> None:
    """With the triangle inequality routes over a third hub are no cheaper: it is a hub median."""
    instance = hub_instance(1, single=False)
    alike = tuple(
        replace(link, cost_cny_per_t=1000.0 if link.from_place[1:] != link.to_place[1:] else 500.0)
        for link in instance.links
    )
    instance = without_time_limits(replace(instance, links=alike))
    with solver_at_hand():
        found = answer(instance, EXACT, engine=Engine.HUBS)
    assert mcny(found.plan.objective_fen) == pytest.approx(optimum(instance).mcny, rel=1e-9)


def test_what_is_no_hub_median_is_not_solved_as_one() -> None:
    """It is refused with what to do, and so is what asks for more, in both languages."""
    with pytest.raises(InputError, match=r"--engine.*no hub median.*docs/hubs.md") as caught:
        answer(tiny(), EXACT, engine=Engine.HUBS)
    assert "枢纽" in caught.value.message.zh
    instance = hub_instance(0, single=False)
    routes = Question(gap=0.0, routes_per_shipment=9)
    with pytest.raises(InputError, match="--routes"):
        answer(instance, routes, engine=Engine.HUBS)
    with pytest.raises(InputError, match="--highs"):
        answer(instance, Question(highs={"presolve": "on"}), engine=Engine.HUBS)
    with solver_at_hand():
        first = answer(instance, EXACT)
        assert answer(instance, routes).engine is Engine.MONOLITHIC
    with pytest.raises(InputError, match="earlier"):
        answer(instance, EXACT, warm=WarmStart(first.plan), engine=Engine.HUBS)


def test_too_many_sets_of_hubs_are_left_to_the_general_engine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The message says so where the engine was asked for."""
    monkeypatch.setattr(hubs_module, "MOST_SETS", 5)
    instance = hub_instance(0, single=False)
    with solver_at_hand():
        assert answer(instance, EXACT).engine is Engine.MONOLITHIC
    with pytest.raises(InputError, match="more sets of hubs"):
        answer(instance, EXACT, engine=Engine.HUBS)


def test_tables_over_pairs_of_cities_must_not_be_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """A single shipment between many cities needs tables of all pairs of cities and of hubs."""
    instance = hub_instance(0, single=True)
    case = as_hubs.case_of(instance)
    assert isinstance(case, recognise_single.SingleCase)
    cells = len(case.layout.cities) ** 2 * case.hubs.sites**2
    assert cells > len(instance.demand) * case.hubs.sites**2
    monkeypatch.setattr(recognise_single, "MOST_CELLS", cells)
    assert as_hubs.case_of(instance) is not None
    monkeypatch.setattr(recognise_single, "MOST_CELLS", cells - 1)
    assert as_hubs.case_of(instance) is None


class Stopper(Silent):
    """Asks to stop as soon as hubs are being chosen."""

    def __init__(self, stop: threading.Event) -> None:
        self.stop = stop

    def phase(self, name: object, done: int = 0, total: int = 0) -> None:  # noqa: ARG002
        """Stop at the search."""
        if "choosing hubs" in str(name):
            self.stop.set()


@pytest.mark.parametrize("single", [False, True])
def test_a_stop_keeps_what_is_known(single: bool) -> None:  # noqa: FBT001
    """A first plan that leaves nothing behind, verified and interrupted, and a bound that holds."""
    instance, stop = hub_instance(0, single=single), threading.Event()
    with solver_at_hand():
        found = answer(instance, EXACT, watcher=Stopper(stop), stop=stop)
    assert (found.engine, found.plan.status) == (Engine.HUBS, Status.INTERRUPTED)
    assert found.verification.passed
    assert not found.plan.unserved
    assert found.plan.bound_fen is not None
    best = optimum(instance).mcny
    assert mcny(found.plan.bound_fen) <= best <= mcny(found.plan.objective_fen)


def test_a_plan_that_costs_other_than_its_problem_is_a_fault(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A wrong number in the engine ends in a failure, not in a plan."""
    weight = recognise.in_money

    def cheaper(instance: Instance, cost: object) -> object:
        money, behind = weight(instance, cost)  # type: ignore[arg-type]
        return money * 0.99, behind

    monkeypatch.setattr(recognise, "in_money", cheaper)
    with pytest.raises(SolverError, match="special form"):
        answer(hub_instance(0, single=False), EXACT)


def proved(family: str, part: str) -> None:
    """Solve the cases whose name has a part, each optimal and as published."""
    assert BENCHMARKS is not None
    folder = Path(BENCHMARKS) / "cab"
    cases = [case for case in cases_of(family, folder) if part in case.name]
    assert cases
    table = published_beside(folder)
    for outcome in bench(cases, table, Question(gap=0.0, time_s=60.0)):
        assert (outcome.proof.value, outcome.engine) == ("optimal", Engine.HUBS), outcome.case
        assert not outcome.wrong
        assert outcome.published is None or outcome.same, outcome.case


@at_hand
def test_ten_cities_are_solved_as_published() -> None:
    """Three hubs of ten, at two discounts, in a moment each."""
    with solver_at_hand():
        proved("cab-multiple", "n10_p3_a0.2")
        proved("cab-single", "n10_p3_a0.8")


@pytest.mark.slow
@at_hand
@pytest.mark.parametrize("family", ["cab-multiple", "cab-single"])
def test_all_published_hub_medians_are_proved(family: str) -> None:
    """All sizes and discounts; with single allocation 45 have no published value."""
    proved(family, "")
