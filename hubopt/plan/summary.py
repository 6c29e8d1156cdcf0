"""What a plan says in a few figures: for the terminal, the map and the tables."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubopt.network.steps import Move, Ride
from hubopt.plan.pricing import Pricer
from hubopt.units import KG_PER_T
from hubopt.vocabulary import CostTerm, Mode, SiteOutcome

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hubopt.instance.tables import Instance
    from hubopt.plan.plan import Flow, Plan


@dataclass(frozen=True)
class StageSummary:
    """One stage: sites by outcome, tonnes and tonne-km by mode, departures a week, CNY by term.

    `tonnes` counts a flow once for each mode that it uses; `main_tonnes` once, for its main mode:
    air before sea, barge, rail and road.
    """

    stage: int
    sites: Mapping[SiteOutcome, tuple[str, ...]]
    tonnes: Mapping[Mode, float]
    main_tonnes: Mapping[Mode, float]
    tonne_km: Mapping[Mode, float]
    departures_per_week: Mapping[Mode, int]
    empty_per_week: Mapping[Mode, int]
    unserved_t: float
    served_t: float
    terms_cny: Mapping[CostTerm, float]
    co2e_wtw_t: float
    co2e_ttw_t: float


@dataclass(frozen=True)
class PlanSummary:
    """A plan in a few figures, stage by stage; money in CNY, present value for the whole."""

    stages: tuple[StageSummary, ...]
    objective_cny: float
    bound_cny: float | None
    gap: float | None


MAIN_ORDER = (Mode.AIR, Mode.SEA, Mode.BARGE, Mode.RAIL, Mode.ROAD_BATTERY, Mode.ROAD_DIESEL)
"""The main mode of a flow is the first of these that it uses."""


def summary(instance: Instance, plan: Plan) -> PlanSummary:
    """Return the summary of a plan."""
    pricer = Pricer(instance)
    stages = tuple(stage_summary(instance, plan, pricer, s.year) for s in instance.settings.stages)
    bound = None if plan.bound_fen is None else plan.bound_fen / 100
    return PlanSummary(stages, plan.objective_fen / 100, bound, plan.gap)


def stage_summary(instance: Instance, plan: Plan, pricer: Pricer, year: int) -> StageSummary:
    """Return the summary of one stage."""
    flows = [f for f in plan.flows if instance.shipment[f.shipment].stage == year]
    tonnes: dict[Mode, float] = defaultdict(float)
    main: dict[Mode, float] = defaultdict(float)
    tonne_km: dict[Mode, float] = defaultdict(float)
    for flow in flows:
        used = modes_of(pricer, flow)
        for mode, km in used.items():
            tonnes[mode] += flow.kg_per_year / KG_PER_T
            tonne_km[mode] += flow.kg_per_year / KG_PER_T * km
        first = next((mode for mode in MAIN_ORDER if mode in used), None)
        if first is not None:
            main[first] += flow.kg_per_year / KG_PER_T
    departures: dict[Mode, int] = defaultdict(int)
    empty: dict[Mode, int] = defaultdict(int)
    for service in plan.services:
        if service.stage == year:
            mode = instance.service[service.service].mode
            departures[mode] += service.departures_per_week
            empty[mode] += service.empty_per_week
    outcomes = {
        outcome: tuple(s.site for s in plan.sites if s.stage == year and s.outcome is outcome)
        for outcome in SiteOutcome
    }
    left = [u for u in plan.unserved if instance.shipment[u.shipment].stage == year]
    return StageSummary(
        stage=year,
        sites=outcomes,
        tonnes=dict(tonnes),
        main_tonnes=dict(main),
        tonne_km=dict(tonne_km),
        departures_per_week=dict(departures),
        empty_per_week=dict(empty),
        unserved_t=sum(u.kg_per_year for u in left) / KG_PER_T,
        served_t=sum(f.kg_per_year for f in flows) / KG_PER_T,
        terms_cny={term: amount / 100 for term, amount in plan.terms_fen[year].items()},
        co2e_wtw_t=plan.co2e_wtw_kg[year] / KG_PER_T,
        co2e_ttw_t=plan.co2e_ttw_kg[year] / KG_PER_T,
    )


def modes_of(pricer: Pricer, flow: Flow) -> dict[Mode, float]:
    """Return the kilometres that a flow travels by each mode."""
    km: dict[Mode, float] = defaultdict(float)
    for step in flow.steps:
        if isinstance(step, Move | Ride):
            for row in pricer.link_rows(step):
                km[pricer.mode(step)] += pricer.instance.links[row].distance_km
    return dict(km)
