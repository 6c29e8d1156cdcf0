"""A result stays only if it is whole and answers what is asked; else its scenario is solved."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from hubopt.instance.digest import content_hash
from hubopt.plan.figures import gap_between
from hubopt.publish.kept import NEAR_ENOUGH, SAME_TIME, Asked, kept
from hubopt.publish.results import write_results
from hubopt.text import Language
from hubopt.vocabulary import OWN_RULES, Status
from tests.publishing import HOLDS, instance_folder, quick_maps
from tests.tiny import tiny
from tests.tiny_plan import tiny_plan

if TYPE_CHECKING:
    from pathlib import Path

OPTIONS = {"routes": None, "seed": 0, "highs": []}
SETTINGS = tiny().settings


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw no real maps."""
    quick_maps(monkeypatch)


def result(root: Path, *, gap: float = 0.0, essentials: bool = False, **run: Any) -> Path:  # noqa: ANN401
    """Write the tiny plan with this gap, as a run of these options and timings."""
    plan = replace(tiny_plan(), instance_hash=content_hash(tiny()))
    bound = round(plan.objective_fen * (1 - gap))
    status = Status.INTERRUPTED if essentials else Status.OPTIMAL if gap == 0 else Status.FEASIBLE
    plan = replace(plan, status=status, bound_fen=bound, gap=gap_between(plan.objective_fen, bound))
    options = {"gap": None, "time_s": None, **OPTIONS, **run.pop("options", {})}
    return write_results(
        root / "results",
        tiny(),
        plan,
        HOLDS,
        run={"options": options, "timings": {"until_written": 1.0}, **run},
        instance_folder=instance_folder(root),
        language=Language.EN,
        essentials=essentials,
    )


def asked(root: Path, **other: Any) -> Asked:  # noqa: ANN401
    """Return what was asked of it, or something else."""
    usual = Asked(tiny(), instance_folder(root), tiny_plan().scenario, None, None, OPTIONS)
    return replace(usual, **other)


def test_a_whole_result_of_the_same_question_stays(tmp_path: Path) -> None:
    """It stays with the reason and its plan, also for a larger gap and less time."""
    folder = result(tmp_path)
    found = kept(folder, asked(tmp_path))
    assert found is not None
    assert (found.why, found.language) == (NEAR_ENOUGH, "en")
    assert found.plan.objective_fen == tiny_plan().objective_fen
    assert kept(folder, asked(tmp_path, gap=0.5, time_s=1.0)) is not None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("options", {**OPTIONS, "seed": 1}),
        ("options", {**OPTIONS, "routes": 5}),
        ("options", {**OPTIONS, "unheard_of": None}),
        ("rules", {"file": "own.py", "sha256": "0"}),
        ("scenario", "flood"),
        ("instance", replace(tiny(), settings=replace(SETTINGS, carbon_price_cny_per_t=1e4))),
    ],
)
def test_the_result_of_another_question_does_not_stay(
    name: str,
    value: object,
    tmp_path: Path,
) -> None:
    """Other options, own rules, scenario or figures ask for a new solve."""
    assert kept(result(tmp_path), asked(tmp_path, **{name: value})) is None


def test_a_result_under_own_rules_stays_only_under_the_same(tmp_path: Path) -> None:
    """Rules are known by file and hash."""
    rules = {"file": "own.py", "sha256": "abc"}
    folder = result(tmp_path, **{OWN_RULES: rules})
    assert kept(folder, asked(tmp_path)) is None
    assert kept(folder, asked(tmp_path, rules=rules)) is not None


def test_a_result_that_is_not_whole_does_not_stay(tmp_path: Path) -> None:
    """One that was stopped, lacks a file or was edited is found again; so is none at all."""
    folder = result(tmp_path / "stopped", essentials=True)
    assert kept(folder, asked(tmp_path / "stopped")) is None
    folder = result(tmp_path)
    table = folder / "tables" / "flows.csv"
    content = table.read_bytes()
    table.write_bytes(content + b"x")
    assert kept(folder, asked(tmp_path)) is None
    table.unlink()
    assert kept(folder, asked(tmp_path)) is None
    table.write_bytes(content)
    assert kept(folder, asked(tmp_path)) is not None
    assert kept(folder.parent, asked(tmp_path)) is None
    assert kept(folder / "plan.json", asked(tmp_path)) is None


def test_other_inputs_do_not_stay(tmp_path: Path) -> None:
    """A table that was touched asks for a new solve, whatever it changes; so does another place."""
    folder = result(tmp_path)
    elsewhere = asked(tmp_path / "elsewhere")
    assert kept(folder, elsewhere) is None
    demand = instance_folder(tmp_path) / "demand.csv"
    demand.write_bytes(demand.read_bytes() + b"\r\n")
    assert kept(folder, asked(tmp_path)) is None


def test_a_gap_that_is_too_large_stays_only_if_the_time_was_used_up(tmp_path: Path) -> None:
    """As much time again would give as much; more time, or time that was left, may give more."""
    used = {"timings": {"until_written": SETTINGS.time_s + 1}}
    large = SETTINGS.gap + 0.1
    early = result(tmp_path / "early", gap=large)
    assert kept(early, asked(tmp_path / "early")) is None
    assert kept(early, asked(tmp_path / "early", gap=large + 0.1)) is not None
    late = result(tmp_path, gap=large, **used)
    found = kept(late, asked(tmp_path))
    assert found is not None
    assert found.why == SAME_TIME
    assert kept(late, asked(tmp_path, time_s=2 * SETTINGS.time_s)) is None
    rough = result(tmp_path / "rough", gap=large, options={"gap": large / 2}, **used)
    assert kept(rough, asked(tmp_path / "rough")) is None


def test_a_smaller_gap_than_was_aimed_at_asks_for_a_new_solve(tmp_path: Path) -> None:
    """What was solved to within 1 % does not answer 0.1 %, though it calls itself optimal."""
    folder = result(tmp_path, gap=5e-5)
    assert kept(folder, asked(tmp_path, gap=1e-6)) is None
    assert kept(folder, asked(tmp_path, gap=1e-4)) is not None


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("versions", {"hubopt": "0.0.0"}), ("options", None), ("options", []), ("timings", []),
        ("complete", 1), ("states", []), ("inputs", None), ("instance_folder", "\0"),
        ("instance_hash", 3), ("scenario", None),
    ],
)  # fmt: skip
def test_odd_manifests_do_not_stay(key: str, value: object, tmp_path: Path) -> None:
    """Other versions, and whatever somebody may have written there, ask for a new solve."""
    folder = result(tmp_path, gap=SETTINGS.gap + 0.1)
    wide = asked(tmp_path, gap=0.9 if key != "timings" else None)
    file = folder / "manifest.json"
    record = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps({**record, key: value}), encoding="utf-8")
    assert kept(folder, wide) is None
