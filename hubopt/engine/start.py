"""Decisions as a point of a form, to start a search from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hubopt.model.decisions import ABSENT, positions
from hubopt.problem.problem import Decisions

if TYPE_CHECKING:
    from hubopt.problem.problem import Floats, Ints, Problem
    from hubopt.solver.form import StandardForm


def point_of(problem: Problem, form: StandardForm, made: Decisions) -> Floats:
    """Return the point of a problem's form at which everything is as decided."""
    chosen = {
        "open": made.open.ravel(),
        "modules": made.modules.ravel(),
        "departures": made.departures.ravel(),
        "empties": made.empties.ravel(),
        "flow": made.flow_kt,
        "unserved": made.unserved_kt,
        "assign": assigned(problem, made),
    }
    values = np.zeros(len(form.cost))
    for family, here in positions(problem, form).items():
        there = here != ABSENT
        values[here[there]] = chosen[family][there]
    return np.clip(values, form.column_lower, form.column_upper)


def sites_alone(problem: Problem, made: Decisions) -> Decisions:
    """Return the sites and modules of decisions on another problem, and nothing else."""
    runs = np.zeros((len(problem.services.service_ids), len(problem.stages)), dtype=np.int64)
    return Decisions(
        open=made.open,
        modules=made.modules,
        departures=runs,
        empties=runs,
        flow_kt=np.zeros(len(problem.column_shipment)),
        unserved_kt=np.zeros(len(problem.shipment_ids)),
    )


def assigned(problem: Problem, made: Decisions) -> Ints:
    """Return which candidates of limited sources the flows use."""
    numbers = problem.assignments
    found = np.zeros(len(numbers.group), dtype=np.int64)
    used = numbers.links @ made.flow_kt > 0
    found[numbers.candidate[used]] = 1
    return found
