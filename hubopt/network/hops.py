"""The ways from stop to stop for one product: by truck, or pre-haul, main haul, post-haul."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from hubopt.network.hauls import Haul, HaulFinder, Legs, open_legs
from hubopt.network.steps import Change
from hubopt.network.weights import Prices, Weight

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from hubopt.instance.tables import Product
    from hubopt.network.graph import Network
    from hubopt.network.steps import Step
    from hubopt.vocabulary import Mode

OPTIONS_PER_MODES = 4
"""Most ways of a hop kept for the same main modes: the cheapest, and the fastest besides."""


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


class Hops:
    """All hops of one product, at home or abroad, found when asked for and remembered."""

    def __init__(
        self, network: Network, product: Product, *, international: bool, keep: int | None = None
    ) -> None:
        self.network = network
        self.prices = Prices(network, product, international=international)
        self.finder = (
            HaulFinder(network, self.prices)
            if keep is None
            else HaulFinder(network, self.prices, keep=keep)
        )
        self.per_modes = OPTIONS_PER_MODES if keep is None else keep
        self.number = {place.id: here for here, place in enumerate(network.instance.places)}
        self.known: dict[tuple[str, str], tuple[Option, ...]] = {}
        self.truncated: set[tuple[str, str]] = set()

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
        )

    def between(self, a: str, b: str) -> tuple[Option, ...]:
        """Return the ways from stop `a` to stop `b`, cheapest first."""
        if (a, b) not in self.known:
            if a == b:
                found = [Option(Weight(), frozenset(), None, None, None)]
            else:
                found = [*self.by_truck(a, b), *self.by_haul(a, b)]
            self.known[a, b] = tuple(sorted(found, key=lambda option: option.rank))
        return self.known[a, b]

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
            before, after = self.cheapest[first], self.cheapest[last]
            here, there = self.number[a], self.number[b]
            cost = before.cost[here, table.start] + table.cost + after.cost[table.end, there]
            time_h = (
                before.time_h[here, table.start] + table.time_h + after.time_h[table.end, there]
            )
            for row in self.best_rows(a, b, table, cost, time_h):
                weight = Weight(float(cost[row]), float(time_h[row]), float(table.departures[row]))
                haul = table.hauls[row]
                found.append(Option(weight, haul.modes, haul, before, after))
        return self.thinned(a, b, found)

    def best_rows(
        self,
        a: str,
        b: str,
        table: HaulTable,
        cost: NDArray[np.float64],
        time_h: NDArray[np.float64],
    ) -> list[int]:
        """Return the rows of the cheapest few hauls, and the fastest, for each set of modes."""
        rank = cost + table.departures
        rows = np.flatnonzero(np.isfinite(rank))
        rows = rows[np.argsort(rank[rows], kind="stable")]
        chosen: list[int] = []
        for modes in np.unique(table.modes[rows]):
            same = rows[table.modes[rows] == modes]
            if len(same) > self.per_modes:
                self.truncated.add((a, b))
            fastest = same[np.argmin(time_h[same])]
            chosen += [int(row) for row in dict.fromkeys([*same[: self.per_modes], fastest])]
        return chosen

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
