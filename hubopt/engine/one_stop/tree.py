"""Branching on sites and sizes, with the Lagrangian bound in every node: the proof to the end.

A node is a set of choices that are allowed for each site. Prices are improved in it by a few steps
of the volume algorithm from those of its parent; a choice whose cut alone lifts the bound above the
best plan is forbidden (reduced-cost fixing). Where every site has one choice left the routing LP
closes the node, by the bound that its prices give. Best bound first (Land and Doig 1960).
"""

from __future__ import annotations

import heapq
import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hubopt.engine.one_stop.relaxation import evaluate, room_prices
from hubopt.engine.one_stop.room import has_room
from hubopt.engine.one_stop.routing import DEAR
from hubopt.engine.one_stop.volume import Volume
from hubopt.solver.statuses import clash

if TYPE_CHECKING:
    from hubopt.engine.one_stop.numbers import Bools, Floats, Ints, Numbers
    from hubopt.engine.one_stop.paths import PathFinder
    from hubopt.engine.one_stop.relaxation import Prices
    from hubopt.engine.one_stop.routing import Router, Routing
    from hubopt.engine.one_stop.standing import Standing

BLOCK, MOST_BLOCKS = 10, 6
WORTH_ON = 0.1
"""Prices of a node are improved while so many steps lift it by this share of what is missing."""

STEP = 0.02
LEAF_ROUNDS = 40


@dataclass(frozen=True)
class Node:
    """Choices allowed (I x K + 1, the last: closed), the bound so far, and prices to begin with."""

    allowed: Bools
    bound: float
    prices: Prices


class Tree:
    """The open nodes of a problem, and the least bound of those that are closed."""

    def __init__(
        self,
        numbers: Numbers,
        finder: PathFinder,
        router: Router,
        standing: Standing,
        root: Volume,
    ) -> None:
        self.numbers, self.finder, self.router, self.standing = numbers, finder, router, standing
        self.scales = root.scales
        self.count = itertools.count()
        self.closed = float("inf")
        self.heap: list[tuple[float, int, Node]] = []
        there = np.column_stack([numbers.room > 0, np.ones(len(numbers.node), dtype=bool)])
        self.push(Node(there, root.bound, root.best.prices))

    def push(self, node: Node) -> None:
        """Add an open node, unless it has no room for what must pass."""
        room_kg = np.where(node.allowed[:, :-1], self.numbers.room_kg, 0).max(axis=1)
        if has_room(self.numbers, room_kg):
            heapq.heappush(self.heap, (node.bound, next(self.count), node))

    @property
    def bound(self) -> float:
        """Return the least bound of all nodes, open or closed."""
        least = self.heap[0][0] if self.heap else float("inf")
        return min(least, self.closed)

    def grow(self) -> None:
        """Process nodes until the search is done or none is left."""
        while self.heap and not self.standing.done:
            _, _, node = heapq.heappop(self.heap)
            children = self.children(node)
            for child in children:
                self.push(child)
            best = self.standing.best
            top = float("inf") if best is None else best.value
            self.standing.raise_bound(min(self.bound, top))

    def close(self, bound: float) -> list[Node]:
        """Close a node at a bound: nothing in it costs less."""
        self.closed = min(self.closed, bound)
        return []

    def children(self, node: Node) -> list[Node]:
        """Return what a node branches into, nothing if it is closed."""
        if node.bound >= self.standing.cutoff:
            return self.close(node.bound)
        volume = self.improved(node)
        bound = max(node.bound, volume.bound)
        if self.contradicted(node.allowed, bound):
            return []
        if self.standing.done:
            return [Node(node.allowed, bound, volume.best.prices)]
        allowed = self.fixed(node.allowed, volume)
        if bound >= self.standing.cutoff or not allowed.any(axis=1).all():
            return self.close(bound)
        if (allowed.sum(axis=1) == 1).all():
            return self.leaf(allowed, bound, volume)
        return [
            Node(part, bound, volume.best.prices) for part in self.branches(allowed, volume.opened)
        ]

    def improved(self, node: Node) -> Volume:
        """Return the volume algorithm after its steps in a node."""
        numbers, standing = self.numbers, self.standing
        start = evaluate(numbers, self.finder, node.prices, node.allowed)
        best = standing.best
        target = start.bound * 1.01 if best is None else best.value
        volume = Volume(numbers, self.finder, start, self.scales, target, node.allowed, step=STEP)
        for _ in range(MOST_BLOCKS):
            before = volume.bound
            for _ in range(BLOCK):
                if volume.bound >= standing.cutoff or standing.done:
                    return volume
                volume.advance()
            if volume.bound - before < WORTH_ON * (standing.cutoff - before):
                break
        return volume

    def fixed(self, allowed: Bools, volume: Volume) -> Bools:
        """Return the choices without those that the best cut shows to cost more than the plan."""
        best = self.standing.best
        if best is None:
            return allowed
        cut = volume.best.cut
        cost = cut.choices(allowed)
        more = cost - cost.min(axis=1, keepdims=True)
        return np.asarray(allowed & (cut.least(allowed) + more * (1 - 1e-9) < best.value))

    def leaf(self, allowed: Bools, bound: float, volume: Volume) -> list[Node]:
        """Route the only design of a node, and close it by the bound of the LP's prices.

        Without an LP that came to its end the node's own bound is all that is known of it.
        """
        size = np.where(allowed[:, -1], -1, allowed.argmax(axis=1))
        found = self.routed(size, volume)
        if found is None:
            return self.close(bound)
        self.standing.offer(found)
        exact = evaluate(self.numbers, self.finder, found.prices, allowed).bound
        bound = max(bound, exact)
        return [] if self.contradicted(allowed, bound) else self.close(bound)

    def contradicted(self, allowed: Bools, bound: float) -> bool:
        """Tell whether a bound on choices lies above a plan among them: a fault, which is kept."""
        best = self.standing.best
        if best is None or not allowed[np.arange(len(best.size)), best.size].all():
            return False
        if not clash(bound, best.value):
            return False
        self.standing.raise_bound(bound)
        return True

    def routed(self, size: Ints, volume: Volume) -> Routing | None:
        """Return what a design costs, with unserved demand so dear that it shows."""
        prices = volume.best.prices.arc
        worth = room_prices(self.numbers, self.finder, volume.best, size)
        self.router.list_cheapest(prices, worth, size)
        return self.router.route(size, LEAF_ROUNDS, dear=DEAR, stop=lambda: self.standing.done)

    def branches(self, allowed: Bools, opened: Floats) -> list[Bools]:
        """Return the two parts of the choices: a site open or closed, else a size or not."""
        share = np.where(allowed[:, :-1], opened, 0.0)
        total = share.sum(axis=1)
        either = allowed[:, -1] & allowed[:, :-1].any(axis=1)
        if either.any():
            doubt = np.where(either, 0.5 - np.abs(total - 0.5), -1.0)
            i = int(np.argmax(doubt))
            chosen = np.append(np.ones(allowed.shape[1] - 1, dtype=bool), False)
        else:
            several = allowed.sum(axis=1) > 1
            i = int(np.argmax(np.where(several, 1.0 - share.max(axis=1), -1.0)))
            best = int(np.argmax(np.where(allowed[i, :-1], share[i] + 1e-9, -1.0)))
            chosen = np.arange(allowed.shape[1]) == best
        return [with_row(allowed, i, row) for row in (chosen, ~chosen)]


def with_row(allowed: Bools, site: int, chosen: Bools) -> Bools:
    """Return the choices with those of one site narrowed."""
    found = allowed.copy()
    found[site] &= chosen
    return found
