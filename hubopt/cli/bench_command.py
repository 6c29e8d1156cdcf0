"""The command line of `hubopt bench`; texts in the language of this run."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  (read when the command is made)
from typing import Annotated

from cyclopts import Parameter

from hubopt.cli import benching
from hubopt.cli.options import AsJson, Lang, Quiet
from hubopt.cli.say import say

HELP = say(
    "Solve public benchmark instances and lay each beside its published optimum.",
    "求解公开基准算例，并与已发表的最优值对照。",
)


def bench(
    family: Annotated[
        str,
        Parameter(help=say(f"family: {benching.names()}", f"算例族：{benching.names()}")),
    ],
    folder: Annotated[
        Path,
        Parameter(
            help=say(
                "folder with files of the family, plain or .gz, and best_known.csv in it or above",
                "存放该族文件（可为 .gz）的文件夹；best_known.csv 放在其中或上一级",
            )
        ),
    ],
    *,
    time: Annotated[
        float, Parameter(help=say("limit in seconds of each case", "每个算例的时限（秒）"))
    ] = 60.0,
    gap: Annotated[
        float,
        Parameter(
            help=say(
                "relative gap at which to stop; 0 proves", "停止的相对差距；0 表示求到证明最优"
            )
        ),
    ] = 0.0,
    only: Annotated[
        tuple[str, ...],
        Parameter(help=say("this case only; may be repeated", "只求解该算例，可重复")),
    ] = (),
    write: Annotated[
        Path | None,
        Parameter(
            help=say(
                "solve nothing: write each case as an instance folder into this one",
                "不求解：把每个算例写成此目录下的算例文件夹",
            )
        ),
    ] = None,
    general: Annotated[
        bool,
        Parameter(
            negative=(),
            help=say(
                "solve cases of siting with one stop as any other instance, not by decomposition",
                "把单次停靠选址的算例当作普通算例求解，不用分解算法",
            ),
        ),
    ] = False,
    quiet: Quiet = False,
    json: AsJson = False,
    lang: Lang = "en",  # noqa: ARG001  (read before)
) -> int:
    """Run a family."""
    return benching.bench(
        benching.BenchRequest(family, folder, time, gap, only, write, general, quiet, json)
    )
