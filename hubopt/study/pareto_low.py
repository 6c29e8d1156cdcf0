"""The least CO2e that a plan's freight can be carried with: an instance in which only that counts.

Moving, handling and waiting cost nothing there, and carbon as much as a checked instance may say.
What stands still costs, since budgets count it: a tonne that only a site of more than `PRICE` would
save is not saved. In `zhengzhou-mini` that leaves 0.02 % of the CO2e, in small examples more.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hubopt.plan.pricing import Pricer
from hubopt.units import KG_PER_T

if TYPE_CHECKING:
    from hubopt.instance.tables import Instance
    from hubopt.plan.plan import Plan

PRICE = 1e5
"""CNY per tonne of CO2e, the most that a checked instance may say."""


def greenest(instance: Instance, base: Plan) -> Instance:
    """Return an instance in which CO2e is what counts, with the freight that a plan carries.

    Emitting less by leaving freight behind is no answer: that costs more than all the CO2e that a
    tonne is the cause of in the plan.
    """
    free = without_costs(instance)
    pricer, most = Pricer(instance), 0.0
    served: dict[str, int] = {}
    for flow in base.flows:
        per_t = pricer.price(instance.shipment[flow.shipment], flow.steps).wtw_kg_per_t
        most = max(most, float(per_t) / KG_PER_T)
        served[flow.shipment] = served.get(flow.shipment, 0) + flow.kg_per_year
    return replace(
        free,
        settings=replace(free.settings, carbon_price_cny_per_t=PRICE),
        products=tuple(
            replace(p, unserved_cost_cny_per_t=round(p.unserved_cost_cny_per_t + PRICE * most))
            for p in free.products
        ),
        demand=tuple(
            replace(row, demand_t_per_year=served[row.id] / KG_PER_T)
            for row in instance.demand
            if served.get(row.id)
        ),
    )


def without_costs(instance: Instance) -> Instance:
    """Return an instance in which sites, carbon and what stays behind are all that costs."""
    return replace(
        instance,
        links=tuple(replace(x, cost_cny_per_t=0.0) for x in instance.links),
        services=tuple(
            replace(x, cost_cny_per_departure=0.0, empty_cost_cny_per_departure=0.0)
            for x in instance.services
        ),
        handling=tuple(
            replace(x, cost_cny_per_t=0.0, cost_cny_per_parcel=0.0) for x in instance.handling
        ),
        transfers=tuple(replace(x, cost_cny_per_t=0.0) for x in instance.transfers),
        customs=tuple(replace(x, cost_cny_per_t=0.0) for x in instance.customs),
        vehicles=tuple(replace(x, insurance_share_per_1000km=0.0) for x in instance.vehicles),
        products=tuple(
            replace(
                x, time_cost_share_per_day=0.0, duty_share=0.0, spoilage_share_per_day=0.0,
                finance_share=0.0,
            )
            for x in instance.products
        ),
    )  # fmt: skip
