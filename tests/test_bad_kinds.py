"""Every kind of bad input: the right answer to each, in both languages, and none left out."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from hubopt.cli.entry import run
from tests.bad_folders import checked
from tests.bad_kinds import KINDS, Kind
from tests.instance_folder import D, cell, tiny_folder
from tests.tiny import tiny
from tests.workbook import tiny_book

if TYPE_CHECKING:
    from collections.abc import Iterator

CASES = [
    pytest.param(kind, id=f"{code}-{here}")
    for code, kinds in KINDS.items()
    for here, kind in enumerate(kinds)
    if kind.code != "OPTION"
]
ROOT = Path(__file__).parent.parent
THROUGH_THE_DOOR = ("ENC01", "KEY06", "TAB10", "GEO09", "SEC13")


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give every command the language that it asks for and no other test any of it."""
    monkeypatch.setenv("HUBOPT_LANG", "en")


@pytest.mark.parametrize("kind", CASES)
def test_each_kind_gets_its_answer(
    kind: Kind, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`check` says file, row, column, value, reason and remedy, in English and in Chinese."""
    monkeypatch.chdir(tmp_path)
    path = kind.make(tmp_path)
    code, english = checked(path, *kind.options, lang="en", out=capsys.readouterr)
    chinese = checked(path, *kind.options, lang="zh", out=capsys.readouterr)[1]
    assert not (tmp_path / "pwned").exists()
    if not kind.code:
        assert (code, english["valid"]) == (0, True), english
        said = [note for note in english["notes"] if kind.note and kind.note in note]
        assert len(said) == bool(kind.note), english["notes"]
        return
    assert code == 2
    found = first_of(kind, english["findings"])
    for name in ("row", "column", "value", "sheet", "cell"):
        assert found[name] == getattr(kind, name), (name, found)
    assert kind.said in found["reason"], found
    assert found["remedy"].strip(), found
    assert kind.remedy in found["remedy"], found
    assert kind.nearest is None or found["nearest"] == kind.nearest
    other = first_of(kind, chinese["findings"])
    assert kind.zh in other["reason"] + other["remedy"], other
    assert any("\u4e00" <= sign <= "\u9fff" for sign in other["remedy"])
    assert not kind.alone or len(english["findings"]) == 1, english


def first_of(kind: Kind, findings: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the first finding of the code and file that a kind asks for."""
    found = [f for f in findings if (f["code"], f["file"]) == (kind.code, kind.file)]
    if not found:
        found = [f for f in findings if f["code"] == kind.code and f["file"].endswith(kind.file)]
    assert found, findings
    return found[0]


@pytest.mark.parametrize("code", THROUGH_THE_DOOR)
def test_the_command_line_ends_with_two(code: str, tmp_path: Path) -> None:
    """Through the real command, in Chinese: code 2, the message, no traceback."""
    kind = KINDS[code][0]
    done = subprocess.run(
        [sys.executable, "-m", "hubopt", "check", str(kind.make(tmp_path)), "--lang", "zh"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        cwd=ROOT,
        env={**os.environ, "PYTHONUTF8": "1"},
        timeout=60,
    )
    assert done.returncode == 2
    assert kind.file in done.stdout
    assert kind.zh in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_no_expression_is_ever_evaluated(capsys: pytest.CaptureFixture[str]) -> None:
    """There is no option that filters by an expression: it is refused before anything is read."""
    (kind,) = KINDS["SEC14"]
    assert run(["check", "instances/zhengzhou-mini", *kind.options]) == 2
    assert "--where" in capsys.readouterr().err


def test_a_misspelt_option_of_the_solver_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """HiGHS would ignore the option; hubopt names the nearest one and solves nothing."""
    folder = tiny_folder(tmp_path / "tiny")
    out = tmp_path / "out"
    assert run(["solve", str(folder), "--out", str(out), "--highs", "mip_rel_gp=0.1"]) == 2
    said = capsys.readouterr().err
    assert "mip_rel_gp" in said
    assert "mip_rel_gap" in said
    assert not out.exists()


@pytest.mark.parametrize("name", [D, "plan.xlsx"])
def test_a_file_that_changes_while_it_is_read(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A table or workbook that is saved meanwhile is refused, not half read (SEC16)."""
    folder = tiny_folder(tmp_path / "tiny")
    path = folder if name == D else tiny_book(tmp_path / name)
    real = Path.read_bytes

    def slow(file: Path) -> bytes:
        content = real(file)
        if file.name == name:
            file.write_bytes(content + b"x")
        return content

    monkeypatch.setattr("pathlib.Path.read_bytes", slow)
    code, said = checked(path, lang="en", out=capsys.readouterr)
    assert code == 2
    assert [(f["file"], f["code"]) for f in said["findings"]] == [(name, "SEC16")]
    assert said["findings"][0]["remedy"] == "run again"


def shared_codes() -> Iterator[str]:
    """Yield the codes of the list of bad inputs that lies beside the public benchmarks."""
    file = Path(os.environ["HUBOPT_BENCHMARKS"]).parent / "bad_inputs.csv"
    with file.open(encoding="utf-8-sig", newline="") as text:
        yield from (row["code"] for row in csv.DictReader(text))


@pytest.mark.skipif("HUBOPT_BENCHMARKS" not in os.environ, reason="the list is not here")
def test_no_kind_of_the_list_is_left_out() -> None:
    """Where the list of bad inputs is at hand, each of its codes has a case here and no other."""
    codes = list(shared_codes())
    assert codes == list(KINDS)
    assert len(codes) == 86


def test_every_kind_has_a_case() -> None:
    """Each of the 86 kinds has at least one case; only the file that changes is tested apart."""
    assert len(KINDS) == 86
    assert [code for code, kinds in KINDS.items() if not kinds] == ["SEC16"]
    assert all(kind.instead for kind in (KINDS["NUM13"][0], KINDS["NUM16"][0], KINDS["TAB12"][0]))


def test_the_untouched_instance_passes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Folder and workbook read alike before they are spoilt, so that cases fail for their fault."""
    for path in (
        tiny_folder(tmp_path / "tiny", cell(D, 2, "id", "x")),
        tiny_book(tmp_path / "b.xlsx"),
    ):
        code, said = checked(path, lang="en", out=capsys.readouterr)
        assert (code, said["notes"]) == (0, []), said
    assert json.dumps(said["shipments"]) == str(len(tiny().demand))
