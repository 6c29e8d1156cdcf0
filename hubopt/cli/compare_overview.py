"""Many results on a terminal, one line each: cost, time, CO2e and what stays behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.cli import show
from hubopt.cli.compare_grid import SCALES, scaled
from hubopt.publish.compare_words import MARK, figure
from hubopt.study.compare_facts import ALL_STAGES, TOGETHER, Key, Topic
from hubopt.text import Text
from hubopt.units import CNY_PER_MCNY, FEN_PER_CNY

if TYPE_CHECKING:
    from hubopt.study.compare import Comparison
    from hubopt.study.compare_facts import Facts

PERCENT = 100.0
TOPICS = (Topic.HOURS, Topic.CO2E, Topic.UNSERVED)
HEADS = (
    Text("scenario", "情景"), Text("cost", "成本"), Text("%", "%"), Text("gaps", "差距合计"),
    Text("h a tonne", "小时/吨"), Text("CO2e, kt", "排放，千吨"),
    Text("unserved, kt", "未运，千吨"),
)  # fmt: skip


def show_overview(comparison: Comparison) -> None:
    """Print one line for each result: what it says more or less than the base."""
    show.line(
        Text(
            "Against 1: cost in million CNY of present value, the rest over all years",
            "与 1 之差：成本为现值百万元，其余为全期",
        )
    )
    rows = [base_row(comparison)]
    rows += [other_row(comparison, number) for number in range(1, len(comparison.results))]
    show.grid("", [show.said(head) for head in HEADS], rows)


def base_row(comparison: Comparison) -> list[str]:
    """Return the line of the base: its own figures."""
    gap = comparison.base.outcome.gap_fen
    cells = [f"1 {name_of(comparison, comparison.base)} {show.said(Text('(base)', '（基准）'))}"]
    cells.append(figure((comparison.cost().values[0] or 0.0) / CNY_PER_MCNY))
    cells += ["", "-" if gap is None else figure(gap / FEN_PER_CNY / CNY_PER_MCNY)]
    for topic in TOPICS:
        found = comparison.line.get(Key(topic, ALL_STAGES, TOGETHER))
        value = None if found is None else found.values[0]
        cells.append(scaled(value, SCALES.get(topic, 1.0)))
    return cells


def other_row(comparison: Comparison, number: int) -> list[str]:
    """Return the line of another result: its differences from the base."""
    cost, gaps = comparison.cost(), comparison.gaps_cny(number)
    change, base = cost.change(number) or 0.0, cost.values[0]
    noise = f" {MARK}" if comparison.within_gaps(cost, number) else ""
    cells = [f"{number + 1} {name_of(comparison, comparison.results[number])}"]
    cells.append(figure(change / CNY_PER_MCNY, plus=True) + noise)
    cells.append(f"{PERCENT * change / base:+.2f}" if base else "-")
    cells.append("-" if gaps is None else figure(gaps / CNY_PER_MCNY))
    for topic in TOPICS:
        found = comparison.line.get(Key(topic, ALL_STAGES, TOGETHER))
        moved = None if found is None else found.change(number)
        cells.append(scaled(moved, SCALES.get(topic, 1.0), plus=True))
    return cells


def name_of(comparison: Comparison, facts: Facts) -> str:
    """Return the scenario of a result, its folder if several are of that scenario."""
    same = [one for one in comparison.results if one.plan.scenario == facts.plan.scenario]
    return facts.plan.scenario if len(same) == 1 else facts.label
