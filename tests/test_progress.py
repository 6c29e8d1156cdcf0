"""How far a solve is, for people and programs; and how it went, which stands in the result."""

from __future__ import annotations

import csv
import json
import math
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from hubopt.cli import events as events_module
from hubopt.cli.entry import run
from hubopt.cli.events import Events
from hubopt.cli.interrupt import StopRequest
from hubopt.cli.progress import ProgressLine
from hubopt.publish.convergence_chart import chart, window
from hubopt.publish.results import changed_files, redraw, write_results
from hubopt.solve import course as course_module
from hubopt.solve.answer import Question, Silent, answer
from hubopt.solve.clock import Clock
from hubopt.solve.course import END, Course, Moment
from hubopt.solver.form import ALL_ROUTES_BRANCHING, PRICING, Progress
from hubopt.text import Language, Text
from tests.instance_folder import tiny_folder
from tests.publishing import HOLDS, contents, instance_folder, quick_maps
from tests.random_networks import random_network
from tests.solver_at_hand import solver_at_hand
from tests.test_generate import one_route_each
from tests.tiny import tiny
from tests.tiny_plan import tiny_plan

if TYPE_CHECKING:
    from pathlib import Path

KEYS = ["kind", "schema", "phase", "elapsed_s", "best_mcny", "bound_mcny", "gap"]
COURSE = (
    Moment(0.5, None, 90.0, "LP relaxation"),
    Moment(1.25, 120.0, 90.0, "rounding"),
    Moment(2.5, 101.5, 100.0, "whole model"),
    Moment(3.0, 101.500001, 101.5, END),
)


def told(text: str) -> list[dict[str, Any]]:
    """Return the events in what was printed on standard error."""
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


def progress(best: float | None, bound: float | None, phase: str = "MIP") -> Progress:
    """Return where a solve stands."""
    return Progress(0.0, best, bound, None, phase)


def test_events_tell_what_is_new(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same numbers come again only after a second; infinity is null, counts stand behind."""
    events = Events()
    for _ in range(3):
        events.phase(Text("listing routes", "列出运输路径"), 1, 2)
    events.solver(progress(None, -math.inf))
    events.solver(progress(5.0, 4.0))
    events.solver(progress(5.0, 4.0, "other"))
    monkeypatch.setattr(events_module, "EVERY_S", 0.0)
    events.solver(progress(5.0, 4.0, "other"))
    found = told(capsys.readouterr().err)
    assert [(e["kind"], e["phase"], e["best_mcny"], e["bound_mcny"]) for e in found] == [
        ("phase", "listing routes", None, None),
        ("progress", "MIP", None, None),
        ("progress", "MIP", 5.0, 4.0),
        ("progress", "other", 5.0, 4.0),
    ]
    assert [list(e)[: len(KEYS)] for e in found] == [KEYS] * 4
    assert (found[0]["done"], found[0]["total"]) == (1, 2)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_solve_with_json_tells_programs_how_far_it_is(
    lang: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Every line is an event, in English, plans fall and bounds rise; the last ones are the plan's.

    The answer alone is on standard output.
    """
    monkeypatch.setenv("HUBOPT_LANG", "en")  # what --lang sets is put back at the end
    folder = tiny_folder(tmp_path / "tiny")
    words = ["solve", str(folder), "-o", str(tmp_path / "r"), "--json", "--lang", lang]
    assert run(words) == 0
    printed = capsys.readouterr()
    found = told(printed.err)
    assert len(found) == len(printed.err.splitlines())
    assert {e["kind"] for e in found} == {"phase", "progress"}
    assert all(list(e)[: len(KEYS)] == KEYS and e["schema"] == 1 for e in found)
    assert [e["elapsed_s"] for e in found] == sorted(e["elapsed_s"] for e in found)
    assert {"reading the instance", "listing routes", "MIP"} <= {e["phase"] for e in found}
    solves = [e for e in found if e["kind"] == "progress"]
    for name, sign in (("best_mcny", -1), ("bound_mcny", 1)):
        numbers = [sign * e[name] for e in solves if e[name] is not None]
        assert numbers == sorted(numbers)
    cost_cny = json.loads(printed.out)["objective_cny"]
    assert solves[-1]["best_mcny"] * 1e6 == pytest.approx(cost_cny, rel=1e-6)
    assert run([*words, "--quiet"]) == 0
    assert capsys.readouterr().err == ""


def test_a_command_of_many_solves_tells_which_one_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A curve of cost against CO2e says before each phase which point it belongs to."""
    folder = tiny_folder(tmp_path / "tiny")
    words = ["pareto", str(folder), "-o", str(tmp_path / "r"), "--points", "2", "--json"]
    run(words)
    found = told(capsys.readouterr().err)
    assert len([e for e in found if e["kind"] == "progress"]) > 1
    assert len({e["phase"].partition("; ")[0] for e in found if "; " in e["phase"]}) > 1


def test_pricing_shows_its_bound_before_any_plan(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Round, new routes and bound stand on the line, in both languages.

    Without a plan a signal still ends the command at once; with one it keeps the plan.
    """
    for language, words in (
        (Language.EN, "round 3, 1,200 new"),
        (Language.ZH, "第 3 轮，新增 1,200 条"),
    ):
        stop = StopRequest()
        line = ProgressLine(language, stop)
        counts = {"round": 3, "new_routes": 1200}
        line.solver(Progress(0.0, None, 1314.86, None, PRICING, counts))
        assert not stop.keeping
        line.solver(Progress(0.0, 1315.5, 1314.86, 5e-4, PRICING, counts))
        assert stop.keeping
        told_first = capsys.readouterr().err.splitlines()[0]
        assert words in told_first
        assert "1,314.9" in told_first


def test_branching_shows_its_nodes_and_its_bound_counts(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Nodes stand on the line; of all bounds of solvers only those of branching are over all."""
    counts = {"nodes": 1200, "open_nodes": 34}
    for language, words in (
        (Language.EN, "1,200 nodes, 34 open"),
        (Language.ZH, "1,200 个节点，34 个待处理"),
    ):
        line = ProgressLine(language, StopRequest())
        line.solver(Progress(0.0, 1315.5, 1314.86, 5e-4, ALL_ROUTES_BRANCHING, counts))
        assert words in capsys.readouterr().err
    course = Course(Silent(), Clock(60.0))
    course.price(1.0)
    for phase in ("whole model", ALL_ROUTES_BRANCHING):
        course.solver(Progress(0.0, 9.0, 8.0, None, phase))
        assert course.bound == (8.0 if phase == ALL_ROUTES_BRANCHING else 1.0)


def test_the_course_never_gets_worse(monkeypatch: pytest.MonkeyPatch) -> None:
    """Worse numbers are not passed on; steps of a bound within a tenth of a second are one."""
    monkeypatch.setattr(course_module, "SPACING_S", 1e9)
    course = Course(Silent(), Clock(60.0))
    for one in (progress(None, 1.0), progress(9.0, 2.0), progress(9.5, 1.5), progress(9.0, 3.0),
                progress(9.0, 4.0), progress(8.0, 3.5), progress(8.0, math.inf)):  # fmt: skip
        course.solver(one)
    found = [(m.best_mcny, m.bound_mcny) for m in course.moments]
    assert found == [(None, 1.0), (9.0, 2.0), (9.0, 4.0), (8.0, 4.0)]


def test_only_a_bound_over_all_routes_counts_once_there_is_one() -> None:
    """What a solver proves over some routes is not passed on as a bound where all were priced."""
    heard: list[Progress] = []

    class Hearing(Silent):
        def solver(self, progress: Progress) -> None:
            heard.append(progress)

    course = Course(Hearing(), Clock(60.0))
    course.price(5.0)
    course.solver(progress(10.0, 7.0))
    assert (heard[0].bound, heard[0].gap) == (5.0, 0.5)


def test_an_answer_over_all_routes_keeps_how_it_went() -> None:
    """Bounds of the rounds come first, then plans; every bound is below every plan of the record.

    The last moment is the plan.
    """
    seen = 0
    with solver_at_hand():
        for seed in range(4):
            instance = random_network(seed)
            if one_route_each(instance).complete:
                continue
            few = Question(gap=0.0, time_s=60.0, routes_per_shipment=1)
            found = answer(instance, few, all_routes=True)
            course = found.course
            assert course[0].phase == PRICING
            assert course[0].best_mcny is None
            assert course[-1].phase == END
            assert course[-1].gap == pytest.approx(found.plan.gap, abs=1e-6)
            for one, other in pairwise(course[:-1]):
                assert one.elapsed_s <= other.elapsed_s
                assert (one.bound_mcny or 0.0) <= (other.bound_mcny or 0.0)
            best = min(m.best_mcny for m in course if m.best_mcny is not None)
            assert all(m.bound_mcny <= best + 1e-5 for m in course if m.bound_mcny is not None)
            seen += 1
    assert seen > 1


def with_course(
    root: Path, course: tuple[Moment, ...] = COURSE, *, essentials: bool = False
) -> Path:
    """Write the tiny plan with a record of its solve and return its folder."""
    return write_results(
        root / "results",
        tiny(),
        tiny_plan(),
        HOLDS,
        run={"options": {}, "timings": {}},
        instance_folder=instance_folder(root),
        language=Language.EN,
        course=course,
        essentials=essentials,
    )


def test_a_result_holds_how_the_solve_went(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Table and chart stand in the result, and a plan kept in haste has the table already.

    Without a record there is neither; no other file but the manifest depends on it.
    """
    quick_maps(monkeypatch)
    whole = contents(with_course(tmp_path / "one"))
    few = contents(with_course(tmp_path / "two", essentials=True))
    none = contents(with_course(tmp_path / "three", ()))
    added = {"convergence.png", "tables/convergence.csv"}
    assert set(whole) - set(none) == added
    assert {name for name in none if none[name] != whole[name]} == {"manifest.json"}
    assert few["tables/convergence.csv"] == whole["tables/convergence.csv"]
    assert whole["convergence.png"].startswith(b"\x89PNG")
    text = whole["tables/convergence.csv"].decode("utf-8-sig")
    rows = list(csv.DictReader(text.splitlines()))
    assert [row["phase"] for row in rows] == [moment.phase for moment in COURSE]
    assert rows[0]["best_mcny"] == rows[0]["gap"] == ""
    assert float(rows[2]["gap"]) == pytest.approx(1.5 / 101.5, abs=1e-6)


@pytest.mark.parametrize(
    "course",
    [
        COURSE[3:],
        (Moment(0.0, 5.0, None, END),),
        (Moment(0.0, 0.0, 0.0, END),),
        (Moment(1.0, 5e9, None, "MIP"), Moment(2.0, 5.0, -5e9, "MIP"), Moment(3.0, 5.0, 5.0, END)),
    ],
    ids=["one moment", "no bound", "no cost", "far off"],
)
def test_every_course_can_be_drawn(course: tuple[Moment, ...]) -> None:
    """Without a bound, without a gap, and with plans far beyond the last one, there is a chart.

    The axis keeps to what is near the end.
    """
    for language in Language:
        assert chart(course, tiny().settings, language).startswith(b"\x89PNG")
    low, high = window(course)
    last = course[-1].best_mcny
    assert last is not None
    assert low < last < high
    assert high - low < 20


def test_drawing_anew_keeps_how_the_solve_went(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`hubopt map` writes the same table and chart; in Chinese another chart of the same table.

    A plan that was kept in haste gets its chart then.
    """
    quick_maps(monkeypatch)
    monkeypatch.setattr("hubopt.plan.verify.verify", lambda *_: HOLDS)
    whole = with_course(tmp_path / "one")
    before = contents(whole)
    redraw(whole, tiny(), instance_folder(tmp_path / "one"), Language.EN)
    assert contents(whole) == before
    redraw(whole, tiny(), instance_folder(tmp_path / "one"), Language.ZH)
    after = contents(whole)
    differing = {name for name in before if before[name] != after[name]}
    assert differing == {"convergence.png", "manifest.json"}
    hasty = with_course(tmp_path / "two", essentials=True)
    redraw(hasty, tiny(), instance_folder(tmp_path / "two"), Language.EN)
    assert contents(hasty)["convergence.png"] == before["convergence.png"]
    assert changed_files(hasty) == ()
