"""The county-level units of Henan, and how a city's freight is split over them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hubopt.reference.facts import Facts, Row

DISTRICT, COUNTY, COUNTY_CITY = "district", "county", "county-level city"
SUFFIX = {DISTRICT: "District", COUNTY: "County", COUNTY_CITY: "City"}


@dataclass(frozen=True, slots=True)
class County:
    """A county-level unit: the id of its place and of its city, and its type."""

    id: str
    city: str
    type: str


def counties(rows: Iterable[Row]) -> dict[str, County]:
    """Return the units of `henan_counties.csv` by the id of their place."""
    return {row["id"]: County(row["id"], row["city"], row["type"]) for row in rows}


def points(rows: Iterable[Row]) -> dict[str, Row]:
    """Return the seats of the units as rows like those of `places.csv`."""
    return {
        row["id"]: row
        | {
            "name_en": f"{row['name_en']} {SUFFIX[row['type']]}",
            "kind": "city",
            "country": "CN",
        }
        for row in rows
    }


def by_city(facts: Facts) -> dict[str, list[County]]:
    """Return the units of every city."""
    found: dict[str, list[County]] = defaultdict(list)
    for county in facts.counties.values():
        found[county.city].append(county)
    return dict(found)


def shares(facts: Facts, units: Iterable[County], figure: str) -> Mapping[str, float]:
    """Return each unit's share of population, gdp, trade or farm goods of its city.

    No figure of a county with a clear source was found: all units of a type count the same.
    """
    weight = {unit.id: facts.assumed("county", f"{figure}:{unit.type}") for unit in units}
    whole = sum(weight.values())
    return {ident: value / whole for ident, value in weight.items()}


def seats(facts: Facts, least_km: float) -> list[County]:
    """Return the counties and county-level cities so far from the seat of their city."""
    return [
        unit
        for unit in facts.counties.values()
        if unit.type != DISTRICT
        and unit.id != unit.city
        and facts.great_circle_km(unit.id, unit.city) >= least_km
    ]
