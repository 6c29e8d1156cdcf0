"""The ways from stop to stop for one product: by truck, or pre-haul, main haul, post-haul."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from hubopt.network.choice import Choice
from hubopt.network.ends import ends, inward, joined, terminals
from hubopt.network.hauls import HAULS_PER_TERMINAL, HaulFinder
from hubopt.network.legs import Legs
from hubopt.network.options import STAY, Option, OptionTable
from hubopt.network.weights import Prices

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from hubopt.instance.tables import Product
    from hubopt.network.ends import Ends, Inward
    from hubopt.network.legs import Roads
    from hubopt.network.stages import Usable
    from hubopt.network.steps import Step

    Ints = NDArray[np.int64]

OPTIONS_PER_MODES = 8
"""Most ways of a hop kept for the same main modes, besides those that are faster."""


class Hops:
    """All hops of one product, at home or abroad, found when asked for and remembered."""

    def __init__(
        self,
        roads: Roads,
        product: Product,
        usable: Usable,
        *,
        international: bool,
        through: bool,
        latest_h: float,
        keep: int | None = None,
    ) -> None:
        self.network, self.needs, self.latest_h = roads.network, roads.needs, latest_h
        self.keep = OPTIONS_PER_MODES if keep is None else keep
        self.prices = Prices(self.network, product, international=international)
        self.worth = self.prices.worth
        self.legs = {
            mode: Legs(roads.legs(mode, usable, international=international), self.prices)
            for mode in sorted(product.modes)
        }
        self.finder = HaulFinder(
            self.network, self.prices, self.legs, usable, self.needs,
            keep=HAULS_PER_TERMINAL if keep is None else keep, through=through, latest_h=latest_h,
        )  # fmt: skip
        self.table = OptionTable(
            limits=self.needs.limits, legs=self.needs.legs, decided=self.needs.decided
        )
        self.known: dict[tuple[str, str], Ints] = {}
        self.cut: set[tuple[str, str]] = set()
        self.out: dict[str, Ends] = {}
        self.into: dict[str, Inward] = {}
        self.places: dict[tuple[str, ...], int] = {}

    def ways(self, a: str, b: str) -> Ints:
        """Return the numbers of the ways from stop `a` to stop `b`, cheapest first."""
        if (a, b) not in self.known:
            found = [STAY] if a == b else self.found(a, b)
            found.sort(key=lambda option: option.cost + option.departures)
            self.known[a, b] = self.table.register(found)
        return self.known[a, b]

    def found(self, a: str, b: str) -> list[Option]:
        """Return the ways between two different stops that are kept."""
        start = self.ends(a)
        if b not in self.into:
            self.into[b] = inward(self.following, self.network.place_number[b])
        if start.cut or any(legs.open.cut for legs in self.legs.values()):
            self.cut.add((a, b))
        if len(start.haul) == 1:
            return self.only(start, a, b)
        ways = joined(
            start, self.into[b], worth=self.worth, latest_h=self.latest_h,
            all_modes=self.network.wants.any_way,
        )  # fmt: skip
        choice = Choice(
            ways, lambda position: self.option(ways.way(position), a, b), self.keep, self.needs
        )
        for rows in ways.groups():
            choice.of_group(rows)
        if choice.cut:
            self.cut.add((a, b))
        return choice.best()

    def only(self, start: Ends, a: str, b: str) -> list[Option]:
        """Return the one way that there can be, without any choice; nothing if it is not kept.

        Where trucks alone go there are as many hops as sites times customers.
        """
        cost, time_h = start.only_way(self.into[b])
        kept = cost < self.worth and time_h <= self.latest_h
        option = self.option((0, cost, time_h), a, b) if kept else None
        return [] if option is None else [option]

    @property
    def following(self) -> list[Legs]:
        """The legs that may follow a haul."""
        return [self.legs[mode] for mode in self.finder.base]

    def ends(self, a: str) -> Ends:
        """Return the hauls from a stop as arrays."""
        if a not in self.out:
            found = self.finder.hauls_from(a)
            self.out[a] = ends(self.network, found, self.following, self.needs.limits)
        return self.out[a]

    def option(self, way: tuple[int, float, float], a: str, b: str) -> Option | None:
        """Return a way, given by its row of `Ends`, cost and time.

        It is `None` if it comes to a state twice or early to its end.
        """
        start, (row, cost, time_h), network = self.ends(a), way, self.network
        haul = start.hauls[start.haul[row]]
        place, mode = network.states[haul.state]
        legs = self.legs[mode].open
        leg = (int(start.variant[row]), network.place_number[place], network.place_number[b])
        passed = legs.passed(*leg)
        states = haul.seen | passed
        end = 1 << network.state_number[b, mode]
        if haul.seen & passed or states & self.arrived(b) != end:
            return None
        number = self.places.setdefault(terminals(haul), len(self.places))
        return Option(
            cost, time_h,
            float(start.departures[row]), haul.modes,
            self.needs.both(haul.needs, legs.taken(*leg)) | self.needs.last(mode), number, row,
            haul.kg + self.prices.counted(legs.kg(*leg)),
        )  # fmt: skip

    def arrived(self, b: str) -> int:
        """Return the states in which a hop ends at a stop, as bits."""
        numbers = [self.network.state_number.get((b, mode)) for mode in self.finder.base]
        return sum(1 << number for number in numbers if number is not None)

    def steps(self, a: str, b: str, number: int) -> tuple[Step, ...]:
        """Return the steps of an option from stop `a` to stop `b`."""
        row = self.table.options[number].row
        if row < 0:
            return ()
        start = self.ends(a)
        haul = start.hauls[start.haul[row]]
        place, mode = self.network.states[haul.state]
        here, there = self.network.place_number[place], self.network.place_number[b]
        last = self.legs[mode].open.path(int(start.variant[row]), here, there)
        return (*self.finder.path(haul), *last)

    def was_cut(self, stops: Sequence[Sequence[str]]) -> bool:
        """Tell whether ways were left out on any hop of a route, given the choices of stops."""
        return any(
            not self.cut.isdisjoint(itertools.product(here, there))
            for here, there in itertools.pairwise(stops)
        )
