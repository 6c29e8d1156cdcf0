"""What the concerns of the model share: variables as arrays and one way to add rows."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pyomo.environ as pyo
from pyomo.core.expr import LinearExpression

from hubopt.model.names import Names
from hubopt.model.sources import OWN

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

    from hubopt.problem.problem import Problem
    from hubopt.text import Text

Row = tuple[Hashable, float | None, LinearExpression, float | None]
"""Index of a row, its lower bound, its body and its upper bound."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A constraint of the model: its name, what it says, and the function that makes its rows."""

    name: str
    sentence: Text
    formula: str
    unit: str
    source: Text
    rows: Callable[[Parts], Iterable[Row]]


def rule(
    sentence: Text, formula: str, unit: str, source: Text = OWN
) -> Callable[[Callable[[Parts], Iterable[Row]]], Rule]:
    """Make a rule of the function below, named as the function."""

    def made(rows: Callable[[Parts], Iterable[Row]]) -> Rule:
        return Rule(rows.__name__, sentence, formula, unit, source, rows)

    return made


@dataclass(frozen=True)
class Parts:
    """A model under construction: its problem and its variables in the order of the problem."""

    problem: Problem
    model: pyo.ConcreteModel
    open: NDArray[np.object_]
    modules: NDArray[np.object_]
    departures: NDArray[np.object_]
    empties: NDArray[np.object_]
    flow: NDArray[np.object_]
    unserved: NDArray[np.object_]
    assign: NDArray[np.object_]

    @cached_property
    def names(self) -> Names:
        """Labels for the indexes of rows."""
        return Names(self.problem)

    @property
    def stages(self) -> tuple[int, ...]:
        """First years of the stages."""
        return self.problem.stages

    def may_build(self) -> NDArray[np.bool_]:
        """Return X x T: whether new modules may stand at a site in a stage."""
        numbers = self.problem.sites
        return numbers.may_open if numbers.may_build is None else numbers.may_build


def linear(coefficients: Iterable[float], variables: Iterable[Any]) -> LinearExpression:
    """Return a sum of coefficients times variables; the fast way to make long rows in Pyomo."""
    return LinearExpression(
        constant=0.0,
        linear_coefs=[float(c) for c in coefficients],
        linear_vars=list(variables),
    )


def used(matrix: csr_matrix, row: int, flow: NDArray[np.object_]) -> tuple[list[float], list[Any]]:
    """Return coefficients and flow variables of one row of an incidence matrix."""
    here = slice(matrix.indptr[row], matrix.indptr[row + 1])
    return [float(c) for c in matrix.data[here]], list(flow[matrix.indices[here]])


def by_stage(parts: Parts, count: int) -> Iterator[tuple[int, int, int]]:
    """Yield (thing, stage number, row) for the rows of an incidence matrix by thing and stage."""
    stages = len(parts.stages)
    for thing in range(count):
        for stage in range(stages):
            yield thing, stage, thing * stages + stage


def add_rule(parts: Parts, made: Rule) -> None:
    """Add the rows of a rule to the model under its name."""
    rows = {index: (lower, body, upper) for index, lower, body, upper in made.rows(parts)}
    constraint = pyo.Constraint(list(rows), rule=lambda _, *index: rows[index])
    setattr(parts.model, made.name, constraint)
