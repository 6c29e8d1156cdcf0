"""Public cases solved by hubopt, each beside its published value."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import TYPE_CHECKING

import hubopt
from benchmarks.spec import Found

if TYPE_CHECKING:
    from benchmarks.spec import Task


def run(task: Task) -> Found:
    """Solve one case; a value that a proved one contradicts is a status of its own."""
    from hubopt.instance.public.families import FAMILIES, cases_of  # noqa: PLC0415  (load on use)
    from hubopt.instance.public.published import published_beside  # noqa: PLC0415
    from hubopt.solve.answer import Question  # noqa: PLC0415
    from hubopt.study.bench import bench  # noqa: PLC0415

    load_all()
    file = Path(task.case.file)
    (case,) = (one for one in cases_of(task.case.family, file) if one.name == task.case.title)
    table = published_beside(file.parent)
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


def load_all() -> None:
    """Load every module of hubopt with its libraries, so that this is not timed."""
    for module in walk_packages(hubopt.__path__, "hubopt."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
