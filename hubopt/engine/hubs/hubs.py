"""A hub median: each shipment passes a first and a last hub, which may be the same, both open.

minimise  sum of fixed[k] over open hubs + sum over rows of cost[row, first hub, last hub]
such that at most `most` hubs open. With multiple allocation a row is a shipment and takes the
cheapest pair of open hubs. With single allocation a row is what two cities send each other, each
city has one open hub for all of its rows, and the city at which an open hub stands has that hub.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import comb
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hubopt.problem.problem import Floats, Ints

MOST_CELLS = 20_000_000
"""Rows x hubs x hubs, eight bytes each, that an engine takes; pairs of cities count as rows."""

MOST_SETS = 3_000_000
"""Sets of open hubs that are looked at, one by one."""

MOST_STEPS = 100_000_000_000
"""Comparisons, one for each set, hub of it and row, about 0.6 ns each: a minute of listing."""


@dataclass(frozen=True)
class Hubs:
    """The numbers of a hub median; n hubs, money in million CNY of present value.

    `fixed` n; `cost` rows x n x n, by first and last hub, at most what leaving the row behind
    costs; `behind` what leaving all behind costs. With single allocation `ends` is rows x 2, the
    city of the first hub and that of the last, and `own` n, the city at which a hub stands.
    """

    fixed: Floats
    cost: Floats
    behind: float
    most: int
    ends: Ints | None = None
    own: Ints | None = None

    @property
    def sites(self) -> int:
        """Return the number of hubs."""
        return len(self.fixed)

    @property
    def rows(self) -> int:
        """Return the number of rows."""
        return len(self.cost)

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """Return how many hubs some best plan may open, besides none, the likeliest first.

        As many as may where a further hub costs nothing and none has to be a city's own. Where hubs
        cost something few come first, because the more there are, the more they cost at least.
        """
        most = min(self.most, self.sites)
        if self.fixed.any():
            return tuple(range(1, most + 1))
        if self.ends is None:
            return (most,) if most else ()
        return tuple(range(most, 0, -1))

    def few(self, sizes: Sequence[int]) -> bool:
        """Tell whether sets of these sizes are few enough to be looked at one by one."""
        sets = {size: comb(self.sites, size) for size in sizes}
        steps = sum(count * size * self.rows for size, count in sets.items())
        return sum(sets.values()) <= MOST_SETS and steps <= MOST_STEPS

    @cached_property
    def pairs(self) -> Floats:
        """Return n x n x rows, the least cost of a row if these two hubs alone are open."""
        both = np.minimum(self.cost, self.cost.transpose(0, 2, 1)).transpose(1, 2, 0)
        alone = np.einsum("rkk->kr", self.cost)
        found = np.minimum(both, np.minimum(alone[:, None], alone[None, :]))
        return np.ascontiguousarray(found)

    @cached_property
    def least_of_all(self) -> float:
        """Return what every plan costs at least: each row by the cheapest pair of all hubs."""
        return float(self.cost.min(axis=(1, 2)).sum())

    @cached_property
    def least_fixed(self) -> Floats:
        """Return what hubs cost at least, by how many are open: the cheapest ones."""
        return np.concatenate([np.zeros(1), np.sort(self.fixed).cumsum()])

    def least_of(self, size: int) -> float:
        """Return what every plan with so many hubs costs at least."""
        return self.least_of_all + float(self.least_fixed[size])


@dataclass(frozen=True)
class HubPlan:
    """Open hubs and what the plan costs; with single allocation the hub of each city."""

    cost: float
    open: Ints
    allocation: Ints | None = None
