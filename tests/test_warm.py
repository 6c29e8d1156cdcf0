"""A solve started from an earlier result: sooner where it helps, and never on trust."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from hubopt.cli.entry import run
from hubopt.engine import solve_problem as solve_module
from hubopt.engine.array_form import array_form
from hubopt.engine.bound import DEMAND
from hubopt.engine.earlier import distance_form, earlier_plan
from hubopt.engine.generate import generate
from hubopt.engine.layout import layout_of
from hubopt.engine.start import point_of
from hubopt.errors import InputError
from hubopt.network.routes import all_routes, list_routes
from hubopt.plan.verify import verify
from hubopt.problem.build import build_problem
from hubopt.publish import prices as price_file
from hubopt.publish.prices import numbers as price_numbers
from hubopt.publish.results import changed_files
from hubopt.publish.warm_files import read_warm
from hubopt.solve.answer import Question, Silent, answer
from hubopt.solve.settle import settle
from hubopt.solve.start import decisions_of
from hubopt.solve.warm import WarmStart, routes_in
from hubopt.solver.form import ALL_ROUTES_BRANCHING, EARLIER, PRICING, SolveOptions
from hubopt.solver.run import run as solve_form
from hubopt.solver.statuses import TOLERANCE, worst_violation
from hubopt.vocabulary import SiteStatus, Status
from tests.instance_folder import cell, tiny_folder
from tests.random_networks import random_network
from tests.solver_at_hand import solver_at_hand
from tests.test_generate import lp_value, one_route_each
from tests.test_route_pricing import with_all_routes
from tests.tiny import tiny

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from hubopt.instance.tables import Instance
    from hubopt.solve.answer import Answer

FEW = Question(gap=0.0, time_s=60.0, routes_per_shipment=1)
OPTIONS = SolveOptions(gap=1e-9, time_s=60.0)
SEEDS = range(8)


def grown(instance: Instance, factor: float) -> Instance:
    """Return an instance with so many times the demand, as a scenario might have it."""
    demand = tuple(
        replace(one, demand_t_per_year=factor * one.demand_t_per_year) for one in instance.demand
    )
    return replace(instance, demand=demand)


def start_of(found: Answer) -> WarmStart:
    """Return the start that an answer gives."""
    return WarmStart(found.plan, found.problem.row_prices)


def pricing_networks() -> Iterator[tuple[Instance, Answer]]:
    """Yield instances in which routes are priced, with what a cold solve of them finds."""
    for seed in SEEDS:
        instance = random_network(seed)
        if not one_route_each(instance).complete:
            yield instance, answer(instance, FEW, all_routes=True)


def test_the_same_problem_begins_with_its_plan_and_bound() -> None:
    """The earlier plan is the first upper bound, and there is a lower one before any LP.

    What is found is no worse than without a start.
    """
    seen = 0
    with solver_at_hand():
        for instance, cold in pricing_networks():
            warm = answer(instance, FEW, all_routes=True, warm=start_of(cold))
            first, second = warm.course[:2]
            assert first.phase == EARLIER
            assert second.phase in {PRICING, ALL_ROUTES_BRANCHING}
            assert first.best_mcny == pytest.approx(cold.plan.objective_fen / 1e8, rel=1e-6)
            assert second.bound_mcny is not None
            assert warm.plan.objective_fen <= cold.plan.objective_fen * (1 + 1e-7)
            assert warm.plan.bound_fen <= cold.plan.objective_fen
            seen += 1
    assert seen > 3


def test_a_start_that_is_near_enough_is_the_answer() -> None:
    """Where earlier prices prove the earlier plan at once, no model is solved for another plan."""
    sooner = 0
    with solver_at_hand():
        for instance, cold in pricing_networks():
            gap = (cold.plan.gap or 0.0) + 0.01
            loose = replace(FEW, gap=gap)
            warm = answer(instance, loose, all_routes=True, warm=start_of(cold))
            assert warm.plan.gap is not None
            assert warm.plan.gap <= gap
            sooner += not {m.phase for m in warm.course} & {"MIP", "LP relaxation"}
            assert warm.plan.status in {Status.OPTIMAL, Status.FEASIBLE}
    assert sooner > 1


@pytest.mark.parametrize("large_from", [solve_module.SMALL_COLUMNS, 0])
def test_another_scenario_ends_where_it_ends_without_a_start(
    large_from: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More or less freight than in the plan begun from: the same optimum, the bound below it."""
    monkeypatch.setattr(solve_module, "SMALL_COLUMNS", large_from)
    seen = 0
    with solver_at_hand():
        for here, (instance, cold) in enumerate(pricing_networks()):
            other = grown(instance, 1.4 if here % 2 else 0.6)
            plain = answer(other, FEW, all_routes=True).plan
            warm = answer(other, FEW, all_routes=True, warm=start_of(cold))
            best = answer(other, replace(FEW, routes_per_shipment=None)).plan
            plans = (plain, warm.plan, best)
            assert warm.plan.bound_fen <= min(plan.objective_fen for plan in plans)
            if Status.OPTIMAL in {plain.status, warm.plan.status}:
                assert warm.plan.objective_fen == pytest.approx(plain.objective_fen, rel=1e-3)
            assert warm.course[0].phase == EARLIER
            seen += 1
    assert seen > 3


def closed(instance: Instance, name: str) -> Instance:
    """Return an instance in which a site is closed, and nothing of it stands."""
    modules = tuple(replace(m, built=0) if m.site == name else m for m in instance.modules)
    sites = tuple(
        replace(s, status=SiteStatus.CLOSED) if s.id == name else s for s in instance.sites
    )
    return replace(instance, sites=sites, modules=modules)


def required(instance: Instance, name: str) -> Instance:
    """Return an instance in which a site must be open."""
    sites = tuple(
        replace(s, status=SiteStatus.REQUIRED) if s.id == name else s for s in instance.sites
    )
    return replace(instance, sites=sites)


@pytest.mark.parametrize("change", [closed, required])
def test_a_design_that_breaks_a_rule_is_repaired(
    change: Callable[[Instance, str], Instance],
) -> None:
    """A site of the plan is closed, or another one required: a plan near it is found at once.

    It meets every rule of the problem as it is now, which the plan itself does not.
    """
    seen = 0
    with solver_at_hand():
        for instance in (tiny(), *map(random_network, SEEDS)):
            plan = answer(instance, Question(gap=0.0)).plan
            stands = {s.site for s in plan.sites if any(s.modules.values())}
            candidates = [s.id for s in instance.sites if s.status is SiteStatus.CANDIDATE]
            name = next((s for s in candidates if (s in stands) == (change is closed)), None)
            if name is None:
                continue
            other = change(instance, name)
            problem = build_problem(other, list_routes(other))
            found = earlier_plan(problem, decisions_of(problem, plan), OPTIONS)
            assert found is not None
            made = settle(other, problem, found.decisions, status=Status.FEASIBLE, bound_mcny=None)
            assert verify(other, made).passed
            assert made.objective_fen == pytest.approx(1e8 * found.cost_mcny, rel=1e-5)
            now = {s.site for s in made.sites if any(s.modules.values())}
            assert (name in now) == (change is required)
            seen += 1
    assert seen > 1


def test_the_nearest_sites_are_the_same_where_they_may_be() -> None:
    """The model of distances gives back a design that keeps the rules, and moves one that does not.

    All rules on sites alone hold for what it gives.
    """
    instance = tiny()
    plan = answer(instance, Question(gap=0.0)).plan
    problem = build_problem(instance, list_routes(instance))
    form = array_form(problem)
    siting = layout_of(problem, form).siting
    point = point_of(problem, form, decisions_of(problem, plan))
    kept = solve_form(distance_form(form, siting, point), OPTIONS)
    assert kept.objective == pytest.approx(0.0, abs=1e-9)
    turned = np.where(siting, form.column_upper - point, point)
    model = distance_form(form, siting, turned)
    moved = solve_form(model, OPTIONS)
    assert moved.objective is not None
    assert moved.objective > 0.5
    assert moved.values is not None
    assert worst_violation(model, moved.values).size <= TOLERANCE


def test_routes_of_a_plan_are_taken_where_a_plan_could_use_them() -> None:
    """Every route taken is one of all that there are; what is closed, too late or gone is not."""
    taken = refused = 0
    for seed in SEEDS:
        instance = random_network(seed)
        plan = answer(instance, Question(gap=0.01)).plan
        for name in [None, *(s.id for s in instance.sites)]:
            other = instance if name is None else closed(instance, name)
            there = {(s.id, r.steps) for s in other.demand for r in all_routes(other, s.id)}
            found = {(r.shipment, r.steps) for r in routes_in(other, plan)}
            mine = {(f.shipment, f.steps) for f in plan.flows}
            assert found == mine & there
            taken, refused = taken + len(found), refused + len(mine - found)
    assert taken
    assert refused


SPOILS: dict[str, Callable[[np.ndarray[Any, Any], np.random.Generator], object]] = {
    "turned": lambda found, _: -found,
    "large": lambda found, _: 1e3 * found,
    "huge": lambda found, _: 1e11 * np.sign(found),
    "shuffled": lambda found, dice: dice.permutation(found),
    "random": lambda found, dice: dice.normal(size=len(found)) * np.abs(found).max(),
    "none": lambda found, _: 0.0 * found,
}


@pytest.mark.parametrize("kind", SPOILS)
def test_spoiled_prices_give_no_wrong_bound(kind: str) -> None:
    """Whatever the prices are, the bound that they give lies below the LP over every route.

    Those of the demands themselves, which no file holds, change nothing.
    """
    dice = np.random.default_rng(1)
    seen = 0
    with solver_at_hand():
        for seed in SEEDS:
            instance = random_network(seed)
            few, truth = one_route_each(instance), lp_value(with_all_routes(instance))
            if truth is None or few.complete:
                continue
            good = generate(instance, few, OPTIONS).row_prices
            spoiled = np.asarray(SPOILS[kind](np.array(list(good.values())), dice))
            wrong = dict(zip(good, spoiled.tolist(), strict=True))
            wrong |= {f"{DEMAND}({name})": 1e6 for name in few.shipment_ids} | {"no_row(1)": 5.0}
            heard: list[tuple[int, float]] = []

            def note(
                number: int,
                _new: int,
                _lp: float | None,
                bound: float,
                heard: list[tuple[int, float]] = heard,
            ) -> None:
                heard.append((number, bound))

            made = generate(instance, few, OPTIONS, on_round=note, earlier=wrong)
            assert all(bound <= truth + 1e-9 * abs(truth) for _, bound in heard)
            assert made.bound_over_all_mcny == pytest.approx(truth, rel=2e-5)
            assert made.bound_over_all_mcny <= truth + 1e-9 * abs(truth)
            seen += heard[0][0] == 0
    assert seen or kind == "huge"


def test_good_prices_begin_near_the_bound() -> None:
    """Begun from its own prices and routes, the bound of the first round is nearly the last one."""
    near = []
    with solver_at_hand():
        for instance, cold in pricing_networks():
            warm = answer(instance, FEW, all_routes=True, warm=start_of(cold))
            end = cold.problem.bound_over_all_mcny
            first = next(m.bound_mcny for m in warm.course if m.bound_mcny is not None)
            assert end is not None
            near.append((end - first) / abs(end))
    assert max(near) < 0.2
    assert sum(gap < 0.01 for gap in near) > len(near) / 2


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder with a result of the tiny instance over all routes, from one route each."""
    root = tmp_path_factory.mktemp("made")
    folder = tiny_folder(root / "tiny")
    words = ["solve", str(folder), "-o", str(root / "r"), "--all-routes", "--routes", "1"]
    assert run([*words, "--quiet"]) == 0
    return root / "r" / "tiny" / "base"


@pytest.fixture
def copy(made: Path, tmp_path: Path) -> Path:
    """Return a copy of that result that a test may spoil."""
    return shutil.copytree(made, tmp_path / "copy")


def test_a_result_holds_its_prices(made: Path, copy: Path) -> None:
    """They stand by name of row, without those of demands, and come back; drawing anew keeps them.

    A result without --all-routes has none.
    """
    start = read_warm(made)
    assert start.prices
    assert not any(name.startswith(f"{DEMAND}(") for name in start.prices)
    assert all(start.prices.values())
    before = (copy / "prices.json").read_bytes()
    folder = tiny_folder(copy.parent / "tiny")
    assert run(["map", str(copy), "--instance", str(folder)]) == 0
    assert (copy / "prices.json").read_bytes() == before
    assert changed_files(copy) == ()
    assert run(["solve", str(folder), "-o", str(copy.parent / "r"), "--quiet"]) == 0
    assert read_warm(copy.parent / "r" / "tiny" / "base").prices == {}


def test_the_command_starts_from_a_result(
    made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Other demand, the same instance: the earlier plan is tried first, and prices give a bound."""
    folder = tiny_folder(tmp_path / "tiny", cell("demand.csv", 2, "demand_t_per_year", "8500"))
    words = ["solve", str(folder), "-o", str(tmp_path / "r"), "--all-routes", "--routes", "1"]
    capsys.readouterr()
    assert run([*words, "--warm", str(made), "--json"]) == 0
    told = [json.loads(line) for line in capsys.readouterr().err.splitlines() if line[0] == "{"]
    solves = [e for e in told if e["kind"] == "progress"]
    assert [e["phase"] for e in solves[:2]] == [EARLIER, PRICING]
    assert solves[1]["round"] == 0
    assert solves[1]["gap"] is not None
    assert run(["verify", str(tmp_path / "r" / "tiny" / "base")]) == 0


def refused(folder: Path, start: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """Return what is said of a start that is refused before anything is solved or written."""
    out = folder.parent / "out"
    assert run(["solve", str(folder), "-o", str(out), "--warm", str(start), "--quiet"]) == 2
    assert not list(out.rglob("plan.json"))
    return capsys.readouterr().err


def with_hash(copy: Path, name: str) -> None:
    """Let the manifest say that a file is as it was written."""
    file = copy / "manifest.json"
    record = json.loads(file.read_text(encoding="utf-8"))
    record["outputs"][name] = hashlib.sha256((copy / name).read_bytes()).hexdigest()
    file.write_text(json.dumps(record), encoding="utf-8")


def spoil(copy: Path, name: str, before: str, after: str) -> None:
    """Replace a text in a file of a result."""
    text = (copy / name).read_text(encoding="utf-8")
    assert before in text
    (copy / name).write_text(text.replace(before, after, 1), encoding="utf-8")


def test_what_was_damaged_is_refused(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A plan cut off, prices edited or gone: file and remedy are named, and nothing is solved."""
    folder = tiny_folder(copy.parent / "tiny")
    spoil(copy, "prices.json", ": ", ":  ")
    said = refused(folder, copy, capsys)
    assert "prices.json" in said
    assert "not as hubopt wrote it" in said
    (copy / "prices.json").unlink()
    assert "is missing" in refused(folder, copy, capsys)
    text = (copy / "plan.json").read_text(encoding="utf-8")
    (copy / "plan.json").write_text(text[: len(text) // 2], encoding="utf-8")
    assert "plan.json" in refused(folder, copy, capsys)
    (copy / "manifest.json").unlink()
    assert "plan.json" in refused(folder, copy, capsys)
    assert "holds no readable plan.json" in refused(folder, copy.parent, capsys)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('"instance": "tiny"', '"instance": "other"', "another instance than the plan"),
        ('"instance_hash": "', '"instance_hash": "0', "another instance than the plan"),
        ('"format": 1', '"format": 2', "is not the format 1"),
        ('"scenario"', '"state"', "does not hold the keys"),
        ('"prices": {', '"prices": [{', "not JSON"),
        ('"prices": {\n', '"prices": {\n"a": 1e999,\n', "is not a price"),
        ('"prices": {\n', '"prices": {\n"a": true,\n', "is not a price"),
        ('"prices": {\n', '"prices": {\n"a": "1",\n', "is not a price"),
        ('"prices": {\n', '"prices": {\n"a": 1e13,\n', "is not a price"),
    ],
)
def test_wrong_prices_are_refused(
    before: str,
    after: str,
    said: str,
    copy: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Even where the manifest knows nothing of it, each value of the wrong kind is named."""
    folder = tiny_folder(copy.parent / "tiny")
    spoil(copy, "prices.json", before, after)
    with_hash(copy, "prices.json")
    told = refused(folder, copy, capsys)
    assert said in told
    assert "prices.json" in told
    assert "--warm" in told


def test_another_instance_is_refused(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A result of an instance of another name, with other stages, sites or freight starts nothing.

    File, what differs and what to do are said.
    """
    folder = tiny_folder(copy.parent / "tiny")
    spoil(folder, "instance.toml", 'name = "tiny"', 'name = "mine"')
    said = refused(folder, copy, capsys)
    assert "plan.json" in said
    assert "another instance; this one is mine" in said
    assert "without --warm" in said


def test_stages_sites_and_freight_must_be_known() -> None:
    """Of the same name, but without a site or shipment in common, or with other years: refused."""
    plan = answer(tiny(), Question(gap=0.1)).plan
    later = {2025: 2026, 2030: 2031}
    cases = {
        "has other stages": replace(
            plan, sites=tuple(replace(s, stage=later[s.stage]) for s in plan.sites)
        ),
        "names none of the sites": replace(
            plan, sites=tuple(replace(s, site=f"X{s.site}") for s in plan.sites)
        ),
        "names none of the shipments": replace(
            plan,
            flows=tuple(replace(f, shipment=f"X{f.shipment}") for f in plan.flows),
            unserved=(),
        ),
    }
    for said, other in cases.items():
        with pytest.raises(InputError, match=said):
            answer(tiny(), FEW, warm=WarmStart(other), watcher=Silent())


def test_prices_are_written_the_same_whatever_their_order() -> None:
    """The file is sorted by name, reads back as it was, and refuses what is not a number."""
    plan = answer(tiny(), Question(gap=0.1)).plan
    one = price_file.to_json(plan, {"b": -0.1, "a": 2.5})
    assert one == price_file.to_json(plan, {"a": 2.5, "b": -0.1})
    assert price_file.from_json(one, plan, file="prices.json") == {"a": 2.5, "b": -0.1}


def test_a_price_of_four_hundred_digits_is_refused() -> None:
    """It is too large for a float, and said to be no price."""
    with pytest.raises(InputError, match=r"prices\.a"):
        price_numbers({"a": 10**400}, "prices.json")
