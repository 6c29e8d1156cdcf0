"""Boundaries that an instance brings along take the place of our lines, with their 审图号."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import warnings
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from shapely.geometry import LineString, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from hubopt.cli.entry import run
from hubopt.errors import InputError
from hubopt.plan.verify import verify
from hubopt.publish import picture as pictures
from hubopt.publish.basemap import basemap
from hubopt.publish.boundaries import Boundaries, boundary_files, read_boundaries
from hubopt.publish.caption import CREDIT, credit
from hubopt.publish.figures import Figures
from hubopt.publish.fonts import PLAIN, Writing
from hubopt.publish.layers import layers
from hubopt.publish.manifest import input_files
from hubopt.publish.report import report
from hubopt.publish.report.side import side
from hubopt.publish.styles import style
from hubopt.text import Language
from tests.instance_folder import tiny_folder
from tests.tiny import tiny
from tests.tiny_plan import tiny_plan

NUMBER = "测试(2026)0000号"
RECORD = f"""approval_number = "{NUMBER}"
publisher_en = "Test"
publisher_zh = "测试"
"""
AROUND = box(111, 33, 116, 36)
"""Around the places of the tiny instance."""

HOLED = Polygon(AROUND.exterior.coords, [box(112, 34, 113, 35).exterior.coords])


def folder_with(
    tmp_path: Path,
    *shapes: BaseGeometry,
    name: str = "map.gpkg",
    crs: str | None = "EPSG:4326",
    record: str | None = RECORD,
) -> Path:
    """Return the folder of the tiny instance with a boundary file, written in a system."""
    folder = tiny_folder(tmp_path / "tiny")
    inside = folder / "boundaries"
    inside.mkdir(exist_ok=True)
    if record is not None:
        (inside / "boundary.toml").write_text(record, encoding="utf-8")
    if shapes:
        rows = gpd.GeoDataFrame({"name": ["x"] * len(shapes)}, geometry=list(shapes), crs=4326)
        there = rows.to_crs(crs) if crs else rows.set_crs(None, allow_override=True)
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "'crs' was not provided")  # as asked for
            there.to_file(inside / name)
    return folder


def supplied(folder: Path) -> Boundaries:
    """Return the boundaries of an instance that has some."""
    found = read_boundaries(folder, tiny())
    assert found is not None
    return found


def refused(folder: Path) -> list[str]:
    """Return what is said of boundaries that are wrong, each with a remedy in both languages."""
    with pytest.raises(InputError) as error:
        read_boundaries(folder, tiny())
    for found in error.value.findings:
        assert found.file.startswith("boundaries")
        assert found.remedy.en
        assert found.remedy.zh
        assert found.code
    return [found.in_language(Language.EN) for found in error.value.findings]


def test_an_instance_without_boundaries_has_none(tmp_path: Path) -> None:
    """No folder, or an empty one: maps stay as they are."""
    folder = tiny_folder(tmp_path / "tiny")
    assert read_boundaries(folder, tiny()) is None
    (folder / "boundaries").mkdir()
    assert read_boundaries(folder, tiny()) is None
    names = [layer.name for layer in layers(Figures(tiny(), tiny_plan()), folder)]
    assert "basemap_boundaries" not in names
    assert "basemap_province_lines" in names


@pytest.mark.parametrize(
    ("name", "crs"),
    [
        ("map.geojson", "EPSG:4326"),
        *itertools.product(
            ("map.gpkg", "map.shp"), ("EPSG:4326", "EPSG:4490", "EPSG:4547", "EPSG:3857")
        ),
    ],
)
def test_every_format_and_system_is_read(tmp_path: Path, name: str, crs: str) -> None:
    """Polygons become their edges, holes too; other systems are moved to WGS84 and noted."""
    found = supplied(folder_with(tmp_path, HOLED, name=name, crs=crs))
    assert [line.geom_type for line in found.lines] == ["MultiLineString"]
    assert found.lines[0].hausdorff_distance(HOLED.boundary) < 1e-6
    assert (found.number, found.record.publisher.zh) == (NUMBER, "测试")
    noted = any(crs in note.en for note in found.notes)
    assert noted == (crs != "EPSG:4326")
    assert NUMBER in found.notes[-1].zh


def test_lines_and_layers_are_taken_together(tmp_path: Path) -> None:
    """Lines stay lines; all layers of a GeoPackage and all files of the folder count."""
    folder = folder_with(tmp_path, AROUND)
    line = gpd.GeoDataFrame(geometry=[LineString([(110, 30, 5), (112, 34, 5)])], crs=4326)
    line.to_file(folder / "boundaries" / "map.gpkg", layer="省界")
    line.to_file(folder / "boundaries" / "more.geojson")
    found = supplied(folder)
    assert [shape.geom_type for shape in found.lines] == ["LineString"] * 3
    assert not any(shape.has_z for shape in found.lines)
    assert len(boundary_files(folder)) == 3


def test_older_geojson_names_its_system(tmp_path: Path) -> None:
    """A `crs` of the older GeoJSON is heeded."""
    folder = folder_with(tmp_path, AROUND, name="map.geojson", crs="EPSG:3857")
    assert '"crs"' in (folder / "boundaries" / "map.geojson").read_text(encoding="utf-8")
    assert supplied(folder).lines[0].hausdorff_distance(AROUND.boundary) < 1e-6


@pytest.mark.parametrize(
    ("record", "said"),
    [
        (None, "boundary.toml: the file is missing"),
        ("", "approval_number: is missing"),
        ('approval_number = " "\npublisher_zh = "x"', "approval_number: is missing"),
        (f'approval_number = "{NUMBER}"', "say who published the map"),
        (RECORD + 'aproval = "x"', "is no key of this file"),
        (RECORD.replace("Test", "x" * 100), "is no text of at most 80 signs"),
        (RECORD.replace('"Test"', '"a\\u001bb"'), "is no text of at most 80 signs"),
        (RECORD.replace('"Test"', "7"), "is no text of at most 80 signs"),
        ("approval_number = ", "is no TOML"),
    ],
)
def test_a_record_must_say_number_and_publisher(
    tmp_path: Path, record: str | None, said: str
) -> None:
    """Without a number, a publisher or a readable record no boundary is drawn."""
    found = refused(folder_with(tmp_path, AROUND, record=record))
    assert any(said in line for line in found), found
    assert "\x1b" not in "".join(found)


def test_a_record_in_another_encoding_is_told(tmp_path: Path) -> None:
    """GB18030 is not guessed."""
    folder = folder_with(tmp_path, AROUND)
    (folder / "boundaries" / "boundary.toml").write_bytes(RECORD.encode("gb18030"))
    assert any("UTF-8" in line for line in refused(folder))


@pytest.mark.parametrize(
    ("shapes", "how", "said"),
    [
        ([], {}, "no boundary file stands beside it"),
        ([Point(113, 34)], {}, "is neither line nor polygon"),
        ([Polygon()], {}, "empty geometry"),
        ([box(33, 111, 36, 116)], {}, "coordinates are no degrees"),
        ([box(500_000, 3_000_000, 600_000, 4_000_000)], {"crs": None}, "no coordinate system"),
        ([box(-10, 30, -5, 36)], {}, "none of it lies near a place"),
        ([AROUND], {"name": "map.kml"}, "is a format of maps that is not read"),
    ],
)
def test_faults_of_geometry_are_told(
    tmp_path: Path, shapes: list[BaseGeometry], how: dict[str, str | None], said: str
) -> None:
    """Points, blanks, swapped or metric coordinates, other places and formats are refused."""
    found = refused(folder_with(tmp_path, *shapes, **how))
    assert any(said in line for line in found), found


@pytest.mark.parametrize("name", ["map.gpkg", "map.geojson", "map.shp"])
@pytest.mark.parametrize("damage", ["cut", "empty", "other", "vrt"])
def test_broken_files_are_told(tmp_path: Path, name: str, damage: str) -> None:
    """A file that is cut, empty or something else is named, and nothing else is opened."""
    folder = folder_with(tmp_path, AROUND, name=name)
    file = folder / "boundaries" / name
    whole = file.read_bytes()
    vrt = b"<OGRVRTDataSource><OGRVRTLayer name='x'/></OGRVRTDataSource>"
    content = {"cut": whole[: len(whole) // 2], "empty": b"", "other": b"PK\x03\x04", "vrt": vrt}
    file.write_bytes(content[damage])
    found = refused(folder)
    assert any(name in line for line in found), found


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    """A record without a number, a point and a foreign format come as three findings."""
    folder = folder_with(tmp_path, Point(113, 34), record='publisher_zh = "x"')
    (folder / "boundaries" / "other.kml").write_bytes(b"<kml/>")
    assert len(refused(folder)) == 3


@pytest.mark.skipif(os.name != "posix", reason="links need rights on Windows")
def test_links_that_lead_out_are_refused(tmp_path: Path) -> None:
    """A boundary file that is a link to somewhere else is neither read nor hashed."""
    folder = folder_with(tmp_path, AROUND)
    file = folder / "boundaries" / "map.gpkg"
    shutil.move(file, tmp_path / "away.gpkg")
    file.symlink_to(tmp_path / "away.gpkg")
    assert refused(folder)
    assert [one.name for one in boundary_files(folder)] == ["boundary.toml"]


def test_layers_hold_boundaries_instead_of_our_lines(tmp_path: Path) -> None:
    """The GeoPackage gets one layer of boundaries with number and publisher, styled, for ours."""
    found = supplied(folder_with(tmp_path, AROUND))
    drawn = {layer.name: layer for layer in layers(Figures(tiny(), tiny_plan()), None, found)}
    assert {"basemap_land", "basemap_boundaries"} <= set(drawn)
    assert not {"basemap_province_lines", "basemap_henan"} & set(drawn)
    layer = drawn["basemap_boundaries"]
    assert layer.rows == ((NUMBER, "Test", "测试"),)
    assert NUMBER in layer.description
    assert "solid" in style(layer, (2025,), Language.ZH)


def test_the_picture_shows_them_with_their_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All three maps draw the boundary, none our lines, and the footer holds the number."""
    found = supplied(folder_with(tmp_path, AROUND))
    figures = Figures(tiny(), tiny_plan())
    asked: list[str] = []
    monkeypatch.setattr(
        "hubopt.publish.panels.basemap", lambda name: asked.append(name) or basemap(name)
    )
    for boundaries, ours in ((found, {"land"}), (None, {"land", "henan", "province_lines"})):
        asked.clear()
        by_name = {layer.name: layer for layer in layers(figures, None, boundaries)}
        drawn = pictures.drawn(figures, by_name, Language.ZH, boundaries)
        assert set(asked) == ours
        said = " ".join(text.get_text() for text in drawn.texts)
        assert ("0000" in said) == (boundaries is not None)
        assert ("Apache ECharts" in said) == (boundaries is None)
        rim = [line for axes in drawn.axes for line in axes.lines if is_square(line.get_xydata())]
        assert len(rim) == (3 if boundaries else 0)


def test_the_report_draws_them_with_their_number(tmp_path: Path) -> None:
    """A page of the instance holds the boundary and its number; one without any holds neither."""
    figures, checks = Figures(tiny(), tiny_plan()), verify(tiny(), tiny_plan())
    there = side(figures, checks, folder_with(tmp_path, AROUND))
    plain = side(figures, checks, None)
    pages = [report([one], Language.ZH).decode() for one in (there, plain)]
    assert len(there.borders) == 1
    assert [NUMBER in page for page in pages] == [True, False]


def is_square(points: np.ndarray) -> bool:
    """Return whether a drawn line is the closed edge of the box, with its dense points."""
    return len(points) > 10 and bool(np.allclose(points[0], points[-1]))


def test_the_credit_names_publisher_and_number(tmp_path: Path) -> None:
    """Footers say whose boundaries they are, in both languages; without any ours stays."""
    found = supplied(folder_with(tmp_path, AROUND))
    assert found.credit.zh == f"境界：测试，审图号：{NUMBER}。"
    assert NUMBER in credit(found.credit).en
    assert "OpenStreetMap" in credit(found.credit).zh
    assert credit(None) == CREDIT


def test_fonts_without_chinese_still_print_the_number() -> None:
    """What a font cannot draw is left out, and nothing else."""
    plain = Writing((PLAIN,), Language.EN)
    assert plain.drawable("GS(2026)0000号") == "GS(2026)0000"


def test_results_depend_on_them(tmp_path: Path) -> None:
    """The manifest hashes boundary files with the rest of the input."""
    folder = folder_with(tmp_path, AROUND)
    names = [file.relative_to(folder).as_posix() for file in input_files(folder, "base")]
    assert names[-2:] == ["boundaries/map.gpkg", "boundaries/boundary.toml"]


def test_results_depend_on_what_lies_beside_a_shapefile(tmp_path: Path) -> None:
    """Another projection beside it moves its lines, and so must count as another input."""
    folder = folder_with(tmp_path, AROUND, name="map.shp")
    names = {file.name for file in boundary_files(folder)}
    assert {"map.shp", "map.prj", "map.dbf", "map.shx", "boundary.toml"} <= names


def test_check_tells_of_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`hubopt check` notes the number that maps will print, and refuses what solve would."""
    folder = folder_with(tmp_path, AROUND)
    assert run(["check", str(folder), "--json"]) == 0
    notes = json.loads(capsys.readouterr().out)["notes"]
    assert any(NUMBER in note for note in notes)
    (folder / "boundaries" / "boundary.toml").unlink()
    assert run(["check", str(folder)]) == 2
    assert run(["solve", str(folder), "-o", str(tmp_path / "out")]) == 2
    told = capsys.readouterr()
    assert "boundary.toml" in told.out
    assert "boundary.toml" in told.err
    assert not (tmp_path / "out").exists()
