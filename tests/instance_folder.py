"""The tiny instance as a folder of files that a test may spoil, and what must be said then."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import pytest

from hubopt.errors import InputError
from hubopt.instance.read import read
from hubopt.instance.write import canonical_files
from hubopt.text import Language
from tests.tiny import tiny

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    Edit = Callable[[Path], None]


P, S, H, M, C = "places.csv", "sites.csv", "handling.csv", "modules.csv", "capacities.csv"
L, V, T, U = "links.csv", "services.csv", "transfers.csv", "customs.csv"
G, D, X, N = "products.csv", "demand.csv", "limits.csv", "instance.toml"


@cache
def tiny_files() -> dict[str, bytes]:
    """Return the files of the tiny instance, made once."""
    return dict(canonical_files(tiny()))


def tiny_folder(folder: Path, *edits: Edit) -> Path:
    """Return `folder` with the tiny instance in it, after the edits."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in tiny_files().items():
        (folder / name).write_bytes(data)
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


def column(file: str, name: str, change: Callable[[str], str]) -> Edit:
    """Return the edit that changes every cell of a column that is not empty."""

    def edit(folder: Path) -> None:
        head, *rows = rows_of(folder / file)
        here = head.index(name)
        for row in rows:
            row[here] = change(row[here]) if row[here] else ""
        save(folder / file, [head, *rows])

    return edit


def times(factor: float) -> Callable[[str], str]:
    """Return the change that multiplies a number."""
    return lambda text: repr(float(text) * factor)


def above(file: str, text: str) -> Edit:
    """Return the edit that puts lines above all others."""
    return lambda folder: (folder / file).write_bytes(text.encode() + (folder / file).read_bytes())


def below(file: str, text: str) -> Edit:
    """Return the edit that puts lines below all others."""
    return lambda folder: (folder / file).write_bytes((folder / file).read_bytes() + text.encode())


def link_to(file: str, target: str) -> Edit:
    """Return the edit that makes a file a symbolic link."""

    def edit(folder: Path) -> None:
        (folder / file).unlink()
        (folder / file).symlink_to(target)

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


@dataclass(frozen=True)
class Bad:
    """What is spoilt, and where and how the reader must say so."""

    edits: Sequence[Edit]
    code: str
    file: str
    row: int | None
    column: str | None
    en: str
    zh: str
    nearest: str | None = None
    encoding: str | None = None
    alone: bool = True


def bad(
    edit: Edit | Sequence[Edit],
    code: str,
    where: tuple[str, int | None, str | None],
    said: tuple[str, str],
    **more: object,
) -> Bad:
    """Return a case; `said` are fragments of the message in English and Chinese."""
    edits = (edit,) if callable(edit) else tuple(edit)
    return Bad(edits, code, *where, *said, **more)  # type: ignore[arg-type]


def check(case: Bad, folder: Path) -> None:
    """Assert that a spoilt folder is refused as the case says and that nothing changed in it."""
    tiny_folder(folder, *case.edits)
    before = snapshot(folder)
    with pytest.raises(InputError) as caught:
        read(folder, encoding=case.encoding)
    assert snapshot(folder) == before
    found = [f for f in caught.value.findings if f.code == case.code and f.file == case.file]
    shown = [(f.file, f.row, f.column, f.code, f.reason.en) for f in caught.value.findings]
    assert found, shown
    first = found[0]
    assert (first.row, first.column) == (case.row, case.column), shown
    assert case.en in first.in_language(Language.EN)
    assert case.zh in first.in_language(Language.ZH)
    assert first.remedy.en
    assert first.remedy.zh
    if case.nearest is not None:
        assert first.nearest == case.nearest
    if case.alone:
        assert len(caught.value.findings) == 1, shown
