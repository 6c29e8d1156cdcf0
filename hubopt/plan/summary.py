"""What a plan says in a few figures, for the terminal."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubopt.network.steps import Move, Ride
from hubopt.plan.pricing import Pricer
from hubopt.units import FEN_PER_CNY, KG_PER_T
from hubopt.vocabulary import CostTerm, Mode, SiteOutcome

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hubopt.instance.tables import Instance
    from hubopt.plan.plan import Flow, Plan


@dataclass(frozen=True)
class StageSummary:
    """One stage: sites by outcome, tonnes and departures a week by mode, CNY by term.

    `tonnes` counts a flow once for each mode that it uses.
    """

    stage: int
    sites: Mapping[SiteOutcome, tuple[str, ...]]
    tonnes: Mapping[Mode, float]
    departures_per_week: Mapping[Mode, int]
    unserved_t: float
    served_t: float
    terms_cny: Mapping[CostTerm, float]
    co2e_wtw_t: float


@dataclass(frozen=True)
class PlanSummary:
    """A plan in a few figures, stage by stage."""

    stages: tuple[StageSummary, ...]


def summary(instance: Instance, plan: Plan) -> PlanSummary:
    """Return the summary of a plan."""
    pricer = Pricer(instance)
    return PlanSummary(
        tuple(stage_summary(instance, plan, pricer, s.year) for s in instance.settings.stages)
    )


def stage_summary(instance: Instance, plan: Plan, pricer: Pricer, year: int) -> StageSummary:
    """Return the summary of one stage."""
    flows = [f for f in plan.flows if instance.shipment[f.shipment].stage == year]
    tonnes: dict[Mode, float] = defaultdict(float)
    for flow in flows:
        for mode in modes_of(pricer, flow):
            tonnes[mode] += flow.kg_per_year / KG_PER_T
    departures: dict[Mode, int] = defaultdict(int)
    for service in plan.services:
        if service.stage == year:
            mode = instance.service[service.service].mode
            departures[mode] += service.departures_per_week
    outcomes = {
        outcome: tuple(s.site for s in plan.sites if s.stage == year and s.outcome is outcome)
        for outcome in SiteOutcome
    }
    left = [u for u in plan.unserved if instance.shipment[u.shipment].stage == year]
    return StageSummary(
        stage=year,
        sites=outcomes,
        tonnes=dict(tonnes),
        departures_per_week=dict(departures),
        unserved_t=sum(u.kg_per_year for u in left) / KG_PER_T,
        served_t=sum(f.kg_per_year for f in flows) / KG_PER_T,
        terms_cny={term: amount / FEN_PER_CNY for term, amount in plan.terms_fen[year].items()},
        co2e_wtw_t=plan.co2e_wtw_kg[year] / KG_PER_T,
    )


def modes_of(pricer: Pricer, flow: Flow) -> set[Mode]:
    """Return the modes by which a flow travels."""
    return {pricer.mode(step) for step in flow.steps if isinstance(step, Move | Ride)}
