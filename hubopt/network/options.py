"""Ways from stop to stop by number, with what routes need of them in growing arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


class Option(NamedTuple):
    """One way from stop to stop: its weight, main modes and needs as bits, and where it is from.

    `terminals` numbers the places at which it changes modes; `row` is that in the `Ends` of its
    first stop, -1 for staying there; `kg` is CO2e per tonne where a limit counts it.
    """

    cost: float
    time_h: float
    departures: float
    modes: int
    needs: int
    terminals: int
    row: int
    kg: float = 0.0


STAY = Option(0.0, 0.0, 0.0, 0, 0, 0, -1)
"""The way from a stop to itself."""


class Growing:
    """Rows of numbers that grow at the end, without a copy of all each time."""

    def __init__(self, rows: int, kind: type[np.generic]) -> None:
        self.room: NDArray[Any] = np.zeros((rows, 1024), dtype=kind)
        self.size = 0

    def extend(self, columns: Sequence[Sequence[float]]) -> None:
        """Add columns."""
        size = self.size + len(columns)
        while size > self.room.shape[1]:
            self.room = np.hstack([self.room, np.zeros_like(self.room)])
        if columns:
            self.room[:, self.size : size] = np.array(columns, dtype=self.room.dtype).T
        self.size = size


class OptionTable:
    """All options of one product; those with a terminal out of `standing` rest on a decision."""

    def __init__(self, *, limits: int, legs: int, decided: int) -> None:
        self.limits, self.legs, self.decided = limits, legs, decided
        self.options: list[Option] = []
        self.weights, self.codes = Growing(4, np.float64), Growing(6, np.int64)
        self.numbers: dict[int, int] = {}

    def register(self, found: Sequence[Option]) -> Ints:
        """Give options numbers and note what routes need of them."""
        first = len(self.options)
        self.options += found
        self.weights.extend([(o.cost, o.time_h, o.departures, o.kg) for o in found])
        self.codes.extend(
            [
                (
                    self.numbers.setdefault(o.needs, len(self.numbers)), o.modes, o.terminals,
                    not o.needs & self.decided, not o.needs & self.limits,
                    not o.needs & (self.limits | self.legs),
                )
                for o in found
            ]
        )  # fmt: skip
        return np.arange(first, len(self.options))

    @property
    def cost(self) -> Floats:
        """CNY per tonne."""
        found: Floats = self.weights.room[0]
        return found

    @property
    def time_h(self) -> Floats:
        """Hours."""
        found: Floats = self.weights.room[1]
        return found

    @property
    def departures(self) -> Floats:
        """Share of departures, CNY per tonne."""
        found: Floats = self.weights.room[2]
        return found

    @property
    def kg(self) -> Floats:
        """Kilograms of CO2e per tonne where a limit counts them."""
        found: Floats = self.weights.room[3]
        return found

    @property
    def needs(self) -> Ints:
        """Numbers of the sets of limited things taken."""
        found: Ints = self.codes.room[0]
        return found

    @property
    def modes(self) -> Ints:
        """Main modes as bits."""
        found: Ints = self.codes.room[1]
        return found

    @property
    def terminals(self) -> Ints:
        """Numbers of the sequences of terminals."""
        found: Ints = self.codes.room[2]
        return found

    @property
    def stands(self) -> NDArray[np.bool_]:
        """Whether all terminals stand anyway."""
        found: NDArray[np.bool_] = self.codes.room[3] > 0
        return found

    @property
    def free(self) -> NDArray[np.bool_]:
        """Whether no limited link or transfer is taken."""
        found: NDArray[np.bool_] = self.codes.room[4] > 0
        return found

    @property
    def unbooked(self) -> NDArray[np.bool_]:
        """Whether no limited link or transfer and no departure is taken: there is always room."""
        found: NDArray[np.bool_] = self.codes.room[5] > 0
        return found
