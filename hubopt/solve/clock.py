"""How long each phase of a run took, and what is left of its limit."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

NEARLY_OVER_SHARE = 0.08
"""With less than this share of its time left a run has used it up: a search keeps a little back."""


@dataclass
class Clock:
    """Seconds per phase of one run, and what is left of its limit."""

    limit_s: float
    started: float = field(default_factory=time.monotonic)
    seconds: dict[str, float] = field(default_factory=dict)

    def lap(self, name: str) -> None:
        """Add the time since the last lap to what is noted under `name`."""
        elapsed = time.monotonic() - self.started - sum(self.seconds.values())
        self.seconds[name] = round(self.seconds.get(name, 0.0) + elapsed, 3)

    @property
    def elapsed_s(self) -> float:
        """Seconds since the run began."""
        return time.monotonic() - self.started

    def left(self) -> float:
        """Return the seconds left for the solver, below zero when the limit has passed."""
        return self.limit_s - self.elapsed_s

    @property
    def over(self) -> bool:
        """Whether the limit has been used up, but for the little that a search keeps back."""
        return self.left() < NEARLY_OVER_SHARE * self.limit_s
