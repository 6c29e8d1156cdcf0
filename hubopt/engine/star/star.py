"""A star: each shipment goes over exactly one of a set of sites, at linear cost.

minimise  sum of fixed[i] over open sites + sum of cost[i, j] * share[i, j] + unserved[j] * left[j]
such that the shares of each shipment and what is left behind add up to 1, nothing goes through a
closed site, the weight that goes through a site stays within its capacity, at most `most` sites
open and, with `single`, each shipment is served by one site.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from hubopt.problem.problem import Floats, Ints

MOST_CELLS = 100_000_000
"""Sites x shipments x grains of room, each a byte, that knapsacks of whole shipments may take."""

UNDECIDED, CLOSED, OPEN = -1, 0, 1
"""What a search has decided of a site."""


@dataclass(frozen=True)
class Star:
    """The numbers of a star; n sites, m shipments, money in million CNY of present value.

    `fixed` n; `capacity_kg` n, infinite without a limit; `weight_kg` m, whole kilograms that a
    shipment takes of a capacity, 0 if it takes none; `cost` n x m, what serving all of it from
    there costs, infinite where there is no way; `unserved` m, what leaving all of it behind costs.
    """

    fixed: Floats
    capacity_kg: Floats
    weight_kg: Floats
    cost: Floats
    unserved: Floats
    single: bool = False
    most: int | None = None

    @property
    def sites(self) -> int:
        """Return the number of sites."""
        return len(self.fixed)

    @property
    def shipments(self) -> int:
        """Return the number of shipments."""
        return len(self.weight_kg)

    @cached_property
    def loose(self) -> bool:
        """Tell whether no shipment takes of any capacity that has a limit."""
        return not self.weight_kg.any() or bool(np.isinf(self.capacity_kg).all())

    @cached_property
    def priced(self) -> Floats:
        """Return the cost with a finite number, dearer than to stay behind, where is no way."""
        return np.where(np.isfinite(self.cost), self.cost, 2.0 * self.unserved + 1.0)

    @cached_property
    def grain_kg(self) -> float:
        """Return a weight of which all weights and capacities are multiples, at most that."""
        limits = self.capacity_kg[np.isfinite(self.capacity_kg)]
        both = np.concatenate([self.weight_kg, limits])
        if np.any(both != np.round(both)) or both.max(initial=0.0) >= 2.0**53:
            return 0.0
        return float(np.gcd.reduce(both.astype(np.int64)))

    @cached_property
    def countable(self) -> bool:
        """Tell whether capacities are few enough grains to fill knapsacks of whole shipments."""
        if not self.grain_kg or self.loose:
            return False
        room = min(float(self.capacity_kg.max()), float(self.weight_kg.sum())) / self.grain_kg
        return room * self.sites * self.shipments <= MOST_CELLS

    @cached_property
    def need_kg(self) -> float:
        """Return a weight that the open sites of some best plan can hold together.

        All of the weight where leaving goods behind never pays; 0 where that is not known. It
        never pays if each site could take a grain of what is left behind and be opened for it: a
        plan that leaves goods behind has, at its best, a multiple of the grain left, so that room
        for one is either free at an open site or comes with another site.
        """
        if self.loose or self.most is not None or not self.grain_kg:
            return 0.0
        if self.single:
            return float(self.weight_kg.sum())
        some, useful = self.weight_kg > 0, self.capacity_kg >= self.grain_kg
        total = float(self.weight_kg.sum())
        if self.capacity_kg[useful].sum() < total:
            return 0.0
        dearest = (self.cost[np.ix_(useful, some)] / self.weight_kg[some]).max(axis=1)
        worth = (self.unserved[some] / self.weight_kg[some]).min()
        pays_to_serve = np.all(self.fixed[useful] / self.grain_kg + dearest <= worth)
        return total if pays_to_serve else 0.0

    @cached_property
    def light_may_stay(self) -> bool:
        """Tell whether leaving a shipment without weight behind may cost less than serving it."""
        light = self.weight_kg == 0
        return bool(np.any(self.cost[:, light].max(axis=0, initial=0.0) > self.unserved[light]))

    @cached_property
    def least_penalty(self) -> float:
        """Return what a plan costs at least that leaves goods behind though none may be split.

        With fixed sources the least that is left behind is a multiple of the grain.
        """
        some = self.weight_kg > 0
        if self.loose or not some.any():
            return np.inf
        return self.grain_kg * float((self.unserved[some] / self.weight_kg[some]).min())


def undecided(star: Star) -> Ints:
    """Return the state of a search that has decided nothing."""
    return np.full(star.sites, UNDECIDED)
