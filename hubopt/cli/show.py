"""What a command prints: tables for people, JSON for programs; nothing is computed here."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from hubopt.text import Text, language_from_environment, printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from hubopt.errors import InputError
    from hubopt.instance.tables import Instance
    from hubopt.model.describe import Description
    from hubopt.plan.verify import Verification
    from hubopt.solve.answer import Answer

PLAIN_WIDTH = 120

MADE_BY_SOLVE = frozenset(
    {"plan.json", "prices.json", "convergence.csv", "verification.json"}
    | {"hedge.json", "hedge_costs.csv", "hedge_sites.csv"}
)
"""Files of a result, or of a state of a hedge, that `hubopt map` cannot make."""


def console() -> Console:
    """Return a console on standard output; piped output keeps a readable width."""
    out = Console(soft_wrap=False, highlight=False, markup=False)
    return out if out.is_terminal else Console(width=PLAIN_WIDTH, highlight=False, markup=False)


def said(text: Text) -> str:
    """Return a text in the language of this run."""
    return text.in_language(language_from_environment())


def line(text: Text) -> None:
    """Print one sentence, whole, however long."""
    print(printable(said(text)))


def done(record: Mapping[str, object], text: Text, *, as_json: bool) -> None:
    """Print that something was written, in words or as JSON."""
    if as_json:
        as_json_text(record)
    else:
        line(text)


def warnings(texts: Iterable[Text]) -> None:
    """Print on standard error what a planner should know besides the plan."""
    for text in texts:
        sys.stderr.write(printable(said(text)) + "\n")


def as_json_text(value: object) -> None:
    """Print a value as JSON in which Chinese stays readable."""
    print(json.dumps(value, ensure_ascii=False, indent=2, sort_keys=False, allow_nan=False))


def grid(title: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table; all columns but the first are numbers and stand to the right."""
    table = Table(title=title or None, title_justify="left", box=None, pad_edge=False)
    for here, head in enumerate(heads):
        table.add_column(head, justify="right" if here else "left")
    for row in rows:
        table.add_row(*(str(cell) for cell in row))
    console().print(table)


def findings(error: InputError, *, as_json: bool) -> None:
    """Print everything wrong with an input, one line each."""
    language = language_from_environment()
    if as_json:
        rows = [
            {
                "code": found.code,
                "file": found.file,
                "sheet": found.sheet,
                "row": found.row,
                "column": found.column,
                "cell": found.cell,
                "value": found.value,
                "reason": said(found.reason),
                "remedy": said(found.remedy),
                "nearest": found.nearest,
            }
            for found in error.findings
        ]
        as_json_text({"valid": False, "findings": rows})
        return
    for found in error.findings:
        print(printable(found.in_language(language)))
    count = len(error.findings)
    line(Text(f"{count} to mend; nothing was written.", f"共 {count} 处需要修改，未写入任何文件。"))


def instance(instance: Instance, drawn: Iterable[Text], *, as_json: bool) -> None:
    """Print the size of a checked instance and what to know before solving it."""
    from hubopt.instance.capacity_notes import capacity_notes  # noqa: PLC0415

    notes = [said(note) for note in (*drawn, *capacity_notes(instance))]
    sizes = {
        Text("stages", "阶段"): len(instance.settings.stages),
        Text("places", "地点"): len(instance.places),
        Text("sites", "设施"): len(instance.sites),
        Text("links", "线路"): len(instance.links),
        Text("services", "班列航班"): len(instance.services),
        Text("products", "产品"): len(instance.products),
        Text("shipments", "运输需求"): len(instance.demand),
    }
    if as_json:
        counts = {text.en: number for text, number in sizes.items()}
        as_json_text({"valid": True, "instance": instance.settings.name, **counts, "notes": notes})
        return
    counted = ", ".join(f"{said(text)} {number:,}" for text, number in sizes.items())
    print(f"{instance.settings.name}: {counted}")
    for note in notes:
        print(printable(note))
    line(Text("no problem found", "未发现问题"))


def answer(
    instance: Instance, result: Answer, folder: Path, seconds: float, *, as_json: bool
) -> None:
    """Print what a plan says, that it was verified, and where it lies."""
    from hubopt.cli import plan_view  # noqa: PLC0415

    if as_json:
        as_json_text(plan_view.as_record(instance, result, folder, seconds))
    else:
        plan_view.print_answer(instance, result, folder, seconds)


def verification(result: Verification, changed: Sequence[str], *, as_json: bool) -> None:
    """Print each check with what it looked at, every violation, and files that were changed."""
    if as_json:
        as_json_text({**json.loads(result.to_json()), "changed_files": list(changed)})
        return
    yes, no = said(Text("holds", "成立")), said(Text("BROKEN", "不成立"))
    grid(
        "",
        [
            said(Text("check", "核验项")),
            said(Text("looked at", "检查数")),
            said(Text("result", "结果")),
        ],
        [(check.name, f"{check.count:,}", yes if check.passed else no) for check in result.checks],
    )
    for violation in result.violations:
        print(printable(f"{violation.check}: {said(violation.message)}"))
    for name in changed:
        line(of_changed(name))
    line(result.note)
    if result.passed and changed:
        line(Text("every check holds, but files were changed", "全部核验项成立，但文件有改动"))
    elif result.passed:
        line(Text("every check holds", "全部核验项成立"))
    else:
        names = ", ".join(sorted({violation.check for violation in result.violations}))
        line(Text(f"the plan does not hold: {names}", f"方案不成立：{names}"))


def of_changed(name: str) -> Text:
    """Return what to do about a file that is not as it was written."""
    if name.rpartition("/")[2] in MADE_BY_SOLVE:
        return Text(
            f"{name}: is missing or not as hubopt wrote it; restore it, or solve the instance"
            " again",
            f"{name}：缺失或与写入时不同；请恢复该文件，或重新求解算例",
        )
    return Text(
        f"{name}: is missing or not as hubopt wrote it; keep what you need of it elsewhere, remove"
        " it and run hubopt map, which writes it anew",
        f"{name}：缺失或与写入时不同；请另存所需内容并移走它，再运行 hubopt map 重新写出",
    )


def model(descriptions: Sequence[Description], *, as_json: bool) -> None:
    """Print sentence, formula, unit, source and size of each part of the model."""
    if as_json:
        rows = [
            {
                "name": part.name,
                "kind": part.kind,
                "sentence": said(part.sentence),
                "formula": part.formula,
                "unit": part.unit,
                "rows": part.rows,
                "source": None if part.source is None else said(part.source),
            }
            for part in descriptions
        ]
        as_json_text(rows)
        return
    for part in descriptions:
        size = "" if part.rows is None else f"  [{part.rows:,}]"
        print(f"{part.name}  ({part.kind}, {part.unit}){size}")
        print(f"  {said(part.sentence)}")
        print(f"  {part.formula}")
        if part.source is not None:
            print(f"  {said(part.source)}")


def document(text: str, *, as_json: bool) -> None:
    """Print a Markdown document as it is, or as one JSON value."""
    if as_json:
        as_json_text({"markdown": text})
    else:
        print(text, end="")


def dictionary(*, as_json: bool) -> int:
    """Print every table and column with type, unit and meaning."""
    from hubopt.instance.schema import dictionary_rows  # noqa: PLC0415

    language = language_from_environment()
    if as_json:
        heads = ("table", "column", "type", "unit", "meaning")
        as_json_text([dict(zip(heads, row, strict=True)) for row in dictionary_rows(language)])
        return 0
    for row in dictionary_rows(language):
        print("\t".join(row))
    return 0
