"""Several runs at a time, each in a process of its own that is killed when the planner stops."""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
from multiprocessing.connection import wait
from typing import TYPE_CHECKING

from hubopt.errors import HuboptError, SolverError
from hubopt.solver.platform import end, offspring
from hubopt.study.sensitivity import progress, run_one
from hubopt.text import Text

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterator, Sequence
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess

    from hubopt.instance.tables import Instance
    from hubopt.plan.plan import Plan
    from hubopt.solve.answer import Question, Watcher
    from hubopt.study.sensitivity import Task
    from hubopt.study.sensitivity_store import Store

LOOK_EVERY_S = 0.2


def run_beside(
    instance: Instance,
    base: Plan,
    tasks: Sequence[Task],
    store: Store,
    *,
    jobs: int,
    watcher: Watcher,
    stop: threading.Event,
) -> None:
    """Make all runs, `jobs` at a time; each is kept when it ends, and none outlives this call."""
    waiting = list(enumerate(tasks, start=1))
    going: dict[Connection, tuple[SpawnProcess, Task]] = {}
    try:
        while (waiting or going) and not stop.is_set():
            while waiting and len(going) < jobs:
                number, task = waiting.pop(0)
                watcher.phase(progress(number, len(tasks), task))
                end_of_pipe, process = started(instance, base, task, store.question)
                going[end_of_pipe] = process, task
            for ready in wait(list(going), timeout=LOOK_EVERY_S):
                process, task = going.pop(ready)  # type: ignore[call-overload]
                finish(ready, process, task, store)  # type: ignore[arg-type]
    finally:
        for process, _ in going.values():
            kill(process)


def started(
    instance: Instance, base: Plan, task: Task, question: Question
) -> tuple[Connection, SpawnProcess]:
    """Start one run and return the end of the pipe on which its outcome will come."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=work, args=(there, instance, base, task, question))
    with deaf_children():
        process.start()
    there.close()
    return here, process


@contextlib.contextmanager
def deaf_children() -> Iterator[None]:
    """Let processes started in the block not hear Ctrl-C, even before they run code of ours.

    The parent hears it when the block ends. Windows has no such mask; `work` does it there.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def work(pipe: Connection, instance: Instance, base: Plan, task: Task, question: Question) -> None:
    """Make one run and send its outcome, or the error that it ended with."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent hears it and ends this process
    try:
        pipe.send(run_one(instance, base, task, question))
    except HuboptError as error:
        pipe.send(error)


def finish(pipe: Connection, process: SpawnProcess, task: Task, store: Store) -> None:
    """Keep the outcome of a run that has ended; raise the error that it ended with."""
    try:
        came = pipe.recv()
    except EOFError:
        process.join()
        raise died(task, process.exitcode) from None
    finally:
        pipe.close()
    process.join()
    if isinstance(came, HuboptError):
        raise came
    store.keep(task.parameter, task.level, came)


def died(task: Task, code: int | None) -> SolverError:
    """Return the error for a run whose process ended without a word."""
    return SolverError(
        Text(
            f"the process of the run {task.label.en} ended with exit code {code}; was there too"
            " little memory? Try --jobs 1: what is done is kept",
            f"运行“{task.label.zh}”的进程以代码 {code} 结束；是否内存不足？请用 --jobs 1 重试，"
            "已完成的运行会保留",
        )
    )


def kill(process: SpawnProcess) -> None:
    """End a run and the solver that it has started."""
    brood = offspring(process.pid) if process.pid is not None else []
    with contextlib.suppress(OSError):
        process.kill()
    for child in brood:
        end(child)
    process.join()
