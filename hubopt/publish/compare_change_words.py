"""What was changed in the input, and why freight goes another way, in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.network.steps import Handle, Move, Ride
from hubopt.publish.compare_words import CHANGES, limit_text, thing_name
from hubopt.publish.words import MODES
from hubopt.study.compare_inputs import What, number
from hubopt.study.compare_things import turns
from hubopt.study.compare_why import Why
from hubopt.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hubopt.instance.overlay_trace import Origin
    from hubopt.instance.tables import Instance
    from hubopt.network.steps import Step
    from hubopt.study.compare_inputs import Group, InputChange
    from hubopt.study.compare_ways import Way
    from hubopt.study.compare_why import Reason

APART_FROM = 10_000
NAMED, LONGEST = 4, 60
"""Rows of a group that are named, and the characters of a value that are shown."""

BLANK = Text("blank", "空")
EDITED = Text("in no scenario: the instance itself was edited", "不属于任何情景：算例本身被修改过")
BEHIND = Text("stays behind", "未运")
ROWS_WORDS = {
    What.ADDED: Text("added", "新增"),
    What.REMOVED: Text("removed", "删除"),
}


def group_text(group: Group) -> Text:
    """Return what a group of changes does to which rows, as `services ...: 2 rows x 1.15`."""
    first, many = group.first, len(group.changes)
    rows = Text("1 row" if many == 1 else f"{many} rows", f"{many} 行")
    names = named_rows(group)
    where = " ".join(part for part in (first.table, first.column) if part)
    if first.what is not What.CHANGED:
        word = ROWS_WORDS[first.what]
        return Text(
            f"{where}: {rows.en} {word.en}{names.en}", f"{where}：{word.zh}{rows.zh}{names.zh}"
        )
    done = done_text(group)
    if not first.key:
        return Text(f"{where}: {done.en}", f"{where}：{done.zh}")
    return Text(
        f"{where}: {rows.en} {done.en}{names.en}", f"{where}：{rows.zh} {done.zh}{names.zh}"
    )


def named_rows(group: Group) -> Text:
    """Return the first rows of a group by name, in brackets; nothing for settings."""
    names = [change.row for change in group.changes[:NAMED] if change.row]
    if not names:
        return Text("", "")
    left = len(group.changes) - len(names)
    more = Text(f" and {left} more", f" 等 {len(group.changes)} 行") if left else Text("", "")
    return Text(f" ({', '.join(names)}{more.en})", f"（{'、'.join(names)}{more.zh}）")


def done_text(group: Group) -> Text:
    """Return what was done to the cells of a group: multiplied, added to, set, or changed."""
    if len(group.changes) == 1:
        return from_to(group.first)
    factors = group.factors
    if factors is not None and factors[0] == factors[1]:
        return times(factors[0])
    if group.added is not None:
        return Text(f"{group.added:+,.6g}", f"{group.added:+,.6g}")
    if group.value is not None:
        value = shown(group.value)
        return Text(f"now {value.en}", f"改为 {value.zh}")
    if factors is not None:
        least, most = (f"{factor:.4g}" for factor in factors)
        return Text(f"x {least} to {most}", f"× {least} 至 {most}")
    return Text("changed", "已改变")


def times(factor: float) -> Text:
    """Return a factor."""
    return Text(f"x {factor:.4g}", f"× {factor:.4g}")


def from_to(change: InputChange) -> Text:
    """Return the value before and after, with the factor of a number."""
    before, after = (shown(figures(change, side)) for side in (change.before, change.after))
    tail = Text("", "")
    if change.factor:
        factor = times(change.factor)
        tail = Text(f", {factor.en}", f"，{factor.zh}")
    return Text(f"{before.en} -> {after.en}{tail.en}", f"{before.zh} → {after.zh}{tail.zh}")


def figures(change: InputChange, value: object) -> str:
    """Return a value as text, a large number with its thousands apart."""
    if number(value) and abs(value) >= APART_FROM:
        return f"{value:,.2f}".rstrip("0").rstrip(".")
    return change.text(value)


def shown(text: str) -> Text:
    """Return a value, shortened if it is long, in words if it is blank."""
    if not text:
        return BLANK
    short = text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
    return Text(short, short)


def origin_text(origins: Sequence[Origin]) -> str:
    """Return the entries behind a change with what they say of their numbers."""
    return "; ".join(
        f"{origin.file} {origin.entry}" + (f": {origin.source}" if origin.source else "")
        for origin in origins
    )


def entries_text(origins: Sequence[Origin]) -> str:
    """Return the entries behind a change."""
    return "; ".join(f"{origin.file} {origin.entry}" for origin in origins)


def reason_text(reason: Reason) -> Text:
    """Return why freight goes another way, with the scenario's entry behind it."""
    said = said_of(reason)
    change = reason.change
    if change is None or not change.origins:
        return said
    entries = entries_text(change.origins)
    return Text(f"{said.en} [{entries}]", f"{said.zh}［{entries}］")


INPUTS = {
    Why.CLOSED: Text("is closed", "关闭"),
    Why.CUT: Text("is cut", "能力削减"),
    Why.DEARER: Text("is dearer", "更贵"),
    Why.SLOWER: Text("is slower", "更慢"),
    Why.EMITS: Text("is longer or emits more", "更长或排放更高"),
    Why.OTHERWISE: Text("has changed", "有改动"),
    Why.EASED: Text("is cheaper, quicker or has more room", "更便宜、更快或能力更大"),
    Why.GOODS: Text("has changed", "有改动"),
    Why.DEMAND: Text("has changed", "有变化"),
    Why.CARBON: Text("turns against what emits more", "不利于排放较高的路线"),
}
"""What is said of a thing whose input was changed."""

LIMITS = {
    False: Text("limit in force", "限制生效"),
    True: Text("limit no longer in force", "限制不再生效"),
}
"""What is said of a limit that holds in one of two results alone, by whether it is lifted."""

INDIRECT = Text(
    "follows from other freight, or is a choice between plans that are as good",
    "由其他货流引起，或为同样好的方案之间的选择",
)


def said_of(reason: Reason) -> Text:
    """Return a reason in words."""
    if reason.why in INPUTS and reason.change is not None:
        return of_input(reason, reason.change)
    if reason.why is Why.LIMIT and reason.limit is not None:
        text, word = limit_text(reason.limit), LIMITS[reason.lifted]
        return Text(f"{word.en}: {text}", f"{word.zh}：{text}")
    if reason.why is Why.FULL:
        return of_full(reason)
    if reason.why is Why.SITE and reason.site is not None:
        word = CHANGES[reason.site]
        return Text(f"site {reason.what}: {word.en}", f"设施 {reason.what}：{word.zh}")
    if reason.why is Why.DEPARTURES:
        was, now = (f"{number or 0:g}" for number in (reason.was, reason.now))
        return Text(
            f"{reason.what} runs {now} a week, {was} in the base",
            f"{reason.what} 每周 {now} 班，基准 {was} 班",
        )
    return INDIRECT


def of_input(reason: Reason, change: InputChange) -> Text:
    """Return what was changed about a thing."""
    done, word = from_to(change), INPUTS[reason.why]
    cell = f"{change.column} " if change.column else ""
    return Text(
        f"{reason.what} {word.en} ({cell}{done.en})", f"{reason.what} {word.zh}（{cell}{done.zh}）"
    )


def of_full(reason: Reason) -> Text:
    """Return that a thing is full, and whether it is so in the base."""
    name = thing_name(reason.what)
    if reason.was is not None and reason.now is not None and reason.was >= reason.now:
        return Text(f"{name.en} is full, as in the base", f"{name.zh} 已满，基准亦然")
    return Text(f"{name.en} is full", f"{name.zh} 已满")


def way_text(instance: Instance, way: Way) -> str:
    """Return a way as one text of ids: each mode or service with where it goes, sites in []."""
    return " > ".join(step_text(instance, step).en for step in turns(way))


def step_text(instance: Instance, step: Step) -> Text:
    """Return one step of a way; the English text has the words of the tables."""
    if isinstance(step, Handle):
        return Text(f"[{step.site}]", f"[{step.site}]")
    if isinstance(step, Ride):
        mode = instance.service[step.service].mode
        rest = f"{step.service} {step.to_place}"
        return Text(f"{mode.value} {rest}", f"{MODES[mode].zh} {rest}")
    if isinstance(step, Move):
        rest = step.to_place
        return Text(f"{step.mode.value} {rest}", f"{MODES[step.mode].zh} {rest}")
    return Text("", "")


def difference_text(instances: Sequence[Instance], before: Way, after: Way) -> tuple[Text, Text]:
    """Return where two ways differ, without what they begin and end with in common."""
    steps = [list(turns(way)) for way in (before, after)]
    if before and after:
        least = min(map(len, steps))
        head = next((n for n in range(least) if steps[0][n] != steps[1][n]), least)
        steps = [one[head:] for one in steps]
        least = min(map(len, steps))
        tail = next((n for n in range(least) if steps[0][-1 - n] != steps[1][-1 - n]), least)
        steps = [one[: len(one) - tail] for one in steps]
    one, two = (
        joined([step_text(instance, step) for step in part], behind=not way)
        for instance, part, way in zip(instances, steps, (before, after), strict=True)
    )
    return one, two


def joined(steps: Sequence[Text], *, behind: bool) -> Text:
    """Return steps one after the other."""
    if behind:
        return BEHIND
    return Text(
        " > ".join(step.en for step in steps) or "-", " > ".join(step.zh for step in steps) or "-"
    )
