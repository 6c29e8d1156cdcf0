"""Limits on sums of flows: service levels, emissions, and shares of modes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.model import sources
from hubopt.model.parts import Parts, Row, linear, rule, used
from hubopt.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator


@rule(
    Text(
        "Of the freight with a promised time, the share of the limit arrives within it.",
        "有时限承诺的货物，按时送达的比例不低于规定。",
    ),
    "sum_{c late} flow[c] + sum_{s promised} unserved[s]"
    " <= (1 - level[i]) sum_{s promised} demand[s]  for each limit i",
    "kt/year",
)
def service_level(parts: Parts) -> Iterator[Row]:
    """Yield late flow + unserved <= what may be late."""
    yield from sums_of_flows(parts, "service_level")


@rule(
    Text(
        "Well-to-wheel emissions of a stage stay within the cap.",
        "每阶段全生命周期排放不超过上限。",
    ),
    "sum_c wtw[c] flow[c] <= cap[i]  for each limit i",
    "kt CO2e/year",
    sources.EMISSIONS,
)
def emissions_at_most(parts: Parts) -> Iterator[Row]:
    """Yield emissions <= cap."""
    yield from sums_of_flows(parts, "emissions_at_most")


@rule(
    Text(
        "At least the share of what is carried goes by the mode on some leg.",
        "所运货物中，使用该方式的比例不低于规定。",
    ),
    "sum_{c by mode} flow[c] >= share[i] sum_c flow[c]  for each limit i, c of its goods and area",
    "kt/year",
)
def mode_share_at_least(parts: Parts) -> Iterator[Row]:
    """Yield share x carried - carried by the mode <= 0."""
    yield from sums_of_flows(parts, "mode_share_at_least")


@rule(
    Text(
        "At most the share of what is carried goes by the mode on some leg.",
        "所运货物中，使用该方式的比例不高于规定。",
    ),
    "sum_{c by mode} flow[c] <= share[i] sum_c flow[c]  for each limit i, c of its goods and area",
    "kt/year",
)
def mode_share_at_most(parts: Parts) -> Iterator[Row]:
    """Yield carried by the mode - share x carried <= 0."""
    yield from sums_of_flows(parts, "mode_share_at_most")


@rule(
    Text(
        "At least the share of what trucks deliver in the area comes by the mode.",
        "区域内由货车配送的货物中，使用该方式的比例不低于规定。",
    ),
    "sum_{c delivered by mode} flow[c] >= share[i] sum_{c delivered by truck} flow[c]"
    "  for each limit i, c of its goods and area",
    "kt/year",
)
def delivery_share_at_least(parts: Parts) -> Iterator[Row]:
    """Yield share x delivered by truck - delivered by the mode <= 0."""
    yield from sums_of_flows(parts, "delivery_share_at_least")


def sums_of_flows(parts: Parts, name: str) -> Iterator[Row]:
    """Yield the rows of one kind of limit on sums of flows and of what stays unserved."""
    numbers = parts.problem.flow_limits
    for row, rule_name in enumerate(numbers.rules):
        if rule_name != name:
            continue
        of_flow, flow = used(numbers.flow_use, row, parts.flow)
        of_unserved, unserved = used(numbers.unserved_use, row, parts.unserved)
        if flow or unserved:
            body = linear([*of_flow, *of_unserved], [*flow, *unserved])
            where = (int(numbers.numbers[row]), parts.stages[numbers.stage[row]])
            yield where, None, body, float(numbers.most[row])
