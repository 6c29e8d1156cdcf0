"""The routing LP of a fixed design, by columns: a plan, and prices that fit it.

What a shipment pays if it is not served keeps the LP feasible; it is far above what any way costs.
Columns are added by the LP's own prices until none would lower it (Ford and Fulkerson 1958).
A shipment that has one way only is no part of the LP: what it takes is taken off beforehand, and
its price is what that way costs. Most shipments have one way only, so that the LP stays small.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csc_matrix, hstack, identity, vstack

from hubopt.engine.one_stop.columns import Columns, no_columns
from hubopt.engine.one_stop.design import Design
from hubopt.engine.one_stop.relaxation import Prices
from hubopt.engine.one_stop.room import holds_kilograms, open_room
from hubopt.solver.form import SolverStatus, StandardForm
from hubopt.solver.run import run

if TYPE_CHECKING:
    from collections.abc import Callable

    from hubopt.engine.one_stop.numbers import Bools, Floats, Ints, Numbers
    from hubopt.engine.one_stop.paths import PathFinder
    from hubopt.solver.form import SolverAnswer

    SolveLp = Callable[[StandardForm], SolverAnswer]

UNSERVED_FACTOR = 5.0
"""Not serving costs so many times the dearest of the cheapest ways of the class."""

DEAR = 1e4
"""Where it decides whether a design has a plan at all, not serving costs so many times more."""

NEW_SHARE, LEAST_NEW = 0.2, 1000
"""An LP is given new ways of at most this share of all shipments at a time, or of so many."""

NOTHING = 1e-9
CRUMBS = 1e-7
"""This share of all demand may stay unserved by an LP's tolerance; whole kilograms mend it."""


@dataclass(frozen=True)
class Routing:
    """What a design costs: `flow` (M) units on columns, and what is left unserved in all.

    `value` counts fixed costs and flows; it is a plan's only if it is `whole`. `site_price` (I) is
    what a unit of room at each site is worth.
    """

    size: Ints
    columns: Columns
    flow: Floats
    value: float
    unserved: float
    prices: Prices
    site_price: Floats

    @property
    def whole(self) -> bool:
        """Tell whether all demand is met, but for an LP's tolerance, and in whole kilograms."""
        numbers = self.columns.numbers
        met = self.unserved <= CRUMBS * float(numbers.units.sum())
        return met and holds_kilograms(numbers, self.size)


def design_cost(numbers: Numbers, size: Ints) -> float:
    """Return the fixed cost of a design."""
    some = np.flatnonzero(size >= 0)
    return float(numbers.fixed[some, size[some]].sum())


class Router:
    """Routes designs, and keeps the columns of all that it has routed."""

    def __init__(self, numbers: Numbers, finder: PathFinder, solve_lp: SolveLp = run) -> None:  # type: ignore[assignment]
        self.numbers, self.finder, self.solve_lp = numbers, finder, solve_lp
        self.columns = no_columns(numbers)
        cheapest = finder.by_site(finder.trees(np.zeros(len(numbers.shared)))).min(axis=0)
        self.unserved_price = np.concatenate(
            [np.full(b - a, UNSERVED_FACTOR * cheapest[a:b].max()) for _, a, b in numbers.blocks]
        )

    def learn(self, ways: Columns) -> None:
        """Keep ways."""
        self.columns = self.columns.joined(ways)

    def list_cheapest(self, prices: Floats, site_price: Floats, size: Ints) -> None:
        """List the cheapest way of each shipment by open sites at prices of arcs and of room."""
        self.learn(self.cheapest(Design(self.numbers, size), prices, site_price))

    def cheapest(
        self, design: Design, prices: Floats, site_price: Floats, worth: Floats | None = None
    ) -> Columns:
        """Return the cheapest way of each shipment, or of those saving most below `worth` (S)."""
        if not len(design.open):
            return no_columns(self.numbers)
        trees = design.finder.trees(prices)
        paid = design.finder.by_site(trees)
        paid += site_price[design.open][:, None]
        site = np.argmin(paid, axis=0)
        least = paid[site, np.arange(len(site))]
        if worth is None:
            shipment = np.flatnonzero(np.isfinite(least))
        else:
            shipment = self.saving_most(worth - least, NOTHING * (1 + np.abs(worth)))
        return design.ways(trees, shipment, site[shipment])

    def saving_most(self, saved: Floats, least: Floats) -> Ints:
        """Return the shipments that would save most, in order of their numbers.

        Where an LP leaves goods behind its prices are far too high, and nearly every shipment would
        have one more way: a part of them does, and the LP stays small.
        """
        some = np.flatnonzero(saved > least)
        most = max(int(NEW_SHARE * len(saved)), LEAST_NEW)
        if len(some) > most:
            worth = saved[some] * self.numbers.units[some]
            some = np.sort(some[np.argsort(-worth, kind="stable")[:most]])
        return some

    def route(
        self,
        size: Ints,
        rounds: int,
        *,
        dear: float = 1.0,
        stop: Callable[[], bool] = lambda: False,
        heard: Callable[[Routing], object] = lambda _: None,
    ) -> Routing | None:
        """Return what a design costs; `None` if no LP comes to its end.

        Unserved demand costs `dear` times as much as usual. Every LP's routing is told.
        """
        design, found = Design(self.numbers, size), None
        ways = self.columns.taken(size[self.columns.site] >= 0)
        for _ in range(rounds):
            again = self.solved(ways, size, dear)
            if again is None:
                break
            found = again
            heard(found)
            if stop():
                break
            prices = found.prices
            new = self.cheapest(design, prices.arc, found.site_price, prices.serve)
            before, ways = len(ways), ways.joined(new)
            self.learn(new)
            if len(ways) == before:
                break
        return found

    def solved(self, ways: Columns, size: Ints, dear: float = 1.0) -> Routing | None:
        """Return the LP over some ways."""
        alone = self.alone(ways, size)
        lp = RoutingLp(self.numbers, ways, size, alone, dear * self.unserved_price)
        if not len(lp.shipments):
            return lp.routing(np.zeros(0), np.zeros(len(lp.form.row_lower)))
        answer = self.solve_lp(lp.form)
        if answer.status is not SolverStatus.OPTIMAL or answer.values is None:
            return None
        return None if answer.row_duals is None else lp.routing(answer.values, answer.row_duals)

    def alone(self, ways: Columns, size: Ints) -> Bools:
        """Return the ways that are their shipment's only one and meet no room that is overrun."""
        numbers = self.numbers
        count = np.bincount(ways.shipment, minlength=len(numbers.units))
        alone = count[ways.shipment] == 1
        units = np.where(alone, numbers.units[ways.shipment], 0.0)
        at_site = np.bincount(ways.site, weights=units, minlength=len(numbers.node))
        too_much = at_site > open_room(numbers, size)
        overrun = (ways.use.T @ units > numbers.shared_room).astype(float)
        return np.asarray(alone & ~too_much[ways.site] & (ways.use @ overrun == 0))


class RoutingLp:
    """The LP of the shipments that have a choice, and how its answer is read."""

    def __init__(
        self, numbers: Numbers, ways: Columns, size: Ints, alone: Bools, unserved_price: Floats
    ) -> None:
        self.numbers, self.ways, self.size, self.alone = numbers, ways, size, alone
        self.load = np.where(alone, numbers.units[ways.shipment], 0.0)
        free = np.ones(len(numbers.units), dtype=bool)
        free[ways.shipment[alone]] = False
        self.shipments = np.flatnonzero(free)
        self.part = ways.taken(~alone)
        at_site = np.bincount(ways.site, weights=self.load, minlength=len(numbers.node))
        self.site_room = open_room(numbers, size) - at_site
        self.arc_room = numbers.shared_room - ways.use.T @ self.load
        self.form = self.made(unserved_price)

    def made(self, unserved_price: Floats) -> StandardForm:
        """Return the form: demand met, room of sites and of shared arcs; unserved columns last."""
        numbers, part, shipments = self.numbers, self.part, self.shipments
        row = np.full(len(numbers.units), -1)
        row[shipments] = np.arange(len(shipments))
        each, ones = np.arange(len(part)), np.ones(len(part))
        many, sites = len(shipments), len(numbers.node)
        demand = csc_matrix((ones, (row[part.shipment], each)), shape=(many, len(part)))
        room = csc_matrix((ones, (part.site, each)), shape=(sites, len(part)))
        flows = vstack([demand, room, part.use.T])
        missing = vstack([identity(many), csc_matrix((flows.shape[0] - many, many))])
        matrix = hstack([flows, missing]).tocsc()
        matrix.sort_indices()
        rows, columns = matrix.shape
        return StandardForm(
            cost=np.concatenate([part.cost, unserved_price[shipments]]),
            offset=0.0,
            column_lower=np.zeros(columns),
            column_upper=np.full(columns, np.inf),
            integer=np.zeros(columns, dtype=bool),
            starts=matrix.indptr.astype(np.int64),
            indices=matrix.indices.astype(np.int64),
            values=matrix.data.astype(float),
            row_lower=np.concatenate([numbers.units[shipments], np.full(rows - many, -np.inf)]),
            row_upper=np.concatenate([numbers.units[shipments], self.site_room, self.arc_room]),
            column_names=tuple(f"x{number}" for number in range(columns)),
            row_names=tuple(f"r{number}" for number in range(rows)),
        )

    def routing(self, values: Floats, duals: Floats) -> Routing:
        """Return the LP's values and multipliers as a routing."""
        numbers, ways, many = self.numbers, self.ways, len(self.shipments)
        flow = self.load.copy()
        flow[~self.alone] = np.maximum(values[: len(self.part)], 0.0)
        left = float(values[len(self.part) :].sum())
        site_price = np.maximum(-duals[many : many + len(numbers.node)], 0.0)
        arc = np.maximum(-duals[many + len(numbers.node) :], 0.0)
        serve = np.zeros(len(numbers.units))
        serve[self.shipments] = duals[:many]
        only = np.flatnonzero(self.alone)
        paid = ways.cost + site_price[ways.site] + ways.use @ arc
        serve[ways.shipment[only]] = paid[only]
        cost = float(ways.cost @ flow) + design_cost(numbers, self.size)
        return Routing(self.size, ways, flow, cost, left, Prices(serve, arc), site_price)
