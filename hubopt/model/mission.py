"""What planners asked for, in their own words, and where the model holds it."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files

from hubopt.text import Text

JOIN = "|"
"""Joins places, and tests, in one cell of the file."""


class Held(StrEnum):
    """Whether the model holds a wish, and a test shows its effect."""

    HELD = "held"
    PARTLY = "partly"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Wish:
    """One phrase of the planners; `priority` is M for must and S for should.

    `places` are kind and name, such as `rule service_level` or `column demand.promised_h`; `tests`
    are file::function; `note` says what is left to do.
    """

    chinese: str
    priority: str
    english: str
    places: tuple[str, ...]
    tests: tuple[str, ...]
    held: Held
    note: Text


def load() -> tuple[Wish, ...]:
    """Return every wish in the order in which planners wrote them."""
    text = files("hubopt.model").joinpath("mission.csv").read_text(encoding="utf-8")
    return tuple(wish_of(line) for line in csv.DictReader(text.splitlines()))


def wish_of(line: dict[str, str]) -> Wish:
    """Return the wish that a line of the file describes."""
    return Wish(
        chinese=line["chinese"],
        priority=line["priority"],
        english=line["english"],
        places=entries(line["places"]),
        tests=entries(line["tests"]),
        held=Held(line["held"]),
        note=Text(line["note_en"], line["note_zh"]),
    )


def entries(cell: str) -> tuple[str, ...]:
    """Return what a cell joins."""
    return tuple(filter(None, cell.split(JOIN)))
