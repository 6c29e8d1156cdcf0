"""The gallery shows what its command makes: every picture is there, and the page is its own."""

from __future__ import annotations

import runpy
from pathlib import Path

from PIL import Image

DOCS = Path(__file__).parent.parent / "docs"
LEAST_COLOURS = 200
"""Fewer mean an empty page, or colours that were cut so far that modes look alike."""


def test_the_gallery_is_whole() -> None:
    """The page is what the command writes, and each of its pictures shows something."""
    made = runpy.run_path(str(DOCS / "make_gallery.py"))
    assert (DOCS / "gallery.md").read_text(encoding="utf-8") == "\n".join(made["page"]()) + "\n"
    assert {file.name for file in (DOCS / "gallery").iterdir()} == set(made["PICTURES"])
    for name in made["PICTURES"]:
        with Image.open(DOCS / "gallery" / name) as picture:
            assert picture.width <= 1200, name
            colours = picture.convert("RGB").getcolors(maxcolors=2**24) or []
            assert len(colours) > LEAST_COLOURS, name
