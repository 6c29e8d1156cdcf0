"""The price of a policy in the terminal: what is asked for, what cost, time and CO2e become."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.cli import show
from hubopt.cli.plan_view import OVER
from hubopt.publish.compare_words import limit_text
from hubopt.study.compare_price import prices
from hubopt.text import Text
from hubopt.units import CNY_PER_MCNY

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hubopt.instance.tables import Limit
    from hubopt.study.compare import Comparison
    from hubopt.study.compare_price import Part, Price

PERCENT = 100.0
LEAST_T = 0.5
"""Tonnes that stay behind are told from so many on; plans differ by kilograms."""

MOST_LIMITS = 6
"""Limits that are named; the JSON holds all of them."""


def show_prices(comparison: Comparison) -> None:
    """Print what each result costs more than the base, where limits or policies differ."""
    for price in prices(comparison):
        for text in sentences(price):
            show.line(text)


def sentences(price: Price) -> Iterator[Text]:
    """Yield what is asked for, its price as a whole and in each stage, and how far it is proved."""
    yield head(price)
    for word, limits in ((ADDED, price.added), (LIFTED, price.lifted)):
        if limits:
            yield listed(word, limits)
    for part in price.parts:
        yield part_text(part)
    yield proved_text(price)
    if any(abs(part.unserved_t) >= LEAST_T for part in price.parts):
        yield OF_WHAT_IS_CARRIED
    if price.elsewhere:
        names = ", ".join(price.elsewhere)
        yield Text(
            f"  the two differ besides in {names}: this is the price of all of it together",
            f"  两者另有不同：{names}；以上为全部差异的合计代价",
        )


OF_WHAT_IS_CARRIED = Text(
    "  time and CO2e are of what is carried; what stays behind is in the cost, at its price",
    "  时间与排放只计已运货物；未满足的货运量按其单价计入成本",
)
ADDED = Text("limits in force besides", "新增生效的限制")
LIFTED = Text("limits no longer in force", "不再生效的限制")


def head(price: Price) -> Text:
    """Return which policies are switched on and off."""
    on, off = ", ".join(price.switched_on), ", ".join(price.switched_off)
    english = [f"policy on: {on}"] * bool(on) + [f"policy off: {off}"] * bool(off)
    chinese = [f"启用政策：{on}"] * bool(on) + [f"停用政策：{off}"] * bool(off)
    which = price.number + 1
    return Text(
        f"Price of a policy, {which} against 1 ({'; '.join(english) or 'other limits'})",
        f"政策的代价，{which} 对比 1（{'；'.join(chinese) or '限制不同'}）",
    )


def listed(word: Text, limits: Sequence[Limit]) -> Text:
    """Return limits as the words of their rows."""
    names = "; ".join(limit_text(limit) for limit in limits[:MOST_LIMITS])
    more = len(limits) - MOST_LIMITS
    tail = Text(f" and {more} more", f" 等 {len(limits)} 条") if more > 0 else Text("", "")
    return Text(f"  {word.en}: {names}{tail.en}", f"  {word.zh}：{names}{tail.zh}")


def part_text(part: Part) -> Text:
    """Return what cost, time, CO2e and unserved freight become, as a whole or in one stage."""
    year, where = Text(" a year", "/年"), Text(f"{part.stage}", f"{part.stage} 年")
    money = year
    if not part.stage:
        year, where = Text(" over all years", "（全部年份）"), Text("present value", "现值")
        money = Text("", "")
    cost = signed(part.cost_cny / CNY_PER_MCNY)
    share = "" if part.cost_share is None else f" ({signed(PERCENT * part.cost_share)} %)"
    tail = Text(", within the gaps", "，在差距之内") if part.within_gaps else Text("", "")
    hours, left = hours_text(part), unserved_text(part, year)
    return Text(
        f"  {where.en}: cost {cost} million CNY{money.en}{share}{tail.en}{hours.en},"
        f" CO2e {signed(part.co2e_t, 1)} t{year.en}{left.en}",
        f"  {where.zh}：成本 {cost} 百万元{money.zh}{share}{tail.zh}{hours.zh}，"
        f"二氧化碳当量 {signed(part.co2e_t, 1)} 吨{year.zh}{left.zh}",
    )


def signed(value: float, decimals: int = 2) -> str:
    """Return a number with its sign and so many decimals; what rounds to nothing is +0."""
    return f"{round(value, decimals) + 0.0:+,.{decimals}f}"


def hours_text(part: Part) -> Text:
    """Return how much longer a tonne is on the way, nothing where none is carried."""
    if part.hours is None:
        return Text("", "")
    hours = signed(part.hours)
    return Text(f", time {hours} h a tonne", f"，时间 {hours} 小时/吨")


def unserved_text(part: Part, year: Text) -> Text:
    """Return how much more stays behind, nothing where that does not change."""
    if abs(part.unserved_t) < LEAST_T:
        return Text("", "")
    tonnes = signed(part.unserved_t, 0)
    return Text(f", unserved {tonnes} t{year.en}", f"，未满足货运量 {tonnes} 吨{year.zh}")


def proved_text(price: Price) -> Text:
    """Return between which amounts the price lies for sure."""
    if price.proved_cny is None:
        return Text(
            "  a result has no bound: nothing is proved of this price",
            "  有结果没有下界：该代价未得到证明",
        )
    least, most = (signed(amount / CNY_PER_MCNY) for amount in price.proved_cny)
    over = OVER[price.over_all]
    if least == most:
        return Text(
            f"  proved over {over.en}: {least} million CNY, present value",
            f"  在{over.zh}上已证明：现值 {least} 百万元",
        )
    return Text(
        f"  proved over {over.en}: from {least} to {most} million CNY, present value",
        f"  在{over.zh}上已证明：现值介于 {least} 与 {most} 百万元之间",
    )
