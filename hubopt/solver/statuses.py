"""From the words of HiGHS to ours, and whether a point that it returns really meets the form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hubopt.solver.form import SolverStatus

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hubopt.solver.form import Floats, StandardForm

TOLERANCE = 1e-5
"""Largest violation of a bound, a row or wholeness, relative to 1 + |bound|."""

CLASH = 1e-5
"""A bound above the cost of a checked point by this share is a fault, below it only rounding."""

WITH_POINT: Mapping[str, SolverStatus] = {
    "kOptimal": SolverStatus.OPTIMAL,
    "kModelEmpty": SolverStatus.OPTIMAL,
    "kTimeLimit": SolverStatus.LIMIT_WITH_VALUES,
    "kIterationLimit": SolverStatus.LIMIT_WITH_VALUES,
    "kSolutionLimit": SolverStatus.LIMIT_WITH_VALUES,
    "kMemoryLimit": SolverStatus.LIMIT_WITH_VALUES,
    "kObjectiveBound": SolverStatus.LIMIT_WITH_VALUES,
    "kObjectiveTarget": SolverStatus.LIMIT_WITH_VALUES,
    "kInterrupt": SolverStatus.INTERRUPTED_WITH_VALUES,
    "kHighsInterrupt": SolverStatus.INTERRUPTED_WITH_VALUES,
}
"""Statuses after which a point may be read, if it passes `worst_violation`."""

WITHOUT_POINT: Mapping[str, SolverStatus] = {
    "kInfeasible": SolverStatus.INFEASIBLE,
    "kUnbounded": SolverStatus.UNBOUNDED,
    "kTimeLimit": SolverStatus.LIMIT_WITHOUT_VALUES,
    "kIterationLimit": SolverStatus.LIMIT_WITHOUT_VALUES,
    "kSolutionLimit": SolverStatus.LIMIT_WITHOUT_VALUES,
    "kObjectiveBound": SolverStatus.LIMIT_WITHOUT_VALUES,
    "kObjectiveTarget": SolverStatus.LIMIT_WITHOUT_VALUES,
    "kInterrupt": SolverStatus.INTERRUPTED_WITHOUT_VALUES,
    "kHighsInterrupt": SolverStatus.INTERRUPTED_WITHOUT_VALUES,
}
"""What the same words mean without a point; all others mean failure."""


def solver_status(highs: str, *, point: bool) -> SolverStatus:
    """Return our status for a HiGHS model status, given whether a checked point is in hand."""
    table = WITH_POINT if point else WITHOUT_POINT
    return table.get(highs, SolverStatus.FAILED)


@dataclass(frozen=True, slots=True)
class Breach:
    """The worst violation of a point: how large (relative) and of which row or column."""

    size: float
    name: str


def clash(bound: float | None, objective: float | None) -> bool:
    """Tell whether a lower bound lies above the cost of a point by more than rounding."""
    if bound is None or objective is None:
        return False
    return bound - objective > CLASH * max(1.0, abs(objective))


def objective_of(form: StandardForm, values: Floats) -> float:
    """Return the cost of a point, with the offset."""
    return float(form.cost @ values) + form.offset


def activities(form: StandardForm, values: Floats) -> Floats:
    """Return A x, row by row."""
    return np.asarray(form.matrix() @ values, dtype=float)


def worst_violation(form: StandardForm, values: Floats) -> Breach:
    """Return the worst violation of bounds, wholeness and rows; infinite for NaN."""
    if values.shape != form.cost.shape or not np.isfinite(values).all():
        return Breach(float("inf"), "a point of wrong length or with NaN")
    breaches = [
        worst(values, form.column_lower, form.column_upper, form.column_names),
        worst(activities(form, values), form.row_lower, form.row_upper, form.row_names),
    ]
    if form.integer.any():
        off = np.where(form.integer, np.abs(values - np.round(values)), 0.0)
        breaches.append(Breach(float(off.max()), form.column_names[int(off.argmax())]))
    return max(breaches, key=lambda breach: breach.size)


def worst(values: Floats, lower: Floats, upper: Floats, names: Sequence[str]) -> Breach:
    """Return by how much the worst value leaves its bounds, relative to 1 + |bound|."""
    if not len(values):
        return Breach(0.0, "")
    below = np.where(np.isfinite(lower), lower - values, 0.0) / size_of(lower)
    above = np.where(np.isfinite(upper), values - upper, 0.0) / size_of(upper)
    off = np.maximum(np.maximum(below, above), 0.0)
    return Breach(float(off.max()), names[int(off.argmax())])


def size_of(bound: Floats) -> Floats:
    """Return 1 + |bound|, 1 where there is none."""
    return 1.0 + np.where(np.isfinite(bound), np.abs(bound), 0.0)


def dual_bound(form: StandardForm, row_duals: Floats) -> float:
    """Return a lower bound on the optimum that holds for any row multipliers (weak duality).

    sum_i y_i b_i + sum_j min over the column's bounds of (c_j - y A_j) x_j, with b_i the lower
    bound of the row where y_i > 0 and the upper one where y_i < 0. Multipliers of a wrong sign
    count as 0, so inexact duals cost strength and never validity.
    """
    y = np.where(np.isfinite(row_duals), row_duals, 0.0)
    y = np.where((y > 0) & ~np.isfinite(form.row_lower), 0.0, y)
    y = np.where((y < 0) & ~np.isfinite(form.row_upper), 0.0, y)
    sides = np.where(y > 0, form.row_lower, form.row_upper)
    rows = float(np.sum(y * np.where(y == 0, 0.0, sides)))
    columns = np.repeat(np.arange(len(form.cost)), np.diff(form.starts))
    priced = np.bincount(columns, weights=form.values * y[form.indices], minlength=len(form.cost))
    reduced = form.cost - priced
    ends = np.where(reduced > 0, form.column_lower, form.column_upper)
    with np.errstate(invalid="ignore"):
        parts = np.where(reduced == 0, 0.0, reduced * ends)
    return rows + float(np.sum(parts)) + form.offset
