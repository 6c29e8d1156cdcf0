"""What is no network with fixed charges, or not solved as one, and what is said of it."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from hubopt.engine.network import recognise
from hubopt.engine.network import solve_network as search_module
from hubopt.engine.network.design import Design, nothing_sent
from hubopt.engine.network.form import all_room, flow_form
from hubopt.engine.network.recognise import (
    NO_RETURN,
    OTHER_GOODS,
    OTHER_LINKS,
    OTHER_SERVICES,
    OTHER_TABLES,
    TOO_LARGE,
    network_case,
    plain_link,
)
from hubopt.engine.network.reduced import Reduced, narrowed
from hubopt.engine.network.solve_network import NetworkAnswer
from hubopt.engine.network.whole import Carried, whole_paths
from hubopt.errors import InputError, InterruptedSolve, NoPlanError, SolverError
from hubopt.solve.answer import Silent, answer
from hubopt.solve.as_network import NO_PLAN_YET, NOT_CLOSED
from hubopt.solve.warm import WarmStart
from hubopt.solver.guard import guard
from hubopt.text import Text
from hubopt.units import mcny
from hubopt.vocabulary import Cargo, Engine, Mode, Status, Temperature
from tests.optimum import optimum
from tests.solver_at_hand import solver_at_hand
from tests.test_network import EXACT, design_of, drawn, instance_of

if TYPE_CHECKING:
    from hubopt.instance.tables import Instance

LONG_AGO = "a network does not start from an earlier result"


def goods(instance: Instance, **changed: object) -> Instance:
    """Return an instance whose product is changed."""
    made = tuple(replace(p, **changed) for p in instance.products)  # type: ignore[arg-type]
    return replace(instance, products=made)


@pytest.mark.parametrize(
    "changed",
    [
        {"space_factor": 2.0}, {"peak_factor": 1.5}, {"parcels_per_t": 3.0},
        {"temperature": Temperature.CHILLED}, {"modes": frozenset({Mode.RAIL, Mode.AIR})},
    ],
    ids=lambda changed: next(iter(changed)),
)  # fmt: skip
def test_goods_that_need_more_than_a_ride_make_none(changed: dict[str, object]) -> None:
    """Room, peaks, parcels, temperature and other modes count in what a plan costs or may do."""
    assert network_case(goods(instance_of(), **changed)) == OTHER_GOODS


def test_links_two_ways_or_of_several_modes_make_none() -> None:
    """The reason is one of links."""
    instance = instance_of()
    first, *rest = instance.links
    others = (
        one for one in rest if (one.to_place, one.from_place) != (first.from_place, first.to_place)
    )
    two_ways = replace(instance, links=(replace(first, both_ways=True), *others))
    modes = replace(instance, links=(*instance.links, replace(first, mode=Mode.AIR)))
    assert network_case(two_ways) == OTHER_LINKS
    assert network_case(modes) == OTHER_LINKS


def test_a_link_that_needs_a_charger_is_no_plain_one() -> None:
    """A charging site would have to be open."""
    link = instance_of().links[0]
    assert plain_link(link)
    assert not plain_link(replace(link, charging_site="S1"))


def test_a_place_abroad_makes_none() -> None:
    """Borders have rules of their own."""
    instance = instance_of()
    other = replace(instance.places[0], id="Z9", country="DE")
    abroad = replace(instance, places=(*instance.places, other))
    assert network_case(abroad) == OTHER_TABLES


def test_a_service_that_does_not_take_all_goods_makes_none() -> None:
    """Which shipments may ride it would count."""
    instance = instance_of()
    made = tuple(
        replace(s, cargo=frozenset({Cargo.BULK})) if s.id == "ARC1" else s
        for s in instance.services
    )
    assert network_case(replace(instance, services=made)) == OTHER_SERVICES


def test_a_service_whose_vehicles_do_not_come_back_makes_none() -> None:
    """Without a way back, or with one from elsewhere, the reason says so."""
    instance = instance_of()
    none = tuple(s for s in instance.services if s.id != "BACK1")
    wrong = tuple(
        replace(s, path=s.path[::-1]) if s.id == "BACK1" else s for s in instance.services
    )
    assert network_case(replace(instance, services=none)) == NO_RETURN
    assert network_case(replace(instance, services=wrong)) == NO_RETURN


def test_a_network_too_large_is_left_to_the_general_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each shipment on each service is a column, and there is a limit to these."""
    instance = instance_of()
    monkeypatch.setattr(recognise, "MOST_FLOWS", 5)
    assert network_case(instance) == TOO_LARGE
    with solver_at_hand():
        assert answer(instance, EXACT).engine is Engine.MONOLITHIC


def test_an_earlier_result_asks_for_the_general_engine_and_a_hint_does_not() -> None:
    """What a study gives as a start is solved over all routes, as without; `--warm` is not."""
    instance = instance_of()
    with solver_at_hand():
        first = answer(instance, EXACT)
        hinted = answer(instance, EXACT, start=first.plan)
        warm = answer(instance, EXACT, warm=WarmStart(first.plan))
        with pytest.raises(InputError, match=LONG_AGO):
            answer(instance, EXACT, warm=WarmStart(first.plan), engine=Engine.NETWORK)
    assert (hinted.engine, warm.engine) == (Engine.NETWORK, Engine.MONOLITHIC)
    assert hinted.plan.gap_basis == first.plan.gap_basis


def test_numbers_that_the_guard_refuses_are_left_to_the_general_engine() -> None:
    """One service costs ten billion times the others: asked for by name the fault is told."""
    plain = instance_of()
    instance = replace(
        plain,
        services=tuple(
            replace(s, cost_cny_per_departure=0.01)
            if s.most_per_week and s.id != "ARC1"
            else s
            for s in plain.services
        ),
    )  # fmt: skip
    with solver_at_hand():
        found = answer(instance, EXACT)
        with pytest.raises(SolverError, match="1e12"):
            answer(instance, EXACT, engine=Engine.NETWORK)
    assert found.engine is Engine.MONOLITHIC
    assert mcny(found.plan.objective_fen) == pytest.approx(optimum(instance).mcny, rel=1e-7)


def test_narrow_room_keeps_the_range_of_a_form() -> None:
    """A flow that hardly pays has little room left, but not so little that HiGHS loses it."""
    design = design_of(instance_of())
    room = all_room(design)
    shape = flow_form(design, room, room.flow > 0, whole=False)
    cost = np.full(len(shape.form.cost), 1e15)
    cost[: design.arcs] = 0.0
    dear = Reduced(1.0, cost)
    left = narrowed(room, shape, dear, 1.0)
    made = flow_form(design, left, room.flow > 0, whole=True)
    assert len(made.arc) > 0
    guard(made.form)


@pytest.mark.parametrize("engine", [Engine.NETWORK, Engine.AUTO])
def test_whoever_stops_before_a_first_plan_is_told_so(engine: Engine) -> None:
    """A stop is no fault of the input."""
    stop = threading.Event()

    class Stopper(Silent):
        """Stops when services are chosen."""

        def phase(self, name: Text, done: int = 0, total: int = 0) -> None:
            """Stop at the phase of the network."""
            super().phase(name, done, total)
            if "network" in name.en:
                stop.set()

    with solver_at_hand(), pytest.raises(InterruptedSolve):
        answer(instance_of(), EXACT, watcher=Stopper(), stop=stop, engine=engine)


def test_time_that_is_too_short_is_no_fault_of_the_input(monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked for by name, a network without a plan in time ends as other engines do."""
    monkeypatch.setattr(search_module, "LEAST_S", 1e9)
    with solver_at_hand(), pytest.raises(NoPlanError, match="--time") as caught:
        answer(instance_of(), EXACT, engine=Engine.NETWORK)
    assert NO_PLAN_YET.zh in caught.value.message.zh


def test_a_gap_left_open_with_time_left_is_not_blamed_on_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The warning says what else to try; without a name the general engine looks too."""
    real = search_module.solve_network
    monkeypatch.setattr(
        search_module, "solve_network", lambda *a, **k: replace(real(*a, **k), bound=0.0)
    )
    with solver_at_hand():
        named = answer(instance_of(), EXACT, engine=Engine.NETWORK)
        free = answer(instance_of(), EXACT)
    assert (named.plan.status, named.warnings) == (Status.FEASIBLE, (NOT_CLOSED,))
    assert (free.engine, free.plan.status) == (Engine.MONOLITHIC, Status.OPTIMAL)


def test_a_gap_of_rounding_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the search calls proved is an optimal plan, and a larger gap is not."""
    real = search_module.solve_network
    found = []
    for share in (5e-8, 5e-7):
        monkeypatch.setattr(
            search_module, "solve_network",
            lambda *a, share=share, **k: lower(real(*a, **k), share),
        )  # fmt: skip
        with solver_at_hand():
            found.append(answer(instance_of(), EXACT, engine=Engine.NETWORK).plan.status)
    assert found == [Status.OPTIMAL, Status.FEASIBLE]


def lower(found: NetworkAnswer, share: float) -> NetworkAnswer:
    """Return an answer whose bound lies by a share of its cost below it."""
    return replace(found, bound=found.plan.cost * (1 - share))


def test_a_kilogram_needs_a_run_or_stays_behind() -> None:
    """Runs that a solver rounds to none take nothing: more of them run if that costs less."""
    design = design_of(instance_of())
    unit = design.kg_per_unit
    arc = int(np.flatnonzero(design.tail == design.origin[0])[0])
    none = np.zeros(design.arcs, dtype=np.int64)
    one, amount = Carried([(arc,)], [0]), np.array([1 / unit])
    left = design.demand.copy()
    left[0] -= 1 / unit
    kg = np.round(design.demand * unit).astype(np.int64)
    runs, put, behind = whole_paths(design, none, one, amount, left)
    assert (runs.sum(), put.kg, behind.tolist()) == (0, [0], kg.tolist())
    pays = replace(design, unserved=design.unserved + 2 * design.fixed.max() * unit)
    runs, put, behind = whole_paths(pays, none, one, amount, left)
    assert (runs.sum(), put.kg, behind[0]) == (1, [1], kg[0] - 1)


def test_a_part_of_a_kilogram_above_capacity_stays_behind() -> None:
    """Plans are of whole kilograms that fit, and all of a shipment is accounted for."""
    design = design_of(instance_of())
    unit = design.kg_per_unit
    arc = int(np.flatnonzero(design.tail == design.origin[0])[0])
    one = np.zeros(design.arcs, dtype=np.int64)
    one[arc] = 1
    tight = replace(design, capacity=design.capacity.copy(), most=one)
    tight.capacity[arc] = (np.round(design.demand[0] * unit) - 0.5) / unit
    plan = whole_paths(
        tight, one, Carried([(arc,)], [0]), design.demand[:1],
        np.concatenate([[0.0], design.demand[1:]]),
    )  # fmt: skip
    assert plan[1].kg == [np.round(design.demand[0] * unit) - 1]
    assert plan[2][0] == 1


def test_a_kilogram_goes_by_another_way_that_runs_before_it_stays_behind() -> None:
    """Where the paths of a shipment are full, what rounding left over takes any way with room."""
    design = Design(
        nodes=3, tail=np.array([0, 0, 1]), head=np.array([2, 1, 2]),
        capacity=np.array([2.0, 9.0, 9.0]), fixed=np.ones(3), most=np.ones(3, dtype=np.int64),
        cost=np.zeros((3, 1)), origin=np.array([0]), target=np.array([2]), demand=np.array([3.0]),
        unserved=np.array([1e-3]), kg_per_unit=1.0, mcny_per_unit=1.0,
    )  # fmt: skip
    runs, put, behind = whole_paths(
        design, np.ones(3, dtype=np.int64), Carried([(0,)], [0]), np.array([2.9]), np.zeros(1)
    )
    assert list(put.each()) == [((0,), 0, 2), ((1, 2), 0, 1)]
    assert (runs.tolist(), behind.tolist()) == ([1, 1, 1], [0])
    runs, put, behind = whole_paths(
        design, np.array([1, 1, 0]), Carried([(0,)], [0]), np.array([2.9]), np.zeros(1)
    )
    assert (put.kg, behind.tolist()) == ([2], [1])


def test_leaving_everything_behind_is_a_plan() -> None:
    """It costs the price of all goods."""
    design = design_of(instance_of(*drawn(1), 1000.0))
    assert nothing_sent(design).cost == pytest.approx(float(design.unserved @ design.demand))
