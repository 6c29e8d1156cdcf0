"""Room counted in granules: where all sizes are multiples of one amount, bounds say more.

The room of a design is then a multiple too, and demand a little above one needs the next. Without
that the relaxation takes just the room that it needs, and stays below by up to a granule's cost.
A total-demand constraint is a known strengthening (Cornuejols, Sridharan and Thizy 1991).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from math import ceil
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Bools = NDArray[np.bool_]
    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

OFF = 1e-6
"""By this share of a granule a size may differ from a multiple: files are written in decimals."""

MOST_GRANULES = 1000
"""With more of them in all demand the next multiple is near, and counting takes long."""

MOST_STATES = 2000
"""With more pairs of granules of all demand and of bonded goods the latter are not counted."""


@dataclass(frozen=True)
class Cover:
    """Granules of each choice of a site (I x K + 1, the last: closed, 0), and who needs how many.

    All demand needs `need`; bonded goods need `bonded_need` at the sites that may hold them (I).
    """

    granules: Ints
    need: int
    bonded: Bools
    bonded_need: int = 0

    @property
    def states(self) -> int:
        """Return the number of pairs of what all demand and what bonded goods still need."""
        return (self.need + 1) * (self.bonded_need + 1)

    @cached_property
    def left(self) -> Ints:
        """Return I x K + 1 x states: the pair after a choice, by the pair before it."""
        needed, bonded = np.divmod(np.arange(self.states), self.bonded_need + 1)
        held = np.where(self.bonded[:, None], self.granules, 0)
        needed = np.maximum(needed - self.granules[:, :, None], 0)
        bonded = np.maximum(bonded - held[:, :, None], 0)
        return np.asarray(needed * (self.bonded_need + 1) + bonded)

    def met(self, chosen: Ints) -> bool:
        """Tell whether choices (I) have room for all demand, and for bonded goods."""
        each = self.granules[np.arange(len(chosen)), chosen]
        enough = int(each[self.bonded].sum()) >= self.bonded_need
        return enough and int(each.sum()) >= self.need

    def cheapest(self, cost: Floats) -> Ints | None:
        """Return the choices (I) of least cost with room for all demand, `None` if there are none.

        `cost` is I x K + 1, infinite for what is not allowed (dynamic programming by sites).
        """
        least = np.full(self.states, np.inf)
        least[0] = 0.0
        best = np.empty((len(cost), self.states), dtype=np.int64)
        for i in range(len(cost) - 1, -1, -1):
            ways = cost[i][:, None] + least[self.left[i]]
            best[i] = ways.argmin(axis=0)
            least = ways.min(axis=0)
        if not np.isfinite(least[-1]):
            return None
        chosen, state = np.empty(len(cost), dtype=np.int64), self.states - 1
        for i in range(len(cost)):
            chosen[i] = best[i, state]
            state = int(self.left[i, chosen[i], state])
        return chosen


def cover_of(room_kg: Ints, bonded: Bools, demand_kg: int, bonded_kg: int) -> Cover | None:
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
    need, bonded_need = (
        max(ceil(kg / granule - OFF * len(room_kg)), 0) for kg in (demand_kg, bonded_kg)
    )
    if need > MOST_GRANULES or np.abs(room_kg / granule - count).max() > OFF:
        return None
    closed = np.zeros((len(room_kg), 1))
    cover = Cover(np.hstack([count, closed]).astype(np.int64), need, bonded, bonded_need)
    return cover if cover.states <= MOST_STATES else replace(cover, bonded_need=0)


def common(one: float, other: float, least: float) -> float:
    """Return the largest amount of which both are multiples, but for less than `least`."""
    while other > least:
        rest = one % other
        one, other = other, 0.0 if other - rest <= least else rest
    return one
