"""Layers of a result in every format read back with the totals of plan.json, in any system."""

from __future__ import annotations

import io
import itertools
import json
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyproj
import pytest
import shapely
from defusedxml.ElementTree import fromstring
from shapely.geometry import LineString, MultiLineString, Point

import hubopt
from hubopt.cli.entry import run
from hubopt.cli.map_export import KINDS, SERVER
from hubopt.errors import InputError
from hubopt.instance.tables import Instance
from hubopt.plan.store import to_json
from hubopt.publish.figures import Figures
from hubopt.publish.formats.content import Content, Framed
from hubopt.publish.formats.export import FORMATS, Asked, exported, offered
from hubopt.publish.formats.kml_text import clean
from hubopt.publish.formats.postgis import schema_of, script
from hubopt.publish.formats.postgis_server import without_password
from hubopt.publish.formats.reference_system import crs_of, moved
from hubopt.publish.formats.shapefile import trimmed
from hubopt.publish.formats.short_names import short_names
from hubopt.publish.geopackage import frame
from hubopt.publish.layer import Layer, Shape
from hubopt.publish.results import write_results
from hubopt.text import Language
from tests.publishing import HOLDS, instance_folder, quick_maps
from tests.tiny import tiny

SCRIPT = "<script>alert(1)</script>]]>&amp;"
FORMULA = '=HYPERLINK("http://x","y")'


@cache
def figures() -> Figures:
    """Return the figures of a plan for the tiny instance, solved once for all tests."""
    return Figures(tiny(), hubopt.answer(tiny()).plan)


@cache
def layers() -> dict[str, Layer]:
    """Return every layer that can be exported."""
    return {layer.name: layer for layer in offered(figures(), None)}


def export(name: str, *asked: str, crs: str | None = None, of: Figures | None = None) -> bytes:
    """Return an export of the tiny plan as bytes."""
    return exported(of or figures(), None, name, Asked(asked, crs), Language.EN).data


def single(suffix: str) -> Callable[[bytes, str, Path], gpd.GeoDataFrame]:
    """Return what reads a file of GDAL's."""

    def read(data: bytes, layer: str, folder: Path) -> gpd.GeoDataFrame:
        file = folder / f"{layer}{suffix}"
        file.write_bytes(data)
        named = suffix in {".gpkg", ".kml"}
        return gpd.read_file(file, layer=layer) if named else gpd.read_file(file)

    return read


def parquet(data: bytes, _layer: str, _folder: Path) -> gpd.GeoDataFrame:
    """Read GeoParquet."""
    return gpd.read_parquet(io.BytesIO(data))


def unpacked(suffix: str) -> Callable[[bytes, str, Path], gpd.GeoDataFrame]:
    """Return what reads one layer out of a zip."""

    def read(data: bytes, layer: str, folder: Path) -> gpd.GeoDataFrame:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return READERS[suffix](package.read(f"{layer}{suffix}"), layer, folder)

    return read


def shapefile(data: bytes, layer: str, folder: Path) -> gpd.GeoDataFrame:
    """Read a shapefile with the full names of its fields, by the table that comes along."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        package.extractall(folder)
    names = pd.read_csv(folder / "fields.csv", encoding="utf-8-sig")
    mine = names[names.layer == layer]
    found = gpd.read_file(folder / f"{layer}.shp")
    return found.rename(columns=dict(zip(mine.field, mine.name, strict=True)))


def sql(data: bytes, layer: str, _folder: Path) -> gpd.GeoDataFrame:
    """Read the rows that a script for psql copies into a table."""
    pattern = rf'COPY "\w+"\."{layer}" \((.*?)\) FROM stdin;\n(.*?)^\\\.\n'
    found = re.search(pattern, data.decode(), re.DOTALL | re.MULTILINE)
    assert found is not None
    head, body = found.groups()
    columns = [name.strip('"') for name in head.split(", ")]
    rows = [
        [None if cell == r"\N" else unescaped(cell) for cell in line.split("\t")]
        for line in body.split("\n")[:-1]
    ]
    table = pd.DataFrame(rows, columns=columns)
    return gpd.GeoDataFrame(table, geometry=[shapely.from_wkb(row[-1]) for row in rows])


def unescaped(cell: str) -> str:
    """Return what `COPY` makes of a cell."""
    signs = {"n": "\n", "r": "\r", "t": "\t", "\\": "\\"}
    return re.sub(r"\\(.)", lambda found: signs[found[1]], cell)


READERS: dict[str, Callable[[bytes, str, Path], gpd.GeoDataFrame]] = {
    ".geojson": single(".geojson"),
    ".fgb": single(".fgb"),
    ".gpkg": single(".gpkg"),
    ".kml": single(".kml"),
    ".parquet": parquet,
    ".shp.zip": shapefile,
    ".zip": shapefile,
    ".sql": sql,
}
READERS |= {f"{one}.zip": unpacked(one) for one in (".geojson", ".fgb", ".parquet")}

GEODETIC = sorted(suffix for suffix in FORMATS if FORMATS[suffix].only_wgs84 is None)


def read_back(suffix: str, layer: str, folder: Path, **how: str) -> gpd.GeoDataFrame:
    """Return a layer of the tiny plan as it comes back from a format."""
    return READERS[suffix](export(f"x{suffix}", layer, **how), layer, folder)


def in_order_of(table: gpd.GeoDataFrame, layer: Layer) -> gpd.GeoDataFrame:
    """Return a table in the order of its layer; FlatGeobuf sorts rows by where they lie."""
    keys = [name for name in ("stage", "site", "from_place", "to_place", "mode") if name in table]
    there = {tuple(map(str, row)): n for n, row in enumerate(table[keys].to_numpy())}
    assert len(there) == len(table)
    columns = [layer.column(key) for key in keys]
    return table.iloc[[there[tuple(map(str, row))] for row in zip(*columns, strict=True)]]


def by_stage(table: gpd.GeoDataFrame, field: str) -> dict[int, float]:
    """Return the sums of a field."""
    numbers = pd.to_numeric(table[field]).groupby(pd.to_numeric(table["stage"])).sum()
    return {int(stage): float(number) for stage, number in numbers.items()}


def test_every_format_has_a_reader_here() -> None:
    """No format is left out below, and the command knows each of them."""
    assert set(READERS) == set(FORMATS) == set(KINDS) - {SERVER}


def test_every_format_is_documented() -> None:
    """The page on maps lists each ending in English and in Chinese."""
    page = (Path(__file__).parent.parent / "docs" / "gis.md").read_text(encoding="utf-8")
    for kind in (*FORMATS, SERVER):
        assert page.count(f"`{kind}`") >= 2 or page.count(f"`{kind}...`") >= 2, kind


@pytest.mark.parametrize("suffix", FORMATS)
def test_totals_are_those_of_the_plan(suffix: str, tmp_path: Path) -> None:
    """Tonnes, cost and CO2e of all shipments, by stage, are those of plan.json to 1e-9."""
    plan = json.loads(to_json(figures().plan))
    stage_of = {row.id: row.stage for row in tiny().demand}
    served: dict[int, float] = {}
    for flow in figures().plan.flows:
        stage = stage_of[flow.shipment]
        served[stage] = served.get(stage, 0) + flow.kg_per_year / 1000
    cost = {int(y): sum(terms.values()) / 100 for y, terms in plan["terms_fen"].items()}
    table = read_back(suffix, "shipments", tmp_path)
    assert by_stage(table, "served_t_per_year") == pytest.approx(served, rel=1e-9)
    assert by_stage(table, "cost_cny_per_year") == pytest.approx(cost, rel=1e-9)
    for wheel in ("co2e_wtw_kg", "co2e_ttw_kg"):
        said = {int(year): kg for year, kg in plan[wheel].items()}
        assert min(said.values()) > 0
        assert by_stage(table, f"{wheel}_per_year") == pytest.approx(said, rel=1e-9)
    assert table.geometry.isna().sum() == (table["note"].fillna("") != "").sum()


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("layer", ["flows", "sites"])
def test_rows_come_back(suffix: str, layer: str, tmp_path: Path) -> None:
    """Every row and column of a layer comes back, numbers to 1e-9, lines to a centimetre."""
    mine, table = layers()[layer], read_back(suffix, layer, tmp_path)
    assert len(table) == len(mine.rows) > 5
    table = in_order_of(table, mine)
    for field, kind in mine.fields.items():
        want = mine.column(field)
        if kind is str:
            assert [text or "" for text in table[field].fillna("")] == [text or "" for text in want]
        else:
            have = pd.to_numeric(table[field]).to_numpy(dtype=float)
            assert have == pytest.approx(pd.Series(want, dtype=float), rel=1e-9, nan_ok=True)
    for have, want in zip(table.geometry, mine.geometry, strict=True):
        assert shapely.hausdorff_distance(shapely.force_2d(have), want) < 1e-7


@pytest.mark.parametrize("suffix", FORMATS)
def test_same_plan_same_bytes(suffix: str) -> None:
    """Exports of the same plan are equal to the last byte."""
    names = () if FORMATS[suffix].several else ("flows",)
    assert export(f"x{suffix}", *names) == export(f"x{suffix}", *names)


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


def test_unknown_layers_are_named_at_once() -> None:
    """Every unknown layer comes with the nearest name; a file of one layer takes no two."""
    with pytest.raises(InputError) as refused:
        export("x.gpkg", "flosw", "zites")
    assert [found.nearest for found in refused.value.findings] == ["flows", "sites"]
    with pytest.raises(InputError, match="holds one layer"):
        export("x.fgb", "flows", "sites")


def test_the_usual_layers() -> None:
    """A file of one layer has flows; others have every layer of the plan and no basemap."""
    assert export("x.geojson") == export("x.geojson", "flows")
    with zipfile.ZipFile(io.BytesIO(export("x.geojson.zip"))) as package:
        names = set(package.namelist())
    assert {"flows.geojson", "sites.geojson", "shipments.geojson"} <= names
    assert not any(name.startswith("basemap") for name in names)
    assert b"MultiPolygon" in export("x.geojson", "basemap_henan")


def test_geojson_is_rfc_7946() -> None:
    """No `crs`, longitude first, rings to the right, and no line jumps over the antimeridian."""
    whole = json.loads(export("x.geojson", "flows"))
    assert "crs" not in whole
    for feature in whole["features"]:
        shape = feature["geometry"]
        assert shape["type"] == "MultiLineString"
        for part in shape["coordinates"]:
            assert all(abs(b[0] - a[0]) <= 180 for a, b in itertools.pairwise(part))
    for feature in json.loads(export("x.geojson", "basemap_henan"))["features"]:
        for outer, *holes in feature["geometry"]["coordinates"]:
            assert shapely.is_ccw(shapely.linearrings(outer))
            assert not any(shapely.is_ccw(shapely.linearrings(hole)) for hole in holes)


def hostile() -> Figures:
    """Return the tiny plan with names that a viewer or spreadsheet might run."""
    names = {"A": (SCRIPT, FORMULA), "B": (FORMULA, "x'); DROP TABLE sites; --")}
    instance: Instance = tiny()
    places = tuple(
        replace(place, name_en=names[place.id][0], name_zh=names[place.id][1])
        if place.id in names
        else place
        for place in instance.places
    )
    return Figures(replace(instance, places=places), figures().plan)


@pytest.mark.parametrize("suffix", FORMATS)
def test_names_are_data(suffix: str, tmp_path: Path) -> None:
    """Markup, formulas and SQL come back letter by letter; in KML no tag can begin."""
    data = export(f"x{suffix}", "flows", of=hostile())
    table = READERS[suffix](data, "flows", tmp_path)
    want = clean(SCRIPT) if suffix == ".kml" else SCRIPT
    assert {want, FORMULA} <= set(table["from_name_en"])
    assert "x'); DROP TABLE sites; --" in set(table["from_name_zh"])


def test_kml_is_sound_xml_without_tags_in_names() -> None:
    """No text of a KML holds what opens a tag, and both ends name a line in the language."""
    of = hostile()
    titled = replace(of.instance.settings, title_en=SCRIPT)
    of = Figures(replace(of.instance, settings=titled), of.plan)
    root = fromstring(export("x.kml", of=of))
    texts = [text for node in root.iter() for text in (node.text, node.tail) if text]
    assert not [text for text in texts if "<" in text]
    names = [node.text for node in root.iter("{http://www.opengis.net/kml/2.2}name")]
    assert any("→" in (name or "") for name in names)


def odd_layer() -> Layer:
    """Return a layer with control characters, long texts, blanks and a row without geometry."""
    fields = {"name_en": str, "name_zh": str, "stage": int, "t": float}
    rows = (
        ("a\x00b\x1b[31m\tc\nd\\N", "中" * 200, 2025, 0.1 + 0.2),
        ("\\.", None, 2030, None),
        ("\r\n", "", -(2**40), 1e15 + 0.25),
    )
    line = MultiLineString(
        [LineString([(113, 34), (180, 36)]), LineString([(-180, 36), (-88, 42)])]
    )
    return Layer("odd", Shape.LINES, fields, rows, (line, None, line))


def content_with(layer: Layer, **changes: str) -> Content:
    """Return content of one layer."""
    named = {"instance": "tiny", "scenario": "base", "title": "Tiny\n\\! rm", **changes}
    return Content(
        (Framed(layer, frame(layer)),),
        crs_of("4326"),
        stages=(2025,),
        language=Language.EN,
        **named,
    )


@pytest.fixture
def credited(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the odd layer a credit, as every layer has."""
    monkeypatch.setitem(__import__("hubopt.publish.credits").publish.credits.OF_EXPORTS, "odd", "x")


@pytest.mark.usefixtures("credited")
@pytest.mark.parametrize("suffix", FORMATS)
def test_odd_values_survive_or_are_told(suffix: str, tmp_path: Path) -> None:
    """Numbers come back from rows with control characters; texts too long are told."""
    made = FORMATS[suffix].write(content_with(odd_layer()))
    table = READERS[suffix](made.data, "odd", tmp_path)
    numbers = pd.to_numeric(table["t"])
    assert numbers.sum() == pytest.approx(1e15 + 0.55, rel=1e-9)
    assert [int(stage) for stage in table["stage"]] == [2025, 2030, -(2**40)]
    assert table.geometry.notna().tolist() == [True, False, True]
    cut = suffix.endswith("shp.zip") or suffix == ".zip"
    assert len(made.notes) == int(cut)
    if suffix == ".kml":
        assert not any(ord(sign) < 32 and sign != "\n" for sign in made.data.decode())


@pytest.mark.usefixtures("credited")
@pytest.mark.parametrize("suffix", FORMATS)
def test_empty_layers_are_sound(suffix: str, tmp_path: Path) -> None:
    """A layer without rows gives a file that opens and has none."""
    layer = replace(odd_layer(), rows=(), geometry=())
    made = FORMATS[suffix].write(content_with(layer))
    assert len(READERS[suffix](made.data, "odd", tmp_path)) == 0


@pytest.mark.usefixtures("credited")
def test_a_script_cannot_be_left() -> None:
    """Rows and titles of a script for psql hold no line that psql would take for its own."""
    text = script(content_with(odd_layer(), instance="o'x", scenario="$$")).data.decode()
    lines = text.split("\n")
    assert [line for line in lines if line.startswith("\\.")] == ["\\."]
    assert lines[0].startswith("-- hubopt: Tiny \\! rm")
    assert "'hubopt: o''x / $$'" in text


def test_schemas_have_plain_names() -> None:
    """A schema is named after instance and scenario, or by a hash where these are not plain."""
    assert schema_of(content_with(odd_layer(), instance="zhengzhou-mini")) == "zhengzhou_mini_base"
    for name in ("郑州", "1st", "x" * 80, '"; --'):
        assert re.fullmatch(
            "[a-z][a-z0-9_]{0,62}", schema_of(content_with(odd_layer(), instance=name))
        )


def test_passwords_are_not_shown() -> None:
    """What is printed of a server's address holds no password."""
    for address in ("postgresql://u:s3cret@h/db", "postgres://h/db?user=u&password=s3cret"):
        assert "s3cret" not in without_password(address)
        assert "h/db" in without_password(address)


def test_short_names_are_unique() -> None:
    """Field names of every layer fit into ten characters and stay apart, whatever the case."""
    for layer in layers().values():
        short = short_names(layer.fields)
        assert len({name.lower() for name in short.values()}) == len(layer.fields)
        assert all(1 <= len(name) <= 10 for name in short.values())
    assert list(short_names(["per_year", "Per_year", "_"]).values()) == ["y", "Per_y", "2"]


def test_texts_are_cut_between_signs() -> None:
    """A long Chinese text is cut to at most 254 bytes and stays readable."""
    text = trimmed("中" * 200)
    assert text == "中" * 84
    assert trimmed(None) is None


@pytest.fixture
def result(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of a result with the plan of the tiny instance."""
    quick_maps(monkeypatch)
    folder = write_results(
        tmp_path / "results",
        tiny(),
        figures().plan,
        HOLDS,
        run={"options": {}, "timings": {}},
        instance_folder=instance_folder(tmp_path),
        language=Language.EN,
    )
    monkeypatch.undo()
    return folder


def test_the_command_writes_whole_or_nothing(
    result: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file is written from a result; faults are told with a remedy and leave nothing behind."""
    out = tmp_path / "out"
    out.mkdir()
    assert run(["export", str(result), str(out / "flows.geojson")]) == 0
    assert json.loads((out / "flows.geojson").read_bytes())["features"]
    (out / "folder.fgb").mkdir()
    for words, said in (
        ([str(out / "x.dwg")], "does not end in one of"),
        ([str(out / "x.gpkg"), "--layer", "flosw"], 'nearest "flows"'),
        ([str(out / "x.geojson"), "--crs", "EPSG:4490"], "RFC 7946"),
        ([str(out / "x.lp"), "--crs", "EPSG:4490"], "is for layers of a map only"),
        ([str(out / "none" / "x.fgb")], "is not a folder"),
        ([str(out)], "does not end in one of"),
        ([str(out / "folder.fgb")], "cannot be written"),
        ([str(result / "plan.gpkg")], "would change a result"),
        (["postgresql://u:s3cret@127.0.0.1:1/db"], "the server did not take it"),
    ):
        capsys.readouterr()
        assert run(["export", str(result), *words]) == 2
        err = capsys.readouterr().err
        assert said in err
        assert "s3cret" not in err
    assert sorted(file.name for file in out.iterdir()) == ["flows.geojson", "folder.fgb"]
    assert run(["export", str(instance_folder(tmp_path)), str(out / "x.fgb")]) == 2
    assert "plan.json" in capsys.readouterr().err


def test_a_plan_that_does_not_hold_is_not_exported(
    result: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Figures come only from a plan that the verifier accepts."""
    file = result / "plan.json"
    plan = json.loads(file.read_text(encoding="utf-8"))
    plan["co2e_wtw_kg"] = {year: kg + 1 for year, kg in plan["co2e_wtw_kg"].items()}
    file.write_text(json.dumps(plan), encoding="utf-8")
    assert run(["export", str(result), str(tmp_path / "x.gpkg")]) == 1
    assert "does not hold" in capsys.readouterr().err
    assert not (tmp_path / "x.gpkg").exists()
