"""`hubopt bench`: public cases, solved one by one or written as instance folders."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubopt.cli import bench_view, show
from hubopt.cli.solving import positive, share
from hubopt.cli.work import BROKEN, INTERRUPTED, OK
from hubopt.errors import Finding, InputError
from hubopt.text import Text, language_from_environment

if TYPE_CHECKING:
    from pathlib import Path

    from hubopt.instance.public.case import PublicCase
    from hubopt.study.bench import Outcome


@dataclass(frozen=True, slots=True)
class BenchRequest:
    """The options of `hubopt bench` as given; with `write` nothing is solved."""

    family: str
    folder: Path
    time_s: float
    gap: float
    only: tuple[str, ...]
    write: Path | None
    general: bool
    quiet: bool
    as_json: bool


def names() -> str:
    """Return the names of all families for the help."""
    from hubopt.instance.public.families import FAMILIES  # noqa: PLC0415  (loads on use)

    return ", ".join(FAMILIES)


def bench(request: BenchRequest) -> int:
    """Read all files first, then solve or write their cases; return how it ended.

    A file that is wrong ends the command before anything is solved.
    """
    from hubopt.instance.public.families import cases_of  # noqa: PLC0415  (each loads on use)
    from hubopt.instance.public.published import published_beside  # noqa: PLC0415

    findings = [*positive("--time", request.time_s), *share("--gap", request.gap)]
    if findings:
        raise InputError(findings)
    cases = chosen(cases_of(request.family, request.folder), request.only)
    if request.write is not None:
        return written(request.write, cases, as_json=request.as_json)
    found, stopped = solved(request, cases, published_beside(request.folder))
    if request.as_json:
        show.as_json_text(bench_view.as_record(request.family, request.folder, found))
    else:
        bench_view.last_lines(found)
    return INTERRUPTED if stopped else code_of(found)


def chosen(cases: tuple[PublicCase, ...], only: tuple[str, ...]) -> list[PublicCase]:
    """Return the cases that were named, by name or by the name of their file; all without names."""
    from hubopt.instance.nearest import nearest_of  # noqa: PLC0415  (loads on use)
    from hubopt.instance.public.location_case import stem_of  # noqa: PLC0415

    known = {name for case in cases for name in (case.name, stem_of(case.file))}
    findings = []
    for name in only:
        if name not in known:
            reason = Text("is no case in this folder", "不是该文件夹中的算例")
            remedy = Text("write the name of a case or file", "请写算例名或文件名")
            near = nearest_of(name, known)
            findings.append(Finding("command line", reason, remedy, column="--only", value=name,
                                    nearest=near, code="CFG03"))  # fmt: skip
    if findings:
        raise InputError(findings)
    return [c for c in cases if not only or {c.name, stem_of(c.file)} & set(only)]


def solved(
    request: BenchRequest, cases: list[PublicCase], table: bench_view.Table
) -> tuple[list[Outcome], bool]:
    """Solve the cases, with a line for each as it ends; return also whether somebody stopped it."""
    from hubopt.cli.interrupt import stop_on_signals  # noqa: PLC0415  (each loads on use)
    from hubopt.cli.sensitivity import StudyLine  # noqa: PLC0415
    from hubopt.solve.answer import Question  # noqa: PLC0415
    from hubopt.study.bench import bench as study  # noqa: PLC0415

    question = Question(gap=request.gap, time_s=request.time_s)
    quiet = request.quiet or not (request.as_json or sys.stderr.isatty())
    found: list[Outcome] = []
    with (
        stop_on_signals() as stop,
        StudyLine(
            language_from_environment(), stop, quiet=quiet, as_json=request.as_json
        ) as watcher,
    ):
        if not request.as_json:
            bench_view.heads()
        try:
            for outcome in study(
                cases, table, question, watcher=watcher, stop=stop, decompose=not request.general
            ):
                found.append(outcome)
                if not request.as_json:
                    bench_view.row(outcome)
        except KeyboardInterrupt:
            stop.set()
        return found, stop.is_set()


def code_of(found: list[Outcome]) -> int:
    """Return 1 if an answer contradicts what is proved, else the code of the first failure."""
    from hubopt.study.bench import Proof  # noqa: PLC0415  (loads on use)

    if any(outcome.wrong for outcome in found):
        return BROKEN
    failures = [one.failure for one in found if one.proof is Proof.FAILED and one.failure]
    return failures[0].exit_code if failures else OK


def written(out: Path, cases: list[PublicCase], *, as_json: bool) -> int:
    """Write each case as an instance folder of its own; raise `InputError` for a used folder."""
    from hubopt.instance.whole_folder import cannot_write, refuse_used  # noqa: PLC0415
    from hubopt.instance.write import write  # noqa: PLC0415

    folders = []
    refuse_used(out)
    for case in cases:
        instance = case.made()
        folder = out / instance.settings.name
        try:
            write(instance, folder)
        except OSError as error:
            raise InputError([cannot_write(folder, error.strerror or str(error))]) from error
        folders.append({"case": case.name, "folder": str(folder),
                        "cny_per_unit": round(case.mcny_per_unit * 1e6, 6)})  # fmt: skip
        if not as_json:
            show.line(
                Text(
                    f"wrote {folder}; one unit of its objective is {case.mcny_per_unit:g}"
                    " million CNY",
                    f"已写入 {folder}；其目标值的 1 个单位相当于 {case.mcny_per_unit:g} 百万元",
                )
            )
    if as_json:
        show.as_json_text({"written": folders})
    return OK
