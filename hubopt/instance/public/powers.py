"""Powers of ten as scales: what stands for one unit of a file, near a wish and within bounds."""

from __future__ import annotations

from math import log10
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

FARTHEST = 12
"""How many powers of ten above or below the wish are tried."""


def exponent_near(values: Iterable[float], wish: float) -> int:
    """Return the power of ten that brings the median of the numbers above 0 nearest to a wish."""
    some = [value for value in values if value > 0]
    return round(log10(wish / median(some))) if some else 0


def nearest_that_fits(start: int, fits: Callable[[float], bool]) -> float | None:
    """Return the power of ten nearest to that of `start` that fits, `None` if none does."""
    for step in sorted(range(-FARTHEST, FARTHEST + 1), key=lambda step: (abs(step), -step)):
        scale = float(f"1e{start + step}")
        if fits(scale):
            return scale
    return None
