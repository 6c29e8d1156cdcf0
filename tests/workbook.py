"""The tiny instance as a workbook that a test may spoil."""

from __future__ import annotations

import re
import zipfile
from functools import cache
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook

from hubopt.instance.schema import NUMERIC, TABLES
from hubopt.instance.write import cells_of
from tests.tiny import tiny

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from hubopt.instance.schema import Table

    Spoil = Callable[[Workbook], object]

SETTINGS = [
    ("key", "value"),
    ("schema", 1),
    ("name", "tiny"),
    ("title_en", "Tiny"),
    ("title_zh", "小例"),
    ("base_year", 2025),
    ("discount_rate", 0.08),
    ("carbon_price_cny_per_t", 96),
    ("grid_kg_co2e_per_kwh", 0.54),
    ("home_country", "CN"),
    ("routes_per_shipment", 10),
    ("stages.year", 2025, 2030),
    ("stages.years", 5, 5),
    ("solver.gap", 0.001),
    ("solver.time_s", 600),
]


def tiny_book(path: Path, *spoils: Spoil) -> Path:
    """Return `path` with the tiny instance in it as a workbook, after the edits."""
    book = Workbook()
    book.remove(book.active)
    sheet = book.create_sheet("instance")
    for row in SETTINGS:
        sheet.append(row)
    for title, rows in tiny_rows():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    for spoil in spoils:
        spoil(book)
    book.save(path)
    return path


@cache
def tiny_rows() -> list[tuple[str, list[list[str | float | None]]]]:
    """Return the title and the rows of each sheet of the tiny instance, made once."""
    instance = tiny()
    return [
        (table.name, rows_of(table, getattr(instance, table.name))) for table in TABLES.values()
    ]


def rows_of(table: Table, records: Sequence[Any]) -> list[list[str | float | None]]:
    """Return the header and the records of a table as cells of Excel."""
    numeric = [column.kind in NUMERIC for column in table.columns]
    rows = [
        [typed(text, number=number) for number, text in zip(numeric, texts, strict=True)]
        for texts in (cells_of(table, record) for record in records)
    ]
    return [[column.name for column in table.columns], *rows]


def typed(text: str, *, number: bool) -> str | float | None:
    """Return a cell as Excel would hold it."""
    if not text:
        return None
    if not number:
        return text
    return float(text) if "." in text else int(text)


def put(sheet: str, cell: str, value: object) -> Spoil:
    """Return the edit that writes one cell."""

    def edit(book: Workbook) -> None:
        book[sheet][cell] = value

    return edit


def recast(path: Path, part: str, change: Callable[[bytes], bytes]) -> Path:
    """Change the bytes of the parts of a workbook whose names match, and return its path."""
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    assert any(re.search(part, name) for name in parts)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in parts.items():
            new.writestr(name, change(data) if re.search(part, name) else data)
    return path
