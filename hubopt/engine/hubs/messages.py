"""Many small allocation problems at once: bounds by messages between cities.

With hubs chosen, each other city takes one of them; what two cities cost depends on both choices.
A city asks every pair that it is in for the least that the pair adds to each choice, and hands what
it then knows on to the pairs that it has not yet come to. Whatever is handed on, the least of each
city and of each pair add up to a lower bound: that of the linear relaxation over pairs, in the end.
Werner, IEEE Transactions on Pattern Analysis and Machine Intelligence 29(7), 2007; order of the
messages after Kolmogorov, ibid. 28(10), 2006.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from hubopt.engine.hubs.allocation import Tables
    from hubopt.problem.problem import Floats, Ints

SAFE = 1e-13
"""What rounding can add to a bound, by the sum of all absolute terms; each is right to 4e-16."""

PAYS = 1e-12
"""A change of one choice pays if it saves more than this share of all."""


@dataclass
class Batch:
    """Allocation problems with as many hubs each; b problems, m cities to allocate, q hubs.

    `sets` b x q, `free` b x m the cities; `cost` b x m x q of a city's choice, dear where it was
    ruled out (`out`); `pair` b x m x m x q x q; `fixed` b, what hubs cost, and their own cities
    among themselves; `message` b x m x m x q, from the pair of two cities to the first of them.
    """

    sets: Ints
    free: Ints
    cost: Floats
    pair: Floats
    fixed: Floats
    message: Floats
    out: NDArray[np.bool_]

    @classmethod
    def of(cls, tables: Tables, sets: Ints) -> Self:
        """Return the allocation problems of some sets of hubs, none of which was looked into."""
        own = tables.own[sets]
        taken = np.zeros((len(sets), tables.cities), dtype=np.bool_)
        np.put_along_axis(taken, own, values=True, axis=1)
        free = np.nonzero(~taken)[1].reshape(len(sets), -1)
        pair = tables.between(free, free, sets)
        cost = np.einsum("bmhqh->bmq", tables.between(free, own, sets))
        hubs = np.einsum("bghgh->b", tables.between(own, own, sets))
        fixed = hubs / 2.0 + tables.fixed[sets].sum(axis=1)
        return cls(sets, free, cost, pair, fixed, np.zeros(pair.shape[:4]),
                   np.zeros(cost.shape, dtype=np.bool_))  # fmt: skip

    def __len__(self) -> int:
        """Return the number of problems."""
        return len(self.sets)

    def some(self, which: Ints | NDArray[np.bool_]) -> Batch:
        """Return some of the problems."""
        return Batch(self.sets[which], self.free[which], self.cost[which], self.pair[which],
                     self.fixed[which], self.message[which], self.out[which])  # fmt: skip

    @property
    def with_choices(self) -> NDArray[np.bool_]:
        """Which problems leave every city a choice; others hold no better plan."""
        return np.asarray(np.all(np.any(~self.out, axis=2), axis=1))

    def forbid(self, choices: NDArray[np.bool_], dear: float) -> None:
        """Rule out choices of cities, b x m x q, none of which was before."""
        self.cost = self.cost + np.where(choices, dear, 0.0)
        self.out = self.out | choices

    def hubs_of(self, tables: Tables, choice: Ints) -> Ints:
        """Return the hub of each city, b x cities, given the choices of those to allocate."""
        found = np.zeros((len(self), tables.cities), dtype=np.int64)
        np.put_along_axis(found, tables.own[self.sets], self.sets, axis=1)
        chosen = np.take_along_axis(self.sets, choice, axis=1)
        np.put_along_axis(found, self.free, chosen, axis=1)
        return found

    def pass_on(self, *, backwards: bool) -> None:
        """Let each city ask its pairs and hand on, one after the other."""
        cities = self.cost.shape[1]
        order = list(range(cities))[:: -1 if backwards else 1]
        for number, city in enumerate(order):
            later = order[number + 1 :]
            asked = self.pair[:, city] - self.message[:, :, city][:, :, None, :]
            heard = asked.min(axis=3)
            heard[:, city] = 0.0
            known = self.cost[:, city] + heard.sum(axis=1)
            heard[:, later] -= (known / max(len(later), number, 1))[:, None, :]
            self.message[:, city] = heard

    def known(self) -> Floats:
        """Return what each choice of each city costs by the messages, b x m x q."""
        return np.asarray(self.cost + self.message.sum(axis=2))

    def bounds(self, known: Floats, scale: float) -> Floats:
        """Return a lower bound of each problem, less what rounding could have added."""
        left = self.pair - self.message[:, :, :, :, None]
        left -= self.message.transpose(0, 2, 1, 3)[:, :, :, None, :]
        pairs = left.min(axis=(3, 4)).sum(axis=(1, 2)) / 2.0
        handed = np.abs(self.message).sum(axis=(1, 2, 3))
        margin = SAFE * (scale + handed + np.abs(known).sum(axis=(1, 2)))
        return np.asarray(self.fixed + known.min(axis=2).sum(axis=1) + pairs - margin)

    def moved(self, choice: Ints, halted: Callable[[], bool]) -> Ints:
        """Return choices in which no single city would change its own, b x m, unless halted."""
        choice, here = choice.copy(), np.arange(len(self))
        if not choice.size or self.sets.shape[1] == 1 or halted():
            return choice
        others = np.take_along_axis(self.pair, choice[:, None, :, None, None], axis=4)
        cost = self.cost + others[..., 0].sum(axis=2)
        while not halted():
            now = np.take_along_axis(cost, choice[:, :, None], axis=2)[..., 0]
            gain = now - cost.min(axis=2)
            city = gain.argmax(axis=1)
            pays = gain[here, city] > PAYS * np.abs(now).sum(axis=1)
            if not pays.any():
                return choice
            some, at = here[pays], city[pays]
            old, new = choice[some, at], cost[some, at].argmin(axis=1)
            cost[some] += self.pair[some, :, at, :, new] - self.pair[some, :, at, :, old]
            choice[some, at] = new
        return choice
