"""What planners asked of the network changes a plan: gateways, trains, bonded stores, stages."""

from __future__ import annotations

from dataclasses import replace

from hubopt.instance.tables import Capacity, Demand, Handling, Instance, Stage
from hubopt.network.steps import Change, Move, Ride
from hubopt.plan.plan import Plan
from hubopt.plan.pricing import Pricer
from hubopt.vocabulary import Access, CostTerm, Function, Mode, PlaceKind, SiteStatus
from tests import tiny
from tests.test_feature_effects import (
    GOODS,
    WINE,
    YEAR,
    both_centres,
    cny,
    goods,
    sites_of,
    small,
    solved,
    tonnes_by,
)

ROAD, RAIL, AIR = Mode.ROAD_DIESEL, Mode.RAIL, Mode.AIR
MACHINES, FAR_MACHINES = "MACH_A_R_2025", "MACH_B_R_2025"
WEEKS = 52
LEFT_BEHIND = {"unserved_cost_cny_per_t": 1e9}
"""A price at which nothing stays behind."""


def asking(instance: Instance, tonnes: float, **cells: object) -> Instance:
    """Return an instance whose shipments are all of so many tonnes, and changed besides."""
    rows = (replace(d, demand_t_per_year=tonnes, **cells) for d in instance.demand)  # type: ignore[arg-type]
    return replace(instance, demand=tuple(rows))


def changing(instance: Instance, place: str, **cells: object) -> Instance:
    """Return an instance with the change of mode at a place changed."""
    rows = (
        replace(row, **cells) if row.place == place else row  # type: ignore[arg-type]
        for row in instance.transfers
    )
    return replace(instance, transfers=tuple(rows))


def at_site(instance: Instance, site: str, status: SiteStatus) -> Instance:
    """Return an instance in which a site has another status."""
    rows = (replace(s, status=status) if s.id == site else s for s in instance.sites)
    return replace(instance, sites=tuple(rows))


def standing(plan: Plan, year: int = YEAR) -> set[str]:
    """Return the sites at which a module stands in a stage."""
    return {s.site for s in plan.sites if s.stage == year and any(s.modules.values())}


def departures(plan: Plan, service: str) -> int:
    """Return the loaded departures a week of a service."""
    return next(s.departures_per_week for s in plan.services if s.service == service)


def test_changes_of_mode_cost_money_and_have_room() -> None:
    """Wine pays 30 and 40 CNY a tonne to change between truck and train, where there is room."""
    base = small(WINE)
    narrow = changing(base, "E", capacity_t_per_year=9_000.0)
    dear = changing(base, "E", cost_cny_per_t=40_000.0)
    assert cny(solved(base), CostTerm.TRANSFER) == 10_000 * (30 + 40)
    assert tonnes_by(base, solved(narrow))[RAIL] == 9_000
    assert tonnes_by(base, solved(dear))[RAIL] == 0


def test_rail_is_the_trunk_and_trucks_are_both_ends() -> None:
    """Wine is trucked to the train abroad, rides to Zhengzhou, and is trucked to the city."""
    base = small(WINE)
    pricer = Pricer(base)
    (flow,) = solved(base).flows
    moves = [pricer.mode(s) for s in flow.steps if isinstance(s, Move | Ride)]
    assert moves == [ROAD, RAIL, ROAD]
    assert sum(isinstance(s, Change) for s in flow.steps) == 2


def test_two_cities_fill_a_train_that_neither_fills_alone() -> None:
    """4,500 t of machines fly from either city; together they pay for a whole train a week."""
    for alone in (MACHINES, FAR_MACHINES):
        base = asking(small(alone), 4_500.0)
        assert tonnes_by(base, solved(base))[AIR] == 4_500
    both = asking(small(MACHINES, FAR_MACHINES), 4_500.0)
    plan = solved(both)
    assert tonnes_by(both, plan)[RAIL] == 9_000
    assert departures(plan, "RAIL_OUT") == 1
    assert "TERM_T" in standing(plan)


def test_flights_leave_whole() -> None:
    """5,200 t in a hurry fill one flight a week; a tonne more takes a second."""
    base = small(MACHINES)
    full, over = (asking(base, tonnes, latest_h=168.0) for tonnes in (5_200.0, 5_201.0))
    plans = solved(full), solved(replace(over, products=goods(over, "MACH", **LEFT_BEHIND)))
    assert [departures(plan, "AIR_OUT") for plan in plans] == [1, 2]
    assert not any(row.kg_per_year for plan in plans for row in plan.unserved)


def test_what_only_comes_in_pays_for_empty_trains_out() -> None:
    """A train of imports goes out empty at 1.5 million CNY a week; exports fill it for nothing."""
    imports, both = small(WINE), asking(small(WINE, MACHINES), 10_000.0)
    assert cny(solved(imports), CostTerm.REPOSITIONING) == 1_500_000 * WEEKS
    assert cny(solved(both), CostTerm.REPOSITIONING) == 0


def test_bonded_goods_need_an_open_bonded_site() -> None:
    """Wine alone opens no centre at B; once it must pass a bonded store, the only one opens."""
    base = small(WINE)
    bonded = replace(
        base,
        products=goods(base, "WINE", chain=(Function.BONDED,)),
        handling=(*base.handling, Handling("DC_B", Function.BONDED, 20.0, 5.0, 4.0)),
        capacities=(*base.capacities, Capacity("DC_B", "small", Function.BONDED, 12_000.0)),
    )
    assert "DC_B" not in standing(solved(base))
    plan = solved(bonded)
    assert "DC_B" in standing(plan)
    assert sites_of(plan) == {"DC_B"}


def test_fast_handling_is_paid_where_goods_cannot_wait() -> None:
    """An automated centre at 60 CNY and one hour handles what must arrive in four hours alone."""
    base = both_centres(cost_cny_per_t=60.0, time_h=1.0)
    hurried = asking(base, 8_000.0, latest_h=4.0)
    assert sites_of(solved(base)) == {"DC_A"}
    assert sites_of(solved(hurried)) == {"DC_B"}


def test_clearance_takes_time_and_money_at_the_border() -> None:
    """Wine due in 400 h pays fee and duty for the train until clearing it takes 100 h more."""
    base = small(WINE)
    due = asking(base, 10_000.0, latest_h=400.0)
    slow = replace(
        due,
        customs=tuple(replace(c, time_h=108.0) if c.mode is RAIL else c for c in due.customs),
    )
    duty = 10_000 * 100_000 * 0.1
    assert cny(solved(due), CostTerm.CUSTOMS_DUTY) == 10_000 * 20 + duty
    assert tonnes_by(slow, solved(slow))[AIR] == 10_000


def test_energy_of_a_site_counts_as_carbon() -> None:
    """500 kWh a tonne at DC_B are 25.92 CNY of carbon, more than the 10 CNY that it is cheaper."""
    green, hungry = both_centres(), both_centres(energy_kwh_per_t=500.0)
    assert sites_of(solved(green)) == {"DC_B"}
    assert sites_of(solved(hungry)) == {"DC_A"}


def test_a_named_base_can_be_required() -> None:
    """Nobody needs DC_B for 8,000 t; required, it stands, and the plan costs more."""
    base = small(GOODS)
    free, bound = solved(base), solved(at_site(base, "DC_B", SiteStatus.REQUIRED))
    assert "DC_B" in standing(bound) - standing(free)
    assert bound.objective_fen > free.objective_fen


def test_what_is_built_stays() -> None:
    """A terminal built for the wine of 2025 stands in 2030 and is paid for, without any freight."""
    base = small(WINE)
    stages = (Stage(YEAR, 5), Stage(2030, 5))
    plan = solved(replace(base, settings=replace(base.settings, stages=stages)))
    assert "TERM_T" in standing(plan, 2030)
    # DC_A's small module stands as well, at 400,000 a year
    assert plan.terms_fen[2030][CostTerm.RUNNING] == (500_000 + 400_000) * 100


def rival(cost: float) -> Instance:
    """Return machines in a hurry from A, with an airport V far away whose flights cost so much."""
    base = asking(small(MACHINES), 4_000.0, latest_h=168.0)
    aboard = {"access": Access.SCHEDULED, "wtw_g_per_tkm": 790.0, "ttw_g_per_tkm": 650.0}
    change = next(row for row in base.transfers if row.place == "P")
    customs = next(row for row in base.customs if row.place == "P")
    return replace(
        base,
        places=(*base.places, tiny.place("V", PlaceKind.AIRPORT, "CN", 30.0, 114.0)),
        links=(
            *base.links,
            tiny.link("A", "V", ROAD, 600.0, 200.0, 8.0),
            tiny.link("V", "Q", AIR, 8700.0, 200.0, 11.5, **aboard),
        ),
        services=(
            *base.services,
            tiny.service("RIVAL_OUT", AIR, ("V", "Q"), 100.0, cost),
            tiny.service("RIVAL_BACK", AIR, ("Q", "V"), 100.0, cost),
        ),
        transfers=(*base.transfers, replace(change, place="V")),
        customs=(*base.customs, replace(customs, place="V")),
    )


def test_a_rival_gateway_takes_what_it_serves_better() -> None:
    """Machines fly from the near airport, and from the far one once its flights cost a third."""
    near, far = solved(rival(2_000_000.0)), solved(rival(600_000.0))
    assert (departures(near, "AIR_OUT"), departures(near, "RIVAL_OUT")) == (1, 0)
    assert (departures(far, "AIR_OUT"), departures(far, "RIVAL_OUT")) == (0, 1)


def two_hubs(road_cost: float) -> Instance:
    """Return goods from A to B that may take a block train from T to a terminal U beside B."""
    base = small(GOODS)
    modes = frozenset({ROAD, Mode.ROAD_BATTERY, RAIL})
    ends = next(row for row in base.transfers if row.place == "T")
    return replace(
        base,
        places=(*base.places, tiny.place("U", PlaceKind.RAIL_TERMINAL, "CN", 34.62, 112.45)),
        products=goods(base, "FMCG", modes=modes),
        links=(
            *(
                replace(row, cost_cny_per_t=road_cost)
                if "B" in {row.from_place, row.to_place}
                else row
                for row in base.links
            ),
            tiny.link("B", "U", ROAD, 8.0, 5.0, 0.3),
            tiny.link("T", "U", RAIL, 130.0, 5.0, 3.0, access=Access.SCHEDULED),
        ),
        services=(
            *base.services,
            tiny.service("BLOCK_OUT", RAIL, ("T", "U"), 900.0, 8_000.0),
            tiny.service("BLOCK_BACK", RAIL, ("U", "T"), 900.0, 8_000.0),
        ),
        transfers=(*base.transfers, replace(ends, place="U", site=None)),
    )


def test_block_trains_join_two_hubs() -> None:
    """At 50 CNY a tonne goods are trucked to B; at 600 they ride the block train between hubs."""
    trucked, railed = two_hubs(50.0), two_hubs(600.0)
    assert tonnes_by(trucked, solved(trucked))[RAIL] == 0
    assert tonnes_by(railed, solved(railed))[RAIL] == 8_000


def test_a_market_sends_and_receives_like_a_city() -> None:
    """A wholesale market between the cities is served through a centre, and sends goods on."""
    base = small(GOODS)
    market = replace(
        base,
        places=(*base.places, tiny.place("M", PlaceKind.MARKET, "CN", 34.65, 113.0)),
        links=(
            *base.links,
            tiny.link("A", "M", ROAD, 60.0, 20.0, 1.0),
            tiny.link("M", "B", ROAD, 70.0, 20.0, 1.0),
        ),
        demand=(
            Demand("IN", "A", "M", "FMCG", YEAR, 3_000.0, None),
            Demand("ON", "M", "B", "FMCG", YEAR, 2_000.0, None),
        ),
    )
    plan = solved(market)
    assert {f.shipment: f.kg_per_year for f in plan.flows} == {"IN": 3_000_000, "ON": 2_000_000}
    assert all(row.kg_per_year == 0 for row in plan.unserved)
