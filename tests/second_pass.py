"""The cheapest route of a shipment at given prices, found in another way than by the engine.

Steps come from the rows as the tests try all routes; their cost and what they use from fractions of
the verifier; the search is Dijkstra over places, modes and phases of the chain, one shipment at a
time, with labels of cost and time where the cheapest route is late.
"""

from __future__ import annotations

import heapq
import itertools
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from hubopt.network.all_routes import Moves
from hubopt.network.graph import Network, base_modes
from hubopt.network.stages import usable_in
from hubopt.network.steps import Change, Handle, Move, Ride
from hubopt.plan.pricing import Pricer
from hubopt.units import CNY_PER_MCNY, T_PER_KT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hubopt.engine.shared_prices import SharedPrices
    from hubopt.instance.tables import Demand, Instance
    from hubopt.network.steps import Step
    from hubopt.problem.problem import Problem

State = tuple[str, str]
"""A place and the mode in hand."""


class Paid(NamedTuple):
    """What a step costs (million CNY of present value per kt), its hours, the pools it passes."""

    cost: float
    hours: float
    pools: tuple[int, ...]


class Indexed(Moves):
    """The steps out of each state, with the rows found by where they start."""

    def __init__(self, network: Network, product: object, stage: int, *, abroad: bool) -> None:
        usable = usable_in(network.instance, stage)
        super().__init__(network, usable, product, international=abroad)  # type: ignore[arg-type]
        self.links: dict[State, list[tuple[str, str]]] = defaultdict(list)
        for a, b, mode in network.link_row:
            self.links[a, mode].append((b, mode))
        self.services: dict[str, list[object]] = defaultdict(list)
        for service in network.instance.services:
            for place in service.path:
                self.services[place].append(service)
        self.turns: dict[State, list[Change]] = defaultdict(list)
        for at, before, after in network.transfer_row:
            self.turns[at, before].append(Change(at, before, after))

    def ahead(self, here: State) -> Iterator[tuple[Step, State]]:
        """Yield the steps out of a state and the states that they lead to."""
        place, mode = here
        for b, m in self.links[here]:
            if self.network.may_move(self.network.link(place, b, m), self.usable):
                yield from self.cleared(Move(place, b, m), (b, m))
        for service in self.services[place]:
            runs = service.id in self.usable.services and self.product.cargo in service.cargo
            for stop in service.path[service.path.index(place) + 1 :] if runs else ():
                ride = Ride(service.id, place, stop)
                if service.mode is mode and self.network.may_ride(ride):
                    yield from self.cleared(ride, (stop, mode))
        for change in self.turns[here]:
            usable = self.usable.may_use(self.network.transfer(change))
            if change.to_mode in self.product.modes and usable:
                yield change, (place, change.to_mode)


class Trade:
    """All steps of one product in one stage at given prices."""

    def __init__(self, search: SecondPass, shipment: Demand) -> None:
        self.search, self.product = search, search.instance.product[shipment.product]
        self.stage = search.years.index(shipment.stage)
        self.abroad = search.pricer.international(shipment)
        self.moves = Indexed(search.network, self.product, shipment.stage, abroad=self.abroad)
        self.base = base_modes(self.product)
        self.out: dict[State, list[tuple[State, Paid]]] = {}
        self.sites: list[dict[str, list[tuple[str, Paid]]]] = []
        for function in self.product.chain:
            at: dict[str, list[tuple[str, Paid]]] = defaultdict(list)
            for site in self.moves.usable.able(function):
                if (site, function) in search.network.handling:
                    place = search.instance.site[site].place
                    at[place].append((site, self.paid(Handle(site, function), handled=True)))
            self.sites.append(at)

    def paid(self, step: Step, *, handled: bool = False) -> Paid:
        """Return what a step costs at the prices."""
        search, t = self.search, self.stage
        bill = search.pricer.bill(
            self.product.id, {step: 1}, international=self.abroad, entering=0, tonnes=0
        )
        cost = search.worth(sum(bill.terms_cny_per_t.values()), t)
        pools = []
        for key, taken in search.pricer.uses(self.product.id, (step,)).items():
            cost += float(taken) * search.price.get((key, t), 0.0)
            if key[0] == "pool":
                pools.append(search.pool[key[1], str(key[2])])
        if handled:
            cost += search.handled[pools[0], t]
        return Paid(cost, float(bill.time_h), tuple(pools))

    def onward(self, state: State) -> list[tuple[State, Paid]]:
        """Return the states one step ahead and what the steps cost."""
        if state not in self.out:
            self.out[state] = [(b, self.paid(step)) for step, b in self.moves.ahead(state)]
        return self.out[state]


class SecondPass:
    """Searches all shipments of an instance at the prices of the engine's last pass."""

    def __init__(self, instance: Instance, problem: Problem, prices: SharedPrices) -> None:
        self.instance, self.prices, self.weights = instance, prices, problem.weights
        self.network, self.pricer = Network(instance), Pricer(instance)
        self.years = [stage.year for stage in instance.settings.stages]
        self.pool = {pool: here for here, pool in enumerate(problem.sites.pools)}
        self.handled = prices.handled
        self.price = dict(self.priced(problem))
        self.trades: dict[tuple[str, int, bool], Trade] = {}

    def priced(self, problem: Problem) -> Iterator[tuple[tuple[object, int], float]]:
        """Yield the price of each limited thing in each stage by the verifier's key."""
        count: dict[str, int] = defaultdict(int)
        legs = []
        for service, _, _ in problem.services.legs:
            legs.append(("leg", service, count[service]))
            count[service] += 1
        links, turns = self.instance.links, self.instance.transfers
        limited = [("link", n) for n, x in enumerate(links) if x.capacity_t_per_year is not None]
        changes = [
            ("transfer", n) for n, x in enumerate(turns) if x.capacity_t_per_year is not None
        ]
        pools = [("pool", *pool) for pool in problem.sites.pools]
        for keys, found in (
            (pools, self.prices.pool), (limited, self.prices.link),
            (changes, self.prices.transfer), (legs, self.prices.leg),
        ):  # fmt: skip
            assert len(keys) == len(found)
            for key, row in zip(keys, found.tolist(), strict=True):
                yield from (((key, t), price) for t, price in enumerate(row))

    def worth(self, cny_per_t: object, stage: int) -> float:
        """Return million CNY of present value per kt."""
        return float(cny_per_t) * T_PER_KT / CNY_PER_MCNY * float(self.weights[stage])  # type: ignore[arg-type]

    def cheapest(self, s: int) -> float:
        """Return the least cost of a shipment over all its routes in time, infinity without one."""
        shipment = self.instance.demand[s]
        key = (shipment.product, shipment.stage, self.pricer.international(shipment))
        if key not in self.trades:
            self.trades[key] = Trade(self, shipment)
        trade, own = self.trades[key], self.prices.own.get(s, {})
        once = self.pricer.bill(
            shipment.product, {}, international=trade.abroad,
            entering=int(self.pricer.enters(shipment)), tonnes=1,
        )  # fmt: skip
        first = self.worth(sum(once.terms_cny_per_t.values()), trade.stage)
        first += float(self.prices.carried[s])
        late = float(self.prices.late[s])
        found = self.search(trade, shipment, own, shipment.latest_h) + late
        if late and shipment.promised_h is not None:
            found = min(found, self.search(trade, shipment, own, shipment.promised_h))
        return first + found

    def search(
        self, trade: Trade, shipment: Demand, own: Mapping[int, float], most_h: float | None
    ) -> float:
        """Return the least cost within a time: by cost alone, by labels if that is late."""
        cost, hours = self.labels(trade, shipment, own, None)
        if most_h is None or hours <= most_h - 1e-6:
            return cost
        return self.labels(trade, shipment, own, most_h + 1e-6)[0]

    def labels(
        self, trade: Trade, shipment: Demand, own: Mapping[int, float], most_h: float | None
    ) -> tuple[float, float]:
        """Return cost and hours of the cheapest route; with a limit slower labels live on."""
        order = itertools.count()
        heap = [(0.0, next(order), 0.0, 0, (shipment.origin, m), frozenset()) for m in trade.base]
        heapq.heapify(heap)
        least_h: dict[tuple[int, State, frozenset[int]], float] = {}
        phases = len(trade.sites)
        while heap:
            cost, _, hours, phase, state, passed = heapq.heappop(heap)
            seen = (phase, state, passed)
            if least_h.get(seen, float("inf")) <= hours or (most_h is None and seen in least_h):
                continue
            least_h[seen] = hours
            at_stop = state[1] in trade.base
            if phase == phases and state[0] == shipment.destination and at_stop:
                return cost, hours
            for ahead, phase_then, paid in self.onward(
                trade, shipment, phase, state, at_stop=at_stop
            ):
                then, after = passed, cost + paid.cost
                for pool in paid.pools:
                    if own.get(pool) and pool not in passed:
                        then, after = then | {pool}, after + own[pool]
                if most_h is None or hours + paid.hours <= most_h:
                    label = (after, next(order), hours + paid.hours, phase_then, ahead, then)
                    heapq.heappush(heap, label)
        return float("inf"), float("inf")

    def onward(
        self, trade: Trade, shipment: Demand, phase: int, state: State, *, at_stop: bool
    ) -> Iterator[tuple[State, int, Paid]]:
        """Yield where one step leads: a state, a phase of the chain, and what it costs."""
        for ahead, paid in trade.onward(state):
            yield ahead, phase, paid
        if at_stop and phase < len(trade.sites):
            function = trade.product.chain[phase]
            for site, paid in trade.sites[phase].get(state[0], ()):
                if self.network.may_handle(shipment, site, function):
                    for mode in trade.base:
                        yield (state[0], mode), phase + 1, paid
