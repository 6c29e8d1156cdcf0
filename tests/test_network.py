"""Networks with fixed charges: the same optimum as by trying all sets of arcs, and valid bounds."""

from __future__ import annotations

import itertools
import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from hubopt.engine.network import solve_network as search_module
from hubopt.engine.network.design import ways_of
from hubopt.engine.network.form import all_room, flow_form
from hubopt.engine.network.recognise import (
    OTHER_GOODS,
    OTHER_LIMITS,
    OTHER_LINKS,
    OTHER_SERVICES,
    OTHER_TABLES,
    network_case,
)
from hubopt.engine.network.reduced import narrowed, reduced_costs
from hubopt.engine.network.solve_network import solve_network
from hubopt.errors import InputError
from hubopt.instance.public.families import FAMILIES, cases_of
from hubopt.instance.public.fixed_charge import (
    Arc,
    Commodity,
    FixedCharge,
    fixed_charge_instance,
)
from hubopt.instance.public.published import published_beside
from hubopt.instance.tables import Limit
from hubopt.solve.answer import Question, answer
from hubopt.solve.as_network import NETWORK_NOTE
from hubopt.solver.form import SolveOptions
from hubopt.study.bench import bench
from hubopt.text import Text
from hubopt.units import mcny
from hubopt.vocabulary import Access, Engine, LimitKind, Status
from tests.optimum import optimum
from tests.solver_at_hand import solver_at_hand
from tests.test_public_networks import ARCS, SENT, cheapest_flow

if TYPE_CHECKING:
    from collections.abc import Callable

    from hubopt.engine.network.design import Design
    from hubopt.instance.tables import Instance

EXACT = Question(gap=0.0)
ALONE = SolveOptions(gap=0.0, time_s=30.0)
NODES = 5


def drawn(seed: int) -> tuple[tuple[Arc, ...], tuple[Commodity, ...]]:
    """Return a ring of five nodes and arcs across, parallel ones too; shipments may fit or not."""
    rng = np.random.default_rng(seed)
    ends = [(a, b) for a in range(1, NODES + 1) for b in range(1, NODES + 1) if a != b]
    ring = [(n, n % NODES + 1) for n in range(1, NODES + 1)]
    arcs = tuple(
        Arc(*pair, int(rng.integers(0, 9)), int(rng.integers(1, 12)), int(rng.integers(1, 60)))
        for pair in [*ring, *(ends[n] for n in rng.integers(0, len(ends), 2))]
    )
    sent = tuple(
        Commodity(*ends[n], float(rng.integers(1, 9)) / 2) for n in rng.integers(0, len(ends), 3)
    )
    return arcs, sent


def instance_of(
    arcs: tuple[Arc, ...] = ARCS, sent: tuple[Commodity, ...] = SENT, unserved: float | None = None
) -> Instance:
    """Return a design as an instance; `unserved` is the price of a unit left, in the file's."""
    design = FixedCharge("tiny", Text("tiny", "微型"), NODES, arcs, sent)
    scales = design.scales()
    assert scales is not None
    made = fixed_charge_instance(design, scales)
    if unserved is None:
        return made
    price = unserved * scales.cny_per_t
    return replace(
        made, products=tuple(replace(p, unserved_cost_cny_per_t=price) for p in made.products)
    )


def design_of(instance: Instance) -> Design:
    """Return the design of an instance that is a network."""
    case = network_case(instance)
    assert not isinstance(case, Text)
    return case.design


def least(arcs: tuple[Arc, ...], sent: tuple[Commodity, ...], price: float) -> float:
    """Return the least cost by trying all sets of arcs, goods left behind at a price."""
    never = sum(one.units for one in sent)
    behind = tuple({Arc(one.origin, one.destination, price, never, 0) for one in sent})
    costs = []
    for count in range(len(arcs) + 1):
        for chosen in itertools.combinations(arcs, count):
            cost = cheapest_flow(NODES, (*chosen, *behind), sent)
            assert cost is not None
            costs.append(cost + sum(arc.fixed for arc in chosen))
    return min(costs)


@pytest.mark.parametrize("seed", range(6))
def test_the_optimum_is_that_of_trying_all_sets_of_arcs(seed: int) -> None:
    """Whether all goods fit, some cannot go, or leaving them is cheaper; the bound meets it."""
    arcs, sent = drawn(seed)
    price = (15.0, 40.0, 1000.0)[seed % 3]
    design_file = FixedCharge("tiny", Text("tiny", "微型"), NODES, arcs, sent)
    scales = design_file.scales()
    assert scales is not None
    design = design_of(instance_of(arcs, sent, price))
    with solver_at_hand():
        found = solve_network(design, ALONE)
    unit = design.mcny_per_unit / scales.mcny_per_unit
    assert found.plan.cost * unit == pytest.approx(least(arcs, sent, price), rel=1e-9)
    assert found.bound == pytest.approx(found.plan.cost, rel=1e-9)
    assert found.bound <= found.plan.cost


@pytest.mark.parametrize("seed", range(8))
def test_the_general_model_over_all_routes_agrees(seed: int) -> None:
    """The whole way gives the cost of the model of all routes, verified and proved."""
    arcs, sent = drawn(seed + 100)
    instance = instance_of(arcs, sent, 50.0)
    with solver_at_hand():
        found = answer(instance, EXACT)
    assert found.engine is Engine.NETWORK
    assert found.verification.passed
    assert found.plan.status is Status.OPTIMAL
    assert found.plan.notes[:2] == (NETWORK_NOTE.en, NETWORK_NOTE.zh)
    assert mcny(found.plan.objective_fen) == pytest.approx(optimum(instance).mcny, rel=1e-7)


def test_vehicles_come_back_at_their_price_and_services_may_run_often() -> None:
    """An empty run that costs and a service of two departures count as in the general model."""
    plain = instance_of()
    instance = replace(
        plain,
        services=tuple(
            replace(s, empty_cost_cny_per_departure=3e6)
            if s.most_per_week == 0
            else replace(s, most_per_week=2, payload_t_per_departure=s.payload_t_per_departure / 2)
            for s in plain.services
        ),
    )
    with solver_at_hand():
        found = answer(instance, EXACT)
    assert found.engine is Engine.NETWORK
    assert max(s.departures_per_week for s in found.plan.services) > 1
    assert mcny(found.plan.objective_fen) == pytest.approx(optimum(instance).mcny, rel=1e-7)


def single_source(instance: Instance) -> Instance:
    """Return an instance whose shipments have one source each."""
    return replace(instance, demand=tuple(replace(d, single_source=True) for d in instance.demand))


def late(instance: Instance) -> Instance:
    """Return an instance whose shipments must arrive in a hundred hours."""
    return replace(instance, demand=tuple(replace(d, latest_h=100.0) for d in instance.demand))


def dear(instance: Instance) -> Instance:
    """Return an instance whose goods have a value."""
    made = tuple(replace(p, value_cny_per_t=5000.0) for p in instance.products)
    return replace(instance, products=made)


def limited(instance: Instance) -> Instance:
    """Return an instance whose links have a capacity."""
    made = tuple(replace(one, capacity_t_per_year=9e5) for one in instance.links)
    return replace(instance, links=made)


def opened(instance: Instance) -> Instance:
    """Return an instance whose first link is open to all."""
    first, *rest = instance.links
    return replace(instance, links=(replace(first, access=Access.OPEN), *rest))


def served(instance: Instance) -> Instance:
    """Return an instance that asks for a service level."""
    limit = Limit(LimitKind.SERVICE_LEVEL, instance.settings.stages[0].year, None, 0.5)
    return replace(instance, limits=(limit,))


def charged(instance: Instance) -> Instance:
    """Return an instance with a price of carbon."""
    return replace(instance, settings=replace(instance.settings, carbon_price_cny_per_t=50.0))


def running(instance: Instance) -> Instance:
    """Return an instance with a service that must run."""
    made = tuple(replace(s, least_per_week=1) if s.id == "ARC1" else s for s in instance.services)
    return replace(instance, services=made)


def shared(instance: Instance) -> Instance:
    """Return an instance in which two services have vehicles in common."""
    made = tuple(
        replace(s, vehicle_class="ARC1") if s.id in {"ARC3", "BACK3"} else s
        for s in instance.services
    )
    return replace(instance, services=made)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (single_source, OTHER_GOODS), (late, OTHER_GOODS), (dear, OTHER_GOODS),
        (limited, OTHER_LINKS), (opened, OTHER_LINKS), (served, OTHER_LIMITS),
        (charged, OTHER_TABLES), (running, OTHER_SERVICES), (shared, OTHER_SERVICES),
    ],
)  # fmt: skip
def test_what_is_no_network_is_refused_with_the_reason(
    change: Callable[[Instance], Instance], reason: Text
) -> None:
    """Whatever else binds makes an instance none, and `--engine network` says what it is."""
    instance = change(instance_of())
    assert network_case(instance) == reason
    with pytest.raises(InputError, match=r"--engine"):
        answer(instance, EXACT, engine=Engine.NETWORK)


def test_a_stop_that_others_use_is_no_part_of_a_service() -> None:
    """The place on a parallel arc may be nobody's destination."""
    instance = instance_of()
    between = next(p.id for p in instance.places if p.id.startswith("P"))
    sent = replace(instance.demand[0], id="S9", destination=between)
    assert network_case(replace(instance, demand=(*instance.demand, sent))) == OTHER_SERVICES


def test_options_of_the_general_engine_are_refused() -> None:
    """A number of routes, HiGHS options or an earlier plan ask for the general engine."""
    instance = instance_of()
    for question in (Question(routes_per_shipment=3), Question(highs={"presolve": "on"})):
        with pytest.raises(InputError, match="--engine"):
            answer(instance, question, engine=Engine.NETWORK)


@pytest.mark.parametrize("seed", range(20))
def test_any_multipliers_bound_the_cost(seed: int) -> None:
    """Whatever the multipliers, the bound is below the optimum, and what is ruled out not in it."""
    arcs, sent = drawn(seed % 4)
    design = design_of(instance_of(arcs, sent, 40.0))
    with solver_at_hand():
        best = solve_network(design, ALONE).plan
    room = all_room(design)
    shape = flow_form(design, room, room.flow > 0, whole=False)
    rng = np.random.default_rng(seed)
    found = reduced_costs(shape.form, rng.normal(0, 10, len(shape.form.row_lower)))
    assert found.bound <= best.cost
    left = narrowed(room, shape, found, best.cost)
    flow = np.zeros_like(room.flow)
    for path, k, units in zip(best.paths, best.shipment, best.amount, strict=True):
        flow[list(path), k] += units
    assert np.all(flow <= left.flow + 1e-9)
    assert np.all((left.least <= best.runs) & (best.runs <= left.most))


def test_links_come_in_step_by_step_where_there_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """The optimum does not depend on how the relaxation is found."""
    design = design_of(instance_of())
    with solver_at_hand():
        once = solve_network(design, ALONE)
        monkeypatch.setattr(search_module, "MANY_FLOWS", 0)
        monkeypatch.setattr(search_module, "CORE_FLOWS", 3)
        steps = solve_network(design, ALONE)
    assert steps.plan.cost == pytest.approx(once.plan.cost, rel=1e-9)
    assert steps.bound == pytest.approx(once.plan.cost, rel=1e-9)


def test_what_goes_round_in_circles_is_not_sent() -> None:
    """A flow falls into paths; a circle beside them neither costs nor runs anything."""
    arcs = (Arc(1, 2, 1, 9, 1), Arc(3, 4, 1, 9, 1), Arc(4, 3, 1, 9, 1))
    design = design_of(instance_of(arcs, (Commodity(1, 2, 4),)))
    flow = np.array([[design.demand[0]], [design.demand[0]], [design.demand[0]]])
    number = [int(n) for n in np.argsort(design.tail, kind="stable")]
    plan = ways_of(design, np.ones(3, dtype=np.int64), flow)
    assert plan.paths == ((number[0],),)
    assert plan.runs.sum() == 1


BENCHMARKS = pytest.mark.skipif(
    "HUBOPT_BENCHMARKS" not in os.environ, reason="the public benchmarks are not here"
)


@BENCHMARKS
@pytest.mark.slow
@pytest.mark.parametrize("name", ["c33", "c35", "c36", "c41", "c42", "c43", "c44"])
def test_published_optima_come_out(name: str) -> None:
    """The value is the published one to its last digit, proved, by this engine."""
    file = Path(os.environ["HUBOPT_BENCHMARKS"]) / "mcfnd_c" / f"{name}.dow.gz"
    (case,) = cases_of("dow", file)
    (found,) = bench([case], published_beside(file.parent), Question(gap=0.0, time_s=300.0))
    assert (FAMILIES["dow"].published, case.name) in published_beside(file.parent)
    assert (found.proof, found.same, found.engine) == ("optimal", True, Engine.NETWORK)
    assert not found.wrong
