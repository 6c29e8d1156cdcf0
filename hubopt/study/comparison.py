"""One published figure, what in a plan it is compared with, and the line that comes out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hubopt.text import Text

LARGE_RESIDUAL = 0.15
"""A residual above this share of the published figure asks for a reason."""


class Measure(StrEnum):
    """What is counted in a plan; the unit is that of the figure it stands beside."""

    THROUGHPUT_KT = "throughput_kt"
    THROUGHPUT_KTEU = "throughput_kteu"
    CARRIED_KT = "carried_kt"
    CARRIED_KTEU = "carried_kteu"
    TRANSFERRED_KT = "transferred_kt"
    TRANSFERRED_KTEU = "transferred_kteu"
    DEPARTURES = "departures"
    RUNS = "runs"
    QUOTIENT = "quotient"
    TRADE_VALUE = "trade_value"
    TRADE_SHARE_VALUE = "trade_share_value"
    TRADE_SHARE_TONNES = "trade_share_tonnes"
    HANDLED_SHARE_VALUE = "handled_share_value"
    COST_SHARE = "cost_share"
    G_PER_TKM = "g_per_tkm"


class Scope(StrEnum):
    """Which freight is counted: all, or what does or does not cross the border with that mode."""

    ALL = "all"
    INTERNATIONAL = "international"
    DOMESTIC = "domestic"


class Figure(StrEnum):
    """Whether a figure was published, computed from published ones, or not found at all."""

    PUBLISHED = "published"
    DERIVED = "derived"
    NONE = "none"


class Independent(StrEnum):
    """Whether the demand behind a line was derived without the figure that it is compared with."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Comparison:
    """A row of `reconcile/published.csv`: a figure, its source, and what is counted beside it.

    `of` names the two lines of a quotient; `basis` is tonnes per TEU, the factor of a quotient, or
    the million CNY that costs are a share of.
    """

    line: str
    name: Text
    value: float | None
    unit: str
    measure: Measure
    mode: str
    places: frozenset[str]
    services: frozenset[str]
    scope: Scope
    of: tuple[str, ...]
    basis: float | None
    independent: Independent
    figure: Figure
    source: str
    confidence: str
    note: Text


@dataclass(frozen=True, slots=True)
class Line:
    """A comparison with what the plan says, in the unit of the figure."""

    comparison: Comparison
    modelled: float | None

    @property
    def residual(self) -> float | None:
        """Modelled less published, as a share of the published figure; `None` without both."""
        published = self.comparison.value
        if published is None or self.modelled is None or published == 0:
            return None
        return (self.modelled - published) / published

    @property
    def large(self) -> bool:
        """Whether the residual asks for a reason."""
        return self.residual is not None and abs(self.residual) > LARGE_RESIDUAL
