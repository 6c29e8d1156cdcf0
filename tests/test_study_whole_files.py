"""Files that belong together are written all or none."""

from __future__ import annotations

from pathlib import Path

import pytest

from hubopt.cli.entry import run
from hubopt.study.whole_files import write_together
from tests.instance_folder import snapshot

NEW = {"a.csv": b"new a", "b.csv": b"new b", "c.csv": b"new c"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with two older files and one of somebody else."""
    for name in ("a.csv", "b.csv", "mine.txt"):
        (tmp_path / name).write_text(f"old {name}", encoding="utf-8")
    return tmp_path


def test_all_are_written(folder: Path) -> None:
    """Older ones are replaced, others stay, and nothing else is left."""
    mine = snapshot(folder)["mine.txt"]
    write_together(folder, NEW)
    assert snapshot(folder) == {**NEW, "mine.txt": mine}
    write_together(folder / "deep" / "er", NEW)
    assert snapshot(folder / "deep" / "er") == NEW


def test_a_folder_in_the_way_changes_nothing(folder: Path) -> None:
    """What has the name of a file is refused before any file is touched."""
    (folder / "c.csv").mkdir()
    before = snapshot(folder)
    with pytest.raises(IsADirectoryError):
        write_together(folder, NEW)
    assert snapshot(folder) == before


@pytest.mark.parametrize("number", range(8))
def test_whichever_step_fails_the_old_files_stand(
    number: int, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each move may fail, as where another program holds a file open."""
    before = snapshot(folder)
    count = -1
    replace = Path.replace

    def failing(self: Path, target: Path) -> Path:
        nonlocal count
        count += 1
        if count == number:
            raise PermissionError(13, "in use", str(self))
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", failing)
    with pytest.raises(PermissionError):
        write_together(folder, NEW)
    assert snapshot(folder) == before


def test_what_cannot_be_brought_back_is_not_lost(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where every move fails from one on, each old file stands under its name or another."""
    old = {content for name, content in snapshot(folder).items() if name != "mine.txt"}
    count = 0
    replace = Path.replace

    def failing(self: Path, target: Path) -> Path:
        nonlocal count
        count += 1
        if count > 5:  # three new files beside, one old file put aside and its new one in place
            raise PermissionError(13, "in use", str(self))
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", failing)
    with pytest.raises(PermissionError):
        write_together(folder, NEW)
    assert old <= set(snapshot(folder).values())


def test_a_comparison_is_written_whole(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder where the map is to be is named, and the older tables stand."""
    monkeypatch.setenv("HUBOPT_LANG", "en")
    monkeypatch.chdir(tmp_path)
    mini = Path(__file__).parent.parent / "instances" / "zhengzhou-mini"
    words = ["--scenario", "base", "--scenario", "border_halt", "--gap", "0.2"]
    assert run(["solve", str(mini), "--out", "results", *words]) == 0
    results = [f"results/zhengzhou-mini/{name}" for name in ("base", "border_halt")]
    assert run(["compare", *results, "-o", "out"]) == 0
    (tmp_path / "out" / "compare.gpkg").unlink()
    (tmp_path / "out" / "compare.gpkg").mkdir()
    before = snapshot(tmp_path / "out")
    capsys.readouterr()
    assert run(["compare", *reversed(results), "-o", "out"]) == 2
    assert "a folder stands where the file out/compare.gpkg is to be" in capsys.readouterr().err
    assert snapshot(tmp_path / "out") == before
