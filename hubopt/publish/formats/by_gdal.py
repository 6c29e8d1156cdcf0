"""Layers written by GDAL: GeoJSON, FlatGeobuf, KML and a styled GeoPackage, as bytes."""

from __future__ import annotations

import contextlib
import sqlite3
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hubopt.publish.credits import OF_EXPORTS, credited
from hubopt.publish.formats.content import Written
from hubopt.publish.formats.kml_text import clean, harmless, named
from hubopt.publish.geopackage import add_styles, gdal_options
from hubopt.publish.styles import styles

if TYPE_CHECKING:
    from hubopt.publish.formats.content import Content, Framed


def geojson(content: Content) -> Written:
    """Return one layer as GeoJSON (RFC 7946): degrees to seven decimals, rings to the right."""
    options = {"RFC7946": "YES", "WRITE_NAME": "NO"}
    return Written(written(content.sheets, "GeoJSON", ".geojson", layer_options=options))


def flatgeobuf(content: Content) -> Written:
    """Return one layer as FlatGeobuf, with a spatial index where every row has a geometry."""
    whole = bool(content.sheets[0].frame.geometry.notna().all())
    options = {"SPATIAL_INDEX": "YES" if whole else "NO"}
    return Written(written(content.sheets, "FlatGeobuf", ".fgb", layer_options=options))


def kml(content: Content) -> Written:
    """Return layers as KML, a folder each, with a name for every feature."""
    sheets = [harmless(named(sheet, content.language)) for sheet in content.sheets]
    options = {"NAME": clean(content.title)}
    return Written(written(sheets, "LIBKML", ".kml", dataset_options=options))


def geopackage(content: Content) -> Written:
    """Return layers as a GeoPackage with the styles of plan.gpkg, the same bytes each time."""
    with tempfile.TemporaryDirectory(prefix="hubopt-") as folder:
        file = Path(folder) / "export.gpkg"
        with gdal_options():
            for number, sheet in enumerate(content.sheets):
                about = credited(sheet.layer.name, sheet.layer.description)
                options = {"SPATIAL_INDEX": "YES", "GEOMETRY_NAME": "geom", "DESCRIPTION": about}
                version = None if number else {"VERSION": "1.2"}
                put(file, sheet, "GPKG", number, layer_options=options, dataset_options=version)
        layers = [sheet.layer for sheet in content.sheets if sheet.layer.name not in OF_EXPORTS]
        with contextlib.closing(sqlite3.connect(file)) as base, base:
            add_styles(
                base, [(one, styles(one, content.stages, content.language)) for one in layers]
            )
        return Written(file.read_bytes())


def written(sheets: Any, driver: str, suffix: str, **options: Any) -> bytes:  # noqa: ANN401
    """Return layers as the bytes of one file of a driver of GDAL."""
    with tempfile.TemporaryDirectory(prefix="hubopt-") as folder:
        file = Path(folder) / f"export{suffix}"
        for number, sheet in enumerate(sheets):
            put(file, sheet, driver, number, **options)
        return file.read_bytes()


def put(file: Path, sheet: Framed, driver: str, number: int, **options: Any) -> None:  # noqa: ANN401
    """Add one layer to a file, the `number`-th from 0; a failure of GDAL becomes an `OSError`."""
    import pyogrio  # noqa: PLC0415  (loads on use)
    from pyogrio.errors import DataLayerError, DataSourceError, FeatureError  # noqa: PLC0415

    shape = sheet.layer.shape.value
    try:
        pyogrio.write_dataframe(
            sheet.frame,
            file,
            layer=sheet.layer.name,
            driver=driver,
            geometry_type=shape,
            promote_to_multi=shape.startswith("Multi"),
            append=number > 0,
            **options,
        )
    except (DataSourceError, DataLayerError, FeatureError, RuntimeError) as error:
        message = f"{file.name}: {error}"
        raise OSError(message) from error
