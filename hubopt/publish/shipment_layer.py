"""The layer of shipments, for exports: what each gets and costs; its rows add up to the plan."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from typing import TYPE_CHECKING

from hubopt.plan.figures import whole
from hubopt.publish.cost_to_serve import UNUSED
from hubopt.publish.layer import Layer, Shape, many_lines
from hubopt.publish.sharing import Sharing, whole_fen
from hubopt.publish.tables import tonnes
from hubopt.units import FEN_PER_CNY, KG_PER_T

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shapely.geometry.base import BaseGeometry

    from hubopt.publish.figures import Figures
    from hubopt.publish.layer import Value
    from hubopt.publish.lines import Lines

FIELDS = {
    "scenario": str, "stage": int, "shipment": str, "product": str, "origin": str,
    "origin_name_en": str, "origin_name_zh": str, "destination": str, "destination_name_en": str,
    "destination_name_zh": str, "served_t_per_year": float, "unserved_t_per_year": float,
    "cost_cny_per_year": float, "co2e_wtw_kg_per_year": float, "co2e_ttw_kg_per_year": float,
    "note": str,
}  # fmt: skip

Key = tuple[int, str]
"""A stage and a shipment; a blank one stands for what no freight uses."""


def shipments(figures: Figures, lines: Lines) -> Layer:
    """Return every shipment as a desire line; what nobody uses stands in a row without a line."""
    sharing = Sharing(figures)
    money = {key: sum(terms.values()) for key, terms in whole_fen(sharing).items()}
    emitted = emissions(figures)
    keys = sorted(money, key=lambda key: (key[0], not key[1], key[1]))
    rows, geometry = [], []
    for key in keys:
        served, wtw_ttw = sharing.served[key], emitted.get(key, (0, 0))
        amounts = (tonnes(served.kg), tonnes(served.left_kg), money[key] / FEN_PER_CNY, *wtw_ttw)
        rows.append((figures.plan.scenario, *ends(figures, key), *amounts,
                     "" if key[1] else UNUSED))  # fmt: skip
        geometry.append(desire(figures, lines, key[1]) if key[1] else None)
    note = "Cost shared by use, as in tables/cost_to_serve.csv; the rows add up to the plan."
    return Layer("shipments", Shape.LINES, FIELDS, tuple(rows), tuple(geometry), note)


def desire(figures: Figures, lines: Lines, shipment: str) -> BaseGeometry:
    """Return the great circle from origin to destination."""
    row = figures.instance.shipment[shipment]
    return many_lines(lines.desire(row.origin, row.destination))


def ends(figures: Figures, key: Key) -> tuple[Value, ...]:
    """Return stage, shipment and product with origin and destination, blanks for nobody."""
    stage, ident = key
    if not ident:
        return stage, *("",) * 8
    row, place = figures.instance.shipment[ident], figures.instance.place
    origin, destination = place[row.origin], place[row.destination]
    return (
        stage, ident, row.product, row.origin, origin.name_en, origin.name_zh, row.destination,
        destination.name_en, destination.name_zh,
    )  # fmt: skip


def emissions(figures: Figures) -> Mapping[Key, tuple[int, int]]:
    """Return whole kg CO2e a year, well and tank to wheel, which add up to those of each stage."""
    exact: defaultdict[Key, list[Fraction]] = defaultdict(lambda: [Fraction(0), Fraction(0)])
    for (shipment, flow), price in zip(figures.flows, figures.prices, strict=True):
        row = exact[shipment.stage, shipment.id]
        row[0] += price.wtw_kg_per_t * flow.kg_per_year
        row[1] += price.ttw_kg_per_t * flow.kg_per_year
    return in_whole_kg(exact)


def in_whole_kg(exact: Mapping[Key, list[Fraction]]) -> Mapping[Key, tuple[int, int]]:
    """Return kilograms in whole numbers, so rounded that the sum of each stage is right."""
    found: dict[Key, tuple[int, int]] = {}
    upto: defaultdict[int, list[Fraction]] = defaultdict(lambda: [Fraction(0), Fraction(0)])
    given: defaultdict[int, list[int]] = defaultdict(lambda: [0, 0])
    for key in sorted(exact):
        stage, parts = key[0], []
        for here in (0, 1):
            upto[stage][here] += exact[key][here]
            kg = whole(upto[stage][here] / KG_PER_T) - given[stage][here]
            given[stage][here] += kg
            parts.append(kg)
        found[key] = (parts[0], parts[1])
    return found
