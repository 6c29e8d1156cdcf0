"""An instance as files: canonical bytes, the same for the same content however it was written."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

from hubopt.instance.cell_numbers import number_text
from hubopt.instance.cells import cell_text
from hubopt.instance.schema import SCHEMA_VERSION, SETTINGS, TABLES, WORDS, Kind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hubopt.instance.rows import Settings
    from hubopt.instance.schema import Row, Table
    from hubopt.instance.tables import Instance

SortKey = tuple[tuple[int, str], ...]


def write(instance: Instance, folder: Path) -> None:
    """Write an instance into a folder, which is made if need be; each file appears whole.

    Files of the instance that are already there are replaced.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in canonical_files(instance).items():
        half = folder / f".{name}.part"
        half.write_bytes(content)
        half.replace(folder / name)


def canonical_files(instance: Instance) -> dict[str, bytes]:
    """Return the content of every file by name: UTF-8, rows by key, shortest decimals."""
    found = {SETTINGS.file: settings_text(instance.settings).encode()}
    for table in TABLES.values():
        found[table.file] = table_text(table, getattr(instance, table.name)).encode()
    return found


def table_text(table: Table, rows: Sequence[Row]) -> str:
    """Return a table as CSV, rows in canonical order."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(column.name for column in table.columns)
    for row in sorted(rows, key=lambda row: sort_key(table, row)):
        writer.writerow(cells_of(table, row))
    return out.getvalue()


def cells_of(table: Table, row: Row) -> list[str]:
    """Return the cells of a row as text."""
    return [cell_text(column, getattr(row, column.name)) for column in table.columns]


def sort_key(table: Table, row: Row) -> SortKey:
    """Return what rows are ordered by: ids as text, fixed words in the order of the vocabulary."""
    found = []
    for here in table.keys:
        column = table.columns[here]
        value = getattr(row, column.name)
        if value is None:
            found.append((-1, ""))
        elif column.kind in WORDS:
            found.append((ORDER[column.kind].get(value, -1), str(value)))
        elif column.kind is Kind.STAGE:
            found.append((int(value), ""))
        else:
            found.append((0, str(value)))
    return tuple(found)


ORDER = {kind: {word: here for here, word in enumerate(words)} for kind, words in WORDS.items()}


def settings_text(settings: Settings) -> str:
    """Return the settings as TOML."""
    lines = [f"schema = {SCHEMA_VERSION}"]
    lines += [
        f"{column.name} = {toml_value(getattr(settings, column.name))}"
        for column in SETTINGS.columns
        if "." not in column.name and column.name != "schema"
    ]
    for stage in settings.stages:
        lines += ["", "[[stages]]", f"year = {stage.year}", f"years = {stage.years}"]
    lines += ["", "[solver]"]
    lines += [f"gap = {toml_value(settings.gap)}", f"time_s = {toml_value(settings.time_s)}"]
    return "\n".join(lines) + "\n"


def toml_value(value: str | float) -> str:
    """Return a text or number as TOML."""
    if isinstance(value, str):
        # A JSON string is a TOML string, but for DEL, which JSON leaves as it is.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return number_text(value)
