"""The LP of flows that remains when sites, modules and departures stand; its multipliers price.

Rows and bounds that only tighten the mixed-integer model are left out of it, since each of them
would take a part of the price: bounds of flows by their demand, links to sites that are open, and
capacities that all freight that could come would fit in.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csc_matrix

from hubopt.model.decisions import positions
from hubopt.model.flow import most_use
from hubopt.solver.form import SolverStatus, StandardForm
from hubopt.solver.name_list import in_families, taken
from hubopt.solver.run import run

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hubopt.engine.solve_problem import Solved
    from hubopt.problem.problem import Floats, Problem
    from hubopt.solver.form import SolveOptions

OPENING = "site_open_for_flow"
DEMAND, SERVICE_LEVEL = "demand_met", "service_level"
COUNT_UNSERVED = (DEMAND, SERVICE_LEVEL)
"""Rules that bind what stays behind too: that all freight would fit in loosens none of them."""

NOTHING_KT = 1e-9
ROOM = 1.0 - 1e-9


def flow_prices(problem: Problem, solved: Solved, options: SolveOptions) -> Mapping[str, float]:
    """Return the multiplier of each row on demand or on a capacity that is there, by row name.

    Million CNY of present value per kt; nothing if the LP does not come to its end.
    """
    if solved.answer.values is None:
        return {}
    form = flows_alone(problem, solved.form, solved.answer.values)
    answer = run(form, replace(options, highs={}))
    if answer.status is not SolverStatus.OPTIMAL or answer.row_duals is None:
        return {}
    there = (form.row_upper > NOTHING_KT) & np.isfinite(form.row_upper)
    names = taken(form.row_names, np.flatnonzero(there))
    return dict(zip(names, answer.row_duals[there].tolist(), strict=True))


def flows_alone(problem: Problem, form: StandardForm, values: Floats) -> StandardForm:
    """Return the form of flows with the whole columns standing at their values."""
    rows, whole = form.matrix(), form.integer
    held = rows[:, whole] @ np.round(values[whole])
    flows = csc_matrix(rows[:, ~whole])
    used = np.flatnonzero(np.diff(flows.tocsr().indptr) > 0)
    lower, upper = form.row_lower[used] - held[used], form.row_upper[used] - held[used]
    names = taken(form.row_names, used)
    flow_columns = positions(problem, form)["flow"]
    most = most_use(problem, rows.tocsr()[used][:, flow_columns])
    loose = in_families(names, {OPENING}) & (upper > NOTHING_KT)
    loose |= ~in_families(names, COUNT_UNSERVED) & (upper >= ROOM * most)
    small = csc_matrix(flows[used])
    small.sort_indices()
    count = int((~whole).sum())
    return StandardForm(
        cost=form.cost[~whole],
        offset=0.0,
        column_lower=np.zeros(count),
        column_upper=np.full(count, np.inf),
        integer=np.zeros(count, dtype=bool),
        starts=small.indptr.astype(np.int64),
        indices=small.indices.astype(np.int64),
        values=small.data.astype(float),
        row_lower=lower,
        row_upper=np.where(loose, np.inf, upper),
        column_names=taken(form.column_names, np.flatnonzero(~whole)),
        row_names=names,
    )
