"""What the tests of `hubopt reconcile` share: published figures beside the tiny instance."""

from __future__ import annotations

import csv
from pathlib import Path

from hubopt.study import levers, read_comparisons
from hubopt.study.comparison import Comparison
from hubopt.study.read_tables import FOLDER
from tests.tiny import tiny

USUAL = {
    "name_en": "", "name_zh": "", "unit": "kt", "figure": "published", "source": "a test",
    "confidence": "high", "independent": "yes", "scope": "all",
}  # fmt: skip


def row(line: str, measure: str, **cells: object) -> dict[str, str]:
    """Return a row of published figures; what is not given is blank or usual."""
    given = {"line": line, "name_en": line, "name_zh": line, "measure": measure} | cells
    blank = dict.fromkeys(read_comparisons.COLUMNS, "")
    return blank | USUAL | {key: str(value) for key, value in given.items()}


def publish(folder: Path, *rows: dict[str, str], file: str = read_comparisons.FILE) -> Path:
    """Write rows into a table of the folder `reconcile` of an instance, and return it."""
    target = folder / FOLDER / file
    target.parent.mkdir(parents=True, exist_ok=True)
    columns = levers.COLUMNS if file == levers.FILE else read_comparisons.COLUMNS
    with target.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, columns)
        writer.writeheader()
        writer.writerows(rows)
    return target


def compared(folder: Path, *rows: dict[str, str]) -> tuple[Comparison, ...]:
    """Return rows as the tiny instance's comparisons."""
    publish(folder, *rows)
    return read_comparisons.read_comparisons(folder, tiny())
