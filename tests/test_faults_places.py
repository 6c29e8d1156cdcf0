"""Folders, disks and limits that fail: `hubopt` ends in time with the right code, words, files."""

from __future__ import annotations

import os
import shutil
import signal
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from filelock import FileLock

from tests.fault_runs import EARLIER_T, place, template
from tests.faults import Fault
from tests.instance_folder import cell

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fault_runs import Place, Run

__all__ = ["place", "template"]

pytestmark = pytest.mark.skipif(os.name == "nt", reason="commands are forked")

MEGABYTE = 1_000_000
NOBODY = 65534
HASTE_S = 2.0
"""What must be refused before any work takes no longer, on a machine that does other work too."""


@dataclass(frozen=True)
class Case:
    """What is spoilt before or while a command runs, and how that must end."""

    code: int
    said: tuple[str, str] = ("", "")
    spoil: Callable[[Place], object] = lambda _: None
    meanwhile: Callable[[Place, Run], object] = lambda *_: None
    state: str = "old"
    kept: int = 0
    early: bool = False
    words: Callable[[Place], tuple[object, ...]] | None = None
    more: dict[str, Any] = field(default_factory=dict)


def instead(part: str, make: Callable[[Path], object]) -> Callable[[Place], object]:
    """Return the act of putting something else in the place of a folder."""

    def spoil(place: Place) -> None:
        folder = place.folder / part
        shutil.rmtree(folder)
        make(folder)

    return spoil


def a_file(path: Path) -> None:
    """Put a file there."""
    path.write_text("a file", encoding="utf-8")


def soon(part: str) -> Callable[[Place, Run], object]:
    """Return the act of removing a folder while a run is at work, which is held up for that."""

    def act(place: Place, run: Run) -> None:
        while not (run.home / "err.txt").exists():  # it has begun
            time.sleep(0.001)
        run.send(signal.SIGSTOP)
        shutil.rmtree(place.folder / part)
        run.send(signal.SIGCONT)

    return act


def earlier(place: Place) -> None:
    """Give the instance the demand that the older result was made from."""
    cell("demand.csv", 2, "demand_t_per_year", EARLIER_T)(place.instance)


def drawing(place: Place) -> tuple[object, ...]:
    """Return the command that draws the result anew."""
    return ("map", place.result, "--instance", place.instance)


def checking(place: Place) -> tuple[object, ...]:
    """Return the command that verifies the result."""
    return ("verify", place.result, "--instance", place.instance)


def from_elsewhere(place: Place) -> tuple[object, ...]:
    """Return a solve into a folder named from where one stands."""
    return ("solve", place.instance, "-o", "here", "--quiet")


def fails(kind: str, act: str) -> dict[str, Any]:
    """Return a fault that, once it comes, stays."""
    return {"fault": Fault(kind, 0, act, lasting=True)}


def limited(**most: int) -> dict[str, Any]:
    """Return a limit of the system."""
    return {"limits": {f"RLIMIT_{name}": value for name, value in most.items()}}


def torn(name: str) -> Callable[[Place], object]:
    """Return the act of cutting a file of the result in half."""

    def spoil(place: Place) -> None:
        file = place.result / name
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])

    return spoil


FILE = ("a file stands where a folder is needed", "却有同名文件")
DENIED = ("may not be written", "没有写入权限")
FULL = ("the disk is full", "磁盘已满")
FILES = ("Too many open files", "Too many open files")
START = ("could not be started", "could not be started")
MEMORY = ("too little memory", "内存不足")
NO_PLAN = ("no readable", "没有可读的")

CASES: dict[str, Case] = {
    "results is a file": Case(2, FILE, instead("results", a_file), state="gone", early=True),
    "results/tiny is a file": Case(
        2, FILE, instead("results/tiny", a_file), state="gone", early=True
    ),
    "the result is a file": Case(
        2, FILE, instead("results/tiny/base", a_file), state="gone", early=True
    ),
    "results is a link to nowhere": Case(
        2, FILE, instead("results", lambda p: p.symlink_to("nowhere")), state="gone", early=True
    ),
    "results is a link to itself": Case(
        2, FILE, instead("results", lambda p: p.symlink_to(p.name)), state="gone", early=True
    ),
    "results is a folder of the system": Case(
        2,
        ("could not be written", "无法写入"),
        instead("results", lambda p: p.symlink_to("/proc")),
        state="gone",
        early=True,
    ),
    "somebody else's folder": Case(2, DENIED, early=True, more={"uid": NOBODY}),
    "somebody else's result drawn": Case(
        2, DENIED, earlier, words=drawing, early=True, more={"uid": NOBODY}
    ),
    "a file of a planner in the result": Case(
        2,
        ("not hubopt's", "不是 hubopt 写入的"),
        lambda p: a_file(p.result / "notes.txt"),
        state="any",
        early=True,
    ),
    "an edited table in the result": Case(
        2,
        ("were edited", "被修改过"),
        lambda p: a_file(p.result / "tables" / "flows.csv"),
        state="any",
        early=True,
    ),
    "results removed meanwhile": Case(0, meanwhile=soon("results"), state="new"),
    "the result removed meanwhile": Case(0, meanwhile=soon("results/tiny/base"), state="new"),
    "where one stands is removed": Case(
        2,
        ("could not be written", "无法写入"),
        lambda p: (p.folder / "stand").mkdir(),
        soon("stand"),
        words=from_elsewhere,
        more={"cwd": "stand"},
    ),
    "no place for passing files": Case(0, state="new", more={"TMPDIR": "/no/such/place"}),
    "a file as place for passing files": Case(0, state="new", more={"TMPDIR": "/etc/passwd"}),
    "no home": Case(0, state="new", more={"HOME": "/no/such", "MPLCONFIGDIR": "/etc/passwd"}),
    "output to a full disk": Case(
        0, ("could not be printed", "无法输出"), state="new", more={"out": "/dev/full"}
    ),
    "ten open files": Case(70, FILES, more=limited(NOFILE=10)),
    "twenty open files": Case(0, state="new", more=limited(NOFILE=20)),
    "files of a kilobyte": Case(2, ("File too large", "File too large"), more=limited(FSIZE=1000)),
    "hardly any memory": Case(70, START, more=limited(DATA=300 * MEGABYTE)),
    "every write finds the disk full": Case(2, FULL, more=fails("write", "ENOSPC")),
    "every write finds the quota used up": Case(2, FULL, more=fails("write", "EDQUOT")),
    "every sync fails": Case(2, ("Input/output", "Input/output"), more=fails("sync", "EIO")),
    "every sync finds the disk full": Case(2, FULL, more=fails("sync", "ENOSPC")),
    "every new folder is refused": Case(2, DENIED, more=fails("mkdir", "EROFS")),
    "every rename is refused": Case(2, DENIED, kept=1, more=fails("rename", "EACCES")),
    "every rename crosses disks": Case(
        2, ("Invalid cross-device", "Invalid cross-device"), kept=1, more=fails("rename", "EXDEV")
    ),
    "every start of a process is refused": Case(70, START, more=fails("spawn", "EAGAIN")),
    "every process finds no memory": Case(70, START, more=fails("spawn", "ENOMEM")),
    "every start of a thread is refused": Case(70, START, more=fails("thread", "EAGAIN")),
    "every answer finds no memory": Case(70, MEMORY, more=fails("hear", "MemoryError")),
    "every answer is unreadable": Case(70, ("Input/output", "Input/output"),
                                       more=fails("hear", "EIO")),
    "no model can be handed over": Case(70, ("not handed over", "not handed over"),
                                        more=fails("hand over", "EIO")),
    "every file needs one more than there may be": Case(2, FILES, more=fails("open", "EMFILE")),
    "every folder is unreadable": Case(2, ("cannot be opened", "无法打开"),
                                       more=fails("look", "EIO")),
    "every write finds no memory": Case(70, MEMORY, more=fails("write", "MemoryError")),
    "nothing can be removed": Case(0, state="new", more=fails("remove", "EACCES")),
    "a torn plan": Case(2, ("stops being JSON", "不是有效的 JSON"), torn("plan.json"),
                        state="any", words=checking),
    "a torn manifest": Case(2, ("manifest.json", "manifest.json"), torn("manifest.json"),
                            state="any", words=lambda p: ("verify", p.result)),
    "a torn map": Case(1, ("", ""), torn("map.png"), state="any", words=checking),
    "a torn database": Case(1, ("", ""), torn("plan.gpkg"), state="any", words=checking),
    "a result without files": Case(
        2, NO_PLAN, instead("results/tiny/base", Path.mkdir), state="any", words=checking
    ),
    "an instance that is gone": Case(
        2, ("no such folder", "文件夹不存在"), lambda p: shutil.rmtree(p.instance), state="any",
        words=checking,
    ),
    "an export into a folder's name": Case(
        2, ("cannot be written", "无法写入"), lambda p: (p.folder / "m.lp").mkdir(),
        words=lambda p: ("export", p.instance, p.folder / "m.lp"),
    ),
    "an export to nowhere": Case(
        2, ("is not a folder", "不是文件夹"),
        words=lambda p: ("export", p.instance, p.folder / "no" / "m.lp"),
    ),
    "a template over a file": Case(
        2, ("is a file", "是文件"), lambda p: a_file(p.folder / "own"),
        words=lambda p: ("new", p.folder / "own"),
    ),
    "a template below a file": Case(
        2, ("cannot be written", "无法写入"), lambda p: a_file(p.folder / "own"),
        words=lambda p: ("new", p.folder / "own" / "deep"),
    ),
}  # fmt: skip

FAST = (
    "results is a file",
    "somebody else's folder",
    "results removed meanwhile",
    "every write finds the disk full",
    "every rename is refused",
    "every start of a process is refused",
    "a torn plan",
)
CASES_BY_SPEED = [
    name if name in FAST else pytest.param(name, marks=pytest.mark.campaign) for name in CASES
]


def spoilt(case: Case, place: Place) -> dict[str, Any]:
    """Spoil a place and return the arguments of the run."""
    case.spoil(place)
    more = dict(case.more)
    if "cwd" in more:
        more["cwd"] = place.folder / more["cwd"]
    if more.get("uid"):  # every folder above may be entered, none be written
        for folder in (place.folder, *place.folder.parents):
            if folder.owner() == "root" and folder != Path("/") and len(folder.parts) > 2:
                folder.chmod(0o755)
    return more


@pytest.mark.parametrize("name", CASES_BY_SPEED)
def test_a_place_that_fails(name: str, place: Place) -> None:
    """Code, words and remedy are right, the older result is whole or the new one is, at once."""
    case = CASES[name]
    lang = ("en", "zh")[list(CASES).index(name) % 2]
    more = spoilt(case, place)
    words = case.words(place) if case.words else (
        "solve", place.instance, "-o", place.out, "--quiet"
    )  # fmt: skip
    run = place.start(*words, quick=True, HUBOPT_LANG=lang, **more)
    case.meanwhile(place, run)
    run.ended()
    told = f"{run.code} {run.err}"
    assert run.code == case.code, told
    assert case.said[lang == "zh"] in run.err, told
    if case.state in {"old", "new"}:
        assert place.state() == case.state, told
    assert run.seconds < HASTE_S or not case.early, told
    assert len(place.rescued()) == case.kept, told
    assert place.left_over() == [] or case.more == CASES["nothing can be removed"].more


def test_a_result_in_use_is_waited_for_and_then_named(place: Place) -> None:
    """While another run holds the result, one waits three seconds and is told; nothing changes."""
    earlier(place)
    with FileLock(place.result.with_name(".base.lock")):
        run = place.start(*drawing(place)).ended()
    assert run.code == 2
    assert "another run is writing this result" in run.err
    assert place.state() == "old"


def test_two_runs_at_once_in_one_folder(place: Place) -> None:
    """Two solves of one instance into one folder both end well, and one result is there, whole."""
    runs = [place.solve(quick=True)]
    other = type(place)(place.folder, place.old)
    second = other.start(
        "solve", place.instance, "-o", place.out, "--quiet", quick=True, home=place.folder / "run2"
    )
    assert [run.ended().code for run in (*runs, second)] == [0, 0]
    assert place.state() == "new"
    assert place.left_over() == []


def test_results_are_whole_for_those_who_read_meanwhile(place: Place) -> None:
    """While results are replaced again and again, whoever verifies sees one that is whole."""
    place.solve(quick=True).ended()
    runs = [
        place.start(
            "map", place.result, quick=True, home=place.folder / f"run-{turn}", HUBOPT_LANG="zh"
        )
        for turn in range(2)
    ]
    for turn in range(10):
        seen = place.start(*checking(place), home=place.folder / f"seen-{turn}").ended()
        assert seen.code == 0, seen.out + seen.err
    assert {run.ended().code for run in runs} <= {0, 2}
    assert place.state() == "new"
