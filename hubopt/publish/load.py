"""A written result read back: its plan, and where its instance lies."""

from __future__ import annotations

import hashlib
import time
from typing import TYPE_CHECKING, Any

from hubopt.publish import manifest as manifests
from hubopt.publish import refusals
from hubopt.publish.swap import former, mend

if TYPE_CHECKING:
    from pathlib import Path

    from hubopt.plan.plan import Plan

PLAN = "plan.json"

LOOKS, PAUSE_S = 4, 0.05
"""How often, and after which pause, a plan is read again that is not that of its manifest."""


def load_result(folder: Path, instance_folder: Path | None = None) -> tuple[Plan, Path]:
    """Return the plan in a result folder and where its instance lies.

    Plan and manifest are of one run, also while another run puts a new result in their place; a
    plan that somebody edited comes as it is, and `changed_files` names it. Raises `InputError` if
    there is no readable plan, or the instance is not found.
    """
    from hubopt.plan.store import from_json  # noqa: PLC0415  (loads on use)

    if not folder.exists() and former(folder).is_dir():
        mend(folder)
    record, text = read_both(folder)
    plan = from_json(text, file=str(folder / PLAN))
    if instance_folder is not None:
        return plan, instance_folder
    if record is None:
        raise refusals.no_result(folder, manifests.NAME)
    where = manifests.instance_of(folder, record)
    if where is None:
        raise refusals.no_instance(folder, str(record.get("instance_folder")))
    return plan, where


def read_both(folder: Path) -> tuple[dict[str, Any] | None, str]:
    """Return manifest and text of the plan, read again while they are not of one run."""
    for look in range(LOOKS):
        record = manifests.read_manifest(folder)
        data = read_plan(folder)
        if record is None or hashlib.sha256(data).hexdigest() == record["outputs"].get(PLAN):
            break
        if look < LOOKS - 1:
            time.sleep(PAUSE_S)
    try:
        return record, data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise refusals.no_result(folder, PLAN) from error


def read_plan(folder: Path) -> bytes:
    """Return the bytes of a plan."""
    try:
        return (folder / PLAN).read_bytes()
    except OSError as error:
        raise refusals.no_result(folder, PLAN) from error
