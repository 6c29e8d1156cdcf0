"""An instance written as a workbook is the same instance, or is refused before a file is there."""

from __future__ import annotations

import io
import time
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyogrio
import pytest
from hypothesis import HealthCheck, given, settings
from openpyxl import load_workbook

from hubopt.errors import InputError
from hubopt.instance import write_workbook
from hubopt.instance.digest import content_hash
from hubopt.instance.read import read
from hubopt.instance.schema import ALL, LARGEST, SETS, WORDS, Kind
from hubopt.instance.workbook_bytes import from_cell, in_cell, untouched
from hubopt.instance.workbook_looks import LAST_ROW, rule_for
from hubopt.instance.write import canonical_files
from hubopt.instance.write_workbook import DICTIONARY, workbook_of
from tests.test_instance_round_trip import instances
from tests.tiny import tiny
from tests.workbook import recast

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hubopt.instance.tables import Instance

SHIPPED = Path(__file__).parent.parent / "instances"


def back(instance: Instance, folder: Path) -> Instance:
    """Return an instance after a way through a workbook."""
    file = folder / "there.xlsx"
    file.write_bytes(workbook_of(instance, file.name))
    return read(file)


def opened(instance: Instance) -> Any:  # noqa: ANN401  (openpyxl has no types)
    """Return the workbook of an instance as a spreadsheet reads it."""
    return load_workbook(io.BytesIO(workbook_of(instance)))


def named(instance: Instance, name: str) -> Instance:
    """Return an instance whose first place bears a name."""
    first, *others = instance.places
    return replace(instance, places=(replace(first, name_en=name), *others))


@pytest.mark.parametrize(
    "name",
    [
        "zhengzhou-mini",
        "zhengzhou",
        "zhengzhou-baseline-2021",
        pytest.param("zhengzhou-baseline-2024", marks=pytest.mark.slow),
        pytest.param("zhengzhou-county", marks=pytest.mark.slow),
    ],
)
def test_each_shipped_instance_comes_back_identical(name: str, tmp_path: Path) -> None:
    """Every shipped instance is equal after Excel, with the same hash and without a note."""
    there = read(SHIPPED / name)
    found = back(there, tmp_path)
    assert found == there
    assert content_hash(found) == content_hash(there)
    assert canonical_files(found) == canonical_files(there)
    assert found.notes == ()


@given(instances())
@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_an_instance_holds_comes_back(tmp_path: Path, instance: Instance) -> None:
    """Names in all alphabets, amounts of all sizes, other orders of rows: the same instance."""
    assert back(instance, tmp_path) == instance


ODD = (
    "=1+1", "+1", "-2", "@SUM(A1)", "#N/A!", "007", "1E5", "2025-03-01", "TRUE", "8%", "'=1",
    "<b>&amp;</b>", "_x0041_", "a_x000D_b", "_x005F_x0041_", "_xD83D_", '"a", b', "😀", "１",
)  # fmt: skip
"""Names that a spreadsheet could run, or turn into something else."""


def named_oddly(odd: Sequence[str]) -> Instance:
    """Return the tiny instance with such names and regions of places."""
    names = [*odd, *("",) * len(tiny().places)]
    places = tuple(
        replace(place, name_en=first, name_zh=second, region=third)
        for place, first, second, third in zip(
            tiny().places, names, names[len(tiny().places) :], names[2 * len(tiny().places) :],
            strict=False,
        )
    )  # fmt: skip
    return replace(tiny(), places=places)


def test_odd_names_are_texts(tmp_path: Path) -> None:
    """Formulas, errors, numbers, dates and escapes stay the texts that they are."""
    there = named_oddly(ODD)
    assert back(there, tmp_path) == there
    sheet = opened(there)["places"]
    cells = [row[here] for row in sheet.iter_rows(min_row=2) for here in (1, 2, 8)]
    filled = [cell for cell in cells if cell.value is not None]
    assert {from_cell(cell.value) for cell in filled} >= set(ODD)
    assert {(cell.data_type, cell.number_format) for cell in filled} == {("s", "@")}
    with zipfile.ZipFile(tmp_path / "there.xlsx") as container:
        assert not any(b"<f>" in container.read(name) for name in container.namelist())


@pytest.mark.parametrize("text", ["a\ufffeb", "a\uffffb", "a\ud800b"])
def test_what_no_workbook_can_hold_is_refused_by_name(text: str) -> None:
    """A character that XML lacks is told by table, row and column before anything is written."""
    with pytest.raises(InputError) as caught:
        workbook_of(named(tiny(), text))
    (found,) = caught.value.findings
    assert (found.file, found.row, found.column) == ("places.csv", 2, "name_en")
    assert f"U+{ord(text[1]):04X}" in found.reason.en
    assert "请删除" in found.remedy.zh


def test_numbers_keep_their_last_bit(tmp_path: Path) -> None:
    """Numbers of 17 digits, tiny and large ones come back as they were."""
    first, *others = tiny().demand
    for number in (0.1 + 0.2, 1e-6, 1e6 / 3, 309000.00000000006):
        there = replace(tiny(), demand=(replace(first, demand_t_per_year=number), *others))
        assert back(there, tmp_path) == there


def test_more_than_a_workbook_holds_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Too many cells or rows are refused before the workbook is made, with what to do."""
    for name, most in (("MOST_CELLS", 10), ("LAST_ROW", 3)):
        monkeypatch.setattr(write_workbook, name, most)
        monkeypatch.setattr(write_workbook, "book_of", None)
        with pytest.raises(InputError, match="keep it as a folder of tables"):
            workbook_of(tiny())
        monkeypatch.undo()


def test_bytes_that_read_otherwise_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the library loses is noticed: here it writes numbers to three digits."""
    monkeypatch.setattr("openpyxl.cell._writer.safe_string", lambda x: f"{float(x):.3g}")
    with pytest.raises(InputError, match=r"would read otherwise: instance, "):
        workbook_of(tiny())


def test_the_same_instance_gives_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock leaves no trace, and a workbook that was saved by another program is told apart."""
    one = workbook_of(tiny())
    monkeypatch.setattr(time, "time", lambda: 1_936_000_000.0)
    assert workbook_of(tiny()) == one
    assert untouched(one)
    saved = io.BytesIO()
    load_workbook(io.BytesIO(one)).save(saved)
    assert not untouched(saved.getvalue())
    assert not untouched(b"PK")


def test_it_survives_a_spreadsheet_that_saves_it(tmp_path: Path) -> None:
    """Opened and saved by another program, comments, lists and all, it is still the instance."""
    opened(tiny()).save(tmp_path / "again.xlsx")
    assert read(tmp_path / "again.xlsx") == tiny()


def test_how_the_sheets_look() -> None:
    """Headings are frozen, bold and explained; words come from lists, ids from their sheets."""
    book = opened(tiny())
    assert book.sheetnames[0] == "instance"
    assert book.sheetnames[-1] == DICTIONARY
    sheet = book["demand"]
    head = sheet["F1"]
    assert (head.value, head.font.bold, sheet.freeze_panes) == ("demand_t_per_year", True, "A2")
    assert sheet.auto_filter.ref == f"A1:{sheet.dimensions.partition(':')[2]}"
    column = ALL["demand"].column["demand_t_per_year"]
    for said in (column.sentence.en, column.sentence.zh, "t/year"):
        assert said in head.comment.text
    rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    assert rules[f"B2:B{LAST_ROW}"].formula1.startswith("OFFSET(places!$A$2,")
    assert rules[f"F2:F{LAST_ROW}"].type == "decimal"
    kinds = {r.formula1 for r in book["places"].data_validations.dataValidation if r.type == "list"}
    assert any("rail_terminal" in words for words in kinds)


def test_what_is_typed_below_stays_a_text() -> None:
    """Whole columns of ids and words are formatted as texts, those of numbers are not."""
    columns = opened(tiny())["demand"].column_dimensions
    assert [columns[letter].number_format for letter in "ABCDEF"] == ["@"] * 4 + ["General"] * 2


def test_another_reader_of_spreadsheets_sees_the_same(tmp_path: Path) -> None:
    """The library of maps has a reader of its own for workbooks, which runs formulas."""
    there = named(tiny(), "=1+1")
    (tmp_path / "a.xlsx").write_bytes(workbook_of(there))
    names = [row[0] for row in pyogrio.list_layers(tmp_path / "a.xlsx")]
    assert names == opened(there).sheetnames
    places = pyogrio.read_dataframe(tmp_path / "a.xlsx", layer="places", read_geometry=False)
    assert list(places["name_en"]) == [place.name_en for place in there.places]
    assert list(places["lat"]) == [place.lat for place in there.places]
    demand = pyogrio.read_dataframe(tmp_path / "a.xlsx", layer="demand", read_geometry=False)
    assert list(demand["demand_t_per_year"]) == [d.demand_t_per_year for d in there.demand]


def test_every_column_gets_a_rule_that_excel_takes() -> None:
    """Each list fits into a cell's rule, each message is short enough, each range holds."""
    for table in ALL.values():
        for column in table.columns:
            rule = rule_for(column, {"places": "A", "sites": "A", "products": "A"})
            lone = column.kind in WORDS and column.kind not in SETS and column.kind != Kind.CHAIN
            assert (rule is not None and rule["type"] == "list") or not lone
            if rule is not None:
                assert len(rule["formula1"]) <= 257
                assert len(rule["error"]) <= 225
                assert float(rule.get("formula2", 0)) <= LARGEST


def test_the_dictionary_is_a_sheet_of_its_own(tmp_path: Path) -> None:
    """Every column is explained in both languages, and the sheet is read by nobody."""
    book = opened(tiny())
    listed = book[DICTIONARY].iter_rows(min_row=2, values_only=True)
    rows = [[cell or "" for cell in row] for row in listed]
    assert len(rows) == sum(1 + len(table.columns) for table in ALL.values())
    for name, column, _, unit, _, en, zh in rows:
        if column:
            said = ALL[name].column[column]
            assert (unit, en, zh) == (said.unit, said.sentence.en, said.sentence.zh)
    book[DICTIONARY]["A2"] = "=1+1"
    book[DICTIONARY].title = "Vehicle"  # near a table that is not there
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(InputError, match="no table has this name"):
        read(tmp_path / "a.xlsx")
    book["Vehicle"].title = "字典"
    book.save(tmp_path / "a.xlsx")
    assert read(tmp_path / "a.xlsx") == tiny()


@pytest.mark.parametrize(
    ("cell", "read_as"),
    [
        (b"<t>Zheng_x000D_\nzhou</t>", "Zheng zhou"),
        (b"<r><rPr><b/></rPr><t>Zheng</t></r><r><t>zhou</t></r>", "Zhengzhou"),
        ("<t>郑州</t><rPh sb='0' eb='2'><t>ていしゅう</t></rPh>".encode(), "郑州"),
        (b"<t xml:space='preserve'>  Zhengzhou </t>", "Zhengzhou"),
    ],
)
def test_texts_as_spreadsheets_write_them(cell: bytes, read_as: str, tmp_path: Path) -> None:
    """Line ends as numbers, letters in bold, and readings of characters leave the name alone."""
    file = tmp_path / "a.xlsx"
    file.write_bytes(workbook_of(named(tiny(), "Mark")))
    recast(file, r"sheet2\.xml", lambda data: data.replace(b"<t>Mark</t>", cell))
    assert read(file) == named(tiny(), read_as)


@pytest.mark.parametrize("text", ["", "_", "_x", "_x004", "_x0041_", "x_x005F_x0041_y", "_xDEAD_"])
def test_escapes_of_excel_come_back(text: str) -> None:
    """A text that looks like an escape is escaped, and any text is what it was."""
    assert from_cell(in_cell(text)) == text
    assert from_cell("_x000D_") == "\r"
