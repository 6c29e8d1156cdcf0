"""The LP of one stage's flows with the design standing: rows from the model, sites from the plan.

Kilotonnes and million CNY a year. The rows come from the model itself (`flows_alone`), so that
every rule is in them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csc_matrix, hstack

from hubopt.engine.flows_alone import DEMAND, flows_alone
from hubopt.engine.solve_problem import form_of
from hubopt.model.decisions import positions
from hubopt.model.names import Names
from hubopt.solver.name_list import taken

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hubopt.problem.problem import Decisions, Floats, Ints, Problem
    from hubopt.solver.form import StandardForm

    Bools = NDArray[np.bool_]

CHOSEN = "site_chosen_for_flow"
CAPACITIES = frozenset(
    {
        DEMAND, "site_capacity", "site_open_for_flow", "link_capacity", "transfer_capacity",
        "service_capacity", CHOSEN,
    }
)  # fmt: skip
"""Rows that hold whatever happens; all others are limits that a planner sets."""

NO_GROUP = -1


@dataclass(frozen=True)
class StageFlows:
    """Rows over the routes and the shipments of one stage, by number in `columns`, `shipments`.

    `kept_kt` are the flows from which freight does not move without need; `group` is the single
    source group of a row that ties flow to a chosen site, `chosen_routes` the routes (x columns)
    through each chosen site of each group in `chosen_group`.
    """

    columns: Ints
    shipments: Ints
    cost: Floats
    unserved_cost: Floats
    of_flow: csc_matrix
    of_unserved: csc_matrix
    demand_row: Ints
    lower: Floats
    upper: Floats
    row_names: tuple[str, ...]
    kept_kt: Floats
    group: Ints
    chosen_routes: csc_matrix
    chosen_group: Ints

    @cached_property
    def kinds(self) -> NDArray[np.str_]:
        """The rule that each row is of."""
        return np.array([name.partition("(")[0] for name in self.row_names])

    @cached_property
    def limits(self) -> Bools:
        """Which rows are limits that a planner sets."""
        return ~np.isin(self.kinds, list(CAPACITIES))


def stage_flows(problem: Problem, made: Decisions, stage: int, days: int) -> StageFlows:
    """Return the LP of the flows of a stage (by its number) of a plan.

    Capacities leave room for what `days` without a thing can leave behind, on top of demand.
    """
    wide = widened(problem, 1.0 + days)
    form = form_of(wide)
    flows = flows_alone(wide, form, held(wide, form, made))
    where = positions(wide, flows)
    columns = np.flatnonzero(problem.shipment_stage[problem.column_shipment] == stage)
    shipments = np.flatnonzero(problem.shipment_stage == stage)
    rows = flows.matrix()
    of_flow, of_left = rows[:, where["flow"][columns]], rows[:, where["unserved"][shipments]]
    here = np.flatnonzero(np.diff(hstack([of_flow, of_left]).tocsr().indptr) > 0)
    names = tuple(taken(flows.row_names, here))
    place = {name: row for row, name in enumerate(names)}
    labels = Names(problem).shipments
    demand_row = np.array([place[f"{DEMAND}({labels[s]})"] for s in shipments], dtype=np.int64)
    lower, upper = flows.row_lower[here], flows.row_upper[here]
    lower[demand_row] = upper[demand_row] = problem.demand_kt[shipments]
    group, chosen_routes, chosen_group = sourced(problem, made, columns, place)
    return StageFlows(
        columns=columns,
        shipments=shipments,
        cost=problem.column_cost[columns],
        unserved_cost=problem.unserved_cost[shipments],
        of_flow=csc_matrix(of_flow.tocsr()[here]),
        of_unserved=csc_matrix(of_left.tocsr()[here]),
        demand_row=demand_row,
        lower=lower,
        upper=upper,
        row_names=names,
        kept_kt=made.flow_kt[columns],
        group=group,
        chosen_routes=chosen_routes,
        chosen_group=chosen_group,
    )


def widened(problem: Problem, factor: float) -> Problem:
    """Return a problem with so many times the freight: capacities are then not cut to demand."""
    assigned = problem.assignments
    return replace(
        problem,
        demand_kt=problem.demand_kt * factor,
        assignments=replace(assigned, limit_kt=assigned.limit_kt * factor),
    )


def held(problem: Problem, form: StandardForm, made: Decisions) -> Floats:
    """Return the values of a form's whole columns under a plan, 0 for the others."""
    values = np.zeros(len(form.cost) + 1)  # what has no column is written to the last
    where = positions(problem, form)
    for family in ("open", "modules", "departures", "empties"):
        values[where[family]] = getattr(made, family).ravel()
    values[where["assign"]] = chosen(problem, made)
    return values[:-1]


def chosen(problem: Problem, made: Decisions) -> Bools:
    """Return which candidates of single sourcing a plan uses: flow says so."""
    numbers = problem.assignments
    used = numbers.links @ made.flow_kt > 0
    found = np.zeros(len(numbers.site), dtype=bool)
    found[numbers.candidate[used]] = True
    return found


def sourced(
    problem: Problem, made: Decisions, columns: Ints, place: dict[str, int]
) -> tuple[Ints, csc_matrix, Ints]:
    """Return the group of each row on a chosen site, and routes and group of each chosen site."""
    numbers, names = problem.assignments, Names(problem)
    group = np.full(len(place), NO_GROUP, dtype=np.int64)
    for candidate, shipment in zip(numbers.candidate, numbers.shipment, strict=True):
        label, site = names.assignments[candidate]
        row = place.get(f"{CHOSEN}({label},{site},{names.shipments[shipment]})")
        if row is not None:
            group[row] = numbers.group[candidate]
    there = chosen(problem, made)[numbers.candidate]
    routes = numbers.links[there][:, columns]
    return group, csc_matrix(routes), numbers.group[numbers.candidate[there]]
