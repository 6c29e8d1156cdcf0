"""Signals that end a program: a solve stops and its best plan is kept; else it ends at once."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType


class StopRequest(threading.Event):
    """Set by the first signal while `keeping` is on; any other signal raises KeyboardInterrupt."""

    keeping: bool = False

    def on_signal(self, _number: int, _frame: FrameType | None) -> None:
        """Handle one signal."""
        if self.keeping and not self.is_set():
            self.set()
            return
        raise KeyboardInterrupt


@contextmanager
def stop_on_signals() -> Iterator[StopRequest]:
    """Route the signals that end a program to a `StopRequest` for the time of the block."""
    request = StopRequest()
    numbers = [signal.SIGINT, signal.SIGTERM]
    if hasattr(signal, "SIGHUP"):  # a terminal that is closed; Windows has none
        numbers.append(signal.SIGHUP)
    before = {number: signal.signal(number, request.on_signal) for number in numbers}
    try:
        yield request
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
