"""Siting with one stop, solved: prices, designs from cuts, routing LPs, then branching.

1. The volume algorithm gives prices and a bound; each evaluation is kept as a cut on the sizes.
2. The master takes the design that the cuts leave cheapest; its routing LP gives a plan.
3. Cuts at blends of the best prices with those of the LP (in-out, Ben-Ameur and Neto 2007), and
   more steps of the volume algorithm, now with a plan to aim at. Back to 2 as long as that helps.
4. Branching on sites proves the rest.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from hubopt.engine.one_stop.design import Design
from hubopt.engine.one_stop.learnt import Learnt
from hubopt.engine.one_stop.master import Master
from hubopt.engine.one_stop.own_prices import WELL_SERVED, OwnPrices, own_prices
from hubopt.engine.one_stop.paths import PathFinder
from hubopt.engine.one_stop.relaxation import evaluate
from hubopt.engine.one_stop.room import has_room, holds_kilograms
from hubopt.engine.one_stop.root import WORTH_ON, Root
from hubopt.engine.one_stop.routing import DEAR, Router
from hubopt.engine.one_stop.standing import BOUNDING, BRANCHING, ROUTING, Ending, Standing
from hubopt.engine.one_stop.tree import Tree
from hubopt.solver.run import run
from hubopt.solver.statuses import clash

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable

    from hubopt.engine.one_stop.numbers import Ints, Numbers
    from hubopt.engine.one_stop.relaxation import Prices
    from hubopt.engine.one_stop.routing import Routing
    from hubopt.engine.one_stop.standing import Mark
    from hubopt.model.one_stop_master import Rules
    from hubopt.solver.form import Progress, SolveOptions, SolverAnswer, StandardForm

BLENDS = (0.25, 0.5, 0.75, 0.9)
ROUNDS, MORE_ROUNDS = 3, 6

IDLE_ROUNDS, FEW, FEW_ROUNDS = 3, 20_000, 1
"""So many designs without a better plan or a bound worth it, and branching begins: fewer where
there are few pairs of shipment and site, and a call of the solver takes as long as many bounds."""

ASIDE, OF_GAP, MOST_ASIDE, FEW_ASIDE = 1e-3, 0.5, 6, 3
"""A design is put aside if its own bound is by more than this share above that of all, or by more
than half of the gap asked for, unless that is nothing; so many designs (the last: with few pairs)
are looked at before the best of them is routed."""

MOST_WITHOUT_PLAN = 12
"""So many designs that cannot be routed, and branching begins."""

MOST_BARRED = 50
"""So many designs without room for whole kilograms, and branching begins."""

MASTER_GAP = 1e-5
LEAST_S = 0.5


@dataclass(frozen=True)
class Found:
    """What a search ended with, and why: the best routing, `None` without a plan, bound and log.

    A bound above the plan by more than rounding is a fault and is left as it is, to be seen.
    """

    best: Routing | None
    bound: float
    log: tuple[Mark, ...]
    ending: Ending
    learnt: Learnt | None = None


class Search:
    """One search: prices, cuts, designs and plans so far."""

    def __init__(
        self,
        numbers: Numbers,
        options: SolveOptions,
        heard: Callable[[Progress], None] | None = None,
        stop: threading.Event | None = None,
        rules: Rules | None = None,
        warm: Learnt | None = None,
    ) -> None:
        self.numbers, self.options, self.stop = numbers, options, stop
        self.standing = Standing(options.gap, options.time_s, heard, stop)
        self.finder = PathFinder(numbers)
        self.master = Master(numbers, self.solve_master, rules)
        self.root = Root(numbers, self.finder, self.standing, self.master.add, warm)
        self.router = Router(numbers, self.finder, self.solve_lp)
        self.few = len(numbers.units) * len(numbers.node) < FEW
        self.known: Ints | None = None
        if warm is not None:
            self.router.learn(warm.ways_in(numbers))
            self.known = warm.size_in(numbers) if rules is None else None
        self.tried: set[tuple[int, ...]] = set()
        self.free = rules is None

    def solve_lp(self, form: StandardForm) -> SolverAnswer:
        """Solve an LP within the time that is left."""
        left = max(self.standing.left_s, LEAST_S)
        return run(form, replace(self.options, time_s=left), stop=self.stop)

    def solve_master(self, form: StandardForm) -> SolverAnswer:
        """Solve a master within the time that is left; its best design does if that is over."""
        left = max(self.standing.left_s, LEAST_S)
        return run(form, replace(self.options, time_s=left, gap=MASTER_GAP), stop=self.stop)

    def found(self) -> Found:
        """Search until the gap is reached or the time is over; return what there is."""
        self.root.first_prices()
        idle = 0
        while not self.standing.done and idle < (FEW_ROUNDS if self.few else IDLE_ROUNDS):
            idle = 0 if self.round() else idle + 1
        if not self.standing.done and self.free:
            self.standing.phase = BRANCHING
            Tree(self.numbers, self.finder, self.router, self.standing, self.root.volume).grow()
        best = self.standing.best
        bound = self.standing.bound
        if best is not None:
            bound = bound if clash(bound, best.value) else min(bound, best.value)
        elif bound > dearest_plan(self.numbers):
            bound = float("inf")
        learnt = Learnt(
            self.numbers, self.root.volume.best.prices, self.router.columns,
            None if best is None else best.size,
        )  # fmt: skip
        return Found(best, bound, tuple(self.standing.log), self.ending(), learnt)

    def ending(self) -> Ending:
        """Return why the search is over."""
        standing = self.standing
        if standing.stopped:
            return Ending.STOPPED
        if standing.bound >= standing.cutoff:
            return Ending.CLOSED
        if standing.left_s <= 0:
            return Ending.TIME
        nothing = self.master.infeasible and standing.best is None
        return Ending.NO_DESIGN if nothing else Ending.EXHAUSTED

    def round(self) -> bool:
        """Try a design and improve prices; tell whether that was worth it."""
        standing = self.standing
        before, best = standing.gap, standing.best
        standing.phase = ROUTING
        own = self.promising()
        if own is None or standing.stopped:
            return False
        size = tuple(own.design.size)
        new = size not in self.tried
        self.tried.add(size)
        if new:
            self.route(own)
        standing.phase = BOUNDING
        self.root.more_steps()
        if standing.best is None:
            return new and len(self.tried) < MOST_WITHOUT_PLAN
        return standing.best is not best or before - standing.gap > WORTH_ON * (
            before - self.options.gap
        )

    def promising(self) -> OwnPrices | None:
        """Return a design that the master names, with its own prices; `None` if it names none.

        A design whose own bound lies well above that of all is put aside; its cut then leads the
        master to another. After a few the best of them is taken: LPs cost more than bounds.
        """
        found: OwnPrices | None = None
        aside = min(ASIDE, OF_GAP * self.options.gap) or ASIDE
        for _ in range(FEW_ASIDE if self.few else MOST_ASIDE):
            size = self.next_design()
            if size is None:
                break
            if tuple(size) in self.tried and found is not None:
                break
            own = self.own_prices(size)
            self.cut_at(own.best.prices, own=True)
            if found is None or own.bound < found.bound:
                found = own
            near = own.bound <= self.root.volume.bound + aside * abs(self.root.volume.bound)
            if near or self.standing.done:
                break
        return found

    def cut_at(self, prices: Prices, *, own: bool = False) -> None:
        """Add the cut of some prices; one of a design's `own` is never left out."""
        found = evaluate(self.numbers, self.finder, prices)
        self.standing.raise_bound(found.bound)
        if own:
            self.master.of_designs.append(found.cut)
        else:
            self.master.add(found)

    def next_design(self) -> Ints | None:
        """Return the next design with room for whole kilograms: an earlier one, or a master's."""
        known, self.known = self.known, None
        if known is not None and holds_kilograms(self.numbers, known) and not self.standing.done:
            return known
        while len(self.master.barred) < MOST_BARRED and not self.standing.done:
            size = self.master.design(self.root.volume.bound)
            if size is None or holds_kilograms(self.numbers, size):
                return size
            self.master.barred.append(size)
        return None

    def route(self, own: OwnPrices) -> None:
        """Route a design, and add the cuts of its prices and of blends with the best ones."""
        own.settle(WELL_SERVED, lambda: self.standing.done)
        size, near = own.design.size, own.best.prices
        room = own.design.room_prices(own.best)
        self.router.learn(own.ways)
        self.router.list_cheapest(near.arc, room, size)
        found = self.routed(size, ROUNDS, 1.0)
        for dear in (1.0, DEAR):
            if found is None or found.whole or self.standing.done:
                break
            found = self.routed(size, MORE_ROUNDS, dear) or found
        if found is None:
            return
        for share in BLENDS:
            if self.standing.done:
                return
            self.cut_at(self.root.volume.best.prices.blend(found.prices, share))
        self.cut_at(found.prices, own=True)

    def routed(self, size: Ints, rounds: int, dear: float) -> Routing | None:
        """Return what a design costs; every plan on the way is kept."""
        standing = self.standing
        return self.router.route(
            size, rounds, dear=dear, stop=lambda: standing.done, heard=standing.offer
        )

    def own_prices(self, size: Ints) -> OwnPrices:
        """Return the prices of a design that stands, after steps from the best ones."""
        design = Design(self.numbers, size)
        return own_prices(design, self.root.volume, lambda: self.standing.done)


def search(
    numbers: Numbers,
    options: SolveOptions,
    *,
    heard: Callable[[Progress], None] | None = None,
    stop: threading.Event | None = None,
    rules: Rules | None = None,
    warm: Learnt | None = None,
) -> Found:
    """Return the best plan found for a problem within gap and time, and a bound over all paths.

    `rules` may add constraints on `open[site, size]` to the master (Pyomo); every plan keeps them.
    The bound then is that without them, and there is no branching. The bound is infinite if it is
    proved that there is no plan. `warm` is what an earlier search over the same network learnt.
    """
    fits = has_room(numbers, numbers.room_kg.max(axis=1, initial=0))
    if not (numbers.room > 0).any() or not fits or not all_reach_a_site(numbers):
        return Found(None, float("inf"), (), Ending.EXHAUSTED)
    return Search(numbers, options, heard, stop, rules, warm).found()


def dearest_plan(numbers: Numbers) -> float:
    """Return more than any plan costs: everything open, and all freight over every node twice."""
    fixed = np.where(numbers.room > 0, numbers.fixed, 0.0).max(axis=1).sum()
    way = 2 * numbers.nodes * numbers.cost.max() + numbers.handling.max()
    return float(fixed + way * numbers.units.sum())


def all_reach_a_site(numbers: Numbers) -> bool:
    """Tell whether every shipment has a way by some site, whatever its room."""
    finder = PathFinder(numbers)
    paid = finder.by_site(finder.trees(np.zeros(len(numbers.shared))))
    return bool(np.isfinite(paid).any(axis=0).all())
