"""Workbooks and tables in LibreOffice Calc: opened, saved, read back; nothing in them runs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hubopt.errors import InputError
from hubopt.instance.digest import content_hash
from hubopt.instance.read import read
from hubopt.instance.write_workbook import workbook_of
from hubopt.publish.result_workbook import result_workbook
from hubopt.text import Language
from tests.spreadsheet import COMMAS, formulas, links, program, saved_as, texts
from tests.test_excel_instance import ODD, SHIPPED, named_oddly
from tests.test_excel_mistakes import MISTAKES, spoilt
from tests.test_hostile_names import FORMULA, IDS, SCRIPT, solved
from tests.tiny import tiny
from tests.workbook import put, tiny_book

__all__ = ["solved", "spoilt"]

pytestmark = pytest.mark.slow

ESCAPE = re.compile("_x[0-9A-F]{4}_")
"""Names like `_x0041_` are shown as they are, and lost when LibreOffice 7.4 saves: it writes what
reads as an A."""


@pytest.fixture(scope="module", autouse=True)
def there() -> None:
    """Look for the program before anything else is made."""
    program()


@pytest.mark.parametrize("name", ["zhengzhou-mini", "zhengzhou", "zhengzhou-baseline-2021"])
def test_a_shipped_instance_that_it_saves_is_the_same(name: str, tmp_path: Path) -> None:
    """Opened and saved without an edit, a workbook is still the instance, to the last digit."""
    known = read(SHIPPED / name)
    book = tmp_path / "hub.xlsx"
    book.write_bytes(workbook_of(known))
    (again,) = saved_as("xlsx", [book], tmp_path / "again")
    assert again.read_bytes() != book.read_bytes()
    found = read(again)
    assert found == known
    assert content_hash(found) == content_hash(known)


def test_odd_names_that_it_saves_stay_texts(tmp_path: Path) -> None:
    """Names like formulas, numbers and dates are texts when opened, and when read back."""
    names = [one for one in ODD if not ESCAPE.search(one)]
    known = named_oddly(names)
    book = tmp_path / "hub.xlsx"
    book.write_bytes(workbook_of(known))
    (again,) = saved_as("xlsx", [book], tmp_path / "again")
    assert read(again) == known
    (flat,) = saved_as("fods", [book], tmp_path / "flat")
    assert formulas(flat) == []
    assert set(names) <= texts(flat)


def test_formulas_that_it_reckons_are_read(tmp_path: Path) -> None:
    """A formula counts as its result; one that gives an empty text is an empty cell."""
    half = tiny().demand[0].demand_t_per_year / 2
    book = tiny_book(
        tmp_path / "hub.xlsx",
        put("demand", "F2", f"={half!r}*2"),
        put("demand", "G2", '=IF(1=1,"",5)'),
    )
    (again,) = saved_as("xlsx", [book], tmp_path / "again")
    assert read(again) == tiny()


def test_mistakes_that_it_saves_are_told_as_before(spoilt: Path, tmp_path: Path) -> None:
    """A thousand rows with twelve mistakes: each is told with sheet, cell, code and remedy."""
    (again,) = saved_as("xlsx", [spoilt], tmp_path / "again")
    with pytest.raises(InputError) as caught:
        read(again)
    found = {f"{one.sheet}!{one.cell}": one for one in caught.value.findings}
    assert set(found) == {where for where, *_ in MISTAKES.values()}
    for where, _, code, remedy in MISTAKES.values():
        assert found[where].code == code, where
        assert found[where].remedy.en.startswith(remedy), where


def test_no_name_in_a_result_runs(solved: tuple[Path, str], tmp_path: Path) -> None:
    """Names that begin like formulas show as typed in the workbook, and lead nowhere."""
    book = tmp_path / "result.xlsx"
    book.write_bytes(result_workbook(solved[0], Language.EN))
    (flat,) = saved_as("fods", [book], tmp_path / "flat")
    assert formulas(flat) == []
    assert links(flat) == []
    assert {FORMULA, SCRIPT, *IDS.values()} <= texts(flat)


def test_no_name_in_a_table_runs(solved: tuple[Path, str], tmp_path: Path) -> None:
    """The tables, opened by a program told to run formulas, hold none."""
    files = sorted((solved[0] / "tables").glob("*.csv"))
    made = saved_as("fods", files, tmp_path / "flat", f"--infilter={COMMAS}")
    assert len(made) >= 10
    for file in made:
        assert formulas(file) == [], file.name
    seen = set().union(*map(texts, made))
    assert any(FORMULA in text for text in seen)


def test_a_formula_would_have_run(tmp_path: Path) -> None:
    """What the tests above look for is there if a table is written without care."""
    bare = tmp_path / "bare.csv"
    bare.write_text('name,t\n=1+1,5\n"=HYPERLINK(""http://x"",""y"")",6\n', encoding="utf-8")
    (flat,) = saved_as("fods", [bare], tmp_path / "flat", f"--infilter={COMMAS}")
    assert len(formulas(flat)) == 2
