"""The rows that conditions choose, and values in conditions that no row has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hubopt.instance.cells import cell_text
from hubopt.instance.overlay import Named, OneOf, fits
from hubopt.instance.overlay_faults import no_value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from hubopt.instance.cell_errors import CellError
    from hubopt.instance.overlay import Condition, Where

    Rows = Mapping[str, list[Any]]
    """The rows of each table as they are now."""


def chosen(where: Where, table: str, rows: Rows) -> list[int]:
    """Return the positions of the rows of a table that meet all conditions."""
    tests = [test_for(condition, rows) for _, condition in where]
    return [nth for nth, row in enumerate(rows[table]) if all(test(row) for test in tests)]


def test_for(condition: Condition, rows: Rows) -> Callable[[Any], bool]:
    """Return what tells whether a row meets a condition; a path where a stop does."""
    name = condition.column.name
    if not isinstance(condition, Named):
        holds = condition.holds
        return lambda row: holds(getattr(row, name))
    others = rows[condition.table]
    good = {others[nth].id for nth in chosen(condition.where, condition.table, rows)}

    def test(row: object) -> bool:
        cell = getattr(row, name)
        return any(ident in good for ident in (cell if isinstance(cell, tuple) else (cell,)))

    return test


def strangers(where: Where, table: str, rows: Rows) -> Iterator[tuple[str, str, CellError]]:
    """Yield (key, value, why) for each value in conditions that no row of its table has."""
    for key, condition in where:
        if isinstance(condition, Named):
            yield from strangers(condition.where, condition.table, rows)
        elif isinstance(condition, OneOf):
            column = condition.column
            cells = {getattr(row, column.name) for row in rows[table]}
            for value in condition.values:
                if not any(fits(value, cell) for cell in cells):
                    text = cell_text(column, value)
                    yield key, text, no_value(text, [cell_text(column, one) for one in cells])
