"""Columns: ways of a shipment by way of a site, arc by arc, each kept once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_matrix

from hubopt.engine.one_stop.paths import END

if TYPE_CHECKING:
    from hubopt.engine.one_stop.numbers import Bools, Floats, Ints, Numbers
    from hubopt.engine.one_stop.paths import Trees

HASH_SEED = 20110
"""Any number: of random marks of arcs, by whose sums two ways are told apart."""


@dataclass(frozen=True)
class Columns:
    """Ways `shipment`, `site`, `cost` per unit (M); arcs of way m: `arcs[start[m]:start[m + 1]]`.

    The first `before[m]` of them lead to the site. Costs are those of the file, with handling.
    """

    numbers: Numbers
    shipment: Ints
    site: Ints
    cost: Floats
    start: Ints
    arcs: Ints
    before: Ints

    def __len__(self) -> int:
        """Return the number of ways."""
        return len(self.shipment)

    @cached_property
    def use(self) -> csr_matrix:
        """Return M x shared arcs: how often each way passes each of them."""
        place = np.full(len(self.numbers.tail), -1)
        place[self.numbers.shared] = np.arange(len(self.numbers.shared))
        here = place[self.arcs]
        way = np.repeat(np.arange(len(self)), np.diff(self.start))[here >= 0]
        shape = (len(self), len(self.numbers.shared))
        return csr_matrix((np.ones(len(way)), (way, here[here >= 0])), shape=shape)

    def taken(self, here: Bools | Ints) -> Columns:
        """Return some of the ways."""
        chosen = np.flatnonzero(here) if here.dtype == bool else here
        length = np.diff(self.start)[chosen]
        start = np.concatenate([[0], np.cumsum(length)])
        inside = np.arange(start[-1]) - np.repeat(start[:-1], length)
        arcs = self.arcs[np.repeat(self.start[:-1][chosen], length) + inside]
        return Columns(
            self.numbers, self.shipment[chosen], self.site[chosen], self.cost[chosen], start, arcs,
            self.before[chosen],
        )  # fmt: skip

    def joined(self, *others: Columns) -> Columns:
        """Return the ways of all, each once, in the order in which they came."""
        every = [self, *others]
        length = np.concatenate([np.diff(one.start) for one in every])
        both = Columns(
            self.numbers,
            np.concatenate([one.shipment for one in every]),
            np.concatenate([one.site for one in every]),
            np.concatenate([one.cost for one in every]),
            np.concatenate([[0], np.cumsum(length)]),
            np.concatenate([one.arcs for one in every]),
            np.concatenate([one.before for one in every]),
        )
        _, first = np.unique(both.marks, return_index=True)
        return both if len(first) == len(both) else both.taken(np.sort(first))

    @property
    def marks(self) -> Ints:
        """Return a number of each way by which it is told from all others, but for rare chance.

        Two ways that share a number count as one: a column is missing then, and nothing is wrong.
        """
        rng = np.random.default_rng(HASH_SEED)
        most = np.iinfo(np.int64).max
        each = rng.integers(0, most, size=(2, len(self.numbers.tail)))
        own = rng.integers(0, most, size=len(self.numbers.units))
        there = rng.integers(0, most, size=len(self.numbers.node))
        length = np.diff(self.start)
        inside = np.arange(len(self.arcs)) - np.repeat(self.start[:-1], length)
        after = (inside >= np.repeat(self.before, length)).astype(np.int64)
        sums = np.concatenate([[0], np.cumsum(each[after, self.arcs])])  # it may wrap around
        mark = sums[self.start[1:]] - sums[self.start[:-1]]
        return np.asarray(mark + own[self.shipment] + there[self.site])


def no_columns(numbers: Numbers) -> Columns:
    """Return no ways."""
    none = np.zeros(0, dtype=np.int64)
    return Columns(numbers, none, none, np.zeros(0), np.zeros(1, dtype=np.int64), none, none)


def columns_of(numbers: Numbers, trees: Trees, shipment: Ints, site: Ints) -> Columns:
    """Return the cheapest ways, by trees, of shipments by way of sites that they can reach."""
    kind = numbers.kind[shipment]
    way_in, step_in, arc_in = climbed(
        numbers.arc_number, trees.next_to, kind, site, numbers.origin[shipment]
    )
    way_out, step_out, arc_out = climbed(
        numbers.arc_number.T, trees.next_from, kind, site, numbers.end[shipment]
    )
    way = np.concatenate([way_in, way_out])
    step = np.concatenate([step_in, numbers.nodes * 2 - step_out])
    order = np.lexsort((step, way))
    arcs = np.concatenate([arc_in, arc_out])[order]
    count = len(shipment)
    before = np.bincount(way_in, minlength=count)
    start = np.concatenate([[0], np.cumsum(np.bincount(way, minlength=count))])
    owner = way[order]
    cost = numbers.handling[site] + np.bincount(
        owner, weights=numbers.cost[kind[owner], arcs], minlength=count
    )
    return Columns(numbers, shipment, site, cost, start, arcs, before)


def climbed(
    arc_number: Ints, next_node: Ints, kind: Ints, site: Ints, node: Ints
) -> tuple[Ints, Ints, Ints]:
    """Return number of the way, of the step and of the arc for every arc on the way to a root."""
    way, here, step = np.arange(len(node)), node, 0
    found: list[tuple[Ints, Ints, Ints]] = []
    while len(way):
        ahead = next_node[kind[way], site[way], here]
        moving = ahead != END
        way, here, ahead = way[moving], here[moving], ahead[moving]
        found.append((way, np.full(len(way), step), arc_number[here, ahead]))
        here, step = ahead, step + 1
    ways, steps, arcs = zip(*found, strict=True) if found else ((), (), ())
    none = [np.zeros(0, dtype=np.int64)]
    return tuple(np.concatenate([*none, *parts]) for parts in (ways, steps, arcs))  # type: ignore[return-value]
