"""The exact prices of the verifier are those of a second pricing that shares no line with it."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from hubopt.instance.read import read
from hubopt.instance.tables import Instance
from hubopt.network.routes import list_routes
from hubopt.plan.figures import figures
from hubopt.plan.plan import Flow, ServicePlan, SitePlan, Unserved
from hubopt.plan.pricing import Pricer
from hubopt.vocabulary import FLOW_TERMS, CostTerm, SiteOutcome
from tests.plain_pricing import cny_per_tonne, plain_sums, present_value, trip_of
from tests.random_instances import random_instance
from tests.tiny import tiny

MINI = Path(__file__).parent.parent / "instances" / "zhengzhou-mini"
SEEDS = range(2000, 2100)
CLOSE = 1e-9


def drawn(instance: Instance, seed: int) -> tuple[tuple, tuple, tuple, tuple]:
    """Return random sites, services, flows over all listed routes and unserved kilograms."""
    rng = random.Random(seed)
    years = [stage.year for stage in instance.settings.stages]
    sites = tuple(
        SitePlan(
            site.id,
            year,
            SiteOutcome.OPENED,
            {m.module: rng.randint(m.built, m.most) for m in instance.modules if m.site == site.id},
        )
        for site in instance.sites
        for year in years
    )
    services = tuple(
        ServicePlan(service.id, year, rng.randint(0, 9), rng.randint(0, 3))
        for service in instance.services
        for year in years
    )
    flows = tuple(
        Flow(route.shipment, route.steps, rng.randint(1, 10**8))
        for route in list_routes(instance).routes
    )
    unserved = tuple(Unserved(s.id, rng.randint(1, 10**8)) for s in instance.demand)
    return sites, services, flows, unserved


def compare(instance: Instance, seed: int) -> set[CostTerm]:
    """Compare both pricings of random decisions; return the terms that cost anything."""
    decisions = drawn(instance, seed)
    found = figures(instance, Pricer(instance), *decisions)
    plain = plain_sums(instance, *decisions)
    paid = set()
    for stage, terms in found.terms_cny.items():
        for term, amount in terms.items():
            assert float(amount) == pytest.approx(plain.cny[stage, term], rel=CLOSE, abs=1e-6), term
            paid |= {term} if amount else set()
        assert float(found.wtw_kg[stage]) == pytest.approx(plain.wtw[stage], rel=CLOSE)
        assert float(found.ttw_kg[stage]) == pytest.approx(plain.ttw[stage], rel=CLOSE)
    assert float(found.objective_cny) == pytest.approx(present_value(instance, plain), rel=CLOSE)
    return paid


def test_a_hundred_random_instances() -> None:
    """Every term, the emissions and the objective agree, and every term is charged somewhere."""
    paid = set[CostTerm]().union(*(compare(random_instance(seed), seed) for seed in SEEDS))
    assert paid == set(CostTerm)


def test_named_instances() -> None:
    """The instances with long services and every feature agree as well."""
    for instance in (tiny(), read(MINI)):
        assert CostTerm.LINE_HAUL in compare(instance, 1)


def test_each_route_alone() -> None:
    """Price and time of single routes agree, so that no two faults can cancel out."""
    for instance in (tiny(), read(MINI), *map(random_instance, SEEDS[:10])):
        pricer = Pricer(instance)
        for route in list_routes(instance).routes:
            shipment = instance.shipment[route.shipment]
            price, trip = (
                pricer.price(shipment, route.steps),
                trip_of(instance, shipment, route.steps),
            )
            money = cny_per_tonne(instance, shipment, trip)
            assert set(money) == set(FLOW_TERMS)
            for term, amount in money.items():
                assert float(price.terms_cny_per_t[term]) == pytest.approx(amount, rel=CLOSE)
            assert float(price.time_h) == pytest.approx(trip.hours, rel=CLOSE)
            assert float(price.wtw_kg_per_t) == pytest.approx(trip.wtw, rel=CLOSE)
            assert float(price.ttw_kg_per_t) == pytest.approx(trip.ttw, rel=CLOSE)
