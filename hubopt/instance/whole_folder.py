"""A new folder that appears whole or not at all, and never in the place of somebody's files."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from hubopt.errors import Finding, InputError
from hubopt.instance.codes import Code
from hubopt.instance.schema import SETTINGS_FILE
from hubopt.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable


def whole_folder(folder: Path, fill: Callable[[Path], None]) -> None:
    """Let `fill` write into a new or empty folder; whole, or not at all.

    Raises `InputError` if something is there already or the folder cannot be written.
    """
    refuse_used(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(
            prefix=f".{folder.name}.", dir=folder.resolve().parent
        ) as name:
            half = Path(name) / "half"
            half.mkdir()
            fill(half)
            put(half, folder)
    except OSError as error:
        why = error.strerror or str(error)
        raise InputError([cannot_write(folder, why)]) from error


def refuse_used(folder: Path) -> None:
    """Raise `InputError` unless `folder` is absent or an empty folder."""
    reason = None
    if folder.is_dir():
        first = next(iter(sorted(path.name for path in folder.iterdir())), None)
        if first is not None:
            reason = Text(f"is not empty (it holds {first})", f"不是空文件夹（含 {first}）")
    elif folder.exists() or folder.is_symlink():
        reason = Text("is a file", "是文件")
    if reason is not None:
        remedy = Text("give a new or an empty folder", "请给出新的或空的文件夹")
        raise InputError([Finding(str(folder), reason, remedy, code=Code.NOT_EMPTY)])


def cannot_write(path: Path, why: str) -> Finding:
    """Return the finding for a folder or file that cannot be written."""
    return Finding(
        str(path),
        Text(f"cannot be written ({why})", f"无法写入（{why}）"),
        Text("give another folder", "请换一个文件夹"),
        code=Code.UNREADABLE,
    )


def put(half: Path, folder: Path) -> None:
    """Move what is finished into place; an empty folder that is there stays the same one.

    A shell may stand in that folder, so it is filled, not replaced; the settings come last, so
    that a torn copy is no instance.
    """
    if not folder.exists():
        half.replace(folder)
        return
    moved: list[Path] = []
    try:
        for path in sorted(half.iterdir(), key=lambda path: path.name == SETTINGS_FILE):
            moved.append(folder / path.name)
            shutil.move(path, moved[-1])
    except OSError:
        for path in moved:
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
        raise
