"""hubopt from the folder of an instance to results on the disk, phase by phase."""

from __future__ import annotations

import tempfile
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from benchmarks.spec import Found

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.spec import Spec, Task
    from hubopt.instance.invented.wanted import Wanted
    from hubopt.instance.tables import Instance
    from hubopt.solver.form import Progress
    from hubopt.text import Text

READING, WRITING, LISTING = "reading", "writing", "listing routes"
TOLD = {
    "listing routes": "listing routes",
    "pricing all routes": "pricing",
    "building the model": "search",
    "verifying the plan": "verifying",
}
"""The phase that begins when hubopt says so; what the memory of the time is put down to."""

TIMED = {
    "routes": "listing routes",
    "problem": "listing routes",
    "pricing": "pricing",
    "model_and_solver": "search",
    "settle": "search",
    "verify": "verifying",
    "marginal_values": "marginal values",
}
"""The phase that each timing of `hubopt.Answer` counts towards."""

PHASES_OF = (READING, LISTING, "pricing", "search", "verifying", "marginal values", WRITING)
"""Every phase, in its order."""

EVERY_S = 0.03


class Peaks(threading.Thread):
    """Watches the memory of this process and its children, and keeps the most of each phase."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.phase_now = READING
        self.most_mb: dict[str, float] = {}
        self.own = psutil.Process()

    def run(self) -> None:
        """Look every few hundredths of a second."""
        while True:
            self.look()
            time.sleep(EVERY_S)

    def look(self) -> None:
        """Look once."""
        phase, total = self.phase_now, 0.0
        try:
            for process in (self.own, *self.own.children(recursive=True)):
                total += process.memory_info().rss / 1e6
        except psutil.Error:
            return  # a child has just ended
        self.most_mb[phase] = max(total, self.most_mb.get(phase, 0.0))

    def phase(self, name: Text, done: int = 0, total: int = 0) -> None:  # noqa: ARG002
        """Hear from hubopt that a phase began."""
        for words, phase in TOLD.items():
            if name.en.startswith(words):
                self.phase_now = phase

    def solver(self, progress: Progress) -> None:
        """Hear where the solver stands."""


def wanted_of(spec: Spec) -> Wanted:
    """Return the size of an invented instance."""
    from hubopt.instance.invented.wanted import Wanted as Size  # noqa: PLC0415

    return Size(**spec.numbers)


def run(task: Task) -> Found:
    """Read, solve over all routes, verify and write; return seconds and peak memory by phase."""
    from hubopt.instance.invented.make import generate  # noqa: PLC0415  (each loads on use)
    from hubopt.publish.results import write_results  # noqa: PLC0415
    from hubopt.solve.answer import Question, answer  # noqa: PLC0415
    from hubopt.text import Language  # noqa: PLC0415

    peaks = Peaks()
    spent: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(task.case.file) if task.case.file else Path(name) / "made"
        if not task.case.file:
            generate(folder, wanted_of(task.case))
        peaks.start()
        began = time.perf_counter()
        with timed(spent, peaks, READING):
            instance = read_folder(folder)
        question = Question(gap=task.gap, time_s=task.limit_s)
        found = answer(instance, question, watcher=peaks, all_routes=True)
        for part, seconds in found.seconds.items():
            phase = TIMED.get(part, part)
            spent[phase] = spent.get(phase, 0.0) + seconds
        with timed(spent, peaks, WRITING):
            write_results(
                Path(name) / "results", instance, found.plan, found.verification, run={},
                instance_folder=folder, language=Language.EN, marginals=found.marginals,
            )  # fmt: skip
        total = time.perf_counter() - began
    plan = found.plan
    bound = None if plan.bound_fen is None else float(plan.bound_fen)
    return Found(
        str(plan.status), total, value=float(plan.objective_fen), bound=bound,
        phases={p: (s, peaks.most_mb.get(p, 0.0)) for p, s in spent.items()},
    )  # fmt: skip


def read_folder(folder: Path) -> Instance:
    """Return the instance in a folder."""
    from hubopt.instance.read import read  # noqa: PLC0415  (loads on use)

    return read(folder)


@contextmanager
def timed(spent: dict[str, float], peaks: Peaks, phase: str) -> Iterator[None]:
    """Put the time of a block down to a phase."""
    peaks.phase_now = phase
    began = time.perf_counter()
    yield
    peaks.look()
    spent[phase] = spent.get(phase, 0.0) + time.perf_counter() - began
