"""What `hubopt compare` makes of a shell's `*`: results, what is none, and which is the base."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from hubopt.cli.entry import run
from hubopt.cli.given_results import spread_out
from hubopt.plan.hedge_store import NAME as HEDGE
from tests.comparing import POLICY, result

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start each test in English, and leave the language to others as it was."""
    monkeypatch.setenv("HUBOPT_LANG", "en")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder of results: `a_policy` and `base`, whose instances lie beside it."""
    for name, policies in (("base", ()), ("a_policy", (POLICY,))):
        made = result(tmp_path, *policies)
        shutil.move(made, tmp_path / "all" / name)
        manifest = tmp_path / "all" / name / "manifest.json"
        record = json.loads(manifest.read_text(encoding="utf-8"))
        home = "-".join(("instance", *policies))
        record |= {"instance_folder": f"../../{home}"}
        manifest.write_text(json.dumps(record), encoding="utf-8")
    return tmp_path / "all"


def compared(*words: object, capsys: pytest.CaptureFixture[str]) -> tuple[list[str], str]:
    """Return the names of the results that were compared, the base first, and what was said."""
    assert run(["compare", *map(str, words), "--json"]) == 0
    printed = capsys.readouterr()
    return [one["folder"].rpartition("/")[2] for one in json.loads(printed.out)["results"]], (
        printed.err
    )


def test_what_is_no_result_is_passed_over_and_named(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Folders of other commands, a hedge, an empty one and plain files do not stop a comparison."""
    for name in ("sensitivity", "pareto", "hedge", "empty"):
        (folder / name).mkdir()
    (folder / "sensitivity" / "sites.csv").write_text("x", encoding="utf-8")
    shutil.copytree(folder / "base", folder / "pareto" / "points")
    (folder / "hedge" / HEDGE).write_text("{}", encoding="utf-8")
    (folder / "hedge" / "manifest.json").write_text("{}", encoding="utf-8")
    (folder / "notes\x1b.txt").write_text("x", encoding="utf-8")
    names, said = compared(*sorted(folder.iterdir()), capsys=capsys)
    assert names == ["a_policy", "base"]
    (line,) = [line for line in said.splitlines() if line.startswith("no results")]
    for name in ("sensitivity", "pareto", "hedge", "empty", "notes\\x1b.txt"):
        assert name in line


def test_a_broken_result_is_an_error(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A result without its plan, or one that was misspelt, is not passed over."""
    both = [folder / "base", folder / "a_policy"]
    shutil.copytree(folder / "base", folder / "torn")
    (folder / "torn" / "plan.json").unlink()
    for wrong in ("torn", "bsae"):
        assert run(["compare", *map(str, both), str(folder / wrong)]) == 2
        assert wrong in capsys.readouterr().err
    (folder / "no.txt").touch()
    assert run(["compare", str(both[0]), str(folder / "no.txt")]) == 2
    said = capsys.readouterr().err
    assert "no results, passed over" in said
    assert "needs two results or more" in said


def test_the_order_or_an_option_says_which_is_the_base(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The first is the base, with a note if `base` is among them; `--base` puts another first."""
    for name in ("base", "a_policy"):  # both plans are of base: manifests tell them apart here
        manifest = folder / name / "manifest.json"
        record = json.loads(manifest.read_text(encoding="utf-8"))
        manifest.write_text(json.dumps({**record, "scenario": name}), encoding="utf-8")
    starred = sorted(folder.iterdir())
    names, said = compared(*starred, capsys=capsys)
    assert names == ["a_policy", "base"]
    assert "--base base" in said
    for words in (("--base", "base"), ("--base", f"{folder / 'base'}/")):
        names, said = compared(*starred, *words, capsys=capsys)
        assert (names, said) == (["base", "a_policy"], "")
    names, said = compared(*reversed(starred), capsys=capsys)
    assert (names, said) == (["base", "a_policy"], "")
    names, _ = compared(*reversed(starred), "--base", "a_policy", capsys=capsys)
    assert names == ["a_policy", "base"]


def test_a_base_that_is_not_there_or_not_alone_is_refused(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The nearest name, or all that it may be, are told; the instances stay with their results."""
    starred = [str(path) for path in sorted(folder.iterdir())]
    assert run(["compare", *starred, "--base", "bas"]) == 2
    assert 'nearest "base"' in capsys.readouterr().err
    assert run(["compare", *starred, "--base", "base", "--lang", "zh"]) == 2
    assert "可指" in capsys.readouterr().err
    homes = [folder.parent / "instance-green", folder.parent / "instance"]
    words = [str(word) for home in homes for word in ("--instance", home)]
    assert run(["compare", *starred, *words, "--base", f"{folder / 'base'}", "--lang", "en"]) == 0
    assert "policy on: green" in capsys.readouterr().out


def test_stars_that_no_shell_spread_out_are(tmp_path: Path) -> None:
    """In order and without hidden files; what matches nothing stays, to be told of."""
    for name in ("red_sea", "base", ".base.lock"):
        (tmp_path / name).mkdir()
    assert spread_out(tmp_path / "*") == [tmp_path / "base", tmp_path / "red_sea"]
    assert spread_out(tmp_path / "x*") == [tmp_path / "x*"]
    assert spread_out(tmp_path / "base") == [tmp_path / "base"]
