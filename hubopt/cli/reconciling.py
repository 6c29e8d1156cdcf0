"""`hubopt reconcile`: a result beside published figures, as a table, as CSV and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.cli import show
from hubopt.cli.own_rules import refused
from hubopt.cli.work import INTERRUPTED, OK, loaded
from hubopt.errors import InputError
from hubopt.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from hubopt.instance.tables import Instance
    from hubopt.publish.spread import Sheet
    from hubopt.study.comparison import Comparison, Line
    from hubopt.study.explain import Swing

PERCENT = 100.0
WIDEST = 3
"""Assumptions that are named for each line; the table holds all of them."""

INDEPENDENT = {
    "yes": Text("yes", "是"), "partly": Text("partly", "部分"), "no": Text("no", "否"),
}  # fmt: skip
CONFIDENCE = {
    "high": Text("high", "高"), "medium": Text("medium", "中"), "low": Text("low", "低"),
    "none": Text("", ""),
}  # fmt: skip


def reconcile(
    folder: Path,
    instance_folder: Path | None,
    *,
    explain: bool,
    named: tuple[str, ...],
    save: Path | None,
    encoding: str | None,
    quiet: bool,
    as_json: bool,
) -> int:
    """Compare a result with the figures that its instance ships, add the tables to it, show them.

    The plan is verified first. With `explain` every assumption that bears on a large residual, or
    on a line named, is varied, each in a solve of its own; `save` writes what comes out to a file.
    """
    from hubopt.plan.verify import verify  # noqa: PLC0415  (each loads on use)
    from hubopt.publish.additions import add_tables  # noqa: PLC0415
    from hubopt.publish.results import load_result, refuse_unverified  # noqa: PLC0415
    from hubopt.study.explain import asked_for  # noqa: PLC0415
    from hubopt.study.read_comparisons import read_comparisons  # noqa: PLC0415
    from hubopt.study.reconcile import reconcile as compared  # noqa: PLC0415

    if explain and (findings := refused(folder, "--explain")):
        raise InputError(findings)
    plan, where = load_result(folder, instance_folder)
    instance = loaded(where, encoding, plan.scenario)
    refuse_unverified(verify(instance, plan))
    comparisons = read_comparisons(where, instance)
    lines = compared(instance, plan, comparisons)
    swings: tuple[Swing, ...] | None = None
    stopped = False
    if explain:
        central = asked_for(lines, named)
        swings, stopped = explained(
            instance, where, comparisons, central, quiet=quiet, as_json=as_json
        )
    tables = [lines_table(lines)] + ([] if swings is None else [swings_table(instance, swings)])
    add_tables(folder, tables)
    if save is not None and swings is not None:
        saved(save, tables[1])
    show_all(folder, lines, swings, as_json=as_json)
    return INTERRUPTED if stopped else OK


def explained(
    instance: Instance,
    where: Path,
    comparisons: tuple[Comparison, ...],
    central: dict[str, float],
    *,
    quiet: bool,
    as_json: bool,
) -> tuple[tuple[Swing, ...], bool]:
    """Vary what bears on the lines of `central`; return the swings, and whether it was stopped."""
    from hubopt.cli.interrupt import stop_on_signals  # noqa: PLC0415
    from hubopt.cli.progress import ProgressLine  # noqa: PLC0415
    from hubopt.solve.answer import Question  # noqa: PLC0415
    from hubopt.study.explain import explain as vary  # noqa: PLC0415
    from hubopt.study.levers import read_levers  # noqa: PLC0415
    from hubopt.text import language_from_environment  # noqa: PLC0415

    levers = read_levers(where, instance)
    with (
        stop_on_signals() as stop,
        ProgressLine(language_from_environment(), stop, quiet=quiet, as_json=as_json) as watcher,
    ):
        stop.keeping = True  # what was solved is worth keeping
        found = vary(instance, comparisons, levers, central, Question(), watcher=watcher, stop=stop)
    return found, stop.is_set()


def saved(file: Path, sheet: Sheet) -> None:
    """Write a table to a file, whole or not at all."""
    from hubopt.publish.results import told_in_words  # noqa: PLC0415
    from hubopt.publish.spread import csv_bytes  # noqa: PLC0415

    with told_in_words(file):
        file.parent.mkdir(parents=True, exist_ok=True)
        half = file.with_name(f".{file.name}.part")
        half.write_bytes(csv_bytes(sheet))
        half.replace(file)


def lines_table(lines: Sequence[Line]) -> Sheet:
    """Return the reconciliation as a table of the result."""
    from hubopt.publish.spread import Sheet  # noqa: PLC0415

    columns = (
        "line", "name_en", "name_zh", "unit", "published", "modelled", "residual_percent",
        "figure", "independent", "confidence", "source", "note_en", "note_zh",
    )  # fmt: skip
    rows = tuple(tuple(record(line)[column] for column in columns) for line in lines)
    return Sheet("reconcile", columns, rows)


def record(line: Line) -> dict[str, str | float | None]:
    """Return a line as plain values."""
    asked, residual = line.comparison, line.residual
    return {
        "line": asked.line,
        "name_en": asked.name.en,
        "name_zh": asked.name.zh,
        "unit": asked.unit,
        "published": asked.value,
        "modelled": line.modelled,
        "residual_percent": None if residual is None else PERCENT * residual,
        "figure": asked.figure.value,
        "independent": asked.independent.value,
        "confidence": asked.confidence,
        "source": asked.source,
        "note_en": asked.note.en,
        "note_zh": asked.note.zh,
    }


def swings_table(instance: Instance, swings: Sequence[Swing]) -> Sheet:
    """Return what lines say with each assumption at its low and high, widest first."""
    from hubopt.publish.spread import Sheet  # noqa: PLC0415

    columns = (
        "instance", "line", "lever", "name_en", "name_zh", "low_factor", "high_factor",
        "modelled_at_low", "modelled", "modelled_at_high",
    )  # fmt: skip
    rows = tuple(
        (
            instance.settings.name, s.line, s.lever.id, s.lever.name.en, s.lever.name.zh,
            s.lever.low, s.lever.high, s.low, s.central, s.high,
        )
        for s in swings
    )  # fmt: skip
    return Sheet("reconcile_explain", columns, rows)


def show_all(
    folder: Path, lines: Sequence[Line], swings: Sequence[Swing] | None, *, as_json: bool
) -> None:
    """Print the lines, and for each large residual the assumptions that move it most."""
    if as_json:
        rows: dict[str, object] = {
            "result": str(folder),
            "lines": [record(line) for line in lines],
        }
        if swings is not None:
            rows["explained"] = [
                {
                    "line": s.line, "lever": s.lever.id, "modelled_at_low": s.low,
                    "modelled": s.central, "modelled_at_high": s.high,
                }
                for s in swings
            ]  # fmt: skip
        show.as_json_text(rows)
        return
    show.grid("", heads(), [shown(line) for line in lines])
    for text in remarks(lines, swings):
        show.line(text)


def heads() -> list[str]:
    """Return the headings of the table for people."""
    texts = (
        Text("", ""), Text("published", "公布值"), Text("plan", "方案"), Text("residual", "残差"),
        Text("unit", "单位"), Text("independent", "独立"), Text("confidence", "可信度"),
    )  # fmt: skip
    return [show.said(text) for text in texts]


def shown(line: Line) -> list[str]:
    """Return a line as cells for people."""
    asked = line.comparison
    independent = show.said(INDEPENDENT[asked.independent.value])
    known = CONFIDENCE.get(asked.confidence, Text(asked.confidence, asked.confidence))
    return [
        show.said(asked.name) + ("*" if asked.figure.value == "derived" else ""),
        number(asked.value), number(line.modelled), percent(line.residual), asked.unit,
        independent, show.said(known),
    ]  # fmt: skip


def number(value: float | None) -> str:
    """Return a figure with three digits that count, whole if it is large."""
    if value is None:
        return "-"
    return f"{value:,.0f}" if abs(value) >= PERCENT else f"{value:.3g}"


def percent(residual: float | None) -> str:
    """Return a residual as signed per cent."""
    return "-" if residual is None else f"{PERCENT * residual:+.1f} %"


def remarks(lines: Sequence[Line], swings: Sequence[Swing] | None) -> Iterator[Text]:
    """Yield what a reader of the table must know, and what the large residuals depend on."""
    yield Text(
        "* computed from published figures; nothing in the plan was scaled to fit. Sources and"
        " notes: tables/reconcile.csv",
        "* 由公布数字推算；方案未作任何拟合缩放。来源与说明见 tables/reconcile.csv",
    )
    large = [line for line in lines if line.large]
    varied = {swing.line for swing in swings or ()}
    if swings is None and large:
        yield Text(
            f"{len(large)} residuals above 15 %; what they depend on most: --explain (minutes)",
            f"有 {len(large)} 项残差超过 15 %；主要取决于哪些假设：--explain（需数分钟）",
        )
    explained_too = [n for n in lines if not n.large and n.comparison.line in varied]
    for line in [*large, *explained_too] if swings is not None else ():
        found = [s for s in swings or () if s.line == line.comparison.line][:WIDEST]
        yield dependence(line, found)


def dependence(line: Line, found: Sequence[Swing]) -> Text:
    """Return which assumptions a line depends on most, with what it says at their ends."""
    name = line.comparison.name
    if not found:
        note = line.comparison.note
        return Text(
            f"{name.en} ({percent(line.residual)}): no assumption is varied for it; {note.en}",
            f"{name.zh}（{percent(line.residual)}）：未对其变动假设；{note.zh}",
        )
    english = "; ".join(f"{s.lever.name.en} ({ends(s)})" for s in found)
    chinese = "；".join(f"{s.lever.name.zh}（{ends(s)}）" for s in found)
    return Text(
        f"{name.en} ({percent(line.residual)}) depends most on {english}",
        f"{name.zh}（{percent(line.residual)}）主要取决于：{chinese}",
    )


def ends(swing: Swing) -> str:
    """Return what a line says at the low and at the high of an assumption."""
    return f"{number(swing.low)} … {number(swing.high)}"
