"""Figures of a comparison that rest on the sums behind the tables: utilisation, cost to serve."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from hubopt.publish.figures import Figures
from hubopt.publish.sharing import Sharing, whole_fen
from hubopt.publish.utilisation import use_rows
from hubopt.study.compare_facts import TOGETHER, Key, Topic
from hubopt.study.compare_things import thing
from hubopt.units import FEN_PER_CNY, KG_PER_T

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hubopt.instance.tables import Demand, Instance
    from hubopt.plan.plan import Plan

DECIMALS = 9


def more_figures(instance: Instance, plan: Plan) -> Mapping[Key, float]:
    """Return the use of every limited capacity, and what it costs to serve products and cities."""
    figures = Figures(instance, plan)
    return {**dict(utilisation(figures)), **dict(served(figures))}


def utilisation(figures: Figures) -> Iterator[tuple[Key, float]]:
    """Yield the share of each capacity that is taken at its peak."""
    for use in use_rows(figures):
        if use.capacity_t:
            share = use.kg / KG_PER_T / use.capacity_t
            name = thing(use.kind, use.where, use.what, use.mode, use.service)
            yield Key(Topic.UTILISATION, use.stage, name), round(share, DECIMALS)


def served(figures: Figures) -> Iterator[tuple[Key, float]]:
    """Yield what a tonne costs, CNY: of each product, of each city, and of all.

    The last is with what nobody uses.
    """
    sharing = Sharing(figures)
    money = whole_fen(sharing)
    fen: defaultdict[Key, int] = defaultdict(int)
    kg: defaultdict[Key, int] = defaultdict(int)
    for (stage, shipment), row in sharing.served.items():
        keys = [Key(Topic.COST_TO_SERVE, stage, TOGETHER)]
        if shipment:
            demand = figures.instance.shipment[shipment]
            keys.append(Key(Topic.COST_TO_SERVE, stage, demand.product))
            city = city_of(figures.instance, demand)
            keys += [Key(Topic.COST_TO_SERVE_CITY, stage, city)] if city else []
        for key in keys:
            fen[key] += sum(money[stage, shipment].values())
            kg[key] += row.kg + row.left_kg
    for key, mass in kg.items():
        if mass:
            yield key, fen[key] / FEN_PER_CNY / (mass / KG_PER_T)


def city_of(instance: Instance, shipment: Demand) -> str | None:
    """Return the place at home that is served: where freight goes, or comes from if it leaves."""
    home = instance.settings.home_country
    ends = (shipment.destination, shipment.origin)
    return next((end for end in ends if instance.place[end].country == home), None)
