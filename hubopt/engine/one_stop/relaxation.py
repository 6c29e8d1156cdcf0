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

    def choices(self, allowed: Bools | None = None) -> Floats:
        """Return what each choice of a site costs (I x K + 1), infinite if it is not allowed.

        The last choice is to stay closed; everything is allowed if nothing is said.
        """
        cost = np.column_stack([self.worth, np.zeros(len(self.worth))])
        return cost if allowed is None else np.where(allowed, cost, np.inf)

    def least(self, allowed: Bools | None = None) -> float:
        """Return the bound with every site at its best choice, whatever room they have together."""
        return safe_sum([self.constant, *self.choices(allowed).min(axis=1).tolist()])


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
    attracted = []
    for i in range(len(numbers.node)):
        earned = prices.serve if numbers.site_bonded[i] else ordinary
        here = Knapsack(earned - finder.paid_at(trees, i), numbers.units, numbers.room[i].max())
        worth[i] -= here.values(numbers.room[i])
        attracted.append(here)
    cut = Cut(constant(numbers, prices), worth)
    size, bound = best_choice(numbers, cut, allowed)
    parts = [(i, *attracted[i].filled(numbers.room[i, size[i]])) for i in np.flatnonzero(size >= 0)]
    shipment = np.concatenate([p[1] for p in parts]) if parts else np.zeros(0, dtype=np.int64)
    units = np.concatenate([p[2] for p in parts]) if parts else np.zeros(0)
    site = np.repeat([p[0] for p in parts], [len(p[1]) for p in parts]).astype(np.int64)
    use = finder.shared_use(trees, shipment, site, units)
    return Evaluation(prices, cut, bound, size, shipment, site, units, use, trees)


def best_choice(numbers: Numbers, cut: Cut, allowed: Bools | None) -> tuple[Ints, float]:
    """Return the sizes (I, -1: closed) that cost least by a cut, and what they cost at least.

    They have room for all demand as far as that can be counted in granules.
    """
    cost = cut.choices(allowed)
    last = cost.shape[1] - 1
    chosen = last - np.argmin(cost[:, ::-1], axis=1)  # without gain a site stays closed
    cover = numbers.cover
    if cover is not None and not cover.met(chosen):
        covering = cover.cheapest(cost)
        chosen = chosen if covering is None else covering
    each = cost[np.arange(len(cost)), chosen]
    return np.where(chosen == last, -1, chosen), safe_sum([cut.constant, *each.tolist()])


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
    """The shipments that a site would attract, those that earn most by the unit first.

    They are listed up to the room of `most`, and the one that overruns it.
    """

    def __init__(self, gain: Floats, units: Floats, most: float = np.inf) -> None:
        here = np.flatnonzero(gain > 0)
        here = here[np.argsort(-gain[here], kind="stable")]
        total = np.concatenate([[0.0], np.cumsum(units[here])])
        last = int(np.searchsorted(total, most, side="right"))  # more than that fills no room
        self.here, self.total = here[:last], total[: last + 1]
        self.units = units[self.here]
        self.gain = gain[self.here]
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
