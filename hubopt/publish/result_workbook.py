"""A result as one Excel workbook: what it is, every table of it, and its verification.

The cells are those of `tables/*.csv`; a number is a number, and a text of a planner stays a text.
"""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING, Any

from hubopt.plan.plan import ALL_ROUTES_BASIS, GAP_BASIS
from hubopt.publish import manifest as manifests
from hubopt.publish import refusals
from hubopt.publish.head_words import SHEETS, WORDS, head
from hubopt.publish.load import PLAN
from hubopt.publish.spread import Sheet, unsafe
from hubopt.publish.words import STATUSES
from hubopt.text import Language, Text
from hubopt.units import FEN_PER_CNY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from hubopt.plan.plan import Plan
    from hubopt.publish.spread import Cell

    About = tuple[Text, Cell | Text, str]
    """What is said of a result, its value, and the unit."""

VERIFICATION = "verification.json"
NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]{1,6})?")
"""A number as tables are written; 007 and 1E5 are texts."""

NOT_SHOWN = frozenset({
    "format", "program", "instance", "scenario", "status", "language", "outputs", "contents",
})  # fmt: skip
"""Keys of the manifest that say nothing more, or only of the other files."""

YES, NO = Text("yes", "是"), Text("no", "否")
BASES = {
    GAP_BASIS: Text(GAP_BASIS, "相对于所列路径下界的差距"),
    ALL_ROUTES_BASIS: Text(ALL_ROUTES_BASIS, "相对于全部路径下界的差距"),
}
"""What a gap means, in both languages."""

NAMED = frozenset({
    "site", "place", "product", "shipment", "service", "origin", "destination", "region", "where",
    "what", "element", "module", "modules", "path", "from_place", "to_place", "site_or_place",
    "to_place_or_function", "vehicle_class", "line", "id", "parameter", "state", "basis", "note",
    "name_en", "name_zh", "instance", "lever",
})  # fmt: skip
"""Columns of names given by planners, which stay texts though all of them be digits."""


def result_workbook(folder: Path, language: Language) -> bytes:
    """Return a result as the bytes of a workbook, the same for the same result.

    Raises `InputError` if the folder holds no result, none of its tables, or one that is broken.
    """
    from hubopt.publish.workbook import workbook_bytes  # noqa: PLC0415  (loads on use)

    record = manifests.read_manifest(folder)
    if record is None:
        raise refusals.no_result(folder, manifests.NAME)
    tables = sorted(tables_in(folder), key=lambda sheet: order(sheet.name))
    if not tables:
        raise refusals.no_tables(folder)
    sheets = [about(folder, record, language), *tables, *verification(folder)]
    heads = {column: head(column) for sheet in sheets for column in sheet.columns}
    if language is Language.ZH:
        sheets = [in_words(sheet) for sheet in sheets]
    return workbook_bytes(sheets, language, SHEETS, heads)


def order(name: str) -> tuple[int, str]:
    """Return where a table stands in the workbook; those of no known name come last."""
    known = list(SHEETS)
    return (known.index(name) if name in known else len(known), name)


def tables_in(folder: Path) -> Iterator[Sheet]:
    """Yield every table of a result as it was written; those of a hedge lie in its folder."""
    for file in sorted([*(folder / "tables").glob("*.csv"), *folder.glob("*.csv")]):
        try:
            text = file.read_bytes().decode("utf-8-sig")
            lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise refusals.broken_table(file, str(error)) from error
        if not lines or any(len(line) != len(lines[0]) for line in lines):
            raise refusals.broken_table(file, "rows and heading differ in length")
        yield typed(file.stem, lines)


def typed(name: str, lines: list[list[str]]) -> Sheet:
    """Return a table whose columns of numbers hold numbers."""
    columns, rows = lines[0], lines[1:]
    numeric = [
        column not in NAMED and all(not row[here] or NUMBER.fullmatch(row[here]) for row in rows)
        for here, column in enumerate(columns)
    ]
    cells = (
        tuple(cell(text, number) for text, number in zip(row, numeric, strict=True)) for row in rows
    )
    return Sheet(name, tuple(columns), tuple(cells))


def cell(text: str, number: bool) -> Cell:  # noqa: FBT001  (called for every cell)
    """Return a cell of a table as it was before it was written."""
    if not text:
        return None
    if not number:
        return unsafe(text)
    return float(text) if "." in text else int(text)


def about(folder: Path, record: Mapping[str, Any], language: Language) -> Sheet:
    """Return what a result is: instance, scenario, costs, gap, and how it was found."""
    rows = [*plan_rows(folder), *run_rows(record)]
    lines = tuple(
        (said.in_language(language), spoken(value, language), unit) for said, value, unit in rows
    )
    return Sheet("about", ("item", "value", "unit"), lines)


def spoken(value: Cell | Text, language: Language) -> Cell:
    """Return a value of the sheet about, a sentence in the language."""
    return value.in_language(language) if isinstance(value, Text) else value


def plan_rows(folder: Path) -> Iterator[About]:
    """Yield what a plan says of itself; nothing for a result that is no plan."""
    from hubopt.plan.store import from_json  # noqa: PLC0415  (loads on use)

    file = folder / PLAN
    if not file.is_file():
        return
    try:
        plan = from_json(file.read_bytes().decode(), file=str(file))
    except (OSError, UnicodeDecodeError) as error:
        raise refusals.no_result(folder, PLAN) from error
    yield Text("instance", "算例"), plan.instance, ""
    yield Text("scenario", "情景"), plan.scenario, ""
    yield Text("status", "状态"), STATUSES.get(plan.status, plan.status.value), ""
    yield Text("verified", "是否通过核验"), passed(folder), ""
    yield Text("cost, present value", "成本现值"), plan.objective_fen / FEN_PER_CNY, "CNY"
    bound = None if plan.bound_fen is None else plan.bound_fen / FEN_PER_CNY
    yield Text("bound, present value", "下界现值"), bound, "CNY"
    yield Text("gap", "差距"), plan.gap, "share"
    yield Text("what the gap means", "差距含义"), BASES.get(plan.gap_basis, plan.gap_basis), ""
    yield from co2e_rows(plan)
    for en, zh in zip(plan.notes[::2], plan.notes[1::2], strict=False):
        yield Text("note", "说明"), Text(en, zh), ""


def co2e_rows(plan: Plan) -> Iterator[About]:
    """Yield the yearly emissions of each stage."""
    for stage, kg in sorted(plan.co2e_wtw_kg.items()):
        yield Text(f"CO2e well-to-wheel {stage}", f"CO2e 全生命周期 {stage}"), kg, "kg/year"
    for stage, kg in sorted(plan.co2e_ttw_kg.items()):
        yield Text(f"CO2e tank-to-wheel {stage}", f"CO2e 使用阶段 {stage}"), kg, "kg/year"


def run_rows(record: Mapping[str, Any]) -> Iterator[About]:
    """Yield what the manifest says of the run, one value a row, keys as in the file."""
    for key, value in record.items():
        if key in NOT_SHOWN:
            continue
        unit = "s" if key == "timings" else ""
        for name, one in flat(key, value):
            yield Text(name, name), one, unit


def flat(key: str, value: object) -> Iterator[tuple[str, Cell | Text]]:
    """Yield the values in a value of JSON, each with the keys that lead to it."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from flat(f"{key}.{name}", inner)
    elif isinstance(value, list):
        yield key, ", ".join(str(inner) for inner in value)
    elif isinstance(value, bool) or value is None:
        yield key, None if value is None else (YES if value else NO)
    else:
        yield key, value if isinstance(value, int | float) else str(value)


def passed(folder: Path) -> Text:
    """Return whether every check holds, as the result says."""
    checks = checks_of(folder)
    return YES if checks and not any(broken for _, _, broken in checks) else NO


def verification(folder: Path) -> Iterator[Sheet]:
    """Yield the table of the checks that a plan was put to; nothing where there were none."""
    checks = checks_of(folder)
    if checks:
        yield Sheet("verification", ("check", "looked_at", "broken"), tuple(checks))


def checks_of(folder: Path) -> list[tuple[str, int, int]]:
    """Return the checks in a result: name, how many things were looked at, how many do not hold."""
    file = folder / VERIFICATION
    if not file.is_file():
        return []
    try:
        found = json.loads(file.read_bytes())["checks"]
        return [(str(c["name"]), int(c["looked_at"]), int(c["broken"])) for c in found]
    except (OSError, ValueError, TypeError, LookupError, RecursionError) as error:
        raise refusals.broken_table(file, str(error)) from error


def in_words(sheet: Sheet) -> Sheet:
    """Return a table whose fixed words are in Chinese."""
    words = [WORDS.get(column, {}) for column in sheet.columns]
    rows = tuple(
        tuple(
            known[value].zh if isinstance(value, str) and value in known else value
            for known, value in zip(words, row, strict=True)
        )
        for row in sheet.rows
    )
    return Sheet(sheet.name, sheet.columns, rows)
