"""One design for several states solved: the joint model, with the sites free or as given."""

from __future__ import annotations

import gc
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from hubopt.engine.dive import fixed
from hubopt.engine.layout import joint_layout
from hubopt.engine.solve_problem import solve_form
from hubopt.model.decisions import decisions, positions
from hubopt.model.standard import standard_form
from hubopt.model.two_stage import build_two_stage, state_names

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Sequence

    from hubopt.engine.layout import Layout
    from hubopt.plan.risk import Risk
    from hubopt.problem.problem import Decisions, Floats, Problem
    from hubopt.solver.form import Progress, SolveOptions, SolverAnswer, StandardForm

ABSENT = -1


@dataclass(frozen=True)
class Joint:
    """The model of one design for several problems, as arrays."""

    problems: tuple[Problem, ...]
    form: StandardForm
    layout: Layout


class JointSolved(NamedTuple):
    """The solver's answer, and the decisions of each state if it has values."""

    answer: SolverAnswer
    decisions: tuple[Decisions, ...]


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
    sites: Decisions | None = None,
    start: Floats | None = None,
) -> JointSolved:
    """Return the solver's answer in million CNY of present value, with the decisions by state.

    With `sites` the sites and modules stand as in those decisions; `start` is a point to start at.
    """
    began = time.monotonic()
    form = model.form if sites is None else with_sites(model, sites)
    answer = solve_form(model.layout, form, options, on_progress, stop, start)
    answer = replace(answer, seconds=time.monotonic() - began)
    values = answer.values
    if values is None:
        return JointSolved(answer, ())
    names = state_names(len(model.problems))
    made = (
        decisions(problem, form, values, name)
        for problem, name in zip(model.problems, names, strict=True)
    )
    return JointSolved(answer, tuple(made))


def with_sites(model: Joint, sites: Decisions) -> StandardForm:
    """Return the joint form with sites and modules as decided."""
    where = positions(model.problems[0], model.form)
    values = np.zeros(len(model.form.cost))
    for family, chosen in (("open", sites.open), ("modules", sites.modules)):
        there = where[family] != ABSENT
        values[where[family][there]] = chosen.ravel()[there]
    return fixed(model.form, values, model.layout.siting)
