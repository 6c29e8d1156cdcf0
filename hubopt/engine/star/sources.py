"""Plans of open sites where each shipment has one source: rounded transport, then exchanges.

The transport problem splits few shipments. Each of these goes where most of it went, what is then
too much moves to where it costs least more, and single shipments and pairs change their sites as
long as that pays. A heuristic: it may find no plan where there is one.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from hubopt.engine.star.transport import Served, served

if TYPE_CHECKING:
    from hubopt.engine.star.star import Star
    from hubopt.problem.problem import Floats, Ints

PAYS = 1e-12
"""An exchange pays if it saves more than this share of all that shipments cost."""


def assigned(star: Star, sites: Ints) -> Served:
    """Return a plan that opens these sites with one source for each shipment.

    Its cost is infinite if none is found; its prices are those of the transport problem.
    """
    split = served(star, sites)
    if star.loose or not len(sites):
        return split
    work = Assignment(star, sites, split.shares.argmax(axis=0))
    if split.left or not work.repaired():
        return replace(split, cost=np.inf, least=np.inf if split.left else split.cost)
    work.improve()
    shares = np.zeros_like(split.shares)
    shares[work.source, np.arange(star.shipments)] = 1.0
    cost = float((work.cost * shares).sum() + star.fixed[sites].sum())
    return Served(cost, sites, shares, split.prices, split.cost)


class Assignment:
    """The source of each shipment among open sites, and the room that is left at each."""

    def __init__(self, star: Star, sites: Ints, source: Ints) -> None:
        self.cost, self.weight, self.source = star.priced[sites], star.weight_kg, source.copy()
        self.limit = star.capacity_kg[sites]
        self.every = np.arange(star.shipments)
        self.least = PAYS * float(self.cost.max() * star.shipments)

    @property
    def room(self) -> Floats:
        """Return the weight that each site can still take, negative where it has too much."""
        load = np.bincount(self.source, weights=self.weight, minlength=len(self.limit))
        return self.limit - load

    @property
    def more(self) -> Floats:
        """Return sites x shipments, what serving a shipment from there costs more than now."""
        return self.cost - self.cost[self.source, self.every]

    def repaired(self) -> bool:
        """Move shipments from sites that have too much; return whether all fit in the end."""
        for _ in range(len(self.every)):
            room = self.room
            over = np.flatnonzero(room < 0)
            if not len(over):
                return True
            there = self.source == over[0]
            fits = (room[:, None] >= self.weight) & there
            per = np.where(
                fits, self.more / np.maximum(np.minimum(self.weight, -room[over[0]]), 1.0), np.inf
            )
            site, shipment = np.unravel_index(per.argmin(), per.shape)
            if np.isinf(per[site, shipment]) and not self.swapped_out(int(over[0]), room):
                return False
            if np.isfinite(per[site, shipment]):
                self.source[shipment] = site
        return bool((self.room >= 0).all())

    def swapped_out(self, site: int, room: Floats) -> bool:
        """Exchange a shipment of a site that has too much for a lighter one of another."""
        lighter = self.weight[:, None] - self.weight[None, :]
        ours = (self.source == site)[:, None] & (self.source != site)[None, :]
        fits = ours & (lighter > 0) & (room[self.source][None, :] >= lighter)
        if not fits.any():
            return False
        change = np.where(fits, self.swaps() / np.maximum(lighter, 1e-9), np.inf)
        one, other = np.unravel_index(change.argmin(), change.shape)
        self.exchange(int(one), int(other))
        return True

    def swaps(self) -> Floats:
        """Return shipments x shipments, what exchanging the sources of two costs more."""
        moved = self.more[self.source]
        return moved.T + moved

    def exchange(self, one: int, other: int) -> None:
        """Exchange the sources of two shipments."""
        self.source[one], self.source[other] = self.source[other], self.source[one]

    def improve(self) -> None:
        """Move or exchange shipments, the best first, as long as that pays."""
        for _ in range(5 * len(self.every)):
            room = self.room
            moves = np.where(room[:, None] >= self.weight, self.more, np.inf)
            moves[self.source, self.every] = np.inf
            heavier = self.weight[:, None] - self.weight[None, :]
            fits = (room[self.source][None, :] >= heavier) & (
                room[self.source][:, None] >= -heavier
            )
            fits &= self.source[:, None] != self.source[None, :]
            swaps = np.where(fits, self.swaps(), np.inf)
            if min(moves.min(), swaps.min()) >= -self.least:
                return
            if moves.min() <= swaps.min():
                site, shipment = np.unravel_index(moves.argmin(), moves.shape)
                self.source[shipment] = site
            else:
                one, other = np.unravel_index(swaps.argmin(), swaps.shape)
                self.exchange(int(one), int(other))
