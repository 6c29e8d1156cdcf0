"""What one child says, and what that amounts to: its best checked plan, its bound, its end."""

from __future__ import annotations

import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass, field
from math import isfinite
from typing import TYPE_CHECKING

from hubopt.solver import platform
from hubopt.solver.form import Progress, SolveOptions, SolverAnswer, SolverStatus
from hubopt.solver.statuses import (
    TOLERANCE,
    clash,
    dual_bound,
    objective_of,
    solver_status,
    worst_violation,
)
from hubopt.solver.talk import SilenceError

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable

    from hubopt.solver.form import Floats, StandardForm
    from hubopt.solver.frames import Frame
    from hubopt.solver.talk import Talk

    OnProgress = Callable[[Progress], None]

LISTEN_S = 0.05
STOP_GRACE_S = 0.3
"""How long a child may take to obey before it is killed: all that it found is known already."""
END_GRACE_S = 1.0
"""How long a child that has said its last word may take to end by itself."""
LIMIT_GRACE_S = 3.0
MEMORY_EVERY_S = 0.5
TAKE_SHARE = 0.3
"""Most of the time limit that a child that has waited may be silent: a fresh one needs the rest."""


@dataclass
class Best:
    """The best checked point so far, and the best proved bound."""

    values: Floats | None = None
    objective: float | None = None
    bound: float | None = None

    @property
    def gap(self) -> float | None:
        """Relative gap, None as long as one side is missing."""
        if self.objective is None or self.bound is None:
            return None
        return max(0.0, self.objective - self.bound) / max(abs(self.objective), 1e-9)


@dataclass
class Watch:
    """The parent's view of one child: what it said, and why it was stopped if it was."""

    form: StandardForm
    options: SolveOptions
    on_progress: OnProgress | None
    stop: threading.Event
    best: Best = field(default_factory=Best)
    end: Frame | None = None
    begun: bool = False
    stays: bool = False
    why: str = ""
    trouble: str = ""
    started: float = field(default_factory=time.monotonic)
    kill_at: float = float("inf")
    memory_checked: float = 0.0

    def follow(self, talk: Talk) -> None:
        """Listen until the child ends, breaks its word, or must be stopped."""
        while not self.must_die(talk):
            with suppress(SilenceError):
                frame = talk.hear(LISTEN_S)
                if frame is None or self.heard(frame):
                    break
                self.say()
        self.trouble = self.trouble or talk.trouble
        if self.end is not None and self.stays:
            return
        if self.why or self.returncode(talk.child, END_GRACE_S) is not None:
            return
        if self.end is None:
            self.why = "mute"
            self.trouble = self.trouble or "it fell silent and did not end"

    @staticmethod
    def returncode(child: subprocess.Popen[bytes], wait_s: float) -> int | None:
        """Return how a child ended, `None` if it does not within so many seconds."""
        with suppress(subprocess.TimeoutExpired):
            return child.wait(timeout=wait_s)
        return None

    def heard(self, frame: Frame) -> bool:
        """Take in one frame; return whether it was the last."""
        self.begun = True
        if frame.kind == "started":
            self.stays = frame.fields.get("stays") is True
        elif frame.kind in {"incumbent", "progress"}:
            self.raise_bound(frame.number("bound"))
            if "values" in frame.arrays:
                self.offer(frame.arrays["values"])
        elif frame.kind == "memory":
            self.why = "memory"
        elif frame.kind == "error":
            self.trouble = frame.text("reason").strip()
        elif frame.kind == "end":
            self.end = frame
            self.raise_bound(frame.number("bound"))
        return frame.kind in {"memory", "error", "end"}

    def offer(self, values: Floats) -> bool:
        """Keep a point if it meets the form and is the best; return whether it meets it."""
        breach = worst_violation(self.form, values)
        if breach.size > TOLERANCE:
            broken = f"a point that breaks {breach.name} by {breach.size:.3g}"
            self.trouble = broken if isfinite(breach.size) else breach.name
            return False
        objective = objective_of(self.form, values)
        if self.best.objective is None or objective < self.best.objective:
            self.best.values, self.best.objective = values + 0.0, objective
        return True

    def raise_bound(self, bound: float | None) -> None:
        """Take in a proved bound, if the model has whole columns (an LP's comes from its duals)."""
        if bound is not None and self.form.integer.any():
            self.best.bound = bound if self.best.bound is None else max(bound, self.best.bound)

    def say(self) -> None:
        """Tell who listens where the solve stands."""
        if self.on_progress is not None:
            best, elapsed = self.best, time.monotonic() - self.started
            phase = "MIP" if self.form.integer.any() else "LP"
            self.on_progress(Progress(elapsed, best.objective, best.bound, best.gap, phase))

    def must_die(self, talk: Talk) -> bool:
        """Ask the child to stop when it should, and return whether its time is up."""
        now = time.monotonic()
        if self.why != "stop" and self.stop.is_set():
            self.ask_to_stop(talk, "stop", STOP_GRACE_S)
        elif not self.why and now - self.started > self.options.time_s:
            self.ask_to_stop(talk, "time", LIMIT_GRACE_S)
        if now - self.memory_checked > MEMORY_EVERY_S:
            self.memory_checked = now
            if platform.memory_mb(talk.child.pid) > self.options.memory_mb:
                self.why = "memory"
                return True
        if talk.rested and not self.begun and now > self.silent_by(talk):
            self.why = self.why or "mute"
            return True
        return now > self.kill_at

    def silent_by(self, talk: Talk) -> float:
        """Return until when a child that has waited may be silent about its task."""
        return min(talk.taken_by, self.started + TAKE_SHARE * self.options.time_s)

    def unheard(self, talk: Talk) -> bool:
        """Return whether a child that had waited for a task died or fell silent before it came."""
        return talk.rested and not self.begun and self.why in {"", "mute"}

    def start_again(self) -> None:
        """Forget a child that never had the task; the time that it took is gone."""
        self.why, self.trouble, self.kill_at = "", "", float("inf")

    def ask_to_stop(self, talk: Talk, why: str, grace_s: float) -> None:
        """Tell the child to stop and note when it will be killed."""
        self.why, self.kill_at = why, min(self.kill_at, time.monotonic() + grace_s)
        talk.say_stop()

    def crashed(self, returncode: int | None) -> bool:
        """Return whether the child failed by itself."""
        if self.end is not None or self.why not in {"", "mute"}:
            return False
        return self.why == "mute" or not platform.killed_from_outside(returncode or 0)

    def unable(self, error: Exception) -> SolverAnswer:
        """Return the answer of a child that the system did not start."""
        self.why = "mute"
        return self.without_end(f"the solver process could not be started: {error}")

    def answer(self, returncode: int | None) -> SolverAnswer:
        """Return the answer that all this amounts to."""
        if self.end is not None:
            return self.finished(self.end)
        with_plan = self.best.values is not None
        if self.why == "stop":
            return self.made(solver_status("kInterrupt", point=with_plan), "stopped as asked")
        if self.why == "time":
            return self.made(
                solver_status("kTimeLimit", point=with_plan),
                f"time limit of {self.options.time_s:g} s",
            )
        if self.why == "memory":
            return self.without_end(f"memory limit of {self.options.memory_mb} MB")
        said = f" ({self.trouble})" if self.trouble else ""
        if self.why == "mute":
            return self.without_end(f"the solver process broke off{said}")
        how = platform.how_it_ended(returncode or 0)
        return self.without_end(f"the solver process ended with {how}{said}")

    def without_end(self, reason: str) -> SolverAnswer:
        """Return the answer of a child that never came to its end: its best plan, or failure."""
        with_plan = self.best.values is not None
        return self.made(
            SolverStatus.LIMIT_WITH_VALUES if with_plan else SolverStatus.FAILED, reason
        )

    def finished(self, end: Frame) -> SolverAnswer:
        """Return the answer of a child that came to its end."""
        highs = end.text("status")
        word = highs.removeprefix("k").lower()
        readable = solver_status(highs, point=True).has_values
        sound = not readable or "values" not in end.arrays or self.offer(end.arrays["values"])
        status = solver_status(highs, point=readable and self.best.values is not None)
        if not sound and status in {SolverStatus.OPTIMAL, SolverStatus.FAILED}:
            return self.made(SolverStatus.FAILED, f"HiGHS called {word} {self.trouble}")
        if readable and status is SolverStatus.FAILED:
            return self.made(SolverStatus.FAILED, f"HiGHS called {word} what it gave no plan for")
        if status is SolverStatus.INFEASIBLE and self.best.values is not None:
            return self.made(SolverStatus.FAILED, "HiGHS called infeasible what has a checked plan")
        duals = end.arrays.get("row_duals")
        if (
            duals is not None
            and not self.form.integer.any()
            and len(duals) == len(self.form.row_names)
        ):
            self.best.bound = dual_bound(self.form, duals)
        if clash(self.best.bound, self.best.objective):
            return self.made(
                SolverStatus.FAILED,
                f"a bound of {self.best.bound} above a checked plan of {self.best.objective}",
            )
        if self.why == "stop" and status is SolverStatus.LIMIT_WITHOUT_VALUES:
            status = SolverStatus.INTERRUPTED_WITHOUT_VALUES
        if self.why == "time" and status is SolverStatus.INTERRUPTED_WITH_VALUES:
            status = SolverStatus.LIMIT_WITH_VALUES
        if self.why == "time" and status is SolverStatus.INTERRUPTED_WITHOUT_VALUES:
            status = SolverStatus.LIMIT_WITHOUT_VALUES
        return self.made(status, highs.removeprefix("k"), end.arrays.get("row_duals"))

    def made(
        self, status: SolverStatus, reason: str, row_duals: Floats | None = None
    ) -> SolverAnswer:
        """Return an answer; without a status of values nothing of the point gets out."""
        best = self.best if status.has_values else Best(bound=self.best.bound)
        if row_duals is not None and len(row_duals) != len(self.form.row_names):
            row_duals = None
        seconds = time.monotonic() - self.started
        return SolverAnswer(
            status, best.values, best.objective, best.bound, seconds, reason, row_duals
        )
