"""What a search knows so far: the best checked plan, the best proved bound, and the time left."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hubopt.solver.form import Progress
from hubopt.solver.statuses import TOLERANCE, clash, objective_of, worst_violation

if TYPE_CHECKING:
    from collections.abc import Callable

    from hubopt.solver.form import Floats, SolveOptions, StandardForm


SPARED = 0.999
"""Share of the gap asked for that is used up: a plan in whole kilograms costs a little more."""

ROUNDING = 1e-10
"""Relative difference that is only the rounding of sums."""


class Halt(threading.Event):
    """Set when the search is over, or when the planner asks to stop."""

    def __init__(self, asked: threading.Event | None) -> None:
        super().__init__()
        self.asked = asked

    @property
    def by_planner(self) -> bool:
        """Whether the planner asked to stop."""
        return self.asked is not None and self.asked.is_set()

    def is_set(self) -> bool:
        """Return whether to stop, for either reason."""
        return super().is_set() or self.by_planner


@dataclass
class Board:
    """Shared by the solves of one search, which may run side by side."""

    form: StandardForm
    options: SolveOptions
    halt: Halt
    on_progress: Callable[[Progress], None] | None = None
    best: Floats | None = None
    objective: float | None = None
    bound: float | None = None
    fault: str = ""
    started: float = field(default_factory=time.monotonic)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def offer(self, values: Floats | None) -> bool:
        """Take a plan if it meets the form and beats the best; return whether it did."""
        if values is None or worst_violation(self.form, values).size > TOLERANCE:
            return False
        objective = objective_of(self.form, values)
        with self.lock:
            if self.objective is not None and objective >= self.objective:
                return False
            self.best, self.objective = values, objective
        self.check()
        return True

    def raise_bound(self, bound: float | None) -> None:
        """Take a proved lower bound if it is higher."""
        with self.lock:
            if bound is not None and (self.bound is None or bound > self.bound):
                self.bound = bound
        self.check()

    @property
    def gap(self) -> float | None:
        """Relative gap, None as long as one side is missing."""
        if self.objective is None or self.bound is None:
            return None
        return max(0.0, self.objective - self.bound) / max(abs(self.objective), 1e-9)

    @property
    def closed(self) -> bool:
        """Whether the gap is as small as asked for."""
        return self.gap is not None and self.gap <= max(self.options.gap, ROUNDING)

    def check(self) -> None:
        """End all solves once the gap is closed, or once a bound proves to be wrong."""
        if clash(self.bound, self.objective):
            self.fault = f"a bound of {self.bound} above a checked plan of {self.objective}"
        if self.closed or self.fault:
            self.halt.set()

    @property
    def elapsed_s(self) -> float:
        """Seconds since the search began."""
        return time.monotonic() - self.started

    @property
    def left_s(self) -> float:
        """Seconds left, never below 0."""
        return max(0.0, self.options.time_s - self.elapsed_s)

    def say(self, phase: str) -> None:
        """Tell who listens where the search stands."""
        if self.on_progress is not None:
            with self.lock:
                now = Progress(self.elapsed_s, self.objective, self.bound, self.gap, phase)
                self.on_progress(now)
