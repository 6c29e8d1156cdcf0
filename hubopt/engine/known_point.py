"""The point and the multipliers of an earlier LP in the order of the form of a longer list."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from hubopt.solver.name_list import Family, NameList, carried

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from hubopt.problem.problem import Floats, Ints, Problem
    from hubopt.solver.form import StandardForm


def known_point(problem: Problem, form: StandardForm) -> tuple[Floats, Floats] | None:
    """Return the point and the multipliers of a problem's last LP, `None` if there is none.

    Routes that came after that LP carry nothing, and rows that came after it cost nothing.
    """
    known = problem.relaxation
    if known is None:
        return None
    names = known.column_names
    if known.problem.column_steps is not problem.column_steps:
        names = renumbered(names, known.problem, problem)
    return (
        carried(known.values, names, form.column_names),
        carried(known.row_duals, known.row_names, form.row_names),
    )


def renumbered(names: Sequence[str], before: Problem, after: Problem) -> Sequence[str]:
    """Return names of columns with flows and choices of sources by their numbers in `after`."""
    if not isinstance(names, NameList):
        return names
    moved = {
        "flow": places(flows_of(before), flows_of(after)),
        "assign": places(choices_of(before), choices_of(after)),
    }
    return NameList(
        replace(part, numbers=moved[part.name][part.numbers])
        if isinstance(part, Family) and part.name in moved
        else part
        for part in names.parts
    )


def flows_of(problem: Problem) -> list[Hashable]:
    """Return what the flows of a problem stand for: a shipment and the steps of a route."""
    return list(zip(problem.column_shipment.tolist(), problem.column_steps, strict=True))


def choices_of(problem: Problem) -> list[Hashable]:
    """Return what the choices of sources stand for: a group of shipments and a site."""
    numbers = problem.assignments
    groups = [numbers.groups[n] for n in numbers.group.tolist()]
    return list(zip(groups, numbers.site.tolist(), strict=True))


def places(before: Sequence[Hashable], after: Sequence[Hashable]) -> Ints:
    """Return where things stand after, beyond the end if they are there no more."""
    place = {thing: here for here, thing in enumerate(after)}
    return np.array([place.get(thing, len(after)) for thing in before], dtype=np.int64)
