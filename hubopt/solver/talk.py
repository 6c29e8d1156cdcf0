"""The pipes to one child: it is handed its tasks, heard, told to stop, and killed in the end.

Pipes are raw and each has a thread of its own, so that nothing here ever waits for a child that
neither reads nor writes, nor for a pipe that something else holds open. That thread alone closes
its pipe: closed by another, its number could go to the pipe of the next child, and what that one
says would be read here.

Tasks are numbered, and each frame either way bears the number of its task: what was said of one
task is never taken for a word about the next.
"""

from __future__ import annotations

import _thread
import queue
import subprocess
import threading
import time
from contextlib import suppress
from dataclasses import replace
from typing import IO, TYPE_CHECKING, BinaryIO, cast

from hubopt.solver import platform
from hubopt.solver.frames import BYTES_PER_FLOAT, Frame, read_frame, write_frame

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Self

MOST_WAITING = 100
"""Frames that may wait to be looked at; a child that floods its pipe waits at the pipe."""
QUIET_S = 0.5
"""A child that has ended and is silent for so long has said all, whoever still holds its pipe."""
MOST_ANSWER_BYTES = 1_000_000
START_S = 5.0
"""A thread that has not begun by then has died of want of memory."""
TAKE_S, TAKE_BYTES_PER_S = 10.0, 10_000_000
"""A child that waited for a task has it in hand by then, or it has fallen silent meanwhile."""


class SilenceError(Exception):
    """Nothing was heard in the time that one would wait."""


class Talk:
    """One child and what passes between it and its parent; a context that leaves nothing running.

    A child that is `resting` at the end of the context lives on and waits for its next task.
    Raises `OSError`, `RuntimeError` or `MemoryError` if the system starts no process or thread.
    """

    def __init__(self, command: Sequence[str]) -> None:
        self.command, self.trouble = tuple(command), ""
        self.number, self.most_bytes = 0, MOST_ANSWER_BYTES
        self.resting, self.rested = False, False
        self.heard: queue.Queue[Frame | None] = queue.Queue(MOST_WAITING)
        self.to_say: queue.SimpleQueue[Frame | None] = queue.SimpleQueue()
        self.over = threading.Event()
        self.last_heard = self.since = self.taken_by = time.monotonic()
        self.child = subprocess.Popen(  # noqa: S603  (our own module, no shell)
            command,
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=platform.environment(),
            **platform.own_group(),  # type: ignore[call-overload]
        )
        self.ended: list[threading.Event] = []
        pipes = (self.child.stdin, self.child.stdout)
        try:
            for work in (self.hand_over, self.listen):
                self.ended.append(begin(work))
        except BaseException:
            self.close()
            for pipe in pipes[len(self.ended) :]:
                shut(pipe)
            raise

    def __enter__(self) -> Self:
        """Return this talk."""
        return self

    def __exit__(self, *_: object) -> None:
        """Leave nothing running but a child that rests."""
        if not self.resting:
            self.close()

    def ask(self, task: Frame) -> None:
        """Hand over the next task; never waits for the child."""
        size = BYTES_PER_FLOAT * sum(array.size for array in task.arrays.values())
        self.number, self.most_bytes = self.number + 1, MOST_ANSWER_BYTES + size
        self.rested, self.resting = self.resting, False
        self.taken_by = time.monotonic() + TAKE_S + size / TAKE_BYTES_PER_S
        self.to_say.put(replace(task, fields={**task.fields, "task": self.number}))

    def say_stop(self) -> None:
        """Tell the child to stop its present task as soon as it can hear; never waits for it."""
        self.to_say.put(Frame("stop", {"task": self.number}))

    def rest(self) -> None:
        """Let the child live on until its next task."""
        self.resting, self.since = True, time.monotonic()

    @property
    def fit(self) -> bool:
        """Whether a child that rests still lives and has said nothing unasked."""
        return self.child.poll() is None and not self.trouble and self.heard.empty()

    def close(self) -> None:
        """Kill the child and all that it started, and let the threads close their pipes."""
        self.over.set()
        self.to_say.put(None)
        platform.kill(self.child)
        for ended in self.ended:
            ended.wait(QUIET_S)

    def hand_over(self) -> None:
        """Write tasks and the word to stop; runs in a thread of its own.

        A child that cannot be handed its task finds its input closed and ends, which is heard.
        """
        pipe = cast("BinaryIO", self.child.stdin)
        try:
            while self.wrote(pipe):
                pass
        except Exception as error:  # noqa: BLE001  (whatever it is, the child must not wait)
            if not isinstance(error, BrokenPipeError):
                self.trouble = self.trouble or f"the model was not handed over: {error!r}"
        finally:
            shut(pipe)

    def wrote(self, pipe: BinaryIO) -> bool:
        """Write what is to be said next; return whether to go on. A written task is let go of."""
        frame = self.to_say.get()
        if frame is None or self.over.is_set():
            return False
        write_frame(pipe, frame)
        return True

    def listen(self) -> None:
        """Read frames until the stream ends; runs in a thread of its own."""
        pipe = cast("BinaryIO", self.child.stdout)
        try:
            while self.put(read_frame(pipe, lambda: self.most_bytes)):
                pass
        except MemoryError:
            self.give_up("no memory left to take the answer")
        except Exception as error:  # noqa: BLE001  (whatever came, who waits must hear of it)
            self.give_up(str(error))
        finally:
            shut(pipe)

    def give_up(self, trouble: str) -> None:
        """Note what went wrong, and let who waits hear the end."""
        self.trouble = self.trouble or trouble
        self.put(None)

    def put(self, frame: Frame | None) -> bool:
        """Leave a frame, or `None` for the end, to be heard; return whether to read on."""
        while not self.over.is_set():
            with suppress(queue.Full):
                self.heard.put(frame, timeout=QUIET_S)
                return frame is not None
        return False

    def hear(self, wait_s: float) -> Frame | None:
        """Return the next frame, `None` at the end; raise `SilenceError` if none comes in time.

        A word about another task than the present one is the end: such a child is not believed.
        """
        gone = self.child.poll() is not None
        try:
            frame = self.heard.get(timeout=wait_s)
        except queue.Empty as error:
            if gone and time.monotonic() > self.last_heard + QUIET_S:
                return None
            raise SilenceError from error
        self.last_heard = time.monotonic()
        if frame is not None and frame.number("task") != self.number:
            self.trouble = self.trouble or "a word about another task"
            return None
        return frame


def shut(pipe: IO[bytes] | None) -> None:
    """Close a pipe, whatever stands in it."""
    if pipe is not None:
        with suppress(OSError):
            pipe.close()


def begin(work: Callable[[], None]) -> threading.Event:
    """Run something in a thread that no exit waits for, and return what is set when it has ended.

    Raises `RuntimeError` if it does not start: `threading.Thread.start` waits for ever for a thread
    that finds no memory for its first step.
    """
    begun, ended = threading.Event(), threading.Event()

    def thread() -> None:
        begun.set()
        try:
            work()
        finally:
            ended.set()

    _thread.start_new_thread(thread, ())
    if not begun.wait(START_S):
        message = "a thread did not start"
        raise RuntimeError(message)
    return ended
