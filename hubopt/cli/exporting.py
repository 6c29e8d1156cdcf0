"""`hubopt export`: the end of a file's name says what is written, and from what."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hubopt.cli import map_export, show, workbooks
from hubopt.cli.work import OK, loaded, problem_of
from hubopt.errors import Finding, InputError
from hubopt.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """The options of `hubopt export` as given; `source` is an instance or a result.

    `target` is the file as it was written down, or the address of a server. `layers` and `crs` are
    for maps, `instance` is where the instance of a result lies if not where it was.
    """

    source: Path
    target: str
    encoding: str | None
    json: bool
    layers: tuple[str, ...] = ()
    crs: str | None = None
    instance: Path | None = None

    @property
    def file(self) -> Path:
        """The target as a path."""
        return Path(self.target)


def export(request: ExportRequest) -> int:
    """Write a file, whole or not at all; raise `InputError` for a name that nothing writes."""
    kind = map_export.kind_of(request.target) or request.file.suffix.lower()
    if kind not in WRITERS and workbooks.is_folder(request.file):
        kind = FOLDER
    writer = WRITERS.get(kind)
    if writer is None:
        raise InputError([wrong_suffix(request.file)])
    if kind not in map_export.KINDS:
        refuse_options_of_maps(request)
    written = writer(request) or request.target
    words = Text(f"wrote {written}", f"已写入 {written}")
    show.done({"file": written}, words, as_json=request.json)
    return OK


def model(request: ExportRequest) -> None:
    """Write the model of an instance."""
    from hubopt.model.export import export as write_model  # noqa: PLC0415  (loads on use)

    write_model(problem_of(loaded(request.source, request.encoding)), request.file)


FOLDER = ""
"""The kind of a name without a suffix."""

WRITERS: Mapping[str, Callable[[ExportRequest], str | None]] = {
    ".lp": model,
    ".mps": model,
    ".xlsx": workbooks.workbook,
    FOLDER: workbooks.folder,
    **dict.fromkeys(map_export.KINDS, map_export.layers),
}
"""What writes each kind of file, by the end of its name; what it returns is said to be written."""


def wrong_suffix(file: Path) -> Finding:
    """Return the finding for a file name that says no known format."""
    known = ", ".join(kind for kind in WRITERS if kind.startswith("."))
    return Finding(
        str(file),
        Text(f"does not end in one of {known}", f"后缀不在 {known} 之中"),
        Text(
            "name the file after what it is to hold; a folder for the tables of an instance has no"
            " dot in its name, or is there already",
            "请按内容命名文件；存放算例表格的文件夹名称中不含点，或事先建好",
        ),
        code="CFG03",
    )


def refuse_options_of_maps(request: ExportRequest) -> None:
    """Raise `InputError` for a layer or coordinate system where no map is written."""
    given = {"--layer": " ".join(request.layers), "--crs": request.crs or ""}
    wrong = [
        Finding(
            "command line",
            Text("is for layers of a map only", "只用于地图图层"),
            Text("leave it out", "请去掉该选项"),
            column=option,
            value=value,
            code="CFG03",
        )
        for option, value in given.items()
        if value
    ]
    if wrong:
        raise InputError(wrong)
