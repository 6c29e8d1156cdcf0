"""Which sites to open at the prices, and what deciding on one more of them would add to the bound.

Each site adds its fixed cost less the profit of what it attracts. Besides the decisions taken so
far, capacities must add up to what is needed and their number must stay within its limit. With
equal capacities both limit the number of sites, and the choice is exact; otherwise the need is met
with a part of the last site, a relaxation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hubopt.engine.star.star import CLOSED, OPEN, UNDECIDED

if TYPE_CHECKING:
    from hubopt.engine.star.star import Star
    from hubopt.problem.problem import Floats, Ints

CRUMB_KG = 1e-6


def chosen(star: Star, worth: Floats, state: Ints) -> tuple[float, Floats]:
    """Return the least sum of `worth` over the sites that open, and how far each one opens.

    Infinite if the decisions leave no choice. A lower bound on every choice that meets the limits.
    """
    opened = (state == OPEN).astype(float)
    free = np.flatnonzero(state == UNDECIDED)
    order = free[np.argsort(worth[free], kind="stable")]
    paying = order[worth[order] < 0]
    if star.most is not None:
        spare = star.most - int(opened.sum())
        if spare < 0:
            return np.inf, opened
        paying = paying[:spare]
    opened[paying] = 1.0
    if star.need_kg:
        rest = order[len(paying) :]
        short = star.need_kg - star.capacity_kg[opened > 0].sum()
        if short > CRUMB_KG and not filled(star, worth, rest, short, opened):
            return np.inf, opened
    return float(worth @ opened), opened


def filled(star: Star, worth: Floats, rest: Ints, short: float, opened: Floats) -> bool:
    """Open sites of `rest` until `short` kilograms are met; return whether they can be.

    Sites without room stay closed, and none counts for more than what is short.
    """
    rest = rest[star.capacity_kg[rest] > 0]
    if not len(rest):
        return False
    capacity = np.minimum(star.capacity_kg[rest], short)
    if capacity.min() == capacity.max():
        count = int(np.ceil((short - CRUMB_KG) / capacity[0]))
        opened[rest[:count]] = 1.0
        return count <= len(rest)
    order = np.argsort(worth[rest] / capacity, kind="stable")
    before = np.cumsum(capacity[order]) - capacity[order]
    part = np.clip((short - before) / capacity[order], 0.0, 1.0)
    opened[rest[order]] = part
    return bool(capacity.sum() >= short - CRUMB_KG)


def if_decided(star: Star, worth: Floats, state: Ints) -> tuple[Floats, Floats]:
    """Return, for each site, the least sum if it is closed and if it is open.

    Sites that are decided already have the sum of the state on their side, infinity on the other.
    """
    closed, opened = np.full(star.sites, np.inf), np.full(star.sites, np.inf)
    now, choice = chosen(star, worth, state)
    closed[state == CLOSED] = now
    opened[state == OPEN] = now
    free = np.flatnonzero(state == UNDECIDED)
    closed[free[choice[free] == 0.0]] = now
    opened[free[choice[free] == 1.0]] = now
    for i in free:
        tried = state.copy()
        for decision, found in ((CLOSED, closed), (OPEN, opened)):
            if np.isinf(found[i]):
                tried[i] = decision
                found[i] = chosen(star, worth, tried)[0]
    return closed, opened
