"""The cheapest route of every shipment at given prices, out of all routes that there are.

Hop by hop over the stops of the handling chain: between stops every step counts, so that nothing
that the lister leaves out is missed. Where the cheapest route is late, the cheapest one in time is
looked for by itself (`timely`).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hubopt.engine.hop_search import ArcPrices, HopTable
from hubopt.engine.mode_layers import ModeLayers
from hubopt.engine.timely import Own, Timely
from hubopt.engine.trades import Things, Trades
from hubopt.network.route import Route
from hubopt.network.times import exact_time_h
from hubopt.problem.flow_limits import NEARLY_LATE_H
from hubopt.units import exact

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hubopt.engine.shared_prices import SharedPrices
    from hubopt.engine.trades import Trade
    from hubopt.instance.tables import Demand, Instance
    from hubopt.network.steps import Step
    from hubopt.problem.problem import Floats, Ints, Problem


@dataclass(frozen=True)
class Cheapest:
    """The least cost of each shipment, million CNY of present value per kt, and the routes found.

    No route costs less at the prices. `routes` are all cheaper than what was asked for.
    """

    cost: Floats
    routes: tuple[Route, ...]


class RoutePricer:
    """Prices all routes of an instance; what depends on no price is worked out once."""

    def __init__(self, instance: Instance, problem: Problem) -> None:
        things = Things(instance, problem.sites.pools, problem.services.legs)
        self.instance = instance
        self.trades = Trades(instance, things, problem.weights)
        self.known: tuple[Trade, ...] = tuple(self.trades)
        self.by_mode = ModeLayers(self.trades.network)

    def most_kt(self, demand_kt: Floats) -> Floats:
        """Return pools x stages: what could come to each over all routes, infinity where unknown.

        Freight is handled as often as its chain says; terminals and chargers may be passed again.
        """
        found = np.zeros((len(self.trades.things.pools), len(self.trades.years)))
        for trade in self.known:
            gates = [pool for passed in trade.gates.values() for pool in passed]
            found[gates, trade.stage] = np.inf
            freight = float(demand_kt[trade.shipments].sum()) * trade.product.peak_factor
            for stop in trade.stops:
                found[stop.pool, trade.stage] += freight
        return found

    def cheapest(self, prices: SharedPrices, worth: Floats, *, per_shipment: int = 1) -> Cheapest:
        """Return for each shipment the lesser of `worth` and the cost of its cheapest route.

        For shipments with a cheaper route than `worth` up to `per_shipment` such routes come along,
        each through another last site of handling.
        """
        cost, routes = worth.copy(), []
        for number, whole in enumerate(self.known):
            for trade in self.by_mode.parts(number, whole, prices.modes):
                search = TradeSearch(self, trade, prices)
                for here, s in enumerate(trade.shipments.tolist()):
                    shipment = self.instance.demand[s]
                    for paid, steps in search.better(here, float(worth[s]), per_shipment):
                        cost[s] = min(cost[s], paid)
                        end = shipment.destination
                        if trade is whole or self.by_mode.straight(whole, end, steps):
                            routes.append(Route(shipment.id, steps))
        return Cheapest(cost, tuple(routes))


class TradeSearch:
    """The cheapest routes of one trade at given prices: `total` shipments x sites of the last stop.

    Where emissions have a price that differs by shipment, the least of them is taken.
    """

    def __init__(self, pricer: RoutePricer, trade: Trade, prices: SharedPrices) -> None:
        self.pricer, self.trade, self.prices = pricer, trade, prices
        shared = (prices.pool, prices.link, prices.transfer, prices.leg)
        paid = np.concatenate([one[:, trade.stage] for one in shared])
        per_kg = float(prices.kg[trade.shipments].min())
        self.weights = trade.cost + trade.use @ (trade.scale * paid) + per_kg * trade.graph.arcs.kg
        pool = prices.pool[:, trade.stage] * trade.product.peak_factor
        pool = pool + prices.handled[:, trade.stage]
        self.handling = [stop.cost + pool[stop.pool] + per_kg * stop.kg for stop in trade.stops]
        self.own = [self.own_prices(n) for n in range(len(trade.stops))]
        self.paid = trade.once + prices.carried[trade.shipments]
        self.hops: list[HopTable] = []
        self.before: list[Ints] = []
        self.total = self.solved()
        self.timely = Timely(trade, self.weights, self.handling)

    def own_prices(self, number: int) -> Floats:
        """Return shipments x sites of a stop: what each pays alone, infinity where it may not."""
        trade, stop = self.trade, self.trade.stops[number]
        sites: dict[int, list[int]] = defaultdict(list)
        for here, pool in enumerate(stop.pool.tolist()):
            sites[pool].append(here)  # more than one in layers
        found = np.zeros((len(trade.shipments), len(stop.sites)))
        again = stop.function in trade.product.chain[:number]  # who does it twice is paid once
        for here, s in enumerate([] if again else trade.shipments.tolist()):
            for pool, price in self.prices.own.get(s, {}).items():
                if pool in sites:
                    found[here, sites[pool]] += price
        found[trade.barred[number]] = np.inf
        return found

    def solved(self) -> Floats:
        """Work out the least costs from stop to stop, and keep what led there."""
        trade = self.trade
        rows = np.arange(len(trade.shipments))
        cost = np.full((len(rows), len(trade.origins)), np.inf)
        cost[rows, trade.origin] = self.paid
        places, prices = trade.origins, ArcPrices(trade.graph, self.weights)
        for stop, handling, own in zip(trade.stops, self.handling, self.own, strict=True):
            table = HopTable(trade.graph, prices, places, stop.places)
            cost, before = least_sum(cost, table.cost)
            cost = cost + handling + own
            self.hops.append(table)
            self.before.append(before)
            places = stop.places
        last = HopTable(trade.graph, prices, places, trade.destinations)
        self.hops.append(last)
        total: Floats = cost + last.cost[:, trade.destination].T
        return total

    def better(
        self, here: int, worth: float, most: int
    ) -> Iterator[tuple[float, tuple[Step, ...]]]:
        """Yield cost and steps of routes that cost less than `worth`, the cheapest among them."""
        shipment = self.pricer.instance.demand[self.trade.shipments[here]]
        late = float(self.prices.late[self.trade.shipments[here]])
        if late and shipment.promised_h is not None:
            yield from self.within(here, shipment, shipment.promised_h, worth, most)
            worth -= late
        for cost, steps in self.within(here, shipment, shipment.latest_h, worth, most):
            yield cost + late, steps

    def within(
        self, here: int, shipment: Demand, limit_h: float | None, worth: float, most: int
    ) -> Iterator[tuple[float, tuple[Step, ...]]]:
        """Yield routes cheaper than `worth` that take no longer than the limit."""

        def in_time(hours: float, steps: tuple[Step, ...]) -> bool:
            if limit_h is None or hours < limit_h - NEARLY_LATE_H:
                return True
            network = self.pricer.trades.network
            return hours <= limit_h + NEARLY_LATE_H and (
                exact_time_h(network, shipment, steps) <= exact(limit_h)
            )

        ranked = np.argsort(self.total[here], kind="stable")[:most].tolist()
        own = Own(float(self.paid[here]), [x[here] for x in self.own], self.gates(here))
        for rank, site in enumerate(ranked):
            cost = float(self.total[here, site])
            if cost >= worth:
                return
            hours, steps, passed = self.route(here, site)
            more = sum(own.gates.get(gate, 0.0) for gate in passed)
            fits = in_time(hours, steps)
            if rank == 0 and (more or not fits):
                most_h = np.inf if limit_h is None else limit_h + NEARLY_LATE_H
                found = self.timely.cheapest(here, own, most_h, worth, in_time)
                if found is None:
                    return  # no other is in time and cheap enough
                yield found
            if fits and cost + more < worth:
                yield cost + more, steps

    def gates(self, here: int) -> Mapping[int, float]:
        """Return what a shipment pays alone for gates on its arcs: pools not of its stops."""
        stops = {p for stop in self.trade.stops for p in stop.pool.tolist()}
        own = self.prices.own.get(int(self.trade.shipments[here]), {})
        return {pool: price for pool, price in own.items() if pool not in stops}

    def route(self, here: int, site: int) -> tuple[float, tuple[Step, ...], frozenset[int]]:
        """Return hours, steps and gates of a shipment's cheapest route by a last site of handling.

        Cheapest but for what it alone pays at gates.
        """
        trade, arcs = self.trade, self.trade.graph.arcs
        there, parts, hours = int(trade.destination[here]), [], 0.0
        passed: set[int] = set()
        for number in range(len(trade.stops), -1, -1):
            hop = self.hops[number].arcs(site, there)
            parts += [arcs.steps[arc] for arc in reversed(hop)]
            passed.update(gate for arc in hop for gate in trade.gates.get(arc, ()))
            hours += float(arcs.time_h[hop].sum())
            if number:
                stop = trade.stops[number - 1]
                parts.append(stop.step(site))
                hours += float(stop.time_h[site])
                there, site = site, int(self.before[number - 1][here, site])
        return hours, tuple(reversed(parts)), frozenset(passed)


def least_sum(cost: Floats, hop: Floats) -> tuple[Floats, Ints]:
    """Return shipments x ends: the least of cost + hop over the starts, and which start it is."""
    found = np.full((len(cost), hop.shape[1]), np.inf)
    start = np.zeros(found.shape, dtype=np.int64)
    for here in range(cost.shape[1]):
        through = cost[:, [here]] + hop[here]
        less = through < found
        found[less], start[less] = through[less], here
    return found, start
