"""The hauls from one stop as arrays, to be joined with the legs that lead on to another stop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hubopt.network.steps import Change

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from hubopt.network.graph import Network
    from hubopt.network.hauls import Haul
    from hubopt.network.legs import Legs

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Truths = NDArray[np.bool_]


@dataclass(frozen=True)
class Inward:
    """The legs to one stop from every place, all variants of all modes in one row each."""

    cost: Floats
    time_h: Floats
    free: Truths


def inward(legs: Sequence[Legs], stop: int) -> Inward:
    """Return the legs to a stop."""
    parts = [one.into(stop) for one in legs]
    return Inward(*(np.concatenate([part[k].ravel() for part in parts]) for k in range(3)))


@dataclass(frozen=True)
class Ends:
    """Hauls from one stop with every variant of the leg that may follow, one row for each pair.

    `haul` numbers the haul, `variant` the leg that follows, `position` the leg in `Inward`.
    `bare` hauls take no limited thing at all, `free` ones no limited link or transfer.
    """

    hauls: tuple[Haul, ...]
    cut: bool
    haul: Ints
    variant: Ints
    position: Ints
    cost: Floats
    time_h: Floats
    departures: Floats
    modes: Ints
    free: Truths
    bare: Truths

    def only_way(self, legs: Inward) -> tuple[float, float]:
        """Return cost and hours of the way to a stop if there is one row."""
        position = self.position[0]
        return (
            float(self.cost[0] + legs.cost[position]),
            float(self.time_h[0] + legs.time_h[position]),
        )


def ends(
    network: Network,
    found: tuple[list[Haul], bool],
    legs: Sequence[Legs],
    limits: int,
) -> Ends:
    """Return the hauls from one stop as arrays; `legs` are those that may follow."""
    hauls, cut = found
    where = [network.states[haul.state] for haul in hauls]
    rows, offset, count = [], 0, len(network.instance.places)
    for one in legs:
        variants = one.open.table.shape[1]
        rows += [
            (here, variant, offset + variant * count + network.place_number[place])
            for here, (place, mode) in enumerate(where)
            if mode is one.open.mode
            for variant in range(variants)
        ]
        offset += variants * count
    haul, variant, position = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    return Ends(
        tuple(hauls), cut, haul, variant, position,
        np.array([h.cost for h in hauls])[haul],
        np.array([h.time_h for h in hauls])[haul],
        np.array([h.departures for h in hauls])[haul],
        np.array([h.modes for h in hauls], dtype=np.int64)[haul],
        np.array([not h.needs & limits for h in hauls], dtype=bool)[haul],
        np.array([not h.needs for h in hauls], dtype=bool)[haul],
    )  # fmt: skip


@dataclass(frozen=True)
class Joined:
    """Ways between two stops by main modes, then by rank; `row` is the row of `Ends`."""

    row: Ints
    cost: Floats
    time_h: Floats
    modes: Ints
    free: Truths

    def way(self, position: int) -> tuple[int, float, float]:
        """Return the row of `Ends`, the cost and the hours of a way."""
        return int(self.row[position]), float(self.cost[position]), float(self.time_h[position])

    def groups(self) -> list[Ints]:
        """Return the positions of the ways with the same main modes, best first."""
        starts = np.flatnonzero(np.diff(self.modes)) + 1
        return np.split(np.arange(len(self.row)), starts) if len(self.row) else []


def joined(start: Ends, legs: Inward, *, worth: float, latest_h: float, all_modes: bool) -> Joined:
    """Return the ways to a stop that are worth their price and in time.

    What takes a main mode is left out where a leg without limits is no dearer and no slower, unless
    limits may ask for it (`all_modes`).
    """
    cost = start.cost + legs.cost[start.position]
    time_h = start.time_h + legs.time_h[start.position]
    free = start.free & legs.free[start.position]
    good = (cost < worth) & (time_h <= latest_h)
    bare = good & start.bare & free & (start.modes == 0)
    for row in np.flatnonzero(bare) if not all_modes else ():
        good &= (cost < cost[row]) | (time_h < time_h[row]) | (start.modes == 0)
    rows = np.flatnonzero(good)
    rank = cost[rows] + start.departures[rows]
    rows = rows[np.lexsort((rank, start.modes[rows]))]
    return Joined(rows, cost[rows], time_h[rows], start.modes[rows], free[rows])


def terminals(haul: Haul) -> tuple[str, ...]:
    """Return the places at which a haul changes modes."""
    found = []
    while haul.before is not None and haul.arc is not None:
        if isinstance(haul.arc.what, Change):
            found.append(haul.arc.what.place)
        haul = haul.before
    return tuple(reversed(found))
