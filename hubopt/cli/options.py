"""Options that several commands have, with their help in the language of this run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from hubopt.cli.say import say
from hubopt.vocabulary import Engine

Folder = Annotated[Path, Parameter(help=say("folder of the instance", "算例文件夹"))]
Result = Annotated[Path, Parameter(help=say("folder of a result", "结果文件夹"))]
Lang = Annotated[str, Parameter(help=say("language: en or zh", "语言：en 或 zh"))]
AsJson = Annotated[
    bool, Parameter(name="--json", negative=(), help=say("print JSON", "以 JSON 输出"))
]
Encoding = Annotated[
    str | None, Parameter(help=say("encoding of the tables, e.g. gb18030", "表格编码，如 gb18030"))
]
Quiet = Annotated[bool, Parameter(negative=(), help=say("no progress", "不显示进度"))]
AllRoutes = Annotated[
    bool | None,
    Parameter(
        negative="--listed-routes",
        help=say(
            "consider every route that exists, or those listed alone, as --routes does",
            "考虑全部路径；或仅考虑列出的路径（给出 --routes 时即如此）",
        ),
    ),
]
WhichEngine = Annotated[
    Engine,
    Parameter(
        help=say(
            "what solves it: by size and shape unless stated",
            "求解方法；不写则按规模与结构选择",
        )
    ),
]
Instances = Annotated[
    tuple[Path, ...],
    Parameter(
        help=say(
            "the instance, if it has moved: once for all results, or once for each",
            "算例文件夹（若已移动）：给一次，或按结果各给一次",
        )
    ),
]
Base = Annotated[
    str | None,
    Parameter(
        help=say(
            "the scenario that is the base; unless stated, the first one given",
            "作为基准的情景；不写则为最先给出的一个",
        )
    ),
]
Warm = Annotated[
    Path | None,
    Parameter(
        help=say(
            "folder of an earlier result of the instance, in any scenario, to start from and to"
            " stay near to within the gap",
            "该算例（任一情景）先前的结果文件夹：作为求解起点，并在差距之内贴近它",
        )
    ),
]
OwnRulesFile = Annotated[
    Path | None,
    Parameter(
        help=say(
            "a Python file with rules of your own on sites, modules and departures",
            "含自定规则（设施、模块、班次）的 Python 文件",
        )
    ),
]
