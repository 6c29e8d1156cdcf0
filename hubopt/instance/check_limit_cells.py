"""Checks of the cells of limits by kind: which must be filled, which blank, and what they name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubopt.errors import Finding
from hubopt.instance.codes import Code
from hubopt.instance.draft import Spot, fault
from hubopt.instance.nearest import nearest_of
from hubopt.instance.rows import Limit, Place, Product
from hubopt.instance.schema import SETTINGS_FILE
from hubopt.text import Text
from hubopt.vocabulary import TRUCKS, LimitKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hubopt.instance.draft import Draft

WHOLE = "whole"
SHARE = "share"
AMOUNT = "amount"


@dataclass(frozen=True, slots=True)
class Cells:
    """What the cells of one kind of limit may be: its value, cells it needs, cells it may use."""

    value: str
    needed: frozenset[str] = frozenset()
    used: frozenset[str] = frozenset()


def cells(value: str, needed: str = "", used: str = "") -> Cells:
    """Return the rule for a kind from names separated by spaces."""
    return Cells(value, frozenset(needed.split()), frozenset(used.split()))


NARROWING = ("function", "goods", "area", "mode", "hours")
"""The cells by which a limit counts less than everything."""

KINDS: Mapping[LimitKind, Cells] = {
    LimitKind.BUDGET: cells(AMOUNT),
    LimitKind.SITES_AT_MOST: cells(WHOLE, used="function area"),
    LimitKind.SITES_AT_LEAST: cells(WHOLE, used="function area"),
    LimitKind.COVERAGE: cells(WHOLE, needed="hours", used="function area"),
    LimitKind.SERVICE_LEVEL: cells(SHARE, used="goods area"),
    LimitKind.EMISSIONS_AT_MOST: cells(AMOUNT, used="goods area"),
    LimitKind.MODE_SHARE_AT_LEAST: cells(SHARE, needed="mode", used="goods area"),
    LimitKind.MODE_SHARE_AT_MOST: cells(SHARE, needed="mode", used="goods area"),
    LimitKind.DELIVERY_SHARE_AT_LEAST: cells(SHARE, needed="mode", used="goods area"),
    LimitKind.SINGLE_SOURCE: cells(WHOLE, used="function goods area"),
}


def limits_say_enough(draft: Draft) -> Iterator[Finding]:
    """Yield a finding for each cell that a kind of limit needs but lacks, or does not use."""
    for row, limit in draft.rows(Limit):
        rule = KINDS[limit.kind]
        for column in NARROWING:
            value = getattr(limit, column)
            if value is None and column in rule.needed:
                yield fault(
                    Spot(Limit, row, column),
                    Code.EMPTY_CELL,
                    Text(
                        f"a limit of the kind {limit.kind} needs it",
                        f"{limit.kind} 类限制需要此项",
                    ),
                    Text("fill it in", "请填写"),
                )
            elif value is not None and column not in rule.needed | rule.used:
                yield fault(
                    Spot(Limit, row, column, str(value)),
                    Code.BAD_SETTING,
                    unused(limit.kind, column),
                    Text("leave the cell blank", "请留空"),
                )
        if limit.kind is LimitKind.DELIVERY_SHARE_AT_LEAST and limit.mode not in {None, *TRUCKS}:
            yield fault(
                Spot(Limit, row, "mode", str(limit.mode)),
                Code.UNKNOWN_WORD,
                Text("is not a mode by which trucks deliver", "不是货车配送的方式"),
                Text("write road_diesel or road_battery", "请写 road_diesel 或 road_battery"),
            )


def unused(kind: LimitKind, column: str) -> Text:
    """Return why a cell must be blank."""
    if kind is LimitKind.BUDGET and column == "function":
        return Text("a budget covers all sites", "预算针对全部设施")
    return Text(f"a limit of the kind {kind} does not use it", f"{kind} 类限制不使用此项")


def counts_sites(kind: LimitKind) -> bool:
    """Tell whether the value of a limit is a number of sites, and so whole."""
    return KINDS[kind].value == WHOLE


def limits_have_fitting_values(draft: Draft) -> Iterator[Finding]:
    """Yield a finding for each number of sites that is not whole, and each share above 1."""
    for row, limit in draft.rows(Limit):
        form, value = KINDS[limit.kind].value, limit.value
        spot = Spot(Limit, row, "value", f"{value:g}")
        if counts_sites(limit.kind) and value != int(value):
            yield fault(
                spot,
                Code.NOT_WHOLE,
                Text("is not a whole number of sites", "设施数不是整数"),
                Text(
                    f"write {int(value)} or {int(value) + 1}",
                    f"请写 {int(value)} 或 {int(value) + 1}",
                ),
            )
        elif form == SHARE and value > 1:
            yield fault(
                spot,
                Code.PERCENT,
                Text("is no share between 0 and 1", "不是 0 与 1 之间的比例"),
                Text(
                    f"write {value / 100:g} for {value:g} %",
                    f"若为 {value:g} %，请写 {value / 100:g}",
                ),
            )
        elif limit.kind is LimitKind.SINGLE_SOURCE and value < 1:
            yield fault(
                spot,
                Code.OUT_OF_RANGE,
                Text("lets no site handle the goods", "没有设施可以承担作业"),
                Text("write 1 or more", "请写 1 或更大的数"),
            )


def limits_name_what_is_there(draft: Draft) -> Iterator[Finding]:
    """Yield a finding for goods, areas and policies that nothing else knows."""
    goods = None
    if draft.sure(Product):
        goods = {name for _, p in draft.rows(Product) for name in (p.id, p.group) if name}
    areas = None
    if draft.sure(Place):
        areas = {name for _, p in draft.rows(Place) for name in (p.region, p.zone) if name}
    known = {
        "goods": (goods, Text("is no product and no group of products", "不是产品或产品组")),
        "area": (areas, Text("is no region and no zone of places", "不是地点的区域或片区")),
    }
    for row, limit in draft.rows(Limit):
        for column, (names, reason) in known.items():
            value = getattr(limit, column)
            if value is not None and names is not None and value not in names:
                yield fault(
                    Spot(Limit, row, column, value),
                    Code.UNKNOWN_REFERENCE,
                    reason,
                    Text("correct it, or leave it blank for all", "请更正，或留空表示全部"),
                    nearest_of(value, names),
                )


def policies_have_limits(draft: Draft) -> Iterator[Finding]:
    """Yield a finding for each policy that is switched on but that no limit names."""
    if draft.settings is None or not draft.sure(Limit):
        return
    named = {limit.policy for _, limit in draft.rows(Limit) if limit.policy}
    for policy in sorted(draft.settings.policies - named):
        yield Finding(
            SETTINGS_FILE,
            Text("no row of limits.csv names this policy", "limits.csv 中没有该政策的行"),
            Text("correct it, or add its limits", "请更正，或添加该政策的限制"),
            column="policies",
            value=policy,
            nearest=nearest_of(policy, named),
            code=Code.UNKNOWN_REFERENCE,
        )
