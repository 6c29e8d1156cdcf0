"""What a verification found: checks with counts, violations with places and figures."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hubopt.plan.sentences import NOT_RECOMPUTED
from hubopt.plan.words import shown
from hubopt.text import Text

if TYPE_CHECKING:
    from hubopt.plan.sentences import Sentence

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
    """One thing that does not hold: where, what is wrong with it, and what to do."""

    check: str
    where: str
    said: str
    found: str
    fault: Text
    remedy: Text

    @property
    def message(self) -> Text:
        """The violation as a sentence."""
        return Text(
            f"{self.where}: {self.fault.en}; {self.remedy.en}",
            f"{self.where}：{self.fault.zh}；{self.remedy.zh}",
        )

    def record(self) -> dict[str, str]:
        """Return the violation as JSON has it."""
        return {
            "check": self.check,
            "where": self.where,
            "said": self.said,
            "found": self.found,
            "message": self.message.en,
            "message_zh": self.message.zh,
        }


@dataclass(frozen=True)
class Verification:
    """All checks of one plan in a fixed order, and everything that is broken."""

    checks: tuple[Check, ...]
    violations: tuple[Violation, ...]

    @property
    def passed(self) -> bool:
        """Whether the plan holds."""
        return all(check.passed for check in self.checks)

    @property
    def note(self) -> Text:
        """What the verification cannot say."""
        return NOT_RECOMPUTED

    def to_json(self) -> str:
        """Return the verification as JSON, the same bytes for the same plan."""
        record = {
            "passed": self.passed,
            "notes": [self.note.en, self.note.zh],
            "checks": [
                {"name": c.name, "looked_at": c.count, "broken": c.broken} for c in self.checks
            ],
            "violations": [violation.record() for violation in self.violations],
        }
        return json.dumps(record, ensure_ascii=False, indent=1)


@dataclass
class Book:
    """Collects checks while a plan is gone through; checks that looked at nothing are kept too."""

    names: tuple[str, ...]
    counts: dict[str, int] = field(init=False)
    broken: dict[str, int] = field(init=False)
    violations: list[Violation] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Start every count at nothing."""
        self.counts = dict.fromkeys(self.names, 0)
        self.broken = dict.fromkeys(self.names, 0)

    def note(
        self,
        check: str,
        where: object,
        sentence: Sentence,
        *,
        holds: bool,
        said: object = "",
        found: object = "",
    ) -> bool:
        """Count one thing looked at; if it does not hold, write down why. Return whether it holds.

        `where` is text, a step, or a tuple of such parts; it becomes text only if it is needed.
        """
        self.counts[check] += 1
        if not holds:
            self.broken[check] += 1
            if self.broken[check] <= MOST_VIOLATIONS_PER_CHECK:
                told, right = shown(said), shown(found)
                fault = sentence.filled(told, right)
                place = shown(where)
                self.violations.append(Violation(check, place, told, right, fault, sentence.remedy))
        return holds

    def same(
        self, check: str, where: object, sentence: Sentence, *, said: object, found: object
    ) -> bool:
        """Note whether the plan says what was found."""
        return self.note(check, where, sentence, holds=said == found, said=said, found=found)

    def closed(self) -> Verification:
        """Return the verification."""
        checks = tuple(Check(name, self.counts[name], self.broken[name]) for name in self.names)
        order = {name: here for here, name in enumerate(self.names)}
        return Verification(checks, tuple(sorted(self.violations, key=lambda v: order[v.check])))
