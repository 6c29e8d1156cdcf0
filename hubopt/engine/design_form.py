"""The whole decisions of a problem as arrays: sites, modules, departures, choice of sources.

Row by row and column by column what the Pyomo model of them gives, in the same order.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from hubopt.engine.design_rules import RULES, Columns
from hubopt.engine.stacked import PLACE, Entries, counted
from hubopt.model.families import column_axes, column_counts, row_family
from hubopt.model.service import most_empties
from hubopt.solver.name_list import Family

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hubopt.engine.design_rules import DesignRows
    from hubopt.model.names import Names
    from hubopt.problem.problem import Floats, Ints, Problem
    from hubopt.solver.form import Places

WHOLE = ("open", "modules", "departures", "empties", "assign")
"""Families of whole decisions."""


NOBODY = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True)
class DesignForm:
    """min cost x + offset over whole decisions; `columns` are their numbers as `Columns` counts."""

    names: Names
    columns: Ints
    known: Columns
    cost: Floats
    offset: float
    upper: Floats
    rows: tuple[DesignRows, ...]

    @property
    def height(self) -> int:
        """Number of rows."""
        return sum(len(block.numbers) for block in self.rows)

    @cached_property
    def place(self) -> Places:
        """Where each whole decision stands, -1 for one that no row and no cost mentions."""
        found = np.full(self.known.count, -1, dtype=PLACE)
        found[self.columns] = counted(len(self.columns))
        return found

    def of(self, family: str) -> Places:
        """Return where the members of a family stand."""
        return self.place[self.known.of(family)]

    @cached_property
    def entries(self) -> Entries:
        """All entries, row by row."""
        starts = np.cumsum([0, *(len(block.numbers) for block in self.rows)])
        rows = [b.rows + first for b, first in zip(self.rows, starts, strict=False)]
        columns = np.concatenate([NOBODY, *(block.columns for block in self.rows)])
        values = np.concatenate([NOBODY.astype(float), *(block.values for block in self.rows)])
        return Entries(np.concatenate([NOBODY, *rows]).astype(PLACE), self.place[columns], values)

    def row_names(self) -> Iterator[Family]:
        """Yield the names of the rows, rule by rule."""
        for block in self.rows:
            yield row_family(self.names, block.rule, block.numbers)

    def column_names(self) -> Iterator[Family]:
        """Yield the names of the columns, by runs of one family."""
        axes = column_axes(self.names)
        family = np.searchsorted(self.known.ends, self.columns, side="right")
        starts = np.flatnonzero(np.diff(family, prepend=-1)).tolist()
        for start, end in pairwise([*starts, len(family)]):
            name = WHOLE[family[start]]
            yield Family(name, self.columns[start:end] - self.known.starts[name], axes[name])


def design_form(problem: Problem, names: Names) -> DesignForm:
    """Return the whole decisions of a problem, in million CNY of present value."""
    counts = column_counts(problem)
    known = Columns(problem, {family: counts[family] for family in WHOLE})
    rows = tuple(block for rule in RULES if len((block := rule(known)).numbers))
    charged, offset = costs(problem)
    cost = np.zeros(known.count)
    for family, prices in charged:
        cost[known.of(family)] += prices
    columns = in_order(known, charged, rows)
    most = most_of(problem)
    upper = np.concatenate([most[family] for family in WHOLE])
    return DesignForm(names, columns, known, cost[columns], offset, upper[columns], rows)


def costs(problem: Problem) -> tuple[tuple[tuple[str, Floats], ...], float]:
    """Return what the members of a family cost, term by term, and what is not paid again.

    The yearly cost of modules that stand at the start is not paid for building.
    """
    sites, services, weights = problem.sites, problem.services, problem.weights
    building = np.outer(sites.module_annuity, weights)
    return (
        ("modules", building.ravel()),
        ("modules", np.outer(sites.module_running, weights).ravel()),
        ("departures", np.outer(services.departure_cost, weights).ravel()),
        ("empties", np.outer(services.empty_cost, weights).ravel()),
    ), -float(sites.module_built @ building.sum(axis=1))


def most_of(problem: Problem) -> Mapping[str, Floats]:
    """Return the upper bound of each whole decision by family; the lower ones are 0."""
    stages, sites, services = len(problem.stages), problem.sites, problem.services
    most = {
        "open": np.ones(len(sites.site_ids)),
        "modules": sites.module_most,
        "departures": services.most,
        "empties": most_empties(services),
    }
    found = {family: np.repeat(each, stages).astype(float) for family, each in most.items()}
    return {**found, "assign": np.ones(len(problem.assignments.group))}


def in_order(
    known: Columns, charged: tuple[tuple[str, Floats], ...], rows: tuple[DesignRows, ...]
) -> Ints:
    """Return the decisions that a cost or a row mentions: families in the order of their mention.

    Pyomo keeps the same order, so that of several plans within the gap the same one is found.
    """
    mentioned = [known.of(family)[np.flatnonzero(prices)] for family, prices in charged]
    every = np.concatenate([*mentioned, *(block.columns for block in rows)])
    there = np.zeros(known.count, dtype=bool)
    there[every] = True
    family = np.searchsorted(known.ends, every, side="right")
    runs = family[np.flatnonzero(np.diff(family, prepend=-1))].tolist()
    members = [known.of(WHOLE[number]) for number in dict.fromkeys(runs)]
    return np.concatenate([NOBODY, *(some[there[some]] for some in members)])
