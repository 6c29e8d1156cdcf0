"""The command line of `hubopt report`; texts in the language of this run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from hubopt.cli import reporting
from hubopt.cli.options import AsJson, Base, Encoding, Instances, Lang
from hubopt.cli.say import say

HELP = say(
    "Put results on one page that opens anywhere: map, charts, tables, scenarios to switch.",
    "把结果写成一个随处可打开的网页：地图、图表、表格，情景可切换。",
)


def report(
    *results: Annotated[
        Path,
        Parameter(
            help=say(
                "folders of results of one instance, the base first", "同一算例的结果，基准在前"
            )
        ),
    ],
    instance: Instances = (),
    out: Annotated[
        Path,
        Parameter(name=["--out", "-o"], help=say("file to write", "输出文件")),
    ] = Path("report.html"),
    base: Base = None,
    encoding: Encoding = None,
    json: AsJson = False,
    lang: Lang = "en",  # noqa: ARG001  (read before)
) -> int:
    """Write a page."""
    return reporting.report(reporting.ReportRequest(results, instance, out, encoding, json, base))
