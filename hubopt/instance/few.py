"""Findings of which only the first of each kind are kept, and the rest counted.

A file of ten million broken rows must not become ten million findings.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hubopt.errors import Finding

MOST_OF_A_KIND = 20
"""Findings of one kind in one column that are listed; the rest are counted."""


def counted(number: int) -> list[int]:
    """Return how many of so many equal faults each finding stands for: one, the last the rest."""
    listed = min(number, MOST_OF_A_KIND)
    return [1] * listed + ([number - listed] if number > listed else [])


class Few:
    """Collects the findings of one file."""

    def __init__(self) -> None:
        """Begin with none."""
        self.kept: list[Finding] = []
        self.seen: Counter[tuple[str, str | None]] = Counter()

    def add(self, findings: Iterable[Finding]) -> None:
        """Take findings; of each kind one more than is listed is kept, to stand for the rest."""
        for found in findings:
            if self.wants(found.code, found.column):
                self.keep(found)

    def wants(self, code: str, column: str | None) -> bool:
        """Count a finding and tell whether it is to be kept, so that others need not be made."""
        self.seen[code, column] += 1
        return self.seen[code, column] <= MOST_OF_A_KIND + 1

    def keep(self, found: Finding) -> None:
        """Keep a finding that `wants` asked for."""
        self.kept.append(found)

    def findings(self) -> list[Finding]:
        """Return what was kept, the last of a kind standing for all that were not."""
        left = {kind: number - MOST_OF_A_KIND for kind, number in self.seen.items()}
        found = []
        for last in reversed(self.kept):
            times = left.pop((last.code, last.column), 0)
            found.append(replace(last, times=times) if times > 1 else last)
        return found[::-1]
