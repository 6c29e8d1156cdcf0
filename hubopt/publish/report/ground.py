"""The ground of the map: land without borders and the courses of links, flat and in whole units.

Longitudes are unwrapped so that the map runs from 30 W over Asia to 30 W again, since a cut through
Siberia would leave streaks. Heights are Miller's: as good as true in shape at Zhengzhou, and the
north does not swell as on Mercator's map. Points are whole parts of a degree, each but the first as
steps from the one before, which makes them short.
"""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING

from hubopt.publish.basemap import basemap
from hubopt.publish.layer import many_lines
from hubopt.publish.panels import parts_on

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from shapely.geometry.base import BaseGeometry

    from hubopt.publish.lines import Parts
    from hubopt.publish.report.shared import Json
    from hubopt.publish.shapes import Point

WEST_DEG, CENTRE_DEG, TURN_DEG, HALF_TURN_DEG = -30.0, 150.0, 360.0, 180.0

MILLER = 0.8
"""Heights grow as on Mercator's map of latitudes made smaller by this."""

FINE, COARSE = 1000, 100
"""Parts of a degree: about 100 m for places, courses and prefectures, 1 km for land."""

COURSE_DEG = 0.008
"""Courses leave their links by no more than this, about 800 m."""

BORDER_DEG = 0.005
"""Borders leave their lines by no more than this, about 500 m."""

HENAN_BOX = (110.3, 31.3, 116.7, 36.4)


def unwrapped(lon: float) -> float:
    """Return a longitude on the map, from 30 W on eastward."""
    return (lon - WEST_DEG) % TURN_DEG + WEST_DEG


def height(lat: float) -> float:
    """Return how far north of the equator a latitude is drawn, in degrees of the equator."""
    angle = math.radians(max(-89.0, min(89.0, lat))) * MILLER / 2
    return math.degrees(math.log(math.tan(math.pi / 4 + angle)) / MILLER)


def spot(point: Point, parts: int = FINE) -> tuple[int, int]:
    """Return a point in whole parts of a degree on the map."""
    return round(unwrapped(point[0]) * parts), round(height(point[1]) * parts)


def steps(points: Iterable[tuple[int, int]]) -> list[Json]:
    """Return points as one flat list: the first, then steps from one to the next."""
    flat: list[Json] = []
    before = (0, 0)
    for here in points:
        if not flat or here != before:
            flat += [here[0] - before[0], here[1] - before[1]]
        before = here
    return flat


def ground(spots: Sequence[Point], borders: Sequence[BaseGeometry] = ()) -> dict[str, Json]:
    """Return land, and the prefectures of Henan if one of the places lies there.

    `borders` are lines of a reviewed map, which take the place of the prefectures.
    """
    west, south, east, north = HENAN_BOX
    home = any(west < lon < east and south < lat < north for lon, lat in spots)
    return {
        "land": polygons("land", COARSE),
        "home": polygons("henan", FINE) if home and not borders else [],
        "borders": [flat for line in borders for flat in border(line)],
        "parts": [COARSE, FINE],
    }


def polygons(name: str, parts: int) -> list[Json]:
    """Return the polygons of an outline, each a list of rings, cut where the map ends."""
    found: list[Json] = []
    for _, geometry in basemap(name):
        for polygon in parts_on(geometry, CENTRE_DEG):
            rings = [polygon.exterior, *polygon.interiors]
            found.append([steps(spot((x, y), parts) for x, y in ring.coords) for ring in rings])
    return found


def border(line: BaseGeometry) -> list[Json]:
    """Return a border as courses, one for each of its parts."""
    parts = getattr(line, "geoms", [line])
    return [flat for part in parts for flat in course((tuple(part.coords),), BORDER_DEG)]


def course(parts: Parts, tolerance_deg: float = COURSE_DEG) -> list[Json]:
    """Return a course on the map: one list of points for each part between the map's edges."""
    whole = [point for part in parts for point in part]
    eastward, before = [], unwrapped(whole[0][0])
    for lon, lat in whole:
        before += (lon - before + HALF_TURN_DEG) % TURN_DEG - HALF_TURN_DEG
        eastward.append((before, lat))
    simple = many_lines((tuple(eastward),)).simplify(tolerance_deg)
    points = [point for line in getattr(simple, "geoms", [simple]) for point in line.coords]
    return [steps(drawn(piece)) for piece in pieces(points)]


def drawn(points: Iterable[Point]) -> list[tuple[int, int]]:
    """Return points that lie within the map in whole parts of a degree."""
    return [(round(lon * FINE), round(height(lat) * FINE)) for lon, lat in points]


def pieces(points: Sequence[Point]) -> list[list[Point]]:
    """Return a course in pieces that end at the edges of the map, each moved into it."""
    found: list[list[Point]] = []
    for (x0, y0), (x1, y1) in itertools.pairwise(points):
        turn = math.floor((min(x0, x1) - WEST_DEG) / TURN_DEG)
        edge = WEST_DEG + (turn + 1) * TURN_DEG
        if max(x0, x1) <= edge:
            bits = [((x0, y0), (x1, y1), turn)]
        else:
            middle = (edge, y0 + (y1 - y0) * (edge - x0) / (x1 - x0))
            near, far = (turn, turn + 1) if x0 < x1 else (turn + 1, turn)
            bits = [((x0, y0), middle, near), (middle, (x1, y1), far)]
        for start, end, by in bits:
            a, b = ((x - by * TURN_DEG, y) for x, y in (start, end))
            if found and found[-1][-1] == a:
                found[-1].append(b)
            else:
                found.append([a, b])
    return found or [[(x, y) for x, y in points] * 2]
