"""A font for the still map: one with Chinese if the machine has one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from hubopt.publish.words import name_of
from hubopt.text import Language, Text

if TYPE_CHECKING:
    from hubopt.publish.words import Named

CHINESE = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC",
    "Hiragino Sans GB", "SimHei", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "Noto Sans CJK JP",
    "Arial Unicode MS",
)  # fmt: skip
"""Fonts with simplified Chinese, the best first; those of matplotlib's own are the fallback."""

PLAIN = "DejaVu Sans"


@dataclass(frozen=True)
class Writing:
    """Fonts and language of a picture; English where the machine has no Chinese font."""

    families: tuple[str, ...]
    language: Language

    def said(self, text: Text) -> str:
        """Return a text in the picture's language."""
        return text.in_language(self.language)

    def named(self, row: Named, ident: str) -> str:
        """Return the name of a row that the fonts can draw, its id if they cannot."""
        chosen = name_of(row, self.language)
        return next((name for name in (chosen, row.name_en) if name and self.can(name)), ident)

    def can(self, text: str) -> bool:
        """Return whether the fonts have every character of a text."""
        return all(any(ord(c) in characters(family) for family in self.families) for c in text)

    def drawable(self, text: str) -> str:
        """Return a text without the characters that no font has."""
        return "".join(sign for sign in text if self.can(sign))


def writing(language: Language) -> Writing:
    """Return fonts and language for a picture that is wanted in `language`."""
    from matplotlib import font_manager  # noqa: PLC0415  (loads on use)

    there = {entry.name for entry in font_manager.fontManager.ttflist}
    chinese = next((name for name in CHINESE if name in there), None)
    if chinese is None:
        return Writing((PLAIN,), Language.EN)
    return Writing((PLAIN, chinese) if language is Language.EN else (chinese, PLAIN), language)


@cache
def characters(family: str) -> frozenset[int]:
    """Return the characters that a font can draw."""
    from matplotlib import font_manager, ft2font  # noqa: PLC0415

    path: Any = font_manager.findfont(family, fallback_to_default=True)
    return frozenset(ft2font.FT2Font(path).get_charmap())
