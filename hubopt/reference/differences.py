"""Two builds of an instance against a third, as factors on parts of its tables.

Cells that move by the same two factors make one part, told by the shortest list of columns and
values that means these rows and no others. What factors cannot say is left out: a cell that is
nothing in the base; and tonnes of shipments that the base does not have go with others.
"""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hubopt.instance.schema import TABLES, Kind
from hubopt.study.levers import AND, IS, OR

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hubopt.instance.schema import Table
    from hubopt.instance.tables import Instance

NUMBERS = frozenset({Kind.NUMBER, Kind.WHOLE})
NAMING = frozenset({Kind.ID, Kind.MODE, Kind.FUNCTION, Kind.STAGE, Kind.LIMIT_KIND})
"""Kinds of columns by which rows are told apart."""

MOST_COLUMNS = 3
SHARE = 0.002
ROUNDED = {"demand_t_per_year": 1.0, "capacity_t_per_year": 50.0, "build_cost_cny": 5_000.0,
           "fixed_cost_cny_per_year": 500.0}  # fmt: skip
"""By how much the tables round, in the unit of the column; 0.006 elsewhere."""
TONNES = "demand_t_per_year"
"""What is nothing where a shipment is gone; all else about it then does not matter."""
USUAL_ROUNDED = 0.006


@dataclass(frozen=True, slots=True)
class Part:
    """Cells of a column that move by the same factors."""

    table: str
    column: str
    where: str
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Cell:
    """One number of the base beside what it is at low and at high; `row` is its row."""

    row: object
    central: float
    low: float
    high: float

    @property
    def still(self) -> bool:
        """Whether nothing can be said of it: it does not move, or is nothing in the base."""
        return self.central == 0 or self.central == self.low == self.high


def differences(base: Instance, low: Instance, high: Instance) -> list[Part]:
    """Return the parts by table and column; rows that a build lacks count as nothing there."""
    low, high = folded(base, low), folded(base, high)
    found: list[Part] = []
    for table in TABLES.values():
        for column in table.columns:
            if column.kind in NUMBERS and not column.key:
                cells = list(cells_of(table, column.name, base, low, high))
                found += parts_of(table, column.name, cells)
    return found


def folded(base: Instance, built: Instance) -> Instance:
    """Return a build whose shipments that the base lacks go with those to the same place.

    Only the largest partners of a city are kept as shipments, so which ones are may differ.
    """
    known = {row.id for row in base.demand}
    more: Counter[tuple[str, str, int]] = Counter()
    kept: Counter[tuple[str, str, int]] = Counter()
    for row in built.demand:
        sums = kept if row.id in known else more
        sums[row.product, row.destination, row.stage] += row.demand_t_per_year  # type: ignore[assignment]
    if not more:
        return built
    ratio = {end: 1 + more[end] / kept[end] for end in kept}
    demand = tuple(
        replace(row, demand_t_per_year=row.demand_t_per_year * ratio[end])
        for row in built.demand
        for end in [(row.product, row.destination, row.stage)]
        if row.id in known
    )
    return replace(built, demand=demand)


def cells_of(
    table: Table, column: str, base: Instance, low: Instance, high: Instance
) -> Iterator[Cell]:
    """Yield the numbers of a column; blank cells are left out."""
    ends = [keyed(table, instance) for instance in (low, high)]
    for key, row in keyed(table, base).items():
        central = getattr(row, column)
        gone = 0.0 if column == TONNES else central
        others = [getattr(end.get(key), column, gone) for end in ends]
        if central is not None:
            yield Cell(row, central, *(gone if other is None else other for other in others))


def keyed(table: Table, instance: Instance) -> dict[tuple[object, ...], object]:
    """Return the rows of a table by what names them, and a count where several share a name."""
    names = [table.columns[here].name for here in table.keys]
    found: dict[tuple[object, ...], object] = {}
    counts: Counter[tuple[object, ...]] = Counter()
    for row in getattr(instance, table.name):
        key = tuple(getattr(row, name) for name in names)
        found[*key, counts[key]] = row
        counts[key] += 1
    return found


def parts_of(table: Table, column: str, cells: list[Cell]) -> Iterator[Part]:
    """Yield the parts of a column, the largest numbers first."""
    left = sorted((c for c in cells if not c.still), key=lambda c: -abs(c.central))
    while left:
        low, high = left[0].low / left[0].central, left[0].high / left[0].central
        alike = [cell for cell in left if fits(cell, low, high, column)]
        taken = {id(cell.row) for cell in alike}
        left = [cell for cell in left if id(cell.row) not in taken]
        free = {id(cell.row) for cell in cells if cell.central == 0}
        for where in conditions(table, [c.row for c in alike], [c.row for c in cells], free):
            yield Part(table.name, column, where, low, high)


def fits(cell: Cell, low: float, high: float, column: str) -> bool:
    """Tell whether two factors give what a cell is at low and at high, but for rounding."""
    for factor, wanted in ((low, cell.low), (high, cell.high)):
        if isinstance(cell.central, int):
            if round(cell.central * factor) != wanted:
                return False
        else:
            room = SHARE * abs(wanted) + ROUNDED.get(column, USUAL_ROUNDED)
            if abs(cell.central * factor - wanted) > room:
                return False
    return True


def conditions(
    table: Table, wanted: Sequence[object], rows: Sequence[object], free: set[int]
) -> list[str]:
    """Return conditions that together mean the wanted rows and, besides, only free ones."""
    ids = {id(row) for row in wanted}
    columns = [c.name for c in table.columns if c.kind in NAMING and (c.key or not c.blank)]
    best: str | None = None
    for size in range(MOST_COLUMNS + 1):
        for names in itertools.combinations(columns, size):
            values = {name: {str(getattr(row, name)) for row in wanted} for name in names}
            meant = [row for row in rows if all(str(getattr(row, n)) in values[n] for n in names)]
            if all(id(row) in ids or id(row) in free for row in meant):
                text = AND.join(f"{n}{IS}{OR.join(sorted(values[n]))}" for n in names)
                best = text if best is None or len(text) < len(best) else best
    if best is not None:
        return [best]
    return split(table, wanted, rows, free)


def split(
    table: Table, wanted: Sequence[object], rows: Sequence[object], free: set[int]
) -> list[str]:
    """Return conditions for the wanted rows, each for one value of the column with fewest."""
    names = [table.columns[here].name for here in table.keys]
    counts = {name: len({getattr(row, name) for row in wanted}) for name in names}
    name = min((n for n in names if counts[n] > 1), key=lambda n: counts[n])
    found = []
    for value in sorted({str(getattr(row, name)) for row in wanted}):
        some = [row for row in wanted if str(getattr(row, name)) == value]
        found += conditions(table, some, rows, free)
    return found
