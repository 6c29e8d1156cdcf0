"""A comparison in the terminal: the price of a policy first, then tables, then how sure it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.cli import show
from hubopt.cli.plan_view import certainty
from hubopt.cli.price_view import show_prices
from hubopt.publish.compare_words import CHANGES, TOPICS, item_name, site_name
from hubopt.study.compare_facts import ALL_STAGES, TOGETHER, Topic
from hubopt.text import Text
from hubopt.units import CNY_PER_MCNY, FEN_PER_CNY, T_PER_KT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hubopt.study.compare import Comparison, Line

PERCENT, WHOLE_FROM, LEAST_SHOWN = 100.0, 100.0, 5e-4
MOST_ROWS = 12
"""Rows of a table that lists what differs; the file holds all of them."""

MARK = " ~"
"""What stands behind a difference that the gaps leave open."""

NOTHING = "0"
"""How a figure is shown that rounds to nothing."""

SCALES = {
    Topic.COST: 1 / CNY_PER_MCNY, Topic.CO2E: 1 / T_PER_KT, Topic.UNSERVED: 1 / T_PER_KT,
    Topic.SHARE_OF_TKM: PERCENT, Topic.SHARE_OF_TONNES: PERCENT, Topic.UTILISATION: PERCENT,
}  # fmt: skip
"""What figures are multiplied by, to be read easily."""

UNITS = {
    Topic.COST: Text("million CNY a year", "百万元/年"),
    Topic.CO2E: Text("kt a year", "千吨/年"),
    Topic.HOURS: Text("h", "小时"),
    Topic.SHARE_OF_TKM: Text("%", "%"),
    Topic.SHARE_OF_TONNES: Text("%", "%"),
    Topic.UTILISATION: Text("%", "%"),
    Topic.UNSERVED: Text("kt a year", "千吨/年"),
    Topic.COST_TO_SERVE: Text("CNY/t", "元/吨"),
    Topic.COST_TO_SERVE_CITY: Text("CNY/t", "元/吨"),
}
"""The units of the tables; a topic without one is a number."""

PER_STAGE = (Topic.COST, Topic.CO2E, Topic.HOURS, Topic.UNSERVED)
"""Topics of which each stage has one figure over all items."""

ALWAYS = (Topic.SHARE_OF_TKM, Topic.SHARE_OF_TONNES, Topic.SITES, Topic.MODE_DEPARTURES)
"""Topics shown whole."""

WHERE_DIFFERENT = (
    Topic.HOURS, Topic.DEPARTURES, Topic.EMPTY_RUNS, Topic.UTILISATION, Topic.UNSERVED,
    Topic.COST_TO_SERVE, Topic.COST_TO_SERVE_CITY,
)  # fmt: skip
"""Topics of which only what differs most is shown."""


def show_all(comparison: Comparison) -> None:
    """Print prices of policies, every table, and what a reader must know."""
    show_prices(comparison)
    show_results(comparison)
    terms = [x for x in comparison.about(Topic.COST) if x.key.stage == ALL_STAGES and any(x.values)]
    table(comparison, Text("million CNY, present value", "百万元，现值"), terms)
    for topic in PER_STAGE:
        lines = [x for x in comparison.about(topic) if x.key.stage and x.key.item == TOGETHER]
        table(comparison, title(topic), lines)
    for topic in ALWAYS:
        table(comparison, title(topic), [x for x in comparison.about(topic) if any(x.values)])
    show_sites(comparison)
    for topic in WHERE_DIFFERENT:
        show_differing(comparison, topic)
    for text in remarks(comparison):
        show.line(text)


def show_results(comparison: Comparison) -> None:
    """Print which result has which number, and what is proved of it."""
    for number, facts in enumerate(comparison.results, start=1):
        sure = certainty(facts.plan.status, facts.plan.gap, facts.plan.gap_basis)
        cost = figure(facts.outcome.cost_fen / FEN_PER_CNY / CNY_PER_MCNY)
        base = Text(" (base)", "（基准）") if number == 1 else Text("", "")
        name = facts.plan.scenario
        show.line(
            Text(
                f"{number}{base.en}: {facts.label}, scenario {name}: {cost} million CNY, {sure.en}",
                f"{number}{base.zh}：{facts.label}，情景 {name}：{cost} 百万元，{sure.zh}",
            )
        )


def title(topic: Topic) -> Text:
    """Return the title of a topic's table, with its unit."""
    name, unit = TOPICS[topic], UNITS.get(topic)
    return name if unit is None else Text(f"{name.en}, {unit.en}", f"{name.zh}，{unit.zh}")


def table(comparison: Comparison, head: Text, lines: Iterable[Line]) -> None:
    """Print lines as a table, each result beside its difference from the base."""
    rows = [row(comparison, line) for line in lines]
    if not rows:
        return
    heads = [show.said(head), "1"]
    for number in range(2, len(comparison.results) + 1):
        heads += [str(number), f"{number} - 1"]
    show.line(Text("", ""))
    show.grid("", heads, rows)


def row(comparison: Comparison, line: Line) -> list[str]:
    """Return a line as cells."""
    scale = SCALES.get(line.key.topic, 1.0)
    cells = [label(comparison, line), scaled(line.values[0], scale)]
    for number, value in list(enumerate(line.values))[1:]:
        change = line.change(number)
        shown = scaled(change, scale, plus=True)
        mark = MARK if shown != NOTHING and comparison.within_gaps(line, number) else ""
        cells += [scaled(value, scale), shown + mark]
    return cells


def label(comparison: Comparison, line: Line) -> str:
    """Return what a row is of: the stage, and the item unless it is all of them."""
    stage, item = line.key.stage, line.key.item
    if stage and item == TOGETHER:
        return str(stage)
    name = show.said(item_name(comparison, line.key))
    return f"{stage} {name}" if stage else name


def scaled(value: float | None, scale: float, *, plus: bool = False) -> str:
    """Return a figure in the unit of its table, a stroke for none."""
    return "-" if value is None else figure(value * scale, plus=plus)


def figure(value: float, *, plus: bool = False) -> str:
    """Return a number with three digits that count, whole if it is large, signed if asked for."""
    if abs(value) < LEAST_SHOWN:
        return NOTHING
    text = f"{abs(value):,.0f}" if abs(value) >= WHOLE_FROM else f"{abs(value):.3g}"
    sign = "-" if value < 0 else "+" if plus else ""
    return sign + text


def show_sites(comparison: Comparison) -> None:
    """Print the sites that stand in one result and not in the other, or in another size."""
    for number in range(1, len(comparison.results)):
        changes = comparison.site_changes(number)
        stages = sorted({change.stage for change in changes})
        for stage in stages:
            names = [
                (CHANGES[c.change], site_name(comparison, c.site))
                for c in changes
                if c.stage == stage
            ]
            english = "; ".join(f"{name.en} ({word.en})" for word, name in names)
            chinese = "；".join(f"{name.zh}（{word.zh}）" for word, name in names)
            show.line(
                Text(
                    f"{stage}, {number + 1} against 1: {english}",
                    f"{stage} 年，{number + 1} 对比 1：{chinese}",
                )
            )
        if not stages:
            show.line(
                Text(
                    f"{number + 1} against 1: the same sites in the same sizes",
                    f"{number + 1} 对比 1：设施与规模相同",
                )
            )


def show_differing(comparison: Comparison, topic: Topic) -> None:
    """Print what differs in a topic, the most first; what one result has not at all comes last."""
    scale, name = SCALES.get(topic, 1.0), title(topic)
    lines = [
        line
        for line in comparison.about(topic)
        if line.key.item != TOGETHER and widest(line) * scale >= LEAST_SHOWN
    ]
    lines.sort(key=lambda line: (None in line.values, -widest(line), line.key.order))
    head = Text(f"{name.en}, where it differs", f"{name.zh}，有差异者")
    table(comparison, head, lines[:MOST_ROWS])
    left = len(lines) - MOST_ROWS
    if left > 0:
        show.line(
            Text(
                f"and {left} that differ less; all with -o or --json",
                f"另有 {left} 项差异较小；用 -o 或 --json 查看全部",
            )
        )


def widest(line: Line) -> float:
    """Return the widest difference of a line; a figure without a counterpart counts whole."""
    known = [value for value in line.values if value is not None]
    if len(known) < len(line.values):
        return max(map(abs, known), default=0.0)
    return max(abs(value - known[0]) for value in known)


def remarks(comparison: Comparison) -> Iterator[Text]:
    """Yield what the gaps leave open."""
    for number in range(1, len(comparison.results)):
        gaps, which = comparison.gaps_cny(number), number + 1
        if gaps is None:
            yield Text(
                f"{which} and 1: a result has no bound, so that no difference in cost is proved",
                f"{which} 与 1：有结果没有下界，成本差异均未得到证明",
            )
            continue
        amount = figure(gaps / CNY_PER_MCNY)
        yield Text(
            f"{which} and 1: the gaps together are {amount} million CNY;{MARK} marks a difference"
            " in cost that is smaller, and may be noise",
            f"{which} 与 1：两者差距合计 {amount} 百万元；{MARK.strip()} 标出小于此值的成本差异，"
            "可能只是求解误差",
        )
        if comparison.within_gaps(comparison.cost(), number):
            yield Text(
                f"{which} and 1: so may what differs in sites, modes, times and CO2e: plans that"
                " are as good, as far as is proved, need not differ so",
                f"{which} 与 1：设施、方式、时间与排放的差异同样可能只是误差："
                "就已证明的范围而言，同样好的方案未必有这些差异",
            )
