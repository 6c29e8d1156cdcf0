"""Records made in memory as a draft: each value checked as the cell that it would be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hubopt.errors import Finding
from hubopt.instance.codes import Code
from hubopt.instance.draft import Draft, Sheet, shown
from hubopt.instance.read_rows import read_rows
from hubopt.instance.read_settings import read_settings
from hubopt.instance.read_table import RawTable
from hubopt.instance.rows import Settings
from hubopt.instance.schema import RECORDS, SETTINGS_FILE, TABLES
from hubopt.instance.write import cells_of, settings_text, sort_key
from hubopt.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hubopt.instance.schema import Table

WRONG_VALUES = (TypeError, AttributeError, ValueError, ArithmeticError, LookupError)
"""What turning a value of the wrong type into text may raise."""


def draft_of(settings: object, tables: Mapping[str, Any]) -> tuple[Draft, list[Finding]]:
    """Return records as a draft whose rows are those that `write` would number, and what is wrong.

    Whole numbers where a column holds decimals, or words as plain text, come back as reading
    would give them.
    """
    read, findings = settings_of(settings)
    sheets: dict[str, Sheet] = {}
    for table in TABLES.values():
        sheets[table.name], faults = sheet_of(table, tables[table.name])
        findings += faults
    return Draft(read, sheets), findings


def settings_of(settings: object) -> tuple[Settings | None, list[Finding]]:
    """Return settings as reading would give them, or what is wrong with them."""
    if not isinstance(settings, Settings):
        return None, [not_a_record(SETTINGS_FILE, settings, "Settings")]
    try:
        text = settings_text(settings)
    except WRONG_VALUES:
        return None, [not_a_record(SETTINGS_FILE, settings, "Settings")]
    return read_settings(text)


def sheet_of(table: Table, records: object) -> tuple[Sheet, list[Finding]]:
    """Return records as a table and what is wrong with them one by one."""
    name = RECORDS[table.name].__name__
    if not isinstance(records, tuple | list):
        return Sheet(table, whole=False), [not_a_record(table.file, records, f"tuple of {name}")]
    cells: list[tuple[Any, list[str]]] = []
    findings = []
    for record in records:
        try:
            if not isinstance(record, RECORDS[table.name]):
                raise TypeError(name)
            cells.append((sort_key(table, record), cells_of(table, record)))
        except WRONG_VALUES:
            findings.append(not_a_record(table.file, record, name))
    cells.sort(key=lambda pair: pair[0])
    lines = [(here, fields) for here, (_, fields) in enumerate(cells, start=2)]
    header = [column.name for column in table.columns]
    sheet, faults = read_rows(table, RawTable(header, 1, lines))
    if findings:
        sheet = Sheet(table, sheet.rows, sheet.broken, whole=False)
    return sheet, [*findings, *faults]


def not_a_record(file: str, value: object, name: str) -> Finding:
    """Return the finding about an object that is no record of its table, or holds none's values."""
    return Finding(
        file,
        Text(f"is no {name} whose values could be written", f"不是可写出的 {name}"),
        Text(f"give a {name} with values as in the data dictionary", f"请按数据字典给出 {name}"),
        value=shown(repr(value)),
        code=Code.NOT_A_RECORD,
    )
