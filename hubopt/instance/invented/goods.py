"""The goods of an invented instance, and its demand: drawn at random, none of it is data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubopt.instance.invented.draws import Draws, Weighted
from hubopt.instance.invented.ground import REGIONS
from hubopt.instance.rows import Demand, Product
from hubopt.vocabulary import Cargo, Function, Mode, Temperature

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hubopt.instance.invented.ground import Ground
    from hubopt.instance.invented.wanted import Wanted

STREAM = 1
YEAR = 2025
ROAD, RAIL, AIR, SEA = Mode.ROAD_DIESEL, Mode.RAIL, Mode.AIR, Mode.SEA
LIMITED_PERCENT = 60
"""So many of a hundred shipments have a delivery limit, where their goods have one."""

SPREAD_PERCENT = 50, 150
"""Tonnes lie between these shares of what the weights of both ends ask for."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A product, its share of all shipments, its typical tonnes, and its limits in hours.

    `trade` is 0 for goods between cities, 1 for exports, -1 for imports.
    """

    product: Product
    share: int
    tonnes: int
    latest_h: tuple[int, int] | None
    trade: int = 0


def product(
    ident: str,
    names: tuple[str, str],
    value: float,
    day: float,
    chain: tuple[Function, ...],
    modes: tuple[Mode, ...],
    unserved: float,
    *,
    temperature: Temperature = Temperature.AMBIENT,
    cargo: Cargo = Cargo.CONTAINER,
) -> Product:
    """Return a product: money in CNY per tonne, `day` the share of the value lost in a day."""
    duty = 0.05 if SEA in modes or AIR in modes else 0.0
    return Product(
        ident, *names, value, day, temperature, duty, chain, frozenset(modes), 1.0, 1.0, unserved,
        cargo,
    )  # fmt: skip


CENTRE, BONDED, COLD = Function.CONSOLIDATION, Function.BONDED, Function.COLD
KINDS = (
    Kind(product("DAILY", ("daily goods", "日用品"), 15_000.0, 0.003, (CENTRE,),
                 (ROAD, RAIL), 6_000.0), 34, 4_000, (48, 96)),
    Kind(product("FRESH", ("fresh food", "生鲜"), 20_000.0, 0.01, (COLD,), (ROAD,), 9_000.0,
                 temperature=Temperature.CHILLED, cargo=Cargo.REEFER), 18, 1_500, (36, 72)),
    Kind(product("BULK", ("bulk goods", "散货"), 3_000.0, 0.0005, (), (ROAD, RAIL), 3_000.0,
                 cargo=Cargo.BULK), 14, 9_000, None),
    Kind(product("MACHINES", ("machines", "机械设备"), 60_000.0, 0.002, (CENTRE,),
                 (ROAD, RAIL, SEA), 40_000.0), 14, 2_500, (1_400, 2_000), 1),
    Kind(product("PHONES", ("phones", "手机"), 2_000_000.0, 0.012, (BONDED,), (ROAD, RAIL, AIR),
                 400_000.0), 8, 60, (144, 240), 1),
    Kind(product("IMPORTS", ("consumer imports", "消费品进口"), 90_000.0, 0.003, (BONDED, CENTRE),
                 (ROAD, AIR, SEA), 60_000.0), 12, 700, (1_400, 2_000), -1),
)  # fmt: skip
"""The goods; those of the last kind are handled twice, in this order."""


def demand_of(wanted: Wanted, ground: Ground) -> Iterator[Demand]:
    """Yield the shipments; the first of a larger instance are those of a smaller one."""
    draws = Draws(wanted.seed, STREAM)
    kinds = Weighted([kind.share for kind in KINDS])
    ends = Weighted([city.weight for city in ground.cities])
    abroad = Weighted([region.weight for region in REGIONS])
    for number in range(1, wanted.shipments + 1):
        kind = KINDS[kinds.draw(draws)]
        here, there = two_cities(draws, ends)
        city, far = ground.cities[here], REGIONS[abroad.draw(draws)]
        other, weight = (
            (far.id, far.weight) if kind.trade
            else (ground.cities[there].id, ground.cities[there].weight)
        )  # fmt: skip
        tonnes = max(1, kind.tonnes * (4 + city.weight + weight) // 10)
        tonnes = max(1, tonnes * draws.whole(*SPREAD_PERCENT) // 100)
        limited = draws.whole(1, 100) <= LIMITED_PERCENT
        latest = draws.whole(*(kind.latest_h or (0, 0)))
        origin, destination = (other, city.id) if kind.trade < 0 else (city.id, other)
        yield Demand(
            f"invented-{number:07}", origin, destination, kind.product.id, YEAR, float(tonnes),
            float(latest) if limited and kind.latest_h else None,
        )  # fmt: skip


def two_cities(draws: Draws, ends: Weighted) -> tuple[int, int]:
    """Return two different cities, by weight."""
    here = ends.draw(draws)
    there = here
    while there == here:
        there = ends.draw(draws)
    return here, there


def tonnes_through(demand: Sequence[Demand]) -> dict[Function, int]:
    """Return the tonnes a year that need each function."""
    chain = {kind.product.id: kind.product.chain for kind in KINDS}
    found = dict.fromkeys((CENTRE, BONDED, COLD), 0)
    for one in demand:
        for function in chain[one.product]:
            found[function] += int(one.demand_t_per_year)
    return found
