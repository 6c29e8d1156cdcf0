"""One solve by a child process that the parent can always stop, whatever the child does."""

from __future__ import annotations

import json
import queue
import subprocess
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from hubopt.solver import platform
from hubopt.solver.form import Progress, SolveOptions, SolverAnswer, SolverStatus
from hubopt.solver.frames import BrokenStreamError, Frame, read_frame
from hubopt.solver.guard import guard
from hubopt.solver.options import checked_options
from hubopt.solver.statuses import (
    TOLERANCE,
    clash,
    dual_bound,
    objective_of,
    solver_status,
    worst_violation,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hubopt.solver.form import Floats, StandardForm
    from hubopt.solver.options import Value

    OnProgress = Callable[[Progress], None]

LISTEN_S = 0.05
STOP_GRACE_S = 0.3
"""How long a child may take to obey before it is killed: all that it found is known already."""
END_GRACE_S = 1.0
"""How long a child that has said its last word may take to end by itself."""
LIMIT_GRACE_S = 3.0
MEMORY_EVERY_S = 0.5
LEAST_RETRY_S = 1.0
OTHER_SETTINGS: Mapping[str, Value] = {
    "random_seed": 1,
    "mip_heuristic_run_feasibility_jump": False,
    "parallel": "off",
}


def run(
    form: StandardForm,
    options: SolveOptions,
    *,
    on_progress: OnProgress | None = None,
    stop: threading.Event | None = None,
    start: Floats | None = None,
) -> SolverAnswer:
    """Solve a form and return how it ended; the time limit is the parent's own clock.

    A child that crashes is tried once more with other settings; one that was killed is not. What
    it had found by then is kept as the best plan so far.
    Raises `InputError` for wrong options and `SolverError` for a form that the guard refuses.
    """
    highs = checked_options(options)
    guard(form, start)
    began = time.monotonic()
    if stop is not None and stop.is_set():
        return stopped_before(form, options, start)
    answer, crashed = attempt(form, options, highs, on_progress, stop, start)
    left = options.time_s - (time.monotonic() - began)
    if crashed is not None and left > LEAST_RETRY_S and not (stop and stop.is_set()):
        other = {**highs, **OTHER_SETTINGS}
        again = replace(options, time_s=left)
        known = crashed.values if crashed.values is not None else start
        answer, _ = attempt(form, again, other, on_progress, stop, known)
    return replace(answer, seconds=time.monotonic() - began)


def stopped_before(form: StandardForm, options: SolveOptions, start: Floats | None) -> SolverAnswer:
    """Return the answer to a solve stopped before it began: its start, if that is a plan."""
    watch = Watch(form, options, None, threading.Event(), why="stop")
    if start is not None:
        watch.offer(start)
    return watch.answer(0)


def attempt(
    form: StandardForm,
    options: SolveOptions,
    highs: Mapping[str, Value],
    on_progress: OnProgress | None,
    stop: threading.Event | None,
    start: Floats | None,
) -> tuple[SolverAnswer, Best | None]:
    """Run one child; return its answer and, if it crashed by itself, what it had found."""
    with tempfile.TemporaryDirectory(prefix="hubopt-solve-") as name:
        folder = Path(name)
        limit = {**highs, "time_limit": float(options.time_s)}
        leave_task(folder, form, {"memory_mb": options.memory_mb, "highs": limit}, start)
        watch = Watch(form, options, on_progress, stop or threading.Event())
        if start is not None:
            watch.offer(start)
        with subprocess.Popen(  # noqa: S603  (our own module, no shell)
            child_command(folder),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=platform.environment(),
            **platform.own_group(),  # type: ignore[call-overload]
        ) as child:
            try:
                watch.follow(child)
            finally:
                platform.kill(child)
        answer = watch.answer(child.returncode)
        return answer, watch.best if watch.crashed(child.returncode) else None


def child_command(folder: Path) -> list[str]:
    """Return the command that solves what lies in a folder."""
    return platform.python_module("hubopt.solver.child", str(folder))


def leave_task(
    folder: Path, form: StandardForm, task: Mapping[str, object], start: Floats | None
) -> None:
    """Write the arrays and the options where the child reads them."""
    np.savez(
        folder / "form.npz",
        cost=form.cost + 0.0,  # -0.0 becomes 0.0
        offset=np.array(form.offset),
        column_lower=form.column_lower,
        column_upper=form.column_upper,
        integer=form.integer,
        starts=form.starts,
        indices=form.indices,
        values=form.values,
        row_lower=form.row_lower,
        row_upper=form.row_upper,
        start=np.zeros(0) if start is None else start,
    )
    (folder / "options.json").write_text(json.dumps(task), encoding="utf-8")


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
    why: str = ""
    trouble: str = ""
    started: float = field(default_factory=time.monotonic)
    kill_at: float = float("inf")
    memory_checked: float = 0.0

    def follow(self, child: subprocess.Popen[bytes]) -> None:
        """Listen until the child ends, breaks its word, or must be stopped."""
        heard: queue.Queue[Frame | None] = queue.Queue()
        threading.Thread(target=self.listen, args=(child, heard), daemon=True).start()
        while True:
            with suppress(queue.Empty):
                frame = heard.get(timeout=LISTEN_S)
                if frame is None or self.heard(frame):
                    break
                self.say()
            if self.must_die(child):
                break
        if not self.why:  # a child that has said its last word may end by itself
            with suppress(subprocess.TimeoutExpired):
                child.wait(timeout=END_GRACE_S)

    def listen(self, child: subprocess.Popen[bytes], heard: queue.Queue[Frame | None]) -> None:
        """Read frames until the stream ends; runs in a thread of its own."""
        stream = child.stdout
        try:
            while stream is not None and (frame := read_frame(stream)) is not None:  # type: ignore[arg-type]
                heard.put(frame)
        except (BrokenStreamError, OSError, ValueError) as error:
            self.trouble = self.trouble or str(error)
        heard.put(None)

    def heard(self, frame: Frame) -> bool:
        """Take in one frame; return whether it was the last."""
        if frame.kind in {"incumbent", "progress"}:
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
            self.trouble = f"a point that breaks {breach.name} by {breach.size:.3g}"
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

    def must_die(self, child: subprocess.Popen[bytes]) -> bool:
        """Ask the child to stop when it should, and return whether its time is up."""
        now = time.monotonic()
        if self.why != "stop" and self.stop.is_set():
            self.ask_to_stop(child, "stop", STOP_GRACE_S)
        elif not self.why and now - self.started > self.options.time_s:
            self.ask_to_stop(child, "time", LIMIT_GRACE_S)
        if now - self.memory_checked > MEMORY_EVERY_S:
            self.memory_checked = now
            if platform.memory_mb(child.pid) > self.options.memory_mb:
                self.why = "memory"
                return True
        return now > self.kill_at

    def ask_to_stop(self, child: subprocess.Popen[bytes], why: str, grace_s: float) -> None:
        """Tell the child to stop and note when it will be killed."""
        self.why, self.kill_at = why, min(self.kill_at, time.monotonic() + grace_s)
        if child.stdin is not None:
            with suppress(OSError):
                child.stdin.write(b"s")
                child.stdin.flush()

    def crashed(self, returncode: int) -> bool:
        """Return whether the child failed by itself."""
        outside = platform.killed_from_outside(returncode)
        return self.end is None and not self.why and not outside

    def answer(self, returncode: int) -> SolverAnswer:
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
            reason = f"memory limit of {self.options.memory_mb} MB"
        else:
            said = f" ({self.trouble})" if self.trouble else ""
            reason = f"the solver process ended with {platform.how_it_ended(returncode)}{said}"
        status = SolverStatus.LIMIT_WITH_VALUES if with_plan else SolverStatus.FAILED
        return self.made(status, reason)

    def finished(self, end: Frame) -> SolverAnswer:
        """Return the answer of a child that came to its end."""
        highs = end.text("status")
        readable = solver_status(highs, point=True).has_values
        sound = not readable or "values" not in end.arrays or self.offer(end.arrays["values"])
        status = solver_status(highs, point=readable and self.best.values is not None)
        if status is SolverStatus.OPTIMAL and not sound:
            return self.made(SolverStatus.FAILED, f"HiGHS called optimal {self.trouble}")
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
