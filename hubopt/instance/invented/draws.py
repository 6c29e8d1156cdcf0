"""Random draws that are the same on every platform and in every version of Python.

Python promises that `random.Random(seed).random()` stays the same, and no more: what is chosen,
shuffled or rounded is therefore made of it here. Sums, products and square roots of floats are
the same everywhere (IEEE 754); sines, powers and logarithms are not, and are not used.
"""

from __future__ import annotations

import random
from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")

STREAMS = 16
"""Parts of an instance that may have draws of their own."""


class Draws:
    """Draws from one seed; each `stream` is apart, so that more cities leave the sites as drawn."""

    def __init__(self, seed: int, stream: int) -> None:
        self.share: Callable[[], float] = random.Random(seed * STREAMS + stream).random  # noqa: S311  (repeatable, no secret)

    def whole(self, least: int, most: int) -> int:
        """Return a whole number from `least` to `most`, both included."""
        return least + int(self.share() * (most - least + 1))

    def between(self, least: float, most: float, digits: int) -> float:
        """Return a number between two others, rounded to so many digits."""
        return round(least + self.share() * (most - least), digits)

    def shuffled(self, things: Sequence[T]) -> list[T]:
        """Return things in a random order (Fisher and Yates)."""
        found = list(things)
        for here in range(len(found) - 1, 0, -1):
            there = self.whole(0, here)
            found[here], found[there] = found[there], found[here]
        return found


class Weighted:
    """Things to be drawn in proportion to whole weights."""

    def __init__(self, weights: Sequence[int]) -> None:
        self.until = list(accumulate(weights))

    def draw(self, draws: Draws) -> int:
        """Return the place of one of the things."""
        return bisect_right(self.until, draws.whole(0, self.until[-1] - 1))
