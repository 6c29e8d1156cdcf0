"""Checks of what must be used at the least, and of promises."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from hubopt.instance.codes import Code
from hubopt.instance.draft import Spot, fault
from hubopt.instance.rows import Capacity, Demand, Handling, Module
from hubopt.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubopt.errors import Finding
    from hubopt.instance.draft import Draft
    from hubopt.vocabulary import Function


def least_uses_fit_capacities(draft: Draft) -> Iterator[Finding]:
    """Yield a finding for each least use above all that the site could handle."""
    if not draft.sure(Module, Capacity):
        return
    most = {(m.site, m.module): m.most for _, m in draft.rows(Module)}
    largest: dict[tuple[str, Function], float] = defaultdict(float)
    for _, row in draft.rows(Capacity):
        each = row.capacity_t_per_year
        number = most.get((row.site, row.module), 0)
        if number:
            largest[row.site, row.function] += float("inf") if each is None else each * number
    for line, handling in draft.rows(Handling):
        least, capacity = handling.least_t_per_year, largest[handling.site, handling.function]
        if least is not None and least > capacity:
            yield fault(
                Spot(Handling, line, "least_t_per_year", f"{least:,.10g}"),
                Code.LEAST_ABOVE_CAPACITY,
                Text(
                    f"is more than the {capacity:,.10g} t/year that all its modules can handle",
                    f"大于其全部模块每年可处理的 {capacity:,.10g} 吨",
                ),
                Text(
                    "lower it, or raise the capacity in capacities.csv",
                    "请调低，或在 capacities.csv 中提高能力",
                ),
            )


def promises_fit_latest_times(draft: Draft) -> Iterator[Finding]:
    """Yield a finding for each promised time after the latest time allowed."""
    for line, row in draft.rows(Demand):
        if (
            row.promised_h is not None
            and row.latest_h is not None
            and row.promised_h > row.latest_h
        ):
            yield fault(
                Spot(Demand, line, "promised_h", f"{row.promised_h:g}"),
                Code.PROMISE_AFTER_LATEST,
                Text(
                    f"is later than the latest time of {row.latest_h:g} h",
                    f"晚于最长送达时间 {row.latest_h:g} 小时",
                ),
                Text("promise less, or allow more time", "请缩短承诺时间，或放宽 latest_h"),
            )
