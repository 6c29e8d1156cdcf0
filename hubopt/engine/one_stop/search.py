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

from hubopt.engine.one_stop.master import Master
from hubopt.engine.one_stop.paths import PathFinder
from hubopt.engine.one_stop.relaxation import evaluate, room_prices
from hubopt.engine.one_stop.room import holds_kilograms
from hubopt.engine.one_stop.routing import DEAR, Router
from hubopt.engine.one_stop.standing import BOUNDING, BRANCHING, ROUTING, Ending, Standing
from hubopt.engine.one_stop.tree import Tree
from hubopt.engine.one_stop.volume import Volume, first_prices
from hubopt.solver.run import run
from hubopt.solver.statuses import clash

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable

    from hubopt.engine.one_stop.numbers import Bools, Ints, Numbers
    from hubopt.engine.one_stop.routing import Routing
    from hubopt.engine.one_stop.standing import Mark
    from hubopt.model.one_stop_master import Rules
    from hubopt.solver.form import Progress, SolveOptions, SolverAnswer, StandardForm

BLOCK = 20
MOST_BLOCKS = 12
STILL, STILL_BLOCKS = 2e-4, 2
"""The first prices are good enough when so many blocks of steps in a row lift the bound by less
than this share each."""

FIRST_SHARE = 0.4
"""Most of the time that goes into the first prices."""

WORTH_ON = 0.1
"""Steps go on while so many of them close this share of what is missing."""

BLENDS = (0.25, 0.5, 0.75, 0.9)
ROUNDS, MORE_ROUNDS = 3, 6
GUESS, NEAR_GUESS = 1.03, 0.97
"""While no plan is known the optimum is guessed to lie 3 % above the bound."""

OWN_STEPS, FEWEST_OWN_STEPS, EVERY = 60, 30, 5
"""Steps of the volume algorithm for one design; every so many its ways are kept."""

OWN_STEP, OWN_GUESS = 0.05, 1.005
SERVED = 0.985
"""So large a share of demand served on average, and the ways kept are likely to make a plan."""

IDLE_ROUNDS = 3
"""So many designs without a better plan or a bound worth it, and branching begins."""

ASIDE, MOST_ASIDE = 1e-3, 3
"""A design is put aside if its own bound is by more than this share above that of all; so many
designs are looked at before the best of them is routed."""

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


class Search:
    """One search: prices, cuts, designs and plans so far."""

    def __init__(
        self,
        numbers: Numbers,
        options: SolveOptions,
        heard: Callable[[Progress], None] | None = None,
        stop: threading.Event | None = None,
        rules: Rules | None = None,
    ) -> None:
        self.numbers, self.options, self.stop = numbers, options, stop
        self.standing = Standing(options.gap, options.time_s, heard, stop)
        self.finder = PathFinder(numbers)
        prices, scales = first_prices(numbers, self.finder)
        start = evaluate(numbers, self.finder, prices)
        self.volume = Volume(numbers, self.finder, start, scales, start.bound * GUESS)
        self.master = Master(numbers, self.solve_master, rules)
        self.router = Router(numbers, self.finder, self.solve_lp)
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
        self.first_prices()
        idle = 0
        while not self.standing.done and idle < IDLE_ROUNDS:
            idle = 0 if self.round() else idle + 1
        if not self.standing.done and self.free:
            self.standing.phase = BRANCHING
            Tree(self.numbers, self.finder, self.router, self.standing, self.volume).grow()
        best = self.standing.best
        bound = self.standing.bound
        if best is not None:
            bound = bound if clash(bound, best.value) else min(bound, best.value)
        elif bound > dearest_plan(self.numbers):
            bound = float("inf")
        return Found(best, bound, tuple(self.standing.log), self.ending())

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

    def first_prices(self) -> None:
        """Improve the prices until that becomes slow."""
        still = 0
        for _ in range(MOST_BLOCKS):
            before = self.volume.bound
            self.steps(BLOCK)
            late = self.standing.elapsed_s > FIRST_SHARE * self.options.time_s
            still = still + 1 if self.volume.bound - before < STILL * abs(before) else 0
            if late or still == STILL_BLOCKS:
                break

    def steps(self, count: int) -> None:
        """Take steps of the volume algorithm; each is a cut."""
        volume, standing = self.volume, self.standing
        for _ in range(count):
            if standing.done:
                return
            if standing.best is not None:
                volume.target = standing.best.value
            elif volume.bound > NEAR_GUESS * volume.target:
                volume.target = GUESS * volume.bound
            self.master.add(volume.advance().cut)
            standing.raise_bound(volume.bound)

    def round(self) -> bool:
        """Try a design and improve prices; tell whether that was worth it."""
        standing = self.standing
        before, best = standing.gap, standing.best
        standing.phase = ROUTING
        own = self.promising()
        if own is None or standing.stopped:
            return False
        size = design_of(own)
        new = tuple(size) not in self.tried
        self.tried.add(tuple(size))
        if new:
            self.route(size, own)
        standing.phase = BOUNDING
        self.more_steps()
        if standing.best is None:
            return new and len(self.tried) < MOST_WITHOUT_PLAN
        return standing.best is not best or before - standing.gap > WORTH_ON * (
            before - self.options.gap
        )

    def promising(self) -> Volume | None:
        """Return a design that the master names, with its own prices; `None` if it names none.

        A design whose own bound lies well above that of all is put aside; its cuts then lead the
        master to another. After a few the best of them is taken: LPs cost more than bounds.
        """
        found: Volume | None = None
        for _ in range(MOST_ASIDE):
            size = self.next_design()
            if size is None:
                break
            if tuple(size) in self.tried and found is not None:
                break
            own = self.own_prices(size)
            self.master.of_designs.append(own.best.cut)
            if found is None or own.bound < found.bound:
                found = own
            near = own.bound <= self.volume.bound + ASIDE * abs(self.volume.bound)
            if near or self.standing.done:
                break
        return found

    def next_design(self) -> Ints | None:
        """Return the next design of the master that has room for whole kilograms."""
        while len(self.master.barred) < MOST_BARRED and not self.standing.done:
            size = self.master.design(self.volume.bound)
            if size is None or holds_kilograms(self.numbers, size):
                return size
            self.master.barred.append(size)
        return None

    def more_steps(self) -> None:
        """Improve prices as long as that closes enough of what is missing."""
        for _ in range(MOST_BLOCKS):
            before = self.standing.bound
            self.steps(BLOCK)
            missing = self.standing.cutoff - before
            if self.standing.done or self.standing.bound - before < WORTH_ON * missing:
                return

    def route(self, size: Ints, own: Volume) -> None:
        """Route a design, and add the cuts of its prices and of blends with the best ones."""
        best = self.volume.best
        near = own.best.prices
        room = room_prices(self.numbers, self.finder, own.best, size)
        self.router.list_cheapest(near.arc, room, size)
        found = self.router.route(size, ROUNDS, stop=lambda: self.standing.done)
        for dear in (1.0, DEAR):
            if found is None or found.whole or self.standing.done:
                break
            found = self.router.route(
                size, MORE_ROUNDS, dear=dear, stop=lambda: self.standing.done
            ) or found  # fmt: skip
        if found is None:
            return
        self.standing.offer(found)
        for share in BLENDS:
            if self.standing.done:
                return
            blended = evaluate(self.numbers, self.finder, best.prices.blend(found.prices, share))
            self.master.add(blended.cut)
            self.standing.raise_bound(blended.bound)
        self.master.of_designs.append(evaluate(self.numbers, self.finder, found.prices).cut)

    def own_prices(self, size: Ints) -> Volume:
        """Return the volume algorithm after some steps with a design that stands.

        The ways that it serves shipments on are kept: on average they meet all limits, so that the
        LP has a plan to begin with and prices that are nearly right.
        """
        numbers, volume = self.numbers, self.volume
        allowed = design_choices(numbers, size)
        start = evaluate(numbers, self.finder, volume.best.prices, allowed)
        target = start.bound * OWN_GUESS
        own = Volume(numbers, self.finder, start, volume.scales, target, allowed, step=OWN_STEP)
        for step in range(OWN_STEPS):
            enough = own.served_share >= SERVED and step >= FEWEST_OWN_STEPS
            if enough or self.standing.done:
                break
            found = own.advance()
            self.master.add(found.cut)
            if step % EVERY == 0:
                self.router.learn(found)
        return own


def design_of(own: Volume) -> Ints:
    """Return the only design that a volume algorithm may choose (I, -1: closed)."""
    if own.allowed is None:
        raise AssertionError(own)
    return np.where(own.allowed[:, -1], -1, own.allowed.argmax(axis=1))


def design_choices(numbers: Numbers, size: Ints) -> Bools:
    """Return the choices (I x K + 1) of which only those of a design are allowed."""
    allowed = np.zeros((len(size), numbers.room.shape[1] + 1), dtype=bool)
    allowed[np.arange(len(size)), size] = True  # -1, to stay closed, is the last
    return allowed


def search(
    numbers: Numbers,
    options: SolveOptions,
    *,
    heard: Callable[[Progress], None] | None = None,
    stop: threading.Event | None = None,
    rules: Rules | None = None,
) -> Found:
    """Return the best plan found for a problem within gap and time, and a bound over all paths.

    `rules` may add constraints on `open[site, size]` to the master (Pyomo); every plan keeps them.
    The bound then is that without them, and there is no branching. The bound is infinite if it is
    proved that there is no plan.
    """
    if not all_reach_a_site(numbers):
        return Found(None, float("inf"), (), Ending.EXHAUSTED)
    return Search(numbers, options, heard, stop, rules).found()


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
