"""Siting: which sites are open and how many modules stand at them, stage by stage."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hubopt.model import sources
from hubopt.model.parts import Parts, Row, linear, rule
from hubopt.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator


@rule(
    Text("Modules that stand in one stage stand in the next.", "模块一经建成，此后各阶段保留。"),
    "modules[m,t] >= modules[m,t-1]  for each module m, stage t;  modules[m,0] = built[m]",
    "modules",
    sources.DYNAMIC,
)
def modules_stay(parts: Parts) -> Iterator[Row]:
    """Yield modules[m,t] - modules[m,t-1] >= 0, and >= built[m] in the first stage."""
    for m, label in enumerate(parts.names.modules):
        for t, year in enumerate(parts.stages):
            now = parts.modules[m, t]
            if t == 0:
                built = float(parts.problem.sites.module_built[m])
                yield (*label, year), built, linear([1.0], [now]), None
            else:
                before = parts.modules[m, t - 1]
                yield (*label, year), 0.0, linear([1.0, -1.0], [now, before]), None


@rule(
    Text(
        "Modules stand only at an open site, at most as many as there is room for, and new ones"
        " only from the site's earliest stage on.",
        "模块只能建在开放的设施内，数量不超过上限，新模块不得早于该设施的最早阶段。",
    ),
    "modules[m,t] <= most[m] open[x(m),t]  for each module m, stage t"
    "  (built[m] instead of most[m] before the earliest stage)",
    "modules",
    sources.MODULAR,
)
def modules_need_open_site(parts: Parts) -> Iterator[Row]:
    """Yield modules[m,t] - most[m] open[x,t] <= 0."""
    sites = parts.problem.sites
    may_build = parts.may_build()
    for m, label in enumerate(parts.names.modules):
        x = sites.module_site[m]
        for t, year in enumerate(parts.stages):
            new = may_build[x, t] or not sites.may_open[x, t]  # closed_sites says the rest
            most = sites.module_most[m] if new else sites.module_built[m]
            body = linear([1.0, -float(most)], [parts.modules[m, t], parts.open[x, t]])
            yield (*label, year), None, body, 0.0


@rule(
    Text("A site is open only if at least one module stands.", "设施至少有一个模块才算开放。"),
    "open[x,t] <= sum_m modules[m,t]  for each site x, stage t",
    "modules",
)
def open_site_has_module(parts: Parts) -> Iterator[Row]:
    """Yield open[x,t] - sum_m modules[m,t] <= 0."""
    for x, label in enumerate(parts.names.sites):
        here = np.flatnonzero(parts.problem.sites.module_site == x)
        for t, year in enumerate(parts.stages):
            variables = [parts.open[x, t], *parts.modules[here, t]]
            yield (label, year), None, linear([1.0] + [-1.0] * len(here), variables), 0.0


@rule(
    Text("A required site is open from its earliest stage on.", "必建设施自其最早阶段起必须开放。"),
    "open[x,t] >= 1  for each required site x, stage t from its earliest on",
    "sites",
)
def required_sites(parts: Parts) -> Iterator[Row]:
    """Yield open[x,t] >= 1."""
    sites = parts.problem.sites
    for x, label in enumerate(parts.names.sites):
        for t, year in enumerate(parts.stages):
            if sites.required[x] and sites.always_open[x, t]:
                yield (label, year), 1.0, linear([1.0], [parts.open[x, t]]), None


@rule(
    Text(
        "A closed site is never open, any other not before its earliest stage.",
        "关闭的设施不得开放，其他设施不得早于其最早阶段开放。",
    ),
    "open[x,t] <= 0  for each site x closed, or not yet allowed, in stage t",
    "sites",
)
def closed_sites(parts: Parts) -> Iterator[Row]:
    """Yield open[x,t] <= 0."""
    for x, label in enumerate(parts.names.sites):
        for t, year in enumerate(parts.stages):
            if not parts.problem.sites.may_open[x, t]:
                yield (label, year), None, linear([1.0], [parts.open[x, t]]), 0.0
