"""Routes as columns: for each shipment the ways that a plan may send it, at most a stated number.

Routes are made hop by hop from stop to stop (origin, the sites of the handling chain, destination).
For the same sites, terminals and services a route is listed only if no other is both cheaper and
faster. Where more remain than may be listed, the cheapest is kept first, then the cheapest through
sites that stand anyway, then in turn the cheapest with other main modes, other sites and other
terminals than those chosen before; departures count with their cost at full load.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hubopt.network.all_routes import all_routes
from hubopt.network.graph import Network
from hubopt.network.hops import Hops
from hubopt.network.route import Route, RouteList
from hubopt.network.steps import Handle
from hubopt.network.times import exact_time_h
from hubopt.network.ways import Ways, at_the_start, choose, groups, not_dominated, together
from hubopt.network.weights import Weight
from hubopt.units import exact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from hubopt.instance.tables import Demand, Instance
    from hubopt.network.steps import Step

    Ints = NDArray[np.int64]

__all__ = ["Route", "RouteList", "all_routes", "list_routes"]

PARTIAL_ROUTES = 80
"""Most partial routes carried from one site of a handling chain to the next."""

NEARLY_LATE_H = 1e-6
"""Floats this close to the latest time are decided in exact arithmetic."""


def list_routes(
    instance: Instance,
    *,
    per_shipment: int | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> RouteList:
    """Return the listed routes of every shipment, in order of shipment and cost."""
    cap = per_shipment or instance.settings.routes_per_shipment
    lister = Lister(instance, cap)
    routes: list[Route] = []
    capped, unreachable = [], []
    for done, shipment in enumerate(instance.demand):
        chosen, more = lister.of(shipment)
        routes += [Route(shipment.id, steps) for steps in chosen]
        if more:
            capped.append(shipment.id)
        if not chosen:
            unreachable.append(shipment.id)
        if on_progress is not None and done % 50 == 0:
            on_progress(done, len(instance.demand))
    if on_progress is not None:
        on_progress(len(instance.demand), len(instance.demand))
    return RouteList(tuple(routes), tuple(capped), tuple(unreachable), cap)


class Lister:
    """Lists routes; shipments that differ only in stage and tonnes share the work."""

    def __init__(self, instance: Instance, cap: int, *, keep: int | None = None) -> None:
        self.instance, self.cap, self.keep = instance, cap, keep
        self.network = Network(instance)
        self.hops: dict[tuple[str, bool], Hops] = {}
        self.done: dict[tuple[object, ...], tuple[list[tuple[Step, ...]], bool]] = {}
        sites = instance.sites
        self.site_number = {site.id: here for here, site in enumerate(sites)}
        self.standing = np.array([site.id in self.network.standing for site in sites], dtype=bool)

    def of(self, shipment: Demand) -> tuple[list[tuple[Step, ...]], bool]:
        """Return the chosen routes of a shipment and whether there were more."""
        key = (shipment.origin, shipment.destination, shipment.product, shipment.latest_h)
        if key not in self.done:
            self.done[key] = self.found(shipment)
        return self.done[key]

    def found(self, shipment: Demand) -> tuple[list[tuple[Step, ...]], bool]:
        """Return the routes of a shipment worth listing."""
        hops = self.hops_of(shipment)
        price = self.instance.product[shipment.product].unserved_cost_cny_per_t
        ways, cut = self.ways(shipment, hops)
        ways = ways.rows(ways.cost < price)
        ways = ways.rows(self.in_time(shipment, hops, ways))
        ways = ways.rows(not_dominated(ways, groups(ways.sites, hops.mains[ways.options])))
        chosen = ways.rows(self.best(ways, hops, self.cap))
        steps = (self.steps(shipment, hops, chosen, row) for row in range(len(chosen)))
        return list(dict.fromkeys(steps)), cut or len(ways) > len(chosen)

    def hops_of(self, shipment: Demand) -> Hops:
        """Return the hops of a shipment's product, at home or across the border."""
        abroad = self.network.international(shipment)
        key = (shipment.product, abroad)
        if key not in self.hops:
            product = self.instance.product[shipment.product]
            self.hops[key] = Hops(self.network, product, international=abroad, keep=self.keep)
        return self.hops[key]

    def ways(self, shipment: Demand, hops: Hops) -> tuple[Ways, bool]:
        """Return candidates made hop by hop, and whether any had to be left out on the way."""
        product = self.instance.product[shipment.product]
        latest = np.inf if shipment.latest_h is None else shipment.latest_h + NEARLY_LATE_H
        ways, cut = at_the_start(), False
        for done, function in enumerate(product.chain):
            parts = [
                part
                for site in self.network.able[function]
                if (row := self.network.handling.get((site, function))) is not None
                for part in self.onward(
                    ways, hops, shipment, self.instance.site[site].place, site,
                    hops.prices.handling(row),
                )
            ]  # fmt: skip
            longer = together(parts, done + 1, done + 1)
            longer = longer.rows(longer.time_h <= latest)
            ways = self.shortened(longer, hops) if len(product.chain) > 1 else longer
            cut = cut or len(ways) < len(longer)
        ends = list(self.onward(ways, hops, shipment, shipment.destination, None, Weight()))
        cut = cut or hops.was_cut(shipment, product)
        return together(ends, len(product.chain), len(product.chain) + 1), cut

    def onward(
        self,
        before: Ways,
        hops: Hops,
        shipment: Demand,
        place: str,
        site: str | None,
        done: Weight,
    ) -> Iterator[Ways]:
        """Yield candidates with one more hop, and the handling at its end if any."""
        sites = [] if site is None else [self.site_number[site]]
        last = before.sites[:, -1] if before.sites.shape[1] else np.full(len(before), -1)
        for number in np.unique(last):
            here = shipment.origin if number < 0 else self.instance.sites[number].place
            options = hops.ways(here, place)
            rows = np.flatnonzero(last == number)
            first, second = np.repeat(rows, len(options)), np.tile(options, len(rows))
            added = np.full((len(first), len(sites)), sites, dtype=np.int64)
            yield Ways(
                before.cost[first] + hops.costs[second] + done.cost,
                before.time_h[first] + hops.times_h[second] + done.time_h,
                before.departures[first] + hops.departures[second],
                np.hstack([before.sites[first], added]),
                np.hstack([before.options[first], second[:, None]]),
            )

    def best(self, ways: Ways, hops: Hops, cap: int, *more: int) -> Ints:
        """Return the rows, of candidates by rank, that are listed."""
        if len(ways) <= cap:
            return np.arange(len(ways))
        stands = self.standing[ways.sites].all(axis=1) & hops.stands[ways.options].all(axis=1)
        first = [int(row) for row in np.flatnonzero(stands)[:1]]
        views = (hops.modes[ways.options], ways.sites, hops.terminals[ways.options])
        return choose([groups(view) for view in views], [*first, *more], cap)

    def shortened(self, ways: Ways, hops: Hops) -> Ways:
        """Return the best partial candidates, by turns over main modes, sites and terminals."""
        if len(ways) <= PARTIAL_ROUTES or self.keep is not None:
            return ways
        ways = ways.rows(not_dominated(ways, groups(ways.sites, hops.mains[ways.options])))
        return ways.rows(self.best(ways, hops, PARTIAL_ROUTES, int(np.argmin(ways.time_h))))

    def in_time(self, shipment: Demand, hops: Hops, ways: Ways) -> NDArray[np.bool_]:
        """Tell which candidates arrive by the latest time; close calls are computed exactly."""
        if shipment.latest_h is None:
            return np.ones(len(ways), dtype=bool)
        spare = shipment.latest_h - ways.time_h
        soon = spare >= 0
        for row in np.flatnonzero(np.abs(spare) < NEARLY_LATE_H):
            steps = self.steps(shipment, hops, ways, int(row))
            soon[row] = exact_time_h(self.network, shipment, steps) <= exact(shipment.latest_h)
        return soon

    def steps(self, shipment: Demand, hops: Hops, ways: Ways, row: int) -> tuple[Step, ...]:
        """Return the steps of a candidate in order."""
        chain = self.instance.product[shipment.product].chain
        sites = [self.instance.sites[number] for number in ways.sites[row]]
        stops = [shipment.origin, *(site.place for site in sites), shipment.destination]
        steps: list[Step] = []
        for here, number in enumerate(ways.options[row]):
            steps += hops.steps(stops[here], stops[here + 1], hops.options[number])
            if here < len(chain):
                steps.append(Handle(sites[here].id, chain[here]))
        return tuple(steps)
