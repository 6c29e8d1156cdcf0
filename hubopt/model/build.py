"""The whole model of a problem in Pyomo: variables, every rule, every cost term."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pyomo.environ as pyo

from hubopt.model import flow, limits, service, siting, sourcing, sums
from hubopt.model.cost import add_cost
from hubopt.model.parts import Parts, Rule, add_rule
from hubopt.model.stated import own_rule

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from numpy.typing import NDArray

    from hubopt.problem.problem import Floats, Ints, Problem

RULES: tuple[Rule, ...] = (
    flow.demand_met,
    flow.site_capacity,
    flow.site_open_for_flow,
    flow.link_capacity,
    flow.transfer_capacity,
    service.service_capacity,
    service.departure_limits,
    service.vehicle_balance,
    siting.modules_stay,
    siting.modules_need_open_site,
    siting.open_site_has_module,
    siting.required_sites,
    siting.closed_sites,
    limits.sites_at_most,
    limits.sites_at_least,
    limits.coverage,
    limits.budget,
    sourcing.least_use,
    sourcing.single_source,
    sourcing.site_chosen_for_flow,
    sums.service_level,
    sums.emissions_at_most,
    sums.mode_share_at_least,
    sums.mode_share_at_most,
    sums.delivery_share_at_least,
)
"""Every constraint of the model, in the order in which it is built and described."""


WITHOUT_FLOWS: tuple[Rule, ...] = (
    service.departure_limits,
    service.vehicle_balance,
    siting.modules_stay,
    siting.modules_need_open_site,
    siting.open_site_has_module,
    siting.required_sites,
    siting.closed_sites,
    limits.sites_at_most,
    limits.sites_at_least,
    limits.coverage,
    limits.budget,
    sourcing.single_source,
)
"""The rules that bind whole decisions alone."""


def build(problem: Problem) -> pyo.ConcreteModel:
    """Return the model of a problem; rules are components of their name, terms `cost_<term>`."""
    parts = variables(problem)
    for made in with_own(problem, RULES):
        add_rule(parts, made)
    add_cost(parts)
    return parts.model


def build_design(problem: Problem) -> pyo.ConcreteModel:
    """Return the model of a problem without its flows: whole decisions, their rules and costs.

    The same as arrays is `hubopt.engine.design_form`, which tests lay beside it.
    """
    nothing, nobody = np.zeros(0), np.zeros(0, dtype=np.int64)
    parts = variables(
        replace(
            problem,
            shipment_ids=(),
            shipment_stage=nobody,
            demand_kt=nothing,
            unserved_cost=nothing,
            column_shipment=nobody,
            column_terms=problem.column_terms[:0],
        )
    )
    for made in with_own(problem, WITHOUT_FLOWS):
        add_rule(parts, made)
    add_cost(parts)
    return parts.model


def with_own(problem: Problem, rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """Return rules with the planner's own, if a problem has any."""
    return rules if problem.own_rules is None else (*rules, own_rule)


def variables(problem: Problem) -> Parts:
    """Return a model with its variables and no rule yet."""
    model = pyo.ConcreteModel(name=problem.name)
    return recourse_variables(problem, model, design_variables(problem, model))


def design_variables(problem: Problem, model: pyo.ConcreteModel) -> Parts:
    """Add the variables of sites and modules to a model; the rest of the parts is empty."""
    none = np.zeros(0, dtype=object)
    bare = Parts(problem, model, none, none, none, none, none, none, none)
    sites = [(x,) for x in bare.names.sites]
    return replace(
        bare,
        open=counted(bare, "open", sites, np.ones(len(sites), int)),
        modules=counted(bare, "modules", bare.names.modules, problem.sites.module_most),
    )


def recourse_variables(problem: Problem, model: pyo.Block, design: Parts) -> Parts:
    """Add the variables of departures and flows to a model or block, for sites of a design."""
    bare = replace(design, problem=problem, model=model)
    services, shipments = problem.services, [(s,) for s in bare.names.shipments]
    runs, empty = services.most, service.most_empties(services)
    most = problem.demand_kt[problem.column_shipment]
    return replace(
        bare,
        departures=counted(bare, "departures", [(v,) for v in bare.names.services], runs),
        empties=counted(bare, "empties", [(v,) for v in bare.names.services], empty),
        flow=amounts(bare, "flow", bare.names.routes, most),
        unserved=amounts(bare, "unserved", shipments, problem.demand_kt),
        assign=choices(bare, "assign", bare.names.assignments),
    )


def counted(
    parts: Parts, name: str, things: Sequence[tuple[str, ...]], most: Ints
) -> NDArray[np.object_]:
    """Add whole-number variables, one per thing and stage, and return them as things x stages."""
    index = [(*thing, year) for thing in things for year in parts.stages]
    bounds = {key: (0, int(most[n // len(parts.stages)])) for n, key in enumerate(index)}
    variable = pyo.Var(index, domain=pyo.Integers, bounds=lambda _, *key: bounds[key])
    return added(parts, name, variable, index).reshape(len(things), len(parts.stages))


def choices(parts: Parts, name: str, index: Sequence[tuple[Hashable, ...]]) -> NDArray[np.object_]:
    """Add variables that are 0 or 1, and return them in order."""
    return added(parts, name, pyo.Var(index, domain=pyo.Integers, bounds=(0, 1)), index)


def amounts(
    parts: Parts, name: str, index: Sequence[tuple[Hashable, ...]], most: Floats
) -> NDArray[np.object_]:
    """Add variables between 0 and `most`, and return them in order."""
    bounds = {key: (0.0, float(upper)) for key, upper in zip(index, most, strict=True)}
    variable = pyo.Var(index, domain=pyo.Reals, bounds=lambda _, *key: bounds[key])
    return added(parts, name, variable, index)


def added(
    parts: Parts, name: str, variable: pyo.Var, index: Sequence[tuple[Hashable, ...]]
) -> NDArray[np.object_]:
    """Put an indexed variable on the model and return its members in the order of `index`."""
    setattr(parts.model, name, variable)
    members = np.empty(len(index), dtype=object)
    for n, key in enumerate(index):
        members[n] = variable[key if len(key) > 1 else key[0]]
    return members
