"""The whole model of a problem as arrays: whole decisions from Pyomo, flows straight from numpy.

The rows and columns are those of the Pyomo model, by name, bound and coefficient; only their order
is another. Pyomo takes seconds for the rows of tens of thousands of routes, and memory to match;
the whole decisions are few, so that what a planner adds for them may go through Pyomo.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_array, csr_matrix, diags_array, hstack, vstack

from hubopt.model.build import build_design
from hubopt.model.flow import LEAST_KT, most_use
from hubopt.model.names import Names, labels
from hubopt.model.standard import standard_form
from hubopt.solver.form import StandardForm

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from hubopt.problem.problem import Floats, Ints, Problem

    Rows = NDArray[np.int64]


def array_form(problem: Problem, most_kt: Floats | None = None) -> StandardForm:
    """Return the form of a problem, in million CNY of present value and kt a year.

    A module adds no more to a pool than the listed routes could use, or, where `most_kt` (pools x
    stages) is given, than that: what could come over all routes, listed or not.
    """
    design = standard_form(build_design(problem))
    blocks = Blocks(problem, design, most_kt)
    for add in FAMILIES:
        add(blocks)
    return blocks.form()


@dataclass
class Blocks:
    """The rows on flows under construction: for each block what it takes of each kind of column."""

    problem: Problem
    design: StandardForm
    most_kt: Floats | None
    names: Names = field(init=False)
    column_names: dict[str, list[str]] = field(init=False)
    columns: dict[str, Rows] = field(init=False)
    row_names: list[str] = field(default_factory=list)
    parts: list[tuple[csr_matrix, csr_matrix, csr_matrix]] = field(default_factory=list)
    sides: list[tuple[Floats, Floats]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Find the columns of whole decisions by their names."""
        self.names = Names(self.problem)
        place = {name: here for here, name in enumerate(self.design.column_names)}
        self.column_names = self.names.columns()  # made once: there are hundreds of thousands
        self.columns = {
            family: np.array(
                [place.get(name, -1) for name in self.column_names[family]], dtype=np.int64
            )
            for family in ("open", "modules", "departures", "assign")
        }

    @property
    def stages(self) -> int:
        """Number of stages."""
        return len(self.problem.stages)

    def wide(self, rows: Ints, columns: Ints, values: Floats, height: int) -> csr_matrix:
        """Return entries on columns of whole decisions as a block of rows."""
        shape = (height, len(self.design.cost))
        return csr_matrix(coo_array((values, (rows, columns)), shape=shape))

    def add(
        self,
        row_names: Iterable[str],
        flow: csr_matrix,
        *,
        design: csr_matrix | None = None,
        unserved: csr_matrix | None = None,
        lower: Floats | None = None,
        upper: Floats | None = None,
    ) -> None:
        """Add rows `lower <= flow @ f + unserved @ u + design @ x <= upper`; none is no bound."""
        height = flow.shape[0]
        count = len(self.problem.demand_kt)
        nobody = csr_matrix((height, count)) if unserved is None else unserved
        nothing = self.wide(NO_ROWS, NO_ROWS, NO_VALUES, height) if design is None else design
        self.row_names += row_names
        self.parts.append((nothing, csr_matrix(flow), csr_matrix(nobody)))
        self.sides.append(
            (
                np.full(height, -np.inf) if lower is None else lower,
                np.full(height, np.inf) if upper is None else upper,
            )
        )

    def form(self) -> StandardForm:
        """Return the form of the whole decisions with all rows added."""
        problem, design = self.problem, self.design
        weight = problem.weights[problem.shipment_stage]
        routes, shipments = len(problem.column_shipment), len(problem.demand_kt)
        beside = csr_matrix((len(design.row_lower), routes + shipments))
        rows = vstack([hstack([design.matrix(), beside]), *map(hstack, self.parts)]).tocsc()
        rows.sum_duplicates()
        rows.eliminate_zeros()
        rows.sort_indices()
        names = self.column_names
        count = routes + shipments
        return StandardForm(
            cost=np.concatenate(
                [design.cost, problem.column_terms.sum(axis=1) * weight[problem.column_shipment],
                 problem.unserved_cost * weight]
            ),
            offset=design.offset,
            column_lower=np.concatenate([design.column_lower, np.zeros(count)]),
            column_upper=np.concatenate(
                [design.column_upper, problem.demand_kt[problem.column_shipment],
                 problem.demand_kt]
            ),
            integer=np.concatenate([design.integer, np.zeros(count, dtype=bool)]),
            starts=rows.indptr.astype(np.int64),
            indices=rows.indices.astype(np.int64),
            values=rows.data.astype(float),
            row_lower=np.concatenate([design.row_lower, *(lower for lower, _ in self.sides)]),
            row_upper=np.concatenate([design.row_upper, *(upper for _, upper in self.sides)]),
            column_names=(*design.column_names, *names["flow"], *names["unserved"]),
            row_names=(*design.row_names, *self.row_names),
        )  # fmt: skip


NO_ROWS, NO_VALUES = np.zeros(0, dtype=np.int64), np.zeros(0)


def named(family: str, *index: object) -> str:
    """Return the name of a row."""
    return f"{family}({','.join(map(str, index))})"


def used_rows(use: csr_matrix) -> Rows:
    """Return the rows of an incidence matrix that some route uses."""
    found: Rows = np.flatnonzero(np.diff(use.indptr) > 0)
    return found


def demand_met(blocks: Blocks) -> None:
    """Add sum of flows + unserved = demand."""
    problem = blocks.problem
    names = [named("demand_met", label) for label in blocks.names.shipments]
    everyone = csr_matrix(diags_array(np.ones(len(names))))
    side = problem.demand_kt
    blocks.add(names, problem.demand_use, unserved=everyone, lower=side, upper=side)


def site_capacity(blocks: Blocks) -> None:
    """Add what is handled <= what the modules add, each no more than could come."""
    problem, stages = blocks.problem, blocks.stages
    rows = used_rows(problem.pool_use)
    given = blocks.most_kt
    every = most_use(problem, problem.pool_use) if given is None else given.ravel()
    capacity = problem.sites.pool_module_capacity[rows // stages]
    capacity = np.minimum(capacity, every[rows][:, None])
    bounded = np.isfinite(capacity).all(axis=1)  # a module without a limit limits nothing
    rows, capacity = rows[bounded], capacity[bounded]
    pool, stage = rows // stages, rows % stages
    row, module = np.nonzero(capacity > 0)
    columns = blocks.columns["modules"].reshape(-1, stages)[module, stage[row]]
    design = blocks.wide(row, columns, -capacity[row, module], len(rows))
    names = [
        named("site_capacity", *blocks.names.pools[p], problem.stages[t])
        for p, t in zip(pool, stage, strict=True)
    ]
    blocks.add(names, problem.pool_use[rows], design=design, upper=np.zeros(len(rows)))


def site_open_for_flow(blocks: Blocks) -> None:
    """Add flow of a shipment through a site <= limit x open."""
    openings, sites = blocks.problem.openings, blocks.problem.sites
    rows = np.flatnonzero(openings.limit_kt > 0)
    limit = openings.limit_kt[rows]
    scale = np.maximum(1.0, LEAST_KT / limit)  # a few kilograms beside large sums would be lost
    site, stage = sites.pool_site[openings.pool[rows]], openings.stage[rows]
    columns = blocks.columns["open"].reshape(-1, blocks.stages)[site, stage]
    design = blocks.wide(np.arange(len(rows)), columns, -limit * scale, len(rows))
    flow = diags_array(scale) @ openings.use[rows]
    shipments, pools = blocks.names.shipments, [",".join(pool) for pool in blocks.names.pools]
    pairs = zip(openings.shipment[rows].tolist(), openings.pool[rows].tolist(), strict=True)
    names = [f"site_open_for_flow({shipments[s]},{pools[p]})" for s, p in pairs]
    blocks.add(names, flow, design=design, upper=np.zeros(len(rows)))


def link_capacity(blocks: Blocks) -> None:
    """Add flow over a link <= its capacity."""
    problem = blocks.problem
    add_capacity(
        blocks, "link_capacity", problem.link_names, problem.link_use, problem.link_capacity_kt
    )


def transfer_capacity(blocks: Blocks) -> None:
    """Add flow that changes mode at a place <= its capacity."""
    problem = blocks.problem
    add_capacity(
        blocks, "transfer_capacity", problem.transfer_names, problem.transfer_use,
        problem.transfer_capacity_kt,
    )  # fmt: skip


def add_capacity(
    blocks: Blocks, family: str, things: Sequence[str], use: csr_matrix, capacity: Floats
) -> None:
    """Add use <= capacity for each thing and stage that some route uses."""
    rows, plain = used_rows(use), labels(things)
    thing, stage = rows // blocks.stages, rows % blocks.stages
    names = [
        named(family, plain[n], blocks.problem.stages[t]) for n, t in zip(thing, stage, strict=True)
    ]
    blocks.add(names, use[rows], upper=capacity[thing])


def service_capacity(blocks: Blocks) -> None:
    """Add space taken on a leg <= payload x departures."""
    problem, services = blocks.problem, blocks.problem.services
    rows = used_rows(problem.leg_use)
    leg, stage = rows // blocks.stages, rows % blocks.stages
    service = services.leg_service[leg]
    columns = blocks.columns["departures"].reshape(-1, blocks.stages)[service, stage]
    payload = -services.payload_kt[service]
    design = blocks.wide(np.arange(len(rows)), columns, payload, len(rows))
    plain = labels("_".join(name) for name in services.legs)
    names = [
        named("service_capacity", blocks.names.services[v], plain[n], problem.stages[t])
        for v, n, t in zip(service, leg, stage, strict=True)
    ]
    blocks.add(names, problem.leg_use[rows], design=design, upper=np.zeros(len(rows)))


def least_use(blocks: Blocks) -> None:
    """Add what is handled >= least use x open."""
    numbers, sites = blocks.problem.least_use, blocks.problem.sites
    height = len(numbers.least_kt)
    columns = blocks.columns["open"].reshape(-1, blocks.stages)[
        sites.pool_site[numbers.pool], numbers.stage
    ]
    design = blocks.wide(np.arange(height), columns, -numbers.least_kt, height)
    names = [
        named("least_use", *blocks.names.pools[p], blocks.problem.stages[t])
        for p, t in zip(numbers.pool, numbers.stage, strict=True)
    ]
    blocks.add(names, numbers.use, design=design, lower=np.zeros(height))


def site_chosen_for_flow(blocks: Blocks) -> None:
    """Add flow of a shipment through a candidate <= demand if the candidate is chosen."""
    numbers = blocks.problem.assignments
    rows = np.flatnonzero(numbers.limit_kt > 0)
    candidate = numbers.candidate[rows]
    columns = blocks.columns["assign"][candidate]
    design = blocks.wide(np.arange(len(rows)), columns, -numbers.limit_kt[rows], len(rows))
    shipments = blocks.names.shipments
    chosen = [",".join(pair) for pair in blocks.names.assignments]
    pairs = zip(candidate.tolist(), numbers.shipment[rows].tolist(), strict=True)
    names = [f"site_chosen_for_flow({chosen[c]},{shipments[s]})" for c, s in pairs]
    blocks.add(names, numbers.links[rows], design=design, upper=np.zeros(len(rows)))


def sums_of_flows(blocks: Blocks) -> None:
    """Add the limits on sums of flows and of what stays behind."""
    numbers = blocks.problem.flow_limits
    taken = np.diff(numbers.flow_use.indptr) + np.diff(numbers.unserved_use.indptr)
    rows = np.flatnonzero(taken > 0)
    names = [
        named(numbers.rules[r], int(numbers.numbers[r]), blocks.problem.stages[numbers.stage[r]])
        for r in rows
    ]
    blocks.add(
        names, numbers.flow_use[rows], unserved=numbers.unserved_use[rows],
        upper=numbers.most[rows],
    )  # fmt: skip


FAMILIES = (
    demand_met,
    site_capacity,
    site_open_for_flow,
    link_capacity,
    transfer_capacity,
    service_capacity,
    least_use,
    site_chosen_for_flow,
    sums_of_flows,
)
"""What adds the rows of each rule on flows."""
