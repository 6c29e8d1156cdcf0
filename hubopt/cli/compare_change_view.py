"""What was changed in the input, and what goes another way for it, in the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size

from hubopt.cli import show
from hubopt.publish.compare_change_words import (
    EDITED,
    difference_text,
    group_text,
    origin_text,
    reason_text,
)
from hubopt.publish.compare_words import place_name, product_name
from hubopt.publish.why_names import tonnes
from hubopt.study.compare_inputs import grouped
from hubopt.study.compare_why import Cause
from hubopt.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubopt.study.compare import Comparison
    from hubopt.study.compare_inputs import Group
    from hubopt.study.compare_why import Rerouted

FEW = 3
"""Results of which all is told; of more each has less room."""

MOST_GROUPS, FEWER_GROUPS = 12, 4
MOST_ROUTES, FEWER_ROUTES = 10, 3
MOST_REASONS = 3
PERCENT = 100.0
NOTHING_DIFFERS = Text("the same input as the base", "输入与基准相同")


def show_inputs(comparison: Comparison) -> None:
    """Print which input of each result is not that of the base, and which entry changed it."""
    few = len(comparison.results) <= FEW
    most = MOST_GROUPS if few else FEWER_GROUPS
    show.line(Text("", ""))
    for number in range(1, len(comparison.results)):
        for text in inputs_text(comparison, number, most):
            show.line(text if few else short(text))


def short(text: Text) -> Text:
    """Return a text that fits into a line of the terminal, cut if need be."""
    width = show.console().width
    english, chinese = (
        said if cell_len(said) <= width else set_cell_size(said, width - 1).rstrip() + "…"
        for said in (text.en, text.zh)
    )
    return Text(english, chinese)


def inputs_text(comparison: Comparison, number: int, most: int) -> Iterator[Text]:
    """Yield what is changed in the input of a result, a group of cells a line."""
    changes, which = comparison.inputs[number], number + 1
    name = comparison.results[number].plan.scenario
    if not changes:
        yield Text(
            f"{which} against 1 ({name}): {NOTHING_DIFFERS.en}",
            f"{which} 对比 1（{name}）：{NOTHING_DIFFERS.zh}",
        )
        return
    yield Text(
        f"Changed in the input, {which} against 1 ({name}):",
        f"输入的变化，{which} 对比 1（{name}）：",
    )
    groups = grouped(changes)
    for group in groups[:most]:
        yield from one_group(group)
    left = len(groups) - most
    if left > 0:
        yield Text(
            f"  and {left} more; all with -o or --json", f"  另有 {left} 项；用 -o 或 --json"
        )


def one_group(group: Group) -> Iterator[Text]:
    """Yield what a group of changes does, and where it comes from below."""
    said = group_text(group)
    yield Text(f"  {said.en}", f"  {said.zh}")
    if group.first.edited:
        yield Text(f"    {EDITED.en}", f"    {EDITED.zh}")
    origin = origin_text(group.first.origins)
    if origin:
        yield Text(f"    {origin}", f"    {origin}")


def edits_text(comparison: Comparison, number: int) -> Text | None:
    """Return that the instances differ besides what scenarios change, `None` if they do not."""
    edited = sum(change.edited for change in comparison.inputs[number])
    if not edited:
        return None
    which = number + 1
    return Text(
        f"{which} and 1: {edited} cells or rows of the instance differ that no scenario changes: it"
        " was edited between the two solves, and the differences are not those of a scenario alone",
        f"{which} 与 1：算例有 {edited} 处不同不属于任何情景：两次求解之间算例被修改过，"
        "差异并非只由情景引起",
    )


def show_routes(comparison: Comparison) -> None:
    """Print the freight that goes another way, by cause, the most first, and why."""
    most = MOST_ROUTES if len(comparison.results) <= FEW else FEWER_ROUTES
    for number in range(1, len(comparison.results)):
        show.line(Text("", ""))
        for text in routes_text(comparison, number, most):
            show.line(text)


def routes_text(comparison: Comparison, number: int, most: int) -> Iterator[Text]:
    """Yield the freight of a result that goes another way."""
    routes, which = comparison.routes[number], number + 1
    name = comparison.results[number].plan.scenario
    if not routes:
        yield Text(
            f"{which} against 1 ({name}): no freight goes another way",
            f"{which} 对比 1（{name}）：没有货物改走其他路线",
        )
        return
    yield Text(
        f"Freight that goes another way, {which} against 1 ({name}), a year, all stages together:",
        f"改走其他路线的货物，{which} 对比 1（{name}），每年，各阶段合计：",
    )
    parts = [(cause, [r for r in routes if r.cause is cause]) for cause in Cause]
    for cause, some in parts:
        moved, words = tonnes(sum(route.shift.tonnes for route in some)), CAUSES[cause]
        yield Text(f"  {moved.en}: {words.en}", f"  {moved.zh}：{words.zh}")
    ranked = [route for _, some in parts for route in some]
    for route in ranked[:most]:
        yield from one_route(comparison, route)
    left = len(routes) - most
    if left > 0:
        yield Text(
            f"  and {left:,} more; all with -o or --json",
            f"  另有 {left:,} 项；用 -o 或 --json 查看全部",
        )


CAUSES = {
    Cause.INPUT: Text("by what was changed in the input", "由输入的变化引起"),
    Cause.PLAN: Text(
        "by what is full, and by sites and departures that the plan has otherwise",
        "由能力已满、设施或班次不同引起",
    ),
    Cause.INDIRECT: Text(
        "follows from other freight, or is a choice between plans that are as good",
        "由其他货流引起，或为同样好的方案之间的选择",
    ),
}
"""What is said of freight by the cause of its going another way."""


def one_route(comparison: Comparison, route: Rerouted) -> Iterator[Text]:
    """Yield what freight it is, where the two ways differ, and why."""
    shift, kind = route.shift, route.shift.kind
    goods = product_name(comparison, kind.product)
    start, end = place_name(comparison, kind.origin), place_name(comparison, kind.destination)
    moved, share = tonnes(shift.tonnes), f"{PERCENT * shift.share:.0f} %"
    yield Text(
        f"  {kind.stage} {goods.en}, {start.en} - {end.en}: {moved.en} a year ({share})",
        f"  {kind.stage} 年 {goods.zh}，{start.zh} - {end.zh}：每年 {moved.zh}（{share}）",
    )
    sides = (comparison.base, comparison.results[shift.number])
    before, after = difference_text([s.instance for s in sides], shift.before, shift.after)
    yield from ways(before, after)
    words = [reason_text(reason) for reason in route.reasons[:MOST_REASONS]]
    for first, said in enumerate(words):
        lead = Text("    because: ", "    原因：") if first == 0 else Text("      ", "      ")
        yield Text(f"{lead.en}{said.en}", f"{lead.zh}{said.zh}")


def ways(before: Text, after: Text) -> Iterator[Text]:
    """Yield where two ways differ, in one line if there is room."""
    one = Text(f"    {before.en}  ->  {after.en}", f"    {before.zh}  →  {after.zh}")
    if cell_len(show.said(one)) <= show.console().width:
        yield one
        return
    yield Text(f"    from {before.en}", f"    原 {before.zh}")
    yield Text(f"    to   {after.en}", f"    改 {after.zh}")
