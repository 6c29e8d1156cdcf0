"""Which shipments may still go to which sites under single sourcing, by reduced cost.

A plan that sends a shipment to a site opens it, and gives up the profit that the site would make
at the prices without it: the profit of a knapsack is at most that of its linear relaxation, whose
multiplier says what a kilogram of room is worth. Where that lifts the bound to the best plan, the
pair need not be looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hubopt.engine.star.bound import MARGIN
from hubopt.engine.star.choice import if_decided
from hubopt.engine.star.knapsacks import attracted
from hubopt.engine.star.star import CLOSED

if TYPE_CHECKING:
    from hubopt.engine.star.star import Star
    from hubopt.problem.problem import Floats, Ints


def pair_bounds(star: Star, prices: Floats, state: Ints) -> Floats:
    """Return sites x shipments: what a plan costs at least that sends a shipment to a site.

    Infinite for sites that are closed and for shipments that do not fit into a site; plans keep to
    the decisions of `state`.
    """
    prices = np.minimum(prices, star.unserved)
    rows = np.flatnonzero(state != CLOSED)
    gain = prices - star.priced[rows]
    room = rooms_worth(star, prices, rows)
    over = gain - room[:, None] * star.weight_kg
    held = np.where(room > 0, star.capacity_kg[rows], 0.0) * room
    profit = held + np.maximum(over, 0.0).sum(axis=1)
    worth = np.zeros(star.sites)
    worth[rows] = star.fixed[rows] - profit
    _, opened = if_decided(star, worth, state)
    terms = np.abs(prices).sum() + np.abs(star.fixed[rows]).sum() + profit.sum() + held.sum()
    least = np.full((star.sites, star.shipments), np.inf)
    base = float(prices.sum()) - MARGIN * terms
    least[rows] = base + opened[rows][:, None] + np.maximum(-over, 0.0)
    least[star.weight_kg > star.capacity_kg[:, None]] = np.inf
    return least


def rooms_worth(star: Star, prices: Floats, rows: Ints) -> Floats:
    """Return what a kilogram of room at each site is worth: the rate of the best left partly out.

    Any number that is not negative would do for a bound.
    """
    _, shares = attracted(star, prices, rows)
    gain, heavy = prices - star.priced[rows], star.weight_kg > 0
    rate = gain / np.where(heavy, star.weight_kg, 1.0)
    worth: Floats = np.where(heavy & (shares < 1.0), rate, 0.0).max(axis=1, initial=0.0)
    return worth
