"""What goes to the solver and what comes back, as plain arrays and small typed values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from scipy.sparse import csc_matrix

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Places = NDArray[np.int64] | NDArray[np.int32]


@dataclass(frozen=True)
class StandardForm:
    """min cost x + offset, row_lower <= A x <= row_upper, column_lower <= x <= column_upper.

    A is by columns (CSC): `starts`, `indices`, `values`. `integer` marks whole-number columns.
    The caller scales. Names are ASCII, unique, without spaces; `NameList` makes them when read.
    """

    cost: Floats
    offset: float
    column_lower: Floats
    column_upper: Floats
    integer: NDArray[np.bool_]
    starts: Places
    indices: Places
    values: Floats
    row_lower: Floats
    row_upper: Floats
    column_names: Sequence[str]
    row_names: Sequence[str]

    def matrix(self) -> csc_matrix:
        """Return A as a sparse matrix."""
        from scipy.sparse import csc_matrix  # noqa: PLC0415  (loads on use)

        shape = (len(self.row_lower), len(self.cost))
        return csc_matrix((self.values, self.indices, self.starts), shape=shape)


@dataclass(frozen=True, slots=True)
class SolveOptions:
    """How to solve: relative gap, seconds by the parent's clock, memory, and HiGHS options."""

    gap: float = 0.001
    time_s: float = 600.0
    memory_mb: int = 8000
    seed: int = 0
    highs: Mapping[str, str | int | float | bool] = field(default_factory=dict)


class SolverStatus(StrEnum):
    """How the solver ended; values are valid only where `has_values`."""

    OPTIMAL = "optimal"
    LIMIT_WITH_VALUES = "limit_with_values"
    LIMIT_WITHOUT_VALUES = "limit_without_values"
    INFEASIBLE = "infeasible"
    UNBOUNDED = "unbounded"
    INTERRUPTED_WITH_VALUES = "interrupted_with_values"
    INTERRUPTED_WITHOUT_VALUES = "interrupted_without_values"
    FAILED = "failed"

    @property
    def has_values(self) -> bool:
        """Return whether an answer of this status carries values."""
        return self in {
            SolverStatus.OPTIMAL,
            SolverStatus.LIMIT_WITH_VALUES,
            SolverStatus.INTERRUPTED_WITH_VALUES,
        }


BRANCHING = "branching on sites"
"""The phase in which a star is solved."""

PRICING = "pricing all routes"
"""The phase in which routes that are not listed are priced."""

ALL_ROUTES_BRANCHING = "branching over all routes"
"""The phase in which whole decisions are branched on, with a bound over all routes in each node."""

EARLIER = "trying the earlier plan"
"""The phase in which the design of an earlier result is tried."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a running solve stands; `best` and `bound` are None until there are any.

    `counts` are whole numbers by name that belong to the phase, such as rounds and routes.
    """

    elapsed_s: float
    best: float | None
    bound: float | None
    gap: float | None
    phase: str
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class SolverAnswer:
    """The solver's answer; `values` is None unless `status.has_values`.

    `row_duals` are the row multipliers of an LP, where HiGHS had valid ones.
    """

    status: SolverStatus
    values: Floats | None
    objective: float | None
    bound: float | None
    seconds: float
    reason: str
    row_duals: Floats | None = None
