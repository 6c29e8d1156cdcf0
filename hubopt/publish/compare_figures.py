"""Figures of a comparison that rest on the sums behind the tables: utilisation, cost to serve."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from hubopt.publish.figures import Figures
from hubopt.publish.sharing import Sharing, whole_fen
from hubopt.publish.utilisation import use_rows
from hubopt.study.compare_facts import TOGETHER, Key, Topic
from hubopt.units import FEN_PER_CNY, KG_PER_T

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hubopt.instance.tables import Instance
    from hubopt.plan.plan import Plan
    from hubopt.publish.utilisation import Use

DECIMALS = 9


def more_figures(instance: Instance, plan: Plan) -> Mapping[Key, float]:
    """Return the use of every limited capacity, and what it costs to serve each product."""
    figures = Figures(instance, plan)
    return {**dict(utilisation(figures)), **dict(served(figures))}


def utilisation(figures: Figures) -> Iterator[tuple[Key, float]]:
    """Yield the share of each capacity that is taken at its peak."""
    for use in use_rows(figures):
        if use.capacity_t:
            share = use.kg / KG_PER_T / use.capacity_t
            yield Key(Topic.UTILISATION, use.stage, thing(use)), round(share, DECIMALS)


def thing(use: Use) -> str:
    """Return what has the capacity, as a text that is its own among all."""
    ends = (use.where, use.what)
    parts = {
        "site": ("site", *ends),
        "link": ("link", " > ".join(ends), use.mode),
        "transfer": ("transfer", use.where, use.mode),
        "service_leg": ("service", use.service, " > ".join(ends)),
    }
    return " ".join(parts[use.kind])


def served(figures: Figures) -> Iterator[tuple[Key, float]]:
    """Yield what a tonne of each product's demand costs, CNY, and of all with what nobody uses."""
    sharing = Sharing(figures)
    money = whole_fen(sharing)
    fen: defaultdict[tuple[int, str], int] = defaultdict(int)
    kg: defaultdict[tuple[int, str], int] = defaultdict(int)
    for (stage, shipment), row in sharing.served.items():
        items = [TOGETHER]
        if shipment:
            items.append(figures.instance.shipment[shipment].product)
        for item in items:
            fen[stage, item] += sum(money[stage, shipment].values())
            kg[stage, item] += row.kg + row.left_kg
    for (stage, item), mass in kg.items():
        if mass:
            yield (
                Key(Topic.COST_TO_SERVE, stage, item),
                fen[stage, item] / FEN_PER_CNY / (mass / KG_PER_T),
            )
