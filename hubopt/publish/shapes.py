"""The lines that come with an instance, read from its folder `geometry` and checked against it.

GeoJSON, GeoPackage (layer `links`) or shapefile: lines with the properties `from_place`,
`to_place` and `mode`. The mode `road` stands for either kind of truck. Other coordinate systems
than WGS84 are reprojected, and noted.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hubopt.errors import Finding, InputError
from hubopt.instance.codes import Code
from hubopt.instance.distance import straight_km
from hubopt.instance.home import home
from hubopt.instance.nearest import nearest_of
from hubopt.publish.datums import wgs84
from hubopt.publish.shape_datum import shifted_places
from hubopt.publish.shape_file import NOT_READ, READERS, Drawn, Point, other_format, read_lines
from hubopt.text import Text
from hubopt.vocabulary import Mode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from hubopt.instance.tables import Instance

__all__ = ["Geometry", "Point", "Shapes", "geometry_files", "read_geometry", "read_shapes"]

Shapes = dict[tuple[str, str, Mode], tuple[Point, ...]]

FOLDER = "geometry"
FURTHEST_KM = 50.0
"""A line that ends further than this from its place belongs to another one."""


@dataclass(frozen=True)
class Geometry:
    """The lines of an instance by (from, to, mode), and what is to be noted about them."""

    shapes: Shapes
    notes: tuple[Text, ...]


def read_shapes(folder: Path, instance: Instance) -> Shapes:
    """Return the lines of an instance; raise `InputError` for all that are broken or misplaced."""
    return read_geometry(folder, instance).shapes


def read_geometry(folder: Path, instance: Instance) -> Geometry:
    """Return the lines of an instance with notes; raise `InputError` with everything wrong."""
    found: Shapes = {}
    wrong: list[Finding] = []
    notes: list[Text] = []
    drawn: list[Drawn] = []
    for file in candidates(folder):
        if file.suffix.lower() in NOT_READ:
            wrong.append(other_format(file))
            continue
        lines = read_lines(file, home(folder))
        wrong += lines.findings
        notes += lines.notes
        for line in lines.drawn:
            wrong += misplaced(line, instance)
            found.setdefault((line.from_place, line.to_place, line.mode), line.course)
        drawn += lines.drawn
    wrong = wrong or list(shifted_places(instance, drawn))
    if wrong:
        raise InputError(wrong)
    return Geometry(found, tuple(notes))


def candidates(folder: Path) -> list[Path]:
    """Return the files in the folder `geometry` of an instance that hold lines, or might."""
    inside = home(folder) / FOLDER
    kinds = READERS.keys() | NOT_READ
    return [file for file in sorted(inside.glob("*")) if file.suffix.lower() in kinds]


def geometry_files(folder: Path) -> list[Path]:
    """Return the geometry files of an instance; links that lead out of it are left alone."""
    return [file for file in with_sidecars(candidates(folder)) if lies_in(file, home(folder))]


SIDECARS = (".shx", ".dbf", ".prj", ".cpg")
"""What a shapefile has beside it, which decides where its lines lie and what they are called."""


def with_sidecars(files: Iterable[Path]) -> list[Path]:
    """Return files, each shapefile with those beside it that are there."""
    found = []
    for file in files:
        beside = SIDECARS if file.suffix.lower() == ".shp" else ()
        found += [file, *(file.with_suffix(s) for s in beside if file.with_suffix(s).is_file())]
    return found


def lies_in(file: Path, folder: Path) -> bool:
    """Return whether a file, its links followed, lies in a folder."""
    try:
        return file.resolve().is_relative_to(folder.resolve()) and file.is_file()
    except (OSError, RuntimeError):  # links in a circle
        return False


def misplaced(line: Drawn, instance: Instance) -> Iterator[Finding]:
    """Yield what is wrong with the ends of a line: an unknown place, or one that lies elsewhere."""
    for ident, end in ((line.from_place, line.course[0]), (line.to_place, line.course[-1])):
        if ident not in instance.place:
            reason = Text("is no place of places.csv", "不是 places.csv 中的地点")
            remedy = Text("use an id of places.csv", "请使用 places.csv 中的 id")
            near = nearest_of(ident, instance.place)
            yield line.finding(ident, reason, remedy, Code.UNKNOWN_REFERENCE, near)
        elif (km := away_km(instance, ident, end)) > FURTHEST_KM:
            reason = Text(
                f"the line ends {km:,.0f} km from this place (at most {FURTHEST_KM:.0f})",
                f"线的端点距该地点 {km:,.0f} km（不得超过 {FURTHEST_KM:.0f} km）",
            )
            remedy = Text(
                "correct the line, or the ids of its ends; coordinates are longitude, latitude",
                "请更正线形或两端的 id；坐标顺序为经度、纬度",
            )
            yield line.finding(ident, reason, remedy, Code.LINE_ELSEWHERE)


def away_km(instance: Instance, ident: str, point: Point) -> float:
    """Return the great-circle distance from a place to a point."""
    lon, lat = wgs84(instance.place[ident])
    here = replace(instance.place[ident], lon=lon, lat=lat)
    return straight_km(here, replace(here, lon=point[0], lat=point[1]))
