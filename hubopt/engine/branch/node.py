"""Nodes of the tree: what was decided in each, and what deciding a column has cost so far."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from hubopt.engine.array_form import array_form
from hubopt.engine.dive import WHOLE, relaxed
from hubopt.model.decisions import ABSENT, positions

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hubopt.problem.problem import Floats, Ints, Problem
    from hubopt.solver.form import StandardForm

FINEST = 1e-9
"""Below this a column is whole whatever it costs."""

SAFE = 1e-6
"""What is added to a number of steps before it is rounded down."""

LEAST_GAIN = 1e-6
"""A side that costs nothing more counts as so much, so that the other side still tells."""


class Side(NamedTuple):
    """A whole column kept between two numbers."""

    name: str
    lower: float
    upper: float


class Fraction(NamedTuple):
    """A whole column that stands between two whole numbers in an LP."""

    name: str
    value: float

    @property
    def below(self) -> float:
        """How far it is down to the next whole number."""
        return self.value - math.floor(self.value)

    def sides(self) -> tuple[Side, Side]:
        """Return the sides below and above."""
        low = math.floor(self.value)
        return Side(self.name, -math.inf, low), Side(self.name, low + 1.0, math.inf)


@dataclass(frozen=True)
class Node:
    """What was decided, a bound on all plans that keep to it, and how it came to be.

    `lp` is that of its parent, `share` how far its last side moved the column from there. Beyond
    the sides of `fixed` lie only plans that are not wanted.
    """

    sides: tuple[Side, ...] = ()
    bound: float = -math.inf
    lp: float = math.nan
    share: float = math.nan
    fixed: tuple[Side, ...] = ()

    @property
    def kept(self) -> tuple[Side, ...]:
        """All sides that columns keep to."""
        return (*self.sides, *self.fixed)

    @property
    def up(self) -> bool:
        """Whether its last side is the one above."""
        return math.isinf(self.sides[-1].upper)


def merged(sides: Sequence[Side]) -> tuple[Side, ...]:
    """Return sides with one for each column."""
    found: dict[str, Side] = {}
    for side in sides:
        known = found.get(side.name, side)
        lower, upper = max(known.lower, side.lower), min(known.upper, side.upper)
        found[side.name] = Side(side.name, lower, upper)
    return tuple(found.values())


@dataclass(frozen=True)
class Listed:
    """The routes found so far as a problem and its form, with the places of the whole decisions."""

    problem: Problem
    form: StandardForm
    names: Sequence[str]
    columns: Ints
    place: Mapping[str, int]

    @classmethod
    def of(cls, problem: Problem, most_kt: Floats) -> Listed:
        """Return a problem with the form over its routes."""
        form = array_form(problem, most_kt)
        where = positions(problem, form)
        flows = np.concatenate([where["flow"], where["unserved"]])
        whole = form.integer.copy()
        whole[flows[flows != ABSENT]] = False
        columns = np.flatnonzero(whole)
        names = [form.column_names[here] for here in columns.tolist()]
        return cls(problem, form, names, columns, dict(zip(names, columns.tolist(), strict=True)))

    def within(self, sides: Sequence[Side]) -> StandardForm:
        """Return the LP relaxation in which columns keep to their sides."""
        lower, upper = self.form.column_lower.copy(), self.form.column_upper.copy()
        for side in sides:
            here = self.place.get(side.name)
            if here is not None:
                lower[here] = max(lower[here], side.lower)
                upper[here] = min(upper[here], side.upper)
        return replace(relaxed(self.form), column_lower=lower, column_upper=upper)

    def fixed(self, form: StandardForm, reduced: Floats, slack: float) -> tuple[Side, ...]:
        """Return the sides beyond which a column alone costs more than a slack.

        `reduced` are the costs of columns in the bound of a form, each at the better end there.
        """
        cost = reduced[self.columns]
        lower, upper = form.column_lower[self.columns], form.column_upper[self.columns]
        with np.errstate(divide="ignore", invalid="ignore"):
            steps = np.floor(slack * (1.0 + SAFE) / np.abs(cost) + SAFE)
        high = np.where(cost > 0, np.minimum(upper, lower + steps), upper)
        low = np.where(cost < 0, np.maximum(lower, upper - steps), lower)
        moved = np.flatnonzero((high < upper) | (low > lower))
        return tuple(Side(self.names[n], float(low[n]), float(high[n])) for n in moved.tolist())

    def fractions(self, values: Floats, least: float = WHOLE) -> tuple[Fraction, ...]:
        """Return the whole columns that are off by more than the least share in a point."""
        chosen = values[self.columns]
        off = np.flatnonzero(np.abs(chosen - np.round(chosen)) > least)
        return tuple(Fraction(self.names[n], float(chosen[n])) for n in off.tolist())


@dataclass
class Gains:
    """What a side has raised the LP by for each unit that it moved a column: pseudocosts.

    Benichou et al., Mathematical Programming 1, 1971; Achterberg, Koch, Martin 2005.
    """

    known: dict[tuple[str, bool], list[float]] = field(default_factory=lambda: defaultdict(list))

    def learn(self, name: str, share: float, gain: float, *, up: bool) -> None:
        """Take in what a side raised the LP by that moved a column by a share."""
        self.known[name, up].append(max(gain, 0.0) / max(share, WHOLE))

    def has(self, name: str) -> bool:
        """Return whether both sides of a column were seen."""
        return bool(self.known[name, False]) and bool(self.known[name, True])

    def score(self, one: Fraction) -> float:
        """Return the product of what both sides of a column are likely to raise the LP by."""
        shares = {False: one.below, True: 1.0 - one.below}
        found = 1.0
        for up, share in shares.items():
            seen = self.known[one.name, up]
            each = sum(seen) / len(seen) if seen else 0.0
            found *= max(each * share, LEAST_GAIN)
        return found
