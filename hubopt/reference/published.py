"""What a base year is compared with: published figures and levers, written beside the instance."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from hubopt.reference.facts import rows
from hubopt.reference.levers import LEVERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from hubopt.instance.tables import Instance
    from hubopt.reference.facts import Facts, Row

KEPT_DIGITS = 4


def write_reconciliation(facts: Facts, instance: Instance, folder: Path) -> None:
    """Write the figures of the base year, and how far its assumptions may be moved."""
    folder.mkdir(parents=True, exist_ok=True)
    figures = [shown(row, instance) for row in rows(facts.data, "published.csv") if of(facts, row)]
    (folder / "published.csv").write_bytes(text_of(figures))
    (folder / "levers.csv").write_bytes(text_of(levers(facts)))


def of(facts: Facts, row: Row) -> bool:
    """Tell whether a figure is of the base year."""
    return row["year"] == str(facts.year)


def shown(row: Row, instance: Instance) -> Row:
    """Return a figure without its year; services that did not run are left out."""
    ran = [service for service in row["services"].split() if service in instance.service]
    return {k: v for k, v in row.items() if k != "year"} | {"services": " ".join(ran)}


def levers(facts: Facts) -> Iterator[Row]:
    """Yield each lever with its low and high, as factors of the number that the instance holds."""
    for chosen in LEVERS:
        low, central, high = bounds(facts, chosen.group, chosen.key)
        yield {
            "lever": f"{chosen.group}:{chosen.key}",
            "name_en": chosen.name_en,
            "name_zh": chosen.name_zh,
            "lines": chosen.lines,
            "table": chosen.table,
            "column": chosen.column,
            "where": chosen.where,
            "low": factor(chosen.plus + low, chosen.plus + central),
            "high": factor(chosen.plus + high, chosen.plus + central),
        }


def factor(moved: float, central: float) -> str:
    """Return how many times the central number another is."""
    return f"{round(moved / central, KEPT_DIGITS):g}"


def bounds(facts: Facts, group: str, key: str) -> tuple[float, float, float]:
    """Return low, central and high of an assumption, or of a mode parameter."""
    found = facts.assumed.written.get((group, key))
    if found is not None:
        return found.low, found.central, found.high
    row = next(r for r in facts.mode_rows if (r["mode"], r["parameter"]) == (group, key))
    return float(row["low"]), float(row["central"]), float(row["high"])


def text_of(table: Iterable[Row]) -> bytes:
    """Return rows as CSV."""
    found = list(table)
    out = io.StringIO()
    writer = csv.DictWriter(out, list(found[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(found)
    return out.getvalue().encode()
