"""Scenarios of an instance: overlays in `scenarios/*.toml`, merged and checked before any solve.

`base` is the instance itself. Every other scenario is a file of operations on its tables, after
those of the scenarios that it extends; the result is a new instance, checked as any other, and
what is wrong with it is said of the entry that made it so.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from hubopt.errors import Finding, InputError
from hubopt.instance.overlay_apply import Line, Overlay
from hubopt.instance.scenario_files import BASE, Scenario, found_in, scenario_names
from hubopt.instance.schema import SETTINGS, TABLES
from hubopt.instance.write import sort_key
from hubopt.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from hubopt.instance.overlay import At, Operation
    from hubopt.instance.tables import Instance

__all__ = [
    "BASE",
    "Scenario",
    "all_overlaid",
    "apply",
    "overlaid",
    "read_scenarios",
    "scenario_names",
]


def read_scenarios(folder: Path, names: Sequence[str] | None = None) -> Mapping[str, Scenario]:
    """Return the scenarios of an instance by name, all or those named, what they extend merged.

    Raises `InputError` with everything wrong in their files.
    """
    scenarios, findings = found_in(folder, names)
    if findings:
        raise InputError(findings)
    return scenarios


def apply(instance: Instance, scenario: Scenario) -> Instance:
    """Return the instance as it is in a scenario; raises `InputError` with everything wrong."""
    made, findings = attempt(instance, scenario)
    if made is None:
        raise InputError(findings)
    return made


def overlaid(folder: Path, name: str, instance: Instance | None = None) -> Instance:
    """Return an instance as it is in the scenario `name` of its folder, or beside its workbook.

    It is read from `folder` unless it is given. Raises `InputError` with everything wrong.
    """
    return all_overlaid(folder, [name], instance)[name]


def all_overlaid(
    folder: Path, names: Sequence[str] | None, instance: Instance | None = None
) -> dict[str, Instance]:
    """Return an instance in each of several scenarios, all of its folder and `base` for `None`.

    Raises `InputError` with everything wrong in any of them.
    """
    if instance is None:
        from hubopt.instance.read import read  # noqa: PLC0415  (loads on use)

        instance = read(folder)
    scenarios, findings = found_in(folder, names)
    made = {BASE: instance} if names is None or BASE in names else {}
    for name, scenario in scenarios.items():
        one, faults = attempt(instance, scenario)
        findings += faults
        if one is not None:
            made[name] = one
    if findings:
        raise InputError(dict.fromkeys(findings))  # each once: what is inherited comes again
    return made if names is None else {name: made[name] for name in names}


def attempt(instance: Instance, scenario: Scenario) -> tuple[Instance | None, list[Finding]]:
    """Return the instance in a scenario, or `None` and everything wrong with it."""
    overlay = Overlay(instance)
    overlay.do(scenario.operations)
    if overlay.findings:
        return None, overlay.findings
    made = remade(instance, overlay)
    if not isinstance(made, InputError):
        return made, []
    blame = Blame(instance, scenario, overlay)
    return None, [blame.told(found) for found in made.findings]


def remade(instance: Instance, overlay: Overlay) -> Instance | InputError:
    """Return a new instance with the rows of an overlay, or why there is none."""
    try:
        return replace(instance, settings=overlay.settings, **overlay.tables())  # type: ignore[arg-type]
    except InputError as error:
        return error


class Blame:
    """Says what is wrong with the instance of a scenario by the entry that made it so."""

    def __init__(self, instance: Instance, scenario: Scenario, overlay: Overlay) -> None:
        """Take the instance before and after."""
        self.instance = instance
        self.scenario = scenario
        self.overlay = overlay

    def told(self, found: Finding) -> Finding:
        """Return a finding about a table as one about an entry of the scenario."""
        line = self.line(found)
        wrote = self.overlay.set_by if found.file == SETTINGS.file else {}
        at = line.last if line is not None else None
        if line is not None:
            wrote = line.wrote
        at = wrote.get(found.column or "", (at,))[-1]
        if at is None:
            at = self.first_with(found)
        where = self.named(found, line)
        return replace(
            found,
            file=self.scenario.file if at is None else at.file,
            row=None if at is None else at.row,
            column=None if at is None else at.entry,
            reason=Text(
                f"makes the instance wrong: {where}: {found.reason.en}",
                f"使算例出错：{where}：{found.reason.zh}",
            ),
            sheet=None,
            cell=None,
        )

    def line(self, found: Finding) -> Line | None:
        """Return the row that a finding is about: rows are counted from 2 in canonical order."""
        table = next((t for t in TABLES.values() if t.file == found.file), None)
        if table is None or found.row is None:
            return None
        lines = self.overlay.lines[table.name]
        lines = sorted(lines, key=lambda line: sort_key(table, line.row))
        here = found.row - 2
        return lines[here] if 0 <= here < len(lines) else None

    def first_with(self, found: Finding) -> At | None:
        """Return the entry after which a fault is there for the first time, `None` if not alone."""
        for operation, faults in self.steps:
            if likeness(found) in faults:
                return operation.at
        return None

    @cached_property
    def steps(self) -> list[tuple[Operation, set[tuple[object, ...]]]]:
        """Each operation with what is wrong once it and those before it are done."""
        overlay, found = Overlay(self.instance), []
        for operation in self.scenario.operations:
            overlay.do([operation])
            made = remade(self.instance, overlay)
            faults = made.findings if isinstance(made, InputError) else ()
            found.append((operation, {likeness(fault) for fault in faults}))
        return found

    def named(self, found: Finding, line: Line | None) -> str:
        """Return the row and column that a finding is about, by what names the row."""
        table = next((t for t in TABLES.values() if t.file == found.file), None)
        parts = [found.file]
        if table is not None and line is not None:
            keys = [getattr(line.row, table.columns[nth].name) for nth in table.keys]
            parts.append(" ".join(str(key) for key in keys if key is not None))
        return " ".join([*parts, *([found.column] if found.column else [])])


def likeness(found: Finding) -> tuple[object, ...]:
    """Return what makes two findings the same, wherever the row stands by then."""
    return found.file, found.column, found.code, found.value, found.reason
