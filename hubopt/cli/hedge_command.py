"""The command line of `hubopt hedge`; texts in the language of this run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from hubopt.cli import hedging
from hubopt.cli.options import AsJson, Encoding, Lang, Quiet
from hubopt.cli.say import say
from hubopt.cli.solving import SolveRequest

HELP = say(
    "Hedge: one design for several scenarios by their probability, with expected cost and CVaR.",
    "对冲：按概率兼顾多个情景的设施方案，计期望成本与 CVaR。",
)


Memory = Annotated[int, Parameter(help=say("memory of the solver in MB", "求解器内存（MB）"))]
States = Annotated[
    tuple[str, ...],
    Parameter(
        help=say(
            "a scenario and its probability as NAME=P, repeated; otherwise hedge.toml is read",
            "情景及其概率 名称=P，可重复；不写则读取 hedge.toml",
        )
    ),
]
Level = Annotated[
    float | None,
    Parameter(
        help=say("level of CVaR: 0.9 is the mean of the worst tenth", "CVaR 水平：0.9 即最差的一成")
    ),
]
Weight = Annotated[
    float | None,
    Parameter(
        help=say(
            "weight of CVaR against expected cost, from 0 to 1",
            "CVaR 相对期望成本的权重，0 至 1",
        )
    ),
]
Out = Annotated[
    Path,
    Parameter(
        name=["--out", "-o"],
        help=say("where results go: OUT/INSTANCE/NAME", "结果目录：OUT/<算例>/<名称>"),
    ),
]
Gap = Annotated[
    float | None,
    Parameter(help=say("relative gap at which to stop, e.g. 0.001", "停止的相对差距，如 0.001")),
]
Time = Annotated[
    float | None,
    Parameter(help=say("limit in seconds, up to the plans", "时限（秒），到得出方案为止")),
]
Routes = Annotated[
    int | None,
    Parameter(help=say("most routes listed per shipment", "每批货物最多列出的路径数")),
]


def hedge(
    instance: Annotated[Path, Parameter(help=say("folder of the instance", "算例文件夹"))],
    *,
    state: States = (),
    level: Level = None,
    weight: Weight = None,
    out: Out = Path("results"),
    name: Annotated[
        str, Parameter(help=say("name of the folder of the result", "结果文件夹的名称"))
    ] = hedging.NAME,
    gap: Gap = None,
    time: Time = None,
    routes: Routes = None,
    memory_mb: Memory = 12_000,
    seed: Annotated[int, Parameter(help=say("random seed of the solver", "求解器随机种子"))] = 0,
    encoding: Encoding = None,
    quiet: Quiet = False,
    json: AsJson = False,
    lang: Lang = "en",  # noqa: ARG001  (read before)
) -> int:
    """Hedge."""
    solve = SolveRequest(
        instance, out, gap, time, routes, memory_mb, seed, (), encoding, quiet, json
    )
    return hedging.hedge(hedging.HedgeRequest(solve, state, level, weight, name))
