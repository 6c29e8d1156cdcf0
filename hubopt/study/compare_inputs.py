"""What was changed in the input: two instances cell by cell, with the scenario entries behind it.

Rows are those of one key, as the data dictionary has it. Each difference between two results
follows from what stands here, or from the gap that the solves have left open.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeGuard

from hubopt.instance.cells import cell_text
from hubopt.instance.overlay_trace import key_of
from hubopt.instance.schema import SETTINGS, TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hubopt.instance.overlay_trace import Cell, Origin
    from hubopt.instance.schema import Column, Row, Table
    from hubopt.instance.tables import Instance
    from hubopt.study.compare_facts import Facts

WHOLE_ROW = ""
"""The column of a row that is added or removed as a whole."""

SAME_TO = 9
"""Factors and differences are the same if they are to so many significant digits."""


class What(StrEnum):
    """What was done to a cell or a row."""

    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class InputChange:
    """One cell of a result's instance that is not that of the base, or a row that only one has.

    Values are as the instance holds them, `None` for a blank cell. `origins` are the entries of
    the two scenarios that wrote it; `edited` says that the instances differ here even without any
    scenario.
    """

    number: int
    what: What
    table: str
    key: tuple[object, ...]
    column: str
    before: Any
    after: Any
    origins: tuple[Origin, ...] = ()
    edited: bool = False

    @property
    def row(self) -> str:
        """What names the row, as text."""
        return " ".join(str(part) for part in self.key if part is not None)

    @property
    def factor(self) -> float | None:
        """By how much a number was multiplied, `None` if it is none or was nothing."""
        if not (number(self.before) and number(self.after)) or not self.before:
            return None
        return float(f"{self.after / self.before:.{SAME_TO}g}")

    @property
    def difference(self) -> float | None:
        """How much was added to a number, `None` if it is none."""
        if not (number(self.before) and number(self.after)):
            return None
        return float(f"{self.after - self.before:.{SAME_TO}g}")

    def text(self, value: Any) -> str:  # noqa: ANN401  (as many types as kinds)
        """Return a value of this column as it stands in a file, a row with all its cells."""
        if self.column != WHOLE_ROW:
            return cell_text(column_of(self.table, self.column), value)
        return "" if value is None else row_text(TABLES[self.table], value)


def number(value: object) -> TypeGuard[float]:
    """Tell whether a value is a number; yes and no are none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def column_of(table: str, column: str) -> Column:
    """Return a column of the data dictionary, for settings the key by its name in the file."""
    if table == SETTINGS.name:
        return SETTINGS.column.get(column) or SETTINGS.column[f"solver.{column}"]
    return TABLES[table].column[column]


def row_text(table: Table, row: Row) -> str:
    """Return the cells of a row that do not name it, as text."""
    cells = (
        (column.name, cell_text(column, getattr(row, column.name)))
        for here, column in enumerate(table.columns)
        if here not in table.keys
    )
    return "; ".join(f"{name}={text}" for name, text in cells if text)


def input_changes(base: Facts, other: Facts, here: int) -> tuple[InputChange, ...]:
    """Return every cell and row in which the instance of result `here` is not that of the base."""
    edited = edits(base, other)
    return tuple(
        InputChange(here, *found, origins_of(base, other, found), found[1:4] in edited)
        for found in differences(base.instance, other.instance)
    )


Difference = tuple[What, str, tuple[object, ...], str, Any, Any]
"""What, table, key, column, before and after."""


def edits(base: Facts, other: Facts) -> frozenset[Cell]:
    """Return the cells in which the instances differ before any scenario is put over them."""
    if base.background is None or other.background is None:
        return frozenset()
    found = differences(base.background.plain, other.background.plain)
    return frozenset(one[1:4] for one in found)


def origins_of(base: Facts, other: Facts, found: Difference) -> tuple[Origin, ...]:
    """Return the entries behind a difference: of the result's scenario, then of the base's."""
    entries: dict[Origin, None] = {}
    for side in (other, base):
        if side.background is not None:
            entries |= dict.fromkeys(wrote(side.background.written, found))
    return tuple(entries)


def wrote(written: Mapping[Cell, tuple[Origin, ...]], found: Difference) -> Iterator[Origin]:
    """Yield the entries that wrote a cell, or any cell of a row that is added or removed."""
    _, table, key, column, *_ = found
    if column != WHOLE_ROW:
        yield from written.get((table, key, column), ())
        return
    for name in TABLES[table].column:
        yield from written.get((table, key, name), ())


def differences(base: Instance, other: Instance) -> Iterator[Difference]:
    """Yield every cell and row in which two instances differ, settings first."""
    yield from of_settings(base, other)
    for table in TABLES.values():
        rows, others = getattr(base, table.name), getattr(other, table.name)
        if rows != others:
            yield from of_table(table, rows, others)


def of_settings(base: Instance, other: Instance) -> Iterator[Difference]:
    """Yield every setting that differs."""
    for field in fields(base.settings):
        before, after = (getattr(side.settings, field.name) for side in (base, other))
        if before != after:
            yield What.CHANGED, SETTINGS.name, (), field.name, before, after


def of_table(table: Table, rows: Sequence[Row], others: Sequence[Row]) -> Iterator[Difference]:
    """Yield every row of a table that only one side has, and every cell that differs."""
    before = {key_of(table, row): row for row in rows}
    after = {key_of(table, row): row for row in others}
    for key in dict.fromkeys((*before, *after)):
        one, two = before.get(key), after.get(key)
        if one is None or two is None:
            what = What.ADDED if one is None else What.REMOVED
            yield what, table.name, key, WHOLE_ROW, one, two
        elif one != two:
            for column in table.columns:
                cells = getattr(one, column.name), getattr(two, column.name)
                if cells[0] != cells[1]:
                    yield What.CHANGED, table.name, key, column.name, *cells


@dataclass(frozen=True, slots=True)
class Group:
    """Changes of one column by the same entries, or rows of one table added or removed by them."""

    changes: tuple[InputChange, ...]

    @property
    def first(self) -> InputChange:
        """The change that says what all have in common."""
        return self.changes[0]

    @property
    def factors(self) -> tuple[float, float] | None:
        """The least and the largest factor, `None` if any change has none."""
        found = [change.factor for change in self.changes]
        known = [factor for factor in found if factor is not None]
        return (min(known), max(known)) if len(known) == len(found) else None

    @property
    def added(self) -> float | None:
        """What is added to each number, `None` unless it is the same."""
        found = {change.difference for change in self.changes}
        return found.pop() if len(found) == 1 else None

    @property
    def value(self) -> str | None:
        """What stands in every cell now, `None` unless it is the same; blank for no value."""
        found = {change.text(change.after) for change in self.changes}
        return found.pop() if len(found) == 1 else None


def grouped(changes: Sequence[InputChange]) -> tuple[Group, ...]:
    """Return changes by table, column, what was done and the entries that did it."""
    found: dict[tuple[object, ...], list[InputChange]] = {}
    for change in changes:
        key = change.what, change.table, change.column, change.origins, change.edited
        found.setdefault(key, []).append(change)
    return tuple(Group(tuple(group)) for group in found.values())
