"""The county instance is the reference laid out over counties: larger, and equal in all totals."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from hubopt.instance.read import read
from hubopt.instance.road_hours import road_hours
from hubopt.network.fastest import shortest_time_h
from hubopt.network.graph import Network
from hubopt.network.routes import list_routes
from hubopt.network.stages import usable_in
from hubopt.reference.chosen import HENAN
from hubopt.reference.counties import DISTRICT, by_city, shares
from hubopt.reference.county import NAME, build_county
from hubopt.reference.facts import Facts
from hubopt.reference.sizes import land_cny_per_m2

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "instances" / NAME
FACTS = Facts(ROOT / "data")
CITY_OF = {unit.id: unit.city for unit in FACTS.counties.values()}
BY_HAND = {Path("README.md"), Path("LICENSES.md")}


@cache
def rows(instance: str, table: str) -> list[dict[str, str]]:
    """Return the rows of a table as they stand in the file."""
    file = ROOT / "instances" / instance / f"{table}.csv"
    with file.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


@cache
def road_km(instance: str) -> dict[str, list[tuple[str, float]]]:
    """Return for each place the roads out of it in km."""
    found: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for row in rows(instance, "links"):
        if row["mode"] == "road_diesel":
            a, b, km = row["from_place"], row["to_place"], float(row["distance_km"])
            found[a].append((b, km))
            found[b].append((a, km))
    return found


def test_it_is_as_large_as_it_promises() -> None:
    """Tens of thousands of shipments in three stages, and more than a hundred candidate sites."""
    status = Counter(row["status"] for row in rows(NAME, "sites"))
    stages = Counter(row["stage"] for row in rows(NAME, "demand"))
    assert status == {"candidate": 64 + 157, "existing": 38}
    assert sum(stages.values()) == 42_925
    assert set(stages) == {"2025", "2030", "2035"}
    kinds = Counter(row["id"].split("_C4")[0] for row in rows(NAME, "sites") if "_C4" in row["id"])
    assert kinds == {"DC": 91, "COLD": 56, "RET": 10}


def test_all_158_units_are_places_with_freight() -> None:
    """Each unit is a place of Henan, sends and receives goods, and Jiyuan is its own unit."""
    places = {row["id"]: row for row in rows(NAME, "places")}
    assert len(CITY_OF) == 158
    assert set(CITY_OF.values()) == set(HENAN)
    assert [unit for unit, city in CITY_OF.items() if unit == city] == ["JIYUAN"]
    assert {places[unit]["region"] for unit in CITY_OF} == {"Henan"}
    for end in ("origin", "destination"):
        assert set(CITY_OF) <= {row[end] for row in rows(NAME, "demand")}


def test_parts_sum_to_the_shipments_of_the_reference() -> None:
    """By product, stage, promise, district and city, the tonnes are those of `zhengzhou`."""

    def summed(instance: str) -> Counter[tuple[str, ...]]:
        found = Counter[tuple[str, ...]]()
        for row in rows(instance, "demand"):
            ends = [CITY_OF.get(row[end], row[end]) for end in ("origin", "destination")]
            same = [row[name] for name in row if name not in {"id", "demand_t_per_year"}]
            key = (*ends, *same[2:])
            found[key] += int(row["demand_t_per_year"])
        return found

    assert summed(NAME) == summed("zhengzhou")


def test_only_hubs_and_sidings_stay_with_a_city() -> None:
    """What still begins or ends at a city's seat is ore, coal, or goes through the parcel hub."""
    cities = set(HENAN) - {"JIYUAN"}
    whole = {row["product"] for row in rows(NAME, "demand") if row["origin"] in cities}
    assert whole == {"COAL_D", "DOM_EXPRESS"}
    whole = {row["product"] for row in rows(NAME, "demand") if row["destination"] in cities}
    assert whole == {"ORE_M", "RETURNS"}


def test_what_is_not_of_a_county_is_that_of_the_reference() -> None:
    """Gateways, services, products, prices and limits are the same rows."""
    for table in ("services", "transfers", "customs", "products", "limits", "vehicles"):
        assert rows(NAME, table) == rows("zhengzhou", table), table
    for table in ("places", "sites", "modules", "capacities", "handling", "links"):
        mine = {tuple(row.values()) for row in rows(NAME, table)}
        assert {tuple(row.values()) for row in rows("zhengzhou", table)} <= mine, table


def test_roads_to_counties_hardly_shorten_those_between_cities() -> None:
    """Every seat can be reached, and between two cities no way is a tenth shorter than before."""
    for city in HENAN:
        before, after = (road_hours(road_km(name), city) for name in ("zhengzhou", NAME))
        assert set(CITY_OF) <= set(after)
        assert all(0.9 * before[other] <= after[other] <= before[other] for other in HENAN)


def test_shares_of_a_city_are_of_one_whole() -> None:
    """What a city sends or receives is split whole, the same for units of one type."""
    for units in by_city(FACTS).values():
        for figure in ("population", "gdp", "trade", "farm"):
            found = shares(FACTS, units, figure)
            assert sum(found.values()) == pytest.approx(1.0)
            assert len(set(found.values())) <= len({unit.type for unit in units})


def test_land_is_cheapest_in_counties() -> None:
    """Land of Zhengzhou, of other cities and of county seats is priced as 4 to 2 to 1."""
    seat = next(unit.id for unit in FACTS.counties.values() if unit.type != DISTRICT)
    prices = [land_cny_per_m2(FACTS, place) for place in ("ZHENGZHOU", "LUOYANG", seat)]
    assert prices == pytest.approx([4 * prices[2], 2 * prices[2], prices[2]])


def test_it_is_read_without_a_note() -> None:
    """All checks pass, and none says that a capacity or limit cannot be kept."""
    instance = read(FOLDER)
    assert len(instance.demand) == 42_925
    assert instance.notes == ()


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_shipments_of_one_county_have_routes() -> None:
    """What Dengfeng sends and receives in the first stage reaches its end in time."""
    instance = read(FOLDER)
    some = tuple(d for d in instance.demand if "C410185" in {d.origin, d.destination})
    first = tuple(d for d in some if d.stage == instance.settings.base_year)
    found = list_routes(replace(instance, demand=first[::10]), per_shipment=3)
    assert len(found.routes) > len(first[::10])
    assert found.unreachable == ()


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_parcels_of_the_next_day_can_be_there() -> None:
    """No parcel that is promised for the next day is late on its quickest way."""
    instance = read(FOLDER)
    network, year = Network(instance), instance.settings.base_year
    usable, hours = usable_in(instance, year), FACTS.assumed("latest_h", "DOM_EXPRESS:air")
    asked = [d for d in instance.demand if (d.latest_h, d.stage) == (hours, year)]
    assert len(asked) > 300
    assert [d.id for d in asked if shortest_time_h(network, d, usable) > hours] == []


@pytest.mark.slow
def test_building_again_gives_the_committed_bytes(tmp_path: Path) -> None:
    """The committed folder is what the data gives: nobody edited it by hand."""
    build_county(ROOT / "data", tmp_path)
    made = {p.relative_to(tmp_path / NAME): p for p in (tmp_path / NAME).rglob("*") if p.is_file()}
    committed = {p.relative_to(FOLDER): p for p in FOLDER.rglob("*") if p.is_file()}
    assert set(made) == set(committed) - BY_HAND
    assert [n for n in made if made[n].read_bytes() != committed[n].read_bytes()] == []
