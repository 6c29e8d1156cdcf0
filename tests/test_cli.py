"""The command line as a planner meets it: right codes, clear words, older results left alone."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MINI = ROOT / "instances" / "zhengzhou-mini"
REFERENCE = ROOT / "instances" / "zhengzhou"


def hubopt(*words: object, **env: str) -> subprocess.CompletedProcess[str]:
    """Run a command and return what it printed and its exit code."""
    return subprocess.run(
        [sys.executable, "-m", "hubopt", *map(str, words)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        cwd=ROOT,
        env={**os.environ, "PYTHONUTF8": "1", **env},
        timeout=200,
    )


@pytest.fixture(scope="module")
def solved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the results folder of the mini instance."""
    out = tmp_path_factory.mktemp("results")
    done = hubopt("solve", MINI, "--out", out, "--json")
    assert done.returncode == 0, done.stderr
    return out / "zhengzhou-mini" / "base"


@pytest.fixture
def mini(tmp_path: Path) -> Path:
    """Return a copy of the mini instance that a test may spoil."""
    return Path(shutil.copytree(MINI, tmp_path / "mini"))


def edited(folder: Path, file: str, before: str, after: str) -> None:
    """Replace a text that must be there in a file of an instance."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert before in text, (file, before)
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder with its bytes."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_solve_says_what_it_proved(solved: Path) -> None:
    """The mini instance is proved optimal and verified, and every promised file is there."""
    assert (solved / "plan.json").exists()
    names = set(contents(solved))
    assert {"plan.json", "plan.gpkg", "map.png", "manifest.json", "verification.json"} <= names
    assert "report.html" in names
    assert any(name.startswith("tables") for name in names)
    plan = json.loads((solved / "plan.json").read_text(encoding="utf-8"))
    assert plan["status"] == "optimal"
    assert plan["gap_basis"] == "gap against the bound over all routes"
    assert json.loads((solved / "verification.json").read_text(encoding="utf-8"))["passed"] is True


@pytest.mark.parametrize(("lang", "words"), [("en", "gap 0.00 %"), ("zh", "全部路径")])
def test_solve_in_two_languages(tmp_path: Path, lang: str, words: str) -> None:
    """The terminal speaks the language asked for and says how sure the plan is."""
    done = hubopt("solve", MINI, "--out", tmp_path, "--lang", lang)
    assert done.returncode == 0, done.stderr
    assert words in done.stdout


def test_verify_recomputes(solved: Path) -> None:
    """A written plan holds, check by check."""
    done = hubopt("verify", solved)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "every check holds" in done.stdout


def test_verify_names_what_is_broken(solved: Path, tmp_path: Path) -> None:
    """A changed cost is named, with exit code 1."""
    copy = Path(shutil.copytree(solved, tmp_path / "copy"))
    plan = json.loads((copy / "plan.json").read_text(encoding="utf-8"))
    plan["terms_fen"]["2025"]["handling"] *= 2
    (copy / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
    done = hubopt("verify", copy, "--instance", MINI)
    assert done.returncode == 1
    assert "cost_handling" in done.stdout


def test_verify_says_what_to_do_about_a_lost_file(solved: Path, tmp_path: Path) -> None:
    """A lost map is drawn again by `map`; a changed plan is restored or solved again."""
    copy = Path(shutil.copytree(solved, tmp_path / "copy"))
    (copy / "map.png").unlink()
    done = hubopt("verify", copy, "--instance", MINI)
    assert done.returncode == 1
    assert "run hubopt map" in done.stdout
    assert done.stdout.rstrip().endswith("but files were changed")
    assert hubopt("map", copy, "--instance", MINI).returncode == 0
    assert hubopt("verify", copy, "--instance", MINI).returncode == 0
    plan = (copy / "plan.json").read_text(encoding="utf-8")
    (copy / "plan.json").write_text(plan + "\n", encoding="utf-8")
    assert "solve the instance again" in hubopt("verify", copy, "--instance", MINI).stdout


def test_check_looks_at_the_lines_too(mini: Path) -> None:
    """A spoilt geometry file is found by `check`, not only when solving."""
    edited(mini, "geometry/osm_lines.geojson", '"LineString"', '"Lines"')
    done = hubopt("check", mini)
    assert done.returncode == 2
    assert "osm_lines.geojson" in done.stdout


def test_verify_refuses_what_is_no_plan(tmp_path: Path) -> None:
    """A folder without a plan is wrong input."""
    done = hubopt("verify", tmp_path)
    assert done.returncode == 2
    assert done.stderr.strip()


@pytest.mark.parametrize(
    ("file", "before", "after", "fragment"),
    [
        ("capacities.csv", "60000", "1e15", "capacities.csv"),
        ("links.csv", "18", "nan", "links.csv"),
        ("demand.csv", "PHONE,", "PHNE,", "PHONE"),
        ("places.csv", "34.7478", "-1e3", "places.csv"),
    ],
    ids=["unlimited as 1e15", "nan", "misspelt reference", "latitude"],
)
def test_bad_input_is_refused(
    mini: Path, tmp_path: Path, file: str, before: str, after: str, fragment: str
) -> None:
    """Wrong input ends with code 2, names file and value, and writes nothing."""
    edited(mini, file, before, after)
    done = hubopt("solve", mini, "--out", tmp_path / "out")
    assert done.returncode == 2, done.stdout + done.stderr
    assert fragment in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "words",
    [
        ("solve", MINI, "--gapp", "0.1"),
        ("solve", MINI, "--gap", "nan"),
        ("solve", MINI, "--gap", "1.5"),
        ("solve", MINI, "--routes", "2.5"),
        ("solve", MINI, "--highs", "dual_feasibility_tolerance=1000"),
        ("solve", MINI, "--highs", "mip_max_nodes=5", "--highs", "mip_max_nodes=6"),
        ("solve", MINI, "--time", "-3"),
        ("solve", MINI, "--highs", "presolv=on"),
        ("solve", MINI, "--highs", "presolve"),
        ("sovle", MINI),
        ("solve", "no-such-folder"),
    ],
    ids=lambda words: " ".join(str(word) for word in words[:1] + words[2:]),
)
def test_misspelt_words_are_refused(words: tuple[object, ...], tmp_path: Path) -> None:
    """A misspelt command, option or solver option ends with code 2 and a hint."""
    extra = ("--out", tmp_path / "out") if words[0] == "solve" else ()
    done = hubopt(*words, *extra)
    assert done.returncode == 2, done.stdout + done.stderr
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


def test_no_plan_in_time(tmp_path: Path) -> None:
    """A limit too short for a first plan ends with code 3 and leaves older results alone."""
    out = tmp_path / "out"
    assert hubopt("solve", MINI, "--out", out, "--quiet").returncode == 0
    before = contents(out)
    done = hubopt("solve", MINI, "--out", out, "--time", "0.001")
    assert done.returncode == 3, done.stdout + done.stderr
    assert "--time" in done.stderr
    assert contents(out) == before


def test_infeasible_is_explained(mini: Path, tmp_path: Path) -> None:
    """A train that must run but never gets back ends with code 1 and names the rules."""
    edited(mini, "services.csv", "HAMBURG_R>PUT,cre_set", "HAMBURG_R>PUT,cre_est")
    done = hubopt("solve", mini, "--out", tmp_path / "out")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "CRE_OUT" in done.stderr
    assert "vehicle_balance" in done.stderr
    assert not (tmp_path / "out").exists()


def test_demand_above_all_capacity_is_planned_as_unserved(mini: Path, tmp_path: Path) -> None:
    """Too much demand is no error: it is said up front and stays unserved at its price."""
    edited(mini, "demand.csv", ",FRUIT,2025,3000", ",FRUIT,2025,90000")
    checked = hubopt("check", mini)
    assert checked.returncode == 0, checked.stdout
    assert "cold" in checked.stdout
    done = hubopt("solve", mini, "--out", tmp_path, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["stages"][0]["unserved_t"] > 0


def test_check_new_describe_export_dictionary(tmp_path: Path) -> None:
    """The smaller commands do what they say."""
    assert hubopt("check", MINI).returncode == 0
    assert hubopt("new", tmp_path / "own").returncode == 0
    assert hubopt("check", tmp_path / "own").returncode == 0
    described = hubopt("describe", MINI, "--lang", "zh")
    assert described.returncode == 0
    assert "demand_met" in described.stdout
    file = tmp_path / "model.lp"
    assert hubopt("export", MINI, file).returncode == 0
    assert "demand_met" in file.read_text(encoding="utf-8")
    assert "demand_t_per_year" in hubopt("dictionary").stdout


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="signals are sent in another way there")
def test_interrupt_keeps_the_plan_of_the_reference(tmp_path: Path) -> None:
    """Ctrl-C while the reference is improved: code 130 and a verified plan."""
    words = [sys.executable, "-m", "hubopt", "solve", str(REFERENCE), "--gap", "0"]
    with subprocess.Popen(
        [*words, "--out", str(tmp_path)],
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "200"},
    ) as run:
        assert run.stderr is not None
        for line in run.stderr:
            if "whole model" in line or "improving" in line:
                break
        run.send_signal(signal.SIGINT)
        errors = run.stderr.read()
    assert run.returncode == 130, errors
    assert "Traceback" not in errors
    assert hubopt("verify", tmp_path / "zhengzhou" / "base").returncode == 0
