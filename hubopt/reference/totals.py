"""Tonnes a year of each product in the whole instance, by stage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.reference.pools import POOLS, pool_kt
from hubopt.reference.products import CLASSES

if TYPE_CHECKING:
    from hubopt.reference.facts import Facts

STAGES = (2025, 2030, 2035)
T_PER_KT = 1000


def stages(facts: Facts) -> tuple[int, ...]:
    """Return the first years of the stages: the base year alone if the facts are of one."""
    return STAGES if facts.year is None else (facts.year,)


def base_kt(facts: Facts, product: str) -> float:
    """Return the base-year kilotonnes of a product, before growth.

    Fact where there is one, assumption elsewhere. Parcels of cross-border e-commerce are a part of
    the other exports, so what travels as parcels is taken from the labour-intensive goods.
    """
    if facts.year is not None and product in POOLS:
        return pool_kt(facts, product)
    if product == "RETURNS":
        bonded = known_kt(facts, "CBEC_M") * facts.assumed("demand", "return_rate_import")
        return bonded + parcels_kt(facts) * facts.assumed("demand", "return_rate_export")
    if product == "CBEC_X":
        return parcels_kt(facts)
    if product == "LABOR_X":
        return known_kt(facts, product) - parcels_kt(facts)
    assumed = facts.assumed.optional("total_kt", product)
    return known_kt(facts, product) if assumed is None else assumed


def known_kt(facts: Facts, product: str) -> float:
    """Return the kilotonnes that the facts give."""
    if ("total_kt", product) in facts.of_year:
        return facts.known("total_kt", product)
    kt = facts.assumed.optional("total_kt", product) or facts.commodities[product].kt_per_year
    if kt is None:
        message = f"the facts give no tonnes for {product}; add total_kt to the assumptions"
        raise ValueError(message)
    return kt


def parcels_kt(facts: Facts) -> float:
    """Return the kilotonnes of e-commerce exports that travel as parcels."""
    return known_kt(facts, "CBEC_X") * facts.assumed("demand", "cbec_parcel_share")


def total_t(facts: Facts, product: str, stage: int) -> int:
    """Return the tonnes a year of a product in a stage, whole."""
    key = f"{CLASSES[product].growth}:{stage}"
    growth = facts.assumed("growth", key, None if facts.year is None else 1.0)
    return round(base_kt(facts, product) * growth * T_PER_KT)
