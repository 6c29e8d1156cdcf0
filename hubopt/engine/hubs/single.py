"""Hub medians with single allocation: sets of hubs, and the best allocation to those of each.

Each set costs at least what it would with multiple allocation. Those that may still be better than
the best plan are allocated exactly, many at once: messages between cities bound each (`messages`),
choices that cannot pay are ruled out, and what stays open branches on the hub of a city.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from hubopt.engine.hubs.allocation import Tables
from hubopt.engine.hubs.messages import Batch
from hubopt.engine.hubs.multiple import SetSearch
from hubopt.engine.hubs.sets import listed
from hubopt.engine.safe_sums import MARGIN

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from hubopt.engine.hubs.hubs import Hubs
    from hubopt.problem.problem import Floats, Ints

CELLS = 1_500_000
"""Numbers in the pairs of a batch: more at once would not be faster."""

ROUNDS = 12
"""Times that messages go round before a problem branches."""

DEAR = 2.0
"""What a choice that was ruled out costs, by the cost of the best plan: no better one makes it."""


class Waiting(NamedTuple):
    """Sets of one size in the order of what each costs at least."""

    sets: Ints
    least: Floats


class AllocationSearch(SetSearch):
    """The search; `best` is the best plan so far and `bound` holds for every plan."""

    def __init__(self, hubs: Hubs, gap: float, halted: Callable[[], bool]) -> None:
        super().__init__(hubs, gap, halted)
        self.tables = Tables.of(hubs)
        self.waiting: list[Waiting] = []
        self.listed = False

    @property
    def floor(self) -> float:
        """Return what every plan costs at least that was not looked at."""
        if not self.listed:
            return super().floor
        first = [float(part.least[0]) for part in self.waiting if len(part.least)]
        return min(first, default=np.inf)

    def look(self) -> None:
        """Look at all sets that may be better than the best plan, until halted."""
        self.waiting = [self.in_order(size) for size in self.sizes]
        self.listed = not self.halted()
        if self.waiting and self.listed:
            self.change_hubs(min(self.waiting, key=lambda part: part.least[0]))
        for here in range(len(self.waiting)):
            while len(self.waiting[here].sets) and not self.halted():
                self.waiting[here] = self.after_some(self.waiting[here])
        self.ended = self.listed and not any(len(part.sets) for part in self.waiting)

    def try_set(self, sites: Ints, least: Floats) -> None:  # noqa: ARG002  (allocated, rows cost more)
        """Look at a plan that opens these hubs: no single city would change its own."""
        batch = Batch.of(self.tables, sites[None, :])
        self.offer_choices(batch, batch.moved(batch.cost.argmin(axis=2), self.halted))

    def in_order(self, size: int) -> Waiting:
        """Return all sets of a size by what they cost at least: that of multiple allocation."""
        some = list(listed(self.hubs, size, self.halted))
        least = np.concatenate([np.zeros(0), *(part.cost for part in some)]) * (1.0 - MARGIN)
        sets = np.concatenate([np.zeros((0, size), int), *(part.sets for part in some)])
        order = np.argsort(least, kind="stable")
        return Waiting(sets[order], least[order])

    def at_once(self, size: int) -> int:
        """Return how many sets of a size are looked into together."""
        return int(max(1, CELLS // (self.tables.cities * size) ** 2))

    def change_hubs(self, part: Waiting) -> None:
        """Find a good plan: by the sets that cost least at the least, then exchanges of a hub."""
        count = self.at_once(part.sets.shape[1])
        near, before = part.sets[:count], np.inf
        while len(near) and self.cost < before:
            before = self.cost
            for start in range(0, len(near), count):
                if self.halted():
                    return
                batch = Batch.of(self.tables, near[start : start + count])
                self.offer_choices(batch, batch.moved(batch.cost.argmin(axis=2), self.halted))
            near = self.neighbours(self.best.open)

    def neighbours(self, chosen: Ints) -> Ints:
        """Return the sets that have one hub instead of another."""
        others = np.setdiff1d(np.arange(self.hubs.sites), chosen)
        found = []
        for hub in chosen.tolist():
            kept = np.tile(chosen[chosen != hub], (len(others), 1))
            found.append(np.column_stack([kept, others]))
        return np.concatenate(found) if found else np.zeros((0, 0), dtype=np.int64)

    def after_some(self, part: Waiting) -> Waiting:
        """Look into the first sets that wait; return those that are left to be looked into."""
        count = self.at_once(part.sets.shape[1])
        cheap = part.least < self.enough
        if not cheap[0]:
            self.set_aside(float(part.least[0]))
            return Waiting(part.sets[:0], part.least[:0])
        batches = [Batch.of(self.tables, part.sets[:count][cheap[:count]])]
        while batches and not self.halted():
            batch = self.after_messages(batches.pop())
            if batch is not None:
                batches += self.branches(batch)
        if batches:
            return part
        self.set_aside(float(part.least[:count][~cheap[:count]].min(initial=np.inf)))
        return Waiting(part.sets[count:], part.least[count:])

    def after_messages(self, batch: Batch) -> Batch | None:
        """Return the problems that messages leave open, None for none."""
        for number in range(ROUNDS):
            batch.pass_on(backwards=bool(number % 2))
            known = batch.known()
            bounds = batch.bounds(known, self.tables.scale)
            here = self.left(bounds)
            batch, known, bounds = batch.some(here), known[here], bounds[here]
            self.offer_choices(batch, batch.moved(known.argmin(axis=2), self.halted))
            self.rule_out(batch, known, bounds)
            batch = batch.some(self.left(bounds) & ~self.decided(batch) & batch.with_choices)
            if not len(batch) or self.halted():
                break
        return batch if len(batch) else None

    def left(self, bounds: Floats) -> NDArray[np.bool_]:
        """Return which problems may still hold a better plan; set the others aside."""
        here: NDArray[np.bool_] = bounds < self.enough
        self.set_aside(float(bounds[~here].min(initial=np.inf)))
        return here

    def rule_out(self, batch: Batch, known: Floats, bounds: Floats) -> None:
        """Rule out choices with which a problem holds no better plan."""
        with_it = bounds[:, None, None] + known - known.min(axis=2, keepdims=True)
        out = (with_it >= self.enough) & ~batch.out
        self.set_aside(float(with_it[out].min(initial=np.inf)))
        batch.forbid(out, DEAR * self.cost)

    def decided(self, batch: Batch) -> NDArray[np.bool_]:
        """Return which problems leave each city one choice; their plans are looked at."""
        here: NDArray[np.bool_] = ((~batch.out).sum(axis=2) == 1).all(axis=1)
        some = batch.some(here)
        cost = self.offer_choices(some, some.out.argmin(axis=2))
        self.set_aside(float(cost.min(initial=np.inf)) * (1.0 - MARGIN))
        return here

    def branches(self, batch: Batch) -> list[Batch]:
        """Return the problems with one city given each of its choices, the likeliest last."""
        if batch.sets.shape[1] == 1:
            return self.with_one_hub(batch)
        known, every = batch.known(), np.arange(len(batch))
        order = known.argsort(axis=2, kind="stable")
        ranked = np.take_along_axis(known, order, axis=2)
        city = np.where(self.sole(batch), -np.inf, ranked[:, :, 1] - ranked[:, :, 0]).argmax(1)
        found = []
        for rank in reversed(range(known.shape[2])):
            choice = order[every, city, rank]
            others = np.zeros_like(batch.out)
            others[every, city] = True
            others[every, city, choice] = False
            kept = ~batch.out[every, city, choice]
            child = batch.some(kept)
            child.forbid(others[kept] & ~child.out, DEAR * self.cost)
            found.append(child)
        return [child for child in found if len(child)]

    def with_one_hub(self, batch: Batch) -> list[Batch]:
        """Look at the plans of sets of one hub, which leave no city a choice, and none open."""
        cost = self.offer_choices(batch, np.zeros_like(batch.free))
        self.set_aside(float(cost.min(initial=np.inf)) * (1.0 - MARGIN))
        return []

    def sole(self, batch: Batch) -> NDArray[np.bool_]:
        """Return which cities have one choice left."""
        return np.asarray((~batch.out).sum(axis=2) == 1)

    def offer_choices(self, batch: Batch, choice: Ints) -> Floats:
        """Look at plans in which cities choose among the hubs of their sets; return their costs."""
        hub_of = batch.hubs_of(self.tables, choice)
        cost = self.tables.costs(batch.sets, hub_of)
        if len(cost):
            here = int(cost.argmin())
            self.offer(float(cost[here]), batch.sets[here], hub_of[here])
        return cost
