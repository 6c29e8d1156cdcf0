"""The `hubopt` command: thin, typed, in English and Chinese."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType

INTERRUPTED = 130

heard: list[int] = []
"""The signals that raised KeyboardInterrupt: what fails after one fails because of it, since a
library in C may put an error of its own in its place."""


def raise_interrupt(number: int, _frame: FrameType | None) -> None:
    """Handle a signal that ends the program, and remember it."""
    heard.append(number)
    raise KeyboardInterrupt


def main() -> None:
    """Run the command line and exit with the code of `errors`; signals count from the first line.

    Loading the libraries takes half a second, in which Python would end with a traceback.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, raise_interrupt)
    try:
        from hubopt.cli.entry import run  # noqa: PLC0415  (import hubopt.cli stays instant)
        from hubopt.cli.interrupt import again  # noqa: PLC0415

        sys.unraisablehook = again()
        code = run(sys.argv[1:])
        hear_no_more()
    except KeyboardInterrupt:
        hear_no_more()
        sys.stderr.write("Stopped; nothing was written. / 已中断，未写入任何文件。\n")
        code = INTERRUPTED
    if code == INTERRUPTED:
        leave_at_once(code)
    sys.exit(code)


def hear_no_more() -> None:
    """Let signals pass while a command that is over leaves: there is nothing left to stop."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)


def leave_at_once(code: int) -> None:
    """End the process without taking the model apart, which takes as long as writing a plan."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)
