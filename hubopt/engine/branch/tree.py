"""The proof over all routes where that of the LP is too low: branch and price.

The bound of the LP counts parts of sites, modules and departures as if they cost a part; of few
large ones it lies per cents too low. Here whole decisions are branched on, and every node has a
bound over all routes of its own (Barnhart et al., Operations Research 46(3), 1998). The node of the
least bound comes first (Land and Doig 1960), two at a time; the column that is likely to raise both
sides most is branched on (`Gains`).
"""

from __future__ import annotations

import heapq
import itertools
import math
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

from hubopt.engine.board import SPARED, Halt
from hubopt.engine.branch.look import Prober
from hubopt.engine.branch.node import FINEST, Gains, Listed, Node, merged
from hubopt.engine.branch.plans import Plans
from hubopt.engine.pricing import RoutePricer
from hubopt.engine.solve_problem import OTHER_ROUTES, Solved
from hubopt.errors import SolverError
from hubopt.problem.columns import Columns
from hubopt.solver.form import ALL_ROUTES_BRANCHING, Progress, SolverAnswer, SolverStatus
from hubopt.solver.statuses import clash

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable

    from hubopt.engine.branch.look import Look
    from hubopt.instance.tables import Instance
    from hubopt.problem.problem import Problem
    from hubopt.solver.form import SolveOptions

SIDE_BY_SIDE = 2
PROBES, PROBING_SHARE = 8, 0.3
"""Most columns of a node of which both sides are tried before one is branched on, and the share of
the time that this may take."""

TIGHT = 1e-7
"""A bound that lies this share of the cost below a plan proves it: LPs are no more exact."""

LEAST_S = 1.0

TOO_SHORT = "too little time was left for another node"
LP_FAILED = "the LP of a node could not be solved"
NOT_CLOSED = "some nodes have a bound that branching cannot raise"


class Tree:
    """The open nodes, the least bound of those that are closed, and the best plan.

    What lies beyond a side that was fixed at some cutoff costs at least that cutoff, which counts
    as a closed node. Cutoffs only fall.
    """

    def __init__(
        self,
        instance: Instance,
        problem: Problem,
        solved: Solved,
        options: SolveOptions,
        on_progress: Callable[[Progress], None] | None,
        stop: threading.Event | None,
    ) -> None:
        answer = solved.answer
        if solved.decisions is None or answer.objective is None or answer.bound is None:
            raise AssertionError(answer.status)
        self.began, self.options, self.on_progress = time.monotonic(), options, on_progress
        self.halt, self.closed, self.looked, self.reason = Halt(stop), math.inf, 0, ""
        settled = answer.reason == OTHER_ROUTES
        self.plans = Plans(
            answer.objective, problem, solved.decisions, self.for_lp, self.halt,
            len(problem.column_shipment) if settled else 0,
        )  # fmt: skip
        pricer = RoutePricer(instance, problem)
        most_kt = pricer.most_kt(problem.demand_kt)
        self.probe = Prober(
            pricer, Columns.of(instance), most_kt, self.for_lp, lambda: self.over, self.halt
        )
        self.listed = Listed.of(problem, most_kt)
        self.gains, self.count, self.probing_s = Gains(), itertools.count(), 0.0
        self.heap: list[tuple[float, int, Node]] = []
        self.push(Node(bound=answer.bound))

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
        return self.plans.cost - gap * abs(self.plans.cost)

    @property
    def bound(self) -> float:
        """The least bound of all nodes, open or closed."""
        return min(self.heap[0][0] if self.heap else math.inf, self.closed)

    def for_lp(self) -> SolveOptions:
        """Return options for one of the solves that run side by side."""
        return replace(
            self.options,
            time_s=max(LEAST_S, self.left_s),
            memory_mb=max(1, self.options.memory_mb // SIDE_BY_SIDE),
            highs={},
        )

    def push(self, node: Node) -> None:
        """Add an open node."""
        heapq.heappush(self.heap, (node.bound, next(self.count), node))

    def grow(self) -> None:
        """Look at nodes until the gap is closed, none is open, or the time is up.

        A solve that fails ends it; plan and bound stay, as all that is proved does.
        """
        with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
            try:
                while self.heap and self.heap[0][0] < min(self.cutoff, self.closed):
                    if self.over:
                        self.reason = TOO_SHORT
                        break
                    self.batch(pool)
            except SolverError as error:
                self.reason = error.message.en
            finally:
                self.halt.set()  # whatever happened, nothing runs on

    def batch(self, pool: ThreadPoolExecutor) -> None:
        """Look at the first nodes, side by side, and branch on them."""
        wanted = min(SIDE_BY_SIDE, len(self.heap))
        nodes = [heapq.heappop(self.heap)[2] for _ in range(wanted)]
        listed, cutoff = self.listed, self.cutoff
        try:
            looks = list(pool.map(lambda node: self.probe.look(node, listed, cutoff), nodes))
            self.listed = self.probe.listed(listed, [r for look in looks for r in look.routes])
            for node, look in zip(nodes, looks, strict=True):
                self.take(node, look, cutoff, pool)
        except SolverError:
            for node in nodes:
                self.push(node)  # what became of them is not known: they bound what is in them
            raise
        self.plans.improve(self.listed, self.elapsed_s)
        self.say()

    def take(self, node: Node, look: Look, cutoff: float, pool: ThreadPoolExecutor) -> None:
        """Close a node that was looked at with a cutoff, or branch on one of its columns."""
        self.looked += 1
        if look.fixed:
            self.closed = min(self.closed, cutoff)
        if node.sides and math.isfinite(look.lp):
            self.gains.learn(node.sides[-1].name, node.share, look.lp - node.lp, up=node.up)
        if look.values is not None:
            cost = self.plans.offer(look.listed, look.values)
            if cost > look.lp + TIGHT * abs(look.lp):  # the point was not so whole
                look.fractions = look.listed.fractions(look.values, FINEST)
        node = replace(node, bound=look.bound, fixed=merged((*node.fixed, *look.fixed)))
        if look.bound < self.cutoff and look.fractions:
            self.branch(node, look, pool)
        elif look.bound < self.cutoff and not look.ended and self.over:
            self.push(node)
        else:
            self.closed = min(self.closed, look.bound)
            if look.bound < self.cutoff and not look.ended:
                self.reason = LP_FAILED

    def branch(self, node: Node, look: Look, pool: ThreadPoolExecutor) -> None:
        """Open both sides of the column of a node that is likely to raise them most."""
        began = time.monotonic()
        self.learn(node, look, pool)
        self.probing_s += time.monotonic() - began
        one = max(look.fractions, key=self.gains.score)
        for side, share in zip(one.sides(), (one.below, 1.0 - one.below), strict=True):
            self.push(Node((*node.sides, side), look.bound, look.lp, share, node.fixed))

    def learn(self, node: Node, look: Look, pool: ThreadPoolExecutor) -> None:
        """Try both sides of some columns of which nothing is known."""
        new = [one for one in look.fractions if not self.gains.has(one.name)]
        new.sort(key=lambda one: abs(one.below - 0.5))
        for one in new[:PROBES]:
            known = bool(self.gains.known)
            if self.over or (known and self.probing_s > PROBING_SHARE * self.elapsed_s):
                return
            values = pool.map(
                lambda side: self.probe.lp(look.listed, (*node.kept, side)), one.sides()
            )
            shares = (one.below, 1.0 - one.below)
            for up, value, share in zip((False, True), values, shares, strict=True):
                if value is not None:
                    gain = min(value, self.plans.cost) - look.lp
                    self.gains.learn(one.name, share, gain, up=up)

    def say(self) -> None:
        """Tell who listens where the tree stands."""
        if self.on_progress is None:
            return
        cost, bound = self.plans.cost, min(self.bound, self.plans.cost)
        gap = (cost - bound) / max(abs(cost), TIGHT)
        counts = {"nodes": self.looked, "open_nodes": len(self.heap)}
        self.on_progress(Progress(self.elapsed_s, cost, bound, gap, ALL_ROUTES_BRANCHING, counts))

    def ended(self) -> Solved:
        """Return the best plan with the bound proved."""
        cost = self.plans.cost
        fault = clash(self.bound, cost)  # a bound above the plan is to be told
        bound = self.bound if fault else min(self.bound, cost)
        status, reason = SolverStatus.LIMIT_WITH_VALUES, self.reason or NOT_CLOSED
        if bound >= self.cutoff:
            status, reason = SolverStatus.OPTIMAL, ""
        elif self.halt.by_planner:
            status = SolverStatus.INTERRUPTED_WITH_VALUES
        point = self.plans.point(self.listed)
        answer = SolverAnswer(status, point, cost, bound, self.elapsed_s, reason)
        return Solved(answer, self.plans.on(self.listed.problem), self.listed.form)


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
    tree = Tree(instance, problem, solved, options, on_progress, stop)
    tree.grow()
    best = tree.ended()
    found = replace(
        tree.listed.problem,
        bound_over_all_mcny=best.answer.bound,
        row_prices=problem.row_prices,
        nodes=problem.nodes + tree.looked,
    )
    return found, best
