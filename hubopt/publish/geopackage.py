"""Layers into one GeoPackage with their styles inside, the same bytes for the same plan.

GeoPackage 1.2, because GDAL 3.6 and QGIS 3.22 warn about newer ones. Every date in the file is the
same fixed one; when a plan was made stands in the manifest.
"""

from __future__ import annotations

import contextlib
import sqlite3
from typing import TYPE_CHECKING

from hubopt.publish.credits import credited
from hubopt.publish.styles import style

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import geopandas as gpd

    from hubopt.publish.layer import Layer
    from hubopt.text import Language

    Styler = Callable[[Layer, tuple[int, ...], Language], str]

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

PANDAS_TYPES = {str: "object", int: "int64", float: "float64"}


def write_geopackage(
    file: Path,
    layers: tuple[Layer, ...],
    stages: tuple[int, ...],
    language: Language,
    styled: Styler = style,
) -> None:
    """Write layers and styles into a new file; raise `OSError` if it cannot be written whole."""
    with gdal_options():
        for number, layer in enumerate(layers):
            write_layer(file, layer, first=number == 0)
    with contextlib.closing(sqlite3.connect(file)) as base, base:
        base.execute("PRAGMA synchronous = OFF")
        add_styles(base, [(layer, styled(layer, stages, language)) for layer in layers])
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


def add_styles(base: sqlite3.Connection, styles: list[tuple[Layer, str]]) -> None:
    """Add the table of styles, one default style for each layer."""
    base.execute(STYLE_TABLE)
    base.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change,"
        " srs_id) VALUES ('layer_styles', 'attributes', 'layer_styles', '', ?, 0)",
        (FIXED_DATE,),
    )
    base.executemany(
        "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name,"
        " f_geometry_column, styleName, styleQML, styleSLD, useAsDefault, description, owner,"
        " update_time) VALUES ('', '', ?, 'geom', ?, ?, '', 1, '', '', ?)",
        [(layer.name, f"hubopt {layer.name}", qml, FIXED_DATE) for layer, qml in styles],
    )


def whole(base: sqlite3.Connection, layers: tuple[Layer, ...], file: Path) -> None:
    """Raise `OSError` unless every layer holds all its rows."""
    for layer in layers:
        query = f'SELECT count(*) FROM "{layer.name}"'  # noqa: S608  (names are our own)
        found = base.execute(query).fetchone()[0]
        if found != len(layer.rows):
            message = f"{file.name}: layer {layer.name} has {found} of {len(layer.rows)} rows"
            raise OSError(message)
