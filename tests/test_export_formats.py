"""Layers of a result in every format read back with the totals of plan.json."""

from __future__ import annotations

import io
import itertools
import json
import zipfile
from pathlib import Path

import pandas as pd
import pytest
import shapely

from hubopt.cli.map_export import KINDS, SERVER
from hubopt.errors import InputError
from hubopt.plan.store import to_json
from hubopt.publish.formats.export import FORMATS
from tests.exports import (
    READERS,
    by_stage,
    export,
    figures,
    in_order_of,
    layers,
    read_back,
)
from tests.tiny import tiny


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
