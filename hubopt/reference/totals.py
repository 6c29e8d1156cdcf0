"""Tonnes a year of each product in the whole instance, by stage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.reference.products import CLASSES

if TYPE_CHECKING:
    from hubopt.reference.facts import Facts

STAGES = (2025, 2030, 2035)
T_PER_KT = 1000


def base_kt(facts: Facts, product: str) -> float:
    """Return the base-year kilotonnes of a product, before growth.

    Fact where there is one, assumption elsewhere. Parcels of cross-border e-commerce are a part of
    the other exports, so what travels as parcels is taken from the labour-intensive goods.
    """
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
    kt = facts.commodities[product].kt_per_year
    if kt is None:
        message = f"the facts give no tonnes for {product}; add total_kt to the assumptions"
        raise ValueError(message)
    return kt


def parcels_kt(facts: Facts) -> float:
    """Return the kilotonnes of e-commerce exports that travel as parcels."""
    return known_kt(facts, "CBEC_X") * facts.assumed("demand", "cbec_parcel_share")


def total_t(facts: Facts, product: str, stage: int) -> int:
    """Return the tonnes a year of a product in a stage, whole."""
    growth = facts.assumed("growth", f"{CLASSES[product].growth}:{stage}")
    return round(base_kt(facts, product) * growth * T_PER_KT)
