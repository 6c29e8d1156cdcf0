"""The shipped instances give what `results/pinned.csv` says: a change shows, wanted or not."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from hubopt.instance.read import read
from hubopt.plan.plan import Plan
from hubopt.solve.answer import answer

ROOT = Path(__file__).parent.parent
WITH_FILE = (ROOT / "results" / "pinned.csv").read_text(encoding="utf-8")
PINNED = {row["instance"]: row for row in csv.DictReader(WITH_FILE.splitlines())}


def compared(name: str) -> Plan:
    """Solve a shipped instance, hold size, status and cost against the pinned row, return it."""
    row = PINNED[name]
    found = answer(read(ROOT / "instances" / name))
    assert len(found.problem.shipment_ids) == int(row["shipments"])
    if not found.problem.nodes:  # how many a tree finds hangs on the time that it has
        assert len(found.problem.column_shipment) == int(row["routes"])
    assert found.plan.status.value == row["status"]
    assert found.plan.gap is not None
    pinned = int(row["objective_fen"])
    apart = abs(found.plan.objective_fen - pinned) / pinned
    assert apart <= max(found.plan.gap, float(row["gap"]))
    assert found.plan.bound_fen is not None
    assert found.plan.bound_fen <= pinned
    return found.plan


def test_mini_is_as_pinned() -> None:
    """The mini instance's optimum is pinned to the fen."""
    plan = compared("zhengzhou-mini")
    assert plan.objective_fen == int(PINNED["zhengzhou-mini"]["objective_fen"])


@pytest.mark.slow
@pytest.mark.timeout(1500)
def test_reference_is_as_pinned() -> None:
    """The reference costs what is pinned, but for the gaps of both solves."""
    assert compared("zhengzhou").gap <= 0.05
