"""The command line of `hubopt pareto`; texts in the language of this run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from hubopt.cli import tracing
from hubopt.cli.options import AsJson, Encoding, Lang, Quiet
from hubopt.cli.say import say
from hubopt.cli.whole import WHOLE

HELP = say(
    "Trade cost against CO2e: the cheapest plan, the one that emits least, and plans between.",
    "成本与排放的权衡：成本最低、排放最低及其间的方案。",
)


def pareto(
    instance: Annotated[Path, Parameter(help=say("folder of the instance", "算例文件夹"))],
    *,
    points: Annotated[
        int, WHOLE, Parameter(help=say("points, both ends among them", "点数，含两端"))
    ] = 6,
    stage: Annotated[
        int | None,
        WHOLE,
        Parameter(help=say("cap this stage alone, by its year", "只限制该阶段（年份）的排放")),
    ] = None,
    gap: Annotated[
        float | None,
        Parameter(help=say("relative gap of each point", "每点的相对差距")),
    ] = None,
    time: Annotated[
        float | None, Parameter(help=say("limit in seconds of each point", "每点的时限（秒）"))
    ] = None,
    out: Annotated[
        Path,
        Parameter(
            name=["--out", "-o"],
            help=say("where results go: OUT/<instance>/pareto", "结果：OUT/<算例>/pareto"),
        ),
    ] = Path("results"),
    encoding: Encoding = None,
    quiet: Quiet = False,
    json: AsJson = False,
    lang: Lang = "en",  # noqa: ARG001  (read before)
) -> int:
    """Trace the curve."""
    return tracing.pareto(
        tracing.ParetoRequest(instance, points, stage, gap, time, out, encoding, quiet, json)
    )
