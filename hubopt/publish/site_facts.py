"""What a plan says of each site by itself: outcome, tonnes, use, cost, and whom it serves."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from hubopt.plan.figures import add_sites
from hubopt.plan.marginal import MarginalKind
from hubopt.publish.sharing import Sharing
from hubopt.publish.spread import Sheet, decimal
from hubopt.publish.tables import counted
from hubopt.publish.utilisation import of_sites
from hubopt.units import KG_PER_T
from hubopt.vocabulary import CostTerm, Function, SiteStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from hubopt.instance.tables import Instance
    from hubopt.plan.plan import SitePlan
    from hubopt.publish.figures import Figures
    from hubopt.publish.utilisation import Use
    from hubopt.vocabulary import SiteOutcome

Most = tuple[tuple[str, float], ...]
"""Ids with their tonnes a year, the most first."""

NAMED = 3
"""Shipments, products and places that are named; the tables of a result hold all."""


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """One site in one stage: tonnes and money a year, shares of 1.

    `through_t` counts freight once, however often it is handled; `used` is the fullest function at
    its peak, `None` without a limit or a site. `spare_elsewhere_t` is what other open sites could
    take more of each function, `None` for no limit. `marginals` are CNY per tonne of capacity.
    """

    site: str
    stage: int
    outcome: SiteOutcome
    modules: Mapping[str, int]
    handled_t: Mapping[Function, float]
    through_t: float
    used: float | None
    building_cny: float
    running_cny: float
    products: Most
    places: Most
    shipments: Most
    spare_elsewhere_t: Mapping[Function, float | None]
    marginals: Mapping[Function, float]

    @property
    def cny_per_year(self) -> float:
        """What building and running cost."""
        return self.building_cny + self.running_cny

    @property
    def cny_per_t(self) -> float | None:
        """The same by tonne that goes through."""
        return self.cny_per_year / self.through_t if self.through_t else None


def with_a_choice(instance: Instance) -> tuple[str, ...]:
    """Return the sites of which a plan may decide something: whether, when or how large."""
    room = {m.site for m in instance.modules if m.most > m.built}
    return tuple(
        site.id
        for site in instance.sites
        if site.status is not SiteStatus.CLOSED
        and (site.status is SiteStatus.CANDIDATE or site.id in room)
    )


class Facts:
    """The facts of all sites of a plan, read from its figures."""

    def __init__(self, figures: Figures) -> None:
        self.figures = figures
        self.use = {
            stage: {(use.where, Function(use.what)): use for use in of_sites(figures, stage)}
            for stage in figures.stages
        }
        self.kg: defaultdict[tuple[int, str], Counter[str]] = defaultdict(Counter)
        pool = Sharing(figures).pool
        for shipment, flow in figures.flows:
            passed = {where[0] for step in flow.steps if (where := pool(step)) is not None}
            for site in passed:
                self.kg[shipment.stage, site][shipment.id] += flow.kg_per_year
        self.able: defaultdict[str, set[Function]] = defaultdict(set)
        for row in figures.instance.capacities:
            self.able[row.site].add(row.function)
        self.size_t = {
            (stage, site, function): figures.pool_t(stage, site, function)
            for stage in figures.stages
            for site, able in self.able.items()
            for function in able
        }

    def of(self, site: str) -> Iterator[SiteFacts]:
        """Yield the facts of a site, stage by stage."""
        for row in self.figures.site_plans:
            if row.site == site:
                yield self.in_stage(row)

    def in_stage(self, row: SitePlan) -> SiteFacts:
        """Return the facts of one site in one stage."""
        site, stage, figures = row.site, row.stage, self.figures
        terms = {stage: dict.fromkeys(CostTerm, Fraction(0))}
        add_sites(figures.instance, [row], terms)
        used = [u.kg / KG_PER_T / u.capacity_t for u in self.uses(stage, site)]
        kg = self.kg.get((stage, site), Counter())
        return SiteFacts(
            site, stage, row.outcome, dict(row.modules),
            self.handled_t(stage, site),
            kg.total() / KG_PER_T,
            max(used, default=None),
            float(terms[stage][CostTerm.BUILDING]),
            float(terms[stage][CostTerm.RUNNING]),
            most(self.by_product(kg)), most(self.by_place(kg, site)), most(kg),
            {f: self.spare_t(stage, site, f) for f in sorted(self.able[site])},
            self.marginals(stage, site),
        )  # fmt: skip

    def handled_t(self, stage: int, site: str) -> dict[Function, float]:
        """Return the tonnes a year of each function of a site."""
        handled = self.figures.handled
        found = {f: handled.get((stage, site, f), 0) for f in sorted(self.able[site])}
        return {function: kg / KG_PER_T for function, kg in found.items() if kg}

    def uses(self, stage: int, site: str) -> Iterator[Use]:
        """Yield the use of each limited function of a site."""
        for (where, _), use in self.use[stage].items():
            if where == site:
                yield use

    def by_product(self, kg: Mapping[str, int]) -> Counter[str]:
        """Return kilograms by product."""
        found = Counter[str]()
        for shipment, amount in kg.items():
            found[self.figures.instance.shipment[shipment].product] += amount
        return found

    def by_place(self, kg: Mapping[str, int], site: str) -> Counter[str]:
        """Return kilograms by the places that freight comes from or goes to, but for the site's."""
        instance, found = self.figures.instance, Counter[str]()
        for shipment, amount in kg.items():
            row = instance.shipment[shipment]
            for place in {row.origin, row.destination} - {instance.site[site].place}:
                found[place] += amount
        return found

    def spare_t(self, stage: int, site: str, function: Function) -> float | None:
        """Return what the other open sites could take more of a function, `None` for no limit."""
        spare = 0.0
        for other, able in self.able.items():
            if other == site or function not in able:
                continue
            size = self.size_t[stage, other, function]
            if size is None:
                return None
            use = self.use[stage].get((other, function))
            spare += size - (0.0 if use is None else use.kg / KG_PER_T)
        return max(spare, 0.0)

    def marginals(self, stage: int, site: str) -> dict[Function, float]:
        """Return what a tonne more of each function of a site would save."""
        return {
            Function(m.what): m.cny_per_t
            for m in self.figures.marginals
            if m.kind is MarginalKind.SITE_FUNCTION and (m.where, m.stage) == (site, stage)
        }


def most(kg: Counter[str]) -> Most:
    """Return the largest amounts in tonnes, ties by name."""
    ranked = sorted(kg.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple((name, amount / KG_PER_T) for name, amount in ranked[:NAMED])


COLUMNS = (
    "site", "name_en", "name_zh", "place", "stage", "status", "outcome", "modules", "through_t",
    "handled_t", "used_share_at_peak", "building_cny_per_year", "running_cny_per_year",
    "cost_cny_per_t", "marginal_cny_per_t", "products_t", "places_t", "shipments_t",
    "spare_elsewhere_t",
)  # fmt: skip


def sheet(facts: Facts, sites: Iterable[str]) -> Sheet:
    """Return the facts of sites as a table, a row for each site and stage; all a year."""
    rows = []
    for row in (row for site in sites for row in facts.of(site)):
        site = facts.figures.instance.site[row.site]
        rows.append((
            site.id, site.name_en, site.name_zh, site.place, row.stage, site.status.value,
            row.outcome.value, counted(row.modules), row.through_t, amounts(row.handled_t.items()),
            row.used, row.building_cny, row.running_cny, row.cny_per_t,
            amounts(row.marginals.items()), amounts(row.products), amounts(row.places),
            amounts(row.shipments), amounts(row.spare_elsewhere_t.items()),
        ))  # fmt: skip
    return Sheet("explain", COLUMNS, tuple(rows))


def amounts(pairs: Iterable[tuple[str, float | None]]) -> str:
    """Return names with their amounts as one cell, such as `cold 120|bonded no limit`."""
    told = ((n, "no limit" if value is None else decimal(value)) for n, value in pairs)
    return "|".join(f"{name} {value}" for name, value in told)
