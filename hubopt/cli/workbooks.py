"""`hubopt export`: an instance or a result as a workbook, an instance as tables."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from hubopt.cli import show
from hubopt.cli.work import loaded
from hubopt.errors import Finding, InputError
from hubopt.text import Text, language_from_environment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from hubopt.cli.exporting import ExportRequest

RESULT_FILES = ("plan.json", "hedge.json", "manifest.json")
"""What tells a result from an instance."""


def is_result(source: Path) -> bool:
    """Tell whether a folder holds a result; a name that no folder can have holds none."""
    try:
        return any((source / name).is_file() for name in RESULT_FILES)
    except OSError:
        return False


def is_folder(path: Path) -> bool:
    """Tell whether a path is a folder; a name that none can have is none."""
    try:
        return path.is_dir()
    except OSError:
        return False


@contextmanager
def told(file: Path) -> Iterator[None]:
    """Turn what the system says of a file to write into an `InputError`."""
    from hubopt.instance.whole_folder import cannot_write  # noqa: PLC0415  (loads on use)

    try:
        yield
    except OSError as error:
        raise InputError([cannot_write(file, error.strerror or str(error))]) from error


def workbook(request: ExportRequest) -> None:
    """Write an instance or a result as one workbook; what was edited meanwhile is not replaced."""
    if is_result(request.source):
        result_workbook(request)
        return
    refuse_shelf(request.source)
    instance_workbook(request)


def refuse_shelf(source: Path) -> None:
    """Raise `InputError` for a folder of results, of which one must be named."""
    paths = sorted(source.glob("*")) if is_folder(source) else []
    inside = [path for path in paths if is_result(path)]
    if inside and not (source / "instance.toml").exists():
        names = ", ".join(path.name for path in inside)
        reason = Text(f"holds several results: {names}", f"含多个结果：{names}")
        remedy = Text(f"give one of them: {inside[0]}", f"请给出其中之一：{inside[0]}")
        raise InputError([Finding(str(source), reason, remedy, code="TAB20")])


def result_workbook(request: ExportRequest) -> None:
    """Write a result as a workbook, and say which of its tables are not as they were written."""
    from hubopt.publish import result_workbook as publish  # noqa: PLC0415  (each loads on use)
    from hubopt.publish.edits import changed_files  # noqa: PLC0415

    content = publish.result_workbook(request.source, language_from_environment())
    changed = [name for name in changed_files(request.source) if name.endswith((".csv", ".json"))]
    write_workbook(request.file, content)
    show.warnings(show.of_changed(name) for name in changed)


def instance_workbook(request: ExportRequest) -> None:
    """Write an instance as a workbook; into a new or empty folder all that belongs beside it too.

    Elsewhere nothing but the workbook is written, and it is said what it does not hold.
    """
    from hubopt.instance.beside import beside, copy_beside  # noqa: PLC0415  (each loads on use)
    from hubopt.instance.home import home  # noqa: PLC0415
    from hubopt.instance.whole_folder import whole_folder  # noqa: PLC0415
    from hubopt.instance.write_workbook import workbook_of  # noqa: PLC0415

    source, file = request.source, request.file.absolute()
    content = workbook_of(loaded(source, request.encoding), request.file.name)
    others = beside(source)
    with told(file):
        new = bool(others) and is_new(file.parent)
    if new:

        def fill(half: Path) -> None:
            (half / file.name).write_bytes(content)
            copy_beside(source, half)

        whole_folder(file.parent, fill)
        return
    write_workbook(request.file, content)
    needed = [name for name in others if not name.endswith(".md")]
    if needed and file.parent.resolve() != home(source).resolve():
        show.warnings([not_inside(needed, home(source))])


def folder(request: ExportRequest) -> None:
    """Write an instance as tables, and what belongs beside them, into a new or empty folder."""
    from hubopt.instance.beside import copy_beside  # noqa: PLC0415  (each loads on use)
    from hubopt.instance.whole_folder import refuse_used, whole_folder  # noqa: PLC0415
    from hubopt.instance.write import write  # noqa: PLC0415

    if is_result(request.source):
        raise InputError([no_instance(request.source)])
    with told(request.file):
        refuse_used(request.file)
    instance = loaded(request.source, request.encoding)

    def fill(half: Path) -> None:
        write(instance, half)
        copy_beside(request.source, half)

    whole_folder(request.file.absolute(), fill)


def is_new(place: Path) -> bool:
    """Tell whether a folder is not there yet, or empty."""
    return not place.exists() or (place.is_dir() and not any(place.iterdir()))


def write_workbook(file: Path, content: bytes) -> None:
    """Write a workbook whole or not at all; raise `InputError` where one stands that was edited.

    Within a result nothing is written: it would keep hubopt from drawing that one anew.
    """
    from hubopt.cli.map_export import refuse_unwritable  # noqa: PLC0415  (each loads on use)
    from hubopt.instance.workbook_bytes import untouched  # noqa: PLC0415  (each loads on use)
    from hubopt.study.whole_files import write_whole  # noqa: PLC0415

    if file.parent.is_dir():
        refuse_unwritable(file)
    with told(file):
        if file.is_file() and not untouched(file.read_bytes()):
            raise InputError([edited(file)])
        write_whole(file, content)


def edited(file: Path) -> Finding:
    """Return the finding for a file in the way that hubopt did not write, or not as it is."""
    return Finding(
        str(file),
        Text(
            "is there already and was saved by another program since",
            "已存在，且被其他程序保存过",
        ),
        Text("give another name, or move it away", "请换一个名称，或移走该文件"),
        code="TAB21",
    )


def no_instance(source: Path) -> Finding:
    """Return the finding for a result where an instance is wanted."""
    return Finding(
        str(source),
        Text("is a result; only an instance is written as tables", "是结果；只有算例能写成表格"),
        Text("name a file .xlsx for a workbook of the result", "结果请写成 .xlsx 工作簿"),
        code="TAB20",
    )


def not_inside(others: Iterable[str], source: Path) -> Text:
    """Return what a workbook does not hold, and how it comes to stand beside it."""
    names = ", ".join(others)
    return Text(
        f"not in the workbook: {names}; copy them from {source} beside it, or export into a new"
        " folder, which takes them along",
        f"工作簿不含：{names}；请从 {source} 复制到工作簿旁，或导出到新文件夹，届时会一并复制",
    )
