"""Checks of limits against what must stand whatever the plan."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from typing import TYPE_CHECKING

from hubopt.instance.codes import Code
from hubopt.instance.draft import Spot, fault
from hubopt.instance.road_hours import road_hours, roads_at_home
from hubopt.instance.rows import Capacity, Handling, Limit, Link, Module, Place, Site
from hubopt.text import Text
from hubopt.units import exact
from hubopt.vocabulary import NOT_HANDLING, Function, LimitKind, PlaceKind, SiteStatus

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hubopt.errors import Finding
    from hubopt.instance.draft import Draft

MOST_NAMED = 5
"""Sites that a message names; the rest are counted."""


def in_force(draft: Draft, kind: LimitKind) -> Iterator[tuple[int, Limit]]:
    """Yield the limits of a kind that hold, with their rows; all of them if none can be known."""
    for row, limit in draft.rows(Limit):
        asleep = limit.policy is not None and (
            draft.settings is None or limit.policy not in draft.settings.policies
        )
        if limit.kind is kind and not asleep:
            yield row, limit


def places_counted(draft: Draft, limit: Limit) -> set[str]:
    """Return the places that a limit counts."""
    area = limit.area
    return {p.id for _, p in draft.rows(Place) if area in {None, p.region, p.zone}}


def budgets_pay_for_required_sites(draft: Draft) -> Iterator[Finding]:
    """Yield a finding for each budget below the cheapest modules of sites required in its stage.

    A required site without modules must get one in its earliest stage, neither sooner nor later.
    """
    if not draft.sure(Module, Site):
        return
    built = {module.site for _, module in draft.rows(Module) if module.built}
    costs: dict[str, list[Fraction]] = defaultdict(list)
    for _, module in draft.rows(Module):
        if module.most:
            costs[module.site].append(exact(module.build_cost_cny))
    for row, limit in in_force(draft, LimitKind.BUDGET):
        due = [
            site.id
            for _, site in draft.rows(Site)
            if site.status is SiteStatus.REQUIRED
            and site.earliest_stage == limit.stage
            and site.id not in built
            and costs[site.id]
        ]
        least = sum((min(costs[site]) for site in due), Fraction(0))
        if exact(limit.value) < least:
            yield fault(
                Spot(Limit, row, "value", f"{limit.value:,.10g}"),
                Code.BUDGET_TOO_SMALL,
                Text(
                    f"CNY is below {float(least):,.10g}, the least for the required sites"
                    f" {named(due)}",
                    f"元低于必建设施 {named(due)} 的最低投资 {float(least):,.10g} 元",
                ),
                Text(
                    "raise the budget, or make a site candidate in sites.csv",
                    "请提高预算，或在 sites.csv 中把设施改为 candidate",
                ),
            )


def able_sites(draft: Draft) -> set[tuple[str, Function]]:
    """Return the functions that sites count as performing."""
    return {(row.site, row.function) for _, row in draft.rows(Handling)} | {
        (row.site, row.function) for _, row in draft.rows(Capacity) if row.function in NOT_HANDLING
    }


def counted_sites(draft: Draft, limit: Limit, able: set[tuple[str, Function]]) -> Iterator[Site]:
    """Yield the sites that a limit counts, open or not."""
    places = places_counted(draft, limit)
    for _, site in draft.rows(Site):
        does = limit.function is None or (site.id, limit.function) in able
        if does and (site.place in places or limit.kind is LimitKind.COVERAGE):
            yield site


def limits_leave_room_for_standing_sites(draft: Draft) -> Iterator[Finding]:
    """Yield a finding for each number of sites below those that stand or are required."""
    if not draft.sure(Module, Site, Handling, Capacity, Place):
        return
    built = {module.site for _, module in draft.rows(Module) if module.built}
    able = able_sites(draft)
    for row, limit in in_force(draft, LimitKind.SITES_AT_MOST):
        sure = [
            site.id
            for site in counted_sites(draft, limit, able)
            if stands(site, built, limit.stage)
        ]
        if len(sure) > limit.value:
            yield fault(
                Spot(Limit, row, "value", f"{limit.value:g}"),
                Code.SITES_ABOVE_LIMIT,
                Text(
                    f"is less than the {len(sure)} sites that stand or are required: {named(sure)}",
                    f"小于已有和必建的 {len(sure)} 个设施：{named(sure)}",
                ),
                Text(
                    "raise it, or close sites in sites.csv",
                    "请调高，或在 sites.csv 中关闭设施",
                ),
            )


def enough_sites_may_open(draft: Draft) -> Iterator[Finding]:
    """Yield a finding for each least number of sites above those that may be open at all."""
    if draft.settings is None or not draft.sure(Module, Site, Handling, Capacity, Place):
        return
    able, possible = able_sites(draft), may_stand(draft)
    for row, limit in in_force(draft, LimitKind.SITES_AT_LEAST):
        sites = [
            site.id
            for site in counted_sites(draft, limit, able)
            if (site.id, limit.stage) in possible
        ]
        if len(sites) < limit.value:
            yield fault(
                Spot(Limit, row, "value", f"{limit.value:g}"),
                Code.TOO_FEW_SITES,
                Text(
                    f"is more than the sites that may be open there: {named(sites) or 'none'}",
                    f"多于该处可开放的设施：{named(sites) or '无'}",
                ),
                Text("lower it, or add candidate sites", "请调低，或添加候选设施"),
            )


def cities_can_be_covered(draft: Draft) -> Iterator[Finding]:
    """Yield a finding for each city that too few sites could reach in time."""
    if draft.settings is None or not draft.sure(Module, Site, Handling, Capacity, Place, Link):
        return
    home = frozenset(p.id for _, p in draft.rows(Place) if p.country == draft.settings.home_country)
    roads = roads_at_home([link for _, link in draft.rows(Link)], home)
    able, possible = able_sites(draft), may_stand(draft)
    hours: dict[str, Mapping[str, float]] = {}
    for row, limit in in_force(draft, LimitKind.COVERAGE):
        sites = [s for s in counted_sites(draft, limit, able) if (s.id, limit.stage) in possible]
        for start in {site.place for site in sites} - set(hours):
            hours[start] = road_hours(roads, start)
        counted = places_counted(draft, limit)
        for _, place in draft.rows(Place):
            if place.kind is not PlaceKind.CITY or place.id not in counted & home:
                continue
            reach = sorted(hours[site.place].get(place.id, float("inf")) for site in sites)
            near = sum(h <= (limit.hours or 0.0) for h in reach)
            if near < limit.value:
                yield out_of_reach(row, limit, place, near, [*reach, float("inf")][near])


def out_of_reach(row: int, limit: Limit, place: Place, near: int, following: float) -> Finding:
    """Return the finding for a city that too few sites could reach in time."""
    within = f"{limit.hours:g}"
    closest = "" if following == float("inf") else f"; the next is {following:.2f} h away"
    closest_zh = "" if following == float("inf") else f"；下一个需 {following:.2f} 小时"
    return fault(
        Spot(Limit, row, "hours", within),
        Code.OUT_OF_REACH,
        Text(
            f"only {near} sites that may be open reach {place.id} within {within} h{closest}",
            f"{within} 小时内可达 {place.id} 的可开放设施只有 {near} 个{closest_zh}",
        ),
        Text("allow more hours, or add candidate sites", "请放宽时间，或添加候选设施"),
    )


def may_stand(draft: Draft) -> set[tuple[str, int]]:
    """Return (site, stage) of all sites that stand or may be built by then."""
    most = {module.site for _, module in draft.rows(Module) if module.most}
    built = {module.site for _, module in draft.rows(Module) if module.built}
    return {
        (site.id, stage)
        for _, site in draft.rows(Site)
        for stage in draft.stages or ()
        if site.status is not SiteStatus.CLOSED
        and (site.id in built or (site.id in most and stage >= site.earliest_stage))
    }


def stands(site: Site, built: set[str], stage: int) -> bool:
    """Tell whether a site is open in a stage whatever the plan."""
    if site.status is SiteStatus.CLOSED:
        return False
    required = site.status is SiteStatus.REQUIRED and site.earliest_stage <= stage
    return site.id in built or required


def named(sites: list[str]) -> str:
    """Return the first of some sites by name and the number of the others."""
    more = len(sites) - MOST_NAMED
    return ", ".join(sorted(sites)[:MOST_NAMED]) + (f" + {more}" if more > 0 else "")
