"""The first routes of an instance that is too large to list: the cheapest before any LP is solved.

Whatever is missing is found by pricing (`generate`), so that these need not be good, only soon
there. Sites and links cost nothing yet, and a departure what a full one costs per tonne, then a
part of that, as where it runs anyway.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hubopt.engine.array_form import array_form
from hubopt.engine.idle_services import raised
from hubopt.engine.pricing import RoutePricer
from hubopt.engine.shared_prices import SharedPrices
from hubopt.model.decisions import positions
from hubopt.network.fastest import shortest_time_h
from hubopt.network.graph import Network
from hubopt.network.route import RouteList
from hubopt.network.stages import usable_in
from hubopt.problem.build import build_problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hubopt.instance.tables import Instance
    from hubopt.problem.problem import Floats, Problem

PER_SHIPMENT = 3
"""Most routes of a shipment at one price of departures, each by another last site of handling."""

FULL_LOAD_SHARES = (1.0, 0.3)
"""Shares of the cost of a full departure at which routes are searched."""


def seeded(
    instance: Instance, *, on_progress: Callable[[int, int], None] | None = None
) -> RouteList:
    """Return the first routes of each shipment, up to three at each price of departures.

    None is said to be all that there are: every shipment counts as one with more routes.
    """
    ids = tuple(shipment.id for shipment in instance.demand)
    found = RouteList((), ids, (), PER_SHIPMENT * len(FULL_LOAD_SHARES))
    problem = build_problem(instance, found)
    pricer = RoutePricer(instance, problem)
    full = full_load(problem)
    for done, share in enumerate(FULL_LOAD_SHARES):
        if on_progress is not None:
            on_progress(done, len(FULL_LOAD_SHARES))
        cheap = pricer.cheapest(
            legs_alone(problem, share * full), np.full(len(ids), np.inf), per_shipment=PER_SHIPMENT
        )
        found = found.with_routes(cheap.routes)
    return without_any(instance, found)


def full_load(problem: Problem) -> Floats:
    """Return legs x stages: what a full departure costs per kt, evenly over its legs."""
    form = array_form(problem)
    return raised(problem, form.cost, positions(problem, form), form.column_lower > 0).leg


def legs_alone(problem: Problem, leg: Floats) -> SharedPrices:
    """Return prices of legs, and nothing for all else."""
    shipments, stages = len(problem.demand_kt), len(problem.stages)
    pools = np.zeros((len(problem.sites.pools), stages))
    none = np.zeros(shipments)
    return SharedPrices(
        pool=pools,
        link=np.zeros((len(problem.link_names), stages)),
        transfer=np.zeros((len(problem.transfer_names), stages)),
        leg=leg,
        handled=pools,
        own={},
        late=none,
        kg=none,
        carried=none,
    )


def without_any(instance: Instance, found: RouteList) -> RouteList:
    """Return the list with the shipments that have no route, and why: late, or no way at all."""
    has = {route.shipment for route in found.routes}
    late = dict(hours_of(instance, frozenset(found.capped) - has))
    return RouteList(
        found.routes, tuple(s for s in found.capped if s in has), tuple(late),
        found.per_shipment, late=tuple(late.items()),
    )  # fmt: skip


def hours_of(instance: Instance, shipments: frozenset[str]) -> Iterator[tuple[str, float]]:
    """Yield the least hours in which shipments without a route could arrive."""
    network = Network(instance)
    for shipment in instance.demand:
        if shipment.id in shipments:
            usable = usable_in(instance, shipment.stage)
            yield shipment.id, shortest_time_h(network, shipment, usable)
