"""The tiny instance as a folder of files that a test may spoil, one edit at a time."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from hubopt.instance.write import write
from tests.tiny import tiny

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Edit = Callable[[Path], None]


def tiny_folder(folder: Path, *edits: Edit) -> Path:
    """Return `folder` with the tiny instance in it, after the edits."""
    write(tiny(), folder)
    for edit in edits:
        edit(folder)
    return folder


def cell(file: str, row: int, column: str, text: str) -> Edit:
    """Return the edit that writes a text into one cell; rows count from the header, row 1."""

    def edit(folder: Path) -> None:
        rows = rows_of(folder / file)
        rows[row - 1][rows[0].index(column)] = text
        save(folder / file, rows)

    return edit


def add(file: str, *cells: str) -> Edit:
    """Return the edit that adds a row at the end."""
    return lambda folder: save(folder / file, [*rows_of(folder / file), list(cells)])


def again(file: str, row: int, **changes: str) -> Edit:
    """Return the edit that adds a row like another, with some cells changed."""

    def edit(folder: Path) -> None:
        rows = rows_of(folder / file)
        copy = list(rows[row - 1])
        for column, text in changes.items():
            copy[rows[0].index(column)] = text
        save(folder / file, [*rows, copy])

    return edit


def drop(file: str, row: int) -> Edit:
    """Return the edit that deletes a row."""

    def edit(folder: Path) -> None:
        rows = rows_of(folder / file)
        save(folder / file, rows[: row - 1] + rows[row:])

    return edit


def replace(file: str, old: str, new: str) -> Edit:
    """Return the edit that replaces the first occurrence of a text, which must be there."""

    def edit(folder: Path) -> None:
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8", newline="")

    return edit


def every_line(file: str, change: Callable[[str], str]) -> Edit:
    """Return the edit that changes each line of a file."""

    def edit(folder: Path) -> None:
        lines = (folder / file).read_text(encoding="utf-8").splitlines()
        (folder / file).write_text(
            "".join(f"{change(line)}\n" for line in lines), encoding="utf-8", newline=""
        )

    return edit


def content(file: str, data: bytes) -> Edit:
    """Return the edit that replaces a whole file."""

    def edit(folder: Path) -> None:
        (folder / file).write_bytes(data)

    return edit


def recode(file: str, encoding: str) -> Edit:
    """Return the edit that saves a file in another encoding."""

    def edit(folder: Path) -> None:
        text = (folder / file).read_text(encoding="utf-8")
        (folder / file).write_bytes(text.encode(encoding))

    return edit


def delete(file: str) -> Edit:
    """Return the edit that deletes a file."""
    return lambda folder: (folder / file).unlink()


def rename(file: str, name: str) -> Edit:
    """Return the edit that renames a file."""

    def edit(folder: Path) -> None:
        (folder / file).rename(folder / name)

    return edit


def rows_of(path: Path) -> list[list[str]]:
    """Return all rows of a CSV file."""
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))


def save(path: Path, rows: list[list[str]]) -> None:
    """Write rows as CSV."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    path.write_text(out.getvalue(), encoding="utf-8", newline="")


def snapshot(folder: Path) -> dict[str, bytes]:
    """Return every file under a folder with its bytes."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
