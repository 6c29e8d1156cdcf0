"""A plan as decisions over listed routes, for a study in which what was built and runs stands.

A solve drops a route where another is no dearer, no slower and takes no limited thing besides. When
that other one is out, the dropped one is the way to go: it is listed as if each link and transfer
had room for a tonne, so that nothing stands for anything else.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from hubopt.instance.tables import Link, Transfer
from hubopt.network.routes import Route, list_routes
from hubopt.problem.problem import Decisions
from hubopt.units import KG_PER_KT

if TYPE_CHECKING:
    from collections.abc import Callable

    from hubopt.instance.tables import Instance
    from hubopt.network.routes import RouteList
    from hubopt.plan.plan import Plan
    from hubopt.problem.problem import Floats, Problem


Limited = TypeVar("Limited", Link, Transfer)

SHORT_T = 1.0
"""A capacity that any freight could fill: what has it is told apart when routes are listed."""

MORE = 2
"""How many times the routes of a solve are listed where none stands for another."""


@dataclass(frozen=True)
class StageRoutes:
    """One stage of an instance with its routes: first those of the solve and of its plan."""

    instance: Instance
    listed: RouteList
    own: int


def stage_routes(
    instance: Instance,
    plan: Plan,
    stage: int,
    per_shipment: int,
    on_progress: Callable[[int, int], None],
) -> StageRoutes:
    """Return a stage with the routes that the solve of a plan listed, the plan's, and spare ones.

    The solve listed `per_shipment` at most.
    """
    only = replace(instance, demand=tuple(s for s in instance.demand if s.stage == stage))
    listed = list_routes(instance, per_shipment=per_shipment, on_progress=on_progress)
    there = only.shipment
    own = dict.fromkeys(route for route in listed.routes if route.shipment in there)
    own |= dict.fromkeys(Route(f.shipment, f.steps) for f in plan.flows if f.shipment in there)
    spare = list_routes(all_short(only), per_shipment=MORE * per_shipment, on_progress=on_progress)
    routes = (*own, *(route for route in spare.routes if route not in own))
    return StageRoutes(only, replace(listed, routes=routes), len(own))


def all_short(instance: Instance) -> Instance:
    """Return an instance in which every link and transfer has a capacity that could bind."""
    return replace(
        instance,
        links=tuple(map(short, instance.links)),
        transfers=tuple(map(short, instance.transfers)),
    )


def short(row: Limited) -> Limited:
    """Return a link or transfer with a capacity of a tonne at most."""
    most = row.capacity_t_per_year
    return replace(row, capacity_t_per_year=SHORT_T if most is None else min(most, SHORT_T))


def decided(problem: Problem, plan: Plan) -> Decisions:
    """Return what a plan decided as arrays over a problem whose routes hold the plan's.

    A site is open where a module stands; flows of other shipments than the problem's are left out.
    """
    sites, services = problem.sites, problem.services
    standing = {(s.site, s.stage, name): n for s in plan.sites for name, n in s.modules.items()}
    runs = {(s.service, s.stage): s for s in plan.services}
    modules = [
        [standing.get((sites.site_ids[x], year, name), 0) for year in problem.stages]
        for x, name in zip(sites.module_site.tolist(), sites.module_names, strict=True)
    ]
    shape = (-1, len(problem.stages))
    tall = np.array(modules, dtype=np.int64).reshape(shape)
    at_site = np.zeros((len(sites.site_ids), len(problem.stages)), dtype=np.int64)
    np.add.at(at_site, sites.module_site, tall)
    rows = [[runs.get((v, year)) for year in problem.stages] for v in services.service_ids]
    loaded = [[0 if run is None else run.departures_per_week for run in row] for row in rows]
    empty = [[0 if run is None else run.empty_per_week for run in row] for row in rows]
    return Decisions(
        open=(at_site > 0).astype(np.int64),
        modules=tall,
        departures=np.array(loaded, dtype=np.int64).reshape(shape),
        empties=np.array(empty, dtype=np.int64).reshape(shape),
        flow_kt=flows_kt(problem, plan),
        unserved_kt=unserved_kt(problem, plan),
    )


def flows_kt(problem: Problem, plan: Plan) -> Floats:
    """Return the kilotonnes a year on each listed route."""
    ids = problem.shipment_ids
    place = {
        (ids[shipment], steps): column
        for column, (shipment, steps) in enumerate(
            zip(problem.column_shipment.tolist(), problem.column_steps, strict=True)
        )
    }
    found = np.zeros(len(problem.column_steps))
    known = set(ids)
    for flow in (flow for flow in plan.flows if flow.shipment in known):
        found[place[flow.shipment, flow.steps]] += flow.kg_per_year / KG_PER_KT
    return found


def unserved_kt(problem: Problem, plan: Plan) -> Floats:
    """Return the kilotonnes a year of each shipment that stay behind."""
    left = Counter[str]()
    for row in plan.unserved:
        left[row.shipment] += row.kg_per_year
    return np.array([left[ident] / KG_PER_KT for ident in problem.shipment_ids])
