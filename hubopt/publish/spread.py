"""Tables as text: CSV that Excel opens with Chinese intact and without running any cell.

UTF-8 with a byte order mark, because Excel otherwise guesses the system's code page. Numbers are
written by value; text that a spreadsheet would take for a formula gets an apostrophe in front.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Cell = str | int | float | None

FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
"""What begins a formula in a spreadsheet, full-width forms included."""

DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: its file name, its column names (units in them) and its rows."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def csv_bytes(sheet: Sheet) -> bytes:
    """Return a sheet as the bytes of a CSV file."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(sheet.columns)
    writer.writerows([written(cell) for cell in row] for row in checked(sheet))
    return text.getvalue().encode("utf-8-sig")


def checked(sheet: Sheet) -> Iterable[Sequence[Cell]]:
    """Return the rows; a row of another width than the heading is a fault of hubopt."""
    wrong = [row for row in sheet.rows if len(row) != len(sheet.columns)]
    if wrong:
        message = f"{sheet.name}: row {wrong[0]} does not fit its columns"
        raise ValueError(message)
    return sheet.rows


def written(cell: Cell) -> str:
    """Return a cell as text: blank for nothing, the shortest decimal for a number."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return safe(cell)
    if isinstance(cell, int):
        return str(cell)
    return decimal(cell)


def decimal(number: float) -> str:
    """Return a number with at most six decimals, never in powers of ten."""
    text = f"{number:.{DECIMALS}f}".rstrip("0").rstrip(".")
    return "0" if text in {"", "-0"} else text


@lru_cache(maxsize=50_000)  # ids and names come again and again
def safe(text: str) -> str:
    """Return text without control characters that no spreadsheet takes for a formula."""
    clean = "".join(" " if unicodedata.category(c) == "Cc" else c for c in text)
    starts = clean.lstrip().startswith(FORMULA_STARTS)
    return "'" + clean if starts or text[:1] in {"\t", "\r", "\n"} else clean


def unsafe(text: str) -> str:
    """Return the text that a cell written by `safe` stands for."""
    return (
        text[1:] if text.startswith("'") and text[1:].lstrip().startswith(FORMULA_STARTS) else text
    )
