"""The ground around each place of a region: its prefecture, or a part of it, as a polygon.

A prefecture of Henan with one city belongs to that city, one with several is cut into the parts
that lie nearest to each (Voronoi cells). Elsewhere the land around a region's places is cut so.
Places that are no city, such as a market or a shop, lie in the cell of the nearest one.
"""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING

from hubopt.publish.basemap import basemap
from hubopt.publish.datums import wgs84
from hubopt.vocabulary import PlaceKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shapely.geometry.base import BaseGeometry

    from hubopt.instance.tables import Instance, Place
    from hubopt.publish.shapes import Point

COARSE_DEG = 0.02
"""How far the edge of a cell may leave that of its prefecture, about 2 km."""

MARGIN_DEG = 0.5
"""How far the ground of a region reaches beyond its outermost places, about 50 km."""

WIDEST_DEG = 30.0
"""Regions that are wider are no ground to deliver to by truck, and get no cells."""


class Cells:
    """The cells of an instance's places, region by region, each made on first use."""

    def __init__(self, instance: Instance, *, by_prefecture: bool = True) -> None:
        self.instance, self.by_prefecture = instance, by_prefecture
        self.known: dict[str, dict[str, tuple[str, BaseGeometry]]] = {}

    def of(self, place: str) -> BaseGeometry | None:
        """Return the ground around a place, `None` where there is none to speak of."""
        found = self.found(place)
        return None if found is None else found[1]

    def city(self, place: str) -> str:
        """Return the city in whose cell a place lies, the place itself where there is none."""
        found = self.found(place)
        return place if found is None else found[0]

    def found(self, place: str) -> tuple[str, BaseGeometry] | None:
        """Return the city and ground of a place."""
        region = self.instance.place[place].region
        if region not in self.known:
            rows = [row for row in self.instance.places if row.region == region]
            self.known[region] = cells_of(rows, by_prefecture=self.by_prefecture)
        return self.known[region].get(place)


def cells_of(
    rows: Sequence[Place], *, by_prefecture: bool = True
) -> dict[str, tuple[str, BaseGeometry]]:
    """Return the cell of each place of a region, with the city that it is named after."""
    at = {row.id: wgs84(row) for row in rows}
    if max(x for x, _ in at.values()) - min(x for x, _ in at.values()) > WIDEST_DEG:
        return {}
    cities = sorted(row.id for row in rows if row.kind is PlaceKind.CITY) or sorted(at)
    grounds = prefectures(cities, at, coarse_henan() if by_prefecture else ())
    cell: dict[str, BaseGeometry] = {}
    for ground, inside in grounds:
        cell |= shared(ground, {city: at[city] for city in inside})
    home = {name: nearest(at[name], cities, at) for name in at}
    return {name: (city, cell[city]) for name, city in home.items()}


def prefectures(
    cities: Sequence[str], at: Mapping[str, Point], outlines: Sequence[BaseGeometry]
) -> list[tuple[BaseGeometry, list[str]]]:
    """Return grounds with their cities: prefectures of Henan, and the land around the rest."""
    from shapely.geometry import Point as ShapelyPoint  # noqa: PLC0415  (loads on use)

    left, found = list(cities), []
    for outline in outlines:
        inside = [city for city in left if outline.intersects(ShapelyPoint(at[city]))]
        if inside:
            found.append((outline, inside))
            left = [city for city in left if city not in inside]
    return [*found, *([(around([at[c] for c in left]), left)] if left else [])]


@cache
def coarse_henan() -> tuple[BaseGeometry, ...]:
    """Return the prefectures of Henan with fewer points, common edges still common."""
    from shapely import coverage_simplify  # noqa: PLC0415  (loads on use)

    return tuple(coverage_simplify([outline for _, outline in basemap("henan")], COARSE_DEG))


def around(points: Sequence[Point]) -> BaseGeometry:
    """Return the land around points, or all ground there where no land is drawn."""
    from shapely.geometry import MultiPoint  # noqa: PLC0415  (loads on use)

    hull = MultiPoint(points).convex_hull.buffer(MARGIN_DEG)
    land = basemap("land")[0][1].intersection(hull)
    return hull if land.is_empty else land


def shared(ground: BaseGeometry, at: Mapping[str, Point]) -> dict[str, BaseGeometry]:
    """Return the part of a ground that lies nearest to each point."""
    from shapely import affinity, voronoi_polygons  # noqa: PLC0415  (loads on use)
    from shapely.geometry import MultiPoint  # noqa: PLC0415
    from shapely.geometry import Point as ShapelyPoint  # noqa: PLC0415

    if len(set(at.values())) == 1:
        return dict.fromkeys(at, ground)
    wide = math.cos(math.radians(sum(y for _, y in at.values()) / len(at)))
    points = {name: ShapelyPoint(x * wide, y) for name, (x, y) in at.items()}
    flat = affinity.scale(ground, xfact=wide, origin=(0, 0))
    parts = voronoi_polygons(MultiPoint(list(points.values())), extend_to=flat.envelope)
    found = {}
    for name, point in points.items():
        part = min(parts.geoms, key=lambda one: (one.distance(point), one.wkb))
        found[name] = affinity.scale(part.intersection(flat), xfact=1 / wide, origin=(0, 0))
    return found


def nearest(point: Point, cities: Sequence[str], at: Mapping[str, Point]) -> str:
    """Return the city nearest to a point, that of the same place first."""
    wide = math.cos(math.radians(point[1]))

    def away(city: str) -> tuple[float, str]:
        x, y = at[city]
        return math.hypot((x - point[0]) * wide, y - point[1]), city

    return min(cities, key=away)
