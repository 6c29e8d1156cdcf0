"""A planner's own rules: stated in Pyomo on whole decisions, taken as rows, evaluated at a plan.

The planner gets the model of `build_design` and adds constraints to it. Their rows go wherever the
problem goes, so that flows stay arrays. Nothing else may change: it would be lost without a word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyomo.environ as pyo

from hubopt.model.build import build_design
from hubopt.model.decisions import positions
from hubopt.model.names import plain
from hubopt.model.standard import named, standard_form
from hubopt.problem.own_rules import DECIDED, OwnRows
from hubopt.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from hubopt.problem.problem import Decisions, Problem
    from hubopt.solver.form import StandardForm

ALLOWED = (
    pyo.Var, pyo.Constraint, pyo.Objective, pyo.Set, pyo.RangeSet, pyo.Param, pyo.Expression,
    pyo.Block, pyo.BuildAction, pyo.BuildCheck,
)  # fmt: skip
"""What a linear model is made of."""

TOLERANCE = 1e-6
"""By how much a rule may be missed, relative to its side: coefficients are floats."""


class NotARuleError(Exception):
    """What was added to the model is no linear constraint on whole decisions."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


@dataclass(frozen=True)
class OwnModel:
    """The design of a problem in Pyomo with the planner's rules, and these as rows."""

    problem: Problem
    model: pyo.ConcreteModel
    rows: OwnRows
    rules: tuple[Any, ...]

    def broken(self, made: Decisions) -> tuple[tuple[str, float], ...]:
        """Return name and amount of each rule that decisions break, evaluated by Pyomo."""
        for family in DECIDED:
            variables = getattr(self.model, family).values()
            for variable, value in zip(variables, getattr(made, family).ravel(), strict=True):
                variable.set_value(int(value))
        found = zip(self.rows.names, map(missed, self.rules), strict=True)
        return tuple((name, amount) for name, amount in found if amount > 0.0)


def missed(rule: Any) -> float:  # noqa: ANN401  (Pyomo has no types)
    """Return by how much a rule is missed at the values of the variables, 0 within tolerance."""
    body = pyo.value(rule.body)
    sides = [(pyo.value(rule.lower), 1.0), (pyo.value(rule.upper), -1.0)]
    amounts = [
        (sign * (side - body), TOLERANCE * max(1.0, abs(side)))
        for side, sign in sides
        if side is not None
    ]
    return max((amount for amount, least in amounts if amount > least), default=0.0)


def own_model(problem: Problem, state: Callable[[pyo.ConcreteModel], None]) -> OwnModel:
    """Return the design of a problem with the rules that `state` adds to it.

    Raises `NotARuleError` for what is no linear constraint on whole decisions, and for changes to
    what is there.
    """
    model = build_design(problem)
    before, ranges = standard_form(model), dict(ranges_of(model))
    paid = list(objectives(model))
    state(model)
    if list(objectives(model)) != paid:
        raise NotARuleError(CHANGED)
    refuse_other_changes(model, ranges)
    try:
        after = standard_form(model)
    except Exception as error:  # Pyomo's own words are of many classes
        raise NotARuleError(
            Text(f"Pyomo cannot read the model: {error}", f"Pyomo 无法读取模型：{error}")
        ) from error
    refuse_other_rows(before, after)
    known = set(before.row_names)
    here = [n for n, name in enumerate(after.row_names) if name not in known]
    rows = rows_of(problem, after, np.array(here, dtype=np.int64))
    rules = {
        named(rule): rule for rule in model.component_data_objects(pyo.Constraint, active=True)
    }
    return OwnModel(problem, model, rows, tuple(rules[after.row_names[n]] for n in here))


def rows_of(problem: Problem, form: StandardForm, here: np.ndarray) -> OwnRows:
    """Return some rows of a form by decision; raise `NotARuleError` for what is no rule."""
    where = positions(problem, form)
    places = np.concatenate([where[family] for family in DECIDED])
    counted = np.full(len(form.cost), -1, dtype=np.int64)
    counted[places[places >= 0]] = np.flatnonzero(places >= 0)
    entries = form.matrix().tocsr()[here]
    for row, name in enumerate(form.row_names[n] for n in here.tolist()):
        values = entries.data[entries.indptr[row] : entries.indptr[row + 1]]
        sides = np.array([form.row_lower[here[row]], form.row_upper[here[row]]])
        decided = counted[entries.indices[entries.indptr[row] : entries.indptr[row + 1]]] >= 0
        finite = np.isfinite(values).all() and not np.isnan(sides).any()
        if not (len(values) and decided.all() and finite):
            raise NotARuleError(
                Text(
                    f"the rule {name} names no decision of {', '.join(DECIDED)}, or another one, or"
                    " a number that is not finite",
                    f"规则 {name} 未涉及 {'、'.join(DECIDED)} 中的决策，或涉及其他变量，"
                    "或含有非有限的数",
                )
            )
    entries = entries.tocoo()
    return OwnRows(
        tuple(labelled(form.row_names[n] for n in here.tolist())),
        entries.row.astype(np.int64),
        counted[entries.col],
        entries.data,
        form.row_lower[here],
        form.row_upper[here],
    )


def labelled(names: Iterator[str]) -> Iterator[str]:
    """Yield names of rows as plain unique labels: `near(DC,2025)` as `near.DC.2025`."""
    taken: set[str] = set()
    for name in names:
        label = first = ".".join(plain(part) for part in re.split(r"[(),]", name) if part)
        number = 1
        while label in taken:
            number += 1
            label = f"{first}_{number}"
        taken.add(label)
        yield label


def ranges_of(model: pyo.ConcreteModel) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Yield what each variable may be."""
    for variable in model.component_data_objects(pyo.Var):
        yield id(variable), (variable.lb, variable.ub, variable.fixed, variable.domain.name)


def objectives(model: pyo.ConcreteModel) -> Iterator[int]:
    """Yield what is minimised."""
    return map(id, model.component_data_objects(pyo.Objective, active=True))


def refuse_other_changes(model: pyo.ConcreteModel, ranges: Mapping[int, tuple[Any, ...]]) -> None:
    """Raise `NotARuleError` for variables that were added or changed, and for other components."""
    for component in model.component_objects(active=True):
        if component.ctype not in ALLOWED:
            raise NotARuleError(
                Text(
                    f"{component.name} is a {component.ctype.__name__}, not a linear constraint",
                    f"{component.name} 是 {component.ctype.__name__}，不是线性约束",
                )
            )
    for variable in model.component_data_objects(pyo.Var):
        now = (variable.lb, variable.ub, variable.fixed, variable.domain.name)
        if ranges.get(id(variable)) != now:
            raise NotARuleError(
                Text(
                    f"the variable {variable.name} was added, fixed or bounded",
                    f"变量 {variable.name} 被新增、固定或改变了取值范围",
                )
            )


def refuse_other_rows(before: StandardForm, after: StandardForm) -> None:
    """Raise `NotARuleError` unless rows and costs that were there are as they were."""
    rows = {name: n for n, name in enumerate(after.row_names)}
    columns = {name: n for n, name in enumerate(after.column_names)}
    if not (rows.keys() >= set(before.row_names) and columns.keys() >= set(before.column_names)):
        raise NotARuleError(CHANGED)
    here = [rows[name] for name in before.row_names]
    there = [columns[name] for name in before.column_names]
    matrix = after.matrix().tocsr()[here]
    same = (
        (matrix[:, there] != before.matrix().tocsr()).nnz == 0
        and matrix.nnz == before.matrix().nnz
        and np.array_equal(after.row_lower[here], before.row_lower)
        and np.array_equal(after.row_upper[here], before.row_upper)
        and np.array_equal(after.cost[there], before.cost)
        and np.count_nonzero(after.cost) == np.count_nonzero(before.cost)
        and after.offset == before.offset
    )
    if not same:
        raise NotARuleError(CHANGED)


CHANGED = Text(
    "constraints, costs or decisions that were in the model are not as they were, perhaps since a"
    " rule has the name of one of them",
    "模型原有的约束、费用或决策被改动，可能是规则与其中之一重名",
)
