"""`hubopt compare`: verified results side by side, as tables, as CSV and as JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hubopt.cli import show
from hubopt.cli.own_rules import unverified
from hubopt.cli.solving import option_finding
from hubopt.cli.verified_result import marginals_of, refuse_broken
from hubopt.cli.work import OK
from hubopt.errors import Finding, InputError
from hubopt.text import Text, language_from_environment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from hubopt.instance.tables import Instance
    from hubopt.publish.spread import Sheet
    from hubopt.study.compare import Comparison
    from hubopt.study.compare_facts import Background, Facts

JSON_NAME, MAP_NAME, BOOK_NAME = "compare.json", "compare.gpkg", "compare.xlsx"


@dataclass(frozen=True, slots=True)
class CompareRequest:
    """The options of `hubopt compare` as given; the first result is the base.

    `instances` is empty, one folder for all results, or one for each.
    """

    results: tuple[Path, ...]
    instances: tuple[Path, ...]
    out: Path | None
    encoding: str | None
    json: bool
    base: str | None = None


def compare(request: CompareRequest) -> int:
    """Verify every result, compare them with the first, write files if asked, and show it all."""
    from hubopt.cli.compare_view import show_all  # noqa: PLC0415  (each loads on use)
    from hubopt.cli.nearness import by_chance  # noqa: PLC0415
    from hubopt.publish.compare_tables import as_record, sheets  # noqa: PLC0415
    from hubopt.study.compare import compare as side_by_side  # noqa: PLC0415
    from hubopt.study.compare import refuse_too_few  # noqa: PLC0415

    request = sorted_out(request)
    refuse_too_few(len(request.results))
    homes = instances_of(request)
    if request.out is not None:
        refuse_result(request.out)
    reader = Reader(request.encoding)
    results = [
        measured(folder, home, reader) for folder, home in zip(request.results, homes, strict=True)
    ]
    found = side_by_side([facts for facts, _ in results])
    if request.out is not None or request.json:
        tables = sheets(found)
        record = as_record(found, tables)
        if request.out is not None:
            written(request.out, found, tables, record, [where for _, where in results])
        if request.json:
            show.as_json_text(record)
            return OK
    for note in by_chance(request.results):
        show.line(note)
    show_all(found)
    if request.out is not None:
        show.line(Text(f"all figures are in {request.out}", f"全部数字已写入 {request.out}"))
    return OK


def sorted_out(request: CompareRequest) -> CompareRequest:
    """Return what is asked with the base first and without what is no result, and say so."""
    from hubopt.cli.given_results import (  # noqa: PLC0415  (loads on use)
        base_first,
        results_among,
        spread_out,
    )

    found, notes = results_among(request.results)
    given = zip(request.results, instances_of(request), strict=True)
    homes = {one: home for folder, home in given for one in spread_out(folder)}
    show.warnings(notes)
    results, notes = base_first(found, request.base)
    show.warnings(notes)
    there = tuple(home for folder in results if (home := homes[folder]) is not None)
    return replace(request, results=tuple(results), instances=there)


def instances_of(request: CompareRequest) -> tuple[Path | None, ...]:
    """Return where the instance of each result is said to lie, `None` to ask the result."""
    given, wanted = request.instances, len(request.results)
    if not given:
        return (None,) * wanted
    if len(given) == 1:
        return given * wanted
    if len(given) != wanted:
        reason = Text(
            f"is given {len(given)} times for {wanted} results; give it once, or once for each",
            f"共有 {wanted} 个结果，却给出 {len(given)} 次；请只给一次，或每个结果各给一次",
        )
        raise InputError([option_finding("--instance", str(given[-1]), reason)])
    return given


class Reader:
    """Reads instances in scenarios; the instance of several results is read once."""

    def __init__(self, encoding: str | None) -> None:
        """Take the encoding of the files, `None` to find out."""
        self.encoding = encoding
        self.plain: dict[Path, Instance] = {}

    def instance(self, where: Path, scenario: str) -> tuple[Instance, Background]:
        """Return an instance in a scenario, and what the scenario wrote over it."""
        from hubopt.instance.overlay_trace import trace  # noqa: PLC0415  (each loads on use)
        from hubopt.instance.read import read  # noqa: PLC0415
        from hubopt.instance.scenario import BASE, overlaid, read_scenarios  # noqa: PLC0415
        from hubopt.study.compare_facts import Background  # noqa: PLC0415

        if where not in self.plain:
            self.plain[where] = read(where, encoding=self.encoding)
        plain = self.plain[where]
        instance = overlaid(where, scenario, plain)
        if scenario == BASE:
            return instance, Background(plain, {})
        told = read_scenarios(where, [scenario])[scenario]
        return instance, Background(plain, trace(plain, told))


def measured(folder: Path, home: Path | None, reader: Reader) -> tuple[Facts, Path]:
    """Return the figures of a result, and where its instance lies.

    Raises `ViolationError` if its plan does not hold.
    """
    from hubopt.plan.verify import verify  # noqa: PLC0415  (each loads on use)
    from hubopt.publish.compare_figures import more_figures  # noqa: PLC0415
    from hubopt.publish.refusals import shown  # noqa: PLC0415
    from hubopt.publish.results import load_result  # noqa: PLC0415
    from hubopt.study.compare_facts import facts_of  # noqa: PLC0415

    show.warnings(unverified(folder))
    plan, where = load_result(folder, home)
    instance, background = reader.instance(where, plan.scenario)
    refuse_broken(folder, verify(instance, plan))
    facts = facts_of(
        shown(folder), instance, plan, more_figures(instance, plan), background=background,
        marginals=marginals_of(folder),
    )  # fmt: skip
    return facts, where


def refuse_result(out: Path) -> None:
    """Raise `InputError` if files would be written into a result, which holds hubopt's own."""
    from hubopt.publish.manifest import inside_a_result  # noqa: PLC0415  (each loads on use)
    from hubopt.publish.refusals import shown  # noqa: PLC0415

    if not inside_a_result(out / JSON_NAME):
        return
    reason = Text(
        "holds a result of hubopt; nothing was written", "是一个结果文件夹；未写入任何文件"
    )
    remedy = Text("choose another folder with -o", "请用 -o 另选文件夹")
    raise InputError([Finding(shown(out), reason, remedy, column="-o", code="CMP03")])


def written(
    out: Path,
    found: Comparison,
    tables: Sequence[Sheet],
    record: Mapping[str, object],
    folders: Sequence[Path],
) -> None:
    """Write tables, workbook, JSON and map layers, all of them or none.

    `folders` hold the instances, for the lines of the map.
    """
    from hubopt.publish.compare_book import book  # noqa: PLC0415  (each loads on use)
    from hubopt.publish.compare_layers import package  # noqa: PLC0415
    from hubopt.publish.results import told_in_words  # noqa: PLC0415
    from hubopt.publish.spread import csv_bytes  # noqa: PLC0415
    from hubopt.study.whole_files import write_together  # noqa: PLC0415

    language = language_from_environment()
    files = {f"{sheet.name}.csv": csv_bytes(sheet) for sheet in tables}
    text = json.dumps(record, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    files[JSON_NAME] = text.encode()
    with told_in_words(out):
        files[BOOK_NAME] = book(found, tables, language)
        files[MAP_NAME] = package(found, folders, language)
        write_together(out, files)
