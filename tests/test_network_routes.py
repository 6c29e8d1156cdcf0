"""Listed routes are held against all routes that there are."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from hubopt.network.graph import Network
from hubopt.network.routes import Lister, all_routes, list_routes
from hubopt.network.steps import Change, Handle, Ride
from hubopt.plan.pricing import Pricer
from tests.random_instances import random_instance
from tests.random_networks import random_network
from tests.route_oracle import all_routes as searched
from tests.tiny import tiny

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hubopt.instance.tables import Demand, Instance
    from hubopt.network.steps import Step

EVERYTHING = 1_000_000


def needs(instance: Instance, steps: Iterable[Step]) -> frozenset[object]:
    """Return what a plan must open, run or have room on for a route, however often it passes it."""
    network, found = Network(instance), set[object]()
    for step in steps:
        if isinstance(step, Handle):
            found.add(step)
            continue
        if isinstance(step, Change):
            rows = [network.transfer(step)]
            found.add(rows[0].site)
        else:
            rows = network.legs(step)
            found.update(row.charging_site for row in rows)
        if isinstance(step, Ride):
            found.update((step.service, *stops) for stops in network.stops(step))
        found.update(row for row in rows if row.capacity_t_per_year is not None)
    return frozenset(found - {None})


def priced(
    instance: Instance, shipment: Demand, routes: Iterable[tuple[Step, ...]]
) -> list[tuple[frozenset[object], float, float]]:
    """Return needs, CNY per tonne and hours of the routes that are worth their price."""
    pricer, found = Pricer(instance), []
    worth = instance.product[shipment.product].unserved_cost_cny_per_t
    for steps in routes:
        price = pricer.price(shipment, steps)
        cost = float(sum(price.terms_cny_per_t.values()))
        if cost < worth:
            found.append((needs(instance, steps), cost, float(price.time_h)))
    return found


def instances() -> Iterator[Instance]:
    """Yield small instances: the drawn one, random ones, and tangled networks."""
    yield tiny()
    yield from (random_instance(seed) for seed in range(10))
    yield from (random_network(seed) for seed in range(12))


@pytest.mark.parametrize("keep", [EVERYTHING, None])
@pytest.mark.parametrize("instance", list(instances()), ids=lambda i: i.settings.name)
def test_for_every_route_one_as_good_is_listed(instance: Instance, keep: int | None) -> None:
    """No route is cheaper or faster, or needs less, than a listed one, unless that is admitted."""
    lister = Lister(instance, EVERYTHING, keep=keep)
    for shipment in instance.demand:
        listed = lister.of(shipment)
        oracle = {route.steps for route in all_routes(instance, shipment.id)}
        assert set(listed.routes) <= oracle
        if keep is None and listed.left_out:
            continue
        ours = priced(instance, shipment, listed.routes)
        for need, cost, hours in priced(instance, shipment, oracle):
            assert any(
                mine <= need and c <= cost + 1e-6 and h <= hours + 1e-6 for mine, c, h in ours
            ), (shipment.id, need, cost, hours)


def test_the_oracles_agree() -> None:
    """Two searches for all routes, written apart, find the same in the first tangled networks."""
    for seed in range(6):
        instance = random_network(seed)
        for shipment in instance.demand:
            found = [route.steps for route in all_routes(instance, shipment.id)]
            assert set(found) == set(searched(instance, shipment))
            assert len(found) == len(set(found))


@pytest.mark.parametrize("seed", range(12))
def test_listed_routes_are_routes(seed: int) -> None:
    """With a cap the routes are still among all routes, and at most as many as asked for."""
    instance = random_network(seed)
    found = list_routes(instance, per_shipment=3)
    for shipment in instance.demand:
        mine = [route.steps for route in found.routes if route.shipment == shipment.id]
        oracle = {route.steps for route in all_routes(instance, shipment.id)}
        assert len(mine) <= 3
        assert len(set(mine)) == len(mine)
        assert set(mine) <= oracle
        assert (shipment.id in found.unreachable) == (not mine)


def test_the_cap_keeps_different_modes() -> None:
    """Of machinery from A to Europe two routes are kept: one by rail and one by air."""
    found = list_routes(tiny(), per_shipment=2)
    mine = [
        r.steps for r in found.routes if r.shipment == "A_R_MACH_2025" or "MACH_A_R" in r.shipment
    ]
    services = {s.service for steps in mine for s in steps if isinstance(s, Ride)}
    assert {"AIR_OUT", "RAIL_OUT"} <= services


def test_latest_time_is_respected_to_the_minute() -> None:
    """A route that takes exactly the latest time is listed, and none when it is a minute less."""
    instance = tiny()
    shipment = next(d for d in instance.demand if d.product == "PHONE")
    lister = Lister(replace(instance, demand=(replace(shipment, latest_h=None),)), EVERYTHING)
    free = lister.of(lister.instance.demand[0]).routes
    hours = min(Pricer(instance).price(shipment, steps).time_h for steps in free)
    for spare, expected in ((0.0, True), (-1 / 60, False)):
        tight = replace(instance, demand=(replace(shipment, latest_h=float(hours) + spare),))
        assert bool(list_routes(tight).routes) is expected
        assert bool(list_routes(tight).unreachable) is not expected


def test_shipments_that_differ_in_stage_share_routes() -> None:
    """The same goods between the same places have the same routes in both stages."""
    by_shipment = defaultdict(list)
    for route in list_routes(tiny()).routes:
        by_shipment[route.shipment].append(route.steps)
    for shipment, steps in by_shipment.items():
        if shipment.endswith("_2025"):
            assert steps == by_shipment[shipment.replace("_2025", "_2030")]


def test_progress_ends_with_all_shipments() -> None:
    """Progress counts up to the number of shipments."""
    told: list[tuple[int, int]] = []
    list_routes(tiny(), on_progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (len(tiny().demand), len(tiny().demand))
    assert told == sorted(told)
