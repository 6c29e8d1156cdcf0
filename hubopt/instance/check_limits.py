"""Checks of limits against what must stand whatever the plan."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from typing import TYPE_CHECKING

from hubopt.instance.codes import Code
from hubopt.instance.draft import Spot, fault
from hubopt.instance.rows import Capacity, Handling, Limit, Module, Site
from hubopt.text import Text
from hubopt.units import exact
from hubopt.vocabulary import Function, LimitKind, SiteStatus

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubopt.errors import Finding
    from hubopt.instance.draft import Draft

MOST_NAMED = 5
"""Sites that a message names; the rest are counted."""


def limits_are_whole(draft: Draft) -> Iterator[Finding]:
    """Yield a finding for each number of sites that is not whole, and each budget of a function."""
    for row, limit in draft.rows(Limit):
        if limit.kind is LimitKind.SITES_AT_MOST and limit.value != int(limit.value):
            yield fault(
                Spot(Limit, row, "value", f"{limit.value:g}"),
                Code.NOT_WHOLE,
                Text("is not a whole number of sites", "设施数不是整数"),
                Text(
                    f"write {int(limit.value)} or {int(limit.value) + 1}",
                    f"请写 {int(limit.value)} 或 {int(limit.value) + 1}",
                ),
            )
        if limit.kind is LimitKind.BUDGET and limit.function is not None:
            yield fault(
                Spot(Limit, row, "function", limit.function.value),
                Code.BAD_SETTING,
                Text("a budget covers all sites", "预算针对全部设施"),
                Text("leave the cell blank", "请留空"),
            )


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
    for row, limit in draft.rows(Limit):
        if limit.kind is not LimitKind.BUDGET:
            continue
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


def limits_leave_room_for_standing_sites(draft: Draft) -> Iterator[Finding]:
    """Yield a finding for each number of sites below those that stand or are required."""
    if not draft.sure(Module, Site, Handling, Capacity):
        return
    built = {module.site for _, module in draft.rows(Module) if module.built}
    able = {(row.site, row.function) for _, row in draft.rows(Handling)} | {
        (row.site, row.function)
        for _, row in draft.rows(Capacity)
        if row.function is Function.TRANSFER
    }
    for row, limit in draft.rows(Limit):
        if limit.kind is not LimitKind.SITES_AT_MOST:
            continue
        sure = [
            site.id
            for _, site in draft.rows(Site)
            if stands(site, built, limit.stage)
            and (limit.function is None or (site.id, limit.function) in able)
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
