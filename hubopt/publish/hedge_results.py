"""A hedge as a folder: its figures, and a whole result for each state; written all at once."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from hubopt.plan import hedge_store
from hubopt.publish import manifest as manifests
from hubopt.publish import refusals
from hubopt.publish.edits import (
    changed_files,
    refuse_other_kind,
    refuse_work_of_others,
    states_of,
)
from hubopt.publish.load import PLAN, load_result
from hubopt.publish.results import (
    WAIT_TO_WRITE_S,
    asking_the_system,
    folder_name,
    lock,
    refuse_odd_names,
    refuse_unverified,
    told_in_words,
    write_files,
)
from hubopt.publish.spread import csv_bytes
from hubopt.publish.swap import mend, real, replacing, write

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from hubopt.plan.hedge import Hedge
    from hubopt.plan.plan import Plan
    from hubopt.plan.report import Verification
    from hubopt.publish.edition import Edition
    from hubopt.publish.spread import Sheet

VERIFICATION = "verification.json"


def write_hedge(
    target: Path,
    hedge: Hedge,
    verification: Verification,
    editions: Mapping[str, Edition],
    sheets: Sequence[Sheet],
    run: Mapping[str, object],
) -> Path:
    """Write a verified hedge with the result of each state to `target`, whole or not at all.

    `editions` are the results by scenario. Raises `InputError` and `ViolationError` as
    `write_results` does; then what stood there before is unchanged.
    """
    refuse_unverified(verification)
    instance_folder = next(iter(editions.values())).instance_folder
    with told_in_words(target):
        refuse_odd_names(instance_folder, target)
        place = real(target)
        place.parent.mkdir(parents=True, exist_ok=True)
        with lock(place, WAIT_TO_WRITE_S):
            mend(place)
            refuse_other_kind(place, hedge=True)
            refuse_work_of_others(place)
            with replacing(place) as new, asking_the_system(new):
                hashes = {name: write_state(new, place, e) for name, e in editions.items()}
                write(new / hedge_store.NAME, hedge_store.to_json(hedge, hashes).encode())
                write(new / VERIFICATION, (verification.to_json().rstrip() + "\n").encode())
                for sheet in sheets:
                    write(new / f"{sheet.name}.csv", csv_bytes(sheet))
                record = hedge_manifest(new, place, hedge, instance_folder, run)
                write(new / manifests.NAME, record.encode())
    return target


def write_state(new: Path, place: Path, edition: Edition) -> str:
    """Write the result of one state within the new folder and return the hash of its plan."""
    name = folder_name(edition.plan.scenario)
    (new / name).mkdir()
    write_files(new / name, edition)
    record = manifests.manifest(edition, target=place / name, written=new / name)
    write(new / name / manifests.NAME, record.encode())
    return manifests.sha256(new / name / PLAN)


def hedge_manifest(
    new: Path, place: Path, hedge: Hedge, instance_folder: Path, run: Mapping[str, object]
) -> str:
    """Return the manifest of the hedge's own files; each state has one of its own."""
    record = {
        "format": manifests.FORMAT,
        "program": "hubopt",
        "instance": hedge.instance,
        "states": [state.scenario for state in hedge.states],
        "status": hedge.status.value,
        "instance_folder": manifests.way(instance_folder, place),
        **{key: value for key, value in run.items() if key != "timings"},
        "versions": manifests.versions(),
        "outputs": {
            path.name: manifests.sha256(path) for path in sorted(new.iterdir()) if path.is_file()
        },
        "timings": run.get("timings", {}),
    }
    return json.dumps(record, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def is_hedge(folder: Path) -> bool:
    """Tell whether a folder is that of a hedge."""
    return (folder / hedge_store.NAME).is_file()


def load_hedge(
    folder: Path, instance_folder: Path | None = None
) -> tuple[Hedge, dict[str, Plan], Path]:
    """Return a hedge, the plan of each state, and where its instance lies.

    A state whose folder is gone has no plan. Raises `InputError` for what cannot be read.
    """
    try:
        text = (folder / hedge_store.NAME).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise refusals.no_result(folder, hedge_store.NAME) from error
    hedge, _ = hedge_store.from_json(text, file=str(folder / hedge_store.NAME))
    record = manifests.read_manifest(folder)
    if record is None:
        raise refusals.no_result(folder, manifests.NAME)
    where = instance_folder or manifests.instance_of(folder, record)
    if where is None:
        raise refusals.no_instance(folder, str(record.get("instance_folder")))
    plans = {
        state.scenario: load_result(folder / state.scenario, where)[0]
        for state in hedge.states
        if (folder / state.scenario).is_dir()
    }
    return hedge, plans, where


def changed_in_hedge(folder: Path) -> tuple[str, ...]:
    """Return the files of a hedge and its states that are not as they were written."""
    record = manifests.read_manifest(folder) or {}
    changed = [*changed_files(folder)]
    for state in states_of(folder, record):
        changed += [f"{state.name}/{name}" for name in changed_files(state)]
    return tuple(sorted({*changed, *swapped(folder)}))


def swapped(folder: Path) -> list[str]:
    """Return the plans that are not those of this hedge, though whole in themselves."""
    text = (folder / hedge_store.NAME).read_text(encoding="utf-8")
    _, hashes = hedge_store.from_json(text, file=str(folder / hedge_store.NAME))
    return [
        f"{name}/{PLAN}"
        for name, digest in hashes.items()
        if not (folder / name / PLAN).is_file()
        or hashlib.sha256((folder / name / PLAN).read_bytes()).hexdigest() != digest
    ]
