"""`python -m benchmarks`: run the sections, write their CSV files, then charts and the page."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import results, sections, sizes
from hubopt.cli.say import say

if TYPE_CHECKING:
    from benchmarks.results import Row
    from benchmarks.spec import Task

PAGE = "page"
KNOWN = (*sections.SECTIONS, *sections.LONG, PAGE)


def parser() -> argparse.ArgumentParser:
    """Return what reads the command line."""
    made = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description=say(
            "Side-by-side runs of hubopt and other ways to model and solve.",
            "hubopt 与其他建模、求解方式的对照运行。",
        ),
    )
    made.add_argument(
        "section", nargs="*", metavar="|".join(KNOWN),
        help=say(
            "sections to run; without any all but multimodal, scenario, instances and families,"
            " which take long; page only writes docs/performance.md anew",
            "要运行的部分；不写则运行除 multimodal、scenario、instances、families（耗时长）"
            "以外的全部；page 只重写 docs/performance.md",
        ),
    )  # fmt: skip
    made.add_argument(
        "--quick", action="store_true",
        help=say("small sizes, a few minutes; results go to results/quick",
                 "小规模，几分钟；结果写入 results/quick"),
    )  # fmt: skip
    made.add_argument(
        "--case", action="append", default=[], metavar="CASE",
        help=say("only this case of the sections, its rows in place of earlier ones; repeatable",
                 "只运行该算例，并替换其先前的行；可重复"),
    )  # fmt: skip
    made.add_argument(
        "--out", type=Path,
        help=say("another folder for the CSV files; no page is written then",
                 "CSV 文件的其他目录；此时不写页面"),
    )  # fmt: skip
    return made


def heard(task: Task, rows: list[Row]) -> None:
    """Print one line for each run."""
    row = rows[0]
    spent = "" if row.seconds is None else f"{row.seconds:10.3f} s"
    gap = "" if row.gap is None else f"  gap {100 * row.gap:.3f} %"
    note = f"  {row.note}" if row.note else ""
    line = f"{task.section:9} {row.case:28} {row.method:11} {row.repeat} {spent} {row.status}"
    sys.stdout.write(f"{line}{gap}{note}\n")
    sys.stdout.flush()


def main(words: list[str]) -> int:
    """Run what was asked for."""
    asked = parser().parse_args(words)
    for section in asked.section:
        if section not in KNOWN:
            known = ", ".join(KNOWN)
            parser().error(
                say(f'"{section}" is no section; write one of {known}',
                    f"没有“{section}”这一部分；请写下列之一：{known}")
            )  # fmt: skip
    size = sizes.QUICK if asked.quick else sizes.FULL
    folder = asked.out or (results.FOLDER / results.QUICK if asked.quick else results.FOLDER)
    for section in asked.section or sections.SECTIONS:
        if section != PAGE:
            try:
                sections.run(section, size, folder, heard, asked.case)
            except sections.NoSuchCaseError as error:
                parser().error(str(error))
    if asked.out is None:
        from benchmarks.page import write_page  # noqa: PLC0415  (loads on use)

        for path in write_page():
            sys.stdout.write(f"{path}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
