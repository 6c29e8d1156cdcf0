"""Why no plan is possible: a second, elastic solve that may break rules, and the rules that clash.

Unserved freight is mostly allowed, so that only the rules on sites, modules and departures can
clash; flows are left out unless a service level or a least use asks for some. The elastic model
lets every such rule be broken at a price; if nothing has to be broken, the first verdict was wrong.
Otherwise a least set of clashing rules is found by QuickXplain (Junker 2004): drop any one of the
rules named and the others can be met.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csc_matrix, hstack, identity

from hubopt.errors import InfeasibleError, InterruptedSolve, NoPlanError, SolverError
from hubopt.model.build import build
from hubopt.model.decisions import family_mask
from hubopt.model.names import Names, labels
from hubopt.model.standard import standard_form
from hubopt.solver.form import SolveOptions, SolverStatus, StandardForm
from hubopt.solver.name_list import taken
from hubopt.solver.run import run
from hubopt.text import Text

if TYPE_CHECKING:
    import threading
    from collections.abc import Mapping, Sequence

    from hubopt.problem.problem import Problem
    from hubopt.solver.form import Floats, SolverAnswer

    Rows = list[int]

STRUCTURE = (
    "open_site_has_module",
    "modules_need_open_site",
    "demand_met",
    "site_open_for_flow",
    "site_chosen_for_flow",
)
"""Rows that say what a module or a flow is; they are never the planner's to give up."""

ASK_FOR_FLOW = ("service_level", "least_use")
"""Rules that some flow has to meet."""

LIMIT_S = 60.0
BROKEN = 1e-6

SAID: Mapping[str, tuple[str, str]] = {
    "modules_stay": ("modules that stand must stay: {}", "在用模块必须保留：{}"),
    "required_sites": ("this site is required: {}", "设施必须开放：{}"),
    "closed_sites": (
        "this site is closed or not allowed yet: {}",
        "设施已关闭或尚未允许开放：{}",
    ),
    "sites_at_most": ("the number of sites is limited: {}", "设施数量上限：{}"),
    "sites_at_least": ("at least so many sites must be open: {}", "设施数量下限：{}"),
    "coverage": ("a city must have sites within reach: {}", "城市须有时限内可达的设施：{}"),
    "least_use": ("an open site must be used enough: {}", "开放设施的最低使用量：{}"),
    "single_source": ("few sites may handle these shipments: {}", "单一来源：{}"),
    "service_level": ("a share must arrive within its promised time: {}", "服务水平：{}"),
    "emissions_at_most": ("emissions are capped: {}", "排放上限：{}"),
    "mode_share_at_least": ("a mode must carry a least share: {}", "方式比例下限：{}"),
    "mode_share_at_most": ("a mode may carry a share at most: {}", "方式比例上限：{}"),
    "delivery_share_at_least": ("a share must be delivered by the mode: {}", "配送方式比例：{}"),
    "site_capacity": ("the site's capacity is limited: {}", "设施能力：{}"),
    "link_capacity": ("the link's capacity is limited: {}", "线路能力：{}"),
    "transfer_capacity": ("the transfer's capacity is limited: {}", "换装能力：{}"),
    "service_capacity": ("the service's capacity is limited: {}", "班次载重：{}"),
    "budget": ("the budget is limited: {}", "建设预算上限：{}"),
    "departure_limits": (
        "this service must keep its least and most departures: {}",
        "班线班次上下限：{}",
    ),
    "own_rule": ("your own rule: {}", "您的自定规则：{}"),
    "vehicle_balance": ("vehicles must balance at this terminal: {}", "端点车辆必须平衡：{}"),
}


def explain_infeasible(
    problem: Problem, *, most_s: float = LIMIT_S, stop: threading.Event | None = None
) -> InfeasibleError | NoPlanError:
    """Return the error that names the rules that clash, found within `most_s` seconds.

    It is no `InfeasibleError` where routes that are not listed may meet the rules.
    If the time is up after the verdict was confirmed, the rules broken there are named instead of
    a least set. Raises `SolverError` if the elastic solve finds no clash or does not come to an
    end, and `InterruptedSolve` if `stop` is set meanwhile.
    """
    ends = time.monotonic() + most_s
    form = standard_form(build(problem))
    rules = design_rules(problem, form)
    elastic = run(elastic_form(rules), SolveOptions(gap=0.0, time_s=most_s), stop=stop)
    if stop is not None and stop.is_set():
        raise stopped()
    if elastic.values is None or elastic.objective is None:
        raise SolverError(not_confirmed(elastic.reason, elastic.reason))
    if elastic.objective <= BROKEN:
        raise SolverError(
            not_confirmed("a second solve meets every rule", "第二次求解满足全部规则")
        )
    broken = broken_rows(rules, elastic.values)
    try:
        named = Clash(rules, ends, stop).least(free_rows(rules), fixed_rows(rules)) or broken
    except TimeIsUpError:
        named = broken
    return error_of(problem, [rules.row_names[row] for row in named])


def error_of(problem: Problem, row_names: Sequence[str]) -> InfeasibleError | NoPlanError:
    """Return the error that names a clash; one over some of the routes does not say impossible.

    Rules on sites, modules and departures clash whatever the routes; only where freight has to
    come in time or in sufficient amounts may routes that are not listed bring it.
    """
    words = said(row_names, own_ids(problem))
    if problem.complete or not any(rule_of(name) in ASK_FOR_FLOW for name in row_names):
        return InfeasibleError(words)
    remedy = Text(
        "list more with --routes, or consider all with --all-routes",
        "请用 --routes 多列路径，或用 --all-routes 考虑全部路径",
    )
    if problem.bound_over_all_mcny is not None:  # they were priced
        remedy = Text("give more --time", "请用 --time 放宽时间")
    return NoPlanError(
        Text(
            f"over the routes listed so far {words.en}. Other routes may meet them: {remedy.en}",
            f"就目前所列路径而言，{words.zh}其他路径或可满足：{remedy.zh}",
        )
    )


class TimeIsUpError(Exception):
    """The time for an explanation is over."""


def stopped() -> InterruptedSolve:
    """Return the error for a planner who stopped the explanation."""
    return InterruptedSolve(
        Text(
            "stopped while looking for the rules that clash; nothing was written",
            "在查找冲突规则时中断，未写入文件",
        )
    )


def design_rules(problem: Problem, form: StandardForm) -> StandardForm:
    """Return the rows and columns of a form that have no flow in them, without costs.

    Where a rule asks for flow, flows and their rows are kept.
    """
    flows = family_mask(problem, form, "flow", "unserved")
    if any(rule_of(name) in ASK_FOR_FLOW for name in form.row_names):
        flows &= False
    rows = form.matrix().tocsr()
    keep_rows = np.flatnonzero((abs(rows) @ flows.astype(float)) == 0)
    keep = np.flatnonzero(~flows)
    small = csc_matrix(rows[keep_rows][:, keep])
    small.sort_indices()
    return StandardForm(
        cost=np.zeros(len(keep)),
        offset=0.0,
        column_lower=form.column_lower[keep],
        column_upper=form.column_upper[keep],
        integer=form.integer[keep],
        starts=small.indptr.astype(np.int64),
        indices=small.indices.astype(np.int64),
        values=small.data.astype(float),
        row_lower=form.row_lower[keep_rows],
        row_upper=form.row_upper[keep_rows],
        column_names=taken(form.column_names, keep),
        row_names=taken(form.row_names, keep_rows),
    )


def elastic_form(rules: StandardForm) -> StandardForm:
    """Return the rules with two columns for each row that may be broken: missing and too much."""
    rows = np.array(free_rows(rules), dtype=np.int64)
    unit = identity(len(rules.row_names), format="csc")[:, rows]
    whole = csc_matrix(hstack([rules.matrix(), unit, -unit]))
    whole.sort_indices()
    extra = 2 * len(rows)
    size = 1.0 + np.abs(np.where(np.isfinite(rules.row_upper), rules.row_upper, rules.row_lower))
    price = 1.0 / np.where(np.isfinite(size[rows]), size[rows], 1.0)
    return replace(
        rules,
        cost=np.concatenate([rules.cost, price, price]),
        column_lower=np.append(rules.column_lower, np.zeros(extra)),
        column_upper=np.append(rules.column_upper, np.full(extra, np.inf)),
        integer=np.append(rules.integer, np.zeros(extra, dtype=bool)),
        starts=whole.indptr.astype(np.int64),
        indices=whole.indices.astype(np.int64),
        values=whole.data.astype(float),
        column_names=(
            *rules.column_names,
            *(f"missing({n})" for n in range(len(rows))),
            *(f"too_much({n})" for n in range(len(rows))),
        ),
    )


def rule_of(row_name: str) -> str:
    """Return the name of the rule that a row belongs to."""
    return row_name.partition("(")[0]


def free_rows(rules: StandardForm) -> Rows:
    """Return the rows that a planner could give up."""
    return [n for n, name in enumerate(rules.row_names) if rule_of(name) not in STRUCTURE]


def fixed_rows(rules: StandardForm) -> Rows:
    """Return the rows that always hold."""
    return [n for n, name in enumerate(rules.row_names) if rule_of(name) in STRUCTURE]


def broken_rows(rules: StandardForm, values: Floats) -> Rows:
    """Return the rows that the elastic solve broke."""
    rows = free_rows(rules)
    first = len(rules.cost)
    amounts = values[first : first + len(rows)] + values[first + len(rows) :]
    return [row for row, amount in zip(rows, amounts, strict=True) if amount > BROKEN]


@dataclass
class Clash:
    """A search for a least set of rows that cannot hold together."""

    rules: StandardForm
    ends: float = float("inf")
    stop: threading.Event | None = None
    known: dict[frozenset[int], bool] = field(default_factory=dict)

    def possible(self, rows: Sequence[int]) -> bool:
        """Return whether some whole point meets the given rows."""
        key = frozenset(rows)
        if key not in self.known:
            held = np.isin(np.arange(len(self.rules.row_names)), list(key))
            form = replace(
                self.rules,
                row_lower=np.where(held, self.rules.row_lower, -np.inf),
                row_upper=np.where(held, self.rules.row_upper, np.inf),
            )
            left = min(LIMIT_S, self.ends - time.monotonic())
            if left <= 0:
                raise TimeIsUpError
            answer = run(form, SolveOptions(gap=1.0, time_s=left), stop=self.stop)
            if self.stop is not None and self.stop.is_set():
                raise stopped()
            if answer.status is SolverStatus.LIMIT_WITHOUT_VALUES:
                raise TimeIsUpError
            self.known[key] = meant(answer)
        return self.known[key]

    def least(self, rows: Rows, given: Rows) -> Rows:
        """Return a least part of `rows` that clashes with `given`, empty if none does."""
        if self.possible([*rows, *given]):
            return []
        return self.part(rows, given, fresh=False)

    def part(self, rows: Rows, given: Rows, *, fresh: bool) -> Rows:
        """Return a least clashing part by halves (QuickXplain); `fresh`: `given` has just grown."""
        if fresh and not self.possible(given):
            return []
        if len(rows) == 1:
            return rows
        half = len(rows) // 2
        first, second = rows[:half], rows[half:]
        of_second = self.part(second, [*given, *first], fresh=bool(first))
        of_first = self.part(first, [*given, *of_second], fresh=bool(of_second))
        return of_first + of_second


def meant(answer: SolverAnswer) -> bool:
    """Return whether an answer says possible or not; raise `SolverError` if it says neither."""
    if answer.status is SolverStatus.INFEASIBLE:
        return False
    if answer.status.has_values:
        return True
    raise SolverError(not_confirmed(answer.reason, answer.reason))


def not_confirmed(en: str, zh: str) -> Text:
    """Return the words for a verdict that a second solve does not bear out."""
    return Text(
        f"the solver called the model infeasible, but that was not confirmed: {en}. Try again, with"
        " another --seed if it recurs",
        f"求解器判定模型不可行，但未能复核：{zh}。请重试；若再次出现，请换一个 --seed",
    )


def own_ids(problem: Problem) -> Mapping[str, str]:
    """Return the planner's own ids by the plain labels that stand for them in names of rows."""
    names, services = Names(problem), problem.services
    terminals = [f"{vehicle} {place}" for vehicle, place in services.vehicle_terminals]
    plain = labels(".".join(terminal) for terminal in services.vehicle_terminals)
    modules = [label for _, label in names.modules]
    return {
        **dict(zip(modules, problem.sites.module_names, strict=True)),
        **dict(zip(plain, terminals, strict=True)),
        **dict(zip(names.services, services.service_ids, strict=True)),
        **dict(zip(names.sites, problem.sites.site_ids, strict=True)),
    }


def said(row_names: Sequence[str], own: Mapping[str, str]) -> Text:
    """Return the clash in words: each rule with its site, service or limit and its stage."""
    en, zh = [], []
    for name in row_names:
        rule, _, rest = name.partition("(")
        where = ", ".join(own.get(part, part) for part in rest.rstrip(")").split(","))
        words = SAID.get(rule, ("{}", "{}"))
        en.append(f"{words[0].format(where)} ({rule})")
        zh.append(f"{words[1].format(where)}（{rule}）")
    return Text(
        "no plan can meet these rules together: " + "; ".join(en) + ". Change one of them",
        "以下规则无法同时满足：" + "；".join(zh) + "。请修改其中一条",
    )
