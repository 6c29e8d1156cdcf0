"""A verified plan as a folder of files, written whole or not at all, and read back."""

from __future__ import annotations

import contextlib
import errno
import os
import sqlite3
import tempfile
from typing import TYPE_CHECKING, Any

from filelock import FileLock, Timeout

from hubopt.errors import HuboptError, InputError, ViolationError
from hubopt.instance.folder_name import safe_name
from hubopt.publish import manifest as manifests
from hubopt.publish import prices as price_file
from hubopt.publish import refusals
from hubopt.publish.edition import Edition
from hubopt.publish.edits import (
    added_tables,
    changed_files,
    refuse_other_kind,
    refuse_work_of_others,
    unchanged,
)
from hubopt.publish.load import load_result
from hubopt.publish.rescue import rescued
from hubopt.publish.swap import mend, real, replacing, write
from hubopt.text import Language, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from hubopt.instance.tables import Instance
    from hubopt.plan.marginal import Marginal
    from hubopt.plan.plan import Plan
    from hubopt.plan.report import Verification
    from hubopt.solve.course import Moment

__all__ = ["changed_files", "load_result", "redraw", "refuse_early", "write_results"]

WAIT_TO_ASK_S, WAIT_IN_HASTE_S, WAIT_TO_WRITE_S = 3.0, 0.5, 120.0
"""How long to wait for another run: before any work, after Ctrl-C, and with a plan in hand."""

AS_LARGE_AS_A_MAP = 8_000_000
"""Bytes that are tried to be written when a map could not be."""


def write_results(  # noqa: PLR0913  (all but the first four by name)
    out: Path,
    instance: Instance,
    plan: Plan,
    verification: Verification,
    *,
    run: Mapping[str, object],
    instance_folder: Path,
    language: Language,
    marginals: Sequence[Marginal] = (),
    course: Sequence[Moment] = (),
    prices: Mapping[str, float] | None = None,
    essentials: bool = False,
    stopped: Callable[[], bool] = lambda: False,
) -> Path:
    """Write a verified plan to `out`/<instance>/<scenario> and return that folder.

    `course` is that of the answer: how the solve went. `prices` are those of its problem's bound
    over all routes, `row_prices`.

    With `essentials` only the plan, its verification, prices, that course as a table, and the
    manifest, in a fraction of a second; `redraw` adds the rest. Raises `InputError` if the folder
    cannot be written, stays in use or holds the work of others: then nothing in it is changed, and
    the error names where the plan is kept instead. Raises `ViolationError` for a plan that does not
    hold. After KeyboardInterrupt the older result stands, and a call for the essentials keeps the
    plan. If `stopped` says that a KeyboardInterrupt was raised, an error is taken for one:
    libraries in C may replace it.
    """
    refuse_unverified(verification)
    edition = Edition(
        instance,
        plan,
        verification,
        run,
        instance_folder,
        language,
        tuple(marginals),
        essentials,
        course=tuple(course),
        prices=price_file.to_json(plan, prices).encode() if prices else b"",
    )
    target = out / folder_name(plan.instance) / folder_name(plan.scenario)
    try:
        publish(edition, target, WAIT_IN_HASTE_S if essentials else WAIT_TO_WRITE_S)
    except Exception as error:
        if stopped() and not essentials:
            raise KeyboardInterrupt from error
        raise with_plan_kept(error, rescued(edition, target), target) from error
    return target


def redraw(folder: Path, instance: Instance, instance_folder: Path, language: Language) -> Path:
    """Verify the plan in a result folder and write its tables and maps anew in a language.

    What the manifest says of the run, how the solve went, the marginal values, and what other
    commands have added are kept. Raises `ViolationError` if the plan does not hold, and
    `InputError` for all that `write_results` refuses.
    """
    from hubopt.plan.verify import verify  # noqa: PLC0415  (loads on use)
    from hubopt.publish.convergence import read_convergence  # noqa: PLC0415
    from hubopt.publish.marginals import read_marginals  # noqa: PLC0415

    plan, _ = load_result(folder, instance_folder)
    record = manifests.read_manifest(folder)
    if record is None:
        raise refusals.no_result(folder, manifests.NAME)
    verification = verify(instance, plan)
    refuse_unverified(verification)
    edition = Edition(
        instance,
        plan,
        verification,
        manifests.run_of(record),
        instance_folder,
        language,
        read_marginals(folder),
        added=added_tables(folder, record),
        course=read_convergence(folder, record),
        prices=kept_prices(folder, record),
    )
    publish(edition, folder, WAIT_TO_ASK_S)
    return folder


def kept_prices(folder: Path, record: Mapping[str, Any]) -> bytes:
    """Return the prices in a result as they were written; nothing if there are none, or edited."""
    file = folder / price_file.NAME
    return file.read_bytes() if unchanged(folder, price_file.NAME, record) else b""


def publish(edition: Edition, target: Path, wait_s: float) -> None:
    """Put everything of an edition in the place of a result folder, whole or not at all."""
    with told_in_words(target):
        refuse_odd_names(edition.instance_folder, target)
        place = real(target)
        place.parent.mkdir(parents=True, exist_ok=True)
        with lock(place, wait_s):
            mend(place)
            refuse_other_kind(place, hedge=False)
            refuse_work_of_others(place)
            with replacing(place) as new, asking_the_system(new):
                write_files(new, edition)
                record = manifests.manifest(edition, target=place, written=new)
                write(new / manifests.NAME, record.encode())


@contextlib.contextmanager
def told_in_words(target: Path) -> Iterator[None]:
    """Turn what the system says of a result folder into an `InputError` with a remedy."""
    try:
        yield
    except Timeout as error:
        raise refusals.in_use(target) from error
    except sqlite3.Error as error:
        raise refusals.not_written(target, OSError(str(error))) from error
    except OSError as error:
        raise refusals.not_written(target, error) from error


@contextlib.contextmanager
def asking_the_system(folder: Path) -> Iterator[None]:
    """Let the system say why a folder cannot be written where a database has only its own words."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(bytes(AS_LARGE_AS_A_MAP))
            file.flush()
            os.fsync(file.fileno())
        raise


def with_plan_kept(error: Exception, kept: Path | None, target: Path) -> HuboptError:
    """Return an error of writing with the place where the plan is kept."""
    if isinstance(error, InputError):
        return InputError([*error.findings, refusals.kept_at(kept, target)])
    finding = refusals.kept_at(kept, target)
    where = Text(finding.in_language(Language.EN), finding.in_language(Language.ZH))
    if isinstance(error, MemoryError):
        return HuboptError(
            Text(
                f"this computer has too little memory left to draw the result; close other"
                f" programs. {where.en}",
                f"本机剩余内存不足，无法绘制结果；请关闭其他程序。{where.zh}",
            )
        )
    why = f"{type(error).__name__}: {error}"
    return HuboptError(
        Text(
            f"hubopt failed while writing the result ({why}); this is a fault of hubopt, please"
            f" report it. {where.en}",
            f"写出结果时程序出错（{why}），请反馈。{where.zh}",
        )
    )


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


def refuse_early(
    out: Path, instance: Instance, scenario: str, instance_folder: Path, *, hedge: bool = False
) -> None:
    """Raise `InputError` before any work for what `write_results` or `write_hedge` would refuse."""
    from hubopt.publish.boundaries import read_boundaries  # noqa: PLC0415  (loads on use)
    from hubopt.publish.shapes import read_shapes  # noqa: PLC0415

    target = out / folder_name(instance.settings.name) / folder_name(scenario)
    with told_in_words(target):  # the folder that one stands in may be gone
        refuse_odd_names(instance_folder, target)
    read_shapes(instance_folder, instance)
    read_boundaries(instance_folder, instance)
    with told_in_words(target):
        place = real(target)
        if place.parent.is_dir():
            with lock(place, WAIT_TO_ASK_S):
                mend(place)
                refuse_other_kind(place, hedge=hedge)
                refuse_work_of_others(place)
        probe(place.parent)


def refuse_odd_names(*paths: Path) -> None:
    """Raise `InputError` for a path that is not text: maps and manifest could not name it."""
    for path in paths:
        try:
            (str(path) + os.path.realpath(path)).encode()
        except UnicodeEncodeError as error:
            raise refusals.not_text(path) from error


def probe(folder: Path) -> None:
    """Raise `OSError` if nothing could be written in a folder, and leave no trace of having tried.

    Where the folder is not there yet, the nearest one above it that is stands for it.
    """
    while not folder.exists() and not folder.is_symlink() and folder != folder.parent:
        folder = folder.parent
    if not folder.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, "a file stands in the way", str(folder))
    with tempfile.TemporaryFile(dir=folder):
        pass


def lock(target: Path, wait_s: float) -> FileLock:
    """Return the lock that a run holds while it writes a result."""
    return FileLock(target.with_name(f".{target.name}.lock"), timeout=wait_s)


def write_files(folder: Path, edition: Edition) -> None:
    """Write everything but the manifest into an empty folder."""
    from hubopt.plan.store import to_json  # noqa: PLC0415  (each loads on use)
    from hubopt.publish import convergence  # noqa: PLC0415
    from hubopt.publish.spread import csv_bytes  # noqa: PLC0415

    write(folder / "plan.json", to_json(edition.plan).encode())
    write(folder / "verification.json", (edition.verification.to_json().rstrip() + "\n").encode())
    if edition.prices:
        write(folder / price_file.NAME, edition.prices)
    if edition.course:
        write(folder / convergence.FILE, csv_bytes(convergence.convergence(edition.course)))
    for name, content in edition.added.items():
        write(folder / name, content)
    if not edition.essentials:
        write_views(folder, edition)


def write_views(folder: Path, edition: Edition) -> None:
    """Write the tables, maps and the chart of an edition."""
    from hubopt.publish import convergence_chart  # noqa: PLC0415
    from hubopt.publish.boundaries import read_boundaries  # noqa: PLC0415
    from hubopt.publish.figures import Figures  # noqa: PLC0415  (each loads on use)
    from hubopt.publish.geopackage import write_geopackage  # noqa: PLC0415
    from hubopt.publish.layers import layers  # noqa: PLC0415
    from hubopt.publish.picture import picture  # noqa: PLC0415
    from hubopt.publish.project_words import projects  # noqa: PLC0415
    from hubopt.publish.report import NAME, report  # noqa: PLC0415
    from hubopt.publish.report.side import side_of  # noqa: PLC0415
    from hubopt.publish.run_information import run_information  # noqa: PLC0415
    from hubopt.publish.spread import csv_bytes  # noqa: PLC0415
    from hubopt.publish.tables import sheets  # noqa: PLC0415

    figures = Figures(edition.instance, edition.plan, edition.marginals)
    for sheet in sheets(figures):
        write(folder / "tables" / f"{sheet.name}.csv", csv_bytes(sheet))
    boundaries = read_boundaries(edition.instance_folder, edition.instance)
    credit = None if boundaries is None else boundaries.credit
    drawn = layers(figures, edition.instance_folder, boundaries)
    told = run_information(edition, credit)
    write_geopackage(
        folder / "plan.gpkg",
        drawn,
        figures.stages,
        edition.language,
        tables=(told,),
        projects=projects(edition, figures, (*drawn, told), credit),
    )
    write(folder / "map.png", picture(figures, drawn, edition.language, boundaries))
    write(folder / NAME, report([side_of(edition, figures)], edition.language))
    if edition.course:
        settings = edition.instance.settings
        picture_of_course = convergence_chart.chart(edition.course, settings, edition.language)
        write(folder / convergence_chart.FILE, picture_of_course)


def folder_name(name: str) -> str:
    """Return a name that is safe as that of a folder on every system, or refuse it."""
    if not safe_name(name):
        raise refusals.bad_name(name)
    return name
