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
    from hubopt.problem.problem import Floats, Ints

MOST_CELLS = 20_000_000
"""Rows x hubs x hubs, eight bytes each, that an engine takes."""

MOST_SETS = 3_000_000
"""Sets of open hubs that are looked at, one by one."""


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
        """Return how many hubs some best plan may open, besides none, the most first.

        As many as may where a further hub costs nothing and none has to be a city's own.
        """
        most = min(self.most, self.sites)
        if self.ends is None and not self.fixed.any():
            return (most,) if most else ()
        return tuple(range(most, 0, -1))

    @cached_property
    def sets(self) -> int:
        """Return the number of sets of hubs of these sizes."""
        return sum(comb(self.sites, size) for size in self.sizes)

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


@dataclass(frozen=True)
class HubPlan:
    """Open hubs and what the plan costs; with single allocation the hub of each city."""

    cost: float
    open: Ints
    allocation: Ints | None = None
