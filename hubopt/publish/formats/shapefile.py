"""Layers as shapefiles in one zip, with a table of what the format made of names and texts.

Fields have names of at most ten characters and texts of at most 254 bytes; an empty table has the
type of its layer. The format is offered because it is asked for, not because it is good.
"""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from hubopt.publish.formats.by_gdal import put
from hubopt.publish.formats.content import Written
from hubopt.publish.formats.short_names import short_names
from hubopt.publish.formats.zipped import zip_bytes
from hubopt.publish.spread import Sheet, csv_bytes
from hubopt.text import Text

if TYPE_CHECKING:
    from hubopt.publish.formats.content import Content, Framed

LONGEST_BYTES = 254
OPTIONS = {"ENCODING": "UTF-8", "DBF_DATE_LAST_UPDATE": "2000-01-01"}
NAMES = "fields.csv"


def shapefiles(content: Content) -> Written:
    """Return layers as a zip of shapefiles, and which texts were cut."""
    notes, rows = [], []
    with tempfile.TemporaryDirectory(prefix="hubopt-") as folder:
        for sheet in content.sheets:
            fitted, names, cut = fitting(sheet)
            put(Path(folder) / f"{sheet.layer.name}.shp", fitted, "ESRI Shapefile", 0,
                layer_options=OPTIONS)  # fmt: skip
            rows += [(sheet.layer.name, short, name) for name, short in names.items()]
            notes += [of_cut(sheet.layer.name, field, count) for field, count in cut.items()]
        files = {file.name: file.read_bytes() for file in sorted(Path(folder).iterdir())}
    table = Sheet(NAMES, ("layer", "field", "name"), tuple(rows))
    return Written(zip_bytes({**files, NAMES: csv_bytes(table)}), tuple(notes))


def fitting(sheet: Framed) -> tuple[Framed, dict[str, str], dict[str, int]]:
    """Return a layer that fits, its short field names, and how many texts of a field were cut."""
    names = short_names(sheet.layer.fields)
    frame, cut = sheet.frame.copy(), {}
    for field, kind in sheet.layer.fields.items():
        if kind is str:
            texts = [trimmed(text) for text in frame[field]]
            changed = sum(new != old for new, old in zip(texts, frame[field], strict=True))
            frame[field] = texts
            if changed:
                cut[field] = changed
    return replace(sheet, frame=frame.rename(columns=names)), names, cut


def trimmed(text: object) -> object:
    """Return a text of at most 254 bytes, cut between signs."""
    if not isinstance(text, str) or len(text.encode()) <= LONGEST_BYTES:
        return text
    return text.encode()[:LONGEST_BYTES].decode(errors="ignore")


def of_cut(layer: str, field: str, count: int) -> Text:
    """Return the note on texts that were too long."""
    return Text(
        f"{layer}: {count} texts of {field} were cut to {LONGEST_BYTES} bytes, the most that a"
        " shapefile holds",
        f"{layer}：{field} 中有 {count} 条文本被截断为 {LONGEST_BYTES} 字节，shapefile 不能更长",
    )
