"""Forms for the solver, small enough to solve in one's head, and one that takes for ever."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.sparse import csc_matrix

from hubopt.solver.form import StandardForm


def form_of(
    cost: np.ndarray, rows: np.ndarray, upper: np.ndarray, *, whole: bool = True
) -> StandardForm:
    """Return min cost x, rows x <= upper, 0 <= x <= 1."""
    matrix = csc_matrix(rows)
    count = len(cost)
    return StandardForm(
        cost=cost.astype(float),
        offset=0.0,
        column_lower=np.zeros(count),
        column_upper=np.ones(count),
        integer=np.full(count, whole),
        starts=matrix.indptr.astype(np.int64),
        indices=matrix.indices.astype(np.int64),
        values=matrix.data.astype(float),
        row_lower=np.full(len(upper), -np.inf),
        row_upper=upper.astype(float),
        column_names=tuple(f"x{n}" for n in range(count)),
        row_names=tuple(f"r{n}" for n in range(len(upper))),
    )


def knapsack() -> StandardForm:
    """Return a knapsack of 5: worth 6, 5, 4; weights 3, 4, 2; the best is x0 and x2, worth 10."""
    return form_of(np.array([-6.0, -5.0, -4.0]), np.array([[3.0, 4.0, 2.0]]), np.array([5.0]))


def endless(columns: int = 400) -> StandardForm:
    """Return a model whose gap HiGHS does not close within any test, with quick first plans."""
    random = np.random.default_rng(0)
    shape = (columns // 2, columns)
    rows = random.integers(1, 50, shape) * (random.random(shape) < 0.2)
    return form_of(-random.integers(10, 60, columns), rows, rows.sum(axis=1) * 0.4)


def infeasible() -> StandardForm:
    """Return a knapsack that must hold 4 of 3 things."""
    good = knapsack()
    return replace(good, values=np.ones(3), row_lower=np.array([4.0]))


def unbounded() -> StandardForm:
    """Return an LP that falls for ever."""
    good = knapsack()
    return replace(
        good,
        column_upper=np.full(3, np.inf),
        row_upper=np.array([np.inf]),
        integer=np.zeros(3, dtype=bool),
    )
