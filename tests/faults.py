"""A fault at the n-th write, sync, rename, start of a process, ...: an error, a signal, or the end.

Nothing in hubopt knows of this: the standard library's own functions are wrapped, and three of
hubopt's that stand for calls of the system (the exchange of folders, frames read and written).
Files are counted only below the folders that a test names, so that libraries read their own in
peace. What libraries in C write by themselves is met by real full disks instead.
"""

from __future__ import annotations

import _thread
import builtins
import contextlib
import errno
import functools
import io
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WRITING = set("wax+")

SIGNALS = {"INT": signal.SIGINT, "TERM": signal.SIGTERM}


@dataclass(frozen=True)
class Fault:
    """What happens at which turn of a kind of call, and whether it happens ever after too.

    `act` is the name of an error number, MemoryError, KILL, INT or TERM; none for mere counting.
    """

    kind: str = ""
    turn: int = 0
    act: str = ""
    lasting: bool = False

    def happen(self, path: str) -> None:
        """Raise the error or send the signal."""
        if self.act == "KILL":
            os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
        elif self.act in SIGNALS:
            os.kill(os.getpid(), SIGNALS[self.act])
        elif self.act == "MemoryError":
            raise MemoryError
        else:
            number = getattr(errno, self.act)
            raise OSError(number, os.strerror(number), path or None)


@dataclass
class Sites:
    """Counts the calls of each kind, and lets the fault happen when its turn comes."""

    fault: Fault
    roots: tuple[str, ...] = ()
    counts: Counter[str] = field(default_factory=Counter)
    happened: int = 0
    inside: threading.local = field(default_factory=threading.local)
    lock: threading.Lock = field(default_factory=threading.Lock)
    missed: list[str] = field(default_factory=list)

    def below(self, path: object) -> bool:
        """Return whether a path lies below one of the folders of the test."""
        if not isinstance(path, str | bytes | os.PathLike):
            return False
        text = os.fsdecode(path)
        return not self.roots or any(text.startswith(root) for root in self.roots)

    def reach(self, kind: str, path: object = "") -> None:
        """Count a call; let the fault happen if it is its turn."""
        with self.lock:
            turn, self.counts[kind] = self.counts[kind], self.counts[kind] + 1
            fault = self.fault
            due = turn == fault.turn or (fault.lasting and turn > fault.turn)
            now = bool(fault.act) and kind == fault.kind and due
            self.happened += now
        if now:
            fault.happen(str(path))

    def around(
        self, kind: str, real: Callable[..., Any], *, path: int | None = 0
    ) -> Callable[..., Any]:
        """Return a function as the real one that counts; `path` tells which argument is a path."""

        @functools.wraps(real)
        def call(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401  (whatever the real one takes)
            where = None if path is None else args[path]
            nested = getattr(self.inside, "deep", 0)
            if not nested and (path is None or kwargs.get("dir_fd") or self.below(where)):
                self.reach(kind, "" if where is None else where)
            self.inside.deep = nested + 1
            try:
                return real(*args, **kwargs)
            finally:
                self.inside.deep = nested

        return call

    def opener(self, real: Callable[..., Any]) -> Callable[..., Any]:
        """Return `open` with its files counted too, if they are written."""
        opened = self.around("open", real)

        def call(file: object, mode: str = "r", *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
            found = opened(file, mode, *args, **kwargs)
            return Written(found, self) if WRITING & set(mode) and self.below(file) else found

        return call

    def hear_of(self, event: str, args: tuple[object, ...]) -> None:
        """Note what the interpreter itself reports and no wrapper was around."""
        if event not in {"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir",
                         "subprocess.Popen", "sqlite3.connect"}:  # fmt: skip
            return
        spawns = event == "subprocess.Popen"
        if not getattr(self.inside, "deep", 0) and (spawns or self.below(args[0])):
            self.missed.append(f"{event} {args[0]}")


class Written:
    """An open file whose every write is a site."""

    def __init__(self, file: Any, sites: Sites) -> None:  # noqa: ANN401
        self.file, self.sites = file, sites

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        """Return anything else of the file."""
        return getattr(self.file, name)

    def __enter__(self) -> Self:
        """Begin."""
        self.file.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        """Close."""
        self.file.__exit__(*error)

    def write(self, content: Any) -> int:  # noqa: ANN401
        """Write, if the disk takes it."""
        self.sites.reach("write", self.file.name)
        return int(self.file.write(content))


def wrapped(sites: Sites) -> Iterator[tuple[Any, str, Any]]:
    """Yield every function that is replaced: its owner, its name, and what stands in its place."""
    import pyogrio  # noqa: PLC0415  (loads on use)

    from hubopt.publish import swap  # noqa: PLC0415
    from hubopt.solver import talk  # noqa: PLC0415

    for kind, owner, name, path in (
        ("open", os, "open", 0),
        ("write", os, "write", None),
        ("sync", os, "fsync", None),
        ("mkdir", os, "mkdir", 0),
        ("rename", os, "rename", 0),
        ("rename", os, "replace", 0),
        ("rename", swap, "exchange", 0),
        ("remove", os, "unlink", 0),
        ("remove", os, "remove", 0),
        ("remove", os, "rmdir", 0),
        ("look", os, "listdir", 0),
        ("look", os, "scandir", 0),
        ("spawn", subprocess, "Popen", None),
        ("thread", _thread, "start_new_thread", None),
        ("hear", talk, "read_frame", None),
        ("hand over", talk, "write_frame", None),
        ("database", sqlite3, "connect", 0),
        ("map", pyogrio, "write_dataframe", 1),
    ):
        real = getattr(owner, name)
        yield (
            owner,
            name,
            spawner(sites) if name == "Popen" else sites.around(kind, real, path=path),
        )
    opened = sites.opener(io.open)
    yield io, "open", opened
    yield builtins, "open", opened


def spawner(sites: Sites) -> type[subprocess.Popen[Any]]:
    """Return `Popen` as a class, which it must stay, that counts."""

    class Popen(subprocess.Popen):  # type: ignore[type-arg]
        def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
            start = sites.around("spawn", super().__init__, path=None)
            self._child_created = False
            start(*args, **kwargs)

    return Popen


@contextlib.contextmanager
def injected(fault: Fault, *roots: Path, audit: bool = False) -> Iterator[Sites]:
    """Let a fault happen within the block; yields what was counted."""
    sites = Sites(fault, tuple(str(root) for root in roots))
    before = [(owner, name, getattr(owner, name)) for owner, name, _ in wrapped(sites)]
    if audit:
        sys.addaudithook(sites.hear_of)
    try:
        for owner, name, call in list(wrapped(sites)):
            setattr(owner, name, call)
        yield sites
    finally:
        for owner, name, real in reversed(before):
            setattr(owner, name, real)
