"""Sizes of sites: what a module holds, costs to build and costs to run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubopt.reference.chosen import HENAN
from hubopt.reference.tariffs import Tariffs
from hubopt.vocabulary import Function

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hubopt.reference.facts import Facts

TIERS = ("small", "medium", "large")
MU_PER_M2 = 1 / 666.67
METROPOLIS = "ZHENGZHOU"
"""The one city in the dearest land class; the others share that of prefecture cities."""

TRANSFER = Function.TRANSFER
Tonnes = dict[Function, float]
"""Kilotonnes a year by function; a tonne of floor is counted for one function only."""


@dataclass(frozen=True, slots=True)
class Size:
    """A module: kilotonnes a year for each function, CNY to build and CNY a year to run."""

    name: str
    kt: Mapping[Function, float]
    build_cny: float
    running_cny: float
    life: int
    built: int = 0
    most: int = 1


def split(facts: Facts, kt: float) -> Tonnes:
    """Return a distribution centre's tonnes, part of them gathered for export."""
    share = facts.assumed("site", "consolidation_share")
    return {Function.CONSOLIDATION: share * kt, Function.CROSS_DOCK: (1 - share) * kt}


def warehouse(
    facts: Facts, name: str, kt: Mapping[Function, float], cost: float, building: float, most: int
) -> Size:
    """Return a building with its upkeep and life; `cost` is with land, `building` without."""
    running = building * facts.assumed("site", "running_share")
    return Size(name, kt, cost, running, int(facts.assumed("site", "life_building")), most=most)


def terminal(
    facts: Facts, name: str, kt: float, cny_per_t: float, *, built: int = 0, most: int = 1
) -> Size:
    """Return a terminal of so many kilotonnes a year at a cost per annual tonne."""
    cost = kt * 1000 * cny_per_t
    share = facts.assumed("site", "terminal_running_share")
    life = int(facts.assumed("site", "life_terminal"))
    return Size(name, {TRANSFER: kt}, cost, cost * share, life, built=built, most=most)


def standing(facts: Facts, name: str, kt: Mapping[Function, float], cny_per_t: float) -> Size:
    """Return a building of today: paid for, with its upkeep, and no more of it to be had."""
    worth = sum(kt.values()) * 1000 * cny_per_t
    running = worth * facts.assumed("site", "running_share")
    return Size(name, kt, worth, running, int(facts.assumed("site", "life_building")), built=1)


def dry_cny_per_m2(facts: Facts) -> float:
    """Return the building cost of dry high-bay storage."""
    return facts.parameter("warehouse", "construction dry high-bay")


def dry_cny_per_t(facts: Facts) -> float:
    """Return the building cost of dry storage for each tonne that passes in a year."""
    return dry_cny_per_m2(facts) / facts.parameter("warehouse", "throughput density dry")


def bonded_cny_per_t(facts: Facts) -> float:
    """Return the building cost of bonded storage for each tonne that passes in a year."""
    return dry_cny_per_t(facts) * facts.parameter("warehouse", "bonded / cold cost premium")


def cold_cny_per_t(facts: Facts) -> float:
    """Return the building cost of cold storage for each tonne that passes in a year."""
    per_m2 = facts.parameter("warehouse", "construction cold")
    return per_m2 / facts.parameter("warehouse", "cold storage density")


def land_cny_per_m2(facts: Facts, city: str) -> float:
    """Return the price of land per m2 of floor, from 10,000 CNY per mu.

    The table gives three classes of land: outer counties, prefecture cities, Zhengzhou.
    """
    row = next(r for r in facts.mode_rows if r["parameter"] == "logistics land price")
    column = "high" if city == METROPOLIS else "central" if city in HENAN else "low"
    per_mu = float(row[column].split()[0]) * 10_000
    return per_mu * MU_PER_M2 / facts.assumed("site", "land_use")


def floor_sizes(
    facts: Facts, city: str, kind: str, cny_per_m2: float
) -> list[tuple[str, float, float, float, int]]:
    """Return name, m2, cost with land, cost of the building and most, of three warehouse sizes."""
    scale = {
        "small": 1.0,
        "medium": facts.assumed("site", "medium_scale"),
        "large": facts.assumed("site", "large_scale"),
    }
    most = {"small": 1, "medium": 1, "large": int(facts.assumed("most", "large"))}
    found = []
    for tier in TIERS:
        m2 = facts.assumed("site", f"{kind}_{tier}_m2")
        building = m2 * cny_per_m2 * scale[tier]
        cost = building + m2 * land_cny_per_m2(facts, city)
        found.append((tier, m2, cost, building, most[tier]))
    return found


def dry_tiers(facts: Facts, city: str) -> tuple[Size, ...]:
    """Return three sizes of a distribution centre."""
    density = facts.parameter("warehouse", "throughput density dry")
    return tuple(
        warehouse(facts, tier, split(facts, m2 * density / 1000), cost, building, most)
        for tier, m2, cost, building, most in floor_sizes(facts, city, "dry", dry_cny_per_m2(facts))
    )


def cold_tiers(facts: Facts, city: str) -> tuple[Size, ...]:
    """Return three sizes of a cold store."""
    density = facts.parameter("warehouse", "cold storage density")
    per_m2 = facts.parameter("warehouse", "construction cold")
    return tuple(
        warehouse(facts, tier, {Function.COLD: m2 * density / 1000}, cost, building, most)
        for tier, m2, cost, building, most in floor_sizes(facts, city, "cold", per_m2)
    )


def market(facts: Facts) -> Size:
    """Return Guangwu's produce market as planned, part of its tonnes through cold stores."""
    kt, share = facts.capacity("GUANGWU"), facts.assumed("site", "market_cold_share")
    cost = kt * 1000 * facts.capital["GUANGWU"]
    parts = {Function.COLD: share * kt, Function.CROSS_DOCK: (1 - share) * kt}
    return warehouse(facts, "market", parts, cost, cost, 1)


def bonded_tiers(facts: Facts, city: str) -> tuple[Size, ...]:
    """Return a plain and an automated bonded warehouse, the second twice as large."""
    kt = facts.assumed("site", "bonded_tier_kt")
    m2 = kt * 1000 / facts.parameter("warehouse", "throughput density dry")
    building = kt * 1000 * bonded_cny_per_t(facts)
    cost = building + m2 * land_cny_per_m2(facts, city)
    double = facts.assumed("site", "second_line_cost") * facts.assumed("site", "automated_extra")
    running = facts.assumed("site", "automated_running") * building
    most = int(facts.assumed("most", "bonded_plain"))
    return (
        warehouse(facts, "plain", {Function.BONDED: kt}, cost, building, most),
        warehouse(facts, "automated", {Function.BONDED: 2 * kt}, double * cost, running, 1),
    )


def returns_tiers(facts: Facts) -> tuple[Size, ...]:
    """Return one and two lines of a returns centre."""
    kt = facts.assumed("site", "returns_tier_kt")
    cost = kt * 1000 * facts.assumed("site", "returns_cny_per_t")
    double = facts.assumed("site", "second_line_cost") * cost
    return (
        warehouse(facts, "one_line", {Function.RETURNS: kt}, cost, cost, 1),
        warehouse(facts, "two_lines", {Function.RETURNS: 2 * kt}, double, double, 1),
    )


def terminal_tiers(facts: Facts) -> tuple[Size, ...]:
    """Return a rail terminal of half a tier or whole ones, at the land port's cost per tonne."""
    kt, per_t = facts.assumed("site", "terminal_tier_kt"), facts.capital["ZIP_E"]
    half = 2 * facts.assumed("site", "half_terminal_cost") * per_t
    most = int(facts.assumed("most", "terminal_yard"))
    return (
        terminal(facts, "tier", kt / 2, half),
        terminal(facts, "yard", kt, per_t, most=most),
    )


def rail_today(facts: Facts, kt: float) -> Size:
    """Return a rail terminal of today, valued at the land port's cost per tonne."""
    return terminal(facts, "today", kt, facts.capital["ZIP_E"], built=1)


def airport(facts: Facts) -> tuple[Size, ...]:
    """Return the airport's cargo areas of today, and more areas like the northern one."""
    more_kt, per_t = facts.built_kt["CGO"], facts.capital["CGO"]
    most = int(facts.assumed("most", "cargo_area"))
    return (
        terminal(facts, "today", facts.capacity("CGO"), per_t, built=1),
        terminal(facts, "cargo_area", more_kt, per_t, most=most),
    )


def land_port(facts: Facts) -> tuple[Size, ...]:
    """Return the new land port: its trains a year at the observed load, and as much again."""
    kt = facts.capacity("ZIP_E") * facts.parameter("cre", "observed load") / 1000
    per_t = facts.capital["ZIP_E"]
    return (
        terminal(facts, "east_yard", kt, per_t, built=1),
        terminal(facts, "second_yard", kt, per_t),
    )


def bulk_port(facts: Facts, today_kt: float, more_kt: float) -> tuple[Size, ...]:
    """Return a river port for bulk: berths of today, and more groups at Luohe's cost per tonne."""
    most, per_t = int(facts.assumed("most", "river_berths")), facts.capital["LHP"]
    return (
        terminal(facts, "today", today_kt, per_t, built=1),
        terminal(facts, "berths", more_kt, per_t, most=most),
    )


def river_port(facts: Facts, place: str) -> tuple[Size, ...]:
    """Return the berths of a river port, those of today and those that may be added."""
    if place == "ZKP_F":
        others = facts.assumed("site", "river_other_kt")
        more = facts.assumed("site", "river_tier_kt")
        return bulk_port(facts, facts.capacity(place) + others, more)
    if place == "HBP":
        today = facts.assumed("site", "river_small_kt")
        return bulk_port(facts, today, facts.assumed("site", "river_small_tier_kt"))
    if place == "ZKP_X":
        kt, per_t = facts.capacity(place) * Tariffs(facts).t_per_teu, facts.capital[place]
        return (
            terminal(facts, "phase_1", kt, per_t, built=1),
            terminal(facts, "phase_2", kt, per_t),
        )
    if place == "LHP_N":
        more = facts.capacity(place) - facts.capacity("LHP")
        return (terminal(facts, "extension", more, facts.capital[place]),)
    return (terminal(facts, "today", facts.capacity(place), facts.capital[place], built=1),)
