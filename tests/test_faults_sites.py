"""Every write, sync, rename, removal and start of a process fails once, in every command."""

from __future__ import annotations

import itertools
import os
import re
import shutil
from typing import TYPE_CHECKING

import pytest

from tests.fault_runs import Place, Run, contents, copy_of, template
from tests.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["template"]

pytestmark = pytest.mark.skipif(os.name == "nt", reason="commands are forked")

ERRORS = ("ENOSPC", "EACCES", "EIO", "EMFILE", "MemoryError", "EROFS", "EDQUOT", "ENOMEM", "EAGAIN")
"""What the system may say, taken by turns."""

SITES = {
    "solve": (
        "look", "open", "spawn", "thread", "hand over", "hear", "mkdir", "write", "map", "database",
        "sync", "rename", "remove",
    ),
    "map": ("look", "open", "mkdir", "write", "map", "database", "sync", "rename", "remove"),
    "verify": ("look", "open"),
    "export": ("look", "open", "write", "sync", "rename", "remove"),
    "new": ("mkdir", "open", "write", "rename", "remove"),
}  # fmt: skip
"""The kinds of calls that each command makes."""

MANY, SOME = 30, 8
"""Of files opened (most are read), and lines of a model written, so many, evenly spread; of calls
while a map is drawn in full, which takes a second, so many."""

ENDS = {"KILL": {-9}, "TERM": {0, 130}, "INT": {0, 130}, "MemoryError": {0, 2, 70}}
REMEDY = re.compile(
    r"try again|free some|choose another|close |check |give |make it|see that|list fewer|请"
)
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def words_of(command: str, place: Place) -> tuple[object, ...]:
    """Return the command line of a command."""
    return {
        "solve": ("solve", place.instance, "-o", place.out, "--quiet"),
        "map": ("map", place.result),
        "verify": ("verify", place.result),
        "export": ("export", place.instance, place.folder / "model.lp"),
        "new": ("new", place.folder / "own"),
    }[command]


def prepare(command: str, place: Place) -> Place:
    """Return the place with the older result as the command needs it: of the present instance."""
    if command in {"map", "verify"}:
        shutil.rmtree(place.out)
        assert place.solve("--lang", "zh").ended().code == 0
        shutil.rmtree(place.home)
    return Place(place.folder, contents(place.result))


@pytest.fixture(scope="module")
def places(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Place]]:
    """Return for each command a place to copy, and in it what a run without faults gives."""
    folder = tmp_path_factory.mktemp("commands")
    found = {command: prepare(command, copy_of(template, folder / command)) for command in SITES}
    yield found
    shutil.rmtree(folder)


def run_of(command: str, place: Place, fault: Fault, lang: str, **more: bool) -> Run:
    """Return a run of a command that has ended, with a fault in it."""
    place.home.mkdir()
    (place.home / "lang").write_text(lang, encoding="utf-8")
    words = words_of(command, place)
    return place.start(*words, fault=fault, HUBOPT_LANG=lang, **more).ended()


def held(command: str, place: Place, run: Run, fault: Fault, whole: dict[str, bytes]) -> None:
    """Assert all that must hold after a fault."""
    told = f"{fault} -> {run.code}: {run.out[-300:]}{run.err}"
    assert run.code in ENDS.get(fault.act, {0, 2, 70}), told
    state = place.state()
    if command == "solve":
        assert state == "new" or run.code != 0, told
        assert state == "old" or run.code not in {2, 70}, told
    elif command in {"verify", "export", "new"}:
        assert state == "old", told
    made = made_by(command, place)
    assert made in ({}, whole), f"torn: {sorted(made)} {told}"
    assert made == whole or run.code != 0, told
    if run.code in {2, 70}:
        assert REMEDY.search(run.err), told
        assert bool(CHINESE.search(run.err)) == ("zh" in run_language(run)), told
    if "kept here" in run.err or "保存在此" in run.err:
        assert place.rescued(), told
    stays = fault.kind == "remove" and fault.act in ERRORS  # what cannot be removed goes next time
    if run.code != 0 and fault.act != "KILL" and not stays:
        assert place.left_over() == [], told


def run_language(run: Run) -> str:
    """Return the language that a run was asked to speak."""
    return (run.home / "lang").read_text(encoding="utf-8")


def made_by(command: str, place: Place) -> dict[str, bytes]:
    """Return what `export` and `new` made, under its own name."""
    if command == "export":
        file = place.folder / "model.lp"
        return {"model.lp": file.read_bytes()} if file.exists() else {}
    return contents(place.folder / "own") if command == "new" else {}


def sweep(
    command: str,
    kind: str,
    acts: tuple[str, ...],
    clean: Place,
    *,
    quick: bool = True,
) -> int:
    """Let each call of a kind fail, one in each run, and return how many there are.

    If `quick`, maps are small stand-ins; else, and of calls that are many, only some fail.
    """
    folder = clean.folder.with_name(f"{command}-now")
    seen = copy_of(clean.folder, folder)
    run = run_of(command, seen, Fault(), "en", quick=quick)
    total = run.counted["counts"].get(kind, 0)
    whole = made_by(command, seen)
    most = SOME if not quick else MANY if kind == "open" or command == "export" else total
    step = max(1, -(-total // max(1, most)))
    for turn, act in zip(range(0, total, step), itertools.cycle(acts), strict=False):
        shutil.rmtree(folder)
        place, fault = copy_of(clean.folder, folder), Fault(kind, turn, act)
        lang = ("en", "zh")[turn // step % 2]
        run = run_of(command, place, fault, lang, quick=quick)
        held(command, place, run, fault, whole)
    shutil.rmtree(folder)
    return int(total)


@pytest.fixture(autouse=True)
def _tidy(places: dict[str, Place]) -> Iterator[None]:
    """Remove what a failed sweep left behind."""
    yield
    for folder in places["solve"].folder.parent.glob("*-now"):
        shutil.rmtree(folder)


@pytest.mark.parametrize("command", SITES)
def test_no_call_passes_the_injector_by(command: str, places: dict[str, Place]) -> None:
    """The interpreter itself reports no write, rename or start of a process that is not counted."""
    clean = places[command]
    place = copy_of(clean.folder, clean.folder.with_name(f"{command}-now"))
    run = run_of(command, place, Fault(), "en", audit=True)
    assert run.code == 0
    assert run.counted["missed"] == []
    assert set(run.counted["counts"]) <= set(SITES[command])
    assert run.counted["counts"]["open"] > 0


@pytest.mark.campaign
@pytest.mark.parametrize(
    ("command", "kind"),
    [(command, kind) for command, kinds in SITES.items() for kind in kinds if kind != "map"],
)
def test_an_error_at_every_call(command: str, kind: str, places: dict[str, Place]) -> None:
    """Whichever call the system refuses: right code, words, older result whole, nothing left."""
    assert sweep(command, kind, ERRORS, places[command]) > 0 or kind == "remove"


@pytest.mark.campaign
@pytest.mark.parametrize("kind", ["map", "database", "write", "open", "sync", "mkdir"])
def test_an_error_while_real_maps_are_drawn(kind: str, places: dict[str, Place]) -> None:
    """The same with maps and tables drawn in full, at calls spread over the whole command."""
    assert sweep("map", kind, ERRORS, places["map"], quick=False) > 0


@pytest.mark.campaign
@pytest.mark.parametrize(
    ("command", "kind"),
    [
        *(("solve", kind) for kind in ("spawn", "write", "rename", "hear")),
        *(("map", kind) for kind in ("open", "mkdir", "database", "sync", "remove")),
        *(("export", kind) for kind in ("write", "sync", "rename", "remove")),
        *(("new", kind) for kind in ("mkdir", "write", "rename", "remove")),
    ],
)
def test_a_kill_at_every_call(command: str, kind: str, places: dict[str, Place]) -> None:
    """Killed at any write, sync, rename or removal, a command leaves the old or the new, whole."""
    assert sweep(command, kind, ("KILL",), places[command]) > 0


@pytest.mark.campaign
@pytest.mark.parametrize(
    ("command", "kind"),
    [
        *(("solve", kind) for kind in ("spawn", "thread", "write", "rename", "hear")),
        *(("map", kind) for kind in ("open", "mkdir", "sync", "remove")),
    ],
)
def test_a_signal_at_every_call(command: str, kind: str, places: dict[str, Place]) -> None:
    """SIGTERM or Ctrl-C at any call ends a command with 130, or finds it done; nothing is torn."""
    assert sweep(command, kind, ("TERM", "INT"), places[command]) > 0
