"""The form made of arrays, in the order of the Pyomo model and to its last bit.

HiGHS finds one of several optima, and which depends on the order of rows and columns and on the
last bit of a cost. So a problem gets the plan that its Pyomo model gets, in a tenth of the time.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from hubopt.model.build import RULES
from hubopt.model.stated import own_rule
from hubopt.solver.name_list import ranks, taken
from hubopt.vocabulary import FLOW_TERMS, CostTerm

if TYPE_CHECKING:
    from scipy.sparse import csc_matrix

    from hubopt.problem.problem import Floats, Ints, Problem
    from hubopt.solver.form import StandardForm

FAMILIES = ("modules", "departures", "flow", "empties", "unserved", "open", "assign")
"""Columns by the order in which a row names them."""
TERMS = tuple(CostTerm)
FIRST_TERM = {
    "modules": TERMS.index(CostTerm.BUILDING),
    "departures": TERMS.index(CostTerm.DEPARTURES),
    "empties": TERMS.index(CostTerm.REPOSITIONING),
    "unserved": TERMS.index(CostTerm.UNSERVED),
}
"""The cost term that charges a family first."""
RANKS = {rule.name: rank for rank, rule in enumerate((*RULES, own_rule))}


def in_pyomo_order(problem: Problem, form: StandardForm) -> StandardForm:
    """Return a form of arrays as `standard_form(build(problem))` is, bit for bit."""
    cost = form.cost.copy()
    flows = len(cost) - len(problem.demand_kt) - len(problem.column_shipment)
    cost[flows : flows + len(problem.column_shipment)] = flow_cost(problem)
    rows = np.argsort(ranks(form.row_names, RANKS), kind="stable")
    matrix = form.matrix().tocsr()[rows].tocsc()
    columns = column_order(problem, form, matrix)
    matrix = matrix[:, columns]
    matrix.sort_indices()
    return replace(
        form,
        cost=cost[columns],
        column_lower=form.column_lower[columns],
        column_upper=form.column_upper[columns],
        integer=form.integer[columns],
        starts=matrix.indptr.astype(np.int64),
        indices=matrix.indices.astype(np.int64),
        values=matrix.data,
        row_lower=form.row_lower[rows],
        row_upper=form.row_upper[rows],
        column_names=taken(form.column_names, columns),
        row_names=taken(form.row_names, rows),
    )


def flow_cost(problem: Problem) -> Floats:
    """Return the cost of each flow, its terms summed one after the other, in million CNY / kt."""
    weight = problem.weights[problem.shipment_stage][problem.column_shipment]
    total = np.zeros(len(weight))
    for term in FLOW_TERMS:
        total += problem.column_terms[:, FLOW_TERMS.index(term)] * weight
    return total


def column_order(problem: Problem, form: StandardForm, matrix: csc_matrix) -> Ints:
    """Return the columns family by family, as the objective names them first, or else the rows."""
    kinds = ranks(form.column_names, {name: kind for kind, name in enumerate(FAMILIES)})
    height = np.diff(matrix.indptr) > 0
    place = np.full(len(FAMILIES), np.inf)
    for kind, name in enumerate(FAMILIES):
        mine = kinds == kind
        if form.cost[mine].any():
            place[kind] = first_term(problem, name)
        elif (mine & height).any():
            place[kind] = len(TERMS) + matrix.indices[matrix.indptr[:-1][mine & height]].min()
    order = np.empty(len(FAMILIES))
    order[np.argsort(place, kind="stable")] = np.arange(len(FAMILIES))
    return np.argsort(order[kinds], kind="stable")


def first_term(problem: Problem, name: str) -> int:
    """Return the place of the first cost term that charges a family."""
    if name != "flow":
        return FIRST_TERM[name]
    charged = (FLOW_TERMS[n] for n in np.flatnonzero(problem.column_terms.any(axis=0)))
    return min(map(TERMS.index, charged))
