"""The county instance: the reference, with the freight of its cities in their counties."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hubopt.instance.write import write
from hubopt.reference.build import reference
from hubopt.reference.county_demand import split_demand
from hubopt.reference.county_roads import county_roads, zoned
from hubopt.reference.county_sites import county_site_rows
from hubopt.reference.facts import Facts
from hubopt.reference.features import ZONE
from hubopt.reference.geometry import write_geometry
from hubopt.reference.places import place
from hubopt.reference.policies import HOME
from hubopt.reference.tariffs import Tariffs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from hubopt.instance.tables import Instance, Place, Settings

NAME = "zhengzhou-county"


def build_county(data_dir: Path, out_dir: Path) -> None:
    """Write the instance `zhengzhou-county` with its geometry."""
    facts = Facts(data_dir)
    instance = county(facts, reference(facts))
    write(instance, out_dir / NAME)
    write_geometry(facts, instance, out_dir / NAME / "geometry")


def county(facts: Facts, cities: Instance) -> Instance:
    """Return the reference `cities` laid out over county-level units, checked."""
    return replace(cities, settings=settings(facts, cities.settings), **tables(facts, cities))


def tables(facts: Facts, cities: Instance) -> dict[str, Any]:
    """Return the tables that differ from those of the reference, by name, not yet checked."""
    sites, handling, modules, capacities = county_site_rows(facts)
    return {
        "places": (*cities.places, *seats(facts)),
        "sites": (*cities.sites, *sites),
        "handling": (*cities.handling, *handling),
        "modules": (*cities.modules, *modules),
        "capacities": (*cities.capacities, *capacities),
        "links": (*cities.links, *county_roads(facts, Tariffs(facts), cities.links)),
        "demand": tuple(split_demand(facts, cities.demand)),
    }


def seats(facts: Facts) -> Iterator[Place]:
    """Yield the seats of the units; Jiyuan, a city without units, stands there already."""
    green = zoned(facts)
    for unit in facts.counties.values():
        if unit.id != unit.city:
            zone = ZONE if unit.id in green else None
            yield replace(place(facts, unit.id), region=HOME, zone=zone)


def settings(facts: Facts, usual: Settings) -> Settings:
    """Return the settings: those of the reference with fewer routes and a wider gap."""
    return replace(
        usual,
        name=NAME,
        title_en="Zhengzhou hub by county, 2025 to 2039",
        title_zh="郑州枢纽县域网络（2025—2039）",
        routes_per_shipment=int(facts.assumed("county", "routes_per_shipment")),
        gap=facts.assumed("county", "asked_gap"),
    )
