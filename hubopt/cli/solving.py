"""`hubopt solve`: what was asked, the answer, writing it, and how the command ends."""

from __future__ import annotations

import gc
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hubopt.cli import heard, show
from hubopt.cli.own_rules import dropped
from hubopt.cli.run_record import run_record
from hubopt.cli.work import INTERRUPTED, OK, loaded
from hubopt.errors import Finding, InputError
from hubopt.text import Text, language_from_environment
from hubopt.vocabulary import Engine, Status

if TYPE_CHECKING:
    from pathlib import Path

    from hubopt.cli.interrupt import StopRequest
    from hubopt.cli.scenarios import Batch
    from hubopt.instance.tables import Instance
    from hubopt.solve.answer import Answer, Question, Watcher
    from hubopt.solve.own_rules import OwnRules
    from hubopt.solve.warm import WarmStart

READING = Text("reading the instance", "读取算例")


@dataclass(frozen=True, slots=True)
class SolveRequest:
    """The options of `hubopt solve` as given; `None` takes the instance's setting."""

    folder: Path
    out: Path
    gap: float | None
    time_s: float | None
    routes: int | None
    memory_mb: int
    seed: int
    highs: tuple[str, ...]
    encoding: str | None
    quiet: bool
    as_json: bool
    scenarios: tuple[str, ...] = ()
    all_routes: bool | None = None
    warm: Path | None = None
    engine: Engine = Engine.AUTO
    rules: Path | None = None
    jobs: int | None = None
    again: bool = False

    @property
    def every_route(self) -> bool:
        """Whether routes count that are not listed."""
        from hubopt.solve.answer import every_route_counts  # noqa: PLC0415

        return every_route_counts(self.routes, self.all_routes)


@dataclass(frozen=True)
class Task:
    """One scenario to solve: what was asked of it, the instance as it is in it, and its start."""

    request: SolveRequest
    question: Question
    instance: Instance
    warm: WarmStart | None


def solve(request: SolveRequest) -> int:
    """Solve, verify, write and show; nothing is written unless the plan holds.

    Several scenarios are solved side by side, each in a process of its own.
    """
    from hubopt.cli.scenarios import Batch  # noqa: PLC0415
    from hubopt.solve.answer import refuse_wrong_options  # noqa: PLC0415
    from hubopt.solve.own_rules import read_rules  # noqa: PLC0415

    question = asked(request)
    refuse_wrong_options(question)
    rules = None if request.rules is None else read_rules(request.rules)
    batch = Batch(request.folder, request.scenarios)
    if batch.several:
        from hubopt.cli.side_by_side import solve_all  # noqa: PLC0415  (loads on use)

        return solve_all(request, question, batch, rules)
    return solve_one(request, replace(question, scenario=batch.names[0]), batch, rules)


def solve_one(
    request: SolveRequest, question: Question, batch: Batch, rules: OwnRules | None
) -> int:
    """Solve one scenario, which is read and checked first."""
    from hubopt.cli.interrupt import stop_on_signals  # noqa: PLC0415
    from hubopt.cli.progress import ProgressLine  # noqa: PLC0415
    from hubopt.publish.results import refuse_early  # noqa: PLC0415
    from hubopt.publish.warm_files import read_warm  # noqa: PLC0415

    began, name = time.monotonic(), question.scenario
    be_ready(question.memory_mb)
    with (
        stop_on_signals() as stop,
        ProgressLine(
            language_from_environment(), stop, quiet=request.quiet, as_json=request.as_json
        ) as watcher,
    ):
        watcher.phase(READING)
        instance = batch.instances(lambda: loaded(request.folder, request.encoding))[name]
        refuse_early(request.out, instance, name, request.folder)
        warm = None if request.warm is None else read_warm(request.warm)
        task = Task(request, question, instance, warm)
        result, folder, whole = planned(task, rules, watcher, stop, began)
    return shown(task, result, folder, batch, whole=whole, began=began)


def be_ready(memory_mb: int) -> None:
    """Start a solver early, and stop the search for garbage.

    To search millions of living objects for it takes longer than verifying them.
    """
    from hubopt.solver.run import warm_up  # noqa: PLC0415

    warm_up(memory_mb)
    gc.disable()


def planned(
    task: Task,
    rules: OwnRules | None,
    watcher: Watcher,
    stop: StopRequest,
    began: float,
) -> tuple[Answer, Path, bool]:
    """Solve one task, write its result, and return its folder and whether it is whole."""
    from hubopt.solve.answer import answer  # noqa: PLC0415

    result = answer(
        task.instance,
        task.question,
        watcher=watcher,
        stop=stop,
        all_routes=task.request.every_route,
        warm=task.warm,
        engine=task.request.engine,
        rules=rules,
    )
    return result, *written(task, result, stop, watcher, began)


def written(
    task: Task, result: Answer, stop: StopRequest, watcher: Watcher, began: float
) -> tuple[Path, bool]:
    """Write a result and return its folder, and whether it has tables and map."""
    from hubopt.cli.interrupt import whole_or_plan  # noqa: PLC0415
    from hubopt.publish.results import write_results  # noqa: PLC0415

    def write(*, essentials: bool) -> Path:
        watcher.phase(Text("writing tables and map", "写出表格与地图"))
        return write_results(
            task.request.out,
            task.instance,
            result.plan,
            result.verification,
            run=run_record(task.request, result, time.monotonic() - began, task.warm),
            instance_folder=task.request.folder,
            language=language_from_environment(),
            marginals=result.marginals,
            course=result.course,
            prices=result.problem.row_prices,
            essentials=essentials,
            stopped=lambda: bool(heard),
        )

    return whole_or_plan(write, stop)


def shown(
    task: Task, result: Answer, folder: Path, batch: Batch, *, whole: bool, began: float
) -> int:
    """Show a written plan with what to be warned of, and return the code that it ends with."""
    seconds = time.monotonic() - began
    try:
        show.warnings(warned(task, result, folder, whole=whole))
        batch.show(task.instance, result, folder, seconds, as_json=task.request.as_json)
    except KeyboardInterrupt:
        show.warnings([Text(f"stopped; the result is in {folder}", f"已中断；结果在 {folder}")])
        return INTERRUPTED
    return code_of(result, whole=whole)


def code_of(result: Answer, *, whole: bool) -> int:
    """Return the code with which a solve ends that has written its plan."""
    return OK if whole and result.plan.status is not Status.INTERRUPTED else INTERRUPTED


def warned(task: Task, result: Answer, folder: Path, *, whole: bool) -> list[Text]:
    """Return what to be warned of besides a plan that was written."""
    warnings = [*result.warnings, *dropped(task.request.warm, task.request.rules)]
    if not whole:
        warnings.append(
            Text(
                f"stopped: the plan is verified and kept; for its tables and map run: hubopt map"
                f" {folder}",
                f"已中断：方案已核验并保留；要得到表格与地图，请运行 hubopt map {folder}",
            )
        )
    return warnings


def asked(request: SolveRequest) -> Question:
    """Return the question that the options ask, or raise `InputError` for what is wrong in them."""
    from hubopt.solve.answer import Question  # noqa: PLC0415

    findings = [
        *share("--gap", request.gap),
        *positive("--time", request.time_s),
        *positive("--routes", request.routes),
        *positive("--memory-mb", request.memory_mb),
        *positive("--jobs", request.jobs),
    ]
    pairs = [text.partition("=") for text in request.highs]
    findings += [
        option_finding("--highs", text, Text("is not NAME=VALUE", "不是 NAME=VALUE 形式"))
        for text, (_, sign, _) in zip(request.highs, pairs, strict=True)
        if not sign
    ]
    names = [name for name, _, _ in pairs]
    findings += [
        option_finding("--highs", name, Text("is given twice", "重复给出"))
        for name in dict.fromkeys(names)
        if names.count(name) > 1
    ]
    if findings:
        raise InputError(findings)
    return Question(
        gap=request.gap,
        time_s=request.time_s,
        routes_per_shipment=request.routes,
        memory_mb=request.memory_mb,
        seed=request.seed,
        highs={name: typed(value) for name, _, value in pairs},
    )


def positive(option: str, value: float | None) -> list[Finding]:
    """Return a finding if an option's value is not a finite number above zero."""
    if value is None or 0 < value < float("inf"):
        return []
    reason = Text("must be a number above 0", "必须是大于 0 的数")
    return [option_finding(option, str(value), reason)]


def share(option: str, value: float | None) -> list[Finding]:
    """Return a finding if an option's value is not a share of one."""
    if value is None or 0 <= value < 1:
        return []
    reason = Text("must be a share, for 1 % write 0.01", "必须是比例，1 % 请写 0.01")
    return [option_finding(option, str(value), reason)]


def no_stage(stage: int | None, instance: Instance) -> list[Finding]:
    """Return a finding if a year that was asked for is no stage of the instance."""
    years = [one.year for one in instance.settings.stages]
    if stage is None or stage in years:
        return []
    known = ", ".join(map(str, years))
    reason = Text(f"is no stage of the instance ({known})", f"不是算例的阶段（{known}）")
    return [option_finding("--stage", str(stage), reason)]


def option_finding(option: str, value: str, reason: Text) -> Finding:
    """Return a finding about an option of the command line."""
    remedy = Text("see --help of this command", "请看该命令的 --help --lang zh")
    return Finding("command line", reason, remedy, column=option, value=value, code="CFG03")


def typed(value: str) -> str | int | float | bool:
    """Return an option's value as the type it looks like."""
    if value in {"true", "false"}:
        return value == "true"
    for kind in (int, float):
        try:
            return kind(value)
        except ValueError:
            continue
    return value
