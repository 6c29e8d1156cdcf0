"""`hubopt export` to a workbook and back, and `hubopt new --excel`: whole files, nothing lost."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from hubopt.cli.entry import run
from hubopt.instance.digest import content_hash
from hubopt.instance.read import read
from hubopt.instance.scenario import overlaid
from hubopt.instance.template_rows import example
from hubopt.publish.shapes import read_geometry
from hubopt.study.uncertain import read_uncertain
from tests.instance_folder import snapshot, tiny_folder
from tests.tiny import tiny

MINI = Path(__file__).parent.parent / "instances" / "zhengzhou-mini"
SCENARIO = '[settings]\ncarbon_price_cny_per_t = 500\nsource = "test"\n'


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every command speak English unless a test asks for another language."""
    monkeypatch.setenv("HUBOPT_LANG", "en")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the tiny instance as a folder with a scenario and notes beside its tables."""
    made = tiny_folder(tmp_path / "tiny")
    (made / "scenarios").mkdir()
    (made / "scenarios" / "dear.toml").write_text(SCENARIO, encoding="utf-8")
    (made / "README.md").write_text("mine", encoding="utf-8")
    (made / "private.txt").write_text("not of the instance", encoding="utf-8")
    return made


def test_there_and_back(folder: Path, tmp_path: Path) -> None:
    """Into new folders the scenarios go along: workbook and folder hold the instance."""
    book = tmp_path / "made" / "hub.xlsx"
    assert run(["export", str(folder), str(book)]) == 0
    assert read(book) == tiny()
    assert overlaid(book, "dear").settings.carbon_price_cny_per_t == 500
    assert run(["check", str(book), "--scenario", "all"]) == 0
    again = tmp_path / "again"
    assert run(["export", str(book), str(again)]) == 0
    mine = {name: data for name, data in snapshot(folder).items() if name != "private.txt"}
    assert snapshot(again) == mine
    assert content_hash(read(again)) == content_hash(tiny())
    left = sorted(path.name for path in tmp_path.iterdir())
    assert left == ["again", "made", "tiny"]


def test_beside_other_files_only_the_workbook_is_written(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In a folder with anything in it nothing else appears, and it is said what stayed behind."""
    before = snapshot(tmp_path)
    assert run(["export", str(folder), str(tmp_path / "hub.xlsx"), "--lang", "zh"]) == 0
    said = capsys.readouterr()
    assert "已写入" in said.out
    assert "工作簿不含：scenarios；请从" in said.err
    after = snapshot(tmp_path)
    assert set(after) - set(before) == {"hub.xlsx"}
    assert run(["export", str(folder), str(folder / "hub.xlsx"), "--json"]) == 0
    said = capsys.readouterr()
    assert (json.loads(said.out), said.err) == ({"file": str(folder / "hub.xlsx")}, "")


def test_an_edited_workbook_is_never_replaced(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A workbook of hubopt is written anew; one that a planner saved stays, with a reason."""
    book = tmp_path / "hub.xlsx"
    assert run(["export", str(folder), str(book)]) == 0
    first = book.read_bytes()
    assert run(["export", str(folder), str(book)]) == 0
    assert book.read_bytes() == first
    opened = load_workbook(io.BytesIO(first))
    opened["demand"]["F2"] = 1
    opened.save(book)
    edited = book.read_bytes()
    capsys.readouterr()
    assert run(["export", str(folder), str(book)]) == 2
    assert "was saved by another program" in capsys.readouterr().err
    assert book.read_bytes() == edited


def test_a_used_folder_is_refused(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Tables go into a new or an empty folder alone, also one with a dot in its name."""
    before = snapshot(folder)
    assert run(["export", str(folder), str(folder)]) == 2
    assert "is not empty" in capsys.readouterr().err
    assert snapshot(folder) == before
    (tmp_path / "v1.0").mkdir()
    assert run(["export", str(folder), str(tmp_path / "v1.0")]) == 0
    assert read(tmp_path / "v1.0") == tiny()
    assert run(["export", str(folder), str(tmp_path / "v1.1")]) == 2
    assert "has no dot in its name, or is there already" in capsys.readouterr().err


def test_a_place_that_cannot_be_written_is_told(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file where a folder should be ends with a reason, exit code 2, and nothing written."""
    (tmp_path / "file").write_text("x", encoding="utf-8")
    for target in ("file/hub.xlsx", "file/deep/hub.xlsx", "file/deep"):
        assert run(["export", str(folder), str(tmp_path / target)]) == 2, target
        assert "cannot be written" in capsys.readouterr().err
    assert (tmp_path / "file").read_text(encoding="utf-8") == "x"


def test_names_that_no_file_can_have_are_told(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A name too long for the system is no fault of hubopt, wherever it is given."""
    long = "x" * 300
    for source, target in ((long, "a.xlsx"), (str(folder), f"{long}.xlsx"), (str(folder), long),
                           (str(folder), f"{long}/a.xlsx")):  # fmt: skip
        assert run(["export", source, str(tmp_path / target)]) == 2, (source, target)
        assert long in capsys.readouterr().err


def test_a_wrong_instance_is_not_exported(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is wrong with an instance is said as everywhere, and no file is there afterwards."""
    (folder / "demand.csv").unlink()
    for target in ("new/hub.xlsx", "new"):
        assert run(["export", str(folder), str(tmp_path / target)]) == 2
        assert "the file is missing" in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


def test_links_out_of_the_instance_are_not_followed(folder: Path, tmp_path: Path) -> None:
    """A link that leads elsewhere does not bring a stranger's file along."""
    secret = tmp_path / "secret.geojson"
    secret.write_text("secret", encoding="utf-8")
    (folder / "geometry").mkdir()
    (folder / "geometry" / "lines.geojson").symlink_to(secret)
    assert run(["export", str(folder), str(tmp_path / "new" / "hub.xlsx")]) == 0
    assert sorted(snapshot(tmp_path / "new")) == ["README.md", "hub.xlsx", "scenarios/dear.toml"]


def test_the_template_as_a_workbook(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It holds what the template's folder holds, passes the check, and so does its scenario."""
    place = tmp_path / "my-hub"
    assert run(["new", str(place), "--excel", "--json"]) == 0
    book = place / "my-hub.xlsx"
    assert json.loads(capsys.readouterr().out) == {"folder": str(place), "workbook": str(book)}
    assert read(book) == example("my-hub")
    assert run(["check", str(book)]) == 0
    assert run(["check", str(book), "--scenario", "all"]) == 0
    assert sorted(snapshot(place)) == ["README.md", "my-hub.xlsx", "scenarios/more_demand.toml"]
    text = (place / "README.md").read_text(encoding="utf-8")
    assert "hubopt check my-hub.xlsx" in text
    assert "# 如何填写本工作簿" in text
    assert "## demand\n" in text
    assert run(["new", str(place), "--excel"]) == 2
    capsys.readouterr()
    assert run(["new", str(tmp_path / "other.xlsx"), "--excel", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["workbook"] == str(tmp_path / "other" / "other.xlsx")


def test_the_mini_instance_keeps_its_studies(tmp_path: Path) -> None:
    """Scenarios, drawn lines and uncertain numbers are found beside the workbook."""
    book = tmp_path / "made" / "mini.xlsx"
    assert run(["export", str(MINI), str(book)]) == 0
    mini = read(MINI)
    assert read_uncertain(book, mini) == read_uncertain(MINI, mini)
    assert read_geometry(book, mini).shapes == read_geometry(MINI, mini).shapes
    assert (tmp_path / "made" / "hedge.toml").is_file()
    assert (tmp_path / "made" / "LICENSES.md").is_file()
