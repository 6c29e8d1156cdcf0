"""The rules on whole decisions alone as arrays, each as the rule of its name in `model`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from hubopt.problem.problem import Floats, Ints, Problem


Number = TypeVar("Number", bound=np.generic)


@dataclass(frozen=True)
class Columns:
    """Whole decisions counted through: family after family, each in the order of the problem."""

    problem: Problem
    counts: Mapping[str, int]

    @property
    def stages(self) -> int:
        """Number of stages."""
        return len(self.problem.stages)

    @cached_property
    def ends(self) -> Ints:
        """Where each family ends."""
        return np.cumsum(list(self.counts.values()))

    @property
    def count(self) -> int:
        """Number of all."""
        return sum(self.counts.values())

    @cached_property
    def starts(self) -> Mapping[str, int]:
        """Where each family begins."""
        ends = self.ends.tolist()
        return dict(zip(self.counts, [0, *ends[:-1]], strict=True))

    def of(self, family: str) -> Ints:
        """Return the numbers of a family."""
        return np.arange(self.counts[family]) + self.starts[family]

    def by_stage(self, family: str) -> Ints:
        """Return the numbers of a family as things x stages."""
        return self.of(family).reshape(-1, self.stages)


@dataclass(frozen=True)
class DesignRows:
    """Rows of a rule: `numbers` as names count them, entries row by row, and both sides."""

    rule: str
    numbers: Ints
    rows: Ints
    columns: Ints
    values: Floats
    lower: Floats
    upper: Floats


def made(
    rule: str, numbers: Ints, entries: tuple[Ints, Ints, Floats],
    lower: Floats | float, upper: Floats | float,
) -> DesignRows:  # fmt: skip
    """Return rows from entries in any order of rows; those of one row stay in theirs."""
    rows, columns, values = entries
    keep = np.flatnonzero(values)
    order = keep[np.argsort(rows[keep], kind="stable")]
    height = len(numbers)
    sides = (np.broadcast_to(np.asarray(side, dtype=float), height) for side in (lower, upper))
    return DesignRows(rule, numbers, rows[order], columns[order], values[order], *sides)


def side_by_side(columns: Sequence[Ints], values: Sequence[Floats]) -> tuple[Ints, Ints, Floats]:
    """Return the entries of rows that each have one column of every kind."""
    height = len(columns[0])
    rows = np.tile(np.arange(height), len(columns))
    spread = [np.broadcast_to(value, height) for value in values]
    return rows, np.concatenate(columns), np.concatenate(spread).astype(float)


ONE = np.array(1.0)


def departure_limits(known: Columns) -> DesignRows:
    """Return least <= departures <= most; departures + empties <= 0 before the earliest stage."""
    services = known.problem.services
    runs, empty = known.of("departures"), known.of("empties")
    available = services.available.ravel()
    least, most = (np.repeat(side, known.stages) for side in (services.least, services.most))
    entries = side_by_side([runs, empty], [ONE, np.where(available, 0.0, 1.0)])
    lower, upper = np.where(available, least, -np.inf), np.where(available, most, 0.0)
    return made("departure_limits", np.arange(len(runs)), entries, lower, upper)


def vehicle_balance(known: Columns) -> DesignRows:
    """Return leaving - arriving = 0 for loaded and empty runs together."""
    balance, stages = known.problem.services.balance.tocsr(), known.stages
    terminal = np.repeat(np.arange(balance.shape[0]), np.diff(balance.indptr))
    moving = np.flatnonzero(balance.data)
    terminal, service, sign = terminal[moving], balance.indices[moving], balance.data[moving]
    numbers = np.unique(terminal)[:, None] * stages + np.arange(stages)
    row = np.searchsorted(np.unique(terminal), terminal)[:, None] * stages + np.arange(stages)
    runs, empty = (known.by_stage(kind)[service].ravel() for kind in ("departures", "empties"))
    rows, signs = np.tile(row.ravel(), 2), np.tile(np.repeat(sign, stages), 2)
    entries = rows, np.concatenate([runs, empty]), signs.astype(float)
    return made("vehicle_balance", numbers.ravel(), entries, 0.0, 0.0)


def modules_stay(known: Columns) -> DesignRows:
    """Return modules[m,t] - modules[m,t-1] >= 0, and >= built[m] in the first stage."""
    now, stages = known.of("modules"), known.stages
    first = now % stages == known.starts["modules"] % stages
    entries = side_by_side([now, now - 1], [ONE, np.where(first, 0.0, -1.0)])
    built = np.repeat(known.problem.sites.module_built, stages)
    return made("modules_stay", np.arange(len(now)), entries, np.where(first, built, 0.0), np.inf)


def modules_need_open_site(known: Columns) -> DesignRows:
    """Return modules[m,t] - most[m] open[x,t] <= 0."""
    sites = known.problem.sites
    may_build = sites.may_open if sites.may_build is None else sites.may_build
    new = (may_build | ~sites.may_open)[sites.module_site]  # closed_sites says the rest
    most = np.where(new, sites.module_most[:, None], sites.module_built[:, None])
    opened = known.by_stage("open")[sites.module_site].ravel()
    entries = side_by_side([known.of("modules"), opened], [ONE, -most.ravel().astype(float)])
    return made("modules_need_open_site", np.arange(most.size), entries, -np.inf, 0.0)


def open_site_has_module(known: Columns) -> DesignRows:
    """Return open[x,t] - sum_m modules[m,t] <= 0."""
    opened = known.by_stage("open")
    here = (opened - known.starts["open"])[known.problem.sites.module_site].ravel()
    rows = np.concatenate([np.arange(opened.size), here])
    columns = np.concatenate([opened.ravel(), known.of("modules")])
    values = np.repeat([1.0, -1.0], [opened.size, len(here)])
    return made(
        "open_site_has_module", np.arange(opened.size), (rows, columns, values), -np.inf, 0.0
    )


def required_sites(known: Columns) -> DesignRows:
    """Return open[x,t] >= 1."""
    sites = known.problem.sites
    here = np.flatnonzero(sites.required[:, None] & sites.always_open)
    return made("required_sites", here, side_by_side([known.of("open")[here]], [ONE]), 1.0, np.inf)


def closed_sites(known: Columns) -> DesignRows:
    """Return open[x,t] <= 0."""
    here = np.flatnonzero(~known.problem.sites.may_open)
    return made("closed_sites", here, side_by_side([known.of("open")[here]], [ONE]), -np.inf, 0.0)


def sites_at_most(known: Columns) -> DesignRows:
    """Return sum of open <= number."""
    return of_sites(known, "sites_at_most", known.problem.sites_at_most, -np.inf, None)


def sites_at_least(known: Columns) -> DesignRows:
    """Return sum of open >= number."""
    return of_sites(known, "sites_at_least", known.problem.sites_at_least, None, np.inf)


def coverage(known: Columns) -> DesignRows:
    """Return sum of open >= number."""
    near = ((t, counted, number) for t, _, counted, number in known.problem.coverage)
    return of_sites(known, "coverage", near, None, np.inf)


def of_sites(
    known: Columns,
    rule: str,
    limits: Iterable[tuple[int, Sequence[int], int]],
    lower: float | None,
    upper: float | None,
) -> DesignRows:
    """Return limits on numbers of open sites, by (stage, sites, number); None is the number."""
    kept = [(i, *limit) for i, limit in enumerate(limits, start=1) if limit[1]]
    opened, stages = known.by_stage("open"), known.stages
    number = np.array([number for *_, number in kept], dtype=float)
    rows = np.repeat(np.arange(len(kept)), [len(counted) for _, _, counted, _ in kept])
    columns = [opened[list(counted), t] for _, t, counted, _ in kept]
    numbers = np.array([i * stages + t for i, t, *_ in kept], dtype=np.int64)
    entries = rows, together(columns), np.ones(len(rows))
    return made(
        rule, numbers, entries, number if lower is None else lower,
        number if upper is None else upper,
    )  # fmt: skip


def budget(known: Columns) -> DesignRows:
    """Return sum of build cost x new modules <= budget."""
    sites, modules = known.problem.sites, known.by_stage("modules")
    costly = np.flatnonzero(sites.module_build_cost > 0)
    cost = sites.module_build_cost[costly]
    limits = known.problem.budget_mcny if len(costly) else ()
    standing = float(cost @ sites.module_built[costly])
    row, columns, values = [], [], []
    for n, (t, _) in enumerate(limits):
        for stage, sign in ((t, 1.0), (t - 1, -1.0))[: 1 + (t > 0)]:
            row.append(np.full(len(costly), n))
            columns.append(modules[costly, stage])
            values.append(sign * cost)
    numbers = [i * known.stages + t for i, (t, _) in enumerate(limits, start=1)]
    most = [float(value) + (standing if t == 0 else 0.0) for t, value in limits]
    entries = together(row), together(columns), together(values).astype(float)
    return made("budget", np.array(numbers, dtype=np.int64), entries, -np.inf, np.array(most))


def single_source(known: Columns) -> DesignRows:
    """Return sum of assign <= most."""
    numbers = known.problem.assignments
    groups, rows = np.unique(numbers.group, return_inverse=True)
    entries = rows, known.of("assign"), np.ones(len(rows))
    return made("single_source", groups, entries, -np.inf, numbers.most[groups].astype(float))


def own_rule(known: Columns) -> DesignRows:
    """Return the planner's own rows."""
    own = known.problem.own_rules
    if own is None:
        nothing = np.zeros(0, dtype=np.int64)
        return made("own_rule", nothing, (nothing, nothing, np.zeros(0)), 0.0, 0.0)
    entries = own.row, own.column, own.values
    return made("own_rule", np.arange(len(own.names)), entries, own.lower, own.upper)


def together(several: Sequence[NDArray[Number]]) -> NDArray[Number]:
    """Return arrays one after the other; of none, one of no numbers."""
    return np.concatenate(several) if several else np.zeros(0, dtype=np.int64)


RULES: tuple[Callable[[Columns], DesignRows], ...] = (
    departure_limits,
    vehicle_balance,
    modules_stay,
    modules_need_open_site,
    open_site_has_module,
    required_sites,
    closed_sites,
    sites_at_most,
    sites_at_least,
    coverage,
    budget,
    single_source,
    own_rule,
)
"""In the order of `hubopt.model.build.WITHOUT_FLOWS`, the planner's own after them."""
