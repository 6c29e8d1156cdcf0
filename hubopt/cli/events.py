"""Progress for programs: one JSON object a line on standard error (`docs/progress.md`)."""

from __future__ import annotations

import json
import math
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hubopt.solver.form import Progress
    from hubopt.text import Text

SCHEMA = 1
"""Version of the layout: keys may be added under the same number, none is renamed or dropped."""

EVERY_S = 1.0
"""Where neither plan nor bound changes, an event comes this often."""

ENDED = "ended"
"""The last phase of a scenario that is solved beside others."""

Numbers = tuple[float | None, float | None, float | None]
NOTHING: Numbers = (None, None, None)


class Events:
    """Writes events: each new phase, each better plan or bound, and once a second in between.

    Where several scenarios are solved, each has its own, which carry its name.
    """

    def __init__(self, scenario: str | None = None) -> None:
        self.scenario = scenario
        self.began = time.monotonic()
        self.last: object = None
        self.told_s = -EVERY_S

    def phase(self, name: Text, done: int = 0, total: int = 0) -> None:
        """Tell that a phase began or moved on; its name is the English one in every language."""
        counts = {"done": done, "total": total} if total else {}
        self.tell("phase", name.en, NOTHING, counts, news=name.en)

    def ended(self, status: str, exit_code: int) -> None:
        """Tell how the solve of a scenario ended."""
        more = {"status": status, "exit_code": exit_code}
        self.tell("phase", ENDED, NOTHING, more, news=ENDED)

    def solver(self, progress: Progress) -> None:
        """Tell where a solve stands; that solves side by side take turns is no news."""
        numbers = finite(progress.best), finite(progress.bound), finite(progress.gap)
        self.tell("progress", progress.phase, numbers, progress.counts, news=numbers[:2])

    def tell(
        self, kind: str, phase: str, numbers: Numbers, counts: Mapping[str, object], *, news: object
    ) -> None:
        """Write one event if it is news, or if the last one is old."""
        elapsed_s = time.monotonic() - self.began
        if news == self.last and elapsed_s < self.told_s + EVERY_S:
            return
        self.last, self.told_s = news, elapsed_s
        best, bound, gap = numbers
        event = {
            "kind": kind,
            "schema": SCHEMA,
            "phase": phase,
            "elapsed_s": round(elapsed_s, 3),
            "best_mcny": best,
            "bound_mcny": bound,
            "gap": gap,
            **counts,
            **({} if self.scenario is None else {"scenario": self.scenario}),
        }
        sys.stderr.write(json.dumps(event, allow_nan=False) + "\n")
        sys.stderr.flush()


def finite(number: float | None) -> float | None:
    """Return a number, `None` for one that JSON has no word for."""
    return number if number is not None and math.isfinite(number) else None
