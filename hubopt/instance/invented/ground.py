"""The ground of an invented instance: cities in a square plain, gateways, and three regions abroad.

Places stand on a grid of kilometres; distances are straight lines over it, times a detour.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubopt.instance.invented.draws import Draws
from hubopt.instance.rows import Place
from hubopt.vocabulary import Datum, PlaceKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hubopt.instance.invented.wanted import Wanted

STREAM = 0
HOME = "CN"
SIDE_KM = 600
SOUTH, WEST, KM_PER_LAT, KM_PER_LON = 32.0, 110.0, 111.2, 91.0
"""South-west corner in degrees, and kilometres in a degree; roads are longer by any fault of it."""

LARGEST = 60
"""Weight of the first city; the others weigh up to a tenth of it."""

CITIES_PER_TERMINAL, CITIES_PER_AIRPORT = 12, 60
PORT = "PORT"
PORT_AT = SIDE_KM + 120, SIDE_KM // 2


@dataclass(frozen=True, slots=True)
class Point:
    """A place at home: grid kilometres from the south-west corner, and its weight in demand."""

    id: str
    name_en: str
    name_zh: str
    kind: PlaceKind
    x: int
    y: int
    weight: int = 0


@dataclass(frozen=True, slots=True)
class Region:
    """A region abroad, its ways (km of flight, voyage, and railway if there is one) and weight."""

    id: str
    country: str
    lat: float
    lon: float
    air_km: float
    sea_km: float
    rail_km: float | None
    weight: int


REGIONS = (
    Region("ABROAD_W", "DE", 53.5, 10.0, 8_400.0, 20_400.0, 10_200.0, 5),
    Region("ABROAD_E", "US", 34.0, -118.2, 11_600.0, 11_800.0, None, 4),
    Region("ABROAD_S", "SG", 1.35, 103.8, 4_300.0, 4_800.0, None, 3),
)
"""Where the coasts of three continents are, so that maps can be read."""


@dataclass(frozen=True)
class Ground:
    """Cities, the largest first, and the terminals, airports and port at home."""

    cities: tuple[Point, ...]
    terminals: tuple[Point, ...]
    airports: tuple[Point, ...]
    port: Point

    @property
    def home(self) -> tuple[Point, ...]:
        """All places at home."""
        return (*self.cities, *self.terminals, *self.airports, self.port)


def ground_of(wanted: Wanted) -> Ground:
    """Return the ground; more cities leave those of a smaller instance where they are."""
    draws = Draws(wanted.seed, STREAM)
    taken: set[tuple[int, int]] = set()
    cities = []
    for number in range(1, wanted.cities + 1):
        x, y = free_spot(draws, taken, number)
        weight = LARGEST if number == 1 else draws.whole(1, LARGEST // 10)
        cities.append(
            Point(f"C{number:04}", f"City {number}", f"城市{number}", PlaceKind.CITY, x, y, weight)
        )
    return Ground(
        tuple(cities),
        tuple(beside(cities, "T", "Rail terminal", "铁路场站", PlaceKind.RAIL_TERMINAL,
                     2 + wanted.cities // CITIES_PER_TERMINAL, 9)),
        tuple(beside(cities, "A", "Airport", "机场", PlaceKind.AIRPORT,
                     1 + wanted.cities // CITIES_PER_AIRPORT, 25)),
        Point(PORT, "Seaport", "海港", PlaceKind.SEAPORT, *PORT_AT),
    )  # fmt: skip


def free_spot(draws: Draws, taken: set[tuple[int, int]], number: int) -> tuple[int, int]:
    """Return where the next city stands: the first in the middle, none upon another."""
    spot = (SIDE_KM // 2, SIDE_KM // 2) if number == 1 else None
    while spot is None or spot in taken:
        spot = draws.whole(0, SIDE_KM), draws.whole(0, SIDE_KM)
    taken.add(spot)
    return spot


def beside(
    cities: Sequence[Point], letter: str, en: str, zh: str, kind: PlaceKind, count: int, off: int
) -> Iterator[Point]:
    """Yield gateways, each `off` kilometres to the north of one of the first cities."""
    for number, city in enumerate(cities[:count], start=1):
        yield Point(
            f"{letter}{number:03}", f"{en} {number}", f"{zh}{number}", kind, city.x, city.y + off
        )


def apart_km(a: Point, b: Point) -> float:
    """Return the straight distance of two places at home."""
    return math.sqrt((a.x - b.x) ** 2 + (a.y - b.y) ** 2)


def places_of(ground: Ground) -> Iterator[Place]:
    """Yield the rows of places: those at home, and of each region abroad its goods and gateways."""
    for one in ground.home:
        lat, lon = round(SOUTH + one.y / KM_PER_LAT, 4), round(WEST + one.x / KM_PER_LON, 4)
        yield Place(one.id, one.name_en, one.name_zh, one.kind, HOME, lat, lon, Datum.WGS84, "home")
    for region in REGIONS:
        for suffix, en, zh, kind, east in (
            ("", "market", "市场", PlaceKind.REGION, 0.0),
            ("_AIR", "airport", "机场", PlaceKind.AIRPORT, 0.2),
            ("_SEA", "seaport", "海港", PlaceKind.SEAPORT, 0.4),
            ("_RAIL", "rail terminal", "铁路场站", PlaceKind.RAIL_TERMINAL, 0.6),
        ):
            if suffix != "_RAIL" or region.rail_km is not None:
                yield Place(
                    region.id + suffix, f"{region.id}, {en}", f"{region.id} {zh}", kind,
                    region.country, region.lat, round(region.lon + east, 4), Datum.WGS84, "abroad",
                )  # fmt: skip
