"""The reference instance is what `data/` says, the same every time, and stands beside reality."""

from __future__ import annotations

import csv
import json
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pyproj import Geod
from shapely.geometry import shape

from hubopt.instance.read import read
from hubopt.reference.baseline import name_of
from hubopt.reference.build import build_baseline, build_reference, reference
from hubopt.reference.chosen import HENAN, OCEAN_PORTS, SHOPS
from hubopt.reference.county import settings, tables
from hubopt.reference.demand import city_shares, home_shares
from hubopt.reference.facts import Facts
from hubopt.reference.pools import expected_kt, own_by_air_kt, pool_kt, rival_air_kt
from hubopt.reference.roads import home_legs, spanner
from hubopt.reference.sizes import dry_tiers, market
from hubopt.reference.totals import STAGES, total_t
from hubopt.reference.world import BASE_YEARS
from hubopt.vocabulary import Function, Mode, SiteStatus

if TYPE_CHECKING:
    from hubopt.instance.tables import Instance, Transfer

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "instances" / "zhengzhou"


@pytest.fixture(scope="module")
def facts() -> Facts:
    """Return the facts in `data/`."""
    return Facts(ROOT / "data")


@pytest.fixture(scope="module")
def instance() -> Instance:
    """Return the committed reference instance."""
    return read(FOLDER)


@pytest.fixture(scope="module", params=BASE_YEARS)
def baseline(request: pytest.FixtureRequest) -> Instance:
    """Return the committed instance of a base year."""
    return read(ROOT / "instances" / name_of(request.param))


def test_building_again_gives_the_committed_bytes(tmp_path: Path) -> None:
    """The committed folders are what the data gives: nobody edited them by hand."""
    build_reference(ROOT / "data", tmp_path)
    for year in BASE_YEARS:
        build_baseline(ROOT / "data", tmp_path, year)
    for folder in (FOLDER, *(ROOT / "instances" / name_of(year) for year in BASE_YEARS)):
        made = tmp_path / folder.name
        built = {p.relative_to(made): p for p in made.rglob("*") if p.is_file()}
        apart = Path("sensitivity", "uncertain.csv")  # see test_reference_uncertain
        by_hand = {Path("README.md"), Path("LICENSES.md"), Path("hedge.toml"), apart}
        committed = {p.relative_to(folder): p for p in folder.rglob("*") if p.is_file()}
        by_hand |= {name for name in committed if name.parts[0] == "scenarios"}
        assert set(built) == set(committed) - by_hand
        different = [
            str(name) for name in built if built[name].read_bytes() != committed[name].read_bytes()
        ]
        assert not different, folder.name


def test_a_base_year_has_no_choice_of_sites(baseline: Instance) -> None:
    """All sites of a base year stand, no size may be added, and one stage of one year is asked."""
    assert {site.status for site in baseline.sites} == {SiteStatus.EXISTING}
    assert all(module.built == module.most for module in baseline.modules)
    assert [stage.years for stage in baseline.settings.stages] == [1]
    assert baseline.limits == ()


def test_a_base_year_holds_what_stood(baseline: Instance) -> None:
    """In 2021 trains began at Putian alone; Zhoukou's container terminal is of neither year."""
    stood = {site.id for site in baseline.sites}
    assert {"CGO", "PUT", "XZCBZ", "HBLC", "WANB", "ZKP_F", "LHP"} <= stood
    assert not stood & {"ZKP_X", "LHP_N", "MPF", "GUANGWU"}
    later = baseline.settings.base_year >= 2024
    assert ({"ZIP_E", "ZIP_W", "XXCOLD"} <= stood) is later
    trains = [s for s in baseline.services if s.vehicle_class == "international_train"]
    assert all("PUT" in s.path for s in trains if "ZIP_W" not in s.path)


def test_no_base_year_asks_for_the_figure_it_is_compared_with() -> None:
    """No sourced figure behind the demand is a published figure of the same year."""
    with (ROOT / "data" / "published.csv").open(encoding="utf-8", newline="") as file:
        compared = {(r["year"], float(r["value"])) for r in csv.DictReader(file) if r["value"]}
    with (ROOT / "data" / "base_years.csv").open(encoding="utf-8", newline="") as file:
        used = {(row["year"], float(row["value"])) for row in csv.DictReader(file)}
    assert used
    assert not {(year, value) for year, value in used & compared if value > 100}


def test_expected_freight_is_the_year_before_grown() -> None:
    """Air freight expected for 2021 is the 420 kt of 2020 times the nation's growth of 21.7 %."""
    facts = Facts(ROOT / "data", 2021)
    assert expected_kt(facts, "air") == pytest.approx(420 * 1.217)
    share = facts.assumed("pool", "air:out") + facts.assumed("pool", "air:back")
    assert share == pytest.approx(1.0)
    own = own_by_air_kt(facts)
    rivals = 1 + facts.assumed("pool", "air:rivals")
    pool = pool_kt(facts, "AIR_MIX_X") + pool_kt(facts, "AIR_MIX_M")
    assert pool == pytest.approx((420 * 1.217 - own) * rivals)


def test_rivals_together_have_room_for_their_part_of_the_pool() -> None:
    """The space of all rival airports is what they carried of the pool, and the headroom."""
    facts = Facts(ROOT / "data", 2024)
    airports = ("PVG", "CAN", "PEK", "XIY", "EHU", "CKG", "TAO")
    room = sum(rival_air_kt(facts, airport) for airport in airports)
    carried = (expected_kt(facts, "air") - own_by_air_kt(facts)) * facts.assumed(
        "pool", "air:rivals"
    )
    assert room == pytest.approx(carried * facts.assumed("pool", "headroom"))


def test_geometry_stays_small() -> None:
    """A clone stays quick: all lines together take less than 6 MB."""
    size = sum(file.stat().st_size for file in (FOLDER / "geometry").iterdir())
    assert size < 6_000_000


def test_counts(instance: Instance) -> None:
    """The reference is as large as it promises."""
    status = Counter(site.status for site in instance.sites)
    regions = Counter(place.kind.value for place in instance.places)
    assert status[SiteStatus.CANDIDATE] == 64
    assert status[SiteStatus.EXISTING] == 38
    assert len(instance.products) == 25
    assert {link.mode for link in instance.links} == set(Mode)
    assert tuple(stage.year for stage in instance.settings.stages) == STAGES
    assert 4_500 <= len(instance.demand) <= 5_500
    assert regions["region"] == 14
    assert regions["city"] == 18 + 17
    assert max(Counter(module.site for module in instance.modules).values()) == 3
    assert {c.function for c in instance.capacities} == set(Function)


def test_totals_are_those_of_the_facts(instance: Instance, facts: Facts) -> None:
    """What goes into a product's shipments is its total, to the tonne, in every stage."""
    summed: dict[tuple[str, int], float] = defaultdict(float)
    for row in instance.demand:
        summed[row.product, row.stage] += row.demand_t_per_year
    expected = {(p.id, s): total_t(facts, p.id, s) for p in instance.products for s in STAGES}
    assert dict(summed) == expected


@pytest.mark.parametrize("product", ["PHONE_X", "IC_M", "MACH_X", "ORE_M", "DOM_FMCG"])
def test_first_stage_is_the_published_tonnage(facts: Facts, product: str) -> None:
    """A product with a published tonnage starts from it."""
    assert total_t(facts, product, 2025) == (facts.commodities[product].kt_per_year or 0) * 1000


@pytest.mark.parametrize("product", ["DOM_FMCG", "DOM_FRESH", "DOM_EXPRESS", "CBEC_M", "FRUIT_M"])
def test_every_city_receives_by_its_population(
    instance: Instance, facts: Facts, product: str
) -> None:
    """No city is cut off with its smaller pairs: each gets its share, its shops' too, to 2 %."""
    city_of = {shop: city for city, shop in SHOPS.items()}
    people = city_shares(facts, "population")
    for stage in STAGES:
        got = dict.fromkeys(HENAN, 0.0)
        for row in instance.demand:
            end = city_of.get(row.destination, row.destination)
            if (row.product, row.stage) == (product, stage) and end in got:
                got[end] += row.demand_t_per_year
        whole = sum(got.values())
        assert {city: t / whole for city, t in got.items()} == pytest.approx(people, rel=0.02)


@pytest.mark.parametrize("product", ["LABOR_X", "MACH_X", "AGRI_X", "AIR_MIX_X", "PHONE_X"])
def test_every_home_end_sends_its_share(instance: Instance, facts: Facts, product: str) -> None:
    """An export leaves each of its cities by that city's share, within 2 %."""
    sent: dict[str, float] = defaultdict(float)
    for row in instance.demand:
        if (row.product, row.stage) == (product, STAGES[0]):
            sent[row.origin] += row.demand_t_per_year
    whole = sum(sent.values())
    shares = {city: t / whole for city, t in sent.items()}
    assert shares == pytest.approx(home_shares(facts, product), rel=0.02)


def test_every_assumption_is_used() -> None:
    """No number stands in the tables that no instance asks for."""
    used: set[tuple[str, str]] = set()
    for year in (None, *BASE_YEARS):
        facts = Facts(ROOT / "data", year)
        made = reference(facts)
        if year is None:
            assert settings(facts, made.settings)
            assert tables(facts, made)
        used |= facts.assumed.used
        assert set(facts.of_year) == facts.used, year
    assert {(row.group, row.key) for row in facts.assumed.rows} == used


def test_a_missing_assumption_is_named(facts: Facts) -> None:
    """Asking for a number that the table lacks says which, and where to add it."""
    with pytest.raises(KeyError, match=r"air, wings; add it to data/assumptions\.csv"):
        facts.assumed("air", "wings")


def test_no_floor_counts_twice(facts: Facts) -> None:
    """What the functions of a module hold together is what its floor holds."""
    for size in dry_tiers(facts, "LUOYANG"):
        m2 = facts.assumed("site", f"dry_{size.name}_m2")
        density = facts.parameter("warehouse", "throughput density dry")
        assert sum(size.kt.values()) == pytest.approx(m2 * density / 1000)
    assert sum(market(facts).kt.values()) == facts.capacity("GUANGWU")


def test_two_changes_never_beat_the_direct_one(instance: Instance) -> None:
    """Nowhere is changing from a to b and from b to c quicker or cheaper than from a to c."""
    change: dict[tuple[str, Mode, Mode], Transfer] = {}
    for row in instance.transfers:
        change[row.place, row.from_mode, row.to_mode] = row
        if row.both_ways:
            change[row.place, row.to_mode, row.from_mode] = row
    compared = 0
    for (place, a, c), direct in change.items():
        for b in set(Mode) - {a, c}:
            first, second = change.get((place, a, b)), change.get((place, b, c))
            if first is not None and second is not None:
                compared += 1
                assert direct.time_h <= first.time_h + second.time_h, (place, a, b, c)
                cost = first.cost_cny_per_t + second.cost_cny_per_t
                assert direct.cost_cny_per_t <= cost + 0.01, (place, a, b, c)
    assert compared > 20


def test_no_line_is_far_longer_than_its_link(instance: Instance) -> None:
    """A line that takes another way than its link is left out."""
    geod = Geod(ellps="WGS84")
    km: dict[tuple[frozenset[str], str], float] = {
        (frozenset((k.from_place, k.to_place)), k.mode.value): k.distance_km for k in instance.links
    }
    for file in sorted((FOLDER / "geometry").glob("*.geojson")):
        for feature in json.loads(file.read_text(encoding="utf-8"))["features"]:
            said = feature["properties"]
            ends = frozenset((said["from_place"], said["to_place"]))
            drawn_km = geod.geometry_length(shape(feature["geometry"])) / 1000
            assert drawn_km <= 1.51 * km[ends, said["mode"]], (file.name, sorted(ends))


def test_ocean_ports_reach_the_regions(instance: Instance) -> None:
    """Ore from Brazil and Africa may sail to Rizhao and Lianyungang as well as to Qingdao."""
    sea = {(k.from_place, k.to_place) for k in instance.links if k.mode is Mode.SEA}
    for port in OCEAN_PORTS:
        assert {("BRSSZ", port), ("KEMBA", port)} <= sea


def test_planes_carry_what_was_observed(instance: Instance, facts: Facts) -> None:
    """A landing cannot pass more than 1.3 times the 114 t observed in both directions."""
    for service in instance.services:
        if service.mode is Mode.AIR:
            assert 2 * service.payload_t_per_departure <= 1.3 * 114
    full = facts.parameter("air_freighter", "payload B747-400F / 777F")
    assert {s.payload_t_per_departure for s in instance.services if s.mode is Mode.AIR} == {
        round(full * facts.assumed("air", "planning_load"), 1)
    }


def test_trains_abroad_start_at_the_land_port(instance: Instance) -> None:
    """Since July 2024 CR Express trains are made up at the new land port."""
    trains = [s for s in instance.services if s.vehicle_class == "international_train"]
    assert trains
    assert all({s.path[0], s.path[-1]} & {"ZIP_E", "ZIP_W"} for s in trains)
    assert not any("PUT" in s.path for s in trains)


def test_through_trains_emit_by_section(instance: Instance) -> None:
    """A rival's train to Hamburg emits more than on electric lines and less than on 1520 mm."""
    through = [k for k in instance.links if (k.from_place, k.to_place) == ("XIAN", "HAMBURG_R")]
    assert [10 < k.wtw_g_per_tkm < 15 and 0 < k.ttw_g_per_tkm < 5 for k in through] == [True]


def test_parcels_are_not_counted_twice(facts: Facts) -> None:
    """Parcels of e-commerce come out of the other exports: together they add nothing."""
    together = total_t(facts, "CBEC_X", 2025) + total_t(facts, "LABOR_X", 2025)
    assert together == (facts.commodities["LABOR_X"].kt_per_year or 0) * 1000


def test_a_value_of_a_year_counts_before_the_general_one() -> None:
    """A key that ends with a base year is meant for that year alone."""
    general, then = Facts(ROOT / "data"), Facts(ROOT / "data", 2021)
    assert general.assumed("air", "cny_per_km") == 145
    assert then.assumed("air", "cny_per_km") == 164
    assert ("air", "cny_per_km@2021") in then.assumed.used
    assert general.parameter("cre", "observed load") == 895
    assert then.parameter("cre", "observed load") == 635


def test_assumptions_have_a_range_and_a_reason(facts: Facts) -> None:
    """Every invented number says between which bounds it lies, and why."""
    for row in facts.assumed.rows:
        assert row.low <= row.central <= row.high, f"{row.group} {row.key}"
        assert row.reason, f"{row.group} {row.key}"
        assert row.unit, f"{row.group} {row.key}"
        assert row.confidence in {"low", "medium", "high"}, f"{row.group} {row.key}"


def test_shares_sum_to_one(facts: Facts) -> None:
    """Shares of a product's partners, or of its cities, are shares of one whole."""
    sums: dict[tuple[str, str], float] = defaultdict(float)
    groups = {"partner", "home_end", "domestic_end", "hinterland_trade", "hinterland_rail"}
    for row in facts.assumed.rows:
        if row.group in groups:
            product, _, rest = row.key.partition(":")
            sums[row.group, product + rest.partition("@")[2]] += row.central
    assert sums
    assert all(value == pytest.approx(1.0) for value in sums.values())


def test_services_come_back(instance: Instance) -> None:
    """Every train, flight, sailing and barge has its way back in the same class of vehicle."""
    ways = {(s.path, s.vehicle_class) for s in instance.services}
    assert all((path[::-1], vehicle) in ways for path, vehicle in ways)


def test_roads_are_sparse_but_hardly_longer(facts: Facts) -> None:
    """The road network keeps few legs, and each kept leg is a measured or declared one."""
    legs = home_legs(facts)
    kept = spanner(legs, facts.assumed("road", "stretch"))
    assert len(kept) < len(legs) / 3
    assert set(kept) <= set(legs)


def test_international_train_price_stands_beside_the_market(instance: Instance) -> None:
    """A full train to Hamburg costs between the low and the high published price per box."""
    train = instance.service["CRE_HAMBURG_OUT"]
    usd_per_feu = train.cost_cny_per_departure / 50 / 7.12
    assert 4_500 <= usd_per_feu <= 9_500


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_every_shipment_has_a_route(instance: Instance) -> None:
    """No shipment is promised what no route can keep."""
    from hubopt.network.routes import list_routes  # noqa: PLC0415

    assert list_routes(instance, per_shipment=1).unreachable == ()
