"""Help texts of the command line, in the language of this run."""

from __future__ import annotations

from hubopt.text import Text, language_from_environment


def say(en: str, zh: str) -> str:
    """Return a help text in the language of this run."""
    return Text(en, zh).in_language(language_from_environment())
