"""Which assumptions a residual depends on most: each is varied alone, and the plan solved anew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubopt.errors import (
    Finding,
    InfeasibleError,
    InputError,
    InterruptedSolve,
    NoPlanError,
    SolverError,
)
from hubopt.instance.nearest import nearest_of
from hubopt.solve.answer import answer
from hubopt.study.reconcile import reconcile
from hubopt.text import Text, escaped

if TYPE_CHECKING:
    import threading
    from collections.abc import Collection, Iterable, Iterator

    from hubopt.instance.tables import Instance
    from hubopt.solve.answer import Question, Watcher
    from hubopt.study.comparison import Comparison, Line
    from hubopt.study.levers import Lever

LOW, HIGH = "low", "high"


@dataclass(frozen=True, slots=True)
class Swing:
    """What a line says with one assumption at its low and at its high, all else as it is."""

    line: str
    lever: Lever
    central: float
    low: float | None
    high: float | None

    @property
    def width(self) -> float:
        """How far the line moves between low and high, in its own unit."""
        ends = [value for value in (self.low, self.central, self.high) if value is not None]
        return max(ends) - min(ends)


def asked_for(lines: Iterable[Line], named: Collection[str] = ()) -> dict[str, float]:
    """Return the modelled values of the lines whose residual asks for a reason, or that are named.

    Raises `InputError` for a name that is no line.
    """
    found = list(lines)
    known = [line.comparison.line for line in found]
    unknown = [name for name in named if name not in known]
    if unknown:
        raise InputError([no_line(name, known) for name in unknown])
    return {
        line.comparison.line: line.modelled
        for line in found
        if line.modelled is not None and (line.large or line.comparison.line in named)
    }


def no_line(name: str, known: list[str]) -> Finding:
    """Return the finding for a name that is no line of the comparison."""
    return Finding(
        "command line",
        Text("is no line of the comparison", "不是对比表中的行"),
        Text("use an id of reconcile/published.csv", "请使用 reconcile/published.csv 中的行号"),
        column="--line",
        value=escaped(name),
        nearest=nearest_of(name, known),
        code="REC03",
    )


def explain(
    instance: Instance,
    comparisons: tuple[Comparison, ...],
    levers: Iterable[Lever],
    central: dict[str, float],
    question: Question,
    *,
    watcher: Watcher,
    stop: threading.Event | None = None,
) -> tuple[Swing, ...]:
    """Return for each line of `central` how it moves with each lever that bears on it.

    Every lever is solved twice, as the instance itself was; after a `stop` those that were solved
    whole are returned, and an end that got no plan is `None`. `central` holds what the lines say
    with no lever moved. Swings come by line, the widest first.
    """
    meant = [lever for lever in levers if set(lever.lines) & set(central)]
    runs = [(lever, end) for lever in meant for end in (LOW, HIGH)]
    said: dict[tuple[str, str], dict[str, float | None]] = {}
    for number, (lever, end) in enumerate(runs, start=1):
        label = Text(
            f"varying {number} of {len(runs)}: {lever.name.en}, {end}",
            f"变动 {number}/{len(runs)}：{lever.name.zh}，{'低' if end == LOW else '高'}",
        )
        watcher.phase(label)
        moved = lever.moved(instance, getattr(lever, end))
        try:
            plan = answer(moved, question, stop=stop).plan
        except InterruptedSolve:
            break
        except (InfeasibleError, NoPlanError, SolverError):
            said[lever.id, end] = dict.fromkeys(central)  # told as a blank, the others go on
            continue
        if stop is not None and stop.is_set():
            break  # a plan cut short would say of the lever what is of the stop
        lines = reconcile(moved, plan, comparisons)
        said[lever.id, end] = {line.comparison.line: line.modelled for line in lines}
    return tuple(swings(meant, central, said))


def swings(
    levers: list[Lever],
    central: dict[str, float],
    said: dict[tuple[str, str], dict[str, float | None]],
) -> Iterator[Swing]:
    """Yield the swings line by line, the widest first; what was not solved is left out."""
    for line, value in central.items():
        found = [
            Swing(line, lever, value, said[lever.id, LOW][line], said[lever.id, HIGH][line])
            for lever in levers
            if line in lever.lines and {(lever.id, LOW), (lever.id, HIGH)} <= set(said)
        ]
        yield from sorted(found, key=lambda swing: (-swing.width, swing.lever.id))
