"""Yearly costs, emissions and the objective of what a plan decides, in exact arithmetic."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from hubopt.units import KG_PER_T, capital_recovery_factor, exact, fen, present_value_weight
from hubopt.vocabulary import CostTerm

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hubopt.instance.tables import Instance
    from hubopt.network.steps import Step
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
    add_flows(instance, pricer, flows, terms, wtw, ttw)
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


def add_flows(
    instance: Instance,
    pricer: Pricer,
    flows: Iterable[Flow],
    terms: dict[int, dict[CostTerm, Fraction]],
    wtw: dict[int, Fraction],
    ttw: dict[int, Fraction],
) -> None:
    """Add what all flows cost and emit, product by product."""
    for (stage, product, international), group in grouped(instance, pricer, flows).items():
        bill = pricer.bill(
            product,
            group.steps,
            international=international,
            entering=group.entering,
            tonnes=group.kg,
        )
        for term, amount in bill.terms_cny_per_t.items():
            terms[stage][term] += amount / KG_PER_T
        wtw[stage] += bill.wtw_kg_per_t / KG_PER_T
        ttw[stage] += bill.ttw_kg_per_t / KG_PER_T


@dataclass
class Group:
    """Kilograms a year of one product in one stage: in all, by step, and that enter the country."""

    steps: dict[Step, int] = field(default_factory=dict)
    entering: int = 0
    kg: int = 0


def grouped(
    instance: Instance, pricer: Pricer, flows: Iterable[Flow]
) -> dict[tuple[int, str, bool], Group]:
    """Return the kilograms of all flows by stage, product and whether they cross a border."""
    found: dict[tuple[int, str, bool], Group] = defaultdict(Group)
    for flow in flows:
        shipment = instance.shipment[flow.shipment]
        group = found[shipment.stage, shipment.product, pricer.international(shipment)]
        for step in flow.steps:
            group.steps[step] = group.steps.get(step, 0) + flow.kg_per_year
        group.kg += flow.kg_per_year
        if pricer.enters(shipment):
            group.entering += flow.kg_per_year
    return found


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
    """Return (objective - bound) / objective, 0 for an objective of 0, None without a bound."""
    if bound_fen is None:
        return None
    if objective_fen == 0:
        return 0.0
    return float(Fraction(objective_fen - bound_fen, objective_fen))
