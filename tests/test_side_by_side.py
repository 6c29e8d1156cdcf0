"""Processes side by side: all are heard, told to stop and killed in time, and none is left over."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import psutil
import pytest

from hubopt.solver import platform
from hubopt.study import side_by_side
from hubopt.study.side_by_side import Crew
from tests.children import children

if TYPE_CHECKING:
    from hubopt.study.worker import Wire

PATIENCE_S = 60.0


class Hearing:
    """A foreman that hands out names, and notes what it hears."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, object]] = []
        self.codes: dict[str, int | None] = {}
        self.most, self.under_way = 0, 0

    def handed(self, task: str) -> tuple[str]:
        """Hand out a name."""
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        return (task,)

    def hears(self, task: str, message: object) -> None:
        """Note a message."""
        self.heard.append((task, message))

    def ends(self, task: str, exit_code: int | None) -> None:
        """Note an end."""
        self.under_way -= 1
        self.codes[task] = exit_code

    def looks(self) -> None:
        """Go on."""


class StopsAtFirst(Hearing):
    """Asks for a stop once any process speaks."""

    def __init__(self, stop: threading.Event) -> None:
        super().__init__()
        self.stop = stop

    def hears(self, task: str, message: object) -> None:
        """Note a message, and stop all."""
        super().hears(task, message)
        self.stop.set()


def talk(wire: Wire, name: str) -> None:
    """Print what is no message, send two that are, one of them long, or end in another way."""
    wire.hear()
    sys.stdout.write("noise")
    sys.stdout.flush()
    os.write(1, b"\x00\x00\x00\x00")
    wire.send(name)
    if name == "dies":
        os._exit(9)
    if name == "fails":
        raise RuntimeError(name)
    wire.send(name * 1_000_000)


def obey(wire: Wire, name: str) -> None:
    """Say that it began, and again once it is told to stop."""
    told = threading.Event()
    wire.send(name)
    if name == "slow":
        time.sleep(1.0)
    wire.hear(told.set)
    if name == "deaf":
        time.sleep(PATIENCE_S)
    told.wait(PATIENCE_S)
    wire.send("stopped")


def test_all_is_heard_and_no_more_run_at_a_time_than_asked() -> None:
    """Two at a time, in order; what is printed is no message; a death or failure ends one alone."""
    foreman, names = Hearing(), ["a", "dies", "fails", "b"]
    Crew(talk, foreman, jobs=2, stop=threading.Event()).do(names)
    assert foreman.most == 2
    assert sorted(name for name, message in foreman.heard if message == name) == sorted(names)
    assert {name for name, message in foreman.heard if len(str(message)) > 9} == {"a", "b"}
    assert foreman.codes == {"a": 0, "dies": 9, "fails": 1, "b": 0}
    assert children() == []


def test_a_stop_lets_all_end_and_begins_no_more() -> None:
    """Who is told to stop may still speak; one that does not hear is killed after its grace."""
    stop = threading.Event()
    foreman = StopsAtFirst(stop)
    Crew(obey, foreman, jobs=1, stop=stop, grace_s=PATIENCE_S).do(["a", "b"])
    assert foreman.heard == [("a", "a"), ("a", "stopped")]
    assert foreman.codes == {"a": 0}
    stop.clear()
    foreman = StopsAtFirst(stop)  # told before it listens
    Crew(obey, foreman, jobs=1, stop=stop, grace_s=PATIENCE_S).do(["slow"])
    assert foreman.heard == [("slow", "slow"), ("slow", "stopped")]
    stop.clear()
    began = time.monotonic()
    Crew(obey, foreman, jobs=1, stop=stop, grace_s=0.5).do(["deaf"])
    assert time.monotonic() < began + PATIENCE_S / 2
    assert "deaf" not in foreman.codes
    assert children() == []


def test_a_system_without_room_for_a_process_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be started is told with the reason, and the next one is tried."""

    def refuse(_task: str) -> None:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(side_by_side, "started", refuse)
    foreman = Hearing()
    Crew(talk, foreman, jobs=2, stop=threading.Event()).do(["a", "b"])
    assert [(name, type(why)) for name, why in foreman.heard] == [
        ("a", BlockingIOError),
        ("b", BlockingIOError),
    ]
    assert foreman.codes == {"a": None, "b": None}


ORPHANS = """
import sys, threading
from hubopt.study.side_by_side import Crew
from tests.test_side_by_side import Hearing, obey
class Telling(Hearing):
    def hears(self, task, message):
        print(message, flush=True)
Crew(obey, Telling(), jobs=1, stop=threading.Event()).do(["a"])
"""


def test_a_killed_parent_leaves_nothing_running() -> None:
    """`kill -9` of the parent ends its processes as a stop would."""
    with subprocess.Popen(
        [sys.executable, "-c", ORPHANS], stdout=subprocess.PIPE, env=platform.environment()
    ) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline().strip() == b"a"
        (child,) = psutil.Process(parent.pid).children()
        parent.kill()
    assert psutil.wait_procs([child], timeout=PATIENCE_S)[1] == []
