"""Tasks side by side, each in a process of its own, of which none outlives the one that asked."""

from __future__ import annotations

import queue
import subprocess
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from hubopt.solver import platform
from hubopt.study.worker import STOP, received, send

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

LOOK_EVERY_S = 0.2

LEAVES_WITHIN_S = 5.0
"""A process that has said its last word is gone by then, or is killed."""

OVER = object()
"""Stands for the message that will not come."""

T = TypeVar("T")
T_contra = TypeVar("T_contra", contravariant=True)


class Foreman(Protocol[T_contra]):
    """Who hands out the tasks, and hears of them."""

    def handed(self, task: T_contra) -> tuple[object, ...]:
        """Return what the process of a task, which begins now, is handed."""

    def hears(self, task: T_contra, message: Any) -> None:  # noqa: ANN401  (whatever was sent)
        """Hear what the process of a task has sent."""

    def ends(self, task: T_contra, exit_code: int | None) -> None:
        """Hear that the process of a task is over and says no more."""

    def looks(self) -> None:
        """Hear, a few times a second, that all goes on."""


@dataclass(frozen=True, eq=False)
class Running(Generic[T]):
    """A task under way in a process of its own."""

    task: T
    process: subprocess.Popen[bytes]

    def tell(self, message: object) -> None:
        """Send the process a message, unless it is gone."""
        with suppress(OSError):
            if self.process.stdin is not None:
                send(self.process.stdin, message)  # type: ignore[arg-type]

    def listen(self, heard: queue.SimpleQueue[tuple[Running[T], Any]]) -> None:
        """Put what the process says into a queue, to its last word."""
        with suppress(Exception):  # whatever was torn or cut off: nothing follows
            while self.process.stdout is not None:
                heard.put((self, received(self.process.stdout)))  # type: ignore[arg-type]
        heard.put((self, OVER))

    def left(self) -> int:
        """Wait until the process is gone and return its exit code."""
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(LEAVES_WITHIN_S)
        self.kill()
        return self.process.returncode

    def kill(self) -> None:
        """End the process and the solver that it has started."""
        platform.kill(self.process)
        for pipe in (self.process.stdin, self.process.stdout):
            with suppress(OSError):
                if pipe is not None:
                    pipe.close()


class Crew(Generic[T]):
    """Does tasks, some at a time; `work` takes a `Wire` and what the foreman hands to a task.

    Once `stop` is set no task begins, and those under way are told so; after `grace_s` seconds
    they are killed. `work` must call `Wire.hear` first, lest it outlive this process.
    """

    def __init__(
        self,
        work: Callable[..., None],
        foreman: Foreman[T],
        *,
        jobs: int,
        stop: threading.Event,
        grace_s: float = 0.0,
    ) -> None:
        self.work, self.foreman = work, foreman
        self.jobs, self.stop, self.grace_s = jobs, stop, grace_s
        self.going: list[Running[T]] = []
        self.heard: queue.SimpleQueue[tuple[Running[T], Any]] = queue.SimpleQueue()
        self.told_at: float | None = None

    def do(self, tasks: Sequence[T]) -> None:
        """Do all tasks in their order; whatever happens, no process is left at the end."""
        waiting = list(tasks)
        try:
            while self.going or (waiting and not self.stop.is_set()):
                while waiting and len(self.going) < self.jobs and not self.stop.is_set():
                    self.begin(waiting.pop(0))
                if self.stop.is_set() and self.patience_is_over():
                    return
                self.hear()
                self.foreman.looks()
        finally:
            for running in self.going:
                running.kill()

    def begin(self, task: T) -> None:
        """Start the process of a task; that the system has no room for one is heard of it."""
        handed = self.foreman.handed(task)
        try:
            running = started(task)
        except OSError as error:
            self.foreman.hears(task, error)
            self.foreman.ends(task, None)
            return
        self.going.append(running)
        threading.Thread(target=running.listen, args=(self.heard,), daemon=True).start()
        running.tell((self.work, handed))

    def patience_is_over(self) -> bool:
        """Tell all to stop, once, and return whether that was too long ago."""
        now = time.monotonic()
        if self.told_at is None:
            self.told_at = now
            for running in self.going:
                running.tell(STOP)
        return now >= self.told_at + self.grace_s

    def hear(self) -> None:
        """Pass on what the processes have said, or that one is over; wait a little for a word."""
        wait_s = LOOK_EVERY_S
        while self.going:
            try:
                running, message = self.heard.get(timeout=wait_s)
            except queue.Empty:
                return
            wait_s = 0.0
            if message is OVER:
                self.going.remove(running)
                self.foreman.ends(running.task, running.left())
            else:
                self.foreman.hears(running.task, message)


def started(task: T) -> Running[T]:
    """Start a process for a task, which hears neither Ctrl-C nor what lies around."""
    process = subprocess.Popen(  # noqa: S603  (our own module, no shell)
        platform.python_module("hubopt.study.worker"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=platform.environment(),
        **platform.own_group(),  # type: ignore[call-overload]
    )
    return Running(task, process)
