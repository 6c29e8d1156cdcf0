"""Yearly costs, emissions and the objective of what a plan decides, in exact arithmetic."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from hubopt.units import KG_PER_T, capital_recovery_factor, exact, fen, present_value_weight
from hubopt.vocabulary import CostTerm

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hubopt.instance.tables import Instance
    from hubopt.plan.plan import Flow, ServicePlan, SitePlan, Unserved
    from hubopt.plan.pricing import Pricer

HALF = Fraction(1, 2)


@dataclass(frozen=True)
class Figures:
    """Exact figures of a plan by stage, and their rounded forms."""

    terms_cny: Mapping[int, Mapping[CostTerm, Fraction]]
    wtw_kg: Mapping[int, Fraction]
    ttw_kg: Mapping[int, Fraction]
    objective_cny: Fraction

    def terms_fen(self) -> dict[int, dict[CostTerm, int]]:
        """Return yearly costs in fen by stage and term, each rounded once."""
        return {
            year: {term: fen(amount) for term, amount in terms.items()}
            for year, terms in self.terms_cny.items()
        }

    def objective_fen(self) -> int:
        """Return the present value in fen, rounded once."""
        return fen(self.objective_cny)


def whole(amount: Fraction) -> int:
    """Return a positive amount as the nearest whole number, halves up."""
    return int(amount + HALF)


def figures(
    instance: Instance,
    pricer: Pricer,
    sites: Iterable[SitePlan],
    services: Iterable[ServicePlan],
    flows: Iterable[Flow],
    unserved: Iterable[Unserved],
) -> Figures:
    """Return the figures of all decisions; every id must be known to the instance."""
    settings = instance.settings
    zero = dict.fromkeys(CostTerm, Fraction(0))
    terms = {stage.year: dict(zero) for stage in settings.stages}
    wtw: dict[int, Fraction] = {stage.year: Fraction(0) for stage in settings.stages}
    ttw = dict(wtw)
    add_sites(instance, sites, terms)
    add_services(instance, services, terms)
    for left in unserved:
        shipment = instance.shipment[left.shipment]
        price = exact(instance.product[shipment.product].unserved_cost_cny_per_t)
        terms[shipment.stage][CostTerm.UNSERVED] += price * left.kg_per_year / KG_PER_T
    sums: dict[int, dict[CostTerm, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
    for flow in flows:
        shipment = instance.shipment[flow.shipment]
        price_of = pricer.price(shipment, flow.steps)
        for term, amount in price_of.terms_cny_per_t.items():
            sums[shipment.stage][term] += amount * flow.kg_per_year
        wtw[shipment.stage] += price_of.wtw_kg_per_t * flow.kg_per_year / KG_PER_T
        ttw[shipment.stage] += price_of.ttw_kg_per_t * flow.kg_per_year / KG_PER_T
    for year, by_term in sums.items():
        for term, amount in by_term.items():
            terms[year][term] += amount / KG_PER_T
    rate = exact(settings.discount_rate)
    objective = sum(
        (
            present_value_weight(rate, stage.year, stage.years, settings.base_year)
            * sum(terms[stage.year].values(), Fraction(0))
            for stage in settings.stages
        ),
        Fraction(0),
    )
    return Figures(terms, wtw, ttw, objective)


def add_sites(
    instance: Instance, sites: Iterable[SitePlan], terms: dict[int, dict[CostTerm, Fraction]]
) -> None:
    """Add building (as an annuity) and running of all standing modules."""
    rate = exact(instance.settings.discount_rate)
    module = {(m.site, m.module): m for m in instance.modules}
    for plan in sites:
        for name, number in plan.modules.items():
            row = module[plan.site, name]
            yearly = exact(row.build_cost_cny) * capital_recovery_factor(rate, row.life_years)
            terms[plan.stage][CostTerm.BUILDING] += yearly * (number - row.built)
            terms[plan.stage][CostTerm.RUNNING] += exact(row.fixed_cost_cny_per_year) * number


def add_services(
    instance: Instance, services: Iterable[ServicePlan], terms: dict[int, dict[CostTerm, Fraction]]
) -> None:
    """Add departures and empty runs."""
    for plan in services:
        row = instance.service[plan.service]
        loaded = exact(row.cost_cny_per_departure) * row.weeks_per_year
        empty = exact(row.empty_cost_cny_per_departure) * row.weeks_per_year
        terms[plan.stage][CostTerm.DEPARTURES] += loaded * plan.departures_per_week
        terms[plan.stage][CostTerm.REPOSITIONING] += empty * plan.empty_per_week


def gap_between(objective_fen: int, bound_fen: int | None) -> float | None:
    """Return (objective - bound) / objective, 0 for an objective of 0."""
    if bound_fen is None:
        return None
    if objective_fen == 0:
        return 0.0
    return float(Fraction(objective_fen - bound_fen, objective_fen))
