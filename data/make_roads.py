"""Make osm/road_lines.geojson: the course of roads that osm/road_legs.geojson has no line for.

    python data/make_roads.py

Each road link of the reference is routed on the OpenStreetMap-based highway graph of the package
`scgraph_data`; only the drawn line comes from it, lengths stay those of osm/road_legs.csv. Links
within a town, and those whose way on the graph is implausibly long or short, stay straight.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from scgraph_data.world_highways import world_highways_geograph
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import cKDTree
from shapely import LineString

from hubopt.reference.facts import Facts
from hubopt.reference.roads import roads
from hubopt.reference.tariffs import Tariffs

if TYPE_CHECKING:
    from numpy.typing import NDArray

HERE = Path(__file__).parent
TOLERANCE_DEG = 0.01
DECIMALS = 3
SHORTEST_KM = 15.0
PLAUSIBLE = (0.75, 1.4)
"""Length on the graph over length of the link, between which a way is taken for the right one."""


def main() -> None:
    """Write the file next to the other lines derived from OpenStreetMap."""
    facts = Facts(HERE)
    drawn, highways = pairs_with_a_line(), Highways()
    features = []
    for link in roads(facts, Tariffs(facts)):
        pair = frozenset((link.from_place, link.to_place))
        if pair in drawn or link.distance_km < SHORTEST_KM:
            continue
        drawn.add(pair)
        ends = point(facts, link.from_place), point(facts, link.to_place)
        course = highways.way(*ends, link.distance_km)
        if course is not None:
            features.append(feature(link.from_place, link.to_place, course))
    body = ",\n".join(json.dumps(f, ensure_ascii=False, separators=(",", ":")) for f in features)
    text = f'{{"type":"FeatureCollection","features":[\n{body}\n]}}\n'
    (HERE / "osm" / "road_lines.geojson").write_bytes(text.encode())


def pairs_with_a_line() -> set[frozenset[str]]:
    """Return the pairs of places that the measured legs have a line for."""
    text = (HERE / "osm" / "road_legs.geojson").read_text(encoding="utf-8")
    rows = [row["properties"] for row in json.loads(text)["features"]]
    return {frozenset((row["from_id"], row["to_id"])) for row in rows}


class Highways:
    """The largest connected part of the highway graph, and the shortest ways on it."""

    def __init__(self) -> None:
        arcs = world_highways_geograph.graph
        at = np.array(world_highways_geograph.nodes, dtype=float)
        ends = [list(row) for row in arcs]
        start = np.repeat(np.arange(len(arcs)), [len(row) for row in ends])
        end = np.array([node for row in ends for node in row], dtype=np.int64)
        km = np.array([length for row in arcs for length in row.values()], dtype=float)
        whole = csr_matrix((km, (start, end)), shape=(len(arcs), len(arcs)))
        _, part = connected_components(whole, directed=False)
        mainland = np.flatnonzero(part == np.bincount(part).argmax())
        self.graph = whole[mainland][:, mainland]
        self.at = at[mainland]
        self.near = cKDTree(on_the_sphere(self.at))

    def way(
        self, a: tuple[float, float], b: tuple[float, float], link_km: float
    ) -> list[tuple[float, float]] | None:
        """Return the way from (lat, lon) `a` to `b` as (lon, lat), `None` if it is implausible."""
        least, most = PLAUSIBLE
        _, (here, there) = self.near.query(on_the_sphere(np.array([a, b])))
        km, before = dijkstra(
            self.graph, indices=here, limit=most * link_km, return_predecessors=True
        )
        if not least * link_km <= km[there] <= most * link_km:
            return None
        nodes = [int(there)]
        while nodes[-1] != here:
            nodes.append(int(before[nodes[-1]]))
        points = [a, *(tuple(self.at[node]) for node in reversed(nodes)), b]
        return [(float(lon), float(lat)) for lat, lon in points]


def on_the_sphere(lat_lon: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return points in degrees as points on the unit sphere."""
    lat, lon = np.radians(lat_lon).T
    return np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])


def point(facts: Facts, place: str) -> tuple[float, float]:
    """Return the latitude and longitude of a place."""
    row = facts.places[place]
    return float(row["lat"]), float(row["lon"])


def feature(a: str, b: str, course: list[tuple[float, float]]) -> dict[str, object]:
    """Return a line with fewer points, its ends at the places."""
    kept = LineString(course).simplify(TOLERANCE_DEG).coords
    line = [[round(lon, DECIMALS), round(lat, DECIMALS)] for lon, lat in kept]
    return {
        "type": "Feature",
        "properties": {"from_id": a, "to_id": b},
        "geometry": {"type": "LineString", "coordinates": line},
    }


if __name__ == "__main__":
    main()
