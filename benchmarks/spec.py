"""What one run is asked to do and what came of it, as plain values that go through a file."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Spec:
    """A case by family and numbers: the same spec makes the same case in every process."""

    family: str
    numbers: Mapping[str, int] = field(default_factory=dict)
    file: str = ""
    title: str = ""

    @property
    def name(self) -> str:
        """Return what the case is called in results."""
        if self.title:
            return self.title
        sizes = " x ".join(str(n) for key, n in self.numbers.items() if key != "seed")
        return f"{self.family} {sizes}"


@dataclass(frozen=True)
class Task:
    """One run of one method on one case, in a process of its own; `limit_s` bounds the solve."""

    section: str
    case: Spec
    method: str
    repeat: int = 1
    limit_s: float = 60.0
    gap: float = 0.0
    prepared: str = ""

    def as_json(self) -> str:
        """Return the task as one line."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Task:
        """Return the task that a line holds."""
        raw: dict[str, Any] = json.loads(text)
        return cls(**{**raw, "case": Spec(**raw["case"])})


@dataclass
class Found:
    """What a process found: seconds of its phases and, if it solved, value and bound.

    `seconds` is the wall time of what is compared, without starting Python and loading libraries;
    `phases` holds (seconds, peak MB) by name.
    """

    status: str = "done"
    seconds: float | None = None
    cpu_s: float | None = None
    nonzeros: int | None = None
    value: float | None = None
    bound: float | None = None
    solver: str = ""
    note: str = ""
    phases: dict[str, tuple[float, float]] = field(default_factory=dict)
