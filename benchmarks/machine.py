"""The machine of a run in general terms: how many cores, how much memory, busy or quiet."""

from __future__ import annotations

import platform
from datetime import UTC, datetime

import psutil

QUIET, BUSY = "quiet", "other programs were running"
QUIET_PERCENT = 12.0
"""All cores together busy with less than this before a run starts: nothing else of weight runs."""

LOOK_S = 0.3


def today() -> str:
    """Return the date in UTC."""
    return datetime.now(UTC).strftime("%Y-%m-%d")


def machine() -> str:
    """Return cores, memory and Python; no names, which say nothing to others."""
    memory_gb = round(psutil.virtual_memory().total / 2**30)
    cores = psutil.cpu_count() or 1
    python = platform.python_version()
    return f"{cores} cores, {memory_gb} GB, {platform.system()}, Python {python}"


def load_now() -> str:
    """Return whether other programs are running, by what the processors do before a run."""
    return QUIET if psutil.cpu_percent(interval=LOOK_S) < QUIET_PERCENT else BUSY
