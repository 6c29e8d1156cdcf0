"""The ways from stop to stop for one product: by truck, or pre-haul, main haul, post-haul."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from hubopt.network.hauls import Haul, HaulFinder, Legs, open_legs
from hubopt.network.steps import Change, Move, Ride
from hubopt.network.weights import Prices, Weight

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from hubopt.instance.tables import Demand, Product
    from hubopt.network.graph import Network
    from hubopt.network.steps import Step
    from hubopt.vocabulary import Mode

OPTIONS_PER_MODES = 4
"""Most ways of a hop kept for the same main modes: the cheapest, and the fastest besides."""

QUICK_TRIED = 8
"""Fastest ways tried until one is found that does not go in a circle."""

NO_FASTER_H = 1e-9
"""Differences in time below this are rounding."""


@dataclass(frozen=True, slots=True)
class Option:
    """One way from stop to stop; `haul` is None for a leg by truck, `legs` gives its path."""

    weight: Weight
    modes: frozenset[Mode]
    haul: Haul | None
    before: Legs | None
    after: Legs | None

    @property
    def rank(self) -> float:
        """Cost with a share of the departures', by which options are ordered."""
        return self.weight.cost + self.weight.departures


@dataclass(frozen=True)
class HaulTable:
    """Main hauls with the same truck modes at their ends, as arrays."""

    hauls: tuple[Haul, ...]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    cost: NDArray[np.float64]
    time_h: NDArray[np.float64]
    departures: NDArray[np.float64]
    modes: NDArray[np.int64]
    states: tuple[tuple[tuple[str, Mode], ...], ...]


class Hops:
    """All hops of one product, at home or abroad, found when asked for and remembered."""

    def __init__(
        self, network: Network, product: Product, *, international: bool, keep: int | None = None
    ) -> None:
        self.network = network
        self.prices = Prices(network, product, international=international)
        self.finder = HaulFinder(network, self.prices, keep=keep)
        self.per_modes = OPTIONS_PER_MODES if keep is None else keep
        self.number = {place.id: here for here, place in enumerate(network.instance.places)}
        self.known: dict[tuple[str, str], NDArray[np.int64]] = {}
        self.truncated: set[tuple[str, str]] = set()
        self.paths: dict[tuple[int, str, str], tuple[tuple[str, Mode], ...]] = {}
        self.options: list[Option] = []
        self.costs, self.times_h, self.departures = np.zeros(0), np.zeros(0), np.zeros(0)
        self.mains, self.modes, self.terminals = (np.zeros(0, dtype=np.int64) for _ in range(3))
        self.stands = np.zeros(0, dtype=bool)
        self.codes: dict[object, int] = {}

    @cached_property
    def cheapest(self) -> Mapping[Mode, Legs]:
        """Cheapest legs by each mode in which freight may start and end."""
        return {
            mode: open_legs(self.network, self.prices, mode, fastest=False)
            for mode in self.finder.base
        }

    @cached_property
    def fastest(self) -> Mapping[Mode, Legs]:
        """Fastest legs by each mode in which freight may start and end."""
        return {
            mode: open_legs(self.network, self.prices, mode, fastest=True)
            for mode in self.finder.base
        }

    @cached_property
    def tables(self) -> Mapping[tuple[Mode, Mode], HaulTable]:
        """Main hauls by the modes in hand before and after."""
        groups: dict[tuple[Mode, Mode], list[Haul]] = {}
        for haul in self.finder.all():
            groups.setdefault((haul.start_mode, haul.end_mode), []).append(haul)
        return {key: self.table(tuple(hauls)) for key, hauls in sorted(groups.items())}

    def table(self, hauls: tuple[Haul, ...]) -> HaulTable:
        """Return main hauls as arrays."""
        sets = {modes: here for here, modes in enumerate(dict.fromkeys(h.modes for h in hauls))}
        return HaulTable(
            hauls,
            np.array([self.number[haul.start] for haul in hauls]),
            np.array([self.number[haul.end] for haul in hauls]),
            np.array([haul.weight.cost for haul in hauls]),
            np.array([haul.weight.time_h for haul in hauls]),
            np.array([haul.weight.departures for haul in hauls]),
            np.array([sets[haul.modes] for haul in hauls]),
            tuple(self.states(haul.steps) for haul in hauls),
        )

    def states(self, steps: Iterable[Step]) -> tuple[tuple[str, Mode], ...]:
        """Return the place and mode in hand after each step."""
        found = []
        for step in steps:
            if isinstance(step, Change):
                found.append((step.place, step.to_mode))
            elif isinstance(step, Move | Ride):
                found.append((step.to_place, self.network.mode_of(step)))
        return tuple(found)

    def ways(self, a: str, b: str) -> NDArray[np.int64]:
        """Return the numbers of the ways from stop `a` to stop `b`, cheapest first."""
        if (a, b) not in self.known:
            if a == b:
                found = [Option(Weight(), frozenset(), None, None, None)]
            else:
                found = [*self.by_truck(a, b), *self.by_haul(a, b)]
            self.known[a, b] = self.register(sorted(found, key=lambda option: option.rank))
        return self.known[a, b]

    def register(self, found: list[Option]) -> NDArray[np.int64]:
        """Give options numbers and append what routes need of them to the arrays."""
        first = len(self.options)
        self.options += found
        changes = [
            [s for s in option.haul.steps if isinstance(s, Change)] if option.haul else []
            for option in found
        ]
        sites = [{self.network.transfer(step).site for step in hop} - {None} for hop in changes]
        self.costs = np.append(self.costs, [o.weight.cost for o in found])
        self.times_h = np.append(self.times_h, [o.weight.time_h for o in found])
        self.departures = np.append(self.departures, [o.weight.departures for o in found])
        self.mains = self.coded(self.mains, [o.haul.steps if o.haul else () for o in found])
        self.modes = self.coded(self.modes, [o.modes if o.haul else frozenset() for o in found])
        self.terminals = self.coded(
            self.terminals, [tuple(step.place for step in hop) for hop in changes]
        )
        self.stands = np.append(self.stands, [hop <= self.network.standing for hop in sites])
        self.stands = self.stands.astype(bool)
        return np.arange(first, len(self.options))

    def coded(self, known: NDArray[np.int64], values: Iterable[object]) -> NDArray[np.int64]:
        """Append the numbers of values, which are the same for equal values."""
        numbers = [self.codes.setdefault(value, len(self.codes)) for value in values]
        return np.append(known, np.array(numbers, dtype=np.int64))

    def was_cut(self, shipment: Demand, product: Product) -> bool:
        """Tell whether ways were left out on any hop that a route of a shipment could take."""
        stops: list[list[str]] = [[shipment.origin]]
        for function in product.chain:
            sites = self.network.able[function]
            stops.append([self.network.instance.site[site].place for site in sites])
        stops.append([shipment.destination])
        return any(
            not self.truncated.isdisjoint(itertools.product(here, there))
            for here, there in itertools.pairwise(stops)
        )

    def by_truck(self, a: str, b: str) -> list[Option]:
        """Return the legs by each mode of pick-up: the cheapest, and the fastest if faster."""
        here, there = self.number[a], self.number[b]
        found = []
        for mode in self.finder.base:
            cheap, fast = self.cheapest[mode], self.fastest[mode]
            choices = [cheap]
            if fast.time_h[here, there] < cheap.time_h[here, there] - 1e-9:
                choices.append(fast)
            for legs in choices:
                weight = Weight(float(legs.cost[here, there]), float(legs.time_h[here, there]))
                if np.isfinite(weight.cost):
                    found.append(Option(weight, frozenset({mode}), None, legs, None))
        return found

    def by_haul(self, a: str, b: str) -> list[Option]:
        """Return the ways with a main haul that are best for each set of main modes."""
        found = []
        for (first, last), table in self.tables.items():
            for before, after in self.truck_legs(first, last):
                cost, time_h = self.sums(a, b, table, before, after)
                if before is self.fastest[first] or after is self.fastest[last]:
                    _, slower = self.sums(a, b, table, self.cheapest[first], self.cheapest[last])
                    cost = np.where(time_h < slower - NO_FASTER_H, cost, np.inf)
                for row in self.best_rows(a, b, table, (before, after), cost, time_h):
                    share = float(table.departures[row])
                    weight = Weight(float(cost[row]), float(time_h[row]), share)
                    haul = table.hauls[row]
                    found.append(Option(weight, haul.modes, haul, before, after))
        return self.thinned(a, b, found)

    def truck_legs(self, first: Mode, last: Mode) -> list[tuple[Legs, Legs]]:
        """Return the legs before and after a main haul: the cheapest, and the fastest if others."""
        choices = []
        for mode in (first, last):
            cheap, fast = self.cheapest[mode], self.fastest[mode]
            differ = np.any(fast.time_h < cheap.time_h - NO_FASTER_H)
            choices.append([cheap, fast] if differ else [cheap])
        return [(before, after) for before in choices[0] for after in choices[1]]

    def sums(
        self, a: str, b: str, table: HaulTable, before: Legs, after: Legs
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return cost and hours from stop to stop by each main haul."""
        here, there = self.number[a], self.number[b]
        return (
            before.cost[here, table.start] + table.cost + after.cost[table.end, there],
            before.time_h[here, table.start] + table.time_h + after.time_h[table.end, there],
        )

    def best_rows(
        self,
        a: str,
        b: str,
        table: HaulTable,
        legs: tuple[Legs, Legs],
        cost: NDArray[np.float64],
        time_h: NDArray[np.float64],
    ) -> list[int]:
        """Return the rows of the cheapest few hauls, and the fastest, for each set of modes."""
        rank = cost + table.departures
        rows = np.flatnonzero(np.isfinite(rank))
        rows = rows[np.argsort(rank[rows], kind="stable")]
        chosen: dict[int, None] = {}
        for modes in np.unique(table.modes[rows]):
            same = rows[table.modes[rows] == modes]
            simple = (int(row) for row in same if self.is_simple(a, b, table, legs, int(row)))
            best = list(itertools.islice(simple, self.per_modes))
            if any(table.hauls[row].start in self.finder.cut for row in best):
                self.truncated.add((a, b))
            if len(best) == self.per_modes and len(same) > self.per_modes:
                self.truncated.add((a, b))
                quick = same[np.argsort(time_h[same], kind="stable")]
                best += [
                    int(r) for r in quick[:QUICK_TRIED] if self.is_simple(a, b, table, legs, r)
                ][:1]
            chosen.update(dict.fromkeys(best))
        return list(chosen)

    def is_simple(
        self, a: str, b: str, table: HaulTable, legs: tuple[Legs, Legs], row: int
    ) -> bool:
        """Tell whether a way comes to no state twice and to its end only at the end."""
        haul = table.hauls[row]
        passed = (
            (a, haul.start_mode),
            *self.leg_states(legs[0], a, haul.start),
            *table.states[row],
            *self.leg_states(legs[1], haul.end, b),
        )
        early = any(place == b and mode in self.finder.base for place, mode in passed[:-1])
        return not early and len(set(passed)) == len(passed)

    def leg_states(self, legs: Legs, a: str, b: str) -> tuple[tuple[str, Mode], ...]:
        """Return the states that a leg by truck comes to after it has left."""
        key = (id(legs), a, b)
        if key not in self.paths:
            self.paths[key] = self.states(legs.path(self.number[a], self.number[b]))
        return self.paths[key]

    def thinned(self, a: str, b: str, found: list[Option]) -> list[Option]:
        """Return the best few per set of modes over all truck modes at the ends."""
        kept: list[Option] = []
        counts: dict[frozenset[Mode], int] = {}
        quickest: dict[frozenset[Mode], float] = {}
        for option in undominated(found):
            count, time_h = counts.get(option.modes, 0), option.weight.time_h
            if count < self.per_modes or time_h < quickest[option.modes]:
                kept.append(option)
                counts[option.modes] = count + 1
                quickest[option.modes] = min(quickest.get(option.modes, time_h), time_h)
            else:
                self.truncated.add((a, b))
        return kept

    def steps(self, a: str, b: str, option: Option) -> tuple[Step, ...]:
        """Return the steps of an option from stop `a` to stop `b`."""
        here, there = self.number[a], self.number[b]
        if option.haul is None:
            return () if option.before is None else option.before.path(here, there)
        if option.before is None or option.after is None:
            return option.haul.steps
        first = option.before.path(here, self.number[option.haul.start])
        last = option.after.path(self.number[option.haul.end], there)
        return (*first, *option.haul.steps, *last)


def undominated(options: list[Option]) -> list[Option]:
    """Return options by rank without those slower than a cheaper one over the same main haul."""
    kept: list[Option] = []
    quickest: dict[tuple[object, ...], float] = {}
    for option in sorted(options, key=lambda option: option.rank):
        steps = option.haul.steps if option.haul is not None else ()
        key = tuple(step.place if isinstance(step, Change) else step for step in steps)
        if option.weight.time_h < quickest.get(key, float("inf")):
            quickest[key] = option.weight.time_h
            kept.append(option)
    return kept
