"""`hubopt pareto`: both ends and a point between are what a person works out; it goes on."""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from hubopt.cli.entry import run
from hubopt.errors import InfeasibleError, InterruptedSolve
from hubopt.instance.read import read
from hubopt.instance.tables import Instance, Limit
from hubopt.instance.write import write
from hubopt.plan.plan import Plan
from hubopt.publish.pareto_chart import chart
from hubopt.publish.pareto_tables import sheet
from hubopt.solve.answer import Answer, Question, Silent, answer
from hubopt.study import pareto
from hubopt.study.outcome import Outcome
from hubopt.study.pareto import Ask, Curve, Found, Point, capped, finder, looker, traced
from hubopt.study.pareto_marks import Mark, marked
from hubopt.study.pareto_store import Points
from hubopt.study.pareto_words import sentences
from hubopt.text import Language, Text
from hubopt.units import FEN_PER_CNY
from hubopt.vocabulary import LimitKind
from tests.choices import LATER, YEAR, trucks

W1 = sum(1.08**-k for k in range(5))
"""Years of the stage 2025, discounted at 8 %."""

NEARLY = 2e-4
"""The last cap leaves a ten-thousandth to spare, the others in proportion; all in whole kg."""

SORTED = 30.0
"""What sorting a tonne in A costs, which stands for 400,000 CNY a year."""


CARBON = 1_000.0
"""CNY a tonne of CO2e that the instance prices it at."""


def priced(instance: Instance) -> Instance:
    """Return an instance with a price of carbon."""
    settings = replace(instance.settings, carbon_price_cny_per_t=CARBON)
    return replace(instance, settings=settings)


TRUCKS = priced(trucks({YEAR: 12_000.0}))


def points_in(folder: Path) -> Points:
    """Return a store of plans."""
    return Points(folder / "points", Question(), {"hubopt": "test"})


def curve_of(instance: Instance, folder: Path, points: int = 3, stage: int | None = None) -> Curve:
    """Return the curve of an instance, solved as far as it is not in the folder."""
    find = finder(points_in(folder), Silent(), threading.Event())
    return traced(instance, Ask(points, stage), find)


@pytest.fixture(scope="module")
def solved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder in which the three points of `TRUCKS` are found."""
    folder = tmp_path_factory.mktemp("solved")
    curve_of(TRUCKS, folder)
    return folder


def cost_cny(point: Point) -> float:
    """Return what a point costs, CNY of present value."""
    assert point.outcome is not None
    return point.outcome.cost_fen / FEN_PER_CNY


def test_ends_and_middle_are_as_worked_out(solved: Path) -> None:
    """12 kt: 120 t CO2e by diesel, 48 t by battery for 30 CNY/t more, half of each between.

    A tonne of CO2e less costs 30 CNY / 6 kg = 5,000 CNY, whatever carbon costs already.
    """
    curve = curve_of(TRUCKS, solved)
    emitted = [one.co2e_t for one in marked(curve)]
    assert emitted == pytest.approx([120.0, 84.0, 48.0], rel=NEARLY)
    by_truck = [12_000 * 50, 6_000 * (50 + 80), 12_000 * 80]
    yearly = [400_000 + 12_000 * SORTED + haul for haul in by_truck]
    by_hand = [W1 * (y + CARBON * t) for y, t in zip(yearly, (120, 84, 48), strict=True)]
    assert [cost_cny(p) for p in curve.points] == pytest.approx(by_hand, rel=NEARLY)
    first, *steps = [one.abatement for one in marked(curve)]
    assert first is None
    assert steps == pytest.approx([5_000, 5_000], rel=1e-3)
    assert {one.mark for one in marked(curve)} == {Mark.IMPROVES}


def test_each_stage_is_capped_in_proportion_or_one_alone(tmp_path: Path) -> None:
    """Half way, each stage may emit the mean of its ends: 84 t and 42 t; or only the one asked."""
    instance = trucks({YEAR: 12_000.0, LATER: 6_000.0})
    curve = curve_of(instance, tmp_path)
    assert curve.points[1].caps_t == pytest.approx({YEAR: 84.0, LATER: 42.0}, rel=NEARLY)
    kg = [point.co2e_kg for point in curve.points]
    assert [row[YEAR] for row in kg] == pytest.approx([120_000, 84_000, 48_000], rel=NEARLY)
    assert [row[LATER] for row in kg] == pytest.approx([60_000, 42_000, 24_000], rel=NEARLY)
    alone = curve_of(instance, tmp_path, points=2, stage=LATER)
    last = alone.points[-1]
    assert list(last.caps_t) == [LATER]
    assert last.co2e_kg == pytest.approx({YEAR: 120_000, LATER: 24_000}, rel=NEARLY)
    assert [one.co2e_t for one in marked(alone)] == pytest.approx([60.0, 24.0], rel=NEARLY)


def test_the_least_co2e_leaves_no_more_behind(tmp_path: Path) -> None:
    """16 kt are one more than A sorts: 15 kt go by battery, 60 t, not none at all for 0 t."""
    curve = curve_of(trucks({YEAR: 16_000.0}), tmp_path, points=2)
    outcomes = [point.outcome for point in curve.points]
    assert [o.unserved_t for o in outcomes if o is not None] == pytest.approx([1_000.0] * 2, abs=1)
    assert marked(curve)[-1].co2e_t == pytest.approx(60.0, rel=NEARLY)


def test_a_point_is_what_its_cap_alone_gives(solved: Path) -> None:
    """A planner who writes a point's cap into limits.csv gets the same cost."""
    point = curve_of(TRUCKS, solved).points[1]
    limit = Limit(LimitKind.EMISSIONS_AT_MOST, YEAR, None, point.caps_t[YEAR])
    plan = answer(replace(TRUCKS, limits=(limit,))).plan
    assert plan.objective_fen / FEN_PER_CNY == pytest.approx(cost_cny(point), abs=0.01)


def test_caps_of_the_instance_stay_where_they_are_tighter() -> None:
    """Of two caps on all freight in a stage the tighter one holds, and others stay as they are."""
    kind = LimitKind.EMISSIONS_AT_MOST
    own = Limit(kind, YEAR, None, 90.0)
    of_goods = Limit(kind, YEAR, None, 10.0, goods="FMCG")
    instance = replace(trucks({YEAR: 12_000.0}), limits=(own, of_goods))
    assert set(capped(instance, {YEAR: 80.0}).limits) == {replace(own, value=80.0), of_goods}
    assert set(capped(instance, {YEAR: 100.0}).limits) == {own, of_goods}


def drafted(*points: tuple[int, int, int] | None) -> Curve:
    """Return a curve whose points have these costs and bounds in CNY and CO2e in kg."""
    instance = trucks({YEAR: 12_000.0})
    made = tuple(
        Point(0.0, {}, None, {}, Text("rules clash", "规则冲突"))
        if figures is None
        else Point(
            0.0,
            {},
            Outcome(
                "feasible", figures[0] * FEN_PER_CNY, figures[1] * FEN_PER_CNY, terms_cny={},
                sites={"DC_A": {"2025": {"small": 1}}},
            ),
            {YEAR: figures[2]},
        )
        for figures in points
    )  # fmt: skip
    return Curve(instance, Ask(len(points) + 1), (YEAR,), made)


def test_points_that_another_beats_or_equals_are_marked() -> None:
    """Dearer for as much CO2e is dominated, the same again no improvement; steps pass both over."""
    curve = drafted((100, 100, 9_000), (130, 130, 9_000), (100, 100, 9_000), None, (140, 90, 4_000))
    found = marked(curve)
    assert [one.mark for one in found] == [
        Mark.IMPROVES, Mark.DOMINATED, Mark.REPEATS, Mark.NO_PLAN, Mark.IMPROVES,
    ]  # fmt: skip
    assert found[-1].abatement == pytest.approx((140 - 100) / (5 * W1))
    assert found[-1].unsure
    en = "\n".join(text.en for text in sentences(curve))
    assert "Points that cost and emit no less than another: 2." in en
    assert "Points that are the same as an earlier one: 3." in en
    assert "Point 4 has no plan: rules clash" in en
    assert "Steps marked ~" in en
    assert "1 are not made" in en
    zh = "\n".join(text.zh for text in sentences(curve))
    assert "第 4 点无方案：规则冲突" in zh
    assert chart(curve, Language.ZH)[:4] == b"\x89PNG"
    blank = dict(zip(sheet(curve).columns, sheet(curve).rows[3], strict=True))
    assert (blank["status"], blank["cost_mcny"], blank["plan"]) == ("no_plan", None, "")


def test_a_cap_that_cannot_be_met_is_a_point_without_a_plan(
    solved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rules that clash under a cap are told, and the other points are made all the same."""
    shutil.copytree(solved, tmp_path, dirs_exist_ok=True)
    middle = curve_of(TRUCKS, tmp_path).points[1]
    (tmp_path / "points" / middle.file).unlink()

    def clashing(*_args: object, **_options: object) -> Answer:
        raise InfeasibleError(Text("rules clash", "规则冲突"))

    monkeypatch.setattr(pareto, "answer", clashing)
    curve = curve_of(TRUCKS, tmp_path)
    assert [one.mark for one in marked(curve)] == [Mark.IMPROVES, Mark.NO_PLAN, Mark.IMPROVES]
    assert curve.points[1].why == Text("rules clash", "规则冲突")


def test_without_a_lower_end_no_cap_is_known() -> None:
    """If no plan was found that emits least, the other points say so."""
    plan = answer(TRUCKS).plan
    why = Text("no plan within the limit", "时限内未得到方案")

    def find(posed: Instance, label: Text, start: Plan | None) -> Found | None:
        assert label.zh
        assert (start is None) == (posed == TRUCKS)
        return Found(plan) if posed == TRUCKS else Found(None, why)

    curve = traced(TRUCKS, Ask(3), find)
    assert [point.why for point in curve.points] == [None, why, why]


def test_what_is_found_is_not_found_again(
    solved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second curve solves nothing; a plan that is torn, or does not hold, is found anew."""
    shutil.copytree(solved, tmp_path, dirs_exist_ok=True)
    made: list[str] = []

    def counted(*args: object, **options: object) -> Answer:
        made.append("one")
        return answer(*args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(pareto, "answer", counted)
    first = curve_of(TRUCKS, tmp_path)
    assert made == []
    store = points_in(tmp_path)
    files = [store.folder / point.file for point in first.points]
    files[0].write_text("{", encoding="utf-8")
    files[1].write_text(files[2].read_text(encoding="utf-8"), encoding="utf-8")
    assert curve_of(TRUCKS, tmp_path) == first
    assert made == ["one", "one"]
    five = curve_of(TRUCKS, tmp_path, points=5)
    assert made == ["one"] * 4  # ends and middle are those of three points
    assert [p.file for p in five.points[::2]] == [p.file for p in first.points]
    assert traced(TRUCKS, Ask(3), looker(replace(store, versions={}))).points == ()


def folder_of(tmp_path: Path) -> str:
    """Write the trucks as an instance and return its folder."""
    write(trucks({YEAR: 12_000.0}), tmp_path / "tiny")
    return str(tmp_path / "tiny")


def test_the_command_writes_table_and_charts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Screen, JSON, table and charts say the same, in both languages, and the same bytes again."""
    asked = ["pareto", folder_of(tmp_path), "-o", str(tmp_path / "out"), "--points", "3"]
    assert run([*asked, "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    target = tmp_path / "out" / "tiny" / "pareto"
    assert sorted(path.name for path in target.glob("*.*")) == sorted(record["files"])
    text = (target / "pareto.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(text.splitlines()))
    assert [float(row["co2e_2025_t"]) for row in rows] == pytest.approx([120, 84, 48], rel=NEARLY)
    assert [row["sites"] for row in rows] == ["DC_A"] * 3
    assert float(rows[2]["tkm_share_road_battery_percent"]) == pytest.approx(100.0, rel=1e-3)
    assert all((target / "points" / row["plan"]).is_file() for row in rows)
    assert json.loads((target / "pareto.json").read_text(encoding="utf-8"))["points"][1][
        "abatement_cny_per_t"
    ] == pytest.approx(5_000, rel=1e-3)
    before = {path.name: path.read_bytes() for path in target.glob("*.*")}
    assert run([*asked, "--quiet", "--lang", "zh"]) == 0
    shown = capsys.readouterr().out
    for word in ("；可减少 60.0 %", "5,000", "公路（电动） 100"):
        assert word in shown
    assert {path.name: path.read_bytes() for path in target.glob("*.*")} == before


def test_wrong_options_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One point is no curve, a gap is a share, and a stage must be one; nothing is solved."""
    folder = folder_of(tmp_path)
    assert run(["pareto", folder, "--points", "1", "--gap", "5", "--lang", "en"]) == 2
    error = capsys.readouterr().err
    assert 'command line --points: "1" must be 2 or more: both ends are points' in error
    assert "--gap" in error
    assert run(["pareto", folder, "--points", "1", "--lang", "zh"]) == 2
    assert "至少为 2" in capsys.readouterr().err
    assert run(["pareto", folder, "--points", "2.5", "--lang", "en"]) == 2
    assert "Invalid value for --points" in capsys.readouterr().err
    assert run(["pareto", folder, "--stage", "2031", "--lang", "en"]) == 2
    assert "is no stage of the instance (2025)" in capsys.readouterr().err


def test_a_stop_keeps_the_points_that_are_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stopped while the lower end is looked for, the first point is written; before it, nothing."""
    asked = ["pareto", folder_of(tmp_path), "-o", str(tmp_path / "out"), "--quiet", "--lang", "en"]
    solves = iter([False, True])

    def stopped(instance: Instance, *args: object, **options: object) -> Answer:
        if next(solves):
            os.kill(os.getpid(), signal.SIGINT)
            raise InterruptedSolve(Text("stopped", "中断"))
        return answer(instance, *args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(pareto, "answer", stopped)
    assert run(asked) == 130
    assert "1 of 6 points are made" in capsys.readouterr().out
    solves = iter([True])
    monkeypatch.chdir(tmp_path)
    assert run([*asked[:2], *asked[4:], "--gap", "0.5"]) == 130
    assert "Stopped before the first point" in capsys.readouterr().err
    assert not (tmp_path / "results" / "tiny" / "pareto" / "pareto.csv").exists()


@pytest.mark.slow
def test_the_readme_says_what_the_mini_finds(tmp_path: Path) -> None:
    """8.7 % less CO2e costs 0.27 % more; a tonne costs 403 CNY at first and 2,724 at last."""
    mini = read(Path(__file__).parent.parent / "instances" / "zhengzhou-mini")
    curve = curve_of(mini, tmp_path, points=6)
    found = marked(curve)
    emitted, costs = [one.co2e_t for one in found], [cost_cny(p) for p in curve.points]
    assert emitted[0] is not None
    assert emitted[-1] is not None
    assert 1 - emitted[-1] / emitted[0] == pytest.approx(0.087, abs=5e-4)
    assert costs[-1] / costs[0] - 1 == pytest.approx(0.0027, abs=5e-5)
    assert found[1].abatement == pytest.approx(403, abs=1)
    assert found[-1].abatement == pytest.approx(2_724, abs=2)
