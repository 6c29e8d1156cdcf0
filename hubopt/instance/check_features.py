"""Checks of what single rows may ask of sites: chargers of links, functions of a type of hub."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.instance.codes import Code
from hubopt.instance.draft import Spot, fault
from hubopt.instance.rows import Capacity, Link, Site
from hubopt.text import Text
from hubopt.vocabulary import HUB_FUNCTIONS, Access, Function, Mode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubopt.errors import Finding
    from hubopt.instance.draft import Draft


def chargers_fit_their_links(draft: Draft) -> Iterator[Finding]:
    """Yield a finding for each link whose chargers stand elsewhere, are none, or are not needed."""
    place = {site.id: site.place for _, site in draft.rows(Site)}
    places = draft.ids("places") or set()
    able = {c.site for _, c in draft.rows(Capacity) if c.function is Function.CHARGING}
    for row, link in draft.rows(Link):
        site = link.charging_site
        if site is None:
            continue
        spot = Spot(Link, row, "charging_site", site)
        if link.mode is not Mode.ROAD_BATTERY or link.access is not Access.OPEN:
            yield not_driven_on_batteries(spot, link)
        if site in place and {place[site], link.from_place, link.to_place} <= places:
            yield from chargers_at_an_end(spot, link, place[site])
        if site in place and site not in able and draft.sure(Capacity):
            yield fault(
                spot,
                Code.NO_CHARGER,
                Text("no module of it adds to charging", "没有模块提供 charging 能力"),
                Text(
                    "add a row to capacities.csv with function charging (blank: no limit)",
                    "请在 capacities.csv 添加功能为 charging 的行（留空表示不限）",
                ),
            )


def not_driven_on_batteries(spot: Spot, link: Link) -> Finding:
    """Return the finding for chargers of a link on which no battery truck drives by itself."""
    return fault(
        spot,
        Code.CHARGER_NOT_NEEDED,
        Text(
            f"only open road_battery links have chargers; this one is {link.access.value}"
            f" {link.mode.value}",
            f"只有 open 的 road_battery 线路才有充换电设施；本行为 {link.access.value}"
            f" {link.mode.value}",
        ),
        Text("leave the cell blank, or correct mode and access", "请留空，或更正 mode 与 access"),
    )


def chargers_at_an_end(spot: Spot, link: Link, place: str) -> Iterator[Finding]:
    """Yield the finding for chargers that stand at neither end of their link."""
    if place not in {link.from_place, link.to_place}:
        yield fault(
            spot,
            Code.OTHER_PLACE,
            Text(
                f"stands at {place}, at neither end of the link"
                f" ({link.from_place}, {link.to_place})",
                f"位于 {place}，不在线路两端（{link.from_place}、{link.to_place}）",
            ),
            Text(
                "name a site at one of the ends, where trucks charge between trips",
                "请填写位于线路一端的设施，车辆在往返之间充电",
            ),
        )


def hubs_keep_to_their_type(draft: Draft) -> Iterator[Finding]:
    """Yield a finding for each capacity for a function that its site's type may not perform."""
    kind = {site.id: site.hub_type for _, site in draft.rows(Site)}
    for row, capacity in draft.rows(Capacity):
        hub = kind.get(capacity.site)
        if hub is None or capacity.function in HUB_FUNCTIONS[hub]:
            continue
        may = ", ".join(sorted(HUB_FUNCTIONS[hub]))
        yield fault(
            Spot(Capacity, row, "function", capacity.function.value),
            Code.NOT_FOR_HUB_TYPE,
            Text(
                f"{capacity.site} is a {hub.value} hub, which may do: {may}",
                f"{capacity.site} 为 {hub.value} 枢纽，可承担：{may}",
            ),
            Text(
                "delete this row, or correct or clear hub_type in sites.csv",
                "请删除该行，或在 sites.csv 更正或清空 hub_type",
            ),
        )
