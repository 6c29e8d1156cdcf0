"""Whether a result that is there answers what is asked, so that nothing need be solved again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hubopt.errors import InputError
from hubopt.instance.digest import content_hash
from hubopt.publish import manifest as manifests
from hubopt.publish.edits import changed_files
from hubopt.publish.load import load_result
from hubopt.text import Text
from hubopt.vocabulary import NEAR, OWN_RULES, Status

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from hubopt.instance.tables import Instance
    from hubopt.plan.plan import Plan

USED_UP_SHARE = 0.9
"""From this share of its limit on a run has used its time up, with what it then does to a plan."""

NEAR_ENOUGH = Text("it is as near to the best as is asked", "差距已达要求")
SAME_TIME = Text("it has had the time that is asked, and is no nearer", "已用足所给时限，差距如此")


@dataclass(frozen=True)
class Asked:
    """What a result is held against: its instance in a scenario, and how that is to be solved.

    `options` are those of the manifest that must be the same, `rules` the planner's own as it
    keeps them; gap as a share, time in seconds, `None` for the setting of the instance.
    """

    instance: Instance
    instance_folder: Path
    scenario: str
    gap: float | None
    time_s: float | None
    options: Mapping[str, object]
    rules: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """A result that stays, why, the language of its map, and the plan that it is `near` to."""

    folder: Path
    plan: Plan
    why: Text
    language: str
    near: str | None


def kept(folder: Path, asked: Asked) -> Kept | None:
    """Return the result in a folder if it is whole and answers what is asked, `None` otherwise.

    Whole is what hubopt wrote in one go and nobody has changed since. It must come from the same
    files, options and versions, with at most the gap asked for, or all of the time asked for.
    """
    record = manifests.read_manifest(folder)
    if record is None or not of_the_same(folder, record, asked):
        return None
    try:
        if changed_files(folder):
            return None
        plan, _ = load_result(folder, asked.instance_folder)
    except InputError:  # who writes there will say so
        return None
    why = near_enough(plan, record, asked)
    if why is None:
        return None
    return Kept(folder, plan, why, str(record.get("language")), record["options"].get(NEAR))


def of_the_same(folder: Path, record: Mapping[str, Any], asked: Asked) -> bool:
    """Return whether a manifest tells of a whole result of the same files, options and versions."""
    where = manifests.instance_of(folder, record)
    options = record.get("options")
    return (
        record.get("complete") is True
        and "states" not in record
        and record.get("scenario") == asked.scenario
        and where is not None
        and where == asked.instance_folder.resolve()
        and isinstance(options, dict)
        and all(options.get(name, ...) == value for name, value in asked.options.items())
        and record.get(OWN_RULES) == asked.rules
        and record.get("versions") == manifests.versions()
        and record.get("inputs") == manifests.input_hashes(asked.instance_folder, asked.scenario)
        and record.get("instance_hash") == content_hash(asked.instance)
    )


def near_enough(plan: Plan, record: Mapping[str, Any], asked: Asked) -> Text | None:
    """Return why a plan need not be sought again, `None` if it may be bettered in the time asked.

    One that had used its time up would be no better for as much again.
    """
    settings = asked.instance.settings
    gap = settings.gap if asked.gap is None else asked.gap
    if plan.status not in {Status.OPTIMAL, Status.FEASIBLE}:
        return None
    aimed = number(record["options"].get("gap"), settings.gap)
    proved = plan.status is Status.OPTIMAL and aimed <= gap  # but for whole kilograms and fen
    if proved or (plan.gap is not None and plan.gap <= gap):
        return NEAR_ENOUGH
    limit_s = number(record["options"].get("time_s"), settings.time_s)
    asked_s = settings.time_s if asked.time_s is None else asked.time_s
    timings = record.get("timings")
    took_s = number(timings.get("until_written"), 0.0) if isinstance(timings, dict) else 0.0
    used_up = took_s >= USED_UP_SHARE * limit_s
    return SAME_TIME if used_up and limit_s >= asked_s and aimed <= gap else None


def number(value: object, otherwise: float) -> float:
    """Return a number of a manifest, or another one where it holds none."""
    plain = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if plain else otherwise  # type: ignore[arg-type]
