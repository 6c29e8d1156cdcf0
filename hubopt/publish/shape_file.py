"""One file of lines: its features as courses in WGS84, and what is wrong with each of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hubopt.errors import Finding
from hubopt.instance.codes import Code
from hubopt.instance.draft import shown
from hubopt.instance.nearest import nearest_of
from hubopt.instance.read_text import read_bytes
from hubopt.publish import shape_geojson, shape_layer
from hubopt.publish.shape_source import Broken, Feature, Point, Source
from hubopt.text import Text
from hubopt.vocabulary import Mode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

__all__ = ["NOT_READ", "READERS", "Drawn", "Lines", "Point", "other_format", "read_lines"]

READERS: dict[str, Callable[[Path, bytes], Source]] = {
    ".geojson": shape_geojson.source,
    ".gpkg": shape_layer.geopackage,
    ".shp": shape_layer.shapefile,
}
"""What reads the files of each ending."""

NOT_READ = frozenset({
    ".fgb", ".gml", ".gpx", ".kml", ".kmz", ".mif", ".sqlite", ".tab", ".topojson", ".vrt", ".zip",
})  # fmt: skip
"""Endings of files with lines that are not read here; they are named instead of passed over."""

LARGEST_FILE = 200_000_000
LARGEST_LON, LARGEST_LAT = 180.0, 90.0
MOST_LISTED = 20
WORDS = [*(mode.value for mode in Mode), "road"]

REMEDY = Text(
    "each feature is a LineString with from_place, to_place and mode",
    "每个要素应为 LineString，并含 from_place、to_place 和 mode",
)


@dataclass(frozen=True, slots=True)
class Drawn:
    """One line of a file: its ends and mode, its course, and where it stands."""

    file: str
    spot: str
    from_place: str
    to_place: str
    mode: Mode
    course: tuple[Point, ...]

    def finding(
        self, value: str, reason: Text, remedy: Text, code: Code, nearest: str | None = None
    ) -> Finding:
        """Return what is wrong with this line."""
        return Finding(self.file, reason, remedy, None, self.spot, shown(value), nearest, code=code)


@dataclass
class Lines:
    """What one file holds: lines, what is wrong, and what is to be noted."""

    drawn: list[Drawn] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    notes: list[Text] = field(default_factory=list)


def read_lines(file: Path, folder: Path) -> Lines:
    """Return the lines in a file of the instance in `folder`, with all that is wrong with them."""
    lines, name = Lines(), f"geometry/{shown(file.name)}"
    content = read_bytes(file, folder=folder, most=LARGEST_FILE)
    if isinstance(content, Finding):
        lines.findings.append(at_file(name, content))
        return lines
    try:
        source = READERS[file.suffix.lower()](file, content)
        lines.notes += [Text(f"{name}: {note.en}", f"{name}：{note.zh}") for note in source.notes]
        read_features(name, source.features, lines)
    except Broken as broken:
        lines.findings.append(Finding(name, broken.reason, broken.remedy, code=broken.code))
    return lines


def at_file(name: str, found: Finding) -> Finding:
    """Return a finding under the name that includes the folder."""
    return Finding(name, found.reason, found.remedy, code=found.code)


def read_features(name: str, features: Iterable[Feature], lines: Lines) -> None:
    """Read feature by feature; a broken one is reported and the others are read on."""
    broken = 0
    for feature in features:
        try:
            lines.drawn.append(drawn(name, feature))
        except Broken as error:
            broken += 1
            if broken <= MOST_LISTED:
                lines.findings.append(
                    Finding(
                        name,
                        error.reason,
                        error.remedy,
                        column=feature.spot,
                        value=error.value,
                        nearest=error.nearest,
                        code=error.code,
                    )
                )
    if broken > MOST_LISTED:
        more = broken - MOST_LISTED
        reason = Text(f"and {more} more features are broken", f"还有 {more} 个要素有问题")
        lines.findings.append(Finding(name, reason, REMEDY, code=Code.NO_LINE))


def drawn(name: str, feature: Feature) -> Drawn:
    """Return a feature as a line, or raise `Broken`."""
    said = feature.properties
    for key in ("from_place", "to_place", "mode"):
        if said.get(key) in {None, ""}:
            raise Broken(Code.EMPTY_CELL, Text(f"has no {key}", f"没有 {key}"), REMEDY)
    ends = str(said["from_place"]), str(said["to_place"])
    return Drawn(name, feature.spot, *ends, mode_of(str(said["mode"])), course_of(feature))


def mode_of(word: str) -> Mode:
    """Return the mode that a word names."""
    try:
        return Mode.ROAD_DIESEL if word == "road" else Mode(word)
    except ValueError:
        listed = ", ".join(WORDS)
        raise Broken(
            Code.UNKNOWN_WORD,
            Text("is no mode", "不是运输方式"),
            Text(f"write one of: {listed}", f"请写以下之一：{listed}"),
            shown(word),
            nearest_of(word, WORDS),
        ) from None


def course_of(feature: Feature) -> tuple[Point, ...]:
    """Return the points of a line, which must have a length and lie on the globe."""
    course = points_of(feature.geometry)
    if any(not (abs(x) <= LARGEST_LON and abs(y) <= LARGEST_LAT) for x, y in course):
        raise Broken(
            Code.NO_CRS,
            Text("its coordinates are no degrees", "坐标不是经纬度"),
            Text("export it in WGS84 (EPSG:4326)", "请以 WGS84（EPSG:4326）导出"),
        )
    if len(set(course)) == 1:
        raise Broken(
            Code.ZERO_LENGTH,
            Text("the line has no length: it starts where it ends", "线的长度为零：起点即终点"),
            Text("delete the feature or draw it anew", "请删除该要素或重新绘制"),
        )
    return course


def points_of(geometry: Any) -> tuple[Point, ...]:  # noqa: ANN401  (whatever stands in the file)
    """Return the points of a line as they stand, the parts of a multi-line joined end to end."""
    try:
        kind = None if geometry is None else str(geometry["type"])
        points = [] if geometry is None else geometry["coordinates"]
        if kind == "MultiLineString":
            points = [point for part in points for point in part]
        elif kind not in {None, "LineString"}:
            raise Broken(
                Code.NO_LINE, Text("is no line", "不是线"), REMEDY, shown(str(kind)), "LineString"
            )
        course = tuple((float(point[0]), float(point[1])) for point in points)
    except (ValueError, LookupError, TypeError, OverflowError) as error:
        reason = Text("its geometry cannot be read", "几何无法读取")
        raise Broken(Code.NO_LINE, reason, REMEDY) from error
    if not course:
        raise Broken(
            Code.EMPTY_GEOMETRY,
            Text("empty geometry", "几何为空"),
            Text("delete the feature or draw it", "请删除该要素或绘制线形"),
        )
    return course


def other_format(file: Path) -> Finding:
    """Return the finding for a file of lines that is not read here."""
    return Finding(
        f"geometry/{shown(file.name)}",
        Text("is a format of maps that is not read", "是不支持的地图格式"),
        Text("save it as GeoPackage, or as GeoJSON", "请另存为 GeoPackage 或 GeoJSON"),
        code=Code.NOT_GEOJSON,
    )
