"""The ways between two stops that are kept: no needless ones, and a few for each set of modes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hubopt.network.slots import Slot

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from hubopt.network.ends import Joined
    from hubopt.network.needs import Needs
    from hubopt.network.options import Option

    Ints = NDArray[np.int64]


class Choice:
    """Chooses among ways by position; `option_of` gives one, or `None` if it goes in a circle."""

    def __init__(
        self,
        ways: Joined,
        option_of: Callable[[int], Option | None],
        keep: int,
        needs: Needs,
    ) -> None:
        self.ways, self.option_of, self.keep, self.needs = ways, option_of, keep, needs
        self.kept: list[Option] = []
        self.cut = False

    def of_group(self, rows: Ints) -> None:
        """Keep the best few of the ways with the same main modes, then faster or freer ones."""
        slot, done = Slot(), 0
        while done < len(rows) and slot.count < self.keep:
            self.offer(int(rows[done]), slot)
            done += 1
        rest = rows[done:]
        if not len(rest):
            return
        time_h, free = self.ways.time_h[rest], self.ways.free[rest]
        before = np.minimum.accumulate(np.append(slot.quickest, time_h))[:-1]
        special = (time_h < before) | (free & (not slot.free))
        left = rest[~special].tolist()
        for row, hours, no_limit in zip(
            rest[special].tolist(), time_h[special].tolist(), free[special].tolist(), strict=True
        ):
            if slot.has_room(self.keep, hours, free=no_limit):
                self.offer(row, slot)
            else:
                left.append(row)
        self.cut = self.cut or any(self.needed(row) is not None for row in left)

    def offer(self, row: int, slot: Slot) -> None:
        """Keep a way unless it is needless."""
        option = self.needed(row)
        if option is not None:
            self.kept.append(option)
            slot.take(option.time_h, free=bool(self.ways.free[row]))

    def needed(self, row: int) -> Option | None:
        """Return a way if none kept stands for it."""
        option = self.option_of(row)
        if option is None or any(self.stands_for(other, option) for other in self.kept):
            return None
        return option

    def best(self) -> list[Option]:
        """Return the ways kept, without those that a way of another group stands for."""
        return [
            option
            for here, option in enumerate(self.kept)
            if not any(self.stands_for(other, option) for other in self.kept[here + 1 :])
        ]

    def stands_for(self, one: Option, other: Option) -> bool:
        """Tell whether one way is no dearer, no slower and takes no limited thing besides."""
        return (
            one.cost <= other.cost
            and one.time_h <= other.time_h
            and one.kg <= other.kg
            and self.needs.covers(one.needs, other.needs)
        )
