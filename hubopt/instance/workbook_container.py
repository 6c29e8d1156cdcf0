"""A workbook before it is opened: a zip of XML that must be small, plain and without tricks.

A zip of 150 kB may unpack to gigabytes, XML may define entities that grow or fetch, and a single
stray cell may make a sheet of a million rows. Each is told from the bytes, before any XML is read.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubopt.errors import Finding
from hubopt.instance.codes import Code
from hubopt.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MOST_UNPACKED = 200_000_000
LARGEST_RATIO = 100
SMALL_PART = 1_000_000
"""Parts below this many bytes may shrink as far as they like: they cannot fill any memory."""

MOST_CELLS = 2_000_000
MOST_ROWS = 1_048_576
"""Rows of a sheet in Excel; a higher number is no sheet."""

LARGEST_SIDE_PART = 20_000_000
"""Bytes of styles, names and all else besides sheets and their texts."""

SIDE_PARTS = ("styles, names or drawings", "样式、名称或图形")
XML_PARTS = (".xml", ".rels", ".vml")
DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
ROW = re.compile(rb"<(?:\w+:)?row\b(?:[^<>]*?\sr\s*=\s*[\"'](\d*)[\"'])?")
CELL = re.compile(rb"<(?:\w+:)?c\b(?:[^<>]*?\sr\s*=\s*[\"']([A-Za-z]*))?")
TEXT_ITEM = re.compile(rb"<(?:\w+:)?si\b")
REFERENCE_IN_TAG = re.compile(rb"<(?:\w+:)?(?:row|c)\b[^<>]*&")
FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
FORMULA_CELL = re.compile(
    rb"<(?:\w+:)?c\b([^<>]*)>\s*"
    rb"<(?:\w+:)?f\b(?:[^<>]*/>|[^<>]*>[^<]*</(?:\w+:)?f>)\s*<(?:\w+:)?v[\s/>]"
)
IS_TEXT = re.compile(rb"\st\s*=\s*[\"']str[\"']")
PLACE = re.compile(rb"\sr\s*=\s*[\"']([A-Z]+[0-9]+)[\"']")
MERGED = re.compile(rb"<(?:\w+:)?mergeCell\b[^<>]*?\sref\s*=\s*[\"']([A-Z0-9:]+)")
BROKEN = (OSError, ValueError, LookupError, NotImplementedError, EOFError, RuntimeError, zlib.error,
          zipfile.BadZipFile)  # fmt: skip
"""What unpacking a damaged or locked zip may raise."""

SAVE_AGAIN = Text("open it in Excel or WPS and save it as .xlsx", "请用 Excel 或 WPS 另存为 .xlsx")


@dataclass(frozen=True, slots=True)
class SheetTraits:
    """What the bytes of a sheet show: whether it has formulas, and its merged ranges.

    `texts` are the cells whose formula has given a text, which may be an empty one.
    """

    formulas: bool
    merged: tuple[str, ...]
    texts: frozenset[str] = frozenset()


@dataclass(eq=False)
class Refusal(Exception):  # noqa: N818  (a finding that is not yet about a file)
    """Why a workbook is not opened."""

    code: Code
    reason: Text
    remedy: Text = SAVE_AGAIN


def traits_of(name: str, content: bytes) -> dict[str, SheetTraits] | Finding:
    """Return the traits of each part that is a sheet, or why the workbook may not be opened."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as container:
            refuse_bomb(container.infolist(), len(content))
            return dict(scanned(container))
    except Refusal as refused:
        return Finding(name, refused.reason, refused.remedy, code=refused.code)
    except BROKEN as error:
        return damaged(name, str(error))


def damaged(name: str, why: str) -> Finding:
    """Return the finding for a file that is no workbook, or not whole."""
    said = " ".join(why.split())[:120]
    return Finding(
        name,
        Text(f"is damaged or no workbook ({said})", f"已损坏或不是工作簿（{said}）"),
        SAVE_AGAIN,
        code=Code.WORKBOOK,
    )


def refuse_bomb(parts: list[zipfile.ZipInfo], packed: int) -> None:
    """Raise for a zip that unpacks to too much, as its own list of parts says."""
    unpacked = sum(part.file_size for part in parts)
    worst = max(
        (p.file_size / max(p.compress_size, 1) for p in parts if p.file_size > SMALL_PART),
        default=0.0,
    )
    ratio = max(worst, unpacked / packed if unpacked > SMALL_PART else 0.0)
    if ratio <= LARGEST_RATIO and unpacked <= MOST_UNPACKED:
        return
    size = f"{unpacked / 1e6:,.0f} MB"
    raise Refusal(
        Code.ZIP_BOMB,
        Text(
            f"unpacks to {size} ({ratio:,.0f}x); the limits are 200 MB and 100x",
            f"解压后为 {size}（{ratio:,.0f} 倍），上限为 200 MB 和 100 倍",
        ),
        Text(
            "copy the tables alone into a new workbook, or use CSV",
            "请只把表格复制到新的工作簿，或改用 CSV",
        ),
    )


def scanned(container: zipfile.ZipFile) -> Iterator[tuple[str, SheetTraits]]:
    """Yield each sheet's part with its traits; raise for XML that is not plain, or too many cells.

    A part that its list says is small cannot unpack to more: the library stops there.
    """
    cells = 0
    for part in container.infolist():
        content = container.read(part) if part.filename.lower().endswith(XML_PARTS) else b""
        refuse_declarations(content)
        sheet = "worksheets/" in part.filename and part.filename.endswith(".xml")
        texts = TEXT_ITEM.search(content, 0, 10_000) is not None
        if not sheet and not texts and part.file_size > LARGEST_SIDE_PART:
            raise too_many(*SIDE_PARTS)
        cells += area(content) if sheet else len(TEXT_ITEM.findall(content)) if texts else 0
        if cells > MOST_CELLS:
            raise too_many(*(f"{cells:,} {word}" for word in ("cells", "个单元格")))
        if sheet:
            merged = (found.decode() for found in MERGED.findall(content))
            formulas = FORMULA.search(content) is not None
            yield part.filename, SheetTraits(formulas, tuple(merged), frozenset(texts_of(content)))


def texts_of(content: bytes) -> Iterator[str]:
    """Yield the cells of a sheet whose formula has given a text."""
    for found in FORMULA_CELL.finditer(content):
        place = PLACE.search(found[1])
        if place is not None and IS_TEXT.search(found[1]):
            yield place[1].decode()


def refuse_declarations(content: bytes) -> None:
    """Raise for XML that declares anything, or hides in an encoding of two bytes a character."""
    if DECLARATION.search(content) or b"\0" in content or REFERENCE_IN_TAG.search(content):
        raise Refusal(
            Code.DOCTYPE,
            Text(
                "its XML declares a DOCTYPE or entities, which no spreadsheet writes",
                "其 XML 含 DOCTYPE 或实体声明，表格软件不会这样写",
            ),
        )


def area(content: bytes) -> int:
    """Return the cells of a sheet as its rows times its widest row, empty ones included."""
    numbers = [int(found) for found in ROW.findall(content) if found]
    rows = len(ROW.findall(content))
    if numbers != sorted(set(numbers)) or max(numbers, default=0) > MOST_ROWS:
        raise Refusal(
            Code.WORKBOOK,
            Text("the rows of a sheet are out of order", "工作表的行号错乱"),
        )
    names = CELL.findall(content)
    return max(rows * widest(set(names)), len(names))


def widest(names: Iterable[bytes]) -> int:
    """Return the number of the last column among names such as `AB`."""
    most = 0
    for name in names:
        number = 0
        for letter in name.upper():
            number = number * 26 + letter - ord("A") + 1
        most = max(most, number)
    return most


def too_many(what: str, what_zh: str) -> Refusal:
    """Return why a workbook is too large."""
    return Refusal(
        Code.TOO_MANY_CELLS,
        Text(
            f"is too large ({what}); the limit is {MOST_CELLS:,} cells, empty rows included",
            f"过大（{what_zh}）；上限为 {MOST_CELLS:,} 个单元格（含空行）",
        ),
        Text(
            "delete empty rows and columns outside the tables, or use CSV",
            "请删除表格以外的空行和空列，或改用 CSV",
        ),
    )
