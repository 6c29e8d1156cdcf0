"""Sizes of sites: what a module holds, costs to build and costs to run."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hubopt.reference.facts import Facts
    from hubopt.vocabulary import Function

TIERS = ("small", "medium", "large")
MU_PER_M2 = 1 / 666.67
LAND_TIERS = {"ZHENGZHOU": 2, "LUOYANG": 1, "NANYANG": 1, "SHANGQIU": 1, "XUCHANG": 1}
"""Land class of a city in the land price row: 2 Zhengzhou, 1 prefecture city, 0 outer."""

CAPITAL_AIRPORT = 7667.0
CAPITAL_LAND_PORT = 1786.0
"""CNY per tonne a year, from the capital-cost evidence of the gateway facts."""

COLD_CNY_PER_M2 = 3529.0
"""Huojia cold-chain park, all in."""


@dataclass(frozen=True, slots=True)
class Size:
    """A module: kilotonnes a year for each function, CNY to build and CNY a year to run."""

    name: str
    kt: float
    build_cny: float
    running_cny: float
    life: int
    built: int = 0
    most: int = 1
    functions: tuple[Function, ...] = ()

    def only(self, *functions: Function) -> Size:
        """Return the same size, limited to some functions."""
        return replace(self, functions=functions)


def standing(facts: Facts, name: str, kt: float, *, warehouse: bool = False) -> tuple[Size, ...]:
    """Return what stands today: paid for, with its running cost, and no more of it to be had."""
    if warehouse:
        per_t = warehouse_cny_per_m2(facts) / facts.parameter("warehouse", "throughput density dry")
        share = facts.assumed("site", "running_share")
    else:
        per_t, share = CAPITAL_LAND_PORT, facts.assumed("site", "terminal_running_share")
    worth = kt * 1000 * per_t
    return (Size(name, kt, worth, worth * share, 30, built=1),)


def warehouse_cny_per_m2(facts: Facts) -> float:
    """Return the building cost of dry high-bay storage."""
    return facts.parameter("warehouse", "construction dry high-bay")


def land_cny_per_m2(facts: Facts, city: str) -> float:
    """Return the price of land per m2 of floor, from 10,000 CNY per mu in three tiers."""
    row = next(r for r in facts.mode_rows if r["parameter"] == "logistics land price")
    columns = ("low", "central", "high")
    per_mu = float(row[columns[LAND_TIERS.get(city, 0)]].split()[0]) * 10_000
    return per_mu * MU_PER_M2 / facts.assumed("site", "land_use")


def floor_sizes(
    facts: Facts, city: str, kind: str, cny_per_m2: float, t_per_m2: float
) -> tuple[Size, ...]:
    """Return three sizes of a warehouse by floor area, cheaper per m2 when larger."""
    scale = {"small": 1.0, "medium": facts.assumed("site", "medium_scale"),
             "large": facts.assumed("site", "large_scale")}  # fmt: skip
    found = []
    for tier in TIERS:
        m2 = facts.assumed("site", f"{kind}_{tier}_m2")
        building = m2 * cny_per_m2 * scale[tier]
        running = building * facts.assumed("site", "running_share")
        cost = building + m2 * land_cny_per_m2(facts, city)
        life = int(facts.assumed("site", "life_building"))
        most = {"small": 1, "medium": 1, "large": 2}[tier]
        found.append(Size(tier, m2 * t_per_m2 / 1000, cost, running, life, most=most))
    return tuple(found)


def dry_tiers(facts: Facts, city: str) -> tuple[Size, ...]:
    """Return three sizes of a distribution centre."""
    density = facts.parameter("warehouse", "throughput density dry")
    return floor_sizes(facts, city, "dry", warehouse_cny_per_m2(facts), density)


def cold_tiers(facts: Facts, city: str) -> tuple[Size, ...]:
    """Return three sizes of a cold store."""
    density = facts.parameter("warehouse", "cold storage density")
    return floor_sizes(facts, city, "cold", COLD_CNY_PER_M2, density)


def bonded_tiers(facts: Facts, city: str) -> tuple[Size, ...]:
    """Return a plain and an automated bonded warehouse."""
    kt = facts.assumed("site", "bonded_tier_kt")
    premium = facts.parameter("warehouse", "bonded / cold cost premium")
    m2 = kt * 1000 / facts.parameter("warehouse", "throughput density dry")
    building = m2 * warehouse_cny_per_m2(facts) * premium
    cost = building + m2 * land_cny_per_m2(facts, city)
    share, life = (
        facts.assumed("site", "running_share"),
        int(facts.assumed("site", "life_building")),
    )
    extra = facts.assumed("site", "automated_extra")
    return (
        Size("plain", kt, cost, building * share, life, most=2),
        Size("automated", 2 * kt, 1.8 * cost * extra, 1.5 * building * share, life),
    )


def returns_tiers(facts: Facts) -> tuple[Size, ...]:
    """Return one and two lines of a returns centre."""
    kt = facts.assumed("site", "returns_tier_kt")
    cost = kt * 1000 * facts.assumed("site", "returns_cny_per_t")
    share, life = (
        facts.assumed("site", "running_share"),
        int(facts.assumed("site", "life_building")),
    )
    return (
        Size("one_line", kt, cost, cost * share, life),
        Size("two_lines", 2 * kt, 1.8 * cost, 1.8 * cost * share, life),
    )


def terminal_tiers(facts: Facts) -> tuple[Size, ...]:
    """Return a rail terminal of one tier or two, at the land port's cost per tonne."""
    kt = facts.assumed("site", "terminal_tier_kt")
    cost = kt * 1000 * CAPITAL_LAND_PORT
    share = facts.assumed("site", "terminal_running_share")
    life = int(facts.assumed("site", "life_terminal"))
    return (
        Size("tier", kt / 2, 0.55 * cost, 0.55 * cost * share, life),
        Size("yard", kt, cost, cost * share, life, most=2),
    )


def airport(facts: Facts) -> tuple[Size, ...]:
    """Return the airport's cargo areas: today's 1,100 kt, and more areas like the northern one."""
    today, more = 1100.0, facts.assumed("site", "airport_tier_kt")
    share = facts.assumed("site", "terminal_running_share")
    life = int(facts.assumed("site", "life_terminal"))
    worth, cost = today * 1000 * CAPITAL_AIRPORT, more * 1000 * CAPITAL_AIRPORT
    return (
        Size("today", today, worth, worth * share, life, built=1),
        Size("cargo_area", more, cost, cost * share, life, most=3),
    )


def land_port(facts: Facts) -> tuple[Size, ...]:
    """Return the new land port: 5,000 trains a year of 895 t, and as much again."""
    kt = 5000 * 895 / 1000
    cost = kt * 1000 * CAPITAL_LAND_PORT
    share = facts.assumed("site", "terminal_running_share")
    life = int(facts.assumed("site", "life_terminal"))
    return (
        Size("east_yard", kt, cost, cost * share, life, built=1),
        Size("second_yard", kt, cost, cost * share, life),
    )


def river_port(facts: Facts, place: str) -> tuple[Size, ...]:
    """Return a river port: berths of today, and more groups of berths."""
    small = facts.assumed("site", "river_small_kt")
    teu_kt = 1000 * facts.assumed("transfer", "rail_t_per_teu")
    today = {
        "ZKP_F": 30_000 + facts.assumed("site", "river_other_kt"), "ZKP_X": teu_kt, "LHP": small,
        "HBP": small,
    }[place]  # fmt: skip
    more = facts.assumed("site", "river_tier_kt") * (1.0 if place == "ZKP_F" else 0.5)
    per_t = facts.assumed("site", "river_cny_per_t")
    share = facts.assumed("site", "terminal_running_share")
    life = int(facts.assumed("site", "life_terminal"))
    worth, cost = today * 1000 * per_t, more * 1000 * per_t
    return (
        Size("today", today, worth, worth * share, life, built=1),
        Size("berths", more, cost, cost * share, life, most=3),
    )
