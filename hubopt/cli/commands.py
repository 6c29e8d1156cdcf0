"""The commands: each reads, asks the rooms behind it, and shows; texts in the chosen language."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

import hubopt
from hubopt.cli import (
    bench_command,
    compare_command,
    explain_command,
    export_command,
    generate_command,
    hedge_command,
    pareto_command,
    reconciling,
    report_command,
    scenarios,
    show,
    solve_command,
    stressing,
    work,
)
from hubopt.cli import sensitivity as sensing
from hubopt.cli.options import (
    AsJson,
    Encoding,
    Folder,
    Lang,
    Quiet,
    Result,
)
from hubopt.cli.say import say
from hubopt.cli.whole import WHOLE

app = App(
    name="hubopt",
    help=say(
        "Plan the freight hub: where centres stand, how large and when, which way goods go.",
        "枢纽规划：物流设施建在哪里、多大、何时建，货物走哪条路。",
    ),
    version=hubopt.__version__,
    suppress_keyboard_interrupt=False,
)


@app.command(help=say("Write a template instance to fill in.", "生成可填写的算例模板。"))
def new(
    folder: Folder,
    *,
    excel: Annotated[
        bool,
        Parameter(
            negative=(),
            help=say(
                "as one workbook with a sheet for each table",
                "写成一个工作簿，每张表一个工作表",
            ),
        ),
    ] = False,
    json: AsJson = False,
    lang: Lang = "en",
) -> int:
    """Write a template."""
    return work.new(folder, excel=excel, as_json=json)


@app.command(help=say("Check an instance: every problem at once.", "检查算例：一次列出全部问题。"))
def check(
    instance: Folder,
    *,
    scenario: scenarios.Names = (),
    encoding: Encoding = None,
    json: AsJson = False,
    lang: Lang = "en",
) -> int:
    """Check an instance."""
    return work.check(instance, encoding=encoding, as_json=json, scenarios=scenario)


@app.command(
    help=say(
        "Recompute everything in a result from its instance, without the solver.",
        "不用求解器，从算例重新计算结果中的每个数字。",
    )
)
def verify(
    result: Result,
    *,
    instance: Annotated[
        Path | None, Parameter(help=say("the instance, if it has moved", "算例文件夹（若已移动）"))
    ] = None,
    encoding: Encoding = None,
    json: AsJson = False,
    lang: Lang = "en",
) -> int:
    """Verify a result."""
    return work.verify(result, instance, encoding=encoding, as_json=json)


@app.command(
    name="map",
    help=say(
        "Draw the tables and maps of a result anew, in the language given.",
        "按所给语言重新写出结果的表格与地图。",
    ),
)
def draw(
    result: Result,
    *,
    instance: Annotated[
        Path | None, Parameter(help=say("the instance, if it has moved", "算例文件夹（若已移动）"))
    ] = None,
    encoding: Encoding = None,
    json: AsJson = False,
    lang: Lang = "en",
) -> int:
    """Draw a result anew."""
    return work.draw(result, instance, encoding=encoding, as_json=json)


@app.command(
    help=say(
        "Compare a result with published figures, line by line with residuals.",
        "将结果与公布数字逐项对比，列出残差。",
    )
)
def reconcile(
    result: Result,
    *,
    instance: Annotated[
        Path | None, Parameter(help=say("the instance, if it has moved", "算例文件夹（若已移动）"))
    ] = None,
    explain: Annotated[
        bool,
        Parameter(
            negative=(),
            help=say(
                "vary the assumptions behind residuals above 15 %, each in a solve of its own",
                "对超过 15 % 的残差，逐一变动其假设并重新求解",
            ),
        ),
    ] = False,
    line: Annotated[
        tuple[str, ...],
        Parameter(
            help=say(
                "with --explain: a line to explain besides, by its id; may be repeated",
                "配合 --explain：另外解释的行（行号），可重复",
            )
        ),
    ] = (),
    save: Annotated[
        Path | None,
        Parameter(help=say("write what --explain finds to this CSV too", "另存 --explain 的结果")),
    ] = None,
    encoding: Encoding = None,
    quiet: Quiet = False,
    json: AsJson = False,
    lang: Lang = "en",
) -> int:
    """Reconcile a result."""
    return reconciling.reconcile(
        result,
        instance,
        explain=explain,
        named=line,
        save=save,
        encoding=encoding,
        quiet=quiet,
        as_json=json,
    )


@app.command(
    help=say(
        "Vary each uncertain number: what moves, and which sites rest on it.",
        "逐一变动不确定的数值：什么随之变化，哪些选址取决于它。",
    )
)
def sensitivity(
    instance: Folder,
    *,
    only: Annotated[
        tuple[str, ...],
        Parameter(help=say("a number to vary, by its id; may be repeated", "只变动该编号，可重复")),
    ] = (),
    jobs: Annotated[
        int,
        WHOLE,
        Parameter(help=say("runs at a time, each a process", "同时运行的次数，各为一个进程")),
    ] = 1,
    gap: Annotated[
        float | None,
        Parameter(help=say("relative gap of each run", "每次运行的相对差距")),
    ] = None,
    time: Annotated[
        float | None, Parameter(help=say("limit in seconds of each run", "每次运行的时限（秒）"))
    ] = None,
    out: Annotated[
        Path,
        Parameter(
            name=["--out", "-o"],
            help=say(
                "where results go: OUT/<instance>/sensitivity", "结果：OUT/<算例>/sensitivity"
            ),
        ),
    ] = Path("results"),
    encoding: Encoding = None,
    quiet: Quiet = False,
    json: AsJson = False,
    lang: Lang = "en",
) -> int:
    """Study the uncertain numbers of an instance."""
    return sensing.sensitivity(
        sensing.SensitivityRequest(instance, only, jobs, gap, time, out, encoding, quiet, json)
    )


@app.command(
    help=say(
        "Let one thing after the other fail: what it costs, what stays behind, when it recovers.",
        "逐一中断各设施、场站、班线、线路与地点：增加成本、未满足货运量与恢复时间。",
    )
)
def stress(
    result: Result,
    *,
    instance: Annotated[
        Path | None, Parameter(help=say("the instance, if it has moved", "算例文件夹（若已移动）"))
    ] = None,
    days: Annotated[int, WHOLE, Parameter(help=say("days that an outage lasts", "中断天数"))] = 30,
    stage: Annotated[
        int | None, WHOLE, Parameter(help=say("stage; the first one if none", "阶段（默认首个）"))
    ] = None,
    most: Annotated[
        int,
        WHOLE,
        Parameter(
            help=say("most things to try, by tonnes through them", "最多试验项数（按经由量）")
        ),
    ] = 20,
    only: Annotated[
        tuple[str, ...],
        Parameter(
            help=say(
                "try this only: site|terminal|service|link|place:ID; may be repeated",
                "只试此项：site|terminal|service|link|place:ID，可重复",
            )
        ),
    ] = (),
    out: Annotated[
        Path | None,
        Parameter(
            name=["--out", "-o"],
            help=say("write stress.csv to this folder, not into the result", "表格另写到此目录"),
        ),
    ] = None,
    encoding: Encoding = None,
    quiet: Quiet = False,
    json: AsJson = False,
    lang: Lang = "en",
) -> int:
    """Stress a result."""
    return stressing.stress(
        stressing.StressRequest(
            result, instance, days, stage, most, only, out, encoding, quiet, json
        )
    )


@app.command(
    help=say(
        "Print the model: sentence, formula, unit, source and size of every constraint.",
        "打印模型：每条约束的含义、公式、单位、来源与规模。",
    )
)
def describe(
    instance: Annotated[
        Path | None, Parameter(help=say("count rows as built for it", "按此算例统计规模"))
    ] = None,
    *,
    markdown: Annotated[
        bool,
        Parameter(
            negative=(),
            help=say(
                "print all of it as one document: sets, rules of routes, limits, planners' phrases",
                "打印为一份完整文档：集合、路径规则、限制、规划者原话对照",
            ),
        ),
    ] = False,
    encoding: Encoding = None,
    json: AsJson = False,
    lang: Lang = "en",
) -> int:
    """Describe the model."""
    return work.describe(instance, markdown=markdown, encoding=encoding, as_json=json)


@app.command(
    help=say(
        "Print the data dictionary: every table, column and unit.",
        "打印数据字典：每张表、每列及单位。",
    )
)
def dictionary(*, json: AsJson = False, lang: Lang = "en") -> int:
    """Print the data dictionary."""
    return show.dictionary(as_json=json)


app.command(bench_command.bench, help=bench_command.HELP)
app.command(compare_command.compare, help=compare_command.HELP)
app.command(explain_command.explain, help=explain_command.HELP)
app.command(export_command.export, help=export_command.HELP)
app.command(generate_command.generate, help=generate_command.HELP)
app.command(hedge_command.hedge, help=hedge_command.HELP)
app.command(pareto_command.pareto, help=pareto_command.HELP)
app.command(report_command.report, help=report_command.HELP)
app.command(solve_command.solve, help=solve_command.HELP)

__all__ = ["app"]
