"""Flow: every shipment is routed or priced as unserved, within the capacities on its way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hubopt.model import sources
from hubopt.model.names import labels
from hubopt.model.parts import Parts, Row, by_stage, linear, rule, used
from hubopt.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

    from hubopt.problem.problem import Floats, Problem


LEAST_KT = 1e-3
"""A row for less than a tonne is written in a larger unit."""


@rule(
    Text(
        "Each shipment is carried over its routes or stays unserved at its price.",
        "每批货运量须由其各条路径运送，否则按单价计为未满足。",
    ),
    "sum_{c of s} flow[c] + unserved[s] = demand[s]  for each shipment s",
    "kt/year",
    sources.PATH_FLOWS,
)
def demand_met(parts: Parts) -> Iterator[Row]:
    """Yield sum of flow[c] + unserved[s] = demand[s]."""
    problem = parts.problem
    for s, label in enumerate(parts.names.shipments):
        coefficients, variables = used(problem.demand_use, s, parts.flow)
        demand = float(problem.demand_kt[s])
        body = linear([*coefficients, 1.0], [*variables, parts.unserved[s]])
        yield (label,), demand, body, demand


@rule(
    Text(
        "Freight handled by one function of a site stays within what its modules can do.",
        "设施每项功能的处理量不超过其模块的能力。",
    ),
    "sum_c uses[c,p] flow[c] <= sum_m min(capacity[p,m], possible[p,t]) modules[m,t]"
    "  for each site function p, stage t;  possible: all freight that could come",
    "kt/year",
    sources.MODULAR,
)
def site_capacity(parts: Parts) -> Iterator[Row]:
    """Yield sum of uses x flow - sum of capacity x modules <= 0, each capacity at its tightest."""
    problem = parts.problem
    possible = most_use(problem, problem.pool_use)
    for p, t, row in by_stage(parts, len(parts.names.pools)):
        coefficients, variables = used(problem.pool_use, row, parts.flow)
        if coefficients:
            capacity = np.minimum(problem.sites.pool_module_capacity[p], possible[row])
            adds = np.flatnonzero(capacity > 0)
            body = linear(
                [*coefficients, *(-capacity[adds])], [*variables, *parts.modules[adds, t]]
            )
            yield (*parts.names.pools[p], parts.stages[t]), None, body, 0.0


def most_use(problem: Problem, use: csr_matrix) -> Floats:
    """Return for each row of an incidence matrix the kt a year that could use it at most.

    Each shipment counts once, with the route of its that uses the thing most often.
    """
    owner, demand = problem.column_shipment, problem.demand_kt
    shipment = owner.astype(np.int32)[use.indices]
    if once(shipment, use.indptr) and use.data.min(initial=0.0) >= 0.0:
        return np.asarray(use @ demand[owner], dtype=float)
    rows = np.repeat(np.arange(use.shape[0]), np.diff(use.indptr))
    key = rows * len(demand) + shipment
    order = np.argsort(key, kind="stable")
    starts = np.flatnonzero(np.diff(key[order], prepend=-1))
    most, first = np.maximum.reduceat(use.data[order], starts), order[starts]
    weights = np.maximum(most, 0.0) * demand[shipment[first]]
    return np.bincount(rows[first], weights=weights, minlength=use.shape[0]).astype(float)


def once(shipment: NDArray[np.int32], starts: NDArray[np.int32]) -> bool:
    """Return whether shipments surely stand but once in each row: all rise, or all fall."""
    step = np.diff(shipment)
    between = starts[(starts > 0) & (starts < len(shipment))] - 1
    step[between] = 1
    rise = bool((step > 0).all())
    step[between] = -1
    return rise or bool((step < 0).all())


@rule(
    Text("A shipment passes a site only if it is open.", "货物只能经由开放的设施。"),
    "sum_{c of s through p} flow[c] <= min(demand[s], largest[p] / peak[s]) open[x(p),t]"
    "  for each shipment s and function p of a site that may be closed",
    "kt/year",
    sources.STRONG_LINKS,
)
def site_open_for_flow(parts: Parts) -> Iterator[Row]:
    """Yield sum of flow - limit x open <= 0; the limit is the tightest there is."""
    openings, pools = parts.problem.openings, parts.problem.sites.pool_site
    for row in range(len(openings.limit_kt)):
        coefficients, variables = used(openings.use, row, parts.flow)
        p, t = int(openings.pool[row]), int(openings.stage[row])
        gate = parts.open[pools[p], t]
        limit = float(openings.limit_kt[row])
        if limit <= 0:
            continue
        scale = max(1.0, LEAST_KT / limit)  # a few kilograms beside large sums would be lost
        terms = [c * scale for c in coefficients]
        body = linear([*terms, -limit * scale], [*variables, gate])
        label = parts.names.shipments[openings.shipment[row]]
        yield (label, *parts.names.pools[p]), None, body, 0.0


@rule(
    Text(
        "Freight on a link stays within its capacity, both directions together.",
        "线路运量（双向合计）不超过其能力。",
    ),
    "sum_c uses[c,l] flow[c] <= capacity[l]  for each link l with a capacity, stage t",
    "kt/year",
    sources.NETWORK_DESIGN,
)
def link_capacity(parts: Parts) -> Iterator[Row]:
    """Yield sum of uses x flow <= capacity."""
    problem = parts.problem
    yield from capacity_rows(parts, problem.link_names, problem.link_use, problem.link_capacity_kt)


@rule(
    Text(
        "Freight that changes mode at a place stays within its capacity, both directions together.",
        "换装量（双向合计）不超过换装能力。",
    ),
    "sum_c uses[c,k] flow[c] <= capacity[k]  for each transfer k with a capacity, stage t",
    "kt/year",
    sources.NETWORK_DESIGN,
)
def transfer_capacity(parts: Parts) -> Iterator[Row]:
    """Yield sum of uses x flow <= capacity."""
    problem = parts.problem
    yield from capacity_rows(
        parts, problem.transfer_names, problem.transfer_use, problem.transfer_capacity_kt
    )


def capacity_rows(
    parts: Parts, names: tuple[str, ...], use: csr_matrix, capacity: Floats
) -> Iterator[Row]:
    """Yield one row for each thing and stage that some route uses."""
    plain = labels(names)
    for thing, t, row in by_stage(parts, len(names)):
        coefficients, variables = used(use, row, parts.flow)
        if coefficients:
            index = (plain[thing], parts.stages[t])
            yield index, None, linear(coefficients, variables), float(capacity[thing])
