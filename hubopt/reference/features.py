"""What the reference has beyond its base years: batteries and chargers, hub types, cooling.

The base years hold what is compared with statistics and nothing more; `featured` lays the rest on
the tables of the reference.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hubopt.instance.tables import Capacity, Module, Site, Vehicle
from hubopt.reference.chosen import CHARGER_CITIES, GREEN_ZONE
from hubopt.reference.goods import shipped, valued
from hubopt.reference.policies import limits
from hubopt.vocabulary import Cargo, Function, HubType, Mode, SiteStatus

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubopt.instance.tables import Handling, Instance, Link, Place, Service
    from hubopt.reference.facts import Facts, Row

ZONE = "green_delivery"
"""Zone of the green delivery network Zhengzhou, Luoyang, Kaifeng (绿色货运配送)."""

LICENSED = frozenset({"XZCBZ", "JKCBZ", "HBLC"})
"""Bonded sites with supervision on the spot (正面监管), which began at Zhengzhou's."""

COOLING = frozenset({"international_train", "freighter", "near_sea_ship"})
"""Classes of vehicle that carry cooled boxes; of container trains those to the ports."""

TO_PORTS = "BLOCK_"


def featured(facts: Facts, plain: Instance) -> Instance:
    """Return the reference with all that the base years do without."""
    known = {row["site"]: row for row in facts.hub_sites}
    return replace(
        plain,
        places=tuple(zoned(place) for place in plain.places),
        sites=(*(typed(known, site) for site in plain.sites), *charger_sites(facts)),
        handling=tuple(licensed(facts, row) for row in plain.handling),
        modules=(*plain.modules, *charger_modules(facts)),
        capacities=(*plain.capacities, *charger_capacities(facts)),
        links=tuple(electric(facts, link) for link in plain.links),
        services=tuple(cooling(service) for service in plain.services),
        products=tuple(valued(facts, product) for product in plain.products),
        demand=tuple(shipped(facts, plain.demand)),
        limits=(*plain.limits, *limits(facts)),
        vehicles=tuple(vehicles(facts)),
    )


def zoned(place: Place) -> Place:
    """Return a place with its zone of green delivery."""
    return replace(place, zone=ZONE) if place.id in GREEN_ZONE else place


def typed(known: dict[str, Row], site: Site) -> Site:
    """Return a site with its type of national hub and its customs district."""
    row = known.get(site.id)
    if row is None:
        return site
    hub = HubType(row["hub_type"]) if row["hub_type"] else None
    return replace(site, hub_type=hub, district=row["district"] or None)


def licensed(facts: Facts, row: Handling) -> Handling:
    """Return bonded handling: orders are packed one by one, new centres must be used.

    What crosses the border through a licensed site is cleared sooner.
    """
    if row.function is not Function.BONDED:
        return row
    ratio = facts.assumed("customs", "licensed_ratio")
    share = facts.assumed("limit", "bonded_least_share")
    least = share * facts.assumed("site", "bonded_tier_kt") * 1000
    return replace(
        row,
        cost_cny_per_parcel=facts.parameter("transfer", "DC handling e-com parcel"),
        cleared_time_h=row.time_h * ratio if row.site in LICENSED else None,
        least_t_per_year=round(least) if row.site.startswith("BOND_") else None,
    )


def charger(city: str) -> str:
    """Return the id of the charging site of a city."""
    return f"CHARGE_{city}"


def charger_sites(facts: Facts) -> Iterator[Site]:
    """Yield the charging and swap stations that may be built in the zone."""
    for city in CHARGER_CITIES:
        row = facts.places[city]
        yield Site(
            charger(city),
            f"{row['name_en']} charging and swap stations",
            f"{row['name_zh'].removesuffix('市')}智能充换电站",
            city,
            SiteStatus.CANDIDATE,
            2025,
        )


def charger_modules(facts: Facts) -> Iterator[Module]:
    """Yield one size of station for each city."""
    cost = facts.assumed("charging", "station_cny")
    running = cost * facts.assumed("site", "running_share")
    life, most = facts.assumed("charging", "life"), facts.assumed("most", "charging_station")
    for city in CHARGER_CITIES:
        yield Module(charger(city), "station", cost, round(running), int(life), 0, int(most))


def charger_capacities(facts: Facts) -> Iterator[Capacity]:
    """Yield the tonnes a year whose lorries a station charges."""
    tonnes = facts.assumed("charging", "station_kt") * 1000
    for city in CHARGER_CITIES:
        yield Capacity(charger(city), "station", Function.CHARGING, tonnes)


def electric(facts: Facts, link: Link) -> Link:
    """Return a road with the electricity that battery trucks draw and where they charge."""
    if link.mode is not Mode.ROAD_BATTERY:
        return link
    kwh = facts.assumed("road", "battery_kwh_per_km") / facts.assumed("road", "battery_load")
    ends = (link.from_place, link.to_place)
    city = next((city for city in CHARGER_CITIES if city in ends), None)
    return replace(
        link,
        wtw_g_per_tkm=0.0,
        ttw_g_per_tkm=0.0,
        emission_source="electricity x grid factor",
        kwh_per_tkm=round(kwh, 4),
        charging_site=charger(city) if city else None,
    )


def cooling(service: Service) -> Service:
    """Return a service with cooled boxes where its vehicles carry them."""
    if service.vehicle_class in COOLING or service.id.startswith(TO_PORTS):
        return replace(service, cargo=service.cargo | {Cargo.REEFER})
    return service


def vehicles(facts: Facts) -> Iterator[Vehicle]:
    """Yield the premium of every mode; range and payload of battery trucks."""
    for mode in Mode:
        premium = facts.assumed("insurance", mode)
        if mode is Mode.ROAD_BATTERY:
            range_km = facts.parameter("road_bev", "range / payload penalty")
            yield Vehicle(mode, range_km, facts.assumed("road", "battery_payload"), premium)
        else:
            yield Vehicle(mode, None, 1.0, premium)
