"""Rules of siting: what stands, where, from when on, and at what outlay."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import TYPE_CHECKING

from hubopt.plan import sentences
from hubopt.units import exact
from hubopt.vocabulary import (
    NOT_HANDLING,
    TRUCKS,
    Access,
    Function,
    LimitKind,
    PlaceKind,
    SiteOutcome,
    SiteStatus,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hubopt.instance.tables import Instance, Limit, Module, Site
    from hubopt.plan.plan import SitePlan
    from hubopt.plan.report import Book

    Sites = Mapping[tuple[str, int], SitePlan]

OPEN = frozenset({SiteOutcome.OPENED, SiteOutcome.KEPT})
"""What a plan calls a site that works."""


def check_sites(book: Book, instance: Instance, sites: Sites) -> None:
    """Check modules, outcomes and limits of all sites in all stages."""
    years = [stage.year for stage in instance.settings.stages]
    modules: dict[str, list[Module]] = {site.id: [] for site in instance.sites}
    for row in instance.modules:
        modules[row.site].append(row)
    for site in instance.sites:
        rows = modules[site.id]
        before = {row.module: row.built for row in rows}
        for year in years:
            plan = sites.get((site.id, year))
            if plan is not None:
                check_modules(book, site, rows, plan, before)
                check_outcome(book, site, plan, was_open=any(before.values()))
                check_status(book, site, plan)
                before = dict(plan.modules)
    for limit in instance.limits_in_force:
        if limit.kind is LimitKind.BUDGET:
            check_budget(book, instance, limit, sites, years)
        elif limit.kind in {LimitKind.SITES_AT_MOST, LimitKind.SITES_AT_LEAST}:
            check_number(book, instance, limit, sites)
        elif limit.kind is LimitKind.COVERAGE:
            check_coverage(book, instance, limit, sites)


def outcome(site: Site, *, stands: bool, was_open: bool) -> SiteOutcome:
    """Return the word for what happens to a site in a stage."""
    if site.status is SiteStatus.CLOSED:
        return SiteOutcome.CLOSED
    if not stands:
        return SiteOutcome.NOT_CHOSEN
    return SiteOutcome.KEPT if was_open else SiteOutcome.OPENED


def check_modules(
    book: Book, site: Site, rows: list[Module], plan: SitePlan, before: Mapping[str, int]
) -> None:
    """Check that modules stay, stay within their most, and are new only from the first stage on."""
    name = "modules_need_open_site"
    for row in rows:
        number, was = plan.modules[row.module], before[row.module]
        where = (site.id, row.module, plan.stage)
        book.note(
            "modules_stay", where, sentences.VANISHED, holds=number >= was, said=number, found=was
        )
        book.note(
            name,
            where,
            sentences.TOO_MANY_MODULES,
            holds=number <= row.most,
            said=number,
            found=row.most,
        )
        early = plan.stage < site.earliest_stage and number > row.built
        book.note(
            name,
            where,
            sentences.BUILT_TOO_EARLY,
            holds=not early,
            said=number,
            found=site.earliest_stage,
        )


def check_outcome(book: Book, site: Site, plan: SitePlan, *, was_open: bool) -> None:
    """Check that what is called open stands and the reverse, and then that the word is right.

    Whether anything stands at a closed site is the business of `closed_sites`.
    """
    where, word = (site.id, plan.stage), plan.outcome
    stands = any(plan.modules.values())
    if word in OPEN:
        name, sentence, agrees = "open_site_has_module", sentences.CALLED_OPEN, stands
    else:
        agrees = not stands or site.status is SiteStatus.CLOSED
        name, sentence = "modules_need_open_site", sentences.CALLED_SHUT
    book.note(name, where, sentence, holds=agrees, said=word)
    if agrees:
        right = outcome(site, stands=stands, was_open=was_open)
        book.same("site_outcome", where, sentences.OTHER_OUTCOME, said=word, found=right)


def check_status(book: Book, site: Site, plan: SitePlan) -> None:
    """Check that required sites stand from their first stage on, and closed ones never."""
    where, number = (site.id, plan.stage), sum(plan.modules.values())
    if site.status is SiteStatus.REQUIRED and plan.stage >= site.earliest_stage:
        book.note("required_sites", where, sentences.REQUIRED, holds=number > 0)
    if site.status is SiteStatus.CLOSED:
        book.note("closed_sites", where, sentences.MUST_BE_CLOSED, holds=number == 0, said=number)


def check_budget(
    book: Book, instance: Instance, limit: Limit, sites: Sites, years: list[int]
) -> None:
    """Check the outlay of one stage."""
    now = years.index(limit.stage)
    spent = Fraction(0)
    for row in instance.modules:
        was = standing(sites, row, years[now - 1]) if now else row.built
        spent += exact(row.build_cost_cny) * (standing(sites, row, limit.stage) - was)
    most = exact(limit.value)
    book.note(
        "budget",
        (limit.kind, limit.stage),
        sentences.OVER_BUDGET,
        holds=spent <= most,
        said=spent,
        found=most,
    )


def standing(sites: Sites, row: Module, stage: int) -> int:
    """Return the number of modules that stand, those of the start where the plan is silent."""
    plan = sites.get((row.site, stage))
    return row.built if plan is None else plan.modules.get(row.module, row.built)


def check_number(book: Book, instance: Instance, limit: Limit, sites: Sites) -> None:
    """Check the number of open sites of one stage, counted by function and area."""
    places = instance.counted_places(limit)
    able = set(instance.site) if limit.function is None else doing(instance, limit.function)
    able = {site for site in able if instance.site[site].place in places}
    count = len(standing_in(sites, limit.stage) & able)
    number = exact(limit.value)
    where = (limit.kind, limit.stage, limit.function or "", limit.area or "")
    if limit.kind is LimitKind.SITES_AT_MOST:
        name, sentence, holds = "sites_at_most", sentences.TOO_MANY_SITES, count <= number
    else:
        name, sentence, holds = "sites_at_least", sentences.TOO_FEW_SITES, count >= number
    book.note(name, where, sentence, holds=holds, said=count, found=number)


def standing_in(sites: Sites, stage: int) -> set[str]:
    """Return the sites at which a module stands in a stage."""
    return {s for (s, year), plan in sites.items() if year == stage and any(plan.modules.values())}


def check_coverage(book: Book, instance: Instance, limit: Limit, sites: Sites) -> None:
    """Check that every city of an area has open sites within so many hours by road."""
    able = set(instance.site) if limit.function is None else doing(instance, limit.function)
    starts = sorted(instance.site[site].place for site in standing_in(sites, limit.stage) & able)
    within = exact(limit.hours or 0.0)
    counted = instance.counted_places(limit)
    count = Counter(
        end for start in starts for end, h in hours_by_road(instance, start).items() if h <= within
    )
    for place in instance.places:
        at_home = place.country == instance.settings.home_country
        if place.kind is PlaceKind.CITY and place.id in counted and at_home:
            where = (limit.kind, limit.stage, place.id)
            number = exact(limit.value)
            book.note(
                "coverage", where, sentences.NOT_COVERED,
                holds=count[place.id] >= number, said=count[place.id], found=number,
            )  # fmt: skip


def hours_by_road(instance: Instance, start: str) -> dict[str, Fraction]:
    """Return exact least hours by truck within the country, by Bellman and Ford's relaxation."""
    home = {p.id for p in instance.places if p.country == instance.settings.home_country}
    roads = [
        (link.from_place, link.to_place, link.both_ways, exact(link.time_h))
        for link in instance.links
        if link.mode in TRUCKS
        and link.access is Access.OPEN
        and {link.from_place, link.to_place} <= home
    ]
    found, changed = {start: Fraction(0)}, True
    while changed:
        changed = False
        for a, b, both_ways, hours in roads:
            for here, there in ((a, b), (b, a)) if both_ways else ((a, b),):
                later = found[here] + hours if here in found else None
                if later is not None and (there not in found or later < found[there]):
                    found[there], changed = later, True
    return found


def doing(instance: Instance, function: Function) -> set[str]:
    """Return the sites that count as performing a function."""
    handled = {row.site for row in instance.handling if row.function is function}
    if function in NOT_HANDLING:
        handled |= {row.site for row in instance.capacities if row.function is function}
    return handled
