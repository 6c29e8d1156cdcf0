"""A real spreadsheet program, LibreOffice Calc without a window, that opens and saves files."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from defusedxml.ElementTree import parse

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from xml.etree.ElementTree import Element

PROGRAMS = ("soffice", "libreoffice", "localc")
MOST_S = 200.0
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
COMMAS = "Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,true,false,0,true"
"""Commas, quotes, UTF-8, numbers and dates are looked for, and formulas are run."""


def program() -> str:
    """Return the program; a machine without one skips the test, CI fails it."""
    found = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if found is None:
        reason = "no LibreOffice Calc (Debian: libreoffice-calc-nogui)"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
    return str(found)


def saved_as(kind: str, files: Sequence[Path], folder: Path, *options: str) -> list[Path]:
    """Open files in the program and save each into a folder as another kind; return them."""
    home = folder / ".profile"
    done = subprocess.run(
        [program(), "--headless", "--norestore", f"-env:UserInstallation={home.as_uri()}",
         *options, "--convert-to", kind, "--outdir", str(folder), *map(str, files)],
        capture_output=True, text=True, check=False, timeout=MOST_S,
    )  # fmt: skip
    made = [folder / f"{file.stem}.{kind.partition(':')[0]}" for file in files]
    assert done.returncode == 0, done.stdout + done.stderr
    assert all(file.is_file() for file in made), done.stdout + done.stderr
    return made


def cells(file: Path) -> Iterator[Element]:
    """Yield the cells of a flat OpenDocument spreadsheet that hold anything."""
    for cell in parse(file).iter(f"{TABLE}table-cell"):
        if len(cell):
            yield cell


def formulas(file: Path) -> list[str]:
    """Return the formulas in a flat OpenDocument spreadsheet."""
    return [cell.attrib[name] for cell in cells(file) if (name := f"{TABLE}formula") in cell.attrib]


def texts(file: Path) -> set[str]:
    """Return what the cells of a flat OpenDocument spreadsheet show."""
    return {"\n".join("".join(p.itertext()) for p in cell.iter(f"{TEXT}p")) for cell in cells(file)}


def links(file: Path) -> list[str]:
    """Return where the links in a flat OpenDocument spreadsheet lead."""
    target = "{http://www.w3.org/1999/xlink}href"
    return [one.attrib[target] for one in parse(file).iter(f"{TEXT}a")]
