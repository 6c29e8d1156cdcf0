"""The main job: the reference instance gives a verified plan that a planner can believe."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
WIDEST_GAP = 0.05
LARGEST_SHARE = 0.97
"""Most of the tonnes that one mode may carry in a plan that is called mixed."""


@pytest.mark.slow
@pytest.mark.timeout(1500)
def test_zhengzhou_is_planned(tmp_path: Path) -> None:
    """A verified plan within the instance's own time and gap: sites open, every mode travels."""
    hubopt = [sys.executable, "-m", "hubopt"]
    words = [*hubopt, "solve", "instances/zhengzhou", "--out", str(tmp_path), "--json"]
    done = subprocess.run(
        words, capture_output=True, text=True, encoding="utf-8", check=False, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["verified"] is True
    assert said["gap"] <= WIDEST_GAP
    assert said["gap_basis"] == "gap against the bound over all routes"
    assert sum(len(stage["opened"]) for stage in said["stages"]) >= 3
    for stage in said["stages"]:
        tonnes = stage["tonnes_by_mode"]
        assert set(tonnes) == {"road_diesel", "road_battery", "rail", "air", "sea", "barge"}
        assert max(tonnes.values()) < LARGEST_SHARE * sum(tonnes.values())
    again = subprocess.run(
        [*hubopt, "verify", str(tmp_path / "zhengzhou" / "base")], check=False, cwd=ROOT
    )
    assert again.returncode == 0
