"""Limits on sums of flows, recomputed: least use, sources, service, emissions, shares of modes.

A plan holds whole kilograms, so that a sum may miss a share by what a kilogram of each flow that it
counts weighs; anything more is a violation.
"""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from typing import TYPE_CHECKING

from hubopt.network.steps import Handle, Move, Ride
from hubopt.plan import sentences
from hubopt.plan.pricing import demand_kg
from hubopt.units import KG_PER_T, exact
from hubopt.vocabulary import TRUCKS, LimitKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from hubopt.instance.tables import Demand, Instance, Limit
    from hubopt.plan.plan import Flow, Plan
    from hubopt.plan.pricing import Pricer
    from hubopt.plan.report import Book
    from hubopt.plan.sentences import Sentence
    from hubopt.vocabulary import Function, Mode

ZERO = Fraction(0)


def check_limits(
    book: Book, instance: Instance, pricer: Pricer, plan: Plan, flows: Sequence[Flow]
) -> None:
    """Check every limit in force on sums of the flows whose routes are sound."""
    check_least_use(book, instance, plan, flows)
    check_sources(book, instance, flows)
    kinds: Mapping[LimitKind, Callable[[Counted], None]] = {
        LimitKind.SERVICE_LEVEL: service_level,
        LimitKind.EMISSIONS_AT_MOST: emissions_at_most,
        LimitKind.MODE_SHARE_AT_LEAST: mode_share,
        LimitKind.MODE_SHARE_AT_MOST: mode_share,
        LimitKind.DELIVERY_SHARE_AT_LEAST: delivery_share,
    }
    for limit in instance.limits_in_force:
        if limit.kind in kinds:
            kinds[limit.kind](Counted(book, instance, pricer, limit, plan, flows))


def check_least_use(book: Book, instance: Instance, plan: Plan, flows: Iterable[Flow]) -> None:
    """Check that open sites handle at least what their functions must."""
    handled: dict[tuple[str, Function, int], list[int]] = defaultdict(list)
    for flow in flows:
        for step in flow.steps:
            if isinstance(step, Handle):
                stage = instance.shipment[flow.shipment].stage
                handled[step.site, step.function, stage].append(flow.kg_per_year)
    for row in instance.handling:
        if not row.least_t_per_year:
            continue
        least = exact(row.least_t_per_year) * KG_PER_T
        for site in plan.sites:
            if site.site == row.site and any(site.modules.values()):
                loads = handled[row.site, row.function, site.stage]
                book.note(
                    "least_use", (row.site, row.function, site.stage), sentences.LITTLE_USED,
                    holds=sum(loads) + len(loads) >= least, said=sum(loads), found=least,
                )  # fmt: skip


def check_sources(book: Book, instance: Instance, flows: Iterable[Flow]) -> None:
    """Check how many sites handle each shipment, and each destination, whose sources are few."""
    alone: dict[tuple[str, Function], set[str]] = defaultdict(set)
    bound: dict[tuple[int, str, Function], set[str]] = defaultdict(set)
    most: dict[tuple[int, str, Function], Fraction] = {}
    for flow in flows:
        shipment = instance.shipment[flow.shipment]
        for step in flow.steps:
            if isinstance(step, Handle) and flow.kg_per_year:
                if shipment.single_source:
                    alone[shipment.id, step.function].add(step.site)
                for number, limit in sources_of(instance, shipment, step.function):
                    key = (number, shipment.destination, step.function)
                    bound[key].add(step.site)
                    most[key] = exact(limit.value)
    for where, sites in alone.items():
        note_sources(book, where, len(sites), Fraction(1))
    for key, sites in bound.items():
        note_sources(book, key, len(sites), most[key])


def sources_of(
    instance: Instance, shipment: Demand, function: Function
) -> Iterable[tuple[int, Limit]]:
    """Yield the limits in force on the number of sites that handle a shipment's destination."""
    for number, limit in enumerate(instance.limits, start=1):
        if (
            limit.kind is LimitKind.SINGLE_SOURCE
            and limit in instance.limits_in_force
            and limit.stage == shipment.stage
            and limit.function in {None, function}
            and shipment.product in instance.counted_goods(limit)
            and shipment.destination in instance.counted_places(limit)
        ):
            yield number, limit


def note_sources(book: Book, where: object, count: int, most: Fraction) -> None:
    """Note how many sites handle a group of shipments."""
    book.note(
        "single_source", where, sentences.TOO_MANY_SOURCES,
        holds=count <= most, said=count, found=most,
    )  # fmt: skip


class Counted:
    """The flows that one limit counts, and where to note what was found of it."""

    def __init__(
        self,
        book: Book,
        instance: Instance,
        pricer: Pricer,
        limit: Limit,
        plan: Plan,
        flows: Iterable[Flow],
    ) -> None:
        self.book, self.instance, self.pricer, self.limit = book, instance, pricer, limit
        goods, places = instance.counted_goods(limit), instance.counted_places(limit)
        self.shipments = {
            s.id: s
            for s in instance.demand
            if s.stage == limit.stage and s.product in goods and s.destination in places
        }
        self.flows = [flow for flow in flows if flow.shipment in self.shipments]
        self.left = [left for left in plan.unserved if left.shipment in self.shipments]

    def note(self, sentence: Sentence, *, holds: bool, said: object, found: object) -> None:
        """Note whether the limit holds."""
        limit = self.limit
        parts = (limit.goods, limit.area, limit.mode, limit.policy)
        where = (limit.kind, limit.stage, *(part for part in parts if part is not None))
        self.book.note(limit.kind.value, where, sentence, holds=holds, said=said, found=found)


def service_level(counted: Counted) -> None:
    """Check what is late or stays behind of the freight with a promise."""
    promised = {i: s for i, s in counted.shipments.items() if s.promised_h is not None}
    demand = sum(demand_kg(shipment) for shipment in promised.values())
    missed, room = 0, 0
    for flow in counted.flows:
        shipment = promised.get(flow.shipment)
        if shipment is not None:
            room += 1
            if is_late(counted.pricer, shipment, flow):
                missed += flow.kg_per_year
    missed += sum(left.kg_per_year for left in counted.left if left.shipment in promised)
    most = (1 - exact(counted.limit.value)) * demand
    counted.note(sentences.LATE_OR_LEFT, holds=missed <= most + room, said=missed, found=most)


def is_late(pricer: Pricer, shipment: Demand, flow: Flow) -> bool:
    """Tell whether a flow takes longer than was promised."""
    hours = pricer.hours(flow.steps, international=pricer.international(shipment))
    return shipment.promised_h is not None and hours > exact(shipment.promised_h)


def emissions_at_most(counted: Counted) -> None:
    """Check the well-to-wheel emissions of what the limit counts."""
    emitted, room = ZERO, ZERO
    for flow in counted.flows:
        shipment = counted.shipments[flow.shipment]
        each = counted.pricer.price(shipment, flow.steps).wtw_kg_per_t / KG_PER_T
        emitted += each * flow.kg_per_year
        room += each
    cap = exact(counted.limit.value) * KG_PER_T
    counted.note(sentences.OVER_CAP, holds=emitted <= cap + room, said=emitted, found=cap)


def mode_share(counted: Counted) -> None:
    """Check the share of what is carried that goes by the mode on some leg."""
    mode = counted.limit.mode
    by = [f for f in counted.flows if mode in modes_of(counted.pricer, f)]
    check_share(counted, by, counted.flows)


def delivery_share(counted: Counted) -> None:
    """Check the share of what trucks deliver that comes by the mode."""
    last = [(flow, modes_of(counted.pricer, flow)[-1:]) for flow in counted.flows]
    trucked = [flow for flow, modes in last if TRUCKS.intersection(modes)]
    by = [flow for flow, modes in last if counted.limit.mode in modes]
    check_share(counted, by, trucked)


def check_share(counted: Counted, by: Sequence[Flow], of: Sequence[Flow]) -> None:
    """Check the tonnes of some flows as a share of those of others."""
    part = sum(flow.kg_per_year for flow in by)
    share = exact(counted.limit.value) * sum(flow.kg_per_year for flow in of)
    if counted.limit.kind is LimitKind.MODE_SHARE_AT_MOST:
        holds, sentence = part <= share + len(of), sentences.SHARE_TOO_LARGE
    else:
        holds, sentence = part + len(of) >= share, sentences.SHARE_TOO_SMALL
    counted.note(sentence, holds=holds, said=part, found=share)


def modes_of(pricer: Pricer, flow: Flow) -> list[Mode]:
    """Return the modes of the legs of a route in order."""
    return [pricer.mode(step) for step in flow.steps if isinstance(step, Move | Ride)]
