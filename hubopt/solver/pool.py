"""Children that wait for a task: one started early, and those that ended a solve well.

A child takes a tenth of a second to start and many a model a hundredth to solve. Each task gets a
HiGHS of its own all the same, and whatever is wrong with a child ends it: none is kept that failed,
grew, or said what it was not asked. A child also ends by itself, as soon as its parent is gone or
when nothing was asked of it for `hubopt.solver.child.IDLE_S`.
"""

from __future__ import annotations

import atexit
import os
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from hubopt.solver import platform
from hubopt.solver.talk import Talk, shut

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hubopt.solver.frames import Frame

MOST_IDLE = 3
"""As many as solve side by side in a search, and one with the memory of the whole."""
LONGEST_IDLE_S = 50.0
"""A child that has waited for longer may be about to end by itself."""
MOST_KEPT_MB, KEPT_SHARE = 300.0, 0.25
"""Memory that a child may still hold, at most and of its limit: the next task goes without it."""


class NoChildError(Exception):
    """The system starts no process or thread, or has no memory for one."""


class Pool:
    """The children of this process that wait, the last one to rest last."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.idle: list[Talk] = []

    def take(self, command: Sequence[str]) -> Talk | None:
        """Return a child of this command that waits, or `None`; those unfit for more are ended."""
        with self.lock:
            late = time.monotonic() - LONGEST_IDLE_S
            unfit = [talk for talk in self.idle if talk.since < late or not talk.fit]
            self.idle = [talk for talk in self.idle if talk not in unfit]
            alike = [talk for talk in self.idle if talk.command == tuple(command)]
            found = alike[-1] if alike else None
            if found is not None:
                self.idle.remove(found)
        for talk in unfit:
            talk.close()
        return found

    def put(self, talk: Talk) -> None:
        """Let a child that rests wait; the one that has waited longest makes room."""
        with self.lock:
            self.idle.append(talk)
            excess = self.idle[:-MOST_IDLE]
            self.idle = self.idle[-MOST_IDLE:]
        for other in excess:
            other.close()

    def end(self) -> None:
        """End all children that wait."""
        with self.lock:
            idle, self.idle = self.idle, []
        for talk in idle:
            talk.close()

    def disown(self) -> None:
        """Let go of the parent's children after a fork: they are not ours, nor are their pipes."""
        idle, self.idle, self.lock = self.idle, [], threading.Lock()
        for talk in idle:
            shut(talk.child.stdin)
            shut(talk.child.stdout)
            talk.child.returncode = 0


POOL = Pool()
atexit.register(POOL.end)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=POOL.disown)


def asked(command: Sequence[str], task: Frame, *, fresh: bool) -> Talk:
    """Return a talk with a child that is handed a task: one that waits, unless it must be fresh.

    Raises `NoChildError`.
    """
    talk = None if fresh else POOL.take(command)
    try:
        talk = talk or Talk(command)
    except (OSError, RuntimeError, MemoryError) as error:
        why = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise NoChildError(why) from error
    talk.ask(task)
    return talk


def may_stay(talk: Talk, memory_mb: int) -> bool:
    """Return whether a child may wait for a task: it holds little memory, as the next one needs."""
    return 0 < platform.memory_mb(talk.child.pid) <= min(MOST_KEPT_MB, KEPT_SHARE * memory_mb)


def stand_by(command: Sequence[str]) -> None:
    """Start a child that waits for its first task; without room for it nothing is lost."""
    with suppress(OSError, RuntimeError, MemoryError):
        talk = Talk(command)
        talk.rest()
        POOL.put(talk)
