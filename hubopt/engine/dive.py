"""A first plan for a large model: round whole columns up in groups, solve the LP again, repeat.

Diving as in Achterberg, Constraint Integer Programming (2007), section 9.3, by groups instead of
one column at a time: an LP of tens of thousands of columns takes about a second, a tree node more.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from hubopt.solver.form import SolverStatus
from hubopt.solver.statuses import TOLERANCE, worst_violation

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from hubopt.solver.form import Floats, Ints, SolverAnswer, StandardForm

    SolveLp = Callable[[StandardForm], SolverAnswer]

WHOLE = 1e-6
CLEAN = 2e-7
"""What an LP's own tolerance leaves of a row, relative; a tenth of a kilogram in a kilotonne."""
SHARE_UP = 0.2
MOST_ROUNDS = 40


def relaxed(form: StandardForm) -> StandardForm:
    """Return a form without whole columns: its LP relaxation."""
    return replace(form, integer=np.zeros(len(form.cost), dtype=bool))


def fixed(form: StandardForm, values: Floats, here: NDArray[np.bool_]) -> StandardForm:
    """Return a form in which the columns marked in `here` stand at the given values."""
    return replace(
        form,
        column_lower=np.where(here, values, form.column_lower),
        column_upper=np.where(here, values, form.column_upper),
    )


@dataclass
class Dive:
    """One dive: whole columns are rounded up, group by group, until those in `steer` are whole.

    Rounding up can only break a limit, such as a budget; a group that does is halved, and a single
    column that does is rounded down.
    """

    form: StandardForm
    solve_lp: SolveLp
    steer: tuple[NDArray[np.bool_], ...]
    share: float = SHARE_UP
    lower: Floats = field(init=False)
    upper: Floats = field(init=False)

    def __post_init__(self) -> None:
        """Start from the bounds of the form."""
        self.lower, self.upper = self.form.column_lower.copy(), self.form.column_upper.copy()

    def plan(self, values: Floats) -> Floats | None:
        """Return a whole point that meets the form, found from the LP's point, or None."""
        for family in self.steer:
            for _ in range(MOST_ROUNDS):
                ranked = self.fractional(values, family)
                if not len(ranked):
                    break
                found = self.next_point(values, ranked)
                if found is None:
                    return None
                values = found
        return best_flows(self.form, values, self.solve_lp, keep=np.logical_or.reduce(self.steer))

    def fractional(self, values: Floats, family: NDArray[np.bool_]) -> Ints:
        """Return the columns of a family that are not whole, largest fraction first."""
        part = values - np.floor(values + WHOLE)
        off = np.flatnonzero(family & (part > WHOLE))
        return off[np.argsort(-part[off], kind="stable")]

    def next_point(self, values: Floats, ranked: Ints) -> Floats | None:
        """Round up the first columns of `ranked`, fewer if they break a limit; return the point."""
        group = ranked[: max(1, int(np.ceil(self.share * len(ranked))))]
        while True:
            before = self.lower.copy()
            self.lower[group] = np.ceil(values[group] - WHOLE)
            found = self.solved() if (self.lower <= self.upper).all() else None
            if found is not None:
                return found
            self.lower = before
            if len(group) == 1:
                self.upper[group] = np.floor(values[group] + WHOLE)
                return self.solved()
            group = group[: len(group) // 2]

    def solved(self) -> Floats | None:
        """Return the LP's point within the present bounds."""
        answer = self.solve_lp(
            replace(relaxed(self.form), column_lower=self.lower, column_upper=self.upper)
        )
        return answer.values if answer.status is SolverStatus.OPTIMAL else None


def best_flows(
    form: StandardForm, values: Floats, solve_lp: SolveLp, keep: NDArray[np.bool_] | None = None
) -> Floats | None:
    """Return the best point whose columns in `keep` (all whole ones) stand as in `values`.

    None if there is none, or if it leaves another whole column between two whole numbers.
    """
    keep = form.integer if keep is None else keep
    answer = solve_lp(fixed(relaxed(form), np.where(keep, np.round(values), values), keep))
    if answer.status is not SolverStatus.OPTIMAL or answer.values is None:
        return None
    near = np.abs(answer.values - np.round(answer.values)) <= TOLERANCE
    found = np.where(form.integer & near, np.round(answer.values), answer.values)
    return found if worst_violation(form, found).size <= TOLERANCE else None


def clean(form: StandardForm, values: Floats, solve_lp: SolveLp | None) -> Floats | None:
    """Return a point with its whole columns exactly whole, flows solved again if that moved a row.

    None if it takes another LP and there is no `solve_lp`, or the LP finds nothing.
    """
    whole = np.where(form.integer, np.round(values), values) + 0.0
    if worst_violation(form, whole).size <= CLEAN:
        return whole
    return None if solve_lp is None else best_flows(form, whole, solve_lp)
