"""`hubopt solve` of several scenarios: side by side, kept where they are there, stopped whole."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import pytest

from hubopt.cli import side_by_side
from hubopt.cli.entry import run
from hubopt.cli.side_by_side import SideBySide
from hubopt.cli.side_child import Ended, with_a_plan, without_a_plan
from hubopt.errors import (
    HuboptError,
    InfeasibleError,
    InterruptedSolve,
    NoPlanError,
)
from hubopt.publish import manifest, warm_files
from hubopt.publish.load import load_result
from hubopt.solve.warm import WarmStart
from hubopt.solver import platform
from hubopt.text import Text
from tests.overlays import scenario
from tests.test_interrupts import DEAF

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


LINKS = '[[multiply]]\ntable = "links"\nby = { time_h = 1.01 }\n'
NEVER = """
title_en = "[red]never[/]"
[[multiply]]
table = "modules"
by = { build_cost_cny = 1000 }
[[add]]
table = "limits"
rows = [{ kind = "sites_at_least", stage = 2025, function = "consolidation", value = 2 }]
"""
TIMINGS = {"manifest.json", "convergence.png", "tables/convergence.csv"}
PATIENCE_S = 90.0

FAKE_SOLVER = """
import sys
from hubopt.solver import run
run.child_command = lambda memory_mb: [sys.executable, {file!r}, str(memory_mb)]
"""
"""Python loads this in every process, so that scenarios are solved by another solver."""


@pytest.fixture(autouse=True)
def in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start each test in English, and leave the language to others as it was."""
    monkeypatch.setenv("HUBOPT_LANG", "en")


def folder_with(root: Path, **scenarios: str) -> Path:
    """Return the tiny instance with scenarios."""
    for name, text in scenarios.items():
        scenario(root / "tiny", text, name)
    return root / "tiny"


def files(folder: Path) -> dict[str, bytes]:
    """Return the files of a result but for those that hold seconds."""
    found = {p.relative_to(folder).as_posix(): p for p in folder.rglob("*") if p.is_file()}
    return {name: path.read_bytes() for name, path in found.items() if name not in TIMINGS}


def told(text: str) -> list[dict[str, Any]]:
    """Return the events in what was printed on standard error."""
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


def test_scenarios_are_solved_as_one_alone_would_be(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same bytes as alone; the one without a plan is told, and the list is in order.

    Events carry the scenario's name. Again, what has a plan is kept, and nothing is written.
    """
    folder, out = folder_with(tmp_path, good=LINKS, never=NEVER), tmp_path / "out"
    names = ["--scenario", "never", "--scenario", "good"]
    words = ["solve", str(folder), *names, "--jobs", "2", "-o", str(out), "--json"]
    assert run(words) == 1
    printed = capsys.readouterr()
    rows = json.loads(printed.out)
    assert [(row["scenario"], row["status"]) for row in rows] == [
        ("never", "infeasible"),
        ("good", "optimal"),
    ]
    assert (rows[0]["exit_code"], rows[1]["kept"]) == (1, False)
    events = told(printed.err)
    assert {e.get("scenario") for e in events} == {None, "good", "never"}
    assert {e["scenario"] for e in events if e["phase"] == "MIP"} == {"good", "never"}
    ended = {e["scenario"]: e["status"] for e in events if e["phase"] == "ended"}
    assert ended == {"good": "optimal", "never": "infeasible"}
    assert run(["solve", str(folder), "--scenario", "good", "-o", str(tmp_path / "one")]) == 0
    results = out / "tiny"
    alone = tmp_path / "one" / "tiny" / "good"
    assert files(results / "good") == files(alone)
    options = [json.loads((one / "manifest.json").read_text(encoding="utf-8"))["options"]
               for one in (results / "good", alone)]  # fmt: skip
    assert options[0] == options[1]
    capsys.readouterr()
    before = {path: path.stat().st_mtime_ns for path in results.rglob("*") if path.is_file()}
    assert run([*words[:-1], "--lang", "zh"]) == 1
    printed = capsys.readouterr()
    assert "good：保留（差距已达要求）" in printed.err
    assert "[red]never[/]" in printed.out  # a title is no markup
    assert {path: path.stat().st_mtime_ns for path in before} == before


def near_of(folder: Path) -> str | None:
    """Return the digest of the plan that a result says it is near to."""
    record = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    found: str | None = record["options"]["near"]
    return found


def test_scenarios_start_from_the_base_and_stay_near(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The base comes first; a result near to another base is found again, one near to it stays."""
    folder, out = folder_with(tmp_path, good=LINKS, never=NEVER), tmp_path / "out"
    words = ["solve", str(folder), "--all", "-o", str(out), "--json"]
    assert run(words) == 1
    begun = [e["scenario"] for e in told(capsys.readouterr().err) if e["phase"] == "beginning"]
    assert begun[0] == "base"
    base, good = out / "tiny" / "base", out / "tiny" / "good"
    digest = hashlib.sha256((base / "plan.json").read_bytes()).hexdigest()
    assert (near_of(base), near_of(good)) == (None, digest)
    before = good.stat().st_mtime_ns
    assert run(words) == 1
    assert good.stat().st_mtime_ns == before
    assert run(["solve", str(folder), "--scenario", "good", "-o", str(out), "--quiet"]) == 0
    assert near_of(good) is None
    assert run(words) == 1
    assert near_of(good) == digest


@pytest.mark.parametrize(("engine", "starts"), [("star", False), ("monolithic", True)])
def test_a_base_solved_in_a_special_way_is_no_start(
    engine: str,
    starts: bool,  # noqa: FBT001
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Such ways take no start, and the scenarios are to be solved in them too."""
    folder, out = folder_with(tmp_path, good=LINKS), tmp_path / "out"
    assert run(["solve", str(folder), "-o", str(out), "--quiet"]) == 0
    base = out / "tiny" / "base"
    plan, _ = load_result(base, folder)
    monkeypatch.setattr(manifest, "read_manifest", lambda _: {"engine": engine, "outputs": {}})
    monkeypatch.setattr(warm_files, "read_warm", lambda _: WarmStart(plan))
    side = SideBySide(None, None, None, None)  # type: ignore[arg-type]  (it asks none of them)
    assert (side.start_from(with_a_plan(plan, base, {})) is not None) is starts
    assert side.start_from(with_a_plan(plan, base, {}, code=130)) is None
    assert side.start_from(no_plan("base", NoPlanError)) is None


@pytest.fixture
def deaf(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Return a function that starts `hubopt` with solvers that find plans and prove nothing."""
    fake = tmp_path / "fake"
    fake.mkdir()
    (fake / "child.py").write_text(DEAF, encoding="utf-8")
    text = FAKE_SOLVER.format(file=str(fake / "child.py"))
    (fake / "sitecustomize.py").write_text(text, encoding="utf-8")
    runs: list[subprocess.Popen[str]] = []

    def start(events: Path, *words: object) -> subprocess.Popen[str]:
        env = dict(platform.environment())
        env["PYTHONPATH"] = os.pathsep.join((str(fake), env["PYTHONPATH"]))
        with events.open("w", encoding="utf-8") as errors:
            runs.append(
                subprocess.Popen(
                    [sys.executable, "-m", "hubopt", *map(str, words), "--json"],
                    stdout=subprocess.PIPE, stderr=errors, text=True, encoding="utf-8", env=env,
                )
            )  # fmt: skip
        return runs[-1]

    yield start
    for one in runs:
        if one.poll() is None:
            one.kill()
        one.communicate()


def wait_for_plans(events: Path, *names: str) -> None:
    """Wait until each of these scenarios has a plan that a stop keeps."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        lines = events.read_text(encoding="utf-8").splitlines(keepends=True)
        said = told("".join(line for line in lines if line.endswith("\n")))
        if {*names} <= {e.get("scenario") for e in said if e["best_mcny"] is not None}:
            return
        time.sleep(0.1)
    pytest.fail(f"no plans of {names}")


def workers(parent: subprocess.Popen[str]) -> list[psutil.Process]:
    """Return the processes of scenarios under way, the oldest first."""
    found = psutil.Process(parent.pid).children()
    ours = [one for one in found if "hubopt.study.worker" in " ".join(one.cmdline())]
    return sorted(ours, key=lambda one: one.create_time())


@pytest.mark.skipif(os.name == "nt", reason="signals are sent in another way there")
def test_a_stop_keeps_the_best_plan_of_each(
    deaf: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    """One that is killed is told, and the next begins; Ctrl-C keeps the plans of the others.

    What never began is said; the code is 130, and no process is left.
    """
    folder, events = folder_with(tmp_path, a=LINKS, b=LINKS, c=LINKS), tmp_path / "events"
    parent = deaf(events, "solve", folder, "--all", "--jobs", 2, "-o", tmp_path / "out")
    wait_for_plans(events, "base")  # alone: the others are to start from it
    (first,) = workers(parent)
    first.kill()
    wait_for_plans(events, "a", "b")
    left = workers(parent)
    parent.send_signal(signal.SIGINT)
    out, _ = parent.communicate(timeout=PATIENCE_S)
    err = events.read_text(encoding="utf-8")
    assert parent.returncode == 130
    assert "Traceback" not in err
    rows = {row["scenario"]: row for row in json.loads(out)}
    assert [(name, row["status"]) for name, row in rows.items()] == [
        ("base", "failed"), ("a", "interrupted"), ("b", "interrupted"), ("c", "interrupted"),
    ]  # fmt: skip
    assert "SIGKILL" in rows["base"]["message"]
    assert "the same command goes on" in rows["c"]["message"]
    for name in ("a", "b"):
        plan = tmp_path / "out" / "tiny" / name / "plan.json"
        assert json.loads(plan.read_text(encoding="utf-8"))["status"] == "interrupted"
    assert f"hubopt map {tmp_path / 'out' / 'tiny' / 'a'}" in err
    assert not (tmp_path / "out" / "tiny" / "c").exists()
    assert len(left) == 2
    assert psutil.wait_procs(left, timeout=5.0)[1] == []


class Ending:
    """A crew that solves nothing: each scenario ends as it is told, in order."""

    ends: dict[str, object]
    given: dict[str, Any]

    def __init__(
        self,
        _work: object,
        foreman: SideBySide,
        *,
        jobs: int,
        stop: threading.Event,
        grace_s: float,
    ) -> None:
        self.foreman, self.jobs, self.stop, self.grace_s = foreman, jobs, stop, grace_s

    def do(self, tasks: Sequence[str]) -> None:
        """End all."""
        type(self).given = {"tasks": list(tasks), "jobs": self.jobs}
        for name in tasks:
            end = self.ends.get(name)
            if end is KeyboardInterrupt:
                self.foreman.handed(name)
                raise KeyboardInterrupt
            if end is None:
                self.stop.set()
                return
            task, _ = self.foreman.handed(name)
            type(self).given["memory_mb"] = task.question.memory_mb
            if not isinstance(end, int):
                self.foreman.hears(name, end)
            self.foreman.ends(name, end if isinstance(end, int) else 0)


@pytest.fixture
def ending(monkeypatch: pytest.MonkeyPatch) -> type[Ending]:
    """Let scenarios end as a test says."""
    fresh = type("Ending", (Ending,), {"ends": {}})
    monkeypatch.setattr(side_by_side, "Crew", fresh)
    return fresh


def no_plan(name: str, kind: type[HuboptError]) -> Ended:
    """Return how a scenario ends that has no plan."""
    return without_a_plan(name, kind, Text("so it is", "如此"))


def test_the_first_code_that_is_not_0_is_that_of_the_command(
    tmp_path: Path, ending: type[Ending], capsys: pytest.CaptureFixture[str]
) -> None:
    """Each end is in the list, in the order of the command line, also of processes that died."""
    folder = folder_with(tmp_path, a=LINKS, b=LINKS, c=LINKS, d=LINKS)
    ending.ends = {
        "d": no_plan("d", NoPlanError),
        "a": -9,
        "base": no_plan("base", InfeasibleError),
        "c": OSError(11, "Resource temporarily unavailable"),
    }
    names = [word for name in ("d", "a", "base", "c") for word in ("--scenario", name)]
    words = ["solve", str(folder), *names, "-o", str(tmp_path / "out"), "--json"]
    assert run(words) == 3
    printed = capsys.readouterr()
    found = json.loads(printed.out)
    assert [(one["scenario"], one["status"], one["exit_code"]) for one in found] == [
        ("d", "no_plan", 3),
        ("a", "failed", 70),
        ("base", "infeasible", 1),
        ("c", "failed", 70),
    ]
    assert "SIGKILL" in found[1]["message"]
    assert "--jobs" in found[1]["message"]
    assert "Resource temporarily unavailable" in found[3]["message"]
    assert "d: so it is" in printed.err


@pytest.mark.parametrize("end", [None, KeyboardInterrupt])
def test_a_stop_says_what_is_left(
    end: object, tmp_path: Path, ending: type[Ending], capsys: pytest.CaptureFixture[str]
) -> None:
    """Stopped once or twice: 130, and every scenario is in the table, begun or not."""
    folder = folder_with(tmp_path, a=LINKS, b=LINKS)
    ending.ends = {"base": no_plan("base", InterruptedSolve), "a": end}
    words = ["solve", str(folder), "--all", "-o", str(tmp_path / "out")]
    assert run(words) == 130
    printed = capsys.readouterr()
    lines = [line for line in printed.out.splitlines() if line.startswith(("base", "a ", "b "))]
    assert [line.split()[0] for line in lines] == ["base", "a", "b"]
    assert all("stopped" in line for line in lines)
    assert "the same command goes on with what is left" in printed.out
    assert "(1 of 3)" in printed.err
    assert run([*words, "--quiet"]) == 130
    assert "base: begins" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "cores", "free_mb", "jobs", "memory_mb"),
    [
        ((), 8, 100_000.0, 3, 12_000),
        ((), 2, 100_000.0, 2, 12_000),
        ((), 8, 7_000.0, 2, 3_150),
        ((), 8, 100.0, 1, 12_000),
        (("--jobs", "2"), 1, 6_000.0, 2, 2_700),
        (("--jobs", "2", "--memory-mb", "500"), 1, 6_000.0, 2, 500),
        (("--jobs", "9"), 1, 3.0, 3, 1),
    ],
)
def test_jobs_and_memory_are_shared_out(
    words: tuple[str, ...], cores: int, free_mb: float, jobs: int, memory_mb: int,
    tmp_path: Path, ending: type[Ending], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """As many as cores and memory allow, or as asked; together the solvers take what is free."""
    monkeypatch.setattr(side_by_side, "cores", lambda: cores)
    monkeypatch.setattr(side_by_side, "free_memory_mb", lambda: free_mb)
    folder = folder_with(tmp_path, a=LINKS, b=LINKS, c=LINKS)
    ending.ends = {name: no_plan(name, NoPlanError) for name in ("base", "a", "b", "c")}
    assert run(["solve", str(folder), "--all", *words, "-o", str(tmp_path / "out")]) == 3
    assert ending.given == {"tasks": ["a", "b", "c"], "jobs": jobs, "memory_mb": memory_mb}


def test_nothing_begins_while_anything_is_wrong(
    tmp_path: Path, ending: type[Ending], capsys: pytest.CaptureFixture[str]
) -> None:
    """A faulty scenario, folder, start or option is told before the first process, with code 2."""
    folder = folder_with(tmp_path, a=LINKS, b=LINKS.replace("1.01", "-1"))
    out = tmp_path / "out"
    assert run(["solve", str(folder), "--all", "-o", str(out)]) == 2
    assert "scenarios/b.toml" in capsys.readouterr().err
    folder_with(tmp_path, b=LINKS)
    for words in (["--jobs", "0"], ["--warm", str(tmp_path)], ["--rules", str(tmp_path / "no.py")]):
        assert run(["solve", str(folder), "--all", "-o", str(out), *words]) == 2
    (out / "tiny" / "b").mkdir(parents=True)
    (out / "tiny" / "b" / "notes.txt").write_text("mine", encoding="utf-8")
    assert run(["solve", str(folder), "--all", "-o", str(out)]) == 2
    assert "notes.txt" in capsys.readouterr().err
    assert not hasattr(ending, "given")
