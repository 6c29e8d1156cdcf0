"""A plan beside published figures: every measure is what a person counts in the tiny plan."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from hubopt.cli.reconciling import lines_table, percent, reconcile, record
from hubopt.errors import InputError
from hubopt.publish.additions import add_tables
from hubopt.publish.edits import changed_files
from hubopt.publish.spread import Sheet
from hubopt.study.comparison import Line
from hubopt.study.read_comparisons import read_comparisons
from hubopt.study.reconcile import reconcile as lines_of
from hubopt.text import Language
from tests.publishing import contents, instance_folder, quick_maps, written
from tests.reconciling import compared, publish, row
from tests.tiny import tiny
from tests.tiny_plan import tiny_plan

BY_HAND = (
    (row("in_and_out", "throughput_kt", mode="rail", places="T"), 35.0),
    (row("abroad", "throughput_kt", mode="rail", places="T", scope="international"), 35.0),
    (row("at_home", "throughput_kt", mode="rail", places="T", scope="domestic"), 0.0),
    (row("both_ends", "throughput_kt", mode="rail", places="T E"), 70.0),
    (row("by_road", "throughput_kt", mode="road_diesel", places="A", scope="domestic"), 38.9),
    (row("boxes_in", "throughput_kteu", mode="air", places="P", basis=9), 0.1),
    (row("aboard", "carried_kt", services="RAIL_OUT"), 25.0),
    (row("boxes", "carried_kteu", services="RAIL_OUT RAIL_BACK", basis=10), 3.5),
    (row("changed", "transferred_kt", mode="rail>road_diesel", places="T"), 35.0),
    (row("boxes_changed", "transferred_kteu", mode="rail>road_diesel", places="T", basis=7), 5.0),
    (row("trains", "departures", services="RAIL_OUT"), 52.0),
    (row("landings", "runs", services="AIR_BACK RAIL_BACK"), 104.0),
    (row("traded", "trade_value", places="CN"), 8.8),
    (row("by_rail", "trade_share_value", mode="rail", places="CN"), 100 * 2.5 / 8.8),
    (row("weight_by_air", "trade_share_tonnes", mode="air", places="DE"), 100 * 0.9 / 35.9),
    (row("sorted", "handled_share_value", mode="consolidation", places="CN"), 100 * 6.3 / 8.8),
    (row("cost", "cost_share", basis=42.6913578), 5.0),
    (row("co2e", "g_per_tkm", mode="rail"), 12.0),
)  # fmt: skip
"""Lines of the first stage: 25 kt of machines out by rail, 10 kt of wine in, 0.9 kt by air."""


@pytest.mark.parametrize(("asked", "counted"), BY_HAND, ids=[r["line"] for r, _ in BY_HAND])
def test_each_measure_is_what_a_person_counts(
    tmp_path: Path, asked: dict[str, str], counted: float
) -> None:
    """Kilotonnes, boxes, trains, shares, cost and CO2e of the first stage, by hand."""
    (line,) = lines_of(tiny(), tiny_plan(), compared(tmp_path, asked))
    assert line.modelled == pytest.approx(counted)


def test_a_quotient_is_of_two_other_lines(tmp_path: Path) -> None:
    """25 kt on 52 trains are 480.8 t each; over nothing there is no quotient."""
    rows = (
        row("aboard", "carried_kt", services="RAIL_OUT"),
        row("trains", "departures", services="RAIL_OUT"),
        row("flights", "departures", services="AIR_BACK"),
        row("load", "quotient", of="aboard trains", basis=1000),
        row("none", "quotient", of="aboard flights"),
    )
    lines = {n.comparison.line: n for n in lines_of(tiny(), tiny_plan(), compared(tmp_path, *rows))}
    assert lines["load"].modelled == pytest.approx(25_000 / 52)
    assert lines["none"].modelled is None


def test_the_residual_is_a_share_of_the_published_figure(tmp_path: Path) -> None:
    """35 kt against 40 published are 12.5 % less; 15 % and more ask for a reason."""
    near, far, bare = (
        row(f"line{n}", "throughput_kt", mode="rail", places="T", value=value)
        for n, value in enumerate(("40", "20", ""))
    )
    lines = lines_of(tiny(), tiny_plan(), compared(tmp_path, near, far, bare))
    assert [percent(line.residual) for line in lines] == ["-12.5 %", "+75.0 %", "-"]
    assert [line.large for line in lines] == [False, True, False]


def test_boxes_need_the_tonnes_of_a_box(tmp_path: Path) -> None:
    """Without tonnes per TEU there is no number of boxes, and without a basis no share of cost."""
    rows = (row("boxes", "carried_kteu", services="RAIL_OUT"), row("cost", "cost_share"))
    lines = lines_of(tiny(), tiny_plan(), compared(tmp_path, *rows))
    assert [line.modelled for line in lines] == [None, None]


def test_an_instance_without_figures_is_told_what_to_add(tmp_path: Path) -> None:
    """The message names the file, its columns and an example, in both languages."""
    with pytest.raises(InputError) as caught:
        read_comparisons(tmp_path, tiny())
    (found,) = caught.value.findings
    for language in Language:
        said = found.in_language(language)
        assert "published.csv" in found.file
        assert "independent" in said
        assert "zhengzhou-baseline-2021" in said


WRONG = (
    (row("a", "thruput_kt"), "measure", "throughput_kt"),
    (row("a", "throughput_kt", places="TT"), "places", "T"),
    (row("a", "carried_kt", services="RAIL_OUTT"), "services", "RAIL_OUT"),
    (row("a", "throughput_kt", value="about 7"), "value", None),
    (row("a", "throughput_kt", value="inf"), "value", None),
    (row("a", "throughput_kt", mode="bus"), "mode", None),
    (row("a", "handled_share_value", mode="rail", places="CN"), "mode", None),
    (row("a", "quotient", of="b"), "of", None),
    (row("a", "throughput_kt", independent="maybe"), "independent", None),
)


@pytest.mark.parametrize(
    ("asked", "column", "near"), WRONG, ids=[f"{c}-{n}" for n, (_, c, _) in enumerate(WRONG)]
)
def test_a_wrong_cell_is_named(
    tmp_path: Path, asked: dict[str, str], column: str, near: str | None
) -> None:
    """File, row, column, value and remedy, and the nearest name where there is one."""
    with pytest.raises(InputError) as caught:
        compared(tmp_path, asked)
    found = caught.value.findings[0]
    assert (found.file, found.row, found.column) == ("reconcile/published.csv", 2, column)
    assert found.value in asked[column]
    assert found.remedy.en
    assert found.remedy.zh
    assert near is None or found.nearest == near


def test_lines_must_differ(tmp_path: Path) -> None:
    """Two lines of one id could not be told apart."""
    twice = row("a", "departures"), row("a", "departures")
    with pytest.raises(InputError, match="stands twice"):
        compared(tmp_path, *twice)


def test_what_is_no_table_is_refused(tmp_path: Path) -> None:
    """A file that is not UTF-8, lacks a column or has a short row is told so."""
    file = publish(tmp_path, row("a", "departures"))
    whole = file.read_text(encoding="utf-8")
    for content, said in (
        (whole.encode("utf-16"), "not UTF-8"),
        (whole.replace("independent,", "").encode(), "column is missing"),
        (whole.encode() + b"b,c\n", "more or fewer cells"),
        (b"", "column is missing"),
    ):
        file.write_bytes(content)
        with pytest.raises(InputError, match=said):
            read_comparisons(tmp_path, tiny())


def test_the_table_is_added_to_the_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command prints the lines, adds its table, and leaves everything else as it was."""
    quick_maps(monkeypatch)
    monkeypatch.setattr("hubopt.publish.results.refuse_unverified", lambda _: None)
    folder = written(tmp_path)
    publish(instance_folder(tmp_path), *(asked | {"value": "7"} for asked, _ in BY_HAND))
    before = contents(folder)
    options = {"explain": False, "named": (), "save": None, "encoding": None, "quiet": True}
    assert reconcile(folder, None, **options, as_json=True) == 0  # type: ignore[arg-type]
    said = json.loads(capsys.readouterr().out)
    assert [line["line"] for line in said["lines"]] == [asked["line"] for asked, _ in BY_HAND]
    after = contents(folder)
    text = after.pop("tables/reconcile.csv").decode("utf-8-sig")
    table = list(csv.DictReader(text.splitlines()))
    modelled = [float(line["modelled"]) for line in table]
    assert modelled == pytest.approx([n for _, n in BY_HAND], abs=1e-5)
    assert changed_files(folder) == ()
    for name in ("manifest.json",):
        before.pop(name)
        after.pop(name)
    assert after == before
    assert reconcile(folder, None, **options, as_json=False) == 0  # type: ignore[arg-type]
    assert "residuals above 15 %" in capsys.readouterr().out


def test_a_table_is_not_added_to_the_work_of_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder that a planner put a file into stays as it is."""
    quick_maps(monkeypatch)
    folder = written(tmp_path)
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    before = contents(folder)
    with pytest.raises(InputError, match="notes"):
        add_tables(folder, [Sheet("reconcile", ("line",), (("a",),))])
    assert contents(folder) == before


def test_the_record_of_a_line_holds_everything(tmp_path: Path) -> None:
    """The table and the JSON have the same columns, sources and independence among them."""
    (asked,) = compared(tmp_path, row("a", "departures", value=50))
    line = Line(asked, 52.0)
    assert lines_table([line]).columns == tuple(record(line))
    assert record(line)["residual_percent"] == pytest.approx(4.0)
    assert record(line)["independent"] == "yes"
