"""One layer of plan.gpkg as a record: typed fields, rows of values, and a geometry for each."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shapely.geometry.base import BaseGeometry

    from hubopt.publish.lines import Parts
    from hubopt.publish.shapes import Point

Value = str | int | float | None


class Shape(Enum):
    """The geometry type of a layer, as a GeoPackage names it."""

    POINT = "Point"
    LINES = "MultiLineString"
    POLYGONS = "MultiPolygon"
    NONE = "None"


@dataclass(frozen=True)
class Layer:
    """One layer: its fields with their types, and rows of values with a geometry each."""

    name: str
    shape: Shape
    fields: dict[str, type]
    rows: tuple[tuple[Value, ...], ...]
    geometry: tuple[BaseGeometry, ...]
    description: str = ""

    def column(self, field: str) -> list[Value]:
        """Return the values of one field."""
        here = list(self.fields).index(field)
        return [row[here] for row in self.rows]


def point(at: Point) -> BaseGeometry:
    """Return a point geometry."""
    from shapely.geometry import Point as ShapelyPoint  # noqa: PLC0415  (loads on use)

    return ShapelyPoint(at)


def many_lines(parts: Parts) -> BaseGeometry:
    """Return a line geometry of several parts."""
    from shapely.geometry import MultiLineString  # noqa: PLC0415  (loads on use)

    return MultiLineString(list(parts))


def many_parts(line: BaseGeometry) -> BaseGeometry:
    """Return a line of one part or many as one of many."""
    from shapely.geometry import MultiLineString  # noqa: PLC0415  (loads on use)

    return MultiLineString(list(getattr(line, "geoms", [line])))


def joined(names: Iterable[str]) -> str:
    """Return names once each, in order, blanks left out."""
    return "|".join(sorted({name for name in names if name}))


WORLD_STEP_DEG, FARTHEST_NORTH_DEG = 5, 85
"""Distance between the points of the edge of the world, and where web maps end."""


def world() -> BaseGeometry:
    """Return the whole map as a polygon whose edge bends with any projection."""
    from shapely.geometry import MultiPolygon, Polygon  # noqa: PLC0415  (loads on use)

    top, side, step = FARTHEST_NORTH_DEG, 180, WORLD_STEP_DEG
    south = [(x, -top) for x in range(-side, side, step)]
    east = [(side, y) for y in range(-top, top, step)]
    north = [(x, top) for x in range(side, -side, -step)]
    west = [(-side, y) for y in range(top, -top, -step)]
    return MultiPolygon([Polygon([*south, *east, *north, *west])])
