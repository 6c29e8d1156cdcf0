"""Assumptions of an instance that can be varied: which cells they stand in, and by how much."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from hubopt.instance.check_limit_cells import counts_sites
from hubopt.instance.rows import Limit
from hubopt.instance.schema import TABLES
from hubopt.study.read_tables import FOLDER, Row, Sheet
from hubopt.text import Text

if TYPE_CHECKING:
    from pathlib import Path

    from hubopt.instance.tables import Instance

FILE = "levers.csv"
COLUMNS = ("lever", "name_en", "name_zh", "lines", "table", "column", "where", "low", "high")
AND, OR, IS = ";", "|", "="
NO_TABLE = Text("is no table of an instance", "不是算例的表")
NO_FIELD = Text("is no column of numbers of that table", "不是该表的数值列")
NO_ROWS = Text("no row of the table is meant", "没有匹配的行")
WRITE_TABLE = Text("see hubopt dictionary", "请看 hubopt dictionary")


@dataclass(frozen=True, slots=True)
class Lever:
    """Numbers of a table that are multiplied together: by `low` and `high`, 1 being the instance.

    `where` says which rows: a column and the values that it may have, several of them joined.
    `lines` are the lines of the reconciliation that the assumption bears on.
    """

    id: str
    name: Text
    lines: tuple[str, ...]
    table: str
    column: str
    where: tuple[tuple[str, frozenset[str]], ...]
    low: float
    high: float

    def meant(self, row: object) -> bool:
        """Tell whether a row of the table is one that the lever moves."""
        return getattr(row, self.column) is not None and all(
            str(getattr(row, column)) in values for column, values in self.where
        )

    def moved(self, instance: Instance, factor: float) -> Instance:
        """Return the instance with the lever's numbers multiplied; a new one, checked again."""
        rows = tuple(
            changed(row, self.column, factor) if self.meant(row) else row
            for row in getattr(instance, self.table)
        )
        tables: dict[str, Any] = {self.table: rows}
        return replace(instance, **tables)


def changed(row: Any, column: str, factor: float) -> Any:  # noqa: ANN401  (a row of any table)
    """Return a row with one number multiplied; a whole number stays whole, and one of sites too."""
    before = getattr(row, column)
    sites = column == "value" and isinstance(row, Limit) and counts_sites(row.kind)
    after = before * factor
    if sites or isinstance(before, int):
        after = type(before)(round(after))
    return replace(row, **{column: after})


def read_levers(folder: Path, instance: Instance) -> tuple[Lever, ...]:
    """Return the levers that an instance ships; raises `InputError` for wrong ones."""
    file = folder / FOLDER / FILE
    if not file.is_file():
        return ()
    sheet = Sheet(file, COLUMNS)
    found = [lever(row, instance) for row in sheet.rows()]
    sheet.refuse()
    return tuple(one for one in found if one is not None)


def lever(row: Row, instance: Instance) -> Lever | None:
    """Return one row as a lever, `None` if something is wrong in it, which is noted."""
    table, column = row.text("table"), row.text("column")
    low, high = row.number_or_none("low"), row.number_or_none("high")
    if table not in TABLES or table == "settings":
        row.wrong("table", table, NO_TABLE, WRITE_TABLE)
        return None
    rows = getattr(instance, table)
    names = {c.name for c in TABLES[table].columns}
    where = conditions(row.text("where"))
    unknown = [name for name in (column, *(name for name, _ in where)) if name not in names]
    numbers = [r for r in rows if isinstance(getattr(r, column, None), int | float)]
    if unknown or not numbers:
        row.wrong("column", unknown[0] if unknown else column, NO_FIELD, WRITE_TABLE)
        return None
    made = Lever(
        row.text("lever"), row.both("name"), row.words("lines"), table, column, where,
        1.0 if low is None else low, 1.0 if high is None else high,
    )  # fmt: skip
    if not any(made.meant(r) for r in rows):
        row.wrong("where", row.text("where"), NO_ROWS, WRITE_TABLE)
    return made


def conditions(written: str) -> tuple[tuple[str, frozenset[str]], ...]:
    """Return `product=A|B;stage=2021` as columns with the values that they may have."""
    parts = [part.partition(IS) for part in written.split(AND) if part.strip()]
    return tuple((name.strip(), frozenset(values.split(OR))) for name, _, values in parts)
