"""The parts of the still map: a projection, what is drawn on it, and names that do not overlap."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from hubopt.publish.basemap import basemap
from hubopt.publish.palette import HENAN, LAND, LINE, SEA

if TYPE_CHECKING:
    from collections.abc import Iterable

    from matplotlib.axes import Axes
    from matplotlib.backends.backend_agg import RendererAgg
    from numpy.typing import NDArray

    from hubopt.publish.fonts import Writing

Box = tuple[float, float, float, float]
"""Left, bottom, right, top."""

DENSE_DEG = 1.0
"""Longest straight piece of a projected outline, in degrees."""

SEAM_DEG = 180.0


@dataclass
class Panel:
    """One map: axes, a projection, and where names already stand (in pixels)."""

    axes: Axes
    projection: str
    centre_lon: float
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
        """Draw land and, where asked, lines between provinces and the prefectures of Henan."""
        self.polygons("land", LAND, edge=None)
        if prefectures:
            self.polygons("henan", HENAN, edge=LINE)
        else:
            self.polygons("henan", "#f3ead0", edge=None)
        if provinces:
            for _, geometry in basemap("province_lines"):
                for part in getattr(geometry, "geoms", [geometry]):
                    for piece in self.pieces(part.coords):
                        self.axes.plot(
                            piece[:, 0], piece[:, 1], color=LINE, linewidth=0.5, linestyle=":",
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

    def course(self, points: Iterable[tuple[float, float]], **look: Any) -> None:  # noqa: ANN401
        """Draw one course and remember where it runs, so that names keep clear of it."""
        for piece in self.pieces(points):
            self.axes.plot(piece[:, 0], piece[:, 1], solid_capstyle="round", **look)
            self.busy.append(self.axes.transData.transform(piece))

    def pixel(self, point: tuple[float, float]) -> NDArray[np.float64] | None:
        """Return where a place stands in the picture, `None` outside the panel."""
        metres = self.projected(np.array([point]))
        place: NDArray[np.float64] = self.axes.transData.transform(metres)[0]
        left, bottom, right, top = self.axes.bbox.extents
        inside = left <= place[0] <= right and bottom <= place[1] <= top
        return place if inside else None


def dense(course: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a course with points so close that a projection can bend it; seams are left alone."""
    found = [course[:1]]
    for before, after in itertools.pairwise(course):
        step = np.abs(after - before).max()
        count = 1 if step > SEAM_DEG else max(1, math.ceil(step / DENSE_DEG))
        found.append(before + (after - before) * np.arange(1, count + 1)[:, None] / count)
    return np.vstack(found)


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


@dataclass(frozen=True, slots=True)
class Wanted:
    """A name that should stand beside a point (in pixels); higher `weight` is placed first."""

    text: str
    at: tuple[float, float]
    weight: float
    size: float
    colour: str
    bold: bool = False
    furthest_pt: float = 100.0


ANGLES = (0, 180, 45, -45, 135, -135, 90, -90, 20, -20, 160, -160, 65, -65, 115, -115)
DISTANCES_PT = (6, 10, 16, 24, 34, 46, 60, 78, 100)
LEADER_FROM_PT = 14
"""Names further off than this get a thin line to their point."""


def write_names(
    panel: Panel, wanted: Iterable[Wanted], writing: Writing, renderer: RendererAgg
) -> None:
    """Write names so that none touches another; those that find no room are left out."""
    from matplotlib.transforms import IdentityTransform  # noqa: PLC0415  (loads on use)

    lines = np.vstack(panel.busy) if panel.busy else np.empty((0, 2))
    for name in sorted(wanted, key=lambda w: (-w.weight, w.text)):
        text = panel.axes.text(
            0, 0, name.text, fontsize=name.size, color=name.colour, family=writing.families,
            transform=IdentityTransform(), zorder=9, ha="left", va="bottom", parse_math=False,
            fontweight="bold" if name.bold else "normal",
        )  # fmt: skip
        extent = text.get_window_extent(renderer)
        spot = best_spot(panel, name, extent.width, extent.height, lines)
        if spot is None:
            text.remove()
            continue
        text.set_position(spot[:2])
        edge_white(text)
        panel.taken.append(spot)
        leader(panel, name, spot)


def edge_white(text: Any) -> None:  # noqa: ANN401
    """Give a text a white edge, so that it reads over lines."""
    from matplotlib import patheffects  # noqa: PLC0415  (loads on use)

    text.set_path_effects([patheffects.withStroke(linewidth=2.2, foreground="white", alpha=0.9)])


def best_spot(
    panel: Panel, name: Wanted, width: float, height: float, lines: NDArray[np.float64]
) -> Box | None:
    """Return the free box for a name that is nearest and hides least of the lines."""
    scale = panel.axes.figure.dpi / 72
    best: tuple[float, Box] | None = None
    for distance in (d for d in DISTANCES_PT if d <= name.furthest_pt):
        for turn, angle in enumerate(ANGLES):
            box = beside(name.at, width, height, distance * scale, math.radians(angle))
            if not free(panel, box):
                continue
            hidden = covered(lines, box)
            cost = distance + 0.4 * turn + 2.0 * min(hidden, 15)
            if best is None or cost < best[0]:
                best = cost, box
    return None if best is None else best[1]


def beside(
    at: tuple[float, float], width: float, height: float, distance: float, angle: float
) -> Box:
    """Return a box whose nearest edge stands `distance` away from a point in a direction."""
    across, up = math.cos(angle), math.sin(angle)
    x = at[0] + across * distance + (across - 1) / 2 * width
    y = at[1] + up * distance + (up - 1) / 2 * height
    return x, y, x + width, y + height


def free(panel: Panel, box: Box) -> bool:
    """Return whether a box lies within the panel and touches no other."""
    left, bottom, right, top = panel.axes.bbox.extents
    pad = 3
    if box[0] < left + pad or box[1] < bottom + pad or box[2] > right - pad or box[3] > top - pad:
        return False
    return all(
        box[2] + pad <= other[0]
        or other[2] + pad <= box[0]
        or box[3] + 1 <= other[1]
        or other[3] + 1 <= box[1]
        for other in panel.taken
    )


def covered(lines: NDArray[np.float64], box: Box) -> int:
    """Return how many points of lines a box would hide."""
    x, y = lines[:, 0], lines[:, 1]
    return int(((x > box[0]) & (x < box[2]) & (y > box[1]) & (y < box[3])).sum())


def leader(panel: Panel, name: Wanted, box: Box) -> None:
    """Draw a thin line from a point to its name if that stands apart."""
    from matplotlib.transforms import IdentityTransform  # noqa: PLC0415  (loads on use)

    near = (min(max(name.at[0], box[0]), box[2]), min(max(name.at[1], box[1]), box[3]))
    if math.dist(near, name.at) > LEADER_FROM_PT * panel.axes.figure.dpi / 72:
        (line,) = panel.axes.plot(
            [name.at[0], near[0]], [name.at[1], near[1]], color="#555555", linewidth=0.5,
            zorder=8, transform=IdentityTransform(), scalex=False, scaley=False,
        )  # fmt: skip
        line.set_clip_on(False)
