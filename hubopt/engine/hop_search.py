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

    @cached_property
    def states_at(self) -> Mapping[str, tuple[int, ...]]:
        """The states of each place in which a hop may start or end, in the order of `base`."""
        found: dict[str, tuple[int, ...]] = {}
        for place in {place for place, _ in self.state_number}:
            numbers = (self.state_number.get((place, mode)) for mode in self.base)
            found[place] = tuple(state for state in numbers if state is not None)
        return found

    def at(self, place: str) -> tuple[int, ...]:
        """Return the states in which a hop may start or end at a place."""
        return self.states_at.get(place, ())

    def least(self, weights: Floats) -> csr_array:
        """Return states x states: the weight of the cheapest arc, all weights at least 0."""
        size = len(self.state_number)
        if not len(self.starts):
            return csr_array((size, size))
        cheapest = np.maximum(np.minimum.reduceat(weights, self.starts), LEAST)
        ends = (self.arcs.tail[self.starts], self.arcs.head[self.starts])
        return csr_array((cheapest, ends), shape=(size, size))

    def cheapest_arcs(self, weights: Floats) -> dict[tuple[int, int], int]:
        """Return the number of the cheapest arc of each pair of states, the first of equals."""
        arcs, starts = self.arcs, self.starts
        if not len(starts):
            return {}
        pair = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(arcs.tail))))
        order = np.lexsort((weights, pair))  # stable: of equal weights the first
        ends = zip(arcs.tail[starts].tolist(), arcs.head[starts].tolist(), strict=True)
        return dict(zip(ends, order[starts].tolist(), strict=True))


class ArcPrices:
    """A graph at given weights of its arcs, all at least 0: what all hops at them need."""

    def __init__(self, graph: StateGraph, weights: Floats) -> None:
        self.least = graph.least(weights)
        self.cheapest = graph.cheapest_arcs(weights)


class HopTable:
    """The cheapest hops from some stops to others: `cost` starts x ends, infinity for no way."""

    def __init__(
        self, graph: StateGraph, prices: ArcPrices, starts: Sequence[str], ends: Sequence[str]
    ) -> None:
        self.graph, self.ends, self.cheapest = graph, ends, prices.cheapest
        sources = [(here, state) for here, place in enumerate(starts) for state in graph.at(place)]
        self.source = np.array([state for _, state in sources], dtype=np.int64)
        size = (len(starts), len(ends))
        self.cost = np.full(size, np.inf)
        self.row, self.state = np.full(size, HERE), np.full(size, HERE)
        self.before = np.zeros((0, 0), dtype=np.int64)
        if sources:
            found, self.before = dijkstra(
                prices.least, indices=self.source, return_predecessors=True
            )
            ranked = self.ranked(ends)
            for row, (here, _) in enumerate(sources):
                self.take(row, here, found[row], ranked)
        self.stay(starts, ends)

    def ranked(self, ends: Sequence[str]) -> list[tuple[Ints, Ints]]:
        """Return the first states of all ends, then the second ones, ...: (ends, states)."""
        found: list[tuple[list[int], list[int]]] = []
        for there, place in enumerate(ends):
            for rank, state in enumerate(self.graph.at(place)):
                if rank == len(found):
                    found.append(([], []))
                found[rank][0].append(there)
                found[rank][1].append(state)
        return [(np.array(places), np.array(states)) for places, states in found]

    def take(self, row: int, here: int, found: Floats, ranked: list[tuple[Ints, Ints]]) -> None:
        """Take the hops from one state of a start where they are cheaper than those known."""
        for there, state in ranked:
            less = found[state] < self.cost[here, there]
            places, states = there[less], state[less]
            self.cost[here, places] = found[states]
            self.row[here, places], self.state[here, places] = row, states

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
            found.append(self.cheapest[tail, state])
            state = tail
        return found[::-1]
