"""What a GeoPackage holds, as one hash: the same before and after QGIS merely opened the file.

QGIS switches a file that it opens to another journal, which changes its bytes but none of its rows.
Rows of layers, styles, projects and further tables of users all count; the bookkeeping of SQLite
and of GeoPackage does not.
"""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

GEOPACKAGE = "plan.gpkg"

BOOKKEEPING = ("sqlite_", "gpkg_", "rtree_")

WAIT_S = 1.0
"""How long another program may hold the file before its content counts as unknown."""


def content(file: Path) -> str:
    """Return the hash of everything that users see in a GeoPackage; raises `sqlite3.Error`."""
    digest = hashlib.sha256()
    with contextlib.closing(opened(file)) as base:
        base.text_factory = bytes
        for table in tables(base):
            digest.update(repr(table).encode())
            for row in base.execute(f'SELECT * FROM "{quoted(table)}"'):  # noqa: S608  (quoted)
                digest.update(repr(row).encode())
    return digest.hexdigest()


def opened(file: Path) -> sqlite3.Connection:
    """Return a connection that changes nothing; what QGIS has not yet merged is read too."""
    journal = file.with_name(file.name + "-wal")
    pending = journal.is_file() and journal.stat().st_size > 0
    way = file.resolve().as_uri() + ("?mode=ro" if pending else "?immutable=1")
    return sqlite3.connect(way, uri=True, timeout=WAIT_S)


def tables(base: sqlite3.Connection) -> Iterator[str]:
    """Yield the names of the tables and views that are no bookkeeping, in order."""
    names = "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') ORDER BY name"
    for (name,) in base.execute(names).fetchall():
        text = name.decode("utf-8", "surrogateescape")
        if not text.startswith(BOOKKEEPING):
            yield text


def quoted(name: str) -> str:
    """Return a name as it stands between double quotes in SQL."""
    return name.replace('"', '""')
