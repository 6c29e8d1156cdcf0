"""`hubopt hedge` from the command line: its files, what it prints, and what it refuses."""

from __future__ import annotations

import json
import shutil
import signal
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from hubopt.cli.entry import run
from hubopt.cli.hedge_view import no_other_sites
from hubopt.errors import InputError
from hubopt.instance.hedge_file import read_hedge
from hubopt.instance.write import write
from hubopt.plan.hedge import HedgeState, hedge_of
from hubopt.plan.hedge_store import from_json, to_json
from hubopt.plan.risk import Risk
from hubopt.publish import results
from hubopt.solve import hedge as solve
from hubopt.vocabulary import Status
from tests.test_hedge import SELDOM, dry, states

ROOT = Path(__file__).parent.parent
FLOOD = """
title_en = "Flood"
title_zh = "洪水"
[[multiply]]
table = "capacities"
where = { site = "DC_A" }
by = { capacity_t_per_year = 0.0 }
"""
STATES = """
level = 0.99
weight = 0.5
[[states]]
scenario = "base"
probability = 0.99
[[states]]
scenario = "flood"
probability = 0.01
source = "assumption"
"""

STATES_OF_TWO = [HedgeState(name, Fraction(1, 2), 7) for name in ("base", "flood")]


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each test begin in English, whatever the machine or the test before it spoke."""
    monkeypatch.setenv("HUBOPT_LANG", "en")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return an instance with a flood and a hedge against it."""
    home = tmp_path / "dry"
    write(dry(), home)
    (home / "scenarios").mkdir()
    (home / "scenarios" / "flood.toml").write_text(FLOOD, encoding="utf-8")
    (home / "hedge.toml").write_text(STATES, encoding="utf-8")
    return home


def hedged(folder: Path, out: Path) -> Path:
    """Return the folder of a hedge that was just made."""
    assert run(["hedge", str(folder), "-o", str(out), "--quiet"]) == 0
    return out / "tiny" / "hedge"


def test_a_hedge_is_written_shown_and_verified(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The design has a result for each state, its costs as a table, and holds when recomputed."""
    made = hedged(folder, tmp_path / "out")
    told = capsys.readouterr().out
    assert "DC B" in told
    assert "CVaR" in told
    for state in ("base", "flood"):
        assert (made / state / "plan.gpkg").is_file()
        assert run(["verify", str(made / state)]) == 0
    assert run(["verify", str(made)]) == 0
    assert "hedge_objective" in capsys.readouterr().out
    costs = (made / "hedge_costs.csv").read_text(encoding="utf-8-sig").splitlines()
    assert [row.split(",")[0] for row in costs[1:]] == [
        "base", "flood", "expected", "cvar", "objective",
    ]  # fmt: skip
    assert "DC_B" in (made / "hedge_sites.csv").read_text(encoding="utf-8-sig")


def test_the_readme_says_what_the_mini_finds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The table of both READMEs is that of the command above it."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    line = next(row for row in text.splitlines() if row.startswith("hubopt hedge "))
    words = line.split()[1:]
    words[1] = str(ROOT / words[1])
    assert run([*words, "-o", str(tmp_path), "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["hedge_costs"]
    found = [
        (round(row["hedged_mcny"], 1), round(row["first_state_alone_mcny"], 1)) for row in rows[:-1]
    ]
    for name in ("README.md", "README.zh-CN.md"):
        said = (
            (ROOT / name).read_text(encoding="utf-8").split(line)[1].split("|---|---|---|---|")[1]
        )
        cells = [row.split("|")[-3:-1] for row in said.strip().splitlines()[: len(found)]]
        assert [tuple(float(c.replace(",", "")) for c in row) for row in cells] == found


def test_a_changed_figure_is_found(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same hedge has the same bytes; one whose cost was lowered by hand does not hold."""
    made = hedged(folder, tmp_path / "out")
    before = (made / "hedge.json").read_bytes()
    assert hedged(folder, tmp_path / "out") == made
    assert (made / "hedge.json").read_bytes() == before
    file = made / "hedge.json"
    record = json.loads(file.read_text(encoding="utf-8"))
    record["expected_fen"] -= 1
    file.write_text(json.dumps(record), encoding="utf-8")
    capsys.readouterr()
    assert run(["verify", str(made)]) == 1
    assert "expected_cost" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("key", "value", "where"),
    [
        ("format", 2, "format"),
        ("level", "1e-999999999", "level"),
        ("weight", "1/0", "weight"),
        ("alone_fen", [1], "alone_fen"),
        ("states", [["base", "1", 1], ["../flood", "1", 1]], "states[1]"),
    ],
)
def test_a_broken_file_is_refused_with_its_key(key: str, value: object, where: str) -> None:
    """What is no hedge is told with the key, before anything is made of it."""
    hedge = hedge_of("tiny", Status.FEASIBLE, Risk(), STATES_OF_TWO, None, [5, 6])
    record = {**json.loads(to_json(hedge, {})), key: value}
    with pytest.raises(InputError) as caught:
        from_json(json.dumps(record))
    assert [(f.file, f.column) for f in caught.value.findings] == [("hedge.json", where)]


def test_a_stop_while_maps_are_drawn_keeps_the_plans(
    folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A signal during the maps ends with every plan kept, verified, and a word on how to go on."""

    def stopped(*_: object) -> None:
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(results, "write_views", stopped)
    assert run(["hedge", str(folder), "-o", str(tmp_path / "out"), "--quiet"]) == 130
    monkeypatch.undo()
    made = tmp_path / "out" / "tiny" / "hedge"
    assert "hubopt map" in capsys.readouterr().err
    assert not list(made.rglob("plan.gpkg"))
    assert run(["verify", str(made), "--lang", "en"]) == 0
    assert run(["map", str(made / "flood"), "--lang", "en"]) == 0
    assert run(["verify", str(made), "--lang", "en"]) == 0


def test_that_hedging_needs_no_other_sites_is_said_only_where_proved() -> None:
    """Within a gap it stays open, and where the first design was not priced nothing is said."""
    found = solve.hedged(states(SELDOM), Risk())
    assert "needs no other ones" in no_other_sites(found).en
    unproved = replace(found, hedge=replace(found.hedge, status=Status.FEASIBLE))
    assert "leaves open" in no_other_sites(unproved).en
    assert "nothing to compare" in no_other_sites(replace(unproved, alone={})).en


def test_a_plan_of_another_hedge_is_found(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A state whose whole result was exchanged for another one is named as changed."""
    made = hedged(folder, tmp_path / "out")
    assert run(["solve", str(folder), "-o", str(tmp_path / "own"), "--quiet"]) == 0
    shutil.rmtree(made / "base")
    shutil.copytree(tmp_path / "own" / "tiny" / "base", made / "base")
    capsys.readouterr()
    assert run(["verify", str(made), "--instance", str(folder)]) == 1
    told = capsys.readouterr().out
    assert "base/plan.json" in told
    assert "same_sites" in told


def test_the_work_of_others_is_not_replaced(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A note that a planner left within a state keeps the hedge from being written anew."""
    made = hedged(folder, tmp_path / "out")
    note = made / "flood" / "note.txt"
    note.write_text("mine", encoding="utf-8")
    assert run(["hedge", str(folder), "-o", str(tmp_path / "out"), "--quiet"]) == 2
    assert "note.txt" in capsys.readouterr().err
    assert note.read_text(encoding="utf-8") == "mine"


def test_a_hedge_and_a_plan_do_not_replace_each_other(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A hedge named as a result of one plan is refused before any work, and that result stays."""
    out = str(tmp_path / "out")
    assert run(["solve", str(folder), "-o", out, "--quiet"]) == 0
    before = (tmp_path / "out" / "tiny" / "base" / "plan.json").read_bytes()
    assert run(["hedge", str(folder), "-o", out, "--quiet", "--name", "base"]) == 2
    assert "holds the result of one plan" in capsys.readouterr().err
    assert (tmp_path / "out" / "tiny" / "base" / "plan.json").read_bytes() == before


def test_states_on_the_command_line_need_no_file(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """States, level and weight may all be given as options; JSON has what the tables have."""
    (folder / "hedge.toml").unlink()
    asked = ["--state", "base=0.99", "--state", "flood=1/100", "--weight", "0", "--json"]
    assert run(["hedge", str(folder), "-o", str(tmp_path), *asked]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["verified"] is True
    assert record["weight"] == 0
    assert {row["state"] for row in record["hedge_costs"]} >= {"base", "flood", "expected"}
    text = (tmp_path / "tiny" / "hedge" / "hedge.json").read_text(encoding="utf-8")
    hedge, plans = from_json(text)
    assert set(plans) == {state.scenario for state in hedge.states}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--state", "base=1"], "two states or more"),
        (["--state", "base=0.5", "--state", "flod=0.5"], 'nearest "flood"'),
        (["--state", "base=0.5", "--state", "flood=0.6"], '"1.1" is what the probabilities'),
        (["--state", "base=0.5", "--state", "base=0.5"], "twice"),
        (["--state", "base"], "NAME=PROBABILITY"),
        (["--state", "base=1e-999999999", "--state", "flood=0.5"], "NAME=PROBABILITY"),
        (["--state", "base=x", "--state", "flood=0.5"], "NAME=PROBABILITY"),
        (["--level", "1"], "--level"),
        (["--level", "nan"], "--level"),
        (["--weight", "1.5"], "--weight"),
    ],
)
def test_wrong_options_are_refused(
    options: list[str], said: str, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each wrong option is named before anything is solved."""
    assert run(["hedge", str(folder), "-o", str(tmp_path / "out"), *options]) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("old", "new", "row", "column"),
    [
        ("level = 0.99", "level = 1", 2, "level"),
        ("weight = 0.5", 'weight = "x"', 3, "weight"),
        ("weight = 0.5", "wieght = 0.5", 3, "wieght"),
        ('scenario = "flood"', 'scenario = "flod"', None, "states.scenario"),
        ('scenario = "flood"', "scenario = 3", 8, "states.scenario"),
        ("probability = 0.01", "probability = 0", 9, "states.probability"),
        ("probability = 0.01", "probability = 0.02", None, "states.probability"),
        ("probability = 0.01", "share = 0.01", 9, "states.share"),
        ("[[states]]", "[[state]]", 4, "state"),
        ("weight = 0.5", "weight = ", 3, None),
        ("weight = 0.5", "weight = 1e-999999999", 3, "weight"),
        ("level = 0.99", "level = 0e999999999", 2, "level"),
    ],
)
def test_wrong_files_are_refused(
    old: str, new: str, row: int | None, column: str | None, folder: Path
) -> None:
    """Each wrong entry of hedge.toml is told with its row and key."""
    file = folder / "hedge.toml"
    file.write_text(STATES.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_hedge(folder)
    found = [(f.row, f.column) for f in caught.value.findings]
    assert (row, column) in found
    assert all(f.file == "hedge.toml" and f.remedy.zh for f in caught.value.findings)
