"""Limits and vehicles of `zhengzhou-mini`: one limit of every kind, and two wishes that sleep."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.instance.tables import Limit, Vehicle
from hubopt.vocabulary import Function, LimitKind, Mode

if TYPE_CHECKING:
    from hubopt.reference.mini import Facts

POLICIES_ON = frozenset({"promises"})
HIERARCHY, GREEN_DELIVERY = "hierarchy", "green_delivery"
"""Wishes with a price: a scenario switches them on."""

TRADE = "trade"
"""The group of goods that may take train, ship or barge."""

RANGE_KM = ("road_bev", "range / payload penalty")


def limits() -> tuple[Limit, ...]:
    """Return one limit of every kind, and the wishes for an order of modes and green delivery."""
    centre = Function.CONSOLIDATION
    return (
        Limit(LimitKind.BUDGET, 2025, None, 180e6),
        Limit(LimitKind.COVERAGE, 2025, centre, 1.0, area="green", hours=1.5),
        Limit(LimitKind.EMISSIONS_AT_MOST, 2030, None, 140_000.0),
        Limit(LimitKind.SERVICE_LEVEL, 2025, None, 0.75, goods="MACH", policy="promises"),
        Limit(LimitKind.SINGLE_SOURCE, 2025, centre, 2.0, goods="FMCG"),
        Limit(LimitKind.SITES_AT_LEAST, 2030, Function.RETURNS, 1.0, area="China"),
        Limit(LimitKind.SITES_AT_MOST, 2030, centre, 2.0),
        *wishes(),
    )


def wishes() -> tuple[Limit, ...]:
    """Return what is wished for and not asked: air leads, rail carries, battery trucks deliver."""
    most, least = LimitKind.MODE_SHARE_AT_MOST, LimitKind.MODE_SHARE_AT_LEAST
    delivery, battery = LimitKind.DELIVERY_SHARE_AT_LEAST, Mode.ROAD_BATTERY
    found = []
    for year in (2025, 2030):
        found += [
            Limit(least, year, None, 0.3, goods="CBEC", mode=Mode.AIR, policy=HIERARCHY),
            Limit(least, year, None, 0.6, goods=TRADE, mode=Mode.RAIL, policy=HIERARCHY),
            Limit(most, year, None, 0.5, goods=TRADE, mode=Mode.BARGE, policy=HIERARCHY),
            Limit(delivery, year, None, 1.0, area="green", mode=battery, policy=GREEN_DELIVERY),
        ]
    return tuple(found)


def vehicles(facts: Facts) -> tuple[Vehicle, ...]:
    """Return the premium of each mode, and the range and payload of battery trucks."""
    return tuple(
        Vehicle(
            mode,
            facts.figure[RANGE_KM] if mode is Mode.ROAD_BATTERY else None,
            facts.battery_payload if mode is Mode.ROAD_BATTERY else 1.0,
            facts.insurance[mode],
        )
        for mode in Mode
    )
