"""Stress tests of a plan: each harm is what a person computes, or what a full solve finds."""

from __future__ import annotations

import csv
import json
import threading
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from hubopt.cli.entry import run
from hubopt.errors import InputError, InterruptedSolve
from hubopt.instance.read import read
from hubopt.instance.tables import Instance, Limit, Stage
from hubopt.instance.write import write
from hubopt.model.build import RULES
from hubopt.network.steps import Move, Step
from hubopt.plan.plan import Plan
from hubopt.plan.pricing import Pricer
from hubopt.publish.results import write_results
from hubopt.solve.answer import Question, Silent, answer
from hubopt.study.stress import NOT_TRIED, STOPPED_BEFORE, Stress, stress
from hubopt.study.stress_bench import Ask, Bench, Harm
from hubopt.study.stress_flows import CAPACITIES
from hubopt.study.stress_things import Kind, Thing, asked_for
from hubopt.text import Language
from hubopt.units import CNY_PER_MCNY, FEN_PER_CNY, KG_PER_T
from hubopt.vocabulary import FLOW_TERMS, CostTerm, LimitKind, Mode, SiteStatus
from tests.random_instances import random_instance
from tests.tiny import CENTRE, ROAD, tiny

MINI = Path(__file__).parent.parent / "instances" / "zhengzhou-mini"
SITE_A, SITE_B = Thing(Kind.SITE, "DC_A"), Thing(Kind.SITE, "DC_B")
MONTH = 30 / 365
EXACT = Question(gap=0.0, time_s=60.0)

WHOLE = {
    "departure_limits", "vehicle_balance", "modules_stay", "modules_need_open_site",
    "open_site_has_module", "required_sites", "closed_sites", "sites_at_most", "sites_at_least",
    "coverage", "budget", "single_source",
}  # fmt: skip
"""Rules on whole numbers alone: they stand as in the plan."""

PLANNERS = {
    "least_use", "service_level", "emissions_at_most", "mode_share_at_least",
    "mode_share_at_most", "delivery_share_at_least",
}  # fmt: skip
"""Rules that hold as far as they can while something is out."""


def two_centres(tonnes: float, *, promised_h: float | None = None) -> Instance:
    """Return one shipment from A to B, sorted in A (15 kt, 30 CNY/t) or in B (20 kt, 20 CNY/t).

    Time and carbon cost nothing; the road is 50 CNY/t, and what stays behind 3,000 CNY/t.
    """
    whole = tiny()
    (shipment,) = (d for d in whole.demand if d.id == "FMCG_A_B_2025")
    ends = {"A", "B"}
    return replace(
        whole,
        settings=replace(
            whole.settings, stages=(Stage(2025, 5),), carbon_price_cny_per_t=0.0
        ),
        places=tuple(p for p in whole.places if p.id in ends),
        sites=tuple(
            replace(s, status=SiteStatus.EXISTING) for s in whole.sites if s.place in ends
        ),
        modules=tuple(
            replace(m, built=1, most=1)
            for m in whole.modules
            if (m.site, m.module) in {("DC_A", "small"), ("DC_B", "small")}
        ),
        capacities=tuple(
            c for c in whole.capacities if c.module == "small" and c.function is CENTRE
        ),
        links=tuple(
            x for x in whole.links if {x.from_place, x.to_place} <= ends and x.mode is ROAD
        ),
        services=(),
        transfers=(),
        customs=(),
        products=tuple(
            replace(p, time_cost_share_per_day=0.0) for p in whole.products if p.id == "FMCG"
        ),
        demand=(
            replace(shipment, demand_t_per_year=tonnes, latest_h=None, promised_h=promised_h),
        ),
        limits=(),
    )  # fmt: skip


def tried(instance: Instance, *things: Thing, days: int = 30, most: int = 20) -> Stress:
    """Return a stress test of the best plan of an instance, in its first stage."""
    plan = answer(instance, EXACT).plan
    ask = Ask(instance.settings.stages[0].year, days, most, only=things)
    return stress(instance, plan, ask, watcher=Silent())


def harm_of(found: Stress, thing: Thing) -> Harm:
    """Return what it does when a thing is out."""
    (outage,) = (outage for outage in found.outages if outage.thing == thing)
    assert outage.harm is not None
    return outage.harm


def test_a_free_alternative_costs_the_difference() -> None:
    """12 kt sorted in A instead of B cost 10 CNY/t more, for 30 of 365 days; nothing else moves."""
    found = tried(two_centres(12_000.0), SITE_B)
    harm = harm_of(found, SITE_B)
    assert harm.extra_cny == pytest.approx(10.0 * 12_000 * MONTH, rel=1e-6)
    assert harm.rerouted_t == pytest.approx(12_000 * MONTH, rel=1e-6)
    assert (harm.unserved_t, harm.late_t, harm.hits) == (0.0, 0.0, ())
    assert harm.recovery_days == 0.0
    assert harm.modes_t == {}
    assert len(found.notes) == 1  # the flows anew cost what the plan says


def test_what_arrives_late_is_counted() -> None:
    """Promised within 7.5 h: 2 h on the road and 5 h in B are in time, 6 h in A are not."""
    found = tried(two_centres(12_000.0, promised_h=7.5), SITE_B)
    assert harm_of(found, SITE_B).late_t == pytest.approx(12_000 * MONTH, rel=1e-6)


@pytest.mark.parametrize(("thing", "left_kt", "days"), [(SITE_B, 15.0, 90.0), (SITE_A, 10.0, 60.0)])
def test_the_backlog_takes_as_long_as_the_spare_capacity_needs(
    thing: Thing, left_kt: float, days: float
) -> None:
    """30 kt a year leave 5 kt of 35 to spare: 15 kt a year for 30 days take 90, 10 kt take 60."""
    harm = harm_of(tried(two_centres(30_000.0), thing), thing)
    assert harm.unserved_t == pytest.approx(left_kt * 1000 * MONTH, rel=1e-6)
    assert harm.unserved_cny == pytest.approx(left_kt * 1e6 * 3 * MONTH, rel=1e-6)
    assert harm.recovery_days == pytest.approx(days, rel=1e-4)
    (hit,) = harm.hits
    assert hit.goods == "FMCG"
    assert hit.share == pytest.approx(left_kt / 30)


@pytest.mark.parametrize("tonnes", [34_000.0, 35_000.0])
def test_with_little_to_spare_it_takes_more_than_a_year(tonnes: float) -> None:
    """1 kt to spare for 19 kt x 30 days would take 570 days, and with none it never ends."""
    assert harm_of(tried(two_centres(tonnes), SITE_B), SITE_B).recovery_days is None


def test_a_broken_promise_of_service_is_named() -> None:
    """All must arrive in time; with B out 15 of 30 kt cannot, and the limit is told by name."""
    instance = two_centres(30_000.0, promised_h=10.0)
    limit = Limit(LimitKind.SERVICE_LEVEL, 2025, None, 1.0)
    harm = harm_of(tried(replace(instance, limits=(limit,)), SITE_B), SITE_B)
    assert harm.broken == ("service_level(1,2025)",)
    assert harm.unserved_t == pytest.approx(15_000 * MONTH, rel=1e-4)


def test_a_single_source_may_be_left_while_it_is_out() -> None:
    """A shipment that one site must handle goes to the other one while that is out."""
    instance = two_centres(12_000.0)
    single = replace(instance.demand[0], single_source=True)
    harm = harm_of(tried(replace(instance, demand=(single,)), SITE_B), SITE_B)
    assert harm.extra_cny == pytest.approx(10.0 * 12_000 * MONTH, rel=1e-6)
    assert harm.unserved_t == 0.0


def test_a_site_that_is_out_owes_no_least_use() -> None:
    """B must handle 5 kt a year to stay open; while it is out that breaks no limit."""
    instance = two_centres(12_000.0)
    least = tuple(
        replace(row, least_t_per_year=5_000.0) if row.site == "DC_B" else row
        for row in instance.handling
    )
    harm = harm_of(tried(replace(instance, handling=least), SITE_B), SITE_B)
    assert harm.broken == ()
    assert harm.extra_cny == pytest.approx(10.0 * 12_000 * MONTH, rel=1e-6)


def test_the_order_is_by_harm() -> None:
    """The road is worse than B, and B worse than A; the only road and both its ends are alike."""
    found = tried(two_centres(30_000.0))
    keys = [outage.thing.key for outage in found.outages]
    assert set(keys[:3]) == {"link:A.B.road_diesel", "place:A", "place:B"}
    assert keys[3:] == ["site:DC_B", "site:DC_A"]
    costs = [harm_of(found, outage.thing).extra_cny for outage in found.outages]
    assert costs == sorted(costs, reverse=True)
    assert harm_of(found, Thing(Kind.LINK, "A.B.road_diesel")).unserved_t == pytest.approx(
        30_000 * MONTH, rel=1e-6
    )


def test_only_so_many_outages_are_tried() -> None:
    """Road and ends are one outage, by far the largest; the others are named as not tried."""
    found = tried(two_centres(30_000.0), most=1)
    assert {outage.thing.kind for outage in found.tried} == {Kind.LINK, Kind.PLACE}
    left = [outage for outage in found.outages if outage.harm is None]
    assert {outage.thing for outage in left} == {SITE_A, SITE_B}
    assert {outage.why for outage in left} == {NOT_TRIED}


def test_a_stop_keeps_what_was_done() -> None:
    """Stopped after the first outage the others are told as not tried; before it, nothing is."""
    instance = two_centres(30_000.0)
    plan, ask, stop = answer(instance, EXACT).plan, Ask(2025), threading.Event()
    found = stress(instance, plan, ask, watcher=Silent(), stop=stop, on_first=stop.set)
    assert found.tried
    assert {o.why for o in found.outages if o.harm is None} == {STOPPED_BEFORE}
    with pytest.raises(InterruptedSolve):
        stress(instance, plan, ask, watcher=Silent(), stop=stop)


@cache
def mini() -> tuple[Instance, Plan]:
    """Return the shipped mini with its best plan, solved once."""
    instance = read(MINI)
    return instance, answer(instance, EXACT).plan


@cache
def mini_tried() -> Stress:
    """Return some outages of the mini's first stage."""
    instance, plan = mini()
    things = asked_for(
        instance,
        (
            "link:ZHENGZHOU.LUOYANG.road_battery", "service:PORT_BACK", "terminal:HAMBURG_R",
            "site:BOND_ZZ",
        ),
    )  # fmt: skip
    return stress(instance, plan, Ask(2025, only=things), watcher=Silent())


def test_the_only_terminal_leaves_its_goods_behind() -> None:
    """All that goes to or comes from Europe passes Hamburg: without it all of it stays behind."""
    instance, _ = mini()
    harm = harm_of(mini_tried(), Thing(Kind.TERMINAL, "HAMBURG_R"))
    place = instance.place
    abroad = {
        instance.product[d.product].group or d.product
        for d in instance.demand
        if place[d.origin].country != place[d.destination].country
    }
    assert {(hit.goods, hit.share) for hit in harm.hits} == {(g, 1.0) for g in abroad}
    tonnes = sum(
        d.demand_t_per_year
        for d in instance.demand
        if d.stage == 2025 and (d.product in abroad or instance.product[d.product].group in abroad)
    )
    assert harm.unserved_t == pytest.approx(tonnes * MONTH, rel=1e-6)


def test_the_diesel_truck_takes_over_from_the_battery_truck() -> None:
    """The solve lists no diesel truck beside a cheaper battery truck; an outage finds it."""
    instance, plan = mini()
    thing = Thing(Kind.LINK, "ZHENGZHOU.LUOYANG.road_battery")
    harm = harm_of(mini_tried(), thing)
    prices = Pricer(instance)
    extra = 0.0
    for flow in plan.flows:
        shipment = instance.shipment[flow.shipment]
        if shipment.stage == 2025:
            other = on_diesel(flow.steps)
            if other != flow.steps:
                by = [prices.price(shipment, s).terms_cny_per_t for s in (flow.steps, other)]
                more = sum(by[1].values()) - sum(by[0].values())
                extra += float(more) * flow.kg_per_year / KG_PER_T
    assert extra > 0
    assert harm.extra_cny == pytest.approx(extra * MONTH, rel=1e-4)
    assert harm.unserved_t == 0.0


def on_diesel(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """Return a way by diesel to its end if it goes by battery between Zhengzhou and Luoyang."""
    lost = {("ZHENGZHOU", "LUOYANG"), ("LUOYANG", "ZHENGZHOU")}
    trucks = [s for s in steps if isinstance(s, Move) and s.mode is Mode.ROAD_BATTERY]
    if not any((step.from_place, step.to_place) in lost for step in trucks):
        return steps
    return tuple(replace(s, mode=Mode.ROAD_DIESEL) if s in trucks else s for s in steps)


def test_what_nobody_uses_changes_nothing() -> None:
    """Trains from the port carry nothing in 2025: without them all stays as it is."""
    assert harm_of(mini_tried(), Thing(Kind.SERVICE, "PORT_BACK")) == Harm()
    assert mini_tried().outages[-1].thing == Thing(Kind.SERVICE, "PORT_BACK")


def test_the_readme_says_what_the_mini_finds() -> None:
    """Hamburg is worst and takes 116 days; the bonded store costs 188 million and 96 days."""
    worst, second, *_ = mini_tried().tried
    assert worst.thing == Thing(Kind.TERMINAL, "HAMBURG_R")
    assert harm_of(mini_tried(), worst.thing).unserved_t == pytest.approx(10_500, abs=50)
    assert harm_of(mini_tried(), worst.thing).recovery_days == pytest.approx(116, abs=0.5)
    assert second.thing == Thing(Kind.SITE, "BOND_ZZ")
    harm = harm_of(mini_tried(), second.thing)
    assert harm.extra_cny / CNY_PER_MCNY == pytest.approx(188, abs=0.5)
    assert harm.recovery_days == pytest.approx(96, abs=0.5)
    assert second.through_t == pytest.approx(800, abs=50)


def with_site_closed(instance: Instance, plan: Plan, shut: str) -> Instance:
    """Return an instance of one stage in which the plan's design stands, but for one site."""
    standing = {s.site: s.modules for s in plan.sites if any(s.modules.values())}
    runs = {s.service: s.departures_per_week for s in plan.services}
    existing, closed = SiteStatus.EXISTING, SiteStatus.CLOSED
    open_there = {site for site in standing if site != shut}
    modules = [
        replace(m, built=standing[m.site].get(m.module, 0), most=standing[m.site].get(m.module, 0))
        if m.site in open_there
        else replace(m, built=0)
        for m in instance.modules
    ]
    return replace(
        instance,
        sites=tuple(
            replace(s, status=existing if s.id in open_there else closed) for s in instance.sites
        ),
        modules=tuple(modules),
        services=tuple(
            replace(s, least_per_week=runs[s.id], most_per_week=runs[s.id])
            for s in instance.services
        ),
        limits=(),
    )


SEED = 8


def test_a_full_solve_without_the_site_finds_the_same() -> None:
    """The whole machine, with the site closed and all else fixed, pays the same for its flows."""
    assert_as_a_full_solve(SEED)


def assert_as_a_full_solve(seed: int) -> None:
    """Compare the outage of the busiest site of a random instance of one stage."""
    instance = replace(random_instance(seed), limits=())
    stage = instance.settings.stages[0].year
    plan = answer(instance, EXACT).plan
    bench = Bench(instance, plan, Ask(stage), watcher=Silent())
    thing = max((SITE_A, SITE_B, Thing(Kind.SITE, "TERM")), key=bench.tonnes)
    harm = harm_of(tried(instance, thing, days=365), thing)
    after = answer(with_site_closed(instance, plan, thing.id), EXACT).plan
    extra = paid_for_flows(after, stage) - paid_for_flows(plan, stage)
    assert extra > 0
    assert harm.extra_cny == pytest.approx(extra, rel=1e-5)


def paid_for_flows(plan: Plan, stage: int) -> float:
    """Return what the flows of a stage cost in CNY a year, with what stays behind."""
    terms = plan.terms_fen[stage]
    return sum(terms[t] for t in (*FLOW_TERMS, CostTerm.UNSERVED)) / FEN_PER_CNY


def test_every_rule_has_its_place() -> None:
    """A rule holds always, as far as it can, or stands with the design: a new one must be told."""
    names = {made.name for made in RULES}
    assert names == WHOLE | PLANNERS | CAPACITIES
    assert len(WHOLE | PLANNERS | CAPACITIES) == len(WHOLE) + len(PLANNERS) + len(CAPACITIES)


def test_a_name_of_nothing_is_refused() -> None:
    """The nearest name is told, in both languages."""
    with pytest.raises(InputError) as caught:
        asked_for(tiny(), ["site:DC_C", "service:RAIL_OUT"])
    (found,) = caught.value.findings
    assert found.nearest in {"site:DC_A", "site:DC_B"}
    assert "site|terminal|service|link|place" in found.in_language(Language.EN)
    assert "线路写作" in found.in_language(Language.ZH)


def result(root: Path) -> Path:
    """Write the plan of the two centres and return its folder."""
    folder, instance = root / "instances" / "tiny", two_centres(30_000.0)
    write(instance, folder)
    found = answer(instance, EXACT)
    return write_results(
        root / "results", instance, found.plan, found.verification, run={},
        instance_folder=folder, language=Language.EN, essentials=True,
    )  # fmt: skip


def test_the_command_adds_its_table_and_speaks_both_languages(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Table, JSON and screen say the same, the worst first, in English and Chinese."""
    monkeypatch.setenv("HUBOPT_LANG", "en")
    folder = result(tmp_path)
    assert run(["stress", str(folder), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    text = (folder / "tables" / "stress.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(text.splitlines()))
    assert [row["id"] for row in rows] == [outage["id"] for outage in said["outages"]]
    assert float(rows[3]["unserved_t"]) == pytest.approx(15_000 * MONTH, abs=1e-3)
    assert rows[3]["hits"] == "FMCG 50.0 %"
    assert said["outages"][3]["hits"][0]["share"] == pytest.approx(0.5)
    assert rows[3]["recovery"] == "worked_off"
    assert run(["verify", str(folder)]) == 0  # the manifest knows the table
    capsys.readouterr()
    assert run(["stress", str(folder), "--only", "site:DC_B", "--lang", "zh"]) == 0
    shown = capsys.readouterr().out
    for word in ("设施 DC_B", "快消品 50 %", "恢复天数", "中断 30 天", "未列出的路径"):
        assert word in shown
    out = tmp_path / "elsewhere"
    few = ["--most", "1", "--days", "7", "-o", str(out), "--lang", "en"]
    assert run(["stress", str(folder), *few]) == 0
    assert "2 not tried (--most): site:DC_B, site:DC_A" in capsys.readouterr().out
    assert ",7," in (out / "stress.csv").read_text(encoding="utf-8-sig")


def test_wrong_options_are_told_all_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Days, stage and number in one message, with the stages that there are."""
    folder = result(tmp_path)
    wrong = ["--days", "400", "--stage", "2031", "--most", "0"]
    assert run(["stress", str(folder), *wrong, "--lang", "en"]) == 2
    said = capsys.readouterr().err
    for word in ("--days", "--stage", "--most", "(2025)"):
        assert word in said
