"""Broken public files: each is refused with its line, what should stand there and what does."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest

from hubopt.errors import InputError
from hubopt.instance.public.families import cases_of
from hubopt.instance.public.published import published_beside, read_published
from hubopt.text import Language
from tests.public_files import cap_text, holmberg_text, pmed_text, tiny

GOOD = {
    "cap": ("cap1.txt", "2 2\n10 5\n10 6\n4\n1 2\n5\n3 4\n"),
    "holmberg": ("p1", "2 2\n10 5\n10 6\n4 5\n1 3\n2 4\n"),
    "pmed": ("pmed1.txt", "FILE: pmed1.txt\n2 2 1\n1 0 0 7\n2 0 7 0\n"),
}

BROKEN = [
    ("cap", "2 2\n10 5\n10 6\n4\n1 2\n5\n3\n", 7, "ends here, but a cost of serving customer 2"),
    ("cap", "2 2\n10 5\n10 6\n4\n1 2\n", 5, "the file ends here, but the demand of customer 2"),
    ("cap", "2 2\n10 5\n", 2, "the file ends here, but the capacity of facility 2, or the word"),
    ("cap", "2\n", 1, "the file ends here, but the number of customers"),
    ("cap", "two 2\n", 1, '"two" is not a number; here should stand the number of facilities'),
    ("cap", "2 2\n10 5\n10 6\n4\n1 x\n5\n3 4\n", 5, '"x" is not a number; here should stand a'),
    ("cap", "2 2\n10 5\n10 6\n4\n1 2\nnan\n3 4\n", 6, '"nan" is not a number'),
    ("cap", "2 2\n10 5\n10 6\n4\n1 inf\n5\n3 4\n", 5, '"inf" is not a number'),
    ("cap", "2 2\n10 5\n10 6\n4\n1 1_0\n5\n3 4\n", 5, '"1_0" is not a number'),
    ("cap", "2 2\n10 5\n10 6\n4\n1 -2\n5\n3 4\n", 5, '"-2" is below 0'),
    ("cap", "2 2\n-10 5\n10 6\n4\n1 2\n5\n3 4\n", 2, '"-10" is below 0'),
    ("cap", "2 2\n10 5\n10 6\n-4\n1 2\n5\n3 4\n", 4, '"-4" is below 0; here should stand'),
    ("cap", "2 2\n10 5\n10 6\n4\n1 1e13\n5\n3 4\n", 5, '"1e13" exceeds 1e+12'),
    ("cap", "0 2\n", 1, '"0" is below 1; here should stand the number of facilities'),
    ("cap", "2.5 2\n", 1, '"2.5" is not a whole number'),
    ("cap", "2 2\n10 5\n10 6\n4\n1 2\n5\n3 4\n9 9\n", 8, '"9" is one of 2 entries too many'),
    ("cap", "3 2\n10 5\n10 6\n4\n1 2\n5\n3 4\n", 7, "the file ends here"),
    ("cap", "2 2\ncapacity 5\ncapacity 6\n4\n1 2\n5\n3 4\n", None, "capacity stands where"),
    ("cap", "2 2\ncapacities 5\n10 6\n4\n1 2\n5\n3 4\n", 2, '"capacities" is not a number'),
    ("cap", "2 2\n1 5\n1 6\n4\n1 2\n5\n3 4\n", None, "are below all demand"),
    ("cap", "", None, "is empty"),
    ("cap", " \n\n", None, "is empty"),
    ("holmberg", "2 2\n10 5\n10 6\n4 5\n1 3\n2\n", 6, "a cost of serving from facility 2"),
    ("holmberg", "2 2\n10 5\n10 6\n4 5\n1 3\n2 4\n7\n", 7, '"7" is one of 1 entries too many'),
    ("holmberg", "2 2\n10 5\n10 6\n4 ?\n1 3\n2 4\n", 4, '"?" is not a number; here should stand'),
    ("holmberg", "2 2\n10 5\n10 6\n4 5\n1 3\n\0\0\n2 4\n", 5, "the file ends here"),
    ("pmed", "FILE: pmed1.txt\n2 2 3\n1 0 0 7\n2 0 7 0\n", 2, '"3" is above 2; here should'),
    ("pmed", "2 2 0\n1 0 0 7\n2 0 7 0\n", 1, '"0" is below 1; here should stand p'),
    ("pmed", "2 2 1\n1 0 0 7\n3 0 7 0\n", 3, '"3" is above 2; here should stand the number 2'),
    ("pmed", "2 2 1\n1 0 0 7\n2 0 7\n", 3, "the file ends here, but a distance from facility 2"),
    ("pmed", "2 2 1\n1 0 0 7\n2 0 7 0 0\n", 3, '"0" is one of 1 entries too many'),
    ("pmed", "FILE:\n", 1, "the file ends here, but the name of the file"),
]  # fmt: skip


@pytest.mark.parametrize("family", GOOD)
def test_the_files_that_are_broken_below_are_good(family: str, tmp_path: Path) -> None:
    """What the broken files differ from is read without a word."""
    name, text = GOOD[family]
    (tmp_path / name).write_text(text, encoding="ascii")
    (case,) = cases_of(family, tmp_path)
    assert len(case.instance.demand) == 2


@pytest.mark.parametrize(("family", "text", "row", "said"), BROKEN)
def test_a_broken_file_is_refused(
    family: str, text: str, row: int | None, said: str, tmp_path: Path
) -> None:
    """The finding names file and line, says what should stand there, and speaks Chinese too."""
    name, _ = GOOD[family]
    (tmp_path / name).write_text(text, encoding="ascii")
    with pytest.raises(InputError) as caught:
        cases_of(family, tmp_path)
    (finding,) = caught.value.findings
    assert finding.file == name
    assert row is None or finding.row == row
    assert said in finding.in_language(Language.EN)
    zh = finding.reason.in_language(Language.ZH) + finding.remedy.in_language(Language.ZH)
    assert any("\u4e00" <= sign <= "\u9fff" for sign in zh)
    assert "should" not in zh


@pytest.mark.parametrize("family", GOOD)
def test_every_way_to_cut_a_file_is_refused(family: str, tmp_path: Path) -> None:
    """A file cut after any of its entries but the last is refused, never read as something else."""
    text = {
        "cap": cap_text(tiny(0)), "holmberg": holmberg_text(tiny(0)), "pmed": pmed_text(tiny(0), 2),
    }[family]  # fmt: skip
    words = text.split()
    file = tmp_path / GOOD[family][0]
    for count in range(1, len(words)):
        file.write_text(" ".join(words[:count]), encoding="ascii")
        with pytest.raises(InputError, match="the file ends here"):
            cases_of(family, tmp_path)


def test_what_follows_a_nul_byte_is_no_part_of_a_file_of_holmberg(tmp_path: Path) -> None:
    """The files that are passed on end in NUL bytes and scraps of others."""
    _, text = GOOD["holmberg"]
    (tmp_path / "p1").write_bytes(text.encode() + b"\0" * 500 + b"39. 17\n")
    (case,) = cases_of("holmberg", tmp_path)
    (tmp_path / "p1").write_bytes(text.encode())
    (clean,) = cases_of("holmberg", tmp_path)
    assert case.instance == clean.instance


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"2 2\n", "ends in .gz but is no gzip file"),
        (
            gzip.compress(GOOD["cap"][1].encode(), mtime=0)[:-12],
            "is a damaged or truncated gzip file",
        ),
        (b"\x1f\x8b" + b"junk" * 20, "is a damaged or truncated gzip file"),
        (gzip.compress(b"", mtime=0), "is empty"),
        (gzip.compress(b"2 \xff\xff", mtime=0), "is not UTF-8"),
        (b"", "ends in .gz but is no gzip file"),
    ],
    ids=["no gzip", "cut", "junk", "empty", "not text", "nothing"],
)
def test_a_broken_gzip_file_is_refused(content: bytes, said: str, tmp_path: Path) -> None:
    """A file that is no gzip file, a torn one and one without text are told apart."""
    (tmp_path / "cap1.txt.gz").write_bytes(content)
    with pytest.raises(InputError) as caught:
        cases_of("cap", tmp_path)
    assert said in str(caught.value)
    assert caught.value.findings[0].file == "cap1.txt.gz"


def test_a_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A small file that unpacks to far more than any instance holds is not unpacked whole."""
    monkeypatch.setattr("hubopt.instance.public.tokens.MOST_BYTES", 1000)
    (tmp_path / "cap1.txt.gz").write_bytes(gzip.compress(b"1 " * 2000))
    with pytest.raises(InputError, match="unpacks to more than any such file holds"):
        cases_of("cap", tmp_path)


def test_all_broken_files_are_named_at_once(tmp_path: Path) -> None:
    """Two broken files of three give two findings, in the order of their names."""
    for number, text in ((1, "x"), (2, GOOD["cap"][1]), (10, "2 y")):
        (tmp_path / f"cap{number}.txt").write_text(text, encoding="ascii")
    with pytest.raises(InputError) as caught:
        cases_of("cap", tmp_path)
    assert [found.file for found in caught.value.findings] == ["cap1.txt", "cap10.txt"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    """A pipe under the name of an instance is no file of the family."""
    os.mkfifo(tmp_path / "cap1.txt")
    with pytest.raises(InputError, match="holds no file of the family cap"):
        cases_of("cap", tmp_path)


def test_an_unknown_family_and_a_missing_folder_are_refused(tmp_path: Path) -> None:
    """The nearest family is named, and what a folder should hold."""
    with pytest.raises(InputError, match=r'"holmbreg" is no family .*nearest "holmberg"'):
        cases_of("holmbreg", tmp_path)
    with pytest.raises(InputError, match="there is no such folder or file"):
        cases_of("pmed", tmp_path / "none")


HEAD = "family,instance,file,best_known,proved_optimal,source\n"


@pytest.mark.parametrize(
    ("text", "row", "column", "said"),
    [
        (HEAD + "f,a,x,12,1,s\nf,b,x,1 2,1,s\n", 3, "best_known", '"1 2" is not a number'),
        (HEAD + "f,a,x,12,yes,s\n", 2, "proved_optimal", '"yes" is neither 1 nor 0'),
        (HEAD + ",a,x,12,1,s\n", 2, "family", "is empty"),
        (HEAD + "f,a,x,12,1,s\nf,a,y,13,1,s\n", 3, "instance", '"a" is in the table twice'),
        (HEAD + "f,a,x,12,1\n", 2, None, "has 5 cells, not 6"),
        ("family,instance\nf,a\n", 1, "file", "there is no such column"),
        (HEAD + 'f,"a,x,12,1,s\n', 2, None, "a quote is not closed"),
        ("", 1, "family", "there is no such column"),
    ],
)
def test_a_broken_table_of_values_is_refused(
    text: str, row: int, column: str | None, said: str, tmp_path: Path
) -> None:
    """The finding names line and column of the table, in Chinese too."""
    (tmp_path / "best_known.csv").write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        published_beside(tmp_path)
    found = caught.value.findings[0]
    assert (found.file, found.row, found.column) == ("best_known.csv", row, column)
    assert said in found.in_language(Language.EN)
    assert any("\u4e00" <= sign <= "\u9fff" for sign in found.reason.zh)


def test_the_table_is_found_beside_the_files_or_above_them(tmp_path: Path) -> None:
    """The folder's own table comes first; without any there are no values."""
    folder = tmp_path / "files"
    folder.mkdir()
    assert published_beside(folder) == {}
    (tmp_path / "best_known.csv").write_text(HEAD + "f,a,x,12.50,1,s\n", encoding="utf-8")
    above = published_beside(folder)["f", "a"]
    assert (str(above.value), str(above.last_digit), above.proved) == ("12.50", "0.01", True)
    (folder / "best_known.csv").write_text(HEAD + "f,a,x,1e3,0,s\n", encoding="utf-8")
    own = published_beside(folder)["f", "a"]
    assert (float(own.value), float(own.last_digit), own.proved) == (1000.0, 1.0, False)


def test_a_quoted_name_may_hold_commas(tmp_path: Path) -> None:
    """Names such as c33(20,230,40,VL) stand in quotes."""
    (tmp_path / "t.csv").write_text(HEAD + '\ndow,"c33(20,2)",x,12,1,s\n', encoding="utf-8")
    assert set(read_published(tmp_path / "t.csv")) == {("dow", "c33(20,2)")}
