"""Cost: the terms of the objective, each a named expression in million CNY of present value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyomo.environ as pyo
from pyomo.core.expr import LinearExpression

from hubopt.model import sources
from hubopt.text import Text
from hubopt.vocabulary import FLOW_TERMS, CostTerm

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from hubopt.model.parts import Parts
    from hubopt.problem.problem import Floats

UNIT = "million CNY, present value"


@dataclass(frozen=True, slots=True)
class TermText:
    """What a cost term says, in words and as a formula."""

    sentence: Text
    formula: str
    source: Text = sources.OWN


def per_tonne(en: str, zh: str, term: str, source: Text = sources.OWN) -> TermText:
    """Return the words of a term that is charged per tonne that flows."""
    return TermText(Text(en, zh), f"sum_t weight[t] sum_{{c in t}} {term}[c] flow[c]", source)


TERMS: Mapping[CostTerm, TermText] = {
    CostTerm.BUILDING: TermText(
        Text("Yearly repayment of what is built.", "新建模块的年度投资摊还。"),
        "sum_t weight[t] sum_m annuity[m] (modules[m,t] - built[m])",
        sources.ANNUITY,
    ),
    CostTerm.RUNNING: TermText(
        Text("Yearly fixed cost of the modules that stand.", "在用模块的年度固定成本。"),
        "sum_t weight[t] sum_m fixed_cost[m] modules[m,t]",
    ),
    CostTerm.DEPARTURES: TermText(
        Text("Cost of loaded departures.", "载货班次的成本。"),
        "sum_t weight[t] sum_v departure_cost[v] departures[v,t]",
        sources.SERVICE_DESIGN,
    ),
    CostTerm.LINE_HAUL: per_tonne("Haulage over links.", "线路运输费用。", "line_haul"),
    CostTerm.HANDLING: per_tonne("Handling at sites.", "设施处理费用。", "handling"),
    CostTerm.TRANSFER: per_tonne("Changes of mode.", "换装费用。", "transfer"),
    CostTerm.CUSTOMS_DUTY: per_tonne("Clearance and duty.", "通关与关税。", "customs_duty"),
    CostTerm.CAPITAL_IN_TRANSIT: per_tonne(
        "Capital tied up on the way.", "在途资金成本。", "capital_in_transit", sources.TIME_COSTS
    ),
    CostTerm.SPOILAGE: per_tonne("What spoils on the way.", "在途腐损。", "spoilage"),
    CostTerm.INSURANCE_FINANCE: per_tonne(
        "Insurance by distance, and trade finance of what crosses the border.",
        "按里程计的保险，以及跨境货物的贸易融资。",
        "insurance_finance",
    ),
    CostTerm.REPOSITIONING: TermText(
        Text("Cost of empty runs.", "空驶调运成本。"),
        "sum_t weight[t] sum_v empty_cost[v] empties[v,t]",
        sources.EMPTY_RUNS,
    ),
    CostTerm.CARBON: per_tonne(
        "Carbon price on emissions.", "碳排放费用。", "carbon", sources.EMISSIONS
    ),
    CostTerm.UNSERVED: TermText(
        Text("Price of what stays behind.", "未满足货运量的代价。"),
        "sum_t weight[t] sum_{s in t} unserved_cost[s] unserved[s]",
    ),
}


def add_cost(parts: Parts) -> None:
    """Add one named expression per term and their sum as the objective."""
    parts.model.cost = pyo.Objective(expr=sum(add_terms(parts)), sense=pyo.minimize)


def add_terms(parts: Parts) -> list[pyo.Expression]:
    """Add one named expression per term and return them."""
    expressions = []
    for term in CostTerm:
        expression = pyo.Expression(expr=term_expression(parts, term))
        setattr(parts.model, f"cost_{term.value}", expression)
        expressions.append(expression)
    return expressions


def term_expression(parts: Parts, term: CostTerm) -> LinearExpression:
    """Return one term as a linear expression over the variables that it charges."""
    problem = parts.problem
    weights = problem.weights
    if term is CostTerm.BUILDING:
        yearly = np.outer(problem.sites.module_annuity, weights)
        constant = -float(problem.sites.module_built @ yearly.sum(axis=1))
        return charged(yearly, parts.modules, constant)
    if term is CostTerm.RUNNING:
        return charged(np.outer(problem.sites.module_running, weights), parts.modules)
    if term is CostTerm.DEPARTURES:
        return charged(np.outer(problem.services.departure_cost, weights), parts.departures)
    if term is CostTerm.REPOSITIONING:
        return charged(np.outer(problem.services.empty_cost, weights), parts.empties)
    shipment_weight = weights[problem.shipment_stage]
    if term is CostTerm.UNSERVED:
        return charged(problem.unserved_cost * shipment_weight, parts.unserved)
    each = problem.column_terms[:, FLOW_TERMS.index(term)]
    return charged(each * shipment_weight[problem.column_shipment], parts.flow)


def charged(
    prices: Floats, variables: NDArray[np.object_], constant: float = 0.0
) -> LinearExpression:
    """Return constant + sum of price x variable over all prices that are not zero."""
    here = np.flatnonzero(prices)
    return LinearExpression(
        constant=constant,
        linear_coefs=[float(price) for price in prices.ravel()[here]],
        linear_vars=list(variables.ravel()[here]),
    )
