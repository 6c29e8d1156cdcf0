"""The GeoPackage holds every layer in WGS84, with its style, and the same bytes each time."""

from __future__ import annotations

import dataclasses
import itertools
import json
import sqlite3
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pyproj import Geod
from shapely.geometry import LineString

from hubopt.errors import InputError
from hubopt.publish.basemap import basemap
from hubopt.publish.credits import CREDITS
from hubopt.publish.datums import bd09_to_gcj02, gcj02_to_wgs84, shift
from hubopt.publish.figures import Figures
from hubopt.publish.geopackage import write_geopackage
from hubopt.publish.layers import layers
from hubopt.publish.lines import Lines, cut, great_circle
from hubopt.publish.shapes import read_shapes
from hubopt.text import Language
from hubopt.vocabulary import Mode
from tests.publishing import edition
from tests.publishing import package as whole_package
from tests.tiny import tiny
from tests.tiny_plan import tiny_plan

if TYPE_CHECKING:
    from pathlib import Path

FIGURES = Figures(tiny(), tiny_plan())
LAYERS = {layer.name: layer for layer in layers(FIGURES, None)}


RAIL_TO_B = (
    '{"features": [{"properties": {"from_place": "A", "to_place": "B", "mode": "rail"},'
    ' "geometry": {"type": "LineString", "coordinates": %s}}]}'
)


def package(file: Path, language: Language = Language.EN) -> Path:
    """Write the tiny plan's GeoPackage."""
    return whole_package(file, edition(language=language))


def geometry(folder: Path, *rows: tuple[str, str, str, list[list[float]]]) -> None:
    """Write a geometry file with lines from place to place."""
    (folder / "geometry").mkdir(parents=True)
    features = [
        {
            "type": "Feature",
            "properties": {"from_place": a, "to_place": b, "mode": mode},
            "geometry": {"type": "LineString", "coordinates": course},
        }
        for a, b, mode, course in rows
    ]
    text = json.dumps({"type": "FeatureCollection", "features": features})
    (folder / "geometry" / "lines.geojson").write_text(text, encoding="utf-8")


def test_same_plan_same_bytes(tmp_path: Path) -> None:
    """Two files of the same plan are the same to the byte: no date, no random key."""
    assert package(tmp_path / "1.gpkg").read_bytes() == package(tmp_path / "2.gpkg").read_bytes()


def test_every_layer_has_one_default_style_and_a_dark_one(tmp_path: Path) -> None:
    """QGIS finds two styles for each layer at its geometry column, the light one as default."""
    with sqlite3.connect(package(tmp_path / "plan.gpkg")) as base:
        styles = base.execute(
            "SELECT f_table_name, f_geometry_column, styleName, useAsDefault FROM layer_styles"
        ).fetchall()
        columns = dict(base.execute("SELECT table_name, column_name FROM gpkg_geometry_columns"))
        kinds = dict(base.execute("SELECT table_name, data_type FROM gpkg_contents"))
        srs = {row[0] for row in base.execute("SELECT srs_id FROM gpkg_geometry_columns")}
        healthy = base.execute("PRAGMA integrity_check").fetchone()[0]
    base.close()
    looks = (("light", 1), ("dark", 0))
    assert len(styles) == len(set(styles)) == 2 * len(columns)
    assert {(*pair, *look) for pair in columns.items() for look in looks} == set(styles)
    assert set(columns) == set(LAYERS)
    assert kinds["layer_styles"] == kinds["run_information"] == "attributes"
    assert (srs, healthy) == ({4326}, "ok")


def test_styles_are_xml_and_speak_the_language(tmp_path: Path) -> None:
    """Styles are well-formed; labels take the names of the language asked for."""
    for language, field in ((Language.EN, "name_en"), (Language.ZH, "name_zh")):
        with sqlite3.connect(package(tmp_path / f"{language}.gpkg", language)) as base:
            query = "SELECT f_table_name, styleQML FROM layer_styles WHERE useAsDefault"
            styles = dict(base.execute(query))
        base.close()
        roots = {name: ET.fromstring(qml) for name, qml in styles.items()}  # noqa: S314  (our own)
        label = roots["sites"].find("labeling/settings/text-style")
        assert label is not None
        assert label.get("fieldName", "").startswith(f'coalesce(nullif("place_{field}"')
    stage = roots["flows"].findall("renderer-v2/rules/rule")
    assert [rule.get("checkstate") for rule in stage] == ["0", None]


def test_a_plan_without_flows_still_has_its_layers(tmp_path: Path) -> None:
    """Empty layers keep their fields, so that a project over them goes on working."""
    empty = dataclasses.replace(tiny_plan(), flows=(), services=(), unserved=())
    figures = Figures(tiny(), empty)
    file = tmp_path / "empty.gpkg"
    write_geopackage(file, layers(figures, None), figures.stages, Language.EN)
    with sqlite3.connect(file) as base:
        assert base.execute("SELECT count(*) FROM flows").fetchone() == (0,)
        fields = [row[1] for row in base.execute("PRAGMA table_info(flows)")]
    base.close()
    assert {"stage", "mode", "flow_t_per_year", "utilisation"} <= set(fields)


def test_flows_run_in_the_direction_of_travel() -> None:
    """The line of a flow starts at its origin, so that arrows and sides are right."""
    layer = LAYERS["flows"]
    place = tiny().place
    ends = zip(layer.column("from_place"), layer.column("to_place"), layer.geometry, strict=True)
    for a, b, line in ends:
        parts = list(line.geoms)
        assert parts[0].coords[0] == (place[str(a)].lon, place[str(a)].lat)
        assert parts[-1].coords[-1] == (place[str(b)].lon, place[str(b)].lat)


def test_both_directions_share_a_links_utilisation() -> None:
    """A capacity of both directions together shows the same share on either line."""
    layer = LAYERS["flows"]
    rows = zip(layer.column("stage"), layer.column("from_place"), layer.column("to_place"),
               layer.column("mode"), layer.column("utilisation"), strict=True)  # fmt: skip
    shares = {row[:4]: row[4] for row in rows}
    both = [shares[2025, "A", "T", "road_diesel"], shares[2025, "T", "A", "road_diesel"]]
    assert both == [0.5, 0.5]
    assert shares[2025, "A", "B", "road_diesel"] is None


def test_what_the_plan_opened_stays_new() -> None:
    """A terminal opened in 2025 is kept in 2030, and its row still says when it was opened."""
    layer = LAYERS["sites"]
    rows = zip(*(layer.column(f) for f in ("stage", "site", "opened_in")), strict=True)
    opened = {row[:2]: row[2] for row in rows}
    assert [opened[year, "TERM_T"] for year in (2025, 2030)] == ["2025", "2025"]
    assert opened[2030, "DC_A"] == ""


def test_sites_at_one_place_are_numbered() -> None:
    """Sites at one place get a number each, the busiest the first, so that symbols stand apart."""
    first, *others = tiny().sites
    twin = dataclasses.replace(first, id="AAA")
    plan = tiny_plan()
    idle = dataclasses.replace(plan.sites[0], site="AAA", modules={})
    figures = Figures(
        dataclasses.replace(
            tiny(),
            sites=(twin, first, *others),
            modules=(dataclasses.replace(tiny().modules[1], site="AAA"), *tiny().modules),
        ),
        dataclasses.replace(plan, sites=(idle, *plan.sites)),
    )
    numbers = figures.number_at_place
    assert (numbers[2025, "DC_A"], numbers[2025, "AAA"], numbers[2025, "TERM_T"]) == (1, 2, 1)


def test_unserved_shipments_are_desire_lines() -> None:
    """What stays behind is a line between the ends of its shipment with the tonnes left."""
    layer = LAYERS["unserved"]
    assert layer.column("unserved_t_per_year") == [2000.0, 3500.0]
    assert layer.column("origin") == ["B", "B"]


def test_routes_run_from_origin_to_destination() -> None:
    """A route is one line over all its links, with its modes, hours, cost and CO2e per tonne."""
    layer, place = LAYERS["routes"], tiny().place
    rows = [dict(zip(layer.fields, row, strict=True)) for row in layer.rows]
    assert [row["flow_t_per_year"] for row in rows][:2] == [30_000, 20_000]
    assert len(rows) == len(tiny_plan().flows)
    for row, line in zip(rows, layer.geometry, strict=True):
        origin, destination = place[str(row["origin"])], place[str(row["destination"])]
        assert line.geoms[0].coords[0] == (origin.lon, origin.lat)
        assert line.geoms[-1].coords[-1] == (destination.lon, destination.lat)
    phones = next(row for row in rows if row["shipment"] == "PHONE_A_R_2025")
    assert (phones["main_mode"], phones["modes"]) == ("air", "road_diesel>air>road_diesel")
    assert (phones["services"], phones["sites"]) == ("AIR_OUT", "DC_A")
    assert phones["distance_km"] == 35 + 8700 + 30
    assert phones["time_h"] == pytest.approx(6 + 0.8 + 24 + 11.5 + 12 + 6 + 24 + 1)


def test_the_heaviest_routes_come_first_into_a_full_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where not all routes have room the layer holds those with most freight, and says so."""
    monkeypatch.setattr("hubopt.publish.route_layer.MOST_POINTS", 120)
    layer = {layer.name: layer for layer in layers(FIGURES, None)}["routes"]
    assert 0 < len(layer.rows) < 12
    assert layer.description.startswith(f"{len(layer.rows)} of 12 routes")
    assert min(layer.column("flow_t_per_year")) >= 10_000


def test_geometry_of_the_instance_is_used_both_ways(tmp_path: Path) -> None:
    """A link drawn in a geometry file follows it there and back, for either kind of truck."""
    course = [[113.6, 34.7], [113.0, 34.9], [112.4, 34.6]]
    geometry(tmp_path, ("A", "B", "road_diesel", course))
    lines = Lines(tiny(), tmp_path)
    there = tuple((x, y) for x, y in course)
    assert lines.between("A", "B", Mode.ROAD_DIESEL) == (there,)
    assert lines.between("B", "A", Mode.ROAD_BATTERY) == (there[::-1],)


def test_links_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    """A geometry file that is a link to somewhere else is not opened, and the planner is told."""
    geometry(tmp_path / "other", ("A", "B", "road", [[113.6, 34.7], [112.4, 34.6]]))
    (tmp_path / "mine" / "geometry").mkdir(parents=True)
    link = tmp_path / "mine" / "geometry" / "lines.geojson"
    try:
        link.symlink_to(tmp_path / "other" / "geometry" / "lines.geojson")
    except OSError:
        pytest.skip("this system lets users make no links")
    with pytest.raises(InputError, match="outside the instance folder") as caught:
        read_shapes(tmp_path / "mine", tiny())
    assert [found.code for found in caught.value.findings] == ["SEC03"]


@pytest.mark.parametrize(
    "text",
    [
        "no json",
        '{"features": [{}]}',
        '{"features": [{"properties": {"from_place": "A", "to_place": "B", "mode": "sled"}}]}',
        RAIL_TO_B % "[[1, 2]]",
        RAIL_TO_B % "[[1, 2], [3, 1e999]]",
        RAIL_TO_B % ("[[1, 2], [3, 1" + "0" * 400 + "]]"),
        "[" * 100_000,
        '{"features": ' + "[" * 100_000,
        '{"features": 7}',
    ],
)
def test_broken_geometry_is_named(tmp_path: Path, text: str) -> None:
    """A file that holds no lines of links is refused with its name."""
    (tmp_path / "geometry").mkdir()
    (tmp_path / "geometry" / "rail.geojson").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"geometry/rail\.geojson"):
        read_shapes(tmp_path, tiny())


def test_a_folder_named_like_a_geometry_file_is_named(tmp_path: Path) -> None:
    """A folder called rail.geojson is refused instead of failing."""
    (tmp_path / "geometry" / "rail.geojson").mkdir(parents=True)
    with pytest.raises(InputError, match=r"geometry/rail\.geojson: is a folder"):
        read_shapes(tmp_path, tiny())


def test_links_in_a_circle_are_not_followed(tmp_path: Path) -> None:
    """A geometry file that is a link to itself leads nowhere, and the planner is told."""
    (tmp_path / "geometry").mkdir()
    link = tmp_path / "geometry" / "rail.geojson"
    try:
        link.symlink_to(link)
    except OSError:
        pytest.skip("this system lets users make no links")
    with pytest.raises(InputError, match=r"geometry/rail\.geojson: cannot be read"):
        read_shapes(tmp_path, tiny())


def test_lines_that_end_elsewhere_are_all_named(tmp_path: Path) -> None:
    """Ends far from their places, swapped coordinates and unknown places each get a finding."""
    good = [[113.6, 34.7], [112.4, 34.6]]
    geometry(
        tmp_path,
        ("A", "B", "road", good),
        ("B", "A", "road", good),
        ("A", "BB", "rail", good),
        ("A", "T", "rail", [[113.6, 34.7], [34.73, 80.0]]),
    )
    with pytest.raises(InputError) as caught:
        read_shapes(tmp_path, tiny())
    found = [(f.file, f.column, f.value, f.code) for f in caught.value.findings]
    assert found == [
        ("geometry/lines.geojson", "feature 2", "B", "GEO11"),
        ("geometry/lines.geojson", "feature 2", "A", "GEO11"),
        ("geometry/lines.geojson", "feature 3", "BB", "KEY06"),
        ("geometry/lines.geojson", "feature 4", "T", "GEO11"),
    ]
    assert caught.value.findings[2].nearest == "B"
    assert "110 km" in str(caught.value)


def test_a_line_may_end_near_its_place(tmp_path: Path) -> None:
    """A line that stops 40 km short, as sea lanes off a port do, is drawn as it is."""
    geometry(tmp_path, ("A", "B", "road", [[113.6, 34.7], [112.4 + 0.43, 34.6]]))
    assert len(read_shapes(tmp_path, tiny())) == 1


@example((62.0, 0.0), (-119.0, 74.0))
@example((62.0, 10.0), (-118.0, 74.0))
@given(st.tuples(st.floats(-180, 180), st.floats(-85, 85)),
       st.tuples(st.floats(-180, 180), st.floats(-85, 85)))  # fmt: skip
def test_great_circles_are_shortest_and_cut_at_the_antimeridian(
    a: tuple[float, float], b: tuple[float, float]
) -> None:
    """A drawn flight is as long as the geodesic, and none of its parts jumps around the earth."""
    parts = cut(great_circle(a, b))
    geod = Geod(ellps="WGS84")
    _, _, metres = geod.inv(*a, *b)
    drawn = sum(geod.geometry_length(LineString(part)) for part in parts)
    assert drawn == pytest.approx(metres, rel=1e-3, abs=100)
    for part in parts:
        assert all(abs(p[0] - q[0]) <= 180 for p, q in itertools.pairwise(part))


def test_a_flight_over_the_pacific_has_two_parts() -> None:
    """Zhengzhou to Chicago ends at 180 degrees east and goes on at 180 degrees west."""
    west, east = cut(great_circle((113.84, 34.52), (-87.9, 41.98)))
    assert (west[-1][0], east[0][0]) == (180.0, -180.0)
    assert west[-1][1] == east[0][1]


def test_chinese_map_coordinates_come_back() -> None:
    """GCJ-02 and BD-09 of a known point in Shanghai are moved to its WGS84 place within a metre."""
    assert gcj02_to_wgs84(121.531541859215, 31.17530398364597) == pytest.approx(
        (121.5272106, 31.1774276), abs=1e-8
    )
    lon, lat = bd09_to_gcj02(121.538, 31.1815)
    east, north = shift(*gcj02_to_wgs84(lon, lat))
    back = gcj02_to_wgs84(lon, lat)
    assert (back[0] + east, back[1] + north) == pytest.approx((lon, lat), abs=1e-9)


def test_the_basemap_takes_no_side() -> None:
    """Land has no political boundary; lines are those between provinces of China only."""
    land = basemap("land")
    assert len(land) == 1
    assert all(shape.is_valid for name in ("land", "henan") for _, shape in basemap(name))
    assert len(basemap("henan")) == 18
    assert {p["name_zh"] for p, _ in basemap("henan")} >= {"郑州市", "洛阳市", "济源市"}


def test_every_layer_says_whose_data_it_shows(tmp_path: Path) -> None:
    """Lines from OpenStreetMap and outlines of others carry their notice inside the file."""
    with sqlite3.connect(package(tmp_path / "plan.gpkg")) as base:
        said = dict(base.execute("SELECT table_name, description FROM gpkg_contents"))
    for name in ("flows", "services", "routes"):
        assert "OpenStreetMap contributors, ODbL" in said[name]
    assert "Apache" in said["basemap_henan"]
    assert set(CREDITS) == set(said) - {"layer_styles"}
