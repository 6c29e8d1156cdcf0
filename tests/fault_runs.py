"""Runs of `hubopt` with faults, and what must hold after each, whatever the fault."""

from __future__ import annotations

import functools
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import uuid
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import pytest

from hubopt.instance.read import read
from hubopt.plan.store import from_json
from hubopt.plan.verify import verify
from hubopt.publish.results import changed_files, load_result
from tests.faults import Fault
from tests.instance_folder import cell, tiny_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT = Path(__file__).parent.parent
MARK = "HUBOPT_TEST_RUN"
HANG_S = 60.0
"""Whatever takes longer hangs."""
LINGER_S = 5.0
"""A solver whose parent was killed needs a moment to notice."""
NO_FAULT = Fault()
EARLIER_T = "8500"
"""A demand by which the older result was made, so that no file of it is like a newer one."""


class Server:
    """The process that forks a command for each run."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.fault_server"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={
                **os.environ,
                "PYTHONPATH": str(ROOT),
                "PYTHONUTF8": "1",
                "OPENBLAS_NUM_THREADS": "1",
                "OMP_NUM_THREADS": "1",
            },
        )
        assert self.answer() == "ready"

    def answer(self) -> Any:  # noqa: ANN401  (as many kinds as questions)
        """Return the next answer."""
        assert self.process.stdout is not None
        return json.loads(self.process.stdout.readline())

    def ask(self, **job: object) -> Any:  # noqa: ANN401
        """Return the answer to one question."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(job) + "\n")
        self.process.stdin.flush()
        return self.answer()

    def close(self) -> None:
        """End the server."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.wait(timeout=HANG_S)
        self.process.stdout.close()


@dataclass
class Run:
    """One command that runs, or has run."""

    home: Path
    pid: int
    mark: str
    began: float = field(default_factory=time.monotonic)
    seconds: float = 0.0
    code: int | None = None

    def send(self, number: signal.Signals) -> None:
        """Send a signal; a command that has ended already hears none."""
        os.kill(self.pid, number)  # not reaped before `ended`, so the number is still its own

    def ended(self) -> Run:
        """Wait for the end and return the run; a run that hangs is killed and fails the test."""
        self.code = server().ask(ask="wait", pid=self.pid, most_s=HANG_S)
        self.seconds = time.monotonic() - self.began
        if self.code is None:
            os.kill(self.pid, signal.SIGKILL)
            server().ask(ask="wait", pid=self.pid, most_s=HANG_S)
        left = self.left_behind()
        for process in left:
            process.kill()
        assert self.code is not None, "the command hangs"
        assert not left, f"left behind: {left}"
        for word in ("Traceback", "Exception ignored", "fault of hubopt", "程序的问题"):
            assert word not in self.out + self.err, self.out + self.err
        return self

    def left_behind(self) -> list[psutil.Process]:
        """Return the processes of this run that still live after a moment."""
        until = time.monotonic() + LINGER_S
        while True:
            found = [process for process in psutil.process_iter() if self.is_of_this_run(process)]
            if not found or time.monotonic() > until:
                return found
            time.sleep(0.05)

    def is_of_this_run(self, process: psutil.Process) -> bool:
        """Return whether a process inherited the mark of this run and lives."""
        try:
            if process.pid == self.pid or process.status() == psutil.STATUS_ZOMBIE:
                return False
            return process.environ().get(MARK) == self.mark
        except (psutil.Error, OSError):
            return False

    @property
    def out(self) -> str:
        """What was printed."""
        file = self.home / "out.txt"
        return file.read_text(encoding="utf-8", errors="replace") if file.exists() else ""

    @property
    def err(self) -> str:
        """What was printed on standard error."""
        return (self.home / "err.txt").read_text(encoding="utf-8", errors="replace")

    @property
    def counted(self) -> dict[str, Any]:
        """Which calls were counted."""
        return dict(json.loads((self.home / "counts.json").read_text(encoding="utf-8")))


@functools.cache
def server() -> Server:
    """Return the server of this test process."""
    return Server()


USUAL: dict[str, Any] = {
    "fault": NO_FAULT,
    "child": [],
    "limits": {},
    "cwd": ROOT,
    "audit": False,
    "quick": False,
    "uid": 0,
    "out": None,
}
"""How a command runs if nothing else is said: the fault, the solver's command, limits of the
system, where it stands, whether all calls are audited, whether maps are small stand-ins, whose it
is, and where it prints to."""


def start(home: Path, words: Sequence[object], **more: Any) -> Run:  # noqa: ANN401
    """Start a command in `home`, which keeps its output, its passing files and its counts.

    `more` are entries of `USUAL`, and variables of the environment in capitals.
    """
    home.mkdir(parents=True, exist_ok=True)
    (home / "tmp").mkdir(exist_ok=True)
    mark = uuid.uuid4().hex
    env = {name: value for name, value in more.items() if name.isupper()}
    job = {**USUAL, **{name: value for name, value in more.items() if name not in env}}
    assert set(job) == set(USUAL), set(job) - set(USUAL)
    job |= {
        "words": [str(word) for word in words],
        "fault": asdict(job["fault"]),
        "roots": [str(home.parent)],
        "cwd": str(job["cwd"]),
        "out": job["out"] or str(home / "out.txt"),
        "err": str(home / "err.txt"),
        "counts": str(home / "counts.json"),
        "env": {"TMPDIR": str(home / "tmp"), "HUBOPT_LANG": "en", MARK: mark, **env},
    }
    return Run(home, server().ask(ask="start", **job), mark)


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder with its bytes."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def is_whole(folder: Path, instance: Path) -> bool:
    """Return whether a folder holds a result whose plan holds and whose files are all its own."""
    plan, _ = load_result(folder, instance)
    return verify(read(instance), plan).passed and not changed_files(folder)


def state_of(folder: Path, old: dict[str, bytes], instance: Path) -> str:
    """Return `old`, `new` or `none`: what a results folder holds; anything else fails the test."""
    if not folder.exists():
        assert not old, "the older result is gone"
        return "none"
    if contents(folder) == old:
        return "old"
    assert is_whole(folder, instance), sorted(contents(folder))
    return "new"


def rescued_plans(home: Path, instance: Path) -> list[Path]:
    """Return the plans that were kept elsewhere; each must hold."""
    found = [*home.rglob(".rescued-*/plan.json"), *home.rglob("hubopt-rescued-*/plan.json")]
    for file in found:
        assert verify(read(instance), from_json(file.read_text(encoding="utf-8"))).passed
    return found


@dataclass(frozen=True)
class Place:
    """A folder with the tiny instance and an older result of it, made from other demand."""

    folder: Path
    old: dict[str, bytes]

    @property
    def instance(self) -> Path:
        """The instance."""
        return self.folder / "tiny"

    @property
    def out(self) -> Path:
        """Where results go."""
        return self.folder / "results"

    @property
    def result(self) -> Path:
        """The result."""
        return self.out / "tiny" / "base"

    @property
    def home(self) -> Path:
        """Where a run leaves its output and its passing files."""
        return self.folder / "run"

    def start(self, *words: object, **more: Any) -> Run:  # noqa: ANN401  (as `start` takes)
        """Start a command here; `home` is where it leaves its output, if not in the usual place."""
        return start(more.pop("home", self.home), words, **more)

    def solve(self, *words: object, **more: Any) -> Run:  # noqa: ANN401
        """Start `hubopt solve` here."""
        return self.start("solve", self.instance, "-o", self.out, "--quiet", *words, **more)

    def state(self) -> str:
        """Return what the results folder holds; fails unless that is whole."""
        return state_of(self.result, self.old, self.instance)

    def rescued(self) -> list[Path]:
        """Return the plans that were kept elsewhere; each must hold."""
        return rescued_plans(self.folder, self.instance)

    def left_over(self) -> list[str]:
        """Return passing files, and hidden folders beside the result, that nobody needs."""
        found = [*(self.home / "tmp").iterdir(), *self.folder.glob("results/tiny/.*")]
        return [
            path.name for path in found if path.suffix != ".lock" and "rescued" not in path.name
        ]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return a folder with the tiny instance and an older result, which differs in every file."""
    folder = tmp_path_factory.mktemp("template")
    tiny_folder(folder / "tiny", cell("demand.csv", 2, "demand_t_per_year", EARLIER_T))
    place = Place(folder, {})
    assert place.solve("--lang", "zh").ended().code == 0
    shutil.rmtree(place.home)
    tiny_folder(folder / "tiny")
    yield folder
    server().close()
    server.cache_clear()


@pytest.fixture
def place(template: Path, tmp_path: Path) -> Place:
    """Return a copy of that folder for one test."""
    return copy_of(template, tmp_path / "place")


def copy_of(template: Path, folder: Path) -> Place:
    """Return a copy of the template."""
    shutil.copytree(template, folder)
    return Place(folder, contents(folder / "results" / "tiny" / "base"))
