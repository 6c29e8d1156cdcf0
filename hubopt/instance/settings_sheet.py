"""The settings of a workbook: a sheet of keys and values, turned into the TOML that it stands for.

Each stage has a column: the rows `stages.year` and `stages.years` hold a number for each.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from hubopt.instance.cell_numbers import NUMBER, PLAIN
from hubopt.instance.cells import cell_text
from hubopt.instance.schema import NUMERIC, SCHEMA_VERSION, SETTINGS, Kind
from hubopt.instance.write import says

if TYPE_CHECKING:
    from hubopt.instance.read_table import Rows
    from hubopt.instance.rows import Settings
    from hubopt.instance.schema import Column
    from hubopt.instance.workbook_sheets import Spot

HEADS = frozenset({"key", "键", "项目", "参数"})
"""What the first cell of a heading may say."""

BARE = re.compile(r"[A-Za-z0-9_-]+")
LONGEST_NUMBER = 400
"""Beyond so many digits a number is handed on as text."""


def settings_rows(settings: Settings) -> list[list[str | float]]:
    """Return settings as the rows below the heading of their sheet, numbers as numbers."""
    rows = [
        [column.name, value_in_cell(column, getattr(settings, column.name))]
        for column in SETTINGS.columns
        if "." not in column.name and column.name != "schema" and says(column, settings)
    ]
    rows.insert(0, ["schema", SCHEMA_VERSION])
    rows.append(["stages.year", *(stage.year for stage in settings.stages)])
    rows.append(["stages.years", *(stage.years for stage in settings.stages)])
    rows += [["solver.gap", settings.gap], ["solver.time_s", settings.time_s]]
    return rows


def value_in_cell(column: Column, value: object) -> str | float:
    """Return the value of a key as its cell holds it."""
    text = cell_text(column, value)
    if column.kind not in NUMERIC or not text:
        return text
    return float(text) if "." in text else int(text)


@dataclass
class Lines:
    """TOML line by line, and the cell that each line came from."""

    text: list[str] = field(default_factory=list)
    spot: list[Spot] = field(default_factory=list)

    def add(self, line: str, spot: Spot) -> None:
        """Add a line that came from a cell."""
        self.text.append(line)
        self.spot.append(spot)


def as_toml(rows: Rows) -> Lines:
    """Return the TOML that the rows of a settings sheet stand for."""
    keyed = [(row, cells[0].strip(), cells) for row, cells in rows]
    if keyed and keyed[0][1].lower() in HEADS:
        keyed = keyed[1:]
    lines = Lines()
    groups: dict[str, list[tuple[int, str, list[str]]]] = {"stages": [], "solver": []}
    for row, name, cells in keyed:
        group, _, key = name.partition(".")
        if group in groups and key:
            groups[group].append((row, key, cells))
        else:
            lines.add(f"{quoted_key(name)} = {literal(name, cells[1:2])}", (row, 1))
    add_stages(lines, groups["stages"])
    if groups["solver"]:
        lines.add("[solver]", (groups["solver"][0][0], 0))
    for row, key, cells in groups["solver"]:
        lines.add(f"{quoted_key(key)} = {literal(f'solver.{key}', cells[1:2])}", (row, 1))
    return lines


def add_stages(lines: Lines, rows: list[tuple[int, str, list[str]]]) -> None:
    """Add a `[[stages]]` for each column in which a row of stages holds anything."""
    width = max((len(cells) for _, _, cells in rows), default=0)
    for here in range(1, width):
        filled = [(row, key, cells) for row, key, cells in rows if cells[here].strip()]
        if filled:
            lines.add("[[stages]]", (filled[0][0], here))
        for row, key, cells in filled:
            value = literal(f"stages.{key}", cells[here : here + 1])
            lines.add(f"{quoted_key(key)} = {value}", (row, here))


def strays(rows: Rows) -> list[Spot]:
    """Return cells with numbers to the right of a value where only one value is read."""
    return [
        (row, here)
        for row, cells in rows
        if not cells[0].strip().startswith("stages.")
        for here, text in enumerate(cells)
        if here > 1 and NUMBER.fullmatch(text.strip())
    ]


def quoted_key(key: str) -> str:
    """Return a key as TOML writes it."""
    return key if BARE.fullmatch(key) else json.dumps(key, ensure_ascii=False)


SWITCHES = {"true": "true", "yes": "true", "false": "false", "no": "false"}
"""Switches as the tables write them, and as Excel shows them: whoever types true gets TRUE."""


def literal(name: str, cells: list[str]) -> str:
    """Return the value of a key as TOML writes it: a number or a switch only where it holds one."""
    text = cells[0].strip() if cells else ""
    column = SETTINGS.column.get(name)
    if column is not None and column.kind is Kind.YES_NO and text.lower() in SWITCHES:
        return SWITCHES[text.lower()]
    plain = text.translate(PLAIN)
    numeric = column is not None and column.kind in NUMERIC and len(plain) < LONGEST_NUMBER
    if numeric and NUMBER.fullmatch(plain):
        return str(Decimal(plain)).lower()
    return json.dumps(text, ensure_ascii=False)
