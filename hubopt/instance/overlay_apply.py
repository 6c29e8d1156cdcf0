"""Operations done to the rows of an instance, with where each change comes from."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from decimal import Context, Decimal
from typing import TYPE_CHECKING, Any

from hubopt.instance.overlay import Operation, Verb
from hubopt.instance.overlay_choose import chosen, strangers
from hubopt.instance.overlay_faults import (
    NO_SUCH_ROW,
    NOTHING_TO_OPEN,
    TOO_LARGE,
    WITHOUT_LIMIT,
    not_on,
)
from hubopt.instance.rows import Module
from hubopt.instance.schema import LARGEST, RECORDS, TABLES, Kind
from hubopt.vocabulary import SiteStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from hubopt.errors import Finding
    from hubopt.instance.cell_errors import CellError
    from hubopt.instance.overlay import At
    from hubopt.instance.schema import Row
    from hubopt.instance.tables import Instance

EXACT = Context(prec=15)
"""Fifteen digits are what a cell may hold; 30,000 x 1.15 is then 34,500 and nothing near it."""

CAPACITY = "capacity_t_per_year"


@dataclass(eq=False)
class Line:
    """A row as it is so far, which entries wrote each of its cells, in turn; `last` the last."""

    row: Any
    wrote: dict[str, tuple[At, ...]] = field(default_factory=dict)
    last: At | None = None

    def write(self, at: At, **cells: Any) -> None:  # noqa: ANN401  (as many types as kinds)
        """Put values into cells."""
        self.row = replace(self.row, **cells)
        self.wrote.update({name: (*self.wrote.get(name, ()), at) for name in cells})
        self.last = at


class Overlay:
    """An instance that operations are being done to; `findings` is what cannot be done."""

    def __init__(self, instance: Instance) -> None:
        """Take all rows as they are."""
        self.settings = instance.settings
        self.lines = {name: [Line(row) for row in getattr(instance, name)] for name in TABLES}
        self.set_by: dict[str, tuple[At, ...]] = {}
        self.findings: list[Finding] = []
        self.does: dict[Verb, Callable[[Operation], None]] = {
            Verb.SETTINGS: self.settle,
            Verb.POLICIES_ON: self.switch_on,
            Verb.POLICIES_OFF: self.switch_off,
            Verb.ADD_ROWS: self.add_row,
            Verb.SET: self.put,
            Verb.MULTIPLY: self.reckon,
            Verb.ADD: self.reckon,
            Verb.GROW: self.grow,
            Verb.OPEN: self.open,
            Verb.CLOSE: self.close,
            Verb.REQUIRE: self.require,
            Verb.OUTAGE: self.outage,
        }

    def do(self, operations: Iterable[Operation]) -> None:
        """Do operations one after the other."""
        for operation in operations:
            self.does[operation.verb](operation)

    def tables(self) -> dict[str, tuple[Row, ...]]:
        """Return the rows of every table as they are now."""
        return {name: tuple(line.row for line in lines) for name, lines in self.lines.items()}

    def wrong(self, operation: Operation, key: str, value: object, error: CellError) -> None:
        """Note what cannot be done."""
        self.findings.append(operation.at.fault(key, value, error))

    def settle(self, operation: Operation) -> None:
        """Change a setting."""
        self.settings = replace(self.settings, **dict(operation.cells))
        for key, _ in operation.cells:
            self.note_setting(key, operation.at)

    def note_setting(self, key: str, at: At) -> None:
        """Note which entry changed a setting."""
        self.set_by[key] = (*self.set_by.get(key, ()), at)

    def switch_on(self, operation: Operation) -> None:
        """Switch policies on."""
        names = {name for name, _ in operation.cells}
        self.settings = replace(self.settings, policies=self.settings.policies | names)
        self.note_setting("policies", operation.at)

    def switch_off(self, operation: Operation) -> None:
        """Switch policies off that are on."""
        on = self.settings.policies
        for name, _ in operation.cells:
            if name not in on:
                self.wrong(operation, "", name, not_on(name, on))
        names = {name for name, _ in operation.cells}
        self.settings = replace(self.settings, policies=on - names)
        self.note_setting("policies", operation.at)

    def add_row(self, operation: Operation) -> None:
        """Add a row."""
        line = Line(RECORDS[operation.table](**dict(operation.cells)))
        line.write(operation.at, **dict(operation.cells))
        self.lines[operation.table].append(line)

    def put(self, operation: Operation) -> None:
        """Set cells to values."""
        for line in self.chosen(operation):
            line.write(operation.at, **dict(operation.cells))

    def reckon(self, operation: Operation) -> None:
        """Multiply numbers, or add to them; a blank, which is no limit, stays one."""
        lines = self.chosen(operation)
        reckoned = times if operation.verb is Verb.MULTIPLY else plus
        for name, number in operation.cells:
            moved = [line for line in lines if getattr(line.row, name) is not None]
            if lines and not moved:
                self.wrong(operation, f"by.{name}", None, WITHOUT_LIMIT)
            for line in moved:
                after = reckoned(getattr(line.row, name), number)
                if abs(after) > LARGEST:  # floats that overflow on the way do not come back
                    self.wrong(operation, f"by.{name}", number, TOO_LARGE)
                    break
                whole = TABLES[operation.table].column[name].kind is Kind.WHOLE
                line.write(operation.at, **{name: round(after) if whole else after})

    def grow(self, operation: Operation) -> None:
        """Let demand grow by a share each year from a year on."""
        cells = dict(operation.cells)
        began = cells.get("from_year", self.settings.base_year)
        for line in self.chosen(operation):
            years = max(0, line.row.stage - began)
            factor = (1.0 + cells["per_year"]) ** years
            grown = times(line.row.demand_t_per_year, factor)
            if grown > LARGEST:
                self.wrong(operation, "per_year", cells["per_year"], TOO_LARGE)
                break
            line.write(operation.at, demand_t_per_year=grown)

    def open(self, operation: Operation) -> None:
        """Let sites be built that were closed."""
        lines = self.chosen(operation)
        shut = [line for line in lines if line.row.status is SiteStatus.CLOSED]
        if lines and not shut:
            self.wrong(operation, "where", None, NOTHING_TO_OPEN)
        for line in shut:
            line.write(operation.at, status=SiteStatus.CANDIDATE)

    def require(self, operation: Operation) -> None:
        """Require sites that may be built; those that stand do already."""
        for line in self.chosen(operation):
            if line.row.status is not SiteStatus.EXISTING:
                line.write(operation.at, status=SiteStatus.REQUIRED)

    def close(self, operation: Operation) -> None:
        """Close sites, whatever stands of them, or let nothing pass."""
        lines = self.chosen(operation)
        if operation.table != "sites":
            self.cut(operation, lines, 0.0)
            return
        for line in lines:
            line.write(operation.at, status=SiteStatus.CLOSED)
        closed = {line.row.id for line in lines}
        for line in self.lines["modules"]:
            if isinstance(line.row, Module) and line.row.site in closed and line.row.built:
                line.write(operation.at, built=0)

    def outage(self, operation: Operation) -> None:
        """Leave a share of a capacity."""
        lines = self.chosen(operation)
        share = dict(operation.cells)["capacity"]
        if operation.table == "sites":
            hit = {line.row.id for line in lines}
            lines = [line for line in self.lines["capacities"] if line.row.site in hit]
        self.cut(operation, lines, share)

    def cut(self, operation: Operation, lines: list[Line], share: float) -> None:
        """Leave a share of the capacity of rows, of a service whole departures a week."""
        for line in lines:
            if operation.table == "services":
                most = math.floor(times(line.row.most_per_week, share))
                least = min(line.row.least_per_week, most)
                line.write(operation.at, most_per_week=most, least_per_week=least)
            elif not share:
                line.write(operation.at, **{CAPACITY: 0.0})
            elif line.row.capacity_t_per_year is not None:
                line.write(operation.at, **{CAPACITY: times(line.row.capacity_t_per_year, share)})
            else:
                self.wrong(operation, "capacity", share, WITHOUT_LIMIT)
                return

    def chosen(self, operation: Operation) -> list[Line]:
        """Return the rows that an operation means; notes conditions that nothing meets."""
        lines = self.lines[operation.table]
        rows = {name: [line.row for line in lines] for name, lines in self.lines.items()}
        here = chosen(operation.where, operation.table, rows)
        strange = list(strangers(operation.where, operation.table, rows))
        for key, value, error in strange:
            self.wrong(operation, key, value, error)
        if not here and not strange:
            self.wrong(operation, "where" if operation.where else "", None, NO_SUCH_ROW)
        return [lines[nth] for nth in here]


def times(number: float, factor: float) -> float:
    """Return a product to fifteen digits."""
    return float(EXACT.multiply(Decimal(repr(number)), Decimal(repr(factor))))


def plus(number: float, more: float) -> float:
    """Return a sum to fifteen digits."""
    return float(EXACT.add(Decimal(repr(number)), Decimal(repr(more))))
