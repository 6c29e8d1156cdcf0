"""The shipped instances use everything that the data dictionary has, at least once."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from hubopt.instance.read import read
from hubopt.instance.schema import PATH_SIGN, SET_SIGN, TABLES, WORDS, Kind
from hubopt.vocabulary import PlaceKind

INSTANCES = Path(__file__).parent.parent / "instances"
MINI, REFERENCE = "zhengzhou-mini", "zhengzhou"
COLUMNS = [(table.name, c) for table in TABLES.values() for c in table.columns]
NO_FEATURE = {Kind.DATUM, Kind.PLACE_KIND}
"""Fixed words that a plan does not depend on: how a coordinate is written, how a place is drawn."""

ELSEWHERE = {Kind.SITE_STATUS}
"""Words that the reference leaves to the mini: nothing is closed there, or must be built."""


def cells(name: str, table: str, column: str) -> list[str]:
    """Return the cells of a column as they stand in the file."""
    with (INSTANCES / name / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return [row[column] for row in csv.DictReader(file)]


LEFT = [(MINI, NO_FEATURE), (REFERENCE, NO_FEATURE | ELSEWHERE)]


@pytest.mark.parametrize("name", [MINI, REFERENCE])
def test_every_column_is_used(name: str) -> None:
    """Each column is filled in some row, with more than what a file without it would mean."""
    empty = [
        f"{table}.{column.name}"
        for table, column in COLUMNS
        if not set(cells(name, table, column.name)) - {"", column.default}
    ]
    assert not empty


@pytest.mark.parametrize(
    ("name", "left"), [(MINI, NO_FEATURE), (REFERENCE, NO_FEATURE | ELSEWHERE)]
)
def test_every_word_is_used(name: str, left: set[Kind]) -> None:
    """Each mode, function, way of loading, kind of limit and so on stands in some column."""
    used: dict[type, set[str]] = defaultdict(set)
    for table, column in COLUMNS:
        if column.kind in WORDS:
            for cell in cells(name, table, column.name):
                used[WORDS[column.kind]] |= set(cell.replace(PATH_SIGN, SET_SIGN).split(SET_SIGN))
    for kind, words in WORDS.items():
        if kind not in left:
            assert {word.value for word in words} <= used[words], kind
    assert PlaceKind.RETAIL.value in used[PlaceKind]


def test_the_reference_has_places_of_every_kind() -> None:
    """Cities, markets, large shops, bonded zones, ports and borders are all told apart."""
    assert set(cells(REFERENCE, "places", "kind")) == {kind.value for kind in PlaceKind}


def test_every_setting_is_used() -> None:
    """Policies are on and, as wishes that a scenario may switch on, off; returns have the rule."""
    instance = read(INSTANCES / MINI)
    named = {limit.policy for limit in instance.limits if limit.policy}
    assert instance.settings.returns_to_origin_district
    assert instance.settings.policies == {"promises"}
    assert named - instance.settings.policies == {"hierarchy", "green_delivery"}


def test_the_mini_stays_a_tutorial() -> None:
    """It has no more than nine places, and some ten sites, services and shipments."""
    instance = read(INSTANCES / MINI)
    assert len(instance.places) <= 9
    assert max(len(instance.sites), len(instance.services), len(instance.products)) <= 10
    assert len(instance.demand) <= 2 * 11
