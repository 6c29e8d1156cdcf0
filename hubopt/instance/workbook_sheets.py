"""The sheets of a workbook as rows of texts, as a CSV file would hold them, and what is odd."""

from __future__ import annotations

import datetime as dt
import io
import re
import warnings
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError

from hubopt.errors import Finding
from hubopt.instance.cell_numbers import number_text
from hubopt.instance.workbook_bytes import from_cell
from hubopt.instance.workbook_container import BROKEN, SheetTraits, damaged, traits_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hubopt.instance.read_table import Rows

UNREADABLE = (*BROKEN, TypeError, AttributeError, ParseError, AssertionError)
"""What reading a workbook that some program wrote badly may raise."""

AS_WRITTEN = re.compile(r'"[^"]*"|\\.')
"""What a format puts into a cell as it stands; a % in it does not multiply by a hundred."""

Spot = tuple[int, int]
"""A row, and a column from 0."""


@dataclass(frozen=True)
class Page:
    """One sheet: its rows that hold anything, all equally wide, and what Excel knows of cells.

    `dates` are cells formatted as dates, `bare` formulas without a stored value, `percents` the
    numbers that are shown in percent, as they are shown.
    """

    title: str
    rows: Rows
    dates: Mapping[Spot, dt.datetime] = field(default_factory=dict)
    bare: frozenset[Spot] = frozenset()
    merged: tuple[str, ...] = ()
    percents: Mapping[Spot, str] = field(default_factory=dict)


def pages_of(name: str, content: bytes, wanted: frozenset[str]) -> list[Page] | Finding:
    """Return the sheets of a workbook; those whose title is not `wanted` come without rows.

    Titles are compared in small letters. A finding says why the workbook cannot be read.
    """
    traits = traits_of(name, content)
    if isinstance(traits, Finding):
        return traits
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # on styles and charts, which are not read
            return list(read_pages(content, traits, wanted))
    except UNREADABLE as error:
        return damaged(name, str(error))


def read_pages(
    content: bytes, traits: Mapping[str, SheetTraits], wanted: frozenset[str]
) -> Iterator[Page]:
    """Yield each sheet; formulas are looked for only where the bytes show that there are any."""
    book = opened(content, values=True)
    formulas = None
    shares = percent_styles(book)
    for sheet in book.worksheets:
        if sheet.title.strip().lower() not in wanted:
            yield Page(sheet.title, [])
            continue
        trait = traits.get(part_of(sheet), SheetTraits(formulas=True, merged=()))
        page = page_of(sheet, trait)
        if shares:
            page = replace(page, percents=percents_in(sheet, shares))
        if trait.formulas:
            formulas = formulas or opened(content, values=False)
            bare = bare_formulas(formulas[sheet.title], page, trait.texts)
            page = replace(page, bare=bare)
        yield page


def opened(content: bytes, *, values: bool) -> Any:  # noqa: ANN401  (a library without types)
    """Return a workbook opened for streaming, with stored values or with formulas."""
    from openpyxl import load_workbook  # noqa: PLC0415  (only workbooks need it)

    return load_workbook(io.BytesIO(content), read_only=True, data_only=values, keep_links=False)


def part_of(sheet: Any) -> str:  # noqa: ANN401
    """Return the name of the part of the zip that holds a sheet."""
    return str(sheet._worksheet_path).lstrip("/")  # noqa: SLF001  (no public name for it)


def page_of(sheet: Any, trait: SheetTraits) -> Page:  # noqa: ANN401
    """Return the rows of one sheet."""
    rows: Rows = []
    dates: dict[Spot, dt.datetime] = {}
    sheet.reset_dimensions()  # what the file says of its own size may be wrong
    for number, values in enumerate(sheet.iter_rows(values_only=True), start=1):
        texts = [text_of(value) for value in values]
        if any(text and not text.isspace() for text in texts):
            rows.append((number, texts))
        for here, value in enumerate(values):
            if isinstance(value, dt.date):
                dates[number, here] = as_moment(value)
    width = max((last_filled(texts) for _, texts in rows), default=0)
    even = [(row, (texts + [""] * width)[:width]) for row, texts in rows]
    return Page(sheet.title, even, dates, merged=trait.merged)


def percent_styles(book: Any) -> frozenset[int]:  # noqa: ANN401
    """Return the numbers of the styles that show a cell in percent; most workbooks have none."""
    from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE  # noqa: PLC0415

    def shown_as(style: Any) -> str:  # noqa: ANN401
        own = style.numFmtId - BUILTIN_FORMATS_MAX_SIZE
        if 0 <= own < len(book._number_formats):  # noqa: SLF001  (no public name for it)
            return str(book._number_formats[own])  # noqa: SLF001
        return str(BUILTIN_FORMATS.get(style.numFmtId, ""))

    styles = enumerate(book._cell_styles)  # noqa: SLF001
    return frozenset(here for here, style in styles if "%" in AS_WRITTEN.sub("", shown_as(style)))


def percents_in(sheet: Any, shares: frozenset[int]) -> dict[Spot, str]:  # noqa: ANN401
    """Return the numbers that are shown in percent, each as it is shown."""
    sheet.reset_dimensions()
    return {
        (cell.row, cell.column - 1): f"{number_text(float(f'{cell.value * 100:.12g}'))}%"
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, int | float)
        and not isinstance(cell.value, bool)
        and cell._style_id in shares  # noqa: SLF001
    }


def bare_formulas(sheet: Any, page: Page, texts: frozenset[str]) -> frozenset[Spot]:  # noqa: ANN401
    """Return where formulas stand of which the file stores no value.

    Those that have given a text are none of them: an empty text is a value, and an empty cell.
    """
    filled = {(row, here) for row, cells in page.rows for here, text in enumerate(cells) if text}
    sheet.reset_dimensions()
    return frozenset(
        (cell.row, cell.column - 1)
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
        and (cell.row, cell.column - 1) not in filled
        and cell.coordinate not in texts
    )


def last_filled(texts: list[str]) -> int:
    """Return how many cells a row has, empty ones at its end left out."""
    return max((here + 1 for here, text in enumerate(texts) if text.strip()), default=0)


def text_of(value: object) -> str:
    """Return a cell as it would stand in a CSV file."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, dt.datetime):
        midnight = value.time() == dt.time()
        return value.date().isoformat() if midnight else value.isoformat(" ")
    return from_cell(str(value))


def as_moment(value: dt.date) -> dt.datetime:
    """Return a date as the moment at which it begins."""
    return value if isinstance(value, dt.datetime) else dt.datetime.combine(value, dt.time())
