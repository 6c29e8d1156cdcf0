"""Signals that end a program: a solve stops and its best plan is kept; else it ends at once."""

from __future__ import annotations

import _thread
import signal
import sys
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from hubopt.cli import heard, raise_interrupt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from types import FrameType


PATIENCE_S = 5.0
"""A signal so soon after the first says nothing new: shells and supervisors send several, and who
waits presses twice. By then a command has ended, unless something hangs."""


AGAIN_S = 0.02


class StopRequest(threading.Event):
    """Set by the first signal while `keeping` is on; the first otherwise raises KeyboardInterrupt.

    Signals within `PATIENCE_S` of the first change nothing; later ones raise KeyboardInterrupt.
    """

    keeping: bool = False
    first_at: float | None = None

    def on_signal(self, number: int, frame: FrameType | None) -> None:
        """Handle one signal."""
        now = time.monotonic()
        if self.first_at is None:
            self.first_at = now
            if self.keeping:
                self.set()
                return
        elif now < self.first_at + PATIENCE_S:
            return
        raise_interrupt(number, frame)


class Write(Protocol):
    """Writes a result: all of it, or with `essentials` the plan without tables and maps."""

    def __call__(self, *, essentials: bool) -> Path:
        """Return the folder of the result."""


def whole_or_plan(write: Write, stop: StopRequest) -> tuple[Path, bool]:
    """Return the folder of a result that was written, and whether it is whole.

    From the first signal on nothing but the plan is written, so that a command ends in time.
    """
    try:
        stop.keeping = False  # from here on a signal interrupts, and is caught below
        if not stop.is_set():
            return write(essentials=False), True
    except KeyboardInterrupt:
        stop.set()
    except Exception:
        if not heard:
            raise
        stop.set()
    stop.keeping = True
    return write(essentials=True), False


@contextmanager
def stop_on_signals() -> Iterator[StopRequest]:
    """Route the signals that end a program to a `StopRequest` for the time of the block."""
    request = StopRequest()
    heard.clear()
    numbers = [signal.SIGINT, signal.SIGTERM]
    if hasattr(signal, "SIGHUP"):  # a terminal that is closed; Windows has none
        numbers.append(signal.SIGHUP)
    before = {number: signal.signal(number, request.on_signal) for number in numbers}
    hook, sys.unraisablehook = sys.unraisablehook, again(request)
    try:
        yield request
    finally:
        sys.unraisablehook = hook
        for number, handler in before.items():
            signal.signal(number, handler)


def again(request: StopRequest | None = None) -> Callable[[sys.UnraisableHookArgs], None]:
    """Return the hook by which a signal comes once more if its KeyboardInterrupt got lost.

    Python drops what is raised while it frees an object, and would print a traceback.
    """
    before = sys.unraisablehook

    def hook(lost: sys.UnraisableHookArgs) -> None:
        if not issubclass(lost.exc_type, KeyboardInterrupt):
            before(lost)
            return
        if request is not None:
            request.first_at = None
        timer = threading.Timer(AGAIN_S, _thread.interrupt_main, [signal.SIGINT])
        timer.daemon = True
        timer.start()

    return hook
