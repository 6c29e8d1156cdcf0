"""What each site would attract at given prices of the shipments, and at what profit.

With the demands priced a star falls apart into a knapsack for each site: continuous where demand
may be split, so that the bound is that of the strong linear relaxation with its links
share <= open; of whole shipments under single sourcing, which is stronger (Holmberg, Rönnqvist and
Yuan 1999, section 3). Where nothing has a limit, all that pays is attracted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from hubopt.engine.star.star import Star
    from hubopt.problem.problem import Floats, Ints


def attracted(star: Star, prices: Floats, rows: Ints) -> tuple[Floats, Floats]:
    """Return the profit of each site of `rows` and the shares, rows x shipments, that give it.

    Demand may be split. Profits are sums of terms of one sign, right to a few units of rounding.
    """
    gain = prices - star.priced[rows]
    if star.loose:
        pays = gain > 0
        return np.where(pays, gain, 0.0).sum(axis=1), pays.astype(float)
    weightless = star.weight_kg == 0
    weight = np.where(weightless, 1.0, star.weight_kg)
    rate = gain / weight
    rate[:, weightless] = np.where(gain[:, weightless] > 0, np.inf, -np.inf)
    order = np.argsort(-rate, axis=1, kind="stable")
    best = np.take_along_axis(gain, order, axis=1)
    taken = star.weight_kg[order]
    before = np.cumsum(taken, axis=1) - taken
    room = np.maximum(star.capacity_kg[rows][:, None] - before, 0.0)
    share = np.minimum(1.0, room / np.where(taken > 0, taken, 1.0))
    share[(taken == 0) & (best > 0)] = 1.0
    share[best <= 0] = 0.0
    shares = np.empty_like(share)
    np.put_along_axis(shares, order, share, axis=1)
    return (share * best).sum(axis=1), shares


def attracted_whole(star: Star, prices: Floats, rows: Ints) -> tuple[Floats, Floats]:
    """Return the same where each shipment is attracted as a whole or not at all.

    Dynamic programming over capacities in grains, all sites side by side.
    """
    gain = prices - star.priced[rows]
    weightless = star.weight_kg == 0
    shares = ((gain > 0) & weightless).astype(float)
    size = (star.weight_kg / star.grain_kg).astype(np.int64)
    most = int(star.weight_kg.sum() / star.grain_kg)
    room = np.minimum(np.floor(star.capacity_kg[rows] / star.grain_kg), most).astype(np.int64)
    useful = np.flatnonzero(~weightless & (gain > 0).any(axis=0) & (size <= room.max(initial=0)))
    best = np.zeros((len(rows), room.max(initial=0) + 1))
    took = np.zeros((len(useful), *best.shape), dtype=np.bool_)
    for here, j in enumerate(useful):
        with_it = best[:, : best.shape[1] - size[j]] + gain[:, j][:, None]
        took[here, :, size[j] :] = with_it > best[:, size[j] :]
        np.maximum(best[:, size[j] :], with_it, out=best[:, size[j] :])
    every, left = np.arange(len(rows)), room.copy()
    for here in range(len(useful) - 1, -1, -1):
        j = useful[here]
        taken = took[here, every, left]
        shares[taken, j] = 1.0
        left -= np.where(taken, size[j], 0)
    return (shares * np.where(shares > 0, gain, 0.0)).sum(axis=1), shares
