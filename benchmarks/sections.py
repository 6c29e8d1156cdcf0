"""What each section runs: its tasks in order, its rows as they come, and its file at the end."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import results, runner, sizes
from benchmarks.spec import Spec, Task

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from benchmarks.results import Row
    from benchmarks.sizes import Sizes

    Hear = Callable[[Task, list[Row]], None]

HANDOVER = ("prepared", "hubopt", "arrays", "linopy", "ortools", "scip", "pulp", "pyomo")
SOLVE = ("hubopt", "arrays", "linopy", "pyomo", "pyomo_weak", "pulp", "ortools", "scip")
SMALL = ("monolithic", "hubopt")
MULTIMODAL = ("hubopt", "pyomo", "pyomo_weak")
SCENARIO = ("hubopt", "pyomo")
FAMILIES = ("hubopt", "arrays")


def handover(size: Sizes, prepared: str) -> list[Task]:
    """Return a task for each method to hand the same model over."""
    return [
        Task("handover", size.handover, method, limit_s=120.0, prepared=prepared)
        for method in HANDOVER
    ]


def solving(size: Sizes) -> list[Task]:
    """Return a task for each case and method, those of a case one after the other."""
    cases = (*size.solve, *sizes.public_cases())
    return [
        Task("solve", case, method, limit_s=size.solve_limit_s, gap=sizes.GAP)
        for case in cases
        for method in SOLVE
    ]


def growth(size: Sizes) -> list[Task]:
    """Return a task for each size of the invented instance."""
    return [
        Task(
            "growth", sizes.invented(cities, shipments, sites), "hubopt",
            limit_s=size.growth_limit_s, gap=sizes.GROWTH_GAP,
        )
        for _, cities, shipments, sites in size.growth
    ]  # fmt: skip


def small(size: Sizes) -> list[Task]:
    """Return a pair of tasks for each small case."""
    return [
        Task("small", case, method, limit_s=30.0, gap=sizes.GAP)
        for case in size.small
        for method in SMALL
    ]


def instances(_size: Sizes) -> list[Task]:
    """Return a task for each shipped instance and gap that it is to close."""
    return [
        Task("instances", Spec("folder", {}, str(runner.ROOT / "instances" / name), name),
             "hubopt", limit_s=limit_s, gap=gap)
        for name, gap, limit_s in sizes.INSTANCES
    ]  # fmt: skip


def multimodal(_size: Sizes) -> list[Task]:
    """Return tasks for the multimodal family: beside Pyomo where it finds a plan at all."""
    return [
        Task("multimodal", case, method, limit_s=limit_s, gap=gap)
        for case, gap, limit_s in sizes.multimodal_cases()
        for method in (MULTIMODAL if case.title in sizes.WITH_PYOMO else ("hubopt",))
    ]


def scenario(_size: Sizes) -> list[Task]:
    """Return a pair of tasks for each case whose next scenario is compared."""
    return [
        Task("scenario", case, method, limit_s=limit_s, gap=gap)
        for case, gap, limit_s in sizes.multimodal_cases(sizes.SCENARIO)
        for method in SCENARIO
    ]


def families(_size: Sizes) -> list[Task]:
    """Return tasks for each public case in the folder that HUBOPT_BENCHMARKS names."""
    return [
        Task("families", case, method, limit_s=sizes.FAMILY_LIMIT_S)
        for case in sizes.family_cases()
        for method in (FAMILIES if case.family in sizes.BESIDE_HIGHS else ("hubopt",))
    ]


def tasks_of(section: str, size: Sizes, prepared: str) -> list[Task]:
    """Return the tasks of one round of a section."""
    if section == "handover":
        return handover(size, prepared)
    made = {
        "solve": solving, "growth": growth, "small": small, "instances": instances,
        "families": families, "multimodal": multimodal, "scenario": scenario,
    }  # fmt: skip
    return made[section](size)


SECTIONS = ("handover", "solve", "growth", "small")
LONG = ("multimodal", "scenario", "instances", "families")
"""Sections that take long: run only when they are named."""


class NoSuchCaseError(Exception):
    """A section has no case of this name here."""


def refuse_unknown(section: str, size: Sizes, cases: Collection[str]) -> None:
    """Raise `NoSuchCaseError` with the cases that there are, if one that is asked for is not."""
    known = list(dict.fromkeys(task.case.name for task in tasks_of(section, size, "")))
    for case in cases:
        if case not in known:
            there = ", ".join(known) or "none: is HUBOPT_BENCHMARKS set?"
            message = f'{section} has no case "{case}"; cases here: {there}'
            raise NoSuchCaseError(message)


def run(section: str, size: Sizes, folder: Path, hear: Hear, cases: Collection[str] = ()) -> Path:
    """Run a section and write its file; what is there stays until the run is over.

    With `cases` only these are run, and the rows of others stay. Raises `NoSuchCaseError`.
    """
    refuse_unknown(section, size, cases)
    budget = runner.Budget(size.minutes.get(section, 0.0))
    with tempfile.TemporaryDirectory() as name:
        prepared = str(Path(name) / "problem.pickle")
        if section == "handover":
            runner.run(Task("prepare", size.handover, "hubopt", limit_s=300.0, prepared=prepared))
        rows = list(rows_of(section, size, prepared, budget, hear, cases))
    if cases:
        return results.save_cases(section, rows, folder)
    return results.save(section, rows, folder)


def rows_of(
    section: str,
    size: Sizes,
    prepared: str,
    budget: runner.Budget,
    hear: Hear,
    cases: Collection[str] = (),
) -> Iterator[Row]:
    """Yield the rows of a section, run by run: of all cases, or of some."""
    once = section in {"instances", "families"} or (section == "growth" and size is sizes.QUICK)
    rounds = 1 if once else size.rounds
    tasks = [
        task for task in tasks_of(section, size, prepared)
        if not cases or task.case.name in cases
    ]  # fmt: skip
    for number in range(1, rounds + 1):
        if not budget.allows_round(number):
            return
        for task in runner.interleaved(number, tasks):
            if number == 1 or budget.allows(task):
                rows = runner.run(task)
                budget.heard(task, rows)
                hear(task, rows)
                yield from rows


def doublings(size: Sizes) -> dict[str, list[str]]:
    """Return, for each thing that grows, the names of the cases in order of size."""
    start = size.growth[0]
    found: dict[str, list[str]] = {}
    for name, *numbers in size.growth[1:]:
        found.setdefault(name, [named(*start[1:])]).append(named(*numbers))
    return found


def named(cities: int, shipments: int, sites: int) -> str:
    """Return what an invented instance is called in results."""
    spec: Spec = sizes.invented(cities, shipments, sites)
    return spec.name
