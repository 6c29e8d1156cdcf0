"""The maps of the picture: a projection each, and what is drawn on it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from hubopt.publish.basemap import basemap
from hubopt.publish.palette import HENAN, LAND, LINE, SEA

if TYPE_CHECKING:
    from collections.abc import Iterable

    from matplotlib.axes import Axes
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

Box = tuple[float, float, float, float]
"""Left, bottom, right, top."""

DENSE_DEG = 1.0
"""Longest straight piece of a projected outline, in degrees."""

SEAM_DEG = 180.0

BUSY_PX = 6.0
"""Names keep clear of points this far apart along a line."""

EDGE_PT, WHITE_EDGE = 0.8, (1.0, 1.0, 1.0, 0.7)


class Stroke(NamedTuple):
    """One course as it is drawn."""

    course: tuple[tuple[float, float], ...]
    colour: str
    width: float
    opacity: float


@dataclass
class Panel:
    """One map: axes, a projection, and where names already stand (in pixels)."""

    axes: Axes
    projection: str
    centre_lon: float
    boundaries: tuple[BaseGeometry, ...] = ()
    taken: list[Box] = field(default_factory=list)
    busy: list[NDArray[np.float64]] = field(default_factory=list)

    @cached_property
    def to_map(self) -> Any:  # noqa: ANN401
        """The way from degrees to metres."""
        from pyproj import Transformer  # noqa: PLC0415  (loads on use)

        return Transformer.from_crs("EPSG:4326", self.projection, always_xy=True)

    def projected(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return longitudes and latitudes as metres on the map."""
        x, y = self.to_map.transform(points[:, 0], points[:, 1])
        return np.column_stack([x, y])

    def degrees(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return metres on the map as longitudes and latitudes."""
        lon, lat = self.to_map.transform(points[:, 0], points[:, 1], direction="INVERSE")
        return np.column_stack([lon, lat])

    def show(self, box: Box) -> None:
        """Set what part of the earth the panel shows, in degrees."""
        west, south, east, north = box
        xs, ys = np.linspace(west, east, 40), np.linspace(south, north, 40)
        rim = np.array(
            [(x, y) for x in xs for y in (south, north)]
            + [(x, y) for y in ys for x in (west, east)]
        )
        metres = self.projected(rim)
        low, high = metres.min(axis=0), metres.max(axis=0)
        middle, size = (low + high) / 2, high - low
        pixels = np.array([self.axes.bbox.width, self.axes.bbox.height])
        half = (size / pixels).max() * pixels / 2
        self.axes.set_autoscale_on(False)
        self.axes.set_xlim(middle[0] - half[0], middle[0] + half[0])
        self.axes.set_ylim(middle[1] - half[1], middle[1] + half[1])
        self.axes.set_facecolor(SEA)
        self.axes.set_xticks([])
        self.axes.set_yticks([])
        for spine in self.axes.spines.values():
            spine.set_color("#8a8f94")
            spine.set_linewidth(0.8)

    def pieces(self, points: Iterable[tuple[float, float]]) -> list[NDArray[np.float64]]:
        """Return a course in metres, in pieces that end where the map ends."""
        course = dense(np.asarray(list(points), dtype=float))
        turned = (course[:, 0] - self.centre_lon + SEAM_DEG) % (2 * SEAM_DEG)
        breaks = np.flatnonzero(np.abs(np.diff(turned)) > SEAM_DEG) + 1
        return [self.projected(piece) for piece in np.split(course, breaks) if len(piece) > 1]

    def outlines(self, *, provinces: bool, prefectures: bool) -> None:
        """Draw land and, where asked, lines between provinces and the prefectures of Henan.

        Boundaries of a reviewed map take the place of both, on every panel.
        """
        self.polygons("land", LAND, edge=None)
        if self.boundaries:
            self.thin_lines(self.boundaries, "-")
            return
        if prefectures:
            self.polygons("henan", HENAN, edge=LINE)
        else:
            self.polygons("henan", "#f3ead0", edge=None)
        if provinces:
            self.thin_lines((geometry for _, geometry in basemap("province_lines")), ":")

    def thin_lines(self, geometries: Iterable[BaseGeometry], look: str) -> None:
        """Draw lines of a basemap, below everything else."""
        for geometry in geometries:
            for part in getattr(geometry, "geoms", [geometry]):
                for piece in self.pieces(part.coords):
                    self.axes.plot(
                        piece[:, 0], piece[:, 1], color=LINE, linewidth=0.5, linestyle=look,
                        zorder=1.2,
                    )  # fmt: skip

    def polygons(self, name: str, colour: str, *, edge: str | None) -> None:
        """Fill the polygons of an outline, cut where the map ends."""
        from matplotlib.collections import PathCollection  # noqa: PLC0415  (loads on use)
        from matplotlib.path import Path  # noqa: PLC0415

        paths = []
        for _, geometry in basemap(name):
            for part in parts_on(geometry, self.centre_lon):
                rings = [self.projected(dense(np.asarray(part.exterior.coords)[:, :2]))]
                rings += [
                    self.projected(dense(np.asarray(hole.coords)[:, :2])) for hole in part.interiors
                ]
                paths.append(Path.make_compound_path(*(Path(ring, closed=True) for ring in rings)))
        self.axes.add_collection(
            PathCollection(
                paths,
                facecolors=colour,
                edgecolors=edge or colour,
                linewidths=0.5 if edge else 0.2,
                zorder=1.1 if edge else 1.0,
            ),
            autolim=False,
        )

    def courses(self, strokes: Iterable[Stroke]) -> None:
        """Draw courses with a thin white edge each, and remember where they run."""
        from matplotlib.collections import LineCollection  # noqa: PLC0415  (loads on use)
        from matplotlib.colors import to_rgba  # noqa: PLC0415

        lines, colours, widths = [], [], []
        for stroke in strokes:
            for piece in self.pieces(stroke.course):
                lines += [piece, piece]
                colours += [WHITE_EDGE, to_rgba(stroke.colour, stroke.opacity)]
                widths += [stroke.width + EDGE_PT, stroke.width]
        drawn = LineCollection(lines, colors=colours, linewidths=widths, capstyle="round", zorder=3)
        self.axes.add_collection(drawn, autolim=False)
        pixels = [self.axes.transData.transform(line) for line in lines[::2]]
        self.busy += [dense(line, BUSY_PX, math.inf) for line in pixels]

    def pixel(self, point: tuple[float, float]) -> NDArray[np.float64] | None:
        """Return where a place stands in the picture, `None` outside the panel."""
        metres = self.projected(np.array([point]))
        place: NDArray[np.float64] = self.axes.transData.transform(metres)[0]
        left, bottom, right, top = self.axes.bbox.extents
        inside = left <= place[0] <= right and bottom <= place[1] <= top
        return place if inside else None


def dense(
    course: NDArray[np.float64], step: float = DENSE_DEG, seam: float = SEAM_DEG
) -> NDArray[np.float64]:
    """Return a course with points so close that a projection can bend it; seams are left alone."""
    steps = np.diff(course, axis=0)
    longest = np.abs(steps).max(axis=1)
    count = np.where(longest > seam, 1, np.ceil(longest / step)).astype(int).clip(1)
    if (count == 1).all():
        return course
    here = np.repeat(np.arange(len(count)), count)
    number = np.arange(len(here)) - np.repeat(np.cumsum(count) - count, count) + 1
    between = course[here] + steps[here] * (number / count[here])[:, None]
    return np.vstack([course[:1], between])


def parts_on(geometry: Any, centre_lon: float) -> list[Any]:  # noqa: ANN401
    """Return the polygons of a shape cut at the edge of a map around `centre_lon`."""
    from shapely.geometry import Polygon, box  # noqa: PLC0415  (loads on use)

    edge = (centre_lon + 2 * SEAM_DEG) % (2 * SEAM_DEG) - SEAM_DEG
    hair = 1e-6
    halves = [box(-180, -90, edge - hair, 90), box(edge + hair, -90, 180, 90)]
    if abs(edge) == SEAM_DEG:
        halves = [box(-180, -90, 180, 90)]
    cut = [geometry.intersection(half) for half in halves]
    return [p for g in cut for p in getattr(g, "geoms", [g]) if isinstance(p, Polygon)]
