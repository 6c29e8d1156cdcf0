"""A lower bound on the cost of every plan, over all routes, from any multipliers of a form's rows.

Lagrangian relaxation (Geoffrion 1974): every row but the demands is priced into the objective. What
remains falls apart: each whole decision takes the better end of its range, and each shipment its
cheapest route at the prices, or stays behind. The bound needs nothing of the solver but numbers of
the right sign; a margin for the rounding of its sums is taken off.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hubopt.engine.shared_prices import shared_prices, signed
from hubopt.model.decisions import ABSENT, positions

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hubopt.engine.pricing import RoutePricer
    from hubopt.network.route import Route
    from hubopt.problem.problem import Floats, Problem
    from hubopt.solver.form import StandardForm

MARGIN = 1e-11
"""What rounding can add to a sum, by the sum of its absolute terms; each is right to 2e-16."""

DEMAND = "demand_met("


@dataclass(frozen=True)
class Bound:
    """A bound in million CNY of present value, and the routes that would raise it if listed.

    `listed` is the same with the routes of the form alone: the bound on plans that keep to them.
    """

    value: float
    listed: float
    routes: tuple[Route, ...]


def route_bound(
    pricer: RoutePricer,
    problem: Problem,
    form: StandardForm,
    duals: Floats,
    *,
    per_shipment: int = 1,
) -> Bound:
    """Return the bound over all routes that the multipliers of the rows of a form give."""
    priced = signed(form, duals)
    priced[[name.startswith(DEMAND) for name in form.row_names]] = 0.0
    reduced = form.cost - form.matrix().T @ priced
    where = positions(problem, form)
    listed = reduced[where["unserved"]]
    np.minimum.at(listed, problem.column_shipment, reduced[where["flow"]])
    flows = np.concatenate([where["flow"], where["unserved"]])
    whole = np.ones(len(form.cost), dtype=bool)
    whole[flows[flows != ABSENT]] = False
    prices = shared_prices(pricer.instance, problem, form, priced)
    found = pricer.cheapest(prices, listed, per_shipment=per_shipment)
    fixed = [form.offset, *sides(form, priced), *ends(form, reduced, whole)]
    return Bound(
        value=safe_sum([*fixed, *(found.cost * problem.demand_kt).tolist()]),
        listed=safe_sum([*fixed, *(listed * problem.demand_kt).tolist()]),
        routes=found.routes,
    )


def sides(form: StandardForm, priced: Floats) -> list[float]:
    """Return what the sides of the rows add to the relaxed objective."""
    side = np.where(priced > 0, form.row_lower, form.row_upper)
    paid: list[float] = (priced * np.where(priced == 0.0, 0.0, side)).tolist()
    return paid


def ends(form: StandardForm, reduced: Floats, whole: NDArray[np.bool_]) -> list[float]:
    """Return what the columns of whole decisions cost at the better end of their range."""
    end = np.where(reduced > 0, form.column_lower, form.column_upper)
    paid: list[float] = (reduced * np.where(reduced == 0.0, 0.0, end))[whole].tolist()
    return paid


def safe_sum(terms: list[float]) -> float:
    """Return a sum less what rounding could have added to it."""
    return math.fsum(terms) - MARGIN * math.fsum(map(abs, terms))
