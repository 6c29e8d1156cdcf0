"""The data dictionary describes every column there is, in both languages, and nothing else."""

from __future__ import annotations

from dataclasses import fields

import pytest

from hubopt.instance.cells import cell_text, parser_of
from hubopt.instance.codes import Code
from hubopt.instance.schema import (
    ALL,
    NUMERIC,
    RECORDS,
    SETTINGS,
    TABLES,
    Kind,
    dictionary_rows,
)
from hubopt.instance.tables import Settings
from hubopt.text import Language
from tests.tiny import tiny


@pytest.mark.parametrize("name", RECORDS)
def test_columns_are_the_fields_of_the_record(name: str) -> None:
    """Each table has one column per field of its record, in the same order."""
    assert [column.name for column in TABLES[name].columns] == [
        f.name for f in fields(RECORDS[name])
    ]
    assert TABLES[name].keys


def test_settings_are_the_keys_of_the_file() -> None:
    """Each setting is described once, stages and solver keys under their group."""
    described = {column.name.removeprefix("solver.") for column in SETTINGS.columns}
    wanted = {f.name for f in fields(Settings)} - {"stages"}
    assert described == wanted | {"schema", "stages.year", "stages.years"}


def test_every_column_is_described_in_both_languages() -> None:
    """Every table and column has an English and a Chinese sentence, numbers have limits."""
    for table in ALL.values():
        for text in (table.sentence, *(column.sentence for column in table.columns)):
            assert text.en.endswith(".")
            assert text.zh.endswith("。")
            assert any("\u4e00" <= sign <= "\u9fff" for sign in text.zh)
        for column in table.columns:
            assert (column.hard is not None) == (column.kind in NUMERIC), column.name


def test_units_stand_in_the_names() -> None:
    """A number whose name ends in a unit has that unit in the dictionary."""
    units = {"_km": "km", "_h": "h", "_cny": "CNY", "_cny_per_t": "CNY/t", "_t_per_year": "t/year"}
    for table in TABLES.values():
        for column in table.columns:
            for ending, unit in units.items():
                if column.kind is Kind.NUMBER and column.name.endswith(ending):
                    assert column.unit == unit, column.name


def test_the_dictionary_lists_all_columns() -> None:
    """The printed dictionary has a line for each table and each column, in either language."""
    for language in Language:
        rows = list(dictionary_rows(language))
        assert len(rows) == sum(1 + len(table.columns) for table in ALL.values())
        assert all(len(row) == 5 for row in rows)
    modes = next(r for r in dictionary_rows(Language.EN) if r[:2] == ("products.csv", "modes"))
    assert modes[2].startswith("road_diesel, road_battery")


def test_every_cell_reads_back() -> None:
    """The text of each cell of the tiny instance parses to the value it came from."""
    for table in TABLES.values():
        for row in getattr(tiny(), table.name):
            for column in table.columns:
                value = getattr(row, column.name)
                text = cell_text(column, value)
                if text:
                    assert parser_of(column)(text) == value


def test_codes_are_stable_and_unique() -> None:
    """No two faults share a code, and codes are three letters and two digits."""
    codes = [code.value for code in Code]
    assert len(set(codes)) == len(codes) == len(Code.__members__)
    assert all(code[:3].isalpha() and code[3:].isdigit() and len(code) == 5 for code in codes)
