"""A planner's own rules on whole decisions as numbers: rows that every way of solving takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hubopt.problem.problem import Floats, Ints

DECIDED = ("open", "modules", "departures", "empties")
"""Families of decisions that a plan tells of, in the order in which they are counted through."""


@dataclass(frozen=True)
class OwnRows:
    """Rows `lower <= sum of values x decisions <= upper`, by entries.

    `row` and `column` say where each value stands; columns count through the families of `DECIDED`,
    each in the order of the problem. `names` are plain and unique.
    """

    names: tuple[str, ...]
    row: Ints
    column: Ints
    values: Floats
    lower: Floats
    upper: Floats
