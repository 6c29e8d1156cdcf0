"""Goods and shipments beyond the base years: spoilage, parcels, peaks, promises, large shops."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hubopt.reference.chosen import SHOPS
from hubopt.reference.products import CLASSES
from hubopt.vocabulary import Cargo, Temperature

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hubopt.instance.tables import Demand, Product
    from hubopt.reference.facts import Facts

AT_HOME = frozenset({"consumer", "express", "domestic_out"})
"""Flows that do not cross the border."""

GROUPS = {
    "electronics": ("PHONE_X", "IC_M", "AV_M"),
    "air_freight": ("AIR_MIX_X", "AIR_MIX_M"),
    "train_freight": ("CRE_MIX_X", "CRE_MIX_M"),
    "industry": ("AUTO_X", "MACH_X", "ALU_X", "LABOR_X"),
    "fresh": ("AGRI_X", "FRUIT_M", "PHARMA"),
    "ecommerce": ("CBEC_M", "CBEC_X", "RETURNS", "HAIR_X"),
    "bulk": ("ORE_M", "GRAIN_D", "COAL_D", "BUILD_D"),
    "groceries": ("DOM_FMCG", "DOM_FRESH"),
    "parcels": ("DOM_EXPRESS",),
}
"""Groups of products that limits may name."""

BY_PARCEL = frozenset({"CBEC_M", "CBEC_X", "RETURNS"})
SOLD_IN_SHOPS = frozenset({"DOM_FMCG", "DOM_FRESH"})
ONE_STORE = frozenset({"PHARMA"})
"""Medicine is handled at one qualified store."""

CLEARED_AT = {"RETURNS": "zhengzhou"}
"""Customs district in which returned goods had come in."""


def valued(facts: Facts, product: Product) -> Product:
    """Return a product with its group, parcels, peak, spoilage, finance and cooling.

    What a day costs stays the same; a part of it is loss of substance.
    """
    assumed, day = facts.assumed, product.time_cost_share_per_day
    cooled = product.temperature is not Temperature.AMBIENT
    spoils = round(day * assumed("spoilage", product.id, 0.0), 5)
    abroad = CLASSES[product.id].flow not in AT_HOME
    return replace(
        product,
        group=next(group for group, members in GROUPS.items() if product.id in members),
        cargo=Cargo.REEFER if cooled else product.cargo,
        time_cost_share_per_day=round(day - spoils, 5),
        spoilage_share_per_day=spoils,
        finance_share=assumed("finance", "share") if abroad else 0.0,
        parcels_per_t=round(1000 / assumed("parcel", "kg")) if product.id in BY_PARCEL else 0.0,
        peak_factor=assumed("peak", product.id, 1.0),
    )


def shipped(facts: Facts, rows: Iterable[Demand]) -> Iterator[Demand]:
    """Yield the shipments, with promises, and a part of what a city buys on to its shops."""
    for row in rows:
        promised = facts.assumed.optional("promised", row.product)
        late = promised is None or (row.latest_h or promised) < promised
        known = replace(
            row,
            promised_h=None if late else promised,
            single_source=row.product in ONE_STORE,
            district=CLEARED_AT.get(row.product),
        )
        yield from to_shop(facts, known)


def to_shop(facts: Facts, row: Demand) -> Iterator[Demand]:
    """Yield a shipment; if its city has large shops, these get their part, in whole tonnes."""
    shop = SHOPS.get(row.destination) if row.product in SOLD_IN_SHOPS else None
    if shop is None:
        yield row
        return
    part = float(round(row.demand_t_per_year * facts.assumed("retail", shop)))
    yield replace(row, demand_t_per_year=row.demand_t_per_year - part)
    if part:
        name = f"{row.product}_{row.origin}_{shop}_{row.stage}"
        yield replace(row, id=name, destination=shop, demand_t_per_year=part)
