"""Runs of a study that are done, one small file each: what is there need not be run again.

A file is named after a hash of everything that its outcome depends on and appears whole or not at
all, so that a study may be stopped, killed or shared by several commands at any time.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from hubopt.errors import InputError
from hubopt.study.outcome import Outcome
from hubopt.study.whole_files import write_whole

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from hubopt.plan.plan import Plan
    from hubopt.solve.answer import Question
    from hubopt.study.uncertain import Parameter

BASE = "base"
FORMAT = 2


@dataclass(frozen=True)
class Store:
    """The runs in a folder that were made with the same instance, options and versions."""

    folder: Path
    instance_hash: str
    question: Question
    versions: Mapping[str, str]

    def key(self, parameter: Parameter | None, level: str) -> str:
        """Return the hash that a run is known by; names and sources do not change it."""
        record = {
            "format": FORMAT,
            "instance": self.instance_hash,
            "options": asdict(self.question),
            "versions": dict(self.versions),
            "moves": [] if parameter is None else parameter.definition(),
            "level": level,
        }
        text = json.dumps(record, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def file(self, key: str, kind: str = "json") -> Path:
        """Return the file of a run."""
        return self.folder / f"{key[:40]}.{kind}"

    def outcome(self, parameter: Parameter | None, level: str) -> Outcome | None:
        """Return the outcome of a run that is done, `None` for one that is not, or is torn."""
        key = self.key(parameter, level)
        try:
            record = json.loads(self.file(key).read_text(encoding="utf-8"))
            return Outcome(**record["outcome"]) if record["key"] == key else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def keep(self, parameter: Parameter | None, level: str, outcome: Outcome) -> None:
        """Write the outcome of a run."""
        key = self.key(parameter, level)
        record: dict[str, Any] = {
            "key": key,
            "parameter": BASE if parameter is None else parameter.id,
            "level": level,
            "outcome": outcome.record(),
        }
        text = json.dumps(record, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
        write_whole(self.file(key), text.encode())

    def base_plan(self) -> Plan | None:
        """Return the plan of the base, `None` if it is not there or cannot be read."""
        from hubopt.plan.store import from_json  # noqa: PLC0415  (loads on use)

        try:
            text = self.file(self.key(None, BASE), "plan.json").read_text(encoding="utf-8")
            return from_json(text)
        except (OSError, ValueError, InputError):
            return None

    def keep_base_plan(self, plan: Plan) -> None:
        """Write the plan of the base, with which later runs are compared."""
        from hubopt.plan.store import to_json  # noqa: PLC0415  (loads on use)

        write_whole(self.file(self.key(None, BASE), "plan.json"), to_json(plan).encode())
