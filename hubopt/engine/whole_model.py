"""The whole model in Pyomo, for who asks for one model by name: the same form, in every bit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.model.build import build
from hubopt.model.standard import standard_form
from hubopt.vocabulary import Engine

if TYPE_CHECKING:
    from hubopt.problem.problem import Problem
    from hubopt.solver.form import StandardForm

PYOMO_ROUTES = 50_000
"""Most routes of a model built in Pyomo, which takes about 4 s then; arrays take no time."""


def by_pyomo(problem: Problem, engine: Engine) -> bool:
    """Tell whether the form of a problem comes from Pyomo: asked for by name, and not too large."""
    return engine is Engine.MONOLITHIC and len(problem.column_shipment) <= PYOMO_ROUTES


def pyomo_form(problem: Problem) -> StandardForm:
    """Return the form of the whole Pyomo model of a problem."""
    return standard_form(build(problem))
