"""What an earlier plan decides in the terms of another problem, to start a solve from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hubopt.problem.problem import Decisions
from hubopt.units import KG_PER_KT

if TYPE_CHECKING:
    from hubopt.plan.plan import Plan
    from hubopt.problem.problem import Problem


def decisions_of(problem: Problem, plan: Plan) -> Decisions:
    """Return the decisions of a plan, of the same instance or of one that was changed.

    What only one of the two knows counts as nothing; flows over routes that are not listed are
    left out.
    """
    sites = {(s.site, s.stage): s.modules for s in plan.sites}
    services = {(s.service, s.stage): s for s in plan.services}
    numbers, years = problem.sites, problem.stages
    names = zip(numbers.module_site.tolist(), numbers.module_names, strict=True)
    modules = [
        [sites.get((numbers.site_ids[x], year), {}).get(name, 0) for year in years]
        for x, name in names
    ]
    runs = [
        [(s.departures_per_week, s.empty_per_week) if s is not None else (0, 0) for s in row]
        for row in ([services.get((v, y)) for y in years] for v in problem.services.service_ids)
    ]
    both = np.array(runs, dtype=np.int64).reshape(-1, len(years), 2)
    standing = np.array(modules, dtype=np.int64).reshape(-1, len(years))
    opened = np.zeros((len(numbers.site_ids), len(years)), dtype=np.int64)
    np.maximum.at(opened, numbers.module_site, np.minimum(standing, 1))
    flow = flows_of(problem, plan)
    carried = np.bincount(
        problem.column_shipment, weights=flow, minlength=len(problem.shipment_ids)
    )
    return Decisions(
        open=opened,
        modules=standing,
        departures=both[:, :, 0],
        empties=both[:, :, 1],
        flow_kt=flow,
        unserved_kt=np.maximum(problem.demand_kt - carried, 0.0),
    )


def flows_of(problem: Problem, plan: Plan) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return the flows of a plan in kt by column, those over routes that are listed."""
    known = {(f.shipment, f.steps): f.kg_per_year / KG_PER_KT for f in plan.flows}
    ids = problem.shipment_ids
    return np.array(
        [
            known.get((ids[s], steps), 0.0)
            for s, steps in zip(problem.column_shipment.tolist(), problem.column_steps, strict=True)
        ],
        dtype=np.float64,
    )
