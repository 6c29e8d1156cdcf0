"""Which entries of a scenario wrote each cell of its instance, and where their numbers are from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubopt.instance.overlay_apply import Overlay
from hubopt.instance.schema import SETTINGS, TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hubopt.instance.overlay import At
    from hubopt.instance.scenario_files import Scenario, Source
    from hubopt.instance.schema import Row, Table
    from hubopt.instance.tables import Instance

Cell = tuple[str, tuple[object, ...], str]
"""Table, key of the row (none for settings) and column."""


@dataclass(frozen=True, slots=True)
class Origin:
    """An entry such as `multiply[2]` of a scenario's file, and what it says of its numbers."""

    file: str
    entry: str
    row: int | None
    source: str = ""
    year: int | None = None
    confidence: str = ""
    note: str = ""


def trace(instance: Instance, scenario: Scenario) -> Mapping[Cell, tuple[Origin, ...]]:
    """Return the entries that wrote each cell which a scenario touches, in turn."""
    overlay = Overlay(instance)
    overlay.do(scenario.operations)
    told = {(source.file, source.entry): source for source in scenario.sources}
    found: dict[Cell, tuple[Origin, ...]] = {
        (SETTINGS.name, (), name): origins(ats, told) for name, ats in overlay.set_by.items()
    }
    for table in TABLES.values():
        before = getattr(instance, table.name)
        for here, line in enumerate(overlay.lines[table.name]):
            if not line.wrote:
                continue
            rows = [line.row, *before[here : here + 1]]
            for cell, ats in line.wrote.items():
                for key in {key_of(table, row) for row in rows}:
                    found[table.name, key, cell] = origins(ats, told)
    return found


def key_of(table: Table, row: Row) -> tuple[object, ...]:
    """Return the cells that name a row of a table."""
    return tuple(getattr(row, table.columns[here].name) for here in table.keys)


def origins(ats: Sequence[At], told: Mapping[tuple[str, str], Source]) -> tuple[Origin, ...]:
    """Return entries with what they say of their numbers, each once."""
    return tuple(dict.fromkeys(made(at, told) for at in ats))


def made(at: At, told: Mapping[tuple[str, str], Source]) -> Origin:
    """Return an entry with what it, or the table of settings that it is a key of, says."""
    names: Iterator[str] = iter((at.entry, at.entry.partition(".")[0]))
    source = next((told[at.file, name] for name in names if (at.file, name) in told), None)
    if source is None:
        return Origin(at.file, at.entry, at.row)
    return Origin(
        at.file, at.entry, at.row, source.source, source.year, source.confidence, source.note
    )
