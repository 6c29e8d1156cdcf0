"""Boundaries that a planner supplies for maps, in the folder `boundaries` of an instance.

Maps that are published in China need boundaries that were reviewed, and print the number of that
review (审图号). hubopt ships none: its basemap is land without political borders, with lines
between provinces for orientation, and is no reviewed map. Files of an instance take the place of
those lines, and their number stands in the footer of every map.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubopt.errors import Finding, InputError
from hubopt.instance.codes import Code
from hubopt.instance.draft import shown
from hubopt.instance.home import home
from hubopt.publish.boundary_file import READERS, Outlines, read_outlines
from hubopt.publish.boundary_record import FOLDER, NAME, REMEDY, Record, read_record
from hubopt.publish.shape_file import NOT_READ
from hubopt.publish.shapes import lies_in, with_sidecars
from hubopt.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

    from hubopt.instance.tables import Instance

NEAR_DEG = 1.0
"""Boundaries that stay further than this from all places belong to another map."""


@dataclass(frozen=True)
class Boundaries:
    """Boundaries of a reviewed map as lines in WGS84, its number, and what is to be noted."""

    record: Record
    lines: tuple[BaseGeometry, ...]
    notes: tuple[Text, ...] = ()

    @property
    def number(self) -> str:
        """The number under which the map was reviewed (审图号)."""
        return self.record.approval_number

    @property
    def credit(self) -> Text:
        """What a map says of its boundaries."""
        who, number = self.record.publisher, self.number
        return Text(
            f"Boundaries: {who.en}, map review number (审图号) {number}.",
            f"境界：{who.zh}，审图号：{number}。",
        )


def read_boundaries(folder: Path, instance: Instance) -> Boundaries | None:
    """Return the boundaries of an instance, `None` if it has none; raise `InputError` if wrong."""
    inside = home(folder) / FOLDER
    files, record_file = candidates(folder), inside / NAME
    if not files and not record_file.is_file():
        return None
    wrong = [other_format(file) for file in files if file.suffix.lower() in NOT_READ]
    record = None
    if record_file.is_file():
        record, faults = read_record(record_file, home(folder))
        wrong += faults
    else:
        reason = Text("the file is missing", "缺少该文件")
        wrong.append(Finding(f"{FOLDER}/{NAME}", reason, REMEDY, code=Code.MISSING_FILE))
    read = [read_outlines(f, home(folder)) for f in files if f.suffix.lower() in READERS]
    wrong += [finding for one in read for finding in one.findings]
    wrong = wrong or list(misplaced(read, instance))
    if wrong or record is None:
        raise InputError(wrong)
    lines = tuple(line for one in read for line in one.lines)
    return Boundaries(record, lines, (*(n for one in read for n in one.notes), supplied(record)))


def supplied(record: Record) -> Text:
    """Return the note on what maps print."""
    number = record.approval_number
    return Text(
        f"maps show the boundaries of this instance, with map review number {number}",
        f"地图将显示本算例所附境界，并标注审图号 {number}",
    )


def candidates(folder: Path) -> list[Path]:
    """Return the files in the folder `boundaries` of an instance that hold maps, or might."""
    kinds = READERS.keys() | NOT_READ
    inside = home(folder) / FOLDER
    return [file for file in sorted(inside.glob("*")) if file.suffix.lower() in kinds]


def boundary_files(folder: Path) -> list[Path]:
    """Return the boundary files of an instance with their record; links out of it are left."""
    record = home(folder) / FOLDER / NAME
    files = [*candidates(folder), *([record] if record.is_file() else [])]
    return [file for file in with_sidecars(files) if lies_in(file, home(folder))]


def misplaced(read: Iterable[Outlines], instance: Instance) -> Iterable[Finding]:
    """Yield a finding if there are no boundaries, or none near any place of the instance."""
    lines = [line for one in read for line in one.lines]
    if not lines:
        reason = Text("no boundary file stands beside it", "旁边没有边界文件")
        remedy = Text(
            "put a .gpkg, .geojson or .shp beside it, or remove it",
            "请放入 .gpkg、.geojson 或 .shp 文件，或删除该文件",
        )
        yield Finding(f"{FOLDER}/{NAME}", reason, remedy, code=Code.MISSING_FILE)
    elif not any(near(line, instance) for line in lines):
        yield Finding(
            FOLDER,
            Text("none of it lies near a place of the instance", "与算例的任何地点都不相邻"),
            Text(
                "check the coordinate system; longitude comes first",
                "请检查坐标系；坐标顺序为经度、纬度",
            ),
            code=Code.LINE_ELSEWHERE,
        )


def near(line: BaseGeometry, instance: Instance) -> bool:
    """Return whether the extent of a boundary holds a place, or nearly so."""
    west, south, east, north = line.bounds
    return any(
        west - NEAR_DEG <= place.lon <= east + NEAR_DEG
        and south - NEAR_DEG <= place.lat <= north + NEAR_DEG
        for place in instance.places
    )


def other_format(file: Path) -> Finding:
    """Return the finding for a map that is not read here."""
    return Finding(
        f"{FOLDER}/{shown(file.name)}",
        Text("is a format of maps that is not read", "是不支持的地图格式"),
        Text("save it as GeoPackage, or as GeoJSON", "请另存为 GeoPackage 或 GeoJSON"),
        code=Code.NOT_GEOJSON,
    )
