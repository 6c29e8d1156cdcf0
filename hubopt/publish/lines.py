"""Where a link runs on the map: the instance's geometry, a great circle, or straight for trucks.

Both kinds of truck take the same road, so the line of one serves the other.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from hubopt.publish.datums import wgs84
from hubopt.publish.shapes import Point, Shapes, read_shapes
from hubopt.vocabulary import TRUCKS, Mode

if TYPE_CHECKING:
    from pathlib import Path

    from hubopt.instance.tables import Instance

Parts = tuple[tuple[Point, ...], ...]

ARC_STEP_KM = 100.0
"""Distance between the points of a drawn great circle."""

HALF_TURN, FULL_TURN = 180.0, 360.0

POLAR, POLE, HARDLY = 80.0, 90.0, 1e-12
"""Degrees from which a line counts as near a pole, those of the pole, and no turn to speak of."""


@dataclass(frozen=True)
class Lines:
    """The course of every link of an instance, as lines cut at the antimeridian."""

    instance: Instance
    folder: Path | None

    @cached_property
    def shapes(self) -> Shapes:
        """Lines that come with the instance, by (from, to, mode)."""
        return {} if self.folder is None else read_shapes(self.folder, self.instance)

    def point(self, place: str) -> Point:
        """Return the longitude and latitude of a place in WGS84."""
        return wgs84(self.instance.place[place])

    def between(self, from_place: str, to_place: str, mode: Mode) -> Parts:
        """Return the course from one place to another in the direction of travel."""
        for known in sorted(TRUCKS, key=lambda m: m is not mode) if mode in TRUCKS else (mode,):
            if there := self.shapes.get((from_place, to_place, known)):
                return cut(there)
            if back := self.shapes.get((to_place, from_place, known)):
                return cut(back[::-1])
        return cut(self.drawn(from_place, to_place, mode))

    def drawn(self, from_place: str, to_place: str, mode: Mode) -> tuple[Point, ...]:
        """Return a great circle, or a straight line for a short way on land."""
        a, b = self.point(from_place), self.point(to_place)
        return (a, b) if mode in TRUCKS else great_circle(a, b)

    def desire(self, origin: str, destination: str) -> Parts:
        """Return the great circle between the ends of a shipment."""
        return cut(great_circle(self.point(origin), self.point(destination)))


def great_circle(a: Point, b: Point) -> tuple[Point, ...]:
    """Return the shortest way on the ellipsoid, a point every hundred kilometres."""
    from pyproj import Geod  # noqa: PLC0415  (loads on use)

    geod = Geod(ellps="WGS84")
    _, _, metres = geod.inv(*a, *b)
    between = max(0, math.ceil(metres / 1000 / ARC_STEP_KM) - 1)
    middle = geod.npts(*a, *b, between) if between else []
    return (a, *((round(lon, 6), round(lat, 6)) for lon, lat in middle), b)


def latitude_at(lon: float, a: Point, b: Point) -> float:
    """Return the latitude at which a line from `a` to `b` meets a meridian between them.

    Near a pole the line is a great circle, on which longitudes turn quickly; else it is straight.
    """
    (x0, y0), (x1, y1) = a, b
    if x1 == x0:
        return y0
    if max(abs(y0), abs(y1)) < POLAR:
        return y0 + (lon - x0) / (x1 - x0) * (y1 - y0)
    turn = math.sin(math.radians(x1 - x0))
    if abs(turn) < HARDLY:  # opposite meridians: over the pole
        return math.copysign(POLE, y0 + y1)
    north = (math.tan(math.radians(y)) for y in (y0, y1))
    ways = (math.sin(math.radians(way)) for way in (x1 - lon, lon - x0))
    return math.degrees(math.atan(sum(n * w for n, w in zip(north, ways, strict=True)) / turn))


def cut(course: tuple[Point, ...]) -> Parts:
    """Return a line in parts that end at the antimeridian, as RFC 7946 asks."""
    parts: list[list[Point]] = [[course[0]]]
    for (x0, y0), (x1, y1) in itertools.pairwise(course):
        if abs(x1 - x0) > HALF_TURN:
            side = math.copysign(HALF_TURN, x0)
            far = x1 + math.copysign(FULL_TURN, x0)
            lat = round(latitude_at(side, (x0, y0), (far, y1)), 6)
            parts[-1].append((side, lat))
            parts.append([(-side, lat)])
        parts[-1].append((x1, y1))
    single = [[at for at, _ in itertools.groupby(part)] for part in parts]
    kept = [tuple(part) for part in single if len(part) > 1]
    return tuple(kept) or (course,)
