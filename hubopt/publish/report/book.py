"""What all scenarios of a report share: places, products, sites, services, links, courses."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hubopt.publish.report.ground import course, ground, spot
from hubopt.publish.report.shared import Numbered, names, neat
from hubopt.vocabulary import Mode, PlaceKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shapely.geometry.base import BaseGeometry

    from hubopt.instance.tables import Link
    from hubopt.publish.report.shared import Json
    from hubopt.publish.report.side import Side
    from hubopt.publish.shapes import Point

MODES = tuple(mode.value for mode in Mode)

RATE_DIGITS = 4

CITIES = frozenset({PlaceKind.CITY, PlaceKind.REGION})
"""Places whose names come first on the map; what lies in them is named where there is room."""


@dataclass
class Book:
    """The numbered rows that a page holds once for all scenarios."""

    places: Numbered = field(default_factory=Numbered)
    products: Numbered = field(default_factory=Numbered)
    sites: Numbered = field(default_factory=Numbered)
    services: Numbered = field(default_factory=Numbered)
    pairs: Numbered = field(default_factory=Numbered)
    links: Numbered = field(default_factory=Numbered)
    sentences: Numbered = field(default_factory=Numbered)
    spots: list[Point] = field(default_factory=list)

    def place(self, side: Side, ident: str) -> int:
        """Return the number of a place: id, names, where it is drawn, and whether it is a city."""

        def row() -> Json:
            point = side.lines.point(ident)
            self.spots.append(point)
            row = side.instance.place[ident]
            return [*names(row, ident), *spot(point), int(row.kind in CITIES)]

        return self.places.number(ident, row)

    def product(self, side: Side, ident: str) -> int:
        """Return the number of a product: id and names."""
        return self.products.number(ident, lambda: names(side.instance.product[ident], ident))

    def site(self, side: Side, ident: str) -> int:
        """Return the number of a site: id, names, place, and what the planner says of it."""
        row = side.instance.site[ident]
        return self.sites.number(
            ident, lambda: [*names(row, ident), self.place(side, row.place), row.status.value]
        )

    def service(self, side: Side, ident: str) -> int:
        """Return the number of a service: id, names, mode, stops, class of vehicle, payload."""
        row = side.instance.service[ident]
        return self.services.number(
            ident,
            lambda: [
                *names(row, ident),
                MODES.index(row.mode.value),
                [self.place(side, stop) for stop in row.path],
                row.vehicle_class,
                neat(row.payload_t_per_departure, 1),
            ],
        )

    def pair(self, side: Side, a: str, b: str, mode: Mode) -> int:
        """Return the number of two places that a mode connects, with the course between them."""
        one, other = sorted((a, b))
        return self.pairs.number(
            (one, other, mode),
            lambda: [
                self.place(side, one),
                self.place(side, other),
                MODES.index(mode.value),
                course(side.lines.between(one, other, mode)),
            ],
        )

    def link(self, side: Side, a: str, b: str, link: Link) -> int:
        """Return the number of a link in one direction: kilometres, haul, and grams of CO2e."""
        pair, back = self.pair(side, a, b, link.mode), int(a > b)
        rates = side.figures.network.rates
        haul, wtw = float(rates.haul(link)), float(rates.wtw_g_per_tkm(link))
        ttw = float(rates.fuel_g_per_tkm(link)[1])
        row: list[Json] = [pair, back, neat(link.distance_km, 1)]
        row += [neat(rate, RATE_DIGITS) for rate in (haul, wtw, ttw)]
        return self.links.number(tuple(map(repr, row)), lambda: list(row))

    def record(self, borders: Sequence[BaseGeometry] = ()) -> dict[str, Json]:
        """Return all rows, and the ground that they lie on."""
        return {
            "places": self.places.rows,
            "products": self.products.rows,
            "sites": self.sites.rows,
            "services": self.services.rows,
            "pairs": self.pairs.rows,
            "links": self.links.rows,
            "sentences": self.sentences.rows,
            "ground": ground(self.spots, borders),
        }
