"""The whole model of a problem as arrays, straight from numpy: whole decisions, then flows.

The rows and columns are those of the Pyomo model, by name, bound and coefficient; only their order
is another. Pyomo takes seconds for the rows of tens of thousands of routes, and memory to match.
Names are made when they are read.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from hubopt.engine.design_form import design_form
from hubopt.engine.stacked import PLACE, Entries, counted, stacked
from hubopt.model.families import column_axes, row_family
from hubopt.model.flow import LEAST_KT, most_use
from hubopt.model.names import Names
from hubopt.solver.form import StandardForm
from hubopt.solver.name_list import Family, NameList

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

    from hubopt.engine.design_form import DesignForm
    from hubopt.problem.problem import Floats, Problem
    from hubopt.solver.form import Places

    Rows = NDArray[np.int64]


def array_form(problem: Problem, most_kt: Floats | None = None) -> StandardForm:
    """Return the form of a problem, in million CNY of present value and kt a year.

    A module adds no more to a pool than the listed routes could use, or, where `most_kt` (pools x
    stages) is given, than that: what could come over all routes, listed or not.
    """
    names = Names(problem)
    blocks = Blocks(problem, names, design_form(problem, names), most_kt)
    for add in FAMILIES:
        add(blocks)
    return blocks.form()


@dataclass
class Blocks:
    """The rows on flows under construction: for each block what it takes of each kind of column."""

    problem: Problem
    names: Names
    design: DesignForm
    most_kt: Floats | None
    row_names: list[Family] = field(default_factory=list)
    flows: list[csr_matrix] = field(default_factory=list)
    beside: list[Entries] = field(default_factory=list)
    sides: list[tuple[Floats, Floats]] = field(default_factory=list)

    @property
    def stages(self) -> int:
        """Number of stages."""
        return len(self.problem.stages)

    def add(
        self,
        flow: csr_matrix,
        *names: Family,
        design: Entries | None = None,
        unserved: Entries | None = None,
        lower: Floats | float = -np.inf,
        upper: Floats | float = np.inf,
    ) -> None:
        """Add rows `lower <= flow @ f + unserved @ u + design @ x <= upper`."""
        height = flow.shape[0]
        behind = len(self.design.columns) + len(self.problem.column_shipment)
        if design is not None:
            self.beside.append(design._replace(rows=design.rows + self.height))
        if unserved is not None:
            rows, columns, values = unserved
            self.beside.append(Entries(rows + self.height, columns + behind, values))
        self.row_names += names
        self.flows.append(flow)
        self.sides.append((np.broadcast_to(lower, height), np.broadcast_to(upper, height)))

    @property
    def height(self) -> int:
        """Number of rows so far."""
        return self.design.height + sum(len(lower) for lower, _ in self.sides)

    def form(self) -> StandardForm:
        """Return the form of the whole decisions with all rows added."""
        problem, design = self.problem, self.design
        weight = problem.weights[problem.shipment_stage]
        routes, shipments = len(problem.column_shipment), len(problem.demand_kt)
        whole, count = len(design.columns), routes + shipments
        beside = [design.entries, *self.beside]
        matrix = stacked(self.flows, beside, design.height, whole, whole + count)
        sides = [(block.lower, block.upper) for block in design.rows] + self.sides
        axes = column_axes(self.names)
        flow, unserved = (
            Family(family, counted(size), axes[family])
            for family, size in (("flow", routes), ("unserved", shipments))
        )
        return StandardForm(
            cost=np.concatenate(
                [design.cost, problem.column_cost * weight[problem.column_shipment],
                 problem.unserved_cost * weight]
            ),
            offset=design.offset,
            column_lower=np.zeros(whole + count),
            column_upper=np.concatenate(
                [design.upper, problem.demand_kt[problem.column_shipment], problem.demand_kt]
            ),
            integer=np.arange(whole + count) < whole,
            starts=matrix.starts,
            indices=matrix.indices,
            values=matrix.values,
            row_lower=np.concatenate([lower for lower, _ in sides]),
            row_upper=np.concatenate([upper for _, upper in sides]),
            column_names=NameList([*design.column_names(), flow, unserved]),
            row_names=NameList([*design.row_names(), *self.row_names]),
        )  # fmt: skip

    def rule(self, name: str, numbers: Places) -> Family:
        """Return rows of a rule by number."""
        return row_family(self.names, name, numbers)


def used_rows(use: csr_matrix) -> Rows:
    """Return the rows of an incidence matrix that some route uses."""
    found: Rows = np.flatnonzero(np.diff(use.indptr) > 0)
    return found


def some(use: csr_matrix, rows: Rows | slice) -> csr_matrix:
    """Return some of the rows of a matrix, given in order; all of them are no copy."""
    every = isinstance(rows, slice) or len(rows) == use.shape[0]
    return use if every else use[rows]


def demand_met(blocks: Blocks) -> None:
    """Add sum of flows + unserved = demand."""
    problem = blocks.problem
    each = counted(len(problem.demand_kt))
    names = blocks.rule("demand_met", each)
    everyone = Entries(each, each, np.ones(len(each)))
    side = problem.demand_kt
    blocks.add(problem.demand_use, names, unserved=everyone, lower=side, upper=side)


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
    row, module = np.nonzero(capacity > 0)
    columns = blocks.design.of("modules").reshape(-1, stages)[module, (rows % stages)[row]]
    design = Entries(row.astype(PLACE), columns, -capacity[row, module])
    names = blocks.rule("site_capacity", rows)
    blocks.add(some(problem.pool_use, rows), names, design=design, upper=0.0)


def site_open_for_flow(blocks: Blocks) -> None:
    """Add flow of a shipment through a site <= limit x open."""
    openings, sites = blocks.problem.openings, blocks.problem.sites
    there = openings.limit_kt > 0
    rows = slice(None) if there.all() else np.flatnonzero(there)
    limit, pool, flow = openings.limit_kt[rows], openings.pool[rows], some(openings.use, rows)
    opened = blocks.design.of("open").reshape(-1, blocks.stages)[sites.pool_site]
    design = Entries(counted(len(limit)), opened[pool, openings.stage[rows]], -limit)
    if (limit < LEAST_KT).any():
        scale = np.maximum(1.0, LEAST_KT / limit)  # a few kilograms beside large sums would be lost
        flow = flow.copy()
        flow.data *= np.repeat(scale, np.diff(flow.indptr))
        design = design._replace(values=-limit * scale)
    pairs = openings.shipment[rows] * len(sites.pools) + pool
    names = blocks.rule("site_open_for_flow", pairs)
    blocks.add(flow, names, design=design, upper=0.0)


def link_capacity(blocks: Blocks) -> None:
    """Add flow over a link <= its capacity."""
    problem = blocks.problem
    add_capacity(blocks, "link_capacity", problem.link_use, problem.link_capacity_kt)


def transfer_capacity(blocks: Blocks) -> None:
    """Add flow that changes mode at a place <= its capacity."""
    problem = blocks.problem
    add_capacity(blocks, "transfer_capacity", problem.transfer_use, problem.transfer_capacity_kt)


def add_capacity(blocks: Blocks, rule: str, use: csr_matrix, capacity: Floats) -> None:
    """Add use <= capacity for each thing and stage that some route uses."""
    rows = used_rows(use)
    blocks.add(some(use, rows), blocks.rule(rule, rows), upper=capacity[rows // blocks.stages])


def service_capacity(blocks: Blocks) -> None:
    """Add space taken on a leg <= payload x departures."""
    problem, services = blocks.problem, blocks.problem.services
    rows = used_rows(problem.leg_use)
    service = services.leg_service[rows // blocks.stages]
    runs = blocks.design.of("departures").reshape(-1, blocks.stages)
    columns = runs[service, rows % blocks.stages]
    design = Entries(counted(len(rows)), columns, -services.payload_kt[service])
    names = blocks.rule("service_capacity", rows)
    blocks.add(some(problem.leg_use, rows), names, design=design, upper=0.0)


def least_use(blocks: Blocks) -> None:
    """Add what is handled >= least use x open."""
    numbers, sites = blocks.problem.least_use, blocks.problem.sites
    height = len(numbers.least_kt)
    opened = blocks.design.of("open").reshape(-1, blocks.stages)
    columns = opened[sites.pool_site[numbers.pool], numbers.stage]
    design = Entries(counted(height), columns, -numbers.least_kt)
    names = blocks.rule("least_use", numbers.pool * blocks.stages + numbers.stage)
    blocks.add(numbers.use, names, design=design, lower=0.0)


def site_chosen_for_flow(blocks: Blocks) -> None:
    """Add flow of a shipment through a candidate <= demand if the candidate is chosen."""
    problem, numbers = blocks.problem, blocks.problem.assignments
    rows = np.flatnonzero(numbers.limit_kt > 0)
    candidate = numbers.candidate[rows]
    columns = blocks.design.of("assign")[candidate]
    design = Entries(counted(len(rows)), columns, -numbers.limit_kt[rows])
    chosen = numbers.group[candidate] * len(problem.sites.site_ids) + numbers.site[candidate]
    thirds = chosen * len(problem.shipment_ids) + numbers.shipment[rows]
    names = blocks.rule("site_chosen_for_flow", thirds)
    blocks.add(some(numbers.links, rows), names, design=design, upper=0.0)


def sums_of_flows(blocks: Blocks) -> None:
    """Add the limits on sums of flows and of what stays behind."""
    numbers = blocks.problem.flow_limits
    taken = np.diff(numbers.flow_use.indptr) + np.diff(numbers.unserved_use.indptr)
    rows = np.flatnonzero(taken > 0)
    left = some(numbers.unserved_use, rows).tocoo()
    names = (
        blocks.rule(numbers.rules[r], numbers.numbers[[r]] * blocks.stages + numbers.stage[r])
        for r in rows.tolist()
    )
    blocks.add(
        some(numbers.flow_use, rows), *names, unserved=Entries(left.row, left.col, left.data),
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
