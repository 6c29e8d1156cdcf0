"""A child that serves one solve after another: as safe and as blind to the past as a new one."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from hubopt.solver import pool, talk
from hubopt.solver import run as run_module
from hubopt.solver.child import Orders
from hubopt.solver.form import SolveOptions, SolverAnswer, SolverStatus
from hubopt.solver.frames import Frame
from hubopt.solver.run import child_command, run, warm_up
from tests.children import children, idle_commands
from tests.small_forms import endless, infeasible, knapsack
from tests.waiting_solvers import SOON_S, gone, nobody_waits, solved, waiting

__all__ = ["nobody_waits"]

pytestmark = pytest.mark.usefixtures("nobody_waits")

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Fake = Callable[[str], None]

BEST = -10.0
POSIX = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")

HELPERS = """
import os, sys, time
import numpy as np
from hubopt.solver.frames import Frame, read_frame, write_frame
out, pipe = sys.stdout.buffer, open(0, "rb", buffering=0)
def say(kind, task, values=None, **fields):
    arrays = {} if values is None else {"values": np.array(values)}
    write_frame(out, Frame(kind, {"task": task, **fields}, arrays))
def serve(task, **fields):
    read_frame(pipe)
    say("started", task, stays=True)
    say("end", task, [1.0, 0.0, 1.0], status="kOptimal", **fields)
"""


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Fake:
    """Return a function that puts a script in the place of the child."""

    def use(script: str) -> None:
        file = tmp_path / "fake_child.py"
        file.write_text(HELPERS + script, encoding="utf-8")
        monkeypatch.setattr(run_module, "child_command", lambda _: [sys.executable, str(file)])

    return use


def test_one_child_serves_many_solves() -> None:
    """Whatever an answer was, if it came in order the same process gives the next one."""
    first = solved()
    assert run(infeasible(), SolveOptions()).status is SolverStatus.INFEASIBLE
    assert solved(endless(20)) == first
    assert solved() == first


def test_answers_do_not_depend_on_what_was_solved_before() -> None:
    """A model gives the same bits first in a process, after itself and after others."""
    lp = replace(endless(60), integer=np.zeros(60, dtype=bool))
    forms = (endless(40), lp, endless(30))
    alone = []
    for form in forms:
        pool.POOL.end()
        alone.append(run(form, SolveOptions(gap=0.0)))
    for one, form in [*zip(alone, forms, strict=True), *zip(alone, forms, strict=True)]:
        again = run(form, SolveOptions(gap=0.0))
        assert again.values is not None
        assert one.values is not None
        assert again.values.tobytes() == one.values.tobytes()
        assert (again.status, again.bound) == (one.status, one.bound)
        if one.row_duals is not None:
            assert again.row_duals is not None
            assert again.row_duals.tobytes() == one.row_duals.tobytes()
    assert len(idle_commands()) == 1


def test_a_child_started_early_takes_the_first_task() -> None:
    """The child of `warm_up` is the one that solves, and another memory limit takes another."""
    warm_up(700)
    early = waiting().pid
    assert solved(memory_mb=700) == early
    answer = run(knapsack(), SolveOptions(memory_mb=701))
    assert answer.objective == BEST
    assert idle_commands() == [tuple(child_command(700)), tuple(child_command(701))]


def test_no_process_to_start_early_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    """If the system starts no process, the early start is left out."""

    def refuse(*_: object, **__: object) -> None:
        raise OSError(11, "Resource temporarily unavailable")

    with monkeypatch.context() as patched:
        patched.setattr("hubopt.solver.talk.subprocess.Popen", refuse)
        warm_up(700)
    assert idle_commands() == []
    solved()


@POSIX
def test_a_child_that_was_killed_while_it_waited_is_replaced() -> None:
    """`kill -9` of an idle child costs the next solve nothing but a start."""
    first = solved()
    waiting().kill()
    assert gone(first)
    assert solved() != first


@POSIX
def test_a_child_that_fell_silent_while_it_waited_is_replaced(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An idle child that never takes its task is ended, and a new one gets the task."""
    monkeypatch.setattr(talk, "TAKE_S", 0.3)
    first = solved()
    waiting().send_signal(signal.SIGSTOP)
    assert solved() != first
    assert gone(first)


@POSIX
def test_a_silent_child_does_not_use_up_a_short_limit() -> None:
    """Before the time is over another child gets the task, and solves it."""
    solved()
    waiting().send_signal(signal.SIGSTOP)
    answer = run(knapsack(), SolveOptions(time_s=6.0))
    assert answer.objective == BEST


@POSIX
def test_a_silent_child_is_not_waited_for_after_a_stop() -> None:
    """A stop holds while a task waits to be taken."""
    solved()
    waiting().send_signal(signal.SIGSTOP)
    stop = threading.Event()
    threading.Timer(0.3, stop.set).start()
    answer = run(knapsack(), SolveOptions(time_s=60.0), stop=stop)
    assert answer.status is SolverStatus.INTERRUPTED_WITHOUT_VALUES
    assert answer.seconds < SOON_S
    assert idle_commands() == []


@pytest.mark.parametrize(
    "then",
    [
        "os.abort()",
        "sys.exit(0)",
        "say('end', 1, [0.0, 0.0, 0.0], status='kOptimal'); time.sleep(600)",
        "say('incumbent', 1, [0.0, 1.0, 0.0]); serve(2)",
        "out.write(b'x' * 1000); out.flush(); time.sleep(600)",
    ],
)
def test_a_kept_child_that_fails_at_once_is_replaced(fake: Fake, then: str) -> None:
    """One that dies, or speaks of the task before, when it gets a task counts for nothing."""
    fake(f"serve(1)\nread_frame(pipe)\n{then}")
    first = solved()
    assert solved() != first


@pytest.mark.parametrize(
    "unasked",
    ["say('progress', 1, bound=5.0)", "say('end', 2, [0.0, 0.0, 0.0])", "out.write(b'x' * 99)"],
)
def test_a_child_that_speaks_unasked_is_not_asked_again(fake: Fake, unasked: str) -> None:
    """What an idle child says is never read as a word about the next task."""
    fake(f"serve(1)\n{unasked}\nout.flush()\nserve(2)\ntime.sleep(600)")
    first = solved()
    time.sleep(0.3)
    assert solved() != first
    assert gone(first)


def test_a_crash_of_a_kept_child_is_tried_again_by_a_new_one(fake: Fake, tmp_path: Path) -> None:
    """A kept child that dies with the task in hand has crashed: one more try, in a new process."""
    fake(
        f"mark = {str(tmp_path / 'mark')!r}\n"
        "open(mark, 'a').write('.')\n"
        "serve(1)\nread_frame(pipe)\nsay('started', 2, stays=True)\nos.abort()"
    )
    first = solved()
    assert solved() != first
    assert (tmp_path / "mark").read_text(encoding="utf-8") == ".."


@pytest.mark.parametrize(
    "last",
    [
        "say('end', 1, [1.0, 0.0, 0.0], status='kOptimal', bound=-3.0)",
        "say('end', 1, [1.0, 1.0, 1.0], status='kOptimal')",
        "say('error', 1, reason='no licence')",
        "say('memory', 1)",
        "os.abort()",
    ],
)
def test_a_child_that_failed_is_not_kept(fake: Fake, last: str) -> None:
    """After a wrong answer, an error, want of memory or a crash nobody waits."""
    fake(f"read_frame(pipe)\nsay('started', 1, stays=True)\n{last}\ntime.sleep(600)")
    assert run(knapsack(), SolveOptions(time_s=5.0)).status is SolverStatus.FAILED
    assert idle_commands() == []


def test_a_child_that_does_not_say_that_it_stays_is_not_kept(fake: Fake) -> None:
    """Only one that offers to stay is given more."""
    fake("read_frame(pipe)\nsay('end', 1, [1.0, 0.0, 1.0], status='kOptimal')")
    assert run(knapsack(), SolveOptions()).objective == BEST
    assert idle_commands() == []


def test_a_child_that_grew_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that holds much memory still would lack it in the next solve."""
    monkeypatch.setattr(pool, "MOST_KEPT_MB", 1.0)
    assert run(knapsack(), SolveOptions()).objective == BEST
    assert idle_commands() == []


def test_a_stop_ends_its_own_solve_alone() -> None:
    """The child of a stopped solve that ended in time solves the next one to its end."""
    stop = threading.Event()
    seen = run(
        endless(), SolveOptions(gap=0.0, time_s=60.0),
        stop=stop, on_progress=lambda p: stop.set() if p.best is not None else None,
    )  # fmt: skip
    assert seen.status is SolverStatus.INTERRUPTED_WITH_VALUES
    kept = [talk.child.pid for talk in pool.POOL.idle]
    assert [solved()] == kept or not kept  # on a busy machine it may have been too slow to hear


def test_a_late_word_to_stop_is_not_for_the_next_task() -> None:
    """A stop that comes when its task is over, or before it came, stops nothing else."""
    orders = Orders()
    for task in (1, 2):
        orders.hear(Frame("task", {"task": task}))
    first, second = orders.next(), orders.next()
    assert first is not None
    assert second is not None
    for number in (1, 3):
        orders.hear(Frame("stop", {"task": number}))
        assert not second.stop.is_set()
    orders.hear(Frame("stop", {"task": 2}))
    assert second.stop.is_set()
    assert not first.stop.is_set()


def test_solves_side_by_side_have_a_child_each() -> None:
    """No child serves two at once, all answers are right, and few wait in the end."""
    with ThreadPoolExecutor(3) as threads:
        found = list(threads.map(lambda _: run(knapsack(), SolveOptions()), range(12)))
    assert {answer.objective for answer in found} == {BEST}
    assert 1 <= len(idle_commands()) <= pool.MOST_IDLE
    assert children() == []


def test_a_child_asked_while_another_makes_room_is_not_ended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One thread lets a child wait and ends others for room; who takes it meanwhile keeps it."""
    for memory_mb in range(900, 900 + pool.MOST_IDLE):
        run(knapsack(), SolveOptions(memory_mb=memory_mb))
    true_close = talk.Talk.close
    answers: list[SolverAnswer] = []

    def slow_close(self: talk.Talk) -> None:
        if threading.current_thread().name == "first":
            other = threading.Thread(target=lambda: answers.append(run(knapsack(), SolveOptions())))
            other.start()
            other.join(20.0)
        true_close(self)

    monkeypatch.setattr(talk.Talk, "close", slow_close)
    first = threading.Thread(target=lambda: run(knapsack(), SolveOptions()), name="first")
    first.start()
    first.join(40.0)
    assert [answer.objective for answer in answers] == [BEST]


def test_the_longest_idle_makes_room() -> None:
    """Beyond a few, the child that has waited longest is ended."""
    for memory_mb in range(800, 801 + pool.MOST_IDLE):
        run(knapsack(), SolveOptions(memory_mb=memory_mb))
    kept = range(801, 801 + pool.MOST_IDLE)
    assert idle_commands() == [tuple(child_command(memory_mb)) for memory_mb in kept]


def test_a_child_that_waits_too_long_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """It could end while it is handed its task."""
    first = solved()
    monkeypatch.setattr(pool, "LONGEST_IDLE_S", 0.0)
    assert solved() != first
