"""One solve by a child process that the parent can always stop, whatever the child does.

A child that ends well is kept for the solves that follow; see `hubopt.solver.pool`.
"""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from hubopt.solver import platform, pool
from hubopt.solver.form import SolverStatus
from hubopt.solver.frames import Frame
from hubopt.solver.guard import guard
from hubopt.solver.options import checked_options
from hubopt.solver.watch import Watch

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hubopt.solver.form import Floats, SolveOptions, SolverAnswer, StandardForm
    from hubopt.solver.options import Value
    from hubopt.solver.talk import Talk
    from hubopt.solver.watch import Best, OnProgress

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
    own: Mapping[str, Value] | None = None,
) -> SolverAnswer:
    """Solve a form and return how it ended; the time limit is the parent's own clock.

    `own` are options of HiGHS that no planner may give, such as an LP's end without crossover.

    A child that crashes is tried once more with other settings; one that was killed is not. What
    it had found by then is kept as the best plan so far.
    Raises `InputError` for wrong options and `SolverError` for a form that the guard refuses.
    """
    highs = {**(own or {}), **checked_options(options)}
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
        answer, _ = attempt(form, again, other, on_progress, stop, known, fresh=True)
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
    *,
    fresh: bool = False,
) -> tuple[SolverAnswer, Best | None]:
    """Ask one child; return its answer and, if it crashed by itself, what it had found.

    One that had died or fallen silent while it waited never had the task: a fresh one gets it.
    """
    watch = Watch(form, options, on_progress, stop or threading.Event())
    if start is not None:
        watch.offer(start)
    limit = {**highs, "time_limit": float(options.time_s)}
    command, task = child_command(options.memory_mb), task_of(form, limit)
    try:
        talk = pool.asked(command, task, fresh=fresh)
        answer = heard_out(watch, talk)
        if watch.unheard(talk):
            watch.start_again()
            talk = pool.asked(command, task, fresh=True)
            answer = heard_out(watch, talk)
    except pool.NoChildError as error:
        return watch.unable(error), watch.best
    return answer, watch.best if watch.crashed(talk.child.returncode) else None


def heard_out(watch: Watch, talk: Talk) -> SolverAnswer:
    """Follow a child to its end and return its answer; one that ended well waits for more.

    It is let go of before it waits: another thread may ask it at once.
    """
    with talk:
        watch.follow(talk)
        answer = None if watch.end is None else watch.answer(0)
        stays = answer is not None and watch.stays and answer.status is not SolverStatus.FAILED
        if stays and pool.may_stay(talk, watch.options.memory_mb):
            talk.rest()
    if stays and talk.resting:
        pool.POOL.put(talk)
    return watch.answer(talk.child.returncode) if answer is None else answer


def warm_up(memory_mb: int) -> None:
    """Start a child for the first solve within so much memory, which need not wait for it then."""
    pool.stand_by(child_command(memory_mb))


def child_command(memory_mb: int) -> list[str]:
    """Return the command of a child that solves what it is handed, within so much memory."""
    return platform.python_module("hubopt.solver.child", str(memory_mb))


def task_of(form: StandardForm, highs: Mapping[str, Value]) -> Frame:
    """Return the arrays and the HiGHS options of a solve as one message."""
    return Frame(
        "task",
        {"highs": dict(highs)},
        {
            "cost": form.cost + 0.0,  # -0.0 becomes 0.0
            "offset": np.array([form.offset]),
            "column_lower": form.column_lower,
            "column_upper": form.column_upper,
            "integer": form.integer.astype(np.int32),
            "starts": form.starts.astype(np.int32, copy=False),
            "indices": form.indices.astype(np.int32, copy=False),
            "values": form.values,
            "row_lower": form.row_lower,
            "row_upper": form.row_upper,
        },
    )
