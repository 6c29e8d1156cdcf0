"""The process of one scenario, and how several are shown: words whatever ends it, stops heard."""

from __future__ import annotations

import io
import tempfile
import threading
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rich.console import Console
from rich.live import Live

from hubopt.cli import side_child
from hubopt.cli.interrupt import StopRequest, stop_on_signals
from hubopt.cli.side_child import Ended, Phase
from hubopt.cli.side_display import SideDisplay
from hubopt.cli.solving import SolveRequest, Task
from hubopt.errors import InputError, NoPlanError
from hubopt.solve.answer import Question
from hubopt.solve.own_rules import read_rules
from hubopt.solver.form import Progress
from hubopt.study.side_by_side import Crew
from hubopt.text import Language, Text
from hubopt.vocabulary import Status
from tests.test_cli_scenarios_many import no_plan
from tests.test_side_by_side import PATIENCE_S, StopsAtFirst
from tests.tiny import tiny

if TYPE_CHECKING:
    from hubopt.study.worker import Wire

LONG = Text("word " * 40, "字" * 120)
WRITING = Text("writing tables and map", "写出表格与地图")


@pytest.fixture(autouse=True)
def in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start each test in English, and leave the language to others as it was."""
    monkeypatch.setenv("HUBOPT_LANG", "en")


def test_a_terminal_shows_a_line_for_each_under_way() -> None:
    """Phase, best, bound, gap and seconds of each, and counts, in both languages; names as data."""
    for language, words in (
        (Language.EN, ["listing routes 3/9", "1 of 4 scenarios done, 2 under way, 1 waiting"]),
        (Language.ZH, ["列出运输路径 3/9", "整数规划", "已完成 1，求解中 2，等待 1"]),
    ):
        display, screen = SideDisplay(language, 4), io.StringIO()
        display.console = Console(file=screen, force_terminal=True, width=100)
        display.live = Live(console=display.console, auto_refresh=False, transient=True)
        with display:
            for name in ("red_sea", "flood", "[b]odd[/b]"):
                display.begins(name)
            display.told("red_sea", Phase(Text("listing routes", "列出运输路径"), 3, 9))
            display.told("flood", Progress(0.0, 13224.0, 13191.2, 0.0025, "MIP"))
            display.looks()
            display.told("flood", Phase(WRITING))
            display.ends("[b]odd[/b]", no_plan("[b]odd[/b]", NoPlanError))
            _, phase, *costs, _ = display.rows["flood"].cells(language)
            display.ends("red_sea", replace(no_plan("red_sea", NoPlanError), warnings=(LONG,)))
        assert phase == WRITING.in_language(language)
        assert costs == ["13,224.0", "13,191.2", "0.25 %"]  # they stay while files are written
        said = screen.getvalue()
        assert LONG.in_language(language) in said  # a long line is not broken
        for word in (*words, "13,224.0", "13,191.2", "0.25 %", "[b]odd[/b]"):
            assert word in said, word


def test_a_plan_of_several_is_told_with_cost_and_gap(capsys: pytest.CaptureFixture[str]) -> None:
    """Where no terminal is, the line of an end says how sure the plan is; warnings are named."""
    with SideDisplay(Language.EN, 2) as display:
        display.begins("flood")
        warnings = (Text("mind the gap", "注意差距"),)
        ended = Ended(0, Status.FEASIBLE, {}, 2.5e9, 0.0123, 61.0, None, warnings)
        display.ends("flood", ended)
    said = capsys.readouterr().err.splitlines()
    assert said[0].endswith("flood: begins")
    assert said[1].endswith(
        "flood: a verified plan; cost 2,500.0 million CNY, gap 1.23 %, 61 s  (1 of 2)"
    )
    assert said[2] == "flood: mind the gap"


class Mute:
    """A wire on which nobody listens."""

    def send(self, message: object) -> None:
        """Drop a message."""

    def hear(self, on_stop: object) -> None:
        """Hear nothing."""


@pytest.mark.parametrize(
    ("error", "signals", "status", "words"),
    [
        (KeyboardInterrupt(), [], Status.INTERRUPTED, "stopped without a plan"),
        (ValueError("from a library in C"), [2], Status.INTERRUPTED, "stopped without a plan"),
        (MemoryError(), [], Status.FAILED, "too little memory left"),
        (ValueError("a fault"), [], Status.FAILED, "this is a fault of hubopt"),
        (NoPlanError(Text("too short", "太短")), [], Status.NO_PLAN, "too short"),
    ],
)
def test_whatever_ends_a_process_is_told_in_words(
    error: BaseException, signals: list[int], status: Status, words: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """No traceback leaves the process of a scenario; what a signal caused counts as a stop."""

    def fail(*_: object) -> None:
        raise error

    def no_file(**_: object) -> None:
        raise OSError

    monkeypatch.setattr(side_child, "solved", fail)
    monkeypatch.setattr(side_child, "heard", signals)
    monkeypatch.setattr(tempfile, "mkstemp", no_file)
    stop = StopRequest()
    request = SolveRequest(Path(), Path(), None, None, None, 1, 0, (), None, True, True)
    task = Task(request, Question(scenario="flood"), tiny(), None)
    ended = side_child.outcome(task, None, side_child.Teller(Mute(), stop), stop)
    assert ended.status is status
    assert ended.record["status"] == status.value
    assert ended.message is not None
    assert ended.message.en.startswith("flood: ")
    assert words in ended.message.en


def test_rules_that_change_meanwhile_are_refused(tmp_path: Path) -> None:
    """Scenarios of one command are solved under the same rules, known by their hash."""
    file = tmp_path / "own.py"
    file.write_text("def rules(model, instance):\n    pass\n", encoding="utf-8")
    record = read_rules(file).record()
    request = SolveRequest(
        Path(), tmp_path, None, None, None, 1, 0, (), None, True, True, rules=file
    )
    task = Task(request, Question(), tiny(), None)
    found = side_child.read_again(task, record)
    assert found is not None
    assert found.record() == record
    file.write_text("def rules(model, instance):\n    return\n", encoding="utf-8")
    with pytest.raises(InputError, match="was changed while scenarios were solved"):
        side_child.read_again(task, record)


def waiting(wire: Wire, name: str) -> None:
    """Wait for another thread, with a plan to keep or without, as the main thread of a search."""
    lock = threading.Lock()
    lock.acquire()
    with stop_on_signals() as stop:
        stop.keeping = name == "with a plan"
        threading.Thread(target=lambda: stop.wait() and lock.release(), daemon=True).start()
        try:
            wire.hear(partial(side_child.stop_main_thread, stop))
            wire.send(name)
            lock.acquire()
            wire.send("stopped with a plan")
        except KeyboardInterrupt:
            wire.send("stopped")


def test_a_stop_reaches_a_process_that_waits_for_its_threads() -> None:
    """The main thread of a large search waits for others: it hears a stop all the same, at once."""
    for name, end in (("with a plan", "stopped with a plan"), ("without", "stopped")):
        stop = threading.Event()
        foreman = StopsAtFirst(stop)
        Crew(waiting, foreman, jobs=1, stop=stop, grace_s=PATIENCE_S / 3).do([name])
        assert foreman.heard == [(name, name), (name, end)]
