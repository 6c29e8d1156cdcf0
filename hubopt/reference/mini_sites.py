"""Sites of `zhengzhou-mini`: one of every status and function, round figures for the tutorial."""

from __future__ import annotations

from hubopt.instance.tables import Capacity, Customs, Handling, Module, Site
from hubopt.vocabulary import Function, HubType, Mode, SiteStatus

CONSOLIDATION, BONDED, COLD = Function.CONSOLIDATION, Function.BONDED, Function.COLD
RETURNS, TRANSFER = Function.RETURNS, Function.TRANSFER
CROSS_DOCK, CHARGING = Function.CROSS_DOCK, Function.CHARGING


def sites() -> tuple[Site, ...]:
    """Return the sites, by id."""
    return (
        Site("AIR_CGO", "Cargo area of the airport", "机场货运区", "CGO", SiteStatus.EXISTING, 2025, None, HubType.AIRPORT),
        Site("BOND_ZZ", "Bonded store, Zhengzhou", "郑州保税仓", "ZHENGZHOU", SiteStatus.CANDIDATE, 2025, "zhengzhou"),
        Site("COLD_ZZ", "Cold store, Zhengzhou", "郑州冷库", "ZHENGZHOU", SiteStatus.REQUIRED, 2025),
        Site("DC_LY", "Distribution centre, Luoyang", "洛阳分拨中心", "LUOYANG", SiteStatus.CANDIDATE, 2025, None, HubType.PRODUCTION),
        Site("DC_ZZ", "Distribution centre, Zhengzhou", "郑州分拨中心", "ZHENGZHOU", SiteStatus.EXISTING, 2025, None, HubType.COMMERCE),
        Site("OLD_LY", "Old depot, Luoyang", "洛阳旧仓", "LUOYANG", SiteStatus.CLOSED, 2025),
        Site("RET_LY", "Returns centre, Luoyang", "洛阳退货中心", "LUOYANG", SiteStatus.CANDIDATE, 2030, "luoyang"),
        Site("RET_ZZ", "Returns centre, Zhengzhou", "郑州退货中心", "ZHENGZHOU", SiteStatus.CANDIDATE, 2025, "zhengzhou"),
        Site("TERM_PUT", "Putian container terminal", "圃田集装箱中心站", "PUT", SiteStatus.EXISTING, 2025, None, HubType.LAND_PORT),
    )  # fmt: skip


def handling() -> tuple[Handling, ...]:
    """Return what handling costs at each site."""
    return (
        Handling("BOND_ZZ", BONDED, 60.0, 24.0, 8.0, None, 12.0),
        Handling("COLD_ZZ", COLD, 80.0, 6.0, 60.0),
        Handling("DC_LY", CONSOLIDATION, 25.0, 6.0, 5.0, 10_000.0),
        Handling("DC_ZZ", CONSOLIDATION, 30.0, 6.0, 5.0),
        Handling("DC_ZZ", CROSS_DOCK, 20.0, 4.0, 3.0, None, None, 4.0),
        Handling("OLD_LY", CONSOLIDATION, 20.0, 8.0, 6.0),
        Handling("RET_LY", RETURNS, 200.0, 24.0, 6.0),
        Handling("RET_ZZ", RETURNS, 220.0, 24.0, 6.0),
    )


def modules() -> tuple[Module, ...]:
    """Return the sizes in which each site can be built."""
    return (
        Module("AIR_CGO", "area", 100e6, 3e6, 40, 1, 2),
        Module("BOND_ZZ", "large", 60e6, 5e6, 30, 0, 1),
        Module("BOND_ZZ", "small", 25e6, 2.5e6, 30, 0, 2),
        Module("COLD_ZZ", "hall", 20e6, 2e6, 25, 0, 2),
        Module("DC_LY", "large", 40e6, 3e6, 30, 0, 1),
        Module("DC_LY", "small", 18e6, 1.6e6, 30, 0, 2),
        Module("DC_ZZ", "hall", 22e6, 2e6, 30, 2, 4),
        Module("RET_LY", "hall", 8e6, 1e6, 20, 0, 1),
        Module("RET_ZZ", "hall", 9e6, 1e6, 20, 0, 1),
        Module("TERM_PUT", "yard", 30e6, 2e6, 40, 1, 3),
    )


def capacities() -> tuple[Capacity, ...]:
    """Return what one module adds to each function."""
    return (
        Capacity("AIR_CGO", "area", TRANSFER, 60_000.0),
        Capacity("BOND_ZZ", "large", BONDED, 20_000.0),
        Capacity("BOND_ZZ", "small", BONDED, 7_000.0),
        Capacity("COLD_ZZ", "hall", COLD, 5_000.0),
        Capacity("DC_LY", "large", CHARGING, 100_000.0),
        Capacity("DC_LY", "large", CONSOLIDATION, 60_000.0),
        Capacity("DC_LY", "small", CHARGING, 40_000.0),
        Capacity("DC_LY", "small", CONSOLIDATION, 25_000.0),
        Capacity("DC_ZZ", "hall", CONSOLIDATION, 20_000.0),
        Capacity("DC_ZZ", "hall", CROSS_DOCK, 5_000.0),
        Capacity("RET_LY", "hall", RETURNS, 4_000.0),
        Capacity("RET_ZZ", "hall", RETURNS, 4_000.0),
        Capacity("TERM_PUT", "yard", TRANSFER, 60_000.0),
    )


def customs() -> tuple[Customs, ...]:
    """Return where freight is cleared: declaration fees and hours."""
    return (
        Customs("CGO", Mode.AIR, 250.0, 4.0),
        Customs("CNLYG", Mode.RAIL, 25.0, 12.0),
        Customs("CNLYG", Mode.SEA, 25.0, 24.0),
        Customs("PUT", Mode.RAIL, 25.0, 8.0),
    )
