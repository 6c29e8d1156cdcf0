"""Of flows that cost the same, those that go the way they went in an earlier plan.

With sites and departures decided, freight can often go one way or another for the same money, and
an LP takes either. Here each route that the earlier plan uses has a second column, for no more than
went over it then and a little cheaper, so that of ways that cost the same the earlier one is taken.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from hubopt.engine.dive import clean, fixed, relaxed
from hubopt.model.decisions import family_mask
from hubopt.solver.form import SolverStatus

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hubopt.engine.dive import SolveLp
    from hubopt.problem.problem import Floats, Ints, Problem
    from hubopt.solver.form import StandardForm


def moved_kt(flows: NDArray[np.bool_], then: Floats, values: Floats) -> float:
    """Return how much of the earlier flows goes another way now, kt a year over all stages.

    `flows` marks the columns of flows, `then` and `values` are the earlier point and this one.
    """
    return float(np.maximum(then - values, 0.0)[flows].sum())


def flows_of(problem: Problem, form: StandardForm) -> NDArray[np.bool_]:
    """Return which columns of a form are flows over routes."""
    return family_mask(problem, form, "flow") & ~form.integer


def nearer_flows(
    form: StandardForm,
    flows: NDArray[np.bool_],
    values: Floats,
    then: Floats,
    reward: float,
    solve_lp: SolveLp,
) -> Floats | None:
    """Return the point with the whole columns of `values` whose flows are near to those `then`.

    Freight that goes as it did is paid `reward` in all, in the unit of the cost, so the point costs
    at most so much more than the best with these whole columns. None if the LP finds none.
    """
    used = np.flatnonzero(flows & (then > 0.0) & (form.column_lower <= 0.0))
    if not len(used):
        return None
    held = fixed(relaxed(form), np.round(values), form.integer)
    answer = solve_lp(with_copies(held, used, then[used], reward / float(then[used].sum())))
    if answer.status is not SolverStatus.OPTIMAL or answer.values is None:
        return None
    found = answer.values[: len(form.cost)].copy()
    found[used] += answer.values[len(form.cost) :]
    return clean(form, found, None)


def with_copies(form: StandardForm, used: Ints, most: Floats, cheaper: float) -> StandardForm:
    """Return a form with a second column after the others for each in `used`, up to `most`.

    It costs less than the first by `cheaper`; both together have the upper bound of the first.
    """
    from scipy.sparse import hstack  # noqa: PLC0415  (loads on use)

    matrix = form.matrix()
    both = hstack([matrix, matrix[:, used]], format="csc")
    upper = form.column_upper.copy()
    most = np.minimum(most, upper[used])
    upper[used] -= most
    return replace(
        form,
        cost=np.append(form.cost, form.cost[used] - cheaper),
        column_lower=np.append(form.column_lower, np.zeros(len(used))),
        column_upper=np.append(upper, most),
        integer=np.append(form.integer, np.zeros(len(used), dtype=bool)),
        starts=both.indptr,
        indices=both.indices,
        values=both.data,
        column_names=[*form.column_names, *(f"as_before({number})" for number in used)],
    )
