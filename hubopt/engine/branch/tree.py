"""The proof over all routes where that of the LP is too low: branch and price.

The bound of the LP counts parts of sites, modules and departures as if they cost a part; of few
large ones it lies per cents too low. Here whole decisions are branched on, and every node has a
bound over all routes of its own (Barnhart et al., Operations Research 46(3), 1998). The node of the
least bound comes first (Land and Doig 1960), two at a time, so that a run can be repeated; the
column that is likely to raise both sides most is branched on (`Gains`).
"""

from __future__ import annotations

import heapq
import itertools
import math
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hubopt.engine.board import Halt
from hubopt.engine.branch.look import Prober, unlimited
from hubopt.engine.branch.node import Fraction, Gains, Listed, Node, merged
from hubopt.engine.dive import clean
from hubopt.engine.earlier import carried_over
from hubopt.engine.pricing import RoutePricer
from hubopt.engine.solve_problem import Solved
from hubopt.engine.start import point_of
from hubopt.model.decisions import decisions
from hubopt.problem.columns import Columns
from hubopt.solver.form import CLOSING, Progress, SolverAnswer, SolverStatus
from hubopt.solver.run import run
from hubopt.solver.statuses import clash, objective_of

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable

    from hubopt.engine.branch.look import Look
    from hubopt.instance.tables import Instance
    from hubopt.problem.problem import Decisions, Floats, Problem
    from hubopt.solver.form import SolveOptions, StandardForm

SIDE_BY_SIDE = 2
PROBES = 8
"""Most columns of a node of which both sides are tried before one is branched on."""

TIGHT = 1e-7
"""A bound that lies this share of the cost below a plan proves it: LPs are no more exact."""

SPARED = 0.999
"""Share of the gap asked for that is aimed at: a plan in whole kilograms costs a little more."""

MORE_ROUTES, PLANS_SHARE = 0.01, 0.2
"""Better plans are looked for once so many more routes are known, for this share of the time."""

LEAST_S = 1.0


@dataclass(frozen=True)
class Known:
    """The best plan so far: its cost in million CNY, and its decisions on a problem."""

    cost: float
    problem: Problem
    made: Decisions


class Tree:
    """The open nodes, the least bound of those that are closed, and the best plan."""

    def __init__(
        self,
        instance: Instance,
        problem: Problem,
        plan: Known,
        bound: float,
        options: SolveOptions,
        on_progress: Callable[[Progress], None] | None,
        stop: threading.Event | None,
    ) -> None:
        self.began, self.options, self.on_progress = time.monotonic(), options, on_progress
        self.halt, self.plan, self.closed, self.looked = Halt(stop), plan, math.inf, 0
        pricer = RoutePricer(instance, problem)
        self.probe = Prober(pricer, Columns.of(instance), self.for_lp, self.halt)
        self.listed = Listed.of(problem, pricer.most_kt(problem.demand_kt))
        self.gains, self.count = Gains(), itertools.count()
        self.heap: list[tuple[float, int, Node]] = []
        self.push(Node(bound=bound))
        self.planned_s, self.planned_routes = 0.0, len(problem.column_shipment)

    @property
    def elapsed_s(self) -> float:
        """Seconds since it began."""
        return time.monotonic() - self.began

    @property
    def left_s(self) -> float:
        """Seconds left."""
        return self.options.time_s - self.elapsed_s

    @property
    def over(self) -> bool:
        """Whether the time is up or somebody asked to stop."""
        return self.left_s < LEAST_S or self.halt.is_set()

    @property
    def cutoff(self) -> float:
        """The bound that proves the best plan to within the gap asked for."""
        gap = max(self.options.gap * SPARED, TIGHT)
        return self.plan.cost - gap * abs(self.plan.cost)

    @property
    def bound(self) -> float:
        """The least bound of all nodes, open or closed."""
        return min(self.heap[0][0] if self.heap else math.inf, self.closed)

    def for_lp(self) -> SolveOptions:
        """Return options for one of the LPs that are solved side by side."""
        return unlimited(self.options, max(LEAST_S, self.left_s), SIDE_BY_SIDE)

    def push(self, node: Node) -> None:
        """Add an open node."""
        heapq.heappush(self.heap, (node.bound, next(self.count), node))

    def grow(self) -> None:
        """Look at nodes until the gap is closed, none is open, or the time is up."""
        with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
            while self.heap and not self.over and self.heap[0][0] < min(self.cutoff, self.closed):
                wanted = min(SIDE_BY_SIDE, len(self.heap))
                nodes = [heapq.heappop(self.heap)[2] for _ in range(wanted)]
                listed, cutoff = self.listed, self.cutoff
                looks = list(
                    pool.map(lambda node: self.probe.look(node, listed, cutoff), nodes)  # noqa: B023
                )
                self.listed = self.probe.listed(listed, [r for k in looks for r in k.routes])
                for node, look in zip(nodes, looks, strict=True):
                    self.take(node, look, cutoff, pool)
                self.better_plans()
                self.say()

    def take(self, node: Node, look: Look, cutoff: float, pool: ThreadPoolExecutor) -> None:
        """Close a node that was looked at with a cutoff, or branch on one of its columns."""
        self.looked += 1
        node = replace(node, fixed=merged((*node.fixed, *look.fixed)))
        if look.fixed:  # what lies beyond costs at least so much
            self.closed = min(self.closed, cutoff)
        if node.sides and math.isfinite(look.lp):
            self.gains.learn(node.sides[-1].name, node.share, look.lp - node.lp, up=node.up)
        if look.values is not None:
            self.offer(look.listed, look.values)
        if look.bound >= self.cutoff or (look.ended and not look.fractions):
            self.closed = min(self.closed, look.bound)
        elif not look.fractions:  # cut short: it stays open
            self.push(replace(node, bound=look.bound))
        else:
            self.branch(node, look, pool)

    def branch(self, node: Node, look: Look, pool: ThreadPoolExecutor) -> None:
        """Open both sides of the column of a node that is likely to raise them most."""
        one = self.chosen(node, look, pool)
        for side, share in zip(one.sides(), (one.below, 1.0 - one.below), strict=True):
            self.push(Node((*node.sides, side), look.bound, look.lp, share, node.fixed))

    def chosen(self, node: Node, look: Look, pool: ThreadPoolExecutor) -> Fraction:
        """Return the column to branch on; both sides of some that are new are tried first."""
        new = [one for one in look.fractions if not self.gains.has(one.name)]
        new.sort(key=lambda one: abs(one.below - 0.5))
        for one in new[:PROBES]:
            if self.over:
                break
            below, above = pool.map(
                lambda side: self.probe.lp(look.listed, (*node.kept, side)), one.sides()
            )
            for up, value, share in ((False, below, one.below), (True, above, 1 - one.below)):
                if value is not None:
                    gain = min(value, self.plan.cost) - look.lp
                    self.gains.learn(one.name, share, gain, up=up)
        return max(look.fractions, key=self.gains.score)

    def offer(self, listed: Listed, values: Floats) -> None:
        """Keep a point as the best plan if it is one, and cheaper."""
        whole = clean(listed.form, values, self.solve_lp)
        if whole is None:
            return
        cost = objective_of(listed.form, whole)
        if cost < self.plan.cost:
            made = decisions(listed.problem, listed.form, whole)
            self.plan = Known(cost, listed.problem, made)

    def solve_lp(self, form: StandardForm) -> SolverAnswer:
        """Solve an LP of flows."""
        return run(form, self.for_lp(), stop=self.halt)

    def better_plans(self) -> None:
        """Look for a better plan over the routes found, if there are enough that are new."""
        routes = len(self.listed.problem.column_shipment)
        few = routes < (1.0 + MORE_ROUTES) * self.planned_routes
        if few or self.planned_s > PLANS_SHARE * self.elapsed_s or self.over:
            return
        began = time.monotonic()
        most_s = PLANS_SHARE * self.elapsed_s - self.planned_s + LEAST_S
        start = self.point()
        options = replace(self.options, time_s=min(most_s, self.left_s))
        answer = run(self.listed.form, options, stop=self.halt, start=start)
        if answer.values is not None:
            self.offer(self.listed, answer.values)
        self.planned_s, self.planned_routes = self.planned_s + time.monotonic() - began, routes

    def point(self) -> Floats:
        """Return the best plan as a point of the form of all routes found."""
        problem = self.listed.problem
        made = carried_over(self.plan.problem, self.plan.made, problem)
        return point_of(problem, self.listed.form, made)

    def say(self) -> None:
        """Tell who listens where the tree stands."""
        if self.on_progress is None:
            return
        cost, bound = self.plan.cost, min(self.bound, self.plan.cost)
        gap = (cost - bound) / max(abs(cost), TIGHT)
        counts = {"nodes": self.looked, "open_nodes": len(self.heap)}
        self.on_progress(Progress(self.elapsed_s, cost, bound, gap, CLOSING, counts))

    def ended(self) -> tuple[Problem, Solved]:
        """Return the problem over all routes found, and the best plan with the bound proved."""
        bound, cost = self.bound, self.plan.cost
        if not clash(bound, cost):  # a bound above the plan is a fault, to be told
            bound = min(bound, cost)
        status = SolverStatus.LIMIT_WITH_VALUES
        if bound >= self.cutoff:
            status = SolverStatus.OPTIMAL
        elif self.halt.by_planner:
            status = SolverStatus.INTERRUPTED_WITH_VALUES
        form, point = self.listed.form, self.point()
        made = carried_over(self.plan.problem, self.plan.made, self.listed.problem)
        reason = "" if status is SolverStatus.OPTIMAL else "no node is left that could be closed"
        answer = SolverAnswer(status, point, cost, bound, self.elapsed_s, reason)
        return self.listed.problem, Solved(answer, made, form)


def branched(
    instance: Instance,
    problem: Problem,
    solved: Solved,
    options: SolveOptions,
    *,
    on_progress: Callable[[Progress], None] | None = None,
    stop: threading.Event | None = None,
) -> tuple[Problem, Solved]:
    """Return a solved problem with a higher bound over all routes, and perhaps a better plan.

    The problem comes back with the routes found on the way. Costs are in million CNY of present
    value; the time of `options` is all that it may take.
    """
    answer = solved.answer
    if solved.decisions is None or answer.objective is None or answer.bound is None:
        raise AssertionError(answer.status)
    plan = Known(answer.objective, problem, solved.decisions)
    tree = Tree(instance, problem, plan, answer.bound, options, on_progress, stop)
    tree.grow()
    found, best = tree.ended()
    known = problem.nodes + tree.looked
    found = replace(
        found, bound_over_all_mcny=best.answer.bound, row_prices=problem.row_prices, nodes=known
    )
    return found, best
