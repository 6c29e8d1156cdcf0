"""An instance as files: canonical bytes, the same for the same content however it was written."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

from hubopt.instance.cell_numbers import number_text
from hubopt.instance.cells import cell_text
from hubopt.instance.schema import SCHEMA_VERSION, SET_SIGN, SETTINGS, TABLES, WORDS, Kind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hubopt.instance.rows import Settings
    from hubopt.instance.schema import Column, Row, Table
    from hubopt.instance.tables import Instance

LEFT_OUT = frozenset({"vehicles"})
"""Tables that are written only if they have rows."""

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
    """Return the content of every file by name: UTF-8, rows by key, shortest decimals.

    What is optional and says nothing is left out, so that it changes no hash: a table without rows
    that no earlier version had, a column at its default.
    """
    found = {SETTINGS.file: settings_text(instance.settings).encode()}
    for table in written_tables(instance):
        found[table.file] = table_text(table, getattr(instance, table.name)).encode()
    return found


def written_tables(instance: Instance) -> list[Table]:
    """Return the tables that are written: all but those that are left out without rows."""
    return [t for t in TABLES.values() if getattr(instance, t.name) or t.name not in LEFT_OUT]


def table_text(table: Table, rows: Sequence[Row]) -> str:
    """Return a table as CSV, rows in canonical order, without optional columns that say nothing."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    columns, lines = canonical_rows(table, rows)
    writer.writerow(column.name for column in columns)
    writer.writerows(lines)
    return out.getvalue()


def canonical_rows(table: Table, rows: Sequence[Row]) -> tuple[list[Column], list[list[str]]]:
    """Return the columns that say anything and the cells of each row below them, rows in order."""
    cells = [cells_of(table, row) for row in sorted(rows, key=lambda row: sort_key(table, row))]
    said = [
        here
        for here, column in enumerate(table.columns)
        if not column.optional or any(line[here] != column.default for line in cells)
    ]
    return [table.columns[here] for here in said], [[line[h] for h in said] for line in cells]


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
        if "." not in column.name and column.name != "schema" and says(column, settings)
    ]
    for stage in settings.stages:
        lines += ["", "[[stages]]", f"year = {stage.year}", f"years = {stage.years}"]
    lines += ["", "[solver]"]
    lines += [f"gap = {toml_value(settings.gap)}", f"time_s = {toml_value(settings.time_s)}"]
    return "\n".join(lines) + "\n"


def says(column: Column, settings: Settings) -> bool:
    """Tell whether a key is to be written: it is not optional, or not at its default."""
    value = getattr(settings, column.name)
    return not column.optional or cell_text(column, value) != column.default


def toml_value(value: str | float | frozenset[str]) -> str:
    """Return a text, number, yes or no, or set of ids as TOML."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, frozenset):
        return toml_value(SET_SIGN.join(sorted(value)))
    if isinstance(value, str):
        # A JSON string is a TOML string, but for DEL, which JSON leaves as it is.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return number_text(value)
