"""What in a result folder is not as hubopt wrote it: nobody's work is overwritten in silence."""

from __future__ import annotations

import errno
import sqlite3
from pathlib import PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Any

from hubopt.publish import manifest as manifests
from hubopt.publish import refusals
from hubopt.publish.content import GEOPACKAGE, content
from hubopt.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from hubopt.errors import InputError

BYSTANDERS = {
    ".DS_Store", "Thumbs.db", "desktop.ini", "plan.gpkg-wal", "plan.gpkg-shm", "plan.gpkg-journal",
}  # fmt: skip
"""What file managers and an open QGIS leave in a folder; nobody's work."""

NO_SUCH_NAME = frozenset({errno.ENAMETOOLONG, errno.EINVAL})
"""What the system says of a name that no file could have."""


def changed_files(folder: Path) -> tuple[str, ...]:
    """Return the files that the manifest lists and that are missing or not as they were written.

    A plan.gpkg that QGIS merely opened counts as unchanged. Without a manifest there are none.
    Raises `InputError` for a file that is there and cannot be read.
    """
    record = manifests.read_manifest(folder) or {"outputs": {}}
    return tuple(sorted(n for n in record["outputs"] if not unchanged(folder, n, record)))


def unchanged(folder: Path, name: str, record: Mapping[str, Any]) -> bool:
    """Return whether a file holds what the manifest says of it."""
    if not plain(name) or name not in record["outputs"]:
        return False
    file = folder / name
    try:
        if not file.is_file():
            return False
        if name == GEOPACKAGE and GEOPACKAGE in record.get("contents", {}):
            return bool(content(file) == record["contents"][GEOPACKAGE])
        return bool(manifests.sha256(file) == record["outputs"][name])
    except (FileNotFoundError, NotADirectoryError, sqlite3.Error, TypeError):
        return False
    except OSError as error:
        if error.errno in NO_SUCH_NAME:
            return False
        raise unreadable(file, error) from error


def unreadable(file: Path, error: OSError) -> InputError:
    """Return that the system would not read a file, which says nothing of what is in it."""
    return refusals.refusal(
        file,
        Text(f"cannot be read ({error.strerror})", f"无法读取（{error.strerror}）"),
        Text(
            "close programs that hold it, see that it may be read, and try again",
            "请关闭占用该文件的程序，检查读取权限后重试",
        ),
        "OUT14",
    )


def plain(name: str) -> bool:
    """Return whether a name of a manifest stays in its folder."""
    odd = any(ord(c) < ord(" ") for c in name) or PureWindowsPath(name).anchor
    return not odd and not PurePosixPath(name).is_absolute() and ".." not in name


def refuse_work_of_others(target: Path) -> None:
    """Raise `InputError` if replacing a folder would destroy what hubopt did not write."""
    if not target.exists():
        return
    if not target.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, "a file stands in the way", str(target))
    record = manifests.read_manifest(target) or {"outputs": {}}
    inner = states_of(target, record)
    for folder in inner:
        refuse_work_of_others(folder)
    ours = {*record["outputs"], manifests.NAME} if record["outputs"] else set()
    there = {
        p.relative_to(target).as_posix()
        for p in target.rglob("*")
        if not_ours_alone(p) and not any(p.is_relative_to(folder) for folder in inner)
    }
    links = {name for name in there if (target / name).is_symlink()}
    others = sorted(n for n in there - ours | links if n.rpartition("/")[2] not in BYSTANDERS)
    if others:
        raise refusals.foreign(target, others)
    edited = [name for name in changed_files(target) if name in there]
    if edited:
        raise refusals.edited(target, edited)


def refuse_other_kind(target: Path, *, hedge: bool) -> None:
    """Raise `InputError` if a hedge would replace the result of one plan, or such a one a hedge."""
    record = manifests.read_manifest(target)
    if record is not None and bool(record.get("states")) != hedge:
        raise refusals.other_kind(target, hedge=hedge)


def states_of(target: Path, record: Mapping[str, Any]) -> list[Path]:
    """Return the folders of a hedge's states, each a result with a manifest of its own."""
    named = record.get("states", [])
    names = [n for n in named if isinstance(n, str) and plain(n)] if isinstance(named, list) else []
    folders = [target / name for name in names]
    return [f for f in folders if f.is_dir() and not f.is_symlink() and f.parent == target]


def added_in(record: Mapping[str, Any]) -> list[str]:
    """Return the tables that were added to a result after it was written, by file name."""
    named = record.get("added", [])
    return [n for n in named if isinstance(n, str) and plain(n)] if isinstance(named, list) else []


def added_tables(folder: Path, record: Mapping[str, Any]) -> dict[str, bytes]:
    """Return what was added to the plan that stands, as it was written; what was edited is left."""
    if not unchanged(folder, "plan.json", record):
        return {}
    names = [name for name in added_in(record) if unchanged(folder, name, record)]
    return {name: (folder / name).read_bytes() for name in names}


def not_ours_alone(path: Path) -> bool:
    """Return whether a path is more than a folder: a file, or a link of a user."""
    return path.is_symlink() or not path.is_dir()
