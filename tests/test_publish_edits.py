"""Nobody's work is overwritten: edits are seen and named, what QGIS merely opened is let pass."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import sqlite3
from typing import TYPE_CHECKING

import pytest

from hubopt.errors import InputError
from hubopt.publish.edits import changed_files
from hubopt.publish.results import load_result, refuse_early
from tests.publishing import contents, instance_folder, quick_maps, written
from tests.tiny import tiny
from tests.tiny_plan import tiny_plan

if TYPE_CHECKING:
    from pathlib import Path

NEWER = dataclasses.replace(tiny_plan(), objective_fen=1)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a written result with small stand-ins for its maps."""
    quick_maps(monkeypatch)
    return written(tmp_path)


def change(package: Path, *statements: str) -> None:
    """Run SQL on a database, as another program would."""
    with contextlib.closing(sqlite3.connect(package)) as base:
        for statement in statements:
            base.execute(statement)
        base.commit()


@pytest.mark.parametrize("name", ["plan.json", "tables/sites.csv", "map.png", "verification.json"])
def test_an_edited_file_is_named_and_kept(tmp_path: Path, folder: Path, name: str) -> None:
    """A file that somebody changed stops a new result before and after the work, by name."""
    file = folder / name
    file.write_bytes(file.read_bytes() + b" ")
    old = contents(folder)
    assert changed_files(folder) == (name,)
    with pytest.raises(InputError, match=name) as caught:
        written(tmp_path, NEWER)
    assert "delete them here" in str(caught.value)
    with pytest.raises(InputError, match=name):
        refuse_early(tmp_path / "results", tiny(), "base", instance_folder(tmp_path))
    assert contents(folder) == old


def test_a_deleted_file_is_changed_but_no_work_to_lose(tmp_path: Path, folder: Path) -> None:
    """A file that is gone is told of, and does not stop a new result."""
    (folder / "map.png").unlink()
    assert changed_files(folder) == ("map.png",)
    written(tmp_path, NEWER)
    assert changed_files(folder) == ()


def test_a_map_that_was_merely_opened_is_unchanged(tmp_path: Path, folder: Path) -> None:
    """QGIS switches the journal of a file that it opens: other bytes, the same rows."""
    package = folder / "plan.gpkg"
    before = package.read_bytes()
    change(package, "PRAGMA journal_mode = WAL", "PRAGMA user_version = 5")
    assert package.read_bytes() != before
    assert changed_files(folder) == ()
    assert load_result(written(tmp_path, NEWER))[0] == NEWER


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE flows SET mode = 'air'",
        "CREATE TABLE qgis_projects (name TEXT, content BLOB)",
        "CREATE TABLE layer_styles (styleQML TEXT)",
        "DROP TABLE flows",
    ],
)
def test_work_in_a_map_is_not_lost(tmp_path: Path, folder: Path, statement: str) -> None:
    """Edited features, projects and styles that users keep in plan.gpkg stop a new result."""
    change(folder / "plan.gpkg", statement)
    assert changed_files(folder) == ("plan.gpkg",)
    with pytest.raises(InputError, match=r"plan\.gpkg"):
        written(tmp_path, NEWER)


def test_work_that_qgis_has_not_merged_yet_counts(folder: Path) -> None:
    """Edits that still stand in the journal of an open file are seen."""
    with contextlib.closing(sqlite3.connect(folder / "plan.gpkg")) as base:
        base.execute("PRAGMA journal_mode = WAL")
        base.execute("UPDATE flows SET mode = 'air'")
        base.commit()
        assert (folder / "plan.gpkg-wal").stat().st_size > 0
        assert changed_files(folder) == ("plan.gpkg",)


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "a\0b", "x" * 5000, "C:/x", ""])
def test_a_manifest_cannot_point_elsewhere(folder: Path, name: str) -> None:
    """A name in a manifest that leads out of the folder, or is none, is never opened."""
    record = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    record["outputs"][name] = "0" * 64
    (folder / "manifest.json").write_text(json.dumps(record), encoding="utf-8")
    assert changed_files(folder) == (name,)


@pytest.mark.parametrize(
    "text", ["[" * 100_000, '{"program": "hubopt", "outputs": {"a": 1}}', "\0"]
)
def test_a_manifest_that_is_none(tmp_path: Path, folder: Path, text: str) -> None:
    """A manifest that cannot be read makes the folder that of others."""
    (folder / "manifest.json").write_text(text, encoding="utf-8")
    assert changed_files(folder) == ()
    with pytest.raises(InputError, match=r"manifest\.json"):
        load_result(folder)
    with pytest.raises(InputError, match="not hubopt's"):
        written(tmp_path, NEWER)


@pytest.mark.parametrize("said", ["a\0b", "x" * 5000, "\ud800", 7, None, "../../nowhere"])
def test_an_instance_folder_that_is_none(folder: Path, said: object) -> None:
    """Whatever the manifest says of the instance, the user is asked for it."""
    record = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    record["instance_folder"] = said
    (folder / "manifest.json").write_text(json.dumps(record), encoding="utf-8")
    with pytest.raises(InputError, match="--instance") as caught:
        load_result(folder)
    assert len(str(caught.value).encode()) < 1000


def test_a_plan_of_another_run_is_read_again(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While a new result takes the place of an old one, plan and manifest are of the same run."""
    old = (folder / "plan.json").read_bytes()
    written(tmp_path, NEWER)
    new = (folder / "plan.json").read_bytes()
    seen = iter([old, new])
    monkeypatch.setattr("hubopt.publish.load.read_plan", lambda _: next(seen))
    assert load_result(folder)[0] == NEWER


def test_an_edited_plan_is_still_read(folder: Path) -> None:
    """A plan that somebody changed comes as it is, for the verifier to say what is wrong."""
    file = folder / "plan.json"
    text = file.read_text(encoding="utf-8").replace("98765432100", "5")
    file.write_text(text, encoding="utf-8")
    assert load_result(folder)[0].objective_fen == 5
    assert changed_files(folder) == ("plan.json",)


@pytest.mark.skipif(os.name != "posix", reason="links need rights on Windows")
def test_a_link_of_the_user_is_followed_and_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A result folder that is a link stays one; what it leads to is replaced."""
    quick_maps(monkeypatch)
    link = tmp_path / "results" / "tiny" / "base"
    link.parent.mkdir(parents=True)
    link.symlink_to(tmp_path / "elsewhere")
    for plan in (tiny_plan(), NEWER):
        assert written(tmp_path, plan) == link
        assert link.is_symlink()
        assert load_result(link)[0] == plan
        assert load_result(tmp_path / "elsewhere")[0] == plan
    link.unlink()
    link.symlink_to(link)
    with pytest.raises(InputError, match="links in a circle"):
        written(tmp_path)
    assert link.is_symlink()


@pytest.mark.skipif(os.name != "posix", reason="links need rights on Windows")
def test_a_stray_link_is_removed_without_what_it_leads_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A link where a new result is prepared goes away, the folder behind it stays."""
    quick_maps(monkeypatch)
    folder = written(tmp_path)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine", encoding="utf-8")
    folder.with_name(".base.new").symlink_to(tmp_path / "mine")
    assert load_result(written(tmp_path, NEWER))[0] == NEWER
    assert list(contents(tmp_path / "mine")) == ["notes.txt"]
    assert not folder.with_name(".base.new").is_symlink()


@pytest.mark.skipif(os.name != "posix", reason="links need rights on Windows")
def test_links_inside_a_result_are_the_users(tmp_path: Path, folder: Path) -> None:
    """A file of a result that a user moved away and linked back is not overwritten."""
    (folder / "map.png").rename(tmp_path / "map.png")
    (folder / "map.png").symlink_to(tmp_path / "map.png")
    with pytest.raises(InputError, match=r"map\.png"):
        written(tmp_path, NEWER)
