"""Moves between two stops: the link that joins them, and whether another way could matter.

Without transfers and services a shipment keeps its mode from stop to stop. Where one link joins two
stops and no other way is cheaper or faster, only that link matters. Where another way is, it does
not matter either if no shipment has the time for it. Hours count in millionths, whole numbers, so
that sums of them are exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from hubopt.units import exact

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hubopt.instance.tables import Link
    from hubopt.problem.problem import Floats, Ints
    from hubopt.vocabulary import Mode

TICKS_PER_H = 1_000_000


class Way(NamedTuple):
    """Ways between stops: CNY a tonne, millionths of an hour, infinite where there is none.

    `other` is the least time of a way other than the link that may be better than it.
    """

    cost: Floats
    ticks: Floats
    other: Floats

    def between(self, ones: Ints | Sequence[int], others: Ints | Sequence[int]) -> Way:
        """Return the ways from some places to others."""
        here = np.ix_(np.asarray(ones), np.asarray(others))
        return Way(*(table[here] for table in self))


def ticks(hours: float) -> float:
    """Return hours in millionths, nan where that is no whole number."""
    found = exact(hours) * TICKS_PER_H
    return float(found) if found.denominator == 1 else np.nan


def both_directions(links: Iterable[Link]) -> list[tuple[str, str, Link]]:
    """Return from, to and link for each direction of links."""
    found = []
    for link in links:
        found.append((link.from_place, link.to_place, link))
        if link.both_ways:
            found.append((link.to_place, link.from_place, link))
    return found


@dataclass(frozen=True)
class Hops:
    """The ways between all places of a network, by the number of each place."""

    number: dict[str, int]
    mode: dict[tuple[str, str], Mode]
    way: Way


def hops_of(places: Sequence[str], links: Iterable[Link]) -> Hops | None:
    """Return the ways between places, None if two links join two places, or hours are odd."""
    number = {place: here for here, place in enumerate(places)}
    rows = both_directions(links)
    mode = {(a, b): link.mode for a, b, link in rows}
    if len(mode) != len(rows):
        return None
    size = (len(places), len(places))
    cost, hours = np.full(size, np.inf), np.full(size, np.inf)
    cheapest, other, fastest = np.full(size, np.inf), np.full(size, np.inf), np.full(size, np.inf)
    for one in sorted(set(mode.values())):
        own = [row for row in rows if row[2].mode is one]
        a, b = [number[row[0]] for row in own], [number[row[1]] for row in own]
        direct_cost, direct_ticks = np.full(size, np.inf), np.full(size, np.inf)
        direct_cost[a, b] = [row[2].cost_cny_per_t for row in own]
        direct_ticks[a, b] = [ticks(row[2].time_h) for row in own]
        cost, hours = np.fmin(cost, direct_cost), np.minimum(hours, direct_ticks)
        cheapest = np.minimum(cheapest, shortest(direct_cost))
        fastest = np.minimum(fastest, shortest(direct_ticks))
        other = np.minimum(other, of_two_and_more(direct_ticks))
    if np.isnan(hours).any():
        return None
    better = (cheapest < cost) | (fastest < hours)
    found = Way(cost, hours, np.where(better, other, np.inf))
    for table, stay in zip(found, (0.0, 0.0, np.inf), strict=True):
        np.fill_diagonal(table, stay)
    return Hops(number, mode, found)


def shortest(direct: Floats) -> Floats:
    """Return the least sums over ways of one link and more, infinite where there is no way."""
    found = direct.copy()
    for over in range(len(found)):
        np.minimum(found, found[:, over, None] + found[over], out=found)
    return found


def of_two_and_more(direct: Floats) -> Floats:
    """Return the least sums over ways of two links and more, infinite where there is no way."""
    ahead = shortest(direct)
    np.fill_diagonal(ahead, np.inf)
    found = np.full_like(direct, np.inf)
    for over in range(len(found)):
        np.minimum(found, direct[:, over, None] + ahead[over], out=found)
    return found
