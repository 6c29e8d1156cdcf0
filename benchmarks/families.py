"""Public cases solved by hubopt and by plain HiGHS, each beside its published value."""

from __future__ import annotations

from functools import partial
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import TYPE_CHECKING

import hubopt
from benchmarks.spec import Found

if TYPE_CHECKING:
    from benchmarks.arrays import Matrices
    from benchmarks.spec import Task
    from hubopt.instance.public.case import PublicCase


def run(task: Task) -> Found:
    """Solve one case by hubopt or by plain HiGHS, to the optimum or to the limit."""
    from hubopt.instance.public.families import cases_of  # noqa: PLC0415  (loads on use)

    file = Path(task.case.file)
    (case,) = (one for one in cases_of(task.case.family, file) if one.name == task.case.title)
    return by_hubopt(task, case) if task.method == "hubopt" else by_highs(task, case)


def by_hubopt(task: Task, case: PublicCase) -> Found:
    """Solve a case by hubopt; a value that a proved one contradicts is a status of its own."""
    from hubopt.instance.public.families import FAMILIES  # noqa: PLC0415  (each loads on use)
    from hubopt.instance.public.published import published_beside  # noqa: PLC0415
    from hubopt.solve.answer import Question  # noqa: PLC0415
    from hubopt.study.bench import bench  # noqa: PLC0415

    load_all()
    table = published_beside(Path(task.case.file).parent)
    published = table.get((FAMILIES[case.family].published, case.name))
    question = Question(gap=task.gap, time_s=task.limit_s)
    (outcome,) = bench([case], table, question)
    status = "contradicts" if outcome.wrong else outcome.proof.value
    note = f"published {published.value}" if published else ""
    if outcome.failure is not None:
        note = outcome.failure.message.en[:200]
    phases = {name: (seconds, 0.0) for name, seconds in outcome.parts.items()}
    return Found(
        status, outcome.seconds, value=outcome.value, bound=outcome.bound, note=note, phases=phases
    )


def by_highs(task: Task, case: PublicCase) -> Found:
    """Solve a case by HiGHS from arrays in a strong formulation, from plain numbers on."""
    from benchmarks.backends import highs_arrays  # noqa: PLC0415  (each loads on use)
    from benchmarks.child import Clock, warm_up  # noqa: PLC0415

    warm_up(task)
    clock = Clock()
    return clock.stop(highs_arrays.solve(strong_matrices(case), task.limit_s, task.gap))


def strong_matrices(case: PublicCase) -> Matrices:
    """Return a case as arrays, with a link for each flow and opening, in the units of its file."""
    from benchmarks import arrays, hub_arrays  # noqa: PLC0415  (loads on use)
    from hubopt.instance.public.fixed_charge import FixedCharge  # noqa: PLC0415
    from hubopt.instance.public.hub_median import HubMedian  # noqa: PLC0415
    from hubopt.instance.public.location import Location  # noqa: PLC0415

    numbers = case.make.args[0] if isinstance(case.make, partial) else None
    if isinstance(numbers, HubMedian):
        one_hub = case.family == "cab-single"
        return hub_arrays.of_single(numbers) if one_hub else hub_arrays.of_multiple(numbers)
    if isinstance(numbers, Location | FixedCharge):
        return arrays.matrices_of(numbers, strong=True)
    message = f"{case.family} has no strong formulation here"
    raise TypeError(message)


def load_all() -> None:
    """Load every module of hubopt with its libraries, so that this is not timed."""
    for module in walk_packages(hubopt.__path__, "hubopt."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
