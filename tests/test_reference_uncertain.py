"""What is uncertain about the shipped instances follows from `data/`, and gives back its builds."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import pytest

from hubopt.instance.check_limit_cells import counts_sites
from hubopt.instance.read import read
from hubopt.instance.tables import Instance
from hubopt.reference.build import reference
from hubopt.reference.differences import differences
from hubopt.reference.uncertain import Weak, mini_rows, parts, rows, text_of
from hubopt.reference.uncertain_groups import GROUPS
from hubopt.study.uncertain import FILE, FOLDER, LEVELS, Parameter, read_uncertain
from hubopt.vocabulary import LimitKind

ROOT = Path(__file__).parent.parent
WEAK = Weak(ROOT / "data")


@cache
def base() -> Instance:
    """Return the reference as it is built."""
    return reference(WEAK.facts())


@cache
def shipped(name: str) -> dict[str, Parameter]:
    """Return the parameters of a shipped instance."""
    folder = ROOT / "instances" / name
    return {one.id: one for one in read_uncertain(folder, read(folder))}


def test_the_file_of_mini_follows_from_the_data() -> None:
    """Its ranges are those of the weak numbers that they are taken from."""
    file = ROOT / "instances" / "zhengzhou-mini" / FOLDER / FILE
    assert text_of(mini_rows(WEAK)) == file.read_text(encoding="utf-8")
    assert len(shipped("zhengzhou-mini")) == 28


def test_every_weak_number_is_in_one_parameter() -> None:
    """Each group of invented numbers of low confidence is varied, and no number twice."""
    members = [WEAK.members(group) for group in GROUPS]
    assert all(members)
    every = frozenset().union(*members)
    assert len(every) == sum(len(one) for one in members)
    facts = WEAK.facts()
    reference(facts)
    asked = facts.assumed.used
    weak = {(r.group, r.key) for r in facts.assumed.rows if r.confidence == "low"} & asked
    assert {group for group, _ in weak - every} <= {
        "partner", "home_end", "domestic_end", "hinterland_trade", "hinterland_rail",
        "hinterland_consumer",
    }  # fmt: skip
    assert {group for group, _ in weak} <= {group for group, _ in every}


def test_the_reference_ships_all_groups_with_both_names() -> None:
    """55 parameters, each with the names of its group; those of assumptions have no source."""
    found = shipped("zhengzhou")
    assert list(found) == [group.id for group in GROUPS]
    assert all(found[g.id].name.en == g.name_en and found[g.id].name.zh for g in GROUPS)
    assert not found["handling_cold"].sourced
    assert found["cold_building"].sourced


@pytest.mark.parametrize("name", ["dry_building", "land_price", "handling_cold"])
def test_the_factors_give_back_what_was_built(name: str) -> None:
    """What is shipped is what the data give now; no cell is off by more than tables round."""
    group = next(group for group in GROUPS if group.id == name)
    made = [(p.table, p.column, p.where, f"{p.low:.6g}", f"{p.high:.6g}")
            for p in parts(WEAK, base(), group)]  # fmt: skip
    assert made == lines(name)
    members = WEAK.members(group)
    for level in LEVELS:
        built = reference(WEAK.facts(members, level))
        left = differences(shipped("zhengzhou")[name].at(base(), level), built, built)
        assert all(abs(part.low - 1) < 0.003 for part in left)


@pytest.mark.parametrize("level", LEVELS)
def test_numbers_of_sites_stay_whole(level: str) -> None:
    """A third of three sites is one site, though the factor in the file is rounded."""
    moved = shipped("zhengzhou")["budget"].at(base(), level)
    counted = [x.value for x in moved.limits if counts_sites(x.kind)]
    assert all(value == int(value) for value in counted)
    sources = {x.value for x in moved.limits if x.kind is LimitKind.SINGLE_SOURCE}
    assert sources == {{"low": 1.0, "high": 4.0}[level]}


def lines(name: str) -> list[tuple[str, ...]]:
    """Return the shipped rows of a parameter."""
    file = ROOT / "instances" / "zhengzhou" / FOLDER / FILE
    with file.open(encoding="utf-8", newline="") as text:
        found = [row for row in csv.DictReader(text) if row["parameter"] == name]
    return [(r["table"], r["column"], r["where"], r["low"], r["high"]) for r in found]


@pytest.mark.slow
def test_the_file_of_the_reference_follows_from_the_data() -> None:
    """All 55 parameters, built anew."""
    file = ROOT / "instances" / "zhengzhou" / FOLDER / FILE
    assert text_of(rows(WEAK)) == file.read_text(encoding="utf-8")
