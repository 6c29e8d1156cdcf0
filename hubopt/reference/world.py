"""What stood in a base year: the lanes, sites and places of the reference that were there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.reference.chosen import CR_EXPRESS, LINER_BARGES, PLACES, SHOPS

if TYPE_CHECKING:
    from hubopt.reference.facts import Facts

OLD_YARD, NEW_YARD = "PUT", "ZIP_E"
LAND_PORT_OPENED = 2024
"""The new land port opened in July of that year; Putian went on loading trains beside it."""

NOT_YET = {
    2021: frozenset({"ZIP_E", "ZIP_W", "ZKP_X", "LHP_N", "GUANGWU", "MPF", "XXCOLD"}),
    2024: frozenset({"ZKP_X", "LHP_N", "GUANGWU", "MPF"}),
}
"""Facilities of the reference that did not stand in a base year."""

LANES_NOT_YET = {
    2021: frozenset({"NEV_TASHKENT", "VIENTIANE"}),
    2024: frozenset[str](),
}
"""Trains that did not run: the vehicle yard is of 2024, Laos's railway of December 2021."""

BASE_YEARS = tuple(NOT_YET)


def stood(facts: Facts) -> frozenset[str]:
    """Return the places that there were; in a base year the shops of a city are part of it."""
    if facts.year is None:
        return frozenset(PLACES)
    return frozenset(PLACES) - NOT_YET[facts.year] - frozenset(SHOPS.values())


def train_lanes(facts: Facts) -> dict[str, tuple[str, ...]]:
    """Return the stops of international trains; before the new land port they began at Putian."""
    if facts.year is None:
        return CR_EXPRESS
    lanes = {
        lane: stops for lane, stops in CR_EXPRESS.items() if lane not in LANES_NOT_YET[facts.year]
    }
    return {lane: started(facts.year, stops) for lane, stops in lanes.items()}


def started(year: int, stops: tuple[str, ...]) -> tuple[str, ...]:
    """Return the stops of a train with the yards at which it loaded in a base year."""
    if stops[0] != NEW_YARD:
        return stops
    yards = (OLD_YARD,) if year < LAND_PORT_OPENED else (NEW_YARD, OLD_YARD)
    return (*yards, *stops[1:])


def liner_lanes(facts: Facts) -> tuple[tuple[str, str], ...]:
    """Return the liner barges; before the container terminal boxes used the bulk port's barges."""
    there = stood(facts)
    return tuple(lane for lane in LINER_BARGES if there.issuperset(lane))
