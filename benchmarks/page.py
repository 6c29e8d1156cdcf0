"""`docs/performance.md`, its Chinese twin and the charts, made from the CSV files of results."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks import figures, machine, results, sections
from benchmarks.chart import Chart, Line, svg
from benchmarks.markdown import table
from benchmarks.methods import METHODS
from benchmarks.page_long import PHASES, long_parts
from benchmarks.results import DONE, mid, of
from benchmarks.runner import ROOT
from benchmarks.table import FIGURES
from benchmarks.why import WHY
from hubopt.text import Language, Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from benchmarks.figures import Results
    from benchmarks.results import Row

DOCS = ROOT / "docs"
PAGES = {Language.EN: "performance.md", Language.ZH: "performance.zh-CN.md"}
CHARTS = "performance"
SAME_SHARE = 1e-5
THINGS = {
    "shipments": Text("shipments", "运输需求数"),
    "sites": Text("sites", "设施数"),
    "cities": Text("cities", "城市数"),
}


def write_page(docs: Path = DOCS, folder: Path = results.FOLDER) -> list[Path]:
    """Write the page in both languages with its charts; return the files."""
    written = []
    for name, text in pages(figures.all_results(folder)).items():
        path = docs / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
        written.append(path)
    return written


def pages(found: Results) -> dict[str, str]:
    """Return the content of the page and its charts by file name under `docs`."""
    made = {}
    for language, name in PAGES.items():
        made[name] = "\n".join(page(found, language)) + "\n"
        for stem, chart in charts(found).items():
            made[f"{CHARTS}/{stem}.{language.value}.svg"] = svg(chart, language)
    return made


def page(found: Results, language: Language) -> Iterator[str]:
    """Yield the lines of the page."""

    def say(en: str, zh: str) -> str:
        return Text(en, zh).in_language(language)

    yield say("# Performance", "# 性能")
    yield ""
    yield say(
        "Made by `python -m benchmarks` from `benchmarks/results/*.csv`; do not edit by hand. How to"
        " run it: `benchmarks/README.md`.",
        "由 `python -m benchmarks` 根据 `benchmarks/results/*.csv` 生成，请勿手工修改。运行方法见"
        " `benchmarks/README.md`。",
    )
    yield ""
    yield from circumstances(found, language)
    yield ""
    yield say("## Figures to reach", "## 目标数值")
    yield ""
    yield from figure_table(found, language)
    for section, part in (
        ("handover", handover), ("solve", solving), ("growth", growth), ("small", small),
    ):  # fmt: skip
        if found.of(section):
            yield ""
            yield from part(found, language)
    yield from long_parts(found, language)


def circumstances(found: Results, language: Language) -> Iterator[str]:
    """Yield when, on what machine and beside what the sections were run."""
    for section in (*sections.SECTIONS, *sections.LONG):
        rows = [row for row in found.of(section) if row.date]
        if not rows:
            continue
        dates = sorted({row.date for row in rows})
        machines = "; ".join(sorted({row.machine for row in rows}))
        timed = [row for row in rows if row.load and (section == "families" or not row.phase)]
        busy = sum(row.load != machine.QUIET for row in timed)
        quick = section in found.quick
        yield "- " + Text(
            f"`{section}`: {', '.join(dates)}, {machines}; other programs were running at the start"
            f" of {busy} of {len(timed)} runs"
            + (". **Sizes of `--quick`, not those of the figures.**" if quick else "."),
            f"`{section}`：{'、'.join(dates)}，{machines}；{len(timed)} 次运行中有 {busy} 次开始时有其他"
            "程序在运行" + ("。**规模为 `--quick`，并非目标规模。**" if quick else "。"),
        ).in_language(language)


def figure_table(found: Results, language: Language) -> Iterator[str]:
    """Yield the table of figures to reach, then why those that were missed were."""
    marks = {True: Text("yes", "是"), False: Text("no", "否"), None: Text("-", "-")}
    heads = (Text("what", "内容"), Text("today's best elsewhere", "其他方法的最好结果"),
             Text("to reach", "目标"), Text("measured", "测得"), Text("reached", "达到"),
             Text("command or file", "命令或文件"))  # fmt: skip
    yield "| " + " | ".join(head.in_language(language) for head in heads) + " |"
    yield "|" + "---|" * len(heads)
    reasons = []
    for figure in FIGURES:
        measured = figure.measured(found)
        texts = (figure.what, figure.today, figure.reach, measured.words, marks[measured.reached])
        cells = [text.in_language(language) for text in texts]
        yield "| " + " | ".join([*cells, f"`{figure.command}`"]) + " |"
        if measured.reached is False and figure.name in WHY:
            reasons.append((figure.what, WHY[figure.name]))
    for what, why in reasons:
        yield ""
        stop = ": " if language is Language.EN else "："
        words = f"{what.in_language(language)}{stop}{why.in_language(language)}"
        yield f"- {words}"


def handover(found: Results, language: Language) -> Iterator[str]:
    """Yield the table of handing a model over."""
    rows = found.of("handover")
    yield Text("## Handing a model over", "## 模型交接").in_language(language)
    yield ""
    yield Text(
        f"Case `{rows[0].case}`, from plain numbers (hubopt: from its problem arrays) until the model"
        " is inside the solver; medians, in a process each. CBC reads a file; SCIP is built call by"
        " call; the others hand over to HiGHS.",
        f"算例 `{rows[0].case}`：从普通数值（hubopt 为问题数组）到模型进入求解器；各自独立进程，取中位数。"
        "CBC 读文件，SCIP 逐条建立，其余交给 HiGHS。",
    ).in_language(language)
    yield ""
    heads = [Text("method", "方法"), Text("runs", "次数"), Text("nonzeros", "非零元"),
             Text("s", "秒"), Text("CPU s", "CPU 秒"), Text("s per million nonzeros", "每百万非零元秒数"),
             Text("ratio", "比值"), Text("peak MB", "峰值 MB")]  # fmt: skip
    yield from table([head.in_language(language) for head in heads],
                     handover_rows(rows, language))  # fmt: skip


def handover_rows(rows: Sequence[Row], language: Language) -> Iterator[list[str]]:
    """Yield a row for each method: the fastest of a nonzero first, those without figures last."""
    base = figures.pace(of(rows, method="prepared"))
    methods = list(dict.fromkeys(row.method for row in rows))
    for method in sorted(methods, key=lambda m: figures.pace(of(rows, method=m)) or 1e9):
        own = of(rows, method=method)
        pace = figures.pace(own)
        title = METHODS[method].title.in_language(language)
        if pace is None:
            yield [title, *why_not(own, 7)]
            continue
        ratio = f"{pace / base:.1f}" if base else "-"
        count = sum(row.status in DONE for row in own)
        yield [title, str(count), f"{mid(own, 'nonzeros'):,.0f}", f"{mid(own):.3f}", cpu(own),
               f"{pace:.3f}", ratio, f"{mid(own, 'peak_mb') or 0:,.0f}"]  # fmt: skip


def cpu(rows: Sequence[Row]) -> str:
    """Return the median seconds of the processors, which other programs disturb less."""
    spent = mid(rows, "cpu_s")
    return "-" if spent is None else f"{spent:.2f}"


def why_not(rows: Sequence[Row], width: int) -> list[str]:
    """Return the cells of a method without figures: its status and reason, then blanks."""
    last = rows[-1]
    said = f"{last.status}: {last.note}" if last.note else last.status
    return [said, *["-"] * (width - 1)]


def solving(found: Results, language: Language) -> Iterator[str]:
    """Yield a table for each case that was solved."""
    rows = found.of("solve")
    yield Text("## Solving", "## 求解").in_language(language)
    yield ""
    yield Text(
        f"The same numbers to every method, to a gap of {rows[0].gap_asked:g}, at most"
        f" {rows[0].limit_s:g} s; medians. `x` is the time over that of numpy arrays + HiGHS. A value"
        " that is not the best of its row is marked `>`. The gap of hubopt is that to its own bound"
        " over all routes, recomputed from prices.",
        f"各方法使用相同数值，差距 {rows[0].gap_asked:g}，时限 {rows[0].limit_s:g} 秒；取中位数。`x` 为相对"
        " numpy 数组 + HiGHS 的时间倍数；未达最好值者标 `>`。hubopt 的差距相对其覆盖全部路径、由价格重新计算的下界。",
    ).in_language(language)
    heads = [Text("method", "方法"), Text("runs", "次数"), Text("value", "目标值"),
             Text("gap at the end", "结束时差距"), Text("s", "秒"), Text("CPU s", "CPU 秒"), Text("x", "倍数"),
             Text("peak MB", "峰值 MB")]  # fmt: skip
    for case in dict.fromkeys(row.case for row in rows):
        yield ""
        yield f"### {case}"
        yield ""
        yield from table([head.in_language(language) for head in heads],
                         solving_rows(of(rows, case=case), language))  # fmt: skip


def solving_rows(rows: Sequence[Row], language: Language) -> Iterator[list[str]]:
    """Yield a row for each method on one case."""
    values = [row.value for row in rows if row.value is not None]
    best, base = min(values, default=0.0), mid(of(rows, method="arrays"))
    for method in dict.fromkeys(row.method for row in rows):
        own = of(rows, method=method)
        seconds = mid(own)
        title = METHODS[method].title.in_language(language)
        if seconds is None:
            yield [title, *why_not(own, 7)]
            continue
        value, gaps = mid(own, "value"), [row.gap for row in own if row.gap is not None]
        worse = value is not None and value > best + SAME_SHARE * abs(best)
        yield [
            title, str(len(own)), "-" if value is None else f"{'> ' if worse else ''}{value:,.2f}",
            f"{max(gaps):.3%}" if gaps else "-", f"{seconds:.3f}", cpu(own),
            f"{seconds / base:.2f}" if base else "-", f"{mid(own, 'peak_mb') or 0:,.0f}",
        ]  # fmt: skip


def growth(found: Results, language: Language) -> Iterator[str]:
    """Yield the table and the charts of growth."""
    rows = found.of("growth")
    yield Text("## Growth", "## 规模增长").in_language(language)
    yield ""
    yield Text(
        f"hubopt on invented instances (`hubopt generate`), from the folder to written results, over"
        f" all routes, to a gap of {rows[0].gap_asked:g}, at most {rows[0].limit_s:g} s up to the"
        " plan; seconds and peak memory of each phase, medians. Cases are cities x shipments x"
        " sites.",
        f"hubopt 求解虚构算例（`hubopt generate`）：从读入文件夹到写出结果，覆盖全部路径，差距"
        f" {rows[0].gap_asked:g}，到得出方案至多 {rows[0].limit_s:g} 秒；各阶段秒数与峰值内存，取中位数。"
        "算例名为城市 x 运输需求 x 设施。",
    ).in_language(language)
    yield ""
    heads = [Text("case", "算例"), Text("s", "秒"), Text("gap", "差距"),
             *PHASES.values(), Text("peak MB", "峰值 MB")]  # fmt: skip
    yield from table([head.in_language(language) for head in heads], growth_rows(rows))
    for stem in charts(found):
        yield ""
        yield f"![{stem}]({CHARTS}/{stem}.{language.value}.svg)"


def growth_rows(rows: Sequence[Row]) -> Iterator[list[str]]:
    """Yield a row for each size."""
    for case in dict.fromkeys(row.case for row in rows):
        own = of(rows, case=case)
        whole = of(own, phase="")
        if mid(whole) is None:
            yield [case, *why_not(whole, len(PHASES) + 3)]
            continue
        gaps = [row.gap for row in whole if row.gap is not None]
        yield [
            case, f"{mid(whole):.2f}", f"{max(gaps):.2%}" if gaps else "-",
            *(f"{mid(of(own, phase=phase)) or 0:.2f}" for phase in PHASES),
            f"{mid(whole, 'peak_mb') or 0:,.0f}",
        ]  # fmt: skip


def small(found: Results, language: Language) -> Iterator[str]:
    """Yield the table of small cases."""
    rows = found.of("small")
    yield Text("## Small cases", "## 小算例").in_language(language)
    yield ""
    yield Text(
        "From the problem to the end of the solve, libraries loaded before; both solve the same"
        " listed routes to the same gap.",
        "从问题数组到求解结束，程序库预先加载；两者求解相同的列出路径，差距相同。",
    ).in_language(language)
    yield ""
    heads = [Text("case", "算例"), Text("nonzeros", "非零元"), Text("one strong MIP, s", "整体强模型，秒"),
             Text("hubopt, s", "hubopt，秒"), Text("ratio", "比值"),
             Text("CPU s of both", "两者 CPU 秒"),
             Text("same value", "值相同")]  # fmt: skip
    yield from table([head.in_language(language) for head in heads], small_rows(rows, language))


def small_rows(rows: Sequence[Row], language: Language) -> Iterator[list[str]]:
    """Yield a row for each case."""
    for case, ratio in figures.small_ratios(rows):
        ours, theirs = (of(rows, case=case, method=m) for m in ("hubopt", "monolithic"))
        same = figures.agree(mid(ours, "value"), mid(theirs, "value"))
        yield [
            case, f"{mid(theirs, 'nonzeros') or 0:,.0f}", f"{mid(theirs):.3f}", f"{mid(ours):.3f}",
            f"{ratio:.2f}", f"{cpu(theirs)} / {cpu(ours)}", (Text("yes", "是") if same else Text("no", "否")).in_language(language),
        ]  # fmt: skip


def charts(found: Results) -> dict[str, Chart]:
    """Return the charts of growth by file name: time and memory against each thing that grows."""
    rows = found.of("growth")
    made: dict[str, Chart] = {}
    if not rows:
        return made
    for thing, names in sections.doublings(found.sizes("growth")).items():
        sizes_of = [size_in(name, thing) for name in names]
        for column, unit, title in (
            ("seconds", Text("seconds", "秒"), Text("time by phase", "各阶段时间")),
            ("peak_mb", Text("MB", "MB"), Text("peak memory by phase", "各阶段峰值内存")),
        ):
            lines = [
                Line(words, [
                    (x, mid(of(rows, case=name, phase=phase), column) or 0.0)
                    for x, name in zip(sizes_of, names, strict=True)
                ])
                for phase, words in {"": Text("whole", "合计"), **PHASES}.items()
            ]  # fmt: skip
            if any(y > 0 for line in lines for _, y in line.points):
                label = THINGS[thing]
                full = Text(f"{label.en}: {title.en}", f"{label.zh}：{title.zh}")
                made[f"{thing}-{column}"] = Chart(full, label, unit, lines)
    return made


def size_in(name: str, thing: str) -> float:
    """Return how many of a thing an invented case has, by its name."""
    numbers = name.removeprefix("invented ").split(" x ")
    return float(numbers[["cities", "shipments", "sites"].index(thing)])
