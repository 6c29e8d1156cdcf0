"""Output that never changes how a command ends: closed pipes, full disks, poor encodings."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from collections.abc import Iterator


class Forgiving:
    """A stream that takes every character, and falls silent once nobody can hear it."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.trouble: OSError | None = None
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  (whatever the stream has)
        """Return any other attribute of the stream."""
        return getattr(self.stream, name)

    def write(self, text: str) -> int:
        """Write, unless writing has failed before."""
        if self.trouble is None:
            try:
                self.stream.write(text)
            except OSError as error:
                self.trouble = error
        return len(text)

    def flush(self) -> None:
        """Flush, unless writing has failed before."""
        if self.trouble is None:
            try:
                self.stream.flush()
            except OSError as error:
                self.trouble = error


@contextmanager
def forgiving() -> Iterator[Forgiving]:
    """Put forgiving streams in the place of standard output and error for a command's time."""
    before = sys.stdout, sys.stderr
    out, errors = Forgiving(before[0]), Forgiving(before[1])
    sys.stdout, sys.stderr = out, errors
    try:
        yield out
    finally:
        for mine, theirs in zip((out, errors), before, strict=True):
            mine.flush()
            if mine.trouble is not None:
                silence(theirs)
        sys.stdout, sys.stderr = before


def silence(stream: TextIO) -> None:
    """Lead a broken stream to nowhere, so that Python does not complain of it when it ends."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
