"""Small cases: hubopt against the same problem as one strong MIP, given to HiGHS as arrays."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from benchmarks.arrays import arguments
from benchmarks.backends import highs_arrays, hubopt_engine
from benchmarks.spec import Found, Spec

if TYPE_CHECKING:
    from benchmarks.spec import Task
    from hubopt.problem.problem import Problem

TINY = Spec("location", {"sites": 2, "customers": 3, "seed": 1})


def run(task: Task) -> Found:
    """Return what a method finds, timed from the problem to the end of the solve.

    A tiny case is solved first, so that loading HiGHS is not timed, here or in hubopt's child
    process; the commands start that process before they read an instance.
    """
    from benchmarks.child import Clock, warm_up  # noqa: PLC0415  (child loads this file)

    warm_up(replace(task, method="hubopt"))
    solve = by_hubopt if task.method == "hubopt" else as_one_mip
    solve(problem_of(replace(task, case=TINY)), task)
    problem = problem_of(task)
    clock = Clock()
    found = clock.stop(solve(problem, task))
    found.nonzeros = found.nonzeros or None
    return found


def problem_of(task: Task) -> Problem:
    """Return the problem of a case over its listed routes."""
    from benchmarks.cases import case_of  # noqa: PLC0415  (each loads on use)
    from benchmarks.growth import wanted_of  # noqa: PLC0415
    from hubopt.instance.invented.make import invented  # noqa: PLC0415
    from hubopt.network.routes import list_routes  # noqa: PLC0415
    from hubopt.problem.build import build_problem  # noqa: PLC0415

    if task.case.family == "invented":
        instance = invented(wanted_of(task.case))
    else:
        instance, _ = hubopt_engine.build(case_of(task.case), strong=True)
    return build_problem(instance, list_routes(instance))


def by_hubopt(problem: Problem, task: Task) -> Found:
    """Solve by the way that hubopt chooses for the size, in its child process."""
    from hubopt.engine.solve_problem import solve_problem  # noqa: PLC0415  (loads on use)
    from hubopt.solver.form import SolveOptions, SolverStatus  # noqa: PLC0415

    solved = solve_problem(problem, SolveOptions(gap=task.gap, time_s=task.limit_s))
    answer = solved.answer
    status = "optimal" if answer.status is SolverStatus.OPTIMAL else "limit"
    return Found(
        status, value=answer.objective, bound=answer.bound, nonzeros=len(solved.form.values)
    )


def as_one_mip(problem: Problem, task: Task) -> Found:
    """Solve as one MIP in this process."""
    form = hubopt_engine.form_of(problem)
    highs, count = highs_arrays.passed(
        arguments(
            (form.cost, form.column_lower, form.column_upper, form.integer),
            (form.row_lower, form.row_upper), (form.starts, form.indices, form.values),
            form.offset,
        )
    )  # fmt: skip
    highs.setOptionValue("time_limit", task.limit_s)
    highs.setOptionValue("mip_rel_gap", task.gap)
    highs.run()
    return highs_arrays.found_of(highs, int(count()))
