"""`python -m tests.fake_child MISDEED MARK MEMORY_MB`: a solver child that misbehaves.

It is handed a real task and, where a misdeed needs the truth, solves it as the real child does.
With a MARK (a file) only the first child misbehaves; all later ones are the real one.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from hubopt.solver.accepts import own_output
from hubopt.solver.child import Solve
from hubopt.solver.child import main as real_child
from hubopt.solver.frames import MAGIC, PREFIX, Frame, read_frame, write_frame

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

LONG_S = 600.0
FLOOD = b"Running HiGHS 1.16.0: Copyright (c)\n" * 1000


class Mute:
    """Takes messages and tells nobody."""

    def send(self, *_: object, **__: object) -> None:
        """Say nothing."""


class Liar:
    """The real task, what is true of it, and the pipe to the parent."""

    def __init__(self, out: BinaryIO) -> None:
        self.out = out
        self.given: Frame | None = None
        self.best = np.zeros(0)
        self.bound = 0.0

    def hear(self) -> Liar:
        """Read the task."""
        with open(0, "rb", buffering=0, closefd=False) as pipe:
            self.given = read_frame(pipe)
        return self

    def know(self) -> Liar:
        """Solve the task."""
        self.hear()
        assert self.given is not None
        solve = Solve(Mute(), threading.Event())  # type: ignore[arg-type]
        solve.load(self.given.arrays, dict(self.given.fields["highs"]))  # type: ignore[call-overload]
        solve.run()
        self.best = np.array(solve.highs.getSolution().col_value)
        self.bound = float(solve.highs.getInfo().objective_function_value)
        return self

    def say(
        self, kind: str, fields: Mapping[str, object], values: np.ndarray | None = None
    ) -> None:
        """Send one frame."""
        arrays = {} if values is None else {"values": values}
        write_frame(self.out, Frame(kind, {**fields, "task": 1}, arrays))

    def plan(self) -> Liar:
        """Send the best plan as an incumbent, with a bound that is true and leaves a gap."""
        bound = self.know().bound - 0.05 * abs(self.bound)
        self.say("incumbent", {"bound": bound}, self.best)
        return self

    def end(self, values: np.ndarray | None, status: str = "kOptimal", **more: object) -> None:
        """Send the end, with the true bound unless another is given."""
        self.say("end", {"status": status, "bound": self.bound, **more}, values)

    def raw(self, content: bytes) -> None:
        """Send bytes as they are."""
        self.out.write(content)
        self.out.flush()

    def head(self, head: bytes, payload: bytes = b"") -> None:
        """Send a frame with any head."""
        self.raw(PREFIX.pack(MAGIC, len(head), len(payload)) + head + payload)

    def other(self) -> np.ndarray:
        """Return a plan that holds and costs no less: the best for no costs at all."""
        assert self.given is not None
        free = dict(self.given.arrays) | {"cost": -self.given.arrays["cost"]}
        solve = Solve(Mute(), threading.Event())  # type: ignore[arg-type]
        solve.load(free, dict(self.given.fields["highs"]))  # type: ignore[call-overload]
        solve.run()
        return np.array(solve.highs.getSolution().col_value)


def forever() -> None:
    """Live on, deaf to all that can be ignored."""
    for name in ("SIGTERM", "SIGINT", "SIGHUP", "SIGPIPE"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    time.sleep(LONG_S)


def heir(*, holds_pipe: bool = False, own_group: bool = False) -> None:
    """Start a process that lives on."""
    subprocess.Popen(
        [sys.executable, "-c", f"import time; time.sleep({LONG_S})"],
        stdin=None if holds_pipe else subprocess.DEVNULL,
        stdout=None if holds_pipe else subprocess.DEVNULL,
        start_new_session=own_group,
    )


def flood(liar: Liar, content: Callable[[], None]) -> None:
    """Write without end."""
    liar.hear()
    while True:
        content()


def eat() -> None:
    """Take memory as fast as it comes."""
    eaten = []
    while True:
        eaten.append(b"x" * 20_000_000)
        time.sleep(0.05)


def spoilt(liar: Liar, **changes: float) -> np.ndarray:
    """Return the best plan with other values at the ends."""
    values = liar.know().best.copy()
    values[0] = changes.get("first", values[0])
    values[-1] = changes.get("last", values[-1])
    return values


def hold(liar: Liar) -> None:
    """Leave the real standard output to a process that outlives this one."""
    os.dup2(liar.out.fileno(), 1)
    heir(holds_pipe=True)


MISDEEDS: dict[str, Callable[[Liar], object]] = {
    "segmentation fault": lambda _: ctypes.string_at(0),
    "aborts": lambda _: os.abort(),
    "ends without a word": lambda _: None,
    "ends with code 7": lambda _: sys.exit(7),
    "hangs before it listens": lambda _: forever(),
    "hangs with the task in hand": lambda liar: (liar.hear(), forever()),
    "closes its output and lives on": lambda liar: (liar.hear(), liar.out.close(), forever()),
    "closes its input and lives on": lambda _: (os.close(0), forever()),
    "sends garbage": lambda liar: liar.raw(b"\x00\xff" * 5000),
    "sends garbage and lives on": lambda liar: (liar.raw(b"\x00\xff" * 5000), forever()),
    "prints a banner first": lambda liar: (liar.know().raw(FLOOD), liar.end(liar.best)),
    "half a frame": lambda liar: liar.raw(PREFIX.pack(MAGIC, 40, 800) + b"{"),
    "half a frame and lives on": lambda liar: (
        liar.raw(PREFIX.pack(MAGIC, 40, 800) + b"{"),
        forever(),
    ),
    "a huge array": lambda liar: (liar.raw(PREFIX.pack(MAGIC, 40, 2**60)), forever()),
    "a huge head": lambda liar: (liar.raw(PREFIX.pack(MAGIC, 2**31, 0)), forever()),
    "a head that is no JSON": lambda liar: liar.head(b"kOptimal"),
    "a head nested too deeply": lambda liar: liar.head(b"[" * 200_000),
    "arrays without end": lambda liar: liar.head(
        b'{"kind": "end", "fields": {}, "arrays": {"values": 1e999}}'
    ),
    "arrays of negative length": lambda liar: liar.head(
        b'{"kind": "end", "fields": {}, "arrays": {"values": -1}}'
    ),
    "arrays longer than the frame": lambda liar: liar.head(
        b'{"kind": "end", "fields": {}, "arrays": {"values": 9}}', bytes(8)
    ),
    "floods standard output": lambda liar: flood(liar, lambda: liar.raw(FLOOD)),
    "floods with progress": lambda liar: flood(liar, lambda: liar.say("progress", {"bound": -1e9})),
    "floods with plans": lambda liar: flood(liar.plan(), liar.plan),
    "eats memory": lambda _: eat(),
    "leaves a process behind and dies": lambda _: (heir(), os.abort()),
    "leaves a process with its pipe and dies": lambda liar: (hold(liar), os.abort()),
    "leaves a process in a group of its own": lambda _: (heir(own_group=True), forever()),
    "answers after the deadline": lambda liar: (
        liar.know(),
        time.sleep(float(liar.given.fields["highs"]["time_limit"]) + 0.3),  # type: ignore[union-attr,index,call-overload]
        liar.end(liar.best),
    ),
    "NaN as a value": lambda liar: liar.end(spoilt(liar, first=float("nan"))),
    "infinity as a value": lambda liar: liar.end(spoilt(liar, last=float("inf"))),
    "optimal but it breaks a bound": lambda liar: liar.end(spoilt(liar, first=-7.0)),
    "optimal but it breaks a row": lambda liar: liar.end(liar.know().best * 0.0 + 1.0),
    "optimal but not whole": lambda liar: liar.end(liar.know().best * 0.5),
    "a column too few": lambda liar: liar.end(liar.know().best[:-1]),
    "a column too many": lambda liar: liar.end(np.append(liar.know().best, 0.0)),
    "optimal without a plan": lambda liar: liar.know().end(None),
    "a bound above its plan": lambda liar: liar.know().end(
        liar.best, bound=liar.bound + 0.01 * abs(liar.bound)
    ),
    "claims infeasible": lambda liar: liar.know().end(None, "kInfeasible"),
    "claims infeasible with a plan in hand": lambda liar: liar.plan().end(None, "kInfeasible"),
    "claims unbounded": lambda liar: liar.know().end(None, "kUnbounded"),
    "an unknown status": lambda liar: liar.know().end(liar.best, "kMarvellous"),
    "trouble with a point": lambda liar: liar.know().end(liar.best, "kSolveError"),
    "an error of its own": lambda liar: liar.say("error", {"reason": "no licence"}),
    "says that memory is short": lambda liar: liar.say("memory", {}),
    "a false plan on the way": lambda liar: (
        liar.know().say("incumbent", {}, liar.best * 0.0 - 1.0),
        liar.end(liar.best),
    ),
    "NaN as bound": lambda liar: liar.know().end(liar.best, bound=float("nan")),
    "a bound of hundreds of digits": lambda liar: liar.know().end(liar.best, bound=-(10**400)),
    "a bound that is a word": lambda liar: liar.know().end(liar.best, bound="high"),
    "optimal with a worse plan": lambda liar: liar.plan().end(liar.other()),
    "progress after the end": lambda liar: (
        liar.know().end(liar.best),
        liar.say("progress", {"bound": 1e9}),
        liar.say("incumbent", {"bound": 1e9}, liar.best * 0.0 - 1.0),
        forever(),
    ),
    "ends twice": lambda liar: (
        liar.know().end(liar.best),
        liar.end(None, "kInfeasible"),
    ),
    "frames out of order": lambda liar: (
        liar.plan(),
        liar.say("started", {}),
        liar.end(liar.best),
        liar.say("started", {}),
    ),
    "frames of unknown kinds": lambda liar: (
        liar.know().say("weather", {"fine": True}, np.arange(7.0)),
        liar.end(liar.best),
    ),
    "floods standard error": lambda liar: (
        [sys.stderr.write("x" * 100_000) for _ in range(200)],
        liar.know().end(liar.best),
    ),
    "a plan, then a segmentation fault": lambda liar: (liar.plan(), ctypes.string_at(0)),
    "a plan, then garbage": lambda liar: (liar.plan(), liar.raw(FLOOD)),
    "a plan, then half a frame": lambda liar: (liar.plan(), liar.raw(MAGIC)),
    "a plan, then silence": lambda liar: (liar.plan(), forever()),
    "a plan, then a false one as optimal": lambda liar: liar.plan().end(liar.best * 0.0 + 0.5),
    "a plan, then no memory": lambda liar: (liar.plan(), liar.say("memory", {})),
}
"""What a child may do wrong; those at the end leave a plan or even the whole truth behind."""


def main() -> None:
    """Misbehave."""
    name, mark, memory_mb = sys.argv[1:]
    if mark and Path(mark).exists():
        sys.argv = ["child", memory_mb]
        real_child()
    if mark:
        Path(mark).write_text(json.dumps(name), encoding="utf-8")
    MISDEEDS[name](Liar(own_output()))
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
