"""What differs between operating systems: process groups, memory limits, killing a child.

POSIX-only modules are imported here alone, inside functions; elsewhere psutil stands in.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import psutil

BYTES_PER_MB = 1_000_000
NEW_PROCESS_GROUP_ON_WINDOWS = 0x00000200


def python_module(name: str, *arguments: str) -> list[str]:
    """Return the command that runs a module of hubopt with this Python, whatever lies around.

    `-P` keeps the working folder off the path, so that a file `numpy.py` there is never loaded.
    """
    return [sys.executable, "-P", "-X", "utf8", "-m", name, *arguments]


def environment() -> Mapping[str, str]:
    """Return a child's environment: this hubopt on the path, no threads for mere arithmetic.

    An empty part of a path means where one stands, which may be gone: Python would not start.
    """
    home = str(Path(__file__).resolve().parents[2])
    paths = [home, *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(path for path in paths if path),
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
    }


def own_group() -> Mapping[str, int | bool]:
    """Return the `Popen` arguments that keep a terminal's Ctrl-C from reaching the child."""
    if os.name == "posix":
        return {"start_new_session": True}
    return {"creationflags": NEW_PROCESS_GROUP_ON_WINDOWS}


def limit_own_memory(memory_mb: int) -> bool:
    """Limit the private memory of this process; return whether the platform can.

    Linux counts writable private pages for RLIMIT_DATA, so shared libraries and the reserved
    stacks of threads cost nothing; other systems do not enforce it, and the parent watches there.
    """
    if not sys.platform.startswith("linux"):
        return False
    import resource  # noqa: PLC0415  (POSIX only)

    most = memory_mb * BYTES_PER_MB
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    if hard != resource.RLIM_INFINITY:
        most = min(most, hard)
    try:
        resource.setrlimit(resource.RLIMIT_DATA, (most, hard))
    except (OSError, ValueError):
        return False
    return True


def memory_mb(pid: int) -> float:
    """Return the resident memory of a process in MB, 0 if it is gone or cannot be asked."""
    import psutil  # noqa: PLC0415

    try:
        return float(psutil.Process(pid).memory_info().rss) / BYTES_PER_MB
    except (psutil.Error, OSError):
        return 0.0


def cores() -> int:
    """Return how many cores this process may use; macOS binds none to a process."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def free_memory_mb() -> float:
    """Return the memory in MB that programs may still take on this computer."""
    import psutil  # noqa: PLC0415

    return float(psutil.virtual_memory().available) / BYTES_PER_MB


def kill(child: subprocess.Popen[bytes]) -> None:
    """Kill a child and everything that it started, and wait until it is gone."""
    brood = offspring(child.pid) if child.poll() is None else []
    if os.name == "posix":  # its group outlives it as long as anything that it started does
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
    with contextlib.suppress(OSError):
        child.kill()
    for process in brood:
        end(process)
    child.wait()


def offspring(pid: int) -> list[psutil.Process]:
    """Return all that a process has started, in groups of their own too, as far as can be seen."""
    import psutil  # noqa: PLC0415

    try:
        return psutil.Process(pid).children(recursive=True)
    except (psutil.Error, OSError):
        return []


def end(process: psutil.Process) -> None:
    """Kill a process, if it is still there."""
    import psutil  # noqa: PLC0415

    with contextlib.suppress(psutil.Error, OSError):
        process.kill()


def killed_from_outside(returncode: int) -> bool:
    """Return whether an exit code says that somebody else, or the system, ended the child."""
    if os.name != "posix":
        return False
    return returncode in {-signal.SIGKILL, -signal.SIGTERM, -signal.SIGINT, -signal.SIGHUP}


def how_it_ended(returncode: int) -> str:
    """Return an exit code in words."""
    if returncode < 0:
        with contextlib.suppress(ValueError):
            return f"signal {signal.Signals(-returncode).name}"
    return f"exit code {returncode}"
