"""One sentence in the two languages that planners work in."""

from __future__ import annotations

import os
from dataclasses import dataclass
from enum import StrEnum


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


def language_from_environment() -> Language:
    """Return the language that `HUBOPT_LANG` asks for (`zh` or `zh_CN...`), English otherwise."""
    wanted = os.environ.get("HUBOPT_LANG", "")
    return Language.ZH if wanted.lower().startswith("zh") else Language.EN
