"""The facts in `data/` are described, in range, sourced, and can be made again."""

from __future__ import annotations

import csv
import itertools
import json
import math
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from hubopt.reference.chosen import BULK_WATERWAYS, LINER_BARGES
from hubopt.reference.facts import Facts
from hubopt.reference.mini import build_mini
from hubopt.reference.water import river_leg
from hubopt.reference.waterways import Waterways, apart

ROOT = Path(__file__).parent.parent
DATA = ROOT / "data"
PACKAGE = json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))
TABLES = [r for r in PACKAGE["resources"] if r["format"] == "csv"]


def rows(name: str) -> list[dict[str, str]]:
    """Return a file of `data/` as rows."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_file_is_described() -> None:
    """The data package names every table and map, with title, source, year and licence."""
    described = {r["path"] for r in PACKAGE["resources"]}
    there = {
        str(p.relative_to(DATA)).replace("\\", "/")
        for p in DATA.rglob("*")
        if p.suffix in {".csv", ".geojson"}
    }
    assert there == described
    for resource in PACKAGE["resources"]:
        assert all(resource[key] for key in ("title", "sources", "year", "licenses", "confidence"))


@pytest.mark.parametrize("resource", TABLES, ids=lambda r: r["path"])
def test_columns_are_those_described(resource: dict) -> None:  # type: ignore[type-arg]
    """Each table has the columns of its description, and its number columns hold numbers."""
    found = rows(resource["path"])
    fields = resource["schema"]["fields"]
    assert list(found[0]) == [field["name"] for field in fields]
    for field in fields:
        if field["type"] == "number":
            values = [row[field["name"]] for row in found]
            assert all(math.isfinite(float(value)) for value in values if value)


@pytest.mark.parametrize("resource", TABLES, ids=lambda r: r["path"])
def test_descriptions_say_more_than_the_names(resource: dict) -> None:  # type: ignore[type-arg]
    """A column is explained in other words than its name, and a number has a unit."""
    for field in resource["schema"]["fields"]:
        said = field["description"]
        assert len(said.split()) >= 2, field
        assert set(said.lower().split()) != set(field["name"].lower().split("_")), field
        if field["type"] == "number" and field["name"] != "has_geometry":
            assert field["unit"], field


def test_licences_are_identifiers() -> None:
    """Each licence is named by its SPDX identifier, or by a reference that is explained."""
    for resource in PACKAGE["resources"]:
        for licence in resource["licenses"]:
            assert licence["name"] in {"CC-BY-4.0", "MIT", "Apache-2.0", "ODbL-1.0", "CC0-1.0"} or (
                licence["name"].startswith("LicenseRef-") and licence["title"]
            )


@pytest.mark.parametrize("resource", TABLES, ids=lambda r: r["path"])
def test_every_row_has_a_source(resource: dict) -> None:  # type: ignore[type-arg]
    """A row says where it is from, or why it was assumed, and how sure it is."""
    for row in rows(resource["path"]):
        origin = [v for k, v in row.items() if "source" in k or k == "reason"]
        assert any(origin), row
        assert any(v for k, v in row.items() if "confidence" in k), row


def test_low_central_high_are_in_order() -> None:
    """A central assumption lies between its low and its high."""
    for row in rows("assumptions.csv"):
        assert float(row["low"]) <= float(row["central"]) <= float(row["high"]), row


def test_mode_parameters_are_in_order() -> None:
    """Where low, central and high are single numbers, they stand in order of size."""
    for row in rows("mode_parameters.csv"):
        cells = [row[column] for column in ("low", "central", "high")]
        if all(cells) and not any(";" in cell for cell in cells):
            low, central, high = (float(cell.split()[0]) for cell in cells)
            assert low <= central <= high, row


def test_capital_costs_belong_to_gateways() -> None:
    """What a facility cost is stated for a facility that the facts know."""
    known = {row["id"] for row in rows("gateways.csv")}
    assert {row["id"] for row in rows("capital_costs.csv")} <= known


def test_coordinates_are_in_range() -> None:
    """Places in China lie in China, all others on the globe."""
    for row in rows("places.csv"):
        lat, lon = float(row["lat"]), float(row["lon"])
        assert -90 <= lat <= 90
        assert -180 <= lon <= 180
        if row["country"] == "CN":
            assert 17 < lat < 54, row
            assert 73 < lon < 136, row


def test_sea_lengths_are_those_known() -> None:
    """Shanghai to Rotterdam is near 19,500 km by Suez and 25,500 by the Cape."""
    length = {
        (r["from_id"], r["to_id"], r["variant"]): float(r["length_km"])
        for r in rows("sea_routes.csv")
    }
    assert length["CNSHA", "NLRTM", "suez"] == pytest.approx(19_500, rel=0.02)
    assert length["CNSHA", "NLRTM", "cape"] == pytest.approx(25_500, rel=0.02)
    assert all(length[a, b, "cape"] > length[a, b, "suez"] for a, b, v in length if v == "cape")


def test_rail_to_hamburg_is_that_published() -> None:
    """Zhengzhou to Hamburg by rail is within 2 % of the published 10,214 km."""
    km = {
        (r["from_id"], r["to_id"]): float(r["length_km_suggested"])
        for r in rows("osm/rail_legs.csv")
    }
    way = ("PUT", "ALASHANKOU", "DOSTYK", "BREST", "MALASZEWICZE", "HAMBURG_R")
    total = sum(km[pair] for pair in itertools.pairwise(way))
    assert total == pytest.approx(10_214, rel=0.02)


def test_roads_are_made_again_to_the_byte(tmp_path: Path) -> None:
    """`make_roads.py` writes the committed lines."""
    if not os.environ.get("CI"):
        pytest.importorskip("scgraph_data", reason="needs the extra data")
    shutil.copytree(DATA, tmp_path / "data")
    (tmp_path / "data" / "osm" / "road_lines.geojson").unlink()
    words = [sys.executable, "-W", "ignore", tmp_path / "data" / "make_roads.py"]
    subprocess.run(words, check=True)
    made = tmp_path / "data" / "osm" / "road_lines.geojson"
    assert made.read_bytes() == (DATA / "osm" / "road_lines.geojson").read_bytes()


def test_waterways_join_and_are_not_too_long() -> None:
    """Each barge link is drawn along the points, never longer than its length by a fifth."""
    facts = Facts(DATA)
    waterways = Waterways(facts)
    for a, b in (*BULK_WATERWAYS, *LINER_BARGES):
        line = waterways.line(a, b)
        assert line is not None, (a, b)
        drawn_km = sum(apart(p, q) for p, q in itertools.pairwise(line))
        assert 0.5 < drawn_km / river_leg(facts, a, b).km < 1.2, (a, b, drawn_km)


def test_routes_are_made_again_to_the_byte(tmp_path: Path) -> None:
    """`make_routes.py` writes the committed sea and air files."""
    for name in ("make_routes.py", "places.csv"):
        shutil.copy(DATA / name, tmp_path / name)
    subprocess.run([sys.executable, "-W", "ignore", tmp_path / "make_routes.py"], check=True)
    for name in ("sea_routes.csv", "sea_routes.geojson", "air_legs.csv"):
        assert (tmp_path / name).read_bytes() == (DATA / name).read_bytes(), name


def test_mini_is_made_again_to_the_byte(tmp_path: Path) -> None:
    """The builder writes the committed mini instance."""
    build_mini(DATA, tmp_path)
    folder = ROOT / "instances" / "zhengzhou-mini"
    made = sorted(
        p.relative_to(tmp_path / "zhengzhou-mini") for p in tmp_path.rglob("*") if p.is_file()
    )
    assert made
    for name in made:
        assert (tmp_path / "zhengzhou-mini" / name).read_bytes() == (folder / name).read_bytes()
