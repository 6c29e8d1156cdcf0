"""The coordinate system that an export is asked for, and layers moved to it, longitude first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from hubopt.errors import Finding, InputError
from hubopt.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import geopandas as gpd

WGS84 = "EPSG:4326"
PLANE = 2
"""Axes of a coordinate system on a map."""

CGCS2000 = "China Geodetic Coordinate System 2000"
ZHENGZHOU = (113.625, 34.746)

LONGEST = 200
"""Longer texts name no coordinate system."""


def crs_of(said: str) -> Any:  # noqa: ANN401  (pyproj's own class)
    """Return the coordinate system that a text names; raise `InputError` for one of no map."""
    from pyproj import CRS  # noqa: PLC0415  (loads on use)
    from pyproj.exceptions import CRSError  # noqa: PLC0415

    text = said.strip()
    try:
        crs = CRS.from_user_input(f"EPSG:{text}" if text.isdecimal() else text)
    except CRSError:
        raise refused(said, Text("is no coordinate system", "不是坐标系")) from None
    if not (crs.is_geographic or crs.is_projected) or len(crs.axis_info) != PLANE:
        why = Text("is no coordinate system of a map", "不是地图坐标系")
        raise refused(said, why)
    return crs


def refused(said: str, reason: Text) -> InputError:
    """Return why a coordinate system cannot be written."""
    remedy = Text(
        "write an EPSG code, such as EPSG:4490 (CGCS2000) or EPSG:4547 (metres, around Zhengzhou)",
        "请写 EPSG 代码，如 EPSG:4490（CGCS2000）或 EPSG:4547（郑州一带，单位米）",
    )
    shown = said.encode("unicode_escape").decode() if not said.isprintable() else said
    return InputError(
        [
            Finding(
                "command line", reason, remedy, column="--crs", value=shown[:LONGEST], code="CFG03"
            )
        ]
    )


def short_name(crs: Any) -> str:  # noqa: ANN401
    """Return the code of a coordinate system, its name where it has none."""
    authority = crs.to_authority()
    return ":".join(authority) if authority else str(crs.name)


def is_wgs84(crs: Any) -> bool:  # noqa: ANN401
    """Return whether a coordinate system is WGS84 in degrees, whichever axis comes first."""
    from pyproj import CRS  # noqa: PLC0415  (loads on use)

    return bool(crs.equals(CRS(WGS84), ignore_axis_order=True))


def moved(frame: gpd.GeoDataFrame, crs: Any) -> tuple[gpd.GeoDataFrame, Misfit]:  # noqa: ANN401
    """Return a layer in a coordinate system, and how many of its rows do not lie well in it.

    A geometry that the projection cannot show is left out; its row stays, so that sums hold.
    """
    if is_wgs84(crs):
        return frame, Misfit(len(frame), 0, 0)
    there = frame.to_crs(crs)
    finite = np.isfinite(there.geometry.bounds.to_numpy()).all(axis=1)
    lost = ~finite & frame.geometry.notna().to_numpy()
    if lost.any():
        there.loc[lost, "geometry"] = None
    return there, Misfit(len(frame), int(lost.sum()), beyond(frame[~lost], crs))


class Misfit(NamedTuple):
    """Rows of a layer, those that a projection cannot show, and those outside its area of use."""

    rows: int
    lost: int
    beyond: int


def beyond(frame: gpd.GeoDataFrame, crs: Any) -> int:  # noqa: ANN401
    """Return how many rows leave the area that a projection is made for; degrees have none."""
    area = crs.area_of_use
    if area is None or not crs.is_projected or area.west > area.east:  # across the antimeridian
        return 0
    bounds = frame.geometry.bounds.dropna()
    within = (bounds.minx >= area.west) & (bounds.maxx <= area.east)
    within &= (bounds.miny >= area.south) & (bounds.maxy <= area.north)
    return len(bounds) - int(within.sum())


def notes(crs: Any, misfits: Mapping[str, Misfit]) -> Iterator[Text]:  # noqa: ANN401
    """Yield what a coordinate system makes of layers: datum, rows without geometry, distortion."""
    name, area = short_name(crs), crs.area_of_use
    if not datum_known(crs):
        yield Text(
            f"no exact way from WGS84 to the datum of {name} is published: positions may be off by"
            " a hundred metres; EPSG:4490 (CGCS2000) has no such doubt",
            f"由 WGS84 到 {name} 的基准没有公开的精确转换参数：位置可能偏差上百米；"
            "EPSG:4490（CGCS2000）无此问题",
        )
    if lost := listed({layer: (m.lost, m.rows) for layer, m in misfits.items()}):
        yield Text(
            f"{name} cannot show where some rows lie, which have no geometry therefore: {lost.en}",
            f"{name} 无法表示部分位置，这些行没有几何：{lost.zh}",
        )
    if far := listed({layer: (m.beyond, m.rows) for layer, m in misfits.items()}):
        span = f"{area.west:g} {area.south:g} {area.east:g} {area.north:g}"
        yield Text(
            f"{name} is made for {span} (west, south, east, north) and distorts what lies beyond:"
            f" {far.en}",
            f"{name} 适用于 {span}（西、南、东、北），超出处变形较大：{far.zh}",
        )


def datum_known(crs: Any) -> bool:  # noqa: ANN401
    """Return whether PROJ knows the way from WGS84 to a datum at Zhengzhou, or needs none.

    Where it knows none it takes the numbers over as they are, which CGCS2000 allows.
    """
    from pyproj import Transformer  # noqa: PLC0415  (loads on use)

    if crs.geodetic_crs is None or crs.geodetic_crs.name == CGCS2000:
        return True
    way = Transformer.from_crs(WGS84, crs, always_xy=True)
    way.transform(*ZHENGZHOU)
    several = way.description.startswith("unavailable")  # which one is taken depends on the place
    taken = way.get_last_used_operation() if several else way
    return "ballpark" not in taken.description.lower()


def listed(counts: Mapping[str, tuple[int, int]]) -> Text | None:
    """Return so many of so many rows by layer, `None` if there are none."""
    some = [(layer, few, of) for layer, (few, of) in counts.items() if few]
    if not some:
        return None
    return Text(
        ", ".join(f"{few} of {of} {layer}" for layer, few, of in some),
        "、".join(f"{layer} {of} 行中的 {few} 行" for layer, few, of in some),
    )
