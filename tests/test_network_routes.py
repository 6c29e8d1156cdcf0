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
from hubopt.vocabulary import TRUCKS
from tests.random_instances import random_instance
from tests.random_networks import random_network
from tests.tiny import tiny

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hubopt.instance.tables import Demand, Instance
    from hubopt.network.steps import Step

EVERYTHING = 1_000_000


def needs(instance: Instance, steps: Iterable[Step]) -> frozenset[object]:
    """Return what a plan must open or run for a route: sites for handling, terminals, services."""
    network, found = Network(instance), set[object]()
    for step in steps:
        if isinstance(step, Handle):
            found.add(step)
        elif isinstance(step, Ride):
            found.add(step.service)
        elif isinstance(step, Change):
            found.add(network.transfer(step).site)
    return frozenset(found - {None})


def within_reach(steps: tuple[Step, ...]) -> bool:
    """Tell whether trucks stand only at the ends of each hop, as the lister has it."""
    ended = False
    for step in steps:
        if isinstance(step, Handle):
            ended = False
        elif ended and isinstance(step, Change):
            return False
        elif isinstance(step, Change):
            ended = step.to_mode in TRUCKS
    return True


def extremes(
    instance: Instance, shipment: Demand, routes: Iterable[tuple[Step, ...]]
) -> dict[frozenset[object], tuple[float, float]]:
    """Return the least CNY per tonne and the least hours with exactly some needs."""
    pricer, found = Pricer(instance), defaultdict(list)
    worth = instance.product[shipment.product].unserved_cost_cny_per_t
    for steps in routes:
        price = pricer.price(shipment, steps)
        cost = float(sum(price.terms_cny_per_t.values()))
        if cost < worth:
            found[needs(instance, steps)].append((cost, float(price.time_h)))
    return {key: (min(c for c, _ in v), min(h for _, h in v)) for key, v in found.items()}


def instances() -> Iterator[Instance]:
    """Yield small instances: the drawn one, random ones, and tangled networks."""
    yield tiny()
    yield from (random_instance(seed) for seed in range(10))
    yield from (random_network(seed) for seed in range(12))


@pytest.mark.parametrize("instance", list(instances()), ids=lambda i: i.settings.name)
def test_routes_are_the_best_of_all_routes(instance: Instance) -> None:
    """With no cap, each choice of sites, terminals and services has its cheapest and fastest."""
    lister = Lister(instance, EVERYTHING, keep=EVERYTHING)
    for shipment in instance.demand:
        listed, _ = lister.of(shipment)
        oracle = {route.steps for route in all_routes(instance, shipment.id)}
        assert set(listed) <= oracle
        found = extremes(instance, shipment, listed)
        expected = extremes(instance, shipment, filter(within_reach, oracle))
        for needed, best in expected.items():
            for kind in range(2):
                ours = min(
                    (pair[kind] for key, pair in found.items() if key <= needed), default=None
                )
                assert ours is not None, (shipment.id, needed, best)
                assert ours <= best[kind] + 1e-6, (shipment.id, needed, best)


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
    free, _ = lister.of(lister.instance.demand[0])
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
