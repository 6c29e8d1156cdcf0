"""The nearest name to one that is not known, for messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

LOOKALIKES = str.maketrans(
    "АВЕКМНОРСТХаеорсухіΑΒΕΖΗΙΚΜΝΟΡΤΥΧο", "ABEKMHOPCTXaeopcyxiABEZHIKMNOPTYXo"
)
"""Cyrillic and Greek letters that cannot be told from Latin ones."""

LEAST_SCORE = 55.0
"""Of 100; names less alike than this only mislead."""


def nearest_of(name: str, known: Iterable[str]) -> str | None:
    """Return the known name most like `name`, `None` if none is alike."""
    from rapidfuzz import fuzz, process, utils  # noqa: PLC0415  (only a faulty input needs it)

    found = process.extractOne(
        name.translate(LOOKALIKES),
        sorted(known),
        scorer=fuzz.ratio,
        processor=utils.default_process,
        score_cutoff=LEAST_SCORE,
    )
    return None if found is None else str(found[0])
