"""Layers into one GeoPackage with their styles inside, the same bytes for the same plan.

GeoPackage 1.2, because GDAL 3.6 and QGIS 3.22 warn about newer ones. Every date in the file is the
same fixed one; when a plan was made stands in the manifest.
"""

from __future__ import annotations

import contextlib
import sqlite3
from typing import TYPE_CHECKING

from hubopt.publish.credits import credited
from hubopt.publish.styles import styles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    import geopandas as gpd

    from hubopt.publish.layer import Layer
    from hubopt.text import Language

    Styler = Callable[[Layer, tuple[int, ...], Language], dict[str, str]]

FIXED_DATE = "2000-01-01T00:00:00.000Z"

OPTIONS = {"OGR_CURRENT_DATE": FIXED_DATE, "OGR_SQLITE_SYNCHRONOUS": "OFF"}
"""No waiting for the disk after each row: the whole folder is brought to disk before it counts."""

STYLE_TABLE = """
CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  f_table_catalog TEXT(256), f_table_schema TEXT(256), f_table_name TEXT(256),
  f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
  useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30),
  update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now'))
)
"""
"""The table in which QGIS looks for styles, as QGIS itself makes it."""

PROJECT_TABLE = "CREATE TABLE qgis_projects (name TEXT PRIMARY KEY, metadata BLOB, content BLOB)"
"""The table in which QGIS looks for projects, as QGIS itself makes it; no part of gpkg_contents."""

PROJECT_METADATA = '{"last_modified_time": "2000-01-01T00:00:00", "last_modified_user": ""}'

PANDAS_TYPES = {str: "object", int: "int64", float: "float64"}


def write_geopackage(
    file: Path,
    layers: tuple[Layer, ...],
    stages: tuple[int, ...],
    language: Language,
    styled: Styler = styles,
    *,
    tables: tuple[Layer, ...] = (),
    projects: Mapping[str, bytes] | None = None,
) -> None:
    """Write layers and styles into a new file; raise `OSError` if it cannot be written whole.

    `tables` have no geometry. `projects` are .qgz files by name, which QGIS opens from the file.
    """
    with gdal_options():
        for number, layer in enumerate(layers):
            write_layer(file, layer, first=number == 0)
    with contextlib.closing(sqlite3.connect(file)) as base, base:
        base.execute("PRAGMA synchronous = OFF")
        add_styles(base, [(layer, styled(layer, stages, language)) for layer in layers])
        for table in tables:
            add_table(base, table)
        add_projects(base, projects or {})
        whole(base, layers, file)


@contextlib.contextmanager
def gdal_options() -> Iterator[None]:
    """Set the options of GDAL that a layer is written with, and undo that afterwards."""
    import pyogrio  # noqa: PLC0415  (GDAL loads on use)

    before = {name: pyogrio.get_gdal_config_option(name) for name in OPTIONS}
    pyogrio.set_gdal_config_options(OPTIONS)
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options(before)


def write_layer(file: Path, layer: Layer, *, first: bool) -> None:
    """Add one layer to the file; a failure of GDAL becomes an `OSError`."""
    import pyogrio  # noqa: PLC0415
    from pyogrio.errors import DataLayerError, DataSourceError  # noqa: PLC0415

    try:
        pyogrio.write_dataframe(
            frame(layer),
            file,
            layer=layer.name,
            driver="GPKG",
            geometry_type=layer.shape.value,
            promote_to_multi=layer.shape.value.startswith("Multi"),
            append=not first,
            dataset_options={"VERSION": "1.2"} if first else None,
            layer_options={
                "SPATIAL_INDEX": "YES",
                "GEOMETRY_NAME": "geom",
                "DESCRIPTION": credited(layer.name, layer.description),
            },
        )
    except (DataSourceError, DataLayerError, RuntimeError) as error:
        message = f"{file.name}: {error}"
        raise OSError(message) from error


def frame(layer: Layer) -> gpd.GeoDataFrame:
    """Return a layer as a data frame with typed columns, also if it has no rows."""
    import geopandas as gpd  # noqa: PLC0415
    import pandas as pd  # noqa: PLC0415

    columns = {
        name: pd.Series(layer.column(name), dtype=PANDAS_TYPES[kind])
        for name, kind in layer.fields.items()
    }
    return gpd.GeoDataFrame(columns, geometry=list(layer.geometry), crs="EPSG:4326")


def add_styles(base: sqlite3.Connection, found: list[tuple[Layer, dict[str, str]]]) -> None:
    """Add the table of styles, the first one of each layer as its default."""
    base.execute(STYLE_TABLE)
    register(base, "layer_styles", "")
    base.executemany(
        "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name,"
        " f_geometry_column, styleName, styleQML, styleSLD, useAsDefault, description, owner,"
        " update_time) VALUES ('', '', ?, 'geom', ?, ?, '', ?, '', '', ?)",
        [
            (layer.name, name, qml, number == 0, FIXED_DATE)
            for layer, named in found
            for number, (name, qml) in enumerate(named.items())
        ],
    )


def add_table(base: sqlite3.Connection, table: Layer) -> None:
    """Add a table without geometry, which QGIS and GDAL open as one."""
    kinds = {str: "TEXT", int: "INTEGER", float: "REAL"}
    fields = ", ".join(f'"{name}" {kinds[kind]}' for name, kind in table.fields.items())
    base.execute(f'CREATE TABLE "{table.name}" (fid INTEGER PRIMARY KEY NOT NULL, {fields})')
    register(base, table.name, credited(table.name, table.description))
    marks = ", ".join("?" * (len(table.fields) + 1))
    base.executemany(
        f'INSERT INTO "{table.name}" VALUES ({marks})',  # noqa: S608  (names are our own)
        [(number, *row) for number, row in enumerate(table.rows, start=1)],
    )


def register(base: sqlite3.Connection, name: str, description: str) -> None:
    """Tell readers of GeoPackages of a table without geometry."""
    base.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change,"
        " srs_id) VALUES (?, 'attributes', ?, ?, ?, 0)",
        (name, name, description, FIXED_DATE),
    )


def add_projects(base: sqlite3.Connection, projects: Mapping[str, bytes]) -> None:
    """Add projects as QGIS does: a .qgz as hexadecimal text."""
    if not projects:
        return
    base.execute(PROJECT_TABLE)
    base.executemany(
        "INSERT INTO qgis_projects (name, metadata, content) VALUES (?, ?, ?)",
        [(name, PROJECT_METADATA, packed.hex()) for name, packed in projects.items()],
    )


def whole(base: sqlite3.Connection, layers: tuple[Layer, ...], file: Path) -> None:
    """Raise `OSError` unless every layer holds all its rows."""
    for layer in layers:
        query = f'SELECT count(*) FROM "{layer.name}"'  # noqa: S608  (names are our own)
        found = base.execute(query).fetchone()[0]
        if found != len(layer.rows):
            message = f"{file.name}: layer {layer.name} has {found} of {len(layer.rows)} rows"
            raise OSError(message)
