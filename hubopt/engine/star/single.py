"""Single sourcing: bounds by knapsacks of whole shipments, the rest closed by one small model.

Plans are heuristics here (`sources.py`). What prices decide of sites and of pairs of site and
shipment is left out of the model that HiGHS closes, and counts with the bound that decided it.
"""

from __future__ import annotations

import heapq
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from hubopt.engine.star.ascent import FIRST_STEP, climb
from hubopt.engine.star.closing import closing_form, exactness, holds, plan_of_point
from hubopt.engine.star.neighbours import improved
from hubopt.engine.star.pairs import pair_bounds
from hubopt.engine.star.search import Ground, SiteSearch
from hubopt.engine.star.sources import assigned
from hubopt.engine.star.star import CLOSED, OPEN, undecided
from hubopt.engine.star.transport import Served
from hubopt.engine.star.transport import served as split_plan
from hubopt.solver.form import SolveOptions, SolverStatus
from hubopt.solver.run import run

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable

    from numpy.typing import NDArray

    from hubopt.engine.star.star import Star
    from hubopt.problem.problem import Floats, Ints

WHOLE_STEP = 0.1
"""The prices are good already when whole shipments are first attracted."""

WITHIN_GRAIN = 0.9
"""A gap of less than one amount of which all costs are multiples is none; some room is kept."""

FITTER = 0.5
"""Whole knapsacks cost ten times as much: they bound nodes where they leave half of the gap."""

OFF_GRAIN, OFF_BOUND = 1e-3, 5e-10
"""What is taken off a bound of the solver for its rounding: a share of the grain, or of itself."""

POLISH_EVERY = 3
"""Nodes that are looked at before the sources of another set of sites are made the best."""

PROMISING = 0.1
"""A leaf that may close so much of the gap is closed at once: its plan helps all other nodes."""

FEW_PAIRS, FEW_PAIRS_WHOLE = 450, 1200
"""So few pairs HiGHS closes at once, sooner than any branching; more where nodes take long."""

LEAF_STEPS, LEAST_S = 60, 1.0


@dataclass(order=True)
class Leaf:
    """What HiGHS may close: a bound, and what plans cost at least that use each pair."""

    bound: float
    number: int
    state: Ints = field(compare=False)
    pairs: Floats = field(compare=False)


class SourceSearch(SiteSearch):
    """The search for the best plan with one source for each shipment."""

    def __init__(
        self,
        star: Star,
        options: SolveOptions,
        halted: Callable[[], bool],
        stop: threading.Event | None,
    ) -> None:
        super().__init__(star, options.gap, halted)
        self.options, self.stop = options, stop
        self.rest: list[Leaf] = []
        self.polished: set[tuple[int, ...]] = set()
        self.ends = time.monotonic() + options.time_s

    def served(self, sites: Ints) -> Served:
        """Return a good plan that opens these sites."""
        return assigned(self.star, sites)

    def run(self, first_prices: Floats) -> None:
        """Bound by continuous and then by whole knapsacks, and branch by the fitter of the two."""
        ground = Ground(undecided(self.star), -np.inf, first_prices, ())
        bounds = []
        for whole, step in ((False, FIRST_STEP), (self.star.countable, WHOLE_STEP)):
            found = self.explored(ground, step, whole=whole)
            if found is None:
                return
            ground = found
            improved(self, list(ground.bounds))
            bounds.append(ground.bound)
        self.whole = self.cost - bounds[1] < FITTER * (self.cost - bounds[0])
        prices = [bound.prices for bound in ground.bounds]
        all_left = Leaf(ground.bound, 0, ground.state, self.pairs(prices, ground.state))
        few = FEW_PAIRS_WHOLE if self.whole else FEW_PAIRS
        if np.isfinite(self.cost) and (~self.out(all_left.pairs)).sum() <= few:
            self.rest.append(all_left)
        else:
            self.settle(ground.bounds[-1], ground.bound, ground.state, ground.opening)
        self.pending = np.inf
        while (self.nodes or self.rest) and not self.halted():
            if self.nodes:
                self.polish(self.nodes[0].prices)
            if self.rest and (not self.nodes or self.rest[0].bound < self.nodes[0].bound):
                self.close(heapq.heappop(self.rest))
                self.pending = np.inf
            else:
                self.look(heapq.heappop(self.nodes))

    def polish(self, prices: Floats) -> None:
        """Find the best sources for sites that might be the best, now and then.

        These are the sites that would cost least if shipments were split.
        """
        if self.count < POLISH_EVERY * len(self.polished):
            return
        some = [(plan.least, key) for key, plan in self.known.items() if key not in self.polished]
        least, key = min(some, default=(np.inf, ()))
        if least < self.cost * (1.0 - self.gap):
            state = np.full(self.star.sites, CLOSED)
            state[list(key)] = OPEN
            self.leaf(least, state, prices)

    @property
    def bound(self) -> float:
        """Return the least of the bounds of what is open, looked at and was set aside."""
        return min([super().bound, *(leaf.bound for leaf in self.rest[:1])])

    def leaf(self, bound: float, state: Ints, prices: Floats) -> None:
        """Bound sites that are all decided by whole knapsacks, and solve what that leaves open."""
        sites = np.flatnonzero(state == OPEN)
        if tuple(sites.tolist()) in self.polished:  # its bound is set aside already, or it waits
            return
        self.polished.add(tuple(sites.tolist()))
        self.plan(sites)
        over = self.enough
        split = climb(self.star, prices, state, self.cost, LEAF_STEPS, over=over)
        found = climb(self.star, split.best.prices, state, self.cost, LEAF_STEPS,
                      whole=self.star.countable, first_step=WHOLE_STEP, over=over)  # fmt: skip
        bound = max(bound, found.best.value, split.best.value)
        if self.enough(bound):
            self.set_aside(bound)
            return
        self.count += 1
        least = self.pairs([split.best.prices, found.best.prices], state)
        leaf = Leaf(bound, self.count, state, least)
        if self.cost - bound > PROMISING * (self.cost - self.bound):
            self.close(leaf)
        else:
            heapq.heappush(self.rest, leaf)

    def pairs(self, prices: list[Floats], state: Ints) -> Floats:
        """Return sites x shipments, the least that plans cost which use a pair, of all prices."""
        found: Floats = np.max([pair_bounds(self.star, one, state) for one in prices], axis=0)
        return found

    def out(self, least: Floats) -> NDArray[np.bool_]:
        """Return which pairs no plan uses that is better than the best."""
        bar = self.cost * (1.0 - self.gap)
        return np.asarray((self.grain.raised_all(least) >= bar) | ~np.isfinite(self.star.cost))

    def close(self, leaf: Leaf) -> None:
        """Solve what is left of a leaf by HiGHS, unless the best plan has made it pointless."""
        if self.enough(leaf.bound):
            self.set_aside(leaf.bound)
            return
        out, self.pending = self.out(leaf.pairs), min(self.pending, leaf.bound)
        self.set_aside(float(leaf.pairs[out].min(initial=np.inf)))
        self.by_solver(leaf.state, leaf.bound, ~out)

    def by_solver(self, state: Ints, bound: float, pairs: NDArray[np.bool_]) -> None:
        """Take the plan, if it holds to the kilogram, and the bound of HiGHS over what is left."""
        star, unit = self.star, self.grain.size or 1.0
        form = closing_form(star, state, pairs, unit)
        gap = self.gap
        if np.isfinite(self.cost):
            gap = max(gap, WITHIN_GRAIN * self.grain.size / self.cost)
        left = max(LEAST_S, self.ends - time.monotonic())
        options = SolveOptions(gap, left, self.options.memory_mb, self.options.seed,
                               exactness(star))  # fmt: skip
        answer = run(form, options, stop=self.stop)
        if answer.values is not None:
            sites, shares = plan_of_point(star, state, pairs, answer.values)
            cost = float((star.priced[sites] * shares).sum() + star.fixed[sites].sum())
            if cost < self.cost and holds(star, sites, shares):
                self.best = Served(cost, sites, shares, split_plan(star, sites).prices)
        if answer.status is SolverStatus.INFEASIBLE:
            return
        proved = -np.inf if answer.bound is None else answer.bound * unit
        proved -= max(OFF_GRAIN * self.grain.size, OFF_BOUND * abs(proved))
        self.set_aside(max(bound, proved))
