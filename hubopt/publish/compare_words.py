"""How the figures of a comparison are called and in which unit they are, in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.publish.words import FUNCTIONS, MODES, OUTCOMES, TERMS
from hubopt.study.compare_facts import TOGETHER, Topic
from hubopt.study.movement import Change
from hubopt.text import Text
from hubopt.vocabulary import CostTerm, Function, Mode, SiteOutcome

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hubopt.instance.tables import Instance
    from hubopt.publish.words import Named
    from hubopt.study.compare import Comparison
    from hubopt.study.compare_facts import Key

TOPICS = {
    Topic.COST: Text("cost", "成本"),
    Topic.CO2E: Text("CO2e, well-to-wheel", "二氧化碳当量（全生命周期）"),
    Topic.HOURS: Text("hours on the way, mean of a tonne", "在途小时，按吨平均"),
    Topic.SHARE_OF_TKM: Text("share of tonne-kilometres", "占吨公里比重"),
    Topic.SHARE_OF_TONNES: Text(
        "share of the tonnes that travel by the mode on some leg", "部分或全程使用该方式的吨数比重"
    ),
    Topic.SITES: Text("sites", "设施数"),
    Topic.MODE_DEPARTURES: Text("departures a week by mode", "各方式每周班次"),
    Topic.DEPARTURES: Text("departures a week", "每周班次"),
    Topic.EMPTY_RUNS: Text("empty runs a week", "每周空驶"),
    Topic.UTILISATION: Text("share of the capacity taken at the peak", "高峰期能力利用率"),
    Topic.UNSERVED: Text("unserved", "未满足货运量"),
    Topic.COST_TO_SERVE: Text("cost to serve a tonne", "每吨服务成本"),
    Topic.COST_TO_SERVE_CITY: Text("cost to serve a tonne, by city", "各城市每吨服务成本"),
}
"""How each topic is called."""

UNITS = {
    Topic.COST: "CNY_per_year",
    Topic.CO2E: "t_per_year",
    Topic.HOURS: "h",
    Topic.SHARE_OF_TKM: "share",
    Topic.SHARE_OF_TONNES: "share",
    Topic.SITES: "sites",
    Topic.MODE_DEPARTURES: "per_week",
    Topic.DEPARTURES: "per_week",
    Topic.EMPTY_RUNS: "per_week",
    Topic.UTILISATION: "share",
    Topic.UNSERVED: "t_per_year",
    Topic.COST_TO_SERVE: "CNY_per_t",
    Topic.COST_TO_SERVE_CITY: "CNY_per_t",
}
"""The unit of a topic in a stage."""

WHOLE_UNITS = {
    Topic.COST: "CNY_present_value", Topic.CO2E: "t_all_years", Topic.UNSERVED: "t_all_years",
}  # fmt: skip
"""The unit of a topic over all stages, where it is another."""

ALL = Text("all", "合计")

KINDS = {
    "site": Text("site", "设施"), "link": Text("link", "线路"),
    "transfer": Text("transfer", "换装"), "service": Text("service", "班线"),
}  # fmt: skip
"""What has a capacity."""

CHANGES = {
    Change.OPENED: Text("opens", "增开"),
    Change.DROPPED: Text("dropped", "取消"),
    Change.LARGER: Text("larger", "扩大"),
    Change.SMALLER: Text("smaller", "缩小"),
    Change.OTHER_SIZE: Text("other size", "规模不同"),
}
"""What happens to a site against the base."""


def unit_of(key: Key) -> str:
    """Return the unit of a figure."""
    return UNITS[key.topic] if key.stage else WHOLE_UNITS.get(key.topic, UNITS[key.topic])


def item_name(comparison: Comparison, key: Key) -> Text:
    """Return how the term, mode, product or thing of a figure is called."""
    if key.item == TOGETHER:
        return ALL
    if key.topic in FIXED:
        return FIXED[key.topic](key.item)
    if key.topic is Topic.UTILISATION:
        return thing_name(key.item)
    for result in comparison.results:
        rows = rows_of(key.topic, result.instance)
        if key.item in rows:
            return named(rows[key.item])
    return Text(key.item, key.item)


def rows_of(topic: Topic, instance: Instance) -> Mapping[str, Named]:
    """Return the rows that have the names of a topic's items."""
    if topic in {Topic.DEPARTURES, Topic.EMPTY_RUNS}:
        return instance.service
    return instance.place if topic is Topic.COST_TO_SERVE_CITY else instance.product


FIXED: Mapping[Topic, Callable[[str], Text]] = {
    Topic.COST: lambda item: TERMS[CostTerm(item)],
    Topic.SHARE_OF_TKM: lambda item: MODES[Mode(item)],
    Topic.SHARE_OF_TONNES: lambda item: MODES[Mode(item)],
    Topic.MODE_DEPARTURES: lambda item: MODES[Mode(item)],
    Topic.SITES: lambda item: OUTCOMES[SiteOutcome(item)],
}
"""How the items are called that are words of hubopt."""


def thing_name(item: str) -> Text:
    """Return how a limited thing is called: its kind and function in words, ids as they are."""
    kind, _, rest = item.partition(" ")
    where, _, last = rest.rpartition(" ")
    if kind == "site" and last in set(Function):
        does = FUNCTIONS[Function(last)]
        return Text(f"{where}, {does.en}", f"{where}，{does.zh}")
    word = KINDS[kind]
    return Text(f"{word.en} {rest}", f"{word.zh} {rest}")


def named(row: Named) -> Text:
    """Return the names of a row, each language standing in for the other where it is blank."""
    return Text(row.name_en or row.name_zh, row.name_zh or row.name_en)


def site_name(comparison: Comparison, site: str) -> Text:
    """Return the names of a site."""
    return named(instance_with(comparison, site).site[site])


def instance_with(comparison: Comparison, site: str) -> Instance:
    """Return the first instance that knows a site."""
    return next(r.instance for r in comparison.results if site in r.instance.site)
