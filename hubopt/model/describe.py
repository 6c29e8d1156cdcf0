"""The model in words: constraints, cost terms, variables and parameters, with formula and unit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from hubopt.model.parameters import PARAMETERS
from hubopt.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyomo.environ as pyo

    from hubopt.problem.problem import Problem


@dataclass(frozen=True, slots=True)
class Description:
    """One part of the model; `rows` is how many there are for the problem described, if any.

    `source` says where a constraint or cost term is from.
    """

    name: str
    kind: Literal["constraint", "cost_term", "variable", "parameter"]
    sentence: Text
    formula: str
    unit: str
    rows: int | None
    source: Text | None = None


VARIABLES: Mapping[str, tuple[Text, str, str]] = {
    "open": (
        Text("Whether a site is open in a stage.", "设施在某阶段是否开放。"),
        "open[x,t] in {0, 1}",
        "sites",
    ),
    "modules": (
        Text("Modules of a size that stand at a site.", "设施中某规模模块的在用数量。"),
        "modules[m,t] in {0, ..., most[m]}",
        "modules",
    ),
    "departures": (
        Text("Loaded departures of a service.", "班线的载货班次。"),
        "departures[v,t] in {0, ..., most[v]}",
        "departures/week",
    ),
    "empties": (
        Text("Empty runs of a service.", "班线的空驶班次。"),
        "empties[v,t] in {0, ..., sum of most over the services of its class}",
        "departures/week",
    ),
    "flow": (
        Text("Freight of a shipment over one of its routes.", "货运需求经某一路径的运量。"),
        "0 <= flow[c] <= demand[s(c)]",
        "kt/year",
    ),
    "unserved": (
        Text("Freight of a shipment that stays behind.", "未满足的货运量。"),
        "0 <= unserved[s] <= demand[s]",
        "kt/year",
    ),
    "assign": (
        Text(
            "Whether a site is chosen to handle a group of shipments that may use few.",
            "是否选定某设施承担限定来源的一组货物。",
        ),
        "assign[g,x] in {0, 1}",
        "sites",
    ),
}
"""What is decided, in the order in which the model holds it."""


def describe(problem: Problem | None) -> tuple[Description, ...]:
    """Return all parts of the model, with their sizes if a problem is given."""
    from hubopt.model.build import RULES, build  # noqa: PLC0415  (Pyomo loads on use)
    from hubopt.model.cost import TERMS, UNIT  # noqa: PLC0415

    model = None if problem is None else build(problem)
    constraints = [
        Description(
            r.name, "constraint", r.sentence, r.formula, r.unit, size(model, r.name), r.source
        )
        for r in RULES
    ]
    terms = [
        Description(
            f"cost_{term.value}",
            "cost_term",
            text.sentence,
            text.formula,
            UNIT,
            None if model is None else terms_in(model, f"cost_{term.value}"),
            text.source,
        )
        for term, text in TERMS.items()
    ]
    variables = [
        Description(name, "variable", sentence, formula, unit, size(model, name))
        for name, (sentence, formula, unit) in VARIABLES.items()
    ]
    parameters = [
        Description(name, "parameter", sentence, formula, unit, None)
        for name, (sentence, formula, unit) in PARAMETERS.items()
    ]
    return (*constraints, *terms, *variables, *parameters)


def size(model: pyo.ConcreteModel | None, name: str) -> int | None:
    """Return how many members a component of the model has."""
    return None if model is None else len(model.component(name))


def terms_in(model: pyo.ConcreteModel, name: str) -> int:
    """Return how many variables a cost term charges."""
    return len(model.component(name).expr.linear_vars)
