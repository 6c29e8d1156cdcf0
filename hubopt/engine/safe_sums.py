"""Sums of floats that are never too high: what lower bounds are made of."""

from __future__ import annotations

import math

MARGIN = 1e-11
"""What rounding can add to a sum, by the sum of its absolute terms; each is right to 2e-16."""


def safe_sum(terms: list[float]) -> float:
    """Return a sum less what rounding could have added to it."""
    return math.fsum(terms) - MARGIN * math.fsum(map(abs, terms))
