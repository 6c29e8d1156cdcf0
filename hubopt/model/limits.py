"""Limits on sites: the money to build with, their number, and cities within reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.model import sources
from hubopt.model.parts import Parts, Row, linear, rule
from hubopt.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator


@rule(
    Text(
        "No more sites are open in a stage than the limit allows.",
        "每阶段开放的设施数不超过上限。",
    ),
    "sum_{x counted} open[x,t] <= number[i]  for each limit i on the number of sites",
    "sites",
    sources.CENTRAL,
)
def sites_at_most(parts: Parts) -> Iterator[Row]:
    """Yield sum of open <= number."""
    for i, (t, counted, number) in enumerate(parts.problem.sites_at_most, start=1):
        if counted:
            body = linear([1.0] * len(counted), parts.open[list(counted), t])
            yield (i, parts.stages[t]), None, body, float(number)


@rule(
    Text(
        "At least so many sites are open in an area in a stage.",
        "某区域每阶段开放的设施数不少于下限。",
    ),
    "sum_{x counted} open[x,t] >= number[i]  for each limit i on the least number of sites",
    "sites",
)
def sites_at_least(parts: Parts) -> Iterator[Row]:
    """Yield sum of open >= number."""
    for i, (t, counted, number) in enumerate(parts.problem.sites_at_least, start=1):
        if counted:
            body = linear([1.0] * len(counted), parts.open[list(counted), t])
            yield (i, parts.stages[t]), float(number), body, None


@rule(
    Text(
        "Each city has open sites of the function within so many hours by road.",
        "每座城市在规定公路时间内须有开放的相应设施。",
    ),
    "sum_{x within hours[i] of j} open[x,t] >= number[i]  for each limit i, city j of its area",
    "sites",
    sources.COVERING,
)
def coverage(parts: Parts) -> Iterator[Row]:
    """Yield sum of open >= number."""
    for i, (t, _, near, number) in enumerate(parts.problem.coverage, start=1):
        if near:
            body = linear([1.0] * len(near), parts.open[list(near), t])
            yield (i, parts.stages[t]), float(number), body, None


@rule(
    Text(
        "What is built in a stage costs no more than its budget.",
        "每阶段的建设投资不超过预算。",
    ),
    "sum_m build_cost[m] (modules[m,t] - modules[m,t-1]) <= budget[i]"
    "  for each budget i;  modules[m,0] = built[m]",
    "million CNY",
    sources.DYNAMIC,
)
def budget(parts: Parts) -> Iterator[Row]:
    """Yield sum of build cost x new modules <= budget."""
    sites = parts.problem.sites
    costly = [m for m in range(len(sites.module_names)) if sites.module_build_cost[m] > 0]
    cost = sites.module_build_cost[costly]
    for i, (t, value) in enumerate(parts.problem.budget_mcny, start=1):
        if not costly:
            continue
        now = list(parts.modules[costly, t])
        if t == 0:
            standing = float(cost @ sites.module_built[costly])
            body, most = linear(cost, now), float(value) + standing
        else:
            before = list(parts.modules[costly, t - 1])
            body, most = linear([*cost, *(-cost)], [*now, *before]), float(value)
        yield (i, parts.stages[t]), None, body, most
