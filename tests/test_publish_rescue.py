"""A plan that took long to find is not lost: not by a full disk, a lock, a stop or a fault."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hubopt.errors import HuboptError, InputError
from hubopt.plan.store import from_json
from hubopt.publish.results import load_result, refuse_early
from tests.publishing import contents, instance_folder, quick_maps, written
from tests.tiny import tiny
from tests.tiny_plan import tiny_plan

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent

HEAD = """
import dataclasses, os, pathlib, sys
from hubopt.errors import InputError
from tests.publishing import written
from tests.tiny_plan import tiny_plan
root = pathlib.Path(sys.argv[1])
newer = dataclasses.replace(tiny_plan(), objective_fen=1)
def attempt():
    try:
        written(root, newer)
    except InputError as error:
        print(error)
        sys.exit(2)
"""

SMALL_FILES = """
import resource, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, resource.RLIM_INFINITY))
attempt()
"""
"""No file may pass 100 kB, as on a disk that is nearly full: plan.gpkg does not fit."""

NOT_THE_OWNER = """
for folder, _, names in os.walk(root / "results"):
    os.chmod(folder, 0o555)
if os.geteuid() == 0:
    written(root / "first", essentials=True)  # loads what only root may read
    os.seteuid(65534)
attempt()
"""


def in_child(code: str, root: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """Run code that writes results under `root` in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", HEAD + code, str(root)],
        capture_output=True,
        encoding="utf-8",
        check=False,
        cwd=ROOT,
        env={**os.environ, "PYTHONUTF8": "1", **env},
        timeout=120,
    )


def kept(said: str) -> Path:
    """Return the folder that a message names as that of the plan."""
    line = next(line for line in said.splitlines() if "the verified plan is kept here" in line)
    return Path(line.partition(": the verified")[0]).parent


@pytest.mark.skipif(os.name != "posix", reason="limits of the system are set by POSIX calls")
def test_a_map_that_does_not_fit_on_the_disk(tmp_path: Path) -> None:
    """When the real GeoPackage cannot grow, the older result stays and the plan is kept beside."""
    folder = written(tmp_path)
    old = contents(folder)
    done = in_child(SMALL_FILES, tmp_path)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "could not be written" in done.stdout
    assert contents(folder) == old
    saved = kept(done.stdout)
    assert saved == folder.with_name(".rescued-base-1")
    assert load_result(saved)[0].objective_fen == 1
    assert sorted(contents(saved)) == ["manifest.json", "plan.json", "verification.json"]
    assert not folder.with_name(".base.new").exists()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Return a file system of 200 kB, where the system lets us make one."""
    if sys.platform != "linux" or os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root on Linux can make a small file system")
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("this container may not mount")
    try:
        yield disk
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=True)


def test_a_full_disk(tmp_path: Path, small_disk: Path) -> None:
    """On a real full disk nothing of the older result is lost, and the plan is kept elsewhere."""
    (tmp_path / "tmp").mkdir()
    folder = written(small_disk, essentials=True)
    old = contents(folder)
    done = in_child("attempt()", small_disk, TMPDIR=str(tmp_path / "tmp"))
    assert done.returncode == 2, done.stdout + done.stderr
    assert contents(folder) == old
    assert load_result(kept(done.stdout))[0].objective_fen == 1
    filler = small_disk / "filler"
    with contextlib.suppress(OSError), filler.open("wb") as file:
        while True:
            file.write(b"0" * 512)
            file.flush()
    done = in_child("attempt()", small_disk, TMPDIR=str(tmp_path / "tmp"))
    assert (done.returncode, "disk is full" in done.stdout) == (2, True), done.stdout + done.stderr
    assert kept(done.stdout).is_relative_to(tmp_path / "tmp")
    assert contents(folder) == old


@pytest.mark.skipif(os.name != "posix", reason="rights of folders are those of POSIX")
def test_a_folder_of_somebody_else() -> None:
    """A user without the right to write is told so, and finds the plan in the temporary folder."""
    with tempfile.TemporaryDirectory() as home:
        os.chmod(home, 0o777)  # noqa: S103, PTH101  (another user writes there)
        root = Path(home) / "work"
        folder = written(root, essentials=True)
        old = contents(folder)
        passing = Path(home) / "tmp"
        passing.mkdir(mode=0o777)
        passing.chmod(0o777)
        done = in_child(NOT_THE_OWNER, root, TMPDIR=str(passing))
        for path, _, _ in os.walk(root / "results"):
            Path(path).chmod(0o755)
        assert (done.returncode, "may not be written" in done.stdout) == (2, True), (
            done.stdout + done.stderr
        )
        assert contents(folder) == old
        saved = kept(done.stdout) / "plan.json"
        assert saved.is_relative_to(passing)
        assert from_json(saved.read_text(encoding="utf-8")).objective_fen == 1


def test_stopped_while_writing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C while maps are drawn leaves the older result, and room for the essentials."""
    quick_maps(monkeypatch)
    folder = written(tmp_path)
    old = contents(folder)

    def stop(*_: object) -> bytes:
        raise KeyboardInterrupt

    monkeypatch.setattr("hubopt.publish.picture.picture", stop)
    newer = dataclasses.replace(tiny_plan(), objective_fen=1)
    with pytest.raises(KeyboardInterrupt):
        written(tmp_path, newer)
    assert contents(folder) == old
    assert load_result(written(tmp_path, newer, essentials=True))[0] == newer


def test_a_fault_of_hubopt_while_drawing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A map that fails for a reason nobody thought of does not cost the plan."""
    quick_maps(monkeypatch)

    def fail(*_: object) -> bytes:
        message = "no such thing"
        raise KeyError(message)

    monkeypatch.setattr("hubopt.publish.picture.picture", fail)
    for number in (1, 2):
        with pytest.raises(HuboptError, match="no such thing") as caught:
            written(tmp_path)
        assert caught.value.exit_code == 70
        assert f".rescued-base-{number}" in str(caught.value)


def test_nowhere_to_keep_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the plan can be kept nowhere the error says so instead of naming a place."""
    quick_maps(monkeypatch)
    written(tmp_path)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(InputError, match="could not be kept anywhere"):
        written(tmp_path, dataclasses.replace(tiny_plan(), objective_fen=1))


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_a_folder_whose_name_is_no_text(tmp_path: Path) -> None:
    """A path with bytes that are no UTF-8 is refused before any work, in words that print."""
    odd = tmp_path / os.fsdecode(b"inst\xff")
    shutil.copytree(instance_folder(tmp_path), odd)
    for folder, out in ((odd, tmp_path / "out"), (instance_folder(tmp_path), odd / "out")):
        with pytest.raises(InputError, match="not valid UTF-8") as caught:
            refuse_early(out, tiny(), "base", folder)
        assert str(caught.value).encode()
