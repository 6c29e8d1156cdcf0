"""How scenarios ended that were solved side by side: a sentence for each, and one table."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text as RichText

from hubopt.cli import show
from hubopt.cli.plan_view import STATUS
from hubopt.cli.scenarios import ITSELF
from hubopt.text import Text, printable
from hubopt.vocabulary import Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hubopt.cli.side_child import Ended

MILLION = 1e6

KEPT, FAILED = Text("kept", "保留"), Text("failed", "失败")
WORDS = {
    Status.OPTIMAL: Text("optimal", "最优"),
    Status.FEASIBLE: Text("verified plan", "经核验的方案"),
    Status.INFEASIBLE: Text("no plan is possible", "无可行方案"),
    Status.NO_PLAN: Text("no plan in time", "限时内无方案"),
    Status.INTERRUPTED: Text("stopped", "已中断"),
    Status.WRONG_INPUT: Text("refused", "已拒绝"),
}
"""How a scenario ended, in a word or two."""


def sentence(name: str, ended: Ended) -> Text:
    """Return in one line how a scenario ended."""
    if ended.cost_cny is None:
        word = WORDS.get(ended.status, FAILED)
        return Text(f"{name}: {word.en}", f"{name}：{word.zh}")
    how, cost, gap = STATUS[ended.status], in_millions(ended.cost_cny / MILLION), gap_of(ended)
    took = f", {ended.seconds:,.0f} s"
    if ended.kept and ended.message is not None:
        how = Text(f"kept, {ended.message.en}", f"保留（{ended.message.zh}）")
        took = ""
    return Text(
        f"{name}: {how.en}; cost {cost} million CNY, gap {gap}{took}",
        f"{name}：{how.zh}；成本 {cost} 百万元，差距 {gap}{took}",
    )


def gap_of(ended: Ended) -> str:
    """Return the gap of a plan in words."""
    return "-" if ended.gap is None else f"{100 * ended.gap:.2f} %"


def in_millions(cost: float | None) -> str:
    """Return a cost in million CNY, or a dash for none."""
    return f"{cost:,.1f}" if cost is not None and isfinite(cost) else "-"


def print_summary(ends: Iterable[tuple[str, Ended]], titles: Mapping[str, Text]) -> None:
    """Print all scenarios as one table, each with its title."""
    table = Table(box=None, pad_edge=False)
    for head in (Text("scenario", "情景"), Text("title", "标题"), Text("how it ended", "结果")):
        table.add_column(RichText(show.said(head)), overflow="fold")
    for head in (Text("cost, million CNY", "成本（百万元）"), Text("gap", "差距"),
                 Text("seconds", "秒")):  # fmt: skip
        table.add_column(RichText(show.said(head)), justify="right", no_wrap=True)
    for name, ended in ends:
        word = KEPT if ended.kept else WORDS.get(ended.status, FAILED)
        cost = None if ended.cost_cny is None else ended.cost_cny / MILLION
        took = "" if ended.kept or not ended.seconds else f"{ended.seconds:,.0f}"
        title = show.said(titles.get(name, ITSELF))
        cells = (name, title, show.said(word), in_millions(cost), gap_of(ended), took)
        table.add_row(*(RichText(printable(cell)) for cell in cells))
    show.console().print(table)
