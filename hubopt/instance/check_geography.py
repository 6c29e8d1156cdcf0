"""Checks of coordinates, and of distances, times and emissions of links against geography."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.instance.check_keys import CHINA_NAMES
from hubopt.instance.codes import Code
from hubopt.instance.distance import straight_km
from hubopt.instance.draft import Spot, fault
from hubopt.instance.rows import Link, Place
from hubopt.text import Text
from hubopt.vocabulary import TRUCKS, Datum, Mode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubopt.errors import Finding
    from hubopt.instance.draft import Draft

CHINA_LAT = (3.0, 54.0)
CHINA_LON = (73.0, 136.0)
OFFSET_DATUMS = frozenset({Datum.GCJ02, Datum.BD09})
"""Datums that are defined inside China only."""

SHORTEST_SHARE = 0.99
SLACK_KM = 2.0
"""A link may be this much shorter than the straight line: coordinates are rounded."""

LONGEST_DETOUR = 50.0
LEAST_STRAIGHT_KM = 5.0
LEAST_KM_FOR_SPEED = 50.0
"""Over shorter links the time at their ends counts for more than the way."""

LEAST_KM_FOR_TRUCK_SPEED = 10.0
"""Trucks inside a country lose little time at the ends of a link; at borders they may."""

MINUTES_PER_H = 60
HOURS_PER_DAY = 24
LONG_FLIGHT_KM = 1000.0
SLOWEST_LONG_FLIGHT_KM_PER_H = 30.0
SPEEDS_KM_PER_H = {
    Mode.ROAD_DIESEL: (4.0, 140.0),
    Mode.ROAD_BATTERY: (4.0, 140.0),
    Mode.RAIL: (0.7, 450.0),
    Mode.AIR: (4.0, 1400.0),
    Mode.SEA: (0.7, 90.0),
    Mode.BARGE: (0.5, 70.0),
}
"""Slowest and fastest door-to-door speed of each mode, waiting included, beyond which a unit is
wrong."""


def in_china(lat: float, lon: float) -> bool:
    """Tell whether a point lies in the box around China."""
    return CHINA_LAT[0] <= lat <= CHINA_LAT[1] and CHINA_LON[0] <= lon <= CHINA_LON[1]


def coordinates_are_plausible(draft: Draft) -> Iterator[Finding]:
    """Yield a finding for each place that lies where its country or datum cannot be."""
    for row, place in draft.rows(Place):
        if place.lat == 0 and place.lon == 0:
            yield fault(
                Spot(Place, row, "lat", "0, 0"),
                Code.UNLIKELY_COORDINATES,
                Text("lies in the Gulf of Guinea", "位于几内亚湾"),
                Text("fill in the real coordinates", "请填写真实经纬度"),
            )
        elif misplaced(place):
            yield outside_china(Spot(Place, row, "lat", f"{place.lat:g}, {place.lon:g}"), place)
        elif place.datum in OFFSET_DATUMS and not in_china(place.lat, place.lon):
            yield fault(
                Spot(Place, row, "datum", place.datum.value),
                Code.DATUM,
                Text("is defined inside China only", "只适用于中国境内"),
                Text("write wgs84", "请写 wgs84"),
                Datum.WGS84.value,
            )


def misplaced(place: Place) -> bool:
    """Tell whether a place lies where it cannot: at (0, 0), or outside its country."""
    if place.lat == 0 and place.lon == 0:
        return True
    return place.country.upper() in CHINA_NAMES and not in_china(place.lat, place.lon)


def outside_china(spot: Spot, place: Place) -> Finding:
    """Return the finding for a place said to be in China that is not."""
    if in_china(place.lon, place.lat):
        return fault(
            spot,
            Code.SWAPPED_COORDINATES,
            Text(
                "lat and lon look swapped: so they lie in China", "经纬度可能填反：对调后位于中国"
            ),
            Text("swap the two columns", "请对调两列"),
        )
    return fault(
        spot,
        Code.UNLIKELY_COORDINATES,
        Text(f"lies outside {place.country}", f"不在 {place.country} 境内"),
        Text("correct the coordinates or the country", "请更正经纬度或国家"),
    )


def links_fit_the_map(draft: Draft) -> Iterator[Finding]:
    """Yield a finding for each link whose distance, or else whose speed, cannot be."""
    place = {place.id: place for _, place in draft.rows(Place) if not misplaced(place)}
    for row, link in draft.rows(Link):
        a, b = place.get(link.from_place), place.get(link.to_place)
        wrong = None
        if a is not None and b is not None and a is not b:
            wrong = wrong_distance(row, link, a, b)
        at_home = a is not None and b is not None and a.country == b.country
        short = at_home and link.mode in TRUCKS
        least = LEAST_KM_FOR_TRUCK_SPEED if short else LEAST_KM_FOR_SPEED
        if wrong is None and link.distance_km >= least:
            wrong = wrong_speed(row, link)
        if wrong is not None:
            yield wrong


def wrong_distance(row: int, link: Link, a: Place, b: Place) -> Finding | None:
    """Return a finding if a link is shorter than the straight line, or absurdly longer."""
    straight = straight_km(a, b)
    spot = Spot(Link, row, "distance_km", f"{link.distance_km:g}")
    line = (f"{a.id} - {b.id} {straight:.0f} km", f"{a.id} 至 {b.id} 直线 {straight:.0f} km")
    remedy = Text("check the unit (km) and the coordinates", "请检查单位（km）和经纬度")
    if link.distance_km < SHORTEST_SHARE * straight - SLACK_KM:
        reason = Text(f"km is less than the straight line {line[0]}", f"km 短于直线距离：{line[1]}")
        return fault(spot, Code.SHORTER_THAN_STRAIGHT, reason, remedy)
    if link.distance_km > LONGEST_DETOUR * max(straight, LEAST_STRAIGHT_KM):
        reason = Text(
            f"km is far more than the straight line {line[0]}, perhaps metres",
            f"km 远大于直线距离（{line[1]}），可能写成了米",
        )
        return fault(spot, Code.IMPLAUSIBLE_DETOUR, reason, remedy)
    return None


def wrong_speed(row: int, link: Link) -> Finding | None:
    """Return a finding if a link's distance and time give an impossible speed."""
    slow, fast = SPEEDS_KM_PER_H[link.mode]
    if link.mode is Mode.AIR and link.distance_km >= LONG_FLIGHT_KM:
        slow = SLOWEST_LONG_FLIGHT_KM_PER_H
    possible = slow * link.time_h <= link.distance_km <= fast * link.time_h
    if possible:
        return None
    speed = link.distance_km / link.time_h if link.time_h else float("inf")
    shown = f"{link.distance_km:g} km / {link.time_h:g} h = {speed:.3g} km/h"
    guess, guess_zh = "", ""
    if speed < slow and speed * MINUTES_PER_H <= fast:
        guess, guess_zh = ", perhaps minutes", "，可能写成了分钟"
    elif speed > fast and slow <= speed / HOURS_PER_DAY <= fast:
        guess, guess_zh = ", perhaps days", "，可能写成了天"
    return fault(
        Spot(Link, row, "time_h", f"{link.time_h:g}"),
        Code.IMPLAUSIBLE_SPEED,
        Text(
            f"gives an impossible speed for {link.mode.value}: {shown}{guess}",
            f"对 {link.mode.value} 来说速度不合理：{shown}{guess_zh}",
        ),
        Text("write hours, and check the distance", "请以小时填写，并检查里程"),
    )
