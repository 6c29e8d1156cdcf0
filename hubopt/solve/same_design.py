"""What states must have alike, since it is decided or paid before it is known which one comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.errors import Finding
from hubopt.text import Text
from hubopt.vocabulary import LimitKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hubopt.instance.tables import Instance

CODE = "HDG01"

ON_SITES = frozenset({LimitKind.BUDGET, LimitKind.SITES_AT_MOST, LimitKind.SITES_AT_LEAST})
"""Limits that bind the design alone."""


def other_designs(instances: Mapping[str, Instance]) -> list[Finding]:
    """Return a finding for each thing in which a state differs from the first and must not."""
    names = list(instances)
    first = dict(shared(instances[names[0]]))
    return [
        finding(name, names[0], *where)
        for name in names[1:]
        for where, value in shared(instances[name])
        if value != first[where]
    ]


def shared(instance: Instance) -> Iterator[tuple[tuple[str, Text], object]]:
    """Yield what states must have alike: its file, what it is, and its value."""
    settings = instance.settings
    yield ("instance.toml", Text("stages", "阶段")), settings.stages
    yield (
        ("instance.toml", Text("base year and discount rate", "基准年与折现率")),
        (settings.base_year, settings.discount_rate),
    )
    yield ("sites.csv", Text("sites", "设施")), instance.sites
    yield ("modules.csv", Text("modules", "模块")), instance.modules
    yield (
        ("limits.csv", Text("limits on budget and number of sites", "预算与设施数限制")),
        tuple(limit for limit in instance.limits_in_force if limit.kind in ON_SITES),
    )


def finding(scenario: str, first: str, file: str, what: Text) -> Finding:
    """Return the finding for one thing that differs."""
    return Finding(
        file,
        Text(
            f"the state {scenario} has other {what.en} than the state {first}, but sites are built"
            " before it is known which state comes",
            f"状态 {scenario} 的{what.zh}与状态 {first} 不同，而设施须在状态揭晓之前建成",
        ),
        Text(
            "let a state change demand, links, services, transfers, customs, handling or"
            " capacities; a site that fails is one whose capacity a state multiplies by nothing",
            "状态可改变需求、线路、班线、换装、通关、作业或能力；设施失效可将其能力乘以零",
        ),
        value=scenario,
        code=CODE,
    )
