"""A design solved: the strong relaxation, small models of what is cheap in it, and the proof.

The relaxation has every link; few of them bind, and only these go on. Its reduced costs say what a
plan cheaper than the best known can use at all. Models of the flows that cost little in it find
good plans in a moment, and with such a plan the model of all flows is closed by HiGHS, whose own
cuts do the rest: it separates the links that were left out where they are missed.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from hubopt.engine.network.design import nothing_sent
from hubopt.engine.network.form import all_room, flow_form
from hubopt.engine.network.reduced import narrowed, reduced_costs
from hubopt.engine.network.slopes import Slopes
from hubopt.solver.form import Progress, SolveOptions
from hubopt.solver.run import run
from hubopt.vocabulary import DESIGNING

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Mapping

    from hubopt.engine.network.design import Design, Ways
    from hubopt.engine.network.form import FlowForm, Truths
    from hubopt.engine.network.reduced import Reduced
    from hubopt.problem.problem import Floats
    from hubopt.solver.form import SolverAnswer

CORES = ((0.005, 0.002),)
"""What a flow may cost at its most, by share of the bound, and the gap of the model of these."""

CORE_FLOWS = 4000
"""Most flows of a small model, but for those that cost as little as the last of them."""

CORE_SHARE = 0.2
"""What part of the time that is left a small model may take."""

MANY_FLOWS = 20_000
"""More flows than these are not linked all at once: the relaxation would take most of the time."""

RELAXING, RISE = 0.3, 0.002
"""What part of the time may go into it then, and by what share the bound must rise to go on."""

TIGHT, MISSED = 1e-7, 1e-6
LEAST_S = 0.1

PROVING: Mapping[str, str | int | float | bool] = {
    "mip_heuristic_effort": 0.0,
    "mip_heuristic_run_rens": False,
    "mip_heuristic_run_rins": False,
    "mip_heuristic_run_root_reduced_cost": False,
    "mip_pscost_minreliable": 1,
}
"""With a good plan in hand neither heuristics nor long trials of branchings pay."""


@dataclass(frozen=True)
class NetworkAnswer:
    """The best plan of a design and a bound on all plans, both in units of money."""

    plan: Ways
    bound: float

    @property
    def proved(self) -> bool:
        """Whether no plan is cheaper, but for rounding."""
        return self.plan.cost - self.bound <= TIGHT * abs(self.plan.cost)


@dataclass(frozen=True)
class Relaxed:
    """A relaxation of all flows: what its multipliers prove, its point, the links that bind."""

    shape: FlowForm
    reduced: Reduced
    values: Floats
    binding: Truths


@dataclass
class Search:
    """A search under way."""

    design: Design
    options: SolveOptions
    on_progress: Callable[[Progress], None] | None
    stop: threading.Event | None

    def __post_init__(self) -> None:
        """Begin with the plan that leaves everything behind."""
        self.began = time.monotonic()
        self.plan = nothing_sent(self.design)
        self.bound = 0.0
        self.room = all_room(self.design)
        self.large = int((self.room.flow > 0).sum()) > MANY_FLOWS

    @property
    def left_s(self) -> float:
        """Seconds left."""
        return self.options.time_s - (time.monotonic() - self.began)

    @property
    def known(self) -> float | None:
        """Cost of the plan known, None as long as it leaves goods behind at their price."""
        return None if self.plan.left.any() else self.plan.cost

    @property
    def done(self) -> bool:
        """Whether the gap is closed, time is over or somebody asked to stop."""
        over = self.left_s < LEAST_S or (self.stop is not None and self.stop.is_set())
        return over or self.plan.cost - self.bound <= self.options.gap * self.plan.cost

    def ask(
        self,
        shape: FlowForm,
        gap: float,
        time_s: float,
        highs: Mapping[str, str | int | float | bool],
    ) -> SolverAnswer:
        """Return HiGHS's answer to a form."""
        options = replace(self.options, gap=gap, time_s=max(time_s, LEAST_S), highs=highs)
        return run(shape.form, options, on_progress=self.tell, stop=self.stop)

    def tell(self, heard: Progress) -> None:
        """Tell who listens where the search stands; bounds of small models are none."""
        if self.on_progress is None:
            return
        cost, low = self.plan.cost, self.bound
        money = self.design.mcny_per_unit
        gap = (cost - low) / cost if cost else 0.0
        elapsed = time.monotonic() - self.began
        self.on_progress(Progress(elapsed, cost * money, low * money, gap, DESIGNING, heard.counts))

    def run(self) -> NetworkAnswer:
        """Search until the gap is closed or time is over."""
        relaxed = self.relax()
        if relaxed is not None:
            if self.large:
                Slopes(self, relaxed).run()
            else:
                for share, gap in CORES:
                    self.core(relaxed, share, gap)
            self.prove(relaxed)
        return NetworkAnswer(self.plan, min(self.bound, self.plan.cost))

    def relax(self) -> Relaxed | None:
        """Return the strong relaxation, None if time is too short; of many flows step by step.

        With many flows links come in as they are missed, until the bound hardly rises.
        """
        within = self.left_s - RELAXING * self.left_s
        linked = self.room.flow > 0
        if self.large:
            linked[:] = False
        best = None
        while not self.done:
            shape = flow_form(self.design, self.room, linked, whole=False)
            left = self.left_s if best is None else self.left_s - within
            answer = self.ask(shape, 0.0, left, {})
            if answer.values is None or answer.row_duals is None:
                break
            found = reduced_costs(shape.form, answer.row_duals)
            rises = best is None or found.bound - self.bound > RISE * abs(self.bound)
            self.bound = max(self.bound, found.bound)
            best = Relaxed(shape, found, answer.values, links_that_bind(self.design, shape, answer))
            missed = links_missed(shape, answer.values, self.room.flow)
            if not rises or not missed.any() or self.left_s < within:
                break
            linked |= missed
        return best

    def core(self, relaxed: Relaxed, share: float, gap: float) -> None:
        """Look for a better plan among the flows that cost little in the relaxation."""
        if self.done:
            return
        shape, found = relaxed.shape, relaxed.reduced
        paid = shape.flows(found.cost) * self.room.flow[shape.arc, shape.shipment]
        paid[shape.flows(relaxed.values) > TIGHT] = 0.0
        limit = share * abs(found.bound)
        if len(paid) > CORE_FLOWS:
            limit = min(limit, float(np.partition(paid, CORE_FLOWS)[CORE_FLOWS]))
        dear = paid > limit
        flow = self.room.flow.copy()
        flow[shape.arc[dear], shape.shipment[dear]] = 0.0
        small = flow_form(
            self.design,
            replace(self.room, flow=flow),
            relaxed.binding,
            whole=True,
            known=self.known,
        )
        answer = self.ask(small, max(gap, self.options.gap), CORE_SHARE * self.left_s, {})
        self.offer(small, answer)

    def prove(self, relaxed: Relaxed) -> None:
        """Close the gap by the model of all flows that a better plan may use."""
        if self.done:
            return
        self.room = narrowed(self.room, relaxed.shape, relaxed.reduced, self.plan.cost)
        whole = flow_form(self.design, self.room, relaxed.binding, whole=True, known=self.known)
        answer = self.ask(whole, self.options.gap, self.left_s, PROVING)
        self.offer(whole, answer)
        if answer.bound is not None:
            self.bound = max(self.bound, min(answer.bound, self.plan.cost))

    def offer(self, shape: FlowForm, answer: SolverAnswer) -> None:
        """Keep the plan of an answer if it is the best."""
        plan = None if answer.values is None else shape.ways(self.design, answer.values)
        if plan is not None:
            self.take(plan)

    def take(self, plan: Ways) -> None:
        """Keep a plan if it is the best."""
        if plan.cost < self.plan.cost:
            self.plan = plan


def links_that_bind(design: Design, shape: FlowForm, answer: SolverAnswer) -> Truths:
    """Return m x k, the links that are tight at an arc that runs, or have a price."""
    found = np.zeros((design.arcs, design.shipments), dtype=np.bool_)
    if answer.values is None or answer.row_duals is None:
        return found
    rows = len(shape.form.row_lower) - len(shape.links)
    arc, shipment = shape.arc[shape.links], shape.shipment[shape.links]
    runs = shape.runs(answer.values)[arc]
    slack = (shape.form.matrix() @ answer.values)[rows:]
    tight = (slack > -TIGHT) & (runs > TIGHT)
    found[arc, shipment] = tight | (np.abs(answer.row_duals[rows:]) > TIGHT)
    return found


def links_missed(shape: FlowForm, values: Floats, most: Floats) -> Truths:
    """Return m x k, the flows above what the runs of their arc allow."""
    found = np.zeros(most.shape, dtype=np.bool_)
    allowed = most[shape.arc, shape.shipment] * shape.runs(values)[shape.arc]
    found[shape.arc, shape.shipment] = shape.flows(values) > allowed + MISSED
    return found


def solve_network(
    design: Design,
    options: SolveOptions,
    *,
    on_progress: Callable[[Progress], None] | None = None,
    stop: threading.Event | None = None,
) -> NetworkAnswer:
    """Return the best plan of a design, and the bound, within the options' gap and time."""
    return Search(design, options, on_progress, stop).run()
