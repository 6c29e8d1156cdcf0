"""A star solved: the best plan found, the bound that holds for all, and how that was done."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from hubopt.engine.star.search import SiteSearch
from hubopt.engine.star.single import SourceSearch
from hubopt.solver.form import BRANCHING, Progress

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable

    from hubopt.engine.star.star import Star
    from hubopt.engine.star.transport import Served
    from hubopt.problem.problem import Floats
    from hubopt.solver.form import SolveOptions

TELL_EVERY_S = 0.5


@dataclass(frozen=True)
class StarAnswer:
    """The best plan of a star, None if none was found, and a bound in million CNY.

    `bound` covers every plan, those that leave goods behind included; -inf if nothing is known.
    """

    plan: Served | None
    bound: float


@dataclass
class Watch:
    """Says when a search must stop, and tells now and then where it stands."""

    time_s: float
    on_progress: Callable[[Progress], None] | None
    stop: threading.Event | None
    search: SiteSearch | None = None
    began: float = field(default_factory=time.monotonic)
    told: float = 0.0

    def halted(self) -> bool:
        """Return whether the time is over or somebody asked to stop."""
        elapsed = time.monotonic() - self.began
        if self.on_progress is not None and self.search and elapsed - self.told > TELL_EVERY_S:
            self.told = elapsed
            cost, bound = self.search.cost, with_behind(self.search.star, self.search.bound)
            best = cost if np.isfinite(cost) else None
            low = bound if np.isfinite(bound) else None
            gap = None if best is None or low is None or not best else (best - low) / best
            self.on_progress(Progress(elapsed, best, low, gap, BRANCHING))
        return elapsed > self.time_s or (self.stop is not None and self.stop.is_set())


def solve_star(
    star: Star,
    options: SolveOptions,
    *,
    on_progress: Callable[[Progress], None] | None = None,
    stop: threading.Event | None = None,
) -> StarAnswer:
    """Return the best plan of a star and what is proved of it, within the options' gap and time."""
    watch = Watch(options.time_s, on_progress, stop)
    if star.single and not star.loose:
        search: SiteSearch = SourceSearch(star, options, watch.halted, stop)
    else:
        search = SiteSearch(star, options.gap, watch.halted)
    watch.search = search
    search.run(first_prices(star))
    return StarAnswer(search.best, with_behind(star, min(search.bound, search.cost)))


def with_behind(star: Star, bound: float) -> float:
    """Return a bound on plans that serve everybody as one that covers those that do not.

    Under single sourcing a search bounds the former alone.
    """
    return min(bound, star.least_penalty) if star.single else bound


def first_prices(star: Star) -> Floats:
    """Return prices to begin with: the second cheapest way, or with a share of the fixed cost."""
    if not star.loose:
        each = star.fixed / np.maximum(star.capacity_kg, 1.0)
        return np.asarray((star.priced + np.outer(each, star.weight_kg)).min(axis=0))
    cheapest = np.sort(star.priced, axis=0)
    return np.asarray(np.minimum(cheapest[min(1, star.sites - 1)], star.unserved))
