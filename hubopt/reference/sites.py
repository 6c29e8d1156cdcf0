"""Sites that stand today and sites that may be built, with sizes and handling."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubopt.instance.tables import Capacity, Handling, Module, Site
from hubopt.reference.chosen import HENAN, HUBS, TERMINAL_CITIES
from hubopt.reference.demand import city_shares, home_shares
from hubopt.reference.products import CLASSES
from hubopt.reference.sizes import (
    METROPOLIS,
    Size,
    airport,
    bonded_cny_per_t,
    bonded_tiers,
    cold_cny_per_t,
    cold_tiers,
    dry_cny_per_t,
    dry_tiers,
    land_port,
    market,
    rail_today,
    returns_tiers,
    river_port,
    split,
    standing,
    terminal_tiers,
)
from hubopt.reference.totals import base_kt
from hubopt.vocabulary import Function, SiteStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hubopt.reference.baseline import SiteRows
    from hubopt.reference.facts import Facts

DAYS_PER_YEAR = 365
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
    sizes: tuple[Size, ...]
    earliest: int = 2025
    old: bool = False

    @property
    def functions(self) -> tuple[Function, ...]:
        """What the site does besides changing modes."""
        found = dict.fromkeys(function for size in self.sizes for function in size.kt)
        return tuple(function for function in found if function is not Function.TRANSFER)


def plots(facts: Facts) -> Iterator[Plot]:
    """Yield all sites."""
    yield from gateways(facts)
    yield from named_parks(facts)
    yield from existing_parks(facts)
    yield from candidates(facts)


def named(facts: Facts, place: str) -> tuple[str, str]:
    """Return the names of a place, the city suffix left out."""
    row = facts.places[place]
    return row["name_en"], row["name_zh"].removesuffix("市")


def at(
    facts: Facts,
    place: str,
    sizes: tuple[Size, ...],
    status: SiteStatus = SiteStatus.EXISTING,
    earliest: int = 2025,
) -> Plot:
    """Return a site that has the id and names of its place."""
    return Plot(place, *named(facts, place), place, status, sizes, earliest)


def gateways(facts: Facts) -> Iterator[Plot]:
    """Yield the terminals and river ports that have a name in the facts."""
    kt, candidate = facts.assumed, SiteStatus.CANDIDATE
    yield at(facts, "CGO", airport(facts))
    yield at(facts, "PUT", (rail_today(facts, kt("site", "put_kt")),))
    yield at(facts, "ZIP_E", land_port(facts))
    vehicles_kt = facts.capacity("ZIP_W") * kt("site", "vehicle_t") / 1000
    yield at(facts, "ZIP_W", (rail_today(facts, vehicles_kt), *terminal_tiers(facts)))
    for place in HUBS:
        today = rail_today(facts, kt("site", "small_terminal_kt"))
        yield at(facts, place, (today, *terminal_tiers(facts)))
    for place in ("ZKP_F", "ZKP_X", "LHP", "HBP"):
        yield at(facts, place, river_port(facts, place))
    first = int(kt("site", "extension_first_year"))
    yield at(facts, "LHP_N", river_port(facts, "LHP_N"), candidate, first)


def named_parks(facts: Facts) -> Iterator[Plot]:
    """Yield the bonded zones, markets, cold parks and the mail hub that the facts name."""
    candidate, kt, cold = SiteStatus.CANDIDATE, facts.assumed, cold_cny_per_t(facts)
    for place in ("XZCBZ", "JKCBZ"):
        yield at(facts, place, (bonded_today(facts, place), *bonded_tiers(facts, METROPOLIS)))
    line_kt, line_cny = kt("site", "returns_tier_kt"), kt("site", "returns_cny_per_t")
    line = standing(facts, "today", {Function.RETURNS: line_kt}, line_cny)
    yield at(facts, "HBLC", (line, bonded_today(facts, "HBLC")))
    mail = split(facts, kt("site", "cpost_kt"))
    yield at(facts, "CPOST", (standing(facts, "today", mail, dry_cny_per_t(facts)),))
    yield at(facts, "GUANGWU", (market(facts),), candidate)
    yield at(facts, "MPF", cold_tiers(facts, METROPOLIS), candidate, 2030)
    for place, cold_kt in (
        ("WANB", facts.capacity("WANB") * DAYS_PER_YEAR / 1000),
        ("XXCOLD", facts.capacity("XXCOLD")),
        ("LHC", kt("site", "luohe_cold_kt")),
    ):
        per_t = facts.capital.get(place, cold)
        yield at(facts, place, (standing(facts, "today", {Function.COLD: cold_kt}, per_t),))


def bonded_today(facts: Facts, zone: str) -> Size:
    """Return the bonded floor of an existing zone."""
    kt = facts.assumed("site", f"bonded_kt:{zone}")
    return standing(facts, "bonded", {Function.BONDED: kt}, bonded_cny_per_t(facts))


def existing_parks(facts: Facts) -> Iterator[Plot]:
    """Yield each city's wholesale parks, cold stores and export sheds of today, as one site."""
    people, exports = city_shares(facts, "population"), gathered_kt(facts)
    dry_kt = base_kt(facts, "DOM_FMCG") + base_kt(facts, "DOM_EXPRESS")
    cold_kt = base_kt(facts, "DOM_FRESH")
    for city in HENAN:
        en, zh = named(facts, city)
        dry = people[city] * dry_kt * facts.assumed("site", "existing_share")
        cold = people[city] * cold_kt * facts.assumed("site", "existing_cold_share")
        sheds = exports[city] * facts.assumed("site", "existing_consolidation_share")
        sizes = (
            standing(facts, "dry", {Function.CROSS_DOCK: dry}, dry_cny_per_t(facts)),
            standing(facts, "cold", {Function.COLD: cold}, cold_cny_per_t(facts)),
            standing(facts, "sheds", {Function.CONSOLIDATION: sheds}, dry_cny_per_t(facts)),
        )
        yield Plot(
            f"PARK_{city}", f"{en} wholesale parks of today", f"{zh}现有批发市场与物流园",
            city, SiteStatus.EXISTING, sizes, old=True,
        )  # fmt: skip


def gathered_kt(facts: Facts) -> dict[str, float]:
    """Return the kilotonnes of each city's exports that must be consolidated."""
    found = dict.fromkeys(HENAN, 0.0)
    for product, kind in CLASSES.items():
        if kind.chain == (Function.CONSOLIDATION,):
            for city, share in home_shares(facts, product).items():
                found[city] += share * base_kt(facts, product)
    return found


def candidates(facts: Facts) -> Iterator[Plot]:
    """Yield the sites that may be built in the cities."""
    status = SiteStatus.CANDIDATE
    for city in HENAN:
        en, zh = named(facts, city)
        yield Plot(
            f"DC_{city}", f"{en} distribution centre", f"{zh}集散分拨中心", city, status,
            dry_tiers(facts, city),
        )  # fmt: skip
        yield Plot(
            f"COLD_{city}", f"{en} cold-chain centre", f"{zh}冷链物流中心", city, status,
            cold_tiers(facts, city),
        )  # fmt: skip
    for city in BONDED_CITIES:
        en, zh = named(facts, city)
        yield Plot(
            f"BOND_{city}", f"{en} bonded logistics centre", f"{zh}保税物流中心", city, status,
            bonded_tiers(facts, city),
        )  # fmt: skip
    for city in RETURN_CITIES:
        en, zh = named(facts, city)
        yield Plot(
            f"RET_{city}", f"{en} returns centre", f"{zh}退货中心仓", city, status,
            returns_tiers(facts),
        )  # fmt: skip
    for city in TERMINAL_CITIES:
        en, zh = named(facts, city)
        yield Plot(
            f"RAIL_{city}", f"{en} container terminal", f"{zh}铁路集装箱场站", city, status,
            terminal_tiers(facts),
        )  # fmt: skip


def site_rows(facts: Facts) -> SiteRows:
    """Return the rows of the four site tables."""
    return rows_of(facts, plots(facts))


def rows_of(facts: Facts, found: Iterable[Plot]) -> SiteRows:
    """Return the rows of the four site tables for some sites."""
    sites, handling, modules, capacities = [], [], [], []
    for plot in found:
        sites.append(
            Site(plot.id, plot.name_en, plot.name_zh, plot.place, plot.status, plot.earliest)
        )
        handling += [handled(facts, plot, function) for function in plot.functions]
        for size in plot.sizes:
            modules.append(
                Module(
                    plot.id, size.name, round(size.build_cny, -4), round(size.running_cny, -3),
                    size.life, size.built, size.most,
                )
            )  # fmt: skip
            capacities += [
                Capacity(plot.id, size.name, function, round(kt * 1000, -2))
                for function, kt in size.kt.items()
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
