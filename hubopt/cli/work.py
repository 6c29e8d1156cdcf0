"""What each command does: ask the rooms in order, hand the answer to `show`, return the code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.cli import show
from hubopt.cli.own_rules import unverified
from hubopt.errors import InputError
from hubopt.text import Text, language_from_environment

if TYPE_CHECKING:
    from pathlib import Path

    from hubopt.instance.tables import Instance
    from hubopt.problem.problem import Problem

OK, BROKEN, INTERRUPTED = 0, 1, 130


def new(folder: Path, *, excel: bool, as_json: bool) -> int:
    """Write a template instance into an empty or new folder, as tables or as a workbook.

    The folder of a workbook that was given by its own name is called as it, without the ending.
    """
    from hubopt.instance import template  # noqa: PLC0415

    if excel and folder.suffix.lower() == ".xlsx":
        folder = folder.with_suffix("")
    record = {"folder": str(folder)}
    made = folder
    if excel:
        made = template.new_workbook(folder)
        record["workbook"] = str(made)
    else:
        template.new(folder)
    words = Text(
        f"wrote a template to {made}: fill in its tables, then run: hubopt check {made}",
        f"模板已写入 {made}：填写表格后运行 hubopt check {made}",
    )
    show.done(record, words, as_json=as_json)
    return OK


def loaded(folder: Path, encoding: str | None, scenario: str = "base") -> Instance:
    """Return the checked instance in `folder`, as it is in a scenario."""
    from hubopt.instance.read import read  # noqa: PLC0415
    from hubopt.instance.scenario import overlaid  # noqa: PLC0415

    return overlaid(folder, scenario, read(folder, encoding=encoding))


def check(
    folder: Path, *, encoding: str | None, as_json: bool, scenarios: tuple[str, ...] = ()
) -> int:
    """Report everything wrong with an instance, or its size and what to know up front."""
    from hubopt.cli.scenarios import check_all  # noqa: PLC0415
    from hubopt.publish.boundaries import read_boundaries  # noqa: PLC0415
    from hubopt.publish.datum_notes import datum_notes  # noqa: PLC0415
    from hubopt.publish.shapes import read_geometry  # noqa: PLC0415

    try:
        instance = loaded(folder, encoding)
        if scenarios:
            return check_all(folder, instance, scenarios, as_json=as_json)
        drawn = read_geometry(folder, instance)
        boundaries = read_boundaries(folder, instance)
    except InputError as error:
        show.findings(error, as_json=as_json)
        return InputError.exit_code
    of_map = () if boundaries is None else boundaries.notes
    notes = (*datum_notes(instance), *drawn.notes, *of_map)
    show.instance(instance, notes, as_json=as_json)
    return OK


def draw(folder: Path, instance_folder: Path | None, *, encoding: str | None, as_json: bool) -> int:
    """Verify a result and draw its tables and maps anew, in the language of this run."""
    from hubopt.publish.results import load_result, redraw  # noqa: PLC0415

    plan, where = load_result(folder, instance_folder)
    redraw(folder, loaded(where, encoding, plan.scenario), where, language_from_environment())
    words = Text(f"wrote tables and maps to {folder}", f"表格与地图已写入 {folder}")
    show.done({"folder": str(folder)}, words, as_json=as_json)
    return OK


def verify(
    folder: Path, instance_folder: Path | None, *, encoding: str | None, as_json: bool
) -> int:
    """Recompute a written plan from its instance and say what holds and what does not."""
    from hubopt.plan.verify import verify as recompute  # noqa: PLC0415
    from hubopt.publish.edits import changed_files  # noqa: PLC0415
    from hubopt.publish.hedge_results import is_hedge  # noqa: PLC0415
    from hubopt.publish.results import load_result  # noqa: PLC0415

    if is_hedge(folder):
        from hubopt.cli import hedging  # noqa: PLC0415

        return hedging.verify(folder, instance_folder, encoding=encoding, as_json=as_json)
    plan, where = load_result(folder, instance_folder)
    verification = recompute(loaded(where, encoding, plan.scenario), plan)
    changed = changed_files(folder)
    show.verification(verification, changed, as_json=as_json)
    show.warnings(unverified(folder))
    return OK if verification.passed and not changed else BROKEN


def describe(folder: Path | None, *, markdown: bool, encoding: str | None, as_json: bool) -> int:
    """Print the model's constraints and cost terms, with sizes if an instance is given."""
    from hubopt.model.describe import describe as describe_model  # noqa: PLC0415
    from hubopt.model.document import document  # noqa: PLC0415

    problem = None if folder is None else problem_of(loaded(folder, encoding))
    if markdown:
        show.document(document(language_from_environment(), problem), as_json=as_json)
    else:
        show.model(describe_model(problem), as_json=as_json)
    return OK


def problem_of(instance: Instance) -> Problem:
    """Return the problem of an instance over its listed routes."""
    from hubopt.network.routes import list_routes  # noqa: PLC0415
    from hubopt.problem.build import build_problem  # noqa: PLC0415

    return build_problem(instance, list_routes(instance))
