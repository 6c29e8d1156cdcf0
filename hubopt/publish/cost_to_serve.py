"""The table of what it costs to serve each shipment, by term, and what it gets for that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.publish.sharing import Sharing, whole_fen
from hubopt.publish.spread import Sheet
from hubopt.units import FEN_PER_CNY, KG_PER_T
from hubopt.vocabulary import CostTerm

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hubopt.publish.figures import Figures
    from hubopt.publish.sharing import Served
    from hubopt.publish.spread import Cell

UNUSED = "sites and departures that no freight uses"

COLUMNS = (
    "stage", "shipment", "product", "origin", "origin_name_en", "origin_name_zh", "destination",
    "destination_name_en", "destination_name_zh", "demand_t_per_year", "served_t_per_year",
    "unserved_t_per_year", *(f"{term.value}_cny_per_year" for term in CostTerm),
    "total_cny_per_year", "total_cny_per_t", "average_time_h", "latest_time_h",
    "share_within_latest_time", "co2e_wtw_kg_per_t", "note",
)  # fmt: skip


def cost_to_serve(figures: Figures) -> Sheet:
    """Return each shipment's part of every cost term; what nobody uses stands last in its stage."""
    sharing = Sharing(figures)
    money = whole_fen(sharing)
    keys = sorted(sharing.served, key=lambda key: (key[0], not key[1], key[1]))
    return Sheet(
        "cost_to_serve",
        COLUMNS,
        tuple(
            line(figures, shipment, sharing.served[stage, shipment], money[stage, shipment])
            if shipment
            else nobody(stage, money[stage, shipment])
            for stage, shipment in keys
        ),
    )


def line(
    figures: Figures, ident: str, served: Served, money: Mapping[CostTerm, int]
) -> tuple[Cell, ...]:
    """Return the row of a shipment."""
    row, place = figures.instance.shipment[ident], figures.instance.place
    origin, destination = place[row.origin], place[row.destination]
    total, kg = sum(money.values()), served.kg + served.left_kg
    timed = row.latest_h is not None and kg > 0
    return (
        row.stage, ident, row.product, row.origin, origin.name_en, origin.name_zh, row.destination,
        destination.name_en, destination.name_zh, row.demand_t_per_year, served.kg / KG_PER_T,
        served.left_kg / KG_PER_T, *paid(money), total / FEN_PER_CNY,
        total / FEN_PER_CNY / (kg / KG_PER_T) if kg else None,
        served.kg_h / served.kg if served.kg else None, row.latest_h,
        served.kg_in_time / kg if timed else None,
        served.wtw_kg / served.kg * KG_PER_T if served.kg else None, "",
    )  # fmt: skip


def nobody(stage: int, money: Mapping[CostTerm, int]) -> tuple[Cell, ...]:
    """Return the row of what no freight uses."""
    blank = (None,) * (len(COLUMNS) - len(CostTerm) - 3)
    before, after = COLUMNS.index("building_cny_per_year"), COLUMNS.index("total_cny_per_t")
    total = sum(money.values()) / FEN_PER_CNY
    gaps = (blank[: before - 1], blank[: len(COLUMNS) - after - 1])
    return stage, *gaps[0], *paid(money), total, *gaps[1], UNUSED


def paid(money: Mapping[CostTerm, int]) -> tuple[float, ...]:
    """Return amounts in CNY, term by term."""
    return tuple(money[term] / FEN_PER_CNY for term in CostTerm)
