"""`hubopt report`: verified results of one instance as one page, the base first."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hubopt.cli import show
from hubopt.cli.own_rules import unverified
from hubopt.cli.verified_result import verified_result
from hubopt.cli.work import OK
from hubopt.errors import Finding, InputError
from hubopt.text import Text, language_from_environment

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hubopt.publish.report.side import Side

SUFFIXES = (".html", ".htm")


@dataclass(frozen=True, slots=True)
class ReportRequest:
    """The options of `hubopt report` as given; the first result is the base.

    `instances` is empty, one folder for all results, or one for each.
    """

    results: tuple[Path, ...]
    instances: tuple[Path, ...]
    out: Path
    encoding: str | None
    json: bool
    base: str | None = None


def report(request: ReportRequest) -> int:
    """Verify every result, refuse what does not belong together, and write the page."""
    from hubopt.cli.comparing import CompareRequest, instances_of, sorted_out  # noqa: PLC0415  (each loads on use)
    from hubopt.publish.report import report as page  # noqa: PLC0415
    from hubopt.publish.results import told_in_words  # noqa: PLC0415
    from hubopt.study.whole_files import write_whole  # noqa: PLC0415

    refuse_file(request.out)
    asked = sorted_out(
        CompareRequest(
            request.results, request.instances, None, request.encoding, request.json, request.base
        )
    )
    found = list(zip(asked.results, instances_of(asked), strict=True))
    if not found:
        raise InputError([no_results()])
    sides = [verified(folder, home, request.encoding) for folder, home in found]
    refuse_unlike([folder for folder, _ in found], sides)
    content = page(told_apart([folder for folder, _ in found], sides), language_from_environment())
    with told_in_words(request.out):
        write_whole(request.out, content)
    words = Text(
        f"wrote {request.out} ({len(content) / 1e6:.1f} MB); it opens in any browser",
        f"已写入 {request.out}（{len(content) / 1e6:.1f} MB），可用任何浏览器打开",
    )
    scenarios = [side.plan.scenario for side in sides]
    show.done({"file": str(request.out), "scenarios": scenarios}, words, as_json=request.json)
    return OK


def verified(folder: Path, home: Path | None, encoding: str | None) -> Side:
    """Return a result for the page; raises `ViolationError` if its plan does not hold."""
    from hubopt.publish.report.side import side  # noqa: PLC0415  (loads on use)

    rules = unverified(folder)
    show.warnings(rules)
    found = verified_result(folder, home, encoding)
    return side(found.figures, found.verification, found.instance_folder, tuple(rules))


def refuse_file(file: Path) -> None:
    """Raise `InputError` for a file that is no page, lies in a result, or is the work of others."""
    from hubopt.publish.manifest import inside_a_result  # noqa: PLC0415  (each loads on use)
    from hubopt.publish.refusals import shown  # noqa: PLC0415
    from hubopt.publish.report import is_ours  # noqa: PLC0415

    choose = Text("name another file with -o", "请用 -o 另选文件")
    if file.suffix.lower() not in SUFFIXES:
        reason, code = Text("does not end in .html", "后缀不是 .html"), "CFG03"
    elif inside_a_result(file):
        reason = Text(
            "lies in a result of hubopt, which keeps its own report; nothing was written",
            "位于结果文件夹内，该处报告由 hubopt 自行写出；未写入任何文件",
        )
        code = "REP01"
    elif file.exists() and not is_ours(file):
        reason = Text(
            "is there and not a report of hubopt; nothing was written",
            "已存在且不是 hubopt 的报告；未写入任何文件",
        )
        code = "REP02"
    else:
        return
    raise InputError([Finding(shown(file), reason, choose, column="-o", code=code)])


def no_results() -> Finding:
    """Return the finding for a command line without a result."""
    return Finding(
        "command line",
        Text("no result is named", "未给出结果"),
        Text(
            "write hubopt report RESULT ..., folders that hubopt solve wrote",
            "请写 hubopt report 结果 ...，即 hubopt solve 写出的文件夹",
        ),
        column="RESULT",
        code="REP03",
    )


def refuse_unlike(folders: Sequence[Path], sides: Sequence[Side]) -> None:
    """Raise `InputError` for results of different instances, stages or money, as compare does."""
    from hubopt.publish.refusals import shown  # noqa: PLC0415  (each loads on use)
    from hubopt.study.compare import unlike  # noqa: PLC0415
    from hubopt.study.compare_facts import Facts  # noqa: PLC0415
    from hubopt.study.outcome import outcome_of  # noqa: PLC0415

    if len(sides) < 2:  # noqa: PLR2004  (nothing to be unlike)
        return
    facts = [
        Facts(shown(folder), side.instance, side.plan, outcome_of(side.instance, side.plan), {})
        for folder, side in zip(folders, sides, strict=True)
    ]
    findings = [finding for other in facts[1:] for finding in unlike(facts[0], other)]
    if findings:
        raise InputError(findings)


def told_apart(folders: Sequence[Path], sides: Sequence[Side]) -> list[Side]:
    """Return results with titles that differ: those of one scenario get their folder's name."""
    count = Counter(side.title for side in sides)
    return [
        side
        if count[side.title] == 1
        else replace(side, title=Text(f"{side.title.en} ({name})", f"{side.title.zh}（{name}）"))
        for side, name in zip(sides, map(short, folders), strict=True)
    ]


def short(folder: Path) -> str:
    """Return the end of a path, which tells results of one scenario apart."""
    return "/".join(folder.resolve().parts[-3:])
