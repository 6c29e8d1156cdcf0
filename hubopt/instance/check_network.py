"""Checks of links, transfers, services, customs and shipments against each other."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from hubopt.instance.codes import Code
from hubopt.instance.draft import Spot, fault
from hubopt.instance.rows import Customs, Demand, Link, Place, Service, Site, Transfer
from hubopt.text import Text
from hubopt.vocabulary import TRUCKS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubopt.errors import Finding
    from hubopt.instance.draft import Draft
    from hubopt.vocabulary import Mode

FEWEST_STOPS = 2


def directions_of(draft: Draft) -> dict[tuple[str, str, Mode], int] | None:
    """Return the row of the link for each direction, `None` if some links could not be read."""
    sheet = draft.sheet(Link)
    needed = ("from_place", "to_place", "mode", "both_ways")
    if any((sheet.table.name, name) in draft.dangling for name in needed):
        return None
    if not sheet.whole or any(name not in cells for _, cells in sheet.broken for name in needed):
        return None
    found: dict[tuple[str, str, Mode], int] = {}
    rows = [(row, k.from_place, k.to_place, k.mode, k.both_ways) for row, k in draft.rows(Link)]
    rows += [(row, *(cells[name] for name in needed)) for row, cells in sheet.broken]
    for row, a, b, mode, both_ways in rows:
        found.setdefault((a, b, mode), row)
        if both_ways:
            found.setdefault((b, a, mode), row)
    return found


def links_lead_somewhere(draft: Draft) -> Iterator[Finding]:
    """Yield a finding for each link from a place to itself and each direction given twice."""
    first: dict[tuple[str, str, Mode], tuple[int, Link]] = {}
    for row, link in draft.rows(Link):
        if link.from_place == link.to_place:
            yield fault(
                Spot(Link, row, "to_place", link.to_place),
                Code.SELF_LOOP,
                Text("the link ends where it begins", "起点与终点相同"),
                Text("delete it or correct the end", "请删除或更正终点"),
            )
            continue
        back = (link.to_place, link.from_place, link.mode)
        other = first.get(back)
        if other is not None and (link.both_ways or other[1].both_ways):
            yield twice(Spot(Link, row, "both_ways", words(value=link.both_ways)), other[0])
        first.setdefault((link.from_place, link.to_place, link.mode), (row, link))


def twice(spot: Spot, other: int) -> Finding:
    """Return the finding for a direction that another row covers already."""
    return fault(
        spot,
        Code.SAME_DIRECTION_TWICE,
        Text(f"row {other} covers this direction already", f"第 {other} 行已包含该方向"),
        Text(
            "delete this row, or write no in both_ways of both",
            "请删除该行，或两行的 both_ways 都写 no",
        ),
    )


def words(*, value: bool) -> str:
    """Return yes or no."""
    return "yes" if value else "no"


def transfers_join_modes(draft: Draft) -> Iterator[Finding]:
    """Yield a finding for each transfer to the same mode, given twice, or without links to join."""
    served = served_modes(draft)
    places = draft.ids("places") or set()
    first: dict[tuple[str, Mode, Mode], tuple[int, Transfer]] = {}
    for row, transfer in draft.rows(Transfer):
        if transfer.from_mode is transfer.to_mode:
            yield fault(
                Spot(Transfer, row, "to_mode", transfer.to_mode.value),
                Code.SAME_MODE,
                Text("the mode does not change", "运输方式没有变化"),
                Text("delete the row or correct the mode", "请删除该行或更正方式"),
            )
            continue
        other = first.get((transfer.place, transfer.to_mode, transfer.from_mode))
        if other is not None and (transfer.both_ways or other[1].both_ways):
            yield twice(Spot(Transfer, row, "both_ways", words(value=transfer.both_ways)), other[0])
        first.setdefault((transfer.place, transfer.from_mode, transfer.to_mode), (row, transfer))
        if served is not None and transfer.place in places:
            yield from unserved_modes(row, transfer, served)


def served_modes(draft: Draft) -> set[tuple[str, Mode]] | None:
    """Return where freight may have each mode in hand, `None` if that cannot be known.

    Trucks pick up and deliver at the ends of shipments and at sites, links or not.
    """
    directions = directions_of(draft)
    if directions is None or not draft.sure(Demand, Site):
        return None
    ends = {site.place for _, site in draft.rows(Site)}
    for _, demand in draft.rows(Demand):
        ends |= {demand.origin, demand.destination}
    served = {(place, mode) for a, b, mode in directions for place in (a, b)}
    return served | {(place, mode) for place in ends for mode in TRUCKS}


def unserved_modes(
    row: int, transfer: Transfer, served: set[tuple[str, Mode]]
) -> Iterator[Finding]:
    """Yield a finding for each mode of a transfer that no link brings to its place."""
    for column, mode in (("from_mode", transfer.from_mode), ("to_mode", transfer.to_mode)):
        if (transfer.place, mode) not in served:
            here = sorted(m.value for place, m in served if place == transfer.place)
            there = ", ".join(here) or "-"
            yield fault(
                Spot(Transfer, row, column, mode.value),
                Code.TRANSFER_WITHOUT_LINKS,
                Text(
                    f"no link of this mode touches {transfer.place} (there are: {there})",
                    f"{transfer.place} 没有该方式的线路（现有：{there}）",
                ),
                Text("add the link, or delete the transfer", "请添加线路，或删除该转换"),
            )


def services_run(draft: Draft) -> Iterator[Finding]:
    """Yield a finding for each service whose numbers or path cannot run."""
    directions = directions_of(draft)
    places = draft.ids("places") or set()
    for row, service in draft.rows(Service):
        if service.least_per_week > service.most_per_week:
            yield fault(
                Spot(Service, row, "least_per_week", service.least_per_week),
                Code.LEAST_ABOVE_MOST,
                Text(
                    f"is more than most_per_week ({service.most_per_week})",
                    f"大于 most_per_week（{service.most_per_week}）",
                ),
                Text("swap or correct the two", "请对调或更正"),
            )
        spot = Spot(Service, row, "path", ">".join(service.path))
        if len(service.path) < FEWEST_STOPS:
            yield fault(
                spot,
                Code.PATH_TOO_SHORT,
                Text("a path needs two stops", "path 至少要有两个地点"),
                Text("join the stops by >", "请用 > 连接各停靠地点"),
            )
        if len(set(service.path)) < len(service.path):
            yield fault(
                spot,
                Code.REPEATED_STOP,
                Text("stops at a place twice", "在同一地点停靠两次"),
                Text(
                    "write the way back as another service of the same vehicle_class",
                    "回程请另写一个服务，vehicle_class 相同",
                ),
            )
        if directions is not None and places.issuperset(service.path):
            yield from missing_legs(spot, service, directions)


def missing_legs(
    spot: Spot, service: Service, directions: dict[tuple[str, str, Mode], int]
) -> Iterator[Finding]:
    """Yield a finding for each leg of a path without a link of the service's mode."""
    for a, b in pairwise(service.path):
        if (a, b, service.mode) in directions or a == b:
            continue
        back = (b, a, service.mode) in directions
        yield fault(
            spot,
            Code.PATH_WITHOUT_LINK,
            Text(
                f"no {service.mode.value} link from {a} to {b}"
                + (", only the other way" if back else ""),
                f"从 {a} 到 {b} 没有 {service.mode.value} 线路" + ("，只有反方向" if back else ""),
            ),
            Text("write yes in its both_ways", "请把该线路的 both_ways 写为 yes")
            if back
            else Text("add the link to links.csv", "请在 links.csv 添加该线路"),
        )


def customs_stand_at_home(draft: Draft) -> Iterator[Finding]:
    """Yield a finding for each clearance at a place abroad."""
    if draft.settings is None:
        return
    home = draft.settings.home_country
    country = {place.id: place.country for _, place in draft.rows(Place)}
    if home not in country.values():
        return
    for row, customs in draft.rows(Customs):
        if country.get(customs.place, home) != home:
            yield fault(
                Spot(Customs, row, "place", customs.place),
                Code.CUSTOMS_ABROAD,
                Text(
                    f"is in {country[customs.place]}, not in the home country {home}",
                    f"位于 {country[customs.place]}，不在本国 {home}",
                ),
                Text(
                    "write the place at home from which the border is crossed",
                    "请填写本国一侧的地点",
                ),
            )


def shipments_go_somewhere(draft: Draft) -> Iterator[Finding]:
    """Yield a finding for each shipment that ends where it starts."""
    for row, demand in draft.rows(Demand):
        if demand.origin == demand.destination:
            yield fault(
                Spot(Demand, row, "destination", demand.destination),
                Code.SAME_ENDS,
                Text("the shipment ends where it starts", "起运地与目的地相同"),
                Text("delete the row or correct the destination", "请删除该行或更正目的地"),
            )
