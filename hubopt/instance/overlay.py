"""What a scenario does to an instance, as data: operations on the rows that conditions choose."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from hubopt.errors import Finding
from hubopt.instance.draft import shown

if TYPE_CHECKING:
    from hubopt.instance.cell_errors import CellError
    from hubopt.instance.schema import Column


class Verb(StrEnum):
    """What an entry does; entries of one file are done in this order, whatever theirs in it."""

    SETTINGS = "settings"
    POLICIES_ON = "policies_on"
    POLICIES_OFF = "policies_off"
    ADD_ROWS = "add_rows"
    SET = "set"
    MULTIPLY = "multiply"
    ADD = "add"
    GROW = "grow"
    OPEN = "open"
    CLOSE = "close"
    REQUIRE = "require"
    OUTAGE = "outage"


@dataclass(frozen=True, slots=True)
class At:
    """Where an entry stands: `entry` such as `multiply[2]`, `row` as an editor shows it."""

    file: str
    entry: str
    row: int | None

    def fault(self, key: str, value: object, error: CellError, row: int | None = None) -> Finding:
        """Return the finding about a key of this entry; of the entry itself if `key` is empty."""
        return Finding(
            self.file,
            error.reason,
            error.remedy,
            row=row or self.row,
            column=".".join(part for part in (self.entry, key) if part) or None,
            value=None if value is None else shown(str(value)),
            nearest=error.nearest,
            code=error.code,
        )


@dataclass(frozen=True, slots=True)
class OneOf:
    """A condition: the cell is one of some values, or with `excluded` none of them.

    A value fits a cell of several entries if they contain it: a path that passes a stop or runs a
    leg, a set of modes with one more. `None` fits a blank cell.
    """

    column: Column
    values: tuple[Any, ...]
    excluded: bool = False

    def holds(self, cell: object) -> bool:
        """Tell whether a cell is one that is meant."""
        return any(fits(value, cell) for value in self.values) is not self.excluded


@dataclass(frozen=True, slots=True)
class Between:
    """A condition: the number lies between two, both included; a blank cell does not."""

    column: Column
    least: float | None
    most: float | None

    def holds(self, cell: object) -> bool:
        """Tell whether a cell is one that is meant."""
        return (
            isinstance(cell, int | float)
            and (self.least is None or cell >= self.least)
            and (self.most is None or cell <= self.most)
        )


@dataclass(frozen=True, slots=True)
class Named:
    """A condition on the row of another table that the cell names, as the place of an origin."""

    column: Column
    table: str
    where: Where


Condition = OneOf | Between | Named
Where = tuple[tuple[str, Condition], ...]
"""Conditions, all of which must hold, each with the key under which it stands."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One entry: what to do to which rows of which table; `cells` are values or factors."""

    verb: Verb
    at: At
    table: str
    where: Where = ()
    cells: tuple[tuple[str, Any], ...] = ()


def fits(value: object, cell: object) -> bool:
    """Tell whether a cell is the value of a condition or, holding several entries, contains it."""
    if value is None:
        return cell is None or cell in ("", (), frozenset())
    if isinstance(cell, frozenset):
        return value == cell or (isinstance(value, frozenset) and value <= cell)
    if isinstance(cell, tuple) and isinstance(value, tuple):
        size = len(value)
        return any(cell[here : here + size] == value for here in range(len(cell) - size + 1))
    return value == cell
