"""Several runs at a time, each in a process of its own that is killed when the planner stops."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.errors import HuboptError, SolverError
from hubopt.study.sensitivity import progress, run_one
from hubopt.study.side_by_side import Crew
from hubopt.text import Text

if TYPE_CHECKING:
    import threading
    from collections.abc import Sequence

    from hubopt.instance.tables import Instance
    from hubopt.plan.plan import Plan
    from hubopt.solve.answer import Question, Watcher
    from hubopt.study.outcome import Outcome
    from hubopt.study.sensitivity import Task
    from hubopt.study.sensitivity_store import Store
    from hubopt.study.worker import Wire


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
    Crew(work, Runs(instance, base, tasks, store, watcher), jobs=jobs, stop=stop).do(tasks)


class Runs:
    """Hands out the runs of a study and keeps their outcomes."""

    def __init__(
        self,
        instance: Instance,
        base: Plan,
        tasks: Sequence[Task],
        store: Store,
        watcher: Watcher,
    ) -> None:
        self.instance, self.base, self.tasks = instance, base, tuple(tasks)
        self.store, self.watcher = store, watcher
        self.done: list[Task] = []

    def handed(self, task: Task) -> tuple[Instance, Plan, Task, Question]:
        """Say that a run begins, and return what its process needs."""
        self.watcher.phase(progress(self.tasks.index(task) + 1, len(self.tasks), task))
        return self.instance, self.base, task, self.store.question

    def hears(self, task: Task, message: Outcome | Exception) -> None:
        """Keep the outcome of a run; raise the error that it ended with."""
        if isinstance(message, Exception):
            raise message
        self.store.keep(task.parameter, task.level, message)
        self.done.append(task)

    def ends(self, task: Task, exit_code: int | None) -> None:
        """Raise `SolverError` for a run whose process ended without a word."""
        if task not in self.done:
            raise died(task, exit_code)

    def looks(self) -> None:
        """Go on."""


def work(wire: Wire, instance: Instance, base: Plan, task: Task, question: Question) -> None:
    """Make one run and send its outcome, or the error that it ended with."""
    wire.hear()
    try:
        wire.send(run_one(instance, base, task, question))
    except HuboptError as error:
        wire.send(error)


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
