"""Sites that stand today and sites that may be built, with sizes and handling."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubopt.instance.tables import Capacity, Handling, Module, Site
from hubopt.reference.chosen import HENAN, TERMINAL_CITIES
from hubopt.reference.demand import city_shares
from hubopt.reference.sizes import (
    Size,
    airport,
    bonded_tiers,
    cold_tiers,
    dry_tiers,
    land_port,
    returns_tiers,
    river_port,
    standing,
    terminal_tiers,
)
from hubopt.reference.totals import base_kt
from hubopt.vocabulary import Function, SiteStatus

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubopt.reference.facts import Facts

DRY = (Function.CONSOLIDATION, Function.CROSS_DOCK)
BONDED_CITIES = (
    "LUOYANG", "NANYANG", "SHANGQIU", "ANYANG", "XINYANG", "ZHOUKOU", "XUCHANG", "SANMENXIA",
    "JIAOZUO", "LUOHE",
)  # fmt: skip
RETURN_CITIES = ("LUOYANG", "SHANGQIU", "NANYANG", "ZHOUKOU", "XINXIANG", "XINYANG")


@dataclass(frozen=True, slots=True)
class Plot:
    """A site before its rows are written."""

    id: str
    name_en: str
    name_zh: str
    place: str
    status: SiteStatus
    functions: tuple[Function, ...]
    sizes: tuple[Size, ...]
    earliest: int = 2025
    old: bool = False


def plots(facts: Facts) -> Iterator[Plot]:
    """Yield all sites."""
    yield from gateways(facts)
    yield from existing_parks(facts)
    yield from candidates(facts)


def named(facts: Facts, place: str) -> tuple[str, str]:
    """Return the names of a place, the city suffix left out."""
    row = facts.places[place]
    return row["name_en"], row["name_zh"].removesuffix("市")


def at(
    facts: Facts,
    place: str,
    functions: tuple[Function, ...],
    sizes: tuple[Size, ...],
    status: SiteStatus = SiteStatus.EXISTING,
    earliest: int = 2025,
) -> Plot:
    """Return a site that has the id and names of its place."""
    return Plot(place, *named(facts, place), place, status, functions, sizes, earliest)


def gateways(facts: Facts) -> Iterator[Plot]:
    """Yield the terminals, bonded zones and parks that have a name in the facts."""
    transfer, candidate = (Function.TRANSFER,), SiteStatus.CANDIDATE
    kt = facts.assumed
    yield at(facts, "CGO", transfer, airport(facts))
    yield at(facts, "PUT", transfer, standing(facts, "today", kt("site", "put_kt")))
    yield at(facts, "ZIP_E", transfer, land_port(facts))
    yield at(facts, "ZIP_W", transfer, terminal_tiers(facts), candidate)
    for place in ("LYLP", "SQ", "AY", "NY", "ZMD"):
        today = standing(facts, "today", kt("site", "small_terminal_kt"))
        yield at(facts, place, transfer, (*today, *terminal_tiers(facts)))
    for place in ("ZKP_F", "ZKP_X", "LHP", "HBP"):
        yield at(facts, place, transfer, river_port(facts, place))
    bonded = (Function.BONDED, *DRY)
    for place in ("XZCBZ", "JKCBZ"):
        today = standing(facts, "today", kt("site", "bonded_existing_kt"), warehouse=True)
        yield at(facts, place, bonded, (*today, *bonded_tiers(facts, "ZHENGZHOU")))
    today = standing(facts, "today", kt("site", "returns_tier_kt"), warehouse=True)
    bonds = standing(facts, "bonds", 300.0, warehouse=True)
    yield at(
        facts, "HBLC", (Function.RETURNS, Function.BONDED),
        (replaced(today, Function.RETURNS), replaced(bonds, Function.BONDED)),
    )  # fmt: skip
    # 40 000 tonnes a day were handled on trial in 2012
    yield at(facts, "WANB", (Function.COLD,), standing(facts, "today", 40.0 * 365, warehouse=True))
    yield at(facts, "GUANGWU", (Function.COLD, *DRY), dry_tiers(facts, "ZHENGZHOU"), candidate)
    yield at(facts, "MPF", (Function.COLD,), cold_tiers(facts, "ZHENGZHOU"), candidate, 2030)
    yield at(facts, "CPOST", DRY, standing(facts, "today", 600.0, warehouse=True))
    yield at(facts, "XXCOLD", (Function.COLD,), standing(facts, "today", 2000.0, warehouse=True))
    yield at(facts, "LHC", (Function.COLD,), standing(facts, "today", 600.0, warehouse=True))


def replaced(sizes: tuple[Size, ...], function: Function) -> Size:
    """Return the one size of a tuple, limited to one function."""
    return sizes[0].only(function)


def existing_parks(facts: Facts) -> Iterator[Plot]:
    """Yield each city's wholesale parks of today, dry and cold, as one site."""
    people = city_shares(facts, "population")
    dry_kt = base_kt(facts, "DOM_FMCG") + base_kt(facts, "DOM_EXPRESS")
    cold_kt = base_kt(facts, "DOM_FRESH")
    for city in HENAN:
        en, zh = named(facts, city)
        dry = people[city] * dry_kt * facts.assumed("site", "existing_share")
        cold = people[city] * cold_kt * facts.assumed("site", "existing_cold_share")
        sizes = (
            standing(facts, "dry", round(dry, 0), warehouse=True)[0].only(Function.CROSS_DOCK),
            standing(facts, "cold", round(cold, 0), warehouse=True)[0].only(Function.COLD),
        )
        yield Plot(
            f"PARK_{city}", f"{en} wholesale parks of today", f"{zh}现有批发市场与物流园",
            city, SiteStatus.EXISTING, (Function.CROSS_DOCK, Function.COLD), sizes, old=True,
        )  # fmt: skip


def candidates(facts: Facts) -> Iterator[Plot]:
    """Yield the sites that may be built in the cities."""
    transfer, status = (Function.TRANSFER,), SiteStatus.CANDIDATE
    for city in HENAN:
        en, zh = named(facts, city)
        yield Plot(
            f"DC_{city}", f"{en} distribution centre", f"{zh}集散分拨中心", city, status, DRY,
            dry_tiers(facts, city),
        )  # fmt: skip
        yield Plot(
            f"COLD_{city}", f"{en} cold-chain centre", f"{zh}冷链物流中心", city, status,
            (Function.COLD,), cold_tiers(facts, city),
        )  # fmt: skip
    for city in BONDED_CITIES:
        en, zh = named(facts, city)
        yield Plot(
            f"BOND_{city}", f"{en} bonded logistics centre", f"{zh}保税物流中心", city, status,
            (Function.BONDED, Function.CROSS_DOCK), bonded_tiers(facts, city),
        )  # fmt: skip
    for city in RETURN_CITIES:
        en, zh = named(facts, city)
        yield Plot(
            f"RET_{city}", f"{en} returns centre", f"{zh}退货中心仓", city, status,
            (Function.RETURNS,), returns_tiers(facts),
        )  # fmt: skip
    for city in TERMINAL_CITIES:
        en, zh = named(facts, city)
        yield Plot(
            f"RAIL_{city}", f"{en} container terminal", f"{zh}铁路集装箱场站", city, status,
            transfer, terminal_tiers(facts),
        )  # fmt: skip


def site_rows(
    facts: Facts,
) -> tuple[list[Site], list[Handling], list[Module], list[Capacity]]:
    """Return the rows of the four site tables."""
    sites, handling, modules, capacities = [], [], [], []
    for plot in plots(facts):
        sites.append(
            Site(plot.id, plot.name_en, plot.name_zh, plot.place, plot.status, plot.earliest)
        )
        handling += [handled(facts, plot, f) for f in plot.functions if f is not Function.TRANSFER]
        for size in plot.sizes:
            modules.append(
                Module(
                    plot.id, size.name, round(size.build_cny, -4), round(size.running_cny, -3),
                    size.life, size.built, size.most,
                )
            )  # fmt: skip
            capacities += [
                Capacity(plot.id, size.name, f, round(size.kt * 1000, -2))
                for f in size.functions or plot.functions
            ]
    return sites, handling, modules, capacities


def handled(facts: Facts, plot: Plot, function: Function) -> Handling:
    """Return what one function costs at a site; old parks are dearer and no slower."""
    ratio = facts.assumed("site", "old_park_ratio") if plot.old else 1.0
    return Handling(
        site=plot.id,
        function=function,
        cost_cny_per_t=round(facts.assumed("site", f"cost_{function}") * ratio, 2),
        time_h=facts.assumed("site", f"hours_{function}"),
        energy_kwh_per_t=facts.assumed("site", f"kwh_{function}"),
    )
