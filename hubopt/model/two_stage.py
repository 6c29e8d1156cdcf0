"""One design for several states: sites decided once, departures and flows in each state.

Two-stage stochastic programming with recourse (Birge and Louveaux, Introduction to Stochastic
Programming, 2011, chapter 2). Every state is a problem of its own in a block of the model; what all
states share are the variables `open` and `modules`, and the rules on them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyomo.environ as pyo
from pyomo.core.expr import LinearExpression

from hubopt.model import limits, siting
from hubopt.model.build import RULES, design_variables, recourse_variables
from hubopt.model.cost import add_terms, term_expression
from hubopt.model.parts import Parts, add_rule
from hubopt.vocabulary import CostTerm

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hubopt.plan.risk import Risk
    from hubopt.problem.problem import Problem

DESIGN_RULES = frozenset({
    siting.modules_stay, siting.modules_need_open_site, siting.open_site_has_module,
    siting.required_sites, siting.closed_sites, limits.sites_at_most, limits.sites_at_least,
    limits.budget,
})  # fmt: skip
"""Rules on sites alone: they hold once, for the design; coverage hangs on the roads of a state."""


def state_names(count: int) -> tuple[str, ...]:
    """Return what stands before the names of the variables of each state."""
    return tuple(f"s{number}." for number in range(1, count + 1))


def build_two_stage(
    problems: Sequence[Problem], probability: Sequence[float], risk: Risk
) -> pyo.ConcreteModel:
    """Return the model of one design for all problems; blocks `s1`, `s2`, ... are the states.

    Raises `ValueError` if the problems do not have the same sites, modules and stages.
    """
    refuse_other_sites(problems)
    model = pyo.ConcreteModel(name=problems[0].name)
    design = design_variables(problems[0], model)
    for made in RULES:
        if made in DESIGN_RULES:
            add_rule(design, made)
    states = []
    for problem, name in zip(problems, state_names(len(problems)), strict=True):
        block = pyo.Block(concrete=True)
        setattr(model, name.removesuffix("."), block)
        parts = recourse_variables(problem, block, design)
        for made in RULES:
            if made not in DESIGN_RULES:
                add_rule(parts, made)
        add_terms(parts)
        states.append(parts)
    add_objective(model, states, probability, risk)
    return model


def refuse_other_sites(problems: Sequence[Problem]) -> None:
    """Raise `ValueError` if a problem has other sites, modules or stages than the first."""
    first = shared(problems[0])
    for problem in problems[1:]:
        for name, value in shared(problem).items():
            if not np.array_equal(np.asarray(value), np.asarray(first[name])):
                raise ValueError(name)


def shared(problem: Problem) -> Mapping[str, object]:
    """Return what all states must have alike, by name."""
    sites = problem.sites
    return {
        "stages": problem.stages,
        "site_ids": sites.site_ids,
        "module_names": sites.module_names,
        "module_site": sites.module_site,
        "module_built": sites.module_built,
        "module_most": sites.module_most,
        "may_open": sites.may_open,
        "may_build": sites.may_open if sites.may_build is None else sites.may_build,
        "always_open": sites.always_open,
        "required": sites.required,
    }


def add_objective(
    model: pyo.ConcreteModel, states: Sequence[Parts], probability: Sequence[float], risk: Risk
) -> None:
    """Add the expected cost, and the mean cost of the tail if it has a weight."""
    weight = float(risk.weight)
    pieces = [
        ((1.0 - weight) * p, cost_of(parts)) for p, parts in zip(probability, states, strict=True)
    ]
    if weight > 0:
        numbers = range(1, len(states) + 1)
        model.threshold = pyo.Var(bounds=(0.0, None))
        model.excess = pyo.Var(numbers, bounds=(0.0, None))
        rows = dict(zip(numbers, excess_rows(model, states), strict=True))
        model.excess_over_threshold = pyo.Constraint(numbers, rule=lambda _, k: rows[k])
        beyond = weight / (1.0 - float(risk.level))
        tail = LinearExpression(
            linear_coefs=[weight, *(beyond * p for p in probability)],
            linear_vars=[model.threshold, *(model.excess[k] for k in numbers)],
        )
        pieces.append((1.0, tail))
    model.cost = pyo.Objective(expr=summed(pieces), sense=pyo.minimize)


def excess_rows(
    model: pyo.ConcreteModel, states: Sequence[Parts]
) -> Iterator[tuple[None, LinearExpression, float]]:
    """Yield cost[k] - threshold - excess[k] <= 0."""
    for k, parts in enumerate(states, start=1):
        above = LinearExpression(
            linear_coefs=[-1.0, -1.0], linear_vars=[model.threshold, model.excess[k]]
        )
        yield None, summed([(1.0, cost_of(parts)), (1.0, above)]), 0.0


def cost_of(parts: Parts) -> LinearExpression:
    """Return the cost of one state, its sites included."""
    return summed([(1.0, term_expression(parts, term)) for term in CostTerm])


def summed(pieces: Sequence[tuple[float, LinearExpression]]) -> LinearExpression:
    """Return a weighted sum in which each variable stands once."""
    coefficients: dict[int, float] = {}
    variables = {}
    constant = 0.0
    for weight, piece in pieces:
        constant += weight * piece.constant
        for coefficient, variable in zip(piece.linear_coefs, piece.linear_vars, strict=True):
            key = id(variable)
            variables[key] = variable
            coefficients[key] = coefficients.get(key, 0.0) + weight * coefficient
    return LinearExpression(
        constant=constant,
        linear_coefs=list(coefficients.values()),
        linear_vars=[variables[key] for key in coefficients],
    )
