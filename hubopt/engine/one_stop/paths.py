"""Cheapest paths to and from every site at given prices of shared arcs, for every class.

Two trees for each class and site: towards the site, and away from it (Dijkstra 1959, by scipy).
What shipments pay by way of a site is the sum of two entries; what they take of shared arcs is
found by sending their units up the trees, all of them one arc at a time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

if TYPE_CHECKING:
    from hubopt.engine.one_stop.numbers import Floats, Ints, Numbers

END = -9999
"""What scipy gives for the node before the root of a tree."""


@dataclass(frozen=True)
class Trees:
    """Trees towards and away from sites: what they cost (C x I x N) and the next node to the root.

    `towards[c, i, v]` is the cost from v to site i, `away[c, i, v]` that from site i to v.
    """

    towards: Floats
    away: Floats
    next_to: Ints
    next_from: Ints


class PathFinder:
    """Finds the trees of a problem anew for every vector of prices."""

    def __init__(self, numbers: Numbers) -> None:
        self.numbers = numbers
        self.kinds = [kind for kind, _, _ in numbers.blocks]
        self.forward = Layout(numbers.tail, numbers.head, numbers.nodes)
        self.backward = Layout(numbers.head, numbers.tail, numbers.nodes)
        of_kind = numbers.kind * (len(numbers.node) * numbers.nodes)
        self.origin, self.end = of_kind + numbers.origin, of_kind + numbers.end
        self.paid, self.onward = (np.empty(len(numbers.units)) for _ in range(2))

    def trees(self, prices: Floats) -> Trees:
        """Return the trees where each shared arc costs its price (at least 0) on top."""
        numbers = self.numbers
        shape = (len(numbers.cost), len(numbers.node), numbers.nodes)
        towards, away = np.full(shape, np.inf), np.full(shape, np.inf)
        next_to, next_from = (np.full(shape, END, dtype=np.int64) for _ in range(2))
        for c in self.kinds:
            cost = numbers.cost[c].copy()
            cost[numbers.shared] += prices
            away[c], next_from[c] = self.forward.trees(cost, numbers.node)
            towards[c], next_to[c] = self.backward.trees(cost, numbers.node)
        return Trees(towards, away, next_to, next_from)

    def by_site(self, trees: Trees) -> Floats:
        """Return I x S: what a unit of each shipment pays by way of each site, with handling."""
        numbers = self.numbers
        paid = np.empty((len(numbers.node), len(numbers.units)))
        for c, first, last in numbers.blocks:
            block = paid[:, first:last]
            origin, end = numbers.origin[first:last], numbers.end[first:last]
            np.take(trees.towards[c], origin, axis=1, out=block, mode="clip")  # "raise" copies
            block += np.take(trees.away[c], end, axis=1, mode="clip")
        paid += numbers.handling[:, None]
        paid[np.ix_(~numbers.site_bonded, numbers.bonded)] = np.inf
        return paid

    def paid_at(self, trees: Trees, site: int) -> Floats:
        """Return what a unit of each shipment (S) pays by way of one site, bonded goods or not.

        The array is the finder's own and holds until the next call: a row at a time stays in the
        processor's cache, where I x S does not.
        """
        paid, onward, first = self.paid, self.onward, site * self.numbers.nodes
        np.take(trees.towards.reshape(-1)[first:], self.origin, out=paid, mode="clip")
        np.take(trees.away.reshape(-1)[first:], self.end, out=onward, mode="clip")
        paid += onward
        paid += self.numbers.handling[site]
        return paid

    def shared_use(self, trees: Trees, shipment: Ints, site: Ints, units: Floats) -> Floats:
        """Return the units on each shared arc if so many of a shipment go by way of a site."""
        numbers = self.numbers
        kind = numbers.kind[shipment]
        use = np.zeros(len(numbers.shared))
        between = numbers.arc_between
        self.climb(use, trees.next_to, kind, site, numbers.origin[shipment], units, between)
        self.climb(use, trees.next_from, kind, site, numbers.end[shipment], units, between.T)
        return use

    def climb(
        self,
        use: Floats,
        next_node: Ints,
        kind: Ints,
        site: Ints,
        node: Ints,
        units: Floats,
        between: Ints,
    ) -> None:
        """Add what units take of shared arcs on their way up the trees; those that meet join."""
        nodes, sites = self.numbers.nodes, len(self.numbers.node)
        flat = next_node.reshape(-1)
        key = (kind * sites + site) * nodes + node
        while len(key):
            key, where = np.unique(key, return_inverse=True)
            units = np.bincount(where, weights=units, minlength=len(key)).astype(float)
            ahead = flat[key]
            moving = ahead != END
            key, ahead, units = key[moving], ahead[moving], units[moving]
            here = key % nodes
            arc = between[here, ahead]
            taken = arc >= 0
            use += np.bincount(arc[taken], weights=units[taken], minlength=len(use))
            key = key - here + ahead


class Layout:
    """A graph of fixed arcs whose costs change: where the cost of each arc stands in its matrix."""

    def __init__(self, start: Ints, end: Ints, nodes: int) -> None:
        self.order = np.lexsort((end, start))
        counts = np.bincount(start, minlength=nodes)
        self.matrix = csr_matrix(
            (
                np.ones(len(start)),
                end[self.order].astype(np.int32),
                np.concatenate([[0], np.cumsum(counts)]).astype(np.int32),
            ),
            shape=(nodes, nodes),
        )

    def trees(self, cost: Floats, roots: Ints) -> tuple[Floats, Ints]:
        """Return cost and next node to the root, for every root and node."""
        self.matrix.data[:] = cost[self.order]
        far, before = dijkstra(self.matrix, indices=roots, return_predecessors=True)
        return far, before
