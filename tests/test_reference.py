"""The reference instance is what `data/` says, the same every time, and stands beside reality."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hubopt.instance.read import read
from hubopt.reference.build import build_reference
from hubopt.reference.facts import Facts
from hubopt.reference.roads import home_legs, spanner
from hubopt.reference.totals import STAGES, total_t
from hubopt.vocabulary import Function, Mode, SiteStatus

if TYPE_CHECKING:
    from hubopt.instance.tables import Instance

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


def test_building_again_gives_the_committed_bytes(tmp_path: Path) -> None:
    """The committed folder is what the data gives: nobody edited it by hand."""
    build_reference(ROOT / "data", tmp_path)
    built = {p.relative_to(tmp_path / "zhengzhou"): p for p in tmp_path.rglob("*") if p.is_file()}
    by_hand = {Path("README.md"), Path("LICENSES.md")}
    committed = {p.relative_to(FOLDER): p for p in FOLDER.rglob("*") if p.is_file()}
    assert set(built) == set(committed) - by_hand
    different = [
        str(name) for name in built if built[name].read_bytes() != committed[name].read_bytes()
    ]
    assert not different


def test_geometry_stays_small() -> None:
    """A clone stays quick: all lines together take less than 6 MB."""
    size = sum(file.stat().st_size for file in (FOLDER / "geometry").iterdir())
    assert size < 6_000_000


def test_counts(instance: Instance) -> None:
    """The reference is as large as it promises."""
    status = Counter(site.status for site in instance.sites)
    regions = Counter(place.kind.value for place in instance.places)
    assert status[SiteStatus.CANDIDATE] == 61
    assert status[SiteStatus.EXISTING] == 37
    assert len(instance.products) == 25
    assert {link.mode for link in instance.links} == set(Mode)
    assert tuple(stage.year for stage in instance.settings.stages) == STAGES
    assert 3_000 <= len(instance.demand) <= 5_000
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


def test_parcels_are_not_counted_twice(facts: Facts) -> None:
    """Parcels of e-commerce come out of the other exports: together they add nothing."""
    together = total_t(facts, "CBEC_X", 2025) + total_t(facts, "LABOR_X", 2025)
    assert together == (facts.commodities["LABOR_X"].kt_per_year or 0) * 1000


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
            sums[row.group, row.key.split(":")[0]] += row.central
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
