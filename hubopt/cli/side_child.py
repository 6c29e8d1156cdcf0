"""One scenario of several, solved in a process of its own that tells its parent how it goes."""

from __future__ import annotations

import _thread
import os
import signal
import threading
import time
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from hubopt.cli import hear_no_more, heard
from hubopt.cli.entry import of_the_system, report_of_failure
from hubopt.cli.interrupt import stop_on_signals
from hubopt.cli.progress import worth_keeping
from hubopt.cli.solving import Task, be_ready, code_of, planned, warned
from hubopt.errors import Finding, HuboptError, InputError, InterruptedSolve
from hubopt.text import Text

if TYPE_CHECKING:
    from pathlib import Path

    from hubopt.cli.interrupt import StopRequest
    from hubopt.plan.plan import Plan
    from hubopt.solve.own_rules import OwnRules
    from hubopt.solver.form import Progress
    from hubopt.study.worker import Wire
    from hubopt.vocabulary import Status

SEND_EVERY_S = 0.25
"""What is no news is told so often."""


@dataclass(frozen=True, slots=True)
class Phase:
    """A phase that began or moved on."""

    name: Text
    done: int = 0
    total: int = 0


@dataclass(frozen=True)
class Ended:
    """How a scenario ended: its plan in figures, or why there is none.

    `record` is what programs get; cost in CNY, gap as a share, time in seconds.
    """

    code: int
    status: Status
    record: dict[str, Any]
    cost_cny: float | None = None
    gap: float | None = None
    seconds: float = 0.0
    message: Text | None = None
    warnings: tuple[Text, ...] = ()
    kept: bool = False
    folder: Path | None = None


def work(wire: Wire, task: Task, rules: dict[str, str] | None) -> None:
    """Solve a task, and tell the parent how it goes and how it ended.

    The parent's word to stop counts as a signal does in a solve of its own, and so does its end.
    """
    with stop_on_signals() as stop:
        ended = outcome(task, rules, Teller(wire, stop), stop)
        hear_no_more()
        wire.send(ended)
        os._exit(0)  # nothing may end it any more, and the solver that waits goes with it


def stop_main_thread(stop: StopRequest) -> None:
    """Let the parent's word to stop reach the main thread as a signal, also while it waits.

    A flag alone would not end its wait for other threads; Windows has no signals between threads.
    """
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
    elif stop.keeping:
        stop.set()
    else:
        _thread.interrupt_main(signal.SIGINT)


class Teller:
    """Tells the parent where a solve stands: what is news at once, all else a few times a second.

    Solves side by side within a search speak from threads of their own.
    """

    def __init__(self, wire: Wire, stop: StopRequest) -> None:
        self.wire, self.stop = wire, stop
        self.last: object = None
        self.told_s = 0.0

    def phase(self, name: Text, done: int = 0, total: int = 0) -> None:
        """Tell of a phase; before a first plan a signal ends the solve at once."""
        self.tell(Phase(name, done, total), news=name.en)

    def solver(self, progress: Progress) -> None:
        """Tell where the solver stands; from the first plan on a signal keeps the best."""
        if worth_keeping(progress):
            self.stop.keeping = True
        self.tell(progress, news=(progress.phase, progress.best, progress.bound))

    def tell(self, message: object, *, news: object) -> None:
        """Send a message if it is news, or if the last one is old."""
        now = time.monotonic()
        if news == self.last and now < self.told_s + SEND_EVERY_S:
            return
        self.last, self.told_s = news, now
        self.wire.send(message)


def outcome(task: Task, rules: dict[str, str] | None, teller: Teller, stop: StopRequest) -> Ended:
    """Return how a task ended, whatever happened; no traceback leaves this process."""
    began, name = time.monotonic(), task.question.scenario
    kind: type[HuboptError] = InterruptedSolve
    why = Text("stopped without a plan", "已中断，没有方案")
    try:
        teller.wire.hear(partial(stop_main_thread, stop))
        return solved(task, rules, teller, stop, began)
    except (KeyboardInterrupt, InterruptedSolve):
        pass
    except HuboptError as error:
        kind, why = type(error), error.message
    except Exception as error:  # noqa: BLE001  (as at the door of a command)
        if not heard:
            kind, why = HuboptError, of_the_system(error) or report_of_failure()
    return without_a_plan(name, kind, why, time.monotonic() - began)


def solved(
    task: Task, rules: dict[str, str] | None, teller: Teller, stop: StopRequest, began: float
) -> Ended:
    """Solve a task and write its result."""
    from hubopt.cli.plan_view import as_record  # noqa: PLC0415  (loads on use)

    be_ready(task.question.memory_mb)
    result, folder, whole = planned(task, read_again(task, rules), teller, stop, began)
    stop.keeping = True  # the result is written: a signal has nothing to end any more
    seconds = time.monotonic() - began
    warnings = warned(task, result, folder, whole=whole)
    record = {**as_record(task.instance, result, folder, seconds), "kept": False}
    code = code_of(result, whole=whole)
    return with_a_plan(result.plan, folder, record, code=code, seconds=seconds, warnings=warnings)


def with_a_plan(
    plan: Plan,
    folder: Path,
    record: dict[str, Any],
    *,
    code: int = 0,
    seconds: float = 0.0,
    message: Text | None = None,
    warnings: list[Text] | None = None,
    kept: bool = False,
) -> Ended:
    """Return how a scenario ended that has a plan."""
    return Ended(
        code, plan.status, record, plan.objective_fen / 100, plan.gap, seconds, message,
        tuple(warnings or ()), kept, folder,
    )  # fmt: skip


def without_a_plan(name: str, kind: type[HuboptError], why: Text, seconds: float = 0.0) -> Ended:
    """Return how a scenario ended that has none, and why."""
    from hubopt.cli import show  # noqa: PLC0415

    message = Text(f"{name}: {why.en}", f"{name}：{why.zh}")
    record = {
        "scenario": name,
        "status": kind.status.value,
        "exit_code": kind.exit_code,
        "message": show.said(message),
    }
    return Ended(kind.exit_code, kind.status, record, seconds=seconds, message=message)


def read_again(task: Task, record: dict[str, str] | None) -> OwnRules | None:
    """Return the planner's own rules, which are a program and are read anew in each process."""
    from hubopt.solve.own_rules import read_rules  # noqa: PLC0415

    if task.request.rules is None:
        return None
    rules = read_rules(task.request.rules)
    if rules.record() != record:
        reason = Text("was changed while scenarios were solved", "在求解各情景期间被修改")
        remedy = Text("run the same command again", "请重新运行同一命令")
        raise InputError([Finding(str(task.request.rules), reason, remedy, code="RUL01")])
    return rules
