"""The lines that come with an instance, read from `geometry/*.geojson` and checked against it.

RFC 7946, WGS84: LineStrings with the properties `from_place`, `to_place` and `mode`. The mode
`road` stands for either kind of truck.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from hubopt.errors import Finding, InputError
from hubopt.instance.distance import straight_km
from hubopt.instance.nearest import nearest_of
from hubopt.publish.datums import wgs84
from hubopt.text import Text
from hubopt.vocabulary import Mode

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from hubopt.instance.tables import Instance

Point = tuple[float, float]
Shapes = dict[tuple[str, str, Mode], tuple[Point, ...]]

LARGEST_LON, LARGEST_LAT = 180.0, 90.0

FURTHEST_KM = 50.0
"""A line that ends further than this from its place belongs to another one."""

REMEDY = Text(
    "each feature is a LineString with from_place, to_place and mode",
    "每个要素应为 LineString，并含 from_place、to_place 和 mode",
)


@dataclass(frozen=True, slots=True)
class Drawn:
    """One line of a file: its ends and mode, its course, and where it stands."""

    file: str
    number: int
    from_place: str
    to_place: str
    mode: Mode
    course: tuple[Point, ...]

    def finding(self, value: str, reason: Text, remedy: Text, nearest: str | None) -> Finding:
        """Return what is wrong with this line."""
        place = f"feature {self.number}"
        return Finding(self.file, reason, remedy, None, place, value, nearest, code="GEO02")


def read_shapes(folder: Path, instance: Instance) -> Shapes:
    """Return the lines of an instance; raise `InputError` for all that are broken or misplaced."""
    found: Shapes = {}
    wrong: list[Finding] = []
    for file in geometry_files(folder):
        try:
            lines = list(features(file))
        except InputError as error:
            wrong += error.findings
            continue
        for line in lines:
            wrong += misplaced(line, instance)
            found.setdefault((line.from_place, line.to_place, line.mode), line.course)
    if wrong:
        raise InputError(wrong)
    return found


def geometry_files(folder: Path) -> list[Path]:
    """Return the geometry files of an instance folder; links that lead out of it are left alone."""
    return [f for f in sorted((folder / "geometry").glob("*.geojson")) if lies_in(f, folder)]


def lies_in(file: Path, folder: Path) -> bool:
    """Return whether a file, its links followed, lies in a folder."""
    try:
        return file.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):  # links in a circle
        return False


def features(file: Path) -> Iterator[Drawn]:
    """Yield each line in a file; raise `InputError` with the number of the first broken one."""
    name, number = f"geometry/{file.name}", 0
    try:
        rows = json.loads(text_of(file))["features"]
        for number, row in enumerate(rows, start=1):
            said: dict[str, Any] = row["properties"]
            kind = str(said["mode"])
            mode = Mode.ROAD_DIESEL if kind == "road" else Mode(kind)
            ends = str(said["from_place"]), str(said["to_place"])
            yield Drawn(name, number, *ends, mode, course_of(row["geometry"]))
    except (OSError, ValueError, LookupError, TypeError, OverflowError, RecursionError) as error:
        said_why = " ".join(str(error).split())[:120]
        reason = Text(f"is no GeoJSON of links ({said_why})", f"不是线路的 GeoJSON（{said_why}）")
        place = f"feature {number}" if number else None
        raise InputError([Finding(name, reason, REMEDY, column=place, code="GEO01")]) from error


def text_of(file: Path) -> str:
    """Return the text of a file; folders and pipes are none."""
    if not file.is_file():
        message = "it is no file"
        raise ValueError(message)
    return file.read_text(encoding="utf-8-sig")


def course_of(geometry: dict[str, Any]) -> tuple[Point, ...]:
    """Return the points of a line, the parts of a multi-line joined end to end."""
    kind, points = geometry["type"], geometry["coordinates"]
    if kind == "MultiLineString":
        points = [point for part in points for point in part]
    elif kind != "LineString":
        raise ValueError(kind)
    course = tuple((float(point[0]), float(point[1])) for point in points)
    on_earth = all(abs(x) <= LARGEST_LON and abs(y) <= LARGEST_LAT for x, y in course)
    if len(course) <= 1 or not on_earth:
        message = "a line needs two points in degrees"
        raise ValueError(message)
    return course


def misplaced(line: Drawn, instance: Instance) -> Iterator[Finding]:
    """Yield what is wrong with the ends of a line: an unknown place, or one that lies elsewhere."""
    for ident, end in ((line.from_place, line.course[0]), (line.to_place, line.course[-1])):
        if ident not in instance.place:
            reason = Text("is no place of places.csv", "不是 places.csv 中的地点")
            remedy = Text("use an id of places.csv", "请使用 places.csv 中的 id")
            yield line.finding(ident, reason, remedy, nearest_of(ident, instance.place))
        elif (km := away_km(instance, ident, end)) > FURTHEST_KM:
            reason = Text(
                f"the line ends {km:,.0f} km from this place (at most {FURTHEST_KM:.0f})",
                f"线的端点距该地点 {km:,.0f} km（不得超过 {FURTHEST_KM:.0f} km）",
            )
            remedy = Text(
                "correct the line, or the ids of its ends; coordinates are longitude, latitude",
                "请更正线形或两端的 id；坐标顺序为经度、纬度",
            )
            yield line.finding(ident, reason, remedy, None)


def away_km(instance: Instance, ident: str, point: Point) -> float:
    """Return the great-circle distance from a place to a point."""
    lon, lat = wgs84(instance.place[ident])
    here = replace(instance.place[ident], lon=lon, lat=lat)
    return straight_km(here, replace(here, lon=point[0], lat=point[1]))
