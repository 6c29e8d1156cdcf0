"""What belongs to an instance besides its tables: files that stay beside them, copied along."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.instance.home import home

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BESIDE = (
    "scenarios", "geometry", "boundaries", "sensitivity", "reconcile", "hedge.toml", "README.md",
    "LICENSES.md",
)  # fmt: skip
"""Folders and files that hubopt or its reader looks for beside the tables of an instance."""


def beside(instance: Path) -> list[str]:
    """Return what an instance, a folder or a workbook, has besides its tables."""
    return [name for name in BESIDE if any(True for _ in files_of(home(instance), name))]


def copy_beside(instance: Path, folder: Path) -> None:
    """Copy what an instance has besides its tables into a folder."""
    source = home(instance)
    for name in BESIDE:
        for file in files_of(source, name):
            copy = folder / file.relative_to(source)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(file.read_bytes())


def files_of(source: Path, name: str) -> Iterator[Path]:
    """Yield the files below a name in order; hidden ones and links out of the folder left out."""
    top = source / name
    found = sorted(top.rglob("*")) if top.is_dir() else [top]
    for file in found:
        inside = file.relative_to(source)
        hidden = any(part.startswith(".") for part in inside.parts)
        if not hidden and file.is_file() and file.resolve().is_relative_to(source.resolve()):
            yield file
