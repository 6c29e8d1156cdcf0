"""One sentence in the two languages that planners work in."""

from __future__ import annotations

import os
from dataclasses import dataclass
from enum import StrEnum

SPACES = frozenset({"\n", "\t", "\u3000"})
"""White space that text on a terminal may hold; \\u3000 is the wide space of Chinese."""


class Language(StrEnum):
    """A language of messages, reports and map labels."""

    EN = "en"
    ZH = "zh"


@dataclass(frozen=True, slots=True)
class Text:
    """The same sentence in English and Chinese."""

    en: str
    zh: str

    def in_language(self, language: Language) -> str:
        """Return the sentence in `language`."""
        return self.zh if language is Language.ZH else self.en


def escaped(text: str) -> str:
    """Return a text in which nothing can move the cursor or hide: such signs as their numbers."""
    if text.isprintable():
        return text
    return "".join(
        sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text
    )


def printable(text: str) -> str:
    """Return a text that is safe on a terminal: as `escaped`, but lines stay lines."""
    return "".join(sign if sign in SPACES else escaped(sign) for sign in text)


def language_from_environment() -> Language:
    """Return the language that `HUBOPT_LANG` asks for (`zh` or `zh_CN...`), English otherwise."""
    wanted = os.environ.get("HUBOPT_LANG", "")
    return Language.ZH if wanted.lower().startswith("zh") else Language.EN
