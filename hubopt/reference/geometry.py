"""The lines on the map of the reference: measured roads and railways, sea routes, flights.

Lines derived from OpenStreetMap stand in files of their own, because of their licence.
"""

from __future__ import annotations

import itertools
import json
from typing import TYPE_CHECKING, Any

from hubopt.reference.chosen import RIVAL_LANES
from hubopt.reference.waterways import Waterways
from hubopt.vocabulary import Mode

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from hubopt.instance.tables import Instance
    from hubopt.reference.facts import Facts

Line = list[tuple[float, float]]
Lines = dict[tuple[str, str], Line]

SIMPLER_DEG = {"osm_road": 0.003, "osm_rail": 0.003, "sea": 0.05}
"""Tolerance of simplification, degrees."""

FLIGHT_POINTS = 40
DATE_LINE_DEG = 180.0
LONGEST_LINE = 1.5
"""A line this many times as long as its link takes another way, and is not drawn."""

MODES = {
    "osm_road": (Mode.ROAD_DIESEL,),
    "osm_rail": (Mode.RAIL,),
    "sea": (Mode.SEA,),
    "flights": (Mode.AIR,),
    "rivers": (Mode.BARGE,),
}
SOURCES = {
    "osm_road": ("osm/road_lines", "osm/road_legs"),
    "osm_rail": ("osm/rail_legs",),
    "sea": ("sea_routes",),
}
"""Files of facts with the lines of each kind; a later one counts more."""


def write_geometry(facts: Facts, instance: Instance, folder: Path) -> None:
    """Write one GeoJSON file for each kind of line into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, modes in MODES.items():
        pairs = {
            (link.from_place, link.to_place): link.distance_km
            for link in instance.links
            if link.mode in modes
        }
        features = list(drawn(facts, name, pairs))
        text = json.dumps(
            {"type": "FeatureCollection", "name": name, "features": features},
            ensure_ascii=False,
            separators=(",", ":"),
        )
        (folder / f"{name}.geojson").write_bytes(text.encode() + b"\n")


def drawn(
    facts: Facts, name: str, pairs: Mapping[tuple[str, str], float]
) -> Iterator[dict[str, Any]]:
    """Yield a feature for each pair of places whose line is known and fits the link's km."""
    known = known_lines(facts, name)
    seen: set[frozenset[str]] = set()
    for (a, b), km in pairs.items():
        line = line_of(facts, name, known, (a, b))
        if line is None or frozenset((a, b)) in seen or line_km(line) > LONGEST_LINE * km:
            continue
        seen.add(frozenset((a, b)))
        yield {
            "type": "Feature",
            "properties": {"from_place": a, "to_place": b, "mode": MODES[name][0].value},
            "geometry": geometry(simpler(line, SIMPLER_DEG.get(name))),
        }


def line_km(line: Line) -> float:
    """Return the geodesic length of a line."""
    from pyproj import Geod  # noqa: PLC0415  (heavy)

    lons, lats = [lon for lon, _ in line], [lat for _, lat in line]
    return float(Geod(ellps="WGS84").line_length(lons, lats)) / 1000


def known_lines(facts: Facts, name: str) -> Lines:
    """Return the lines that the facts hold of one kind, in both directions."""
    lines: Lines = {}
    for source in SOURCES.get(name, ()):
        text = (facts.data / f"{source}.geojson").read_text(encoding="utf-8")
        for feature in json.loads(text)["features"]:
            said = feature["properties"]
            if said.get("variant") == "cape":
                continue
            a, b = said["from_id"], said["to_id"]
            line = joined(feature["geometry"])
            lines[a, b] = line
            lines[b, a] = line[::-1]
    return lines


def joined(shape: dict[str, Any]) -> Line:
    """Return the points of a line in one piece, continuous over the date line."""
    parts = shape["coordinates"] if shape["type"] == "MultiLineString" else [shape["coordinates"]]
    line: Line = []
    for lon, lat in itertools.chain.from_iterable(parts):
        shifted = lon
        if line:
            shifted = lon + 360.0 * round((line[-1][0] - lon) / 360.0)
        line.append((shifted, lat))
    return line


def line_of(facts: Facts, name: str, known: Lines, ends: tuple[str, str]) -> Line | None:
    """Return the line between two places, `None` where nothing better than straight is known."""
    if name == "flights":
        return great_circle(facts, *ends)
    if name == "rivers":
        return Waterways(facts).line(*ends)
    if name == "osm_rail" and ends not in known:
        return through(facts, known, ends)
    if name == "sea" and ends not in known and ends[0] == "CNTAC":
        river, sea = Waterways(facts).line("CNTAC", "CNSHA"), known.get(("CNSHA", ends[1]))
        return None if river is None or sea is None else [*river, *sea[1:]]
    return known.get(ends)


def through(facts: Facts, known: Lines, ends: tuple[str, str]) -> Line | None:
    """Return the line of a rail link that runs over several measured legs."""
    a, b = ends
    if a == "ZIP_E":
        stops: tuple[str, ...] = (a, "PUT", b)
    elif a == "ZIP_W":
        stops = ("ZIP_E", "PUT", b)
    elif b in RIVAL_LANES:
        stops = (a, *RIVAL_LANES[b])
    else:
        return None
    pieces = [known.get(pair) for pair in itertools.pairwise(stops)]
    if any(piece is None for piece in pieces):
        return None
    line = [point for piece in pieces if piece is not None for point in piece]
    return [at(facts, a), *line[1:]] if a == "ZIP_W" else line


def great_circle(facts: Facts, a: str, b: str) -> Line:
    """Return points along the geodesic between two places, both included."""
    from pyproj import Geod  # noqa: PLC0415  (heavy)

    ends = [at(facts, place) for place in (a, b)]
    between = Geod(ellps="WGS84").npts(*ends[0], *ends[1], FLIGHT_POINTS)
    points = [ends[0], *((float(lon), float(lat)) for lon, lat in between), ends[1]]
    return joined({"type": "LineString", "coordinates": points})


def at(facts: Facts, place: str) -> tuple[float, float]:
    """Return the longitude and latitude of a place."""
    row = facts.places[place]
    return float(row["lon"]), float(row["lat"])


def simpler(line: Line, tolerance_deg: float | None) -> Line:
    """Return a line with fewer points; its ends stay."""
    if tolerance_deg is None:
        return line
    from shapely import LineString  # noqa: PLC0415  (heavy)

    return [(x, y) for x, y in LineString(line).simplify(tolerance_deg).coords]


def geometry(line: Line) -> dict[str, Any]:
    """Return a GeoJSON geometry, cut where it crosses the date line."""
    parts: list[list[list[float]]] = [[]]
    for here, (lon, lat) in enumerate(line):
        if here and world(lon) != world(line[here - 1][0]):
            edge, at_lat = crossing(line[here - 1], (lon, lat))
            parts[-1].append(point(edge, at_lat, world(line[here - 1][0])))
            parts.append([point(edge, at_lat, world(lon))])
        parts[-1].append(point(lon, lat, world(lon)))
    if len(parts) == 1:
        return {"type": "LineString", "coordinates": parts[0]}
    return {"type": "MultiLineString", "coordinates": parts}


def world(lon: float) -> int:
    """Return how many times round the world a continuous longitude lies."""
    return int((lon + DATE_LINE_DEG) // 360.0)


def point(lon: float, lat: float, round_: int) -> list[float]:
    """Return a point with its longitude between -180 and 180."""
    return [round(lon - 360.0 * round_, 4), round(lat, 4)]


def crossing(a: tuple[float, float], b: tuple[float, float]) -> tuple[float, float]:
    """Return where the straight line between two points meets the date line."""
    edge = 360.0 * max(world(a[0]), world(b[0])) - DATE_LINE_DEG
    share = (edge - a[0]) / (b[0] - a[0])
    return edge, a[1] + share * (b[1] - a[1])
