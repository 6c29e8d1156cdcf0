"""Exports lie where pyproj says in any coordinate system that a format allows."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pyproj
import pytest
import shapely
from shapely.geometry import Point

from hubopt.errors import InputError
from hubopt.publish.formats.export import Asked, exported
from hubopt.publish.formats.reference_system import crs_of, moved
from hubopt.text import Language
from tests.exports import (
    GEODETIC,
    export,
    figures,
    in_order_of,
    layers,
    read_back,
)


@pytest.mark.parametrize("suffix", GEODETIC)
@pytest.mark.parametrize("code", ["EPSG:4490", "EPSG:4547", "EPSG:3857"])
def test_numbers_are_those_of_pyproj(suffix: str, code: str, tmp_path: Path) -> None:
    """A site lies where pyproj puts it, longitude or easting first; the file names the system."""
    table = read_back(suffix, "sites", tmp_path, crs=code)
    move = pyproj.Transformer.from_crs("EPSG:4326", code, always_xy=True)
    mine = layers()["sites"]
    for have, want in zip(in_order_of(table, mine).geometry, mine.geometry, strict=True):
        assert (have.x, have.y) == pytest.approx(move.transform(want.x, want.y), rel=1e-12)
    if suffix == ".sql":
        assert {shapely.get_srid(shape) for shape in table.geometry} == {int(code[5:])}
    else:
        assert table.crs.to_epsg(min_confidence=20) == int(code[5:])


def test_zhengzhou_in_metres() -> None:
    """EPSG:4547 has its false easting of 500 km at 114 degrees east; metres from the equator."""
    at = gpd.GeoDataFrame(geometry=[Point(114.0, 34.75)], crs="EPSG:4326")
    there, _ = moved(at, crs_of("4547"))
    assert there.geometry[0].x == pytest.approx(500_000, abs=1e-3)
    assert there.geometry[0].y == pytest.approx(3_846_800, rel=1e-3)


@pytest.mark.parametrize("suffix", [".geojson", ".geojson.zip", ".kml"])
def test_formats_of_wgs84_refuse_others(suffix: str) -> None:
    """GeoJSON and KML say why they allow no other system, and take WGS84 by either name."""
    with pytest.raises(InputError, match="allows no coordinate system but WGS84"):
        export(f"x{suffix}", crs="EPSG:4490")
    assert export(f"x{suffix}", crs="OGC:CRS84")


@pytest.mark.parametrize("said", ["nonsense", "EPSG:4978", "EPSG:5773", "EPSG:999999", "", "\x1b["])
def test_other_texts_are_no_system(said: str) -> None:
    """Unknown codes, geocentric and vertical systems are refused with a code that works."""
    with pytest.raises(InputError, match="EPSG:4490") as refused:
        crs_of(said)
    assert "\x1b" not in refused.value.message.en


def test_postgis_needs_a_code() -> None:
    """A system without an EPSG code has no number in PostGIS, which is said."""
    with pytest.raises(InputError, match="has no EPSG code"):
        export("x.sql", crs="ESRI:102012")


def test_what_a_projection_cannot_show_stays_as_a_row() -> None:
    """A pole has no place in web Mercator: its row stays without geometry, and that is noted."""
    rows = gpd.GeoDataFrame(
        {"t": [1.0, 2.0]}, geometry=[Point(0, 90), Point(113, 34)], crs="EPSG:4326"
    )
    crs = crs_of("EPSG:32649")
    there, misfit = moved(rows, crs)
    assert (misfit.rows, misfit.beyond + misfit.lost) == (2, 1)
    gone = gpd.GeoDataFrame({"t": [1.0]}, geometry=[Point(0, -90)], crs="EPSG:4326")
    north = crs_of("+proj=ortho +lat_0=35 +lon_0=105")
    there, misfit = moved(gone, north)
    assert (misfit.lost, list(there["t"]), there.geometry.isna().sum()) == (1, [1.0], 1)


def test_distortion_is_told_once() -> None:
    """One note lists the layers that reach beyond the area of a projection; degrees have none."""
    told = exported(figures(), None, "x.gpkg", Asked((), "EPSG:4547"), Language.EN).notes
    assert len(told) == 1
    assert "flows" in told[0].en
    assert "flows" in told[0].zh
    assert exported(figures(), None, "x.gpkg", Asked((), "EPSG:4490"), Language.EN).notes == ()


@pytest.mark.parametrize(
    ("code", "known"),
    [("EPSG:4490", True), ("EPSG:4547", True), ("EPSG:3857", True), ("EPSG:2326", True),
     ("EPSG:4610", False), ("EPSG:2363", False), ("EPSG:4214", False)],
)  # fmt: skip
def test_doubtful_datums_are_told(code: str, *, known: bool) -> None:
    """Xian 1980 and Beijing 1954 have no published way from WGS84 here, which is said."""
    told = exported(figures(), None, "x.gpkg", Asked(("sites",), code), Language.EN).notes
    assert any("no exact way" in note.en for note in told) != known
