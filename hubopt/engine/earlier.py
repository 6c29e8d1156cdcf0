"""The design of an earlier plan tried again: an upper bound before anything else is solved.

With sites, modules and departures standing, an LP of flows remains. Where the problem has changed
so that the design breaks a rule, departures are chosen anew for the same sites, and failing that
the sites are moved as little as the rules of siting ask for. The design is fixed and not handed to
HiGHS as a start, which version 1.16 misprices.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.sparse import bmat, csc_matrix, identity

from hubopt.engine.array_form import array_form
from hubopt.engine.board import Board, Halt
from hubopt.engine.dive import best_flows
from hubopt.engine.layout import layout_of
from hubopt.engine.search import Search
from hubopt.engine.start import point_of
from hubopt.model.decisions import decisions
from hubopt.solver.form import StandardForm
from hubopt.solver.name_list import in_turn, taken

if TYPE_CHECKING:
    import threading

    from numpy.typing import NDArray

    from hubopt.problem.problem import Decisions, Floats, Problem
    from hubopt.solver.form import SolveOptions

NEAREST_S = 10.0
"""Most seconds for the nearest sites: a small model of whole numbers."""


class Earlier(NamedTuple):
    """Decisions that meet the rules of a problem, and their cost in million CNY."""

    decisions: Decisions
    cost_mcny: float


def earlier_plan(
    problem: Problem,
    made: Decisions,
    options: SolveOptions,
    *,
    stop: threading.Event | None = None,
) -> Earlier | None:
    """Return the best flows for the design of earlier decisions, repaired; None if there are none.

    The time of `options` covers all tries.
    """
    form = array_form(problem)
    board = Board(form, replace(options, highs={}), Halt(stop))
    search = Search(layout_of(problem, form), board)
    point = point_of(problem, form, made)
    search.offer(best_flows(form, point, search.solve_lp))
    if board.best is None and not search.over:
        search.rounded(point)
    if board.best is None and not search.over:
        nearest = nearest_sites(search, point)
        if nearest is not None and not search.over:
            search.rounded(nearest)
    if board.best is None or board.objective is None:
        return None
    return Earlier(decisions(problem, form, board.best), board.objective)


def nearest_sites(search: Search, point: Floats) -> Floats | None:
    """Return a point whose sites keep the rules on sites alone, as near to a point's as can be."""
    siting = search.layout.siting
    if not siting.any():
        return None
    answer = search.solve(distance_form(search.form, siting, point), "siting", most_s=NEAREST_S)
    if answer.values is None:
        return None
    found = np.zeros(len(search.form.cost))
    found[siting] = np.round(answer.values[: int(siting.sum())])
    return found


def distance_form(form: StandardForm, siting: NDArray[np.bool_], point: Floats) -> StandardForm:
    """Return the model of siting columns alone that least differ, summed, from those of a point."""
    rows = form.matrix().tocsr()
    others = abs(rows) @ (~siting).astype(float)
    alone = np.flatnonzero((others == 0) & (np.diff(rows.indptr) > 0))
    here, count = np.flatnonzero(siting), int(siting.sum())
    unit, wanted = identity(count, format="csr"), np.round(point[here])
    rules = rows[alone][:, here]
    matrix = csc_matrix(bmat([[rules, None], [unit, -unit], [-unit, -unit]]))
    matrix.sort_indices()
    return StandardForm(
        cost=np.append(np.zeros(count), np.ones(count)),
        offset=0.0,
        column_lower=np.append(form.column_lower[here], np.zeros(count)),
        column_upper=np.append(form.column_upper[here], np.full(count, np.inf)),
        integer=np.append(form.integer[here], np.zeros(count, dtype=bool)),
        starts=matrix.indptr.astype(np.int64),
        indices=matrix.indices.astype(np.int64),
        values=matrix.data.astype(float),
        row_lower=np.append(form.row_lower[alone], np.full(2 * count, -np.inf)),
        row_upper=np.concatenate([form.row_upper[alone], wanted, -wanted]),
        column_names=in_turn(taken(form.column_names, here), [f"moved({n})" for n in range(count)]),
        row_names=in_turn(
            taken(form.row_names, alone),
            [f"{side}({n})" for side in ("above", "below") for n in range(count)],
        ),
    )


def carried_over(before: Problem, made: Decisions, after: Problem) -> Decisions:
    """Return decisions on a problem in the terms of the same one with other routes listed."""
    if before is after:
        return made
    known = {
        (s, steps): kt
        for s, steps, kt in zip(
            before.column_shipment.tolist(), before.column_steps, made.flow_kt.tolist(), strict=True
        )
        if kt > 0
    }
    pairs = zip(after.column_shipment.tolist(), after.column_steps, strict=True)
    return replace(made, flow_kt=np.array([known.get(pair, 0.0) for pair in pairs]))
