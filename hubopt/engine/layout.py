"""Which columns of a form belong to sites and departures, and into which parts the rest falls."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hubopt.model.decisions import column_stage, family_mask

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from hubopt.problem.problem import Ints, Problem
    from hubopt.solver.form import StandardForm

    Mask = NDArray[np.bool_]

EVERYWHERE = -1


@dataclass(frozen=True)
class Layout:
    """Masks over the columns of a form, and the part of each: one stage in one state.

    With sites fixed no row joins two parts, but for columns in part `EVERYWHERE`.
    """

    siting: Mask
    departures: Mask
    assign: Mask
    part: Ints
    parts: int

    def others(self, part: int) -> Mask:
        """Return the columns of sites and of all other parts."""
        others: Mask = self.siting | ((self.part != part) & (self.part != EVERYWHERE))
        return others


def layout_of(problem: Problem, form: StandardForm) -> Layout:
    """Return the layout of the form of one problem."""
    return joint_layout({"": problem}, form)


def joint_layout(problems: Mapping[str, Problem], form: StandardForm) -> Layout:
    """Return the layout of a form over several states, by the prefix of their names."""
    count = len(form.cost)
    masks = {name: np.zeros(count, dtype=bool) for name in ("siting", "departures", "assign")}
    part, parts = np.full(count, EVERYWHERE, dtype=np.int64), 0
    for state, problem in problems.items():
        masks["siting"] |= family_mask(problem, form, "open", "modules", state=state)
        masks["departures"] |= family_mask(problem, form, "departures", state=state)
        masks["assign"] |= family_mask(problem, form, "assign", state=state)
        stage = column_stage(problem, form, state)
        part = np.where(stage == EVERYWHERE, part, stage + parts)
        parts += len(problem.stages)
    return Layout(**masks, part=part, parts=parts)
