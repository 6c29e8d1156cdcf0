"""Mistakes that planners make in a spreadsheet: each gets one message, with the cell to go to."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook

from hubopt.cli.entry import run
from hubopt.errors import Finding, InputError
from hubopt.instance.invented.make import invented
from hubopt.instance.invented.wanted import Wanted
from hubopt.instance.read import read
from hubopt.instance.write_workbook import workbook_of
from hubopt.text import Language, Text
from tests.tiny import tiny
from tests.workbook import put, recast, tiny_book

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from openpyxl import Workbook


MARCH = dt.datetime(2025, 3, 4)  # noqa: DTZ001  (as Excel has it)


def percent(cell: Any) -> None:  # noqa: ANN401  (openpyxl has no types)
    """Show a number of tonnes in percent, as after copying a format."""
    cell.value, cell.number_format = 0.05, "0%"


def merge(cell: Any) -> None:  # noqa: ANN401
    """Merge a cell with the one below it."""
    cell.parent.merge_cells(f"{cell.coordinate}:{cell.column_letter}{cell.row + 1}")


def value(new: object) -> Callable[[Any], None]:
    """Return the mistake of typing something else into a cell."""

    def mistake(cell: Any) -> None:  # noqa: ANN401
        cell.value = new

    return mistake


def the_id_above(cell: Any) -> None:  # noqa: ANN401
    """Copy the id of the row above."""
    cell.value = cell.parent.cell(cell.row - 1, cell.column).value


MISTAKES: dict[str, tuple[str, Callable[[Any], None], str, str]] = {
    "a unit in the cell": ("demand!F812", value("1,200 t"), "NUM04", "write the number alone"),
    "a negative amount": ("demand!F40", value(-5), "NUM10", "write a number at least 0"),
    "an unknown place": ("demand!B77", value("C0001x"), "KEY06", "correct the id"),
    "a date made of a number": ("demand!F300", value(MARCH), "TAB11", "format the column"),
    "merged cells": ("demand!C500:C501", merge, "TAB10", "unmerge them"),
    "an id twice": ("demand!A600", the_id_above, "KEY01", "rename or delete one"),
    "a share of a tonne": ("demand!F650", percent, "NUM17", "format the column as a number"),
    "a failed formula": ("demand!F700", value("#REF!"), "TAB09", "repair the formula"),
    "a decimal comma": ("demand!F900", value("1200,5"), "NUM05", "write 1200.5"),
    "an empty cell": ("demand!D950", value(None), "KEY05", "fill it in"),
    "another word": ("places!D5", value("town"), "NUM19", "write one of: city, region"),
    "TRUE for yes": ("links!D9", value(True), "NUM19", "write yes or no"),
}  # fmt: skip
"""Twelve kinds: the cell, the mistake, its code, and how its remedy begins."""


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workbook of a thousand shipments with every mistake in it, saved anew."""
    wanted = Wanted(seed=1, cities=30, shipments=1000, sites=20)
    book = load_workbook(io.BytesIO(workbook_of(invented(wanted))))
    for where, mistake, _, _ in MISTAKES.values():
        sheet, _, cell = where.partition("!")
        mistake(book[sheet][cell.partition(":")[0]])
    path = tmp_path_factory.mktemp("spoilt") / "hub.xlsx"
    book.save(path)
    return path


def test_each_mistake_is_told_with_its_cell_and_remedy(spoilt: Path) -> None:
    """Twelve mistakes in a thousand rows give twelve findings, in both languages, and no other."""
    with pytest.raises(InputError) as caught:
        read(spoilt)
    found = {f"{f.sheet}!{f.cell}": f for f in caught.value.findings}
    assert len(caught.value.findings) == len(MISTAKES) >= 10
    for name, (where, _, code, remedy) in MISTAKES.items():
        finding = found[where]
        assert (finding.file, finding.code) == ("hub.xlsx", code), name
        assert finding.remedy.en.startswith(remedy), name
        assert any("\u4e00" <= sign <= "\u9fff" for sign in finding.remedy.zh), name
        assert finding.row == int(re.findall(r"[0-9]+", where)[0])


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_command_line_names_the_cells(
    lang: str, spoilt: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each line begins with an address that a spreadsheet jumps to; JSON has sheet and cell."""
    monkeypatch.setenv("HUBOPT_LANG", lang)
    assert run(["check", str(spoilt)]) == 2
    *lines, last = capsys.readouterr().out.splitlines()
    named = {next(w for w, *_ in MISTAKES.values() if f" {w}" in line) for line in lines}
    assert named == {where for where, *_ in MISTAKES.values()}
    assert len(lines) == len(MISTAKES)
    assert str(len(MISTAKES)) in last
    assert run(["check", str(spoilt), "--json"]) == 2
    said = json.loads(capsys.readouterr().out)["findings"]
    assert {f"{one['sheet']}!{one['cell']}" for one in said} == {m[0] for m in MISTAKES.values()}


def test_what_looks_odd_but_is_right_is_read(tmp_path: Path) -> None:
    """Spaces around an id, a number kept as text, a share shown in percent change nothing."""
    path = tiny_book(
        tmp_path / "b.xlsx",
        put("demand", "C2", "B \u00a0"),
        put("demand", "F2", " 8000 "),
        lambda book: setattr(book["instance"]["B7"], "number_format", "0.0%"),
        lambda book: setattr(book["products"]["E2"], "number_format", "0.00%"),
        lambda book: setattr(book["demand"]["F3"], "number_format", '0" %"'),
    )
    assert read(path) == tiny()


@pytest.mark.parametrize("shown_as", ["0%", "0.00%", '"t" 0.0%', "0.0%;[Red]-0.0%"])
def test_a_percentage_is_told_in_any_format(shown_as: str, tmp_path: Path) -> None:
    """Whatever the format, a cell of tonnes shown in percent is told as Excel shows it."""

    def spoil(book: Workbook) -> None:
        cell = book["demand"]["F2"]
        cell.value, cell.number_format = 0.125, shown_as

    with pytest.raises(InputError) as caught:
        read(tiny_book(tmp_path / "b.xlsx", spoil))
    (found,) = caught.value.findings
    assert (found.sheet, found.cell, found.value, found.code) == ("demand", "F2", "12.5%", "NUM17")


def test_a_finding_about_a_whole_row_names_its_first_cell(tmp_path: Path) -> None:
    """A header pasted among the rows has no column; the address leads to its row."""

    def again(book: Workbook) -> None:
        sheet = book["demand"]
        sheet.append([cell.value for cell in sheet[1]])

    with pytest.raises(InputError) as caught:
        read(tiny_book(tmp_path / "b.xlsx", again))
    (found,) = caught.value.findings
    assert found.in_language(Language.EN).startswith(f"b.xlsx demand!A{found.row}: ")


def test_errors_that_excel_stored_beside_a_formula_are_told(tmp_path: Path) -> None:
    """A formula that failed counts as the error that Excel shows."""
    path = tiny_book(tmp_path / "b.xlsx", put("demand", "F2", "=1/0"))

    def failed(data: bytes) -> bytes:
        return re.sub(rb'(<c r="F2")([^>]*)><f>1/0</f><v ?/?>(</v>)?', FAILED, data)

    recast(path, r"sheet\d+\.xml", failed)
    with pytest.raises(InputError, match=r"b\.xlsx demand!F2 demand_t_per_year: \"#DIV/0!\" is an"):
        read(path)


FAILED = rb'\1 t="e"><f>1/0</f><v>#DIV/0!</v>'


@pytest.mark.parametrize("stored", [b"<v></v>", b"<v/>"])
def test_a_formula_that_gives_nothing_is_an_empty_cell(stored: bytes, tmp_path: Path) -> None:
    """`=IF(..., "")` stores an empty text, and is no formula that nobody has reckoned."""
    path = tiny_book(tmp_path / "b.xlsx", put("demand", "G2", '=IF(1=1,"",5)'))

    def reckoned(data: bytes) -> bytes:
        cell = rb'(<c r="G2")([^>]*)>(<f>.*?</f>)<v ?/?>(</v>)?'
        return re.sub(cell, rb'\1 t="str">\3' + stored, data)

    with pytest.raises(InputError, match="without a stored value"):
        read(path)
    recast(path, r"sheet\d+\.xml", reckoned)
    assert read(path) == tiny()


def test_titles_with_spaces_are_quoted_as_excel_does() -> None:
    """The address of a cell can be pasted whatever the sheet is called."""
    text = Text("is odd", "不对")
    for title, shown in (("地点", "地点!A2"), (" Demand ", "' Demand '!A2"), ("o'k", "'o''k'!A2")):
        found = Finding("b.xlsx", text, text, row=2, sheet=title, cell="A2")
        assert found.in_language(Language.EN).startswith(f"b.xlsx {shown}: ")
    whole = Finding("b.xlsx", text, text, sheet="demand")
    assert whole.in_language(Language.ZH).startswith("b.xlsx 工作表 demand：")
