"""The optimum of a small instance by hubopt's own routes and model, solved within this process.

The public way starts a child process for each solve; thousands of pairs would take an hour.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import highspy
import numpy as np

from hubopt.model.build import build
from hubopt.model.decisions import decisions
from hubopt.model.standard import standard_form
from hubopt.network.routes import list_routes
from hubopt.network.steps import Move, Ride
from hubopt.plan.pricing import Pricer
from hubopt.problem.build import build_problem
from hubopt.units import KG_PER_T, T_PER_KT
from hubopt.vocabulary import FLOW_TERMS, CostTerm, Mode

if TYPE_CHECKING:
    from hubopt.instance.tables import Instance
    from hubopt.plan.pricing import Key
    from hubopt.problem.problem import Decisions, Problem
    from hubopt.solver.form import StandardForm

OPTIONS = {
    "output_flag": False,
    "threads": 1,
    "mip_rel_gap": 0.0,
    "mip_abs_gap": 0.0,
    "mip_feasibility_tolerance": 1e-9,
    "primal_feasibility_tolerance": 1e-9,
}
INFINITE = float("inf")
DUST_KT = 1e-9
"""Less than this flows by rounding only."""


@dataclass(frozen=True)
class Optimum:
    """An instance and its least present value in million CNY, infinite if nothing is allowed.

    `whole` says that every route that may matter was listed.
    """

    instance: Instance
    problem: Problem
    mcny: float
    made: Decisions | None
    whole: bool = True

    @property
    def feasible(self) -> bool:
        """Whether any plan is allowed."""
        return self.made is not None

    @cached_property
    def used_t(self) -> dict[tuple[Key, int], float]:
        """Tonnes that the flows take of each limited thing, by stage."""
        problem, pricer = self.problem, Pricer(self.instance)
        found: dict[tuple[Key, int], float] = {}
        for column, kt in enumerate(self.flows_kt):
            shipment = self.instance.demand[int(problem.column_shipment[column])]
            uses = (
                pricer.uses(shipment.product, problem.column_steps[column]) if kt > DUST_KT else {}
            )
            for key, times in uses.items():
                here = (key, shipment.stage)
                found[here] = found.get(here, 0.0) + float(times) * kt * T_PER_KT
        return found

    @property
    def flows_kt(self) -> np.ndarray:
        """Kilotonnes a year on each route."""
        return np.zeros(0) if self.made is None else self.made.flow_kt

    def in_stage(self, stage: int) -> np.ndarray:
        """Return the kilotonnes of a stage on each route, nothing on those of other stages."""
        problem = self.problem
        here = problem.shipment_stage[problem.column_shipment] == problem.stages.index(stage)
        return np.where(here, self.flows_kt, 0.0) if self.feasible else np.zeros(len(here))

    def emitted_t(self, stage: int) -> float:
        """Return tonnes of CO2e a year, from well to wheel."""
        return float(self.problem.column_wtw_kg_per_t @ self.in_stage(stage)) * T_PER_KT / KG_PER_T

    def rail_share(self, stage: int) -> float:
        """Return the share of what is carried that goes by rail on some leg, 0 of nothing."""
        pricer, flows = Pricer(self.instance), self.in_stage(stage)
        by_rail = [
            any(isinstance(s, Move | Ride) and pricer.mode(s) is Mode.RAIL for s in steps)
            for steps in self.problem.column_steps
        ]
        return float(flows @ np.array(by_rail, dtype=float)) / (flows.sum() or 1.0)

    def paid_mcny(self, term: CostTerm) -> float:
        """Return the present value of one of the terms that are charged per tonne that flows."""
        problem = self.problem
        each = problem.column_terms[:, FLOW_TERMS.index(term)]
        weight = problem.weights[problem.shipment_stage[problem.column_shipment]]
        return float((each * weight) @ self.flows_kt)

    def weight(self, stage: int) -> float:
        """Return the present value of 1 CNY a year in a stage."""
        return float(self.problem.weights[self.problem.stages.index(stage)])


def optimum(instance: Instance) -> Optimum:
    """Return the optimum of an instance over the routes that are listed."""
    listed = list_routes(instance)
    problem = build_problem(instance, listed)
    form = standard_form(build(problem))
    found = solved(form)
    whole = not listed.capped and not listed.left_out
    if found is None:
        return Optimum(instance, problem, INFINITE, None, whole)
    cost, values = found
    return Optimum(instance, problem, cost, decisions(problem, form, values), whole)


def solved(form: StandardForm) -> tuple[float, np.ndarray] | None:
    """Return the optimum of a form and its values, None if nothing is allowed."""
    highs = highspy.Highs()
    for name, value in OPTIONS.items():
        assert highs.setOptionValue(name, value) == highspy.HighsStatus.kOk
    assert highs.passModel(as_lp(form)) == highspy.HighsStatus.kOk
    highs.run()
    status = highs.getModelStatus()
    if status == highspy.HighsModelStatus.kInfeasible:
        return None
    assert status == highspy.HighsModelStatus.kOptimal, status
    return float(highs.getObjectiveValue()), np.array(highs.getSolution().col_value)


def as_lp(form: StandardForm) -> highspy.HighsLp:
    """Return a form as HiGHS takes it."""
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(form.cost), len(form.row_lower)
    lp.col_cost_, lp.offset_ = form.cost, form.offset
    lp.col_lower_, lp.col_upper_ = form.column_lower, form.column_upper
    lp.row_lower_, lp.row_upper_ = form.row_lower, form.row_upper
    matrix = lp.a_matrix_
    matrix.format_ = highspy.MatrixFormat.kColwise
    matrix.start_, matrix.index_ = form.starts.astype(np.int32), form.indices.astype(np.int32)
    matrix.value_ = form.values
    kinds = highspy.HighsVarType
    lp.integrality_ = [kinds.kInteger if whole else kinds.kContinuous for whole in form.integer]
    return lp
