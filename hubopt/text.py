"""One sentence in the two languages that planners work in."""

from __future__ import annotations

import os
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

TURNS = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})
"""Classes of signs that turn the direction of writing."""


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


def printable(text: str) -> str:
    """Return a text without control characters, which a terminal would obey; lines stay lines."""
    if text.isprintable():
        return text
    return "".join("\ufffd" if obeyed(sign) else sign for sign in text)


def obeyed(sign: str) -> bool:
    """Tell whether a terminal would obey a sign rather than show it."""
    steers = unicodedata.category(sign) in {"Cc", "Cs"} or unicodedata.bidirectional(sign) in TURNS
    return steers and sign not in "\n\t"


def language_from_environment() -> Language:
    """Return the language that `HUBOPT_LANG` asks for (`zh` or `zh_CN...`), English otherwise."""
    wanted = os.environ.get("HUBOPT_LANG", "")
    return Language.ZH if wanted.lower().startswith("zh") else Language.EN
