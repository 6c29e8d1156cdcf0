"""How far a search has come: best plan, bound and time, and what is told of it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from enum import StrEnum
from math import isfinite
from typing import TYPE_CHECKING

from hubopt.solver.form import Progress

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Sequence

    from hubopt.engine.one_stop.routing import Routing

CLOSED = 1e-9
"""A gap below this share is none: sums of floats say no more."""


BOUNDING, ROUTING, BRANCHING = "LR", "LP", "B&B"
"""Phases as they are shown: Lagrangian relaxation, linear programs, branch and bound."""


class Ending(StrEnum):
    """Why a search ended."""

    CLOSED = "closed"
    TIME = "time"
    STOPPED = "stopped"
    NO_DESIGN = "no design"
    EXHAUSTED = "exhausted"


@dataclass(frozen=True)
class Mark:
    """Where a search stood after so many seconds; `best` is `None` before the first plan."""

    seconds: float
    best: float | None
    bound: float
    phase: str


def seconds_to(log: Sequence[Mark], gap: float) -> float | None:
    """Return after how many seconds a gap was reached, `None` if it was not."""
    for mark in log:
        if mark.best is not None and mark.best - mark.bound <= gap * abs(mark.best):
            return mark.seconds
    return None


@dataclass
class Standing:
    """The best plan and the bound so far, in the units of the file, and whether to go on."""

    gap_asked: float
    time_s: float
    heard: Callable[[Progress], None] | None = None
    stop: threading.Event | None = None
    best: Routing | None = None
    bound: float = -float("inf")
    phase: str = BOUNDING
    log: list[Mark] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)

    @property
    def elapsed_s(self) -> float:
        """Return the seconds since the beginning."""
        return time.monotonic() - self.began

    @property
    def left_s(self) -> float:
        """Return the seconds that are left."""
        return self.time_s - self.elapsed_s

    @property
    def gap(self) -> float:
        """Return (best - bound) / best, infinite without a plan."""
        if self.best is None:
            return float("inf")
        return max(0.0, (self.best.value - self.bound) / abs(self.best.value or 1.0))

    @property
    def cutoff(self) -> float:
        """Return the bound at which the gap asked for is reached, infinite without a plan."""
        if self.best is None:
            return float("inf")
        return self.best.value - max(self.gap_asked, CLOSED) * abs(self.best.value)

    @property
    def done(self) -> bool:
        """Tell whether to end: the gap is reached, the time is over, or somebody said stop."""
        return self.stopped or self.left_s <= 0 or self.bound >= self.cutoff

    @property
    def stopped(self) -> bool:
        """Tell whether somebody said stop."""
        return self.stop is not None and self.stop.is_set()

    def offer(self, found: Routing) -> bool:
        """Keep a plan if it is the best; tell whether it is."""
        if not found.whole or (self.best is not None and found.value >= self.best.value):
            return False
        self.best = found
        self.tell()
        return True

    def raise_bound(self, bound: float) -> None:
        """Keep a bound if it is the best; where it passes the best plan the search is done."""
        if bound > self.bound:
            self.bound = bound
            self.tell()

    def tell(self) -> None:
        """Note where the search stands and tell who listens."""
        best = None if self.best is None else self.best.value
        self.log.append(Mark(self.elapsed_s, best, self.bound, self.phase))
        if self.heard is not None:
            gap = None if best is None else self.gap
            bound = self.bound if isfinite(self.bound) else None
            self.heard(Progress(self.elapsed_s, best, bound, gap, self.phase))
