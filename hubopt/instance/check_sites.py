"""Checks of sites, their modules and what they can do."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from hubopt.instance.codes import Code
from hubopt.instance.draft import Spot, fault
from hubopt.instance.rows import (
    Capacity,
    Demand,
    Handling,
    Module,
    Product,
    Site,
    Transfer,
)
from hubopt.text import Text
from hubopt.vocabulary import NOT_HANDLING, Function, SiteStatus

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubopt.errors import Finding
    from hubopt.instance.draft import Draft


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
    if not draft.sure(Module):
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
    """Yield a finding for each capacity without a handling row, and each row for no handling."""
    for row, handling in draft.rows(Handling):
        if handling.function in NOT_HANDLING:
            yield fault(
                Spot(Handling, row, "function", handling.function.value),
                Code.TRANSFER_NOT_HANDLING,
                Text(
                    "its cost and time stand in transfers.csv or links.csv",
                    "其费用和时间在 transfers.csv 或 links.csv 中",
                ),
                Text("delete this row", "请删除该行"),
            )
    if not draft.sure(Handling):
        return
    handled = {(row.site, row.function) for _, row in draft.rows(Handling)}
    sites = draft.ids("sites") or set()
    for line, capacity in draft.rows(Capacity):
        pool = (capacity.site, capacity.function)
        if capacity.site in sites and capacity.function not in NOT_HANDLING and pool not in handled:
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
    places = draft.ids("places") or set()
    able = {c.site for _, c in draft.rows(Capacity) if c.function is Function.TRANSFER}
    known = draft.sure(Capacity)
    for row, transfer in draft.rows(Transfer):
        site = transfer.site
        if site is None or site not in place:
            continue
        spot = Spot(Transfer, row, "site", site)
        if place[site] != transfer.place and {place[site], transfer.place} <= places:
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
    if not draft.sure(Capacity, Module):
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


def required_sites_can_work(draft: Draft) -> Iterator[Finding]:
    """Yield a finding for each function that a required site is to have, but with no capacity."""
    if not draft.sure(Capacity, Module):
        return
    required = {site.id for _, site in draft.rows(Site) if site.status is SiteStatus.REQUIRED}
    most = {(module.site, module.module): module.most for _, module in draft.rows(Module)}
    rows: dict[tuple[str, Function], list[tuple[int, float | None]]] = defaultdict(list)
    for line, row in draft.rows(Capacity):
        if row.site in required and most.get((row.site, row.module)):
            rows[row.site, row.function].append((line, row.capacity_t_per_year))
    for (site, function), found in rows.items():
        if all(capacity == 0 for _, capacity in found):
            yield fault(
                Spot(Capacity, found[0][0], "capacity_t_per_year", "0"),
                Code.REQUIRED_WITHOUT_CAPACITY,
                Text(
                    f"{site} is required, but could do no {function.value}",
                    f"{site} 为 required，但没有 {function.value} 能力",
                ),
                Text(
                    "raise the capacity, or make the site candidate in sites.csv",
                    "请提高能力，或在 sites.csv 中改为 candidate",
                ),
            )
