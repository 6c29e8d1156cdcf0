"""`hubopt export`: the end of a file's name says what is written, and from what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubopt.cli import show, workbooks
from hubopt.cli.work import OK, loaded, problem_of
from hubopt.errors import Finding, InputError
from hubopt.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """The options of `hubopt export` as given; `source` is an instance or a result."""

    source: Path
    file: Path
    encoding: str | None
    json: bool


def export(request: ExportRequest) -> int:
    """Write a file, whole or not at all; raise `InputError` for a suffix that nothing writes."""
    kind = FOLDER if workbooks.is_folder(request.file) else request.file.suffix.lower()
    writer = WRITERS.get(kind)
    if writer is None:
        raise InputError([wrong_suffix(request.file)])
    writer(request)
    words = Text(f"wrote {request.file}", f"已写入 {request.file}")
    show.done({"file": str(request.file)}, words, as_json=request.json)
    return OK


def model(request: ExportRequest) -> None:
    """Write the model of an instance."""
    from hubopt.model.export import export as write_model  # noqa: PLC0415  (loads on use)

    write_model(problem_of(loaded(request.source, request.encoding)), request.file)


FOLDER = ""
"""The kind of a name without a suffix."""

WRITERS: Mapping[str, Callable[[ExportRequest], None]] = {
    ".lp": model,
    ".mps": model,
    ".xlsx": workbooks.workbook,
    FOLDER: workbooks.folder,
}
"""What writes each kind of file, by its suffix."""


def wrong_suffix(file: Path) -> Finding:
    """Return the finding for a file name that says no known format."""
    known = ", ".join(kind for kind in WRITERS if kind != FOLDER)
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
