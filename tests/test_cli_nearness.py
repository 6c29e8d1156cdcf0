"""A comparison says which results were not solved near to the first."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from hubopt.cli.nearness import by_chance


def result(
    folder: Path, *, near: str | None, status: str = "feasible", stayed: bool = True
) -> Path:
    """Write what a manifest says of a plan, and return its folder."""
    folder.mkdir(parents=True)
    plan = folder.name.encode()
    (folder / "plan.json").write_bytes(plan)
    record = {
        "program": "hubopt", "format": 1, "status": status, "options": {"near": near},
        "stayed_near": stayed,
        "outputs": {"plan.json": hashlib.sha256(plan).hexdigest()},
    }  # fmt: skip
    (folder / "manifest.json").write_text(json.dumps(record), encoding="utf-8")
    return folder


def test_results_that_are_not_near_to_the_first_are_named(tmp_path: Path) -> None:
    """By their numbers; those that are near to it are not, and none where both are optimal."""
    base = result(tmp_path / "base", near=None)
    near = result(tmp_path / "near", near=hashlib.sha256(b"base").hexdigest())
    alone, other = result(tmp_path / "a", near=None), result(tmp_path / "b", near="0" * 64)
    late = result(tmp_path / "c", near=hashlib.sha256(b"base").hexdigest(), stayed=False)
    (note,) = by_chance([base, near, alone, other, late])
    assert note.en.startswith("3, 4, 5: not solved near to 1")
    assert note.zh.startswith("3, 4, 5：")
    assert not list(by_chance([base, near]))


@pytest.mark.parametrize(("status", "notes"), [("optimal", 0), ("feasible", 1)])
def test_optimal_plans_differ_for_a_reason(status: str, notes: int, tmp_path: Path) -> None:
    """Where one of two is not proved, what differs may be chance."""
    one = result(tmp_path / "x", near=None, status="optimal")
    other = result(tmp_path / "y", near=None, status=status)
    assert len(list(by_chance([one, other]))) == notes
