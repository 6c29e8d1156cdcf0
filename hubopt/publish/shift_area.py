"""Where Chinese web maps shift coordinates: as their makers say, along a real outline.

GCJ-02: the mainland, Hong Kong and Macau, for which AMap converts coordinates (大陆以及港、澳).
BD-09: Taiwan too, as Baidu says (国内，包括港澳台). Everywhere else both give WGS84. The outline is
generalised, so that close to its edge the country of the place decides.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from hubopt.publish.basemap import basemap
from hubopt.vocabulary import Datum

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

EDGE_DEG = 0.02
"""Within so much of its edge, about 2 km, the outline is not to be trusted."""

SHIFTED = {Datum.GCJ02: {"CN", "HK", "MO"}, Datum.BD09: {"CN", "HK", "MO", "TW"}}
"""The countries and regions in which a datum is shifted, by ISO 3166-1."""


def shifts(lon: float, lat: float, datum: Datum, country: str = "") -> bool:
    """Return whether a datum is shifted at a point in WGS84, which is said to lie in a country."""
    from shapely import contains_xy, distance  # noqa: PLC0415  (loads on use)
    from shapely.geometry import Point  # noqa: PLC0415

    anywhere, edge = area_of(Datum.BD09)
    if country and distance(edge, Point(lon, lat)) < EDGE_DEG:
        return country in SHIFTED[datum]
    if country in SHIFTED[Datum.BD09]:
        return country in SHIFTED[datum] and bool(contains_xy(anywhere, lon, lat))
    return bool(contains_xy(area_of(datum)[0], lon, lat))


@cache
def area_of(datum: Datum) -> tuple[BaseGeometry, BaseGeometry]:
    """Return the area in which a datum is shifted, and its edge."""
    from shapely import prepare, union_all  # noqa: PLC0415

    parts = [area for said, area in basemap("web_map_shift") if datum in said["shifts"].split("|")]
    area = union_all(parts)
    edge = area.boundary
    prepare((area, edge))
    return area, edge
