"""What a waiting planner sees: one line that moves, or plain lines where there is no terminal."""

from __future__ import annotations

import time
from math import isfinite
from typing import TYPE_CHECKING

from rich.console import Console
from rich.live import Live
from rich.text import Text as RichText

from hubopt.cli.events import Events
from hubopt.solver.form import ALL_ROUTES_BRANCHING, BRANCHING, EARLIER, PRICING
from hubopt.text import Language, Text
from hubopt.vocabulary import DESIGNING

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from hubopt.cli.interrupt import StopRequest
    from hubopt.solver.form import Progress

PLAIN_EVERY_S = 10.0

PHASES = {
    "LP": "线性规划",
    "LR": "拉格朗日松弛",
    "B&B": "分支定界",
    "MIP": "整数规划",
    EARLIER: "试用先前的方案",
    PRICING: "对全部路径定价",
    BRANCHING: "对设施分支",
    ALL_ROUTES_BRANCHING: "在全部路径上分支",
    DESIGNING: "固定费用网络选班列",
    "choosing hubs": "选择枢纽",
    "LP relaxation": "线性松弛",
    "siting": "选址",
    "rounding": "取整",
    "departures": "班次",
    "whole model": "整体模型",
    "improving the plan": "改进方案",
}
"""The phases of a solve in Chinese; one that is not here is shown as it is."""


class ProgressLine:
    """Shows phase, best, bound, gap and elapsed time on standard error; quiet if told so.

    With `as_json` events for programs come in the place of the line.
    """

    def __init__(
        self, language: Language, stop: StopRequest, *, quiet: bool = False, as_json: bool = False
    ) -> None:
        self.language, self.stop, self.quiet = language, stop, quiet or as_json
        self.events = Events() if as_json and not quiet else None
        self.console = Console(stderr=True)
        self.live = Live(console=self.console, auto_refresh=False, transient=True)
        self.started = time.monotonic()
        self.last_plain, self.last_phase = 0.0, ""

    def __enter__(self) -> Self:
        """Begin to show."""
        if self.moving:
            self.live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop showing; signals end the program again."""
        self.stop.keeping = False
        if self.moving:
            self.live.stop()

    @property
    def moving(self) -> bool:
        """Whether the line is redrawn in place."""
        return self.console.is_terminal and not self.quiet

    def phase(self, name: Text, done: int = 0, total: int = 0) -> None:
        """Show a phase; before the first solve signals end it at once, for no plan can be lost."""
        if self.events is not None:
            self.events.phase(name, done, total)
        counts = f" {done:,}/{total:,}" if total else ""
        self.show(name.in_language(self.language) + counts, phase=name.en)

    def solver(self, progress: Progress) -> None:
        """Show where a solve stands; from here on a signal keeps the best plan.

        While routes are priced there may be none yet: a signal then ends the command at once.
        """
        if worth_keeping(progress):
            self.stop.keeping = True
        if self.events is not None:
            self.events.solver(progress)
        self.show(solver_line(progress, self.language), phase=progress.phase)

    def show(self, line: str, *, phase: str) -> None:
        """Draw or print one line; plain lines come at each new phase and every ten seconds."""
        elapsed = time.monotonic() - self.started
        line = f"{elapsed:6.0f} s  {line}"
        if self.moving:
            self.live.update(RichText(line), refresh=True)
        elif not self.quiet and (
            phase != self.last_phase or elapsed > self.last_plain + PLAIN_EVERY_S
        ):
            self.console.print(RichText(line), soft_wrap=True)
            self.last_plain, self.last_phase = elapsed, phase


def worth_keeping(progress: Progress) -> bool:
    """Return whether a solve that is stopped now has, or soon would have, a plan to keep."""
    return progress.best is not None or progress.phase != PRICING


def solver_line(progress: Progress, language: Language) -> str:
    """Return best, bound and gap in words; costs come in million CNY."""
    zh = language is Language.ZH
    unit, none = (" 百万元", "尚无") if zh else (" million CNY", "none yet")
    best, bound = (
        f"{cost:,.1f}{unit}" if cost is not None and isfinite(cost) else none
        for cost in (progress.best, progress.bound)
    )
    gap = "-" if progress.gap is None else f"{100 * progress.gap:.2f} %"
    phase = PHASES.get(progress.phase, progress.phase) if zh else progress.phase
    phase += counted(progress, language)
    if zh:
        return f"{phase}：最好 {best}，下界 {bound}，差距 {gap}"
    return f"{phase}: best {best}, bound {bound}, gap {gap}"


def counted(progress: Progress, language: Language) -> str:
    """Return which round of pricing it is and how many routes it added, or how many nodes."""
    counts, text = progress.counts, Text("", "")
    if progress.phase == PRICING:
        number, new = counts.get("round", 0), counts.get("new_routes", 0)
        text = Text(f", round {number}, {new:,} new", f"第 {number} 轮，新增 {new:,} 条")
    elif progress.phase == ALL_ROUTES_BRANCHING:
        done, waiting = counts.get("nodes", 0), counts.get("open_nodes", 0)
        nodes = f"{done:,} node" if done == 1 else f"{done:,} nodes"
        text = Text(f", {nodes}, {waiting:,} open", f"，{done:,} 个节点，{waiting:,} 个待处理")
    return text.in_language(language)
