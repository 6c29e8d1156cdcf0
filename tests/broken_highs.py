"""`python -m tests.broken_highs ACT TURN COUNTS MEMORY_MB`: the real child over a HiGHS that fails.

The call to HiGHS whose turn it is returns an error, raises, finds no memory, or ends the process.
COUNTS is a file to which the name of each call is added.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import highspy

from hubopt.solver.child import main as real_child

if TYPE_CHECKING:
    from collections.abc import Callable

ACTS = ("error", "raise", "memory", "die")


class Turn:
    """Whose turn it is."""

    def __init__(self, act: str, turn: int, counts: str) -> None:
        self.act, self.turn, self.counts, self.calls = act, turn, counts, 0

    def reach(self, name: str) -> bool:
        """Count a call; fail if it is its turn, and return whether it must return an error."""
        here, self.calls = self.calls, self.calls + 1
        if self.counts:
            with Path(self.counts).open("a", encoding="utf-8") as file:
                file.write(f"{name}\n")
        if here != self.turn:
            return False
        if self.act == "raise":
            raise RuntimeError(name)
        if self.act == "memory":
            raise MemoryError(name)
        if self.act == "die":
            os.abort()
        return True


def broken(turn: Turn) -> type[highspy.Highs]:
    """Return a HiGHS whose calls fail in turn."""

    class Broken(highspy.Highs):  # type: ignore[misc]
        inside = False  # what HiGHS calls of itself is no call of ours

        def __init__(self) -> None:
            Broken.inside = True
            super().__init__()
            Broken.inside = False

        def __getattribute__(self, name: str) -> Any:  # noqa: ANN401  (whatever HiGHS has)
            found = super().__getattribute__(name)
            watched = name[0] != "_" and callable(found) and not Broken.inside
            return around(found, name) if watched else found

    def around(real: Callable[..., Any], name: str) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
            if turn.reach(name):
                return highspy.HighsStatus.kError
            Broken.inside = True
            try:
                return real(*args, **kwargs)
            finally:
                Broken.inside = False

        return call

    return Broken


def main() -> None:
    """Solve with a HiGHS that fails."""
    act, turn, counts, memory_mb = sys.argv[1:]
    highspy.Highs = broken(Turn(act, int(turn), counts))
    sys.argv = ["child", memory_mb]
    real_child()


if __name__ == "__main__":
    main()
