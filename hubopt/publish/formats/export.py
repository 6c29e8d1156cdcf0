"""Layers of a result as a file: what each ending of a name stands for, and how it is made."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from hubopt.errors import Finding, InputError
from hubopt.instance.nearest import nearest_of
from hubopt.publish.formats.by_gdal import flatgeobuf, geojson, geopackage, kml
from hubopt.publish.formats.content import Content, Framed, Written
from hubopt.publish.formats.geoparquet import geoparquet
from hubopt.publish.formats.postgis import script
from hubopt.publish.formats.reference_system import (
    WGS84,
    crs_of,
    is_wgs84,
    moved,
    notes,
    short_name,
)
from hubopt.publish.formats.shapefile import shapefiles
from hubopt.publish.formats.zipped import zip_bytes
from hubopt.text import Language, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from hubopt.publish.figures import Figures
    from hubopt.publish.layer import Layer

BASEMAP = "basemap_"
"""How the names of layers begin that show no plan; they are exported only by name."""

USUAL = "flows"
"""The layer that goes into a file of one layer if none is named."""


@dataclass(frozen=True, slots=True)
class Format:
    """How a format is written, whether a file takes several layers, and why only in WGS84."""

    write: Callable[[Content], Written]
    several: bool = True
    only_wgs84: Text | None = None


RFC_7946 = Text(
    "GeoJSON (RFC 7946) allows no coordinate system but WGS84",
    "GeoJSON（RFC 7946）只允许 WGS84 坐标系",
)
KML_2_2 = Text("KML allows no coordinate system but WGS84", "KML 只允许 WGS84 坐标系")


def each_in_a_zip(suffix: str, write: Callable[[Content], Written]) -> Callable[[Content], Written]:
    """Return what writes every layer as a file of its own into one zip."""

    def written(content: Content) -> Written:
        made = [write(replace(content, sheets=(sheet,))) for sheet in content.sheets]
        names = [f"{sheet.layer.name}{suffix}" for sheet in content.sheets]
        files = {name: one.data for name, one in zip(names, made, strict=True)}
        return Written(zip_bytes(files), tuple(note for one in made for note in one.notes))

    return written


SINGLE = {
    ".geojson": Format(geojson, several=False, only_wgs84=RFC_7946),
    ".parquet": Format(geoparquet, several=False),
    ".fgb": Format(flatgeobuf, several=False),
}
FORMATS = {
    **SINGLE,
    **{
        f"{suffix}.zip": replace(one, write=each_in_a_zip(suffix, one.write), several=True)
        for suffix, one in SINGLE.items()
    },
    ".kml": Format(kml, only_wgs84=KML_2_2),
    ".gpkg": Format(geopackage),
    ".shp.zip": Format(shapefiles),
    ".zip": Format(shapefiles),
    ".sql": Format(script),
}
"""Every format, by the end of a file's name."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What an export is asked for: layers by name (none: the usual ones), a coordinate system."""

    layers: tuple[str, ...] = ()
    crs: str | None = None


def suffix_of(name: str) -> str | None:
    """Return the longest known ending of a file's name, `None` if there is none."""
    known = [suffix for suffix in FORMATS if name.lower().endswith(suffix)]
    return max(known, key=len, default=None)


def exported(
    figures: Figures, folder: Path | None, file: str, asked: Asked, language: Language
) -> Written:
    """Return a result in the format of a file's name; raise `InputError` for what it cannot hold.

    `folder` holds the instance, for the lines of the map.
    """
    suffix = suffix_of(file)
    how = FORMATS[suffix or ".gpkg"]
    crs = crs_for(how, asked.crs)
    content, noted = content_of(figures, folder, asked, crs, language, several=how.several)
    made = how.write(content)
    return replace(made, notes=(*noted, *made.notes))


def crs_for(how: Format, said: str | None) -> Any:  # noqa: ANN401  (pyproj's own class)
    """Return the coordinate system to write in; raise `InputError` if the format has no other."""
    crs = crs_of(WGS84 if said is None else said)
    if how.only_wgs84 is not None and not is_wgs84(crs):
        remedy = Text(
            "leave --crs out, or write .gpkg, .parquet, .fgb or .shp.zip",
            "请去掉 --crs，或改用 .gpkg、.parquet、.fgb 或 .shp.zip",
        )
        raise InputError(
            [
                Finding("command line", how.only_wgs84, remedy, column="--crs",
                        value=short_name(crs), code="CFG03")
            ]
        )  # fmt: skip
    return crs


def content_of(
    figures: Figures,
    folder: Path | None,
    asked: Asked,
    crs: Any,  # noqa: ANN401
    language: Language,
    *,
    several: bool = True,
) -> tuple[Content, tuple[Text, ...]]:
    """Return the layers that are asked for in a coordinate system, and what is to be noted."""
    from hubopt.publish.geopackage import frame  # noqa: PLC0415  (loads on use)

    sheets, misfits = [], {}
    for layer in chosen(offered(figures, folder), asked.layers, several=several):
        rows, misfits[layer.name] = moved(frame(layer), crs)
        sheets.append(Framed(layer, rows))
    plan = figures.plan
    settings = figures.instance.settings
    title = settings.title_zh if language is Language.ZH else settings.title_en
    title = f"{title or settings.title_en or settings.name} · {plan.scenario}"
    return (
        Content(tuple(sheets), crs, plan.instance, plan.scenario, figures.stages, title, language),
        tuple(notes(crs, misfits)),
    )


def offered(figures: Figures, folder: Path | None) -> tuple[Layer, ...]:
    """Return every layer that can be exported: those of plan.gpkg, and the shipments."""
    from hubopt.publish.boundaries import read_boundaries  # noqa: PLC0415  (loads on use)
    from hubopt.publish.layers import layers  # noqa: PLC0415
    from hubopt.publish.lines import Lines  # noqa: PLC0415
    from hubopt.publish.shipment_layer import shipments  # noqa: PLC0415

    boundaries = None if folder is None else read_boundaries(folder, figures.instance)
    shown = layers(figures, folder, boundaries)
    return *shown, shipments(figures, Lines(figures.instance, folder))


def chosen(layers: Sequence[Layer], names: Sequence[str], *, several: bool) -> list[Layer]:
    """Return the layers that are asked for; raise `InputError` for unknown ones or too many."""
    by_name = {layer.name: layer for layer in layers}
    wrong = [no_layer(name, list(by_name)) for name in names if name not in by_name]
    if not several and len(set(names)) > 1:
        wrong.append(one_layer_only(names))
    if wrong:
        raise InputError(wrong)
    if names:
        return [layer for layer in layers if layer.name in names]
    plain = [layer for layer in layers if not layer.name.startswith(BASEMAP)]
    return plain if several else [by_name[USUAL]]


def no_layer(name: str, known: list[str]) -> Finding:
    """Return the finding for a layer that no result has."""
    listed = ", ".join(known)
    return Finding(
        "command line",
        Text("is no layer of a result", "不是结果中的图层"),
        Text(f"write one of: {listed}", f"请写以下之一：{listed}"),
        column="--layer",
        value=name,
        nearest=nearest_of(name, known),
        code="CFG03",
    )


def one_layer_only(names: Sequence[str]) -> Finding:
    """Return the finding for several layers in a format of one."""
    return Finding(
        "command line",
        Text("a file of this format holds one layer", "该格式的文件只能容纳一个图层"),
        Text(
            "write one --layer, or end the name in .geojson.zip, .parquet.zip or .fgb.zip",
            "请只写一个 --layer，或使文件名以 .geojson.zip、.parquet.zip 或 .fgb.zip 结尾",
        ),
        column="--layer",
        value=" ".join(names),
        code="CFG03",
    )
