"""The command line of `hubopt solve`; texts in the language of this run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from hubopt.cli import scenarios, solving
from hubopt.cli.options import (
    AllRoutes,
    AsJson,
    Encoding,
    Folder,
    Lang,
    OwnRulesFile,
    Quiet,
    Warm,
    WhichEngine,
)
from hubopt.cli.say import say
from hubopt.cli.whole import WHOLE
from hubopt.vocabulary import Engine

HELP = say(
    "Solve an instance: a verified plan, tables and a map.",
    "求解算例：得到经核验的方案、表格与地图。",
)

Every = Annotated[
    bool,
    Parameter(
        name="--all",
        negative=(),
        help=say("base and all scenarios of the folder", "base 与文件夹中的全部情景"),
    ),
]
Jobs = Annotated[
    int | None,
    WHOLE,
    Parameter(
        help=say(
            "of several scenarios so many at a time; unless stated, as cores and memory allow",
            "多个情景时同时求解的个数；不写则按核数与内存",
        )
    ),
]
Again = Annotated[
    bool,
    Parameter(
        negative=(),
        help=say(
            "of several scenarios solve those too whose result is there already",
            "多个情景时，已有结果的也重新求解",
        ),
    ),
]
Out = Annotated[
    Path,
    Parameter(
        name=["--out", "-o"],
        help=say(
            "where results go: a folder for each instance and scenario",
            "结果目录：OUT/<算例>/<情景>",
        ),
    ),
]
Gap = Annotated[
    float | None,
    Parameter(help=say("relative gap at which to stop, e.g. 0.001", "停止的相对差距，如 0.001")),
]
Time = Annotated[
    float | None,
    Parameter(help=say("limit in seconds, up to the plan", "时限（秒），到得出方案为止")),
]
Routes = Annotated[
    int | None,
    WHOLE,
    Parameter(help=say("most routes listed per shipment", "每批货物最多列出的路径数")),
]
Memory = Annotated[
    int, WHOLE, Parameter(help=say("memory of the solver in MB", "求解器内存（MB）"))
]
Seed = Annotated[int, WHOLE, Parameter(help=say("random seed of the solver", "求解器随机种子"))]
Highs = Annotated[
    tuple[str, ...],
    Parameter(
        help=say("a HiGHS option as NAME=VALUE; may be repeated", "HiGHS 选项 NAME=VALUE，可重复")
    ),
]


def solve(
    instance: Folder,
    *,
    scenario: scenarios.Names = (),
    every: Every = False,
    jobs: Jobs = None,
    again: Again = False,
    out: Out = Path("results"),
    gap: Gap = None,
    time: Time = None,
    routes: Routes = None,
    all_routes: AllRoutes = None,
    warm: Warm = None,
    engine: WhichEngine = Engine.AUTO,
    rules: OwnRulesFile = None,
    memory_mb: Memory = 12_000,
    seed: Seed = 0,
    highs: Highs = (),
    encoding: Encoding = None,
    quiet: Quiet = False,
    json: AsJson = False,
    lang: Lang = "en",  # noqa: ARG001  (read before)
) -> int:
    """Solve an instance."""
    names = (scenarios.EVERY,) if every else scenario
    options = solving.SolveRequest(
        instance, out, gap, time, routes, memory_mb, seed, highs, encoding, quiet, json, names,
        all_routes, warm, engine, rules, jobs, again,
    )  # fmt: skip
    return solving.solve(options)
