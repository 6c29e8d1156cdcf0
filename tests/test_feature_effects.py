"""Each feature of routes changes a plan as a planner would expect, and by how much."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from hubopt.errors import InputError
from hubopt.instance.tables import Capacity, Handling, Instance, Product, Stage, Vehicle
from hubopt.network.steps import Handle, Move, Ride
from hubopt.plan.plan import Plan
from hubopt.plan.pricing import Pricer
from hubopt.solve.answer import answer
from hubopt.vocabulary import Cargo, CostTerm, Function, HubType, Mode, SiteStatus, Temperature
from tests.tiny import tiny

DIESEL, BATTERY, RAIL, AIR = Mode.ROAD_DIESEL, Mode.ROAD_BATTERY, Mode.RAIL, Mode.AIR
YEAR = 2025
GOODS, WINE, PHONES = "FMCG_A_B_2025", "WINE_R_A_2025", "PHONE_A_R_2025"


def small(*shipments: str, **settings: object) -> Instance:
    """Return some shipments of 2025 in the tiny instance without limits, solved to the end."""
    base = tiny()
    return replace(
        base,
        settings=replace(base.settings, stages=(Stage(YEAR, 5),), gap=0.0, **settings),  # type: ignore[arg-type]
        demand=tuple(row for row in base.demand if row.id in shipments),
        limits=(),
    )


def goods(instance: Instance, ident: str, **values: object) -> tuple[Product, ...]:
    """Return the products with one changed."""
    return tuple(
        replace(row, **values) if row.id == ident else row  # type: ignore[arg-type]
        for row in instance.products
    )


def both_centres(**values: object) -> Instance:
    """Return daily goods from A to B with a centre standing at either end, changed at DC_B."""
    base = small(GOODS)
    return replace(
        base,
        sites=tuple(
            replace(s, status=SiteStatus.EXISTING) if s.id == "DC_B" else s for s in base.sites
        ),
        modules=tuple(replace(m, built=1) if m.site == "DC_B" else m for m in base.modules),
        handling=tuple(
            replace(h, **values) if h.site == "DC_B" else h  # type: ignore[arg-type]
            for h in base.handling
        ),
    )


def battery_road(instance: Instance, **values: object) -> Instance:
    """Return an instance with its battery road from A to B changed."""
    return replace(
        instance,
        links=tuple(
            replace(row, **values) if row.mode is BATTERY else row  # type: ignore[arg-type]
            for row in instance.links
        ),
    )


def solved(instance: Instance) -> Plan:
    """Return the best plan."""
    return answer(instance).plan


def tonnes_by(instance: Instance, plan: Plan) -> dict[Mode, float]:
    """Return the tonnes of all flows by each mode that they use."""
    pricer, found = Pricer(instance), dict.fromkeys(Mode, 0.0)
    for flow in plan.flows:
        modes = {pricer.mode(s) for s in flow.steps if isinstance(s, Move | Ride)}
        for mode in modes:
            found[mode] += flow.kg_per_year / 1000
    return found


def sites_of(plan: Plan) -> set[str]:
    """Return the sites at which anything is handled."""
    return {s.site for flow in plan.flows for s in flow.steps if isinstance(s, Handle)}


def cny(plan: Plan, term: CostTerm) -> float:
    """Return what a term costs in the year."""
    return plan.terms_fen[YEAR][term] / 100


def hours(instance: Instance, plan: Plan) -> Fraction:
    """Return the hours of the only flow of a plan."""
    (flow,) = plan.flows
    return Pricer(instance).price(instance.shipment[flow.shipment], flow.steps).time_h


def test_spoilage_makes_fruit_fly() -> None:
    """What spoils at 3 % of its value a day takes the plane; what keeps waits for the train."""
    keeps = small(WINE)
    spoils = replace(keeps, products=goods(keeps, "WINE", spoilage_share_per_day=0.03))
    train, plane = solved(keeps), solved(spoils)
    assert tonnes_by(keeps, train)[RAIL] == 10_000
    assert tonnes_by(spoils, plane)[AIR] == 10_000
    assert cny(train, CostTerm.SPOILAGE) == 0
    days = float(hours(spoils, plane)) / 24
    assert cny(plane, CostTerm.SPOILAGE) == pytest.approx(10_000 * 100_000 * 0.03 * days)


def test_insurance_turns_dear_goods_to_the_safer_truck() -> None:
    """A premium of 1 % per 1000 km on battery trucks, 19.50 CNY, weighs more than 2 CNY of haul."""
    free = small(GOODS)
    insured = replace(free, vehicles=(Vehicle(BATTERY, None, 1.0, 0.01),))
    assert tonnes_by(free, solved(free))[BATTERY] == 8_000
    plan = solved(insured)
    assert tonnes_by(insured, plan)[DIESEL] == 8_000
    assert cny(plan, CostTerm.INSURANCE_FINANCE) == 0
    everywhere = tuple(Vehicle(mode, None, 1.0, 0.01) for mode in (BATTERY, DIESEL))
    paid = solved(replace(free, vehicles=everywhere))
    assert cny(paid, CostTerm.INSURANCE_FINANCE) == pytest.approx(8_000 * 15_000 * 0.01 * 0.13)


def test_insurance_is_paid_aboard_services_too() -> None:
    """10,000 km by train at 0.1 % per 1000 km cost a hundredth of the value."""
    base = small(WINE)
    plan = solved(replace(base, vehicles=(Vehicle(RAIL, None, 1.0, 0.001),)))
    assert cny(plan, CostTerm.INSURANCE_FINANCE) == pytest.approx(10_000 * 100_000 * 0.01)


def test_finance_is_paid_once_across_the_border() -> None:
    """Half a percent of the value of wine from abroad is financed, of goods at home nothing."""
    base = small(WINE, GOODS)
    shares = {"finance_share": 0.005}
    financed = replace(base, products=goods(base, "WINE", **shares))
    financed = replace(financed, products=goods(financed, "FMCG", **shares))
    before, after = solved(base), solved(financed)
    assert cny(after, CostTerm.INSURANCE_FINANCE) == pytest.approx(10_000 * 100_000 * 0.005)
    assert cny(before, CostTerm.INSURANCE_FINANCE) == 0
    assert {flow.steps for flow in before.flows} == {flow.steps for flow in after.flows}


def test_parcels_move_to_where_a_parcel_costs_less() -> None:
    """DC_B is 10 CNY a tonne cheaper than DC_A until each of 200 parcels costs 0.1 CNY there."""
    bulk, parcels = both_centres(), both_centres(cost_cny_per_parcel=0.1)
    parcels = replace(parcels, products=goods(parcels, "FMCG", parcels_per_t=200.0))
    assert sites_of(solved(bulk)) == {"DC_B"}
    moved = solved(parcels)
    assert sites_of(moved) == {"DC_A"}
    assert cny(moved, CostTerm.HANDLING) == 8_000 * 30
    low = both_centres(cost_cny_per_parcel=0.01)
    stays = solved(replace(low, products=goods(low, "FMCG", parcels_per_t=200.0)))
    assert sites_of(stays) == {"DC_B"}
    assert cny(stays, CostTerm.HANDLING) == pytest.approx(8_000 * (20 + 200 * 0.01))


def test_a_licensed_site_clears_phones_in_time() -> None:
    """Phones that are an hour late arrive where a licensed centre saves five; others do not."""
    base = small(PHONES, GOODS)
    base = replace(base, products=goods(base, "PHONE", unserved_cost_cny_per_t=4e6))
    alone = replace(base, demand=tuple(d for d in base.demand if d.id == PHONES))
    last = float(hours(alone, solved(alone))) - 1
    late = replace(
        base,
        demand=tuple(replace(d, latest_h=last) if d.id == PHONES else d for d in base.demand),
    )
    licensed = replace(
        late,
        handling=tuple(
            replace(h, cleared_time_h=1.0) if h.site == "DC_A" else h for h in late.handling
        ),
    )
    left, served = solved(late), solved(licensed)
    assert [row.shipment for row in left.unserved] == [PHONES]
    assert not served.unserved
    at_home = [replace(plan, flows=tuple(f for f in plan.flows if f.shipment == GOODS))
               for plan in (left, served)]  # fmt: skip
    assert hours(late, at_home[0]) == hours(licensed, at_home[1])


def test_a_peak_needs_larger_sites_and_more_departures() -> None:
    """At twice the average 8,000 t are too many for a hall; at eight times 10,000 t for a train."""
    base = small(GOODS, WINE)
    base = replace(
        base,
        capacities=tuple(
            replace(row, capacity_t_per_year=None) if row.site == "TERM_T" else row
            for row in base.capacities
        ),
    )
    rush = replace(base, products=goods(base, "FMCG", peak_factor=2.0))
    rush = replace(rush, products=goods(rush, "WINE", peak_factor=8.0))
    calm, busy = solved(base), solved(rush)

    def modules(plan: Plan) -> int:
        return sum(n for s in plan.sites if s.site.startswith("DC") for n in s.modules.values())

    def trains(plan: Plan) -> int:
        return sum(s.departures_per_week for s in plan.services if s.service == "RAIL_BACK")

    assert (modules(calm), modules(busy)) == (1, 2)  # 15,000 t a hall
    assert (trains(calm), trains(busy)) == (1, 2)  # 800 t x 52 weeks = 41,600 t a train
    assert not busy.unserved


def test_lost_payload_makes_battery_trucks_dearer() -> None:
    """With 10 % less payload a tonne on batteries costs 48 / 0.9 = 53.33 CNY, more than diesel."""
    base = small(GOODS)
    light = replace(base, vehicles=(Vehicle(BATTERY, None, 0.9, 0.0),))
    slight = replace(base, vehicles=(Vehicle(BATTERY, None, 0.98, 0.0),))
    assert tonnes_by(base, solved(base))[BATTERY] == 8_000
    assert tonnes_by(light, solved(light))[DIESEL] == 8_000
    plan = solved(slight)
    assert tonnes_by(slight, plan)[BATTERY] == 8_000
    assert cny(plan, CostTerm.LINE_HAUL) == pytest.approx(8_000 * 48 / 0.98, abs=0.01)
    road = 8_000 * 130 * 0.040 / 0.98
    assert plan.co2e_wtw_kg[YEAR] == pytest.approx(road + 8_000 * 5 * 0.54, abs=1)


def test_electricity_of_the_grid_counts() -> None:
    """0.12 kWh per tonne-km at 0.54 kg are 64.8 g; at a high carbon price diesel emits less."""
    base = small(GOODS)
    driven = battery_road(base, kwh_per_tkm=0.12, wtw_g_per_tkm=0.0)
    plan = solved(driven)
    assert tonnes_by(driven, plan)[BATTERY] == 8_000
    hub = 8_000 * 5 * 0.54
    assert plan.co2e_wtw_kg[YEAR] == pytest.approx(hub + 8_000 * 130 * 0.0648, abs=1)
    assert plan.co2e_ttw_kg[YEAR] == 0
    priced = small(GOODS, carbon_price_cny_per_t=3000.0)
    clean, dirty = battery_road(priced), battery_road(priced, kwh_per_tkm=0.12)
    assert tonnes_by(clean, solved(clean))[BATTERY] == 8_000
    assert tonnes_by(dirty, solved(dirty))[DIESEL] == 8_000


@pytest.mark.parametrize(("range_km", "mode"), [(259.9, DIESEL), (260.0, BATTERY), (None, BATTERY)])
def test_range_is_for_the_way_out_and_back(range_km: float | None, mode: Mode) -> None:
    """130 km and back need a range of 260 km; below it diesel lorries go."""
    base = small(GOODS)
    instance = replace(base, vehicles=(Vehicle(BATTERY, range_km, 1.0, 0.0),))
    assert tonnes_by(instance, solved(instance))[mode] == 8_000


def charged(base: Instance, site: str, module: str, tonnes: float | None) -> Instance:
    """Return an instance whose battery road takes of the chargers of a site."""
    chargers = Capacity(site, module, Function.CHARGING, tonnes)
    wired = replace(base, capacities=(*base.capacities, chargers))
    return battery_road(wired, charging_site=site)


def test_chargers_bound_what_goes_by_battery() -> None:
    """Chargers for 5,000 t a year leave 3,000 of 8,000 t to diesel; at the peak they serve less."""
    few = charged(small(GOODS), "DC_A", "small", 5_000.0)
    by = tonnes_by(few, solved(few))
    assert (by[BATTERY], by[DIESEL]) == (5_000, 3_000)
    rush = replace(few, products=goods(few, "FMCG", peak_factor=1.25))
    by = tonnes_by(rush, solved(rush))
    assert (by[BATTERY], by[DIESEL]) == (4_000, 4_000)


def test_chargers_are_built_where_they_pay() -> None:
    """Nobody builds DC_B to save 2 CNY a tonne; to save 45 it is opened for its chargers alone."""
    base = charged(small(GOODS), "DC_B", "small", None)
    base = replace(
        base,
        handling=tuple(
            replace(h, cost_cny_per_t=500.0) if h.site == "DC_B" else h for h in base.handling
        ),
    )
    idle, cheap = solved(base), battery_road(base, cost_cny_per_t=5.0)
    # 2,000,000 over 30 years at 8 % and 300,000 a year are 478,000 a year, 8,000 t x 45 less
    assert tonnes_by(base, idle)[DIESEL] == 8_000
    twice = replace(
        cheap, demand=tuple(replace(d, demand_t_per_year=14_000.0) for d in cheap.demand)
    )
    plan = solved(twice)
    assert tonnes_by(twice, plan)[BATTERY] == 14_000
    assert sites_of(plan) == {"DC_A"}
    assert {s.site for s in plan.sites if any(s.modules.values())} == {"DC_A", "DC_B"}


def returned(*, switch: bool, district: str = "west") -> Instance:
    """Return daily goods as returns from a district, DC_A in the east and DC_B in the west."""
    base = both_centres()
    rows = (("DC_A", 10.0), ("DC_B", 60.0))
    return replace(
        base,
        settings=replace(base.settings, returns_to_origin_district=switch),
        sites=tuple(
            replace(s, district={"DC_A": "east", "DC_B": "west"}.get(s.id)) for s in base.sites
        ),
        handling=(
            *base.handling,
            *(Handling(site, Function.RETURNS, cost, 6.0, 5.0) for site, cost in rows),
        ),
        capacities=(
            *base.capacities,
            *(Capacity(site, "small", Function.RETURNS, None) for site, _ in rows),
        ),
        products=goods(base, "FMCG", chain=(Function.RETURNS,)),
        demand=tuple(replace(d, district=district) for d in base.demand),
    )


def test_returns_go_back_to_their_district() -> None:
    """Returns go where they cost least, with the rule to their own district, or stay behind."""
    assert sites_of(solved(returned(switch=False))) == {"DC_A"}
    assert sites_of(solved(returned(switch=True))) == {"DC_B"}
    nowhere = solved(returned(switch=True, district="north"))
    assert [row.kg_per_year for row in nowhere.unserved] == [8_000_000]
    assert not nowhere.flows


def test_cooled_cargo_takes_the_services_that_cool() -> None:
    """Chilled wine as reefer cargo flies where only planes cool; in containers it takes a train."""
    base = small(WINE)
    dry = frozenset({Cargo.CONTAINER, Cargo.BULK})
    base = replace(
        base,
        services=tuple(replace(s, cargo=dry) if s.mode is RAIL else s for s in base.services),
    )
    cooled = replace(
        base,
        products=goods(base, "WINE", cargo=Cargo.REEFER, temperature=Temperature.CHILLED),
    )
    assert tonnes_by(base, solved(base))[RAIL] == 10_000
    assert tonnes_by(cooled, solved(cooled))[AIR] == 10_000


def test_hub_types_bound_what_may_be_built() -> None:
    """The terminal of a land port stands as before; at a commerce hub there may be none."""
    base = small(WINE)

    def of_type(hub: HubType) -> Instance:
        sites = (replace(s, hub_type=hub) if s.id == "TERM_T" else s for s in base.sites)
        return replace(base, sites=tuple(sites))

    plain, port = solved(base), solved(of_type(HubType.LAND_PORT))
    assert (port.sites, port.flows) == (plain.sites, plain.flows)
    with pytest.raises(InputError, match="commerce_service hub"):
        of_type(HubType.COMMERCE)
