"""The products: what a tonne is worth, what it must pass and what may carry it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubopt.instance.tables import Product
from hubopt.reference.facts import Facts
from hubopt.vocabulary import TRUCKS, Cargo, Function, Mode, Temperature

if TYPE_CHECKING:
    from collections.abc import Iterator

CONSOLIDATION, CROSS_DOCK = (Function.CONSOLIDATION,), (Function.CROSS_DOCK,)
BONDED, COLD, RETURNS = (Function.BONDED,), (Function.COLD,), (Function.RETURNS,)
NOTHING: tuple[Function, ...] = ()
AIR, RAIL, SEA, BARGE = Mode.AIR, Mode.RAIL, Mode.SEA, Mode.BARGE


@dataclass(frozen=True, slots=True)
class Class:
    """What the facts say in words of a product: its chain, modes, growth and who is at its ends.

    `flow` is export, import, both, hinterland_export, hinterland_import, domestic_out, returns,
    consumer or express; `weight` is the city figure that stands in where no share is given.
    """

    chain: tuple[Function, ...]
    modes: tuple[Mode, ...]
    growth: str
    flow: str
    weight: str = "trade"
    temperature: Temperature = Temperature.AMBIENT
    names: tuple[str, str] = ("", "")
    cargo: Cargo = Cargo.CONTAINER


CHILLED, FROZEN = Temperature.CHILLED, Temperature.FROZEN
CLASSES = {
    "PHONE_X": Class(BONDED, (AIR, RAIL), "air", "export"),
    "IC_M": Class(BONDED, (AIR,), "air", "import"),
    "AV_M": Class(NOTHING, (AIR, RAIL, SEA), "air", "import"),
    "AUTO_X": Class(NOTHING, (RAIL, SEA), "auto", "export"),
    "MACH_X": Class(NOTHING, (RAIL, SEA, BARGE), "trade", "export"),
    "ALU_X": Class(NOTHING, (RAIL, SEA, BARGE), "trade", "export"),
    "HAIR_X": Class(CONSOLIDATION, (AIR, RAIL, SEA), "trade", "export"),
    "LABOR_X": Class(CONSOLIDATION, (RAIL, SEA, BARGE), "trade", "export", "gdp"),
    "AGRI_X": Class(COLD, (RAIL, SEA, BARGE), "trade", "export", temperature=CHILLED),
    "ORE_M": Class(NOTHING, (RAIL, SEA), "trade", "import", cargo=Cargo.BULK),
    "FRUIT_M": Class(
        COLD, (AIR, RAIL, SEA), "ecommerce", "import", "population", temperature=CHILLED
    ),
    "PHARMA": Class(COLD, (AIR, RAIL), "air", "both", temperature=CHILLED),
    "CBEC_M": Class(
        (Function.BONDED, Function.CROSS_DOCK), (AIR, RAIL, SEA), "ecommerce", "import",
        "population",
    ),
    "CBEC_X": Class(CONSOLIDATION, (AIR, RAIL, SEA), "ecommerce", "export"),
    "RETURNS": Class(RETURNS, (AIR, RAIL, SEA), "ecommerce", "returns", "population"),
    "CRE_MIX_X": Class(NOTHING, (RAIL, SEA), "rail", "hinterland_export"),
    "CRE_MIX_M": Class(
        NOTHING, (RAIL, SEA), "rail", "hinterland_import",
        names=("CR Express eastbound mix", "中欧班列回程混合货"),
    ),
    "AIR_MIX_X": Class(
        NOTHING, (AIR,), "air", "hinterland_export",
        names=("air freight of the hinterland, outbound", "腹地出口空运货物"),
    ),
    "AIR_MIX_M": Class(
        NOTHING, (AIR,), "air", "hinterland_import",
        names=("air freight of the hinterland, inbound", "腹地进口空运货物"),
    ),
    "GRAIN_D": Class(
        NOTHING, (RAIL, SEA, BARGE), "bulk", "domestic_out", names=("grain", "粮食"),
        cargo=Cargo.BULK,
    ),
    "COAL_D": Class(
        NOTHING, (RAIL, BARGE), "bulk", "domestic_out", names=("coal", "煤炭"), cargo=Cargo.BULK
    ),
    "BUILD_D": Class(
        NOTHING, (RAIL, BARGE), "bulk", "domestic_out", names=("building materials", "建材"),
        cargo=Cargo.BULK,
    ),
    "DOM_FMCG": Class(CROSS_DOCK, (RAIL,), "domestic", "consumer", "gdp"),
    "DOM_FRESH": Class(COLD, (RAIL,), "domestic", "consumer", "population", temperature=FROZEN),
    "DOM_EXPRESS": Class(CROSS_DOCK, (AIR, RAIL), "express", "express", "population"),
}  # fmt: skip
"""All products, by id."""


def products(facts: Facts) -> Iterator[Product]:
    """Yield all products."""
    for ident, kind in CLASSES.items():
        known = facts.commodities.get(ident)
        names = kind.names if known is None else (known.name_en, known.name_zh)
        yield Product(
            id=ident,
            name_en=names[0],
            name_zh=names[1],
            value_cny_per_t=value_cny_per_t(facts, ident),
            time_cost_share_per_day=time_cost_share(facts, ident),
            temperature=kind.temperature,
            duty_share=facts.assumed("product", f"{ident}:duty", 0.0),
            chain=kind.chain,
            modes=TRUCKS | frozenset(kind.modes),
            cost_factor=facts.assumed("product", f"{ident}:cost_factor"),
            emission_factor=facts.assumed("product", f"{ident}:emission_factor"),
            unserved_cost_cny_per_t=facts.assumed("product", f"{ident}:unserved"),
            cargo=kind.cargo,
            space_factor=space_factor(facts, ident),
        )


def value_cny_per_t(facts: Facts, ident: str) -> float:
    """Return the value of a tonne."""
    known = facts.commodities.get(ident)
    if known is None:
        return facts.assumed("extra_value", ident)
    return known.value_cny_per_kg * 1000


def time_cost_share(facts: Facts, ident: str) -> float:
    """Return the share of its value that a day in transit costs."""
    known = facts.commodities.get(ident)
    if known is None:
        return facts.assumed("extra_time_cost", ident) / 100
    return round(known.time_cost_percent_per_day / 100, 6)


def space_factor(facts: Facts, ident: str) -> float:
    """Return how much payload a tonne takes; in a base year against the boxes of that year.

    The general factors of goods that go by train are against 895 t on 50 boxes; an average that
    is lighter holds part of their lightness already.
    """
    usual = facts.assumed("product", f"{ident}:space_factor", 1.0)
    if facts.year is None or AIR in CLASSES[ident].modes:
        return usual
    heavy = Facts(facts.data)
    ratio = train_t_per_feu(facts) / train_t_per_feu(heavy)
    return round(max(1.0, usual * ratio), 2)


def train_t_per_feu(facts: Facts) -> float:
    """Return the tonnes on each of the boxes that a train could take."""
    return facts.parameter("cre", "observed load") / facts.parameter("cre", "train size")
