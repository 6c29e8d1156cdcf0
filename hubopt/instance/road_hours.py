"""How far a truck is in hours: from a place to all places at home over the open roads."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

from hubopt.vocabulary import TRUCKS, Access

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hubopt.instance.rows import Link


def road_hours(roads: Mapping[str, list[tuple[str, float]]], start: str) -> Mapping[str, float]:
    """Return the least hours by truck from a place to every place that it reaches."""
    heap, found = [(0.0, start)], dict[str, float]()
    while heap:
        hours, place = heapq.heappop(heap)
        if place in found:
            continue
        found[place] = hours
        for end, more in roads.get(place, ()):
            if end not in found:
                heapq.heappush(heap, (hours + more, end))
    return found


def roads_at_home(
    links: Iterable[Link], home: frozenset[str]
) -> Mapping[str, list[tuple[str, float]]]:
    """Return for each place at home where a truck may go on to within it, and the hours."""
    ahead: dict[str, list[tuple[str, float]]] = {}
    for link in links:
        if link.mode not in TRUCKS or link.access is not Access.OPEN:
            continue
        if {link.from_place, link.to_place} <= home:
            ahead.setdefault(link.from_place, []).append((link.to_place, link.time_h))
            if link.both_ways:
                ahead.setdefault(link.to_place, []).append((link.from_place, link.time_h))
    return ahead
