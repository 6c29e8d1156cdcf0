"""The table of how a solve went: written with a result, and read back when it is drawn anew.

It holds seconds, so that it and its chart are the only files of a result, but for the manifest,
that differ between two runs that found the same plan.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from hubopt.publish.edits import unchanged
from hubopt.publish.spread import Sheet
from hubopt.solve.course import Moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

NAME = "convergence"
FILE = f"tables/{NAME}.csv"
COLUMNS = ("elapsed_s", "phase", "best_mcny", "bound_mcny", "gap")


def convergence(course: Iterable[Moment]) -> Sheet:
    """Return when better plans and bounds were known: million CNY of present value, gap a share."""
    rows = tuple((m.elapsed_s, m.phase, m.best_mcny, m.bound_mcny, m.gap) for m in course)
    return Sheet(NAME, COLUMNS, rows)


def read_convergence(folder: Path, record: Mapping[str, object]) -> tuple[Moment, ...]:
    """Return the moments in a written result; none if it has no such table, or not as written."""
    if not unchanged(folder, FILE, record):
        return ()
    with (folder / FILE).open(encoding="utf-8-sig", newline="") as text:
        return tuple(
            Moment(
                float(row["elapsed_s"]),
                number(row["best_mcny"]),
                number(row["bound_mcny"]),
                row["phase"],
            )
            for row in csv.DictReader(text)
        )


def number(cell: str) -> float | None:
    """Return a cell as a number, None for a blank."""
    return float(cell) if cell else None
