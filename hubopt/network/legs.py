"""Legs: the ways over the open links of one mode between all places, for any product.

Those are kept that no other betters in line haul, carbon, customs, time, premium and limited links
at once: the cheapest for every product, the fastest, those in between, those around narrow links.
"""

from __future__ import annotations

import heapq
import itertools
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from hubopt.network.needs import Needs
from hubopt.network.slots import Slot
from hubopt.network.steps import Move
from hubopt.units import KG_PER_T
from hubopt.vocabulary import Function

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hubopt.network.graph import Network
    from hubopt.network.stages import Usable
    from hubopt.network.weights import Prices
    from hubopt.vocabulary import Mode

    Floats = NDArray[np.float64]

LEGS_PER_PAIR = 4
"""Most legs kept between two places by one mode, cheapest first, besides those that are faster."""


class Path(NamedTuple):
    """A leg under way, before the product's factors: CNY and kg CO2e per tonne, customs, hours.

    `premium` is a share of the value.
    """

    haul: float
    kg: float
    border: float
    time_h: float
    premium: float
    needs: int
    place: int
    before: Path | None


class OpenLegs:
    """The legs of one mode, at home or across the border, by (variant, from, to)."""

    def __init__(
        self, roads: Roads, mode: Mode, usable: Usable, *, international: bool, keep: int
    ) -> None:
        network, needs = roads.network, roads.needs
        self.network, self.needs, self.mode, self.keep = network, needs, mode, keep
        self.number = network.place_number
        self.carbon = network.instance.settings.carbon_price_cny_per_t / KG_PER_T
        self.cut = False
        self.links = self.open_links(usable, international=international)
        self.paths = [self.paths_from(place) for place in range(len(self.number))]
        self.moves: dict[tuple[int, int, int], tuple[Move, ...]] = {}
        self.passes: dict[tuple[int, int, int], int] = {}

    def open_links(self, usable: Usable, *, international: bool) -> list[list[Path]]:
        """Return by starting place the links that may be used, each as a leg of its own."""
        found: list[list[Path]] = [[] for _ in self.number]
        for a, b, link in self.network.open_links(self.mode, usable):
            border, time_h = 0.0, link.time_h
            if self.network.crosses(a, b):
                row = self.network.clearance(a, b, self.mode) if international else None
                if row is None:
                    continue
                border, time_h = row.cost_cny_per_t, time_h + row.time_h
            rates = self.network.rates
            taken = self.needs.of(Move(a, b, self.mode))
            path = Path(
                rates.haul(link), rates.wtw_kg(link), border, time_h, rates.premium(link), taken,
                self.number[b], None,
            )  # fmt: skip
            found[self.number[a]].append(path)
        return found

    def paths_from(self, start: int) -> list[list[Path]]:
        """Return by place the legs from one place, cheapest first; the place itself has one."""
        order = itertools.count()
        found: list[list[Path]] = [[] for _ in self.number]
        slots = [Slot() for _ in self.number]
        heap = [(0.0, next(order), Path(0.0, 0.0, 0.0, 0.0, 0.0, 0, start, None))]
        while heap:
            path = heapq.heappop(heap)[-1]
            here, free = path.place, not path.needs & ~self.needs.told
            if any(betters(other, path) for other in found[here]):
                continue
            if not slots[here].has_room(self.keep, path.time_h, free=free):
                self.cut = True
                continue
            slots[here].take(path.time_h, free=free)
            found[here].append(path)
            for link in self.links[here]:
                longer = self.longer(path, link)
                rank = longer.haul + longer.border + longer.kg * self.carbon
                heapq.heappush(heap, (rank, next(order), longer))
        return found

    def longer(self, path: Path, link: Path) -> Path:
        """Return a leg with one more link."""
        return Path(
            path.haul + link.haul,
            path.kg + link.kg,
            path.border + link.border,
            path.time_h + link.time_h,
            path.premium + link.premium,
            self.needs.both(path.needs, link.needs),
            link.place,
            path,
        )

    def path(self, variant: int, a: int, b: int) -> tuple[Move, ...]:
        """Return the moves of a leg."""
        key = (variant, a, b)
        if key not in self.moves:
            stops: list[str] = []
            path: Path | None = self.paths[a][b][variant]
            while path is not None:
                stops.append(self.network.instance.places[path.place].id)
                path = path.before
            pairs = itertools.pairwise(reversed(stops))
            self.moves[key] = tuple(Move(x, y, self.mode) for x, y in pairs)
        return self.moves[key]

    def passed(self, variant: int, a: int, b: int) -> int:
        """Return the states that a leg comes to after it has left, as bits."""
        key = (variant, a, b)
        if key not in self.passes:
            bits = 0
            for move in self.path(variant, a, b):
                bits |= 1 << self.network.state_number[move.to_place, self.mode]
            self.passes[key] = bits
        return self.passes[key]

    def taken(self, variant: int, a: int, b: int) -> int:
        """Return the limited links of a leg."""
        return self.paths[a][b][variant].needs

    def limited(self, path: Path) -> float:
        """Return 1 for a leg that takes limited things, 0 for one that does not."""
        return float(path.needs & ~self.needs.told != 0)

    def kg(self, variant: int, a: int, b: int) -> float:
        """Return kg CO2e per tonne of a leg before the product's factor."""
        return self.paths[a][b][variant].kg

    @cached_property
    def table(self) -> Floats:
        """Haul, carbon, customs, hours, premium, limits (1, 0; -1: none) x variants x from x to."""
        rows = [
            (variant, a, b, p.haul, p.kg, p.border, p.time_h, p.premium, self.limited(p))
            for a, ahead in enumerate(self.paths)
            for b, paths in enumerate(ahead)
            for variant, p in enumerate(paths)
        ]
        known = np.array(rows)
        v, a, b = known[:, :3].T.astype(np.int64)
        found = np.zeros((6, int(v.max()) + 1, len(self.number), len(self.number)))
        found[-1] = -1.0
        found[:, v, a, b] = known[:, 3:].T
        return found


class Roads:
    """The legs of all modes, shared by all products and by stages with the same chargers."""

    def __init__(self, network: Network, *, keep: int | None = None) -> None:
        self.network, self.needs = network, Needs(network)
        self.keep = LEGS_PER_PAIR if keep is None else keep
        self.known: dict[tuple[Mode, bool, tuple[str, ...]], OpenLegs] = {}

    def legs(self, mode: Mode, usable: Usable, *, international: bool) -> OpenLegs:
        """Return the legs of a mode, at home or across the border, in what is usable."""
        key = (mode, international, usable.able(Function.CHARGING))
        if key not in self.known:
            self.known[key] = OpenLegs(
                self, mode, usable, international=international, keep=self.keep
            )
        return self.known[key]


def betters(one: Path, other: Path) -> bool:
    """Tell whether one leg is no worse than another in anything."""
    return (
        one.haul <= other.haul
        and one.time_h <= other.time_h
        and one.kg <= other.kg
        and one.border <= other.border
        and one.premium <= other.premium
        and not one.needs & ~other.needs
    )


@dataclass(frozen=True)
class Legs:
    """The legs of one mode as one product pays for them."""

    open: OpenLegs
    prices: Prices
    known: dict[int, tuple[Floats, Floats, NDArray[np.bool_]]] = field(default_factory=dict)

    def out_of(self, a: int) -> tuple[Floats, Floats]:
        """Return CNY per tonne and hours, variants x places, of the legs from a place."""
        cost, time_h, _ = self.priced(self.open.table[:, :, a, :])
        return cost, time_h

    def into(self, b: int) -> tuple[Floats, Floats, NDArray[np.bool_]]:
        """Return CNY per tonne, hours, and if free of limits, of the legs to a place."""
        if b not in self.known:
            self.known[b] = self.priced(self.open.table[:, :, :, b])
        return self.known[b]

    def priced(self, rows: Floats) -> tuple[Floats, Floats, NDArray[np.bool_]]:
        """Return CNY per tonne, hours, and if free of limits, of rows of the table."""
        haul, kg, border, time_h, premium, limited = rows
        cost = self.prices.leg(haul, kg, border, time_h, premium)
        return np.where(limited >= 0.0, cost, np.inf), time_h, limited == 0.0
