"""Shipments that share their routes' graph: one product in one stage, at home or across the border.

For each such trade the graph of its steps, the sites that may handle it in turn, and what each step
and handling costs and takes of what is shared.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array

from hubopt.engine.hop_search import StateGraph
from hubopt.network.arcs import arcs_of
from hubopt.network.graph import Network, base_modes
from hubopt.network.stages import usable_in
from hubopt.network.steps import Handle
from hubopt.network.weights import Prices
from hubopt.problem.build import MCNY_PER_KT
from hubopt.problem.columns import Columns

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hubopt.instance.tables import Instance, Product
    from hubopt.network.stages import Usable
    from hubopt.network.steps import Step
    from hubopt.problem.problem import Floats, Ints
    from hubopt.vocabulary import Function

    Use = tuple[str | int, ...]


@dataclass(frozen=True)
class Things:
    """Numbers what is shared: pools, links and transfers with a capacity, legs, in this order."""

    instance: Instance
    pools: tuple[tuple[str, str], ...]
    legs: tuple[tuple[str, str, str], ...]

    @cached_property
    def number(self) -> Mapping[Use, int]:
        """Number of each thing by its use, as `Columns.used` names it."""
        links, transfers = self.instance.links, self.instance.transfers
        keys: list[Use] = [("pool", *pool) for pool in self.pools]
        keys += [("link", n) for n, x in enumerate(links) if x.capacity_t_per_year is not None]
        keys += [
            ("transfer", n) for n, x in enumerate(transfers) if x.capacity_t_per_year is not None
        ]
        keys += [("leg", *leg) for leg in self.legs]
        return {key: here for here, key in enumerate(keys)}

    @property
    def first_leg(self) -> int:
        """Number of the first leg."""
        return len(self.number) - len(self.legs)

    def used(self, columns: Columns, steps: Sequence[Step]) -> csr_array:
        """Return steps x things: how often each is used."""
        found = [
            (row, self.number[use])
            for row, step in enumerate(steps)
            for use in columns.used_by(step)
            if use in self.number
        ]
        rows, things = np.array(found, dtype=np.int64).reshape(-1, 2).T
        shape = (len(steps), len(self.number))
        return csr_array((np.ones(len(rows)), (rows, things)), shape=shape)


@dataclass(frozen=True)
class Stop:
    """The sites that may do one function of a chain: place, pool, million CNY per kt, hours, kg."""

    function: Function
    sites: tuple[str, ...]
    places: tuple[str, ...]
    pool: Ints
    cost: Floats
    time_h: Floats
    kg: Floats

    def step(self, site: int) -> Handle:
        """Return handling at one of the sites, by its number."""
        return Handle(self.sites[site], self.function)


@dataclass(frozen=True)
class Trade:
    """Shipments of one product in one stage; costs in million CNY of present value per kt.

    `origin` and `destination` number the places of each shipment in `origins`, `destinations`;
    `once` is what each pays whatever its way. `use` is arcs x things, `scale` things; `gates` are
    the pools (terminals, chargers) that an arc passes, of those that pass any. `barred` holds for
    each stop the shipments and sites that do not fit, by their numbers in the trade.
    """

    product: Product
    stage: int
    shipments: Ints
    origins: tuple[str, ...]
    destinations: tuple[str, ...]
    origin: Ints
    destination: Ints
    once: Floats
    graph: StateGraph
    cost: Floats
    use: csr_array
    scale: Floats
    gates: Mapping[int, tuple[int, ...]]
    stops: tuple[Stop, ...]
    barred: tuple[tuple[Ints, Ints], ...]

    @cached_property
    def sites_at(self) -> tuple[Mapping[int, list[tuple[int, tuple[int, ...]]]], ...]:
        """By stop: the sites that stand at a state, each with the states in which it is left."""
        found = []
        for stop in self.stops:
            here: dict[int, list[tuple[int, tuple[int, ...]]]] = defaultdict(list)
            for site, place in enumerate(stop.places):
                states = self.graph.at(place)
                for state in states:
                    here[state].append((site, states))
            found.append(dict(here))
        return tuple(found)


class Trades:
    """All trades of an instance; graphs are made once for products that move alike."""

    def __init__(self, instance: Instance, things: Things, weights: Floats) -> None:
        self.instance, self.things, self.weights = instance, things, weights
        self.network, self.years = Network(instance), [s.year for s in instance.settings.stages]
        self.columns = Columns(self.network)
        self.pool = {pool: here for here, pool in enumerate(things.pools)}

    def __iter__(self) -> Iterator[Trade]:
        """Yield the trades, each made when it is asked for."""
        found: dict[tuple[str, int, bool], list[int]] = defaultdict(list)
        for here, shipment in enumerate(self.instance.demand):
            abroad = self.network.international(shipment)
            found[shipment.product, self.years.index(shipment.stage), abroad].append(here)
        for (product, stage, abroad), shipments in found.items():
            yield self.trade(self.instance.product[product], stage, shipments, abroad=abroad)

    def trade(self, product: Product, stage: int, shipments: list[int], *, abroad: bool) -> Trade:
        """Return one trade."""
        prices = Prices(self.network, product, international=abroad)
        usable = usable_in(self.instance, self.years[stage])
        arcs = arcs_of(prices, usable)
        rows = [self.instance.demand[s] for s in shipments]
        origins = tuple(sorted({row.origin for row in rows}))
        destinations = tuple(sorted({row.destination for row in rows}))
        per_kt = MCNY_PER_KT * float(self.weights[stage])
        use = self.things.used(self.columns, arcs.steps)
        scale = np.full(len(self.things.number), product.peak_factor)
        scale[self.things.first_leg :] *= product.space_factor
        stops = tuple(self.stop(prices, usable, f, per_kt) for f in product.chain)
        home = self.network.at_home
        return Trade(
            product=product,
            stage=stage,
            shipments=np.array(shipments, dtype=np.int64),
            origins=origins,
            destinations=destinations,
            origin=np.array([origins.index(row.origin) for row in rows]),
            destination=np.array([destinations.index(row.destination) for row in rows]),
            once=per_kt
            * np.array([prices.once(enters=abroad and home[row.destination]) for row in rows]),
            graph=StateGraph(arcs, self.network.state_number, base_modes(product)),
            cost=arcs.cost * per_kt,
            use=use,
            gates=gates(use, len(self.things.pools)),
            scale=scale,
            stops=stops,
            barred=tuple(self.barred(shipments, stop) for stop in stops),
        )

    def stop(self, prices: Prices, usable: Usable, function: Function, per_kt: float) -> Stop:
        """Return the sites that may do a function."""
        handling = self.network.handling
        sites = tuple(x for x in usable.able(function) if (x, function) in handling)
        weights = [prices.handling(handling[x, function]) for x in sites]
        return Stop(
            function=function,
            sites=sites,
            places=tuple(self.instance.site[x].place for x in sites),
            pool=np.array([self.pool[x, function.value] for x in sites], dtype=np.int64),
            cost=np.array([weight.cost for weight in weights]) * per_kt,
            time_h=np.array([weight.time_h for weight in weights]),
            kg=np.array([handling[x, function].energy_kwh_per_t * prices.grid for x in sites]),
        )

    def barred(self, shipments: Sequence[int], stop: Stop) -> tuple[Ints, Ints]:
        """Return which shipments may not be handled at which sites of a stop."""
        found = [
            (here, there)
            for here, s in enumerate(shipments)
            if self.instance.demand[s].district is not None
            for there, site in enumerate(stop.sites)
            if not self.network.may_handle(self.instance.demand[s], site, stop.function)
        ]
        rows, sites = np.array(found, dtype=np.int64).reshape(-1, 2).T
        return rows, sites


def gates(use: csr_array, pools: int) -> Mapping[int, tuple[int, ...]]:
    """Return the pools that each arc passes, of arcs that pass any; pools are numbered first."""
    found: dict[int, tuple[int, ...]] = {}
    arcs, things = use.nonzero()
    for arc, thing in zip(arcs.tolist(), things.tolist(), strict=True):
        if thing < pools:
            found[arc] = (*found.get(arc, ()), thing)
    return found
