"""The master of siting with one stop: which size of each site opens, against cuts on its cost.

It holds siting variables alone, so that it stays small whatever is shipped. A planner's own rule on
sites is one more constraint on `open`, and costs nothing in speed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyomo.environ as pyo

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Rules = Callable[[pyo.ConcreteModel], None]

NOTHING = 1e-7
"""Worths of less than this share of the cost are left out; a cut is lowered by those below 0."""


def build_master(
    room: Floats,
    needs: Sequence[tuple[NDArray[np.bool_], float]],
    cuts: Sequence[tuple[float, Floats]],
    scale: float,
    rules: Rules | None = None,
    barred: Sequence[NDArray[np.int64]] = (),
) -> pyo.ConcreteModel:
    """Return the master: min cost, at most one size a site, room for what must pass.

    `room` is I x K, 0 for a size that a site does not have. `needs` are sites (I) that together
    need so much room. `cuts` are (constant, worth I x K): cost >= constant + worth * open; money
    is divided by `scale`. `rules` may add constraints on `open[site, size]`; `barred` are designs
    (I, -1: closed) that may not come out.
    """
    model = pyo.ConcreteModel("one_stop_master")
    pairs = [(int(i), int(k)) for i, k in zip(*np.nonzero(room), strict=True)]
    model.size = pyo.Set(initialize=pairs, dimen=2)
    model.open = pyo.Var(model.size, domain=pyo.Binary)
    model.cost = pyo.Var(domain=pyo.NonNegativeReals)
    model.total = pyo.Objective(expr=model.cost)
    model.one_size = pyo.ConstraintList()
    for i in sorted({pair[0] for pair in pairs}):
        model.one_size.add(sum(model.open[pair] for pair in pairs if pair[0] == i) <= 1)
    model.enough_room = pyo.ConstraintList()
    for sites, need in needs:
        here = [pair for pair in pairs if sites[pair[0]]]
        most = pyo.quicksum(float(room[pair] / need) * model.open[pair] for pair in here)
        model.enough_room.add(most >= 1.0)
    model.cut = pyo.ConstraintList()
    for constant, worth in cuts:
        model.cut.add(model.cost >= right_side(model, pairs, constant / scale, worth / scale))
    model.other_than = pyo.ConstraintList()
    for size in barred:
        model.other_than.add(pyo.quicksum(differs(model, pair, size) for pair in pairs) >= 1)
    if rules is not None:
        rules(model)
    return model


def differs(model: pyo.ConcreteModel, pair: tuple[int, int], size: NDArray[np.int64]) -> object:
    """Return 1 if a size is open where a design has it not, or the other way round."""
    return 1 - model.open[pair] if size[pair[0]] == pair[1] else model.open[pair]


def right_side(
    model: pyo.ConcreteModel, pairs: Sequence[tuple[int, int]], constant: float, worth: Floats
) -> object:
    """Return constant + sum of worth times open; what is next to nothing only lowers it."""
    each = [(float(worth[pair]), pair) for pair in pairs]
    lost = sum(value for value, _ in each if -NOTHING < value < 0)
    kept = pyo.quicksum(value * model.open[pair] for value, pair in each if abs(value) >= NOTHING)
    return constant + lost + kept
