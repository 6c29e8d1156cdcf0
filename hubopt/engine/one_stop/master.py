"""Designs to be tried: the sizes that the cuts so far leave cheapest, from a small Pyomo model."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from hubopt.engine.one_stop.room import room_needs
from hubopt.model.one_stop_master import build_master
from hubopt.model.standard import standard_form
from hubopt.solver.form import SolverStatus

if TYPE_CHECKING:
    from collections.abc import Callable

    from hubopt.engine.one_stop.numbers import Ints, Numbers
    from hubopt.engine.one_stop.relaxation import Cut, Evaluation
    from hubopt.model.one_stop_master import Rules
    from hubopt.solver.form import SolverAnswer, StandardForm

BEST_CUTS, LATEST_CUTS = 60, 40
"""So many cuts with the highest bounds, and so many of the latest, stand in a master."""

HALF = 0.5
LARGEST_WORTH = 100.0


@dataclass
class Master:
    """The cuts that are known: those of prices, of which the best are used, and of designs, all.

    `infeasible` tells whether the last one had no design at all.
    """

    numbers: Numbers
    solve: Callable[[StandardForm], SolverAnswer]
    rules: Rules | None = None
    of_prices: list[tuple[float, Cut]] = field(default_factory=list)
    of_designs: list[Cut] = field(default_factory=list)
    barred: list[Ints] = field(default_factory=list)
    infeasible: bool = False

    def add(self, found: Evaluation) -> None:
        """Keep the cut of some prices."""
        self.of_prices.append((found.bound, found.cut))

    @property
    def used(self) -> list[Cut]:
        """Return the cuts that a master holds."""
        best = sorted(self.of_prices, key=lambda pair: -pair[0])[:BEST_CUTS]
        chosen = {id(cut): cut for _, cut in [*best, *self.of_prices[-LATEST_CUTS:]]}
        return [*chosen.values(), *self.of_designs]

    def design(self, bound: float) -> Ints | None:
        """Return the sizes (I, -1: closed) that the cuts leave cheapest, `None` without any.

        Money is scaled by the bound, or by more where a cut holds numbers far above it.
        """
        numbers, there = self.numbers, self.numbers.room > 0
        cuts = [(cut.constant, cut.worth) for cut in self.used]
        largest = max((float(np.abs(worth[there]).max()) for _, worth in cuts), default=0.0)
        scale = max(abs(bound), largest / LARGEST_WORTH) or 1.0
        model = build_master(
            numbers.room, room_needs(numbers), cuts, scale, self.rules, self.barred
        )
        form = standard_form(model)
        answer = self.solve(form)
        self.infeasible = answer.status is SolverStatus.INFEASIBLE
        if answer.values is None:
            return None
        return self.read(dict(zip(form.column_names, answer.values.tolist(), strict=True)))

    def read(self, values: dict[str, float]) -> Ints:
        """Return the sizes that are open in an answer."""
        size = np.full(len(self.numbers.node), -1)
        for i, k in zip(*np.nonzero(self.numbers.room), strict=True):
            if values[f"open({i},{k})"] > HALF:
                size[i] = k
        return size
