"""Places that stand where a Chinese web map would put them, told by the lines that end at them."""

from __future__ import annotations

import math
from dataclasses import replace
from statistics import median
from typing import TYPE_CHECKING

from hubopt.errors import Finding
from hubopt.instance.codes import Code
from hubopt.publish.datums import wgs84
from hubopt.text import Text
from hubopt.vocabulary import Datum

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hubopt.instance.tables import Instance
    from hubopt.publish.shape_file import Drawn

M_PER_DEGREE = 111_320.0
LEAST_PLACES = 3
"""Fewer places may be off together by chance."""

LEAST_SHIFT_M = 100.0
NEAR_SHARE = 0.25
"""Moved back, the ends of lines must lie this much nearer: chance does not do that."""


def shifted_places(instance: Instance, lines: Iterable[Drawn]) -> Iterator[Finding]:
    """Yield a finding if places in WGS84 lie beside their lines as GCJ-02 would put them.

    A line may end anywhere near its place, so only the median over several places counts.
    """
    before, after, ways = [], [], []
    for ident, end in sorted(ends_of(instance, lines).items()):
        place = instance.place[ident]
        moved = wgs84(replace(place, datum=Datum.GCJ02))
        before.append(apart_m(end, (place.lon, place.lat)))
        after.append(apart_m(end, moved))
        ways.append((place.lon - end[0], place.lat - end[1]))
    if len(before) < LEAST_PLACES or median(before) < LEAST_SHIFT_M:
        return
    if median(after) <= NEAR_SHARE * median(before):
        east, north = (median(way[axis] for way in ways) for axis in (0, 1))
        side = ("N" if north > 0 else "S") + ("E" if east > 0 else "W")
        yield Finding(
            "places.csv",
            Text(
                f"places lie {median(before):,.0f} m {side} of the ends of their lines (median),"
                " as on Chinese web maps",
                f"地点偏离其线路端点 {median(before):,.0f} 米（中位数），与国内网络地图的偏移一致",
            ),
            Text("write gcj02 in the column datum", "请在 datum 列填写 gcj02"),
            column="datum",
            value=Datum.WGS84.value,
            nearest=Datum.GCJ02.value,
            code=Code.DATUM,
        )


def ends_of(instance: Instance, lines: Iterable[Drawn]) -> dict[str, tuple[float, float]]:
    """Return for each Chinese place in WGS84 the nearest end of a line that is said to be there."""
    found: dict[str, tuple[float, float]] = {}
    for line in lines:
        for ident, end in ((line.from_place, line.course[0]), (line.to_place, line.course[-1])):
            place = instance.place.get(ident)
            if place is None or place.datum is not Datum.WGS84:
                continue
            if place.country != instance.settings.home_country:
                continue
            here = (place.lon, place.lat)
            if ident not in found or apart_m(end, here) < apart_m(found[ident], here):
                found[ident] = end
    return found


def apart_m(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Return the metres between two points close together."""
    east = (a[0] - b[0]) * math.cos(math.radians(a[1]))
    return math.hypot(east, a[1] - b[1]) * M_PER_DEGREE
