"""The bytes of a workbook: the same for the same content, and texts as cells of Excel hold them."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

WHEN = (1980, 1, 1, 0, 0, 0)
"""The moment of every part: the earliest that a zip can state."""

STAMP, STAMPS = b">1980-01-01T00:00:00Z<", 2
"""The same moment as a workbook states it, of its making and of its last change."""

ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
"""A character by its number, as Excel writes what XML cannot hold into texts."""

LIKE_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
SURROGATES = range(0xD800, 0xE000)
NOT_IN_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no part of a workbook can hold."""


def in_cell(text: str) -> str:
    """Return a text as a cell of Excel holds it, where `_x0041_` would read as A."""
    return LIKE_ESCAPE.sub("_x005F_", text) if "_x" in text else text


def from_cell(text: str) -> str:
    """Return the text that a cell of Excel stands for."""
    return ESCAPE.sub(character, text) if "_x" in text else text


def character(found: re.Match[str]) -> str:
    """Return the character that an escape names; half of one stays as it is written."""
    number = int(found[1], 16)
    return found[0] if number in SURROGATES else chr(number)


class Container(zipfile.ZipFile):
    """A zip whose parts bear the same date, and no sign of the platform."""

    def write(self, filename: Any, arcname: Any = None, *_: Any, **__: Any) -> None:  # noqa: ANN401  (as the library has it)
        """Add a file under a name."""
        self.writestr(str(arcname or filename), Path(filename).read_bytes())

    def writestr(self, zinfo_or_arcname: Any, data: Any, *_: Any, **__: Any) -> None:  # noqa: ANN401
        """Add bytes or a text under a name."""
        part = zipfile.ZipInfo(str(zinfo_or_arcname), WHEN)
        part.create_system, part.external_attr = 0, 0o600 << 16
        super().writestr(part, data, zipfile.ZIP_DEFLATED)


def saved(book: Any) -> bytes:  # noqa: ANN401  (a library without types)
    """Return a workbook of openpyxl as bytes that do not depend on when and where it was made."""
    from openpyxl.writer.excel import ExcelWriter  # noqa: PLC0415  (only workbooks need it)

    book.properties.creator = "hubopt"
    book.properties.created = book.properties.modified = dt.datetime(*WHEN)  # noqa: DTZ001  (as the file has it)
    out = io.BytesIO()
    ExcelWriter(book, Container(out, "w", zipfile.ZIP_DEFLATED)).save()
    return out.getvalue()


def untouched(content: bytes) -> bool:
    """Tell whether a workbook is as hubopt wrote it: whatever saves it anew states another time."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as container:
            core = container.read("docProps/core.xml")
            return core.count(STAMP) == STAMPS and b">hubopt<" in core
    except (OSError, ValueError, LookupError, zipfile.BadZipFile, NotImplementedError):
        return False


class Pen:
    """Writes rows of one sheet; texts stay texts whatever they begin with."""

    def __init__(self, sheet: Any) -> None:  # noqa: ANN401
        """Take a sheet that is written row by row."""
        from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415

        self.sheet = sheet
        self.text, self.number = WriteOnlyCell(sheet), WriteOnlyCell(sheet)
        self.text.number_format = "@"

    def row(self, values: Iterable[Any]) -> None:
        """Write a row: texts in cells of texts, numbers and cells as they are."""
        self.sheet.append(self.cell(value) for value in values)

    def cell(self, value: Any) -> Any:  # noqa: ANN401
        """Return the cell for a value; texts share one, which is written before the next."""
        if isinstance(value, float):
            self.number.value = repr(value)  # the library would round to 16 digits
            self.number.data_type = "n"
            return self.number
        if not isinstance(value, str):
            return value
        if not value:
            return None
        self.text.value = in_cell(value)
        self.text.data_type = "s"  # or =1+1 would be a formula, #N/A an error
        return self.text
