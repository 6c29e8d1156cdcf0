"""Freight that goes another way between two results: how much, from where to where, and why.

In the tiny instance 20,000 t of machines a year go from A by rail to R. Beside that plan stands one
in which 10,000 t of them fly, under an instance in which one thing or another was changed.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from hubopt.cli.compare_change_view import one_route
from hubopt.instance.tables import Limit
from hubopt.network.steps import Move
from hubopt.plan.marginal import Marginal, MarginalKind
from hubopt.plan.plan import Flow, SitePlan, Unserved
from hubopt.publish.compare_change_words import difference_text, reason_text, way_text
from hubopt.publish.compare_figures import more_figures
from hubopt.study.compare import compare
from hubopt.study.compare_facts import Facts, Key, Topic, facts_of
from hubopt.study.compare_ways import BEHIND, LEAST_KG, Kind, moved
from hubopt.study.compare_why import CAUSES, Cause, Why
from hubopt.text import Language
from hubopt.vocabulary import LimitKind, Mode, SiteStatus
from tests.comparing import MINI, POLICY, mini, solved
from tests.tiny import AIR, RAIL, ROAD, tiny
from tests.tiny_plan import BY_AIR, BY_RAIL, tiny_plan

if TYPE_CHECKING:
    from hubopt.instance.tables import Instance
    from hubopt.network.steps import Step
    from hubopt.plan.plan import Plan
    from hubopt.study.compare_why import Reason, Rerouted

MACHINES = "MACH_A_R_2025"
MOVED_KG = 10_000_000
BY_TRAIN = (Move("A", "T", ROAD), *BY_RAIL)
A, B, C = ((Move("A", place, ROAD),) for place in ("X", "Y", "Z"))


def side(instance: Instance | None = None, plan: Plan | None = None) -> Facts:
    """Return a plan, the tiny one unless said otherwise, of the tiny instance in figures."""
    instance, plan = instance or tiny(), plan or tiny_plan()
    return facts_of("some", instance, plan, more_figures(tiny(), plan))


def flown(*, plan: Plan | None = None, way: tuple[Step, ...] = BY_AIR) -> Plan:
    """Return the plan with half of the machines from A in 2025 on another way."""
    plan = plan or tiny_plan()
    flows = [
        replace(row, kg_per_year=row.kg_per_year - MOVED_KG) if row.shipment == MACHINES else row
        for row in plan.flows
    ]
    return replace(plan, flows=(*flows, Flow(MACHINES, way, MOVED_KG)))


def why(other: Facts, base: Facts | None = None) -> dict[Why, Reason]:
    """Return the reasons of the only shift between two results, by kind."""
    (route,) = compare([base or side(), other]).routes[1]
    return {reason.why: reason for reason in route.reasons}


def with_row(name: str, ident: str, **cells: object) -> Instance:
    """Return the tiny instance with cells of one row changed, found by id, or place and mode."""
    whole = tiny()
    rows = getattr(whole, name)
    hit = [row for row in rows if ident in {getattr(row, "id", ""), label(row)}]
    assert len(hit) == 1
    new = tuple(replace(row, **cells) if row is hit[0] else row for row in rows)
    return replace(whole, **{name: new})  # type: ignore[arg-type]


def label(row: object) -> str:
    """Return what names a link, transfer, module or capacity in these tests."""
    columns = ("from_place", "to_place", "place", "module", "mode", "to_mode")
    return " ".join(str(getattr(row, name)) for name in columns if hasattr(row, name))


def test_freight_that_goes_another_way_is_counted() -> None:
    """Half of the machines from A fly: their kind, tonnes and share, both ways, and no others."""
    (route,) = compare([side(), side(plan=flown())]).routes[1]
    shift = route.shift
    assert shift.kind == Kind(2025, "MACH", "A", "R")
    assert (shift.tonnes, shift.share) == (10_000.0, 0.5)
    assert (shift.before, shift.after) == (BY_TRAIN, BY_AIR)
    assert [reason.why for reason in route.reasons] == [Why.INDIRECT]
    assert route.cause is Cause.INDIRECT


def test_the_same_plan_has_no_shift() -> None:
    """A result beside itself: nothing goes another way."""
    assert compare([side(), side()]).routes == ((), ())


def test_what_stays_behind_is_a_way_too() -> None:
    """Freight that is carried no longer goes from its way to none, and back."""
    left = replace(tiny_plan(), unserved=(*tiny_plan().unserved, Unserved(MACHINES, MOVED_KG)))
    flows = tuple(
        replace(row, kg_per_year=row.kg_per_year - MOVED_KG) if row.shipment == MACHINES else row
        for row in left.flows
    )
    behind = side(plan=replace(left, flows=flows))
    (there,), (back,) = (compare(sides).routes[1] for sides in ([side(), behind], [behind, side()]))
    assert (there.shift.before, there.shift.after) == (BY_TRAIN, BEHIND)
    assert (back.shift.before, back.shift.after) == (BEHIND, BY_TRAIN)
    one, two = difference_text([tiny(), tiny()], BY_TRAIN, BEHIND)
    assert two.en == "stays behind"
    assert one.zh == "公路（柴油） T > 铁路 RAIL_OUT E > 公路（柴油） R"


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ({A: 100_000}, {A: 200_000}, []),
        ({A: 100_000}, {A: 100_000, B: 100_000}, [(A, B, 100_000)]),
        ({A: 100_000, B: 100_000}, {B: 100_000, C: 100_000}, [(A, C, 100_000)]),
        ({A: 100_000, BEHIND: 50_000}, {A: 150_000}, [(BEHIND, A, 50_000)]),
        ({A: 1_000_000}, {A: 1_000_000 - 400, B: 400}, []),
        ({A: 1_000_000_000}, {A: 991_000_000, B: 9_000_000}, []),
        ({A: 1_000_000_000}, {A: 989_000_000, B: 11_000_000}, [(A, B, 11_000_000)]),
    ],
)
def test_shifts_are_told_beyond_a_share_and_apart_from_growth(
    before: dict[tuple[Step, ...], int],
    after: dict[tuple[Step, ...], int],
    found: list[tuple[tuple[Step, ...], tuple[Step, ...], float]],
) -> None:
    """Twice the freight on one way is none; a hundredth of a kind or half a tonne is the least."""
    assert [(*ways, round(kg)) for *ways, kg in moved(Counter(before), Counter(after))] == found
    assert LEAST_KG == 500.0


def test_ways_that_are_alike_are_matched_first() -> None:
    """What leaves one train is said to take the other train, not the ship, if both gain."""
    road, sea = Move("A", "T", ROAD), Move("A", "P", ROAD)
    old, new = (road, Move("T", "E", RAIL)), (road, Move("T", "F", RAIL))
    ship, plane = (sea, Move("P", "S", Mode.SEA)), (sea, Move("P", "Q", AIR))
    before, after = {old: 60_000, ship: 90_000}, {new: 60_000, plane: 90_000}
    found = {(one, two): kg for one, two, kg in moved(before, after)}
    assert found == {(old, new): 60_000, (ship, plane): 90_000}


CHANGES = [
    ("links", "T E rail", {"cost_cny_per_t": 400.0}, Why.DEARER, "cost_cny_per_t 100 -> 400, x 4"),
    ("links", "T E rail", {"time_h": 660.0}, Why.SLOWER, "time_h 330 -> 660, x 2"),
    ("links", "T E rail", {"wtw_g_per_tkm": 24.0}, Why.EMITS, "wtw_g_per_tkm 12 -> 24, x 2"),
    ("links", "A T road_diesel", {"capacity_t_per_year": 30_000.0}, Why.CUT, "60,000 -> 30,000"),
    ("links", "A T road_diesel", {"capacity_t_per_year": 0.0}, Why.CLOSED, "60,000 -> 0"),
    ("links", "T E rail", {"capacity_t_per_year": 9.0}, Why.CUT, "capacity_t_per_year blank -> 9"),
    ("services", "RAIL_OUT", {"most_per_week": 3}, Why.CUT, "most_per_week 7 -> 3"),
    ("services", "RAIL_OUT", {"wait_h": 36.0}, Why.SLOWER, "wait_h 12 -> 36, x 3"),
    ("services", "RAIL_OUT", {"vehicle_class": "other"}, Why.OTHERWISE, "rail_set -> other"),
    ("services", "AIR_OUT", {"cost_cny_per_departure": 9e5}, Why.EASED, "2,000,000 -> 900,000"),
    ("services", "AIR_OUT", {"most_per_week": 14}, Why.EASED, "most_per_week 7 -> 14, x 2"),
    ("transfers", "T rail", {"cost_cny_per_t": 60.0}, Why.DEARER, "transfers T road_diesel"),
    ("sites", "TERM_T", {"status": SiteStatus.CLOSED}, Why.CLOSED, "candidate -> closed"),
    ("modules", "yard", {"fixed_cost_cny_per_year": 9e5}, Why.DEARER, "modules TERM_T yard"),
    ("products", "MACH", {"time_cost_share_per_day": 0.008}, Why.GOODS, "0.004 -> 0.008, x 2"),
    ("demand", MACHINES, {"latest_h": 200.0}, Why.GOODS, "latest_h blank -> 200"),
]


@pytest.mark.parametrize(("table", "row", "cells", "kind", "words"), CHANGES)
def test_what_was_changed_about_a_way_is_its_reason(
    table: str, row: str, cells: dict[str, object], kind: Why, words: str
) -> None:
    """A leg of the way before that is dearer, slower or closed, or a better one of that after."""
    instance = with_row(table, row, **cells)
    other = replace(side(plan=flown()), instance=instance)
    found = why(other)
    assert set(found) == {kind}
    said = reason_text(found[kind])
    assert words in said.en
    assert said.zh != said.en
    assert CAUSES[kind] is Cause.INPUT
    change = found[kind].change
    assert change is not None
    assert (change.table, change.column) == (table, *cells)


@pytest.mark.parametrize(
    ("table", "row", "cells"),
    [
        ("links", "T E rail", {"cost_cny_per_t": 50.0}),
        ("links", "E R road_diesel", {"time_h": 4.0}),
        ("services", "AIR_OUT", {"wait_h": 24.0}),
        ("services", "RAIL_BACK", {"cost_cny_per_departure": 9e9}),
        ("links", "A B road_diesel", {"cost_cny_per_t": 500.0}),
        ("services", "RAIL_OUT", {"name_en": "renamed"}),
        ("services", "RAIL_OUT", {"least_per_week": 1}),
    ],
)
def test_what_speaks_for_the_way_before_is_no_reason(
    table: str, row: str, cells: dict[str, object]
) -> None:
    """Cheaper rails, dearer flights, other legs and new names do not move freight to the plane."""
    other = replace(side(plan=flown()), instance=with_row(table, row, **cells))
    assert set(why(other)) == {Why.INDIRECT}


def test_what_both_ways_go_through_is_no_reason() -> None:
    """The road from A to the terminal is dearer for both ways that begin with it."""
    over = (Move("A", "T", ROAD), Move("T", "B", ROAD))
    instance = with_row("links", "A T road_diesel", cost_cny_per_t=90.0)
    other = replace(side(plan=flown(way=over)), instance=instance)
    assert set(why(other)) == {Why.INDIRECT}
    assert set(why(replace(side(plan=flown()), instance=instance))) == {Why.DEARER}


def test_a_carbon_price_that_turns_against_a_way_is_a_reason() -> None:
    """Back from the plane to the train, 6.8 t CO2e a tonne less, if carbon is dearer."""
    dear = replace(tiny(), settings=replace(tiny().settings, carbon_price_cny_per_t=500.0))
    base, other = side(plan=flown()), replace(side(), instance=dear)
    (reason,) = why(other, base).values()
    assert reason.why is Why.CARBON
    assert reason.now == pytest.approx(6_760.0, rel=0.05)
    thither = replace(side(plan=flown()), instance=dear)
    assert set(why(thither)) == {Why.INDIRECT}


@pytest.mark.parametrize(
    ("limit", "thither", "back"),
    [
        (Limit(LimitKind.MODE_SHARE_AT_LEAST, 2025, None, 0.2, mode=AIR), True, False),
        (Limit(LimitKind.MODE_SHARE_AT_MOST, 2025, None, 0.2, mode=AIR), False, True),
        (
            Limit(LimitKind.MODE_SHARE_AT_MOST, 2025, None, 0.2, goods="MACH", mode=RAIL),
            True,
            False,
        ),
        (
            Limit(LimitKind.MODE_SHARE_AT_LEAST, 2025, None, 0.2, goods="WINE", mode=AIR),
            False,
            False,
        ),
        (Limit(LimitKind.MODE_SHARE_AT_LEAST, 2030, None, 0.2, mode=AIR), False, False),
        (Limit(LimitKind.MODE_SHARE_AT_MOST, 2025, None, 0.9, mode=ROAD), False, False),
        (Limit(LimitKind.EMISSIONS_AT_MOST, 2025, None, 9e9), False, True),
        (Limit(LimitKind.SITES_AT_MOST, 2025, None, 9.0), True, True),
    ],
)
def test_a_limit_that_drives_freight_that_way_is_a_reason(
    limit: Limit, *, thither: bool, back: bool
) -> None:
    """From the train to the plane, or back; one that is lifted lets freight go the other way."""
    instance = replace(tiny(), limits=(*tiny().limits, limit))
    by_train, by_plane = side(), side(plan=flown())
    for before, after, there, again in (
        (by_train, by_plane, thither, back), (by_plane, by_train, back, thither),
    ):  # fmt: skip
        found = why(replace(after, instance=instance), before)
        assert (Why.LIMIT in found) is there
        lifted = why(after, replace(before, instance=instance))
        assert (Why.LIMIT in lifted) is again
        if there:
            assert reason_text(found[Why.LIMIT]).en.startswith(f"limit in force: {limit.kind}")
        if again:
            assert reason_text(lifted[Why.LIMIT]).zh.startswith("限制不再生效")


def test_what_is_full_on_the_way_before_is_a_reason() -> None:
    """At 100 %, or where a tonne more would save something; not what the way after has full."""
    full = "service RAIL_OUT T > E"
    for other, named in (
        (used(full, 1.0), full),
        (used(full, 0.9996), full),
        (used("site TERM_T transfer", 1.0), "site TERM_T transfer"),
    ):
        (reason,) = why(other).values()
        assert (reason.why, reason.what) == (Why.FULL, named)
        assert CAUSES[reason.why] is Cause.PLAN
    for other in (used(full, 0.99), used("service AIR_OUT P > Q", 1.0)):
        assert set(why(other)) == {Why.INDIRECT}
    wanted = Marginal(MarginalKind.SERVICE_LEG, 2025, "T", "E", "rail", "RAIL_OUT", 5.0)
    for marginal, found in (
        (wanted, Why.FULL),
        (replace(wanted, cny_per_t=0.0), Why.INDIRECT),
        (replace(wanted, stage=2030), Why.INDIRECT),
        (Marginal(MarginalKind.DEMAND, 2025, MACHINES, cny_per_t=5.0), Why.INDIRECT),
    ):
        assert set(why(replace(side(plan=flown()), marginals=(marginal,)))) == {found}


def used(name: str, share: float) -> Facts:
    """Return the plan with machines in the air, and a thing that is used so far in 2025."""
    found = side(plan=flown())
    return replace(found, numbers={**found.numbers, Key(Topic.UTILISATION, 2025, name): share})


def test_sites_and_departures_of_the_plan_are_reasons() -> None:
    """The terminal that is dropped, a train less and a flight more, each on its own way."""
    plan = flown()
    dropped = tuple(
        replace(row, modules={"yard": 0}) if (row.site, row.stage) == ("TERM_T", 2025) else row
        for row in plan.sites
    )
    (reason,) = why(side(plan=replace(plan, sites=dropped))).values()
    assert (reason.why, reason.what) == (Why.SITE, "TERM_T")
    assert reason_text(reason).en == "site TERM_T: dropped"
    runs = {"RAIL_OUT": 0, "AIR_OUT": 3, "RAIL_BACK": 9}
    services = tuple(
        replace(row, departures_per_week=runs.get(row.service, row.departures_per_week))
        for row in plan.services
    )
    (route,) = compare([side(), side(plan=replace(plan, services=services))]).routes[1]
    assert [(r.why, r.what, r.was, r.now) for r in route.reasons] == [
        (Why.DEPARTURES, "AIR_OUT", 1.0, 3.0), (Why.DEPARTURES, "RAIL_OUT", 1.0, 0.0),
    ]  # fmt: skip
    assert isinstance(dropped[0], SitePlan)


def test_demand_that_grew_is_a_reason() -> None:
    """Twice the machines: what moves is told with its growth."""
    other = replace(
        side(plan=flown()), instance=with_row("demand", MACHINES, demand_t_per_year=40_000.0)
    )
    (reason,) = why(other).values()
    assert reason.why is Why.DEMAND
    assert "20,000 -> 40,000, x 2" in reason_text(reason).en


def test_the_policy_moves_the_two_trucks() -> None:
    """6,000, then 12,000 t change trucks, for the limits that the policy switches on."""
    found = compare([facts_of("base", *solved()), facts_of("led", *solved(POLICY))])
    routes = found.routes[1]
    assert [(r.shift.kind.stage, round(r.shift.tonnes)) for r in routes] == [
        (2030, 12_000), (2025, 6_000),
    ]  # fmt: skip
    for route in routes:
        assert {reason.why for reason in route.reasons} == {Why.LIMIT}
        assert route.cause is Cause.INPUT
        assert way_text(solved()[0], route.shift.before) == "road_diesel B"


@pytest.mark.parametrize(
    ("readme", "language"), [("README.md", Language.EN), ("README.zh-CN.md", Language.ZH)]
)
def test_the_readme_tells_why_freight_leaves_the_train(readme: str, language: Language) -> None:
    """The largest freight that the border halt takes from the train stands there as it is said."""
    found = compare([mini("base"), mini("border_halt")])
    route = through(found.routes[1], "CRE_OUT")[0]
    text = (MINI.parent.parent / readme).read_text(encoding="utf-8")
    for line in list(one_route(found, route))[:3]:
        assert line.in_language(language).strip() in text


def through(routes: tuple[Rerouted, ...], service: str) -> list[Rerouted]:
    """Return the routes whose freight leaves a service."""
    return [r for r in routes if any(getattr(s, "service", "") == service for s in r.shift.before)]


def test_the_shipped_mini_tells_why_trains_lose_freight() -> None:
    """At the border halt what leaves the train does so because an entry has cut it."""
    routes = compare([mini("base"), mini("border_halt")]).routes[1]
    leaving = through(routes, "CRE_OUT")
    assert leaving
    assert [r.shift.kg for r in routes] == sorted((r.shift.kg for r in routes), reverse=True)
    for route in leaving:
        first = route.reasons[0]
        assert (first.why, first.what) == (Why.CUT, "services CRE_OUT")
        said = reason_text(first).in_language(Language.EN)
        assert said.endswith("[scenarios/border_halt.toml outage[1]]")
