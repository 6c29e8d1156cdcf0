"""The command line of `hubopt explain`; texts in the language of this run."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  (cyclopts reads the types)
from typing import Annotated

from cyclopts import Parameter

from hubopt.cli import explaining
from hubopt.cli.options import AsJson, Encoding, Lang, Quiet
from hubopt.cli.say import say

HELP = say(
    "Explain sites: why opened, kept or not chosen; with SITE, what would change it.",
    "解释选址：为何新建、保留或未选；给出设施编号时，还说明何时会改变。",
)


def explain(
    result: Annotated[Path, Parameter(help=say("folder of a result", "结果文件夹"))],
    site: Annotated[
        str | None,
        Parameter(
            help=say(
                "a site, by its id: solve again with it closed, or required",
                "设施编号：假设其关闭或必建，重新求解",
            )
        ),
    ] = None,
    *,
    time: Annotated[
        float | None,
        Parameter(help=say("limit in seconds of each solve", "每次求解的时限（秒）")),
    ] = None,
    save: Annotated[
        Path | None,
        Parameter(help=say("write the facts of the sites to this CSV too", "另存各设施的数据")),
    ] = None,
    instance: Annotated[
        Path | None, Parameter(help=say("the instance, if it has moved", "算例文件夹（若已移动）"))
    ] = None,
    encoding: Encoding = None,
    quiet: Quiet = False,
    json: AsJson = False,
    lang: Lang = "en",  # noqa: ARG001  (read before)
) -> int:
    """Explain sites."""
    return explaining.explain(
        explaining.ExplainRequest(result, site, time, save, instance, encoding, quiet, json)
    )
