"""The places of the reference, as the facts give them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.instance.tables import Place
from hubopt.reference.chosen import HENAN, PLACES, SHOPS
from hubopt.vocabulary import Datum, PlaceKind

if TYPE_CHECKING:
    from hubopt.reference.facts import Facts

HENAN_AREA = frozenset(
    {
        *HENAN, "CGO", "PUT", "ZIP_E", "ZIP_W", "XZCBZ", "JKCBZ", "HBLC", "WANB", "GUANGWU", "MPF",
        "CPOST", "LYLP", "SQ", "AY", "NY", "ZMD", "LHC", "XXCOLD", "ZKP_F", "ZKP_X", "LHP",
        "LHP_N", "HBP", *SHOPS.values(),
    }
)  # fmt: skip


def places(facts: Facts) -> tuple[Place, ...]:
    """Return all places; the region is Henan, China, or the country abroad."""
    return tuple(place(facts, ident) for ident in sorted(PLACES))


def place(facts: Facts, ident: str) -> Place:
    """Return one place."""
    row = facts.places[ident]
    abroad = row["country"] != "CN"
    region = row["country"] if abroad else "Henan" if ident in HENAN_AREA else "China"
    return Place(
        id=ident,
        name_en=row["name_en"],
        name_zh=row["name_zh"],
        kind=PlaceKind(row["kind"]),
        country=row["country"],
        lat=float(row["lat"]),
        lon=float(row["lon"]),
        datum=Datum.WGS84,
        region=region,
    )
