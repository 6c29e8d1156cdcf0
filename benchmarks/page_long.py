"""The parts of the page on sections that are run by name: families, multimodal cases, instances."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.figures_families import capped_s
from benchmarks.growth import PHASES_OF
from benchmarks.markdown import table
from benchmarks.results import mid, of
from hubopt.text import Language, Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from benchmarks.figures import Results
    from benchmarks.results import Row

PHASES = {
    "reading": Text("reading", "读取"),
    "listing routes": Text("listing and problem", "列路径与问题数组"),
    "pricing": Text("LP and pricing", "线性松弛与定价"),
    "search": Text("model and search", "模型与搜索"),
    "verifying": Text("verifying", "核验"),
    "marginal values": Text("marginal values", "边际值"),
    "writing": Text("writing", "写出"),
}
"""What the phases of a solve are called."""

BY_METHOD = {
    "hubopt": Text("hubopt", "hubopt"),
    "arrays": Text("plain HiGHS, strong formulation", "HiGHS 强模型"),
    "pyomo": Text("Pyomo + HiGHS, strong links", "Pyomo + HiGHS，强关联约束"),
    "pyomo_weak": Text("Pyomo + HiGHS, textbook links", "Pyomo + HiGHS，教科书写法"),
}
EMPTY = "-"


def long_parts(found: Results, language: Language) -> Iterator[str]:
    """Yield the part of each section that was run, after an empty line each."""
    parts = (("families", families), ("multimodal", multimodal), ("scenario", scenario),
             ("instances", instances))  # fmt: skip
    for section, part in parts:
        if found.of(section):
            yield ""
            yield from part(found.of(section), language)


def families(rows: Sequence[Row], language: Language) -> Iterator[str]:
    """Yield what came of each public family by hubopt and by plain HiGHS."""
    yield Text("## Public families", "## 公开算例族").in_language(language)
    yield ""
    yield Text(
        "Each case to proved optimality, one method after the other; at most"
        f" {rows[0].limit_s:g} s each. *Proved* are cases whose bound equals the value in every"
        " digit that is published, for hubopt with the value that is published; seconds are those"
        " of all cases, a limit counted as the limit. HiGHS has the strong formulations, of hub"
        " medians the flows by origin of Ernst and Krishnamoorthy (1996, 1998).",
        f"每个算例求解到证明最优，两种方法先后运行，每次至多 {rows[0].limit_s:g} 秒。“证明”指下界与"
        "目标值在公布的每一位上相同，hubopt 还须与公布值相同；秒数为全部算例合计，达到时限按时限计。HiGHS 采用强模型；枢纽中位为 Ernst 与"
        " Krishnamoorthy（1996、1998）按起点的流量模型。",
    ).in_language(language)
    yield ""
    heads = [Text("family", "算例族"), Text("method", "方法"), Text("cases", "算例数"),
             Text("proved", "证明"), Text("s in all", "合计秒"), Text("mean s", "平均秒"),
             Text("longest s", "最长秒"), Text("without a plan", "无方案"),
             Text("largest gap", "最大差距"),
             Text("peak MB", "峰值 MB")]  # fmt: skip
    yield from table(
        [head.in_language(language) for head in heads], family_rows(rows, language), texts=2
    )


def family_rows(rows: Sequence[Row], language: Language) -> Iterator[list[str]]:
    """Yield a row for each family and method."""
    for family in dict.fromkeys(row.phase for row in rows):
        for method, title in BY_METHOD.items():
            own = of(rows, phase=family, method=method)
            if not own:
                continue
            seconds = [capped_s(row) for row in own]
            gaps = [row.gap for row in own if row.gap is not None]
            proved = sum(row.status == "optimal" for row in own)
            yield [
                family, title.in_language(language), str(len(own)), str(proved),
                f"{sum(seconds):,.1f}", f"{sum(seconds) / len(own):.2f}", f"{max(seconds):.1f}",
                str(sum(row.value is None for row in own)),
                f"{max(gaps):.2%}" if gaps else EMPTY,
                f"{max((row.peak_mb or 0 for row in own), default=0):,.0f}",
            ]  # fmt: skip


def multimodal(rows: Sequence[Row], language: Language) -> Iterator[str]:
    """Yield the runs of the multimodal family, each with the gap that was asked for."""
    yield Text("## Multimodal test family", "## 多式联运测试族").in_language(language)
    yield ""
    heads = [Text("case", "算例"), Text("method", "方法"), Text("gap asked for", "要求差距"),
             Text("gap", "差距"), Text("value", "目标值"), Text("s", "秒"),
             Text("peak MB", "峰值 MB")]  # fmt: skip
    whole = of(rows, phase="")
    keys = sorted({(row.case, row.gap_asked or 0.0) for row in whole}, key=size_first)
    cells = (
        ended(of_gap(whole, case, gap, method), title, language)
        for case, gap in keys
        for method, title in BY_METHOD.items()
        if of_gap(whole, case, gap, method)
    )
    yield from table([head.in_language(language) for head in heads], cells, texts=2)


SIZES = ("XS", "XM", "S", "M", "L")


def size_first(key: tuple[str, float]) -> tuple[int, float]:
    """Return what cases are sorted by: size, then the wider gap."""
    case, gap = key
    return (SIZES.index(case) if case in SIZES else len(SIZES), -gap)


def of_gap(rows: Sequence[Row], case: str, gap: float, method: str) -> list[Row]:
    """Return the rows of a case, gap and method."""
    return [row for row in of(rows, case=case, method=method) if (row.gap_asked or 0.0) == gap]


def ended(rows: Sequence[Row], title: Text, language: Language) -> list[str]:
    """Return how the runs of one case, gap and method ended: medians, and the largest gap."""
    gaps = [row.gap for row in rows if row.gap is not None]
    value, seconds = mid(rows, "value"), mid(rows)
    return [
        rows[0].case, title.in_language(language), f"{rows[0].gap_asked or 0:.2%}",
        f"{max(gaps):.3%}" if gaps else EMPTY, EMPTY if value is None else f"{value:,.2f}",
        EMPTY if seconds is None else f"{seconds:.2f}", f"{mid(rows, 'peak_mb') or 0:,.0f}",
    ]  # fmt: skip


def scenario(rows: Sequence[Row], language: Language) -> Iterator[str]:
    """Yield the runs of one more scenario, pair by pair."""
    yield Text("## One more scenario, warm", "## 再解一个情景（热启动）").in_language(language)
    yield ""
    yield Text(
        "On one core. hubopt's bound is over all ways, Pyomo's over those that its model holds.",
        "单核。hubopt 的下界覆盖全部通路，Pyomo 的下界仅限其模型中的通路。",
    ).in_language(language)
    yield ""
    heads = [Text("case", "算例"), Text("method", "方法"), Text("seed", "种子"),
             Text("status", "状态"), Text("gap", "差距"), Text("value", "目标值"),
             Text("s", "秒")]  # fmt: skip
    whole = sorted(of(rows, phase=""), key=lambda row: (size_first((row.case, 0)), row.repeat))
    cells = (
        [row.case, BY_METHOD[row.method].in_language(language), str(row.repeat), row.status,
         EMPTY if row.gap is None else f"{row.gap:.3%}",
         EMPTY if row.value is None else f"{row.value:,.2f}",
         EMPTY if row.seconds is None else f"{row.seconds:.2f}"]
        for row in whole
    )  # fmt: skip
    yield from table([head.in_language(language) for head in heads], cells, texts=2)


def instances(rows: Sequence[Row], language: Language) -> Iterator[str]:
    """Yield seconds and peak memory of each phase of the shipped instances."""
    yield Text("## Shipped instances", "## 自带算例").in_language(language)
    yield ""
    yield Text(
        "From the folder to written results, over all routes: seconds and, after the stroke, peak"
        " memory in MB of the process and its children.",
        "从读入文件夹到写出结果，覆盖全部路径：各阶段秒数，斜线后为进程及子进程的峰值内存（MB）。",
    ).in_language(language)
    yield ""
    heads = [Text("case", "算例"), Text("gap asked for", "要求差距"), Text("gap", "差距"),
             Text("whole", "合计"), *(PHASES[phase] for phase in PHASES_OF)]  # fmt: skip
    whole = of(rows, phase="")
    keys = sorted({(row.case, row.gap_asked or 0.0) for row in whole}, key=lambda k: (k[0], -k[1]))
    yield from table(
        [head.in_language(language) for head in heads],
        (phase_cells(rows, *key) for key in keys),
        texts=2,
    )


def phase_cells(rows: Sequence[Row], case: str, gap: float) -> list[str]:
    """Return the cells of a case and gap."""
    own = of_gap(rows, case, gap, "hubopt")
    gaps = [row.gap for row in of(own, phase="") if row.gap is not None]
    parts = (timed(of(own, phase=phase)) for phase in ("", *PHASES_OF))
    return [case, f"{gap:.2%}", f"{max(gaps):.3%}" if gaps else EMPTY, *parts]


def timed(rows: Sequence[Row]) -> str:
    """Return the median seconds of a phase and its peak memory, as far as they are known."""
    seconds, peak = mid(rows), mid(rows, "peak_mb")
    if seconds is None:
        return EMPTY
    return f"{seconds:.1f}" if peak is None else f"{seconds:.1f} / {peak:,.0f}"
