"""Sets of open hubs, all of a size, with what each costs under multiple allocation.

Sets grow by one hub after the other, and each row's least cost over the pairs of hubs of a set with
it: a set takes as many steps as it has hubs, and no more numbers than there are rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hubopt.engine.hubs.hubs import Hubs
    from hubopt.problem.problem import Floats, Ints


class Listed(NamedTuple):
    """Sets of one size, one in a row, and what each costs under multiple allocation."""

    sets: Ints
    cost: Floats


def listed(hubs: Hubs, size: int, halted: Callable[[], bool]) -> Iterator[Listed]:
    """Yield all sets of a size in blocks, until halted."""
    yield from grown(hubs, (), np.full(hubs.rows, np.inf), size, halted)


def grown(
    hubs: Hubs, chosen: tuple[int, ...], least: Floats, size: int, halted: Callable[[], bool]
) -> Iterator[Listed]:
    """Yield the sets that add hubs of higher numbers to those chosen, whose rows cost `least`."""
    if halted():
        return
    start, left = (chosen[-1] + 1 if chosen else 0), size - len(chosen)
    added = np.arange(start, hubs.sites - left + 1)
    costs = np.minimum(least, hubs.pairs[added, added])
    for other in chosen:
        np.minimum(costs, hubs.pairs[other, added], out=costs)
    if left == 1:
        before = np.tile(np.array(chosen, dtype=np.int64), (len(added), 1))
        sets = np.column_stack([before, added])
        yield Listed(sets, costs.sum(axis=1) + hubs.fixed[sets].sum(axis=1))
        return
    for here, hub in enumerate(added.tolist()):
        yield from grown(hubs, (*chosen, hub), costs[here], size, halted)
