"""Results are written whole or not at all, by one run at a time, and never over others' files."""

from __future__ import annotations

import dataclasses
import errno
import hashlib
import json
import os
import pathlib
import shutil
import sqlite3
import tempfile
import threading
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock

from hubopt.errors import InputError, ViolationError
from hubopt.plan.report import Check, Verification
from hubopt.plan.store import from_json
from hubopt.publish import geopackage, results, swap
from hubopt.publish.results import load_result, refuse_early, write_results
from hubopt.text import Language
from tests.publishing import HOLDS, contents, instance_folder, quick_maps, written
from tests.tiny import tiny
from tests.tiny_plan import tiny_plan

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NEWER = dataclasses.replace(tiny_plan(), objective_fen=1)


class KilledError(BaseException):
    """Stands for the end of the process."""


class Saboteur:
    """Counts what touches the disk, and makes the n-th such call fail or the process die there."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.calls, self.fatal, self.deadly = 0, -1, False
        for owner, name in (
            (pathlib.Path, "write_bytes"),
            (pathlib.Path, "mkdir"),
            (pathlib.Path, "rename"),
            (os, "fsync"),
            (swap, "exchange"),
            (swap, "remove"),
        ):
            monkeypatch.setattr(owner, name, self.around(getattr(owner, name), name))

    def around(self, real: Callable[..., object], name: str) -> Callable[..., object]:
        """Return a call that fails when its turn comes."""

        def call(*args: object, **kwargs: object) -> object:
            here, self.calls = self.calls, self.calls + 1
            if self.deadly and 0 <= self.fatal <= here:
                raise KilledError
            if here == self.fatal and name != "remove":
                raise OSError(errno.ENOSPC, "No space left on device")
            return real(*args, **kwargs)

        return call


def hidden(folder: Path) -> list[str]:
    """Return the names of hidden folders beside a result."""
    return [path.name for path in folder.parent.iterdir() if path.is_dir() and path != folder]


def kept(error: InputError) -> Path:
    """Return the folder of the plan that an error names as kept; it must hold that plan whole."""
    finding = error.findings[-1]
    assert finding.code == "OUT12"
    file = pathlib.Path(finding.file)
    assert from_json(file.read_text(encoding="utf-8")) == NEWER
    return file.parent


@pytest.mark.parametrize("one_step", [True, False], ids=["exchange", "two renames"])
def test_a_failure_anywhere_leaves_the_older_result(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    one_step: bool,  # noqa: FBT001
) -> None:
    """Whichever write, sync or rename fails, the old files stay as they were, or the new stand."""
    quick_maps(monkeypatch)
    if not one_step:
        monkeypatch.setattr(swap, "exchange", lambda *_: False)
    folder = written(tmp_path)
    old = contents(folder)
    saboteur = Saboteur(monkeypatch)
    written(tmp_path)
    failures, needed = 0, saboteur.calls
    for turn in range(needed + 1):
        saboteur.fatal, saboteur.calls = turn, 0
        try:
            written(tmp_path, NEWER)
        except InputError as error:
            failures += 1
            assert contents(folder) == old
            shutil.rmtree(kept(error))
        else:
            assert load_result(folder)[0] == NEWER
            saboteur.fatal = -1
            written(tmp_path)
            assert contents(folder) == old
        assert hidden(folder) == []
    assert failures > 25


@pytest.mark.parametrize("one_step", [True, False], ids=["exchange", "two renames"])
def test_a_kill_anywhere_leaves_a_whole_result(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    one_step: bool,  # noqa: FBT001
) -> None:
    """Whenever a run is killed, the old plan or the new one can be read, and the next run works."""
    quick_maps(monkeypatch)
    if not one_step:
        monkeypatch.setattr(swap, "exchange", lambda *_: False)
    folder = written(tmp_path)
    saboteur = Saboteur(monkeypatch)
    saboteur.deadly = True
    deaths = 0
    for turn in range(200):
        saboteur.fatal, saboteur.calls = turn, 0
        try:
            written(tmp_path, NEWER)
        except KilledError:
            deaths += 1
        else:
            break
        saboteur.fatal = -1
        assert load_result(folder)[0] in {tiny_plan().objective_fen: tiny_plan(), 1: NEWER}.values()
        written(tmp_path)
        assert load_result(folder)[0] == tiny_plan()
        assert hidden(folder) == []
    assert deaths > 25


def test_a_first_result_that_fails_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the very first writing fails there is no result folder, whole or half."""

    def full(*_: object) -> None:
        message = "database or disk is full"
        raise sqlite3.OperationalError(message)

    monkeypatch.setattr(geopackage, "add_styles", full)
    with pytest.raises(InputError, match="disk is full"):
        written(tmp_path)
    folder = tmp_path / "results" / "tiny"
    assert sorted(path.name for path in folder.iterdir()) == [".base.lock", ".rescued-base-1"]


def test_same_plan_same_bytes(tmp_path: Path) -> None:
    """Two runs in two places give the same files to the byte, timings in the manifest apart."""
    one = contents(written(tmp_path / "one", seconds=1.0))
    two = contents(written(tmp_path / "two", seconds=2.0))
    records = [json.loads(files.pop("manifest.json")) for files in (one, two)]
    assert one == two
    assert [record.pop("timings") for record in records] == [{"solver": 1.0}, {"solver": 2.0}]
    assert records[0] == records[1]
    assert {"plan.json", "verification.json", "plan.gpkg", "map.png", "report.html"} < set(one)


def test_manifest_has_the_hash_of_every_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The manifest lists every file read and written with its SHA-256, versions and options."""
    quick_maps(monkeypatch)
    folder = written(tmp_path)
    record = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    there = contents(folder)
    del there["manifest.json"]
    hashes = {name: hashlib.sha256(data).hexdigest() for name, data in there.items()}
    assert record["outputs"] == hashes
    inputs = contents(instance_folder(tmp_path))
    assert record["inputs"] == {n: hashlib.sha256(d).hexdigest() for n, d in inputs.items()}
    assert record["instance_folder"] == "../../../instances/tiny"
    assert record["options"] == {"seed": 0, "gap": None}
    assert {"hubopt", "python", "highspy", "pyomo"} <= set(record["versions"])


def test_a_second_run_waits_and_gives_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While one run writes a result, another is told so after a short wait."""
    quick_maps(monkeypatch)
    monkeypatch.setattr(results, "WAIT_TO_WRITE_S", 0.2)
    (tmp_path / "results" / "tiny").mkdir(parents=True)
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with FileLock(tmp_path / "results" / "tiny" / ".base.lock"):
            held.set()
            done.wait(30)

    other = threading.Thread(target=hold)
    other.start()
    held.wait(30)
    try:
        with pytest.raises(InputError, match="another run is writing") as caught:
            written(tmp_path, NEWER)
        assert caught.value.findings[0].code == "OUT05"
        assert kept(caught.value).name == ".rescued-base-1"
    finally:
        done.set()
        other.join()
    assert load_result(written(tmp_path))[0] == tiny_plan()


@pytest.mark.parametrize("name", ["my notes.txt", "tables/extra.csv", "plan.qgz"])
def test_files_of_others_are_not_destroyed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """A result folder in which somebody keeps a file of theirs is left alone, by name."""
    quick_maps(monkeypatch)
    folder = written(tmp_path)
    (folder / name).write_text("mine", encoding="utf-8")
    old = contents(folder)
    with pytest.raises(InputError, match=name):
        written(tmp_path, NEWER)
    with pytest.raises(InputError, match=name):
        refuse_early(tmp_path / "results", tiny(), "base", instance_folder(tmp_path))
    assert contents(folder) == old


def test_a_folder_that_is_no_result_is_not_destroyed(tmp_path: Path) -> None:
    """A folder of another program at the same place is left alone, even with a manifest.json."""
    folder = tmp_path / "results" / "tiny" / "base"
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text('{"outputs": {}}', encoding="utf-8")
    with pytest.raises(InputError, match=r"manifest\.json"):
        written(tmp_path)
    assert list(contents(folder)) == ["manifest.json"]


def test_what_file_managers_leave_is_nobodys_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Side files of Finder, Explorer and an open QGIS do not stop a new result."""
    quick_maps(monkeypatch)
    folder = written(tmp_path)
    (folder / ".DS_Store").write_bytes(b"")
    (folder / "plan.gpkg-wal").write_bytes(b"")
    assert load_result(written(tmp_path, NEWER))[0] == NEWER


def test_out_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file where the results folder should be is named, and stays; the plan is kept elsewhere."""
    (tmp_path / "passing").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "passing"))
    (tmp_path / "results").write_text("a file", encoding="utf-8")
    with pytest.raises(InputError, match="a file stands where a folder is needed"):
        written(tmp_path)
    assert (tmp_path / "results").read_text(encoding="utf-8") == "a file"
    (saved,) = (tmp_path / "passing").iterdir()
    assert load_result(saved)[0] == tiny_plan()


def test_a_folder_that_may_not_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A read-only place is reported with a remedy instead of a traceback."""
    quick_maps(monkeypatch)
    folder = instance_folder(tmp_path)

    def denied(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(pathlib.Path, "mkdir", denied)
    with pytest.raises(InputError, match="may not be written") as caught:
        written(tmp_path)
    assert "choose another folder" in str(caught.value)
    assert folder.is_dir()


@pytest.mark.parametrize("name", ["../up", "a/b", ".hidden", "CON", "", "a\nb", "end."])
def test_names_that_are_no_folder_are_refused(tmp_path: Path, name: str) -> None:
    """The name of an instance cannot lead out of the results folder or break Windows."""
    plan = dataclasses.replace(tiny_plan(), instance=name)
    with pytest.raises(InputError, match="cannot be the name of a folder"):
        written(tmp_path, plan)
    assert not (tmp_path / "results").exists()


def test_a_plan_that_does_not_hold_is_not_written(tmp_path: Path) -> None:
    """What the verifier refused never becomes a result."""
    broken = Verification((Check("demand_met", 12, 1),), ())
    with pytest.raises(ViolationError):
        write_results(
            tmp_path / "results",
            tiny(),
            tiny_plan(),
            broken,
            run={},
            instance_folder=instance_folder(tmp_path),
            language=Language.EN,
        )
    assert not (tmp_path / "results").exists()
    assert HOLDS.passed


def test_load_finds_the_instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A result knows its instance, also after both moved together; else one says --instance."""
    quick_maps(monkeypatch)
    written(tmp_path / "here")
    (tmp_path / "here").rename(tmp_path / "there")
    folder = tmp_path / "there" / "results" / "tiny" / "base"
    where = tmp_path / "there" / "instances" / "tiny"
    assert load_result(folder) == (tiny_plan(), where)
    shutil.rmtree(where)
    with pytest.raises(InputError, match="--instance"):
        load_result(folder)
    elsewhere = instance_folder(tmp_path / "elsewhere")
    assert load_result(folder, elsewhere) == (tiny_plan(), elsewhere)


@pytest.mark.parametrize("name", ["plan.json", "manifest.json"])
def test_load_says_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """A folder without a plan or manifest is refused by name."""
    quick_maps(monkeypatch)
    folder = written(tmp_path)
    (folder / name).unlink()
    with pytest.raises(InputError, match=name):
        load_result(folder)


def test_broken_geometry_is_refused_before_any_work(tmp_path: Path) -> None:
    """A geometry file that is no GeoJSON of links is named before a solve begins."""
    folder = instance_folder(tmp_path)
    (folder / "geometry").mkdir()
    (folder / "geometry" / "roads.geojson").write_text('{"features": [{}]}', encoding="utf-8")
    with pytest.raises(InputError, match=r"geometry/roads\.geojson"):
        refuse_early(tmp_path / "results", tiny(), "base", folder)
