"""Tables in a workbook: text stays text, numbers stay exact, and nothing tells the hour."""

from __future__ import annotations

import io
import time
import zipfile
from typing import Any

import pytest
from openpyxl import load_workbook

from hubopt.publish.spread import Sheet
from hubopt.publish.workbook import (
    LONGEST_NAME,
    LONGEST_TEXT,
    free_name,
    saved,
    workbook,
    workbook_bytes,
)
from hubopt.text import Language, Text

ODD = ("=1+1", "+1", "-2", "@SUM(A1)", "＝1", "\t=1", "007", "1/2", ".5", "<b>&", "'=1")
"""Texts that a spreadsheet could take for something else."""

COLUMNS = ("name", "cost_cny", "share", "stage")
ROWS = (("Zhengzhou", 1234567.891, 0.1 + 0.2, 2025), ("郑州", 2e6, None, 2030))


def opened(content: bytes) -> Any:  # noqa: ANN401  (openpyxl has no types)
    """Return a workbook read back from its bytes."""
    return load_workbook(io.BytesIO(content))


def page(sheet: Sheet, name: str | None = None) -> Any:  # noqa: ANN401
    """Return the sheet of a workbook with one table."""
    return opened(workbook_bytes([sheet], Language.EN))[name or sheet.name]


def test_text_that_looks_like_a_formula_is_text() -> None:
    """No cell of a sheet is a formula; what is read back is what was written, tabs apart."""
    found = page(Sheet("odd", ("=head()",), tuple((text,) for text in ODD)))
    cells = [row[0] for row in found.iter_rows()]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.value for cell in cells] == ["=head()", *(t.replace("\t", " ") for t in ODD)]
    risky = [cell for cell in cells if cell.value not in {"<b>&", "'=1"}]
    assert all(cell.quotePrefix and cell.number_format == "@" for cell in risky)
    raw = zipfile.ZipFile(
        io.BytesIO(workbook_bytes([Sheet("o", ("a",), tuple((t,) for t in ODD))], Language.EN))
    )
    assert b"<f>" not in b"".join(raw.read(name) for name in raw.namelist())


@pytest.mark.parametrize("text", ["a\x00b\x1fc", "a\ud800b", "a\ufffeb", "x" * 40_000])
def test_what_a_cell_cannot_hold_is_replaced_or_cut(text: str) -> None:
    """Control characters, halves of characters and endless texts leave a workbook that opens."""
    value = page(Sheet("odd", ("text",), ((text,),)))["A2"].value
    assert value[0] == text[0]
    assert len(value) == min(len(text), LONGEST_TEXT)
    assert value.isprintable() or "\ufffd" in value


def test_numbers_are_kept_to_the_last_bit() -> None:
    """What needs 17 digits comes back equal; integers stay integers and nothing stays blank."""
    numbers = (0.1 + 0.2, 1 / 3, 2**0.5, 1e-9, 123456789.123456789, 1e12, 5, -0.5)
    found = page(Sheet("n", ("x",), tuple((n,) for n in numbers)))
    assert [row[0] for row in found.iter_rows(min_row=2, values_only=True)] == [*numbers]
    blank = page(Sheet("t", COLUMNS, (*ROWS, ("", 1.0, 1.0, 1))))
    assert blank["C3"].value is blank["A4"].value is None
    assert {cell.data_type for row in blank.iter_rows() for cell in row} == {"s", "n"}


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_what_is_no_number_is_refused(number: float) -> None:
    """Excel would not open a workbook with infinity in it."""
    with pytest.raises(ValueError, match="A2"):
        workbook_bytes([Sheet("n", ("x",), ((number,),))], Language.EN)


def test_how_a_sheet_looks() -> None:
    """The heading is bold, frozen and filtered; money has its thousands apart, years do not."""
    found = page(Sheet("t", COLUMNS, ROWS))
    assert found["A1"].font.bold
    assert not found["A2"].font.bold
    assert found.freeze_panes == "A2"
    assert found.auto_filter.ref == "A1:D3"
    formats = [found[cell].number_format for cell in ("B2", "B3", "C2", "D2")]
    assert formats == ["#,##0.00", "#,##0", "General", "General"]
    assert 14 <= found.column_dimensions["B"].width <= 16


def test_the_same_tables_give_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A workbook written years later is the same, and its parts are dated alike."""
    sheets = [Sheet("t", COLUMNS, ROWS), Sheet("empty", COLUMNS, ())]
    one = workbook_bytes(sheets, Language.EN)
    clock = time.struct_time((2031, 5, 6, 7, 8, 9, 1, 126, 0))
    monkeypatch.setattr(time, "localtime", lambda *_: clock)
    monkeypatch.setattr(time, "time", lambda: 1_936_000_000.0)
    assert workbook_bytes(sheets, Language.EN) == one
    parts = zipfile.ZipFile(io.BytesIO(one)).infolist()
    assert {part.date_time for part in parts} == {(1980, 1, 1, 0, 0, 0)}
    core = zipfile.ZipFile(io.BytesIO(one)).read("docProps/core.xml")
    assert core.count(b"1980-01-01T00:00:00Z") == 2


def test_sheets_and_columns_are_called_in_the_language() -> None:
    """Titles and heads are of the language; what has no words keeps its name."""
    titles, heads = {"t": Text("Costs", "成本")}, {"share": Text("share", "比重")}
    sheets = [Sheet("t", COLUMNS, ROWS), Sheet("u", COLUMNS, ROWS)]
    found = opened(workbook_bytes(sheets, Language.ZH, titles, heads))
    assert found.sheetnames == ["成本", "u"]
    assert found["成本"]["C1"].value == "比重"
    assert found["成本"]["A1"].value == "name"


def test_names_of_sheets_are_such_as_excel_takes() -> None:
    """No signs that Excel refuses, at most 31 characters, none twice whatever the case."""
    assert free_name("a/b:c[d]", []) == "a b c d"
    assert free_name("Costs", ["costs"]) == "Costs 2"
    long = free_name("x" * 50, ["x" * LONGEST_NAME])
    assert len(long) == LONGEST_NAME
    assert long.endswith(" 2")
    assert free_name("'", []) == "sheet"


def test_more_rows_than_a_sheet_holds_go_on_to_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    """With room for two rows besides the heading, five rows take three sheets."""
    monkeypatch.setattr("hubopt.publish.workbook.MOST_ROWS", 3)
    book = workbook([Sheet("t", ("x",), tuple((n,) for n in range(5)))], Language.EN)
    assert book.sheetnames == ["t", "t 2", "t 3"]
    assert [book["t 2"]["A1"].value, book["t 2"]["A2"].value] == ["x", 2]
    assert saved(book)


def test_a_row_of_another_width_is_refused() -> None:
    """A row that does not fit its columns is a fault of hubopt, in a workbook as in CSV."""
    with pytest.raises(ValueError, match="does not fit"):
        workbook_bytes([Sheet("t", ("x",), ((1, 2),))], Language.EN)
