"""The courses of rivers and canals between ports, along points placed by hand."""

from __future__ import annotations

import heapq
import itertools
from collections import defaultdict
from typing import TYPE_CHECKING

from hubopt.reference.facts import rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hubopt.reference.facts import Facts

    Point = tuple[float, float]


class Waterways:
    """Reaches joined where they share a point; the way between two ports is the shortest."""

    def __init__(self, facts: Facts) -> None:
        table = rows(facts.data, "waterway_points.csv")
        self.at: dict[str, Point] = {}
        for row in table:
            known = row if row["lat"] else facts.places[row["id"]]
            self.at[row["id"]] = float(known["lon"]), float(known["lat"])
        self.next: dict[str, dict[str, float]] = defaultdict(dict)
        for before, after in itertools.pairwise(table):
            if before["reach_en"] == after["reach_en"]:
                km = apart(self.at[before["id"]], self.at[after["id"]])
                self.next[before["id"]][after["id"]] = km
                self.next[after["id"]][before["id"]] = km

    def line(self, a: str, b: str) -> list[Point] | None:
        """Return the points (lon, lat) from port to port, `None` if no water joins them."""
        before = self.tree(a)
        if b not in before:
            return None
        points = [b]
        while points[-1] != a:
            points.append(before[points[-1]])
        return [self.at[point] for point in reversed(points)]

    def tree(self, start: str) -> Mapping[str, str]:
        """Return for each point that can be reached the one before it on the shortest way."""
        before: dict[str, str] = {}
        heap = [(0.0, start, start)]
        while heap:
            km, point, came_from = heapq.heappop(heap)
            if point in before:
                continue
            before[point] = came_from
            for other, more in self.next[point].items():
                heapq.heappush(heap, (km + more, other, point))
        return before


def apart(a: Point, b: Point) -> float:
    """Return the geodesic distance between two points, in km."""
    from pyproj import Geod  # noqa: PLC0415  (heavy)

    return float(Geod(ellps="WGS84").inv(*a, *b)[2]) / 1000
