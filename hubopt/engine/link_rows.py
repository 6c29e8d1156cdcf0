"""A large LP without the rows that tie flows to open sites, but for those that its points break.

There is one such row for each shipment and site that it may pass: two thirds of all rows of the
county instance. Its LP without them takes 4 s of CPU, with all of them 90 s by the interior point
method and more than 270 s by the simplex method, and they raise it by 0.01 %. A row that is left
out has a multiplier of 0, which is as valid as any other.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from hubopt.solver.name_list import carried, in_families, taken
from hubopt.solver.run import run

if TYPE_CHECKING:
    import threading
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from hubopt.problem.problem import Floats, Ints
    from hubopt.solver.form import SolveOptions, SolverAnswer, StandardForm
    from hubopt.solver.options import Value

    Bools = NDArray[np.bool_]

LINK = "site_open_for_flow"

MANY_LINKS = 30_000
"""Up to so many rows of this kind the LP has them all."""

MANY_KNOWN = 3_000
"""From here on the interior point method is sooner than the simplex method, which stalls."""

BROKEN_KT = 1e-5
"""A row broken by less than ten kilograms is left alone."""

INTERIOR: Mapping[str, Value] = {"solver": "ipm", "run_crossover": "off"}


@dataclass
class LinkRows:
    """The rows that points of the LP have broken so far, as marks beside the names of its rows."""

    names: Sequence[str] = ()
    marks: Floats = field(default_factory=lambda: np.zeros(0))
    before: float | None = None

    def solve(
        self, form: StandardForm, options: SolveOptions, stop: threading.Event | None
    ) -> SolverAnswer:
        """Return the answer of an LP of the rows known, its multipliers for all rows."""
        rows = self.rows(form)
        lean = only_rows(form, rows)
        answer = run(lean, options, stop=stop, own=self.way(lean))
        if answer.row_duals is None or lean is form:
            return answer
        duals = np.zeros(len(form.row_lower))
        duals[rows] = answer.row_duals
        return replace(answer, row_duals=duals)

    def rows(self, form: StandardForm) -> Ints:
        """Return the rows that the LP has: all, if those that tie flows to sites are not many."""
        if not many(form):
            return np.arange(len(form.row_lower))
        return np.flatnonzero(~links_of(form) | self.known(form))

    def known(self, form: StandardForm) -> Bools:
        """Return which rows of a form some point has broken."""
        if not len(self.names):
            return np.zeros(len(form.row_lower), dtype=bool)
        return carried(self.marks, self.names, form.row_names) > 0

    def way(self, lean: StandardForm) -> Mapping[str, Value]:
        """Return the options of HiGHS by which an LP with the rows known is solved soonest."""
        slow = self.marks.sum() > MANY_KNOWN or many(lean)
        return INTERIOR if slow else {}

    def learn(self, form: StandardForm, values: Floats | None) -> int:
        """Take in the rows that a point breaks; return how many are new."""
        if values is None or not many(form):
            return 0
        known, links = self.known(form), np.flatnonzero(links_of(form))
        over = form.matrix().tocsr()[links] @ values[: len(form.cost)] - form.row_upper[links]
        broken = known.copy()
        broken[links[over > BROKEN_KT]] = True
        self.names, self.marks = form.row_names, broken.astype(float)
        return int(broken.sum() - known.sum())

    def matter(
        self, form: StandardForm, answer: SolverAnswer, near: float, *, settled: bool
    ) -> bool:
        """Return whether to go on for these rows; learn those that the point of an LP breaks.

        They are looked at once the rest is `settled`, and as long as they raise the LP by more than
        a share `near` of it.
        """
        if answer.objective is None or not many(form):
            return False
        first, last = self.before is None, self.before or 0.0
        if first and not settled:
            return False
        self.before = answer.objective
        rises = answer.objective - last > near * abs(answer.objective)
        return (first or rises) and self.learn(form, answer.values) > 0


def links_of(form: StandardForm) -> Bools:
    """Return which rows tie a flow to an open site."""
    return in_families(form.row_names, {LINK})


def many(form: StandardForm) -> bool:
    """Return whether the rows that tie flows to sites are too many to have them all."""
    return bool(links_of(form).sum() > MANY_LINKS)


def only_rows(form: StandardForm, rows: Ints) -> StandardForm:
    """Return a form with some of its rows, in their order."""
    if len(rows) == len(form.row_lower):
        return form
    kept = form.matrix().tocsr()[rows].tocsc()
    kept.sort_indices()
    return replace(
        form,
        starts=kept.indptr.astype(np.int64),
        indices=kept.indices.astype(np.int64),
        values=kept.data,
        row_lower=form.row_lower[rows],
        row_upper=form.row_upper[rows],
        row_names=taken(form.row_names, rows),
    )
