"""Branch and bound on sites: prices bound, averages suggest plans, what cannot pay is decided.

For stars whose best plan follows from the open sites: demand may be split, or nothing takes of a
capacity. Every bound is recomputed from prices (`bound.py`), every plan is a transport problem
solved exactly (`transport.py`), whose prices close the gap once the sites are decided.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from hubopt.engine.star.ascent import FIRST_STEP, climb
from hubopt.engine.star.bound import bound_at, grain_of
from hubopt.engine.star.choice import chosen, if_decided
from hubopt.engine.star.neighbours import exchanged, improved, rounded
from hubopt.engine.star.star import CLOSED, OPEN, UNDECIDED, undecided
from hubopt.engine.star.transport import served

if TYPE_CHECKING:
    from collections.abc import Callable

    from hubopt.engine.star.ascent import Climb
    from hubopt.engine.star.bound import Bound
    from hubopt.engine.star.star import Star
    from hubopt.engine.star.transport import Served
    from hubopt.problem.problem import Floats, Ints

ROUNDING = 1e-10
"""A bound this close to the best plan, by share, leaves nothing to look for."""

LEGS, LEG_STEPS, LITTLE = 6, 80, 0.03
"""The first ascent goes in legs, as long as each closes more than a little of the gap."""
NODE_STEPS, NODE_STEP = 40, 0.05
TRIED = 4
"""Choices of sites from the end of each leg that are tried as plans."""
EVEN = 0.02
"""What a site counts, when one is chosen to branch on, of which the average is sure."""


@dataclass(order=True)
class Node:
    """Plans that keep to some decisions: bound, prices, averages, and the bounds one more gives."""

    bound: float
    number: int
    state: Ints = field(compare=False)
    prices: Floats = field(compare=False)
    opening: Floats = field(compare=False)
    if_closed: Floats = field(compare=False)
    if_open: Floats = field(compare=False)


class Left(NamedTuple):
    """What is left of a node: its state and bound, and the bounds if one more site is decided."""

    state: Ints
    bound: float
    if_closed: Floats
    if_open: Floats


class Ground(NamedTuple):
    """All that is left of a star after some legs: its state, bound, prices and averages."""

    state: Ints
    bound: float
    prices: Floats
    bounds: tuple[Bound, ...]
    opening: Floats = np.zeros(0)


class SiteSearch:
    """The search; `best` is the best plan so far and `bound` holds for every plan."""

    def __init__(self, star: Star, gap: float, halted: Callable[[], bool]) -> None:
        self.star, self.halted = star, halted
        self.gap = max(gap, ROUNDING)
        self.grain = grain_of(star)
        self.known: dict[tuple[int, ...], Served] = {}
        self.best: Served | None = None
        self.nodes: list[Node] = []
        self.count = 0
        self.whole = False
        self.pruned, self.pending = np.inf, -np.inf

    @property
    def cost(self) -> float:
        """Return the cost of the best plan, infinite without one."""
        return np.inf if self.best is None else self.best.cost

    @property
    def bound(self) -> float:
        """Return the least of the bounds of what is open, looked at and was set aside."""
        return min([self.pruned, self.pending, *(node.bound for node in self.nodes[:1])])

    def enough(self, bound: float) -> bool:
        """Tell whether plans above a bound need not be looked for."""
        if np.isinf(self.cost):
            return bound == np.inf
        return self.grain.raised(bound) >= self.cost * (1.0 - self.gap)

    def set_aside(self, bound: float) -> None:
        """Leave plans above a bound alone, for good."""
        self.pruned = min(self.pruned, self.grain.raised(bound))

    def served(self, sites: Ints) -> Served:
        """Return the best plan that opens these sites."""
        return served(self.star, sites)

    def plan(self, sites: Ints) -> Served:
        """Return the best plan that opens these sites, computed once, and keep the best of all."""
        key = tuple(sites.tolist())
        if key not in self.known:
            self.known[key] = self.served(sites)
            if self.known[key].cost < self.cost:
                self.best = self.known[key]
        return self.known[key]

    def run(self, first_prices: Floats) -> None:
        """Search until nothing is left to look for, or until halted."""
        ground = Ground(undecided(self.star), -np.inf, first_prices, ())
        found = self.explored(ground, FIRST_STEP)
        if found is None:
            return
        if self.best is not None:
            improved(self, [*found.bounds, bound_at(self.star, self.best.prices, found.state)])
        best = self.closer(found.bounds[-1], found.state)
        self.settle(best, found.bound, found.state, found.opening)
        self.pending = np.inf
        while self.nodes and not self.halted():
            self.look(heapq.heappop(self.nodes))

    def look(self, node: Node) -> None:
        """Branch on a site of a node, unless the best plan has made it pointless."""
        if self.enough(node.bound):
            self.set_aside(node.bound)
            return
        site, self.pending = self.branching(node), node.bound
        for decision, bounds in ((OPEN, node.if_open), (CLOSED, node.if_closed)):
            self.branch(node, site, decision, max(node.bound, float(bounds[site])))
        self.pending = np.inf

    def explored(self, ground: Ground, first_step: float, *, whole: bool = False) -> Ground | None:
        """Bound what is left in legs, with plans tried and sites decided after each.

        Return where that ends, None if nothing is left.
        """
        state, bound, prices, known = ground.state, ground.bound, ground.prices, ground.bounds
        found: Climb | None = None
        for leg in range(LEGS):
            found = self.climb(prices, state, LEG_STEPS, before=found, first_step=first_step,
                               whole=whole)  # fmt: skip
            best, gain = found.best, found.best.value - bound
            bound, prices = max(bound, best.value), best.prices
            if not self.enough(bound):
                for choice in found.tried[-TRIED:]:
                    self.plan(np.flatnonzero(choice > 0))
                good = rounded(self.star, found.opening, state)
                self.plan(exchanged(self.star, good) if self.star.loose else good)
            left, self.pending = self.decided(best, bound, state), bound
            if left is None:
                self.pending = np.inf
                return None
            state, ground = left.state, Ground(left.state, left.bound, prices, (*known, best),
                                               found.opening)  # fmt: skip
            if self.halted() or (leg and gain < LITTLE * (self.cost - bound)):
                break
        return ground

    def branch(self, parent: Node, site: int, decision: int, bound: float) -> None:
        """Look at the plans of a node that decide on a site in one way."""
        if self.enough(bound):
            self.set_aside(bound)
            return
        state = parent.state.copy()
        state[site] = decision
        found = self.climb(parent.prices, state, NODE_STEPS, first_step=NODE_STEP, whole=self.whole)
        best = found.best
        if not self.enough(max(bound, best.value)) and not np.isinf(best.value):
            self.plan(rounded(self.star, found.opening, state))
            best = self.closer(best, state)
        self.settle(best, bound, state, found.opening)

    def climb(
        self,
        prices: Floats,
        state: Ints,
        steps: int,
        *,
        before: Climb | None = None,
        first_step: float = FIRST_STEP,
        whole: bool = False,
    ) -> Climb:
        """Return an ascent that ends once there is nothing left to look for."""

        def over(bound: float) -> bool:
            return self.enough(bound) or self.halted()

        return climb(self.star, prices, state, self.cost, steps,
                     whole=whole, before=before, first_step=first_step, over=over)  # fmt: skip

    def closer(self, best: Bound, state: Ints) -> Bound:
        """Return the better of a bound and that by the prices of the best plan."""
        if self.best is None:
            return best
        other = bound_at(self.star, self.best.prices, state)
        return other if other.value > best.value else best

    def settle(self, best: Bound, bound: float, state: Ints, opening: Floats) -> None:
        """Keep what is left of a node once it is decided what cannot pay otherwise."""
        left = self.decided(best, bound, state)
        if left is None:
            return
        if not np.any(left.state == UNDECIDED):
            self.leaf(left.bound, left.state, best.prices)
            return
        self.count += 1
        node = Node(left.bound, self.count, left.state, best.prices, opening,
                    left.if_closed, left.if_open)  # fmt: skip
        heapq.heappush(self.nodes, node)

    def decided(self, best: Bound, bound: float, state: Ints) -> Left | None:
        """Decide sites that cannot pay otherwise; return what is left, None for nothing."""
        star, bound = self.star, max(bound, best.value)
        while not self.enough(bound):
            sums = if_decided(star, best.worth, state)
            closed, opened = (np.maximum(best.base + each, bound) for each in sums)
            free = np.flatnonzero(state == UNDECIDED)
            never = free[[self.enough(opened[i]) for i in free]]
            must = free[[self.enough(closed[i]) for i in free]]
            for cut in (*opened[never], *closed[must]):
                self.set_aside(float(cut))
            if np.intersect1d(never, must).size:
                return None
            if not never.size and not must.size:
                return Left(state, bound, closed, opened)
            state = state.copy()
            state[never], state[must] = CLOSED, OPEN
            bound = max(bound, best.base + chosen(star, best.worth, state)[0])
        self.set_aside(bound)
        return None

    def leaf(self, bound: float, state: Ints, prices: Floats) -> None:
        """Take the plan of sites that are all decided, proved by its own prices."""
        plan = self.plan(np.flatnonzero(state == OPEN))
        exact = [bound_at(self.star, each, state).value for each in (prices, plan.prices)]
        self.set_aside(max(bound, *exact))

    def branching(self, node: Node) -> int:
        """Return the site whose decision raises the bounds most on both sides."""
        free = np.flatnonzero(node.state == UNDECIDED)
        most = self.cost if np.isfinite(self.cost) else 2.0 * abs(node.bound)
        least = 1e-6 * abs(most)
        closed = np.minimum(node.if_closed[free], most) - node.bound + least
        opened = np.minimum(node.if_open[free], most) - node.bound + least
        unsure = node.opening[free] * (1.0 - node.opening[free])
        return int(free[(closed * opened * (EVEN + unsure)).argmax()])
