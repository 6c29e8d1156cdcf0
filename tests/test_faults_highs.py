"""Every call to HiGHS fails once, in four ways: never a wrong answer, and the reason is said."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from hubopt.solver import run as run_module
from hubopt.solver.form import SolveOptions, SolverStatus
from hubopt.solver.run import run
from tests.broken_highs import ACTS
from tests.children import children
from tests.small_forms import knapsack

if TYPE_CHECKING:
    from pathlib import Path

BEST = -10.0
HARMLESS = {"setSolution"}
"""A start that HiGHS does not take costs nothing but time."""
ONCE_S = 1.0
"""With so little time a child that crashed is not tried again."""
EVERY, FAST = 1, 5


def calls_of(monkeypatch: pytest.MonkeyPatch, counts: Path) -> list[str]:
    """Return the names of all calls to HiGHS in one solve."""
    use(monkeypatch, "none", -1, counts)
    assert run(knapsack(), SolveOptions(gap=0.0)).objective == BEST
    return counts.read_text(encoding="utf-8").split()


def use(monkeypatch: pytest.MonkeyPatch, act: str, turn: int, counts: Path | str = "") -> None:
    """Put a child with a failing HiGHS in the place of the real one."""
    command = [sys.executable, "-m", "tests.broken_highs", act, str(turn), str(counts)]
    monkeypatch.setattr(run_module, "child_command", lambda mb: [*command, str(mb)])


@pytest.mark.parametrize(
    ("act", "step"),
    [
        ("error", FAST),
        *(pytest.param(act, EVERY, marks=pytest.mark.campaign) for act in ACTS),
    ],
)
def test_a_call_that_fails(
    act: str, step: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Whichever call fails, the solve fails with a reason, or was not harmed at all."""
    names = calls_of(monkeypatch, tmp_path / "calls")
    assert {"passModel", "run", "getModelStatus", "getSolution"} <= set(names)
    for turn in range(step - 1, len(names), step):
        use(monkeypatch, act, turn)
        answer = run(knapsack(), SolveOptions(gap=0.0, time_s=ONCE_S))
        told = f"{act} at call {turn}, {names[turn]}: {answer}"
        if names[turn] in HARMLESS and act == "error":
            assert (answer.status, answer.objective) == (SolverStatus.OPTIMAL, BEST), told
        elif answer.status.has_values:  # a plan came before the fault
            assert answer.objective == BEST, told
            assert answer.status is SolverStatus.LIMIT_WITH_VALUES, told
        else:
            assert answer.status is SolverStatus.FAILED, told
            assert answer.reason, told
    assert children() == []


def test_a_second_try_mends_a_single_failure(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A call that ends the process once is tried again with other settings, and that counts."""
    turns = iter((9, -1))

    def command(memory_mb: int) -> list[str]:
        turn = str(next(turns))
        return [sys.executable, "-m", "tests.broken_highs", "die", turn, "", str(memory_mb)]

    monkeypatch.setattr(run_module, "child_command", command)
    answer = run(knapsack(), SolveOptions(gap=0.0))
    assert (answer.status, answer.objective) == (SolverStatus.OPTIMAL, BEST)
    assert next(turns, None) is None
