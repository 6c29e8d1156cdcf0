"""Rows that several scenarios share, each written once and called by its number."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hubopt.publish.words import name_of
from hubopt.text import Language, printable

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from hubopt.publish.words import Named

Json = str | float | bool | list["Json"] | dict[str, "Json"] | None
"""What JSON can hold; whole numbers pass as float."""

SMALL_T = 1000.0


@dataclass
class Numbered:
    """Rows in the order in which they were first asked for, each by its number."""

    rows: list[Json] = field(default_factory=list)
    known: dict[Hashable, int] = field(default_factory=dict)

    def number(self, key: Hashable, row: Callable[[], Json]) -> int:
        """Return the number of a row, made the first time that its key is asked for."""
        found = self.known.get(key)
        if found is None:
            found = self.known[key] = len(self.rows)
            self.rows.append(row())
        return found


def names(row: Named, ident: str) -> list[Json]:
    """Return id and both names of a row; the id where it has none, nothing that moves a cursor."""
    en, zh = (name_of(row, language) or ident for language in (Language.EN, Language.ZH))
    return [printable(ident), printable(en), printable(zh)]


def mass(kg: float) -> float:
    """Return kilograms as tonnes for the page: whole if many, else to a tenth."""
    tonnes = kg / 1000
    return round(tonnes) if tonnes >= SMALL_T else neat(tonnes, 1)


def neat(number: float, digits: int) -> float:
    """Return a number with so many decimals, whole numbers without a point."""
    found = round(number, digits)
    return int(found) if found == int(found) else found
