"""A network design problem as arrays: which arcs to run, and how each shipment goes over them.

Arcs m, shipments k, nodes n. Money and amounts are counted in units that are powers of ten, so that
the numbers of a file in other units come back as they were written.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hubopt.engine.network.way import way_of
from hubopt.engine.network.whole import Carried, whole_paths

if TYPE_CHECKING:
    from hubopt.problem.problem import Floats, Ints

USUAL_FIXED, USUAL_AMOUNT = 1e3, 1e2
"""About what a median arc costs and a median shipment weighs in the units of a design."""


@dataclass(frozen=True)
class Design:
    """Arcs with fixed costs and capacities, shipments with an origin and a target.

    `capacity` is per run, `most` how many runs there may be, `fixed` what each costs. `cost` m x k
    is per unit that passes, `unserved` k per unit left behind. One unit of amount is
    `kg_per_unit` kilograms, one of money `mcny_per_unit` million CNY of present value.
    """

    nodes: int
    tail: Ints
    head: Ints
    capacity: Floats
    fixed: Floats
    most: Ints
    cost: Floats
    origin: Ints
    target: Ints
    demand: Floats
    unserved: Floats
    kg_per_unit: float
    mcny_per_unit: float

    @property
    def arcs(self) -> int:
        """Number of arcs."""
        return len(self.fixed)

    @property
    def shipments(self) -> int:
        """Number of shipments."""
        return len(self.demand)

    def widest(self) -> Floats:
        """Return m x k, the most of each shipment that an arc need carry, in units.

        With costs of at least 0 a best plan brings nothing back to its origin and takes nothing on
        from its target.
        """
        most = np.minimum(self.demand, (self.capacity * self.most)[:, None])
        home = self.head[:, None] == self.origin
        gone = self.tail[:, None] == self.target
        return np.where(home | gone, 0.0, most)


def unit_near(numbers: Floats, usual: float) -> float:
    """Return the power of ten at which the median of the numbers above 0 is about `usual`."""
    above = numbers[numbers > 0]
    if not len(above):
        return 1.0
    return float(10.0 ** math.floor(math.log10(float(np.median(above)) / usual) + 0.5))


@dataclass(frozen=True)
class Ways:
    """A plan of a design: runs m, and amounts that go along paths of arcs, in units.

    `shipment` and `amount` are by path; `left` k stays behind; `cost` in units of money.
    """

    runs: Ints
    paths: tuple[tuple[int, ...], ...]
    shipment: Ints
    amount: Floats
    left: Floats
    cost: float


def nothing_sent(design: Design) -> Ways:
    """Return the plan that leaves everything behind."""
    none = np.zeros(design.arcs, dtype=np.int64)
    cost = float(design.unserved @ design.demand)
    empty = np.zeros(0, dtype=np.int64)
    return Ways(none, (), empty, np.zeros(0), design.demand.copy(), cost)


def ways_of(design: Design, runs: Ints, flow: Floats) -> Ways:
    """Return the plan of so many runs and flows m x k, in whole kilograms."""
    paths: list[tuple[int, ...]] = []
    owner: list[int] = []
    amount: list[float] = []
    left = np.zeros(design.shipments)
    for k in range(design.shipments):
        found = paths_of(design, k, flow[:, k].copy())
        sent = math.fsum(found.values())
        short = design.demand[k] - sent
        if abs(short) <= CRUMB * design.demand[k] and found:
            found = {path: units * design.demand[k] / sent for path, units in found.items()}
            short = 0.0
        left[k] = max(short, 0.0)
        paths += list(found)
        amount += list(found.values())
        owner += [k] * len(found)
    return in_kilograms(design, runs, paths, owner, np.array(amount), left)


def in_kilograms(
    design: Design,
    runs: Ints,
    paths: list[tuple[int, ...]],
    owner: list[int],
    amount: Floats,
    left: Floats,
) -> Ways:
    """Return a plan in whole kilograms; arcs that carry nothing do not run."""
    runs, carried, behind = whole_paths(design, runs, Carried(paths, owner), amount, left)
    used = np.zeros(design.arcs, dtype=np.bool_)
    there = [one for one in carried.each() if one[2] > 0]
    paid = [0.0]
    for path, k, kg in there:
        used[list(path)] = True
        paid.append(float(design.cost[list(path), k].sum()) * (kg / design.kg_per_unit))
    runs, left = np.where(used, runs, 0), behind / design.kg_per_unit
    cost = math.fsum(paid) + float(design.fixed @ runs + design.unserved @ left)
    return Ways(
        runs,
        tuple(path for path, _, _ in there),
        np.array([k for _, k, _ in there], dtype=np.int64),
        np.array([kg for _, _, kg in there], dtype=np.int64) / design.kg_per_unit,
        left,
        cost,
    )


CRUMB = 1e-6
"""Parts of a shipment below this are what a solver's tolerance leaves, and belong to the rest."""


def paths_of(design: Design, k: int, flow: Floats) -> dict[tuple[int, ...], float]:
    """Return the paths that a flow of one shipment falls into; what goes round in circles is not.

    Each step takes the way of the largest flow, so that at least one arc is used up by each path.
    """
    crumb = CRUMB * design.demand[k]
    found: dict[tuple[int, ...], float] = {}
    while path := way_of(design, k, flow > crumb):
        units = float(flow[path].min())
        flow[path] -= units
        found[tuple(path)] = found.get(tuple(path), 0.0) + units
    return found
