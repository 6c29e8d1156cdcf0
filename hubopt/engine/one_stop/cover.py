"""Room counted in granules: where all sizes are multiples of one amount, bounds say more.

The room of a design is then a multiple too, and demand a little above one needs the next. Without
that the relaxation takes just the room that it needs, and stays below by up to a granule's cost.
A total-demand constraint is a known strengthening (Cornuejols, Sridharan and Thizy 1991).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import ceil
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

OFF = 1e-6
"""By this share of a granule a size may differ from a multiple: files are written in decimals."""

MOST_GRANULES = 1000
"""With more of them in all demand the next multiple is near, and counting takes long."""


@dataclass(frozen=True)
class Cover:
    """Granules of each choice of a site (I x K + 1, the last: closed, 0) and of all demand."""

    granules: Ints
    need: int

    @cached_property
    def left(self) -> Ints:
        """Return I x K + 1 x need + 1: what is still needed after a choice, by what was before."""
        needed = np.arange(self.need + 1)
        return np.asarray(np.maximum(needed - self.granules[:, :, None], 0))

    def met(self, chosen: Ints) -> bool:
        """Tell whether choices (I) have room for all demand."""
        return int(self.granules[np.arange(len(chosen)), chosen].sum()) >= self.need

    def cheapest(self, cost: Floats) -> Ints | None:
        """Return the choices (I) of least cost with room for all demand, `None` if there are none.

        `cost` is I x K + 1, infinite for what is not allowed (dynamic programming by sites).
        """
        least = np.full(self.need + 1, np.inf)
        least[0] = 0.0
        best = np.empty((len(cost), self.need + 1), dtype=np.int64)
        for i in range(len(cost) - 1, -1, -1):
            ways = cost[i][:, None] + least[self.left[i]]
            best[i] = ways.argmin(axis=0)
            least = ways.min(axis=0)
        if not np.isfinite(least[self.need]):
            return None
        chosen, needed = np.empty(len(cost), dtype=np.int64), self.need
        for i in range(len(cost)):
            chosen[i] = best[i, needed]
            needed = int(self.left[i, chosen[i], needed])
        return chosen


def cover_of(room_kg: Ints, demand_kg: int) -> Cover | None:
    """Return the granules of sizes (I x K, 0: none), `None` if they have no amount in common.

    A design of I sites has at most I times `OFF` granules more than are counted, so that one with
    room for all demand has at least as many as are needed.
    """
    some = np.unique(room_kg[room_kg > 0])
    if not len(some):
        return None
    granule = float(some[0])
    for size in some[1:]:
        granule = common(float(size), granule, OFF * float(some[0]))
    count = np.rint(room_kg / granule)
    need = ceil(demand_kg / granule - OFF * len(room_kg))
    if need > MOST_GRANULES or np.abs(room_kg / granule - count).max() > OFF:
        return None
    closed = np.zeros((len(room_kg), 1))
    return Cover(np.hstack([count, closed]).astype(np.int64), max(need, 0))


def common(one: float, other: float, least: float) -> float:
    """Return the largest amount of which both are multiples, but for less than `least`."""
    while other > least:
        rest = one % other
        one, other = other, 0.0 if other - rest <= least else rest
    return one
