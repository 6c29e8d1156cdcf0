"""Files that are there whole or not at all, one alone or several together."""

from __future__ import annotations

import contextlib
import errno
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def write_together(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files into a folder, all of them or none: where one fails the old ones come back."""
    folder.mkdir(parents=True, exist_ok=True)
    halves = {folder / name: folder / f".{name}.{os.getpid()}.part" for name in files}
    olds = {file: half.with_suffix(".old") for file, half in halves.items()}
    done: list[Path] = []
    try:
        for (file, half), content in zip(halves.items(), files.values(), strict=True):
            refuse_folder(file)
            write_whole(half, content)
        for file, half in halves.items():
            done.append(file)
            if file.exists():
                file.replace(olds[file])
            half.replace(file)
    except BaseException:
        for file in done:
            with contextlib.suppress(OSError):  # the others are brought back all the same
                bring_back(file, olds[file], halves[file])
        raise
    finally:
        for half in halves.values():
            half.unlink(missing_ok=True)
    for old in olds.values():  # only now: what could not be brought back is still there
        old.unlink(missing_ok=True)


def refuse_folder(file: Path) -> None:
    """Raise where a folder has the name of a file that is to be written."""
    if file.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(file))


def bring_back(file: Path, old: Path, half: Path) -> None:
    """Put an old file back in its place, or take away a new one that had no old one."""
    if old.exists():
        old.replace(file)
    elif not half.exists():
        file.unlink(missing_ok=True)


def write_whole(file: Path, content: bytes) -> None:
    """Write a file that is there whole or not at all, whatever happens meanwhile."""
    file.parent.mkdir(parents=True, exist_ok=True)
    half = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        with half.open("wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        half.replace(file)
    finally:
        half.unlink(missing_ok=True)
