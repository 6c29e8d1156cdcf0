"""report.html: results as one page that opens without a network, map, charts and tables inside."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hubopt.publish.report.side import Side
    from hubopt.text import Language

NAME = "report.html"

MARK, LOOK = b'<meta name="generator" content="hubopt">', 4096
"""What a page of ours says at its head, and how far to look for it."""


def report(sides: Sequence[Side], language: Language) -> bytes:
    """Return the page of results of one instance, the base first; it opens in a language."""
    from hubopt.publish.report.data import record  # noqa: PLC0415  (each loads on use)
    from hubopt.publish.report.page import page  # noqa: PLC0415

    return page(record(sides, language))


def is_ours(file: Path) -> bool:
    """Return whether a file is a page that hubopt wrote."""
    try:
        with file.open("rb") as page:
            return MARK in page.read(LOOK)
    except OSError:
        return False
