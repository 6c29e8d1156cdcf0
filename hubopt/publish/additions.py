"""Tables added to a result that stands: the folder is replaced as a whole, its manifest with it."""

from __future__ import annotations

import hashlib
import json
import shutil
from typing import TYPE_CHECKING

from hubopt.publish import manifest as manifests
from hubopt.publish import refusals
from hubopt.publish.edits import added_in, refuse_work_of_others
from hubopt.publish.results import WAIT_TO_ASK_S, lock, told_in_words
from hubopt.publish.spread import csv_bytes
from hubopt.publish.swap import mend, real, replacing, write

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hubopt.publish.spread import Sheet


def add_tables(folder: Path, sheets: Sequence[Sheet]) -> None:
    """Add tables to a result folder, or put them in the place of older ones of the same names.

    All else stays as it is. Raises `InputError` if the folder holds no result or the work of
    others, or cannot be written: then nothing in it is changed.
    """
    with told_in_words(folder):
        place = real(folder)
        with lock(place, WAIT_TO_ASK_S):
            mend(place)
            refuse_work_of_others(place)
            record = manifests.read_manifest(place)
            if record is None:
                raise refusals.no_result(folder, manifests.NAME)
            with replacing(place) as new:
                shutil.copytree(place, new, dirs_exist_ok=True)
                for sheet in sheets:
                    name, content = f"tables/{sheet.name}.csv", csv_bytes(sheet)
                    write(new / name, content)
                    record["outputs"][name] = hashlib.sha256(content).hexdigest()
                    record["added"] = sorted({*added_in(record), name})
                record["outputs"] = dict(sorted(record["outputs"].items()))
                text = json.dumps(record, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
                write(new / manifests.NAME, text.encode())
