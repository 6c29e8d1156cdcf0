"""The check that every shipment has some way to its destination, and what is missing if not."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hubopt.instance.codes import Code
from hubopt.instance.distance import straight_km
from hubopt.instance.draft import Spot, fault
from hubopt.instance.reach import Question, Reach
from hubopt.instance.tables import Demand, Product
from hubopt.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubopt.errors import Finding
    from hubopt.instance.draft import Draft

MOST_EXPLAINED = 30
"""Shipments for which the missing link is looked for; a check lists fewer."""


def destinations_can_be_reached(draft: Draft) -> Iterator[Finding]:
    """Yield a finding for each shipment that no modes of its product can carry to its end."""
    reach = Reach(draft)
    product = {product.id: product for _, product in draft.rows(Product)}
    explained = 0
    for row, demand in draft.rows(Demand):
        ends = reach.place[demand.origin], reach.place[demand.destination]
        goods = product[demand.product]
        question = Question(goods.modes, ends[0].country != ends[1].country, goods.cargo)
        if reach.graph(question).reaches(demand.origin, demand.destination):
            continue
        explained += 1
        why, remedy, nearest = (
            explain(reach, question, demand)
            if explained <= MOST_EXPLAINED
            else (Text("", ""), Text("add what is missing", "请补上缺少的线路"), None)
        )
        way = f"{demand.origin} -> {demand.destination}"
        yield fault(
            Spot(Demand, row, "destination", demand.destination),
            Code.UNREACHABLE,
            Text(
                f"no way {way} for {demand.product}{why.en}",
                f"{demand.product} 无法从 {demand.origin} 运到 {demand.destination}{why.zh}",
            ),
            remedy,
            nearest,
        )


def explain(reach: Reach, question: Question, demand: Demand) -> tuple[Text, Text, str | None]:
    """Return why a shipment cannot arrive, what to add, and the nearest place that it reaches."""
    return (
        without_clearance(reach, question, demand)
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
    """Return the nearest place that a shipment reaches."""
    end = reach.place[demand.destination]
    before = reach.graph(question).from_origin(demand.origin)
    gap, place = min((straight_km(reach.place[place], end), place) for place, _ in before)
    modes = ", ".join(sorted(question.modes))
    return (
        Text(
            f" by {modes}; it comes no nearer than {place}, {gap:.0f} km away",
            f"（{modes}）；最近只到 {place}，相距 {gap:.0f} km",
        ),
        Text(
            "add the link or service, or allow more modes in products.csv",
            "请添加线路或班列航班，或在 products.csv 允许更多方式",
        ),
        place,
    )
