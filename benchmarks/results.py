"""Rows of results as CSV files: one file for each section, one row for each run, nothing averaged.

Lines of the table whose file is missing say "not measured yet".
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, fields
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

FOLDER = Path(__file__).parent / "results"
QUICK = "quick"
DONE = frozenset({"done", "optimal", "feasible", "limit"})
"""Statuses of runs that came to an end; others say in `note` why they did not."""


@dataclass(frozen=True)
class Row:
    """One run, or one phase of one.

    Seconds are wall time without starting Python and loading libraries; `peak_mb` is memory of the
    process and its children together; `value` and `bound` are in the units of the case; `load` says
    whether other programs were running when it began.
    """

    section: str
    case: str
    method: str
    repeat: int
    phase: str = ""
    status: str = "done"
    seconds: float | None = None
    cpu_s: float | None = None
    peak_mb: float | None = None
    nonzeros: int | None = None
    value: float | None = None
    bound: float | None = None
    limit_s: float | None = None
    gap_asked: float | None = None
    date: str = ""
    machine: str = ""
    load: str = ""
    versions: str = ""
    note: str = ""

    @property
    def gap(self) -> float | None:
        """Return (value - bound) / value, `None` without both."""
        if self.value is None or self.bound is None or not self.value:
            return None
        return max(0.0, (self.value - self.bound) / abs(self.value))


COLUMNS = tuple(column.name for column in fields(Row))
WHOLE, DECIMAL = {"repeat", "nonzeros"}, {
    "seconds", "cpu_s", "peak_mb", "value", "bound", "limit_s", "gap_asked",
}  # fmt: skip
DIGITS = {"seconds": 4, "cpu_s": 2, "peak_mb": 0, "value": 6, "bound": 6}


def text_of(rows: Iterable[Row]) -> str:
    """Return rows as CSV."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow(cell(name, getattr(row, name)) for name in COLUMNS)
    return out.getvalue()


def cell(name: str, value: object) -> str:
    """Return a value as text; seconds to a tenth of a millisecond."""
    if value is None:
        return ""
    if isinstance(value, float):
        value = round(value, DIGITS.get(name, 6))
        return f"{value:.0f}" if value == int(value) else str(value)
    return str(value)


def save(section: str, rows: Iterable[Row], folder: Path = FOLDER) -> Path:
    """Write the rows of a section, in place of those of an earlier run."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{section}.csv"
    half = path.with_suffix(".part")
    half.write_bytes(text_of(rows).encode())
    half.replace(path)
    return path


def save_cases(section: str, rows: Sequence[Row], folder: Path = FOLDER) -> Path:
    """Write the rows of some cases of a section; those of its other cases stay as they are."""
    cases = {row.case for row in rows}
    others = [row for row in load(section, folder) if row.case not in cases]
    return save(section, [*others, *rows], folder)


def load(section: str, folder: Path = FOLDER) -> list[Row]:
    """Return the rows of a section, none if it has not been run."""
    path = folder / f"{section}.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as lines:
        return [row_of(record) for record in csv.DictReader(lines)]


def row_of(record: dict[str, str]) -> Row:
    """Return a row from its cells; columns that are missing are blank, others are passed over."""
    made: dict[str, Any] = {"section": "", "case": "", "method": "", "repeat": 1}
    for name in COLUMNS:
        text = record.get(name, "")
        if name in WHOLE | DECIMAL:
            kind: Callable[[str], float] = int if name in WHOLE else float
            if text:
                made[name] = kind(text)
        else:
            made[name] = text
    return Row(**made)


def of(rows: Sequence[Row], **wanted: str) -> list[Row]:
    """Return the rows whose columns hold these words."""
    return [row for row in rows if all(getattr(row, key) == word for key, word in wanted.items())]


def mid(rows: Iterable[Row], column: str = "seconds") -> float | None:
    """Return the median of a column over runs that came to an end, `None` without any."""
    found = [getattr(row, column) for row in rows if row.status in DONE]
    numbers = [number for number in found if number is not None]
    return median(numbers) if numbers else None
