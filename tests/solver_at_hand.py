"""The solver's child without a process of its own: the same code, frames and watch, no waiting.

A child takes some 0.15 s to start and a tiny model a hundredth of that to solve. Whoever tests the
model and not the child can solve ten times as many instances so.
"""

from __future__ import annotations

import os
import threading
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING
from unittest import mock

from hubopt.solver import run as run_module
from hubopt.solver.child import Messages, Solve
from hubopt.solver.frames import read_frame, write_frame

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Self

    from hubopt.solver.frames import Frame


class Ended:
    """A child that has come to its end in order; its memory is that of this process."""

    pid = os.getpid()
    returncode = 0

    def wait(self, timeout: float) -> int:
        """Return how it ended, at once."""
        assert timeout > 0
        return self.returncode


class TalkAtHand:
    """What passes between a child and its parent, when the child is a function that is called."""

    trouble = ""
    rested = resting = False

    def __init__(self, command: object, task: Frame, *, fresh: bool) -> None:
        assert command
        assert not fresh
        self.child, self.said = Ended(), BytesIO()
        solve = Solve(Messages(self.said, 1), threading.Event())
        given = handed_over(task)
        solve.load(given.arrays, dict(given.fields["highs"]))  # type: ignore[call-overload]
        solve.finish(solve.run())
        self.said.seek(0)

    def __enter__(self) -> Self:
        """Return this talk."""
        return self

    def __exit__(self, *_: object) -> None:
        """Do nothing: nothing runs."""

    def hear(self, wait_s: float) -> Frame | None:
        """Return the next frame, `None` at the end."""
        assert wait_s > 0
        return read_frame(self.said)

    def say_stop(self) -> None:
        """Do nothing: what has ended needs not be stopped."""


def handed_over(task: Frame) -> Frame:
    """Return a task as it comes out of a pipe."""
    pipe = BytesIO()
    write_frame(pipe, task)
    pipe.seek(0)
    found = read_frame(pipe)
    assert found is not None
    return found


@contextmanager
def solver_at_hand() -> Iterator[None]:
    """Let every solve happen within this process."""
    with mock.patch.object(run_module.pool, "asked", TalkAtHand):
        yield
