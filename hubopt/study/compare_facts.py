"""One verified result in figures that can be laid beside those of another: a number for each key.

Costs are CNY a year of a stage, or present value for all stages together; CO2e and unserved freight
are tonnes a year, or over all years; times are means over the tonnes carried.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING

from hubopt.plan.figures import grouped
from hubopt.plan.pricing import Pricer, total
from hubopt.plan.summary import summary
from hubopt.study.outcome import outcome_of, tonne_km
from hubopt.units import FEN_PER_CNY, KG_PER_T

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hubopt.instance.overlay_trace import Cell, Origin
    from hubopt.instance.tables import Instance
    from hubopt.plan.marginal import Marginal
    from hubopt.plan.plan import Plan
    from hubopt.plan.summary import StageSummary
    from hubopt.study.outcome import Outcome

DECIMALS = 9
"""Shares and hours are kept to so many decimals, so that sums in another order are the same."""

ALL_STAGES = 0
"""The stage of what holds for the whole plan."""

TOGETHER = ""
"""The item of a sum or mean over all items."""


class Topic(StrEnum):
    """What a figure is about; in the order in which topics are shown."""

    COST = "cost"
    CO2E = "co2e"
    HOURS = "hours"
    SHARE_OF_TKM = "share_of_tkm"
    SHARE_OF_TONNES = "share_of_tonnes"
    SITES = "sites"
    MODE_DEPARTURES = "mode_departures"
    DEPARTURES = "departures"
    EMPTY_RUNS = "empty_runs"
    UTILISATION = "utilisation"
    UNSERVED = "unserved"
    COST_TO_SERVE = "cost_to_serve"
    COST_TO_SERVE_CITY = "cost_to_serve_city"


MEANS = frozenset({Topic.HOURS, Topic.UTILISATION, Topic.COST_TO_SERVE, Topic.COST_TO_SERVE_CITY})
"""Topics of which a result may have no figure, where it carries nothing; all others are then 0."""

ORDER = {topic: here for here, topic in enumerate(Topic)}


@dataclass(frozen=True, slots=True)
class Key:
    """What a figure is of: its topic, the year of its stage, and a term, mode, product or thing."""

    topic: Topic
    stage: int
    item: str

    @property
    def order(self) -> tuple[int, int, str]:
        """By topic, stage and item."""
        return ORDER[self.topic], self.stage, self.item


@dataclass(frozen=True)
class Background:
    """Where the instance of a result comes from: as it was before its scenario, and who wrote what.

    `written` has the entries of the scenario behind each cell that it touches.
    """

    plain: Instance
    written: Mapping[Cell, tuple[Origin, ...]]


@dataclass(frozen=True)
class Facts:
    """A verified plan with its instance, and its figures; `label` is how the planner names it.

    `background` is `None` where nothing is known of the scenario; `marginals` are empty where the
    result has none.
    """

    label: str
    instance: Instance
    plan: Plan
    outcome: Outcome
    numbers: Mapping[Key, float] = field(repr=False)
    background: Background | None = field(default=None, repr=False)
    marginals: tuple[Marginal, ...] = field(default=(), repr=False)


def facts_of(
    label: str,
    instance: Instance,
    plan: Plan,
    more: Mapping[Key, float] | None = None,
    *,
    background: Background | None = None,
    marginals: tuple[Marginal, ...] = (),
) -> Facts:
    """Return the figures of a plan, and those in `more` which other rooms have counted."""
    numbers = dict(counted(instance, plan, outcome := outcome_of(instance, plan)))
    together = {**numbers, **(more or {})}
    return Facts(label, instance, plan, outcome, together, background, marginals)


def counted(instance: Instance, plan: Plan, outcome: Outcome) -> Iterator[tuple[Key, float]]:
    """Yield every figure of a plan."""
    years = {stage.year: stage.years for stage in instance.settings.stages}
    found = summary(instance, plan).stages
    for term, amount in (outcome.terms_cny or {}).items():
        yield Key(Topic.COST, ALL_STAGES, term), amount
    yield Key(Topic.COST, ALL_STAGES, TOGETHER), outcome.cost_fen / FEN_PER_CNY
    co2e = sum(years[year] * kg for year, kg in plan.co2e_wtw_kg.items())
    yield Key(Topic.CO2E, ALL_STAGES, TOGETHER), co2e / KG_PER_T
    left = sum(
        years[instance.shipment[row.shipment].stage] * row.kg_per_year for row in plan.unserved
    )
    yield Key(Topic.UNSERVED, ALL_STAGES, TOGETHER), left / KG_PER_T
    for stage in found:
        yield from of_stage(stage)
        yield from shares_of_tkm(instance, plan, stage.stage)
    yield from hours(instance, plan, years)
    yield from services(plan)
    yield from unserved(instance, plan)


def of_stage(stage: StageSummary) -> Iterator[tuple[Key, float]]:
    """Yield cost, CO2e, shares of the tonnes, sites and departures of one stage."""
    year = stage.stage
    for term, amount in stage.terms_cny.items():
        yield Key(Topic.COST, year, term.value), amount
    fen = sum(round(amount * FEN_PER_CNY) for amount in stage.terms_cny.values())
    yield Key(Topic.COST, year, TOGETHER), fen / FEN_PER_CNY
    yield Key(Topic.CO2E, year, TOGETHER), stage.co2e_wtw_t
    for mode, tonnes in stage.tonnes.items():
        yield (
            Key(Topic.SHARE_OF_TONNES, year, mode.value),
            round(tonnes / stage.served_t, DECIMALS),
        )
    for outcome, sites in stage.sites.items():
        yield Key(Topic.SITES, year, outcome.value), float(len(sites))
    for mode, number in stage.departures_per_week.items():
        yield Key(Topic.MODE_DEPARTURES, year, mode.value), float(number)


def shares_of_tkm(instance: Instance, plan: Plan, year: int) -> Iterator[tuple[Key, float]]:
    """Yield each mode's share of the tonne-kilometres of one stage."""
    only = {stage.year: int(stage.year == year) for stage in instance.settings.stages}
    by_mode = tonne_km(instance, plan, only)
    whole = sum(by_mode.values())
    for mode, tkm in by_mode.items():
        if tkm:
            yield Key(Topic.SHARE_OF_TKM, year, mode), round(tkm / whole, DECIMALS)


def hours(instance: Instance, plan: Plan, years: Mapping[int, int]) -> Iterator[tuple[Key, float]]:
    """Yield the mean hours on the way of a tonne, by stage and group of products, and of all."""
    pricer = Pricer(instance)
    spent: defaultdict[tuple[int, str], Fraction] = defaultdict(Fraction)
    carried: defaultdict[tuple[int, str], int] = defaultdict(int)
    for (stage, product, abroad), group in grouped(instance, pricer, plan.flows).items():
        kg_h = total(
            (kg, pricer.step(step, international=abroad).time_h) for step, kg in group.steps.items()
        )
        for key, weight in (
            ((stage, group_of(instance, product)), 1),
            ((stage, TOGETHER), 1),
            ((ALL_STAGES, TOGETHER), years[stage]),
        ):
            spent[key] += weight * kg_h
            carried[key] += weight * group.kg
    for (stage, item), kg in carried.items():
        if kg:
            yield Key(Topic.HOURS, stage, item), round(float(spent[stage, item] / kg), DECIMALS)


def group_of(instance: Instance, product: str) -> str:
    """Return the group of a product, or the product itself if it has none."""
    return instance.product[product].group or product


def services(plan: Plan) -> Iterator[tuple[Key, float]]:
    """Yield loaded departures and empty runs a week of each service that runs."""
    for row in plan.services:
        for topic, number in (
            (Topic.DEPARTURES, row.departures_per_week),
            (Topic.EMPTY_RUNS, row.empty_per_week),
        ):
            if number:
                yield Key(topic, row.stage, row.service), float(number)


def unserved(instance: Instance, plan: Plan) -> Iterator[tuple[Key, float]]:
    """Yield tonnes a year that stay behind, by stage and product, and all together."""
    left: defaultdict[tuple[int, str], int] = defaultdict(int)
    for row in plan.unserved:
        shipment = instance.shipment[row.shipment]
        left[shipment.stage, shipment.product] += row.kg_per_year
        left[shipment.stage, TOGETHER] += row.kg_per_year
    for (stage, item), kg in left.items():
        yield Key(Topic.UNSERVED, stage, item), kg / KG_PER_T
