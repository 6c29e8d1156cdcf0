"""Good plans of large designs: slope scaling, then small models of the arcs that it runs.

Fixed costs spread over what arcs carry leave a linear programme of flows; what these carry says how
to spread them next (Kim and Pardalos, Operations Research Letters 24(4), 1999). It begins with the
flows of the strong relaxation, whose arcs are better than those of the weak one by a quarter of the
cost. The arcs of the best designs found are few enough for HiGHS to do the rest.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from hubopt.engine.network.design import ways_of
from hubopt.engine.network.form import flow_form

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubopt.engine.network.design import Design
    from hubopt.engine.network.form import FlowForm, Truths
    from hubopt.engine.network.solve_network import Relaxed, Search
    from hubopt.problem.problem import Floats

MOST_ROUNDS, IDLE_ROUNDS = 25, 4
"""Rounds of slope scaling, and how many without a better plan end it."""

BEST_DESIGNS = 5
"""The arcs of so many of the best designs make the first small model."""

RUNNING = (0.5, 0.3, 0.15, 0.05)
"""Arcs that run so much in the relaxation join the arcs of the plan, model by model."""

DEAR = 0.01
"""A flow that costs more than this share of the bound in the relaxation stays out."""

SMALL_GAP = 0.002
SLOPES_SHARE, MODELS_SHARE, MODEL_SHARE = 0.2, 0.6, 0.35
"""What part of the time that is left goes into slopes, all small models, and each of them."""

CRUMB = 1e-6


@dataclass
class Slopes:
    """Slope scaling for a search: the arcs of each design that was found, with its cost."""

    search: Search
    relaxed: Relaxed
    found: list[tuple[float, Truths]] = field(default_factory=list)

    def run(self) -> None:
        """Look for plans by slopes, then among the arcs of the best of them."""
        search = self.search
        until = search.left_s * (1 - SLOPES_SHARE)
        self.scale(until)
        until = search.left_s * (1 - MODELS_SHARE)
        for arcs in self.neighbourhoods():
            if search.done or search.left_s < until:
                return
            self.small(arcs, MODEL_SHARE * search.left_s)

    def scale(self, until: float) -> None:
        """Solve flows by slopes as long as plans get better, down to so many seconds left."""
        search, design = self.search, self.search.design
        flow, idle = flows_in(self.relaxed.shape, design, self.relaxed.values), 0
        runs = self.relaxed.shape.runs(self.relaxed.values)
        charge = spread(design, flow, runs, first_charge(design, flow))
        none = np.zeros(flow.shape, dtype=np.bool_)
        for _ in range(MOST_ROUNDS):
            if search.done or search.left_s < until or idle == IDLE_ROUNDS:
                return
            shape = flow_form(replace(design, fixed=charge), search.room, none, whole=False)
            answer = search.ask(shape, 0.0, search.left_s - until, {})
            if answer.values is None:
                return
            flow = flows_in(shape, design, answer.values)
            runs = np.ceil(flow.sum(axis=1) / design.capacity - CRUMB)
            idle = 0 if self.keep(flow, runs) else idle + 1
            charge = spread(design, flow, runs, charge)

    def keep(self, flow: Floats, runs: Floats) -> bool:
        """Keep the design of flows and offer its plan; tell whether it is the best of all."""
        plan = ways_of(self.search.design, runs.astype(np.int64), flow)
        best = min((cost for cost, _ in self.found), default=np.inf)
        self.found.append((plan.cost, plan.runs > 0))
        self.search.take(plan)
        return plan.cost < best

    def neighbourhoods(self) -> Iterator[Truths]:
        """Yield sets of arcs for small models, the smallest first."""
        designs = sorted(self.found, key=lambda one: one[0])[:BEST_DESIGNS]
        if designs:
            yield np.logical_or.reduce([arcs for _, arcs in designs])
        running = self.relaxed.shape.runs(self.relaxed.values)
        for least in RUNNING:
            yield (self.search.plan.runs > 0) | (running > least)

    def small(self, arcs: Truths, time_s: float) -> None:
        """Look for a better plan over some arcs, by flows that are cheap in the relaxation."""
        search, shape, reduced = self.search, self.relaxed.shape, self.relaxed.reduced
        flow = search.room.flow.copy()
        paid = shape.flows(reduced.cost) * flow[shape.arc, shape.shipment]
        dear = paid > DEAR * abs(reduced.bound)
        flow[shape.arc[dear], shape.shipment[dear]] = 0.0
        flow[~arcs] = 0.0
        room = replace(search.room, flow=flow)
        model = flow_form(search.design, room, self.relaxed.binding, whole=True, known=search.known)
        search.offer(model, search.ask(model, SMALL_GAP, time_s, {}))


def flows_in(shape: FlowForm, design: Design, values: Floats) -> Floats:
    """Return m x k, the flows of a point."""
    flow = np.zeros((design.arcs, design.shipments))
    flow[shape.arc, shape.shipment] = shape.flows(values)
    return flow


def full_run(design: Design) -> Floats:
    """Return how much one run of each arc can carry at its most, in units."""
    full: Floats = np.minimum(design.capacity, design.widest().sum(axis=1))
    return full


def spread(design: Design, flow: Floats, runs: Floats, before: Floats) -> Floats:
    """Return what to charge for a full run if its fixed cost is spread over what the arc carries.

    An arc that carries nothing keeps the charge that it had.
    """
    carried = flow.sum(axis=1)
    used = carried > CRUMB
    each = design.fixed * runs / np.where(used, carried, 1.0)
    return np.where(used, each * full_run(design), before)


def first_charge(design: Design, flow: Floats) -> Floats:
    """Return what a full run of an arc is charged that the relaxation does not use.

    Its fixed cost is spread over what a usual arc there carries.
    """
    carried = flow.sum(axis=1)
    used = carried > CRUMB
    usual = float(np.median(carried[used])) if used.any() else 1.0
    return design.fixed * full_run(design) / usual
