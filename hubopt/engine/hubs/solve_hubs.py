"""A hub median solved: the best plan found, the bound that holds for all, and how that was done."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hubopt.engine.hubs.multiple import SetSearch
from hubopt.engine.hubs.single import AllocationSearch
from hubopt.solver.form import Progress

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable

    from hubopt.engine.hubs.hubs import HubPlan, Hubs
    from hubopt.solver.form import SolveOptions

TELL_EVERY_S = 0.5

CHOOSING = "choosing hubs"
"""The phase in which a hub median is solved."""


@dataclass(frozen=True)
class HubAnswer:
    """The best plan of a hub median, and a bound in million CNY that covers every plan.

    `too_many` tells that sets of hubs are too many to be looked at, and only a first plan was made.
    """

    plan: HubPlan
    bound: float
    too_many: bool = False


@dataclass
class Watch:
    """Says when a search must stop, and tells now and then where it stands."""

    time_s: float
    on_progress: Callable[[Progress], None] | None
    stop: threading.Event | None
    search: SetSearch | None = None
    began: float = field(default_factory=time.monotonic)
    told: float = 0.0
    low: float = 0.0

    def halted(self) -> bool:
        """Return whether the time is over or somebody asked to stop."""
        elapsed = time.monotonic() - self.began
        if self.on_progress is not None and self.search and elapsed - self.told > TELL_EVERY_S:
            self.told = elapsed
            cost, self.low = self.search.cost, max(self.low, self.search.bound)
            gap = (cost - self.low) / cost if cost else None
            self.on_progress(Progress(elapsed, cost, self.low, gap, CHOOSING))
        return elapsed > self.time_s or (self.stop is not None and self.stop.is_set())


def solve_hubs(
    hubs: Hubs,
    options: SolveOptions,
    *,
    on_progress: Callable[[Progress], None] | None = None,
    stop: threading.Event | None = None,
) -> HubAnswer:
    """Return the best plan of a hub median and what is proved of it, within gap and time."""
    watch = Watch(options.time_s, on_progress, stop)
    kind = SetSearch if hubs.ends is None else AllocationSearch
    search = kind(hubs, options.gap, watch.halted)
    watch.search = search
    search.run()
    return HubAnswer(search.best, min(search.bound, search.cost), search.too_many)
