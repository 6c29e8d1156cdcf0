"""A comparison as one Excel workbook: what it is first, then a sheet for each table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.publish.compare_heads import HEADS, TITLES
from hubopt.publish.compare_words import gaps_text
from hubopt.publish.spread import Sheet
from hubopt.publish.words import STATUSES
from hubopt.publish.workbook import workbook_bytes
from hubopt.text import Text
from hubopt.units import CNY_PER_MCNY, FEN_PER_CNY

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hubopt.study.compare import Comparison
    from hubopt.study.compare_facts import Facts
    from hubopt.text import Language

ABOUT = "about"
LEFT_OUT = frozenset({"compare"})
"""The table that has a row for each figure of each result; `compare_figures` says the same."""


def book(comparison: Comparison, sheets: Sequence[Sheet], language: Language) -> bytes:
    """Return compare.xlsx, the same bytes for the same results."""
    order = list(TITLES)
    shown = [sheet for sheet in sheets if sheet.name not in LEFT_OUT]
    shown.sort(key=lambda sheet: order.index(sheet.name))
    about = tuple((text.en, text.zh) for text in sentences(comparison, shown))
    columns = {column for sheet in shown for column in sheet.columns}
    heads = {column: head(comparison, column) for column in columns}
    first = Sheet(ABOUT, ("en", "zh"), about)
    return workbook_bytes([first, *shown], language, TITLES, {**heads, **LANGUAGES})


LANGUAGES = {"en": Text("About this workbook", "About this workbook"), "zh": Text("说明", "说明")}


def sentences(comparison: Comparison, sheets: Sequence[Sheet]) -> Iterator[Text]:
    """Yield which results these are, how sure their differences, and what each sheet holds."""
    yield Text(
        "Results of hubopt side by side; the first is the base, all differences are from it",
        "hubopt 结果对比；首个为基准，差值均相对基准",
    )
    for number, facts in enumerate(comparison.results, start=1):
        yield result_text(facts, number)
    for number in range(1, len(comparison.results)):
        yield gaps_text(comparison, number)
    for sheet in sheets:
        title = TITLES[sheet.name]
        rows = len(sheet.rows)
        yield Text(
            f"Sheet: {title.en} ({sheet.name}.csv), {rows:,} rows",
            f"工作表：{title.zh}（{sheet.name}.csv），{rows:,} 行",
        )


def result_text(facts: Facts, number: int) -> Text:
    """Return which result has a number, what it costs and how far that is proved."""
    base = Text(" (base)", "（基准）") if number == 1 else Text("", "")
    cost = facts.outcome.cost_fen / FEN_PER_CNY / CNY_PER_MCNY
    gap = facts.plan.gap
    sure = (
        Text("no bound", "没有下界")
        if gap is None
        else Text(f"gap {100 * gap:.2f} %", f"差距 {100 * gap:.2f} %")
    )
    status, name = STATUSES[facts.plan.status], facts.plan.scenario
    return Text(
        f"{number}{base.en}: {facts.label}, scenario {name}: {cost:,.1f} million CNY,"
        f" {status.en}, {sure.en}",
        f"{number}{base.zh}：{facts.label}，情景 {name}：{cost:,.1f} 百万元，{status.zh}，"
        f"{sure.zh}",
    )


def head(comparison: Comparison, column: str) -> Text:
    """Return how a column is called, with its unit, and of which result it is."""
    name, _, number = column.rpartition("_")
    if not (number.isdigit() and name in HEADS):
        return HEADS.get(column, Text(column, column))
    text, scenario = HEADS[name], comparison.results[int(number) - 1].plan.scenario
    return Text(f"{text.en}, {number} {scenario}", f"{text.zh}，{number} {scenario}")
