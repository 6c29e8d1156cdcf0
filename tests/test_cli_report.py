"""`hubopt report` as a planner meets it: one file, clear refusals, nothing lost in silence."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from hubopt.cli.entry import run
from hubopt.publish.manifest import read_manifest
from tests.comparing import POLICY, result
from tests.reports import Page


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return two results of an instance with one road: as it is, and under a policy."""
    root = tmp_path_factory.mktemp("report")
    return result(root / "one"), result(root / "two", POLICY)


def refused(capsys: pytest.CaptureFixture[str], *words: object, code: int = 2) -> str:
    """Run a command that must end with a code, and return what it said."""
    assert run(["report", "--lang", "en", *map(str, words)]) == code
    said = capsys.readouterr()
    return said.out + said.err


def test_results_become_one_page(
    results: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two results are one file that names both, the base first; a second run gives the same."""
    file = tmp_path / "new" / "page.html"
    assert run(["report", *map(str, results), "-o", str(file), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"file": str(file), "scenarios": ["base"] * 2}
    data = Page(file.read_bytes()).data
    assert [row["name"] for row in data["scenarios"]] == ["base", "base"]
    assert data["scenarios"][0]["title"] != data["scenarios"][1]["title"]
    assert data["language"] == "en"
    before = file.read_bytes()
    assert run(["report", *map(str, results), "-o", str(file)]) == 0
    assert "wrote" in capsys.readouterr().out
    assert file.read_bytes() == before
    assert run(["report", str(results[1]), "-o", str(file), "--lang", "zh"]) == 0
    assert "浏览器" in capsys.readouterr().out
    assert Page(file.read_bytes()).data["language"] == "zh"
    assert sorted(path.name for path in file.parent.iterdir()) == ["page.html"]


def test_each_result_has_a_page(tmp_path: Path) -> None:
    """A result folder holds its own report, the manifest knows it, and it is that of its plan."""
    for folder in [result(tmp_path)]:
        assert run(["map", str(folder), "--lang", "zh"]) == 0
        record = read_manifest(folder)
        assert record is not None
        assert "report.html" in record["outputs"]
        data = Page((folder / "report.html").read_bytes()).data
        plan = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
        assert [round(row["cost"] * 100) for row in data["scenarios"]] == [plan["objective_fen"]]
        assert data["scenarios"][0]["hash"] == plan["instance_hash"]


def test_what_is_no_result_is_left_out(
    results: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of a glob, files and folders without a plan are named and left out; nothing else is."""
    (tmp_path / "sensitivity").mkdir()
    (tmp_path / "note.txt").write_text("mine", encoding="utf-8")
    out = tmp_path / "page.html"
    words = [str(results[0]), str(tmp_path / "sensitivity"), str(tmp_path / "note.txt")]
    assert run(["report", *words, "-o", str(out)]) == 0
    said = capsys.readouterr().err
    assert "no results, passed over" in said
    assert "sensitivity" in said
    assert "note.txt" in said
    assert len(Page(out.read_bytes()).data["scenarios"]) == 1
    assert "no result is named" in refused(capsys, tmp_path / "sensitivity", "-o", out)
    assert "plan.json" in refused(capsys, results[0], tmp_path / "nowhere", "-o", out)
    assert "no result is named" in refused(capsys, "-o", out)


def test_results_of_unlike_instances_are_refused(
    results: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Results of two instances on one page would compare what cannot be compared."""
    other = result(tmp_path, name="other")
    said = refused(capsys, results[0], other, "-o", tmp_path / "page.html")
    assert "another instance" in said
    assert not (tmp_path / "page.html").exists()


def test_a_plan_that_does_not_hold_is_refused(
    results: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A plan with an edited cost is verified anew and not shown."""
    folder = Path(shutil.copytree(results[0], tmp_path / "tiny" / "base"))
    plan = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    plan["objective_fen"] += 100
    (folder / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
    home = next((results[0].parents[2]).glob("instance*"))
    said = refused(capsys, folder, "--instance", home, "-o", tmp_path / "page.html", code=1)
    assert "cost_objective" in said
    assert not (tmp_path / "page.html").exists()


def test_only_a_page_of_ours_is_replaced(
    results: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Another suffix, a page of somebody else, a folder, and the inside of a result are refused."""
    mine = tmp_path / "mine.html"
    mine.write_text("<html>mine</html>", encoding="utf-8")
    (tmp_path / "folder.html").mkdir()
    for out, words in (
        (tmp_path / "page.pdf", ".html"),
        (mine, "not a report of hubopt"),
        (tmp_path / "folder.html", "not a report of hubopt"),
        (results[0] / "page.html", "keeps its own report"),
    ):
        assert words in refused(capsys, results[0], "-o", out), out
        assert run(["report", str(results[0]), "-o", str(out), "--lang", "zh"]) == 2
        assert "另选文件" in capsys.readouterr().err, out
    assert mine.read_text(encoding="utf-8") == "<html>mine</html>"
    assert not (results[0] / "page.html").exists()
    (tmp_path / "file").write_text("", encoding="utf-8")
    said = refused(capsys, results[0], "-o", tmp_path / "file" / "page.html")
    assert "folder is needed" in said
