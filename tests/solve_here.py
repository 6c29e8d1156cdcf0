"""A solve within this process, with the checks of the child: thousands of small ones in a test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import highspy
import numpy as np

from hubopt.solver.form import SolveOptions, SolverAnswer, SolverStatus, StandardForm
from hubopt.solver.guard import guard
from hubopt.solver.statuses import TOLERANCE, objective_of, worst_violation
from tests.optimum import OPTIONS, as_lp

if TYPE_CHECKING:
    from typing import Any


def solved_here(
    form: StandardForm,
    _options: SolveOptions,
    **_: Any,  # noqa: ANN401
) -> SolverAnswer:
    """Return the answer of HiGHS to a form, refused and checked as that of a child would be."""
    guard(form)
    highs = highspy.Highs()
    for name, value in OPTIONS.items():
        assert highs.setOptionValue(name, value) == highspy.HighsStatus.kOk
    assert highs.passModel(as_lp(form)) == highspy.HighsStatus.kOk
    highs.run()
    if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        reason = str(highs.getModelStatus())
        return SolverAnswer(SolverStatus.INFEASIBLE, None, None, None, 0.0, reason)
    solution = highs.getSolution()
    values = np.array(solution.col_value)
    assert worst_violation(form, values).size <= TOLERANCE
    duals = None if form.integer.any() else np.array(solution.row_dual)
    cost = objective_of(form, values)
    return SolverAnswer(SolverStatus.OPTIMAL, values, cost, cost, 0.0, "Optimal", duals)
