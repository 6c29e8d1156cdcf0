"""Changes of mode at airports, rail terminals, seaports and river ports, and customs clearance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubopt.instance.tables import Customs, Transfer
from hubopt.reference.chosen import (
    BLOCK_CITIES,
    BULK_STATIONS,
    CHARGER_TERMINALS,
    DOOR_PLACES,
    HUBS,
    NEAR_PORTS,
    OCEAN_PORTS,
    OPEN_RAIL,
    RIVAL_AIRPORTS,
    RIVAL_TRAINS,
    RIVER_PORTS,
    TERMINAL_CITIES,
)
from hubopt.reference.world import train_lanes
from hubopt.vocabulary import Mode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubopt.reference.facts import Facts

YARDS = ("PUT", "ZIP_E", "ZIP_W", *HUBS)
RIVER_CITIES = ("HEFEI", "NANJING", "WUHAN", "CHONGQING")
RAIL_PORTS = ("CNTAO", "CNLYG", "CNTXG", "CNNGB", "CNRZH", "CNNSA")
COUNTED_PORTS = ("CNTAO", "CNNGB")
"""Ports whose containers between trains and ships are published, in thousand TEU a year."""


@dataclass(frozen=True, slots=True)
class Terminal:
    """What a change of mode costs per tonne, takes in hours and emits in kg CO2e per tonne."""

    cost: float
    hours: float
    wtw: float


def transfers(facts: Facts) -> Iterator[Transfer]:
    """Yield all changes of mode."""
    yield from rail_terminals(facts)
    yield from airports(facts)
    yield from seaports(facts)
    yield from river_ports(facts)
    yield from abroad(facts)


def change(
    facts: Facts,
    place: str,
    modes: tuple[Mode, Mode],
    terminal: Terminal,
    *,
    site: str | None = None,
    capacity: float | None = None,
) -> Transfer:
    """Return a change of mode in both directions."""
    return Transfer(
        place=place,
        from_mode=modes[0],
        to_mode=modes[1],
        both_ways=True,
        cost_cny_per_t=round(terminal.cost, 2),
        time_h=terminal.hours,
        capacity_t_per_year=None if capacity is None else round(capacity, 3),
        wtw_kg_per_t=terminal.wtw,
        ttw_kg_per_t=round(terminal.wtw * facts.assumed("transfer", "ttw_share"), 3),
        site=site,
    )


def from_trucks(
    facts: Facts, place: str, mode: Mode, terminal: Terminal, *, site: str | None = None
) -> Iterator[Transfer]:
    """Yield the changes between trucks and `mode`; battery trucks where there are chargers."""
    yield change(facts, place, (Mode.ROAD_DIESEL, mode), terminal, site=site)
    if place in CHARGER_TERMINALS:
        yield change(facts, place, (Mode.ROAD_BATTERY, mode), terminal, site=site)


def lift_cny_per_t(facts: Facts) -> float:
    """Return the price of a lift at a rail terminal."""
    per_teu = facts.parameter("transfer", "rail terminal lift")
    return per_teu / facts.parameter("cre", "observed load per TEU")


def rail_terminals(facts: Facts) -> Iterator[Transfer]:
    """Yield trucks to trains at home."""
    assumed = facts.assumed
    lift = Terminal(
        lift_cny_per_t(facts), assumed("transfer", "rail_h"), assumed("transfer", "wtw_lift")
    )
    for place in YARDS:
        yield from from_trucks(facts, place, Mode.RAIL, lift, site=place)
    for place in TERMINAL_CITIES:
        yield from from_trucks(facts, place, Mode.RAIL, lift, site=f"RAIL_{place}")
    for place in dict.fromkeys((*BULK_STATIONS, *OPEN_RAIL, *BLOCK_CITIES, *RIVAL_TRAINS)):
        yield from from_trucks(facts, place, Mode.RAIL, lift)


def airports(facts: Facts) -> Iterator[Transfer]:
    """Yield trucks to planes at home."""
    assumed = facts.assumed
    handling = facts.parameter("air", "airport handling") * 1000
    wtw = assumed("transfer", "wtw_air")
    own = Terminal(handling, assumed("air", "terminal_h_cgo"), wtw)
    yield from from_trucks(facts, "CGO", Mode.AIR, own, site="CGO")
    dearer = handling * assumed("air", "rival_handling_ratio")
    other = Terminal(dearer, assumed("air", "terminal_h_domestic_rival"), wtw)
    for place in RIVAL_AIRPORTS:
        yield from from_trucks(facts, place, Mode.AIR, other)


def seaports(facts: Facts) -> Iterator[Transfer]:
    """Yield trucks, trains and barges to ships at home."""
    assumed = facts.assumed
    t_per_teu = facts.parameter("cre", "observed load per TEU")
    cost = facts.parameter("sea", "THC China") / t_per_teu
    wtw = assumed("transfer", "wtw_port")
    for place in (*OCEAN_PORTS, *NEAR_PORTS):
        quay = Terminal(cost, assumed("transfer", "port_h"), wtw)
        yield from from_trucks(facts, place, Mode.SEA, quay)
    for place in RAIL_PORTS:
        inside = Terminal(cost, assumed("transfer", "port_rail_sea_h"), wtw)
        limit = facts.capacity(place) * 1000 * t_per_teu if place in COUNTED_PORTS else None
        yield change(facts, place, (Mode.RAIL, Mode.SEA), inside, capacity=limit)
        lift = Terminal(lift_cny_per_t(facts), assumed("transfer", "rail_h"), wtw)
        yield from from_trucks(facts, place, Mode.RAIL, lift)
    for place in ("CNTAC", "CNLYG", "CNSHA"):
        ratio = assumed("transfer", "river_sea_ratio")
        river = Terminal(cost * ratio, assumed("transfer", "river_sea_h"), wtw)
        yield change(facts, place, (Mode.BARGE, Mode.SEA), river)


def river_ports(facts: Facts) -> Iterator[Transfer]:
    """Yield trucks to barges."""
    assumed = facts.assumed
    bulk = Terminal(
        assumed("transfer", "river_cost"),
        assumed("transfer", "river_h"),
        assumed("transfer", "wtw_lift"),
    )
    for place in RIVER_PORTS:
        yield from from_trucks(facts, place, Mode.BARGE, bulk, site=place)
    for place in (*RIVER_CITIES, "CNTAC", "CNLYG"):
        yield from from_trucks(facts, place, Mode.BARGE, bulk)


def abroad(facts: Facts) -> Iterator[Transfer]:
    """Yield changes of mode in the world regions."""
    assumed = facts.assumed
    lift = Terminal(
        assumed("transfer", "cost_abroad_rail"), assumed("transfer", "rail_h_abroad"),
        assumed("transfer", "wtw_lift"),
    )  # fmt: skip
    quay = Terminal(
        assumed("transfer", "cost_abroad_port"), assumed("transfer", "port_h_abroad"),
        assumed("transfer", "wtw_port"),
    )  # fmt: skip
    ramp = Terminal(
        assumed("transfer", "cost_abroad_air"), assumed("air", "terminal_h_abroad"),
        assumed("transfer", "wtw_air"),
    )  # fmt: skip
    usual = {"airport": (Mode.AIR, ramp), "seaport": (Mode.SEA, quay)}
    for place in DOOR_PLACES:
        mode, terminal = usual.get(facts.places[place]["kind"], (Mode.RAIL, lift))
        yield from from_trucks(facts, place, mode, terminal)
    yield change(facts, "USLAX", (Mode.SEA, Mode.RAIL), quay)
    yield from from_trucks(facts, "REG_NA_C", Mode.RAIL, lift)


def clearance(facts: Facts) -> Iterator[Customs]:
    """Yield customs at the gateways of the home country, by the mode that leaves from there."""
    hours = facts.parameter("transfer", "customs + inspection delay (inland clearance)")
    licensed = facts.assumed("customs", "licensed_ratio")
    stations = {path[0] for path in train_lanes(facts).values()}
    for mode, places in (
        (Mode.AIR, ("CGO", *RIVAL_AIRPORTS)),
        (Mode.RAIL, (*stations, "PUT", *RIVAL_TRAINS)),
        (Mode.SEA, (*OCEAN_PORTS, *NEAR_PORTS)),
    ):
        for place in sorted(set(places)):
            ratio = licensed if place == "CGO" else 1.0
            cost = facts.assumed("customs", f"cost_{mode}")
            yield Customs(place=place, mode=mode, cost_cny_per_t=cost, time_h=hours * ratio)
