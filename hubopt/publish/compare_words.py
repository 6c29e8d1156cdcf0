"""How the figures of a comparison are called and in which unit they are, in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.publish.words import FUNCTIONS, MODES, OUTCOMES, TERMS
from hubopt.study.compare_facts import TOGETHER, Topic
from hubopt.study.movement import Change
from hubopt.text import Text
from hubopt.units import CNY_PER_MCNY
from hubopt.vocabulary import CostTerm, Function, Mode, SiteOutcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from hubopt.instance.tables import Instance, Limit
    from hubopt.publish.words import Named
    from hubopt.study.compare import Comparison, Line
    from hubopt.study.compare_facts import Facts, Key

TOPICS = {
    Topic.COST: Text("cost", "成本"),
    Topic.CO2E: Text("CO2e, well-to-wheel", "二氧化碳当量（全生命周期）"),
    Topic.HOURS: Text("hours on the way, mean of a tonne", "在途小时，按吨平均"),
    Topic.SHARE_OF_TKM: Text("share of tonne-kilometres", "占吨公里比重"),
    Topic.SHARE_OF_TONNES: Text(
        "share of the tonnes that travel by the mode on some leg", "部分或全程使用该方式的吨数比重"
    ),
    Topic.SITES: Text("number of sites", "设施数"),
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

DECIMALS = 6
WHOLE_FROM, LEAST_SHOWN = 100.0, 5e-4

MARK = "~"
"""What stands behind a difference that the gaps leave open."""

NOTHING = "0"
"""How a figure is shown that rounds to nothing."""

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


def gaps_text(comparison: Comparison, number: int) -> Text:
    """Return how large the gaps of a result and the base are together, and what `~` marks."""
    gaps, which = comparison.gaps_cny(number), number + 1
    if gaps is None:
        return Text(
            f"{which} and 1: a result has no bound, so that no difference in cost is proved",
            f"{which} 与 1：有结果没有下界，成本差异均未得到证明",
        )
    amount = figure(gaps / CNY_PER_MCNY)
    return Text(
        f"{which} and 1: the gaps together are {amount} million CNY; {MARK} marks a difference"
        " in cost that is smaller, and may be noise",
        f"{which} 与 1：两者差距合计 {amount} 百万元；{MARK} 标出小于此值的成本差异，"
        "可能只是求解误差",
    )


def figure(value: float, *, plus: bool = False) -> str:
    """Return a number with three digits that count, whole if it is large, signed if asked for."""
    if abs(value) < LEAST_SHOWN:
        return NOTHING
    text = f"{abs(value):,.0f}" if abs(value) >= WHOLE_FROM else f"{abs(value):.3g}"
    sign = "-" if value < 0 else "+" if plus else ""
    return sign + text


def place_of_site(comparison: Comparison, site: str) -> str:
    """Return the place of a site."""
    return instance_with(comparison, site).site[site].place


def service_name(comparison: Comparison, service: str) -> tuple[Text, str]:
    """Return the names of a service, its id where it has none, and its mode."""
    row = next(
        r.instance.service[service] for r in comparison.results if service in r.instance.service
    )
    name = named(row)
    return Text(name.en or service, name.zh or service), row.mode.value


def product_name(comparison: Comparison, product: str) -> Text:
    """Return the names of a product, in the first instance that knows it."""
    return first_named((r.instance.product for r in comparison.results), product)


def place_name(comparison: Comparison, place: str) -> Text:
    """Return the names of a place, in the first instance that knows it."""
    return first_named((r.instance.place for r in comparison.results), place)


def first_named(sides: Iterable[Mapping[str, Named]], ident: str) -> Text:
    """Return the names of a row in the first result that has it, its id where it has none."""
    name = next((named(rows[ident]) for rows in sides if ident in rows), Text("", ""))
    return Text(name.en or ident, name.zh or ident)


def instance_with(comparison: Comparison, site: str) -> Instance:
    """Return the first instance that knows a site."""
    return next(r.instance for r in comparison.results if site in r.instance.site)


def limit_text(limit: Limit) -> str:
    """Return a limit as the words of its row in limits.csv."""
    cells = (
        limit.kind.value, limit.stage, limit.function, limit.goods, limit.area, limit.mode,
        None if limit.hours is None else f"{limit.hours:g} h", f"{limit.value:g}",
    )  # fmt: skip
    return " ".join(str(cell) for cell in cells if cell is not None)


def modules(facts: Facts, site: str, stage: int) -> str:
    """Return the modules of a site that stand in a stage, as text."""
    standing = (facts.outcome.sites or {}).get(site, {}).get(str(stage), {})
    return " + ".join(f"{number} {name}" for name, number in standing.items())


def tidy(line: Line, value: float | None) -> float | None:
    """Return a figure of a line without digits that mean nothing: money to the fen."""
    if value is None or line.key.topic is not Topic.COST:
        return rounded(value)
    return round(value, 2)


def rounded(value: float | None) -> float | None:
    """Return a figure with the decimals that a table shows."""
    return None if value is None else round(value, DECIMALS)
