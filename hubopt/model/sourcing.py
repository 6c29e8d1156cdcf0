"""Sourcing: a site stays open only if it is used enough, and some shipments use few sites."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hubopt.model import sources
from hubopt.model.names import labels
from hubopt.model.parts import Parts, Row, linear, rule, used
from hubopt.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator


@rule(
    Text(
        "An open site handles at least the least use of each of its functions.",
        "开放的设施每项功能的作业量不低于最低使用量。",
    ),
    "sum_c handled[c,p] flow[c] >= least[p] open[x(p),t]  for each function p with a least use",
    "kt/year",
    sources.THROUGHPUT,
)
def least_use(parts: Parts) -> Iterator[Row]:
    """Yield sum of flow handled - least x open >= 0."""
    numbers, sites = parts.problem.least_use, parts.problem.sites
    for row, (p, t) in enumerate(zip(numbers.pool, numbers.stage, strict=True)):
        coefficients, variables = used(numbers.use, row, parts.flow)
        gate = parts.open[sites.pool_site[p], t]
        body = linear([*coefficients, -float(numbers.least_kt[row])], [*variables, gate])
        yield (*parts.names.pools[p], parts.stages[t]), 0.0, body, None


@rule(
    Text(
        "A group of shipments that must is handled at no more sites than allowed.",
        "要求单一来源的货物，承担作业的设施数不超过规定。",
    ),
    "sum_x assign[g,x] <= most[g]  for each group g of shipments",
    "sites",
    sources.SINGLE_SOURCE,
)
def single_source(parts: Parts) -> Iterator[Row]:
    """Yield sum of assign <= most."""
    numbers = parts.problem.assignments
    for g, label in enumerate(labels(numbers.groups)):
        candidates = np.flatnonzero(numbers.group == g)
        if len(candidates):
            body = linear([1.0] * len(candidates), parts.assign[candidates])
            yield (label,), None, body, float(numbers.most[g])


@rule(
    Text(
        "A shipment of such a group passes a site only if the site is chosen for the group.",
        "该组货物只能经由为其选定的设施。",
    ),
    "sum_{c of s through x} flow[c] <= demand[s] assign[g,x]"
    "  for each shipment s of group g, site x",
    "kt/year",
    sources.SINGLE_SOURCE,
)
def site_chosen_for_flow(parts: Parts) -> Iterator[Row]:
    """Yield sum of flow - demand x assign <= 0."""
    numbers = parts.problem.assignments
    for row, (candidate, s) in enumerate(zip(numbers.candidate, numbers.shipment, strict=True)):
        coefficients, variables = used(numbers.links, row, parts.flow)
        limit = float(numbers.limit_kt[row])
        if limit > 0:
            body = linear([*coefficients, -limit], [*variables, parts.assign[candidate]])
            group, site = parts.names.assignments[candidate]
            yield (group, site, parts.names.shipments[s]), None, body, 0.0
