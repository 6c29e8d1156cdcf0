"""Checks of sites, their modules and what they can do."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from hubopt.instance.codes import Code
from hubopt.instance.draft import Spot, fault
from hubopt.instance.tables import (
    Capacity,
    Demand,
    Handling,
    Limit,
    Module,
    Product,
    Site,
    Transfer,
)
from hubopt.text import Text
from hubopt.vocabulary import Function, LimitKind, SiteStatus

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubopt.errors import Finding
    from hubopt.instance.draft import Draft
    from hubopt.instance.schema import Row


def complete(draft: Draft, *records: type[Row]) -> bool:
    """Tell whether every row of these tables could be read."""
    sheets = [draft.sheet(record) for record in records]
    return all(sheet.whole and not sheet.broken for sheet in sheets)


def modules_fit_their_site(draft: Draft) -> Iterator[Finding]:
    """Yield a finding for each module whose numbers contradict themselves or the site's status."""
    status = {site.id: site.status for _, site in draft.rows(Site)}
    for row, module in draft.rows(Module):
        spot = Spot(Module, row, "built", module.built)
        if module.built > module.most:
            yield fault(
                spot,
                Code.BUILT_ABOVE_MOST,
                Text(f"is more than most ({module.most})", f"大于 most（{module.most}）"),
                Text("lower built, or raise most", "请调低 built 或调高 most"),
            )
        if module.built and status.get(module.site) in {SiteStatus.CANDIDATE, SiteStatus.CLOSED}:
            said = status[module.site].value
            yield fault(
                spot,
                Code.BUILT_AND_STATUS,
                Text(
                    f"modules stand, but {module.site} is {said}",
                    f"已有模块，但 {module.site} 为 {said}",
                ),
                Text(
                    "write 0, or make the site existing in sites.csv",
                    "请写 0，或在 sites.csv 中改为 existing",
                ),
            )


def sites_have_modules(draft: Draft) -> Iterator[Finding]:
    """Yield a finding for each site that stands or must, but without modules that could."""
    if not complete(draft, Module):
        return
    built: dict[str, int] = defaultdict(int)
    most: dict[str, int] = defaultdict(int)
    for _, module in draft.rows(Module):
        built[module.site] += module.built
        most[module.site] += module.most
    for row, site in draft.rows(Site):
        spot = Spot(Site, row, "status", site.status.value)
        if site.status in {SiteStatus.EXISTING, SiteStatus.REQUIRED} and not most[site.id]:
            yield fault(
                spot,
                Code.SITE_WITHOUT_MODULES,
                Text(f"{site.id} has no module that may stand", f"{site.id} 没有可用的模块"),
                Text(
                    "add a row to modules.csv with most of 1 or more",
                    "请在 modules.csv 中添加 most 不小于 1 的行",
                ),
            )
        elif site.status is SiteStatus.EXISTING and not built[site.id]:
            yield fault(
                spot,
                Code.BUILT_AND_STATUS,
                Text(f"no module of {site.id} is built", f"{site.id} 没有已建模块"),
                Text(
                    "write in modules.csv how many stand, or make it candidate",
                    "请在 modules.csv 填写 built，或改为 candidate",
                ),
            )


def functions_are_described(draft: Draft) -> Iterator[Finding]:
    """Yield a finding for each capacity without a handling row, and each transfer handled."""
    for row, handling in draft.rows(Handling):
        if handling.function is Function.TRANSFER:
            yield fault(
                Spot(Handling, row, "function", handling.function.value),
                Code.TRANSFER_NOT_HANDLING,
                Text("its cost and time stand in transfers.csv", "其费用和时间在 transfers.csv 中"),
                Text("delete this row", "请删除该行"),
            )
    if not complete(draft, Handling):
        return
    handled = {(row.site, row.function) for _, row in draft.rows(Handling)}
    for line, capacity in draft.rows(Capacity):
        pool = (capacity.site, capacity.function)
        if capacity.function is not Function.TRANSFER and pool not in handled:
            yield fault(
                Spot(Capacity, line, "function", capacity.function.value),
                Code.NO_HANDLING,
                Text(
                    f"{capacity.site} has no such row in handling.csv",
                    f"handling.csv 中 {capacity.site} 没有该功能",
                ),
                Text("add its cost and time to handling.csv", "请在 handling.csv 补上费用和时间"),
            )


def transfers_fit_their_site(draft: Draft) -> Iterator[Finding]:
    """Yield a finding for each transfer whose site stands elsewhere or cannot transfer."""
    place = {site.id: site.place for _, site in draft.rows(Site)}
    able = {c.site for _, c in draft.rows(Capacity) if c.function is Function.TRANSFER}
    known = complete(draft, Capacity)
    for row, transfer in draft.rows(Transfer):
        site = transfer.site
        if site is None or site not in place:
            continue
        spot = Spot(Transfer, row, "site", site)
        if place[site] != transfer.place:
            yield fault(
                spot,
                Code.OTHER_PLACE,
                Text(
                    f"stands at {place[site]}, not {transfer.place}",
                    f"位于 {place[site]}，不在 {transfer.place}",
                ),
                Text("correct the site or the place", "请更正设施或地点"),
            )
        if known and site not in able:
            yield fault(
                spot,
                Code.NO_TRANSFER_CAPACITY,
                Text("no module of it adds to transfer", "没有模块提供 transfer 能力"),
                Text(
                    "add a row to capacities.csv with function transfer (blank: no limit)",
                    "请在 capacities.csv 添加功能为 transfer 的行（留空表示不限）",
                ),
            )


def chains_can_be_done(draft: Draft) -> Iterator[Finding]:
    """Yield a finding for each product shipped whose chain has a function that no site offers."""
    if not complete(draft, Capacity, Module):
        return
    most = {(module.site, module.module): module.most for _, module in draft.rows(Module)}
    offered = {
        row.function
        for _, row in draft.rows(Capacity)
        if row.capacity_t_per_year != 0 and most.get((row.site, row.module)) != 0
    }
    shipped = {product for _, product in draft.sheet(Demand).values("product")}
    for line, product in draft.rows(Product):
        lacking = [function for function in dict.fromkeys(product.chain) if function not in offered]
        if lacking and product.id in shipped:
            names = ", ".join(lacking)
            yield fault(
                Spot(Product, line, "chain", ">".join(product.chain)),
                Code.NO_SITE_FOR_FUNCTION,
                Text(f"no site offers {names}", f"没有设施提供 {names}"),
                Text(
                    "add rows to handling.csv and capacities.csv, or shorten the chain",
                    "请在 handling.csv 和 capacities.csv 中添加，或缩短 chain",
                ),
            )


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
