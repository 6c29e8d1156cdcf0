"""What a waiting planner sees of scenarios side by side: a line for each under way, and counts."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text as RichText

from hubopt.cli import show
from hubopt.cli.events import Events
from hubopt.cli.progress import PHASES
from hubopt.cli.side_child import Phase
from hubopt.cli.side_words import in_millions, sentence
from hubopt.text import Language, Text, printable

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from hubopt.cli.side_child import Ended
    from hubopt.solver.form import Progress

BEGINNING = Text("beginning", "开始")
WORDS = Text("scenario", "情景"), Text("phase", "阶段")
NUMBERS = (
    Text("best (million CNY)", "最好（百万元）"), Text("bound", "下界"), Text("gap", "差距"),
    Text("elapsed", "用时"),
)  # fmt: skip
"""Heads of the columns."""


class Row:
    """Where one scenario stands that is under way."""

    def __init__(self, name: str, *, events: bool) -> None:
        self.name, self.began = name, time.monotonic()
        self.events = Events(name) if events else None
        self.phase = BEGINNING
        self.counts = ""
        self.solver: Progress | None = None

    def told(self, message: Phase | Progress) -> None:
        """Take what its process tells; costs stay while the plan is checked and written."""
        if isinstance(message, Phase):
            self.phase = message.name
            self.counts = f" {message.done:,}/{message.total:,}" if message.total else ""
            if self.events is not None:
                self.events.phase(message.name, message.done, message.total)
            return
        self.phase = Text(message.phase, PHASES.get(message.phase, message.phase))
        self.counts, self.solver = "", message
        if self.events is not None:
            self.events.solver(message)

    def cells(self, language: Language) -> tuple[str, ...]:
        """Return its line: name, phase, best, bound, gap and seconds."""
        phase = self.phase.in_language(language) + self.counts
        took = f"{time.monotonic() - self.began:,.0f} s"
        if self.solver is None:
            return self.name, phase, "", "", "", took
        gap = "-" if self.solver.gap is None else f"{100 * self.solver.gap:.2f} %"
        best, bound = in_millions(self.solver.best), in_millions(self.solver.bound)
        return self.name, phase, best, bound, gap, took


class SideDisplay:
    """Shows scenarios under way on standard error, in place on a terminal; quiet if told so.

    Elsewhere a line comes when each begins and ends. With `as_json` events for programs come in
    the place of both.
    """

    def __init__(
        self, language: Language, number: int, *, quiet: bool = False, as_json: bool = False
    ) -> None:
        self.language, self.number = language, number
        self.quiet, self.as_json = quiet, as_json
        self.console = Console(stderr=True)
        self.live = Live(console=self.console, auto_refresh=False, transient=True)
        self.began = time.monotonic()
        self.rows: dict[str, Row] = {}
        self.done = 0

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
        """Stop showing."""
        if self.moving:
            self.live.stop()

    @property
    def moving(self) -> bool:
        """Whether the lines are redrawn in place."""
        return self.console.is_terminal and not self.quiet and not self.as_json

    def phase(self, name: Text) -> None:
        """Show what is done before the first scenario begins."""
        if self.as_json and not self.quiet:
            Events().phase(name)
        self.say(name)

    def begins(self, name: str) -> None:
        """Show that a scenario begins."""
        self.rows[name] = row = Row(name, events=self.as_json and not self.quiet)
        row.told(Phase(BEGINNING))
        if not self.moving:
            self.say(Text(f"{name}: begins", f"{name}：开始求解"))
        self.looks()

    def told(self, name: str, message: Phase | Progress) -> None:
        """Take what the process of a scenario tells."""
        self.rows[name].told(message)

    def ends(self, name: str, ended: Ended) -> None:
        """Show how a scenario ended, and what to be warned of; one that was kept never began."""
        self.done += 1
        row = self.rows.pop(name, None) or Row(name, events=self.as_json and not self.quiet)
        if row.events is not None:
            row.events.ended(ended.status.value, ended.code)
        how = sentence(name, ended)
        of = Text(f"({self.done} of {self.number})", f"（{self.done}/{self.number}）")
        self.say(Text(f"{how.en}  {of.en}", f"{how.zh}{of.zh}"))
        if ended.message is not None and not ended.kept:
            self.warn(ended.message)
        for warning in ended.warnings:
            self.warn(Text(f"{name}: {warning.en}", f"{name}：{warning.zh}"))
        self.looks()

    def warn(self, text: Text) -> None:
        """Print what to be warned of, also where told to be quiet; whole, however long."""
        if self.moving:
            words = printable(text.in_language(self.language))
            self.console.print(RichText(words), soft_wrap=True)
        else:
            show.warnings([text])

    def say(self, text: Text) -> None:
        """Print a line that stays, with the seconds so far, unless told to be quiet."""
        if not self.quiet and not self.as_json:
            line = f"{time.monotonic() - self.began:6.0f} s  {text.in_language(self.language)}"
            self.console.print(RichText(line), soft_wrap=True)

    def looks(self) -> None:
        """Draw all lines anew."""
        if self.moving:
            self.live.update(self.drawn(), refresh=True)

    def drawn(self) -> Group:
        """Return the line of each scenario under way, and how many are done and wait."""
        table = Table(box=None, pad_edge=False)
        for head in WORDS:
            table.add_column(RichText(head.in_language(self.language)), no_wrap=True)
        for head in NUMBERS:
            words = RichText(head.in_language(self.language))
            table.add_column(words, justify="right", no_wrap=True)
        for row in self.rows.values():
            table.add_row(*map(RichText, row.cells(self.language)))
        return Group(table, RichText(self.counts().in_language(self.language)))

    def counts(self) -> Text:
        """Return how many scenarios are done, under way, and wait."""
        going = len(self.rows)
        waiting = self.number - self.done - going
        took = time.monotonic() - self.began
        return Text(
            f"{took:6.0f} s  {self.done} of {self.number} scenarios done, {going} under way,"
            f" {waiting} waiting",
            f"{took:6.0f} s  共 {self.number} 个情景：已完成 {self.done}，求解中 {going}，"
            f"等待 {waiting}",
        )
