"""One file of boundaries: its lines and the edges of its polygons in WGS84, or what is wrong."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hubopt.errors import Finding
from hubopt.instance.codes import Code
from hubopt.instance.draft import shown
from hubopt.instance.read_text import read_bytes
from hubopt.publish import shape_geojson, shape_layer
from hubopt.publish.boundary_record import FOLDER
from hubopt.publish.shape_file import LARGEST_FILE, LARGEST_LAT, LARGEST_LON, MOST_LISTED
from hubopt.publish.shape_source import DEGREES, Broken, reprojected
from hubopt.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from shapely.geometry.base import BaseGeometry

    Shapes = Iterable[tuple[str, BaseGeometry | None]]

LINES = frozenset({"LineString", "MultiLineString", "LinearRing"})
POLYGONS = frozenset({"Polygon", "MultiPolygon"})
REMEDY = Text(
    "export lines or polygons from QGIS, as GeoPackage or GeoJSON in EPSG:4326 or EPSG:4490",
    "请在 QGIS 中把线或面导出为 GeoPackage 或 GeoJSON（EPSG:4326 或 EPSG:4490）",
)


@dataclass
class Outlines:
    """What one file holds: outlines as lines, what is wrong, and what is to be noted."""

    lines: list[BaseGeometry] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    notes: list[Text] = field(default_factory=list)


def read_outlines(file: Path, folder: Path) -> Outlines:
    """Return the outlines in a file of the instance in `folder`, with all that is wrong."""
    found, name = Outlines(), f"{FOLDER}/{shown(file.name)}"
    content = read_bytes(file, folder=folder, most=LARGEST_FILE)
    if isinstance(content, Finding):
        found.findings.append(Finding(name, content.reason, content.remedy, code=content.code))
        return found
    try:
        for spot, shape in READERS[file.suffix.lower()](file, content, found.notes):
            add(found, name, spot, shape)
    except Broken as broken:
        found.findings.append(Finding(name, broken.reason, broken.remedy, None, None, broken.value,
                                      broken.nearest, code=broken.code))  # fmt: skip
    if not (found.lines or found.findings):
        reason = Text("holds no lines or polygons", "没有线或面")
        found.findings.append(Finding(name, reason, REMEDY, code=Code.EMPTY_GEOMETRY))
    found.notes = [Text(f"{name}: {note.en}", f"{name}：{note.zh}") for note in found.notes]
    return found


def add(found: Outlines, name: str, spot: str, shape: BaseGeometry | None) -> None:
    """Add the outline of a feature, or why it has none; of many faults the first are listed."""
    try:
        found.lines.append(outline(shape))
    except Broken as broken:
        if len(found.findings) < MOST_LISTED:
            found.findings.append(Finding(name, broken.reason, broken.remedy, None, spot,
                                          broken.value, code=broken.code))  # fmt: skip


def outline(shape: BaseGeometry | None) -> BaseGeometry:
    """Return a line as it is and the edge of a polygon; raise `Broken` for anything else."""
    if shape is None or shape.is_empty:
        raise Broken(Code.EMPTY_GEOMETRY, Text("empty geometry", "几何为空"), REMEDY)
    if shape.geom_type not in LINES | POLYGONS:
        reason = Text("is neither line nor polygon", "既不是线也不是面")
        raise Broken(Code.NO_LINE, reason, REMEDY, shown(shape.geom_type))
    west, south, east, north = shape.bounds
    if not (-LARGEST_LON <= west <= east <= LARGEST_LON
            and -LARGEST_LAT <= south <= north <= LARGEST_LAT):  # fmt: skip
        reason = Text("its coordinates are no degrees", "坐标不是经纬度")
        raise Broken(Code.NO_CRS, reason, REMEDY)
    return shape.boundary if shape.geom_type in POLYGONS else shape


def geojson(file: Path, content: bytes, notes: list[Text]) -> Iterator[tuple[str, Any]]:
    """Yield the features of a GeoJSON file."""
    from shapely import force_2d  # noqa: PLC0415  (loads on use)
    from shapely.errors import ShapelyError  # noqa: PLC0415
    from shapely.geometry import shape  # noqa: PLC0415

    source = shape_geojson.source(file, content)
    notes += source.notes
    for feature in source.features:
        try:
            drawn = None if feature.geometry is None else force_2d(shape(feature.geometry))
        except (ShapelyError, ValueError, LookupError, TypeError, AttributeError) as error:
            reason = Text("its geometry cannot be read", "几何无法读取")
            raise Broken(Code.NO_LINE, reason, REMEDY, feature.spot) from error
        yield feature.spot, drawn


def geopackage(_file: Path, content: bytes, notes: list[Text]) -> Iterator[tuple[str, Any]]:
    """Yield the features of every layer of a GeoPackage, read from a copy."""
    from pyogrio import list_layers  # noqa: PLC0415  (loads on use)

    shape_layer.refuse_cut_package(content)
    with tempfile.TemporaryDirectory(prefix="hubopt-") as folder:
        copy = Path(folder) / "boundaries.gpkg"
        copy.write_bytes(content)
        with shape_layer.told_as_damaged(len(content)):
            drawn = [str(name) for name, kind in list_layers(copy) if kind is not None]
        for layer in drawn:
            yield from of_layer(copy, layer, len(content), notes)


def shapefile(file: Path, content: bytes, notes: list[Text]) -> Iterator[tuple[str, Any]]:
    """Yield the features of a shapefile, whose other parts stand beside it."""
    shape_layer.refuse_cut_shapefile(file, content)
    yield from of_layer(file.resolve(), None, len(content), notes)


def of_layer(
    where: Path, layer: str | None, size: int, notes: list[Text]
) -> Iterator[tuple[str, Any]]:
    """Yield the features of one layer, moved to WGS84."""
    from pyogrio.raw import read  # noqa: PLC0415  (loads on use)
    from shapely import from_wkb  # noqa: PLC0415

    with shape_layer.told_as_damaged(size):
        meta, fids, raw, _ = read(where, layer=layer, columns=[], return_fids=True, force_2d=True)
        shapes = from_wkb(raw)
    crs = shape_layer.named(meta["crs"])
    if crs not in DEGREES:
        notes.append(reprojected(crs))
    moved = shape_layer.moved(shapes, meta["crs"], crs)
    yield from ((f"{layer or where.stem} fid {fid}", s) for fid, s in zip(fids, moved, strict=True))


READERS: dict[str, Callable[[Path, bytes, list[Text]], Shapes]] = {
    ".geojson": geojson,
    ".gpkg": geopackage,
    ".shp": shapefile,
}
"""What reads the files of each ending."""
