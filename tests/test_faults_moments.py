"""Killed or stopped at any moment, on disks of any size: older results or new ones, never half."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from tests.fault_runs import HANG_S, copy_of, place, template

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.fault_runs import Place, Run

__all__ = ["place", "template"]

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals are sent in another way there")

FEW, BRIEF_S = 2, 0.8
FIRST_S = 0.05
"""So long Python itself may take before `main` hears signals."""
STOP_S = 10.0
"""A command that is told to stop has ended by then; on an idle machine within 2 s."""
PRICING = ("--all-routes", "--routes", "1")
"""With one route listed for each shipment of the tiny instance there are more to be priced."""
KB = 1000
DISKS_KB = (40, 60, 90, 150, 300, 600, 1000)
"""From hardly a plan to nearly all of a map; the tiny result takes some 1,100 kB."""

ENDLESS = """
import time
from pathlib import Path
from hubopt.solver import child
class Endless(child.Solve):
    def finish(self, status):
        values = self.highs.getSolution().col_value
        import numpy as np
        self.messages.send("incumbent", {"bound": None}, values=np.array(values))
        Path(__file__).with_suffix(".told").touch()
        time.sleep(600)
child.Solve = Endless
child.main()
"""
"""A solver that tells of its best plan and then never ends."""


def moments(seed: int, longest_s: float, count: int) -> Iterator[float]:
    """Yield random moments of a run, in seconds: one in each of so many equal parts of it.

    So some come early, however much longer than the others the run was that told the length.
    """
    dice = random.Random(seed)
    for part in dice.sample(range(count), count):
        yield dice.uniform(part, part + 1) * longest_s / count


def length_of(template: Path, folder: Path, *words: str, quick: bool = False) -> float:
    """Return how long a run takes that nobody disturbs and that is not the first of its kind."""
    seconds = []
    for _ in range(2):  # the first may read from a cold disk
        run = copy_of(template, folder).solve(*words, quick=quick).ended()
        assert run.code == 0
        shutil.rmtree(folder)
        seconds.append(run.seconds)
    return min(seconds)


def wait_for(file: Path) -> None:
    """Wait until a file is there."""
    until = time.monotonic() + HANG_S
    while not file.exists() and time.monotonic() < until:
        time.sleep(0.005)


def stopped(place: Place, number: signal.Signals, after_s: float, *words: str, quick: bool) -> Run:
    """Return a run that got a signal and has ended; its seconds count from the signal."""
    run = place.solve(*words, quick=quick)
    wait_for(place.home / "counts.ready")
    time.sleep(FIRST_S + after_s)
    run.send(number)
    run.began = time.monotonic()
    return run.ended()


def disturbed(
    template: Path,
    folder: Path,
    number: signal.Signals,
    count: int,
    longest_s: float,
    *words: str,
    quick: bool = False,
    seed: int | None = None,
) -> list[str]:
    """Return the states of results after so many runs that a signal ended at random moments."""
    states = []
    seed = int(number) if seed is None else seed
    for turn, after_s in enumerate(moments(seed, longest_s, count)):
        place = copy_of(template, folder)
        run = stopped(place, number, after_s, *words, quick=quick)
        told = f"{number.name} after {after_s:.3f} s: {run.code} {run.err}"
        assert run.code in ({-9, 0} if number is signal.SIGKILL else {0, 130}), told
        assert run.seconds < STOP_S, told
        states.append(place.state())
        assert states[-1] == "new" or run.code != 0, told
        if number is not signal.SIGKILL:
            assert place.left_over() == [], told
            assert ("nothing was written" in run.err) == (states[-1] == "old"), told
        if turn % 4 == 0:
            again = place.solve(quick=True).ended()  # whatever lies about hinders nobody
            assert (again.code, place.state()) == (0, "new"), told + again.err
            assert not list(place.folder.glob("results/tiny/.base.*w*")), told
        shutil.rmtree(folder)
    return states


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_some_moments(number: signal.Signals, template: Path, tmp_path: Path) -> None:
    """Ended at a few random moments, a solve leaves the old result or the new one, and no process.

    The next run finds nothing in its way.
    """
    states = disturbed(template, tmp_path / "place", number, FEW, BRIEF_S, quick=True)
    assert len(states) == FEW


@pytest.mark.campaign
@pytest.mark.parametrize(
    ("number", "count"), [(signal.SIGTERM, 30), (signal.SIGINT, 10), (signal.SIGKILL, 30)]
)
def test_many_moments(number: signal.Signals, count: int, template: Path, tmp_path: Path) -> None:
    """The same at many moments, with maps drawn in full."""
    longest_s = length_of(template, tmp_path / "place")
    states = disturbed(template, tmp_path / "place", number, count, longest_s)
    assert len(states) == count
    assert "old" in states


def test_some_moments_of_a_solve_over_all_routes(template: Path, tmp_path: Path) -> None:
    """Stopped at a few random moments while routes are priced or after: a plan, or none yet."""
    states = disturbed(
        template, tmp_path / "place", signal.SIGINT, FEW, BRIEF_S, *PRICING, quick=True
    )
    assert len(states) == FEW


@pytest.mark.campaign
@pytest.mark.parametrize("part", range(10))
def test_many_moments_of_a_solve_over_all_routes(part: int, template: Path, tmp_path: Path) -> None:
    """The same at 200 moments in all: a verified plan each time, or it is said that none is yet."""
    number = signal.SIGINT if part % 2 else signal.SIGTERM
    longest_s = length_of(template, tmp_path / "place", *PRICING, quick=True)
    states = disturbed(
        template, tmp_path / "place", number, 20, longest_s, *PRICING, quick=True, seed=part
    )
    assert len(states) == 20
    assert "old" in states


@pytest.mark.parametrize("numbers", [("SIGINT",), ("SIGTERM",), ("SIGHUP", "SIGHUP"),
                                     ("SIGTERM", "SIGINT", "SIGINT")])  # fmt: skip
def test_the_best_plan_is_kept(numbers: tuple[str, ...], place: Place) -> None:
    """However often it is told to stop, a solve keeps its best plan, verified, and ends at once."""
    file = place.folder / "endless.py"
    file.write_text(ENDLESS, encoding="utf-8")
    run = place.solve(child=[sys.executable, str(file)])
    wait_for(file.with_suffix(".told"))
    time.sleep(0.5)
    run.began = time.monotonic()
    for name in numbers:
        run.send(getattr(signal, name))
        time.sleep(0.02)
    run.ended()
    assert run.code == 130, run.err
    assert run.seconds < STOP_S
    assert place.state() == "new"
    assert "hubopt map" in run.err


def small_disk(folder: Path, size_kb: int) -> bool:
    """Make a folder a disk of its own of so many kB; return whether the system lets us."""
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size_kb}k", "tmpfs", str(folder)]
    if sys.platform != "linux" or os.geteuid() != 0 or shutil.which("mount") is None:
        return False
    return subprocess.run(mount, capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize(
    "size_kb", [n if n == 300 else pytest.param(n, marks=pytest.mark.campaign) for n in DISKS_KB]
)
def test_a_disk_that_fills(size_kb: int, template: Path, tmp_path: Path) -> None:
    """Whenever a disk is full, code 2 says so in plain words, and the plan is kept elsewhere.

    Where the system makes no small disk, files that may not grow beyond that size stand for it.
    """
    disk = tmp_path / "disk"
    disk.mkdir()
    real = small_disk(disk, size_kb)
    try:
        home = copy_of(template, tmp_path / "home")
        more = {} if real else {"limits": {"RLIMIT_FSIZE": size_kb * KB // 4}}
        run = home.start("solve", home.instance, "-o", disk / "r", "--quiet", **more).ended()
        assert run.code == 2, run.err
        assert not real or "the disk is full" in run.err, run.err
        assert "sqlite" not in run.err.lower()
        assert "could not be kept" in run.err or "is kept here" in run.err
        assert not (disk / "r" / "tiny" / "base").exists()
        assert not (disk / "r" / "tiny" / ".base.new").exists()
        assert home.state() == "old"
        kept = [*disk.rglob("plan.json"), *home.rescued()]
        assert len(kept) == (0 if "could not be kept" in run.err else 1)
    finally:
        if real:
            subprocess.run(["umount", "--lazy", str(disk)], check=True, timeout=HANG_S)


def test_a_killed_run_leaves_no_passing_files(place: Place) -> None:
    """A solve that is killed while its solver runs leaves no passing file behind."""
    run = place.solve()
    time.sleep(0.5)
    run.send(signal.SIGKILL)
    assert run.ended().code == -signal.SIGKILL
    assert list((place.home / "tmp").iterdir()) == []
