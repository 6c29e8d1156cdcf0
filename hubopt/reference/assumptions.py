"""The invented numbers of the reference, with their range, reason and confidence.

They stand in one table, `data/assumptions.csv`, and nowhere else: change a central value there and
build the instances again.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SIGN = "@"
"""Stands between a key and the base year that a value is for, as in `NLRTM:out@2021`."""


@dataclass(frozen=True, slots=True)
class Assumption:
    """One number that no source gives: `low`, `central` and `high` in `unit`."""

    group: str
    key: str
    unit: str
    low: float
    central: float
    high: float
    reason: str
    confidence: str


@dataclass(frozen=True)
class Assumptions:
    """All assumptions, by group and key."""

    rows: tuple[Assumption, ...]
    central: Mapping[tuple[str, str], float]
    written: Mapping[tuple[str, str], Assumption] = field(default_factory=dict)
    """The row that each value stands in; the key of a base year's row ends with that year."""

    used: set[tuple[str, str]] = field(default_factory=set, compare=False)
    """Which ones have been asked for: what nobody asks for should not stand in the table."""

    def __call__(self, group: str, key: str, default: float | None = None) -> float:
        """Return a central value; `default` where the table has none, else KeyError."""
        found = self.optional(group, key)
        if found is not None:
            return found
        if default is not None:
            return default
        message = f"no assumption {group}, {key}; add it to data/assumptions.csv"
        raise KeyError(message)

    def optional(self, group: str, key: str) -> float | None:
        """Return a central value, or `None` where the table has none."""
        found = self.central.get((group, key))
        if found is not None:
            self.note(group, key)
        return found

    def note(self, group: str, key: str) -> None:
        """Remember that a number was asked for."""
        row = self.written[group, key]
        self.used.add((row.group, row.key))

    def shares(self, group: str, product: str) -> dict[str, float]:
        """Return the shares of a product by the second half of `product:place`."""
        start = f"{product}:"
        found = {
            key.removeprefix(start): value
            for (of, key), value in self.central.items()
            if of == group and key.startswith(start)
        }
        for place in found:
            self.note(group, start + place)
        return found


def read_assumptions(file: Path, year: int | None = None) -> Assumptions:
    """Return the assumptions of a CSV table, as they were in a year if one is given."""
    with file.open(encoding="utf-8-sig", newline="") as text:
        found = tuple(
            Assumption(
                row["group"],
                row["key"],
                row["unit"],
                float(row["low"]),
                float(row["central"]),
                float(row["high"]),
                row["reason"],
                row["confidence"],
            )
            for row in csv.DictReader(text)
        )
    general = {(row.group, row.key): row for row in found if SIGN not in row.key}
    of_year = {
        (row.group, row.key.removesuffix(f"{SIGN}{year}")): row
        for row in found
        if row.key.endswith(f"{SIGN}{year}")
    }
    written = general | of_year
    return Assumptions(found, {key: row.central for key, row in written.items()}, written)
