"""The cheapest route of one shipment that arrives in time: labels of cost and time, best first.

For the few shipments whose cheapest route is late, or passes gates (terminals, chargers) for which
the shipment alone pays. What is left to pay and to wait at least, from
every state and phase of the handling chain to the destination, orders and prunes the labels, as in
the A* of Hart, Nilsson, Raphael (1968); one label stands for another that is no cheaper, no faster
and has paid for no other gate at the same state.
"""

from __future__ import annotations

import heapq
import itertools
from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.sparse import csr_array, hstack, vstack
from scipy.sparse.csgraph import dijkstra

from hubopt.engine.hop_search import LEAST

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from hubopt.engine.trades import Trade
    from hubopt.network.steps import Step
    from hubopt.problem.problem import Floats

    InTime = Callable[[float, tuple[Step, ...]], bool]


class Own(NamedTuple):
    """What a shipment pays alone: in any case, at the sites of each stop, once at each gate."""

    paid: float
    stops: Sequence[Floats]
    gates: Mapping[int, float]


class Label(NamedTuple):
    """A route under way: cost and time so far, where it is, what came before, gates paid for."""

    cost: float
    time_h: float
    phase: int
    state: int
    before: Label | None
    step: Step | None
    gates: frozenset[int]


class Timely:
    """Searches of one trade at given prices: `weights` of arcs, `handling` for each stop."""

    def __init__(self, trade: Trade, weights: Floats, handling: Sequence[Floats]) -> None:
        self.trade, self.weights, self.handling = trade, weights, handling
        self.left: dict[int, tuple[list[Floats], list[Floats]]] = {}
        arcs = trade.graph.arcs
        self.first = np.searchsorted(arcs.tail, np.arange(self.size + 1)).tolist()
        self.paid, self.hours, self.head = (
            weights.tolist(),
            arcs.time_h.tolist(),
            arcs.head.tolist(),
        )

    @property
    def size(self) -> int:
        """Number of states."""
        return len(self.trade.graph.state_number)

    @cached_property
    def cheap(self) -> csr_array:
        """The cheapest arcs, from head to tail."""
        return self.trade.graph.least(self.weights).T.tocsr()

    @cached_property
    def fast(self) -> csr_array:
        """The fastest arcs, from head to tail."""
        return self.trade.graph.least(self.trade.graph.arcs.time_h).T.tocsr()

    def to_go(self, destination: int) -> tuple[list[Floats], list[Floats]]:
        """Return by phase the least cost and the least hours from each state to a destination."""
        if destination not in self.left:
            hours = [stop.time_h for stop in self.trade.stops]
            self.left[destination] = (
                self.backward(self.cheap, self.handling, destination),
                self.backward(self.fast, hours, destination),
            )
        return self.left[destination]

    def backward(
        self, arcs: csr_array, handling: Sequence[Floats], destination: int
    ) -> list[Floats]:
        """Return by phase the least from each state to the destination."""
        graph = self.trade.graph
        ends = dict.fromkeys(graph.at(self.trade.destinations[destination]), 0.0)
        found = [self.least_to(arcs, ends)]
        for stop, paid in zip(reversed(self.trade.stops), reversed(handling), strict=True):
            ends = {}
            for place, cost in zip(stop.places, paid.tolist(), strict=True):
                states = graph.at(place)
                onward = cost + min((found[-1][s] for s in states), default=np.inf)
                for state in states if onward < np.inf else ():
                    ends[state] = min(onward, ends.get(state, np.inf))
            found.append(self.least_to(arcs, ends))
        return found[::-1]

    def least_to(self, arcs: csr_array, ends: dict[int, float]) -> Floats:
        """Return the least from each state to any of the ends, each of which costs by itself.

        Handling may cost less than nothing where a site must be used; Dijkstra sees it from there.
        """
        if not ends:
            return np.full(self.size, np.inf)
        lowest = min([0.0, *ends.values()])
        states, costs = np.array(list(ends)), np.array(list(ends.values()))
        costs = np.maximum(costs - lowest, LEAST)
        last = csr_array((costs, (np.zeros(len(states), int), states)), shape=(1, self.size))
        column = csr_array((self.size + 1, 1))
        joined = hstack([vstack([arcs, last]), column]).tocsr()
        found: Floats = dijkstra(joined, indices=self.size)[: self.size] + lowest
        return found

    def cheapest(
        self, here: int, own: Own, limit_h: float, worth: float, in_time: InTime
    ) -> tuple[float, tuple[Step, ...]] | None:
        """Return cost and steps of the cheapest route in time, `None` if none is below `worth`.

        `here` numbers the shipment in the trade; `in_time` decides close calls.
        """
        trade = self.trade
        cost, hours = self.to_go(int(trade.destination[here]))
        ends = set(trade.graph.at(trade.destinations[trade.destination[here]]))
        order = itertools.count()
        heap: list[tuple[float, int, Label]] = []
        kept: dict[tuple[int, int], list[Label]] = defaultdict(list)
        origin = trade.origins[trade.origin[here]]
        none: frozenset[int] = frozenset()
        ahead = (Label(own.paid, 0.0, 0, s, None, None, none) for s in trade.graph.at(origin))
        for label in ahead:
            heapq.heappush(heap, (label.cost + cost[0][label.state], next(order), label))
        while heap:
            estimate, _, label = heapq.heappop(heap)
            if estimate >= worth:
                return None
            if label.phase == len(trade.stops) and label.state in ends:
                steps = steps_of(label)
                if in_time(label.time_h, steps):
                    return label.cost, steps
                continue
            same = kept[label.phase, label.state]
            if any(stands_for(one, label) for one in same):
                continue
            same.append(label)
            for longer in self.onward(label, own):
                bound = longer.cost + cost[longer.phase][longer.state]
                least_h = longer.time_h + hours[longer.phase][longer.state]
                if bound < worth and least_h <= limit_h:
                    heapq.heappush(heap, (bound, next(order), longer))
        return None

    def onward(self, label: Label, own: Own) -> Iterator[Label]:
        """Yield the labels one step further."""
        trade, cost_so_far = self.trade, label.cost
        steps = trade.graph.arcs.steps
        for arc in range(self.first[label.state], self.first[label.state + 1]):
            cost, gates = cost_so_far + self.paid[arc], label.gates
            for gate in trade.gates.get(arc, ()):
                if gate in own.gates and gate not in gates:
                    cost, gates = cost + own.gates[gate], gates | {gate}
            yield Label(
                cost, label.time_h + self.hours[arc], label.phase, self.head[arc],
                label, steps[arc], gates,
            )  # fmt: skip
        if label.phase == len(trade.stops):
            return
        stop = trade.stops[label.phase]
        for site, states in trade.sites_at[label.phase].get(label.state, ()):
            cost = float(self.handling[label.phase][site] + own.stops[label.phase][site])
            for state in states:
                yield Label(
                    cost_so_far + cost, label.time_h + float(stop.time_h[site]),
                    label.phase + 1, state, label, stop.step(site), label.gates,
                )  # fmt: skip


def stands_for(one: Label, other: Label) -> bool:
    """Tell whether a label at the same state and phase makes another needless."""
    return (
        one.cost <= other.cost and one.time_h <= other.time_h and one.gates.issuperset(other.gates)
    )


def steps_of(label: Label) -> tuple[Step, ...]:
    """Return the steps that led to a label, in order."""
    found = []
    here: Label | None = label
    while here is not None:
        if here.step is not None:
            found.append(here.step)
        here = here.before
    return tuple(reversed(found))
