"""A table of a comparison on a terminal: each result beside its difference, or differences only.

Where a line of all results is wider than the terminal, the table has the base and the differences
alone, of what differs, and as many results at a time as there is room for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size

from hubopt.cli import show
from hubopt.publish.compare_words import MARK, NOTHING, TOPICS, figure, item_name
from hubopt.study.compare_facts import TOGETHER, Topic
from hubopt.text import Text
from hubopt.units import CNY_PER_MCNY, T_PER_KT

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hubopt.study.compare import Comparison, Line

PERCENT = 100.0
APART, WIDEST_LABEL = 2, 40
"""Spaces between columns, and the width of labels where there is little room."""

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


def title(topic: Topic) -> Text:
    """Return the title of a topic's table, with its unit."""
    name, unit = TOPICS[topic], UNITS.get(topic)
    return name if unit is None else Text(f"{name.en}, {unit.en}", f"{name.zh}，{unit.zh}")


def table(comparison: Comparison, head: Text, lines: Iterable[Line]) -> None:
    """Print lines as a table, each result beside its difference from the base if there is room."""
    found = list(lines)
    if not found:
        return
    rows = [row(comparison, line) for line in found]
    heads = [show.said(head), "1"]
    for number in range(2, len(comparison.results) + 1):
        heads += [str(number), f"{number} - 1"]
    show.line(Text("", ""))
    if width_of([heads, *rows]) <= show.console().width:
        show.grid("", heads, rows)
    else:
        differences(comparison, head, found)


def differences(comparison: Comparison, head: Text, lines: Sequence[Line]) -> None:
    """Print what the base says and how the results differ, so many at a time as there is room."""
    numbers = range(1, len(comparison.results))
    rows = [row(comparison, line) for line in lines]
    moved = [cells for cells in rows if any(cell not in {NOTHING, "-"} for cell in cells[3::2])]
    show.line(head)
    if not moved:
        show.line(Text("  the same in all results", "  各结果相同"))
        return
    here = [n for n in numbers if any(cells[1 + 2 * n] not in {NOTHING, "-"} for cells in moved)]
    heads = ["", "1", *(f"{number + 1} - 1" for number in here)]
    pages(
        heads,
        [[shortened(cells[0]), cells[1], *(cells[1 + 2 * n] for n in here)] for cells in moved],
    )
    same = ", ".join(str(number + 1) for number in numbers if number not in here)
    if same:
        show.line(Text(f"  as in 1: {same}", f"  与 1 相同：{same}"))


def pages(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table in parts that fit the terminal, each with the first two columns."""
    widths = [max(map(cell_len, column)) + APART for column in zip(heads, *rows, strict=True)]
    room = show.console().width - widths[0] - widths[1] + APART
    for part in parts(widths[2:], room):
        here = [0, 1, *(2 + n for n in part)]
        show.grid("", [heads[n] for n in here], [[cells[n] for n in here] for cells in rows])


def parts(widths: Sequence[int], room: int) -> list[range]:
    """Return columns in as few parts as fit, with about as many columns each."""
    count = len(widths)
    for size in range(1, count + 1):
        each = -(-count // size)
        found = [range(n, min(n + each, count)) for n in range(0, count, each)]
        if all(sum(widths[n] for n in part) <= room for part in found):
            return found
    return [range(n, n + 1) for n in range(count)]


def width_of(rows: Iterable[Sequence[str]]) -> int:
    """Return how wide a table is."""
    columns = list(zip(*rows, strict=True))
    return sum(max(map(cell_len, column)) for column in columns) + APART * (len(columns) - 1)


def shortened(label: str) -> str:
    """Return a label that leaves room for figures."""
    if cell_len(label) <= WIDEST_LABEL:
        return label
    return set_cell_size(label, WIDEST_LABEL - 1).rstrip() + "…"


def row(comparison: Comparison, line: Line) -> list[str]:
    """Return a line as cells."""
    scale = SCALES.get(line.key.topic, 1.0)
    cells = [label(comparison, line), scaled(line.values[0], scale)]
    for number, value in list(enumerate(line.values))[1:]:
        change = line.change(number)
        shown = scaled(change, scale, plus=True)
        mark = f" {MARK}" if shown != NOTHING and comparison.within_gaps(line, number) else ""
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
