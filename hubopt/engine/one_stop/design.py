"""A design that stands: its open sites alone, so that prices for it cost a part of all of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from hubopt.engine.one_stop.columns import columns_of
from hubopt.engine.one_stop.paths import PathFinder
from hubopt.engine.one_stop.relaxation import Prices, evaluate, room_prices

if TYPE_CHECKING:
    from hubopt.engine.one_stop.columns import Columns
    from hubopt.engine.one_stop.numbers import Bools, Floats, Ints, Numbers
    from hubopt.engine.one_stop.paths import Trees
    from hubopt.engine.one_stop.relaxation import Evaluation


@dataclass(frozen=True)
class Design:
    """The size of each site (I, -1: closed) of a problem; `open` are the O sites that stand."""

    whole: Numbers
    size: Ints

    @cached_property
    def open(self) -> Ints:
        """Return the sites that stand."""
        return np.flatnonzero(self.size >= 0)

    @cached_property
    def numbers(self) -> Numbers:
        """Return the numbers with these sites alone, each in its one size (O x 1)."""
        whole, here = self.whole, self.open
        size = self.size[here]
        return replace(
            whole,
            node=whole.node[here],
            site_bonded=whole.site_bonded[here],
            handling=whole.handling[here],
            room=whole.room[here, size][:, None],
            fixed=whole.fixed[here, size][:, None],
            room_kg=whole.room_kg[here, size][:, None],
        )

    @cached_property
    def finder(self) -> PathFinder:
        """Return what finds paths to and from these sites."""
        return PathFinder(self.numbers)

    @cached_property
    def allowed(self) -> Bools:
        """Return that every one of these sites is open (O x 2)."""
        return np.tile([True, False], (len(self.open), 1))

    def evaluate(self, prices: Prices) -> Evaluation:
        """Return the relaxation at prices with these sites open and all others closed."""
        return evaluate(self.numbers, self.finder, prices, self.allowed)

    def ways(self, trees: Trees, shipment: Ints, site: Ints) -> Columns:
        """Return the cheapest ways by some of the O sites, in the numbering of all sites."""
        found = columns_of(self.numbers, trees, shipment, site)
        return replace(found, numbers=self.whole, site=self.open[found.site])

    def room_prices(self, found: Evaluation) -> Floats:
        """Return what one more unit of room is worth at each site (I), 0 where it is closed."""
        prices = np.zeros(len(self.size))
        alone = np.zeros(len(self.open), dtype=np.int64)
        prices[self.open] = room_prices(self.numbers, self.finder, found, alone)
        return prices
