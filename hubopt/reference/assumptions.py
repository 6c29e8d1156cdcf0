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
            self.used.add((group, key))
        return found

    def shares(self, group: str, product: str) -> dict[str, float]:
        """Return the shares of a product by the second half of `product:place`."""
        start = f"{product}:"
        found = {
            key.removeprefix(start): value
            for (of, key), value in self.central.items()
            if of == group and key.startswith(start)
        }
        self.used.update((group, start + place) for place in found)
        return found


def read_assumptions(file: Path) -> Assumptions:
    """Return the assumptions of a CSV table."""
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
    return Assumptions(found, {(row.group, row.key): row.central for row in found})
