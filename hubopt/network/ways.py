"""Many candidate routes at once, as arrays: dominance and the choice of those that are listed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

MOST_NUMBERS = 2**62
"""Beyond this numbers of groups would not fit 64 bits."""

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Ways:
    """One row per candidate: CNY per tonne, hours, departures' share; sites and hops by number."""

    cost: Floats
    time_h: Floats
    departures: Floats
    sites: Ints
    options: Ints

    @property
    def rank(self) -> Floats:
        """Cost with a share of the departures'."""
        return self.cost + self.departures

    def __len__(self) -> int:
        """Return the number of candidates."""
        return len(self.cost)

    def rows(self, rows: Ints | NDArray[np.bool_]) -> Ways:
        """Return some of the candidates, in the order given."""
        return Ways(
            self.cost[rows],
            self.time_h[rows],
            self.departures[rows],
            self.sites[rows],
            self.options[rows],
        )


def at_the_start() -> Ways:
    """Return the one candidate that has not left its origin."""
    none, empty = np.zeros(1), np.zeros((1, 0), dtype=np.int64)
    return Ways(none, none, none, empty, empty)


def groups(*tables: Ints) -> Ints:
    """Return a number for each row, the same for rows that agree in all columns of all tables."""
    number, size = np.zeros(len(tables[0]), dtype=np.int64), 1
    for column in (column for table in tables for column in table.T):
        radix = int(column.max(initial=0)) + 1
        if size * radix > MOST_NUMBERS:
            number = np.unique(number, return_inverse=True)[1]
            size = len(number)
        number, size = number * radix + column, size * radix
    return number


def not_dominated(ways: Ways, group: Ints) -> Ints:
    """Return the rows, by rank, that are faster than all cheaper ones of their group.

    Times are compared by their place in order, in which later groups come before earlier ones, so
    that the running least starts anew with each group.
    """
    if not len(ways):
        return np.zeros(0, dtype=np.int64)
    order = np.lexsort((ways.time_h, ways.cost, group))
    place = np.unique(ways.time_h, return_inverse=True)[1][order]
    later = np.cumsum(np.diff(group[order], prepend=group[order[0]]) != 0)
    place -= later * len(ways)
    least = np.minimum.accumulate(place)
    first = np.append(True, place[1:] < least[:-1])
    kept = np.sort(order[first])
    return kept[np.lexsort((ways.time_h[kept], ways.rank[kept]))]


def choose(views: Sequence[Ints], first: Sequence[int], cap: int) -> Ints:
    """Return at most `cap` rows of ranked candidates: row 0, `first`, then new ones by turns.

    A turn takes the best candidate whose value in one view is still missing (the best that is
    left, where none is missing), and goes on to the next view.
    """
    count = len(views[0])
    if count <= cap:
        return np.arange(count)
    chosen = dict.fromkeys([0, *first][:cap])
    values = [view.tolist() for view in views]
    seen = [{view[row] for row in chosen} for view in values]
    starts = [0] * len(views)
    left = 0
    while len(chosen) < cap:
        for turn, view in enumerate(values):
            row = starts[turn]
            while row < count and view[row] in seen[turn]:
                row += 1
            starts[turn] = row
            if row == count:
                while left in chosen:
                    left += 1
                row = left
            if len(chosen) < cap:
                chosen[row] = None
                for known, other in zip(seen, values, strict=True):
                    known.add(other[row])
    return np.array(sorted(chosen), dtype=np.int64)
