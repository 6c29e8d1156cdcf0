"""What one run of a sensitivity study keeps of its plan: figures to compare, and where sites stand.

Money is the present value over all stages; tonnes, tonne-kilometres, CO2e and departures are means
over the years of all stages.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from hubopt.instance.digest import content_hash
from hubopt.network.steps import Move, Ride
from hubopt.plan.figures import figures, whole
from hubopt.plan.pricing import Pricer
from hubopt.plan.verify import verify
from hubopt.units import FEN_PER_CNY, KG_PER_T, exact, present_value_weight
from hubopt.vocabulary import Status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hubopt.instance.tables import Instance
    from hubopt.plan.plan import Plan

Sites = dict[str, dict[str, dict[str, int]]]
"""Modules that stand, by site and year; sites and years without any are left out."""

DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Outcome:
    """A verified plan in figures; a run without a plan has a status and nothing else.

    `kept_fen` is what the plan of the base costs, as it stands, under the numbers of this run;
    `None` where it would break a rule.
    """

    status: str
    cost_fen: int = 0
    bound_fen: int | None = None
    terms_cny: Mapping[str, float] | None = None
    unserved_t: float = 0.0
    co2e_t: float = 0.0
    tkm: Mapping[str, float] | None = None
    departures_per_week: Mapping[str, float] | None = None
    sites: Sites | None = None
    kept_fen: int | None = None

    @property
    def solved(self) -> bool:
        """Whether there is a plan."""
        return self.sites is not None

    @property
    def gap_fen(self) -> int | None:
        """How much cheaper another plan could be, as far as is proved; `None` without a bound."""
        return None if self.bound_fen is None else self.cost_fen - self.bound_fen

    def record(self) -> dict[str, Any]:
        """Return the outcome as JSON has it."""
        return asdict(self)


def outcome_of(instance: Instance, plan: Plan) -> Outcome:
    """Return what is kept of a plan of an instance."""
    years = {stage.year: stage.years for stage in instance.settings.stages}
    span = sum(years.values())
    left = {u.shipment: u.kg_per_year for u in plan.unserved}
    unserved = sum(years[instance.shipment[s].stage] * kg for s, kg in left.items())
    co2e = sum(years[year] * kg for year, kg in plan.co2e_wtw_kg.items())
    return Outcome(
        status=plan.status.value,
        cost_fen=plan.objective_fen,
        bound_fen=plan.bound_fen,
        terms_cny=terms(instance, plan),
        unserved_t=round(unserved / KG_PER_T / span, DECIMALS),
        co2e_t=round(co2e / KG_PER_T / span, DECIMALS),
        tkm=tonne_km(instance, plan, years),
        departures_per_week=departures(instance, plan, years),
        sites=standing(plan),
    )


def terms(instance: Instance, plan: Plan) -> dict[str, float]:
    """Return the present value of each cost term, CNY."""
    settings = instance.settings
    found: defaultdict[str, Fraction] = defaultdict(Fraction)
    for stage in settings.stages:
        weight = present_value_weight(
            exact(settings.discount_rate), stage.year, stage.years, settings.base_year
        )
        for term, amount in plan.terms_fen[stage.year].items():
            found[term.value] += weight * amount / FEN_PER_CNY
    return {term: round(float(amount), 2) for term, amount in found.items()}


def tonne_km(instance: Instance, plan: Plan, years: Mapping[int, int]) -> dict[str, float]:
    """Return tonne-kilometres a year by mode."""
    pricer = Pricer(instance)
    found: defaultdict[str, float] = defaultdict(float)
    for flow in plan.flows:
        tonne_years = flow.kg_per_year / KG_PER_T * years[instance.shipment[flow.shipment].stage]
        for step in flow.steps:
            if isinstance(step, Move | Ride):
                km = sum(instance.links[row].distance_km for row in pricer.link_rows(step))
                found[pricer.mode(step).value] += tonne_years * km / sum(years.values())
    return {mode: round(tkm, DECIMALS) for mode, tkm in sorted(found.items())}


def departures(instance: Instance, plan: Plan, years: Mapping[int, int]) -> dict[str, float]:
    """Return loaded departures a week by mode."""
    found: defaultdict[str, float] = defaultdict(float)
    for service in plan.services:
        mode = instance.service[service.service].mode.value
        weight = years[service.stage] / sum(years.values())
        found[mode] += service.departures_per_week * weight
    return {mode: round(number, DECIMALS) for mode, number in sorted(found.items())}


def standing(plan: Plan) -> Sites:
    """Return the modules that stand, by site and year."""
    found: Sites = {}
    for site in sorted(plan.sites, key=lambda s: (s.site, s.stage)):
        modules = {name: number for name, number in sorted(site.modules.items()) if number}
        if modules:
            found.setdefault(site.site, {})[str(site.stage)] = modules
    return found


def kept_cost_fen(instance: Instance, base: Plan) -> int | None:
    """Return what the plan of the base costs under other numbers, `None` if it does not hold.

    Nothing is decided anew, so the best plan under these numbers costs no more than this.
    """
    pricer = Pricer(instance)
    found = figures(instance, pricer, base.sites, base.services, base.flows, base.unserved)
    kept = replace(
        base,
        instance_hash=content_hash(instance),
        status=Status.FEASIBLE,
        objective_fen=found.objective_fen(),
        bound_fen=None,
        gap=None,
        terms_fen=found.terms_fen(),
        co2e_wtw_kg={year: whole(kg) for year, kg in found.wtw_kg.items()},
        co2e_ttw_kg={year: whole(kg) for year, kg in found.ttw_kg.items()},
    )
    return kept.objective_fen if verify(instance, kept).passed else None
