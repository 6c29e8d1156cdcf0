"""A verified plan as a folder of files, written whole or not at all, and read back."""

from __future__ import annotations

import errno
import re
import sqlite3
import tempfile
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from hubopt.errors import ViolationError
from hubopt.publish import manifest as manifests
from hubopt.publish import refusals
from hubopt.publish.edition import Edition
from hubopt.publish.marginals import read_marginals
from hubopt.publish.swap import former, mend, replacing, write
from hubopt.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from hubopt.instance.tables import Instance
    from hubopt.plan.marginal import Marginal
    from hubopt.plan.plan import Plan
    from hubopt.plan.report import Verification
    from hubopt.text import Language

WAIT_FOR_OTHER_RUN_S = 3.0

BYSTANDERS = {".DS_Store", "Thumbs.db", "desktop.ini", "plan.gpkg-wal", "plan.gpkg-shm"}
"""What file managers and an open QGIS leave in a folder; nobody's work."""

FOLDER_NAME = re.compile(r"(?![. ])[\w .()+-]{1,80}(?<![. ])")
RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
"""Names that Windows keeps for devices."""


def write_results(
    out: Path,
    instance: Instance,
    plan: Plan,
    verification: Verification,
    *,
    run: Mapping[str, object],
    instance_folder: Path,
    language: Language,
    marginals: Sequence[Marginal] = (),
    essentials: bool = False,
) -> Path:
    """Write a verified plan to `out`/<instance>/<scenario> and return that folder.

    With `essentials` only the plan, its verification and the manifest, in a fraction of a second;
    `redraw` adds the rest. Raises `InputError` if the folder cannot be written, is in use or holds
    the work of others; then nothing is changed. Raises `ViolationError` for a plan that does not
    hold.
    """
    edition = Edition(
        instance,
        plan,
        verification,
        run,
        instance_folder,
        language,
        tuple(marginals),
        essentials,
    )
    target = out / folder_name(plan.instance) / folder_name(plan.scenario)
    publish(edition, target)
    return target


def redraw(folder: Path, instance: Instance, instance_folder: Path, language: Language) -> Path:
    """Verify the plan in a result folder and write its tables and maps anew in a language.

    What the manifest says of the run, and the marginal values, are kept. Raises `ViolationError` if
    the plan does not hold, and `InputError` for all that `write_results` refuses.
    """
    from hubopt.plan.verify import verify  # noqa: PLC0415  (loads on use)

    plan, _ = load_result(folder, instance_folder)
    record = manifests.read_manifest(folder)
    if record is None:
        raise refusals.no_result(folder, manifests.NAME)
    edition = Edition(
        instance,
        plan,
        verify(instance, plan),
        manifests.run_of(record),
        instance_folder,
        language,
        read_marginals(folder),
    )
    publish(edition, folder)
    return folder


def publish(edition: Edition, target: Path) -> None:
    """Put everything of an edition in the place of a result folder, whole or not at all."""
    refuse_unverified(edition.verification)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with lock(target):
            mend(target)
            refuse_foreign(target)
            with replacing(target) as new:
                write_files(new, edition)
                record = manifests.manifest(edition, target=target, written=new)
                write(new / manifests.NAME, record.encode())
    except Timeout as error:
        raise refusals.in_use(target) from error
    except (OSError, sqlite3.Error) as error:
        failure = error if isinstance(error, OSError) else OSError(str(error))
        raise refusals.not_written(target, failure) from error


def refuse_unverified(verification: Verification) -> None:
    """Raise `ViolationError` for a plan that does not hold, naming the checks that it fails."""
    if verification.passed:
        return
    broken = [check.name for check in verification.checks if not check.passed]
    raise ViolationError(
        Text(
            f"the plan does not hold ({', '.join(broken)}) and is not written; see hubopt verify",
            f"方案未通过核验（{'、'.join(broken)}），不写入；详见 hubopt verify",
        )
    )


def refuse_early(out: Path, instance: Instance, scenario: str, instance_folder: Path) -> None:
    """Raise `InputError` before any work for what `write_results` would refuse after it."""
    from hubopt.publish.lines import read_shapes  # noqa: PLC0415  (loads on use)

    target = out / folder_name(instance.settings.name) / folder_name(scenario)
    read_shapes(instance_folder)
    try:
        if target.parent.is_dir():
            with lock(target):
                mend(target)
                refuse_foreign(target)
        probe(target.parent)
    except Timeout as error:
        raise refusals.in_use(target) from error
    except OSError as error:
        raise refusals.not_written(target, error) from error


def probe(folder: Path) -> None:
    """Raise `OSError` if nothing could be written in a folder, and leave no trace of having tried.

    Where the folder is not there yet, the nearest one above it that is stands for it.
    """
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    if not folder.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, "a file stands in the way", str(folder))
    with tempfile.TemporaryFile(dir=folder):
        pass


def lock(target: Path) -> FileLock:
    """Return the lock that a run holds while it writes a result."""
    return FileLock(target.with_name(f".{target.name}.lock"), timeout=WAIT_FOR_OTHER_RUN_S)


def write_files(folder: Path, edition: Edition) -> None:
    """Write everything but the manifest into an empty folder."""
    from hubopt.plan.store import to_json  # noqa: PLC0415  (loads on use)

    write(folder / "plan.json", to_json(edition.plan).encode())
    write(folder / "verification.json", (edition.verification.to_json().rstrip() + "\n").encode())
    if not edition.essentials:
        write_views(folder, edition)


def write_views(folder: Path, edition: Edition) -> None:
    """Write the tables and maps of an edition."""
    from hubopt.publish.figures import Figures  # noqa: PLC0415  (each loads on use)
    from hubopt.publish.geopackage import write_geopackage  # noqa: PLC0415
    from hubopt.publish.layers import layers  # noqa: PLC0415
    from hubopt.publish.picture import picture  # noqa: PLC0415
    from hubopt.publish.spread import csv_bytes  # noqa: PLC0415
    from hubopt.publish.tables import sheets  # noqa: PLC0415

    figures = Figures(edition.instance, edition.plan, edition.marginals)
    for sheet in sheets(figures):
        write(folder / "tables" / f"{sheet.name}.csv", csv_bytes(sheet))
    drawn = layers(figures, edition.instance_folder)
    write_geopackage(folder / "plan.gpkg", drawn, figures.stages, edition.language)
    write(folder / "map.png", picture(figures, drawn, edition.language))


def folder_name(name: str) -> str:
    """Return a name that is safe as that of a folder on every system, or refuse it."""
    if not FOLDER_NAME.fullmatch(name) or RESERVED.fullmatch(name):
        raise refusals.bad_name(name)
    return name


def refuse_foreign(target: Path) -> None:
    """Raise `InputError` if replacing a folder would destroy what hubopt did not write."""
    if not target.exists():
        return
    if not target.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, "a file stands in the way", str(target))
    record = manifests.read_manifest(target) or {"outputs": {}}
    ours = {*record["outputs"], manifests.NAME} if record["outputs"] else set()
    there = {
        path.relative_to(target).as_posix()
        for path in target.rglob("*")
        if path.is_symlink() or not path.is_dir()
    }
    others = sorted(name for name in there - ours if name.rpartition("/")[2] not in BYSTANDERS)
    if others:
        raise refusals.foreign(target, others)


def load_result(folder: Path, instance_folder: Path | None = None) -> tuple[Plan, Path]:
    """Return the plan in a result folder and where its instance lies.

    Raises `InputError` if there is no readable plan, or the instance is not found.
    """
    from hubopt.plan.store import from_json  # noqa: PLC0415  (loads on use)

    if not folder.exists() and former(folder).is_dir():
        mend(folder)
    file = folder / "plan.json"
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise refusals.no_result(folder, file.name) from error
    plan = from_json(text, file=str(file))
    if instance_folder is not None:
        return plan, instance_folder
    record = manifests.read_manifest(folder)
    if record is None:
        raise refusals.no_result(folder, manifests.NAME)
    where = manifests.instance_of(folder, record)
    if not (where / "instance.toml").is_file():
        raise refusals.no_instance(folder, str(record.get("instance_folder")))
    return plan, where
