"""What the lister may leave out and what it must not, each in a network that a person can draw."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from hubopt.engine.solve_problem import solve_problem
from hubopt.errors import InputError
from hubopt.instance.read import read
from hubopt.instance.tables import (
    Capacity,
    Demand,
    Handling,
    Module,
    Product,
    Site,
    Stage,
    Transfer,
)
from hubopt.network.fastest import shortest_time_h
from hubopt.network.graph import Network
from hubopt.network.lister import Lister
from hubopt.network.routes import RouteList, all_routes, list_routes
from hubopt.network.stages import usable_in
from hubopt.network.steps import Handle, Move, Ride
from hubopt.network.times import exact_time_h
from hubopt.network.ways import Ways, groups, not_dominated
from hubopt.plan.pricing import Pricer, UnknownStepError
from hubopt.problem.build import build_problem
from hubopt.solve.answer import answer
from hubopt.solve.route_notes import route_notes
from hubopt.solver.form import SolveOptions
from hubopt.vocabulary import Access, Function, Mode, PlaceKind, SiteStatus, Temperature
from tests.tiny import BATTERY, RAIL, ROAD, link, place, service, tiny

if TYPE_CHECKING:
    from hubopt.instance.tables import Instance, Link, Service

GOODS = Product(
    "G", "g", "g", 1000.0, 0.001, Temperature.AMBIENT, 0.0, (), frozenset({ROAD, BATTERY, RAIL}),
    1.0, 1.0, 50_000.0,
)  # fmt: skip
TONNES = 1000.0
OF_SITES = ("sites", "handling", "modules", "capacities", "customs", "limits")


def drawn(
    *links: Link,
    latest_h: float | None = None,
    services: tuple[Service, ...] = (),
    transfers: tuple[Transfer, ...] = (),
    product: Product = GOODS,
    stages: tuple[Stage, ...] = (Stage(2025, 5),),
    **tables: object,
) -> Instance:
    """Return cities A to F in one country with a thousand tonnes to go from A to B."""
    return replace(
        tiny(),
        settings=replace(tiny().settings, name="drawn", stages=stages),
        places=tuple(
            place(name, PlaceKind.CITY, "CN", 34.0 + k / 10, 113.0 + k / 10)
            for k, name in enumerate("ABCDEF")
        ),
        **{name: tables.get(name, ()) for name in OF_SITES},
        links=links, services=services, transfers=transfers, products=(product,),
        demand=(Demand("D", "A", "B", product.id, 2025, TONNES, latest_h),),
    )  # type: ignore[arg-type]  # fmt: skip


def change(name: str, one: Mode, other: Mode, cost: float, hours: float) -> Transfer:
    """Return a change of mode in both directions, without limit."""
    return Transfer(name, one, other, True, cost, hours, None, 1.0, 0.5, None)


def stops(instance: Instance, shipment: str = "D") -> set[str]:
    """Return the places that the listed routes of a shipment pass, written one after the other."""
    found = set()
    for route in list_routes(instance).routes:
        if route.shipment == shipment:
            moves = [s for s in route.steps if isinstance(s, Move | Ride)]
            found.add("".join([moves[0].from_place, *(move.to_place for move in moves)]))
    return found


def train(ident: str, *path: str, earliest: int = 2025) -> tuple[Service, Service]:
    """Return a train there and back."""
    there = service(ident, RAIL, path, 100.0, 1000.0)
    back = service(f"{ident}_BACK", RAIL, path[::-1], 100.0, 1000.0)
    return replace(there, earliest_stage=earliest), replace(back, earliest_stage=earliest)


def test_a_narrow_road_leaves_the_wide_one() -> None:
    """A cheap road for a tenth of the goods does not hide the dearer way round; all are served."""
    instance = drawn(
        link("A", "B", ROAD, 130, 50, 2, capacity_t_per_year=100.0),
        link("A", "C", ROAD, 80, 30, 1.2),
        link("C", "B", ROAD, 80, 30, 1.2),
    )
    assert stops(instance) == {"AB", "ACB"}
    found = answer(instance).plan
    assert not found.unserved
    assert not found.notes


def test_two_narrow_roads_are_both_listed() -> None:
    """Of two ways that are narrow at different places neither hides the other."""
    instance = drawn(
        link("A", "B", ROAD, 130, 50, 2, capacity_t_per_year=100.0),
        link("A", "C", ROAD, 80, 30, 1.2, capacity_t_per_year=900.0),
        link("C", "B", ROAD, 80, 30, 1.2),
    )
    assert stops(instance) == {"AB", "ACB"}
    assert not answer(instance).plan.unserved


def test_a_road_that_never_fills_is_no_limit() -> None:
    """A road with room for all goods together hides the dearer way round."""
    instance = drawn(
        link("A", "B", ROAD, 130, 50, 2, capacity_t_per_year=TONNES),
        link("A", "C", ROAD, 80, 30, 1.2),
        link("C", "B", ROAD, 80, 30, 1.2),
    )
    assert stops(instance) == {"AB"}


@pytest.mark.parametrize(("narrow", "routes"), [(None, 1), (100.0, 2)])
def test_a_battery_road_hides_its_twin_only_if_wide(narrow: float | None, routes: int) -> None:
    """Diesel trucks on the same road stay where battery trucks, though cheaper, are limited."""
    instance = drawn(
        link("A", "B", ROAD, 130, 50, 2),
        link("A", "B", BATTERY, 130, 40, 2, capacity_t_per_year=narrow),
    )
    assert len(list_routes(instance).routes) == routes


def test_a_road_between_cheapest_and_fastest_is_found() -> None:
    """The cheapest road that is in time is listed, though another is cheaper and one faster."""
    instance = drawn(
        link("A", "B", ROAD, 130, 1000, 2),
        link("A", "C", ROAD, 80, 30, 9),
        link("C", "B", ROAD, 80, 30, 9),
        link("A", "D", ROAD, 80, 60, 5),
        link("D", "B", ROAD, 80, 60, 5),
        latest_h=12.0,
    )
    assert stops(instance) == {"ADB", "AB"}


def test_a_fast_open_railway_is_found_for_a_deadline() -> None:
    """Between two terminals the dear fast track is listed where the cheap one is too slow."""
    instance = drawn(
        link("A", "C", RAIL, 80, 30, 20),
        link("C", "B", RAIL, 80, 30, 20),
        link("A", "B", RAIL, 130, 90, 2),
        latest_h=24.0,
        transfers=(change("A", ROAD, RAIL, 10.0, 1.0), change("B", ROAD, RAIL, 10.0, 1.0)),
    )
    assert stops(instance) == {"AB"}


def test_trucks_join_two_trains() -> None:
    """Rail, truck and rail again is listed where nothing else leads there."""
    instance = drawn(
        link("A", "C", RAIL, 80, 30, 2, access=Access.SCHEDULED),
        link("D", "B", RAIL, 80, 30, 2, access=Access.SCHEDULED),
        link("C", "D", ROAD, 80, 30, 2),
        services=(*train("S1", "A", "C"), *train("S2", "D", "B")),
        transfers=tuple(change(name, ROAD, RAIL, 10.0, 1.0) for name in "ABCD"),
    )
    assert stops(instance) == {"ACDB"}
    lister = Lister(instance, 10)
    lister.through = False
    assert lister.of(instance.demand[0]).routes, "in a large network they do in need"


def test_a_train_is_never_hidden_by_a_cheaper_one() -> None:
    """A dearer train stays beside a cheaper and faster one, which may be full or not run at all."""
    instance = drawn(
        link("A", "B", RAIL, 80, 30, 2, access=Access.SCHEDULED),
        link("A", "C", RAIL, 80, 90, 9, access=Access.SCHEDULED),
        link("C", "B", RAIL, 80, 90, 9, access=Access.SCHEDULED),
        services=(*train("S1", "A", "B"), *train("S2", "A", "C", "B")),
        transfers=(change("A", ROAD, RAIL, 10.0, 1.0), change("B", ROAD, RAIL, 10.0, 1.0)),
    )
    rides = {
        s.service for r in list_routes(instance).routes for s in r.steps if isinstance(s, Ride)
    }
    assert rides == {"S1", "S2"}


def test_the_cap_is_not_spent_on_what_comes_later() -> None:
    """With one route a shipment, that is one which can be used in its stage, not a later train."""
    instance = drawn(
        link("A", "B", RAIL, 130, 30, 2, access=Access.SCHEDULED),
        link("A", "B", ROAD, 130, 100, 20),
        services=train("S1", "A", "B", earliest=2030),
        transfers=(change("A", ROAD, RAIL, 10.0, 1.0), change("B", ROAD, RAIL, 10.0, 1.0)),
        stages=(Stage(2025, 5), Stage(2030, 5)),
    )
    later = replace(instance.demand[0], id="E", stage=2030)
    both = replace(instance, demand=(*instance.demand, later))
    found = {r.shipment: r.steps for r in list_routes(both, per_shipment=1).routes}
    assert found["D"] == (Move("A", "B", ROAD),)
    assert any(isinstance(step, Ride) for step in found["E"])


def test_sites_of_later_stages_take_no_place() -> None:
    """Ten cheap sites that may stand from 2030 on leave the one of 2025 to a shipment of 2025."""
    function = Function.CONSOLIDATION
    sites = tuple(
        Site(f"S{k}", f"S{k}", f"S{k}", "A", SiteStatus.CANDIDATE, 2030 if k else 2025)
        for k in range(11)
    )
    goods = replace(GOODS, chain=(function,), modes=frozenset({ROAD}))
    instance = drawn(
        link("A", "B", ROAD, 130, 100, 20),
        product=goods,
        stages=(Stage(2025, 5), Stage(2030, 5)),
        sites=sites,
        modules=tuple(Module(site.id, "one", 1e6, 1e5, 20, 0, 1) for site in sites),
        capacities=tuple(Capacity(site.id, "one", function, 5e3) for site in sites),
        handling=tuple(
            Handling(site.id, function, 20.0 if k else 50.0, 2.0, 1.0)
            for k, site in enumerate(sites)
        ),
    )
    routes = list_routes(instance, per_shipment=5).routes
    assert [r.steps[0] for r in routes] == [Handle("S0", function)]


def test_the_mini_instance_is_optimal_over_all_routes() -> None:
    """The proved optimum over the listed routes is that over every route, to the last digits."""
    instance = read(Path(__file__).parent.parent / "instances" / "zhengzhou-mini")
    listed = list_routes(instance)
    assert listed.capped == listed.left_out == listed.late == ()
    every = tuple(r for d in instance.demand for r in all_routes(instance, d.id))
    assert {r.steps for r in listed.routes} < {r.steps for r in every}
    costs = [
        solve_problem(build_problem(instance, routes), SolveOptions(gap=0.0, time_s=60.0))[0]
        for routes in (listed, RouteList(every, (), (), len(every)))
    ]
    assert costs[0].objective == pytest.approx(costs[1].objective, rel=1e-9)
    assert costs[0].objective == pytest.approx(costs[0].bound, rel=1e-9)


def test_a_shipment_that_cannot_arrive_is_named() -> None:
    """What is late is named with the least hours, in both languages; so is what has no way."""
    instance = drawn(link("A", "B", ROAD, 130, 50, 30.25), latest_h=24.0)
    listed = list_routes(instance)
    assert listed.late == (("D", 30.25),)
    english, chinese = route_notes(build_problem(instance, listed))
    assert "D (30.3 h at the least)" in english
    assert "D（最短 30.3 小时）" in chinese
    function = Function.CONSOLIDATION
    nowhere = drawn(
        link("A", "B", ROAD, 130, 50, 30),
        product=replace(GOODS, chain=(function,)),
        sites=(Site("S", "S", "S", "A", SiteStatus.CLOSED, 2025),),
        modules=(Module("S", "one", 1e6, 1e5, 20, 0, 1),),
        capacities=(Capacity("S", "one", function, 5e3),),
        handling=(Handling("S", function, 20.0, 2.0, 1.0),),
    )
    assert list_routes(nowhere).late == (("D", float("inf")),)


def test_goods_not_worth_their_way_are_no_loss() -> None:
    """A route dearer than leaving the goods is not listed and not spoken of."""
    instance = drawn(link("A", "B", ROAD, 130, 60_000, 3))
    listed = list_routes(instance)
    assert listed.unreachable == ("D",)
    assert not route_notes(build_problem(instance, listed))


def test_the_least_time_is_that_of_the_fastest_route() -> None:
    """The least hours are those of the fastest of all routes, for each shipment of the tiny one."""
    instance = tiny()
    network = Network(instance)
    for shipment in instance.demand:
        free = replace(shipment, latest_h=None)
        routes = all_routes(replace(instance, demand=(free,)), free.id)
        fastest = min(float(exact_time_h(network, free, r.steps)) for r in routes)
        usable = usable_in(instance, shipment.stage)
        assert shortest_time_h(network, shipment, usable) == pytest.approx(fastest)


def test_more_routes_than_listed_are_told() -> None:
    """Of three roads, narrow each at its own place, two are listed and the third is told of."""
    instance = drawn(
        link("A", "B", ROAD, 130, 50, 2, capacity_t_per_year=100.0),
        *(link("A", via, ROAD, 80, 30, 1.2, capacity_t_per_year=100.0) for via in "CD"),
        *(link(via, "B", ROAD, 80, 30, 1.2) for via in "CD"),
    )
    listed = list_routes(instance, per_shipment=2)
    assert listed.capped == ("D",)
    assert not listed.left_out
    english, _ = route_notes(build_problem(instance, listed))
    assert english.startswith("1 of 1 shipments have more routes than the 2 listed")


def test_dominance_by_sorting_is_dominance() -> None:
    """The rows kept are those that no other row of their group betters, on random rows."""
    rng = np.random.default_rng(7)
    for _ in range(50):
        count = int(rng.integers(0, 40))
        cost, time_h = rng.integers(0, 6, (2, count)).astype(float)
        sites = rng.integers(0, 3, (count, 2))
        ways = Ways(cost, time_h, rng.random(count), sites, np.zeros((count, 1), dtype=np.int64))
        kept = set(not_dominated(ways, groups(sites)).tolist())
        for row in range(count):
            same = (sites == sites[row]).all(axis=1)
            better = same & (cost <= cost[row]) & (time_h <= time_h[row])
            strictly = better & ((cost < cost[row]) | (time_h < time_h[row]))
            assert not (strictly.any() and row in kept)
            assert kept & set(np.flatnonzero(better).tolist())


def test_a_ride_may_not_cross_twice() -> None:
    """A train from home over abroad to home is boarded for one crossing, not for both."""
    rails = (
        link("A", "C", RAIL, 80, 30, 2, access=Access.SCHEDULED),
        link("C", "B", RAIL, 80, 30, 2, access=Access.SCHEDULED),
    )
    changes = (change("A", ROAD, RAIL, 10.0, 1.0), change("B", ROAD, RAIL, 10.0, 1.0))
    instance = drawn(*rails, services=train("S1", "A", "C", "B"), transfers=changes)
    (ridden,) = list_routes(instance).routes
    abroad = tuple(replace(p, country="DE") if p.id == "C" else p for p in instance.places)
    with pytest.raises(InputError, match="no way A -> B"):
        replace(instance, places=abroad)
    road = link("A", "B", ROAD, 160, 400, 4)
    through = replace(instance, places=abroad, links=(*instance.links, road))
    (driven,) = list_routes(through).routes
    assert driven.steps == (Move("A", "B", ROAD),)
    assert [route.steps for route in all_routes(through, "D")] == [driven.steps]
    with pytest.raises(UnknownStepError):
        Pricer(through).price(through.demand[0], ridden.steps)
