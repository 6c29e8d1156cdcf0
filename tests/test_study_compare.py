"""Results side by side: a policy costs what a person computes, and noise is called noise."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hubopt.cli.price_view import part_text, proved_text
from hubopt.errors import InputError
from hubopt.instance.tables import Stage
from hubopt.plan.plan import ALL_ROUTES_BASIS, GAP_BASIS
from hubopt.plan.pricing import Pricer
from hubopt.publish.compare_figures import more_figures
from hubopt.publish.compare_tables import as_record, sheets
from hubopt.publish.compare_words import item_name
from hubopt.study.compare import Comparison, compare
from hubopt.study.compare_facts import ALL_STAGES, TOGETHER, Facts, Key, Topic, facts_of
from hubopt.study.compare_price import Price, prices
from hubopt.study.movement import Change, SiteChange
from hubopt.text import Language, Text
from hubopt.units import FEN_PER_CNY, KG_PER_T
from hubopt.vocabulary import CostTerm, Mode
from tests.comparing import POLICY, SHARES, TONNES, WEIGHTS, mini, solved
from tests.tiny import tiny
from tests.tiny_plan import tiny_plan

if TYPE_CHECKING:
    from hubopt.instance.tables import Settings

ROOT = Path(__file__).parent.parent

MORE_CNY, MORE_H, MORE_KG = 40.0, 0.5, -3.9
"""What a tonne by battery truck costs, takes and emits more: 130 km x 30 g less."""

LINK = ("link", "线路")
BY_BATTERY = {year: SHARES[year] * TONNES[year] for year in SHARES}


def facts(*policies: str, label: str = "base") -> Facts:
    """Return the two trucks' best plan in figures."""
    instance, plan = solved(*policies)
    return facts_of(label, instance, plan, more_figures(instance, plan))


def by_hand(*, label: str = "base", **changes: object) -> Facts:
    """Return the tiny instance's plan made by hand, some of it changed, in figures."""
    plan = replace(tiny_plan(), **changes)  # type: ignore[arg-type]
    return facts_of(label, tiny(), plan, more_figures(tiny(), plan))


def priced(found: Comparison) -> Price:
    """Return the only price of a comparison."""
    (price,) = prices(found)
    return price


def test_a_policy_costs_what_a_person_computes() -> None:
    """6,000, then 12,000 t a year by battery truck: 40 CNY, half an hour, -3.9 kg CO2e each."""
    price = priced(compare([facts(), facts(POLICY)]))
    assert (price.switched_on, price.switched_off, price.lifted) == ((POLICY,), (), ())
    assert [(limit.stage, limit.value) for limit in price.added] == [*SHARES.items()]
    whole, *stages = price.parts
    assert [part.stage for part in stages] == [*SHARES]
    for part in stages:
        tonnes = BY_BATTERY[part.stage]
        assert part.cost_cny == pytest.approx(MORE_CNY * tonnes, abs=0.01)
        assert part.cost_share == pytest.approx(0.8 * SHARES[part.stage])
        assert part.hours == pytest.approx(MORE_H * SHARES[part.stage])
        assert part.co2e_t == pytest.approx(MORE_KG * tonnes / KG_PER_T)
        assert part.unserved_t == 0.0
    worth = sum(MORE_CNY * BY_BATTERY[year] * WEIGHTS[year] for year in SHARES)
    assert whole.cost_cny == pytest.approx(worth, abs=0.01)
    assert whole.hours == pytest.approx(MORE_H * 18 / 25)
    assert whole.co2e_t == pytest.approx(5 * MORE_KG * 18)
    assert price.proved_cny == pytest.approx((worth, worth), abs=1.0)
    assert price.elsewhere == ()


def test_the_price_is_the_difference_of_the_two_optimal_costs() -> None:
    """To the fen, what is printed as the price is what one plan costs more than the other."""
    free, led = solved()[1], solved(POLICY)[1]
    whole = priced(compare([facts(), facts(POLICY)])).parts[0]
    assert round(whole.cost_cny * FEN_PER_CNY) == led.objective_fen - free.objective_fen > 0


def test_lifting_a_policy_is_its_price_with_the_other_sign() -> None:
    """With the enforced plan as the base the policy is switched off, and cost goes down."""
    up = priced(compare([facts(), facts(POLICY)]))
    down = priced(compare([facts(POLICY), facts()]))
    assert (down.switched_on, down.switched_off, down.added) == ((), (POLICY,), ())
    assert down.lifted == up.added
    assert down.parts[0].cost_cny == -up.parts[0].cost_cny < 0


def test_modes_shares_are_those_that_were_asked_for() -> None:
    """60 and 80 % of tonnes and tonne-kilometres go by battery truck, none without the policy."""
    found = compare([facts(), facts(POLICY)])
    for topic in (Topic.SHARE_OF_TKM, Topic.SHARE_OF_TONNES):
        for year, share in SHARES.items():
            line = found.line[Key(topic, year, "road_battery")]
            assert line.values == pytest.approx((0.0, share), abs=1e-6)
            diesel = found.line[Key(topic, year, "road_diesel")]
            assert diesel.change(1) == pytest.approx(-share, abs=1e-6)


def test_what_else_differs_is_named_beside_the_price() -> None:
    """With other demand besides, the price is said to be that of both, and of which tables."""
    other = facts(POLICY)
    demand = tuple(replace(row, promised_h=900.0) for row in other.instance.demand)
    settings = replace(other.instance.settings, carbon_price_cny_per_t=1.0)
    changed = replace(other, instance=replace(other.instance, demand=demand, settings=settings))
    assert priced(compare([facts(), changed])).elsewhere == ("demand", "carbon_price_cny_per_t")


def test_the_same_limits_have_no_price() -> None:
    """A limit that holds always and one that a policy switches on are the same limit."""
    other = facts(POLICY)
    bare = replace(other.instance.settings, policies=frozenset())
    limits = tuple(replace(limit, policy=None) for limit in other.instance.limits)
    always = replace(other, instance=replace(other.instance, settings=bare, limits=limits))
    assert list(prices(compare([facts(), facts()]))) == []
    price = priced(compare([other, always]))
    assert (price.added, price.lifted, price.switched_off) == ((), (), (POLICY,))
    assert all(part.cost_cny == 0.0 for part in price.parts)


def test_a_result_beside_itself_differs_in_nothing() -> None:
    """The same result twice: every difference is 0, no site changes, nothing is marked."""
    found = compare([by_hand(), by_hand(label="again")])
    assert all(line.change(1) == 0.0 for line in found.lines)
    assert {line.key.topic for line in found.lines} == set(Topic)
    assert found.site_changes(1) == ()
    assert not any(found.within_gaps(line, 1) for line in found.lines)
    assert list(prices(found)) == []


@pytest.mark.parametrize(("more", "marked"), [(-1, False), (0, False), (1, True)])
def test_a_difference_within_the_two_gaps_is_marked(more: int, *, marked: bool) -> None:
    """A price of x is noise if the gaps of base and result add up to more than x, by a fen even."""
    base, led = facts(), facts(POLICY)
    price = led.outcome.cost_fen - base.outcome.cost_fen
    sides = []
    for side, gap in ((base, price // 3), (led, price - price // 3 + more)):
        bound = side.outcome.cost_fen - gap
        sides.append(replace(side, outcome=replace(side.outcome, bound_fen=bound)))
    found = compare(sides)
    assert found.gaps_cny(1) == (price + more) / FEN_PER_CNY
    assert found.within_gaps(found.cost(), 1) is marked
    assert priced(found).parts[0].within_gaps is marked
    proved = ((price // 3 - more) / FEN_PER_CNY, (price + price // 3) / FEN_PER_CNY)
    assert priced(found).proved_cny == proved


def test_a_year_counts_as_the_gaps_do_at_present_value() -> None:
    """A year's 240,000 CNY in 2025 is worth 4.3 times that: marked only under a gap that large."""
    base, led = facts(), facts(POLICY)
    worth = MORE_CNY * BY_BATTERY[2025] * WEIGHTS[2025]
    for factor, marked in ((0.99, False), (1.01, True)):
        bound = round(base.outcome.cost_fen - factor * worth * FEN_PER_CNY)
        wide = replace(base, outcome=replace(base.outcome, bound_fen=bound))
        sure = replace(led, outcome=replace(led.outcome, bound_fen=led.outcome.cost_fen))
        found = compare([wide, sure])
        assert found.within_gaps(found.cost(2025), 1) is marked


def test_without_a_bound_nothing_is_proved() -> None:
    """A result that was stopped before a bound was known proves no difference in cost."""
    led = facts(POLICY)
    unbounded = replace(led, outcome=replace(led.outcome, bound_fen=None))
    found = compare([facts(), unbounded])
    assert found.gaps_cny(1) is None
    assert found.within_gaps(found.cost(), 1)
    assert priced(found).proved_cny is None


def test_a_price_is_proved_over_all_routes_if_both_bounds_are() -> None:
    """One bound that covers the listed routes alone makes it a price over these."""
    sides = {basis: over(basis) for basis in (GAP_BASIS, ALL_ROUTES_BASIS)}
    for (base, led), words in {
        (ALL_ROUTES_BASIS, ALL_ROUTES_BASIS): ("all routes", "全部路径"),
        (ALL_ROUTES_BASIS, GAP_BASIS): ("the listed routes", "所列路径"),
        (GAP_BASIS, ALL_ROUTES_BASIS): ("the listed routes", "所列路径"),
    }.items():
        said = proved_text(priced(compare([sides[base][0], sides[led][1]])))
        assert f"proved over {words[0]}:" in said.en
        assert f"在{words[1]}上已证明" in said.zh


def over(basis: str) -> tuple[Facts, Facts]:
    """Return the two plans, with a bound of that basis."""
    base, led = facts(), facts(POLICY)
    return (
        replace(base, plan=replace(base.plan, gap_basis=basis)),
        replace(led, plan=replace(led.plan, gap_basis=basis)),
    )


def test_sites_opened_and_dropped_are_named_by_stage() -> None:
    """B's centre in 2030 opens, the terminal is dropped, and A's centre is of another size."""
    other = []
    for row in tiny_plan().sites:
        modules = {
            ("DC_B", 2030): {"small": 1},
            ("TERM_T", 2025): {"yard": 0},
            ("DC_A", 2030): {"large": 1, "small": 0},
        }.get((row.site, row.stage), row.modules)
        other.append(replace(row, modules=modules))
    found = compare([by_hand(), by_hand(sites=tuple(other))])
    assert found.site_changes(1) == (
        SiteChange("DC_A", 2030, Change.SMALLER),
        SiteChange("DC_B", 2030, Change.OPENED),
        SiteChange("TERM_T", 2025, Change.DROPPED),
    )


def test_times_are_the_means_of_exact_times() -> None:
    """Hours by product and stage are what pricing each flow by itself gives, by the tonne."""
    found, pricer, instance = by_hand(), Pricer(tiny()), tiny()
    flows = [f for f in tiny_plan().flows if f.shipment.startswith("MACH") and "2025" in f.shipment]
    assert len(flows) == 2
    kg_h = sum(
        f.kg_per_year * pricer.price(instance.shipment[f.shipment], f.steps).time_h for f in flows
    )
    mean = float(kg_h / sum(f.kg_per_year for f in flows))
    assert found.numbers[Key(Topic.HOURS, 2025, "MACH")] == pytest.approx(mean)
    grouped = tuple(replace(row, group="goods") for row in instance.products)
    one = facts_of("base", replace(instance, products=grouped), tiny_plan())
    assert (
        one.numbers[Key(Topic.HOURS, 2025, "goods")]
        == found.numbers[Key(Topic.HOURS, 2025, TOGETHER)]
    )


def test_services_unserved_and_use_stand_in_their_own_lines() -> None:
    """A flight more, 500 t more left behind and less on the train: each line says by how much."""
    more = tuple(
        replace(row, departures_per_week=2, empty_per_week=3) if row.service == "AIR_OUT" else row
        for row in tiny_plan().services
    )
    left = tuple(
        replace(row, kg_per_year=row.kg_per_year + 500_000) for row in tiny_plan().unserved
    )
    found = compare([by_hand(), by_hand(services=more, unserved=left)])
    for topic, item, change in (
        (Topic.DEPARTURES, "AIR_OUT", 1.0),
        (Topic.EMPTY_RUNS, "AIR_OUT", 3.0),
        (Topic.MODE_DEPARTURES, "air", 1.0),
        (Topic.UNSERVED, "MACH", 500.0),
        (Topic.UNSERVED, TOGETHER, 500.0),
    ):
        assert found.line[Key(topic, 2025, item)].change(1) == change
    assert found.line[Key(Topic.UNSERVED, ALL_STAGES, TOGETHER)].change(1) == 2 * 5 * 500.0
    flight = found.line[Key(Topic.UTILISATION, 2025, "service AIR_OUT P > Q")]
    assert flight.values == pytest.approx((900 / 5200, 900 / 10400))


def test_costs_to_serve_add_up_to_the_plan() -> None:
    """By product and tonne, times the tonnes, they are the year's cost, to the fen for each."""
    instance, plan = solved(POLICY)
    found = facts(POLICY).numbers
    for year, tonnes in TONNES.items():
        cost = sum(plan.terms_fen[year].values()) / FEN_PER_CNY
        assert found[Key(Topic.COST_TO_SERVE, year, "MACH")] * tonnes == pytest.approx(cost)
        assert found[Key(Topic.COST, year, TOGETHER)] == cost
        assert found[Key(Topic.COST, year, CostTerm.LINE_HAUL)] == cost
    assert set(instance.product) == {"MACH"}


@pytest.mark.parametrize(
    ("readme", "language"), [("README.md", Language.EN), ("README.zh-CN.md", Language.ZH)]
)
def test_the_readme_prices_the_hierarchy_of_modes(readme: str, language: Language) -> None:
    """The price of 航空引领、铁路支撑、公路配套、水路补充 in the mini stands in the README."""
    price = priced(compare([mini("base"), mini("mode_hierarchy")]))
    assert {limit.mode for limit in price.added} >= {Mode.AIR, Mode.RAIL, Mode.BARGE}
    assert price.elsewhere == ()
    assert price.parts[0].cost_cny > 0
    text = (ROOT / readme).read_text(encoding="utf-8")
    for part in price.parts:
        assert part_text(part).in_language(language).strip() in text


@pytest.mark.parametrize(
    ("topic", "item", "en", "zh"),
    [
        (Topic.COST, "line_haul", "line haul", "干线运输"),
        (Topic.SHARE_OF_TKM, "rail", "rail", "铁路"),
        (Topic.SITES, "kept", "kept", "保留"),
        (Topic.UTILISATION, "site DC_A consolidation", "DC_A, consolidation", "DC_A，集配"),
        (Topic.UTILISATION, "link A > T road_diesel", *(f"{k} A > T road_diesel" for k in LINK)),
        (Topic.DEPARTURES, "RAIL_OUT", "RAIL_OUT", "RAIL_OUT"),
        (Topic.UNSERVED, "MACH", "machinery", "机械"),
        (Topic.COST_TO_SERVE, TOGETHER, "all", "合计"),
    ],
)  # fmt: skip
def test_every_line_has_a_name_in_both_languages(topic: Topic, item: str, en: str, zh: str) -> None:
    """Terms, modes, outcomes, goods and things are called as everywhere else, ids as they are."""
    found = compare([by_hand(), by_hand()])
    key = Key(topic, 2025, item)
    assert key in found.line
    assert item_name(found, key) == Text(en, zh)


def other_settings(**changes: object) -> Facts:
    """Return the base under other settings."""
    base = facts(label="other")
    settings: Settings = replace(base.instance.settings, **changes)  # type: ignore[arg-type]
    return replace(base, instance=replace(base.instance, settings=settings))


@pytest.mark.parametrize(
    ("column", "changes", "en", "zh"),
    [
        ("instance", {"name": "else"}, "another instance", "同一算例"),
        ("stages", {"stages": (Stage(2025, 4), Stage(2030, 5))}, "other stages", "阶段不同"),
        ("base_year", {"base_year": 2024}, "worth something else", "货币口径不同"),
        ("discount_rate", {"discount_rate": 0.05}, "worth something else", "货币口径不同"),
    ],
)
def test_unlike_results_are_refused_with_a_reason(
    column: str, changes: dict[str, object], en: str, zh: str
) -> None:
    """Other instances, stages or money: the finding names result, setting, both values and why."""
    with pytest.raises(InputError) as caught:
        compare([facts(), other_settings(**changes)])
    (found,) = caught.value.findings
    assert (found.file, found.column, found.code) == ("other", column, "CMP02")
    assert en in found.in_language(Language.EN)
    assert zh in found.in_language(Language.ZH)
    assert "base: " in found.reason.en


@pytest.mark.parametrize("number", [0, 1])
def test_one_result_is_nothing_to_compare(number: int) -> None:
    """Fewer than two results are refused."""
    with pytest.raises(InputError, match="two results or more"):
        compare([facts()] * number)


def test_every_result_is_compared_with_the_first() -> None:
    """Of three results the tables hold each figure of the second and of the third."""
    found = compare([facts(), facts(POLICY, label="led"), facts(label="free")])
    sheet, results, sites, price, *_ = sheets(found)
    assert {row[sheet.columns.index("result")] for row in sheet.rows} == {2, 3}
    assert len(sheet.rows) == 2 * len(found.lines)
    assert [row[1] for row in results.rows] == ["base", "led", "free"]
    assert sites.rows == ()
    assert {row[0] for row in price.rows} == {2}
    record = as_record(found)
    assert isinstance(record["lines"], list)
    total = next(row for row in record["lines"] if row["topic"] == "cost" and not row["item"])
    assert total["differences"][1] == 0.0 < total["differences"][0]
