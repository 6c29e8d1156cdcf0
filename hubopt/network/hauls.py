"""Hauls: the ways of one product from a stop to every terminal, with a truck in hand at the end.

A haul is a leg by truck, then any sequence of rides, open legs and changes of mode up to a change
to a truck. It is left out without loss where another is no dearer, no slower and takes no limited
thing besides; and, where they are too many, if a few with the same modes rank before it (whole
departures at their cost at full load), none of them slower. In small networks trucks may also join
two main hauls.
"""

from __future__ import annotations

import heapq
import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from hubopt.network.graph import base_modes
from hubopt.network.slots import Slot
from hubopt.network.steps import Ride
from hubopt.vocabulary import TRUCKS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hubopt.network.graph import Network
    from hubopt.network.legs import Legs
    from hubopt.network.needs import Needs
    from hubopt.network.stages import Usable
    from hubopt.network.steps import Step
    from hubopt.network.weights import Prices
    from hubopt.vocabulary import Mode

HAULS_PER_TERMINAL = 8
"""Most hauls kept from a stop to a terminal for the same set of modes, besides faster ones."""


class Arc(NamedTuple):
    """One way on from a state: the state ahead, states passed and modes as bits, its weight."""

    ahead: int
    passed: int
    modes: int
    cost: float
    time_h: float
    departures: float
    needs: int
    what: Step | tuple[Mode, int, int, int]
    leg: bool = False
    kg: float = 0.0


class Haul(NamedTuple):
    """A haul under way: its weight, the state it has come to, the haul and arc that led there."""

    cost: float
    time_h: float
    departures: float
    state: int
    seen: int
    modes: int
    needs: int
    leg: bool = False
    before: Haul | None = None
    arc: Arc | None = None
    kg: float = 0.0


@dataclass
class Front:
    """What one search has kept, and whether it had to leave anything out by rule."""

    keep: int
    needs: Needs
    cut: bool = False
    slots: dict[tuple[int, bool, int], Slot] = field(default_factory=dict)
    kept: dict[int, list[Haul]] = field(default_factory=dict)

    def takes(self, haul: Haul) -> bool:
        """Keep a haul, none ranked before those kept, unless it is needless or one too many."""
        same = self.kept.setdefault(haul.state, [])
        if self.needless(haul, same):
            return False
        slot = self.slots.setdefault((haul.state, haul.leg, haul.modes), Slot())
        free = not haul.needs & self.needs.limits
        if not slot.has_room(self.keep, haul.time_h, free=free):
            self.cut = True
            return False
        slot.take(haul.time_h, free=free)
        same.append(haul)
        return True

    def needless(self, haul: Haul, same: list[Haul]) -> bool:
        """Tell whether a haul kept at the same state stands for this one; asked very often."""
        cost, time_h, kg, leg, needs = haul.cost, haul.time_h, haul.kg, haul.leg, haul.needs
        others, told = ~needs, self.needs.told
        for one in same:
            if (
                one.time_h <= time_h
                and one.cost <= cost
                and not one.needs & others
                and one.kg <= kg
                and not (one.needs ^ needs) & told
                and (leg or not one.leg)
            ):
                return True
        return False


class HaulFinder:
    """Finds the hauls of one product in what is usable; `through` lets trucks join main hauls."""

    def __init__(
        self,
        network: Network,
        prices: Prices,
        legs: Mapping[Mode, Legs],
        usable: Usable,
        needs: Needs,
        *,
        keep: int,
        through: bool,
        latest_h: float,
    ) -> None:
        self.network, self.prices, self.legs, self.needs = network, prices, legs, needs
        self.keep, self.through, self.latest_h = keep, through, latest_h
        self.worth = prices.worth
        self.base = base_modes(prices.product)
        self.mode_bit = {
            mode: 1 << here for here, mode in enumerate(sorted(prices.product.modes - TRUCKS))
        }
        self.steps: dict[int, list[tuple[Step, int]]] = {}
        number = network.state_number
        for change in network.changes(prices.product, usable):
            ends = number[change.place, change.from_mode], number[change.place, change.to_mode]
            self.steps.setdefault(ends[0], []).append((change, ends[1]))
        for ride, mode in network.rides(prices.product, usable):
            ends = number[ride.from_place, mode], number[ride.to_place, mode]
            self.steps.setdefault(ends[0], []).append((ride, ends[1]))
        self.known: dict[tuple[int, bool], list[Arc]] = {}

    def hauls_from(self, place: str) -> tuple[list[Haul], bool]:
        """Return the hauls from a stop, the truck in hand there first, and if any were left out."""
        order = itertools.count()
        front = Front(self.keep, self.needs)
        heap: list[tuple[float, int, Haul]] = []
        found = []
        for mode in self.base:
            state = self.network.state_number.get((place, mode))
            if state is not None:
                start = Haul(0.0, 0.0, 0.0, state, 1 << state, 0, 0)
                heapq.heappush(heap, (0.0, next(order), start))
        while heap:
            haul = heapq.heappop(heap)[-1]
            if not front.takes(haul):
                continue
            mode = self.network.states[haul.state][1]
            if mode in self.base and not haul.leg:
                found.append(haul)
            if self.through or haul.leg or haul.before is None or mode not in TRUCKS:
                for rank, longer in self.longer(haul, front):
                    heapq.heappush(heap, (rank, next(order), longer))
        return found, front.cut

    def longer(self, haul: Haul, front: Front) -> Iterator[tuple[float, Haul]]:
        """Yield the hauls one change, ride or open leg further, and what they rank by."""
        cost, time_h, departures, _, seen, modes, needs, _, _, _, kg = haul
        width, limits, slots = self.needs.width, self.needs.limits, front.slots
        twice = ~self.needs.told
        for arc in self.arcs(haul.state, after_leg=haul.leg):
            if seen & arc.passed:
                continue
            dearer, later = cost + arc.cost, time_h + arc.time_h
            if dearer >= self.worth or later > self.latest_h:
                continue
            taken = needs | arc.needs | (needs & arc.needs & twice) << width
            slot = slots.get((arc.ahead, arc.leg, modes | arc.modes))
            if (
                slot is not None
                and front.cut
                and not slot.has_room(self.keep, later, free=not taken & limits)
            ):
                continue
            share = departures + arc.departures
            yield (
                dearer + share,
                Haul(
                    dearer, later, share, arc.ahead, seen | arc.passed, modes | arc.modes,
                    taken, arc.leg, haul, arc, kg + arc.kg,
                ),
            )  # fmt: skip

    def arcs(self, state: int, *, after_leg: bool) -> list[Arc]:
        """Return the ways on from a state; an open leg does not follow another."""
        key = (state, after_leg)
        if key not in self.known:
            arcs = [arc for step, end in self.steps.get(state, ()) for arc in self.arc(step, end)]
            self.known[key] = arcs if after_leg else [*arcs, *self.leg_arcs(state)]
        return self.known[key]

    def arc(self, step: Step, end: int) -> Iterator[Arc]:
        """Yield a change or ride as a way on, nothing where the shipment may not take it."""
        weight = self.prices.of(step)
        if weight is not None:
            ridden = isinstance(step, Ride)
            modes = self.mode_bit[self.network.states[end][1]] if ridden else 0
            yield Arc(
                end, 1 << end, modes, weight.cost, weight.time_h, weight.departures,
                self.needs.of(step), step, kg=self.prices.kg(step),
            )  # fmt: skip

    def leg_arcs(self, state: int) -> Iterator[Arc]:
        """Yield the open legs to every place where the mode in hand can be changed or boarded."""
        place, mode = self.network.states[state]
        if mode not in self.legs:
            return
        legs, a = self.legs[mode].open, self.network.place_number[place]
        cost, time_h = self.legs[mode].out_of(a)
        for end in self.steps:
            there, other = self.network.states[end]
            b = self.network.place_number[there]
            if other is mode and end != state:
                for v in range(len(legs.paths[a][b])):
                    yield Arc(
                        end, legs.passed(v, a, b), self.mode_bit.get(mode, 0), float(cost[v, b]),
                        float(time_h[v, b]), 0.0, legs.taken(v, a, b), (mode, v, a, b), leg=True,
                        kg=self.prices.counted(legs.kg(v, a, b)),
                    )  # fmt: skip

    def path(self, haul: Haul) -> tuple[Step, ...]:
        """Return the steps of a haul in order."""
        parts: list[tuple[Step, ...]] = []
        while haul.before is not None and haul.arc is not None:
            what = haul.arc.what
            if isinstance(what, tuple):
                mode, *leg = what
                parts.append(self.legs[mode].open.path(*leg))
            else:
                parts.append((what,))
            haul = haul.before
        return tuple(itertools.chain.from_iterable(reversed(parts)))
