"""`python -m tests.fault_server`: starts `hubopt` again and again without loading it anew.

It loads everything once and forks for each command, so that a command with a fault takes a second
and is still a process of its own, with its own signals, files and end. One JSON line asks, one
answers: `start` a command, or `wait` for one.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
import time
from contextlib import redirect_stderr, redirect_stdout, suppress
from io import StringIO
from pathlib import Path
from typing import Any

from tests.faults import Fault, injected
from tests.instance_folder import tiny_folder
from tests.publishing import small_map


def warm_up() -> None:
    """Run every command once, so that all that loads on use is loaded."""
    from hubopt.cli.entry import run  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as name, redirect_stdout(StringIO()):
        folder = tiny_folder(Path(name) / "tiny")
        result = str(Path(name) / "r" / "tiny" / "base")
        with redirect_stderr(StringIO()):
            for words in (
                ("solve", str(folder), "-o", str(Path(name) / "r"), "--quiet"),
                ("verify", result),
                ("map", result, "--lang", "zh"),
                ("export", str(folder), str(Path(name) / "model.lp")),
                ("new", str(Path(name) / "new")),
            ):
                if run(words) != 0:
                    raise SystemExit(1)


def become(job: dict[str, Any]) -> None:
    """Turn this process into one command with its fault; never returns."""
    os.setsid()
    os.environ.update(job["env"])
    tempfile.tempdir = None
    os.chdir(job["cwd"])
    for number, file in ((1, job["out"]), (2, job["err"])):
        opened = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        os.dup2(opened, number)
        os.close(opened)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    for name, most in job["limits"].items():
        kind = getattr(resource, name)
        resource.setrlimit(kind, (most, resource.getrlimit(kind)[1]))
    if job["uid"]:
        os.setgroups([])
        os.setgid(job["uid"])
        os.setuid(job["uid"])
    if job["child"]:
        from hubopt.solver import run  # noqa: PLC0415

        run.child_command = lambda memory_mb: [*job["child"], str(memory_mb)]
    if job["quick"]:
        use_small_maps()
    from hubopt.cli import main  # noqa: PLC0415

    sys.argv = ["hubopt", *job["words"]]
    roots = [Path(root) for root in job["roots"]]
    with suppress(OSError):
        Path(job["counts"]).with_suffix(".ready").touch()
    with injected(Fault(**job["fault"]), *roots, audit=job["audit"]) as sites:
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
    found = {"counts": sites.counts, "missed": sites.missed, "happened": sites.happened}
    with suppress(OSError):  # a command of nobody, or within limits, may not
        Path(job["counts"]).write_text(json.dumps(found), encoding="utf-8")
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)


def use_small_maps() -> None:
    """Put small stand-ins in the place of map and picture, which take most of a run's time."""
    from hubopt.publish import geopackage, layers, picture, project_words  # noqa: PLC0415

    geopackage.write_geopackage = small_map
    layers.layers = lambda *_: ()
    project_words.projects = lambda *_: {}
    picture.picture = lambda *_: b"a picture"


def start(job: dict[str, Any]) -> int:
    """Return the number of the process that runs a command."""
    pid = os.fork()
    if pid == 0:
        try:
            become(job)
        finally:
            os._exit(99)
    return pid


def wait(pid: int, most_s: float) -> int | None:
    """Return how a command ended, `None` if it has not by then."""
    until = time.monotonic() + most_s
    while True:
        found, status = os.waitpid(pid, os.WNOHANG)
        if found:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() > until:
            return None
        time.sleep(0.005)


def say(answer: object) -> None:
    """Write an answer on a line of its own."""
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Answer until there is no more question."""
    warm_up()
    say("ready")
    for line in sys.stdin:
        job = json.loads(line)
        answer = start(job) if job["ask"] == "start" else wait(job["pid"], job["most_s"])
        say(answer)


if __name__ == "__main__":
    main()
