"""The arrays of a problem are those that the rows of the instance say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from hubopt.instance.tables import Instance
from hubopt.network.emissions import ledger
from hubopt.network.graph import Network
from hubopt.network.routes import list_routes
from hubopt.network.steps import Ride
from hubopt.plan.pricing import Pricer
from hubopt.problem.build import build_problem
from hubopt.problem.problem import Problem
from hubopt.units import CNY_PER_MCNY, T_PER_KT
from hubopt.vocabulary import FLOW_TERMS
from tests.random_instances import random_instance
from tests.random_networks import random_network
from tests.tiny import tiny


def built(instance: Instance) -> Problem:
    """Return the problem of an instance over its listed routes."""
    return build_problem(instance, list_routes(instance))


@pytest.mark.parametrize(
    "instance",
    [tiny(), *map(random_instance, range(6)), *map(random_network, range(6))],
    ids=lambda i: i.settings.name,
)
def test_columns_cost_what_the_verifier_says(instance: Instance) -> None:
    """Terms, hours and emissions of every column agree with exact arithmetic to 12 digits."""
    problem, pricer = built(instance), Pricer(instance)
    for column, steps in enumerate(problem.column_steps):
        shipment = instance.shipment[problem.shipment_ids[problem.column_shipment[column]]]
        price = pricer.price(shipment, steps)
        exact = [
            float(price.terms_cny_per_t[term]) * T_PER_KT / CNY_PER_MCNY for term in FLOW_TERMS
        ]
        assert problem.column_terms[column] == pytest.approx(exact, rel=1e-12, abs=1e-15)
        assert problem.column_cost[column] == pytest.approx(sum(exact), rel=1e-12)
        assert problem.column_time_h[column] == pytest.approx(float(price.time_h), rel=1e-12)
        assert problem.column_wtw_kg_per_t[column] == pytest.approx(float(price.wtw_kg_per_t))
        assert problem.column_ttw_kg_per_t[column] == pytest.approx(float(price.ttw_kg_per_t))


@pytest.mark.parametrize(
    "instance",
    [tiny(), *map(random_instance, range(8)), *map(random_network, range(4))],
    ids=lambda i: i.settings.name,
)
def test_use_of_limited_things_is_what_the_verifier_counts(instance: Instance) -> None:
    """Pools, links, transfers and legs are used by each column as often as the verifier says."""
    problem, pricer = built(instance), Pricer(instance)
    links = [n for n, row in enumerate(instance.links) if row.capacity_t_per_year is not None]
    changes = [n for n, row in enumerate(instance.transfers) if row.capacity_t_per_year is not None]
    tables = {
        "pool": (problem.pool_use, [("pool", *pool) for pool in problem.sites.pools]),
        "link": (problem.link_use, [("link", n) for n in links]),
        "transfer": (problem.transfer_use, [("transfer", n) for n in changes]),
    }
    for column, steps in enumerate(problem.column_steps):
        shipment = instance.demand[problem.column_shipment[column]]
        stage = problem.shipment_stage[problem.column_shipment[column]]
        used = pricer.uses(shipment.product, steps)
        for matrix, keys in tables.values():
            found = matrix[:, [column]].toarray().reshape(len(keys), len(problem.stages))
            expected = np.zeros_like(found)
            expected[:, stage] = [used.get(key, 0) for key in keys]
            assert np.array_equal(found, expected)
        rides = sum(n for key, n in used.items() if key[0] == "leg")
        assert problem.leg_use[:, [column]].sum() == pytest.approx(float(rides))


def test_one_cny_per_tonne_is_a_thousandth_of_a_million_per_kilotonne() -> None:
    """The unserved price of 3,000 CNY per tonne is 3 million CNY per kilotonne."""
    instance, problem = tiny(), built(tiny())
    price = instance.product[instance.demand[0].product].unserved_cost_cny_per_t
    assert problem.unserved_cost[0] == pytest.approx(price / 1000)
    assert problem.demand_kt[0] == pytest.approx(instance.demand[0].demand_t_per_year / 1000)


@pytest.mark.parametrize("seed", range(8))
def test_opening_rows_stand_only_where_a_site_may_be_shut(seed: int) -> None:
    """One row for each shipment and closable pool, within demand and capacity at the peak."""
    instance = random_instance(seed)
    problem = built(instance)
    sites, rows = problem.sites, problem.openings
    limits = np.where(np.isinf(sites.pool_module_capacity), np.inf, sites.pool_module_capacity)
    pairs = set()
    for row, (shipment, pool) in enumerate(zip(rows.shipment, rows.pool, strict=True)):
        pairs.add((shipment, pool))
        mine = [
            m for m in range(len(sites.module_names)) if sites.module_most[m] and limits[pool, m]
        ]
        largest = sum(limits[pool, m] * sites.module_most[m] for m in mine)
        assert not sites.always_open[sites.pool_site[pool], rows.stage[row]]
        peak = instance.product[instance.demand[shipment].product].peak_factor
        assert rows.limit_kt[row] == pytest.approx(min(problem.demand_kt[shipment], largest / peak))
    assert len(pairs) == len(rows.shipment)
    stages = len(problem.stages)
    coo = problem.pool_use.tocoo()
    for pool_row, column in zip(coo.row, coo.col, strict=True):
        pool, stage = divmod(pool_row, stages)
        shut = not sites.always_open[sites.pool_site[pool], stage]
        assert ((problem.column_shipment[column], pool) in pairs) == shut


def test_vehicles_leave_and_arrive() -> None:
    """A train out is +1 at its first terminal and -1 at its last; a round trip is nothing."""
    instance = tiny()
    services = built(instance).services
    balance = services.balance.toarray()
    out = services.service_ids.index("RAIL_OUT")
    row = {pair: n for n, pair in enumerate(services.vehicle_terminals)}
    assert balance[row["rail_set", "T"], out] == 1
    assert balance[row["rail_set", "E"], out] == -1
    assert np.abs(balance).sum() == 2 * len(instance.services)


def test_an_instance_without_routes_is_still_a_problem() -> None:
    """Where no route is in time everything stays behind, and the arrays are empty but shaped."""
    late = tuple(replace(d, latest_h=0.001) for d in tiny().demand)
    problem = built(replace(tiny(), demand=late))
    assert problem.column_cost.shape == (0,)
    assert problem.demand_use.shape == (len(late), 0)
    assert problem.openings.use.shape == (0, 0)


@pytest.mark.parametrize(
    "instance", [tiny(), *map(random_instance, range(8))], ids=lambda i: i.settings.name
)
def test_emissions_ledger_adds_up(instance: Instance) -> None:
    """The chain elements of a route's ledger sum to what the verifier says, and name a source."""
    network, pricer = Network(instance), Pricer(instance)
    for route in list_routes(instance).routes:
        shipment = instance.shipment[route.shipment]
        product = instance.product[shipment.product]
        rows = [row for step in route.steps for row in ledger(network, product, step)]
        price = pricer.price(shipment, route.steps)
        assert sum(row.wtw_kg_per_t for row in rows) == pytest.approx(float(price.wtw_kg_per_t))
        assert sum(row.ttw_kg_per_t for row in rows) == pytest.approx(float(price.ttw_kg_per_t))
        assert all(row.source for row in rows)
        assert any(isinstance(step, Ride) for step in route.steps) or rows


def test_a_standing_site_grows_only_from_its_earliest_stage() -> None:
    """DC_A stands in 2025 with what is built, and may get new modules from 2030 on only."""
    later = tuple(replace(s, earliest_stage=2030) if s.id == "DC_A" else s for s in tiny().sites)
    sites = built(replace(tiny(), sites=later)).sites
    here = sites.site_ids.index("DC_A")
    assert sites.may_open[here].tolist() == [True, True]
    assert sites.may_build is not None
    assert sites.may_build[here].tolist() == [False, True]
