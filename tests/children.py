"""The child processes of a test, to see that none outlives its solve."""

from __future__ import annotations

import psutil


def children() -> list[psutil.Process]:
    """Return the processes that this one has started and that still run.

    Python's own resource tracker does not count: once a test of the same worker has used a pool
    of processes, it lives on until the worker ends.
    """
    return [p for p in psutil.Process().children(recursive=True) if not _is_tracker(p)]


def _is_tracker(process: psutil.Process) -> bool:
    """Return whether the process is the one with which Python counts shared resources."""
    try:
        return any("multiprocessing.resource_tracker" in part for part in process.cmdline())
    except psutil.Error:
        return False
