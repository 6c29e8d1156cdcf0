"""A verified plan that cannot be written where it belongs is kept beside it, or wherever it can be.

What took minutes or hours to find is not lost because a disk is full, a folder is locked or a map
cannot be drawn. What is kept is a result of the essentials, which `redraw` can make whole.
"""

from __future__ import annotations

import contextlib
import itertools
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from hubopt.publish import manifest as manifests
from hubopt.publish.swap import remove, to_disk, write

if TYPE_CHECKING:
    from hubopt.publish.edition import Edition


def rescued(edition: Edition, target: Path) -> Path | None:
    """Keep a plan in a new folder near `target` or in that for passing files; `None` if neither."""
    for make in (beside, passing):
        folder = None
        try:
            folder = make(target)
            keep(edition, folder)
        except Exception:  # noqa: BLE001  (the next place may do; the first fault is told)
            if folder is not None:
                remove(folder)
        else:
            return folder
    return None


def beside(target: Path) -> Path:
    """Return a new hidden folder beside a result."""
    target.parent.mkdir(parents=True, exist_ok=True)
    for number in itertools.count(1):
        folder = target.with_name(f".rescued-{target.name}-{number}")
        with contextlib.suppress(FileExistsError):
            folder.mkdir()
            break
    return folder


def passing(target: Path) -> Path:
    """Return a new folder in the system's place for passing files."""
    return Path(tempfile.mkdtemp(prefix=f"hubopt-rescued-{target.name}-"))


def keep(edition: Edition, folder: Path) -> None:
    """Write the essentials; the plan itself first, the others as far as they can be."""
    from hubopt.plan.store import to_json  # noqa: PLC0415  (loads on use)

    write(folder / "plan.json", to_json(edition.plan).encode())
    to_disk(folder)
    with contextlib.suppress(Exception):  # the plan is safe; whatever fails now, it stays so
        verification = edition.verification.to_json().rstrip() + "\n"
        write(folder / "verification.json", verification.encode())
        few = replace(edition, essentials=True)
        record = manifests.manifest(few, target=folder, written=folder)
        write(folder / manifests.NAME, record.encode())
        to_disk(folder)
