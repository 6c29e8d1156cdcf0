"""Which names may be those of folders, on every system: results go into folders of such names."""

from __future__ import annotations

import re

NAME = re.compile(r"(?![. ])[\w .()+-]{1,80}(?<![. ])")
PLAIN = re.compile(r"\w[\w.-]{0,79}")
RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
"""Names that Windows keeps for devices."""


def safe_name(text: str) -> bool:
    """Tell whether a text can be the name of a folder and leads nowhere else."""
    return NAME.fullmatch(text) is not None and RESERVED.fullmatch(text) is None


def plain_name(text: str) -> bool:
    """Tell whether a text is a safe name without spaces and brackets, as an instance's must be."""
    return PLAIN.fullmatch(text) is not None and safe_name(text)


def plain_from(text: str, otherwise: str) -> str:
    """Return a plain name made of a text, or another one if nothing of it can be used."""
    made = re.sub(r"[^\w.-]+", "-", text).strip(".-")[:80]
    return made if plain_name(made) else otherwise
