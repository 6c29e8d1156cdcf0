"""Between the solver's values and decisions: by the names of columns, whole numbers made whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hubopt.errors import SolverError
from hubopt.model.families import Grid, RouteAxes, column_counts, same_columns
from hubopt.model.names import Names
from hubopt.problem.problem import Decisions
from hubopt.solver.name_list import Family, NameList, family_of
from hubopt.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from hubopt.problem.problem import Floats, Ints, Problem
    from hubopt.solver.form import StandardForm

ABSENT = -1
SHARED = frozenset({"open", "modules"})
"""Families that are decided once for all states."""


def positions(problem: Problem, form: StandardForm, state: str = "") -> Mapping[str, Ints]:
    """Return for each family of variables where its members stand in the form, -1 for nowhere.

    A variable that no row and no cost mentions has no column; it counts as 0. A column of ours that
    no decision is named after raises `SolverError`: its value would be lost. In a form over several
    states what is decided in each has the name of the state before its own; sites are shared.
    """
    if not state and (found := by_number(problem, form)) is not None:
        return found
    place = {name: here for here, name in enumerate(form.column_names)}
    columns = {
        family if family in SHARED else state + family: names
        for family, names in Names(problem).columns(state).items()
    }
    ours = {name for names in columns.values() for name in names}
    strange = [n for n in form.column_names if n not in ours and n.partition("(")[0] in columns]
    if strange:
        raise SolverError(
            Text(f"no decision is named {strange[0]}", f"没有名为 {strange[0]} 的决策")
        )
    return {
        family.removeprefix(state): np.array([place.get(n, ABSENT) for n in names], dtype=np.int64)
        for family, names in columns.items()
    }


def by_number(problem: Problem, form: StandardForm) -> Mapping[str, Ints] | None:
    """Return the same without a name, if the form knows its columns as the problem counts them."""
    names = form.column_names
    if not isinstance(names, NameList):
        return None
    found = {
        family: np.full(count, ABSENT, dtype=np.int64)
        for family, count in column_counts(problem).items()
    }
    known: set[int] = set()
    for part, here in names.placed:
        if not isinstance(part, Family):
            if any(family_of(name) in found for name in part):
                return None
        elif part.name in found:
            axes = part.axes
            if not isinstance(axes, Grid | RouteAxes) or not (
                id(axes.names) in known or same_columns(axes.names.problem, problem)
            ):
                return None
            known.add(id(axes.names))
            found[part.name][part.numbers] = np.arange(here.start, here.stop)
    return found


def decisions(problem: Problem, form: StandardForm, values: Floats, state: str = "") -> Decisions:
    """Return the decisions that the values of a form's columns stand for, in one state."""
    stages = len(problem.stages)
    padded = np.append(values, 0.0)  # ABSENT reads the last
    read = {family: padded[here] for family, here in positions(problem, form, state).items()}
    whole = {
        family: np.round(read[family]).astype(np.int64).reshape(-1, stages)
        for family in ("open", "modules", "departures", "empties")
    }
    return Decisions(
        open=whole["open"],
        modules=whole["modules"],
        departures=whole["departures"],
        empties=whole["empties"],
        flow_kt=np.maximum(read["flow"], 0.0),
        unserved_kt=np.maximum(read["unserved"], 0.0),
    )


def column_stage(problem: Problem, form: StandardForm, state: str = "") -> Ints:
    """Return the stage number of each column of a form, -1 for one of another state."""
    stages = len(problem.stages)
    by_stage = np.arange(stages)
    known = {
        "open": np.tile(by_stage, len(problem.sites.site_ids)),
        "modules": np.tile(by_stage, len(problem.sites.module_names)),
        "departures": np.tile(by_stage, len(problem.services.service_ids)),
        "empties": np.tile(by_stage, len(problem.services.service_ids)),
        "flow": problem.shipment_stage[problem.column_shipment],
        "unserved": problem.shipment_stage,
        "assign": problem.assignments.stage[problem.assignments.group],
    }
    found = np.full(len(form.cost), ABSENT, dtype=np.int64)
    for family, here in positions(problem, form, state).items():
        there = here != ABSENT
        found[here[there]] = known[family][there]
    return found


def family_mask(
    problem: Problem, form: StandardForm, *families: str, state: str = ""
) -> NDArray[np.bool_]:
    """Return which columns of a form belong to any of the families, in one state."""
    mask = np.zeros(len(form.cost) + 1, dtype=bool)
    where = positions(problem, form, state)
    for family in families:
        mask[where[family]] = True
    return mask[:-1]
