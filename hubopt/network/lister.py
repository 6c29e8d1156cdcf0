"""Lists the routes of one shipment after the other; like shipments share the work."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from hubopt.network.fastest import shortest_time_h
from hubopt.network.graph import Network
from hubopt.network.hops import Hops
from hubopt.network.legs import Roads
from hubopt.network.stages import usable_in
from hubopt.network.steps import Handle
from hubopt.network.times import exact_time_h
from hubopt.network.ways import Ways, at_the_start, choose, groups, not_dominated
from hubopt.network.weights import Weight
from hubopt.units import exact
from hubopt.vocabulary import NOT_HANDLING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from hubopt.instance.tables import Demand, Instance
    from hubopt.network.stages import Usable
    from hubopt.network.steps import Step

    Ints = NDArray[np.int64]

PARTIAL_ROUTES = 80
"""Most partial routes carried from one site of a handling chain to the next.

As many as may be listed, where that is more.
"""

FEW_TERMINALS = 24
"""With no more terminals than this, trucks may stand between main hauls; else only in need."""

KG_DIGITS = 9
"""Decimals to which emissions of two candidates are the same."""

NEARLY_LATE_H = 1e-6
"""Floats this close to the latest time are decided in exact arithmetic."""


@dataclass(frozen=True, slots=True)
class Listed:
    """The routes of a shipment; `late_h` is the least time there is if that is too long."""

    routes: tuple[tuple[Step, ...], ...]
    capped: bool = False
    left_out: bool = False
    late_h: float | None = None


class Target(NamedTuple):
    """Where a hop may go: a place, what is done there, and the number of the site that does it."""

    place: str
    done: Weight
    site: int | None


class Lister:
    """Lists routes; `keep` is how many of a kind are kept, all rules of listing apart."""

    def __init__(self, instance: Instance, cap: int, *, keep: int | None = None) -> None:
        self.instance, self.cap, self.keep = instance, cap, keep
        self.network = Network(instance)
        self.roads = Roads(self.network, keep=keep)
        terminals = {change.place for change in instance.transfers}
        self.through = keep is not None or len(terminals) <= FEW_TERMINALS
        self.hops: dict[tuple[object, ...], Hops] = {}
        self.done: dict[tuple[object, ...], Listed] = {}
        self.usable = cache(lambda year: usable_in(instance, year))
        self.site_number = {site.id: here for here, site in enumerate(instance.sites)}
        self.standing = np.array(
            [s.id in self.network.standing for s in instance.sites], dtype=bool
        )
        self.latest_h = latest_times(self.network)

    def of(self, shipment: Demand) -> Listed:
        """Return the routes of a shipment; those of one stage serve others where they can."""
        usable = self.usable(shipment.stage)
        chain = self.instance.product[shipment.product].chain
        key = (
            shipment.origin, shipment.destination, shipment.product, shipment.latest_h,
            usable.services, *hubs_of(usable), tuple(map(usable.able, chain)), shipment.district,
        )  # fmt: skip
        if key not in self.done:
            self.done[key] = self.found(shipment, usable)
        return self.done[key]

    def found(self, shipment: Demand, usable: Usable) -> Listed:
        """Return the routes of a shipment, in need with trucks between main hauls."""
        listed = self.listed(shipment, usable, through=self.through)
        if not listed.routes and not self.through:
            listed = self.listed(shipment, usable, through=True)
        if listed.routes:
            return listed
        hours = shortest_time_h(self.network, shipment, usable)
        late = hours == np.inf or hours > latest_of(shipment)
        return Listed((), left_out=listed.left_out, late_h=hours if late else None)

    def hops_of(self, shipment: Demand, usable: Usable, *, through: bool) -> Hops:
        """Return the hops of a shipment's product, at home or across the border."""
        abroad = self.network.international(shipment)
        key = (shipment.product, abroad, through, usable.services, *hubs_of(usable))
        if key not in self.hops:
            self.hops[key] = Hops(
                self.roads, self.instance.product[shipment.product], usable, international=abroad,
                through=through, latest_h=self.latest_h[shipment.product, abroad], keep=self.keep,
            )  # fmt: skip
        return self.hops[key]

    def listed(self, shipment: Demand, usable: Usable, *, through: bool) -> Listed:
        """Return the routes of a shipment worth listing."""
        hops = self.hops_of(shipment, usable, through=through)
        enters = hops.prices.international and self.network.at_home[shipment.destination]
        once = hops.prices.once(enters=enters)
        ways, cut = self.ways(shipment, hops, usable)
        ways = ways.rows(ways.cost + once < hops.worth)
        ways = ways.rows(self.in_time(shipment, hops, ways))
        ways = ways.rows(not_dominated(ways, alike(ways, hops)))
        chosen = ways.rows(self.best(ways, hops, self.cap))
        steps = dict.fromkeys(self.steps(shipment, hops, chosen, row) for row in range(len(chosen)))
        return Listed(tuple(steps), len(ways) > len(chosen), cut)

    def ways(self, shipment: Demand, hops: Hops, usable: Usable) -> tuple[Ways, bool]:
        """Return candidates made hop by hop, and whether any had to be left out on the way."""
        product, instance = self.instance.product[shipment.product], self.instance
        stops, ways, cut = [[shipment.origin]], at_the_start(), False
        for function in product.chain:
            targets = [
                Target(instance.site[site].place, hops.prices.handling(row), self.site_number[site])
                for site in usable.able(function)
                if self.network.may_handle(shipment, site, function)
                and (row := self.network.handling.get((site, function))) is not None
            ]
            ways = self.onward(ways, hops, shipment, targets)
            ways = ways.rows((ways.time_h <= latest_of(shipment)) & (ways.cost < hops.worth))
            if len(product.chain) > 1:
                ways, shorter = self.shortened(ways, hops)
                cut = cut or shorter
            stops.append([target.place for target in targets])
        ways = self.onward(ways, hops, shipment, [Target(shipment.destination, Weight(), None)])
        stops.append([shipment.destination])
        return ways, cut or hops.was_cut(stops)

    def onward(self, before: Ways, hops: Hops, shipment: Demand, targets: Sequence[Target]) -> Ways:
        """Return candidates with one more hop to any of the targets, and the handling there."""
        last = before.sites[:, -1] if before.sites.shape[1] else np.full(len(before), -1)
        parts = [np.zeros((3, 0), dtype=np.int64)]
        for number in np.unique(last):
            here = shipment.origin if number < 0 else self.instance.sites[number].place
            rows = np.flatnonzero(last == number)
            for to, target in enumerate(targets):
                options = hops.ways(here, target.place)
                first, second = np.repeat(rows, len(options)), np.tile(options, len(rows))
                parts.append(np.array([first, second, np.full(len(first), to)]))
        first, second, to = np.concatenate(parts, axis=1)
        added = [[target.site] for target in targets if target.site is not None]
        sites = np.array(added, dtype=np.int64).reshape(-1, 1)
        return Ways(
            before.cost[first] + hops.table.cost[second] + array(t.done.cost for t in targets)[to],
            before.time_h[first]
            + hops.table.time_h[second]
            + array(t.done.time_h for t in targets)[to],
            before.departures[first] + hops.table.departures[second],
            np.hstack([before.sites[first], sites[to]]) if added else before.sites[first],
            np.hstack([before.options[first], second[:, None]]),
        )

    def best(self, ways: Ways, hops: Hops, cap: int, *more: int) -> Ints:
        """Return the rows, of candidates by rank, that are listed."""
        if len(ways) <= cap:
            return np.arange(len(ways))
        table = hops.table
        stands = self.standing[ways.sites].all(axis=1) & table.stands[ways.options].all(axis=1)
        free = table.free[ways.options].all(axis=1)
        unbooked = table.unbooked[ways.options].all(axis=1)
        first = [int(row) for sure in (stands, free, unbooked) for row in np.flatnonzero(sure)[:1]]
        views = (
            table.modes[ways.options],
            table.needs[ways.options],
            ways.sites,
            table.terminals[ways.options],
        )
        return choose([groups(view) for view in views], [*first, *more], cap)

    def shortened(self, ways: Ways, hops: Hops) -> tuple[Ways, bool]:
        """Return the best partial candidates, by turns over main modes, sites and terminals."""
        most = max(PARTIAL_ROUTES, self.cap)
        if len(ways) <= most or self.keep is not None:
            return ways, False
        ways = ways.rows(not_dominated(ways, alike(ways, hops)))
        rows = self.best(ways, hops, most, int(np.argmin(ways.time_h)))
        return ways.rows(rows), len(rows) < len(ways)

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
            steps += hops.steps(stops[here], stops[here + 1], int(number))
            if here < len(chain):
                steps.append(Handle(sites[here].id, chain[here]))
        return tuple(steps)


def alike(ways: Ways, hops: Hops) -> Ints:
    """Return a number for each candidate, the same for those that differ in cost and time alone."""
    told = hops.table.needs[ways.options]
    if not hops.network.wants.emissions:
        return groups(ways.sites, told)
    kg = np.round(hops.table.kg[ways.options].sum(axis=1), KG_DIGITS)
    return groups(ways.sites, told, np.unique(kg, return_inverse=True)[1][:, None])


def array(values: Iterable[float]) -> NDArray[np.float64]:
    """Return numbers as an array."""
    return np.fromiter(values, dtype=np.float64)


def hubs_of(usable: Usable) -> tuple[tuple[str, ...], ...]:
    """Return the sites that goods pass without being handled, by what these may do."""
    return tuple(usable.able(function) for function in sorted(NOT_HANDLING))


def latest_times(network: Network) -> Mapping[tuple[str, bool], float]:
    """Return for each product, at home and abroad, the time after which none may arrive."""
    found: dict[tuple[str, bool], float] = defaultdict(float)
    for shipment in network.instance.demand:
        key = (shipment.product, network.international(shipment))
        found[key] = max(found[key], latest_of(shipment))
    return found


def latest_of(shipment: Demand) -> float:
    """Return the time after which a shipment is late beyond doubt."""
    return np.inf if shipment.latest_h is None else shipment.latest_h + NEARLY_LATE_H
