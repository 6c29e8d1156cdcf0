"""What tests of exports share: a solved tiny plan, its layers, and a reader for each format."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

import hubopt
from hubopt.publish.figures import Figures
from hubopt.publish.formats.export import FORMATS, Asked, exported, offered
from hubopt.publish.layer import Layer
from hubopt.text import Language
from tests.tiny import tiny


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
