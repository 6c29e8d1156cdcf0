"""One design for several states: what hedging builds, what it costs, and who checks it."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from hubopt.engine import solve_problem as solve_module
from hubopt.engine.solve_problem import Solved
from hubopt.errors import InfeasibleError, InputError
from hubopt.instance.tables import Limit
from hubopt.network.routes import all_routes
from hubopt.plan.risk import Risk, tail_mean
from hubopt.plan.verify_hedge import HEDGE_CHECKS, verify_hedge
from hubopt.solve.answer import Question
from hubopt.solve.hedge import HedgeAnswer, State, hedged
from hubopt.solve.hedge_words import CLASH
from hubopt.solver.form import SolverAnswer, SolverStatus
from hubopt.units import exact, present_value_weight
from hubopt.vocabulary import Function, LimitKind, SiteStatus, Status
from tests.brute_force import (
    INFINITE,
    best_stage_cost,
    module_designs,
    priced_route,
    timetables,
)
from tests.random_instances import random_instance
from tests.test_feature_effects import GOODS, YEAR, small, solved
from tests.test_mission_effects import at_site, standing

if TYPE_CHECKING:
    from collections.abc import Callable

    from hubopt.instance.tables import Instance
    from hubopt.plan.hedge import Hedge
    from hubopt.plan.plan import Plan
    from tests.brute_force import Priced

SELDOM, OFTEN = Fraction(1, 2000), Fraction(1, 100)
BRUTE, MANY = 10, 150


def dry() -> Instance:
    """Return daily goods from A to B past a cheap centre at A or a dear one at B, none built."""
    base = small(GOODS)
    fixed = {"DC_A": 4e5, "DC_B": 6e5}
    return replace(
        base,
        sites=tuple(replace(s, status=SiteStatus.CANDIDATE) for s in base.sites),
        modules=tuple(
            replace(m, built=0, fixed_cost_cny_per_year=fixed.get(m.site, 5e5))
            for m in base.modules
            if m.module != "large"
        ),
        capacities=tuple(row for row in base.capacities if row.module != "large"),
    )


def flooded(instance: Instance) -> Instance:
    """Return an instance in which the centre at A can handle nothing."""
    rows = (
        replace(c, capacity_t_per_year=0.0) if c.site == "DC_A" else c for c in instance.capacities
    )
    return replace(instance, capacities=tuple(rows))


def states(flood: Fraction) -> list[State]:
    """Return the dry state and the flood by its probability."""
    return [State("dry", 1 - flood, dry()), State("flood", flood, flooded(dry()))]


def centres(found: HedgeAnswer) -> set[str]:
    """Return the centres of the design."""
    return standing(found.plans["dry"], YEAR)


def test_a_likely_flood_moves_the_centre() -> None:
    """At 1 % a year a flood that would strand 24 million CNY of goods is worth a dearer centre."""
    assert centres(hedged(states(SELDOM), Risk())) == {"DC_A"}
    found = hedged(states(OFTEN), Risk())
    assert centres(found) == {"DC_B"}
    elsewhere = solved(at_site(dry(), "DC_A", SiteStatus.CLOSED))
    assert found.hedge.objective_fen == elsewhere.objective_fen
    assert found.hedge.status is Status.OPTIMAL


def test_hedging_tells_what_it_saves() -> None:
    """The design for the dry state alone is priced in the flood, where its goods stay behind."""
    found = hedged(states(OFTEN), Risk()).hedge
    alone_dry, alone_flood = found.alone_fen
    assert alone_dry == solved(dry()).objective_fen
    weight = present_value_weight(Fraction("0.08"), YEAR, 5, YEAR)
    stranded = 8_000 * 3_000 * weight
    assert alone_flood > stranded * 100
    saved = Fraction(99, 100) * alone_dry + Fraction(1, 100) * alone_flood - found.objective_fen
    assert saved > 0


def test_who_fears_the_tail_hedges_against_the_seldom_flood() -> None:
    """A flood once in 2,000 years moves the centre for a planner who weighs the worst 1 %."""
    wary = Risk(level=Fraction(99, 100), weight=Fraction(1, 2))
    found = hedged(states(SELDOM), wary)
    assert centres(found) == {"DC_B"}
    assert found.hedge.tail_fen < hedged(states(SELDOM), Risk(level=wary.level)).hedge.tail_fen


def test_no_state_is_neglected_where_only_the_tail_counts() -> None:
    """With all weight on the tail the dry state is still planned as well as its sites allow."""
    fearful = Risk(level=Fraction(1, 2), weight=Fraction(1))
    found = hedged(states(Fraction(1, 2)), fearful)
    assert centres(found) == {"DC_B"}
    elsewhere = solved(at_site(dry(), "DC_A", SiteStatus.CLOSED))
    assert found.plans["dry"].objective_fen == elsewhere.objective_fen


def test_cvar_is_the_mean_of_the_worst() -> None:
    """Of costs 10, 20 and 30 at 50, 40 and 10 % the worst fifth costs 25 on average."""
    shares = [Fraction(5, 10), Fraction(4, 10), Fraction(1, 10)]
    costs = [Fraction(10), Fraction(20), Fraction(30)]
    assert tail_mean(shares, costs, Fraction(8, 10)) == 25
    assert tail_mean(shares, costs, Fraction(0)) == 16


def test_departures_may_differ_by_state() -> None:
    """Twice the machines in one state fill more trains of 300 t there; the terminal is the same."""
    base = small("MACH_A_R_2025")
    short = tuple(
        replace(s, payload_t_per_departure=300.0, cost_cny_per_departure=8e5) for s in base.services
    )
    base = replace(base, services=short)
    more = replace(
        base,
        demand=tuple(replace(d, demand_t_per_year=40_000.0) for d in base.demand),
    )
    half = Fraction(1, 2)
    found = hedged([State("usual", half, base), State("boom", half, more)], Risk())
    runs = {
        name: sum(s.departures_per_week for s in plan.services)
        for name, plan in found.plans.items()
    }
    assert runs["boom"] > runs["usual"]
    assert standing(found.plans["boom"]) == standing(found.plans["usual"])


@pytest.mark.parametrize("risk", [Risk(), Risk(Fraction(1, 2), Fraction(1, 2))])
def test_the_search_finds_the_same_design(risk: Risk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The way for large models, made to work on a small one, proves the same objective."""
    at_once = hedged(states(OFTEN), risk).hedge
    monkeypatch.setattr(solve_module, "SMALL_COLUMNS", 0)
    searched = hedged(states(OFTEN), risk, Question(gap=1e-6)).hedge
    assert searched.objective_fen == pytest.approx(at_once.objective_fen, rel=1e-6)


def varied(rng: random.Random, instance: Instance) -> Instance:
    """Return an instance with other tonnes and other prices of roads."""
    factor = {d.id: rng.choice((0.0, 0.5, 1.0, 1.7)) for d in instance.demand}
    dearer = rng.choice((0.5, 1.0, 3.0))
    return replace(
        instance,
        demand=tuple(
            replace(d, demand_t_per_year=d.demand_t_per_year * factor[d.id])
            for d in instance.demand
        ),
        links=tuple(
            replace(row, cost_cny_per_t=row.cost_cny_per_t * dearer) for row in instance.links
        ),
    )


def brute(all_states: list[State], risk: Risk) -> float:
    """Return the least objective in CNY by trying every design in every state."""
    priced = [routes_by_stage(state.instance) for state in all_states]
    first = all_states[0].instance.settings
    best = INFINITE
    for design in module_designs(all_states[0].instance):
        costs = []
        for state, routes in zip(all_states, priced, strict=True):
            total = 0.0
            for (year, counts), stage in zip(design, first.stages, strict=True):
                worth = present_value_weight(
                    exact(first.discount_rate), stage.year, stage.years, first.base_year
                )
                total += float(worth) * best_stage_cost(
                    state.instance, year, counts, routes[year], timetables(state.instance, year)
                )
            costs.append(total)
        if max(costs) < INFINITE:
            shares = [state.probability for state in all_states]
            best = min(best, float(risk.measured(shares, [Fraction(c) for c in costs])))
    return best


def routes_by_stage(instance: Instance) -> dict[int, list[Priced]]:
    """Return the priced routes of each stage."""
    found: dict[int, list[Priced]] = {stage.year: [] for stage in instance.settings.stages}
    for shipment in instance.demand:
        for route in all_routes(instance, shipment.id):
            found[shipment.stage].append(priced_route(instance, shipment, route.steps))
    return found


@pytest.mark.parametrize("seed", range(BRUTE))
def test_hedge_agrees_with_brute_force(seed: int) -> None:
    """The design proved best for two random states is that of trying every design in both."""
    assert_as_brute_force(seed)


@pytest.mark.campaign
@pytest.mark.parametrize("seed", range(BRUTE, MANY))
def test_hedge_agrees_with_brute_force_on_many_more(seed: int) -> None:
    """The same on many more pairs of states."""
    assert_as_brute_force(seed)


def assert_as_brute_force(seed: int) -> None:
    """Assert that a hedge of two random states costs what trying every design gives."""
    rng = random.Random(f"hedge-{seed}")
    base = random_instance(seed)
    share = Fraction(rng.randint(1, 9), 10)
    both = [State("usual", 1 - share, base), State("other", share, varied(rng, base))]
    risk = Risk(Fraction(rng.randint(0, 9), 10), Fraction(rng.choice((0, 5, 10)), 10))
    expected = brute(both, risk)
    try:
        found = hedged(both, risk, Question(gap=0.0))
    except InfeasibleError:
        assert expected == INFINITE
        return
    assert found.hedge.objective_fen / 100 == pytest.approx(expected, rel=1e-6, abs=1000)
    assert found.verification.passed


def test_states_share_their_sites() -> None:
    """A state that closes a site is refused: the file, the state and the remedy are named."""
    other = at_site(dry(), "DC_A", SiteStatus.CLOSED)
    half = Fraction(1, 2)
    with pytest.raises(InputError) as caught:
        hedged([State("dry", half, dry()), State("shut", half, other)], Risk())
    (finding,) = caught.value.findings
    assert finding.file == "sites.csv"
    assert finding.value == "shut"
    assert "capacity" in finding.remedy.en


def capped(instance: Instance, tonnes: float) -> Instance:
    """Return an instance that must serve all and may emit so many tonnes."""
    level = Limit(LimitKind.SERVICE_LEVEL, YEAR, None, 1.0)
    cap = Limit(LimitKind.EMISSIONS_AT_MOST, YEAR, None, tonnes)
    rows = tuple(replace(d, promised_h=500.0) for d in instance.demand)
    return replace(instance, demand=rows, limits=(level, cap))


def test_a_state_that_cannot_be_met_is_named() -> None:
    """A promise that one state cannot keep within its cap is told of that state."""
    half = Fraction(1, 2)
    with pytest.raises(InfeasibleError) as caught:
        hedged([State("dry", half, dry()), State("strict", half, capped(dry(), 1e-3))], Risk())
    assert "strict" in caught.value.message.en
    assert "strict" in caught.value.message.zh


def shut(instance: Instance, site: str) -> Instance:
    """Return an instance whose one centre must serve all, and whose centre `site` handles none."""
    level = Limit(LimitKind.SERVICE_LEVEL, YEAR, None, 1.0)
    one = Limit(LimitKind.SITES_AT_MOST, YEAR, Function.CONSOLIDATION, 1.0)
    rows = (
        replace(c, capacity_t_per_year=0.0) if c.site == site else c for c in instance.capacities
    )
    promised = tuple(replace(d, promised_h=500.0) for d in instance.demand)
    return replace(instance, demand=promised, capacities=tuple(rows), limits=(level, one))


def clash() -> list[State]:
    """Return two states of which each needs the one centre that the other cannot use."""
    half = Fraction(1, 2)
    return [State("a", half, shut(dry(), "DC_A")), State("b", half, shut(dry(), "DC_B"))]


def test_states_that_clash_are_told_apart_from_one_that_fails() -> None:
    """Where each state has a plan of its own but no design serves both, the clash is named."""
    assert all(solved(state.instance).objective_fen for state in clash())
    with pytest.raises(InfeasibleError) as caught:
        hedged(clash(), Risk())
    assert caught.value.message == CLASH


def test_no_state_is_said_to_be_met_that_nobody_solved(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where time ends before the states are solved alone, nothing is said of them alone."""
    none = SolverAnswer(SolverStatus.LIMIT_WITHOUT_VALUES, None, None, None, 0.0, "time")

    def late(*_: object, **__: object) -> Solved:
        return Solved(none, None, None)  # type: ignore[arg-type]

    monkeypatch.setattr(solve_module, "solve_problem", late)
    with pytest.raises(InfeasibleError) as caught:
        hedged(clash(), Risk())
    assert "each state can be met alone" not in caught.value.message.en


def test_a_state_without_an_instance_does_not_pass(found: HedgeAnswer) -> None:
    """A plan that nothing can be recomputed from is broken, not passed over."""
    instances = {"dry": dry()}
    broken = verify_hedge(instances, found.hedge, found.plans)
    assert [v.where for v in broken.violations] == ["flood"]


def moved(plan: Plan) -> Plan:
    """Return a plan with one more module somewhere."""
    first, *rest = plan.sites
    more = {name: n + 1 for name, n in first.modules.items()}
    return replace(plan, sites=(replace(first, modules=more), *rest))


BREAKERS: dict[str, Callable[[Hedge], Hedge]] = {
    "states_are_planned": lambda h: replace(h, states=(*h.states, h.states[0])),
    "probabilities": lambda h: replace(
        h, states=(replace(h.states[0], probability=Fraction(1, 2)), h.states[1])
    ),
    "state_costs": lambda h: replace(
        h, states=(replace(h.states[0], cost_fen=h.states[0].cost_fen - 1), h.states[1])
    ),
    "expected_cost": lambda h: replace(h, expected_fen=h.expected_fen + 1),
    "tail_cost": lambda h: replace(h, tail_fen=h.tail_fen - 1),
    "hedge_objective": lambda h: replace(h, objective_fen=h.objective_fen - 1),
    "hedge_gap_and_bound": lambda h: replace(h, bound_fen=h.objective_fen + 10),
}
"""A change to a hedge that each check must catch."""


@pytest.fixture(scope="module")
def found() -> HedgeAnswer:
    """Return a hedge that holds."""
    return hedged(states(OFTEN), Risk(weight=Fraction(1, 4)))


@pytest.mark.parametrize("name", BREAKERS)
def test_each_wrong_figure_is_caught(name: str, found: HedgeAnswer) -> None:
    """The verifier names the check that a changed hedge breaks."""
    instances = {state.scenario: state.instance for state in states(OFTEN)}
    broken = verify_hedge(instances, BREAKERS[name](found.hedge), found.plans)
    assert name in {v.check for v in broken.violations}
    assert verify_hedge(instances, found.hedge, found.plans).passed


def test_other_sites_in_one_state_are_caught(found: HedgeAnswer) -> None:
    """A plan that builds more in one state breaks the design and its own rules."""
    instances = {state.scenario: state.instance for state in states(OFTEN)}
    plans = {**found.plans, "flood": moved(found.plans["flood"])}
    broken = {v.check for v in verify_hedge(instances, found.hedge, plans).violations}
    assert {"same_sites", "state_plans_hold"} <= broken
    assert set(BREAKERS) | broken == set(HEDGE_CHECKS)
