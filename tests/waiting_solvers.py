"""Solvers that wait for a task, seen from a test."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import psutil
import pytest

from hubopt.solver import pool
from hubopt.solver.form import SolveOptions, SolverStatus
from hubopt.solver.run import run
from tests.children import children
from tests.small_forms import knapsack

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubopt.solver.form import StandardForm

SOON_S = 10.0
"""A process that has been told to end, or whose parent is gone, has ended by then."""


@pytest.fixture
def nobody_waits() -> Iterator[None]:
    """Begin and end without children that wait."""
    pool.POOL.end()
    yield
    pool.POOL.end()
    assert children() == []


def waiting() -> psutil.Process:
    """Return the child that waits, the only one."""
    (only,) = pool.POOL.idle
    return psutil.Process(only.child.pid)


def solved(form: StandardForm | None = None, **options: float) -> int:
    """Solve well, and return the number of the process that did."""
    answer = run(form or knapsack(), SolveOptions(gap=0.0, **options))  # type: ignore[arg-type]
    assert answer.status is SolverStatus.OPTIMAL, answer.reason
    return waiting().pid


def gone(pid: int) -> bool:
    """Return whether a process ends soon."""
    until = time.monotonic() + SOON_S
    while time.monotonic() < until:
        try:
            if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.02)
    return False
