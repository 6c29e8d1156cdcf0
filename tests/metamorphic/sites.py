"""Relations that add, close, require or rearrange sites and their modules."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hubopt.vocabulary import LimitKind, SiteStatus
from tests.metamorphic.relation import Sense, Twin, if_allowed, instead, limited, one_of

if TYPE_CHECKING:
    from random import Random

    from hubopt.instance.rows import Handling, Module, Site
    from hubopt.instance.tables import Instance
    from tests.metamorphic.relation import Relation
    from tests.optimum import Optimum

COUNTED_UP = (LimitKind.SITES_AT_LEAST, LimitKind.COVERAGE)
"""Kinds of limits that another site may help to meet."""


def with_copy(
    instance: Instance, site: Site, status: SiteStatus, build: float, fixed: float, slower_h: float
) -> dict[str, Any]:
    """Return tables with a second site like one of them, which costs more by so many CNY."""
    other = f"{site.id} again"

    def handled(row: Handling) -> Handling:
        return replace(row, site=other, time_h=row.time_h + slower_h)

    def sized(row: Module) -> Module:
        return replace(
            row,
            site=other,
            built=0,
            build_cost_cny=row.build_cost_cny + build,
            fixed_cost_cny_per_year=row.fixed_cost_cny_per_year + fixed,
        )

    return {
        "sites": (*instance.sites, replace(site, id=other, status=status)),
        "handling": (*instance.handling, *map(handled, of(instance.handling, site))),
        "modules": (*instance.modules, *map(sized, of(instance.modules, site))),
        "capacities": (
            *instance.capacities,
            *(replace(row, site=other) for row in of(instance.capacities, site)),
        ),
    }


def of(rows: Any, site: Site) -> list[Any]:  # noqa: ANN401
    """Return the rows of a table that belong to a site."""
    return [row for row in rows if row.site == site.id]


def has_built(instance: Instance, site: Site) -> bool:
    """Tell whether a module of a site stands at the start."""
    return any(row.built for row in of(instance.modules, site))


def candidates(instance: Instance) -> list[Site]:
    """Return the sites that may be built or not."""
    return [site for site in instance.sites if site.status is SiteStatus.CANDIDATE]


def closed_site_added(base: Optimum, rng: Random) -> Twin:
    """Add a site like another, but closed: it never opens."""
    site = rng.choice(base.instance.sites)
    tables = with_copy(base.instance, site, SiteStatus.CLOSED, 0.0, 0.0, 0.0)
    return Twin(replace(base.instance, **tables))


def site_added(base: Optimum, rng: Random) -> Twin:
    """Add a candidate like another site: a plan need not build it."""
    site = rng.choice(base.instance.sites)
    tables = with_copy(base.instance, site, SiteStatus.CANDIDATE, 0.0, 0.0, 0.0)
    return Twin(replace(base.instance, **tables), Sense.AT_MOST)


def dominated_site_added(base: Optimum, rng: Random) -> Twin | None:
    """Add a candidate beside one without limits, dearer and slower: that one can do all it does."""
    roomy = {row.site for row in base.instance.capacities if row.capacity_t_per_year is None} - {
        row.site for row in base.instance.capacities if row.capacity_t_per_year is not None
    }
    usable = [s for s in base.instance.sites if s.status is not SiteStatus.CLOSED]
    site = one_of(rng, [s for s in usable if s.id in roomy])
    if site is None or limited(base.instance, *COUNTED_UP):
        return None
    tables = with_copy(base.instance, site, SiteStatus.CANDIDATE, 1e5, 1e4, 0.5)
    return Twin(replace(base.instance, **tables))


def site_added_that_costs_more_than_all(base: Optimum, rng: Random) -> Twin | None:
    """Add a candidate whose first year costs twice the optimum: no best plan can hold it."""
    if not base.feasible:
        return None
    site = rng.choice(base.instance.sites)
    fixed = round(2e6 * base.mcny / min(base.problem.weights))
    tables = with_copy(base.instance, site, SiteStatus.CANDIDATE, 0.0, fixed, 0.0)
    return Twin(replace(base.instance, **tables))


def candidate_closed(base: Optimum, rng: Random) -> Twin | None:
    """Close a candidate: every plan without it was allowed before."""
    site = one_of(rng, candidates(base.instance))
    if site is None:
        return None
    closed = replace(site, status=SiteStatus.CLOSED)
    made = if_allowed(base.instance, sites=instead(base.instance.sites, site, closed))
    return None if made is None else Twin(made, Sense.AT_LEAST)


def candidate_required(base: Optimum, rng: Random) -> Twin | None:
    """Require a candidate: every plan with it was allowed before."""
    site = one_of(rng, candidates(base.instance))
    if site is None:
        return None
    required = replace(site, status=SiteStatus.REQUIRED)
    made = if_allowed(base.instance, sites=instead(base.instance.sites, site, required))
    return None if made is None else Twin(made, Sense.AT_LEAST)


def opened_in(base: Optimum, site: Site) -> int | None:
    """Return the first stage in which a site is open in the best plan, None if it never is."""
    if base.made is None:
        return None
    row = base.made.open[list(base.problem.sites.site_ids).index(site.id)]
    return next((base.problem.stages[t] for t in range(len(row)) if row[t]), None)


def opened_candidates_required(base: Optimum, _: Random) -> Twin | None:
    """Require all that the best plan opens, from then on: it stays the best of those allowed."""
    opened = {site.id: opened_in(base, site) for site in candidates(base.instance)}
    sites = tuple(
        replace(site, status=SiteStatus.REQUIRED, earliest_stage=year)
        if (year := opened.get(site.id)) is not None
        else site
        for site in base.instance.sites
    )
    if sites == base.instance.sites:
        return None
    return Twin(replace(base.instance, sites=sites))


def unopened_candidates_closed(base: Optimum, _: Random) -> Twin | None:
    """Close all that the best plan never opens: it stays the best of those allowed."""
    if not base.feasible:
        return None
    unused = [site for site in candidates(base.instance) if opened_in(base, site) is None]
    sites = tuple(
        replace(site, status=SiteStatus.CLOSED) if site in unused else site
        for site in base.instance.sites
    )
    made = if_allowed(base.instance, sites=sites) if unused else None
    return None if made is None else Twin(made)


def site_allowed_earlier(base: Optimum, rng: Random) -> Twin | None:
    """Let a candidate be built from the first stage on: it may be built later all the same."""
    first = base.instance.settings.stages[0].year
    late = [site for site in candidates(base.instance) if site.earliest_stage > first]
    site = one_of(rng, late)
    if site is None:
        return None
    sites = instead(base.instance.sites, site, replace(site, earliest_stage=first))
    return Twin(replace(base.instance, sites=sites), Sense.AT_MOST)


def module_in_two_names(base: Optimum, rng: Random) -> Twin | None:
    """Offer some of the modules of a size under a second name: as many may stand as before."""
    instance = base.instance
    module = one_of(rng, [row for row in instance.modules if row.most > 1])
    if module is None:
        return None
    most = rng.randint(1, module.most - 1)
    built = min(most, module.built)
    second = replace(
        module, module=f"{module.module} 2", most=module.most - most, built=module.built - built
    )
    capacities = [
        replace(row, module=second.module)
        for row in instance.capacities
        if (row.site, row.module) == (module.site, module.module)
    ]
    first = replace(module, most=most, built=built)
    return Twin(
        replace(
            instance,
            modules=instead(instance.modules, module, first, second),
            capacities=(*instance.capacities, *capacities),
        )
    )


RELATIONS: tuple[Relation, ...] = (
    closed_site_added,
    site_added,
    dominated_site_added,
    site_added_that_costs_more_than_all,
    candidate_closed,
    candidate_required,
    opened_candidates_required,
    unopened_candidates_closed,
    site_allowed_earlier,
    module_in_two_names,
)
