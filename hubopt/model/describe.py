"""The model in words: sentence, formula, unit and, for a problem, the number of rows as built."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubopt.model.build import RULES, build
from hubopt.model.cost import TERMS, UNIT
from hubopt.text import Text
from hubopt.vocabulary import CostTerm

if TYPE_CHECKING:
    from hubopt.problem.problem import Problem

VARIABLES = (
    ("open", "0 or 1", Text("Whether a site stands in a stage.", "某阶段设施是否存在。")),
    ("modules", "modules", Text("Modules that stand in a stage.", "某阶段存在的模块数。")),
    ("departures", "a week", Text("Loaded departures of a service.", "班线每周载货班次。")),
    ("empties", "a week", Text("Empty runs of a service.", "班线每周空驶班次。")),
    ("flow", "kt a year", Text("Freight of a shipment on a route.", "某货物在某路径上的运量。")),
    ("unserved", "kt a year", Text("Freight that stays behind.", "未运输的货量。")),
)


@dataclass(frozen=True, slots=True)
class Description:
    """One part of the model; `rows` is None where no problem was given."""

    name: str
    kind: str
    sentence: Text
    formula: str
    unit: str
    rows: int | None


def describe(problem: Problem | None) -> tuple[Description, ...]:
    """Return variables, constraints and cost terms in the order in which the model has them."""
    model = None if problem is None else build(problem)

    def size(name: str) -> int | None:
        return None if model is None else len(getattr(model, name))

    variables = [
        Description(name, "variable", text, name, unit, size(name))
        for name, unit, text in VARIABLES
    ]
    constraints = [
        Description(r.name, "constraint", r.sentence, r.formula, r.unit, size(r.name))
        for r in RULES
    ]
    terms = [
        Description(
            f"cost_{term}", "cost_term", TERMS[term].sentence, TERMS[term].formula, UNIT, None
        )
        for term in CostTerm
    ]
    return (*variables, *constraints, *terms)
