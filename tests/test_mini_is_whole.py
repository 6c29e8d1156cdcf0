"""`zhengzhou-mini` uses everything that the data dictionary has, at least once."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from hubopt.instance.read import read
from hubopt.instance.schema import PATH_SIGN, SET_SIGN, TABLES, WORDS, Column, Kind
from hubopt.vocabulary import PlaceKind

FOLDER = Path(__file__).parent.parent / "instances" / "zhengzhou-mini"
COLUMNS = [(table.name, c) for table in TABLES.values() for c in table.columns]
NO_FEATURE = {Kind.DATUM, Kind.PLACE_KIND}
"""Fixed words that a plan does not depend on: how a coordinate is written, how a place is drawn."""


def cells(table: str, column: str) -> list[str]:
    """Return the cells of a column as they stand in the file."""
    with (FOLDER / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return [row[column] for row in csv.DictReader(file)]


@pytest.mark.parametrize(("table", "column"), COLUMNS, ids=lambda x: getattr(x, "name", x))
def test_every_column_is_used(table: str, column: Column) -> None:
    """Each column is filled in some row, with more than what a file without it would mean."""
    assert set(cells(table, column.name)) - {"", column.default}


def test_every_word_is_used() -> None:
    """Each mode, function, way of loading, kind of limit and so on stands in some column."""
    used: dict[type, set[str]] = defaultdict(set)
    for table, column in COLUMNS:
        if column.kind in WORDS:
            for cell in cells(table, column.name):
                used[WORDS[column.kind]] |= set(cell.replace(PATH_SIGN, SET_SIGN).split(SET_SIGN))
    for kind, words in WORDS.items():
        if kind not in NO_FEATURE:
            assert {word.value for word in words} <= used[words], kind
    assert PlaceKind.RETAIL.value in used[PlaceKind]


def test_every_setting_is_used() -> None:
    """Policies are on and, as wishes that a scenario may switch on, off; returns have the rule."""
    instance = read(FOLDER)
    named = {limit.policy for limit in instance.limits} - {None}
    assert instance.settings.returns_to_origin_district
    assert instance.settings.policies < named
    assert {"hierarchy", "green_delivery"} == named - instance.settings.policies


def test_the_mini_stays_a_tutorial() -> None:
    """It has no more than nine places, and some ten sites, services and shipments."""
    instance = read(FOLDER)
    assert len(instance.places) <= 9
    assert max(len(instance.sites), len(instance.services), len(instance.products)) <= 10
    assert len(instance.demand) <= 2 * 11
