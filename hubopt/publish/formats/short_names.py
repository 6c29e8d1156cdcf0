"""Field names of at most ten characters, as a shapefile has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST = 10

SHORTER = {
    "area": "ar", "both": "", "capacity": "cap", "departures": "dep", "destination": "dst",
    "distance": "dist", "from": "fr", "functions": "funcs", "handled": "hand", "highest": "max",
    "marginal": "marg", "name": "nm", "number": "no", "opened": "open", "origin": "org", "per": "",
    "place": "pl", "products": "prods", "services": "servs", "shipment": "shipm", "unserved": "uns",
    "utilisation": "util", "ways": "", "week": "w", "year": "y",
}  # fmt: skip
"""Words of field names with their short forms; blank for those that are left out."""


def short_names(fields: Iterable[str]) -> dict[str, str]:
    """Return a short name for each field, each once, whatever the case."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for field in fields:
        words = [SHORTER.get(word, word) for word in field.split("_")]
        whole = "_".join(word for word in words if word)
        short, number = whole[:LONGEST].rstrip("_"), 1
        while short.lower() in taken or not short:
            number += 1
            short = f"{whole[: LONGEST - len(str(number))]}{number}"
        taken.add(short.lower())
        found[field] = short
    return found
