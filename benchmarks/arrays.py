"""A case as arrays: what an expert writes with numpy and scipy, and what HiGHS is handed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import coo_array, csc_array

from hubopt.instance.public.location import Location

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from benchmarks.cases import Case
    from hubopt.instance.public.fixed_charge import FixedCharge

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Matrices:
    """min cost x, row_lower <= A x <= row_upper, 0 <= x <= upper; the first `whole` are binary."""

    cost: Floats
    upper: Floats
    whole: int
    matrix: csc_array
    row_lower: Floats
    row_upper: Floats


class Rows:
    """Blocks of rows under construction."""

    def __init__(self) -> None:
        self.height = 0
        self.entries: list[tuple[Ints, Ints, Floats]] = []
        self.lower: list[Floats] = []
        self.upper: list[Floats] = []

    def add(
        self, height: int, entries: list[tuple[Ints, Ints, Floats]], lower: Floats, upper: Floats
    ) -> None:
        """Add a block of rows; rows of `entries` count from the block's first."""
        self.entries += [(rows + self.height, columns, values) for rows, columns, values in entries]
        self.lower.append(np.broadcast_to(lower, height))
        self.upper.append(np.broadcast_to(upper, height))
        self.height += height

    def matrices(self, cost: Floats, upper: Floats, whole: int) -> Matrices:
        """Return all rows with the columns."""
        rows, columns, values = (np.concatenate(part) for part in zip(*self.entries, strict=True))
        matrix = coo_array((values, (rows, columns)), shape=(self.height, len(cost))).tocsc()
        matrix.sort_indices()
        lower, row_upper = np.concatenate(self.lower), np.concatenate(self.upper)
        return Matrices(cost, upper, whole, matrix, lower, row_upper)


def matrices_of(case: Case, *, strong: bool) -> Matrices:
    """Return a case as arrays, with or without a link for each pair of flow and opening."""
    if isinstance(case, Location):
        return of_location(case, strong=strong)
    return of_network(case, strong=strong)


NO_BOUND = np.array(np.inf)


def of_location(case: Location, *, strong: bool) -> Matrices:
    """Return a location problem: openings, then shares of each customer by facility.

    Shares are whole where a customer has one facility alone.
    """
    fixed, cost = np.array(case.fixed), np.array(case.cost)
    customers, sites = cost.shape
    demand = np.array(case.demand)
    total = demand.sum()
    capacity = np.array([total if one is None else one for one in case.capacity])
    site = np.tile(np.arange(sites), customers)
    customer = np.repeat(np.arange(customers), sites)
    share = sites + np.arange(customers * sites)
    one, each = np.ones(len(share)), np.arange(sites)
    rows = Rows()
    rows.add(customers, [(customer, share, one)], np.array(1.0), np.array(1.0))
    counted = np.array([not strong or one is not None for one in case.capacity])
    row = np.cumsum(counted) - 1
    there = counted[site]
    used = [(row[site][there], share[there], demand[customer][there]),
            (row[counted], each[counted], -capacity[counted])]  # fmt: skip
    rows.add(int(counted.sum()), used, -NO_BOUND, np.array(0.0))
    if case.most is not None:
        opened = [(np.zeros(sites, int), each, np.ones(sites))]
        rows.add(1, opened, -NO_BOUND, np.array(float(case.most)))
    if strong:
        pair = np.arange(len(share))
        rows.add(len(share), [(pair, share, one), (pair, site, -one)], -NO_BOUND, np.array(0.0))
    costs = np.concatenate([fixed, cost.ravel()])
    whole = len(costs) if case.single_source else sites
    return rows.matrices(costs, np.ones(len(costs)), whole)


def of_network(case: FixedCharge, *, strong: bool) -> Matrices:
    """Return a network design problem: arcs opened, then flow of each commodity over each arc."""
    arcs, sent = len(case.arcs), len(case.commodities)
    tail, head = (np.array([getattr(a, end) - 1 for a in case.arcs]) for end in ("tail", "head"))
    units = np.array([one.units for one in case.commodities])
    room = np.array([arc.capacity for arc in case.arcs])
    arc, commodity = np.tile(np.arange(arcs), sent), np.repeat(np.arange(sent), arcs)
    flow = arcs + np.arange(arcs * sent)
    one, each = np.ones(len(flow)), np.arange(arcs)
    net = np.zeros((sent, case.nodes))
    net[np.arange(sent), [c.origin - 1 for c in case.commodities]] += units
    net[np.arange(sent), [c.destination - 1 for c in case.commodities]] -= units
    rows = Rows()
    out = (commodity * case.nodes + tail[arc], flow, one)
    into = (commodity * case.nodes + head[arc], flow, -one)
    rows.add(net.size, [out, into], net.ravel(), net.ravel())
    rows.add(arcs, [(arc, flow, one), (each, each, -room)], -NO_BOUND, np.array(0.0))
    most = np.minimum(units[commodity], room[arc])
    if strong:
        pair = np.arange(len(flow))
        rows.add(len(flow), [(pair, flow, one), (pair, arc, -most)], -NO_BOUND, np.array(0.0))
    fixed = np.array([a.fixed for a in case.arcs])
    price = np.tile(np.array([a.price for a in case.arcs]), sent)
    upper = np.concatenate([np.ones(arcs), units[commodity]])
    return rows.matrices(np.concatenate([fixed, price]), upper, arcs)


def for_highs(made: Matrices) -> tuple[Any, ...]:
    """Return arrays as the arguments of the fastest way into HiGHS, `Highs.passModel`."""
    integer = np.zeros(len(made.cost), dtype=bool)
    integer[: made.whole] = True
    return arguments(
        (made.cost, np.zeros(len(made.cost)), made.upper, integer),
        (made.row_lower, made.row_upper),
        (made.matrix.indptr, made.matrix.indices, made.matrix.data),
    )


def arguments(
    columns: tuple[Any, Any, Any, Any], rows: tuple[Any, Any], matrix: tuple[Any, Any, Any],
    offset: float = 0.0,
) -> tuple[Any, ...]:  # fmt: skip
    """Return what `Highs.passModel` takes.

    `columns` are cost, lower and upper bounds and whether they are whole, `rows` their bounds,
    `matrix` starts, indices and values by columns.
    """
    import highspy  # noqa: PLC0415  (must not be loaded beside OR-Tools)

    cost, lower, upper, integer = columns
    starts, indices, values = matrix
    return (
        len(cost), len(rows[0]), len(values), int(highspy.MatrixFormat.kColwise),
        int(highspy.ObjSense.kMinimize), offset, cost, lower, upper, *rows,
        starts.astype(np.int32), indices.astype(np.int32), values, integer.astype(np.int32),
    )  # fmt: skip
