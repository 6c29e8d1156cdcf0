"""Limits of the reference beyond budgets and licences, and wishes that a scenario switches on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.instance.tables import Limit
from hubopt.reference.chosen import CHARGER_CITIES
from hubopt.reference.totals import STAGES
from hubopt.vocabulary import Function, LimitKind, Mode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubopt.reference.facts import Facts

HIERARCHY, GREEN_DELIVERY, CARBON_PEAK = "hierarchy", "green_delivery", "carbon_peak"
"""Wishes that `policies` of instance.toml leaves off: each has a price, for a scenario to tell."""

HOME, ZONE = "Henan", "green_delivery"


def limits(facts: Facts) -> Iterator[Limit]:
    """Yield what holds in every stage, and the wishes."""
    for stage in STAGES:
        yield from in_force(facts, stage)
        yield from hierarchy(facts, stage)
        yield from green_delivery(facts, stage)
        cap = facts.assumed("wish", f"emissions_t:{stage}")
        yield Limit(LimitKind.EMISSIONS_AT_MOST, stage, None, cap, policy=CARBON_PEAK)


def in_force(facts: Facts, stage: int) -> Iterator[Limit]:
    """Yield coverage, cold stores, the promise of service, and few returns centres."""
    asked, centre = facts.assumed, Function.CROSS_DOCK
    yield Limit(
        LimitKind.COVERAGE, stage, centre, 2.0, area=HOME, hours=asked("limit", "coverage_h")
    )
    least = asked("limit", "cold_sites_least")
    yield Limit(LimitKind.SITES_AT_LEAST, stage, Function.COLD, least, area=HOME)
    for goods in ("parcels", "groceries"):
        level = asked("limit", "service_level")
        yield Limit(LimitKind.SERVICE_LEVEL, stage, None, level, goods=goods)
    most = asked("limit", "returns_sources")
    yield Limit(LimitKind.SINGLE_SOURCE, stage, Function.RETURNS, most, goods="RETURNS")


def hierarchy(facts: Facts, stage: int) -> Iterator[Limit]:
    """Yield 航空引领、铁路支撑、公路配套、水路补充 as shares of what is carried."""
    least, most = LimitKind.MODE_SHARE_AT_LEAST, LimitKind.MODE_SHARE_AT_MOST
    for kind, goods, mode in (
        (least, "parcels", Mode.AIR),
        (least, "industry", Mode.RAIL),
        (least, "bulk", Mode.BARGE),
        (most, "industry", Mode.SEA),
    ):
        share = facts.assumed("wish", f"{mode}:{goods}")
        yield Limit(kind, stage, None, share, goods=goods, mode=mode, policy=HIERARCHY)


def green_delivery(facts: Facts, stage: int) -> Iterator[Limit]:
    """Yield the share of daily goods that battery trucks deliver, and chargers in every city."""
    share = facts.assumed("wish", f"battery:{stage}")
    yield Limit(
        LimitKind.DELIVERY_SHARE_AT_LEAST, stage, None, share, goods="groceries", area=ZONE,
        mode=Mode.ROAD_BATTERY, policy=GREEN_DELIVERY,
    )  # fmt: skip
    stations = float(len(CHARGER_CITIES))
    yield Limit(
        LimitKind.SITES_AT_LEAST, stage, Function.CHARGING, stations, area=ZONE,
        policy=GREEN_DELIVERY,
    )  # fmt: skip
