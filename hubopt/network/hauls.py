"""Parts of a route for one product: open legs of one mode, and main hauls between trucks.

A hop between two stops is a leg by truck, or pre-haul by truck, a main haul (any sequence of other
modes, changed at terminals) and post-haul by truck. Legs come as the cheapest and the fastest path
over open links; a main haul is kept while it is among the cheapest few at its terminal for the
modes that it has used, or faster than all of these. It ends with the first change to a truck: where
trucks must join two main hauls, a site of the handling chain has to stand in between.
"""

from __future__ import annotations

import heapq
import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from hubopt.network.graph import base_modes
from hubopt.network.steps import Change, Move, Ride
from hubopt.network.weights import Weight
from hubopt.vocabulary import TRUCKS, Mode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from hubopt.network.graph import Network
    from hubopt.network.steps import Step
    from hubopt.network.weights import Prices

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

HAULS_PER_TERMINAL = 4
"""Most main hauls kept between two terminals for the same set of modes, cheapest first."""

FAR_DEARER = 1.5
"""A main haul is dropped where another is as fast, has the same modes, and costs this much less."""

MOST_CHANGES = 6
"""Most changes of mode in one main haul."""

TINY = 1e-9
"""Stands for a weight of nothing, which a sparse matrix would read as no link."""


@dataclass(frozen=True)
class Legs:
    """Best paths over the open links of one mode: cost, time and the way back, places x places."""

    mode: Mode
    cost: Floats
    time_h: Floats
    before: Ints
    places: tuple[str, ...]

    def path(self, a: int, b: int) -> tuple[Move, ...]:
        """Return the moves from place number `a` to `b`."""
        stops = [b]
        while stops[-1] != a:
            stops.append(int(self.before[a, stops[-1]]))
        names = [self.places[stop] for stop in reversed(stops)]
        return tuple(Move(x, y, self.mode) for x, y in itertools.pairwise(names))


@dataclass(frozen=True, slots=True)
class Haul:
    """A main haul from a terminal to a terminal, with the truck mode before and after."""

    start: str
    start_mode: Mode
    end: str
    end_mode: Mode
    steps: tuple[Change | Ride | Move, ...]
    weight: Weight
    modes: frozenset[Mode]


def open_legs(network: Network, prices: Prices, mode: Mode, *, fastest: bool) -> Legs:
    """Return the cheapest (or fastest) paths by `mode` between all places."""
    places = tuple(place.id for place in network.instance.places)
    number = {place: here for here, place in enumerate(places)}
    cost = np.full((len(places), len(places)), np.inf)
    time_h = np.full_like(cost, np.inf)
    for a, b, _ in network.open_links(mode):
        weight = prices.travel(Move(a, b, mode))
        if weight is not None:
            cost[number[a], number[b]] = max(weight.cost, TINY)
            time_h[number[a], number[b]] = max(weight.time_h, TINY)
    first, second = (time_h, cost) if fastest else (cost, time_h)
    graph = csr_matrix(np.where(np.isfinite(first), first, 0.0))
    best, before = dijkstra(graph, return_predecessors=True)
    other = along(second, best, before)
    pair = (other, best) if fastest else (best, other)
    return Legs(mode, pair[0], pair[1], before, places)


def along(second: Floats, best: Floats, before: Ints) -> Floats:
    """Return the second weight summed along the best paths of the first."""
    total = np.full_like(best, np.inf)
    for a in range(len(best)):
        total[a, a] = 0.0
        for b in np.argsort(best[a], kind="stable"):
            if before[a, b] >= 0:
                total[a, b] = total[a, before[a, b]] + second[before[a, b], b]
    return total


OpenLeg = tuple[str, tuple[Move, ...], frozenset[tuple[str, Mode]], Weight]
"""Where an open leg ends, its moves, the states that it passes, and its weight."""


@dataclass(frozen=True)
class Label:
    """A main haul under way."""

    weight: Weight
    place: str
    mode: Mode
    steps: tuple[Change | Ride | Move, ...]
    seen: frozenset[tuple[str, Mode]]
    modes: frozenset[Mode]
    after_leg: bool = False

    @property
    def rank(self) -> float:
        """Cost with a share of the departures'."""
        return self.weight.cost + self.weight.departures


class HaulFinder:
    """Finds the main hauls of one product; `keep` is the number kept per terminal and mode set."""

    def __init__(self, network: Network, prices: Prices, *, keep: int | None = None) -> None:
        self.network, self.prices = network, prices
        self.keep = HAULS_PER_TERMINAL if keep is None else keep
        self.dearer, self.needless = (FAR_DEARER, 1.0) if keep is None else (np.inf, np.inf)
        self.base = base_modes(prices.product)
        self.allowed = prices.product.modes
        self.priced: dict[Step, Weight | None] = {}
        self.cut: set[str] = set()
        self.onward: dict[tuple[str, Mode], list[OpenLeg]] = {}
        self.legs = {
            mode: open_legs(network, prices, mode, fastest=False)
            for mode in sorted(self.allowed - TRUCKS)
            if network.open_links(mode)
        }
        self.changes: dict[tuple[str, Mode], list[Change]] = {}
        for place, before, after in sorted(network.transfer_row):
            if {before, after} <= self.allowed and network.may_change(place, before, after):
                change = Change(place, before, after)
                self.changes.setdefault((place, before), []).append(change)
        self.boardings: dict[tuple[str, Mode], list[Ride]] = {}
        for service in network.instance.services:
            if service.mode in self.allowed and prices.product.cargo in service.cargo:
                for a, b in itertools.combinations(service.path, 2):
                    self.boardings.setdefault((a, service.mode), []).append(Ride(service.id, a, b))

    def all(self) -> list[Haul]:
        """Return every main haul kept, in a fixed order."""
        starts = sorted(set(self.changes) | set(self.boardings))
        return [
            haul for place, mode in starts if mode in self.base for haul in self.start(place, mode)
        ]

    def start(self, place: str, mode: Mode) -> Iterator[Haul]:
        """Yield the main hauls that begin with `mode` in hand at a terminal, cheapest first."""
        order = itertools.count()
        first = Label(Weight(), place, mode, (), frozenset({(place, mode)}), frozenset())
        heap = [(0.0, next(order), first)]
        kept: dict[tuple[str, Mode, frozenset[Mode]], int] = {}
        quickest: dict[tuple[str, Mode, frozenset[Mode]], float] = {}
        best: dict[tuple[str, Mode], list[Label]] = {}
        while heap:
            _, _, label = heapq.heappop(heap)
            key = (label.place, label.mode, label.modes)
            if label.steps and not label.after_leg:
                if kept.get(key, 0) >= self.keep:
                    self.cut.add(place)
                    if label.weight.time_h >= quickest[key]:
                        continue
                if self.is_hopeless(label, best.setdefault(key[:2], [])):
                    self.cut.add(place)
                    continue
                kept[key] = kept.get(key, 0) + 1
                quickest[key] = min(quickest.get(key, np.inf), label.weight.time_h)
                if label.mode in self.base:
                    yield Haul(
                        place, mode, label.place, label.mode, label.steps, label.weight, label.modes
                    )
                if label.mode in TRUCKS:
                    continue
            for longer in self.extended(label):
                ahead = (longer.place, longer.mode, longer.modes)
                full = not longer.after_leg and kept.get(ahead, 0) >= self.keep
                if full and longer.weight.time_h >= quickest[ahead]:
                    self.cut.add(place)
                    continue
                heapq.heappush(heap, (longer.rank, next(order), longer))

    def is_hopeless(self, label: Label, better: list[Label]) -> bool:
        """Tell whether one as fast is far cheaper, or cheaper with fewer modes; else keep it."""
        for other in better:
            if other.weight.time_h <= label.weight.time_h and other.modes <= label.modes:
                factor = self.dearer if other.modes == label.modes else self.needless
                if label.rank > factor * other.rank:
                    return True
        better.append(label)
        return False

    def extended(self, label: Label) -> Iterator[Label]:
        """Yield the labels one change, ride or open leg further."""
        here = (label.place, label.mode)
        if sum(isinstance(step, Change) for step in label.steps) < MOST_CHANGES:
            for change in self.changes.get(here, ()):
                yield from self.step(label, change, change.place, change.to_mode)
        for ride in self.boardings.get(here, ()):
            yield from self.step(label, ride, ride.to_place, label.mode)
        if label.steps and not label.after_leg and label.mode in self.legs:
            yield from self.open_leg(label)

    def step(self, label: Label, step: Change | Ride, place: str, mode: Mode) -> Iterator[Label]:
        """Yield the label after one step unless it comes back to where it was."""
        if (place, mode) in label.seen:
            return
        if step not in self.priced:
            self.priced[step] = self.prices.of(step)
        weight = self.priced[step]
        if weight is None:
            return
        moved = {mode} if isinstance(step, Ride) else set()
        yield Label(
            label.weight + weight,
            place,
            mode,
            (*label.steps, step),
            label.seen | {(place, mode)},
            label.modes | moved,
        )

    def open_leg(self, label: Label) -> Iterator[Label]:
        """Yield the labels at every place where the mode in hand can be changed or boarded."""
        for place, path, passed, weight in self.open_legs_from(label.place, label.mode):
            if passed.isdisjoint(label.seen):
                yield Label(
                    label.weight + weight,
                    place,
                    label.mode,
                    (*label.steps, *path),
                    label.seen | passed,
                    label.modes | {label.mode},
                    after_leg=label.mode not in self.base,
                )

    def open_legs_from(self, start: str, mode: Mode) -> list[OpenLeg]:
        """Return the open legs by a mode to places where it can be changed or boarded."""
        if (start, mode) not in self.onward:
            legs, found = self.legs[mode], list[OpenLeg]()
            a = legs.places.index(start)
            for b, place in enumerate(legs.places):
                ahead = (place, mode)
                useful = ahead in self.changes or ahead in self.boardings or mode in self.base
                if a != b and useful and np.isfinite(legs.cost[a, b]):
                    path = legs.path(a, b)
                    passed = frozenset((move.to_place, mode) for move in path)
                    weight = Weight(float(legs.cost[a, b]), float(legs.time_h[a, b]))
                    found.append((place, path, passed, weight))
            self.onward[start, mode] = found
        return self.onward[start, mode]
