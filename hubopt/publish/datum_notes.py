"""What to know of places whose coordinates came from a Chinese web map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.publish.datums import OFFSET, wgs84
from hubopt.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubopt.instance.tables import Instance, Place


MOST_NAMED = 10
"""More places than that are only counted."""


def datum_notes(instance: Instance) -> tuple[Text, ...]:
    """Return how many places were moved to WGS84 and how far, and which ones stayed."""
    return tuple(
        note
        for datum in sorted(OFFSET)
        for note in notes_on(datum, [p for p in instance.places if p.datum is datum])
    )


def notes_on(datum: str, places: list[Place]) -> Iterator[Text]:
    """Yield the notes on the places of one datum."""
    metres = {place.id: moved_m(place) for place in places}
    moved = sorted(way for way in metres.values() if way)
    stayed = [ident for ident, way in metres.items() if not way]
    listed = ", ".join(stayed[:MOST_NAMED]) + (", ..." if len(stayed) > MOST_NAMED else "")
    if moved:
        low, high = f"{moved[0]:,.0f}", f"{moved[-1]:,.0f}"
        count = len(moved)
        were = "place was" if count == 1 else "places were"
        yield Text(
            f"places.csv: {count} {were} moved from {datum} to WGS84, by {low} to {high} m",
            f"places.csv：{count} 个地点由 {datum} 转为 WGS84，移动 {low} 至 {high} 米",
        )
    if stayed:
        yield Text(
            f"places.csv: {len(stayed)} not moved ({listed}): outside the area that {datum} shifts"
            " it is WGS84",
            f"places.csv：{len(stayed)} 个地点未移动（{listed}）："
            f"位于 {datum} 偏移范围之外，该处即为 WGS84",
        )


def moved_m(place: Place) -> float:
    """Return how many metres a place was moved on its way to WGS84."""
    from pyproj import Geod  # noqa: PLC0415  (loads on use)

    lon, lat = wgs84(place)
    _, _, metres = Geod(ellps="WGS84").inv(place.lon, place.lat, lon, lat)
    return float(metres)
