"""The volume algorithm (Barahona and Anbil 2000): good prices and, on average, a good plan.

Steps follow the average of what the relaxation does at the prices tried. They are scaled: what
counts is the share that is not served, or too much, whatever it weighs; and a price moves in
proportion to what a unit pays on its cheapest way, or on the arc. Without either the bound is far
lower after as many steps (on 50 cities and 500 shipments 0.9 % instead of 0.07 % after 300).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from hubopt.engine.one_stop.relaxation import Evaluation, Prices, evaluate

if TYPE_CHECKING:
    from hubopt.engine.one_stop.numbers import Bools, Floats, Numbers
    from hubopt.engine.one_stop.paths import PathFinder

FIRST_STEP, LONGEST_STEP, SHORTEST_STEP = 0.1, 2.0, 5e-4
GROWTH, SHRINK = 1.1, 0.7
PATIENCE = 5
"""So many steps without a better bound make steps shorter."""

LARGEST_SHARE, LEAST_SHARE = 0.2, 0.04
"""Most and least of the average that one step replaces."""

LEAST_AHEAD = 1e-3
"""At least so far above the bound, as a share of it, the optimum is taken to lie."""

NOTHING = 1e-12


@dataclass
class Volume:
    """The state of the algorithm: best prices so far, and averages of what the relaxation did."""

    numbers: Numbers
    finder: PathFinder
    best: Evaluation
    scales: Prices
    target: float
    allowed: Bools | None = None
    served: Floats = field(init=False)
    use: Floats = field(init=False)
    opened: Floats = field(init=False)
    step: float = FIRST_STEP
    idle: int = 0

    def __post_init__(self) -> None:
        """Begin the averages with the first evaluation."""
        self.served, self.use, self.opened = self.done(self.best)

    def done(self, found: Evaluation) -> tuple[Floats, Floats, Floats]:
        """Return units served by shipment, units by shared arc, and the sizes that open (I x K)."""
        numbers = self.numbers
        served = np.zeros(len(numbers.units))
        np.add.at(served, found.shipment, found.units)
        opened = np.zeros_like(numbers.room)
        some = np.flatnonzero(found.size >= 0)
        opened[some, found.size[some]] = 1.0
        return served, found.use.copy(), opened

    @property
    def bound(self) -> float:
        """Return the best bound so far."""
        return self.best.bound

    @property
    def served_share(self) -> float:
        """Return the share of shipments' demand that is served on average, no more than once."""
        return 1.0 - float(np.abs(self.missing(self.served, self.use).serve).mean())

    def advance(self) -> Evaluation:
        """Take one step and return what was found there."""
        found = evaluate(self.numbers, self.finder, self.next_prices(), self.allowed)
        served, use, opened = self.done(found)
        old, new = self.missing(self.served, self.use), self.missing(served, use)
        share = self.share_of(old, new)
        self.served += share * (served - self.served)
        self.use += share * (use - self.use)
        self.opened += share * (opened - self.opened)
        self.judge(found, self.product(old, new))
        return found

    def missing(self, served: Floats, use: Floats) -> Prices:
        """Return the shares of demand that are not served, and of arcs' room that is overrun."""
        numbers = self.numbers
        return Prices(
            (numbers.units - served) / numbers.units,
            (use - numbers.shared_room) / numbers.shared_room,
        )

    def product(self, one: Prices, other: Prices) -> float:
        """Return the scaled product of two vectors of shares."""
        numbers, scales = self.numbers, self.scales
        served = one.serve * other.serve * (numbers.units * scales.serve)
        used = one.arc * other.arc * (numbers.shared_room * scales.arc)
        return float(served.sum() + used.sum())  # not @: its threads cost more than they bring

    def next_prices(self) -> Prices:
        """Return prices a step from the best ones, along what is missing on average."""
        best, scales = self.best.prices, self.scales
        missing = self.missing(self.served, self.use)
        over = np.where((missing.arc < 0) & (best.arc <= 0), 0.0, missing.arc)
        size = self.product(*[Prices(missing.serve, over)] * 2)
        target = max(self.target, self.bound + LEAST_AHEAD * abs(self.bound))
        length = self.step * (target - self.bound) / max(size, NOTHING)
        return Prices(
            best.serve + length * scales.serve * missing.serve,
            np.maximum(best.arc + length * scales.arc * over, 0.0),
        )

    def share_of(self, old: Prices, new: Prices) -> float:
        """Return the share of the new point that makes the average miss least."""
        turn = Prices(old.serve - new.serve, old.arc - new.arc)
        below = self.product(turn, turn)
        best = self.product(old, turn) / below if below > 0 else LARGEST_SHARE
        return float(np.clip(best, LEAST_SHARE, LARGEST_SHARE))

    def judge(self, found: Evaluation, ahead: float) -> None:
        """Keep a better point; lengthen steps that go on well, shorten those that do not."""
        if found.bound > self.bound:
            self.best, self.idle = found, 0
            if ahead >= 0:
                self.step = min(self.step * GROWTH, LONGEST_STEP)
            return
        self.idle += 1
        if self.idle >= PATIENCE:
            self.idle, self.step = 0, max(self.step * SHRINK, SHORTEST_STEP)


def first_prices(numbers: Numbers, finder: PathFinder) -> tuple[Prices, Prices]:
    """Return prices to begin with, and their scales.

    Each shipment pays its cheapest way and a share of a new site; shared arcs are free at first.
    """
    cheapest = finder.by_site(finder.trees(np.zeros(len(numbers.shared)))).min(axis=0)
    with np.errstate(divide="ignore"):
        each = np.where(numbers.room > 0, numbers.fixed / numbers.room, np.inf).min(axis=1)
    share = float(each[np.isfinite(each)].mean())
    serve = cheapest + share + NOTHING
    on_arc = numbers.cost.min(axis=0)[numbers.shared] + NOTHING
    typical = on_arc.mean() if len(on_arc) else 1.0
    scales = Prices(serve / serve.mean(), on_arc / typical)
    return Prices(serve, np.zeros(len(numbers.shared))), scales
