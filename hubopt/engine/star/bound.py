"""A lower bound on the cost of every plan of a star from any prices of its shipments.

Lagrangian relaxation of the demands (Geoffrion 1974; for location Cornuéjols, Sridharan and Thizy
1991): prices, cut to what leaving a shipment behind costs, are paid for every shipment, and each
site keeps the profit of what it attracts. Nothing is taken on trust: whatever the prices, the bound
holds. A margin for the rounding of its sums is taken off; where all costs are multiples of one
amount, the bound is raised to the next multiple.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hubopt.engine.star.choice import chosen
from hubopt.engine.star.knapsacks import attracted, attracted_whole
from hubopt.engine.star.star import CLOSED

if TYPE_CHECKING:
    from hubopt.engine.star.star import Star
    from hubopt.problem.problem import Floats, Ints

MARGIN = 1e-12
"""What rounding can add, by the sum of the absolute terms: some hundred times more than it does."""


@dataclass(frozen=True)
class Bound:
    """A bound in million CNY with what it was made of; its `base` is what no choice of sites moves.

    `worth` n: what opening each site adds, a large sum for closed ones; `opened` n: which open;
    `shares` m: how much of each shipment they attract together.
    """

    value: float
    prices: Floats
    worth: Floats
    opened: Floats
    shares: Floats
    base: float


def bound_at(star: Star, prices: Floats, state: Ints, *, whole: bool = False) -> Bound:
    """Return the bound on plans that keep to the decisions of `state`, infinite without any.

    `whole` attracts shipments as a whole: allowed under single sourcing only.
    """
    prices = np.minimum(prices, star.unserved)
    rows = np.flatnonzero(state != CLOSED)
    profit, shares = (attracted_whole if whole else attracted)(star, prices, rows)
    worth = star.fixed + np.abs(prices).sum()  # of closed sites: more than any plan would pay
    worth[rows] = star.fixed[rows] - profit
    least, opened = chosen(star, worth, state)
    terms = np.abs(prices).sum() + np.abs(star.fixed[rows]).sum() + profit.sum()
    base = float(prices.sum() - MARGIN * terms)
    return Bound(base + least, prices, worth, opened, opened[rows] @ shares, base)


def behind_may_pay(star: Star) -> bool:
    """Tell whether a plan without limits may be better for leaving a shipment behind.

    It is not if each shipment costs less from any site, and all of them from some site with it.
    """
    dearer = np.any(star.cost.max(axis=0) > star.unserved)
    one_site = float((star.fixed + star.cost.sum(axis=1)).min())
    return bool(dearer) or one_site > float(star.unserved.sum())


@dataclass(frozen=True)
class Grain:
    """Amounts of which every plan's cost is a multiple, but for `slack`; 0 if there is none."""

    size: float
    slack: float

    def raised(self, bound: float) -> float:
        """Return the least cost that a plan can have which costs no less than a bound."""
        return float(self.raised_all(np.array([bound]))[0])

    def raised_all(self, bounds: Floats) -> Floats:
        """Return the same for many bounds; infinite ones stay."""
        if not self.size:
            return bounds
        steps = np.ceil((bounds - self.slack) / self.size)
        return np.maximum(bounds, steps * self.size - self.slack)


NO_GRAIN = Grain(0.0, 0.0)
FINEST = 1e-8
"""A grain below this, in million CNY, is a fen: no help."""


def grain_of(star: Star) -> Grain:
    """Return the amount of which all costs are multiples where no shipment need be split.

    A plan that opens n sites and serves m shipments adds up n + m numbers, each of which may lie
    off its multiple by the rounding of its making. What leaving goods behind costs counts where
    that may pay; under single sourcing such plans are bounded apart, but for what has no weight.
    """
    if not star.loose and (not star.single or star.light_may_stay):
        return NO_GRAIN
    numbers = np.concatenate([star.fixed, star.cost[np.isfinite(star.cost)]])
    if star.loose and behind_may_pay(star):
        numbers = np.concatenate([numbers, star.unserved])
    if len(numbers) == 0 or numbers.max() / FINEST >= 2.0**53:
        return NO_GRAIN
    fens = np.round(numbers / FINEST)
    size = float(np.gcd.reduce(fens.astype(np.int64))) * FINEST
    off = float(np.abs(numbers - np.round(numbers / size) * size).max()) if size else np.inf
    slack = off * (star.sites + star.shipments)
    return Grain(size, slack) if slack < size / 4 and size > FINEST else NO_GRAIN
