"""A watcher of one solve among several: it says to which of them each phase belongs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.text import Text

if TYPE_CHECKING:
    from hubopt.solve.answer import Watcher


class Labelled:
    """A watcher that puts a label before each phase: a run, a state, a point."""

    def __init__(self, watcher: Watcher, label: Text) -> None:
        self.watcher, self.label = watcher, label
        self.solver = watcher.solver

    def phase(self, name: Text, done: int = 0, total: int = 0) -> None:
        """Pass a phase on with its label."""
        said = Text(f"{self.label.en}; {name.en}", f"{self.label.zh}；{name.zh}")
        self.watcher.phase(said, done, total)
