"""What `hubopt bench` prints: a line for each case, the counts at the end, or all of it as JSON."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rich.cells import cell_len

from hubopt.cli import show
from hubopt.text import Text, printable
from hubopt.vocabulary import ONE_STOP, Engine

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from hubopt.instance.public.published import Published
    from hubopt.study.bench import Outcome

    Table = Mapping[tuple[str, str], Published]

PERCENT = 100.0
FEWEST_DIGITS = 2
WIDTHS = (22, 16, 16, 13, 11, 9, 9)
"""Columns of a line; what is proved comes last and may be as long as it likes."""

HEADS = (
    Text("case", "算例"), Text("value", "求得值"), Text("published", "已发表值"),
    Text("difference", "差值"), Text("gap", "差距"), Text("seconds", "秒"),
    Text("engine", "求解方法"), Text("proof", "证明情况"),
)  # fmt: skip

ENGINES = {
    Engine.STAR: Text("star", "星形"), Engine.HUBS: Text("hubs", "枢纽"),
    Engine.NETWORK: Text("network", "网络"), ONE_STOP: Text("one stop", "单站"),
    Engine.MONOLITHIC: Text("whole", "整体"), Engine.DECOMPOSITION: Text("decomp.", "分解"),
    None: Text("-", "-"),
}  # fmt: skip

PROOFS = {
    "optimal": Text("optimal", "已证明最优"),
    "feasible": Text("feasible", "可行，未证明"),
    "no_plan": Text("no plan in time", "时限内无方案"),
    "impossible": Text("no plan can exist", "不存在可行方案"),
    "stopped": Text("stopped", "已中断"),
    "failed": Text("FAILED", "失败"),
}

WRONG = Text("WRONG: contradicts the published optimum", "错误：与已发表的最优值矛盾")


def heads() -> None:
    """Print the headings."""
    print_cells([show.said(head) for head in HEADS])


def row(outcome: Outcome) -> None:
    """Print one case as it ended."""
    said = show.said(PROOFS[outcome.proof.value])
    if outcome.wrong:
        said += "; " + show.said(WRONG)
    if outcome.failure is not None and outcome.proof.value == "failed":
        said += ": " + show.said(outcome.failure.message).splitlines()[0]
    digits = digits_of(outcome.published)
    gap = outcome.gap
    print_cells([
        outcome.case, number(outcome.value, digits),
        "-" if outcome.published is None else f"{outcome.published.value:,}",
        number(outcome.difference, digits, sign="+"),
        "-" if gap is None else f"{PERCENT * gap:.4f} %", f"{outcome.seconds:.1f}",
        show.said(ENGINES[outcome.engine]), said,
    ])  # fmt: skip


def digits_of(published: Published | None) -> int:
    """Return the decimals that values are printed with: as many as the published one has."""
    if published is None:
        return FEWEST_DIGITS
    exponent = published.last_digit.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else FEWEST_DIGITS


def number(value: float | None, digits: int, sign: str = "") -> str:
    """Return a number with so many decimals, without a sign if all of them are 0."""
    if value is None:
        return "-"
    return f"{round(value, digits) + 0.0:{sign if round(value, digits) else ''},.{digits}f}"


def print_cells(cells: Sequence[str]) -> None:
    """Print cells in columns, the first to the left, numbers to the right."""
    parts = [padded(cells[0], WIDTHS[0], left=True)]
    parts += [padded(cell, width) for cell, width in zip(cells[1:-1], WIDTHS[1:], strict=True)]
    print(printable("  ".join([*parts, cells[-1]])), flush=True)


def padded(cell: str, width: int, *, left: bool = False) -> str:
    """Return a cell with spaces to a width in columns of a terminal, which Chinese takes two of."""
    spaces = " " * (width - cell_len(cell))
    return cell + spaces if left else spaces + cell


def last_lines(found: Sequence[Outcome]) -> None:
    """Print how many cases ended how."""
    proofs = Counter(outcome.proof.value for outcome in found)
    named = [(proofs[name], words) for name, words in PROOFS.items() if name in proofs]
    en = ", ".join(f"{count} {words.en}" for count, words in named)
    zh = "，".join(f"{words.zh} {count} 个" for count, words in named)
    tally = counted(found)
    seconds = sum(outcome.seconds for outcome in found)
    show.line(
        Text(
            f"{len(found)} cases in {seconds:,.1f} s: {en}; {tally['same']} of"
            f" {tally['compared']} equal the published value, {tally['wrong']} contradict one that"
            " is proved",
            f"共 {len(found)} 个算例，{seconds:,.1f} 秒：{zh}；与已发表值一致 {tally['same']}/"
            f"{tally['compared']} 个，与已证明的最优值矛盾 {tally['wrong']} 个",
        )
    )


def counted(found: Sequence[Outcome]) -> dict[str, int]:
    """Return how many cases have a published value, equal it, and contradict it."""
    return {
        "cases": len(found),
        "optimal": sum(outcome.proof.value == "optimal" for outcome in found),
        "compared": sum(outcome.published is not None for outcome in found),
        "same": sum(outcome.same for outcome in found),
        "wrong": sum(outcome.wrong for outcome in found),
    }


def as_record(family: str, folder: Path, found: Sequence[Outcome]) -> dict[str, object]:
    """Return all outcomes as JSON."""
    return {
        "family": family,
        "folder": str(folder),
        "cases": [record(outcome) for outcome in found],
        "counts": counted(found),
    }


def record(outcome: Outcome) -> dict[str, object]:
    """Return one outcome as plain values."""
    published = outcome.published
    return {
        "case": outcome.case,
        "file": outcome.file,
        "value": outcome.value,
        "bound": outcome.bound,
        "gap": outcome.gap,
        "published": None if published is None else float(published.value),
        "published_is_proved": None if published is None else published.proved,
        "source": None if published is None else published.source,
        "difference": outcome.difference,
        "same": outcome.same,
        "wrong": outcome.wrong,
        "proof": outcome.proof.value,
        "seconds": round(outcome.seconds, 3),
        "engine": outcome.engine,
        "parts_s": dict(outcome.parts),
        "reached_s": {f"{gap:g}": seconds for gap, seconds in outcome.reached_s.items()},
        "failure": None if outcome.failure is None else show.said(outcome.failure.message),
    }
