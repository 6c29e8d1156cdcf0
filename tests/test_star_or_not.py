"""When an instance is solved as a star, why it is not, and that a plan once found is kept."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from hubopt.engine.star import solve_star as solve_star_module
from hubopt.engine.star.recognise import star_case
from hubopt.errors import InputError, InterruptedSolve, NoPlanError
from hubopt.solve import as_star, short_way
from hubopt.solve.answer import Question, Silent, answer
from hubopt.solve.clock import Clock
from hubopt.solve.warm import WarmStart
from hubopt.units import mcny
from hubopt.vocabulary import Engine, Status
from tests.optimum import optimum
from tests.public_files import tiny
from tests.solver_at_hand import solver_at_hand
from tests.star_cases import Kind, random_star
from tests.test_star_instances import EXACT, case_of, goods

if TYPE_CHECKING:
    from pathlib import Path

    from hubopt.instance.tables import Instance


class Stopper:
    """A watcher that asks to stop as soon as it hears of a star."""

    def __init__(self, stop: threading.Event) -> None:
        self.stop = stop

    def phase(self, name: object, done: int = 0, total: int = 0) -> None:
        """Ask to stop."""
        del done, total
        if "star" in str(name):
            self.stop.set()

    def solver(self, progress: object) -> None:
        """Say nothing."""


def one_source(tmp_path: Path, share: float) -> Instance:
    """Return a star with one source each; the least left behind costs a share of the best plan."""
    plain = case_of(tmp_path, "holmberg", tiny(0))
    best = mcny(answer(plain, EXACT).plan.objective_fen)
    case = star_case(plain)
    assert case is not None
    factor = share * best / case.star.least_penalty
    made = tuple(
        replace(p, unserved_cost_cny_per_t=p.unserved_cost_cny_per_t * factor)
        for p in plain.products
    )
    return replace(plain, products=made)


def test_what_cannot_be_proved_is_declined_before_any_search(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the least left behind costs a tenth of the best plan the star is not searched."""
    with solver_at_hand():
        instance = one_source(tmp_path, 0.1)
        monkeypatch.setattr(solve_star_module, "solve_star", None)
        found = answer(instance, EXACT)
    assert found.engine is Engine.MONOLITHIC
    assert found.plan.status is Status.OPTIMAL


def test_no_star_is_declined_that_could_be_proved() -> None:
    """A star is fit where leaving goods behind costs more than the best plan, and not far below."""
    checked = 0
    for seed in range(20):
        star = random_star(seed, Kind(single=True, room=2.5))
        found = solve_star_module.solve_star(star, as_star.SolveOptions(gap=0.0, time_s=20.0))
        if found.plan is None or found.plan.cost > star.least_penalty:
            continue
        share = found.plan.cost / star.least_penalty
        assert as_star.fit(replace(star, unserved=star.unserved * share * 1.000001))
        assert not as_star.fit(replace(star, unserved=star.unserved * share * 0.05))
        checked += 1
    assert checked >= 10


def test_where_time_is_left_goods_may_stay_behind_after_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A plan of the star is not the last word: the general engine finds the optimum."""
    with solver_at_hand():
        instance = one_source(tmp_path, 0.1)
        monkeypatch.setattr(as_star, "fit", lambda _: True)
        found = answer(instance, EXACT)
        best = optimum(instance).mcny
    assert mcny(found.plan.objective_fen) == pytest.approx(best, rel=1e-6)


def test_a_plan_of_a_star_is_kept_after_a_stop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though its bound is only what the least left behind costs, and says so."""
    with solver_at_hand():
        instance = one_source(tmp_path, 0.1)
        monkeypatch.setattr(as_star, "fit", lambda _: True)
        stop = threading.Event()
        found = answer(instance, EXACT, watcher=Stopper(stop), stop=stop)
        best = optimum(instance).mcny
    assert stop.is_set()
    assert (found.engine, found.plan.status) == (Engine.STAR, Status.INTERRUPTED)
    assert found.verification.passed
    assert found.plan.bound_fen is not None
    assert mcny(found.plan.bound_fen) <= best <= mcny(found.plan.objective_fen)


def test_a_plan_of_a_star_is_kept_where_nothing_else_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the general way is stopped before a first plan, or finds a dearer one."""
    with solver_at_hand():
        instance = one_source(tmp_path, 0.1)
        monkeypatch.setattr(as_star, "fit", lambda _: True)
        star = as_star.solved_as_star(instance, EXACT, Silent(), Clock(60.0), None)
    assert isinstance(star, short_way.Short)
    assert not star.last

    def stopped() -> object:
        raise InterruptedSolve(as_star.NO_PLAN_YET)

    def dearer() -> object:
        worse = replace(star.solved.answer, objective=2 * (star.solved.answer.objective or 0.0))
        return star.problem, star.solved._replace(answer=worse)

    for other in (stopped, dearer):
        _, kept = short_way.better(star, other, alone=False)  # type: ignore[arg-type]
        assert kept is star.solved


def test_a_hint_does_not_change_what_is_solved(tmp_path: Path) -> None:
    """A study's plan before is a start for the general engine, and no reason to take it."""
    instance = case_of(tmp_path)
    with solver_at_hand():
        first = answer(instance, EXACT)
        hinted = answer(instance, EXACT, start=first.plan)
    assert hinted.engine is Engine.STAR
    assert hinted.plan.gap_basis == first.plan.gap_basis


def test_whoever_asks_for_more_gets_the_general_engine(tmp_path: Path) -> None:
    """Options for HiGHS and an earlier result count; none of them is dropped without a word."""
    instance = case_of(tmp_path)
    with solver_at_hand():
        first = answer(instance, EXACT)
        highs = Question(gap=0.0, highs={"mip_heuristic_effort": 0.1})
        others = [answer(instance, highs), answer(instance, EXACT, warm=WarmStart(first.plan))]
    assert first.engine is Engine.STAR
    for other in others:
        assert other.engine is Engine.MONOLITHIC
        assert other.plan.objective_fen == pytest.approx(first.plan.objective_fen, rel=1e-9)


REASONS = {
    "routes": (Question(routes_per_shipment=3), "--routes", "路径数"),
    "highs": (Question(highs={"mip_heuristic_effort": 0.1}), "HiGHS", "HiGHS"),
    "one source": (EXACT, "leaving goods behind", "留下部分货物"),
    "warm": (EXACT, "earlier result", "先前结果"),
    "no plan": (EXACT, "no plan was found", "未找到"),
}


@pytest.mark.parametrize("name", REASONS)
def test_a_star_that_is_not_solved_as_one_says_why(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In both languages, and never that the instance is no star."""
    question, english, chinese = REASONS[name]
    with solver_at_hand():
        instance = one_source(tmp_path, 0.1) if name == "one source" else case_of(tmp_path)
        warm = WarmStart(answer(instance, EXACT).plan) if name == "warm" else None
        if name == "no plan":
            none = solve_star_module.StarAnswer(None, -np.inf)
            monkeypatch.setattr(solve_star_module, "solve_star", lambda *_, **__: none)
        kind = NoPlanError if name == "no plan" else InputError
        with pytest.raises(kind, match=english) as caught:
            answer(instance, question, warm=warm, engine=Engine.STAR)
    assert "no star" not in caught.value.message.en
    assert chinese in caught.value.message.zh


def test_a_star_that_is_asked_for_by_name_keeps_its_plan(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its gap is open, and the warning says in both languages that leaving goods behind may pay."""
    with solver_at_hand():
        instance = one_source(tmp_path, 0.1)
        monkeypatch.setattr(as_star, "fit", lambda _: True)
        found = answer(instance, EXACT, engine=Engine.STAR)
    assert (found.engine, found.plan.status) == (Engine.STAR, Status.FEASIBLE)
    assert found.warnings == (as_star.BEHIND_COUNTS,)


@pytest.mark.parametrize(("family", "seed"), [("cap", 0), ("holmberg", 1)])
def test_a_part_of_a_kilogram_of_capacity_is_no_room(
    family: str, seed: int, tmp_path: Path
) -> None:
    """Plans are of whole kilograms, so that the bound meets them and nothing is warned of."""
    instance = goods(case_of(tmp_path, family, tiny(seed)), unserved_cost_cny_per_t=1e10)
    whole, part = (
        replace(
            instance,
            capacities=tuple(
                replace(row, capacity_t_per_year=(row.capacity_t_per_year or 0.0) - less)
                for row in instance.capacities
            ),
        )
        for less in (0.001, 0.0003)
    )
    with solver_at_hand():
        first, second = answer(whole, EXACT), answer(part, EXACT)
    assert (second.engine, second.plan.status, second.warnings) == (
        Engine.STAR, Status.OPTIMAL, (),
    )  # fmt: skip
    assert second.plan.objective_fen == first.plan.objective_fen
    assert second.plan.bound_fen is not None
    assert second.plan.objective_fen - second.plan.bound_fen <= 1
