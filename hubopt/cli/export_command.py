"""The command line of `hubopt export`; texts in the language of this run."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  (cyclopts reads the types)
from typing import Annotated

from cyclopts import Parameter

from hubopt.cli import exporting
from hubopt.cli.options import AsJson, Encoding, Lang
from hubopt.cli.say import say

HELP = say(
    "Write an instance or a result in another format, which the end of the file name says.",
    "把算例或结果写成其他格式，由文件后缀决定。",
)


def export(
    source: Annotated[
        Path, Parameter(help=say("folder of an instance or of a result", "算例或结果文件夹"))
    ],
    file: Annotated[
        Path,
        Parameter(
            help=say(
                "file to write; .lp or .mps: the model of an instance; .xlsx: an instance or a"
                " result as one workbook; a folder: an instance as tables",
                "输出文件；.lp 或 .mps：算例的模型；.xlsx：算例或结果的工作簿；文件夹：算例的表格",
            )
        ),
    ],
    *,
    encoding: Encoding = None,
    json: AsJson = False,
    lang: Lang = "en",  # noqa: ARG001  (read before)
) -> int:
    """Export an instance or a result."""
    return exporting.export(exporting.ExportRequest(source, file, encoding, json))
