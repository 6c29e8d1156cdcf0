"""The command line of `hubopt compare`; texts in the language of this run."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  (cyclopts reads the types)
from typing import Annotated

from cyclopts import Parameter

from hubopt.cli import comparing
from hubopt.cli.options import AsJson, Base, Encoding, Instances, Lang
from hubopt.cli.say import say

HELP = say(
    "Compare results, the first is the base: cost, time, CO2e, modes, sites; what a policy costs.",
    "对比多个结果（首个为基准）：成本、时间、排放、运输方式与设施；政策的代价。",
)


def compare(
    *results: Annotated[
        Path, Parameter(help=say("folders of results, the base first", "结果文件夹，基准在前"))
    ],
    instance: Instances = (),
    base: Base = None,
    out: Annotated[
        Path | None,
        Parameter(
            name=["--out", "-o"],
            help=say(
                "write tables, a workbook, JSON and map layers here",
                "表格、工作簿、JSON 与地图图层写到此目录",
            ),
        ),
    ] = None,
    encoding: Encoding = None,
    json: AsJson = False,
    lang: Lang = "en",  # noqa: ARG001  (read before)
) -> int:
    """Compare results."""
    return comparing.compare(comparing.CompareRequest(results, instance, out, encoding, json, base))
