"""A curve of cost against CO2e in plain sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.study.pareto_marks import Mark, improving, marked, outcome
from hubopt.text import Text
from hubopt.units import CNY_PER_MCNY, FEN_PER_CNY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubopt.study.pareto import Curve
    from hubopt.study.pareto_marks import Marked

PERCENT = 100.0
LEFT_T = 0.5
"""Tonnes a year; less is not said to be left behind."""


def sentences(curve: Curve) -> Iterator[Text]:
    """Yield what a planner should take away from the points that are made."""
    points = marked(curve)
    yield made(curve)
    best = list(improving(points))
    if len(best) > 1:
        yield from range_of(best)
    yield from prices(curve, best)
    yield from left_behind(points)
    yield from not_improving(points)
    for number, one in numbered(points, Mark.NO_PLAN):
        why = one.point.why or Text("", "")
        yield Text(f"Point {number} has no plan: {why.en}", f"第 {number} 点无方案：{why.zh}")


def numbered(points: tuple[Marked, ...], mark: Mark) -> list[tuple[int, Marked]]:
    """Return the points of a mark with their numbers."""
    return [(n, one) for n, one in enumerate(points, start=1) if one.mark is mark]


def made(curve: Curve) -> Text:
    """Return how many points there are, and which stages are capped."""
    done, asked = len(curve.points), curve.ask.points
    years = ", ".join(map(str, curve.years))
    left = asked - done
    more = f" {left} are not made; the same command goes on with them." if left else ""
    more_zh = f"尚有 {left} 点未求解，重复同一命令即可继续。" if left else ""
    return Text(
        f"{done} of {asked} points are made; CO2e is capped in {years}, and told as the mean of"
        f" their years.{more}",
        f"共 {asked} 点，已求解 {done} 点；限制排放的阶段：{years}，排放量为其各年平均。{more_zh}",
    )


def range_of(best: list[Marked]) -> Iterator[Text]:
    """Yield how much CO2e can be saved and at what cost."""
    first, last = best[0], best[-1]
    if first.co2e_t is None or last.co2e_t is None or not first.co2e_t:
        return
    low, high = (outcome(one.point).cost_fen for one in (first, last))
    less = PERCENT * (1 - last.co2e_t / first.co2e_t)
    more = (high - low) / FEN_PER_CNY / CNY_PER_MCNY
    share = PERCENT * (high - low) / max(low, 1)
    yield Text(
        f"The cheapest plan emits {first.co2e_t:,.1f} t CO2e a year; {less:.1f} % less can be"
        f" reached for {more:,.1f} million CNY more (present value, {share:.2f} %).",
        f"成本最低的方案每年排放 {first.co2e_t:,.1f} 吨 CO2e；可减少 {less:.1f} %，"
        f"成本增加 {more:,.1f} 百万元（现值，{share:.2f} %）。",
    )


def prices(curve: Curve, best: list[Marked]) -> Iterator[Text]:
    """Yield what a tonne less costs at both ends, beside the instance's carbon price."""
    steps = [one.abatement for one in best if one.abatement is not None]
    if not steps:
        return
    now = curve.instance.settings.carbon_price_cny_per_t
    ends = list(dict.fromkeys(f"{step:,.0f}" for step in (min(steps), max(steps))))
    yield Text(
        f"A tonne of CO2e less costs {' to '.join(ends)} CNY, by the step; the instance prices it"
        f" at {now:,.0f}.",
        f"各步每减排一吨 CO2e 的成本为 {' 至 '.join(ends)} 元；算例碳价为 {now:,.0f} 元。",
    )
    if any(one.unsure for one in best):
        yield Text(
            "Steps marked ~ cost less than the gaps leave open: what a tonne costs there is not"
            " proved; a smaller gap or more time would tell.",
            "标 ~ 的步幅小于差距，该处的减排成本未经证明；缩小差距或延长时限可得出结论。",
        )


def left_behind(points: tuple[Marked, ...]) -> Iterator[Text]:
    """Yield the points at which more freight stays behind than in the cheapest plan."""
    plans = [(n, one) for n, one in enumerate(points, start=1) if one.point.outcome is not None]
    least = outcome(plans[0][1].point).unserved_t if plans else 0.0
    more = [
        (number, outcome(one.point).unserved_t - least)
        for number, one in plans
        if outcome(one.point).unserved_t - least > LEFT_T
    ]
    if more:
        told = ", ".join(f"{n} ({t:,.0f} t)" for n, t in more)
        told_zh = "、".join(f"{n}（{t:,.0f} 吨）" for n, t in more)
        yield Text(
            f"Points at which more freight stays behind than at the first, a year: {told}.",
            f"与第 1 点相比，未运送货物每年增加的点：{told_zh}。",
        )


def not_improving(points: tuple[Marked, ...]) -> Iterator[Text]:
    """Yield the points that another one beats or equals."""
    for mark, words in (
        (Mark.DOMINATED, Text("cost and emit no less than another", "成本与排放均不优于他点")),
        (Mark.REPEATS, Text("are the same as an earlier one", "与前面的点相同")),
    ):
        numbers = ", ".join(str(n) for n, _ in numbered(points, mark))
        if numbers:
            yield Text(f"Points that {words.en}: {numbers}.", f"{words.zh}的点：{numbers}。")
