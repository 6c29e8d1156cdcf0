"""hubopt: a case as an ordinary instance, its problem and arrays, its engine and verifier."""

from __future__ import annotations

import pickle
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.spec import Found
from hubopt.errors import NoPlanError
from hubopt.instance.pause import no_garbage_search
from hubopt.instance.public.fixed_charge import fixed_charge_instance
from hubopt.instance.public.location import Location, location_instance
from hubopt.units import mcny

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.cases import Case
    from hubopt.instance.public.scales import Scales
    from hubopt.instance.tables import Instance
    from hubopt.problem.problem import Problem
    from hubopt.solver.form import StandardForm


def build(case: Case, *, strong: bool) -> tuple[Instance, Scales]:  # noqa: ARG001  (always strong)
    """Return the checked instance of a case, and what its units stand for."""
    scales = case.scales()
    if scales is None:
        message = "no scale fits the numbers of the case"
        raise ValueError(message)
    if isinstance(case, Location):
        return location_instance(case, scales), scales
    return fixed_charge_instance(case, scales), scales


def solve(model: tuple[Instance, Scales], limit_s: float, gap: float) -> Found:
    """Solve over all routes; a plan that leaves goods behind is none of the case."""
    from hubopt.solve.answer import Question, answer  # noqa: PLC0415  (loads on use)

    instance, scales = model
    try:
        with no_garbage_search():
            found = answer(instance, Question(gap=gap, time_s=limit_s), all_routes=True)
    except NoPlanError:
        return Found("limit")
    plan, problem = found.plan, found.problem
    over_all = problem.complete or problem.bound_over_all_mcny is not None
    unit = scales.mcny_per_unit
    value = None if plan.unserved else mcny(plan.objective_fen) / unit
    bound = mcny(plan.bound_fen) / unit if over_all and plan.bound_fen is not None else None
    closed = value is not None and bound is not None and value - bound <= gap * abs(value) + 1e-9
    return Found(
        "optimal" if closed else "feasible", value=value, bound=bound,
        phases={name: (spent, 0.0) for name, spent in found.seconds.items()},
    )  # fmt: skip


def prepare(case: Case, file: Path) -> None:
    """Write the problem of a case into a file, from which every run of a hand-over starts."""
    from hubopt.network.routes import list_routes  # noqa: PLC0415  (loads on use)
    from hubopt.problem.build import build_problem  # noqa: PLC0415

    with no_garbage_search():
        instance, _ = build(case, strong=True)
        problem = build_problem(instance, list_routes(instance))
    file.write_bytes(pickle.dumps(problem))


def prepared(file: str) -> Problem:
    """Return the problem that `prepare` wrote."""
    problem: Problem = pickle.loads(Path(file).read_bytes())  # noqa: S301  (this run wrote it)
    return problem


def form_of(problem: Problem) -> StandardForm:
    """Return the arrays of a problem, as hubopt makes them for its solver."""
    from hubopt.engine.array_form import array_form  # noqa: PLC0415  (loads on use)

    return array_form(problem)


def hand_over(problem: Problem) -> tuple[Any, Callable[[], int]]:
    """Return HiGHS with the arrays of a problem, loaded as hubopt's child process loads them."""
    from hubopt.solver.child import Messages, Solve  # noqa: PLC0415  (loads on use)
    from hubopt.solver.run import task_of  # noqa: PLC0415

    class Nobody(Messages):
        """Nobody hears of a model that is only loaded."""

        def __init__(self) -> None:
            """Open nothing."""

    held = Solve(Nobody(), threading.Event())
    held.load(task_of(form_of(problem), {}).arrays, {})
    return held, held.highs.getNumNz
