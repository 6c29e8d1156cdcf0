"""The one rule by which ways are left out where there are too many of a kind."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Slot:
    """What is kept of one kind: a few by rank, then what is faster, and one free of limits."""

    count: int = 0
    quickest: float = float("inf")
    free: bool = False

    def has_room(self, keep: int, time_h: float, *, free: bool) -> bool:
        """Tell whether a way, none ranked before those taken, is kept besides them."""
        return self.count < keep or time_h < self.quickest or (free and not self.free)

    def take(self, time_h: float, *, free: bool) -> None:
        """Count a way that is kept."""
        self.count += 1
        self.quickest = min(self.quickest, time_h)
        self.free = self.free or free
