"""Texts for KML: a name for each feature, and nothing in any text that a viewer would run.

Viewers show texts as HTML. A tag cannot begin without its bracket, so that one is exchanged; the
driver of GDAL breaks on what would end a CDATA section, and XML has no control characters.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING

from hubopt.text import Language

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hubopt.publish.formats.content import Framed

NOT_XML = re.compile("[\ud800-\udfff\ufffe\uffff]")

ENDS = (
    ("from_name", "to_name"),
    ("origin_name", "destination_name"),
    ("name",),
    ("place_name",),
    ("service",),
)
"""The fields that name a feature, by what a layer has."""


def named(sheet: Framed, language: Language) -> Framed:
    """Return a layer with the field `Name`, which KML shows beside each feature."""
    first, second = ("zh", "en") if language is Language.ZH else ("en", "zh")
    frame = sheet.frame
    fields = next((e for e in ENDS if all(f"{field}_{first}" in frame for field in e)), ())
    names = [
        [
            str(a or b or "")
            for a, b in zip(frame[f"{f}_{first}"], frame[f"{f}_{second}"], strict=True)
        ]
        for f in fields
    ]
    whole = [joined(parts) for parts in zip(*names, strict=True)] if names else [""] * len(frame)
    return replace(sheet, frame=frame.assign(Name=whole))


def joined(parts: Sequence[str]) -> str:
    """Return the names of both ends as one, nothing for none."""
    return " → ".join(parts) if any(parts) else ""


def harmless(sheet: Framed) -> Framed:
    """Return a layer whose texts hold neither tags nor signs that XML cannot hold."""
    frame = sheet.frame.copy()
    for field in frame.columns:
        if frame[field].dtype == object or str(frame[field].dtype).startswith("str"):
            frame[field] = [clean(text) if isinstance(text, str) else text for text in frame[field]]
    return replace(sheet, frame=frame)


def clean(text: str) -> str:
    """Return a text without control characters and without the bracket that begins a tag."""
    plain = "".join(" " if unicodedata.category(sign) == "Cc" else sign for sign in text)
    return NOT_XML.sub(" ", plain).replace("<", "‹").replace("]]>", "]] >")
