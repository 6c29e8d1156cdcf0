"""What a plan for several states of the world weighs: the expected cost and its worst tail."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

NEUTRAL = Fraction(0)
"""Weight of the tail for who cares for the expected cost alone."""


@dataclass(frozen=True, slots=True)
class Risk:
    """Objective: (1 - weight) x expected cost + weight x CVaR at the level.

    CVaR is the mean cost of the worst 1 - level of all states, by probability: Rockafellar and
    Uryasev, Journal of Risk 2(3), 2000. Both are shares; `level` is below 1.
    """

    level: Fraction = Fraction(9, 10)
    weight: Fraction = NEUTRAL

    def measured(self, probability: Sequence[Fraction], cost: Sequence[Fraction]) -> Fraction:
        """Return the objective of the costs in all states."""
        mean = expected(probability, cost)
        return (1 - self.weight) * mean + self.weight * tail_mean(probability, cost, self.level)


def expected(probability: Sequence[Fraction], cost: Sequence[Fraction]) -> Fraction:
    """Return the mean cost by probability."""
    return sum((p * c for p, c in zip(probability, cost, strict=True)), Fraction(0))


def tail_mean(
    probability: Sequence[Fraction], cost: Sequence[Fraction], level: Fraction
) -> Fraction:
    """Return CVaR: the mean of the dearest states that make up 1 - level of the probability."""
    left = 1 - level
    total = Fraction(0)
    for c, p in sorted(zip(cost, probability, strict=True), reverse=True):
        share = min(p, left)
        total += share * c
        left -= share
    return total / (1 - level)
