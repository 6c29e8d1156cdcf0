"""Sixty misdeeds of a solver child, and the answer that the API gives to each."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest

from hubopt.solver import pool, watch
from hubopt.solver import run as run_module
from hubopt.solver.form import SolveOptions, SolverStatus
from hubopt.solver.run import run
from tests.children import children, idle_commands
from tests.fake_child import MISDEEDS
from tests.small_forms import knapsack

if TYPE_CHECKING:
    from pathlib import Path

BEST = -10.0

LASTING = {
    "hangs before it listens",
    "hangs with the task in hand",
    "closes its input and lives on",
    "leaves a process in a group of its own",
    "floods with progress",
    "half a frame and lives on",
}
"""Misdeeds that only the time limit ends."""

TRUE = {
    "answers after the deadline",
    "a false plan on the way",
    "NaN as bound",
    "a bound of hundreds of digits",
    "a bound that is a word",
    "optimal with a worse plan",
    "progress after the end",
    "ends twice",
    "frames out of order",
    "frames of unknown kinds",
    "floods standard error",
}
"""Misdeeds around an answer that is right."""

KEPT = {
    "a plan, then a segmentation fault",
    "a plan, then garbage",
    "a plan, then half a frame",
    "a plan, then silence",
    "a plan, then no memory",
    "floods with plans",
}
"""Misdeeds after a first plan, which is kept."""

UNPROVED = {"NaN as bound", "a bound that is a word", "a bound of hundreds of digits"}
"""Answers without a bound: the plan is right, and is not called optimal."""

REASONS = {
    "segmentation fault": "SIGSEGV",
    "aborts": "SIGABRT",
    "ends with code 7": "exit code 7",
    "closes its output and lives on": "fell silent",
    "sends garbage": "bytes that are not a frame",
    "half a frame": "ended inside a frame",
    "a huge array": "bytes that are not a frame",
    "eats memory": "memory limit",
    "NaN as a value": "NaN",
    "a column too few": "wrong length",
    "optimal but it breaks a bound": "breaks",
    "a bound above its plan": "above a checked plan",
    "claims infeasible with a plan in hand": "infeasible what has a checked plan",
    "an error of its own": "no licence",
    "says that memory is short": "memory",
}
"""What the reason must name."""


def command(name: str, mark: Path | str = "") -> list[str]:
    """Return the command of a child that misbehaves."""
    return [sys.executable, "-m", "tests.fake_child", name, str(mark)]


def expected(name: str) -> SolverStatus:
    """Return the status that a misdeed must end with."""
    if name in TRUE:
        return SolverStatus.OPTIMAL
    if name in KEPT:
        return SolverStatus.LIMIT_WITH_VALUES
    if name in LASTING:
        return SolverStatus.LIMIT_WITHOUT_VALUES
    known = {
        "claims infeasible": SolverStatus.INFEASIBLE,
        "claims unbounded": SolverStatus.UNBOUNDED,
    }
    return known.get(name, SolverStatus.FAILED)


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give children less time to end."""
    monkeypatch.setattr(watch, "LIMIT_GRACE_S", 1.0)
    monkeypatch.setattr(watch, "END_GRACE_S", 0.2)


@pytest.mark.parametrize("name", MISDEEDS)
@pytest.mark.usefixtures("hasty")
def test_a_misdeed_through_the_api(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The status is right, a plan is the best one and holds, and nothing lives on."""
    monkeypatch.setattr(run_module, "child_command", lambda mb: [*command(name), str(mb)])
    brief = name in LASTING | KEPT or name == "answers after the deadline"
    answer = run(knapsack(), SolveOptions(gap=0.0, time_s=1.0 if brief else 30.0, memory_mb=600))
    assert answer.status is expected(name), answer.reason
    assert answer.seconds < 10.0
    if answer.status.has_values:
        assert answer.objective == BEST
        assert answer.values is not None
        assert answer.values.tolist() == [1.0, 0.0, 1.0]
    else:
        assert answer.values is None
    if name in UNPROVED:
        assert answer.bound is None
    if answer.bound is not None:
        assert answer.bound <= BEST or not answer.status.has_values
    if os.name == "posix" or not REASONS.get(name, "").startswith("SIG"):
        assert REASONS.get(name, "") in answer.reason
    assert children() == []
    assert not any("tests.fake_child" in command for command in idle_commands())


def test_every_misdeed_has_one_outcome() -> None:
    """The lists above name misdeeds that there are, none twice, and at least twenty fail."""
    named = [*LASTING, *TRUE, *KEPT]
    assert len(named) == len(set(named))
    assert {*named, *UNPROVED, *REASONS} <= set(MISDEEDS)
    assert len([name for name in MISDEEDS if expected(name) is SolverStatus.FAILED]) >= 20
    assert len(MISDEEDS) >= 60


@pytest.mark.usefixtures("hasty")
def test_a_start_outlives_a_child_that_cannot_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """If the system starts no process, a plan in hand is kept, and without one it says why."""

    def refuse(*_: object, **__: object) -> None:
        raise OSError(24, "Too many open files")

    pool.POOL.end()  # one that waits need not be started
    monkeypatch.setattr("hubopt.solver.talk.subprocess.Popen", refuse)
    answer = run(knapsack(), SolveOptions(), start=np.array([1.0, 0.0, 0.0]))
    assert (answer.status, answer.objective) == (SolverStatus.LIMIT_WITH_VALUES, -6.0)
    assert "Too many open files" in answer.reason
    assert run(knapsack(), SolveOptions()).status is SolverStatus.FAILED
