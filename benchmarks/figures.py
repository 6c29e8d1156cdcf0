"""The table "figures to reach": each line with what was measured, by which command, and whether.

A line whose CSV file is missing is not measured yet, and says so. Nothing is rounded towards the
figure to reach; where it is not reached, by how much is said here and why in `WHY`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from benchmarks import results, sections, sizes
from benchmarks.results import mid, of
from hubopt.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from benchmarks.results import Row
    from benchmarks.sizes import Sizes

    Measure = Callable[["Results"], "Measured"]

MOST_HANDOVER, MOST_SMALL, MOST_GROWTH = 2.0, 1.2, 2.3
SOONER = 300.0
SAME = 1e-6
NOT_YET = Text("not measured yet", "尚未测量")


@dataclass(frozen=True)
class Measured:
    """What was measured in words, and whether the figure is reached; `None` is not measured."""

    words: Text = NOT_YET
    reached: bool | None = None


@dataclass(frozen=True)
class Results:
    """The rows of every section that there are, and which sizes they are of."""

    rows: Mapping[str, Sequence[Row]]
    quick: frozenset[str] = field(default_factory=frozenset)

    def of(self, section: str) -> Sequence[Row]:
        """Return the rows of a section, none if it was not run."""
        return self.rows.get(section, ())

    def sizes(self, section: str) -> Sizes:
        """Return the sizes that a section was run with."""
        return sizes.QUICK if section in self.quick else sizes.FULL


OTHERS = sections.LONG
"""Files that are there only if somebody asked for them."""


def all_results(folder: Path = results.FOLDER) -> Results:
    """Return all rows: of a section without a full run those of `--quick`."""
    rows, quick = {}, set()
    for name in (*sections.SECTIONS, *OTHERS):
        found = results.load(name, folder)
        if not found:
            found = results.load(name, folder / results.QUICK)
            if found:
                quick.add(name)
        if found:
            rows[name] = found
    return Results(rows, frozenset(quick))


@dataclass(frozen=True)
class Figure:
    """A line of the table: what, today's best, what to reach, where from, and its measure."""

    name: str
    what: Text
    today: Text
    reach: Text
    section: str
    command: str
    measure: Measure

    def measured(self, found: Results) -> Measured:
        """Return what was measured; of the sizes of `--quick` nothing is said to be reached."""
        measured = self.measure(found)
        if measured.reached is None or self.section not in found.quick:
            return measured
        words = measured.words
        return Measured(
            Text(f"sizes of `--quick` only: {words.en}", f"仅 `--quick` 规模：{words.zh}")
        )


def ratio_words(ratio: float, most: float, *, less: bool = True) -> tuple[Text, bool]:
    """Return a ratio with by how much it misses, if it does."""
    good = ratio <= most if less else ratio >= most
    if good:
        return Text(f"{ratio:.2f} x", f"{ratio:.2f} 倍"), True
    off = ratio / most if less else most / ratio
    return Text(
        f"{ratio:.2f} x: not reached, {off:.2f} times the figure" if less
        else f"{ratio:.2f} x: not reached, {off:.2f} times too slow",
        f"{ratio:.2f} 倍：未达到，为目标的 {off:.2f} 倍" if less
        else f"{ratio:.2f} 倍：未达到，慢 {off:.2f} 倍",
    ), False  # fmt: skip


def handover(found: Results) -> Measured:
    """Return hubopt's time over that of arrays that are ready, for each nonzero."""
    rows = found.of("handover")
    ratio = per_nonzero(rows, "hubopt", "prepared")
    if ratio is None:
        return Measured()
    words, good = ratio_words(ratio, MOST_HANDOVER)
    others = [(m, per_nonzero(rows, m, "prepared")) for m in ("linopy", "pyomo")]
    beside = ", ".join(f"{name} {value:.0f} x" for name, value in others if value is not None)
    return Measured(
        Text(f"{words.en} (in the same run: {beside})", f"{words.zh}（同一次运行：{beside}）"), good
    )


def per_nonzero(rows: Sequence[Row], method: str, base: str) -> float | None:
    """Return the median seconds for each nonzero of a method over those of another."""
    here, there = (pace(of(rows, method=name)) for name in (method, base))
    return None if here is None or not there else here / there


def pace(rows: Sequence[Row]) -> float | None:
    """Return the median seconds for a million nonzeros."""
    seconds, nonzeros = mid(rows), mid(rows, "nonzeros")
    return None if seconds is None or not nonzeros else 1e6 * seconds / nonzeros


def small(found: Results) -> Measured:
    """Return the worst ratio of hubopt to one strong MIP over the small cases."""
    rows = found.of("small")
    ratios = dict(small_ratios(rows))
    if not ratios:
        return Measured()
    worst = max(ratios, key=lambda name: ratios[name])
    words, good = ratio_words(ratios[worst], MOST_SMALL)
    return Measured(
        Text(f"at worst {words.en} ({worst}; {len(ratios)} cases)",
             f"最差 {words.zh}（{worst}，共 {len(ratios)} 个算例）"),
        good,
    )  # fmt: skip


def small_ratios(rows: Sequence[Row]) -> list[tuple[str, float]]:
    """Return hubopt's time over that of one MIP, by case."""
    ratios = []
    for case in dict.fromkeys(row.case for row in rows):
        here, there = (mid(of(rows, case=case, method=m)) for m in ("hubopt", "monolithic"))
        if here is not None and there:
            ratios.append((case, here / there))
    return ratios


def growth(found: Results) -> Measured:
    """Return how much longer twice the shipments take, at worst, to results that are written.

    Times say nothing of growth where the runs end at other gaps than the one asked for.
    """
    steps = growth_steps(found, "shipments")
    if not steps:
        return Measured()
    words, good = ratio_words(max(steps), MOST_GROWTH)
    every = ", ".join(f"{one:.2f}" for one in steps)
    names = sections.doublings(found.sizes("growth")).get("shipments", [])
    whole = of(found.of("growth"), phase="")
    rows = [row for row in whole if row.gap is not None and row.case in names]
    widest = max((row.gap or 0.0 for row in rows), default=0.0)
    asked = max((row.gap_asked or 0.0 for row in rows), default=0.0)
    en, zh = f"at worst {words.en} (steps: {every})", f"最差 {words.zh}（逐步：{every}）"
    if widest > asked:
        en += f"; not at the same gap: {asked:.2%} was asked for, up to {widest:.2%} is left"
        zh += f"；差距不同：要求 {asked:.2%}，最多仍余 {widest:.2%}"
        good = False
    return Measured(Text(en, zh), good)


def growth_steps(found: Results, thing: str) -> list[float]:
    """Return the ratio of the times of each doubling of a thing to the size before."""
    rows = of(found.of("growth"), phase="")
    names = sections.doublings(found.sizes("growth")).get(thing, [])
    times = [mid(of(rows, case=name)) for name in names]
    return [b / a for a, b in pairwise(times) if a and b]


def sooner(found: Results) -> Measured:
    """Return how much sooner hubopt is than the textbook's Pyomo on 20/60/6 and 30/150/10."""
    rows = of(found.of("multimodal"), phase="")
    parts, good = [], True
    for case in ("XS", "XM"):
        ours, theirs = (of(rows, case=case, method=m) for m in ("hubopt", "pyomo_weak"))
        here, there = mid(ours), mid(theirs)
        if here is None or there is None:
            return Measured()
        words, enough = ratio_words(there / here, SOONER, less=False)
        same = agree(mid(ours, "value"), mid(theirs, "value"), ours[0].gap_asked or SAME)
        parts.append((case, words, same))
        good = good and enough and same
    return Measured(
        Text("; ".join(f"{c} {w.en}" + ("" if s else ", another optimum") for c, w, s in parts),
             "；".join(f"{c} {w.zh}" + ("" if s else "，最优值不同") for c, w, s in parts)),
        good,
    )  # fmt: skip


def agree(a: float | None, b: float | None, share: float = SAME) -> bool:
    """Tell whether two values are the same to within a share of them."""
    return a is not None and b is not None and abs(a - b) <= share * max(abs(a), abs(b))


def reached_in(section: str, wanted: Sequence[tuple[str, float, float]]) -> Measure:
    """Return the measure of cases that are to close a gap in so many seconds.

    `wanted` holds (case, gap, seconds); a row is a run that was asked for that gap.
    """

    def measure(found: Results) -> Measured:
        parts, good = [], True
        for case, gap, most_s in wanted:
            rows = [
                row for row in of(found.of(section), case=case, method="hubopt", phase="")
                if row.gap_asked is None or abs(row.gap_asked - gap) <= SAME
            ]  # fmt: skip
            seconds, ended = mid(rows), [row.gap for row in rows if row.gap is not None]
            if seconds is None or not ended:
                parts.append((f"{case} {gap:.1%}", NOT_YET))
                good = False
                continue
            enough = max(ended) <= gap + SAME and seconds <= most_s
            good = good and enough
            en = f"{max(ended):.2%} in {seconds:.1f} s" + ("" if enough else f", not {most_s:g} s")
            zh = f"{seconds:.1f} 秒到 {max(ended):.2%}" + (
                "" if enough else f"，未达 {most_s:g} 秒"
            )
            parts.append((f"{case} {gap:.1%}", Text(en, zh)))
        if all(words is NOT_YET for _, words in parts):
            return Measured()
        return Measured(
            Text("; ".join(f"{name}: {words.en}" for name, words in parts),
                 "；".join(f"{name}：{words.zh}" for name, words in parts)),
            good,
        )  # fmt: skip

    return measure


def instance(case: str, wanted: Sequence[tuple[float, float, float | None]]) -> Measure:
    """Return the measure of a shipped instance: (gap, seconds to the plan, seconds to all files).

    Marginal values and writing come after the verified plan: they count towards all files only.
    """

    def measure(found: Results) -> Measured:
        parts, good, missing = [], True, 0
        for gap, plan_s, files_s in wanted:
            rows = [r for r in of(found.of("instances"), case=case) if r.gap_asked == gap]
            whole = of(rows, phase="")
            total, gaps = mid(whole), [row.gap for row in whole if row.gap is not None]
            if total is None or not gaps:
                parts.append(Text(f"{gap:.1%} {NOT_YET.en}", f"{gap:.1%} {NOT_YET.zh}"))
                missing, good = missing + 1, False
                continue
            plan = total - sum(mid(of(rows, phase=name)) or 0.0 for name in AFTER_THE_PLAN)
            good = good and max(gaps) <= gap and plan <= plan_s
            good = good and (files_s is None or total <= files_s)
            en = f"{max(gaps):.2%} at {plan:.0f} s, files at {total:.0f} s"
            parts.append(Text(en, f"{plan:.0f} 秒 {max(gaps):.2%}，{total:.0f} 秒写完"))
        if missing == len(parts):
            return Measured()
        missed = Text("", "") if good or missing else Text(": not reached", "：未达到")
        return Measured(
            Text("; ".join(part.en for part in parts) + missed.en,
                 "；".join(part.zh for part in parts) + missed.zh),
            good,
        )  # fmt: skip

    return measure


AFTER_THE_PLAN = ("marginal values", "writing")


def duality(found: Results) -> Measured:
    """Return what came of the case with a large duality gap, beside the best other method."""
    rows = [row for row in found.of("solve") if row.case.startswith("uncapacitated")]
    ours = of(rows, method="hubopt")
    here, gaps = mid(ours), [row.gap for row in ours if row.gap is not None]
    if here is None or not gaps:
        return Measured()
    others = {m: mid(of(rows, method=m)) for m in sections.SOLVE if m != "hubopt"}
    times = {name: seconds for name, seconds in others.items() if seconds}
    best = min(times, key=lambda name: times[name]) if times else ""
    beside = f"; {best} {times[best]:.2f} s" if best else ""
    good = max(gaps) <= 10 * sizes.GAP
    return Measured(
        Text(f"{rows[0].case}: gap {max(gaps):.2%} in {here:.2f} s{beside}",
             f"{rows[0].case}：{here:.2f} 秒，差距 {max(gaps):.2%}{beside}"),
        good,
    )  # fmt: skip


def warm(found: Results) -> Measured:
    """Return how much sooner a warm scenario is than rebuilding it in Pyomo."""
    rows, parts, good = found.of("scenario"), [], True
    for case, least in (("S", 50.0), ("M", 20.0)):
        whole = of(rows, case=case, phase="")
        here, there = (mid(of(whole, method=m)) for m in ("hubopt", "pyomo"))
        if here is None or there is None:
            return Measured()
        words, enough = ratio_words(there / here, least, less=False)
        parts.append((case, words))
        good = good and enough
    return Measured(
        Text("; ".join(f"{c} {w.en}" for c, w in parts),
             "；".join(f"{c} {w.zh}" for c, w in parts)),
        good,
    )  # fmt: skip
