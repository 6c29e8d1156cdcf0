"""Lines in GeoJSON (RFC 7946), read as JSON and never by a library that opens what it names."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from hubopt.instance.codes import Code
from hubopt.instance.draft import shown
from hubopt.publish.shape_source import DEGREES, SET_CRS, Broken, Feature, Source, reprojected
from hubopt.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

EXPORT = Text("export it from QGIS as GeoJSON", "请在 QGIS 中导出为 GeoJSON")
CRS_NAME = re.compile(r"(?:urn:ogc:def:crs:)?(EPSG|OGC)(?::[\d.]*)?:(\w+)")
CONTENTS = {
    b"<": Text("XML, such as an OGR VRT", "XML（如 OGR VRT）"),
    b"SQLite format 3": Text("a database, such as a GeoPackage", "数据库（如 GeoPackage）"),
    b"PK": Text("a zip", "压缩文件"),
}
"""How files that are something else begin."""


def source(_file: Path, content: bytes) -> Source:
    """Return the features of a GeoJSON file, or raise `Broken`."""
    bare = content.removeprefix(b"\xef\xbb\xbf").lstrip()
    for mark, what in CONTENTS.items():
        if bare.startswith(mark):
            raise Broken(
                Code.NOT_GEOJSON,
                Text(f"its content is {what.en}, not GeoJSON", f"内容是{what.zh}，不是 GeoJSON"),
                EXPORT,
            )
    try:
        whole = json.loads(bare.decode())
        rows = list_of(whole["features"])
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        why = " ".join(str(error).split())[:120]
        raise Broken(
            Code.NO_LINE,
            Text(f"is no GeoJSON of links ({why})", f"不是线路的 GeoJSON（{why}）"),
            EXPORT,
        ) from error
    name = crs_of(whole)
    if name in DEGREES:
        return Source(features(rows, lambda geometry: geometry))
    return Source(features(rows, moved(name)), (reprojected(name),))


def list_of(value: object) -> list[Any]:
    """Return a list as it is; raise `TypeError` for anything else."""
    if not isinstance(value, list):
        raise TypeError(type(value).__name__)
    return value


def features(rows: list[Any], move: Callable[[Any], Any]) -> Iterator[Feature]:
    """Yield the features with their numbers, from 1."""
    for number, row in enumerate(rows, start=1):
        found = row if isinstance(row, dict) else {}
        said = found.get("properties")
        yield Feature(
            f"feature {number}", said if isinstance(said, dict) else {}, move(found.get("geometry"))
        )


def crs_of(whole: dict[str, Any]) -> str:
    """Return the coordinate system that older GeoJSON names, by default degrees in WGS84."""
    if whole.get("crs") is None:
        return "OGC:CRS84"
    try:
        said = str(whole["crs"]["properties"]["name"])
    except (LookupError, TypeError):
        said = str(whole["crs"])
    found = CRS_NAME.fullmatch(said)
    if found is None:
        raise unknown(said)
    return f"{found[1]}:{found[2]}"


def unknown(name: str) -> Broken:
    """Return why a coordinate system cannot be used."""
    reason = Text("is no coordinate system known here", "不是已知的坐标系")
    return Broken(Code.NO_CRS, reason, SET_CRS, shown(name))


def moved(name: str) -> Callable[[Any], Any]:
    """Return what moves a geometry to WGS84; what is no line is left for later to refuse."""
    from pyproj import Transformer  # noqa: PLC0415  (loads on use)
    from pyproj.exceptions import ProjError  # noqa: PLC0415
    from shapely import transform  # noqa: PLC0415
    from shapely.errors import ShapelyError  # noqa: PLC0415
    from shapely.geometry import mapping, shape  # noqa: PLC0415

    try:
        change = Transformer.from_crs(name, "EPSG:4326", always_xy=True)
    except ProjError:
        raise unknown(name) from None

    def move(geometry: Any) -> Any:  # noqa: ANN401
        try:
            line = transform(shape(geometry), change.transform, interleaved=False)
        except (ShapelyError, ValueError, LookupError, TypeError, AttributeError):
            return geometry
        return mapping(line)

    return move
