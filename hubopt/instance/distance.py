"""Straight distances over the globe, exact enough to tell a wrong unit from a right one."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hubopt.instance.rows import Place

EARTH_RADIUS_KM = 6371.0088
"""Mean radius (IUGG); the sphere is within 0.6 % of the ellipsoid."""


def straight_km(a: Place, b: Place) -> float:
    """Return the great-circle distance between two places by the haversine formula."""
    lat_a, lat_b = math.radians(a.lat), math.radians(b.lat)
    half_lat = (lat_b - lat_a) / 2
    half_lon = math.radians(b.lon - a.lon) / 2
    chord = math.sin(half_lat) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(chord)))
