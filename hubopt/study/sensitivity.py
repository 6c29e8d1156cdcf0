"""Each uncertain number at its low and at its high, solved anew: what moves, and which sites.

The base is solved first. A run is a full `answer` of its own, verified as any other, and starts
from the base: a large instance keeps the sites of the base as long as the gap closes with them, so
that none changes by chance. What is in the store is not run again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hubopt.errors import InfeasibleError, NoPlanError
from hubopt.solve.answer import Silent, answer
from hubopt.solve.labelled import Labelled
from hubopt.study.outcome import Outcome, kept_cost_fen, outcome_of
from hubopt.study.sensitivity_store import BASE
from hubopt.study.uncertain import LEVELS
from hubopt.text import Text
from hubopt.vocabulary import Status

if TYPE_CHECKING:
    import threading
    from collections.abc import Sequence

    from hubopt.instance.tables import Instance
    from hubopt.plan.plan import Plan
    from hubopt.solve.answer import Question, Watcher
    from hubopt.study.sensitivity_store import Store
    from hubopt.study.uncertain import Parameter

ALL_ROUTES = False
"""Runs are compared with each other, over listed routes as those in `results/` that take hours."""

LEVEL_WORDS = {"low": Text("low", "低"), "high": Text("high", "高")}


@dataclass(frozen=True, slots=True)
class Task:
    """One run: a parameter at one of its levels."""

    parameter: Parameter
    level: str

    @property
    def label(self) -> Text:
        """Return the run in words."""
        name, level = self.parameter.name, LEVEL_WORDS[self.level]
        return Text(f"{name.en}, {level.en}", f"{name.zh}，{level.zh}")


@dataclass(frozen=True, slots=True)
class Run:
    """A run that was made, and what came of it."""

    parameter: Parameter
    level: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Study:
    """The base and all runs that are done, in the order of the parameters."""

    instance: Instance
    parameters: tuple[Parameter, ...]
    base: Outcome
    runs: tuple[Run, ...]

    @property
    def asked(self) -> int:
        """How many runs the parameters ask for."""
        return len(self.parameters) * len(LEVELS)

    @property
    def solved(self) -> tuple[Run, ...]:
        """The runs that have a plan."""
        return tuple(run for run in self.runs if run.outcome.solved)


def tasks_left(store: Store, parameters: Sequence[Parameter]) -> list[Task]:
    """Return the runs that are not done."""
    tasks = [Task(parameter, level) for parameter in parameters for level in LEVELS]
    return [task for task in tasks if store.outcome(task.parameter, task.level) is None]


def gathered(instance: Instance, parameters: tuple[Parameter, ...], store: Store) -> Study | None:
    """Return what is done so far, `None` without the base."""
    base = store.outcome(None, BASE)
    if base is None:
        return None
    found = [(p, level, store.outcome(p, level)) for p in parameters for level in LEVELS]
    runs = tuple(Run(p, level, outcome) for p, level, outcome in found if outcome is not None)
    return Study(instance, parameters, base, runs)


def run_all(
    instance: Instance,
    parameters: Sequence[Parameter],
    store: Store,
    *,
    jobs: int,
    watcher: Watcher,
    stop: threading.Event,
) -> None:
    """Run the base and then all that is not done, `jobs` at a time; each is kept when it ends.

    Raises what `answer` raises for the base, and `SolverError` or `ViolationError` for any run: a
    run for which no plan can exist, or none was found in time, is an outcome and no error.
    """
    base = base_plan(instance, store, watcher, stop)
    left = tasks_left(store, parameters)
    if base is None or not left:
        return
    if jobs > 1:
        from hubopt.study.sensitivity_jobs import run_beside  # noqa: PLC0415  (loads on use)

        run_beside(instance, base, left, store, jobs=jobs, watcher=watcher, stop=stop)
        return
    for number, task in enumerate(left, start=1):
        heard = Labelled(watcher, progress(number, len(left), task))
        outcome = run_one(instance, base, task, store.question, heard, stop)
        if outcome is None:
            return
        store.keep(task.parameter, task.level, outcome)


def base_plan(
    instance: Instance, store: Store, watcher: Watcher, stop: threading.Event
) -> Plan | None:
    """Return the plan of the base, solved if need be; `None` if the planner stopped it.

    It is solved to half the gap: runs that stay near it then end as soon as their bound is known.
    """
    known = store.base_plan()
    if known is not None and store.outcome(None, BASE) is not None:
        return known
    heard = Labelled(watcher, Text("base", "基准"))
    asked = instance.settings.gap if store.question.gap is None else store.question.gap
    closer = replace(store.question, gap=asked / 2)
    plan = answer(instance, closer, watcher=heard, stop=stop, all_routes=ALL_ROUTES).plan
    if plan.status is Status.INTERRUPTED:
        return None
    store.keep_base_plan(plan)
    store.keep(None, BASE, outcome_of(instance, plan))
    return plan


def run_one(
    instance: Instance,
    base: Plan,
    task: Task,
    question: Question,
    watcher: Watcher | None = None,
    stop: threading.Event | None = None,
) -> Outcome | None:
    """Return the outcome of one run, `None` if the planner stopped it."""
    varied = task.parameter.at(instance, task.level)
    try:
        plan = answer(
            varied, question, watcher=watcher or Silent(), stop=stop, start=base,
            all_routes=ALL_ROUTES,
        ).plan  # fmt: skip
    except (InfeasibleError, NoPlanError) as error:
        return Outcome(status=error.status.value)
    if plan.status is Status.INTERRUPTED or (stop is not None and stop.is_set()):
        return None
    return replace(outcome_of(varied, plan), kept_fen=kept_cost_fen(varied, base))


def progress(number: int, of: int, task: Task) -> Text:
    """Return which run of how many is made."""
    return Text(f"run {number} of {of}: {task.label.en}", f"运行 {number}/{of}：{task.label.zh}")
