"""A marginal value is what one tonne more or less really changes, and nothing else is priced."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import linprog

from hubopt.engine.flows_alone import flow_prices, flows_alone
from hubopt.engine.solve_problem import solve_problem
from hubopt.instance.read import read
from hubopt.instance.tables import Instance
from hubopt.model.marginals import marginal_values
from hubopt.network.routes import list_routes
from hubopt.plan.marginal import MarginalKind
from hubopt.problem.build import build_problem
from hubopt.solver.form import SolveOptions, StandardForm
from tests.tiny import tiny

MINI = Path(__file__).parent.parent / "instances" / "zhengzhou-mini"
TONNE_KT = 1e-3
EXACT = SolveOptions(gap=0.0, time_s=60.0)


def least_cost(form: StandardForm, row: int, more_kt: float) -> float:
    """Return the least cost of the flows with one row's side moved."""
    rows = form.matrix().tocsr()
    moved = np.where(np.arange(len(form.row_upper)) == row, more_kt, 0.0)
    equal = form.row_lower == form.row_upper
    most = np.isfinite(form.row_upper) & ~equal
    found = linprog(
        form.cost,
        A_ub=rows[most],
        b_ub=(form.row_upper + moved)[most],
        A_eq=rows[equal],
        b_eq=(form.row_upper + moved)[equal],
        method="highs",
    )
    assert found.status == 0, found.message
    return float(found.fun)


@pytest.mark.parametrize("instance", [tiny(), read(MINI)], ids=["tiny", "mini"])
def test_each_price_is_what_a_tonne_changes(instance: Instance) -> None:
    """For every row, the price lies between what a tonne less saves and a tonne more costs."""
    problem = build_problem(instance, list_routes(instance))
    solved = solve_problem(problem, EXACT)
    assert solved.answer.values is not None
    form = flows_alone(problem, solved.form, solved.answer.values)
    prices = flow_prices(problem, solved, EXACT)
    assert prices
    here = least_cost(form, -1, 0.0)
    for row, name in enumerate(form.row_names):
        if name in prices:
            before = (here - least_cost(form, row, -TONNE_KT)) / TONNE_KT
            after = (least_cost(form, row, TONNE_KT) - here) / TONNE_KT
            assert before - 1e-4 <= prices[name] <= after + 1e-4, name


def test_only_what_is_there_is_priced() -> None:
    """No value for a service that does not run, nor for a site that does not stand."""
    instance = read(MINI)
    problem = build_problem(instance, list_routes(instance))
    solved = solve_problem(problem, EXACT)
    made = solved.decisions
    assert made is not None
    found = marginal_values(instance, problem, flow_prices(problem, solved, EXACT))
    services, sites = problem.services.service_ids, problem.sites.site_ids
    assert {m.kind for m in found} >= {MarginalKind.DEMAND, MarginalKind.SERVICE_LEG}
    for value in found:
        t = problem.stages.index(value.stage)
        if value.kind is MarginalKind.SERVICE_LEG:
            assert made.departures[services.index(value.service), t] > 0
        if value.kind is MarginalKind.SITE_FUNCTION:
            assert made.open[sites.index(value.where), t] > 0
        if value.kind is MarginalKind.DEMAND:
            product = instance.product[value.what]
            assert value.cny_per_t <= product.unserved_cost_cny_per_t + 0.01
