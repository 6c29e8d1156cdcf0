"""The parent keeps its word whatever the child does: answers, limits, stops, crashes, nonsense."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from hubopt.solver import platform
from hubopt.solver import run as run_module
from hubopt.solver.form import Progress, SolveOptions, SolverStatus
from hubopt.solver.run import run
from tests.children import children
from tests.small_forms import endless, infeasible, knapsack, unbounded

if TYPE_CHECKING:
    from pathlib import Path

HANG_S = 60.0
"""No test may take this long; a hang is a failure."""

HELPERS = """
import os, sys, time
import numpy as np
from hubopt.solver.frames import Frame, write_frame
out = sys.stdout.buffer
def say(kind, values=None, **fields):
    arrays = {} if values is None else {"values": np.array(values)}
    write_frame(out, Frame(kind, {"task": 1, **fields}, arrays))
def plan(*values):
    say("incumbent", values, bound=-99.0)
def end(status, *values):
    say("end", values, status=status)
"""

FAKES = {
    "says nothing and ends": "pass",
    "exits with an error": "sys.exit(7)",
    "dies of a fault": "os.abort()",
    "prints garbage": "out.write(b'Running HiGHS 1.16.0' * 1000); out.flush()",
    "ends inside a frame": "out.write(b'HUBOPT1' + bytes([10, 255])); out.flush()",
    "claims a huge frame": "out.write(b'HUBOPT1' + bytes([10] + [255] * 12)); out.flush()",
    "wrong length": "end('kOptimal', 1.0, 0.0)",
    "NaN": "end('kOptimal', 1.0, float('nan'), 0.0)",
    "optimal but infeasible": "end('kOptimal', 1.0, 1.0, 1.0)",
    "optimal but not whole": "end('kOptimal', 0.5, 0.0, 0.0)",
    "trouble with a point": "end('kSolveError', 1.0, 0.0, 1.0)",
    "an unknown status": "end('kMarvellous', 1.0, 0.0, 1.0)",
    "an error of its own": "say('error', reason='no licence')",
    "a bound above its plan": "say('end', [1.0, 0.0, 0.0], status='kOptimal', bound=-3.0)",
}


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):  # noqa: ANN201
    """Return a function that puts a script in the place of the child."""

    def use(script: str) -> None:
        file = tmp_path / "fake_child.py"
        file.write_text(HELPERS + script, encoding="utf-8")
        monkeypatch.setattr(run_module, "child_command", lambda _: [sys.executable, str(file)])

    return use


def after(condition, stop: threading.Event) -> threading.Thread:  # noqa: ANN001
    """Return a started thread that sets `stop` once `condition` holds."""

    def wait() -> None:
        until = time.monotonic() + HANG_S
        while not condition() and time.monotonic() < until:
            time.sleep(0.02)
        stop.set()

    thread = threading.Thread(target=wait)
    thread.start()
    return thread


def test_knapsack_is_solved() -> None:
    """A small model comes back optimal, with objective, bound and values that agree."""
    answer = run(knapsack(), SolveOptions(gap=0.0))
    assert answer.status is SolverStatus.OPTIMAL
    assert answer.values is not None
    assert answer.values.tolist() == [1.0, 0.0, 1.0]
    assert answer.objective == answer.bound == -10.0
    assert children() == []


def test_an_lp_has_duals_and_a_proved_bound() -> None:
    """Without whole columns the bound comes from the row multipliers and meets the objective."""
    answer = run(replace(knapsack(), integer=np.zeros(3, dtype=bool)), SolveOptions())
    assert answer.status is SolverStatus.OPTIMAL
    assert answer.row_duals is not None
    assert answer.bound == pytest.approx(answer.objective)


def test_infeasible_has_no_values() -> None:
    """An infeasible model is called so, without values."""
    answer = run(infeasible(), SolveOptions())
    assert (answer.status, answer.values) == (SolverStatus.INFEASIBLE, None)


def test_unbounded_has_no_values() -> None:
    """An unbounded model is called so, without values."""
    answer = run(unbounded(), SolveOptions())
    assert (answer.status, answer.values) == (SolverStatus.UNBOUNDED, None)


def test_time_limit_keeps_the_best_plan() -> None:
    """At the limit the best plan so far comes back, with a bound below it."""
    answer = run(endless(), SolveOptions(gap=0.0, time_s=3.0))
    assert answer.status is SolverStatus.LIMIT_WITH_VALUES
    assert answer.objective is not None
    assert answer.bound is not None
    assert answer.bound <= answer.objective


def test_time_limit_before_a_plan_has_no_values() -> None:
    """A limit too short for anything says so, without values."""
    answer = run(endless(), SolveOptions(time_s=0.001))
    assert answer.status is SolverStatus.LIMIT_WITHOUT_VALUES
    assert answer.values is None


def test_stop_keeps_the_best_plan() -> None:
    """Told to stop after its first plans, the child ends and the best plan is kept."""
    stop, seen = threading.Event(), []

    def watch(progress: Progress) -> None:
        seen.append(progress.best)

    waiting = after(lambda: any(best is not None for best in seen), stop)
    answer = run(endless(), SolveOptions(gap=0.0, time_s=HANG_S), on_progress=watch, stop=stop)
    waiting.join()
    assert answer.status is SolverStatus.INTERRUPTED_WITH_VALUES
    assert answer.objective == min(best for best in seen if best is not None)


def test_stop_before_anything_has_no_values() -> None:
    """Stopped before it began, a solve comes back without values."""
    stop = threading.Event()
    stop.set()
    answer = run(endless(), SolveOptions(), stop=stop)
    assert answer.status in {
        SolverStatus.INTERRUPTED_WITHOUT_VALUES,
        SolverStatus.INTERRUPTED_WITH_VALUES,
    }


def test_a_child_that_ignores_the_stop_is_killed(fake) -> None:  # noqa: ANN001
    """A child deaf to the stop is killed, and its last plan is kept."""
    fake("plan(1.0, 0.0, 0.0); plan(1.0, 0.0, 1.0); time.sleep(600)")
    stop, seen = threading.Event(), []
    waiting = after(lambda: -10.0 in seen, stop)
    answer = run(knapsack(), SolveOptions(), stop=stop, on_progress=lambda p: seen.append(p.best))
    waiting.join()
    assert answer.status is SolverStatus.INTERRUPTED_WITH_VALUES
    assert answer.objective == -10.0
    assert answer.seconds < HANG_S
    assert children() == []


def test_a_child_that_hangs_is_killed_at_the_limit(fake) -> None:  # noqa: ANN001
    """A child that never speaks is ended by the parent's own clock."""
    fake("time.sleep(600)")
    answer = run(knapsack(), SolveOptions(time_s=0.5))
    assert answer.status is SolverStatus.LIMIT_WITHOUT_VALUES
    assert answer.seconds < HANG_S
    assert children() == []


@pytest.mark.parametrize("name", FAKES)
def test_a_misbehaving_child_is_a_failure(name: str, fake) -> None:  # noqa: ANN001
    """Whatever a child does wrong, the answer is a failure with a reason and without values."""
    fake(FAKES[name])
    answer = run(knapsack(), SolveOptions())
    assert answer.status is SolverStatus.FAILED
    assert answer.values is None
    assert answer.objective is None
    assert answer.reason
    assert children() == []


def test_a_plan_in_hand_outlives_its_child(fake) -> None:  # noqa: ANN001
    """A checked plan is kept when the child dies, never as optimal, and the reason says why."""
    fake("plan(1.0, 0.0, 1.0); os.abort()")
    answer = run(knapsack(), SolveOptions())
    assert answer.status is SolverStatus.LIMIT_WITH_VALUES
    assert answer.objective == -10.0
    assert "SIGABRT" in answer.reason or os.name != "posix"


def test_a_crash_is_tried_once_more(fake, tmp_path: Path) -> None:  # noqa: ANN001
    """A child that crashes the first time gets a second chance, and its answer counts."""
    mark = tmp_path / "mark"
    fake(
        f"mark = {str(mark)!r}\n"
        "if not os.path.exists(mark):\n    open(mark, 'w').close(); os.abort()\n"
        "end('kOptimal', 1.0, 0.0, 1.0)"
    )
    answer = run(knapsack(), SolveOptions())
    assert answer.status is SolverStatus.OPTIMAL


def test_a_false_plan_on_the_way_is_not_kept(fake) -> None:  # noqa: ANN001
    """An incumbent that breaks a row is left out; the sound one before it stays."""
    fake("plan(1.0, 0.0, 0.0); plan(1.0, 1.0, 1.0); end('kTimeLimit', 1.0, 1.0, 1.0)")
    answer = run(knapsack(), SolveOptions())
    assert answer.status is SolverStatus.LIMIT_WITH_VALUES
    assert answer.objective == -6.0


def test_infeasible_with_a_plan_in_hand_is_a_failure(fake) -> None:  # noqa: ANN001
    """A verdict of infeasible against a checked plan is not believed."""
    fake("say('end', status='kInfeasible')")
    answer = run(knapsack(), SolveOptions(), start=np.array([1.0, 0.0, 0.0]))
    assert answer.status is SolverStatus.FAILED


def test_floods_on_standard_error_do_no_harm(fake) -> None:  # noqa: ANN001
    """Megabytes of chatter neither block the child nor reach the answer."""
    fake("sys.stderr.write('x' * 5_000_000); end('kOptimal', 1.0, 0.0, 1.0)")
    assert run(knapsack(), SolveOptions()).status is SolverStatus.OPTIMAL


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_kill_from_outside_keeps_the_plan_with_a_reason() -> None:
    """Kill -9 of the child is reported as such, at once and not tried again; its plan is kept."""
    killed = threading.Event()

    def kill_when_seen(progress: Progress) -> None:
        if progress.best is not None and not killed.is_set():
            killed.set()
            children()[0].send_signal(signal.SIGKILL)

    answer = run(endless(), SolveOptions(gap=0.0, time_s=HANG_S), on_progress=kill_when_seen)
    assert answer.status is SolverStatus.LIMIT_WITH_VALUES
    assert answer.values is not None
    assert "SIGKILL" in answer.reason
    assert answer.seconds < HANG_S


def test_memory_limit_ends_the_solve(monkeypatch: pytest.MonkeyPatch) -> None:
    """A child above its memory is ended; without a plan that is a failure that says why."""
    monkeypatch.setattr(platform, "memory_mb", lambda _: 1e9)
    answer = run(endless(), SolveOptions(memory_mb=500))
    assert answer.status in {SolverStatus.FAILED, SolverStatus.LIMIT_WITH_VALUES}
    assert "memory limit of 500 MB" in answer.reason


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux enforces it")
def test_memory_limit_is_set_in_the_child() -> None:
    """On Linux the system itself refuses memory above the limit, before the parent looks."""
    answer = run(knapsack(), SolveOptions(memory_mb=20))
    assert answer.status is SolverStatus.FAILED


@pytest.mark.skipif(os.name != "posix", reason="process groups of POSIX")
def test_child_stands_in_its_own_group() -> None:
    """The child leads a process group of its own, so that a terminal's Ctrl-C passes it by."""
    groups = []

    def note(progress: Progress) -> None:
        if progress.best is not None and not groups:
            groups.extend(os.getpgid(child.pid) for child in children())

    run(endless(), SolveOptions(gap=0.0, time_s=2.0), on_progress=note)
    assert groups
    assert os.getpgid(0) not in groups


def test_the_start_is_kept_if_nothing_better_comes(fake) -> None:  # noqa: ANN001
    """A start that meets the form is a plan from the first moment."""
    fake("end('kTimeLimit')")
    answer = run(knapsack(), SolveOptions(), start=np.array([0.0, 1.0, 0.0]))
    assert answer.status is SolverStatus.LIMIT_WITH_VALUES
    assert answer.objective == -5.0


def test_same_input_same_answer() -> None:
    """Two solves of one model give the same values to the last bit."""
    one, two = (run(endless(40), SolveOptions(gap=0.0)) for _ in range(2))
    assert one.values is not None
    assert two.values is not None
    assert one.values.tobytes() == two.values.tobytes()


def test_an_error_of_the_listener_leaves_no_child_behind() -> None:
    """If whoever listens raises, the error passes on and the child is gone."""

    def broken(_: Progress) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run(endless(), SolveOptions(), on_progress=broken)
    assert children() == []


def test_an_empty_part_of_the_path_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """It means where one stands, without which Python does not start once that is removed."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(["elsewhere", ""]))
    parts = platform.environment()["PYTHONPATH"].split(os.pathsep)
    assert parts[1:] == ["elsewhere"]
    assert all(parts)
