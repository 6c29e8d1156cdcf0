"""The check that every shipment has some way to its destination, and what is missing if not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hubopt.instance.codes import Code
from hubopt.instance.distance import straight_km
from hubopt.instance.draft import Spot, fault
from hubopt.instance.reach import Question, Reach
from hubopt.instance.rows import Demand, Product
from hubopt.text import Text
from hubopt.vocabulary import TRUCKS, Cargo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubopt.errors import Finding
    from hubopt.instance.draft import Draft
    from hubopt.vocabulary import Function

MOST_EXPLAINED = 30
"""Shipments for which the missing link is looked for; a check lists fewer."""


def destinations_can_be_reached(draft: Draft) -> Iterator[Finding]:
    """Yield a finding for each shipment that no modes of its product can carry to its end.

    On its way it must pass a site for each function of the product's chain, in order.
    """
    reach = Reach(draft)
    product = {product.id: product for _, product in draft.rows(Product)}
    known: dict[Trip, int | None] = {}
    explained = 0
    for row, demand in draft.rows(Demand):
        goods = product[demand.product]
        trip = trip_of(reach, demand, goods)
        if trip not in known:
            known[trip] = broken_leg(reach, trip)
        leg = known[trip]
        if leg is None:
            continue
        explained += 1
        yield out_of_reach(reach, trip, (row, demand), leg, explain=explained <= MOST_EXPLAINED)


@dataclass(frozen=True)
class Trip:
    """What the way of a shipment depends on."""

    question: Question
    origin: str
    destination: str
    chain: tuple[Function, ...]


def trip_of(reach: Reach, demand: Demand, goods: Product) -> Trip:
    """Return the trip of a shipment."""
    ends = reach.place[demand.origin], reach.place[demand.destination]
    question = Question(goods.modes, ends[0].country != ends[1].country, goods.cargo)
    return Trip(question, demand.origin, demand.destination, goods.chain)


def broken_leg(reach: Reach, trip: Trip) -> int | None:
    """Return the leg of a trip that cannot be made, -1 for the whole of it, `None` if all can.

    Where freight is handled it may go on in other trucks, so that there may be a way past its sites
    and none without them.
    """
    graph = reach.graph(trip.question)
    stops = [reach.able[function] for function in trip.chain]
    leg = graph.passes(trip.origin, stops, trip.destination)
    if leg is None or graph.reaches(trip.origin, trip.destination):
        return leg
    return -1


def out_of_reach(
    reach: Reach, trip: Trip, where: tuple[int, Demand], leg: int, *, explain: bool
) -> Finding:
    """Return the finding for a shipment without a way; `explain` says why, which takes time."""
    row, demand = where
    spot = Spot(Demand, row, "destination", demand.destination)
    way = (
        f"no way {demand.origin} -> {demand.destination} for {demand.product}",
        f"{demand.product} 无法从 {demand.origin} 运到 {demand.destination}",
    )
    if leg >= 0:
        why, remedy = past_sites(trip, leg)
        return fault(spot, Code.CHAIN_OUT_OF_REACH, Text(way[0] + why.en, way[1] + why.zh), remedy)
    why, remedy, nearest = Text("", ""), Text("add what is missing", "请补上缺少的线路"), None
    if explain:
        why, remedy, nearest = reason_for(reach, trip.question, demand)
    reason = Text(way[0] + why.en, way[1] + why.zh)
    return fault(spot, Code.UNREACHABLE, reason, remedy, nearest)


def past_sites(trip: Trip, leg: int) -> tuple[Text, Text]:
    """Return why a shipment cannot be handled on its way, and what to do."""
    modes = ", ".join(sorted(trip.question.modes))
    if leg < len(trip.chain):
        function = trip.chain[leg].value
        why = Text(
            f": no site for {function} can be reached by {modes}",
            f"：用 {modes} 到不了提供 {function} 的设施",
        )
    else:
        function = trip.chain[-1].value
        why = Text(
            f": from no site for {function} can the destination be reached by {modes}",
            f"：处理 {function} 后用 {modes} 到不了目的地",
        )
    return why, Text(
        f"link a site for {function}, or allow more modes in products.csv",
        f"请把提供 {function} 的设施接入线路，或在 products.csv 允许更多方式",
    )


def reason_for(reach: Reach, question: Question, demand: Demand) -> tuple[Text, Text, str | None]:
    """Return why a shipment cannot arrive, what to add, and the nearest place that it reaches."""
    return (
        without_clearance(reach, question, demand)
        or without_range(reach, question, demand)
        or without_room(reach, question, demand)
        or without_changes(reach, question)
        or without_transfer(reach, question, demand)
        or without_link(reach, question, demand)
    )


def without_clearance(
    reach: Reach, question: Question, demand: Demand
) -> tuple[Text, Text, str | None] | None:
    """Return the customs row that is missing, `None` if customs is not what is in the way."""
    graph = reach.graph(replace(question, customs_waived=True))
    if not graph.reaches(demand.origin, demand.destination):
        return None
    if not question.international:
        return (
            Text(" without crossing the border", "：须出境绕行"),
            Text("add a way inside the country", "请添加不出境的线路"),
            None,
        )
    before, after = graph.from_origin(demand.origin), graph.to_destination(demand.destination)
    lacking = sorted(
        step.clearance
        for step in reach.steps
        if step.clearance is not None
        and step.clearance not in reach.cleared
        and step.start in before
        and step.end in after
    )
    if not lacking:
        return None
    place, mode = lacking[0]
    return (
        Text(
            f": nothing clears customs at {place} by {mode.value}",
            f"：{place} 没有 {mode.value} 的清关",
        ),
        Text("add that row to customs.csv", "请在 customs.csv 添加该行"),
        None,
    )


def without_range(
    reach: Reach, question: Question, demand: Demand
) -> tuple[Text, Text, str | None] | None:
    """Return that the only way is too far for a charge, `None` if range is not in the way."""
    endless = reach.graph(replace(question, range_waived=True))
    if not endless.reaches(demand.origin, demand.destination):
        return None
    far = sorted({step.start[1].value for step in reach.steps if step.beyond})
    modes = ", ".join(far)
    return (
        Text(
            f": out and back is beyond the range of {modes} in vehicles.csv",
            f"：往返超过 vehicles.csv 中 {modes} 的续驶里程",
        ),
        Text(
            "raise range_km, split the link at a place with chargers, or allow another mode",
            "请提高 range_km、在有充电设施的地点拆分线路，或允许其他方式",
        ),
        None,
    )


def without_room(
    reach: Reach, question: Question, demand: Demand
) -> tuple[Text, Text, str | None] | None:
    """Return that services there take other goods only, `None` if that is not the reason."""
    others = (replace(question, cargo=cargo) for cargo in Cargo if cargo is not question.cargo)
    if not any(reach.graph(q).reaches(demand.origin, demand.destination) for q in others):
        return None
    cargo = question.cargo.value
    return (
        Text(f": no service on the way takes {cargo} goods", f"：沿途班次不装载 {cargo} 货物"),
        Text(
            f"add {cargo} to cargo in services.csv, or correct the product's",
            f"请在 services.csv 的 cargo 中加上 {cargo}，或更正该产品的 cargo",
        ),
        None,
    )


def without_changes(reach: Reach, question: Question) -> tuple[Text, Text, str | None] | None:
    """Return that no place changes modes at all, `None` if some do or the goods need none."""
    if reach.changes_modes or not question.modes - TRUCKS or not question.modes & TRUCKS:
        return None
    return (
        Text(": transfers.csv has no change of mode", "：transfers.csv 中没有任何方式转换"),
        Text("add the changes of mode to transfers.csv", "请在 transfers.csv 添加方式转换"),
        None,
    )


def without_transfer(
    reach: Reach, question: Question, demand: Demand
) -> tuple[Text, Text, str | None] | None:
    """Return the transfer that would do, `None` if no single one would."""
    graph = reach.graph(question)
    before, after = graph.from_origin(demand.origin), graph.to_destination(demand.destination)
    modes_after: dict[str, list[str]] = {}
    for place, mode in sorted(after):
        modes_after.setdefault(place, []).append(mode.value)
    start, end = reach.place[demand.origin], reach.place[demand.destination]
    found = [
        (straight_km(start, reach.place[place]) + straight_km(reach.place[place], end), place, mode)
        for place, mode in before
        if place in modes_after
    ]
    if not found:
        return None
    _, place, mode = min(found)
    to_mode = modes_after[place][0]
    return (
        Text(
            f"; stops at {place} (no {mode.value}-{to_mode} transfer)",
            f"；止于 {place}（没有 {mode.value} 到 {to_mode} 的转换）",
        ),
        Text("add the transfer to transfers.csv", "请在 transfers.csv 添加该转换"),
        place,
    )


def without_link(reach: Reach, question: Question, demand: Demand) -> tuple[Text, Text, str | None]:
    """Return the nearest place that a shipment reaches, or at which end nothing moves at all."""
    end = reach.place[demand.destination]
    graph = reach.graph(question)
    before = {place for place, _ in graph.from_origin(demand.origin)} - {demand.origin}
    modes = ", ".join(sorted(question.modes))
    remedy = Text(
        "add the link or service, or allow more modes in products.csv",
        "请添加线路或班列航班，或在 products.csv 允许更多方式",
    )
    if not before:
        why = f": nothing leaves {demand.origin} by {modes}"
        return Text(why, f"：没有 {modes} 离开 {demand.origin}"), remedy, None
    if all(place == demand.destination for place, _ in graph.to_destination(demand.destination)):
        why = f": nothing arrives at {demand.destination} by {modes}"
        return Text(why, f"：没有 {modes} 到达 {demand.destination}"), remedy, None
    gap, place = min((straight_km(reach.place[name], end), name) for name in before)
    why = f" by {modes}; it comes no nearer than {place}, {gap:.0f} km away"
    return Text(why, f"（{modes}）；最近只到 {place}，相距 {gap:.0f} km"), remedy, place
