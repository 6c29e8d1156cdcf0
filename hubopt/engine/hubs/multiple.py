"""Hub medians with multiple allocation: a set of hubs is as good as its cheapest pairs.

Sets of hubs are few where hubs are few, and one costs a microsecond or two: all are looked at, but
for those of so many hubs that their fixed costs alone make them dearer than a plan that is known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hubopt.engine.hubs.hubs import HubPlan
from hubopt.engine.hubs.sets import listed
from hubopt.engine.safe_sums import MARGIN

if TYPE_CHECKING:
    from collections.abc import Callable

    from hubopt.engine.hubs.hubs import Hubs
    from hubopt.problem.problem import Floats, Ints

ROUNDING = 1e-10
"""A bound this close to the best plan, by share, leaves nothing to look for."""


class SetSearch:
    """The search; `best` is the best plan so far and `bound` holds for every plan."""

    def __init__(self, hubs: Hubs, gap: float, halted: Callable[[], bool]) -> None:
        self.hubs, self.halted = hubs, halted
        self.gap = max(gap, ROUNDING)
        self.best = HubPlan(hubs.behind, np.zeros(0, dtype=np.int64))
        self.pruned, self.ended = np.inf, False
        self.sizes = hubs.sizes
        self.too_many = False

    @property
    def cost(self) -> float:
        """Return the cost of the best plan."""
        return self.best.cost

    @property
    def enough(self) -> float:
        """Return the cost from which on plans need not be looked for."""
        return self.cost * (1.0 - self.gap)

    @property
    def bound(self) -> float:
        """Return what every plan costs at least."""
        known = min(self.cost * (1.0 - MARGIN), self.pruned)
        return known if self.ended else min(known, self.floor)

    @property
    def floor(self) -> float:
        """Return what every plan costs at least that was not looked at."""
        return min((self.least_of(size) for size in self.sizes), default=np.inf)

    def least_of(self, size: int) -> float:
        """Return what every plan with so many hubs costs at least, less a margin."""
        return self.hubs.least_of(size) * (1.0 - MARGIN)

    def run(self) -> None:
        """Search until nothing is left to look for, or until halted, unless there are too many."""
        self.first_plan()
        self.leave_sizes()
        self.too_many = not self.halted() and not self.hubs.few(self.sizes)
        if not self.too_many:
            self.look()

    def look(self) -> None:
        """Look at all sets that may be better than the best plan, until halted."""
        while self.sizes:
            for some in listed(self.hubs, self.sizes[0], self.halted):
                here = int(some.cost.argmin())
                self.offer(float(some.cost[here]), some.sets[here])
            if self.halted():
                return
            self.sizes = self.sizes[1:]
            self.leave_sizes()
        self.ended = True

    def leave_sizes(self) -> None:
        """Leave alone how many hubs cost too much to be better than the best plan."""
        dear = [size for size in self.sizes if self.least_of(size) >= self.enough]
        self.set_aside(min(map(self.least_of, dear), default=np.inf))
        self.sizes = tuple(size for size in self.sizes if size not in dear)

    def first_plan(self) -> None:
        """Know a plan, whatever the time: open the hub that helps most, one after the other."""
        chosen: list[int] = []
        least = np.full(self.hubs.rows, np.inf)
        for _ in range(max(self.hubs.sizes, default=0)):
            costs = np.minimum(least, self.hubs.pairs.diagonal().T)
            for other in chosen:
                np.minimum(costs, self.hubs.pairs[other], out=costs)
            total = costs.sum(axis=1)
            total[chosen] = np.inf
            chosen.append(int(total.argmin()))
            least = costs[chosen[-1]]
            self.try_set(np.array(chosen), least)
            if self.halted() or self.least_of(min(len(chosen) + 1, self.hubs.sites)) >= self.cost:
                return

    def try_set(self, sites: Ints, least: Floats) -> None:
        """Look at the plan that opens these hubs, over which rows cost that."""
        self.offer(float(least.sum() + self.hubs.fixed[sites].sum()), sites)

    def set_aside(self, bound: float) -> None:
        """Leave plans above a bound alone, for good."""
        self.pruned = min(self.pruned, bound)

    def offer(self, cost: float, sites: Ints, allocation: Ints | None = None) -> None:
        """Keep a plan if it is the best so far."""
        if cost < self.cost:
            self.best = HubPlan(cost, np.sort(sites), allocation)
