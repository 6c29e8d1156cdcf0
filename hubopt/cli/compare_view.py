"""A comparison in the terminal: the price of a policy first, then what was changed, tables, routes.

Three results stand beside each other in full. Of more there is one line each, and the tables show
what differs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.cli import show
from hubopt.cli.compare_change_view import FEW, edits_text, show_inputs, show_routes
from hubopt.cli.compare_grid import SCALES, pages, table, title
from hubopt.cli.compare_overview import show_overview
from hubopt.cli.plan_view import certainty
from hubopt.cli.price_view import show_prices
from hubopt.instance.scenario import BASE
from hubopt.publish.compare_words import (
    CHANGES,
    LEAST_SHOWN,
    MARK,
    figure,
    gaps_text,
    modules,
    site_name,
)
from hubopt.publish.words import OUTCOMES
from hubopt.study.compare_facts import ALL_STAGES, TOGETHER, Topic
from hubopt.study.movement import FLIPS
from hubopt.text import Text
from hubopt.units import CNY_PER_MCNY, FEN_PER_CNY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubopt.study.compare import Comparison, Line
    from hubopt.study.compare_facts import Facts

MOST_SITES, FEWER_SITES = 30, 20
MOST_ROWS = 12
"""Rows of a table that lists what differs; the file holds all of them."""

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
    """Print prices of policies, what was changed, every table, and what a reader must know."""
    show_prices(comparison)
    show_results(comparison)
    show_inputs(comparison)
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
    show_fullest(comparison)
    show_routes(comparison)
    for text in remarks(comparison):
        show.line(text)


def show_results(comparison: Comparison) -> None:
    """Print which result has which number, and what is proved of it."""
    if len(comparison.results) > FEW:
        show_overview(comparison)
        return
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


def show_sites(comparison: Comparison) -> None:
    """Print the sites that stand in one result and not in the other, or in another size."""
    numbers = range(1, len(comparison.results))
    if len(comparison.results) <= FEW:
        for number in numbers:
            for text in sites_text(comparison, number):
                show.line(text)
    changes = [change for number in numbers for change in comparison.site_changes(number)]
    flips = {(change.stage, change.site) for change in changes if change.change in FLIPS}
    where = sorted(
        {(change.stage, change.site) for change in changes}, key=lambda w: (w not in flips, w)
    )
    if not where:
        return
    rows, most = [], MOST_SITES if len(comparison.results) <= FEW else FEWER_SITES
    for stage, site in where[:most]:
        cells = [standing(facts, site, stage) for facts in comparison.results]
        rest = ["=" if cell == cells[0] else cell for cell in cells[1:]]
        rows.append([f"{stage} {show.said(site_name(comparison, site))}", cells[0], *rest])
    show.line(Text("", ""))
    show.line(Text("sites, where they differ (= as in 1)", "设施，有差异者（= 与 1 相同）"))
    pages(["", *(str(number) for number in range(1, len(comparison.results) + 1))], rows)
    left = len(where) - most
    if left > 0:
        show.line(
            Text(f"and {left} more; all with -o or --json", f"另有 {left} 项；用 -o 或 --json")
        )


def standing(facts: Facts, site: str, stage: int) -> str:
    """Return what a result says of a site in a stage: outcome and modules."""
    found = (row for row in facts.plan.sites if (row.site, row.stage) == (site, stage))
    row = next(found, None)
    if row is None:
        return "-"
    return f"{show.said(OUTCOMES[row.outcome])} {modules(facts, site, stage)}".strip()


def sites_text(comparison: Comparison, number: int) -> Iterator[Text]:
    """Yield the sites of each stage that a result has otherwise than the base."""
    changes = comparison.site_changes(number)
    stages = sorted({change.stage for change in changes})
    for stage in stages:
        names = [
            (CHANGES[c.change], site_name(comparison, c.site)) for c in changes if c.stage == stage
        ]
        english = "; ".join(f"{name.en} ({word.en})" for word, name in names)
        chinese = "；".join(f"{name.zh}（{word.zh}）" for word, name in names)
        yield Text(
            f"{stage}, {number + 1} against 1: {english}",
            f"{stage} 年，{number + 1} 对比 1：{chinese}",
        )
    if not stages:
        yield Text(
            f"{number + 1} against 1: the same sites in the same sizes",
            f"{number + 1} 对比 1：设施与规模相同",
        )


def show_fullest(comparison: Comparison) -> None:
    """Print the capacities that are used most in any result."""
    lines = sorted(
        comparison.about(Topic.UTILISATION),
        key=lambda line: (
            -max(value or 0.0 for value in line.values),
            -spread(line),
            line.key.order,
        ),
    )
    name = title(Topic.UTILISATION)
    head = Text(f"{name.en}, the fullest", f"{name.zh}，最满者")
    table(comparison, head, lines[:MOST_ROWS])


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


def spread(line: Line) -> float:
    """Return how far apart the figures of a line are; one that is not there counts as nothing."""
    known = [value or 0.0 for value in line.values]
    return max(known) - min(known)


def widest(line: Line) -> float:
    """Return the widest difference of a line; a figure without a counterpart counts whole."""
    known = [value for value in line.values if value is not None]
    if len(known) < len(line.values):
        return max(map(abs, known), default=0.0)
    return max(abs(value - known[0]) for value in known)


def remarks(comparison: Comparison) -> Iterator[Text]:
    """Yield what the gaps leave open, and what a reader may not expect."""
    numbers = range(1, len(comparison.results))
    yield from base_comes_late(comparison)
    if len(comparison.results) > FEW:
        yield MARKED
    for number in numbers:
        which = number + 1
        if len(comparison.results) <= FEW:
            yield gaps_text(comparison, number)
        edited = edits_text(comparison, number)
        if edited is not None:
            yield edited
        if comparison.gaps_cny(number) is not None and comparison.within_gaps(
            comparison.cost(), number
        ):
            yield Text(
                f"{which} and 1: so may what differs in sites, modes, times and CO2e: plans that"
                " are as good, as far as is proved, need not differ so",
                f"{which} 与 1：设施、方式、时间与排放的差异同样可能只是误差："
                "就已证明的范围而言，同样好的方案未必有这些差异",
            )


def base_comes_late(comparison: Comparison) -> Iterator[Text]:
    """Yield that all is compared with another scenario than base, which comes later."""
    scenarios = [facts.plan.scenario for facts in comparison.results]
    if BASE in scenarios and scenarios[0] != BASE:
        which = scenarios.index(BASE) + 1
        yield Text(
            f"all is compared with 1 ({scenarios[0]}); the scenario base is {which}: name it first"
            " to compare with it",
            f"均以 1（{scenarios[0]}）为基准；情景 base 是 {which}：如要与其对比，请将其写在最前",
        )


MARKED = Text(
    f"{MARK} marks a difference in cost that is smaller than the gaps of both results together, or"
    " of which a result proves nothing for want of a bound: it may be noise",
    f"{MARK} 标出小于两者差距合计的成本差异，或因没有下界而未得到证明的差异：可能只是求解误差",
)
