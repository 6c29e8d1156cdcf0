"""Plans of a curve that are found, one file each: what is there and holds need not be found again.

A file is named after a hash of everything that its plan depends on and appears whole or not at all.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from hubopt.errors import InputError
from hubopt.instance.digest import content_hash
from hubopt.plan.store import from_json, to_json
from hubopt.plan.verify import verify
from hubopt.study.whole_files import write_whole

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from hubopt.instance.tables import Instance
    from hubopt.plan.plan import Plan
    from hubopt.solve.answer import Question

FORMAT = 1


@dataclass(frozen=True)
class Points:
    """The plans in a folder that were found with the same options and versions."""

    folder: Path
    question: Question
    versions: Mapping[str, str]

    def name(self, instance: Instance) -> str:
        """Return the name of the file of an instance's plan."""
        record = {
            "format": FORMAT,
            "instance": content_hash(instance),
            "options": asdict(self.question),
            "versions": dict(self.versions),
        }
        text = json.dumps(record, sort_keys=True, ensure_ascii=False)
        return f"{hashlib.sha256(text.encode()).hexdigest()[:40]}.plan.json"

    def plan(self, instance: Instance) -> Plan | None:
        """Return the plan of an instance, `None` if it is not there, is torn or does not hold."""
        try:
            text = (self.folder / self.name(instance)).read_text(encoding="utf-8")
            plan = from_json(text)
        except (OSError, ValueError, InputError):
            return None
        return plan if verify(instance, plan).passed else None

    def keep(self, instance: Instance, plan: Plan) -> None:
        """Write the plan of an instance."""
        write_whole(self.folder / self.name(instance), to_json(plan).encode())
