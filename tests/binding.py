"""Which rules of the model matter to an instance: without one of them its optimum is another.

Where a rule matters, a fault in it shows in the optimum, which brute force knows. Where none does,
agreement proves nothing of it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from hubopt.model.build import build
from hubopt.model.standard import standard_form
from hubopt.network.routes import list_routes
from hubopt.problem.build import build_problem
from tests.optimum import INFINITE, solved

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hubopt.instance.tables import Instance
    from hubopt.solver.form import StandardForm

SHARE, MCNY = 1e-6, 1e-3
"""Optima so near are the same to whoever compares with brute force."""

TWICE = {
    "site_open_for_flow": "site_capacity",
    "modules_need_open_site": "site_open_for_flow",
}
"""Rules that another one makes redundant, for the solver's sake; judged with that one away."""


def binding(instance: Instance) -> set[str]:
    """Return the rules without which the optimum of an instance falls."""
    form = standard_form(build(build_problem(instance, list_routes(instance))))
    families = np.array([name.partition("(")[0] for name in form.row_names])
    return set(rules_that_bind(form, families))


def rules_that_bind(form: StandardForm, families: np.ndarray) -> Iterator[str]:
    """Yield the families of rows whose removal changes the optimum of a form."""
    best = without(form, families, ())
    for name in sorted(set(families)):
        other = TWICE.get(name, "")
        if falls(best, without(form, families, (name,))) or (
            other
            and falls(without(form, families, (other,)), without(form, families, (name, other)))
        ):
            yield name


def falls(before: float, after: float) -> bool:
    """Tell whether an optimum falls by more than rounding."""
    if before == INFINITE:
        return after < INFINITE
    return after < before * (1.0 - SHARE) - MCNY


def without(form: StandardForm, families: np.ndarray, names: Iterable[str]) -> float:
    """Return the optimum of a form without the rows of some families, infinite if there is none."""
    gone = np.isin(families, list(names))
    found = solved(
        replace(
            form,
            row_lower=np.where(gone, -np.inf, form.row_lower),
            row_upper=np.where(gone, np.inf, form.row_upper),
        )
    )
    return INFINITE if found is None else found[0]
