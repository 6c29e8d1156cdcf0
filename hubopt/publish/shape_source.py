"""What every reader of lines gives: features with their properties and raw geometry, in WGS84."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hubopt.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hubopt.instance.codes import Code

Point = tuple[float, float]

DEGREES = frozenset({"EPSG:4326", "OGC:CRS84"})
SET_CRS = Text(
    "set the layer's coordinate system in QGIS and save it (EPSG:4326); a shapefile needs its .prj",
    "请在 QGIS 中设置图层坐标系并保存（EPSG:4326）；shapefile 需要 .prj 文件",
)


@dataclass(eq=False)
class Broken(Exception):  # noqa: N818  (a finding that is not yet about a place)
    """Why a file or a feature cannot be read, and what to do."""

    code: Code
    reason: Text
    remedy: Text
    value: str | None = None
    nearest: str | None = None


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature: where it stands, its properties, and its geometry as GeoJSON would have it."""

    spot: str
    properties: Mapping[str, Any]
    geometry: Any


@dataclass(frozen=True, slots=True)
class Source:
    """The features of a file, in degrees, and what is to be noted about how they were read."""

    features: Iterable[Feature]
    notes: tuple[Text, ...] = ()


def reprojected(name: str) -> Text:
    """Return the note on lines that came in another coordinate system."""
    return Text(f"reprojected from {name} to WGS84", f"已由 {name} 投影到 WGS84")
