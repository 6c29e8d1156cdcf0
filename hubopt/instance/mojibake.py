"""Texts that were saved in one encoding and read in another, told by reading them back."""

from __future__ import annotations

import re

FIRST_HANZI, LAST_HANZI = "\u4e00", "\u9fff"
PAIRS = re.compile(rb"[\x80-\xff]+")
SURE_BYTES = 4
"""So many bytes in a row that are Chinese as GBK are no accented letters."""

SURE_HANZI = 2


def meant(text: str) -> str | None:
    """Return what a text was before it was read in the wrong encoding, `None` if it looks right."""
    if text.isascii():
        return None
    western = western_bytes(text)
    if western is not None:
        return as_utf8(western) or as_gbk(western)
    return utf8_read_as_gbk(text)


def western_bytes(text: str) -> bytes | None:
    """Return the bytes of a text that a Western Windows would have read so, `None` if it cannot."""
    found = bytearray()
    for sign in text:
        try:
            found += sign.encode("cp1252")
        except UnicodeEncodeError:
            if ord(sign) > 0xFF:  # noqa: PLR2004  (beyond one byte)
                return None
            found.append(ord(sign))
    return bytes(found)


def as_utf8(content: bytes) -> str | None:
    """Return bytes read as UTF-8, `None` if they are not."""
    try:
        return content.decode()
    except UnicodeDecodeError:
        return None


def as_gbk(content: bytes) -> str | None:
    """Return bytes read as GBK if all their runs beyond ASCII are Chinese, one of them for sure."""
    runs = PAIRS.findall(content)
    if any(len(run) % 2 for run in runs) or max(map(len, runs), default=0) < SURE_BYTES:
        return None
    try:
        text = content.decode("gb2312")
    except UnicodeDecodeError:
        return None
    return text if all(sign.isascii() or is_hanzi(sign) for sign in text) else None


def utf8_read_as_gbk(text: str) -> str | None:
    """Return what a Chinese text was if its bytes as GBK are Chinese in UTF-8 as well."""
    try:
        found = text.encode("gb18030").decode()
    except UnicodeError:
        return None
    hanzi = sum(map(is_hanzi, found))
    sure = hanzi >= SURE_HANZI and all(sign.isascii() or is_hanzi(sign) for sign in found)
    return found if sure else None


def is_hanzi(sign: str) -> bool:
    """Tell whether a sign is a Chinese character."""
    return FIRST_HANZI <= sign <= LAST_HANZI
