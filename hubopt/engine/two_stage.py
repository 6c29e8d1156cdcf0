"""One design for several states solved: the joint model, with the sites free or as given."""

from __future__ import annotations

import gc
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from hubopt.engine.dive import fixed
from hubopt.engine.layout import joint_layout, layout_of
from hubopt.engine.solve_problem import LEAST_S, Solved, form_of, solve_form
from hubopt.engine.start import point_of, sites_alone
from hubopt.model.decisions import SHARED, decisions
from hubopt.model.standard import standard_form
from hubopt.model.two_stage import build_two_stage, state_names

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Sequence

    from hubopt.engine.layout import Layout
    from hubopt.plan.risk import Risk
    from hubopt.problem.problem import Decisions, Floats, Problem
    from hubopt.solver.form import Progress, SolveOptions, SolverAnswer, StandardForm

THRESHOLD = "threshold"
"""The column of the cost above which a state counts as dear."""


@dataclass(frozen=True)
class Joint:
    """The model of one design for several problems, as arrays."""

    problems: tuple[Problem, ...]
    form: StandardForm
    layout: Layout


def joint(problems: Sequence[Problem], probability: Sequence[float], risk: Risk) -> Joint:
    """Return the joint model of problems with the same sites, by probability."""
    form = standard_form(build_two_stage(problems, probability, risk))
    gc.collect()  # as for one problem: the Pyomo model is a web of cycles
    named = dict(zip(state_names(len(problems)), problems, strict=True))
    return Joint(tuple(problems), form, joint_layout(named, form))


def solve_joint(
    model: Joint,
    options: SolveOptions,
    *,
    on_progress: Callable[[Progress], None] | None = None,
    stop: threading.Event | None = None,
    start: Sequence[Solved] = (),
) -> tuple[SolverAnswer, tuple[Decisions, ...]]:
    """Return the solver's answer in million CNY of present value, with the decisions by state.

    `start` are solves of the states with the same sites, from which the search begins.
    """
    began = time.monotonic()
    first = joined(model, start) if start else None
    answer = solve_form(model.layout, model.form, options, on_progress, stop, first)
    answer = replace(answer, seconds=time.monotonic() - began)
    if answer.values is None:
        return answer, ()
    names = state_names(len(model.problems))
    made = (
        decisions(problem, model.form, answer.values, name)
        for problem, name in zip(model.problems, names, strict=True)
    )
    return answer, tuple(made)


def joined(model: Joint, solves: Sequence[Solved]) -> Floats | None:
    """Return the point of the joint model at which every state is as solved, if all are."""
    known: dict[str, float] = {}
    costs = []
    for name, solved in zip(state_names(len(solves)), solves, strict=True):
        if solved.answer.values is None or solved.answer.objective is None:
            return None
        for column, value in zip(solved.form.column_names, solved.answer.values, strict=True):
            shared = column.partition("(")[0] in SHARED
            known[column if shared else name + column] = float(value)
        costs.append(solved.answer.objective)
    threshold = max(costs)  # no state lies above it, so that no excess is needed
    return np.array(
        [known.get(c, threshold if c == THRESHOLD else 0.0) for c in model.form.column_names]
    )


def solve_with_sites(
    problem: Problem,
    sites: Decisions,
    options: SolveOptions,
    *,
    on_progress: Callable[[Progress], None] | None = None,
    stop: threading.Event | None = None,
) -> Solved:
    """Return one problem solved with sites and modules as decided."""
    began = time.monotonic()
    form = form_of(problem)
    layout = layout_of(problem, form)
    values = point_of(problem, form, sites_alone(problem, sites))
    placed = fixed(form, values, layout.siting)
    left = replace(options, time_s=max(LEAST_S, options.time_s - (time.monotonic() - began)))
    answer = solve_form(layout, placed, left, on_progress, stop)
    made = None if answer.values is None else decisions(problem, placed, answer.values)
    return Solved(answer, made, placed)
