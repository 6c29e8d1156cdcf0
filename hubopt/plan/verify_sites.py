"""Rules of siting: what stands, where, from when on, and at what outlay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.units import exact
from hubopt.vocabulary import Function, LimitKind, SiteOutcome, SiteStatus

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hubopt.instance.tables import Instance, Limit, Site
    from hubopt.plan.plan import SitePlan
    from hubopt.plan.report import Book

    Sites = Mapping[tuple[str, int], SitePlan]


def check_sites(book: Book, instance: Instance, sites: Sites) -> None:
    """Check modules, outcomes and limits of all sites in all stages."""
    years = [stage.year for stage in instance.settings.stages]
    for site in instance.sites:
        before = built(instance, site.id)
        was_open = any(before.values())
        for year in years:
            plan = sites.get((site.id, year))
            if plan is None:
                continue
            where = f"{site.id} {year}"
            check_modules(book, instance, site, plan, before)
            stands = any(plan.modules.values())
            right = outcome(site, stands=stands, was_open=was_open)
            book.same(
                "open_site_has_module" if not stands else "modules_need_open_site",
                where,
                plan.outcome.value,
                right.value,
            )
            check_status(book, site, plan, stands=stands)
            before, was_open = dict(plan.modules), stands
    for limit in instance.limits:
        check_limit(book, instance, limit, sites, years)


def built(instance: Instance, site: str) -> dict[str, int]:
    """Return the modules of a site that stand before the first stage."""
    return {m.module: m.built for m in instance.modules if m.site == site}


def outcome(site: Site, *, stands: bool, was_open: bool) -> SiteOutcome:
    """Return the word for what happens to a site in a stage."""
    if site.status is SiteStatus.CLOSED:
        return SiteOutcome.CLOSED
    if not stands:
        return SiteOutcome.NOT_CHOSEN
    return SiteOutcome.KEPT if was_open else SiteOutcome.OPENED


def check_modules(
    book: Book, instance: Instance, site: Site, plan: SitePlan, before: Mapping[str, int]
) -> None:
    """Check that modules stay, stay within their most, and are new only from the first stage on."""
    for row in instance.modules:
        if row.site != site.id:
            continue
        number, was = plan.modules[row.module], before[row.module]
        where = f"{site.id} {row.module} {plan.stage}"
        book.note("modules_stay", where, holds=number >= was, said=number, found=f"at least {was}")
        book.note(
            "modules_need_open_site",
            where,
            holds=number <= row.most,
            said=number,
            found=f"at most {row.most}",
        )
        early = plan.stage < site.earliest_stage and number > row.built
        book.note(
            "modules_need_open_site",
            where,
            holds=not early,
            said=number,
            found=f"not before {site.earliest_stage}",
        )


def check_status(book: Book, site: Site, plan: SitePlan, *, stands: bool) -> None:
    """Check that required sites stand from their first stage on, and closed ones never."""
    where = f"{site.id} {plan.stage}"
    if site.status is SiteStatus.REQUIRED and plan.stage >= site.earliest_stage:
        book.note("required_sites", where, holds=stands, said="no module", found="required")
    if site.status is SiteStatus.CLOSED:
        number = sum(plan.modules.values())
        book.note("closed_sites", where, holds=not stands, said=f"{number} modules", found="closed")


def check_limit(
    book: Book, instance: Instance, limit: Limit, sites: Sites, years: list[int]
) -> None:
    """Check one limit on outlay or number of sites."""
    where = f"{limit.kind} {limit.stage} {limit.function or ''}".strip()
    if limit.kind is LimitKind.BUDGET:
        now = years.index(limit.stage)
        spent = sum(
            exact(row.build_cost_cny)
            * (
                standing(sites, row.site, row.module, limit.stage, row.built)
                - (
                    standing(sites, row.site, row.module, years[now - 1], row.built)
                    if now
                    else row.built
                )
            )
            for row in instance.modules
        )
        holds = spent <= exact(limit.value)
        book.note("budget", where, holds=holds, said=float(spent), found=f"at most {limit.value}")
        return
    able = set(instance.site) if limit.function is None else doing(instance, limit.function)
    count = sum(
        any(plan.modules.values())
        for (site, stage), plan in sites.items()
        if stage == limit.stage and site in able
    )
    book.note(
        "sites_at_most",
        where,
        holds=count <= limit.value,
        said=count,
        found=f"at most {limit.value:g}",
    )


def standing(sites: Sites, site: str, module: str, stage: int, default: int) -> int:
    """Return the number of modules that stand, `default` where the plan is silent."""
    plan = sites.get((site, stage))
    return default if plan is None else plan.modules.get(module, default)


def doing(instance: Instance, function: Function) -> set[str]:
    """Return the sites that count as performing a function."""
    handled = {row.site for row in instance.handling if row.function is function}
    if function is Function.TRANSFER:
        handled |= {row.site for row in instance.capacities if row.function is function}
    return handled
