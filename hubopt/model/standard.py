"""From a Pyomo model to the arrays that the solver takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler

from hubopt.solver.form import StandardForm

if TYPE_CHECKING:
    from typing import Any

    import pyomo.environ as pyo

    from hubopt.solver.form import Floats

EQUAL, AT_MOST = 0, 1


def standard_form(model: pyo.ConcreteModel) -> StandardForm:
    """Return a model as arrays; rows and columns are named as in the model, with round brackets.

    A row with two different bounds comes from the compiler as two rows and is made one again.
    """
    compiled = LinearStandardFormCompiler().write(model, mixed_form=True)
    matrix = compiled.A.tocsr()
    first, lower, upper = merged(compiled.rows, np.asarray(compiled.rhs, dtype=float))
    by_column = matrix[first].tocsc()
    by_column.sort_indices()
    by_column.eliminate_zeros()
    columns = compiled.columns
    cost = np.asarray(compiled.c.todense(), dtype=float).reshape(-1)
    offset = 0.0 if compiled.c_offset is None else float(compiled.c_offset[0])
    return StandardForm(
        cost=cost,
        offset=offset,
        column_lower=np.array([-np.inf if v.lb is None else v.lb for v in columns], dtype=float),
        column_upper=np.array([np.inf if v.ub is None else v.ub for v in columns], dtype=float),
        integer=np.array([not v.is_continuous() for v in columns], dtype=bool),
        starts=by_column.indptr.astype(np.int64),
        indices=by_column.indices.astype(np.int64),
        values=by_column.data.astype(float),
        row_lower=lower,
        row_upper=upper,
        column_names=tuple(named(v) for v in columns),
        row_names=tuple(named(compiled.rows[row].constraint) for row in first),
    )


def merged(rows: Any, sides: Floats) -> tuple[list[int], Floats, Floats]:  # noqa: ANN401
    """Return the first row of each constraint, and lower and upper bounds of the constraints."""
    place: dict[int, int] = {}
    first: list[int] = []
    lower = np.full(len(rows), -np.inf)
    upper = np.full(len(rows), np.inf)
    for row, entry in enumerate(rows):
        here = place.setdefault(id(entry.constraint), len(first))
        if here == len(first):
            first.append(row)
        if entry.bound_type in {EQUAL, AT_MOST}:
            upper[here] = sides[row]
        if entry.bound_type in {EQUAL, -AT_MOST}:
            lower[here] = sides[row]
    return first, lower[: len(first)], upper[: len(first)]


def named(member: Any) -> str:  # noqa: ANN401
    """Return the name of a row or column: family and index in round brackets.

    Not Pyomo's own, which puts quotes around some indexes, in square brackets that mean something
    else in LP files. What lies in a block has the block's name and a dot before it.
    """
    component = member.parent_component()
    block = component.parent_block()
    inside = "" if block.parent_block() is None else f"{block.local_name}."
    family, index = inside + component.local_name, member.index()
    if index is None:
        return str(family)
    parts = index if isinstance(index, tuple) else (index,)
    return f"{family}({','.join(str(part) for part in parts)})".replace(" ", "_")
