"""Coordinates of Chinese web maps come back to WGS84 where such maps shift them, and only there."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import eviltransform
import pytest
from pyproj import Geod
from shapely import Point, contains_xy
from shapely.ops import nearest_points

from hubopt.cli.entry import run
from hubopt.instance.tables import Place
from hubopt.publish.basemap import basemap
from hubopt.publish.datum_notes import datum_notes, notes_on
from hubopt.publish.datums import bd09_to_gcj02, gcj02_to_wgs84, shift, unshifted, wgs84
from hubopt.publish.shift_area import area_of
from hubopt.vocabulary import Datum
from tests.instance_folder import P, cell, tiny_folder
from tests.tiny import tiny

GEOD = Geod(ellps="WGS84")
ZHENGZHOU = (113.6253, 34.7466)
ABROAD = {
    "Almaty": (76.9115, 43.2525, "KZ"),
    "Khorgos Gateway": (80.2430, 44.2220, "KZ"),
    "Altynkol": (80.318, 44.168, "KZ"),
    "Dostyk": (82.48044, 45.25332, "KZ"),
    "Hanoi": (105.8412, 21.0245, "VN"),
    "Dong Dang": (106.6972, 21.9436, "VN"),
    "Ulaanbaatar": (106.9176, 47.9185, "MN"),
    "Zamyn-Uud": (111.9036, 43.7164, "MN"),
    "Zabaikalsk": (117.327, 49.644, "RU"),
    "Vladivostok": (131.8735, 43.1056, "RU"),
    "Boten": (101.66563, 21.17642, "LA"),
    "Seoul": (126.978, 37.5665, "KR"),
    "New Delhi": (77.2090, 28.6139, "IN"),
    "Kathmandu": (85.3240, 27.7172, "NP"),
}
AT_HOME = {
    "Zhengzhou": (*ZHENGZHOU, "CN"),
    "Khorgos": (80.41639, 44.20276, "CN"),
    "Alashankou": (82.56981, 45.17018, "CN"),
    "Manzhouli": (117.43333, 49.6, "CN"),
    "Erenhot": (111.97667, 43.6475, "CN"),
    "Mohan": (101.69, 21.19, "CN"),
    "Yangshan, on an island": (122.07, 30.62, "CN"),
    "Sanya": (109.51, 18.25, "CN"),
    "Hong Kong airport, on made land": (113.915, 22.3089, "HK"),
    "Macau": (113.5439, 22.1987, "MO"),
}


def metres(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Return the metres between two points, longitude first."""
    return float(GEOD.inv(*a, *b)[2])


def on_the_map(lon: float, lat: float, datum: Datum) -> tuple[float, float]:
    """Return where a Chinese web map shows a point, by eviltransform."""
    there = eviltransform.wgs2gcj if datum is Datum.GCJ02 else eviltransform.wgs2bd
    y, x = there(lat, lon)
    return x, y


def points_inside(count: int) -> Iterator[tuple[float, float]]:
    """Yield points of the mainland, Hong Kong and Macau with the sea before them."""
    chance, (area, _) = random.Random(7), area_of(Datum.GCJ02)
    while count:
        lon, lat = chance.uniform(73.5, 135.0), chance.uniform(18.0, 53.5)
        if contains_xy(area, lon, lat):
            count -= 1
            yield lon, lat


@pytest.mark.parametrize("name", ABROAD)
@pytest.mark.parametrize("datum", [Datum.GCJ02, Datum.BD09])
def test_nothing_moves_abroad(name: str, datum: Datum) -> None:
    """Neighbours' cities and border stations stay where they are, whatever datum is said."""
    lon, lat, country = ABROAD[name]
    assert unshifted(lon, lat, datum, country) == (lon, lat)
    assert unshifted(lon, lat, datum, "") == (lon, lat)


@pytest.mark.parametrize("name", AT_HOME)
@pytest.mark.parametrize("datum", [Datum.GCJ02, Datum.BD09])
def test_places_of_web_maps_come_home(name: str, datum: Datum) -> None:
    """A point as the web map shows it, at borders and on islands too, lies where it really is."""
    lon, lat, country = AT_HOME[name]
    shown = on_the_map(lon, lat, datum)
    assert metres(shown, (lon, lat)) > 50
    assert metres(unshifted(*shown, datum, country), (lon, lat)) < 1.0


def test_zhengzhou_is_as_far_off_as_is_known() -> None:
    """At Zhengzhou GCJ-02 is 571 m off and BD-09 1,276 m, give or take some metres in the city."""
    assert metres(on_the_map(*ZHENGZHOU, Datum.GCJ02), ZHENGZHOU) == pytest.approx(571, abs=3)
    assert metres(on_the_map(*ZHENGZHOU, Datum.BD09), ZHENGZHOU) == pytest.approx(1276, abs=3)


def test_some_hundred_points_agree_with_eviltransform() -> None:
    """What eviltransform shifts we bring back to centimetres, and our shift is its own."""
    count = 0
    for lon, lat in points_inside(400):
        ours = shift(lon, lat)
        theirs = on_the_map(lon, lat, Datum.GCJ02)
        assert metres((lon + ours[0], lat + ours[1]), theirs) < 0.05
        assert metres(gcj02_to_wgs84(*theirs), (lon, lat)) < 0.05
        y, x = eviltransform.gcj2wgs_exact(theirs[1], theirs[0])
        assert metres(unshifted(*theirs, Datum.GCJ02, "CN"), (x, y)) < 0.3
        count += 1
    assert count == 400


def test_there_and_back() -> None:
    """Shifted by our own formula points come back to a millimetre, and BD-09 within a metre."""
    for lon, lat in points_inside(200):
        east, north = shift(lon, lat)
        assert metres(gcj02_to_wgs84(lon + east, lat + north), (lon, lat)) < 0.001
        gcj = on_the_map(lon, lat, Datum.GCJ02)
        assert metres(bd09_to_gcj02(*on_the_map(lon, lat, Datum.BD09)), gcj) < 1.0


def test_baidu_says_taiwan_too() -> None:
    """BD-09 is shifted in Taiwan, as Baidu says, GCJ-02 is not; Kinmen counts to Taiwan."""
    for lon, lat in ((121.5, 25.03), (118.36, 24.43), (119.95, 26.16)):
        assert unshifted(lon, lat, Datum.GCJ02, "TW") == (lon, lat)
        shown = on_the_map(lon, lat, Datum.BD09)
        assert metres(unshifted(*shown, Datum.BD09, "TW"), (lon, lat)) < 1.0


def test_the_country_decides_at_the_edge_alone() -> None:
    """A wrong country moves nothing far from a border, and tells the two sides apart at it."""
    lon, lat, _ = ABROAD["Almaty"]
    assert unshifted(lon, lat, Datum.GCJ02, "CN") == (lon, lat)
    khorgos = Point(AT_HOME["Khorgos"][:2])
    near = nearest_points(area_of(Datum.GCJ02)[1], khorgos)[0]
    at = (near.x, near.y)
    assert unshifted(*at, Datum.GCJ02, "KZ") == at
    assert unshifted(*at, Datum.GCJ02, "CN") != at


def test_other_datums_stay() -> None:
    """WGS84 and CGCS2000 come through number by number."""
    place = tiny().places[0]
    for datum in (Datum.WGS84, Datum.CGCS2000):
        assert wgs84(moved(place, datum)) == (place.lon, place.lat)


def moved(place: Place, datum: Datum) -> Place:
    """Return a place with another datum."""
    return replace(place, datum=datum)


def test_the_area_is_a_sound_outline() -> None:
    """It is valid, generalised to some thousand points, and in two parts that do not overlap."""
    (both, first), (alone, second) = basemap("web_map_shift")
    assert (both["shifts"], alone["shifts"]) == ("gcj02|bd09", "bd09")
    assert first.is_valid
    assert second.is_valid
    assert first.intersection(second).area < 1e-3


def test_check_tells_how_far_places_were_moved(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`hubopt check` counts the places of each datum and says how far, in both languages."""
    folder = tiny_folder(
        tmp_path / "tiny", cell(P, 2, "datum", "gcj02"), cell(P, 3, "datum", "bd09")
    )
    for language, said in (("en", "1 place was moved from gcj02"), ("zh", "由 bd09 转为 WGS84")):
        monkeypatch.setenv("HUBOPT_LANG", language)
        assert run(["check", str(folder), "--lang", language]) == 0
        assert said in capsys.readouterr().out


def test_nothing_to_note_without_web_maps() -> None:
    """An instance in WGS84 has no note; a place abroad is named as one that stays."""
    assert datum_notes(tiny()) == ()
    there = replace(tiny().places[0], lon=76.9, lat=43.25, country="KZ", datum=Datum.GCJ02)
    notes = list(notes_on(Datum.GCJ02, [there]))
    assert [note.en for note in notes] == [
        f"places.csv: 1 not moved ({there.id}): outside the area that gcj02 shifts it is WGS84"
    ]
