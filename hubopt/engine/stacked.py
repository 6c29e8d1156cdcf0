"""Blocks of rows put on top of each other, by columns, with as few copies as there can be.

At a million entries most of the time goes into memory that is touched for the first time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.sparse import coo_array

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

    from hubopt.problem.problem import Floats
    from hubopt.solver.form import Places

PLACE = np.int32
"""What HiGHS counts rows, columns and entries with."""


class Entries(NamedTuple):
    """Entries of a matrix by row and column."""

    rows: Places
    columns: Places
    values: Floats


class ByColumn(NamedTuple):
    """A sparse matrix by columns, rows in order in each, no entry 0 and none twice."""

    starts: Places
    indices: Places
    values: Floats


def stacked(
    blocks: Sequence[csr_matrix], beside: Sequence[Entries], above: int, before: int, width: int
) -> ByColumn:
    """Return blocks on top of each other, the first below `above` rows.

    The columns of the blocks are those from `before` on of `width`; the entries `beside` count rows
    and columns of the whole, row by row.
    """
    in_row = np.concatenate([np.diff(block.indptr) for block in blocks])
    height = above + len(in_row)
    rows = [*(part.rows for part in beside), np.repeat(counted(len(in_row), above), in_row)]
    columns = [*(part.columns for part in beside), *(block.indices for block in blocks)]
    values = [*(part.values for part in beside), *(block.data for block in blocks)]
    column = np.concatenate(columns).astype(PLACE, copy=False)
    column[sum(len(part.rows) for part in beside) :] += before
    row = np.concatenate(rows).astype(PLACE, copy=False)
    entries = (np.concatenate(values), (row, column))
    matrix = coo_array(entries, shape=(height, width)).tocsc()
    if not matrix.has_canonical_format:  # adds up what stands twice, and puts rows in order
        matrix.sum_duplicates()
    if not matrix.data.all():
        matrix.eliminate_zeros()
    return ByColumn(matrix.indptr, matrix.indices, matrix.data)


def counted(count: int, first: int = 0) -> NDArray[np.int32]:
    """Return so many numbers of rows or columns, one after the other."""
    return np.arange(first, first + count, dtype=PLACE)
