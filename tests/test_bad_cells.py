"""The same faults in every table and column, each told by file, row, column and code."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hubopt.errors import Finding, InputError
from hubopt.instance.read import read
from hubopt.instance.schema import NUMERIC, SETS, SETTINGS, TABLES, WORDS, Column, Kind, Table
from hubopt.text import Language
from tests.instance_folder import cell, every_line, rows_of, tiny_folder
from tests.workbook import put, tiny_book

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.instance_folder import Edit

LAST_STAGE = 2200


@dataclass(frozen=True)
class Fault:
    """What is written into a cell, for which columns that is wrong, and the code it must get."""

    text: str
    code: str
    fits: Callable[[Column], bool]


def numeric(column: Column) -> bool:
    """Tell whether a column holds numbers."""
    return column.kind in NUMERIC


def unlimited(column: Column) -> bool:
    """Tell whether a column holds numbers that have no limit but the largest of all."""
    return numeric(column) and column.hard is not None and column.hard.most >= 1e12


def not_negative(column: Column) -> bool:
    """Tell whether a column holds numbers of which none may be negative."""
    return numeric(column) and column.hard is not None and column.hard.least >= 0


def worded(column: Column) -> bool:
    """Tell whether a column holds one of several fixed words."""
    return column.kind in WORDS and column.kind not in SETS and column.kind is not Kind.CHAIN


def referring(column: Column) -> bool:
    """Tell whether a column names rows of another table."""
    return column.kind is Kind.ID and column.refers is not None


def text_like(column: Column) -> bool:
    """Tell whether a column holds ids or free text."""
    return column.kind in {Kind.ID, Kind.TEXT}


FAULTS = {
    "unit in the cell": Fault("12吨", "NUM04", numeric),
    "words": Fault("many", "NUM04", numeric),
    "thousands": Fault("1,234", "NUM05", numeric),
    "decimal comma": Fault("12,5", "NUM05", numeric),
    "percent": Fault("85%", "NUM17", numeric),
    "infinite": Fault("inf", "NUM07", numeric),
    "not a number": Fault("NaN", "NUM07", numeric),
    "error of a spreadsheet": Fault("#DIV/0!", "TAB09", lambda c: numeric(c) or text_like(c)),
    "endless digits": Fault("7" * 60, "NUM15", numeric),
    "far too large": Fault("1e15", "NUM08", unlimited),
    "negative": Fault("-3", "NUM10", not_negative),
    "negative by a Unicode minus": Fault("−3", "NUM10", not_negative),
    "not whole": Fault("2030.5", "NUM16", lambda c: c.kind is Kind.STAGE),
    "empty": Fault("", "NUM06", lambda c: not c.blank and c.kind is not Kind.ID),
    "empty id": Fault("", "KEY05", lambda c: not c.blank and c.kind is Kind.ID),
    "no such word": Fault("perhaps", "NUM19", lambda c: worded(c) or c.kind is Kind.YES_NO),
    "no such row": Fault("NOWHERE", "KEY06", referring),
    "no such stage": Fault("2199", "KEY06", lambda c: c.kind is Kind.STAGE),
    "a date": Fault("2025/12/31", "TAB11", lambda c: c.kind is Kind.STAGE),
    "control character": Fault("a\x1b[2Jb", "SEC12", text_like),
    "lost characters": Fault("郑\ufffd", "ENC05", text_like),
    "wrong encoding": Fault("éƒ‘å·ž", "ENC04", text_like),
    "NUL": Fault("a\0b", "ENC06", lambda c: numeric(c) or text_like(c)),
    "hidden sign in an id": Fault("A\u200b", "KEY08", lambda c: c.kind is Kind.ID),
    "sign of a path in an id": Fault("A>B", "KEY09", lambda c: c.kind is Kind.ID),
    "very long text": Fault("x" * 4001, "TAB18", text_like),
    "wrong sign between words": Fault("rail、air", "TAB22", lambda c: c.kind is Kind.MODES),
}  # fmt: skip


@pytest.fixture(scope="module")
def headers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """Return the columns that each file of the tiny instance has."""
    folder = tiny_folder(tmp_path_factory.mktemp("plain"))
    return {path.name: rows_of(path)[0] for path in folder.glob("*.csv")}


def spots(headers: dict[str, list[str]], fault: Fault) -> Iterator[tuple[Table, Column]]:
    """Yield every column of every file that a fault can befall."""
    for table in TABLES.values():
        for column in table.columns:
            if column.name in headers.get(table.file, []) and fault.fits(column):
                yield table, column


def found_in(*edits: Edit) -> Sequence[Finding]:
    """Return what is wrong with the tiny instance after some edits."""
    with tempfile.TemporaryDirectory() as folder:
        return found_at(tiny_folder(Path(folder) / "tiny", *edits))


def found_at(path: Path) -> Sequence[Finding]:
    """Return what is wrong with an instance."""
    try:
        read(path)
    except InputError as error:
        return error.findings
    return ()


def row_for(table: Table) -> int:
    """Return the row to spoil: not always the first."""
    return 3 if table.name != "limits" else 2


def right(found: Sequence[Finding], where: tuple[str, int | None, str], code: str) -> bool:
    """Tell whether a finding of a code stands where it must and says what to do, twice."""
    here = [f for f in found if (f.file, f.row, f.column) == where and f.code == code]
    for finding in here:
        lines = [finding.in_language(language) for language in Language]
        assert all(line.isprintable() for line in lines), lines
        assert finding.remedy.en.strip()
        assert any("\u4e00" <= sign <= "\u9fff" for sign in finding.remedy.zh), finding.remedy.zh
    return len(here) == 1


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_told_in_every_column(name: str, headers: dict[str, list[str]]) -> None:
    """In each column where it is wrong the cell is named, and no other column of its row."""
    fault = FAULTS[name]
    columns = list(spots(headers, fault))
    assert columns
    wrong = []
    for table, column in columns:
        row = row_for(table)
        found = found_in(cell(table.file, row, column.name, fault.text))
        beside = [f for f in found if (f.file, f.row) == (table.file, row)
                  and f.column != column.name]  # fmt: skip
        if beside or not right(found, (table.file, row, column.name), fault.code):
            wrong.append((table.file, column.name, [(f.row, f.column, f.code) for f in found]))
    assert not wrong


def test_there_are_far_more_than_150_bad_files(headers: dict[str, list[str]]) -> None:
    """The faults above make several hundred distinct bad files, over all tables."""
    each = [(table.file, column.name, name) for name, fault in FAULTS.items()
            for table, column in spots(headers, fault)]  # fmt: skip
    assert len(set(each)) == len(each) >= 400
    assert min(Counter(file for file, _, _ in each).values()) >= 10
    assert len({file for file, _, _ in each}) == len(headers)


@pytest.mark.parametrize("name", ["unit in the cell", "no such row", "empty", "no such word"])
def test_a_workbook_is_told_by_sheet_and_cell(
    name: str, headers: dict[str, list[str]], tmp_path: Path
) -> None:
    """The same fault in a workbook gets the same code, with the sheet and the cell."""
    fault = FAULTS[name]
    last = {table.name: (table, column) for table, column in spots(headers, fault)}
    for here, (table, column) in enumerate(last.values()):
        row = row_for(table)
        letter = chr(ord("A") + [c.name for c in table.columns].index(column.name))
        path = tmp_path / f"{here}.xlsx"
        tiny_book(path, put(table.name, f"{letter}{row}", fault.text or None))
        found = [f for f in found_at(path) if f.code == fault.code]
        assert [(f.file, f.sheet, f.row, f.column, f.cell) for f in found[:1]] == [
            (path.name, table.name, row, column.name, f"{letter}{row}")
        ]


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_a_misspelt_column_is_told_in_every_table(
    table: Table, headers: dict[str, list[str]]
) -> None:
    """A column under a slightly wrong name is missing, and the name that is there is shown."""
    if table.file not in headers:
        assert not table.needs_rows
        return
    for column in table.columns:
        if column.name not in headers[table.file] or column.optional:
            continue
        wrong = column.name[:-1] + "x"
        names = [wrong if name == column.name else name for name in headers[table.file]]
        header = ",".join(headers[table.file])
        found = found_in(every_line(table.file, swap(header, ",".join(names))))
        assert right(found, (table.file, 1, column.name), "TAB01"), (column.name, found)
        first = next(f for f in found if f.code == "TAB01")
        assert first.nearest == wrong or column.name == "id"  # too short to be sure of


def swap(old: str, new: str) -> Callable[[str], str]:
    """Return the change of one line into another."""
    return lambda line: new if line == old else line


@pytest.mark.parametrize("column", SETTINGS.columns, ids=lambda column: column.name)
def test_every_setting_is_told(column: Column) -> None:
    """A setting of the wrong type is named with its row, each in its group."""
    group, _, key = column.name.rpartition(".")
    with tempfile.TemporaryDirectory() as folder:
        text = (tiny_folder(Path(folder)) / "instance.toml").read_text(encoding="utf-8")
    lines = text.splitlines()
    here = next((n for n, line in enumerate(lines) if line.startswith(f"{key} = ")), None)
    if here is None:
        assert column.blank, group
        return
    value = "7" if column.kind not in NUMERIC else '"x"'
    found = found_in(every_line("instance.toml", swap(lines[here], f"{key} = {value}")))
    code = "CFG03" if column.kind not in NUMERIC else "NUM04"
    assert right(found, ("instance.toml", here + 1, column.name), code), found
