"""A solver that waits ends with its parent, and gives back what a solve took."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import threading
import weakref
from io import BytesIO

import pytest

from hubopt.solver import pool
from hubopt.solver.child import Messages, Solve
from hubopt.solver.form import SolveOptions
from hubopt.solver.options import checked_options
from hubopt.solver.run import task_of
from tests.small_forms import knapsack
from tests.waiting_solvers import SOON_S, gone, nobody_waits, waiting

__all__ = ["nobody_waits"]

pytestmark = pytest.mark.usefixtures("nobody_waits")

COMMAND = """
import os, sys
from hubopt.solver.pool import POOL
from hubopt.solver.run import run
from hubopt.solver.form import SolveOptions
from tests.small_forms import knapsack
run(knapsack(), SolveOptions())
print(POOL.idle[0].child.pid, flush=True)
"""
"""A program that solves once and tells which process it keeps."""


def test_a_child_of_whom_nothing_is_asked_ends() -> None:
    """Idle for long, it ends by itself."""
    code = "from hubopt.solver import child; child.IDLE_S = 0.2; child.main()"
    pool.stand_by([sys.executable, "-c", code, "700"])
    assert waiting().wait(SOON_S) == 0


@pytest.mark.parametrize("end", ["", "os._exit(0)", "os.kill(os.getpid(), 9)", "1 / 0"])
def test_nothing_is_left_when_the_parent_is_gone(end: str) -> None:
    """However a program ends, the child that it kept ends with it."""
    done = subprocess.run(
        [sys.executable, "-c", COMMAND + end], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        check=False, text=True,
    )  # fmt: skip
    assert gone(int(done.stdout))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
def test_a_forked_process_leaves_the_children_of_its_parent_alone() -> None:
    """It has a child of its own, neither ends nor asks its parent's, and holds no pipe of it."""
    forked = """
kept = POOL.idle[0].child.pid
pid = os.fork()
if pid == 0:
    assert POOL.idle == []
    assert run(knapsack(), SolveOptions()).objective == -10.0
    own = POOL.idle[0].child.pid
    POOL.end()
    os.kill(kept, 0)
    os._exit(0 if own != kept else 1)
assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
assert run(knapsack(), SolveOptions()).objective == -10.0
assert POOL.idle[0].child.pid == kept
if os.fork() == 0:
    import time
    time.sleep(15)
    os._exit(0)
os.kill(os.getpid(), 9)
"""
    with subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", COMMAND + forked],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    ) as program:  # fmt: skip
        assert program.stdout is not None
        assert program.stderr is not None
        kept = int(program.stdout.readline())
        assert program.wait(60.0) == -signal.SIGKILL, program.stderr.read()
        assert gone(kept)  # though a process lives that had been forked from its parent
        os.killpg(program.pid, signal.SIGKILL)


def test_a_solve_gives_back_its_memory() -> None:
    """A HiGHS that is done with goes at once, without a search for garbage."""
    was = gc.isenabled()
    gc.disable()
    try:
        said = BytesIO()
        solve = Solve(Messages(said, 1), threading.Event())
        solve.load(task_of(knapsack(), {}).arrays, checked_options(SolveOptions()))
        assert solve.run() == "kOptimal"
        held = weakref.ref(solve.highs)
        solve.release()
        assert held() is None
    finally:
        if was:
            gc.enable()
