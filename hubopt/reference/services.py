"""Trains, flights, sailings and barges that run whole, out and back."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubopt.instance.tables import Service
from hubopt.reference.air import flight_leg
from hubopt.reference.chosen import (
    BLOCK_CITIES,
    BLOCK_PORTS,
    FLIGHTS,
    ORE_TRAINS,
    SAILINGS,
)
from hubopt.reference.rails import feu_cny
from hubopt.reference.totals import stages
from hubopt.reference.water import river_leg
from hubopt.reference.world import liner_lanes, train_lanes
from hubopt.vocabulary import Cargo, Mode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubopt.reference.facts import Facts
    from hubopt.reference.tariffs import Tariffs

WAYS = ("out", "back")

ORE_TRAIN = "ore_train"
"""Open wagons: the one class of vehicle that takes bulk."""


def services(facts: Facts, tariffs: Tariffs) -> Iterator[Service]:
    """Yield all services."""
    for way in WAYS:
        yield from international_trains(facts, tariffs, way)
        yield from block_trains(facts, tariffs, way)
        yield from ore_trains(facts, way)
        yield from flights(facts, tariffs, way)
        yield from sailings(facts, tariffs, way)
        yield from liner_barges(facts, way)


@dataclass(frozen=True, slots=True)
class Vehicle:
    """What runs: its class, tonnes a departure, hours until the next one, weeks a year."""

    mode: Mode
    name: str
    payload: float
    wait: float
    weeks: int = 52


def one(
    facts: Facts,
    lane: str,
    way: str,
    path: tuple[str, ...],
    vehicle: Vehicle,
    *,
    cost: float,
    empty: float,
) -> Service:
    """Return a service in one direction, named after its ends; costs in CNY a departure."""
    stops = path if way == "out" else tuple(reversed(path))
    first, last = facts.places[stops[0]], facts.places[stops[-1]]
    return Service(
        id=f"{lane}_{way.upper()}",
        name_en=f"{first['name_en']} - {last['name_en']}",
        name_zh=f"{first['name_zh']}—{last['name_zh']}",
        mode=vehicle.mode,
        path=stops,
        vehicle_class=vehicle.name,
        payload_t_per_departure=round(vehicle.payload, 1),
        cost_cny_per_departure=round(cost, -2),
        empty_cost_cny_per_departure=round(empty, -2),
        wait_h=vehicle.wait,
        least_per_week=0,
        most_per_week=int(facts.assumed("slots", lane)),
        weeks_per_year=vehicle.weeks,
        earliest_stage=stages(facts)[0],
        cargo=frozenset({Cargo.BULK if vehicle.name == ORE_TRAIN else Cargo.CONTAINER}),
    )


def international_trains(facts: Facts, tariffs: Tariffs, way: str) -> Iterator[Service]:
    """Yield CR Express and ASEAN trains."""
    for lane, path in train_lanes(facts).items():
        cost = feu_cny(facts, tariffs, path, way) * tariffs.train_feu
        yield one(
            facts,
            f"CRE_{lane}",
            way,
            path,
            Vehicle(
                Mode.RAIL,
                "international_train",
                tariffs.train_payload_t,
                facts.assumed("rail", "wait_cre"),
                int(facts.assumed("rail", "weeks")),
            ),
            cost=cost,
            empty=cost * facts.assumed("rail", "empty_share"),
        )


def block_trains(facts: Facts, tariffs: Tariffs, way: str) -> Iterator[Service]:
    """Yield trains to the seaports, and between hubs inside China at the full tariff."""
    port_feu = facts.parameter("rail_domestic", "train capacity") / 2
    hub_feu = facts.assumed("rail", "domestic_train_feu")
    lanes = []
    for a, b in BLOCK_PORTS:
        lane = f"BLOCK_{b}" if a == "PUT" else f"BLOCK_{a}_{b}"
        feu_cny = tariffs.feu_by_block_train(facts.rail[a, b].km)
        lanes.append((lane, (a, b), "sea_rail_payload", feu_cny * port_feu))
    for b in BLOCK_CITIES:
        feu_cny = tariffs.feu_by_rail(facts.rail["PUT", b].km)
        lanes.append((f"DOM_{b}", ("PUT", b), "domestic_payload", feu_cny * hub_feu))
    for lane, path, payload, cost in lanes:
        yield one(
            facts,
            lane,
            way,
            path,
            Vehicle(
                Mode.RAIL,
                "container_train",
                facts.assumed("rail", payload),
                facts.assumed("rail", "wait_block"),
                int(facts.assumed("rail", "weeks")),
            ),
            cost=cost,
            empty=cost * facts.assumed("rail", "empty_share"),
        )


def ore_trains(facts: Facts, way: str) -> Iterator[Service]:
    """Yield ore trains from the ports to the works, and their return."""
    payload = facts.assumed("rail", "ore_train_payload")
    for path in ORE_TRAINS:
        km = sum(facts.rail[leg].km for leg in itertools.pairwise(path))
        yield one(
            facts,
            f"ORE_{path[0]}_{path[-1]}",
            way,
            path,
            Vehicle(
                Mode.RAIL,
                ORE_TRAIN,
                payload,
                facts.assumed("rail", "wait_block"),
                int(facts.assumed("rail", "weeks")),
            ),
            cost=km * payload * facts.assumed("rail", "bulk_loaded"),
            empty=km * payload * facts.assumed("rail", "bulk_empty"),
        )


def flights(facts: Facts, tariffs: Tariffs, way: str) -> Iterator[Service]:
    """Yield freighter flights from and to Zhengzhou."""
    for end in FLIGHTS:
        cost = tariffs.flight_cny(flight_leg(facts, "CGO", end).km)
        yield one(
            facts,
            f"AIR_{end}",
            way,
            ("CGO", end),
            Vehicle(Mode.AIR, "freighter", tariffs.flight_payload_t, facts.assumed("air", "wait")),
            cost=cost,
            empty=cost * facts.assumed("air", "empty_share"),
        )


def sailings(facts: Facts, tariffs: Tariffs, way: str) -> Iterator[Service]:
    """Yield chartered slots on near-sea sailings."""
    payload = facts.assumed("sea", "sailing_payload")
    for a, b in SAILINGS:
        rate = tariffs.at_sea_cny_per_t(b, way) * facts.assumed("sea", "sailing_ratio")
        yield one(
            facts,
            f"SAIL_{a}_{b}",
            way,
            (a, b),
            Vehicle(Mode.SEA, "near_sea_ship", payload, facts.assumed("sea", "sailing_wait")),
            cost=rate * payload,
            empty=rate * payload * facts.assumed("sea", "empty_share"),
        )


def liner_barges(facts: Facts, way: str) -> Iterator[Service]:
    """Yield liner barges from Zhoukou's container terminal."""
    payload = facts.assumed("barge", "liner_payload")
    price = facts.parameter("barge", "line-haul") * facts.assumed("barge", "liner_ratio")
    for a, b in liner_lanes(facts):
        cost = river_leg(facts, a, b).km * price * payload
        yield one(
            facts,
            f"BARGE_{b}",
            way,
            (a, b),
            Vehicle(
                Mode.BARGE,
                "container_barge",
                payload,
                facts.assumed("barge", "liner_wait"),
                int(facts.assumed("barge", "weeks")),
            ),
            cost=cost,
            empty=cost * facts.assumed("barge", "empty_share"),
        )
