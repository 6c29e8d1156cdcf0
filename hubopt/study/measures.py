"""What is counted in a plan beside each kind of published figure: one function per measure.

Everything is read from the plan and the rows of its instance; which places and services are meant
stands with the figure.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from hubopt.network.steps import Change, Handle, Move, Ride
from hubopt.plan.pricing import Pricer
from hubopt.study.comparison import Comparison, Measure, Scope
from hubopt.units import CNY_PER_MCNY, FEN_PER_CNY, KG_PER_KT, KG_PER_T
from hubopt.vocabulary import Cargo, CostTerm, Function, Mode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from hubopt.instance.tables import Demand, Instance
    from hubopt.plan.plan import Flow, Plan, ServicePlan

Number = float | None
PERCENT, CNY_PER_BN = 100.0, 1e9
NOT_LOGISTICS = frozenset({CostTerm.UNSERVED, CostTerm.CUSTOMS_DUTY})
"""Terms that statistics of logistics cost do not hold: a price put on freight left behind, duty."""


@dataclass(frozen=True)
class Evidence:
    """A plan with its instance, ready to be counted: its first stage, that of the base year."""

    instance: Instance
    plan: Plan

    @cached_property
    def pricer(self) -> Pricer:
        """What knows the links and clearance of a step."""
        return Pricer(self.instance)

    @cached_property
    def stage(self) -> int:
        """The year of the first stage."""
        return self.instance.settings.stages[0].year

    @cached_property
    def flows(self) -> tuple[Flow, ...]:
        """The flows of the first stage."""
        return tuple(f for f in self.plan.flows if self.shipment(f).stage == self.stage)

    @cached_property
    def services(self) -> tuple[ServicePlan, ...]:
        """The services of the first stage."""
        return tuple(s for s in self.plan.services if s.stage == self.stage)

    def shipment(self, flow: Flow) -> Demand:
        """Return what a flow carries."""
        return self.instance.shipment[flow.shipment]

    def boxed(self, flow: Flow) -> bool:
        """Whether a flow goes in containers, so that it counts in TEU."""
        product = self.instance.product[self.shipment(flow).product]
        return product.cargo is not Cargo.BULK

    def space(self, flow: Flow) -> float:
        """Return the tonnes of payload that a tonne of a flow takes."""
        return self.instance.product[self.shipment(flow).product].space_factor

    def value_cny(self, flow: Flow) -> float:
        """Return what a flow is worth, CNY a year."""
        product = self.instance.product[self.shipment(flow).product]
        return product.value_cny_per_t * flow.kg_per_year / KG_PER_T

    def crosses(self, step: Move | Ride) -> bool:
        """Whether a step crosses the border."""
        return self.pricer.clearance(step) is not None


def throughput(evidence: Evidence, asked: Comparison) -> Iterator[tuple[Flow, int]]:
    """Yield flows with how often each is loaded or unloaded by the mode at the places."""
    for flow in evidence.flows:
        ends = 0
        for step in flow.steps:
            if not isinstance(step, Move | Ride) or evidence.pricer.mode(step).value != asked.mode:
                continue
            if asked.scope is not Scope.ALL and (
                evidence.crosses(step) is not (asked.scope is Scope.INTERNATIONAL)
            ):
                continue
            ends += (step.from_place in asked.places) + (step.to_place in asked.places)
        if ends:
            yield flow, ends


def throughput_kt(evidence: Evidence, asked: Comparison) -> Number:
    """Return kilotonnes a year loaded and unloaded by a mode at places."""
    return sum(flow.kg_per_year * n for flow, n in throughput(evidence, asked)) / KG_PER_KT


def throughput_kteu(evidence: Evidence, asked: Comparison) -> Number:
    """Return thousand TEU a year loaded and unloaded by a mode at places."""
    found = ((flow, n) for flow, n in throughput(evidence, asked) if evidence.boxed(flow))
    return boxes(evidence, asked, found)


def boxes(evidence: Evidence, asked: Comparison, found: Iterator[tuple[Flow, int]]) -> Number:
    """Return flows as thousand TEU, at the tonnes per TEU of the comparison and their own space."""
    if not asked.basis:
        return None
    kg = sum(flow.kg_per_year * n * evidence.space(flow) for flow, n in found)
    return kg / KG_PER_KT / asked.basis


def carried(evidence: Evidence, asked: Comparison) -> Iterator[tuple[Flow, int]]:
    """Yield flows aboard the services, each with the number of its rides on them."""
    for flow in evidence.flows:
        rides = sum(isinstance(s, Ride) and s.service in asked.services for s in flow.steps)
        if rides:
            yield flow, rides


def carried_kt(evidence: Evidence, asked: Comparison) -> Number:
    """Return kilotonnes a year aboard services."""
    return sum(flow.kg_per_year * n for flow, n in carried(evidence, asked)) / KG_PER_KT


def carried_kteu(evidence: Evidence, asked: Comparison) -> Number:
    """Return thousand TEU a year aboard services."""
    return boxes(evidence, asked, carried(evidence, asked))


def transferred(evidence: Evidence, asked: Comparison) -> Iterator[tuple[Flow, int]]:
    """Yield flows that change between the two modes at the places, in either direction."""
    modes = set(asked.mode.split(">"))
    for flow in evidence.flows:
        times = sum(
            isinstance(step, Change)
            and step.place in asked.places
            and {step.from_mode.value, step.to_mode.value} == modes
            for step in flow.steps
        )
        if times:
            yield flow, times


def transferred_kt(evidence: Evidence, asked: Comparison) -> Number:
    """Return kilotonnes a year that change between two modes at places."""
    return sum(flow.kg_per_year * n for flow, n in transferred(evidence, asked)) / KG_PER_KT


def transferred_kteu(evidence: Evidence, asked: Comparison) -> Number:
    """Return thousand TEU a year that change between two modes at places."""
    found = ((flow, n) for flow, n in transferred(evidence, asked) if evidence.boxed(flow))
    return boxes(evidence, asked, found)


def departures(evidence: Evidence, asked: Comparison) -> Number:
    """Return loaded departures a year of services."""
    rows = evidence.instance.service
    return float(
        sum(
            plan.departures_per_week * rows[plan.service].weeks_per_year
            for plan in evidence.services
            if plan.service in asked.services
        )
    )


def runs(evidence: Evidence, asked: Comparison) -> Number:
    """Return departures a year of services, loaded and empty."""
    rows = evidence.instance.service
    empty = sum(
        plan.empty_per_week * rows[plan.service].weeks_per_year
        for plan in evidence.services
        if plan.service in asked.services
    )
    return (departures(evidence, asked) or 0.0) + empty


def trade(evidence: Evidence, asked: Comparison) -> Iterator[tuple[Flow, Mode]]:
    """Yield the foreign trade of the regions named, with the mode that crosses the border."""
    region = {place.id: place.region for place in evidence.instance.places}
    for flow in evidence.flows:
        shipment = evidence.shipment(flow)
        if not {region[shipment.origin], region[shipment.destination]} & asked.places:
            continue
        for step in flow.steps:
            if isinstance(step, Move | Ride) and evidence.crosses(step):
                yield flow, evidence.pricer.mode(step)
                break


def share(part: float, whole: float) -> Number:
    """Return a part in per cent of a whole, `None` if there is no whole."""
    return PERCENT * part / whole if whole else None


def trade_value(evidence: Evidence, asked: Comparison) -> Number:
    """Return the foreign trade of the regions that the plan carries, billion CNY a year."""
    return sum(evidence.value_cny(flow) for flow, _ in trade(evidence, asked)) / CNY_PER_BN


def trade_share_value(evidence: Evidence, asked: Comparison) -> Number:
    """Return the part of a region's foreign trade by value that crosses the border by a mode, %."""
    found = list(trade(evidence, asked))
    part = sum(evidence.value_cny(flow) for flow, mode in found if mode.value == asked.mode)
    return share(part, sum(evidence.value_cny(flow) for flow, _ in found))


def trade_share_tonnes(evidence: Evidence, asked: Comparison) -> Number:
    """Return the part of a region's foreign trade by weight that leaves or enters by a mode, %."""
    found = list(trade(evidence, asked))
    part = sum(flow.kg_per_year for flow, mode in found if mode.value == asked.mode)
    return share(part, sum(flow.kg_per_year for flow, _ in found))


def handled_share_value(evidence: Evidence, asked: Comparison) -> Number:
    """Return the part of a region's foreign trade by value that passes a function of a site, %."""
    function, found = Function(asked.mode), list(trade(evidence, asked))
    part = sum(
        evidence.value_cny(flow)
        for flow, _ in found
        if any(isinstance(step, Handle) and step.function is function for step in flow.steps)
    )
    return share(part, sum(evidence.value_cny(flow) for flow, _ in found))


def cost_share(evidence: Evidence, asked: Comparison) -> Number:
    """Return a year's cost in the plan in per cent of the basis, in million CNY."""
    if not asked.basis:
        return None
    terms = evidence.plan.terms_fen[evidence.stage]
    fen = sum(amount for term, amount in terms.items() if term not in NOT_LOGISTICS)
    return share(fen / FEN_PER_CNY / CNY_PER_MCNY, asked.basis)


def g_per_tkm(evidence: Evidence, asked: Comparison) -> Number:
    """Return g CO2e, well-to-wheel, of a mode's tonne-kilometre, goods' own factors in it."""
    grams = tkm = 0.0
    for flow in evidence.flows:
        factor = evidence.instance.product[evidence.shipment(flow).product].emission_factor
        for step in flow.steps:
            if isinstance(step, Move | Ride) and evidence.pricer.mode(step).value == asked.mode:
                for row in evidence.pricer.link_rows(step):
                    link = evidence.instance.links[row]
                    here = flow.kg_per_year / KG_PER_T * link.distance_km
                    tkm, grams = tkm + here, grams + here * link.wtw_g_per_tkm * factor
    return grams / tkm if tkm else None


COUNTED: Mapping[Measure, Callable[[Evidence, Comparison], Number]] = {
    Measure.THROUGHPUT_KT: throughput_kt,
    Measure.THROUGHPUT_KTEU: throughput_kteu,
    Measure.CARRIED_KT: carried_kt,
    Measure.CARRIED_KTEU: carried_kteu,
    Measure.TRANSFERRED_KT: transferred_kt,
    Measure.TRANSFERRED_KTEU: transferred_kteu,
    Measure.DEPARTURES: departures,
    Measure.RUNS: runs,
    Measure.TRADE_VALUE: trade_value,
    Measure.TRADE_SHARE_VALUE: trade_share_value,
    Measure.TRADE_SHARE_TONNES: trade_share_tonnes,
    Measure.HANDLED_SHARE_VALUE: handled_share_value,
    Measure.COST_SHARE: cost_share,
    Measure.G_PER_TKM: g_per_tkm,
}
"""The function of each measure but the quotient, which is made of two other lines."""
