"""`hubopt pareto`: cost against CO2e as table, chart and sentences; goes on where it stopped."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubopt.cli import show
from hubopt.cli.sensitivity import StudyLine
from hubopt.cli.solving import no_stage, option_finding, positive, share
from hubopt.cli.work import INTERRUPTED, OK, loaded
from hubopt.errors import InputError, InterruptedSolve
from hubopt.text import Language, Text, language_from_environment

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hubopt.instance.tables import Instance
    from hubopt.study.pareto import Ask, Curve
    from hubopt.study.pareto_marks import Marked
    from hubopt.study.pareto_store import Points

FOLDER, POINTS = "pareto", "points"
LEAST_POINTS = 2
MODES_SHOWN = 3
"""Modes that a line names; the table holds all of them."""

PERCENT = 100.0


@dataclass(frozen=True, slots=True)
class ParetoRequest:
    """The options of `hubopt pareto` as given; `None` takes the instance's own, or all stages."""

    folder: Path
    points: int
    stage: int | None
    gap: float | None
    time_s: float | None
    out: Path
    encoding: str | None
    quiet: bool
    as_json: bool


def pareto(request: ParetoRequest) -> int:
    """Find the points that are not found yet, write table and charts of all, and show them."""
    from hubopt.publish.manifest import versions  # noqa: PLC0415  (each loads on use)
    from hubopt.publish.results import folder_name  # noqa: PLC0415
    from hubopt.solve.answer import Question  # noqa: PLC0415
    from hubopt.study.pareto import Ask, looker, traced  # noqa: PLC0415
    from hubopt.study.pareto_store import Points  # noqa: PLC0415

    refuse_options(request)
    instance = loaded(request.folder, request.encoding)
    refuse_stage(request, instance)
    target = request.out / folder_name(instance.settings.name) / FOLDER
    points = Points(target / POINTS, Question(gap=request.gap, time_s=request.time_s), versions())
    ask = Ask(request.points, request.stage)
    curve, stopped = run(request, instance, ask, points)
    if curve is None:
        curve = traced(instance, ask, looker(points))
    if not curve.points:
        raise InterruptedSolve(Text("Stopped before the first point.", "在求出首点前已中断。"))
    files = written(target, curve)
    view(curve, target, files, as_json=request.as_json)
    return INTERRUPTED if stopped else OK


def refuse_options(request: ParetoRequest) -> None:
    """Raise `InputError` for options that make no sense."""
    findings = [*share("--gap", request.gap), *positive("--time", request.time_s)]
    if request.points < LEAST_POINTS:
        reason = Text("must be 2 or more: both ends are points", "至少为 2：两端各为一点")
        findings.append(option_finding("--points", str(request.points), reason))
    if findings:
        raise InputError(findings)


def refuse_stage(request: ParetoRequest, instance: Instance) -> None:
    """Raise `InputError` for a year that is no stage."""
    findings = no_stage(request.stage, instance)
    if findings:
        raise InputError(findings)


def run(
    request: ParetoRequest, instance: Instance, ask: Ask, points: Points
) -> tuple[Curve | None, bool]:
    """Return the curve, `None` if the planner stopped before it was whole; and whether he did."""
    from hubopt.cli.interrupt import stop_on_signals  # noqa: PLC0415
    from hubopt.publish.results import told_in_words  # noqa: PLC0415
    from hubopt.study.pareto import finder, traced  # noqa: PLC0415

    with (
        told_in_words(points.folder.parent),
        stop_on_signals() as stop,
        StudyLine(
            language_from_environment(), stop, quiet=request.quiet, as_json=request.as_json
        ) as watcher,
    ):
        try:
            find = finder(points, watcher, stop)
            return traced(instance, ask, find), stop.is_set()
        except (KeyboardInterrupt, InterruptedSolve):
            return None, True


def written(target: Path, curve: Curve) -> list[str]:
    """Write table, JSON and charts, all of them or none, and return their names."""
    from hubopt.publish.pareto_chart import chart  # noqa: PLC0415
    from hubopt.publish.pareto_tables import NAME, record, sheet  # noqa: PLC0415
    from hubopt.publish.results import told_in_words  # noqa: PLC0415
    from hubopt.publish.spread import csv_bytes  # noqa: PLC0415
    from hubopt.study.whole_files import write_together  # noqa: PLC0415

    text = json.dumps(record(curve), ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    files = {f"{NAME}.csv": csv_bytes(sheet(curve)), f"{NAME}.json": text.encode()}
    for language in Language:
        files[f"{NAME}.{language.value}.png"] = chart(curve, language)
    with told_in_words(target):
        write_together(target, files)
    return list(files)


def view(curve: Curve, target: Path, files: Sequence[str], *, as_json: bool) -> None:
    """Print the points and what they say."""
    from hubopt.publish.pareto_tables import record  # noqa: PLC0415
    from hubopt.study.pareto_marks import marked  # noqa: PLC0415
    from hubopt.study.pareto_words import sentences  # noqa: PLC0415

    if as_json:
        show.as_json_text({"folder": str(target), "files": list(files), **record(curve)})
        return
    show.grid("", heads(), [cells(n, one) for n, one in enumerate(marked(curve), start=1)])
    for text in sentences(curve):
        show.line(text)
    named = ", ".join(files)
    show.line(Text(f"wrote {named} to {target}", f"已写入 {target}：{named}"))


def heads() -> list[str]:
    """Return the headings of the table for people."""
    texts = (
        Text("point", "点"), Text("cost, million CNY", "成本（百万元）"), Text("gap", "差距"),
        Text("CO2e, t a year", "CO2e（吨/年）"), Text("CNY/t less", "减排成本（元/吨）"),
        Text("sites", "设施"), Text("modes, % of t-km", "方式（吨公里 %）"), Text("", ""),
    )  # fmt: skip
    return [show.said(text) for text in texts]


def cells(number: int, one: Marked) -> list[str]:
    """Return a point as cells for people."""
    from hubopt.publish.words import MODES  # noqa: PLC0415
    from hubopt.study.movement import shares  # noqa: PLC0415
    from hubopt.units import CNY_PER_MCNY, FEN_PER_CNY  # noqa: PLC0415
    from hubopt.vocabulary import Mode  # noqa: PLC0415

    found = one.point.outcome
    if found is None:
        return [str(number), *["-"] * 6, show.said(MARKS[one.mark.value])]
    gap = (
        "-"
        if found.gap_fen is None
        else f"{PERCENT * found.gap_fen / max(found.cost_fen, 1):.2f} %"
    )
    ranked = sorted(shares(found).items(), key=lambda pair: -pair[1])[:MODES_SHOWN]
    modes = ", ".join(
        f"{show.said(MODES[Mode(mode)])} {PERCENT * part:.0f}" for mode, part in ranked
    )
    step = "-" if one.abatement is None else f"{'~' if one.unsure else ''}{one.abatement:,.0f}"
    return [
        str(number), f"{found.cost_fen / FEN_PER_CNY / CNY_PER_MCNY:,.1f}", gap,
        f"{one.co2e_t:,.1f}", step, str(len(found.sites or {})), modes,
        show.said(MARKS[one.mark.value]),
    ]  # fmt: skip


MARKS = {
    "on_curve": Text("", ""),
    "dominated": Text("dominated", "被支配"),
    "no_improvement": Text("no improvement", "无改进"),
    "no_plan": Text("no plan", "无方案"),
}
