"""Demand to the kilogram, and every capacity."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from hubopt.plan import sentences
from hubopt.plan.figures import grouped
from hubopt.plan.pricing import demand_kg, total
from hubopt.units import KG_PER_T

if TYPE_CHECKING:
    from collections.abc import Iterable
    from fractions import Fraction

    from hubopt.instance.tables import Instance
    from hubopt.plan.capacity import Capacities
    from hubopt.plan.plan import Flow, Plan
    from hubopt.plan.pricing import Key, Pricer
    from hubopt.plan.report import Book

CAPACITY_CHECK = {
    "pool": "site_capacity",
    "link": "link_capacity",
    "transfer": "transfer_capacity",
    "leg": "service_capacity",
}


def check_demand(book: Book, instance: Instance, plan: Plan) -> None:
    """Check that each shipment's flows and unserved tonnes are its demand, to the kilogram."""
    planned: dict[str, int] = defaultdict(int)
    for flow in plan.flows:
        planned[flow.shipment] += flow.kg_per_year
    for left in plan.unserved:
        planned[left.shipment] += left.kg_per_year
    for shipment in instance.demand:
        said, found = planned[shipment.id], demand_kg(shipment)
        book.same("demand_met", shipment.id, sentences.DEMAND, said=said, found=found)


def check_capacities(
    book: Book, instance: Instance, pricer: Pricer, capacities: Capacities, flows: Iterable[Flow]
) -> None:
    """Check pools, links, transfers and service legs against what the flows use of them.

    A pool of a site where nothing stands is not open; only of one that stands the size matters.
    """
    for (key, stage), kg in used_kg(instance, pricer, flows).items():
        where = (label(instance, key), stage)
        if key[0] == "pool":
            stands = capacities.stands(str(key[1]), stage) or kg == 0
            book.note("site_open_for_flow", where, sentences.NOT_OPEN, holds=stands, said=kg)
            if not stands:
                continue
        most = capacities.of(key, stage)
        most_kg = None if most is None else most * KG_PER_T
        book.note(
            CAPACITY_CHECK[str(key[0])],
            where,
            sentences.OVER_CAPACITY,
            holds=most_kg is None or kg <= most_kg,
            said=kg,
            found=most_kg,
        )


def used_kg(
    instance: Instance, pricer: Pricer, flows: Iterable[Flow]
) -> dict[tuple[Key, int], Fraction]:
    """Return what all flows take of each limited thing in each stage, in kg of its capacity."""
    uses: dict[tuple[Key, int], list[tuple[int, Fraction]]] = defaultdict(list)
    for (stage, product, _), group in grouped(instance, pricer, flows).items():
        for step, kg in group.steps.items():
            for key, share in pricer.uses(product, (step,)).items():
                uses[key, stage].append((kg, share))
    return {key: total(parts) for key, parts in uses.items()}


def label(instance: Instance, key: Key) -> tuple[str, ...]:
    """Return the name of a limited thing."""
    if key[0] == "link":
        link = instance.links[int(key[1])]
        return f"{link.from_place}-{link.to_place}", link.mode
    if key[0] == "transfer":
        row = instance.transfers[int(key[1])]
        return row.place, f"{row.from_mode}>{row.to_mode}"
    return tuple(str(part) for part in key[1:])
