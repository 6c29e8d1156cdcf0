"""Why no plan exists: a second solve in which rules may be broken, at as few places as possible."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csc_matrix, eye, hstack

from hubopt.errors import InfeasibleError
from hubopt.model.build import build
from hubopt.model.standard import standard_form
from hubopt.solver.form import SolveOptions, StandardForm
from hubopt.solver.run import run
from hubopt.text import Text

if TYPE_CHECKING:
    from hubopt.problem.problem import Problem

ELASTIC = ("departure_limits", "required_sites", "sites_at_most", "budget")
"""Rules that a planner may loosen; all others say what freight and buildings are."""

TIME_S = 60.0
BROKEN = 1e-6
MOST_NAMED = 8


def explain_infeasible(problem: Problem) -> InfeasibleError:
    """Return the error that names the rules which together leave no plan."""
    form = standard_form(build(problem))
    rows = [n for n, name in enumerate(form.row_names) if name.split("(")[0] in ELASTIC]
    answer = run(relaxed(form, rows), SolveOptions(gap=0.0, time_s=TIME_S))
    if answer.values is None:
        names: list[str] = []
    else:
        slack = answer.values[len(form.cost) :].reshape(2, -1).sum(axis=0)
        names = [form.row_names[row] for row, s in zip(rows, slack, strict=True) if s > BROKEN]
    listed = "; ".join(names[:MOST_NAMED]) or "?"
    return InfeasibleError(
        Text(
            "no plan can meet all rules at once. The fewest to loosen:"
            f" {listed}. Raise the limit, or make a required site a candidate",
            f"没有方案能同时满足全部规则。至少需要放宽：{listed}。请提高限额，或把必建设施改为候选",
        )
    )


def relaxed(form: StandardForm, rows: list[int]) -> StandardForm:
    """Return a form in which each of `rows` may be missed either way, at the price of how far."""
    matrix = csc_matrix(
        (form.values, form.indices, form.starts), shape=(len(form.row_lower), len(form.cost))
    )
    slack = eye(len(form.row_lower), format="csc")[:, rows]
    wide = hstack([matrix, slack, -slack], format="csc")
    more = 2 * len(rows)
    return StandardForm(
        cost=np.concatenate([np.zeros(len(form.cost)), np.ones(more)]),
        offset=0.0,
        column_lower=np.concatenate([form.column_lower, np.zeros(more)]),
        column_upper=np.concatenate([form.column_upper, np.full(more, np.inf)]),
        integer=np.concatenate([form.integer, np.zeros(more, dtype=bool)]),
        starts=wide.indptr.astype(np.int64),
        indices=wide.indices.astype(np.int64),
        values=wide.data,
        row_lower=form.row_lower,
        row_upper=form.row_upper,
        column_names=(*form.column_names, *(f"slack{n}" for n in range(more))),
        row_names=form.row_names,
    )
