"""Each kind of limit on the whole plan changes a plan as a planner would expect, at a price."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from hubopt.errors import InfeasibleError
from hubopt.instance.tables import Instance, Limit, Stage
from hubopt.network.steps import Handle
from hubopt.plan.plan import Flow, Plan
from hubopt.plan.pricing import Pricer
from hubopt.plan.verify_limits import modes_of
from hubopt.solve.answer import answer
from hubopt.vocabulary import Function, LimitKind, Mode
from tests.fitting import changed
from tests.tiny import tiny

YEAR = 2025
CENTRE = Function.CONSOLIDATION
BATTERY = Mode.ROAD_BATTERY


def base(**tables: object) -> Instance:
    """Return the first stage of the tiny instance without limits, solved to the end."""
    whole = tiny()
    fields: dict[str, object] = {
        "settings": replace(whole.settings, stages=(Stage(YEAR, 5),), gap=0.0),
        "demand": tuple(row for row in whole.demand if row.stage == YEAR),
        "limits": (),
    }
    return replace(whole, **{**fields, **tables})  # type: ignore[arg-type]


def under(kind: LimitKind, value: float, instance: Instance | None = None, **cells: object) -> Plan:
    """Return the best plan under one limit."""
    function = cells.pop("function", None)
    limit = Limit(kind, YEAR, function, value, **cells)  # type: ignore[arg-type]
    return solved(replace(instance or base(), limits=(limit,)))


def solved(instance: Instance) -> Plan:
    """Return the best plan; it was verified before it came here."""
    return answer(instance).plan


def standing(plan: Plan) -> set[str]:
    """Return the sites that are open."""
    return {site.site for site in plan.sites if any(site.modules.values())}


def served_by(plan: Plan, shipment: str) -> set[str]:
    """Return the sites that handle a shipment."""
    return {
        step.site
        for flow in plan.flows
        if flow.shipment == shipment
        for step in flow.steps
        if isinstance(step, Handle)
    }


def share(instance: Instance, plan: Plan, mode: Mode, *products: str) -> Fraction:
    """Return the share of what is carried that goes by a mode on some leg."""
    pricer = Pricer(instance)
    flows = [f for f in plan.flows if product(instance, f) in products or not products]
    by = sum(f.kg_per_year for f in flows if mode in modes_of(pricer, f))
    return Fraction(by, sum(f.kg_per_year for f in flows))


def product(instance: Instance, flow: Flow) -> str:
    """Return the product of a flow."""
    return instance.shipment[flow.shipment].product


def test_sites_at_least_opens_a_site_that_does_not_pay() -> None:
    """A least number of centres in a region opens one more, and the plan costs more."""
    free = under(LimitKind.SITES_AT_MOST, 1.0, function=CENTRE)
    both = under(LimitKind.SITES_AT_LEAST, 2.0, function=CENTRE, area="CN")
    assert standing(both) >= {"DC_A", "DC_B"} > standing(free) & {"DC_A", "DC_B"}


def test_coverage_opens_a_centre_near_every_city() -> None:
    """Cities within an hour of a centre need one each; two hours are met by one alone."""
    dear = base(modules=changed(tiny().modules, 2, fixed_cost_cny_per_year=5e8))
    free = solved(dear)
    assert "DC_B" not in standing(free)
    near = under(LimitKind.COVERAGE, 1.0, dear, function=CENTRE, area="CN", hours=1.0)
    assert standing(near) >= {"DC_A", "DC_B"}
    far = under(LimitKind.COVERAGE, 1.0, dear, function=CENTRE, area="CN", hours=2.0)
    assert far.objective_fen == free.objective_fen < near.objective_fen


def test_least_use_keeps_a_site_shut_or_brings_it_freight() -> None:
    """A centre that stands must be used: freight takes the dearer way through it."""
    free = solved(base())
    instance = base()
    here = next(n for n, row in enumerate(instance.handling) if row.site == "DC_A")
    handled = sum(f.kg_per_year for f in free.flows if Handle("DC_A", CENTRE) in f.steps)
    more = handled / 1000 + 2_000.0
    asked = solved(base(handling=changed(instance.handling, here, least_t_per_year=more)))
    brought = sum(f.kg_per_year for f in asked.flows if Handle("DC_A", CENTRE) in f.steps)
    assert brought + len(asked.flows) >= 1000 * more
    assert asked.objective_fen > free.objective_fen


def test_a_least_use_that_no_demand_can_meet_is_explained() -> None:
    """A standing centre that is asked for more than all freight makes the plan impossible."""
    instance = base()
    here = next(n for n, row in enumerate(instance.handling) if row.site == "DC_A")
    rows = changed(instance.handling, here, least_t_per_year=29_000.0)
    with pytest.raises(InfeasibleError) as caught:
        solved(base(handling=rows))
    assert "an open site must be used enough: DC_A" in caught.value.message.en
    assert "最低使用量" in caught.value.message.zh


def test_single_source_serves_a_shipment_from_one_site() -> None:
    """A shipment that two centres share is handled by one once it asks for a single source."""
    split = "FMCG_B_A_2025"
    tight = tuple(
        replace(row, capacity_t_per_year=7_000.0) if row.site != "TERM_T" else row
        for row in tiny().capacities
    )
    free = base(capacities=tight)
    assert len(served_by(solved(free), split)) > 1
    demand = tuple(replace(row, single_source=row.id == split) for row in free.demand)
    alone = solved(replace(free, demand=demand))
    assert len(served_by(alone, split)) <= 1
    assert alone.objective_fen >= solved(free).objective_fen
    by_limit = under(LimitKind.SINGLE_SOURCE, 1.0, free, function=CENTRE, goods="FMCG")
    assert len(served_by(by_limit, split)) <= 1


def test_service_level_pays_for_speed() -> None:
    """A share of machines promised within ten days goes by air, though the train is cheaper."""
    demand = tuple(
        replace(row, promised_h=240.0) if row.product == "MACH" else row for row in base().demand
    )
    promised = base(demand=demand)
    free = solved(promised)
    level = under(LimitKind.SERVICE_LEVEL, 0.25, promised)
    assert share(promised, free, Mode.AIR, "MACH") < Fraction(1, 4)
    assert share(promised, level, Mode.AIR, "MACH") >= Fraction(1, 4) - Fraction(1, 10**6)
    assert level.objective_fen > free.objective_fen


def test_emission_cap_binds_at_a_price() -> None:
    """Half of the free plan's emissions is a cap that is kept, and the plan costs more."""
    free = solved(base())
    cap = free.co2e_wtw_kg[YEAR] / 2000
    capped = under(LimitKind.EMISSIONS_AT_MOST, cap)
    assert capped.co2e_wtw_kg[YEAR] <= 1000 * cap + 100
    assert capped.objective_fen > free.objective_fen


def test_a_cap_at_what_the_free_plan_emits_changes_nothing() -> None:
    """A limit that the best plan meets anyway costs nothing."""
    free = solved(base())
    cap = (free.co2e_wtw_kg[YEAR] + 1) / 1000
    assert under(LimitKind.EMISSIONS_AT_MOST, cap).objective_fen == free.objective_fen


def test_mode_share_at_least_is_a_policy_with_a_price() -> None:
    """Nine tenths of machines by air (航空引领) while the policy is on, none while it is off."""
    instance = base()
    limit = Limit(
        LimitKind.MODE_SHARE_AT_LEAST, YEAR, None, 0.9, goods="MACH", mode=Mode.AIR, policy="lead"
    )
    asleep = replace(instance, limits=(limit,))
    awake = replace(asleep, settings=replace(asleep.settings, policies=frozenset({"lead"})))
    free, off, led = solved(instance), solved(asleep), solved(awake)
    assert off.objective_fen == free.objective_fen
    assert share(instance, free, Mode.AIR, "MACH") < Fraction(1, 2)
    assert share(instance, led, Mode.AIR, "MACH") >= Fraction(9, 10) - Fraction(1, 10**6)
    assert led.objective_fen > free.objective_fen


def test_mode_share_at_most_takes_freight_off_a_mode() -> None:
    """Goods that travelled by train alone take other ways, or stay behind, above a share."""
    instance = base()
    mode = Mode.RAIL
    assert share(instance, solved(instance), mode, "MACH") > Fraction(1, 2)
    less = under(LimitKind.MODE_SHARE_AT_MOST, 0.5, goods="MACH", mode=mode)
    assert share(instance, less, mode, "MACH") <= Fraction(1, 2) + Fraction(1, 10**6)


def test_delivery_share_brings_battery_trucks_into_the_green_zone() -> None:
    """Deliveries in the zone come by battery truck as asked, though diesel is cheaper there."""
    links = tuple(
        replace(row, cost_cny_per_t=90.0) if row.mode is BATTERY else row for row in tiny().links
    )
    places = tuple(replace(p, zone="green" if p.id == "B" else None) for p in tiny().places)
    instance = base(links=links, places=places)
    free = solved(instance)
    green = under(LimitKind.DELIVERY_SHARE_AT_LEAST, 1.0, instance, area="green", mode=BATTERY)
    delivered = [f for f in green.flows if instance.shipment[f.shipment].destination == "B"]
    last = [modes_of(Pricer(instance), flow)[-1:] for flow in delivered]
    assert delivered
    assert all(modes in ([], [BATTERY]) for modes in last)
    assert share(instance, free, BATTERY) < share(instance, green, BATTERY)
    assert green.objective_fen > free.objective_fen
