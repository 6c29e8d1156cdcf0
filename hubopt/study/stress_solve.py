"""The LP of a stage's flows solved with something shut, and how fast a backlog is worked off.

While something is shut, a least use that nothing can meet any more and the single source of goods
whose site is shut or cut off do not hold; all other limits on the whole plan hold as far as they
can.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csc_matrix, hstack

from hubopt.solver.form import SolverStatus, StandardForm

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hubopt.problem.problem import Floats
    from hubopt.solver.form import SolverAnswer
    from hubopt.study.stress_flows import Bools, StageFlows

    Solve = Callable[[StandardForm], SolverAnswer]

STAY_MCNY_PER_KT = 1e-6
"""Of routes that cost the same freight keeps to its own: worth a tenth of a fen a tonne."""

NOTHING_KT = 1e-6
"""A kilogram a year; what differs by less is the solver's rounding."""

DAYS = 365.0


class UnsolvedError(Exception):
    """An LP that did not come to its end, with how it ended."""

    def __init__(self, answer: SolverAnswer) -> None:
        super().__init__(answer.reason)
        self.status = answer.status
        self.reason = answer.reason


@dataclass(frozen=True)
class Flows:
    """Optimal flows of a stage: kt a year by route and by shipment, and the limits that broke."""

    flow_kt: Floats
    unserved_kt: Floats
    carried_mcny: float
    unserved_mcny: float
    broken: tuple[str, ...] = ()

    @property
    def cost_mcny(self) -> float:
        """What the flows cost a year, with what stays behind at its price."""
        return self.carried_mcny + self.unserved_mcny


def form_of(flows: StageFlows, shut: Bools) -> StandardForm:
    """Return the LP with routes shut: columns are new flows, kept flows, what stays behind."""
    used = np.flatnonzero(flows.kept_kt > 0)
    matrix = csc_matrix(hstack([flows.of_flow, flows.of_flow[:, used], flows.of_unserved]))
    lower, upper = loosened(flows, shut)
    routes, left = len(flows.columns), len(flows.shipments)
    most = np.concatenate(
        [
            np.where(shut, 0.0, np.inf),
            np.where(shut[used], 0.0, flows.kept_kt[used]),
            np.full(left, np.inf),
        ]
    )
    names = [f"new({n})" for n in range(routes)] + [f"kept({n})" for n in used]
    return shaped(
        matrix,
        np.concatenate([flows.cost, flows.cost[used] - STAY_MCNY_PER_KT, flows.unserved_cost]),
        most,
        (lower, upper),
        (*names, *(f"unserved({n})" for n in range(left))),
        flows.row_names,
    )


def shaped(
    matrix: csc_matrix,
    cost: Floats,
    most: Floats,
    rows: tuple[Floats, Floats],
    names: Sequence[str],
    row_names: Sequence[str],
) -> StandardForm:
    """Return an LP over columns from 0 to `most`."""
    matrix.sort_indices()
    return StandardForm(
        cost=cost,
        offset=0.0,
        column_lower=np.zeros(len(cost)),
        column_upper=most,
        integer=np.zeros(len(cost), dtype=bool),
        starts=matrix.indptr.astype(np.int64),
        indices=matrix.indices.astype(np.int64),
        values=matrix.data.astype(float),
        row_lower=rows[0],
        row_upper=rows[1],
        column_names=names,
        row_names=row_names,
    )


def loosened(flows: StageFlows, shut: Bools) -> tuple[Floats, Floats]:
    """Return the sides of the rows less what cannot hold: see the head of this file."""
    lower, upper = flows.lower.copy(), flows.upper.copy()
    ways = abs(flows.of_flow) @ (~shut).astype(float)
    lower[flows.limits & (ways == 0)] = -np.inf
    total = abs(flows.chosen_routes).sum(axis=1)
    gone = np.asarray(flows.chosen_routes @ shut.astype(float) >= np.asarray(total).ravel())
    lost = np.unique(flows.chosen_group[gone & (np.asarray(total).ravel() > 0)])
    upper[np.isin(flows.group, lost)] = np.inf
    return lower, upper


def cheapest(flows: StageFlows, shut: Bools, solve: Solve) -> Flows:
    """Return the cheapest flows with routes shut; raises `UnsolvedError` if there are none."""
    form = form_of(flows, shut)
    answer = solve(form)
    broken: tuple[str, ...] = ()
    if answer.status is SolverStatus.INFEASIBLE and flows.limits.any():
        form, broken = as_far_as_can_be(flows, form, solve)
        answer = solve(form)
    values = optimal(answer)
    routes, left = len(flows.columns), len(flows.shipments)
    flow = values[:routes].copy()
    flow[flows.kept_kt > 0] += values[routes : len(values) - left]
    unserved = values[len(values) - left :]
    return Flows(
        np.maximum(flow, 0.0),
        np.maximum(unserved, 0.0),
        float(flows.cost @ flow),
        float(flows.unserved_cost @ unserved),
        broken,
    )


def as_far_as_can_be(
    flows: StageFlows, form: StandardForm, solve: Solve
) -> tuple[StandardForm, tuple[str, ...]]:
    """Return a form whose limits give way by as little as must be, and the names of those."""
    below = np.flatnonzero(flows.limits & np.isfinite(form.row_lower))
    above = np.flatnonzero(flows.limits & np.isfinite(form.row_upper))
    rows, count = np.concatenate([below, above]), len(form.row_lower)
    signs = np.concatenate([np.ones(len(below)), -np.ones(len(above))])
    slack = csc_matrix((signs, (rows, np.arange(len(rows)))), shape=(count, len(rows)))
    names = tuple(f"slack({n})" for n in range(len(rows)))
    elastic = shaped(
        csc_matrix(hstack([form.matrix(), slack])),
        np.concatenate([np.zeros(len(form.cost)), np.ones(len(rows))]),
        np.concatenate([form.column_upper, np.full(len(rows), np.inf)]),
        (form.row_lower, form.row_upper),
        (*form.column_names, *names),
        form.row_names,
    )
    given = np.maximum(optimal(solve(elastic))[len(form.cost) :], 0.0)
    lower, upper = form.row_lower.copy(), form.row_upper.copy()
    lower[below] -= given[: len(below)] + NOTHING_KT
    upper[above] += given[len(below) :] + NOTHING_KT
    broken = [form.row_names[row] for row in rows[given > NOTHING_KT]]
    return replace(form, row_lower=lower, row_upper=upper), tuple(dict.fromkeys(broken))


def optimal(answer: SolverAnswer) -> Floats:
    """Return the values of an LP that came to its end; raises `UnsolvedError` otherwise."""
    if answer.status is not SolverStatus.OPTIMAL or answer.values is None:
        raise UnsolvedError(answer)
    return answer.values


def share_a_day(flows: StageFlows, base: Flows, backlog_kt: Floats, solve: Solve) -> float:
    """Return the share of a backlog (kt by shipment) that can be carried a day, at most 1.

    On top of normal demand, of which no more stays behind than before; limits that a planner sets
    count by the year and do not hold back what makes up for an outage.
    """
    form = form_of(flows, np.zeros(len(flows.columns), dtype=bool))
    lower = np.where(flows.limits, -np.inf, form.row_lower)
    upper = np.where(flows.limits, np.inf, form.row_upper)
    share = np.zeros(len(flows.row_names))
    share[flows.demand_row] = -DAYS * backlog_kt
    left = base.unserved_kt + NOTHING_KT
    most = np.concatenate([form.column_upper[: -len(left)], left, [1.0]])
    raised = shaped(
        csc_matrix(hstack([form.matrix(), csc_matrix(share[:, None])])),
        np.concatenate([np.zeros(len(form.cost)), [-1.0]]),
        most,
        (lower, upper),
        (*form.column_names, "share"),
        form.row_names,
    )
    return float(optimal(solve(raised))[-1])
