"""A lower bound on the cost of every plan, over all routes, from any multipliers of a form's rows.

Lagrangian relaxation (Geoffrion 1974): every row but the demands is priced into the objective. What
remains falls apart: each whole decision takes the better end of its range, and each shipment its
cheapest route at the prices, or stays behind. The bound needs nothing of the solver but numbers of
the right sign; a margin for the rounding of its sums is taken off.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from hubopt.engine.idle_services import raised
from hubopt.engine.safe_sums import safe_sum
from hubopt.engine.shared_prices import numbered, shared_prices, signed
from hubopt.model.decisions import ABSENT, positions
from hubopt.solver.name_list import in_families

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from hubopt.engine.pricing import RoutePricer
    from hubopt.network.route import Route
    from hubopt.problem.problem import Floats, Ints, Problem
    from hubopt.solver.form import StandardForm

DEMAND = "demand_met"


@dataclass(frozen=True)
class Bound:
    """A bound in million CNY of present value, and the routes that would raise it if listed.

    `listed` is the same with the routes of the form alone: the bound on plans that keep to them.
    `reduced` are the costs that whole decisions have in it, by column, and 0 for flows.
    """

    value: float
    listed: float
    routes: tuple[Route, ...]
    reduced: Floats


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
    priced[in_families(form.row_names, {DEMAND})] = 0.0
    where = positions(problem, form)
    flows = np.concatenate([where["flow"], where["unserved"]])
    whole = np.ones(len(form.cost), dtype=bool)
    whole[flows[flows != ABSENT]] = False

    def total(reduced: Floats, each: Floats) -> float:
        paid = [*sides(form, priced), *ends(form, reduced, whole)]
        return safe_sum([form.offset, *paid, *(each * problem.demand_kt).tolist()])

    reduced = form.cost - form.matrix().T @ priced
    listed = total(reduced, least_listed(problem, reduced, where))
    loosened = without_tightening(pricer, problem, form, priced, where["modules"])
    reduced = form.cost - form.matrix().T @ priced + loosened
    prices = shared_prices(pricer.instance, problem, form, priced)
    more, reduced = raised(problem, reduced, where, form.column_lower > 0)
    prices = replace(prices, leg=prices.leg + more)
    worth = least_listed(problem, reduced, where)
    found = pricer.cheapest(prices, worth, per_shipment=per_shipment)
    whole_alone = np.where(whole, reduced, 0.0)
    return Bound(total(reduced, found.cost), listed, found.routes, whole_alone)


def least_listed(problem: Problem, reduced: Floats, where: Mapping[str, Ints]) -> Floats:
    """Return what each shipment pays at least, by its listed routes or left behind."""
    least: Floats = reduced[where["unserved"]]
    np.minimum.at(least, problem.column_shipment, reduced[where["flow"]])
    return least


def without_tightening(
    pricer: RoutePricer, problem: Problem, form: StandardForm, priced: Floats, modules: Ints
) -> Floats:
    """Return what columns cost less where a capacity is cut to what listed routes could use.

    Routes that are not listed could use more of a module. Its row counts with what could come over
    all routes; where that is not known and the module has no limit, `priced` has 0 for it then.
    """
    found = np.zeros(len(form.cost))
    if problem.complete:
        return found
    stages, of_modules = len(problem.stages), form.matrix()[:, modules].tocsr()
    every = pricer.most_kt(problem.demand_kt)
    for part, here in numbered(form).of("site_capacity"):
        stated = -of_modules[here].toarray()
        for number, row in zip(part.numbers.tolist(), range(here.start, here.stop), strict=True):
            p, t = divmod(number, stages)
            if priced[row] == 0.0:
                continue
            most = np.minimum(problem.sites.pool_module_capacity[p], every[p, t])
            more = most - stated[row - here.start, t::stages]
            if np.isinf(more).any():
                priced[row] = 0.0
            else:
                found[modules[t::stages]] += priced[row] * np.maximum(more, 0.0)
    return found


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
