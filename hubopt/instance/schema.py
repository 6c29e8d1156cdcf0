"""The data dictionary: every table and column with its type, unit, limits and meaning.

It is read from `dictionary.csv` beside this file, the one place where columns are described;
reading, checking, writing, the template and `dictionary_rows` all follow it.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from importlib.resources import files
from typing import TYPE_CHECKING

from hubopt.instance import rows
from hubopt.text import Language, Text
from hubopt.vocabulary import (
    Access,
    Cargo,
    Datum,
    Function,
    HubType,
    LimitKind,
    Mode,
    PlaceKind,
    SiteStatus,
    Temperature,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

SETTINGS_FILE = "instance.toml"
SCHEMA_VERSION = 1
LARGEST = 1e12
"""No number of an instance may be larger: beyond it a solver drops constraints."""

SMALLEST = 1e-6
"""No number other than zero may be smaller: a solver takes it for zero."""

PATH_SIGN = ">"
"""Joins the entries of an ordered cell: stops of a path, functions of a chain."""

SET_SIGN = "|"
"""Joins the entries of an unordered cell: the modes of a product."""


class Kind(StrEnum):
    """What a cell holds."""

    ID = "id"
    TEXT = "text"
    COUNTRY = "country"
    NUMBER = "number"
    WHOLE = "whole"
    YES_NO = "yes_no"
    STAGE = "stage"
    PATH = "path"
    CHAIN = "chain"
    MODES = "modes"
    MODE = "mode"
    PLACE_KIND = "place_kind"
    DATUM = "datum"
    FUNCTION = "function"
    SITE_STATUS = "site_status"
    ACCESS = "access"
    TEMPERATURE = "temperature"
    LIMIT_KIND = "limit_kind"
    CARGO = "cargo"
    CARGOES = "cargoes"
    HUB_TYPE = "hub_type"
    IDS = "ids"


WORDS: dict[Kind, type[StrEnum]] = {
    Kind.MODE: Mode,
    Kind.MODES: Mode,
    Kind.CHAIN: Function,
    Kind.PLACE_KIND: PlaceKind,
    Kind.DATUM: Datum,
    Kind.FUNCTION: Function,
    Kind.SITE_STATUS: SiteStatus,
    Kind.ACCESS: Access,
    Kind.TEMPERATURE: Temperature,
    Kind.LIMIT_KIND: LimitKind,
    Kind.CARGO: Cargo,
    Kind.CARGOES: Cargo,
    Kind.HUB_TYPE: HubType,
}
"""The fixed words from which a cell of each kind is chosen."""

SETS = frozenset({Kind.MODES, Kind.CARGOES})
"""Kinds whose cells hold several fixed words in any order."""

NUMERIC = frozenset({Kind.NUMBER, Kind.WHOLE, Kind.STAGE})

Row = (
    rows.Place
    | rows.Site
    | rows.Handling
    | rows.Module
    | rows.Capacity
    | rows.Link
    | rows.Service
    | rows.Transfer
    | rows.Customs
    | rows.Product
    | rows.Demand
    | rows.Limit
    | rows.Vehicle
)
"""A row of any table."""

RECORDS: dict[str, type[Row]] = {
    "places": rows.Place,
    "sites": rows.Site,
    "handling": rows.Handling,
    "modules": rows.Module,
    "capacities": rows.Capacity,
    "links": rows.Link,
    "services": rows.Service,
    "transfers": rows.Transfer,
    "customs": rows.Customs,
    "products": rows.Product,
    "demand": rows.Demand,
    "limits": rows.Limit,
    "vehicles": rows.Vehicle,
}
"""The record of each table, in the order in which files are read and findings shown."""

NEED_ROWS = frozenset({"places", "links", "products", "demand"})


@dataclass(frozen=True, slots=True)
class Range:
    """Numbers from `least` (itself left out if `open_below`) to `most`."""

    least: float
    most: float
    open_below: bool

    def __contains__(self, number: float) -> bool:
        """Tell whether a number lies in the range."""
        above = number > self.least if self.open_below else number >= self.least
        return above and number <= self.most

    @property
    def words(self) -> Text:
        """Return the range as it stands in a message."""
        if self.least == self.most:
            return Text(f"exactly {self.least:g}", f"等于 {self.least:g}")
        if self.most >= LARGEST:
            en, zh = ("above", "大于") if self.open_below else ("at least", "不小于")
            return Text(f"{en} {self.least:g}", f"{zh} {self.least:g}")
        if self.open_below:
            return Text(
                f"above {self.least:.10g} and at most {self.most:.10g}",
                f"大于 {self.least:.10g} 且不大于 {self.most:.10g}",
            )
        return Text(
            f"between {self.least:.10g} and {self.most:.10g}",
            f"在 {self.least:.10g} 与 {self.most:.10g} 之间",
        )


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `hard` bounds what makes sense, `likely` what the unit makes plausible.

    `blank` says that a cell may be empty, `optional` that the column may be left out, `default`
    what an empty cell stands for, as text; `refers` names the table whose ids are used.
    """

    name: str
    kind: Kind
    unit: str
    blank: bool
    optional: bool
    default: str
    key: bool
    hard: Range | None
    likely: Range | None
    refers: str | None
    sentence: Text

    @property
    def type_words(self) -> str:
        """Return the type as shown in the dictionary: the words themselves for fixed words."""
        if self.kind in WORDS:
            sign = PATH_SIGN if self.kind is Kind.CHAIN else SET_SIGN if self.kind in SETS else ""
            words = ", ".join(word.value for word in WORDS[self.kind])
            return f"{words} (joined by {sign})" if sign else words
        names = {Kind.YES_NO: "yes, no", Kind.IDS: f"ids joined by {SET_SIGN}"}
        return names.get(self.kind, self.kind.value)


@dataclass(frozen=True)
class Table:
    """One file of the instance folder and what it holds."""

    name: str
    sentence: Text
    columns: tuple[Column, ...]

    @property
    def file(self) -> str:
        """Name of the file."""
        return SETTINGS_FILE if self.name == "instance" else f"{self.name}.csv"

    @property
    def needs_rows(self) -> bool:
        """Whether an instance cannot do without rows of this table."""
        return self.name in NEED_ROWS

    @cached_property
    def column(self) -> dict[str, Column]:
        """Columns by name."""
        return {column.name: column for column in self.columns}

    @cached_property
    def keys(self) -> tuple[int, ...]:
        """Positions of the columns that together name a row."""
        return tuple(here for here, column in enumerate(self.columns) if column.key)


def range_of(text: str) -> Range | None:
    """Return the range written as `[0,1]` or `(0,1]`, `None` for an empty text."""
    if not text:
        return None
    least, most = text[1:-1].split(",")
    return Range(float(least), float(most), open_below=text.startswith("("))


def column_of(line: dict[str, str]) -> Column:
    """Return the column that a line of the dictionary describes."""
    return Column(
        name=line["column"],
        kind=Kind(line["kind"]),
        unit=line["unit"],
        blank=line["blank"] != "no",
        optional=line["blank"] not in {"yes", "no"},
        default=line["blank"].partition("=")[2],
        key=line["key"] == "yes",
        hard=range_of(line["hard"]),
        likely=range_of(line["likely"]),
        refers=line["refers"] or None,
        sentence=Text(line["en"], line["zh"]),
    )


def load() -> dict[str, Table]:
    """Return the tables of the dictionary by name, `instance` (the settings) first."""
    text = files("hubopt.instance").joinpath("dictionary.csv").read_text(encoding="utf-8")
    lines = list(csv.DictReader(text.splitlines()))
    heads = {line["table"]: line for line in lines if not line["column"]}
    return {
        name: Table(
            name,
            Text(head["en"], head["zh"]),
            tuple(column_of(line) for line in lines if line["table"] == name and line["column"]),
        )
        for name, head in heads.items()
    }


ALL = load()
SETTINGS = ALL["instance"]
"""The keys of instance.toml; `stages.year` is the key `year` of each `[[stages]]`."""

TABLES: dict[str, Table] = {name: ALL[name] for name in RECORDS}
"""Every table by name, in file order."""

TABLE_OF: dict[type, Table] = {record: TABLES[name] for name, record in RECORDS.items()}
FILE_ORDER = {table.file: here for here, table in enumerate(ALL.values())}


def dictionary_rows(language: Language) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield (table, column, type, unit, sentence) for every table and column."""
    for table in ALL.values():
        yield table.file, "", "", "", table.sentence.in_language(language)
        for column in table.columns:
            sentence = column.sentence.in_language(language)
            yield table.file, column.name, column.type_words, column.unit, sentence
