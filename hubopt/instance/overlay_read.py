"""The entries of one scenario file as operations: every key, table, column and value checked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from hubopt.instance.cell_errors import CellError
from hubopt.instance.overlay import At, Operation, Verb, Where
from hubopt.instance.overlay_cells import cell_of, column_of, conditions, number_column
from hubopt.instance.overlay_faults import (
    CHANGEABLE,
    CHANGES_NOTHING,
    CONFIDENCE,
    NAMES_THE_ROW,
    NO_LIST_OF_NAMES,
    NO_ROWS,
    NO_TABLE_OF_KEYS,
    NO_TEXT_OR_YEAR,
    ROWS_ALONE,
    missing,
    no_confidence,
    no_entries,
    no_number_column,
    no_table,
    not_changeable,
    unknown_key,
)
from hubopt.instance.read_settings import row_of_key, value_of
from hubopt.instance.schema import LARGEST, NUMERIC, SETTINGS, TABLES, Column, Kind, Table
from hubopt.instance.settings_paths import path_given

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hubopt.errors import Finding

ENTRIES = (
    Verb.SET, Verb.MULTIPLY, Verb.ADD, Verb.GROW, Verb.OPEN, Verb.CLOSE, Verb.REQUIRE, Verb.OUTAGE,
)  # fmt: skip
POLICIES = (Verb.POLICIES_ON, Verb.POLICIES_OFF)
TITLES = ("title_en", "title_zh", "note_en", "note_zh")
ABOUT = ("source", "year", "confidence", "note")
"""Keys of any entry that say where its numbers come from."""

TOP = (*TITLES, "extends", *POLICIES, "settings", *ENTRIES)
KEYS = {
    Verb.SET: ("table", "where", "to"),
    Verb.MULTIPLY: ("table", "where", "by"),
    Verb.ADD: ("table", "where", "by", "rows"),
    Verb.GROW: ("where", "per_year", "from_year"),
    Verb.OPEN: ("where",),
    Verb.CLOSE: ("table", "where"),
    Verb.REQUIRE: ("where",),
    Verb.OUTAGE: ("table", "where", "capacity"),
}
CUT = ("links", "services", "transfers", "sites")
"""Tables whose rows can close or lose capacity."""

ONLY_TABLE = {Verb.GROW: "demand", Verb.OPEN: "sites", Verb.REQUIRE: "sites"}
ALLOWED = {Verb.CLOSE: CUT, Verb.OUTAGE: CUT}
FACTOR, SHARE = number_column("by", 0), number_column("capacity", 0, 1)
AMOUNT, GROWTH = number_column("by", -LARGEST), number_column("per_year", -1, 10)
YEAR = SETTINGS.column["base_year"]


class Entries:
    """Reads the entries of one file and collects what is wrong in them."""

    def __init__(self, file: str, text: str, found: dict[str, Any]) -> None:
        """Take the name of the file, its text, for rows, and what it holds."""
        self.file, self.text, self.found = file, text, found
        self.findings: list[Finding] = []
        self.sources: list[tuple[str, dict[str, Any]]] = []
        self.at = At(file, "", None)
        self.nth = 0

    def note(self, key: str, value: object, error: CellError) -> None:
        """Note what is wrong under a key of the entry that is being read."""
        first = re.split(r"[.\[]", key, maxsplit=1)[0]
        entry = self.at.entry.partition("[")[0]
        name = f"{entry}.{first}" if entry else first
        row = row_of_key(self.text, name, self.nth) if first else None
        shown = None if isinstance(value, dict | list) else value
        self.findings.append(self.at.fault(key, shown, error, row))

    def operations(self) -> tuple[Operation, ...]:
        """Return everything that the file does, in the order of verbs."""
        self.known(self.found, TOP)
        made = [*self.settings(), *self.policies()]
        for verb in ENTRIES:
            made += self.of_verb(verb)
        self.at = At(self.file, "", None)
        if not self.findings and not made and not self.found.get("extends"):
            self.note("", None, CHANGES_NOTHING)
        return tuple(sorted(made, key=lambda one: list(Verb).index(one.verb)))

    def known(self, found: dict[str, Any], keys: Iterable[str]) -> None:
        """Note keys that nothing is known of, and paths, which are never followed."""
        for key, value in found.items():
            if key not in keys:
                path, error = path_given(value) or (key, unknown_key(key, keys))
                self.note(key, path, error)

    def settings(self) -> Iterator[Operation]:
        """Yield the change of each setting."""
        found = self.found.get("settings", {})
        self.at, self.nth = At(self.file, "settings", row_of_key(self.text, "settings")), 0
        if not isinstance(found, dict):
            self.note("", found, NO_TABLE_OF_KEYS)
            return
        for key, value in found.items():
            if key in ABOUT:
                continue
            try:
                if key not in CHANGEABLE:
                    raise not_changeable(key)
                cells = ((key, value_of(SETTINGS.column[key], value)),)
            except CellError as error:
                self.note(key, value, error)
                continue
            row = row_of_key(self.text, f"settings.{key}")
            yield Operation(Verb.SETTINGS, At(self.file, f"settings.{key}", row), "", (), cells)
        self.about(found)

    def policies(self) -> Iterator[Operation]:
        """Yield the policies that are switched on or off."""
        self.at, self.nth = At(self.file, "", None), 0
        for verb in POLICIES:
            names = self.found.get(verb.value, [])
            if not isinstance(names, list) or not all(isinstance(one, str) for one in names):
                self.note(verb.value, None, NO_LIST_OF_NAMES)
                continue
            cells = tuple((name.strip(), True) for name in names)
            if cells:
                at = At(self.file, verb.value, row_of_key(self.text, verb.value))
                yield Operation(verb, at, "", (), cells)

    def of_verb(self, verb: Verb) -> Iterator[Operation]:
        """Yield the operations of each entry under a verb that could be read whole."""
        found = self.found.get(verb.value, [])
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            self.at = At(self.file, verb.value, row_of_key(self.text, verb.value))
            self.note("", None, no_entries(verb))
            return
        for nth, entry in enumerate(found):
            self.nth = nth
            row = row_of_key(self.text, f"{verb.value}.", nth)
            self.at = At(self.file, f"{verb.value}[{nth + 1}]", row)
            before = len(self.findings)
            self.known(entry, (*KEYS[verb], *ABOUT))
            self.about(entry)
            made = list(self.entry(verb, entry))
            if len(self.findings) == before:
                yield from made

    def about(self, entry: dict[str, Any]) -> None:
        """Keep what an entry says of its numbers: a text each, a year, how sure it is."""
        told = {key: entry[key] for key in ABOUT if key in entry}
        for key, value in told.items():
            kind = int if key == "year" else str
            if not isinstance(value, kind) or isinstance(value, bool):
                self.note(key, value, NO_TEXT_OR_YEAR)
            elif key == "confidence" and value not in CONFIDENCE:
                self.note(key, value, no_confidence(str(value)))
        self.sources.append((self.at.entry, told))

    def entry(self, verb: Verb, entry: dict[str, Any]) -> Iterator[Operation]:
        """Yield what one entry does."""
        table = self.table(verb, entry)
        if table is None:
            return
        if verb is Verb.ADD and "rows" in entry:
            yield from self.rows(table, entry)
            return
        where: Where = ()
        if "where" in entry:
            where = conditions(table, entry["where"], "where", self.note)
        if verb in {Verb.OPEN, Verb.CLOSE, Verb.REQUIRE, Verb.OUTAGE} and not entry.get("where"):
            self.note("", None, missing("where"))
        yield Operation(verb, self.at, table.name, where, self.cells(verb, table, entry))

    def table(self, verb: Verb, entry: dict[str, Any]) -> Table | None:
        """Return the table that an entry changes, `None` if that is noted."""
        if verb in ONLY_TABLE:
            return TABLES[ONLY_TABLE[verb]]
        allowed = ALLOWED.get(verb, tuple(TABLES))
        name = entry.get("table")
        if isinstance(name, str) and name in allowed:
            return TABLES[name]
        error = missing("table") if name is None else no_table(verb, str(name), allowed)
        self.note("table" if name is not None else "", name, error)
        return None

    def cells(self, verb: Verb, table: Table, entry: dict[str, Any]) -> tuple[tuple[str, Any], ...]:
        """Return the values, factors or amounts of an entry by column."""
        if verb in {Verb.OPEN, Verb.CLOSE, Verb.REQUIRE}:
            return ()
        if verb is Verb.OUTAGE:
            return self.numbers(entry, {"capacity": SHARE}, ("capacity",))
        if verb is Verb.GROW:
            return self.numbers(entry, {"per_year": GROWTH, "from_year": YEAR}, ("per_year",))
        key = "to" if verb is Verb.SET else "by"
        found = entry.get(key)
        if not isinstance(found, dict) or not found:
            self.note("" if found is None else key, None, missing(key))
            return ()
        return tuple(
            (name, value)
            for name, given in found.items()
            for value in self.cell(verb, table, f"{key}.{name}", given)
        )

    def cell(self, verb: Verb, table: Table, key: str, given: object) -> Iterator[Any]:
        """Yield the value, factor or amount for one column, or note why it is none."""
        name = key.partition(".")[2]
        try:
            column = column_of(table, name)
            if column.key:
                raise NAMES_THE_ROW
            if verb is not Verb.SET and (column.kind not in NUMERIC or column.kind is Kind.STAGE):
                raise no_number_column(verb)
            if verb is Verb.SET:
                yield cell_of(column, given)
            else:
                yield cell_of(FACTOR if verb is Verb.MULTIPLY else AMOUNT, given)
        except CellError as error:
            self.note(key, given, error)

    def numbers(
        self, entry: dict[str, Any], columns: dict[str, Column], needed: tuple[str, ...]
    ) -> tuple[tuple[str, Any], ...]:
        """Return the numbers of an entry that are not those of a column."""
        made = []
        for key, column in columns.items():
            if key in entry:
                try:
                    made.append((key, cell_of(column, entry[key])))
                except CellError as error:
                    self.note(key, entry[key], error)
            elif key in needed:
                self.note("", None, missing(key))
        return tuple(made)

    def rows(self, table: Table, entry: dict[str, Any]) -> Iterator[Operation]:
        """Yield an operation for each row to be added."""
        rows = entry["rows"]
        if "by" in entry or "where" in entry:
            self.note("rows", None, ROWS_ALONE)
            return
        if not isinstance(rows, list) or not rows or not all(isinstance(r, dict) for r in rows):
            self.note("rows", None, NO_ROWS)
            return
        for here, row in enumerate(rows, start=1):
            for name in row:
                if name not in table.column:
                    self.noted(f"rows[{here}].{name}", table, name)
            cells = [
                (column.name, value)
                for column in table.columns
                for value in self.new_cell(column, row, f"rows[{here}].{column.name}")
            ]
            yield Operation(Verb.ADD_ROWS, self.at, table.name, (), tuple(cells))

    def noted(self, key: str, table: Table, name: str) -> None:
        """Note a column that a table does not have."""
        try:
            column_of(table, name)
        except CellError as error:
            self.note(key, name, error)

    def new_cell(self, column: Column, row: dict[str, Any], key: str) -> Iterator[Any]:
        """Yield a cell of a row to be added, or note why there is none."""
        try:
            yield cell_of(column, row.get(column.name, ""))
        except CellError as error:
            self.note(key, row.get(column.name), error)
