"""The Lagrangian bound: demand and shared arcs priced, sites alone with what they would attract.

With a price for serving a unit of each shipment and one for a unit on each shared arc, what remains
falls apart by site: of each size the shipments that earn most fill its capacity (a continuous
knapsack, Dantzig 1957), and the size that earns most beyond its fixed cost opens, or none. Any
prices give a bound that holds over all paths, and as much as the strongest linear relaxation if
they are the best (Geoffrion 1974). It is also a cut on the sizes that open, the one that Benders
decomposition would give (Benders 1962): cost >= constant + sum of `worth` of the sizes that open.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hubopt.engine.safe_sums import MARGIN, safe_sum

if TYPE_CHECKING:
    from hubopt.engine.one_stop.numbers import Bools, Floats, Ints, Numbers
    from hubopt.engine.one_stop.paths import PathFinder, Trees


@dataclass(frozen=True)
class Prices:
    """What serving a unit of each shipment earns (S), and a unit on shared arcs costs (>= 0)."""

    serve: Floats
    arc: Floats

    def blend(self, other: Prices, share: float) -> Prices:
        """Return prices on the way to others."""
        return Prices(
            (1 - share) * self.serve + share * other.serve,
            (1 - share) * self.arc + share * other.arc,
        )


@dataclass(frozen=True)
class Cut:
    """cost >= constant + sum of worth[site, size] of the sizes that open; safe against rounding."""

    constant: float
    worth: Floats

    def least(self, allowed: Bools | None = None) -> float:
        """Return the bound with every site at the best choice that is allowed (I x K + 1).

        The last choice is to stay closed; everything is allowed if nothing is said.
        """
        choices = np.column_stack([self.worth, np.zeros(len(self.worth))])
        if allowed is not None:
            choices = np.where(allowed, choices, np.inf)
        return safe_sum([self.constant, *choices.min(axis=1).tolist()])


@dataclass(frozen=True)
class Evaluation:
    """What prices give: the cut, the bound, and what a best choice does.

    `size` (I) is the size that opens, -1 for none; `shipment`, `site`, `units` say who would be
    served where; `use` is what that takes of shared arcs.
    """

    prices: Prices
    cut: Cut
    bound: float
    size: Ints
    shipment: Ints
    site: Ints
    units: Floats
    use: Floats
    trees: Trees


def evaluate(
    numbers: Numbers, finder: PathFinder, prices: Prices, allowed: Bools | None = None
) -> Evaluation:
    """Return the relaxation at prices, with the choices of sites that are `allowed` (I x K + 1)."""
    trees = finder.trees(prices.arc)
    ordinary = np.where(numbers.bonded, -np.inf, prices.serve)
    worth = numbers.fixed.copy()
    size = np.full(len(numbers.node), -1)
    parts: list[tuple[int, Ints, Floats]] = []
    for i in range(len(numbers.node)):
        earned = prices.serve if numbers.site_bonded[i] else ordinary
        attracted = Knapsack(earned - finder.paid_at(trees, i), numbers.units)
        worth[i] -= attracted.values(numbers.room[i])
        size[i] = best_of(worth[i], None if allowed is None else allowed[i])
        if size[i] >= 0:
            parts.append((i, *attracted.filled(numbers.room[i, size[i]])))
    shipment = np.concatenate([p[1] for p in parts]) if parts else np.zeros(0, dtype=np.int64)
    units = np.concatenate([p[2] for p in parts]) if parts else np.zeros(0)
    site = np.repeat([p[0] for p in parts], [len(p[1]) for p in parts]).astype(np.int64)
    use = finder.shared_use(trees, shipment, site, units)
    cut = Cut(constant(numbers, prices), worth)
    return Evaluation(prices, cut, cut.least(allowed), size, shipment, site, units, use, trees)


def best_of(worth: Floats, allowed: Bools | None) -> int:
    """Return the best size of a site, -1 to stay closed, among the choices that are allowed."""
    choices = np.append(worth, 0.0)
    if allowed is not None:
        choices = np.where(allowed, choices, np.inf)
    best = int(np.argmin(choices[::-1]))  # if nothing is gained by it a site stays closed
    return len(worth) - best if best else -1


def room_prices(numbers: Numbers, finder: PathFinder, found: Evaluation, size: Ints) -> Floats:
    """Return what one more unit of room is worth at each open site of a design (I)."""
    gain = found.prices.serve - finder.by_site(found.trees)
    prices = np.zeros(len(size))
    for i in np.flatnonzero(size >= 0):
        prices[i] = Knapsack(gain[i], numbers.units).price(numbers.room[i, size[i]])
    return prices


def constant(numbers: Numbers, prices: Prices) -> float:
    """Return what serving everybody earns, less what all shared arcs could charge."""
    return safe_sum(
        [*(prices.serve * numbers.units).tolist(), *(-prices.arc * numbers.shared_room).tolist()]
    )


class Knapsack:
    """The shipments that a site would attract, those that earn most by the unit first."""

    def __init__(self, gain: Floats, units: Floats) -> None:
        here = np.flatnonzero(gain > 0)
        self.here = here[np.argsort(-gain[here], kind="stable")]
        self.units = units[self.here]
        self.gain = gain[self.here]
        self.total = np.concatenate([[0.0], np.cumsum(self.units)])
        self.earned = np.concatenate([[0.0], np.cumsum(self.units * self.gain)])

    def values(self, room: Floats) -> Floats:
        """Return at least what filling each room earns: more by what rounding could hide."""
        last = np.searchsorted(self.total, room, side="right") - 1
        full = last == len(self.here)
        rest = np.where(full, 0.0, room - self.total[last])
        gain = np.append(self.gain, 0.0)[last]
        return np.asarray((self.earned[last] + rest * gain) * (1 + MARGIN))

    def price(self, room: float) -> float:
        """Return what one more unit of room would earn."""
        last = int(np.searchsorted(self.total, room, side="right")) - 1
        return 0.0 if last == len(self.here) else float(self.gain[last])

    def filled(self, room: float) -> tuple[Ints, Floats]:
        """Return the shipments that fill a room, and the units of each."""
        last = int(np.searchsorted(self.total, room, side="right")) - 1
        if last == len(self.here):
            return self.here, self.units
        units = self.units[: last + 1].copy()
        units[last] = room - self.total[last]
        return self.here[: last + 1], units
