"""The cheapest hops between stops at given prices: Dijkstra from every stop at once.

A hop starts with any mode of pick-up in hand and ends with any of them at the next stop; a stop is
reached from itself for nothing. Prices are never below 0, so that a cheapest hop has no circle.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hubopt.network.arcs import Arcs
    from hubopt.problem.problem import Floats, Ints
    from hubopt.vocabulary import Mode

    State = tuple[str, Mode]

HERE = -1
"""The way from a stop to itself."""

LEAST = 1e-300
"""An arc for nothing, so that it is an arc for whoever takes an entry of 0 for none."""


@dataclass(frozen=True)
class StateGraph:
    """Arcs with the numbers of states, and the modes with which a hop starts and ends."""

    arcs: Arcs
    state_number: Mapping[State, int]
    base: tuple[Mode, ...]

    @cached_property
    def starts(self) -> Ints:
        """The first arc of each pair of states that arcs join."""
        tail, head = self.arcs.tail, self.arcs.head
        new = np.ones(len(tail), dtype=bool)
        new[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
        return np.flatnonzero(new)

    def at(self, place: str) -> list[int]:
        """Return the states in which a hop may start or end at a place."""
        found = (self.state_number.get((place, mode)) for mode in self.base)
        return [state for state in found if state is not None]

    def least(self, weights: Floats) -> csr_array:
        """Return states x states: the weight of the cheapest arc, all weights at least 0."""
        size = len(self.state_number)
        if not len(self.starts):
            return csr_array((size, size))
        cheapest = np.maximum(np.minimum.reduceat(weights, self.starts), LEAST)
        ends = (self.arcs.tail[self.starts], self.arcs.head[self.starts])
        return csr_array((cheapest, ends), shape=(size, size))

    def cheapest_arc(self, weights: Floats, tail: int, head: int) -> int:
        """Return the number of the cheapest arc between two states."""
        first = np.searchsorted(self.arcs.tail, tail)
        last = np.searchsorted(self.arcs.tail, tail, side="right")
        between = first + np.flatnonzero(self.arcs.head[first:last] == head)
        return int(between[np.argmin(weights[between])])


class HopTable:
    """The cheapest hops from some stops to others: `cost` starts x ends, infinity for no way."""

    def __init__(
        self, graph: StateGraph, weights: Floats, starts: Sequence[str], ends: Sequence[str]
    ) -> None:
        self.graph, self.weights, self.ends = graph, weights, ends
        sources = [(here, state) for here, place in enumerate(starts) for state in graph.at(place)]
        self.source = np.array([state for _, state in sources], dtype=np.int64)
        size = (len(starts), len(ends))
        self.cost = np.full(size, np.inf)
        self.row, self.state = np.full(size, HERE), np.full(size, HERE)
        self.before = np.zeros((0, 0), dtype=np.int64)
        if sources:
            found, self.before = dijkstra(
                graph.least(weights), indices=self.source, return_predecessors=True
            )
            for row, (here, _) in enumerate(sources):
                self.take(row, here, found[row], ends)
        self.stay(starts, ends)

    def take(self, row: int, here: int, found: Floats, ends: Sequence[str]) -> None:
        """Take the hops from one state of a start where they are cheaper than those known."""
        for there, place in enumerate(ends):
            for state in self.graph.at(place):
                if found[state] < self.cost[here, there]:
                    self.cost[here, there] = found[state]
                    self.row[here, there], self.state[here, there] = row, state

    def stay(self, starts: Sequence[str], ends: Sequence[str]) -> None:
        """Let each stop be reached from itself for nothing."""
        where: dict[str, list[int]] = {}
        for there, place in enumerate(ends):
            where.setdefault(place, []).append(there)
        for here, place in enumerate(starts):
            for there in where.get(place, ()):
                self.cost[here, there] = 0.0
                self.row[here, there] = HERE

    def arcs(self, here: int, there: int) -> list[int]:
        """Return the numbers of the arcs of a hop, in order; it ends where it first may."""
        row, state = int(self.row[here, there]), int(self.state[here, there])
        ends = set(self.graph.at(self.ends[there]))
        found: list[int] = []
        while row != HERE and (tail := int(self.before[row, state])) >= 0:
            if state in ends:
                found.clear()
            found.append(self.graph.cheapest_arc(self.weights, tail, state))
            state = tail
        return found[::-1]
