"""Where an instance lies: a folder of tables, or a workbook with what belongs to it beside."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

WORKBOOKS = frozenset({".xlsx", ".xlsm"})
"""Endings of files that hold all tables of an instance, a sheet each."""

OTHER_WORKBOOKS = frozenset({".xls", ".xlsb", ".ods", ".et", ".numbers"})
"""Endings of workbooks that are not read."""


def is_workbook(instance: Path) -> bool:
    """Tell whether the path of an instance names a workbook and not a folder."""
    return instance.suffix.lower() in WORKBOOKS and not instance.is_dir()


def home(instance: Path) -> Path:
    """Return the folder of an instance, for a workbook the one in which it stands."""
    return instance.parent if is_workbook(instance) else instance
