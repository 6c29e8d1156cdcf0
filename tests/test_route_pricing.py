"""The pricing of all routes finds what trying every route finds, and its bounds are bounds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from hubopt.engine.array_form import array_form
from hubopt.engine.bound import route_bound
from hubopt.engine.dive import relaxed
from hubopt.engine.pricing import RoutePricer
from hubopt.engine.shared_prices import shared_prices, signed
from hubopt.errors import InputError
from hubopt.instance.public.families import cases_of
from hubopt.model.decisions import positions
from hubopt.network.route import RouteList
from hubopt.network.routes import all_routes, list_routes
from hubopt.problem.build import build_problem
from hubopt.solver.form import SolveOptions, SolverStatus
from hubopt.solver.run import run
from tests.random_instances import random_instance
from tests.random_limits import limited_instance
from tests.random_networks import random_network
from tests.solver_at_hand import solver_at_hand

if TYPE_CHECKING:
    from collections.abc import Callable

    from hubopt.instance.tables import Instance
    from hubopt.problem.problem import Floats, Problem
    from hubopt.solver.form import StandardForm

SHARES = {"mode_share_at_least", "mode_share_at_most", "delivery_share_at_least"}
EXACT = SolveOptions(gap=1e-9, time_s=60.0)


def with_all_routes(instance: Instance) -> Problem:
    """Return the problem over every route that there is."""
    routes = tuple(r for s in instance.demand for r in all_routes(instance, s.id))
    return build_problem(instance, RouteList(routes, (), (), len(routes)))


def drawn(rng: np.random.Generator, form: StandardForm, scale: float) -> Floats:
    """Return random multipliers of the right sign, many of them 0."""
    size = len(form.row_names)
    some = rng.random(size) < 0.6
    return signed(form, rng.normal(size=size) * some * scale * np.abs(form.cost).mean())


def least_by_shipment(problem: Problem, form: StandardForm, duals: Floats) -> Floats:
    """Return the least reduced cost of the routes of each shipment, infinity without any."""
    reduced = form.cost - form.matrix().T @ duals
    found = np.full(len(problem.demand_kt), np.inf)
    np.minimum.at(found, problem.column_shipment, reduced[positions(problem, form)["flow"]])
    return found


def check_prices(instance: Instance, seed: int) -> bool:
    """Compare the cheapest routes at random prices with the least of all; tell if any differed."""
    problem = with_all_routes(instance)
    form = array_form(problem)
    rng = np.random.default_rng(seed)
    pricer = RoutePricer(instance, problem)
    told = False
    for scale in (0.0, 0.1, 3.0):
        duals = drawn(rng, form, scale)
        duals[[name.startswith("demand_met(") for name in form.row_names]] = 0.0
        truth = least_by_shipment(problem, form, duals)
        prices = shared_prices(instance, problem, form, duals)
        worth = np.full(len(truth), np.inf)
        found = pricer.cheapest(prices, worth, per_shipment=3)
        if SHARES & set(problem.flow_limits.rules):
            assert (found.cost <= truth + 1e-9).all()
        else:
            assert found.cost == pytest.approx(truth, rel=1e-9, abs=1e-9)
        known = {(problem.shipment_ids[s], steps) for s, steps in
                 zip(problem.column_shipment, problem.column_steps, strict=True)}  # fmt: skip
        assert {(r.shipment, r.steps) for r in found.routes} <= known
        told = told or bool(np.isfinite(truth).any())
    return told


@pytest.mark.parametrize("draw", [random_instance, random_network])
def test_cheapest_routes(draw: Callable[[int], Instance]) -> None:
    """With every feature, and with many ways, the pricing agrees with trying all routes."""
    told = [check_prices(draw(seed), seed) for seed in range(12)]
    assert sum(told) > 8


def test_cheapest_routes_under_limits() -> None:
    """Under limits on the whole plan, no route costs less than the pricing says."""
    with solver_at_hand():
        instances = [limited_instance(7000 + seed) for seed in range(8)]
    told = [check_prices(instance, seed) for seed, instance in enumerate(instances)]
    assert any(told)


def test_going_by_a_mode_is_priced_route_by_route() -> None:
    """Where shares of modes have prices, nearly all shipments get the price of their best route.

    No way in a circle, which pays where a mode is rewarded, is among the routes found; where one
    is cheapest the cost is below that of all routes, and never above it.
    """
    same = below = 0
    with solver_at_hand():
        for seed in range(7000, 7100):
            found, truth = priced_by_mode(limited_instance(seed), seed)
            assert (found <= truth + 1e-9).all()
            same += int((found >= truth - 1e-9).sum())
            below += int((found < truth - 1e-9).sum())
    assert same > 100
    assert below < same / 20


def priced_by_mode(instance: Instance, seed: int) -> tuple[Floats, Floats]:
    """Return what the pricing says and what is true of shipments at high prices of modes alone.

    Both are empty where no limit has a row, since all routes or none go by the mode.
    """
    problem = with_all_routes(instance)
    form = array_form(problem)
    shares = np.array([name.startswith("mode_share") for name in form.row_names])
    if not shares.any():
        return np.zeros(0), np.zeros(0)
    duals = np.where(shares, drawn(np.random.default_rng(seed), form, 3.0), 0.0)
    prices = shared_prices(instance, problem, form, duals)
    pricer = RoutePricer(instance, problem)
    truth = least_by_shipment(problem, form, duals)
    found = pricer.cheapest(prices, np.full(len(truth), np.inf), per_shipment=3)
    known = {*zip(problem.column_shipment.tolist(), problem.column_steps, strict=True)}
    numbers = {ident: here for here, ident in enumerate(problem.shipment_ids)}
    assert {(numbers[r.shipment], r.steps) for r in found.routes} <= known
    return found.cost, truth


def test_bounds_at_the_multipliers_of_the_lp() -> None:
    """With all routes listed the bound is the LP's; with one route each it is no higher."""
    sharp = 0
    with solver_at_hand():
        for seed in range(15):
            instance = random_instance(seed)
            whole = with_all_routes(instance)
            form = array_form(whole)
            lp = run(relaxed(form), EXACT)
            if lp.status is not SolverStatus.OPTIMAL:
                continue
            pricer = RoutePricer(instance, whole)
            bound = route_bound(pricer, whole, form, lp.row_duals)
            assert bound.value == pytest.approx(lp.objective, rel=1e-7)
            assert not bound.routes or bound.value >= lp.objective - 1e-6 * abs(lp.objective)
            few = build_problem(instance, list_routes(instance, per_shipment=1))
            narrow = array_form(few)
            other = run(relaxed(narrow), EXACT)
            if other.status is SolverStatus.OPTIMAL:
                bound = route_bound(pricer, few, narrow, other.row_duals)
                assert bound.listed == pytest.approx(other.objective, rel=1e-7)
                assert bound.value <= lp.objective + 1e-7 * abs(lp.objective)
                sharp += bound.value < bound.listed - 1e-6
    assert sharp


def test_bounds_at_any_multipliers() -> None:
    """Random multipliers never give a bound above the optimum of the LP over all routes."""
    rng = np.random.default_rng(5)
    checked = 0
    with solver_at_hand():
        for seed in range(14):
            instance = limited_instance(9000 + seed) if seed % 2 else random_network(seed)
            whole = with_all_routes(instance)
            form = array_form(whole)
            lp = run(relaxed(form), EXACT)
            if lp.status is not SolverStatus.OPTIMAL:
                continue
            pricer = RoutePricer(instance, whole)
            few = build_problem(instance, list_routes(instance, per_shipment=2))
            narrow = array_form(few)
            for scale in (0.0, 0.05, 0.5, 5.0):
                duals = drawn(rng, narrow, scale)
                bound = route_bound(pricer, few, narrow, duals).value
                assert bound <= lp.objective + 1e-7 * abs(lp.objective)
                checked += 1
    assert checked > 30


@pytest.mark.marathon
@pytest.mark.timeout(900)
@pytest.mark.parametrize("batch", range(4))
def test_ten_thousand_bounds(batch: int) -> None:
    """As above: in all batches 10,000 draws, none above the LP over all routes."""
    rng = np.random.default_rng(batch)
    checked, seed = 0, 100 * batch
    with solver_at_hand():
        while checked < 2500:
            seed += 1
            try:
                instance = limited_instance(5000 + seed) if seed % 2 else random_network(seed)
            except InputError:
                continue  # drawn without a shipment
            whole = with_all_routes(instance)
            lp = run(relaxed(array_form(whole)), EXACT)
            if lp.status is not SolverStatus.OPTIMAL:
                continue
            pricer = RoutePricer(instance, whole)
            few = build_problem(instance, list_routes(instance, per_shipment=1 + seed % 3))
            narrow = array_form(few)
            for draw in range(100):
                duals = drawn(rng, narrow, (0.0, 0.02, 0.1, 0.5, 3.0)[draw % 5])
                bound = route_bound(pricer, few, narrow, duals).value
                assert bound <= lp.objective + 1e-9 * abs(lp.objective), (seed, draw)
                checked += 1


def test_capacity_that_listed_routes_cannot_use_counts(tmp_path: Path) -> None:
    """Two customers may share a site though each is listed at another; the bound allows for it.

    The capacities in the form are cut to what listed routes could use: prices that make each
    customer bear the whole cost of a site of its own would put the bound above the optimum.
    """
    (tmp_path / "cap1.txt").write_text("2 2\n10 100\n10 100\n1\n1 2\n1\n2 1\n")
    (case,) = cases_of("cap", tmp_path)
    few = build_problem(case.instance, list_routes(case.instance, per_shipment=1))
    form = array_form(few)
    optimum = run(array_form(with_all_routes(case.instance)), EXACT)
    assert case.value(optimum.objective) == pytest.approx(103.0)
    rows = [here for here, name in enumerate(form.row_names) if name.startswith("site_capacity(")]
    assert len(rows) == 2
    by_site = few.demand_kt  # each site is listed for one customer
    fixed = float(few.sites.module_running[0] * few.weights[0])
    duals = np.zeros(len(form.row_names))
    duals[rows] = -fixed / by_site
    bound = route_bound(RoutePricer(case.instance, few), few, form, duals)
    assert bound.value <= optimum.objective
