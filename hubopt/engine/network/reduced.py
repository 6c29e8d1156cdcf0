"""What the linear relaxation proves: a bound on all plans, and how far each column may go.

Any multipliers of the right sign give a bound (weak duality) with the reduced costs that go with
it; a plan that is to be cheaper than a known one can use no more of a column than the difference
pays for. Sums are on the safe side.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hubopt.engine.bound import ends, sides
from hubopt.engine.network.form import Room
from hubopt.engine.safe_sums import safe_sum
from hubopt.engine.shared_prices import signed

if TYPE_CHECKING:
    from hubopt.engine.network.form import FlowForm
    from hubopt.problem.problem import Floats
    from hubopt.solver.form import StandardForm

SLACK = 1e-7
"""By what share of its cost a known plan counts as dearer, so that plans as good stay."""

LEAST_ROOM = 1e-8
"""What share of the largest coefficient of a form a flow may be in any case: less room would widen
the range of its coefficients until the solver loses some, and more room rules out no plan."""

WHOLE = 1e-6
"""A number of runs this little below a whole one is that one."""


@dataclass(frozen=True)
class Reduced:
    """A bound in units of money, and what each column of its form adds per unit."""

    bound: float
    cost: Floats


def reduced_costs(form: StandardForm, duals: Floats) -> Reduced:
    """Return what any multipliers of the rows of a form prove of its linear relaxation."""
    priced = signed(form, np.where(np.isfinite(duals), duals, 0.0))
    cost = form.cost - form.matrix().T @ priced
    paid = [*sides(form, priced), *ends(form, cost, np.ones(len(cost), dtype=bool))]
    return Reduced(safe_sum([form.offset, *paid]), cost)


def narrowed(room: Room, shape: FlowForm, found: Reduced, known: float) -> Room:
    """Return what room is left to plans that cost less than a known one.

    `shape` must hold every flow that has room.
    """
    spare = max(known - found.bound, 0.0) + SLACK * abs(known)
    form = shape.form
    with np.errstate(divide="ignore", invalid="ignore"):
        steps = np.where(found.cost != 0, spare / np.abs(found.cost), np.inf)
    upper = np.where(found.cost > 0, form.column_lower + steps, form.column_upper)
    lower = np.where(found.cost < 0, form.column_upper - steps, form.column_lower)
    flow = room.flow.copy()
    allowed = np.maximum(shape.flows(upper), LEAST_ROOM * np.abs(form.values).max())
    flow[shape.arc, shape.shipment] = np.minimum(flow[shape.arc, shape.shipment], allowed)
    most = np.minimum(room.most, np.floor(np.minimum(shape.runs(upper), room.most) + WHOLE))
    least = np.maximum(room.least, np.ceil(np.maximum(shape.runs(lower), room.least) - WHOLE))
    least, most = least.astype(np.int64), most.astype(np.int64)
    flow[most <= 0] = 0.0
    return Room(least, most, flow, np.minimum(room.left, shape.left(upper)))
