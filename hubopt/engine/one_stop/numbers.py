"""The numbers of a problem of siting with one stop as arrays, in the units of its file.

N nodes, A arcs, C classes, S shipments, I sites, K sizes (the most that a site has; those that it
lacks have capacity 0 and are never used). Quantities are those of whole kilograms; shipments of
less than one are left out. Nodes are numbered anew, without those that do not occur.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from hubopt.engine.one_stop.cover import cover_of
from hubopt.instance.public.one_stop import kilograms, room_kg
from hubopt.units import KG_PER_T, exact

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hubopt.engine.one_stop.cover import Cover
    from hubopt.instance.public.one_stop import OneStop
    from hubopt.instance.public.scales import Scales

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

MISSING = np.inf
"""The fixed cost of a size that a site does not have."""


@dataclass(frozen=True)
class Numbers:
    """Arcs `tail`, `head` (A), `cost` (C x A), `capacity` (A, inf: no limit).

    No two arcs join the same nodes the same way; `arc_of` (A) is the arc of the problem, -1 for
    the first half of one that was split for that. Shipments `origin`, `end`, `kind`, `units`,
    `bonded` (S) stand in the order of their classes; `order` (S) is their number in the problem.
    Sites `node`, `site_bonded`, `handling` (I), `room` and `fixed` (I x K). `units_kg` (S) and
    `room_kg` (I x K) are whole kilograms.
    """

    nodes: int
    tail: Ints
    head: Ints
    cost: Floats
    capacity: Floats
    arc_of: Ints
    origin: Ints
    end: Ints
    kind: Ints
    units: Floats
    bonded: Bools
    order: Ints
    node: Ints
    site_bonded: Bools
    handling: Floats
    room: Floats
    fixed: Floats
    units_kg: Ints
    room_kg: Ints

    @cached_property
    def shared(self) -> Ints:
        """Return the arcs that have a capacity."""
        return np.flatnonzero(np.isfinite(self.capacity))

    @cached_property
    def shared_room(self) -> Floats:
        """Return the capacities of the shared arcs."""
        return self.capacity[self.shared]

    @cached_property
    def cover(self) -> Cover | None:
        """Return the room of sizes and all demand in granules, `None` if they have none."""
        bonded_kg = int(self.units_kg[self.bonded].sum())
        return cover_of(self.room_kg, self.site_bonded, int(self.units_kg.sum()), bonded_kg)

    @cached_property
    def blocks(self) -> tuple[tuple[int, int, int], ...]:
        """Return class, first and last shipment (exclusive) of each class that is sent."""
        kinds, starts = np.unique(self.kind, return_index=True)
        ends = [*starts[1:], len(self.kind)]
        return tuple((int(k), int(a), int(b)) for k, a, b in zip(kinds, starts, ends, strict=True))

    @cached_property
    def arc_number(self) -> Ints:
        """Return N x N: the arc between two nodes, -1 if none."""
        found = np.full((self.nodes, self.nodes), -1, dtype=np.int64)
        found[self.tail, self.head] = np.arange(len(self.tail))
        return found

    @cached_property
    def arc_between(self) -> Ints:
        """Return N x N: the place of the shared arc between two nodes in `shared`, -1 if none."""
        found = np.full((self.nodes, self.nodes), -1, dtype=np.int64)
        found[self.tail[self.shared], self.head[self.shared]] = np.arange(len(self.shared))
        return found


def numbers_of(problem: OneStop, scales: Scales) -> Numbers:
    """Return the arrays of a problem."""
    weights = kilograms(problem, scales.t_per_unit)
    some = [s for s, kg in enumerate(weights) if kg]
    order = np.array(sorted(some, key=lambda s: problem.shipments[s].kind))
    number = {node: n for n, node in enumerate(problem.used)}
    sent = [problem.shipments[s] for s in order]
    kg_per_unit = exact(scales.t_per_unit) * KG_PER_T
    sizes = max(len(site.sizes) for site in problem.sites)
    room = np.zeros((len(problem.sites), sizes), dtype=np.int64)
    fixed = np.full((len(problem.sites), sizes), MISSING)
    for i, site in enumerate(problem.sites):
        room[i, : len(site.sizes)] = [room_kg(most, scales.t_per_unit) for most, _ in site.sizes]
        fixed[i, : len(site.sizes)] = [cost for _, cost in site.sizes]
    return Numbers(
        **arcs_apart(problem, number),
        origin=np.array([number[one.origin] for one in sent]),
        end=np.array([number[one.destination] for one in sent]),
        kind=np.array([one.kind for one in sent]),
        units=np.array([float(weights[s] / kg_per_unit) for s in order]),
        bonded=np.array([one.bonded for one in sent]),
        order=order,
        node=np.array([number[site.node] for site in problem.sites]),
        site_bonded=np.array([site.bonded for site in problem.sites]),
        handling=np.array([site.handling for site in problem.sites]),
        room=np.array([[float(int(kg) / kg_per_unit) for kg in row] for row in room]),
        fixed=fixed,
        units_kg=np.array([weights[s] for s in order]),
        room_kg=room,
    )


def arcs_apart(problem: OneStop, number: dict[int, int]) -> dict[str, Any]:
    """Return the arcs as arrays; of parallel arcs all but one pass a node of their own."""
    seen: set[tuple[int, int]] = set()
    rows: list[tuple[int, int, tuple[float, ...], float, int]] = []
    nodes = len(number)
    for a, arc in enumerate(problem.arcs):
        most = MISSING if arc.capacity is None else arc.capacity
        start, end = number[arc.tail], number[arc.head]
        if (start, end) in seen:
            rows.append((start, nodes, (0.0,) * problem.kinds, np.inf, -1))
            start, nodes = nodes, nodes + 1
        else:
            seen.add((start, end))
        rows.append((start, end, arc.cost, most, a))
    tail, head, cost, capacity, arc_of = zip(*rows, strict=True)
    return {
        "nodes": nodes,
        "tail": np.array(tail),
        "head": np.array(head),
        "cost": np.ascontiguousarray(np.array(cost).T),
        "capacity": np.array(capacity),
        "arc_of": np.array(arc_of),
    }
