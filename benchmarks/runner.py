"""Runs tasks one after the other, each in a process of its own, and makes a row of each."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from benchmarks import machine
from benchmarks.methods import METHODS
from benchmarks.results import Row
from benchmarks.spec import Found

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from benchmarks.spec import Task

ROOT = Path(__file__).parent.parent
LOOK_S = 0.05
PHASED = frozenset({"growth", "instances", "multimodal", "scenario"})
"""Sections whose runs have a row for each phase too."""

GRACE_S = 60.0
"""What a process may take beyond twice its limit, building included, before it is ended."""


def run(task: Task) -> list[Row]:
    """Run one task; a method that is not installed or fails is a row that says why."""
    method = METHODS[task.method]
    missing = method.missing()
    if missing:
        found = Found("not installed", note=f"not installed: {missing}")
        return rows_of(task, found, None, "")
    load = machine.load_now()
    with tempfile.TemporaryDirectory() as name:
        asked, answer = Path(name) / "task.json", Path(name) / "result.json"
        asked.write_text(task.as_json(), encoding="utf-8")
        command = [sys.executable, "-m", "benchmarks.child", str(asked), str(answer)]
        log = Path(name) / "log.txt"
        with log.open("wb") as said:
            child = subprocess.Popen(command, cwd=ROOT, stdout=said, stderr=said)  # noqa: S603
            peak_mb, late = watched(child, 2 * task.limit_s + GRACE_S)
        if answer.exists():
            found = Found(**json.loads(answer.read_text(encoding="utf-8")))
        else:
            found = ended(child.returncode, late=late)
    return rows_of(task, found, peak_mb, load)


def ended(code: int, *, late: bool) -> Found:
    """Return what is said of a process that ended without an answer."""
    if late:
        return Found("failed", note="did not end within twice its limit and was stopped")
    return Found("failed", note=f"the process ended with code {code} and without an answer")


def watched(child: subprocess.Popen[bytes], most_s: float) -> tuple[float, bool]:
    """Wait for a process; return the most memory that it and its children held, and if it was late.

    Memory is looked at twenty times a second, so that a short peak may be missed.
    """
    until, peak = time.monotonic() + most_s, 0.0
    while child.poll() is None:
        peak = max(peak, family_mb(child.pid))
        if time.monotonic() > until:
            end(child.pid)
            child.wait()
            return peak, True
        time.sleep(LOOK_S)
    return peak, False


def family(pid: int) -> list[psutil.Process]:
    """Return a process and its children, as far as they still run."""
    try:
        parent = psutil.Process(pid)
        return [*parent.children(recursive=True), parent]
    except psutil.Error:
        return []


def family_mb(pid: int) -> float:
    """Return the memory of a process and its children in MB."""
    total = 0.0
    for process in family(pid):
        try:
            total += process.memory_info().rss / 1e6
        except psutil.Error:
            continue  # it has just ended
    return total


def end(pid: int) -> None:
    """End a process that this one started, and its children."""
    for process in family(pid):
        try:
            process.kill()
        except psutil.Error:
            continue  # it has just ended


def rows_of(task: Task, found: Found, peak_mb: float | None, load: str) -> list[Row]:
    """Return the row of a run, and one more for each phase that was timed."""
    versions = METHODS[task.method].versions()
    whole = Row(
        task.section, task.case.name, task.method, task.repeat, status=found.status,
        seconds=found.seconds, cpu_s=found.cpu_s, peak_mb=peak_mb, nonzeros=found.nonzeros,
        phase=task.case.family if task.section == "families" else "",
        value=found.value, bound=found.bound, limit_s=task.limit_s, gap_asked=task.gap,
        date=machine.today(), machine=machine.machine(), load=load,
        versions=f"{versions}, {found.solver}" if found.solver else versions, note=found.note,
    )  # fmt: skip
    phases = [
        replace(whole, phase=name, seconds=seconds, peak_mb=most_mb or None, cpu_s=None,
                value=None, bound=None)
        for name, (seconds, most_mb) in found.phases.items()
        if task.section in PHASED
    ]  # fmt: skip
    return [whole, *phases]


def interleaved(number: int, tasks: Sequence[Task]) -> Iterator[Task]:
    """Yield the tasks of a round, every other time backwards: drift then hits all alike."""
    for task in tasks if number % 2 else tasks[::-1]:
        yield replace(task, repeat=number)


class Budget:
    """Minutes that a section may take: the first round is run whatever it takes, others whole.

    Of a round that would not end in time nothing is run: every method has as many runs as any
    other, but for those that failed or reached their limit, which are not tried again.
    """

    def __init__(self, minutes: float) -> None:
        self.until = time.monotonic() + 60 * minutes
        self.round_began, self.round_s = 0.0, 0.0
        self.slow: set[tuple[str, str]] = set()

    def allows_round(self, number: int) -> bool:
        """Tell whether a round is to be run; it is to take as long as the one before."""
        now = time.monotonic()
        self.round_s, self.round_began = now - self.round_began, now
        return number == 1 or now + self.round_s <= self.until

    def allows(self, task: Task) -> bool:
        """Tell whether a task is to be run in this round."""
        return (task.case.name, task.method) not in self.slow

    def heard(self, task: Task, rows: list[Row]) -> None:
        """Hear what came of a run: one that failed or reached its limit is not repeated."""
        if rows[0].status not in {"done", "optimal", "feasible"}:
            self.slow.add((task.case.name, task.method))
