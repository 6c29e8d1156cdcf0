"""A result as a workbook: every table and figure, in either language, and nothing that runs."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyogrio
import pytest
from openpyxl import load_workbook

import hubopt
from hubopt.cli.entry import run
from hubopt.errors import InputError
from hubopt.plan.marginal import Marginal, MarginalKind
from hubopt.publish.additions import add_tables
from hubopt.publish.figures import Figures
from hubopt.publish.head_words import SHEETS, head
from hubopt.publish.result_workbook import result_workbook, tables_in
from hubopt.publish.results import load_result, write_results
from hubopt.publish.spread import Sheet
from hubopt.publish.tables import sheets
from hubopt.text import Language
from tests.publishing import instance_folder, quick_maps
from tests.tiny import tiny

if TYPE_CHECKING:
    from collections.abc import Iterator

MARGINALS = (Marginal(MarginalKind.LINK, 2025, "A", "T", "road_diesel", cny_per_t=3.25),)
ODD = Sheet(
    "stress",
    ("rank", "id", "through_t", "text"),
    (
        (1, "007", 1.5, "=1+1"),
        (2, "17", None, "<b>"),
        (3, "1E5", 2e6, "\x07bell"),
        (4, "_x0041_", 0.5, "'"),
    ),
)


@pytest.fixture(scope="module")
def solved(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return the result of the tiny instance, with a table that another command has added."""
    root = tmp_path_factory.mktemp("result")
    with pytest.MonkeyPatch.context() as patch:
        quick_maps(patch)
        found = hubopt.answer(tiny())
        folder = write_results(
            root, tiny(), found.plan, found.verification, run={"options": {"seed": 0}},
            instance_folder=instance_folder(root), language=Language.EN, marginals=MARGINALS,
        )  # fmt: skip
        add_tables(folder, [ODD])
        yield folder


@pytest.fixture
def copied(solved: Path, tmp_path: Path) -> Path:
    """Return a copy of the result, to spoil."""
    return Path(shutil.copytree(solved, tmp_path / "base"))


def opened(folder: Path, language: Language = Language.EN) -> Any:  # noqa: ANN401  (openpyxl has no types)
    """Return the workbook of a result as a spreadsheet reads it."""
    return load_workbook(io.BytesIO(result_workbook(folder, language)))


def records(book: Any, name: str) -> list[dict[str, Any]]:  # noqa: ANN401
    """Return the rows of a sheet by the names of its columns."""
    heads, *rows = book[name].iter_rows(values_only=True)
    return [dict(zip(heads, row, strict=True)) for row in rows]


def test_every_table_is_a_sheet_with_its_units(solved: Path) -> None:
    """Each file of tables/ is there with its columns and as many rows, in a fixed order."""
    book = opened(solved)
    files = sorted((solved / "tables").glob("*.csv"))
    assert {f.stem for f in files} | {"about", "verification"} == set(book.sheetnames)
    known = [name for name in SHEETS if name in book.sheetnames]
    assert book.sheetnames == known
    for file in files:
        lines = list(csv.reader(file.read_text(encoding="utf-8-sig").splitlines()))
        sheet = book[file.stem]
        assert [cell.value for cell in sheet[1]] == lines[0]
        assert sheet.max_row == len(lines)
        assert (sheet.freeze_panes, sheet["A1"].font.bold) == ("A2", True)


def test_numbers_are_numbers_and_names_are_texts(solved: Path) -> None:
    """Each cell is of the type that the table had before it was written."""
    plan, _ = load_result(solved)
    figures = Figures(tiny(), plan, MARGINALS)
    found = {sheet.name: sheet for sheet in tables_in(solved)}
    for sheet in sheets(figures):
        read = found[sheet.name]
        assert read.columns == sheet.columns
        for there, back in zip(sheet.rows, read.rows, strict=True):
            for column, one, other in zip(sheet.columns, there, back, strict=True):
                if one is None or one == "":
                    assert other is None
                elif isinstance(one, str):
                    assert other == one, (sheet.name, column)
                else:
                    assert other == pytest.approx(one, rel=1e-9, abs=1e-6), (sheet.name, column)


def test_totals_are_those_of_the_plan(solved: Path) -> None:
    """Cost, emissions and tonnes of the workbook add up to those of plan.json, to 1e-9."""
    plan, _ = load_result(solved)
    book = opened(solved)
    costs = sum(row["present_value_cny"] for row in records(book, "costs"))
    assert costs == pytest.approx(plan.objective_fen / 100, rel=1e-9, abs=0.05)
    said = {row["item"]: row["value"] for row in records(book, "about")}
    assert said["cost, present value"] == plan.objective_fen / 100
    kg: defaultdict[int, float] = defaultdict(float)
    for row in records(book, "emissions"):
        kg[row["stage"]] += row["wtw_kg_co2e_per_year"]
    assert kg == pytest.approx(plan.co2e_wtw_kg, rel=1e-6)
    served = sum(row["served_t_per_year"] or 0 for row in records(book, "cost_to_serve"))
    left = sum(row["unserved_t_per_year"] for row in records(book, "unserved"))
    assert served == pytest.approx(sum(f.kg_per_year for f in plan.flows) / 1000, rel=1e-9)
    assert left == pytest.approx(sum(u.kg_per_year for u in plan.unserved) / 1000, rel=1e-9)


def test_texts_that_a_spreadsheet_could_run_stay_texts(solved: Path) -> None:
    """Formulas and markup are texts, digits among ids too; a bell is a space, escapes escaped."""
    book = opened(solved)
    rows = list(book["stress"].iter_rows(min_row=2))
    assert [[cell.value for cell in row] for row in rows] == [
        [1, "007", 1.5, "=1+1"], [2, "17", None, "<b>"], [3, "1E5", 2_000_000, " bell"],
        [4, "_x005F_x0041_", 0.5, "'"],
    ]  # fmt: skip
    assert {row[here].data_type for row in rows for here in (1, 3)} == {"s"}
    assert all(cell.data_type != "f" for sheet in book for row in sheet for cell in row)


def test_another_reader_of_spreadsheets_sees_the_same(solved: Path, tmp_path: Path) -> None:
    """The library of maps reads the same totals, and runs no text as a formula."""
    file = tmp_path / "a.xlsx"
    file.write_bytes(result_workbook(solved, Language.EN))
    costs = pyogrio.read_dataframe(file, layer="costs", read_geometry=False)
    plan, _ = load_result(solved)
    assert costs["present_value_cny"].sum() == pytest.approx(plan.objective_fen / 100, rel=1e-9)
    odd = pyogrio.read_dataframe(file, layer="stress", read_geometry=False)
    assert list(odd["text"]) == ["=1+1", "<b>", " bell", "'"]
    assert list(odd["id"])[:3] == ["007", "17", "1E5"]


def test_it_speaks_chinese(solved: Path) -> None:
    """Sheets, headings with their units, and fixed words are Chinese; ids and numbers the same."""
    english, chinese = opened(solved), opened(solved, Language.ZH)
    assert chinese.sheetnames[:3] == ["说明", "成本", "设施"]
    for one, other in zip(english, chinese, strict=True):
        assert one.dimensions == other.dimensions
        if one.title in {"about", "stress"}:
            continue
        for cell in other[1]:
            assert any("\u4e00" <= sign <= "\u9fff" for sign in cell.value), cell.value
    words = {row[0]["term"]: row[1]["成本项"] for row in pairs(english, chinese, "costs")}
    assert words["handling"] == "作业"
    modes = {row[0]["mode"]: row[1]["运输方式"] for row in pairs(english, chinese, "flows")}
    assert modes["rail"] == "铁路"
    assert head("handling_cny_per_t").zh == "作业（元/吨）"
    assert head("of_no_name").zh == "of_no_name"
    said = {row["项目"]: row["值"] for row in records(chinese, "说明")}
    assert (said["状态"], said["是否通过核验"]) == ("最优", "是")


def pairs(one: Any, other: Any, name: str) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:  # noqa: ANN401
    """Yield the rows of a table in both languages side by side."""
    yield from zip(records(one, name), records(other, SHEETS[name].zh), strict=True)


def test_the_same_result_gives_the_same_bytes(solved: Path) -> None:
    """A second export differs in no byte."""
    assert result_workbook(solved, Language.ZH) == result_workbook(solved, Language.ZH)


def test_the_command(
    copied: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """`hubopt export RESULT FILE.xlsx` writes it, in the language asked for, beside anything."""
    monkeypatch.setenv("HUBOPT_LANG", "en")
    file = tmp_path / "mine.xlsx"
    assert run(["export", str(copied), str(file), "--lang", "zh", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"file": str(file)}
    assert file.read_bytes() == result_workbook(copied, Language.ZH)
    assert run(["export", str(copied), str(tmp_path / "folder"), "--lang", "en"]) == 2
    assert "only an instance is written as tables" in capsys.readouterr().err
    capsys.readouterr()
    assert run(["export", str(tmp_path), str(tmp_path / "no.xlsx")]) == 2
    assert f"holds several results: base. give one of them: {copied}" in capsys.readouterr().err


def test_an_edited_table_is_told(
    copied: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What a planner changed in a table goes into the workbook, and it is said that it differs."""
    monkeypatch.setenv("HUBOPT_LANG", "en")
    table = copied / "tables" / "costs.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("building", "castles"), "utf-8")
    assert run(["export", str(copied), str(tmp_path / "mine.xlsx")]) == 0
    assert "tables/costs.csv: is missing or not as hubopt wrote it" in capsys.readouterr().err
    costs = records(load_workbook(tmp_path / "mine.xlsx"), "costs")
    assert "castles" in {row["term"] for row in costs}


BROKEN = {
    "rows of other length": ("tables/costs.csv", b"stage,years\n2025\n", "differ in length"),
    "no text": ("tables/costs.csv", b"\xff\xfe", "is not as hubopt wrote it"),
    "an open quote": ("tables/costs.csv", b'stage\n"2025\n', "is not as hubopt wrote it"),
    "an empty file": ("tables/costs.csv", b"", "differ in length"),
    "no checks": ("verification.json", b"[]", "is not as hubopt wrote it"),
    "deep checks": ("verification.json", b"[" * 100_000, "is not as hubopt wrote it"),
    "no plan": ("plan.json", b"{}", "plan.json"),
    "no manifest": ("manifest.json", b"{}", "holds no readable manifest.json"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_results_are_refused(name: str, copied: Path) -> None:
    """A result that is not whole ends with a reason, never with a traceback."""
    file, content, said = BROKEN[name]
    (copied / file).write_bytes(content)
    with pytest.raises(InputError, match=said):
        result_workbook(copied, Language.EN)


def test_tables_that_lie_in_the_folder_itself_are_read(copied: Path) -> None:
    """A hedge keeps its tables beside its states; they and its manifest make a workbook."""
    (copied / "tables" / "costs.csv").rename(copied / "hedge_costs.csv")
    shutil.rmtree(copied / "tables")
    (copied / "plan.json").unlink()
    assert opened(copied).sheetnames == ["about", "hedge_costs", "verification"]


def test_a_result_without_tables_says_how_to_get_them(copied: Path) -> None:
    """What was written in haste after Ctrl-C has no tables yet."""
    shutil.rmtree(copied / "tables")
    with pytest.raises(InputError, match="run hubopt map"):
        result_workbook(copied, Language.EN)
