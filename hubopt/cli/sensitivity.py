"""`hubopt sensitivity`: uncertain numbers at low and high, as tables, charts and sentences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubopt.cli import show
from hubopt.cli.progress import ProgressLine
from hubopt.cli.solving import option_finding, positive, share
from hubopt.cli.work import INTERRUPTED, OK, loaded
from hubopt.errors import InputError, InterruptedSolve
from hubopt.text import Language, Text, language_from_environment

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hubopt.publish.spread import Sheet
    from hubopt.study.sensitivity import Study
    from hubopt.study.sensitivity_store import Store
    from hubopt.study.uncertain import Parameter

FOLDER, RUNS = "sensitivity", "runs"
PERCENT = 100.0
SHOWN = 15
"""Parameters of the table in the terminal; the file holds all of them."""


@dataclass(frozen=True, slots=True)
class SensitivityRequest:
    """The options of `hubopt sensitivity` as given; `None` takes the instance's setting."""

    folder: Path
    only: tuple[str, ...]
    jobs: int
    gap: float | None
    time_s: float | None
    out: Path
    encoding: str | None
    quiet: bool
    as_json: bool


class StudyLine(ProgressLine):
    """A progress line over many solves: between them a signal ends the command at once."""

    def phase(self, name: Text, done: int = 0, total: int = 0) -> None:
        """Show a phase; what is done is in the store, so that a signal loses nothing."""
        self.stop.keeping = False
        super().phase(name, done, total)


def sensitivity(request: SensitivityRequest) -> int:
    """Run what is not done yet, write tables and charts of all that is, and show them."""
    from hubopt.instance.digest import content_hash  # noqa: PLC0415  (each loads on use)
    from hubopt.publish.manifest import versions  # noqa: PLC0415
    from hubopt.publish.results import folder_name  # noqa: PLC0415
    from hubopt.solve.answer import Question  # noqa: PLC0415
    from hubopt.study.sensitivity import gathered  # noqa: PLC0415
    from hubopt.study.sensitivity_store import Store  # noqa: PLC0415
    from hubopt.study.uncertain import chosen, read_uncertain  # noqa: PLC0415

    refuse_options(request)
    instance = loaded(request.folder, request.encoding)
    parameters = chosen(read_uncertain(request.folder, instance), request.only)
    target = request.out / folder_name(instance.settings.name) / FOLDER
    question = Question(gap=request.gap, time_s=request.time_s)
    store = Store(target / RUNS, content_hash(instance), question, versions())
    study = gathered(instance, parameters, store)
    stopped = False
    if study is None or len(study.runs) < study.asked:
        stopped = run(request, instance, parameters, store)
        study = gathered(instance, parameters, store)
    if study is None:
        raise InterruptedSolve(Text("Stopped before the base was solved.", "在求出基准前已中断。"))
    files = written(target, study)
    view(study, target, files, as_json=request.as_json)
    return INTERRUPTED if stopped else OK


def refuse_options(request: SensitivityRequest) -> None:
    """Raise `InputError` for options that make no sense."""
    findings = [*share("--gap", request.gap), *positive("--time", request.time_s)]
    if request.jobs < 1:
        reason = Text("must be a whole number from 1 on", "必须是不小于 1 的整数")
        findings.append(option_finding("--jobs", str(request.jobs), reason))
    if findings:
        raise InputError(findings)


def run(
    request: SensitivityRequest,
    instance: object,
    parameters: tuple[Parameter, ...],
    store: Store,
) -> bool:
    """Make the runs that are left; return whether the planner stopped them."""
    from hubopt.cli.interrupt import stop_on_signals  # noqa: PLC0415
    from hubopt.publish.results import told_in_words  # noqa: PLC0415
    from hubopt.study.sensitivity import run_all  # noqa: PLC0415

    with (
        told_in_words(store.folder.parent),
        stop_on_signals() as stop,
        StudyLine(
            language_from_environment(), stop, quiet=request.quiet, as_json=request.as_json
        ) as watcher,
    ):
        try:
            run_all(instance, parameters, store, jobs=request.jobs, watcher=watcher, stop=stop)  # type: ignore[arg-type]
        except (KeyboardInterrupt, InterruptedSolve):
            stop.set()
        return stop.is_set()


def written(target: Path, study: Study) -> list[str]:
    """Write tables and charts, all of them or none, and return their names."""
    from hubopt.publish.results import told_in_words  # noqa: PLC0415
    from hubopt.publish.sensitivity_tables import sheets  # noqa: PLC0415
    from hubopt.publish.spread import csv_bytes  # noqa: PLC0415
    from hubopt.publish.tornado import tornado  # noqa: PLC0415
    from hubopt.study.whole_files import write_together  # noqa: PLC0415

    files = {f"{sheet.name}.csv": csv_bytes(sheet) for sheet in sheets(study)}
    for language in Language:
        files[f"tornado.{language.value}.png"] = tornado(study, language)
    with told_in_words(target):
        write_together(target, files)
    return list(files)


def view(study: Study, target: Path, files: Sequence[str], *, as_json: bool) -> None:
    """Print the numbers that move the cost most, and what it all says of sites."""
    from hubopt.publish.sensitivity_tables import sheets  # noqa: PLC0415
    from hubopt.study.sensitivity_words import sentences  # noqa: PLC0415

    said = list(sentences(study))
    if as_json:
        tables = {sheet.name: records(sheet) for sheet in sheets(study)}
        words = [show.said(text) for text in said]
        show.as_json_text({"folder": str(target), "files": list(files), "runs": len(study.runs),
                           "asked": study.asked, **tables, "sentences": words})  # fmt: skip
        return
    table(study)
    for text in said:
        show.line(text)
    named = ", ".join(files)
    show.line(Text(f"wrote {named} to {target}", f"已写入 {target}：{named}"))


def records(sheet: Sheet) -> list[dict[str, object]]:
    """Return the rows of a table by column."""
    return [dict(zip(sheet.columns, row, strict=True)) for row in sheet.rows]


def table(study: Study) -> None:
    """Print the numbers that move the cost most, with how many sites each flips."""
    from hubopt.publish.tornado import bars, flipped  # noqa: PLC0415

    rows = []
    for bar in bars(study)[:SHOWN]:
        ends = [bar.ends.get(level) for level in ("low", "high")]
        rows.append([
            show.said(bar.parameter.name),
            *("-" if end is None else f"{PERCENT * end.cost_share:+.2f} %" for end in ends),
            *("-" if end is None else flipped(end) for end in ends),
            show.said(SOURCE[bar.parameter.sourced]),
        ])  # fmt: skip
    heads = (
        Text("number", "数值"), Text("cost, low", "成本，低"), Text("cost, high", "成本，高"),
        Text("sites, low", "设施，低"), Text("sites, high", "设施，高"), Text("source", "来源"),
    )  # fmt: skip
    show.grid("", [show.said(head) for head in heads], rows)


SOURCE = {True: Text("yes", "有"), False: Text("none", "无")}
