"""Scenarios written beside the tiny instance, and that instance as they make it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.instance.scenario import overlaid
from tests.instance_folder import tiny_folder
from tests.tiny import tiny

if TYPE_CHECKING:
    from pathlib import Path

    from hubopt.instance.tables import Instance

NAME = "flood"


def scenario(folder: Path, text: str, name: str = NAME) -> Path:
    """Write a scenario into the folder of an instance, which is returned."""
    if not folder.exists():
        tiny_folder(folder)
    (folder / "scenarios").mkdir(exist_ok=True)
    (folder / "scenarios" / f"{name}.toml").write_text(text, encoding="utf-8", newline="")
    return folder


def under(folder: Path, text: str) -> Instance:
    """Return the tiny instance in a scenario of this text."""
    return overlaid(scenario(folder / "tiny", text), NAME, tiny())
