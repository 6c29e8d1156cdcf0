"""A folder replaced as a whole: the old one stays until the new one is complete, then they swap.

Everything is written in a hidden folder beside the target, brought to disk, and moved into place.
On Linux the two folders are exchanged in one step of the kernel; elsewhere there are two renames,
and a run killed between them is mended by the next reader or writer.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import shutil
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

EXCHANGE = 2
"""The flag of `renameat2` that swaps two paths."""

HERE = -100
"""The folder number by which Linux means the current one."""

CANNOT_EXCHANGE = {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EPERM}


def real(target: Path) -> Path:
    """Return where a result lies: a link of a user is followed, and never replaced."""
    try:
        place = target.resolve() if target.is_symlink() else target
    except RuntimeError as error:
        raise OSError(errno.ELOOP, "links in a circle", str(target)) from error
    if place.is_symlink():
        raise OSError(errno.ELOOP, "links in a circle", str(target))
    return place


def fresh(target: Path) -> Path:
    """Return the hidden folder in which the new contents of `target` are written."""
    return target.with_name(f".{target.name}.new")


def former(target: Path) -> Path:
    """Return where the old contents of `target` stand for the moment of the swap."""
    return target.with_name(f".{target.name}.old")


def mend(target: Path) -> None:
    """Bring back the old contents if a run was killed between the two renames."""
    old = former(target)
    if old.is_dir() and not target.exists():
        old.rename(target)


@contextlib.contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """Give an empty folder to write in, and put it in the place of `target` if all went well.

    If anything fails, `target` stays as it was and the new folder is removed.
    """
    mend(target)
    new = fresh(target)
    remove(new)
    remove(former(target))
    new.mkdir()
    try:
        yield new
        to_disk(new)
        put(new, target)
    finally:
        remove_surely(new)
        if target.exists():
            remove_surely(former(target))
    with contextlib.suppress(OSError):  # the new result stands already
        sync(target.parent)


def put(new: Path, target: Path) -> None:
    """Move a complete folder into place."""
    if not target.exists():
        new.rename(target)
    elif not exchange(new, target):
        old = former(target)
        target.rename(old)
        try:
            new.rename(target)
        except BaseException:
            old.rename(target)
            raise


def exchange(one: Path, other: Path) -> bool:
    """Swap two folders in one step where the system can; return whether it did."""
    if sys.platform != "linux":
        return False
    swap = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if swap is None:
        return False
    if swap(HERE, os.fsencode(one), HERE, os.fsencode(other), EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in CANNOT_EXCHANGE:
        return False
    raise OSError(number, os.strerror(number), str(other))


def write(file: Path, content: bytes) -> None:
    """Write a new file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


def to_disk(folder: Path) -> None:
    """Have the system bring every file of a folder, and the folder itself, to disk."""
    for path in sorted(folder.rglob("*")):
        sync(path)
    sync(folder)


def sync(path: Path) -> None:
    """Bring a file or folder to disk; Windows has no such call for folders."""
    if path.is_dir() and os.name != "posix":
        return
    number = os.open(path, os.O_RDONLY if os.name == "posix" else os.O_RDWR)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def remove_surely(folder: Path) -> None:
    """Remove a folder of our own, to the end even if told to stop on the way."""
    try:
        remove(folder)
    except KeyboardInterrupt:
        remove(folder)
        raise


def remove(folder: Path) -> None:
    """Remove a folder of our own if it is there; what cannot be removed now goes next time.

    A link or file in its place is removed itself, never what a link leads to.
    """
    with contextlib.suppress(Exception):
        if folder.is_symlink() or folder.is_file():
            folder.unlink()
        elif folder.is_dir():
            shutil.rmtree(folder, ignore_errors=True)
