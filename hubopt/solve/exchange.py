"""Single kilograms that rounding leaves over are put aboard by moving a kilogram of others away.

A capacity that a plan uses to the last gram holds one kilogram less once flows are whole, though
another shipment there could as well go by another route.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hubopt.plan.pricing import Key
    from hubopt.problem.problem import Problem
    from hubopt.solve.settle import Loading

MOST_COLUMNS = 10_000
"""With more routes than these a kilogram does not matter, and looking for its place takes long."""


def may_exchange(problem: Problem) -> bool:
    """Tell whether kilograms may move between routes: no limit counts them, all may be split."""
    plain = not len(problem.flow_limits.rules) and not len(problem.least_use.pool)
    return (
        plain
        and not len(problem.assignments.shipment)
        and len(problem.column_shipment) <= MOST_COLUMNS
    )


class Exchange:
    """Moves kilograms between the columns of a loading, one at a time."""

    def __init__(self, loading: Loading, columns: Mapping[int, Sequence[int]]) -> None:
        self.loading, self.columns = loading, columns
        self.using: dict[tuple[Key, int], list[int]] = defaultdict(list)
        for column in loading.kg:
            for key in loading.uses(column):
                self.using[key, loading.stage(column)].append(column)

    def place(self, shipment: int) -> bool:
        """Put one more kilogram of a shipment aboard; return whether that was possible."""
        for column in self.columns[shipment]:
            full = [key for key in self.loading.uses(column) if self.is_full(key, column)]
            stage = self.loading.stage(column)
            if len(full) == 1 and self.make_room(full[0], stage) and self.loading.load(column, 1):
                return True
        return False

    def is_full(self, key: Key, column: int) -> bool:
        """Tell whether a limited thing has no room for a kilogram on a column."""
        room = self.loading.room_of(key, self.loading.stage(column))
        return room is not None and room < self.loading.uses(column)[key]

    def make_room(self, key: Key, stage: int) -> bool:
        """Move a kilogram that uses a thing to a route of its shipment that does without."""
        for column, other in self.moves(key, stage):
            self.loading.unload(column)
            if self.loading.load(other, 1):
                return True
            self.loading.load(column, 1)
        return False

    def moves(self, key: Key, stage: int) -> Iterator[tuple[int, int]]:
        """Yield pairs of a loaded column that uses a thing and another of its shipment."""
        for column in self.using[key, stage]:
            shipment = int(self.loading.problem.column_shipment[column])
            for other in self.columns[shipment] if self.loading.kg[column] > 0 else ():
                if other != column and key not in self.loading.uses(other):
                    yield column, other
