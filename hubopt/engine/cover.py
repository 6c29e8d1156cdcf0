"""Whole modules that cover what the LP sends through each site: a small model, solved in a second.

The LP spends a budget on fractions of the module that is cheapest per tonne; rounding those up
breaks the budget, rounding them down leaves freight behind. Choosing whole modules anew for the
same loads keeps all rules of siting, and shows where the load cannot be covered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import bmat, csc_matrix, identity

from hubopt.solver.form import StandardForm
from hubopt.solver.name_list import in_turn, taken

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hubopt.solver.form import Floats

DEARER = 3.0
"""Load left uncovered costs this many times what the LP would pay for more capacity."""


def covering_form(
    form: StandardForm, siting: NDArray[np.bool_], values: Floats, row_duals: Floats
) -> StandardForm:
    """Return the model of whole siting columns that cover the loads of the LP point `values`.

    Rows on siting columns alone stay as they are. In a row that joins them with flows, the flows
    stand as in the LP, and a new column takes what stays uncovered.
    """
    rows = form.matrix().tocsr()
    kinds = abs(rows) @ np.column_stack([siting, ~siting]).astype(float)
    alone = np.flatnonzero((kinds[:, 0] > 0) & (kinds[:, 1] == 0))
    joined = np.flatnonzero((kinds[:, 0] > 0) & (kinds[:, 1] > 0))
    load = rows[joined] @ np.where(siting, 0.0, values)
    here = np.flatnonzero(siting)
    short = -identity(len(joined), format="csr")
    whole = csc_matrix(bmat([[rows[alone][:, here], None], [rows[joined][:, here], short]]))
    whole.sort_indices()
    price = DEARER * np.maximum(np.abs(row_duals[joined]), typical(row_duals[joined]))
    count, extra = len(here), len(joined)
    return (
        StandardForm(
            cost=np.append(form.cost[here], price),
            offset=0.0,
            column_lower=np.append(form.column_lower[here], np.zeros(extra)),
            column_upper=np.append(form.column_upper[here], np.full(extra, np.inf)),
            integer=np.append(form.integer[here], np.zeros(extra, dtype=bool)),
            starts=whole.indptr.astype(np.int64),
            indices=whole.indices.astype(np.int64),
            values=whole.data.astype(float),
            row_lower=np.append(form.row_lower[alone], np.full(extra, -np.inf)),
            row_upper=np.append(form.row_upper[alone], form.row_upper[joined] - load),
            column_names=in_turn(
                taken(form.column_names, here), [f"short({n})" for n in range(extra)]
            ),
            row_names=taken(form.row_names, np.concatenate([alone, joined])),
        )
        if count
        else form
    )


def typical(row_duals: Floats) -> float:
    """Return the mean size of the prices that are not zero, 1 if all are."""
    sizes = np.abs(row_duals[np.abs(row_duals) > 0])
    return float(sizes.mean()) if len(sizes) else 1.0
