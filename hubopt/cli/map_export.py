"""Layers of a result as a file of another GIS, or into a PostGIS server."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from hubopt.cli import show
from hubopt.cli.verified_result import verified_result
from hubopt.errors import Finding, InputError
from hubopt.text import Text, language_from_environment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from hubopt.cli.exporting import ExportRequest
    from hubopt.publish.figures import Figures
    from hubopt.publish.formats.export import Asked

SERVER = "postgresql://"
KINDS = (
    ".geojson", ".geojson.zip", ".parquet", ".parquet.zip", ".fgb", ".fgb.zip", ".kml", ".gpkg",
    ".shp.zip", ".zip", ".sql", SERVER,
)  # fmt: skip
"""The ends of names that maps are written for, and the beginning of a server's address."""


def kind_of(target: str) -> str | None:
    """Return the kind of a map by its file's name, the longest ending first; `None` for others."""
    if target.lower().startswith((SERVER, "postgres://")):
        return SERVER
    ends = [kind for kind in KINDS if kind != SERVER and target.lower().endswith(kind)]
    return max(ends, key=len, default=None)


def layers(request: ExportRequest) -> str:
    """Write layers of a result and say what could not be held; return where they are."""
    from hubopt.publish.formats.export import Asked, exported  # noqa: PLC0415  (loads on use)
    from hubopt.study.whole_files import write_whole  # noqa: PLC0415

    asked, language = Asked(request.layers, request.crs), language_from_environment()
    if kind_of(request.target) == SERVER:
        return to_server(request, asked)
    refuse_unwritable(request.file)
    figures, folder = figures_of(request)
    with told(request.file):
        made = exported(figures, folder, request.target, asked, language)
        write_whole(request.file, made.data)
    show.warnings(made.notes)
    return request.target


def to_server(request: ExportRequest, asked: Asked) -> str:
    """Put layers into a server; return where they are, without the password."""
    from hubopt.publish.formats.export import content_of  # noqa: PLC0415
    from hubopt.publish.formats.postgis_server import send, without_password  # noqa: PLC0415
    from hubopt.publish.formats.reference_system import WGS84, crs_of  # noqa: PLC0415

    crs = crs_of(WGS84 if asked.crs is None else asked.crs)
    figures, folder = figures_of(request)
    content, notes = content_of(figures, folder, asked, crs, language_from_environment())
    schema = send(content, request.target)
    show.warnings(notes)
    return f"{without_password(request.target)} ({schema})"


def figures_of(request: ExportRequest) -> tuple[Figures, Path]:
    """Return the figures of a result whose plan holds, and the folder of its instance."""
    found = verified_result(request.source, request.instance, request.encoding)
    return found.figures, found.instance_folder


def refuse_unwritable(file: Path) -> None:
    """Raise `InputError` before any work if there is no folder, or one that holds a result."""
    from hubopt.publish.manifest import inside_a_result  # noqa: PLC0415  (loads on use)

    if inside_a_result(file):
        reason = Text("would change a result of hubopt", "会改动 hubopt 的结果文件夹")
        remedy = Text("choose another folder", "请换一个文件夹")
        raise InputError([Finding(str(file), reason, remedy, code="CFG03")])
    if file.parent.is_dir():
        return
    reason, remedy = (
        Text("is not a folder", "不是文件夹"),
        Text("make it first", "请先建立该文件夹"),
    )
    raise InputError([Finding(str(file.parent), reason, remedy, code="CFG03")])


@contextlib.contextmanager
def told(file: Path) -> Iterator[None]:
    """Turn what the system says of a file into an `InputError` with a remedy."""
    try:
        yield
    except OSError as error:
        why = error.strerror or str(error)
        reason = Text(f"cannot be written ({why})", f"无法写入（{why}）")
        remedy = Text(
            "close it where it is open, or choose another folder",
            "请关闭已打开的该文件，或换一个文件夹",
        )
        raise InputError([Finding(str(file), reason, remedy, code="CFG03")]) from error
