"""What a verification found: checks with counts, violations with places and figures."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from hubopt.text import Text

MOST_VIOLATIONS_PER_CHECK = 50
"""More of the same kind are counted, not listed."""


@dataclass(frozen=True, slots=True)
class Check:
    """One check: how many things it looked at, how many were wrong."""

    name: str
    count: int
    broken: int

    @property
    def passed(self) -> bool:
        """Whether everything that was looked at holds."""
        return self.broken == 0


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing that does not hold: where, what the plan says and what was found instead."""

    check: str
    where: str
    said: str
    found: str

    @property
    def message(self) -> Text:
        """The violation as a sentence."""
        return Text(
            f"{self.where}: the plan says {self.said}, but it is {self.found}",
            f"{self.where}：方案为 {self.said}，核验为 {self.found}",
        )


@dataclass(frozen=True)
class Verification:
    """All checks of one plan in a fixed order, and everything that is broken."""

    checks: tuple[Check, ...]
    violations: tuple[Violation, ...]

    @property
    def passed(self) -> bool:
        """Whether the plan holds."""
        return all(check.passed for check in self.checks)

    def to_json(self) -> str:
        """Return the verification as JSON, the same bytes for the same plan."""
        checks = [{"name": c.name, "looked_at": c.count, "broken": c.broken} for c in self.checks]
        violations = [
            {"check": v.check, "where": v.where, "said": v.said, "found": v.found}
            for v in self.violations
        ]
        record = {"passed": self.passed, "checks": checks, "violations": violations}
        return json.dumps(record, ensure_ascii=False, indent=1)


@dataclass
class Book:
    """Collects checks while a plan is gone through; checks that looked at nothing are kept too."""

    names: tuple[str, ...]
    counts: dict[str, int] = field(default_factory=dict)
    broken: dict[str, int] = field(default_factory=dict)
    violations: list[Violation] = field(default_factory=list)

    def note(self, check: str, where: str, *, holds: bool, said: object, found: object) -> bool:
        """Count one thing looked at; if it does not hold, note it. Return whether it holds."""
        if check not in self.names:
            raise KeyError(check)
        self.counts[check] = self.counts.get(check, 0) + 1
        if not holds:
            self.broken[check] = self.broken.get(check, 0) + 1
            if self.broken[check] <= MOST_VIOLATIONS_PER_CHECK:
                self.violations.append(Violation(check, where, str(said), str(found)))
        return holds

    def same(self, check: str, where: str, said: object, found: object) -> bool:
        """Note whether the plan says what was found."""
        return self.note(check, where, holds=said == found, said=said, found=found)

    def closed(self) -> Verification:
        """Return the verification."""
        checks = tuple(
            Check(name, self.counts.get(name, 0), self.broken.get(name, 0)) for name in self.names
        )
        order = {name: here for here, name in enumerate(self.names)}
        return Verification(checks, tuple(sorted(self.violations, key=lambda v: order[v.check])))
