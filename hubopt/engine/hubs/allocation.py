"""The tables of single allocation: what two cities send each other costs, by the hub of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

if TYPE_CHECKING:
    from hubopt.engine.hubs.hubs import Hubs
    from hubopt.problem.problem import Floats, Ints


@dataclass(frozen=True)
class Tables:
    """`full` cities x cities x n x n, by city, other city, hub of the city and of the other.

    `own` n, the city at which each hub stands; `fixed` n; `scale` what all costs at the most.
    """

    full: Floats
    own: Ints
    fixed: Floats
    scale: float

    @classmethod
    def of(cls, hubs: Hubs) -> Self:
        """Return the tables of a hub median with single allocation."""
        if hubs.ends is None or hubs.own is None:
            raise AssertionError(hubs)
        cities = int(max(hubs.ends.max(initial=0), hubs.own.max(initial=0))) + 1
        full = np.zeros((cities, cities, hubs.sites, hubs.sites))
        one, other = hubs.ends.T
        full[one, other], full[other, one] = hubs.cost, hubs.cost.transpose(0, 2, 1)
        scale = float(hubs.cost.max(axis=(1, 2), initial=0.0).sum() + hubs.fixed.sum())
        return cls(full, hubs.own, hubs.fixed, scale)

    @property
    def cities(self) -> int:
        """Return the number of cities."""
        return len(self.full)

    def between(self, ones: Ints, others: Ints, sets: Ints) -> Floats:
        """Return b x ones x others x q x q, what pairs of cities cost by hubs of their sets."""
        return self.full[
            ones[:, :, None, None, None],
            others[:, None, :, None, None],
            sets[:, None, None, :, None],
            sets[:, None, None, None, :],
        ]

    def costs(self, sets: Ints, hub_of: Ints) -> Floats:
        """Return what sets of hubs cost with the hub of each city, b x cities."""
        city = np.arange(self.cities)
        parts = self.full[city[:, None], city[None, :], hub_of[:, :, None], hub_of[:, None, :]]
        return np.asarray(parts.sum(axis=(1, 2)) / 2.0 + self.fixed[sets].sum(axis=1))
