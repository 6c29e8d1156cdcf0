"""Whoever ends a command early, and however: the right code, the right words, nothing lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

from tests.test_cli import MINI, ROOT, contents, edited, hubopt, mini

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["mini"]

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals are sent in another way there")

DEAF = """
import time
from hubopt.solver import child
class Deaf(child.Solve):
    def __init__(self, messages, stop):
        super().__init__(messages, stop)
        send = messages.send
        messages.send = lambda kind, said, **arrays: send(kind, {**said, "bound": None}, **arrays)
    def finish(self, status):
        time.sleep(600)
child.Solve = Deaf
child.main()
"""
"""A solver that tells of its plans but proves nothing, and then neither ends nor hears."""

DUMB = "import time; time.sleep(600)"
"""A solver that never says a word."""

TAKEN = """
import sys, time
from hubopt.solver.frames import Frame, read_frame, write_frame
task = read_frame(open(0, "rb", buffering=0))
write_frame(sys.stdout.buffer, Frame("started", {"stays": True, "task": 1}))
sys.stdout.buffer.flush()
time.sleep(600)
"""
"""A solver that takes its task and never says a word about it."""

WITH_CHILD = """
import sys
from hubopt.solver import run
run.child_command = lambda memory_mb: [sys.executable, {file!r}, str(memory_mb)]
from hubopt.cli import main
main()
"""
MASKED = """
import os, signal, sys, time
from hubopt.publish import results
whole = results.write_files
def masked(folder, edition):
    if edition.essentials:
        return whole(folder, edition)
    try:
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(60)
    except KeyboardInterrupt:
        raise ValueError("Invalid bounding box") from None
results.write_files = masked
from hubopt.cli import main
main()
"""
"""A signal comes inside a library in C, which raises an error of its own instead."""

PATIENCE_S = 60.0


@pytest.fixture
def started(tmp_path: Path) -> Iterator[object]:
    """Return a function that starts `hubopt` with another solver; what is left over is killed."""
    runs: list[subprocess.Popen[str]] = []

    def start(child: str, *words: object) -> subprocess.Popen[str]:
        file = tmp_path / "child.py"
        file.write_text(child, encoding="utf-8")
        code = WITH_CHILD.format(file=str(file))
        run = subprocess.Popen(
            [sys.executable, "-c", code, *map(str, words)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            cwd=ROOT,
        )
        runs.append(run)
        return run

    yield start
    for run in runs:
        if run.poll() is None:
            run.kill()
        run.communicate()


def solver_of(run: subprocess.Popen[str], settled_s: float = 4.0) -> psutil.Process:
    """Return the solver's process once it has run for a while."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        for child in psutil.Process(run.pid).children(recursive=True):
            if "child.py" in " ".join(child.cmdline()):
                time.sleep(settled_s)
                return child
        time.sleep(0.05)
    pytest.fail("the solver did not start")


def ended(run: subprocess.Popen[str]) -> tuple[int, str]:
    """Return exit code and standard error of a run, which must come to an end by itself."""
    _, errors = run.communicate(timeout=PATIENCE_S)
    assert "Traceback" not in errors
    return run.returncode, errors


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_keeps_the_best_plan(started, tmp_path: Path, number: signal.Signals) -> None:  # noqa: ANN001
    """Ctrl-C or SIGTERM while solving: code 130, the plan verified and kept, drawn later."""
    out = tmp_path / "out"
    run = started(DEAF, "solve", MINI, "-o", out)
    child = solver_of(run)
    run.send_signal(number)
    code, errors = ended(run)
    assert code == 130
    assert "hubopt map" in errors
    assert not psutil.pid_exists(child.pid)
    folder = out / "zhengzhou-mini" / "base"
    assert json.loads((folder / "plan.json").read_text(encoding="utf-8"))["status"] == "interrupted"
    assert hubopt("verify", folder).returncode == 0
    assert hubopt("map", folder, "--lang", "zh").returncode == 0
    assert {"map.png", "plan.gpkg", "tables/flows.csv"} <= set(contents(folder))
    assert hubopt("verify", folder).returncode == 0


@pytest.mark.parametrize("command", ["solve", "map"])
def test_a_signal_that_a_library_hides_is_heard(command: str, tmp_path: Path) -> None:
    """An error in the place of KeyboardInterrupt is no fault of hubopt: stopped, the plan kept."""
    out = tmp_path / "out"
    folder = out / "zhengzhou-mini" / "base"
    words = ["solve", MINI, "-o", out, "--gap", "0.1"]
    if command == "map":
        assert hubopt(*words).returncode == 0
        before = contents(folder)
        words = ["map", folder]
    run = subprocess.run(
        [sys.executable, "-c", MASKED, *map(str, words)],
        capture_output=True, text=True, encoding="utf-8", check=False, cwd=ROOT, timeout=PATIENCE_S,
    )  # fmt: skip
    assert run.returncode == 130, run.stderr
    assert "fault" not in run.stderr
    assert not list(out.rglob(".rescued*"))
    if command == "map":
        assert "nothing was written" in run.stderr
        assert contents(folder) == before
    else:
        assert hubopt("verify", folder).returncode == 0


def test_a_signal_before_a_plan_leaves_older_results(started, tmp_path: Path) -> None:  # noqa: ANN001
    """Ctrl-C before a first plan: code 130, it is said that nothing was written, and so it is."""
    out = tmp_path / "out"
    assert hubopt("solve", MINI, "-o", out, "--quiet").returncode == 0
    before = contents(out)
    run = started(DUMB, "solve", MINI, "-o", out)
    solver_of(run)
    run.send_signal(signal.SIGINT)
    code, errors = ended(run)
    assert code == 130
    assert "nothing was written" in errors
    assert contents(out) == before


def test_a_killed_solver_with_a_plan_keeps_it(started, tmp_path: Path) -> None:  # noqa: ANN001
    """`kill -9` of the solver after a plan: the plan is verified and kept, with a warning."""
    run = started(DEAF, "solve", MINI, "-o", tmp_path / "out")
    solver_of(run).kill()
    code, errors = ended(run)
    assert code == 0
    assert "SIGKILL" in errors
    plan = tmp_path / "out" / "zhengzhou-mini" / "base" / "plan.json"
    assert json.loads(plan.read_text(encoding="utf-8"))["status"] in {"feasible", "optimal"}


def test_a_killed_solver_without_a_plan_is_a_failure(started, tmp_path: Path) -> None:  # noqa: ANN001
    """`kill -9` of the solver before a plan: code 70, a sentence, and nothing is written."""
    run = started(TAKEN, "solve", MINI, "-o", tmp_path / "out")
    solver_of(run).kill()
    code, errors = ended(run)
    assert code == 70
    assert "SIGKILL" in errors
    assert not list((tmp_path / "out").rglob("plan.json"))


def test_a_time_limit_before_a_plan(started, tmp_path: Path) -> None:  # noqa: ANN001
    """A solver that says nothing until the time is over: code 3, and no process is left."""
    run = started(DUMB, "solve", MINI, "-o", tmp_path / "out", "--time", 4)
    child = solver_of(run, settled_s=0.0)
    code, errors = ended(run)
    assert code == 3
    assert "--time" in errors
    assert not psutil.pid_exists(child.pid)


def test_a_signal_ends_an_explanation(started, mini: Path, tmp_path: Path) -> None:  # noqa: ANN001
    """Ctrl-C while the rules that clash are looked for ends the command, with nothing written."""
    edited(mini, "services.csv", "HAMBURG_R>PUT,cre_set", "HAMBURG_R>PUT,cre_est")
    infeasible_then_dumb = """
import sys, time
from hubopt.solver.frames import Frame, read_frame, write_frame
from pathlib import Path
mark = Path(__file__).with_suffix(".mark")
if mark.exists():
    time.sleep(600)
mark.touch()
read_frame(open(0, "rb", buffering=0))
write_frame(sys.stdout.buffer, Frame("end", {"status": "kInfeasible", "task": 1}))
"""
    run = started(infeasible_then_dumb, "solve", mini, "-o", tmp_path / "out")
    time.sleep(6.0)
    run.send_signal(signal.SIGINT)
    code, _ = ended(run)
    assert code == 130
    assert not list((tmp_path / "out").rglob("plan.json"))


def test_a_closed_pipe_changes_nothing(tmp_path: Path) -> None:
    """Piped into a command that stops reading, a solve still ends well and its result is whole."""
    words = [sys.executable, "-m", "hubopt", "solve", str(MINI), "-o", str(tmp_path), "--quiet"]
    with subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT
    ) as run:
        assert run.stdout is not None
        run.stdout.close()
        assert run.stderr is not None
        errors = run.stderr.read()
        assert run.wait(timeout=PATIENCE_S) == 0, errors
    assert "Traceback" not in errors
    assert "Exception" not in errors
    assert hubopt("verify", tmp_path / "zhengzhou-mini" / "base").returncode == 0


def test_a_broken_standard_error_changes_nothing(tmp_path: Path) -> None:
    """Progress that nobody can read does not cost the plan."""
    words = [sys.executable, "-m", "hubopt", "solve", str(MINI), "-o", str(tmp_path)]
    with subprocess.Popen(
        words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=ROOT
    ) as run:
        assert run.stderr is not None
        run.stderr.close()
        assert run.wait(timeout=PATIENCE_S) == 0
    assert hubopt("verify", tmp_path / "zhengzhou-mini" / "base").returncode == 0


def test_a_poor_encoding_changes_nothing() -> None:
    """A terminal that knows only ASCII gets question marks, not a failure."""
    done = hubopt("check", MINI, "--lang", "zh", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert done.returncode == 0, done.stderr


def test_an_unknown_language_is_refused() -> None:
    """A language that hubopt does not speak is wrong input."""
    done = hubopt("check", MINI, "--lang", "fr")
    assert done.returncode == 2
    assert "en or zh" in done.stderr


def test_a_failure_with_json_is_json(tmp_path: Path) -> None:
    """With --json a failed command says so on standard output too."""
    done = hubopt("verify", tmp_path, "--json")
    assert done.returncode == 2
    assert json.loads(done.stdout)["exit_code"] == 2
