"""What a search learnt, for another problem over the same network: prices, ways and a design.

It is tried and never trusted: prices give a bound that is computed anew, whatever they are; ways
are followed, and paid, over the arcs as they are now; a design has its flows from a new LP.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hubopt.engine.one_stop.columns import Columns
from hubopt.engine.one_stop.relaxation import Prices

if TYPE_CHECKING:
    from hubopt.engine.one_stop.numbers import Floats, Ints, Numbers


@dataclass(frozen=True)
class Learnt:
    """Best prices, ways, and the design of the best plan (I, -1: closed; `None` without a plan)."""

    numbers: Numbers
    prices: Prices
    ways: Columns
    size: Ints | None

    def fits(self, numbers: Numbers) -> bool:
        """Tell whether another problem has the same arcs between the same nodes, and sites there.

        Costs, capacities, sizes and shipments may all be others.
        """
        mine = self.numbers
        return (
            mine.nodes == numbers.nodes
            and len(mine.cost) == len(numbers.cost)
            and np.array_equal(mine.tail, numbers.tail)
            and np.array_equal(mine.head, numbers.head)
            and np.array_equal(mine.node, numbers.node)
        )

    def same_shipments(self, numbers: Numbers) -> Ints:
        """Return the place of each shipment of this one in another problem, -1 if it is not there.

        A shipment is the same if number, origin, destination and class are, whatever it weighs.
        """
        mine = self.numbers
        there = np.full(max(mine.order.max(initial=-1), numbers.order.max(initial=-1)) + 1, -1)
        there[numbers.order] = np.arange(len(numbers.order))
        place = there[mine.order]
        same = place >= 0
        for one in ("origin", "end", "kind"):
            same &= getattr(mine, one) == getattr(numbers, one)[place]
        return np.where(same, place, -1)

    def prices_in(self, numbers: Numbers, otherwise: Prices) -> Prices:
        """Return the prices for another problem, with others for what was not known."""
        place = self.same_shipments(numbers)
        serve = otherwise.serve.copy()
        serve[place[place >= 0]] = self.prices.serve[place >= 0]
        arc = np.zeros(len(numbers.tail))
        arc[self.numbers.shared] = self.prices.arc
        return Prices(serve, arc[numbers.shared])

    def ways_in(self, numbers: Numbers) -> Columns:
        """Return the ways of shipments of another problem that may go by their sites."""
        place = self.same_shipments(numbers)[self.ways.shipment]
        allowed = numbers.site_bonded[self.ways.site] | ~numbers.bonded[place]
        here = (place >= 0) & allowed
        ways, shipment = self.ways.taken(here), place[here]
        return Columns(
            numbers, shipment, ways.site, cost_of(numbers, ways, shipment), ways.start, ways.arcs,
            ways.before,
        )  # fmt: skip

    def size_in(self, numbers: Numbers) -> Ints | None:
        """Return the design without the sizes that another problem lacks."""
        if self.size is None:
            return None
        inside = self.size < numbers.room.shape[1]
        room = numbers.room[np.arange(len(self.size)), np.where(inside, self.size, -1)]
        return np.where(inside & (room > 0), self.size, -1)


def cost_of(numbers: Numbers, ways: Columns, shipment: Ints) -> Floats:
    """Return what a unit of shipments pays on ways, over arcs and at the site."""
    way = np.repeat(np.arange(len(ways)), np.diff(ways.start))
    on_arcs = numbers.cost[numbers.kind[shipment[way]], ways.arcs]
    return numbers.handling[ways.site] + np.bincount(way, weights=on_arcs, minlength=len(ways))
