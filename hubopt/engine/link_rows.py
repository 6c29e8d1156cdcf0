"""A large LP without the rows that tie flows to open sites, but for those that its points break.

There is one such row for each shipment and site that it may pass: two thirds of all rows of the
county instance, of which an LP without them breaks a fifth. That LP takes 4 s of CPU, the one with
all rows 90 s by the interior point method and more than 270 s by the simplex method. Rows that are
left out have a multiplier of 0, which is as valid as any other.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from hubopt.solver.run import run

if TYPE_CHECKING:
    import threading
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from hubopt.problem.problem import Floats, Ints
    from hubopt.solver.form import SolveOptions, SolverAnswer, StandardForm
    from hubopt.solver.options import Value

LINK = "site_open_for_flow("

MANY_LINKS = 30_000
"""Up to so many rows of this kind the LP has them all."""

MANY_KNOWN = 3_000
"""From here on the interior point method is sooner than the simplex method, which stalls."""

BROKEN_KT = 1e-5
"""A row broken by less than ten kilograms is left alone."""

INTERIOR: Mapping[str, Value] = {"solver": "ipm", "run_crossover": "off"}


@dataclass
class LinkRows:
    """The rows, by name, that points of the LP have broken so far."""

    known: set[str] = field(default_factory=set)

    def solve(
        self, form: StandardForm, options: SolveOptions, stop: threading.Event | None
    ) -> SolverAnswer:
        """Return the answer of an LP of the rows known, its multipliers for all rows."""
        rows = self.rows(form)
        lean = only_rows(form, rows)
        answer = run(lean, options, stop=stop, own=self.way(lean))
        if answer.row_duals is None or lean is form:
            return answer
        duals = np.zeros(len(form.row_names))
        duals[rows] = answer.row_duals
        return replace(answer, row_duals=duals)

    def rows(self, form: StandardForm) -> Ints:
        """Return the rows that the LP has: all, if those that tie flows to sites are not many."""
        links = links_of(form)
        if links.sum() <= MANY_LINKS:
            return np.arange(len(links))
        known = [name in self.known for name in form.row_names]
        return np.flatnonzero(~links | np.array(known, dtype=bool))

    def way(self, lean: StandardForm) -> Mapping[str, Value]:
        """Return the options of HiGHS by which an LP with the rows known is solved soonest."""
        many = len(self.known) > MANY_KNOWN or links_of(lean).sum() > MANY_LINKS
        return INTERIOR if many else {}

    def learn(self, form: StandardForm, values: Floats | None) -> int:
        """Take in the rows that a point breaks; return how many are new."""
        links = np.flatnonzero(links_of(form))
        if values is None or len(links) <= MANY_LINKS:
            return 0
        over = form.matrix().tocsr()[links] @ values[: len(form.cost)] - form.row_upper[links]
        broken = {form.row_names[row] for row in links[over > BROKEN_KT]} - self.known
        self.known |= broken
        return len(broken)


def links_of(form: StandardForm) -> NDArray[np.bool_]:
    """Return which rows tie a flow to an open site."""
    return np.array([name.startswith(LINK) for name in form.row_names], dtype=bool)


def only_rows(form: StandardForm, rows: Ints) -> StandardForm:
    """Return a form with some of its rows, in their order."""
    if len(rows) == len(form.row_names):
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
        row_names=tuple(form.row_names[row] for row in rows),
    )
