"""The strong formulation of a design over some of its flows, as a form for the solver.

Columns: runs m, flows of (arc, shipment) as listed, what is left of each shipment, and whether the
plan known (`known`) is beaten: a plan that is no better costs what the known one does. HiGHS takes
no start; so it has one, and every bound that it proves is one on all plans that are cheaper.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_matrix

from hubopt.engine.network.design import ways_of
from hubopt.solver.form import StandardForm

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hubopt.engine.network.design import Design, Ways
    from hubopt.problem.problem import Floats, Ints

    Truths = NDArray[np.bool_]


@dataclass(frozen=True)
class Room:
    """How much may be: runs `least` to `most` m, flows `flow` m x k, left `left` k, in units."""

    least: Ints
    most: Ints
    flow: Floats
    left: Floats


def all_room(design: Design) -> Room:
    """Return the room of a design in which nothing is decided."""
    none = np.zeros(design.arcs, dtype=np.int64)
    return Room(none, design.most.copy(), design.widest(), design.demand.copy())


@dataclass(frozen=True)
class FlowForm:
    """A form with the arc and shipment of each flow; `links` numbers the linked flows by row.

    `arcs` is the number of arcs, `guarded` whether a known plan has a column.
    """

    form: StandardForm
    arcs: int
    arc: Ints
    shipment: Ints
    links: Ints
    guarded: bool

    def runs(self, values: Floats) -> Floats:
        """Return the columns of runs."""
        return values[: self.arcs]

    def flows(self, values: Floats) -> Floats:
        """Return the columns of flows."""
        return values[self.arcs : self.arcs + len(self.arc)]

    def left(self, values: Floats) -> Floats:
        """Return the columns of what is left behind."""
        return values[self.arcs + len(self.arc) : len(values) - self.guarded]

    def ways(self, design: Design, values: Floats) -> Ways | None:
        """Return the plan of a point, None if it is the known one."""
        if self.guarded and values[-1] < HALF:
            return None
        flow = np.zeros((design.arcs, design.shipments))
        flow[self.arc, self.shipment] = self.flows(values)
        return ways_of(design, np.round(self.runs(values)).astype(np.int64), flow)


BEATEN = "beaten"
HALF = 0.5


def flow_form(
    design: Design,
    room: Room,
    linked: Truths,
    *,
    whole: bool,
    known: float | None = None,
) -> FlowForm:
    """Return the form of the flows that have room, with the links of those that are `linked`.

    `known` is what a known plan costs, in units of money.
    """
    arc, shipment = np.nonzero(room.flow > 0)
    links = np.flatnonzero(linked[arc, shipment])
    parts = Parts(design, room, arc, shipment, links)
    form = parts.form(whole=whole, known=known)
    return FlowForm(form, design.arcs, arc, shipment, links, known is not None)


@dataclass(frozen=True)
class Parts:
    """What a form is put together from."""

    design: Design
    room: Room
    arc: Ints
    shipment: Ints
    links: Ints

    def form(self, *, whole: bool, known: float | None) -> StandardForm:
        """Return the form."""
        design, room = self.design, self.room
        flow = room.flow[self.arc, self.shipment]
        guard = [] if known is None else [known]
        columns = design.arcs + len(flow) + design.shipments + len(guard)
        row, column, value = self.entries(guarded=bool(guard))
        sides = self.sent(guarded=bool(guard))
        below = np.zeros(design.arcs + len(self.links))
        matrix = coo_matrix(
            (value, (row, column)), shape=(len(sides) + len(below), columns)
        ).tocsc()
        matrix.eliminate_zeros()
        matrix.sort_indices()
        integer = np.zeros(columns, dtype=bool)
        integer[: design.arcs] = whole
        integer[columns - len(guard) :] = True
        return StandardForm(
            cost=np.concatenate([
                design.fixed, design.cost[self.arc, self.shipment], design.unserved,
                np.array([-one for one in guard]),
            ]),
            offset=known or 0.0,
            column_lower=np.concatenate([room.least, np.zeros(columns - design.arcs)]),
            column_upper=np.concatenate([room.most, flow, room.left, np.ones(len(guard))]),
            integer=integer,
            starts=matrix.indptr.astype(np.int64),
            indices=matrix.indices.astype(np.int64),
            values=matrix.data.astype(float),
            row_lower=np.concatenate([sides, np.full(len(below), -np.inf)]),
            row_upper=np.concatenate([sides, below]),
            column_names=names("c", columns, [BEATEN] if guard else []),
            row_names=names("r", matrix.shape[0], []),
        )  # fmt: skip

    def sent(self, *, guarded: bool) -> Floats:
        """Return shipments x nodes, what each sends out; 0 where a column does so instead."""
        design = self.design
        found = np.zeros((design.shipments, design.nodes))
        if not guarded:
            every = np.arange(design.shipments)
            found[every, design.origin] = design.demand
            found[every, design.target] = -design.demand
        return found.ravel()

    def entries(self, *, guarded: bool) -> tuple[Ints, Ints, Floats]:
        """Return row, column and value of all entries: balance, capacity, links."""
        design, arc, k = self.design, self.arc, self.shipment
        every = np.arange(design.shipments)
        flow = design.arcs + np.arange(len(arc))
        left = design.arcs + len(arc) + every
        starts, stops = every * design.nodes + design.origin, every * design.nodes + design.target
        full = design.shipments * design.nodes + np.arange(design.arcs)
        tight = full[-1] + 1 + np.arange(len(self.links))
        most = self.room.flow[arc, k]
        carried = np.bincount(arc, most, minlength=design.arcs)
        room = np.minimum(design.capacity, np.maximum(carried, 0.0))
        ones = np.ones
        found = [
            (k * design.nodes + design.tail[arc], flow, ones(len(flow))),
            (k * design.nodes + design.head[arc], flow, -ones(len(flow))),
            (starts, left, ones(len(left))),
            (stops, left, -ones(len(left))),
            (full[arc], flow, ones(len(flow))),
            (full, np.arange(design.arcs), -room),
            (tight, flow[self.links], ones(len(tight))),
            (tight, arc[self.links], -np.minimum(most, design.capacity[arc])[self.links]),
        ]
        if guarded:
            last = np.full(design.shipments, left[-1] + 1)
            found += [(starts, last, -design.demand), (stops, last, design.demand)]
        rows, columns, values = zip(*found, strict=True)
        return np.concatenate(rows), np.concatenate(columns), np.concatenate(values)


def names(letter: str, count: int, last: list[str]) -> tuple[str, ...]:
    """Return so many names, the last of them as given."""
    return (*(f"{letter}{n}" for n in range(count - len(last))), *last)
