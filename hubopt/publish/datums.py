"""Coordinates of Chinese web maps moved to WGS84.

GCJ-02 is a shift that has no closed inverse; six rounds of a fixed point bring it within a
centimetre. BD-09 is GCJ-02 with a second shift. CGCS2000 differs from WGS84 by centimetres.

Either shift ends where its maps say that it ends (`shift_area`): beyond, they give WGS84.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

from hubopt.publish.shift_area import shifts
from hubopt.vocabulary import Datum

if TYPE_CHECKING:
    from hubopt.instance.tables import Place

KRASOVSKY_M = 6378245.0
ECCENTRICITY_2 = 0.00669342162296594323
BD_TURN = math.pi * 3000.0 / 180.0
ROUNDS = 6

OFFSET = frozenset({Datum.GCJ02, Datum.BD09})
"""The datums that are shifted on purpose."""


def wgs84(place: Place) -> tuple[float, float]:
    """Return the longitude and latitude of a place in WGS84, in degrees."""
    if place.datum not in OFFSET:
        return place.lon, place.lat
    return unshifted(place.lon, place.lat, place.datum, place.country.upper())


@lru_cache(maxsize=10_000)  # each place is asked for with every link that ends there
def unshifted(lon: float, lat: float, datum: Datum, country: str) -> tuple[float, float]:
    """Return a point of a Chinese web map in WGS84; as it is where such maps shift nothing."""
    x, y = bd09_to_gcj02(lon, lat) if datum is Datum.BD09 else (lon, lat)
    x, y = gcj02_to_wgs84(x, y)
    return (round(x, 7), round(y, 7)) if shifts(x, y, datum, country) else (lon, lat)


def gcj02_to_wgs84(lon: float, lat: float) -> tuple[float, float]:
    """Return the point whose shifted image is (lon, lat)."""
    x, y = lon, lat
    for _ in range(ROUNDS):
        east, north = shift(x, y)
        x, y = lon - east, lat - north
    return x, y


def bd09_to_gcj02(lon: float, lat: float) -> tuple[float, float]:
    """Return a BD-09 point in GCJ-02."""
    x, y = lon - 0.0065, lat - 0.006
    radius = math.hypot(x, y) - 0.00002 * math.sin(y * BD_TURN)
    angle = math.atan2(y, x) - 0.000003 * math.cos(x * BD_TURN)
    return radius * math.cos(angle), radius * math.sin(angle)


def shift(lon: float, lat: float) -> tuple[float, float]:
    """Return how far GCJ-02 moves a WGS84 point, in degrees east and north."""
    x, y = lon - 105.0, lat - 35.0
    short = 20.0 * (math.sin(6.0 * x * math.pi) + math.sin(2.0 * x * math.pi)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x)) + short
    east += waves(x, (20.0, 1.0), (40.0, 3.0), (150.0, 12.0), (300.0, 30.0))
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x)) + short
    north += waves(y, (20.0, 1.0), (40.0, 3.0), (160.0, 12.0), (320.0, 30.0))
    slant = math.radians(lat)
    magic = 1.0 - ECCENTRICITY_2 * math.sin(slant) ** 2
    per_north = KRASOVSKY_M * (1.0 - ECCENTRICITY_2) / (magic * math.sqrt(magic)) * math.pi
    per_east = KRASOVSKY_M / math.sqrt(magic) * math.cos(slant) * math.pi
    return east * 180.0 / per_east, north * 180.0 / per_north


def waves(x: float, *terms: tuple[float, float]) -> float:
    """Return two thirds of a sum of sines, each of an amplitude and a period."""
    return sum(size * math.sin(x / period * math.pi) for size, period in terms) * 2.0 / 3.0
