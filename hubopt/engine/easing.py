"""An LP whose limits on flows may be broken at a high price, where its routes cannot keep them.

Other routes may, and the multipliers of the eased LP tell the pricing which ones to look for (phase
one of the simplex method, by column generation).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csc_matrix, hstack

from hubopt.solver.name_list import in_families, in_turn, taken

if TYPE_CHECKING:
    from hubopt.problem.problem import Ints, Problem
    from hubopt.solver.form import StandardForm

TIMES_DEAREST = 1000.0
"""Cost of breaking a limit by one unit, in terms of the dearest column."""


def eased(problem: Problem, form: StandardForm) -> StandardForm:
    """Return a form with a column more for each limit on flows, last, that makes up what it lacks.

    All other rows hold if everything stays behind and what must stand stands.
    """
    families = {"least_use", *problem.flow_limits.rules}
    return softened(form, np.flatnonzero(in_families(form.row_names, families)))


def softened(form: StandardForm, rows: Ints) -> StandardForm:
    """Return a form with columns more, last, that make up at a high price what its rows lack.

    A row with two sides gets a column for each.
    """
    above = np.isfinite(form.row_lower[rows])
    below = np.isfinite(form.row_upper[rows])
    lacking = np.concatenate([rows[above], rows[below]])
    sign = np.repeat([1.0, -1.0], [int(above.sum()), int(below.sum())])
    size = len(lacking)
    more = csc_matrix((sign, (lacking, np.arange(size))), shape=(len(form.row_lower), size))
    matrix = hstack([form.matrix(), more]).tocsc()
    dear = TIMES_DEAREST * max(1.0, float(np.abs(form.cost).max(initial=0.0)))
    named = zip(sign.tolist(), taken(form.row_names, lacking), strict=True)
    return replace(
        form,
        cost=np.append(form.cost, np.full(size, dear)),
        column_lower=np.append(form.column_lower, np.zeros(size)),
        column_upper=np.append(form.column_upper, np.full(size, np.inf)),
        integer=np.append(form.integer, np.zeros(size, dtype=bool)),
        starts=matrix.indptr.astype(np.int64),
        indices=matrix.indices.astype(np.int64),
        values=matrix.data,
        column_names=in_turn(
            form.column_names,
            [f"{'lacks' if s > 0 else 'exceeds'}({name})" for s, name in named],
        ),
    )
