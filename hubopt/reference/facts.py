"""The sourced facts in `data/`, read into small records; nothing is decided here."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from hubopt.reference.assumptions import Assumptions, read_assumptions
from hubopt.reference.counties import County, counties, points

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

LENGTHS = ("length_km_suggested", "distance_km", "length_km", "great_circle_km")
"""Columns that may hold the length of a leg, the most trusted first."""


@dataclass(frozen=True, slots=True)
class Leg:
    """A measured connection between two places, in km, with where the length comes from."""

    from_place: str
    to_place: str
    km: float
    source: str


@dataclass(frozen=True, slots=True)
class City:
    """A Henan city: persons in 2020, GDP and foreign trade of 2021 in 100 million CNY."""

    id: str
    population: float
    gdp: float
    trade: float


@dataclass(frozen=True, slots=True)
class Commodity:
    """A class of goods: CNY per kg, per cent of value a day, and kt a year where known."""

    id: str
    name_en: str
    name_zh: str
    value_cny_per_kg: float
    time_cost_percent_per_day: float
    kt_per_year: float | None


Row = dict[str, str]


def rows(data: Path, name: str) -> list[Row]:
    """Return the rows of a table, which stands in `data` or in its `osm` folder."""
    found = data / name
    if not found.exists():
        found = data / "osm" / name
    with found.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def number(text: str) -> float | None:
    """Return a number, or `None` for an empty cell."""
    return float(text) if text.strip() else None


@dataclass(frozen=True)
class Facts:
    """All tables of one data folder, read when first asked for."""

    data: Path
    year: int | None = None
    """A base year of the past, whose own figures count before the general ones."""

    used: set[tuple[str, str]] = field(default_factory=set, compare=False)
    """Which figures of the year have been asked for."""

    @cached_property
    def assumed(self) -> Assumptions:
        """The invented numbers, those of the year before the general ones."""
        return read_assumptions(self.data / "assumptions.csv", self.year)

    def rated(self, group: str, key: str) -> float:
        """Return a sourced figure of the base year, or else what is assumed."""
        if (group, key) in self.of_year:
            return self.known(group, key)
        return self.assumed(group, key)

    @cached_property
    def of_year(self) -> Mapping[tuple[str, str], float]:
        """Sourced figures of the base year by group and key; none without a year."""
        return {
            (row["group"], row["key"]): float(row["value"])
            for row in rows(self.data, "base_years.csv")
            if row["year"] == str(self.year)
        }

    def known(self, group: str, key: str) -> float:
        """Return a sourced figure of the base year, or raise KeyError."""
        self.used.add((group, key))
        return self.of_year[group, key]

    @cached_property
    def places(self) -> Mapping[str, Row]:
        """Places by id, seats of county-level units among them."""
        named = {row["id"]: row for row in rows(self.data, "places.csv")}
        return points(rows(self.data, "henan_counties.csv")) | named

    @cached_property
    def counties(self) -> Mapping[str, County]:
        """County-level units of Henan by the id of their place."""
        return counties(rows(self.data, "henan_counties.csv"))

    @cached_property
    def cities(self) -> Mapping[str, City]:
        """Henan cities by the id of their place."""
        return {
            city.id: city
            for row in rows(self.data, "henan_cities.csv")
            for city in [
                City(
                    row["name_en"].upper(),
                    float(row["population_2020_persons"]),
                    float(row["gdp_2021_100M_yuan"]),
                    float(row["import_export_2021_100M_yuan_est"]),
                )
            ]
        }

    @cached_property
    def commodities(self) -> Mapping[str, Commodity]:
        """Commodities by id."""
        return {
            row["id"]: Commodity(
                row["id"],
                row["name_en"],
                row["name_zh"],
                float(row["value_density_central_yuan_per_kg"]),
                float(row["time_cost_pct_value_per_day"]),
                number(row["annual_kt"]),
            )
            for row in rows(self.data, "commodities.csv")
        }

    @cached_property
    def hub_sites(self) -> list[Row]:
        """National types of hub and customs districts of sites."""
        return rows(self.data, "hub_sites.csv")

    @cached_property
    def mode_rows(self) -> list[Row]:
        """All rows of the mode parameters."""
        return rows(self.data, "mode_parameters.csv")

    @cached_property
    def parameters(self) -> Mapping[tuple[str, str], str]:
        """Central values of mode parameters as written, by (mode, parameter)."""
        return {(row["mode"], row["parameter"]): row["central"] for row in self.mode_rows}

    def parameter(self, mode: str, name: str, part: int = 0) -> float:
        """Return the central value of a mode parameter; `part` picks one of `a ; b`."""
        if (mode, name) in self.of_year:
            return self.known(mode, name)
        assumed = None if self.year is None else self.assumed.optional(mode, name)
        if assumed is not None:
            return assumed
        written = self.parameters[mode, name].split(";")[part]
        return float(written.split()[0])

    @cached_property
    def road(self) -> Mapping[tuple[str, str], Leg]:
        """Road legs in both directions."""
        return legs(rows(self.data, "road_legs.csv"))

    @cached_property
    def rail(self) -> Mapping[tuple[str, str], Leg]:
        """Rail legs in both directions; the one Caspian sea leg is not used."""
        found = [row for row in rows(self.data, "rail_legs.csv") if row["mode"] == "rail"]
        return legs(found)

    @cached_property
    def sea(self) -> Mapping[tuple[str, str], Leg]:
        """Sea routes in both directions, as sailed when no canal is closed."""
        found = [row for row in rows(self.data, "sea_routes.csv") if row["variant"] != "cape"]
        return legs(found)

    @cached_property
    def air(self) -> Mapping[tuple[str, str], Leg]:
        """Great circles between airports, in both directions."""
        return legs(rows(self.data, "air_legs.csv"))

    @cached_property
    def gateways(self) -> Mapping[str, Row]:
        """Facilities and gateways by id."""
        return {row["id"]: row for row in rows(self.data, "gateways.csv")}

    def capacity(self, gateway: str) -> float:
        """Return the capacity of a gateway in the unit of its row, as it was in the year."""
        assumed = None if self.year is None else self.assumed.optional("capacity", gateway)
        if assumed is not None:
            return assumed
        return float(self.gateways[gateway]["capacity"])

    @cached_property
    def built_kt(self) -> Mapping[str, float]:
        """Kilotonnes a year that a published investment bought, by facility."""
        return {
            row["id"]: float(row["capacity_kt_per_year"])
            for row in rows(self.data, "capital_costs.csv")
            if row["capacity_kt_per_year"]
        }

    @cached_property
    def capital(self) -> Mapping[str, float]:
        """CNY to build for each tonne a year, by facility, where both figures are published."""
        return {
            row["id"]: float(row["capital_M_cny"]) * 1000 / self.built_kt[row["id"]]
            for row in rows(self.data, "capital_costs.csv")
            if row["id"] in self.built_kt
        }

    @cached_property
    def broad_gauge_km(self) -> float:
        """Length of the 1520 mm section that the published index prices, Dostyk to Brest."""
        found = [row for row in rows(self.data, "links.csv") if row["mode"] == "rail_1520"]
        return float(found[0]["distance_km"])

    @cached_property
    def waterways(self) -> Mapping[tuple[str, str], Leg]:
        """River lengths of the fact table of links, in both directions."""
        found = [row for row in rows(self.data, "links.csv") if row["mode"] == "barge"]
        return legs(found)

    def great_circle_km(self, a: str, b: str) -> float:
        """Return the geodesic distance between two places on WGS84, in km."""
        from pyproj import Geod  # noqa: PLC0415  (heavy)

        lons = [float(self.places[place]["lon"]) for place in (a, b)]
        lats = [float(self.places[place]["lat"]) for place in (a, b)]
        _, _, metres = Geod(ellps="WGS84").inv(lons[0], lats[0], lons[1], lats[1])
        return float(metres) / 1000


def legs(found: list[Row]) -> dict[tuple[str, str], Leg]:
    """Return legs by their ends, each in both directions."""
    both: dict[tuple[str, str], Leg] = {}
    for row in found:
        column = next(name for name in LENGTHS if row.get(name))
        leg = Leg(row["from_id"], row["to_id"], float(row[column]), source_of(row))
        both[leg.from_place, leg.to_place] = leg
        both[leg.to_place, leg.from_place] = leg
    return both


def source_of(row: Row) -> str:
    """Return where a length comes from, in one short clause."""
    return row["source"]
