"""Tables as one Excel workbook: the same bytes for the same tables, and no text that is run.

Numbers are numbers, kept to the last bit; texts are text cells, a leading = + - @ included, and
stay text when somebody edits them. What Excel cannot hold is cut or continued on another sheet.
"""

from __future__ import annotations

import math
import re
import unicodedata
from typing import TYPE_CHECKING

from hubopt.instance.workbook_bytes import in_cell, saved
from hubopt.publish.spread import FORMULA_STARTS, checked

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from openpyxl import Workbook
    from openpyxl.cell import Cell as ExcelCell
    from openpyxl.worksheet.worksheet import Worksheet

    from hubopt.publish.spread import Cell, Sheet
    from hubopt.text import Language, Text

MOST_ROWS, LONGEST_TEXT, LONGEST_NAME = 1_048_576, 32_767, 31
"""What a sheet, a cell and the name of a sheet can hold in Excel."""

NARROWEST, WIDEST, LOOKED_AT = 8, 60, 500
"""Widths of columns in characters, and of how many rows they are the widest."""

GROUPED_FROM = 1_000.0
"""Numbers from here on have their thousands apart, but for years and the like, which are whole."""

WHOLE_GROUPED_FROM = 10_000
MONEY, WHOLE, PLAIN, AS_TEXT = "#,##0.00", "#,##0", "General", "@"
HEAD_COLOUR = "FFE8EDF2"
WIDE = frozenset("WF")
NO_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
NO_TEXT = re.compile("[\ud800-\udfff\ufffe\uffff]")
"""Signs that XML cannot hold."""


def workbook_bytes(
    sheets: Sequence[Sheet],
    language: Language,
    titles: Mapping[str, Text] | None = None,
    heads: Mapping[str, Text] | None = None,
) -> bytes:
    """Return tables as the bytes of a workbook, a sheet each, in their order.

    `titles` and `heads` call sheets and columns (units in them) otherwise than by their names.
    """
    return saved(workbook(sheets, language, titles, heads))


def workbook(
    sheets: Sequence[Sheet],
    language: Language,
    titles: Mapping[str, Text] | None = None,
    heads: Mapping[str, Text] | None = None,
) -> Workbook:
    """Return the workbook of `workbook_bytes`, so that more can be added before it is `saved`."""
    from openpyxl import Workbook  # noqa: PLC0415  (only workbooks need it)

    book = Workbook()
    book.remove(book.active)
    for sheet in sheets:
        title = said(sheet.name, titles, language)
        columns = [said(column, heads, language) for column in sheet.columns]
        rows = list(checked(sheet))
        room = MOST_ROWS - 1
        for start in range(0, max(len(rows), 1), room):
            page = book.create_sheet(free_name(title, book.sheetnames))
            fill(page, columns, rows[start : start + room])
    return book


def said(name: str, texts: Mapping[str, Text] | None, language: Language) -> str:
    """Return how a sheet or column is called: by its name unless there are words for it."""
    text = (texts or {}).get(name)
    return name if text is None else text.in_language(language)


def free_name(title: str, taken: Sequence[str]) -> str:
    """Return a name for a sheet that Excel takes and no other sheet has, whatever its case."""
    clean = NO_NAME.sub(" ", title).strip(" '") or "sheet"
    others, number, name = {name.lower() for name in taken}, 1, clean[:LONGEST_NAME]
    while name.lower() in others:
        number += 1
        tail = f" {number}"
        name = clean[: LONGEST_NAME - len(tail)] + tail
    return name


def fill(page: Worksheet, columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
    """Write a heading that stays in sight, the rows below it, and how they look."""
    from openpyxl.styles import Font, PatternFill  # noqa: PLC0415  (only workbooks need it)
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    bold, grey = Font(bold=True), PatternFill("solid", fgColor=HEAD_COLOUR)
    for number, name in enumerate(columns, start=1):
        head = page.cell(1, number)
        put(head, name)
        head.font, head.fill = bold, grey
        width = max(measured([name, *(row[number - 1] for row in rows[:LOOKED_AT])]))
        page.column_dimensions[get_column_letter(number)].width = min(max(width, NARROWEST), WIDEST)
    for here, row in enumerate(rows, start=2):
        for number, value in enumerate(row, start=1):
            if value not in {None, ""}:
                put(page.cell(here, number), value)
    page.freeze_panes = "A2"
    if columns:
        page.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{len(rows) + 1}"
    printed(page)


def printed(page: Worksheet) -> None:
    """Let a sheet print across, as wide as the paper, its heading on each page."""
    page.print_title_rows = "1:1"
    page.page_setup.orientation = "landscape"
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr.fitToPage = True


def put(cell: ExcelCell, value: Cell) -> None:
    """Write a value into a cell: a number by value, a text as text whatever it begins with."""
    if isinstance(value, str):
        cell.value = clean(value)
        cell.data_type = "s"
        if risky(value):
            cell.quotePrefix = True
            cell.number_format = AS_TEXT
        return
    if isinstance(value, float) and not math.isfinite(value):
        message = f"{cell.coordinate}: {value} is no number of a table"
        raise ValueError(message)
    cell.value = value
    if isinstance(value, float) and float(f"{value:.16g}") != value:
        cell._value = repr(value)  # noqa: SLF001  (openpyxl writes 16 digits, some need 17)
    shown = format_of(value)
    if shown != PLAIN:  # what every cell has is not said again, which is slow
        cell.number_format = shown


def format_of(value: float | None) -> str:
    """Return how a number is shown: thousands apart if large, two decimals unless it is whole."""
    if isinstance(value, int):
        return WHOLE if abs(value) >= WHOLE_GROUPED_FROM else PLAIN
    if value is None or abs(value) < GROUPED_FROM:
        return PLAIN
    return WHOLE if value.is_integer() else MONEY


def clean(text: str) -> str:
    """Return a text as a cell of Excel can hold it, without control characters."""
    spaced = "".join(" " if unicodedata.category(sign) == "Cc" else sign for sign in text)
    whole = in_cell(NO_TEXT.sub("\ufffd", spaced))
    return whole if len(whole) <= LONGEST_TEXT else whole[: LONGEST_TEXT - 1] + "…"


def risky(text: str) -> bool:
    """Tell whether a spreadsheet could take a text that is typed for a formula, number or date."""
    start = text.lstrip()[:1]
    return start.isdigit() or start in {*FORMULA_STARTS, "."}


def measured(cells: Sequence[Cell]) -> Iterator[int]:
    """Yield the width of cells in characters, Chinese ones counting twice, with some air."""
    for cell in cells:
        if isinstance(cell, str):
            yield 2 + sum(
                2 if unicodedata.east_asian_width(s) in WIDE else 1 for s in cell[:WIDEST]
            )
        else:
            yield 2 + (0 if cell is None else len(f"{cell:,.2f}" if cell % 1 else f"{cell:,.0f}"))
