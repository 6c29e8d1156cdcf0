"""The child processes of a test, to see that none outlives its solve but those that wait."""

from __future__ import annotations

import psutil

from hubopt.solver.pool import POOL


def children() -> list[psutil.Process]:
    """Return the processes that this one has started and that still run, without idle solvers.

    Python's own resource tracker does not count: once a test of the same worker has used a pool
    of processes, it lives on until the worker ends.
    """
    idle = {talk.child.pid for talk in POOL.idle}
    found = psutil.Process().children(recursive=True)
    return [p for p in found if p.pid not in idle and not _is_tracker(p)]


def idle_commands() -> list[tuple[str, ...]]:
    """Return the commands of the solvers that wait for a task, the one longest idle first."""
    return [talk.command for talk in POOL.idle]


def _is_tracker(process: psutil.Process) -> bool:
    """Return whether the process is the one with which Python counts shared resources."""
    try:
        return any("multiprocessing.resource_tracker" in part for part in process.cmdline())
    except psutil.Error:
        return False
