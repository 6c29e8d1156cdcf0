"""Prices of a design that stands, from the best prices of all, and the ways that go with them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hubopt.engine.one_stop.columns import no_columns
from hubopt.engine.one_stop.volume import Volume

if TYPE_CHECKING:
    from collections.abc import Callable

    from hubopt.engine.one_stop.columns import Columns
    from hubopt.engine.one_stop.design import Design

MOST_STEPS, FEWEST_STEPS, EVERY = 60, 30, 5
"""Steps of the volume algorithm for a design, each of the two times that it settles; every so many
its ways are kept."""

FIRST_STEP, GUESS = 0.05, 1.005
SERVED, WELL_SERVED = 0.985, 0.99
"""So large a share of demand served on average, and a design is judged by its bound; at the second
the ways kept are likely to make a plan, and steps are cheaper than one more LP."""


@dataclass
class OwnPrices(Volume):
    """The volume algorithm with a design that stands, and the ways that it serves shipments on.

    On average the ways meet all limits, so that the LP has a plan to begin with.
    """

    design: Design = field(kw_only=True)
    kept: list[Columns] = field(default_factory=list)
    taken: int = 0

    def settle(self, served: float, stop: Callable[[], bool]) -> None:
        """Take steps until the average serves so large a share of demand, or for a time."""
        for _ in range(MOST_STEPS):
            if stop() or (self.taken >= FEWEST_STEPS and self.served_share >= served):
                return
            found = self.advance()
            if self.taken % EVERY == 0:
                self.kept.append(self.design.ways(found.trees, found.shipment, found.site))
            self.taken += 1

    @property
    def ways(self) -> Columns:
        """Return the ways that were kept."""
        return no_columns(self.design.whole).joined(*self.kept)


def own_prices(design: Design, root: Volume, stop: Callable[[], bool]) -> OwnPrices:
    """Return the volume algorithm after some steps with a design, from the best prices of all."""
    start = design.evaluate(root.best.prices)
    own = OwnPrices(
        design.numbers, design.finder, start, root.scales, start.bound * GUESS, design.allowed,
        step=FIRST_STEP, design=design,
    )  # fmt: skip
    own.settle(SERVED, stop)
    return own
