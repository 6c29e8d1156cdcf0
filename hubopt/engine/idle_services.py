"""Prices of legs that nothing listed uses, raised until their services are just not worth running.

Where no departure pays, the LP leaves the price of a leg anywhere between 0 and what a departure
costs, and simplex says 0: routes that are not listed would ride for nothing, and the bound would be
low. A higher price is a multiplier as good: the departure's column stays at 0 (its least is a row,
not a bound of the column), and no route becomes cheaper, so that the bound can only rise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from hubopt.model.decisions import ABSENT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from hubopt.problem.problem import Floats, Ints, Problem

    Bools = NDArray[np.bool_]

ROOM = 1e-9
"""Share of a departure's reduced cost that is left to it, so that rounding turns no sign."""


class Raised(NamedTuple):
    """What is added to the price of each leg, legs x T, and the reduced costs with it."""

    leg: Floats
    reduced: Floats


def raised(problem: Problem, reduced: Floats, where: Mapping[str, Ints], must: Bools) -> Raised:
    """Return the prices that use up the reduced cost of departures, evenly over their legs.

    `reduced` are those of the columns of a form, `where` their places by family. Departures that
    `must` run keep theirs: raised prices would lower the bound.
    """
    services, stages = problem.services, len(problem.stages)
    departures = where["departures"].reshape(-1, stages)
    idle = (departures != ABSENT) & ~must[departures]
    left = np.where(idle, np.maximum(reduced[departures], 0.0), 0.0) * (1.0 - ROOM)
    legs = np.bincount(services.leg_service, minlength=len(departures))
    per_kt = left / np.maximum(legs * services.payload_kt, np.finfo(float).tiny)[:, None]
    leg: Floats = np.where(services.payload_kt[:, None] > 0, per_kt, 0.0)[services.leg_service]
    paid = np.zeros(departures.shape)
    np.add.at(paid, services.leg_service, leg)
    after = np.append(reduced, 0.0)  # ABSENT takes from the last
    after[departures] -= services.payload_kt[:, None] * paid
    after[where["flow"]] += problem.leg_use.T @ leg.ravel()
    return Raised(leg, after[:-1])
