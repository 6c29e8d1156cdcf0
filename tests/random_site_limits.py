"""Random limits on sites and on what there is room for, near to what the best plan does."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hubopt.instance.tables import Instance, Limit
from hubopt.vocabulary import Function, LimitKind, SiteStatus
from tests.random_instances import roomy

if TYPE_CHECKING:
    import random

    from tests.random_free import Free

CONSOLIDATION = Function.CONSOLIDATION
ON_SITES = {LimitKind.SITES_AT_MOST, LimitKind.BUDGET}
"""Kinds of limits that are refused below what must stand."""


def add(instance: Instance, limit: Limit, **tables: object) -> Instance:
    """Return the instance under one limit more, instead of one that counts the same."""
    others = tuple(row for row in instance.limits if replace(row, value=limit.value) != limit)
    return with_room(instance, limits=(*others, limit), **tables)


def with_room(instance: Instance, **tables: object) -> Instance:
    """Return the instance with other tables, its limits raised to what must stand in any plan."""
    made = {"sites": instance.sites, "limits": instance.limits, **tables}
    made["limits"] = tuple(
        roomy(row, made["sites"], instance.modules) if row.kind in ON_SITES else row  # type: ignore[arg-type]
        for row in made["limits"]  # type: ignore[attr-defined]
    )
    return replace(instance, **made)  # type: ignore[arg-type]


def any_stage(rng: random.Random, instance: Instance) -> int:
    """Return the year of some stage."""
    return rng.choice([stage.year for stage in instance.settings.stages])


def able(instance: Instance, stage: int) -> list[str]:
    """Return the centres that may stand in a stage."""
    return [
        site.id
        for site in instance.sites
        if site.id != "TERM" and site.status is not SiteStatus.CLOSED
        and site.earliest_stage <= stage
    ]  # fmt: skip


def fewer_sites(rng: random.Random, instance: Instance, free: Free) -> Instance:
    """Allow one site less than would stand."""
    stage = any_stage(rng, instance)
    function = rng.choice([None, CONSOLIDATION])
    standing = free.standing(stage) - (set() if function is None else {"TERM"})
    most = float(max(0, len(standing) - 1))
    return add(instance, Limit(LimitKind.SITES_AT_MOST, stage, function, most))


def less_money(rng: random.Random, instance: Instance, free: Free) -> Instance:
    """Allow a part of what would be built with, or a little more."""
    spent = {stage.year: free.spent_cny(stage.year) for stage in instance.settings.stages}
    stage = rng.choice([year for year, cny in spent.items() if cny] or [*spent])
    most = float(round(spent[stage] * rng.choice([0.4, 0.7, 0.99, 1.05])))
    return add(instance, Limit(LimitKind.BUDGET, stage, None, most))


def more_sites(rng: random.Random, instance: Instance, free: Free) -> Instance:
    """Ask for one centre more than would stand, if that many may."""
    stage = any_stage(rng, instance)
    most = len(able(instance, stage))
    number = float(min(most, len(free.standing(stage) - {"TERM"}) + 1))
    limit = Limit(LimitKind.SITES_AT_LEAST, stage, CONSOLIDATION, number, area="CN")
    return add(instance, limit) if most else instance


def dearer_site(rng: random.Random, instance: Instance, _: Free) -> Instance:
    """Close the cheaper of two centres, or let it wait, and ask for a centre all the same."""
    first, last = instance.settings.stages[0].year, instance.settings.stages[-1].year
    cost = {m.site: m.build_cost_cny + 5 * m.fixed_cost_cny_per_year for m in instance.modules}
    built = {module.site for module in instance.modules if module.built}
    centres = able(instance, first)
    cheap = min(centres, key=lambda site: cost[site], default="")
    if len(centres) < 2 or cheap in built:
        return instance
    late = {"earliest_stage": last} if last > first else {"status": SiteStatus.CLOSED}
    how = rng.choice([late, {"status": SiteStatus.CLOSED}])
    sites = tuple(replace(s, **how) if s.id == cheap else s for s in instance.sites)  # type: ignore[arg-type]
    limit = Limit(LimitKind.SITES_AT_LEAST, first, CONSOLIDATION, 1.0, area="CN")
    return add(instance, limit, sites=sites)


def coverage(rng: random.Random, instance: Instance, free: Free) -> Instance:
    """Ask for a centre near every city, or for two within reach where one would stand."""
    stage = any_stage(rng, instance)
    may = len(able(instance, stage))
    near = rng.random() < 0.5 and may > 1
    number = 1 if near else min(may, 1 + len(free.standing(stage) - {"TERM"}))
    hours = 0.5 if near else 30.0
    limit = Limit(
        LimitKind.COVERAGE, stage, CONSOLIDATION, float(number), area="CN", hours=hours
    )  # fmt: skip
    return add(instance, limit) if may else instance


def more_use(rng: random.Random, instance: Instance, free: Free) -> Instance:
    """Ask some centre to handle more than it would, or else something."""
    here = rng.randrange(len(instance.handling))
    row = instance.handling[here]
    used = [
        t for (key, _), t in free.best.used_t.items() if key == ("pool", row.site, row.function)
    ]
    least = round(max(used, default=300.0) * rng.choice([0.9, 1.1, 1.4, 2.0]), 1)
    changed = replace(row, least_t_per_year=least)
    rows = instance.handling
    return replace(instance, handling=(*rows[:here], changed, *rows[here + 1 :]))


def less_room(rng: random.Random, instance: Instance, free: Free) -> Instance:
    """Make a link, a change of mode or a site too small for what would use it."""
    keys = sorted({key for key, _ in free.best.used_t if key[0] != "leg"}, key=str)
    kind = rng.choice(sorted({key[0] for key in keys}, key=str) or [""])
    if not keys:
        return instance
    key = rng.choice([key for key in keys if key[0] == kind])
    used = max(t for (thing, _), t in free.best.used_t.items() if thing == key)
    return narrowed(instance, key, max(1.0, round(used * rng.choice([0.4, 0.7, 0.95]))))


def narrowed(instance: Instance, key: tuple[str | int, ...], tonnes: float) -> Instance:
    """Return the instance with so much room for one thing: at a site, in each module."""
    if key[0] == "pool":
        rows = tuple(
            replace(row, capacity_t_per_year=tonnes) if (row.site, row.function) == key[1:] else row
            for row in instance.capacities
        )
        return replace(instance, capacities=rows)
    table, here = str(key[0]) + "s", int(key[1])
    rows = getattr(instance, table)
    changed = replace(rows[here], capacity_t_per_year=tonnes)
    return replace(instance, **{table: (*rows[:here], changed, *rows[here + 1 :])})  # type: ignore[arg-type]


def site_ruled(rng: random.Random, instance: Instance, free: Free) -> Instance:
    """Require a site that would not stand, or let one that would be built wait or stay closed."""
    stands = free.standing(instance.settings.stages[0].year)
    built = {module.site for module in instance.modules if module.built}
    here = rng.randrange(len(instance.sites))
    site = instance.sites[here]
    if site.id in built:
        changed = replace(site, earliest_stage=instance.settings.stages[-1].year)
    elif site.id in stands:
        late = {"earliest_stage": instance.settings.stages[-1].year}
        changed = replace(site, **rng.choice([late, {"status": SiteStatus.CLOSED}]))  # type: ignore[arg-type]
    else:
        changed = replace(site, status=SiteStatus.REQUIRED)
    sites = (*instance.sites[:here], changed, *instance.sites[here + 1 :])
    return with_room(instance, sites=sites)


def more_runs(rng: random.Random, instance: Instance, free: Free) -> Instance:
    """Ask a service to run once a week more than it would, or all that it can."""
    here = rng.randrange(len(instance.services))
    service = instance.services[here]
    runs = 0 if free.best.made is None else int(min(free.best.made.departures[here]))
    changed = replace(service, least_per_week=min(service.most_per_week, runs + 1))
    rows = instance.services
    return replace(instance, services=(*rows[:here], changed, *rows[here + 1 :]))


SITE_MAKERS = (
    fewer_sites, less_money, more_sites, dearer_site, coverage, more_use, less_room, site_ruled,
    more_runs,
)  # fmt: skip
