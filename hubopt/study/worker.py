"""A process that does one task for its parent: `python -m hubopt.study.worker`.

Both speak in pickles of known length over its standard input and output, as `multiprocessing` does
over pipes of its own. What anything else prints here goes nowhere.
"""

from __future__ import annotations

import os
import pickle
import struct
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import BinaryIO

LENGTH = struct.Struct(">Q")

STOP = "stop"
"""What the parent says to a process that shall come to its end with what it has."""

DONE, FAILED = 0, 1


def send(stream: BinaryIO, message: object) -> None:
    """Write one message."""
    content = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    stream.write(LENGTH.pack(len(content)) + content)
    stream.flush()


def received(stream: BinaryIO) -> Any:  # noqa: ANN401  (whatever was sent)
    """Return the next message; raises `EOFError` where there is none, or only a part of one."""
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        raise EOFError
    (length,) = LENGTH.unpack(head)
    content = stream.read(length)
    if len(content) < length:
        raise EOFError
    return pickle.loads(content)  # noqa: S301  (from our own process)


def leave() -> None:
    """End this process at once, without a result."""
    os._exit(FAILED)


class Wire:
    """The end of the talk with the parent that is in this process; threads may share it."""

    def __init__(self, source: BinaryIO, sink: BinaryIO) -> None:
        self.source, self.sink = source, sink
        self.lock = threading.Lock()

    def send(self, message: object) -> None:
        """Tell the parent something, unless it listens no more."""
        with self.lock, suppress(OSError):
            send(self.sink, message)

    def hear(self, on_stop: Callable[[], None] = leave) -> None:
        """From now on call this once the parent says to stop, or is gone; by default end at once.

        A word that came before is heard now: nothing is missed while a process begins.
        """

        def listen() -> None:
            with suppress(EOFError, OSError):
                received(self.source)
            on_stop()

        threading.Thread(target=listen, daemon=True).start()


def main() -> None:
    """Do the task that comes first, and leave without taking anything apart."""
    source = os.fdopen(os.dup(0), "rb")
    sink = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1):
        os.dup2(nowhere, number)
    code = FAILED
    try:
        work, handed = received(source)
        work(Wire(source, sink), *handed)
        code = DONE
    finally:
        os._exit(code)


if __name__ == "__main__":
    main()
