"""Tables as read, with the row of each record in its file, before they are checked together."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from hubopt.errors import Finding
from hubopt.instance.schema import TABLE_OF, TABLES, Column, Kind, Row, Table
from hubopt.text import escaped

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hubopt.instance.codes import Code
    from hubopt.instance.rows import Settings
    from hubopt.text import Text

R = TypeVar("R", bound=Row)
LONGEST_SHOWN = 60


@dataclass(frozen=True)
class Sheet:
    """One table: complete records with their rows, and what could be read of the others.

    `whole` says that the file and its columns are there, so that its ids are known; `absent` that
    there is no file, as is right where nothing needs it.
    """

    table: Table
    rows: tuple[tuple[int, Row], ...] = ()
    broken: tuple[tuple[int, Mapping[str, Any]], ...] = ()
    whole: bool = True
    notes: tuple[Text, ...] = ()
    absent: bool = False

    def values(self, column: str) -> Iterator[tuple[int, Any]]:
        """Yield (row, value) of a column wherever it could be read, empty cells left out."""
        for line, row in self.rows:
            value = getattr(row, column)
            if value is not None:
                yield line, value
        for line, cells in self.broken:
            if cells.get(column) is not None:
                yield line, cells[column]


@dataclass(frozen=True)
class Draft:
    """All tables as read; `settings` is None if instance.toml has faults."""

    settings: Settings | None
    sheets: Mapping[str, Sheet] = field(default_factory=dict)

    def rows(self, record: type[R]) -> list[tuple[int, R]]:
        """Return the complete records of a table with their rows."""
        return [
            (line, row)
            for line, row in self.sheets[TABLE_OF[record].name].rows
            if isinstance(row, record)
        ]

    def sheet(self, record: type[Row]) -> Sheet:
        """Return the table of a record."""
        return self.sheets[TABLE_OF[record].name]

    def ids(self, table: str) -> set[str] | None:
        """Return the ids of a table, those of faulty rows too; None if any cannot be known."""
        sheet = self.sheets[table]
        if not sheet.whole or any("id" not in cells for _, cells in sheet.broken):
            return None
        return {value for _, value in sheet.values("id")}

    def known(self, column: Column) -> set[Any] | None:
        """Return what a cell of a column may name, None if that is not bound or not known."""
        if column.refers is None:
            return None
        if column.refers == "stages":
            return None if self.stages is None else set(self.stages)
        return self.ids(column.refers)

    @cached_property
    def dangling(self) -> Mapping[tuple[str, str], list[tuple[int, Any]]]:
        """What is named but not there, with its row, by (table, column)."""
        found: dict[tuple[str, str], list[tuple[int, Any]]] = defaultdict(list)
        for table in TABLES.values():
            for column in table.columns:
                known = self.known(column)
                if known is None:
                    continue
                for row, value in self.sheets[table.name].values(column.name):
                    for part in value if column.kind is Kind.PATH else (value,):
                        if part not in known:
                            found[table.name, column.name].append((row, part))
        return found

    def sure(self, *records: type[Row]) -> bool:
        """Tell whether every row of these tables could be read and names only what is there."""
        names = {TABLE_OF[record].name for record in records}
        sheets = [self.sheets[name] for name in names]
        return all(sheet.whole and not sheet.broken for sheet in sheets) and not any(
            table in names for table, _ in self.dangling
        )

    @property
    def stages(self) -> tuple[int, ...] | None:
        """First years of the stages, None if they cannot be known."""
        return None if self.settings is None else tuple(s.year for s in self.settings.stages)


@dataclass(frozen=True, slots=True)
class Spot:
    """A cell that a finding is about."""

    record: type[Row]
    row: int
    column: str
    value: object = None


def fault(
    spot: Spot, code: Code, reason: Text, remedy: Text, nearest: str | None = None
) -> Finding:
    """Return a finding about one cell."""
    return Finding(
        TABLE_OF[spot.record].file,
        reason,
        remedy,
        row=spot.row,
        column=spot.column,
        value=None if spot.value is None else shown(str(spot.value)),
        nearest=nearest,
        code=code,
    )


def shown(value: str, longest: int = LONGEST_SHOWN) -> str:
    """Return a value fit for a message: control characters escaped, shortened if long."""
    text = escaped(value)
    return text if len(text) <= longest else text[: longest - 1] + "…"
