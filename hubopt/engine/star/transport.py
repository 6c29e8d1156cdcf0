"""The cheapest way to serve all shipments from sites that stand, exactly, with its prices.

Every shipment starts at its cheapest site; what is too much there moves on along the cheapest
chains of sites until it fits (successive shortest paths; Ahuja, Magnanti and Orlin 1993, section
9.7). Weights are whole kilograms, so that amounts stay whole. What fits nowhere stays behind.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from hubopt.engine.star.star import Star
    from hubopt.problem.problem import Floats, Ints

NOTHING = 1e-14
"""Differences of unit costs below this share of the dearest are rounding."""


@dataclass(frozen=True)
class Served:
    """A plan for open sites: its cost, shares sites x shipments, prices that prove it.

    `least` is what any plan of these sites costs at least, where that is less.
    """

    cost: float
    open: Ints
    shares: Floats
    prices: Floats
    least: float = -np.inf

    @property
    def left(self) -> bool:
        """Tell whether anything stays behind."""
        return bool(np.any(self.shares.sum(axis=0) < 1.0 - 1e-12))


def served(star: Star, sites: Ints) -> Served:
    """Return the cheapest plan that opens these sites; sources may be split."""
    cost = np.vstack([star.priced[sites], star.unserved])
    shares = np.zeros_like(cost)
    heavy = (star.weight_kg > 0) & (not star.loose)
    light = np.flatnonzero(~heavy)
    shares[cost[:, light].argmin(axis=0), light] = 1.0
    prices = cost.min(axis=0)
    if heavy.any():
        room = np.append(np.floor(star.capacity_kg[sites]), np.inf)
        moves = Moves(cost[:, heavy] / star.weight_kg[heavy], star.weight_kg[heavy], room)
        paid = moves.settle()
        shares[:, heavy] = moves.amount / star.weight_kg[heavy]
        prices[heavy] = (cost[:, heavy] + np.outer(paid, star.weight_kg[heavy])).min(axis=0)
    total = float((cost * shares).sum() + star.fixed[sites].sum())
    return Served(total, sites, shares[:-1], prices)


class Moves:
    """Amounts by site and shipment, and the cheapest moves from site to site that are left."""

    def __init__(self, unit_cost: Floats, weight: Floats, room: Floats) -> None:
        self.unit, self.room = unit_cost, room
        sites, shipments = unit_cost.shape
        self.amount = np.zeros((sites, shipments))
        self.amount[unit_cost.argmin(axis=0), np.arange(shipments)] = weight
        self.load = self.amount.sum(axis=1)
        self.price = np.full((sites, sites), np.inf)
        self.mover = np.zeros((sites, sites), dtype=np.int64)
        self.crumb = NOTHING * float(unit_cost.max())
        for site in range(sites):
            self.look(site)

    def look(self, site: int) -> None:
        """Find what moves most cheaply from a site to each other one."""
        there = np.flatnonzero(self.amount[site] > 0)
        self.price[site] = np.inf
        if len(there):
            more = self.unit[:, there] - self.unit[site, there]
            first = more.argmin(axis=1)
            self.price[site] = more[np.arange(len(more)), first]
            self.mover[site] = there[first]
        self.price[site, site] = 0.0

    def distances(self) -> tuple[Floats, Ints]:
        """Return the cheapest way of each site to free room, per kilogram, and its next site."""
        sites = len(self.load)
        far, then = np.where(self.load < self.room, 0.0, np.inf), np.arange(sites)
        for _ in range(sites):
            ways = self.price + far
            first = ways.argmin(axis=1)
            cheapest = ways[np.arange(sites), first]
            nearer = cheapest < far - self.crumb
            if not nearer.any():
                break
            far[nearer], then[nearer] = cheapest[nearer], first[nearer]
        return far, then

    def settle(self) -> Floats:
        """Move until all fits; return what a kilogram of room at each site is worth."""
        while len(over := np.flatnonzero(self.load > self.room)):
            far, then = self.distances()
            self.move(int(over[far[over].argmin()]), then)
        return self.worth()

    def worth(self) -> Floats:
        """Return the least worth of room that explains why nothing moves to a full site.

        The smaller the prices, the less do sites attract that are not open.
        """
        free = self.load < self.room
        saved = np.zeros(len(free))
        for _ in range(len(saved)):
            better = np.maximum(saved, (saved[:, None] - self.price).max(axis=0))
            better[free] = 0.0
            if not np.any(better > saved + self.crumb):
                break
            saved = better
        return saved

    def move(self, site: int, then: Ints) -> None:
        """Move as much as can go along the way from a site that is too full."""
        way = [site]
        most = self.load[site] - self.room[site]
        while then[way[-1]] != way[-1]:
            here, there = way[-1], int(then[way[-1]])
            most = min(most, self.amount[here, self.mover[here, there]])
            way.append(there)
        most = min(most, self.room[way[-1]] - self.load[way[-1]])
        for here, there in itertools.pairwise(way):
            mover = self.mover[here, there]
            self.amount[here, mover] -= most
            self.amount[there, mover] += most
        self.load[site] -= most
        self.load[way[-1]] += most
        for here in way:
            self.look(here)
