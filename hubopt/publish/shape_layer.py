"""Lines in a GeoPackage or a shapefile, read by GDAL once the bytes show that it is one."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hubopt.instance.codes import Code
from hubopt.instance.draft import shown
from hubopt.instance.nearest import nearest_of
from hubopt.publish.shape_source import DEGREES, SET_CRS, Broken, Feature, Source, reprojected
from hubopt.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

LAYER = "links"
FIELDS = ("from_place", "to_place", "mode")
SQLITE, SHAPE = b"SQLite format 3\0", b"\x00\x00\x27\x0a"
PAGE_SIZE, PAGE_COUNT = slice(16, 18), slice(28, 32)
"""Where a database says how large it is."""

COPY_AGAIN = Text("copy or export it again", "请重新复制或导出")


def geopackage(_file: Path, content: bytes) -> Source:
    """Return the lines of a GeoPackage, read from a copy: opening one may write beside it."""
    refuse_cut_package(content)
    with tempfile.TemporaryDirectory(prefix="hubopt-") as folder:
        copy = Path(folder) / "lines.gpkg"
        copy.write_bytes(content)
        return lines_of(copy, len(content))


def refuse_cut_package(content: bytes) -> None:
    """Raise `Broken` for what is no whole database."""
    if not content.startswith(SQLITE) or len(content) < promised(content):
        raise damaged(len(content))


def shapefile(file: Path, content: bytes) -> Source:
    """Return the lines of a shapefile, whose other parts stand beside it."""
    refuse_cut_shapefile(file, content)
    return lines_of(file.resolve(), len(content))


def refuse_cut_shapefile(file: Path, content: bytes) -> None:
    """Raise `Broken` for what is no shapefile, or lacks one of its parts."""
    beside = {part.suffix.lower() for part in file.parent.glob(f"{file.stem}.*")}
    missing = [part for part in (".shx", ".dbf") if part not in beside]
    if missing:
        raise Broken(
            Code.DAMAGED_GEOMETRY,
            Text(f"its {' and '.join(missing)} is missing", f"缺少 {'、'.join(missing)}"),
            Text(
                "copy all its files, or save it as GeoPackage",
                "请复制全部文件，或另存为 GeoPackage",
            ),
        )
    if not content.startswith(SHAPE):
        raise damaged(len(content))


def promised(content: bytes) -> int:
    """Return how many bytes a database says that it has."""
    size = int.from_bytes(content[PAGE_SIZE], "big")
    return (65_536 if size == 1 else size) * int.from_bytes(content[PAGE_COUNT], "big")


def damaged(size: int) -> Broken:
    """Return why a file cannot be read at all."""
    reason = Text(f"is damaged ({size:,} bytes)", f"文件已损坏（{size:,} 字节）")
    return Broken(Code.DAMAGED_GEOMETRY, reason, COPY_AGAIN)


def lines_of(where: Path, size: int) -> Source:
    """Return the features of the layer of links, moved to WGS84."""
    from pyogrio.raw import read  # noqa: PLC0415
    from shapely import from_wkb  # noqa: PLC0415

    with told_as_damaged(size):
        layer = chosen(where)
        meta, fids, shapes, values = read(where, layer=layer, return_fids=True, force_2d=True)
        lines = from_wkb(shapes)
    have = dict(zip(meta["fields"], values, strict=True))
    for name in FIELDS:
        if name not in have:
            raise no_field(name, list(have))
    crs = named(meta["crs"])
    notes = () if crs in DEGREES else (reprojected(crs),)
    rows = zip(fids, *(have[name] for name in FIELDS), moved(lines, meta["crs"], crs), strict=True)
    return Source(features(rows), notes)


@contextlib.contextmanager
def told_as_damaged(size: int) -> Iterator[None]:
    """Turn what GDAL and GEOS say of a file of `size` bytes into `Broken`."""
    from pyogrio.errors import DataLayerError, DataSourceError, FeatureError  # noqa: PLC0415
    from shapely.errors import ShapelyError  # noqa: PLC0415

    try:
        yield
    except (DataSourceError, DataLayerError, FeatureError, ShapelyError, UnicodeError) as error:
        raise damaged(size) from error


def chosen(where: Path) -> str:
    """Return the layer to read: `links`, or the only one that has geometry."""
    from pyogrio import list_layers  # noqa: PLC0415

    drawn = [str(name) for name, kind in list_layers(where) if kind is not None]
    if LAYER in drawn or len(drawn) == 1:
        return LAYER if LAYER in drawn else drawn[0]
    has = ", ".join(map(shown, drawn)) or "none"
    raise Broken(
        Code.NO_LAYER,
        Text(f'no layer "{LAYER}"; has {has}', f"没有图层“{LAYER}”；只有 {has}"),
        Text(f'rename the layer of lines to "{LAYER}"', f"请把线图层改名为“{LAYER}”"),
        nearest=nearest_of(LAYER, drawn),
    )


def no_field(name: str, have: list[str]) -> Broken:
    """Return why a layer without a field cannot be used."""
    return Broken(
        Code.MISSING_COLUMN,
        Text(f"the field {name} is missing", f"缺少字段 {name}"),
        Text(f"add or rename the field {name}", f"请添加字段 {name} 或改名"),
        nearest=nearest_of(name, have),
    )


def named(crs: str | None) -> str:
    """Return the short name of a coordinate system, or raise `Broken` if there is none."""
    from pyproj import CRS  # noqa: PLC0415
    from pyproj.exceptions import CRSError  # noqa: PLC0415

    try:
        known = None if crs is None else CRS.from_user_input(crs)
    except CRSError:
        known = None
    if known is None or known.name.lower().startswith(("undefined", "unknown")):
        raise Broken(Code.NO_CRS, Text("no coordinate system", "没有坐标系"), SET_CRS)
    authority = known.to_authority()
    return ":".join(authority) if authority else shown(known.name)


def moved(lines: Any, crs: str, name: str) -> Any:  # noqa: ANN401  (arrays without types)
    """Return geometries in WGS84, longitude first."""
    if name in DEGREES:
        return lines
    from pyproj import Transformer  # noqa: PLC0415
    from shapely import transform  # noqa: PLC0415

    change = Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    return transform(lines, change.transform, interleaved=False)


def features(rows: Any) -> Iterator[Feature]:  # noqa: ANN401
    """Yield the features with their ids in the file."""
    from shapely.geometry import mapping  # noqa: PLC0415

    for fid, from_place, to_place, mode, line in rows:
        said = {"from_place": from_place, "to_place": to_place, "mode": mode}
        empty = line is None or line.is_empty
        yield Feature(f"fid {fid}", said, None if empty else mapping(line))
