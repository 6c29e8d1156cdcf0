"""A good plan and a good bound for a large model, within the time: relax and fix, then improve.

HiGHS alone finds no good plan for tens of thousands of routes (gap 52 % after 120 s on 4,000
shipments x 10 routes), though its LP takes seconds. So: LP; whole modules that cover its loads;
whole departures with sites fixed, which falls apart by stage; then, side by side, HiGHS on the
whole model for the bound and neighbourhoods of the best plan (RINS: Danna, Rothberg, Le Pape 2005).
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from hubopt.engine.board import ROUNDING
from hubopt.engine.cover import covering_form
from hubopt.engine.dive import WHOLE, Dive, best_flows, clean, fixed, relaxed
from hubopt.engine.link_rows import LinkRows, links_of, many, only_rows
from hubopt.solver.form import SolverAnswer, SolverStatus
from hubopt.solver.run import run
from hubopt.solver.statuses import TOLERANCE, worst_violation

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from hubopt.engine.board import Board
    from hubopt.engine.layout import Layout
    from hubopt.problem.problem import Floats
    from hubopt.solver.form import Progress, StandardForm
    from hubopt.solver.options import Value

    Mask = NDArray[np.bool_]

SIDE_BY_SIDE = 2
SITING_SHARE, STAGE_SHARE, ROUND_SHARE = 0.2, 0.2, 0.15
COVER_S = 20.0
LEAST_S = 1.0
SUB_GAP = 0.002
LINK_ROUNDS = 2
LEFT_SHARE = 0.2
"""Over some of the routes a plan is good enough within this share of its gap over all of them."""

EAGER = {"mip_heuristic_effort": 0.5, "mip_detect_symmetry": False}
NEAR = 0.1

NO_ANSWER = frozenset({SolverStatus.FAILED, SolverStatus.INFEASIBLE, SolverStatus.UNBOUNDED})
WITHOUT = {
    SolverStatus.LIMIT_WITH_VALUES: SolverStatus.LIMIT_WITHOUT_VALUES,
    SolverStatus.INTERRUPTED_WITH_VALUES: SolverStatus.INTERRUPTED_WITHOUT_VALUES,
}
"""Each ending with a plan, and the same without one."""


@dataclass
class Search:
    """One search over a form; its layout tells sites, departures, and the stages of each state.

    With a `bound_over_all`, that of all routes, no other bound counts: the form's routes are some.
    `known` are a point and the multipliers of the LP, if it was solved before.
    """

    layout: Layout
    board: Board
    start: Floats | None = None
    bound_over_all: float | None = None
    known: tuple[Floats, Floats] | None = None

    def __post_init__(self) -> None:
        """Start with no point of the LP."""
        self.form = self.board.form
        self.board.raise_bound(self.bound_over_all)
        self.lp: Floats | None = None
        self.duals: Floats | None = None

    def run(self) -> SolverAnswer:
        """Search until the gap is closed, the time is up or the planner stops it."""
        self.board.offer(self.start)
        answer = self.relaxation()
        if self.lp is None:
            return answer if self.board.best is None else self.ended(answer)
        self.first_plan()
        if self.over:
            return self.ended()
        with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
            try:
                whole = pool.submit(self.whole_model)
                pool.submit(self.improve).result()
                return self.ended(whole.result())
            finally:
                self.board.halt.set()  # whatever happened, nothing runs on

    @property
    def over(self) -> bool:
        """Whether to start nothing more."""
        return self.board.halt.is_set() or self.board.left_s < LEAST_S

    def solve(
        self,
        form: StandardForm,
        phase: str,
        *,
        most_s: float = float("inf"),
        start: Floats | None = None,
        gap: float = SUB_GAP,
        eager: bool = True,
        bounds_all: bool = False,
        own: Mapping[str, Value] | None = None,
    ) -> SolverAnswer:
        """Solve one form of the search; its bound counts only if it relaxes the whole model.

        `own` are options for HiGHS beside the planner's.
        """
        options = self.board.options
        bounds_all = bounds_all and self.bound_over_all is None
        eagerly = EAGER if eager and form.integer.any() else {}
        limited = replace(
            options,
            gap=gap,
            time_s=max(LEAST_S, min(most_s, self.board.left_s)),
            memory_mb=max(1, options.memory_mb // SIDE_BY_SIDE),
            highs={**eagerly, **options.highs},
        )

        def heard(progress: Progress) -> None:
            if bounds_all:
                self.board.raise_bound(progress.bound)
            self.board.say(phase)

        if start is not None and worst_violation(form, start).size > TOLERANCE:
            start = None
        answer = run(form, limited, on_progress=heard, stop=self.board.halt, start=start, own=own)
        if bounds_all:
            self.board.raise_bound(answer.bound)
        self.board.say(phase)
        return answer

    def solve_lp(self, form: StandardForm) -> SolverAnswer:
        """Solve an LP on the way to a plan."""
        return self.solve(form, "rounding")

    def offer(self, values: Floats | None) -> None:
        """Offer a plan with its whole columns exactly whole; no LP for that once told to stop."""
        if values is not None:
            solve_lp = None if self.board.halt.is_set() else self.solve_lp
            self.board.offer(clean(self.form, values, solve_lp))

    def relaxation(self) -> SolverAnswer:
        """Solve the LP relaxation of everything, unless one is known: the first bound.

        Of many rows that tie flows to sites it has those that the LP without them breaks.
        """
        if self.known is not None:
            self.lp, self.duals = self.known
            return SolverAnswer(SolverStatus.OPTIMAL, None, None, self.board.bound, 0.0, "")
        links = LinkRows()
        for _ in range(LINK_ROUNDS):
            rows = links.rows(self.form)
            lean = only_rows(self.form, rows)
            answer = self.solve(
                relaxed(lean), "LP relaxation", bounds_all=True, own=links.way(lean)
            )
            if answer.status is not SolverStatus.OPTIMAL or answer.row_duals is None:
                break
            self.lp, self.duals = answer.values, np.zeros(len(self.form.row_lower))
            self.duals[rows] = answer.row_duals
            if self.over or not links.learn(self.form, answer.values):
                break
        return without_values(answer)

    def first_plan(self) -> None:
        """Find a first plan: modules that cover the LP's loads, then departures stage by stage.

        If there is a start, it comes first, then other departures with its sites; only if neither
        gives a plan are the sites chosen anew here. `improve` may still move them.
        """
        if self.start is not None:
            self.offer(best_flows(self.form, self.start, self.solve_lp))
            if not self.over:
                self.whole_departures(self.start)
            if self.over or self.board.best is not None:
                return
        placed = self.covered()
        if placed is None and not self.over:
            placed = self.sites_by_mip()
        if placed is not None and not self.over:
            self.whole_departures(placed)

    def covered(self) -> Floats | None:
        """Return a point with the whole modules that cover the loads of the LP at least cost."""
        if self.lp is None or self.duals is None or not self.layout.siting.any():
            return None
        rows = np.arange(len(self.duals))
        if many(self.form):  # capacities say enough of what a site must hold
            rows = np.flatnonzero(~links_of(self.form))
        model = covering_form(
            only_rows(self.form, rows), self.layout.siting, self.lp, self.duals[rows]
        )
        answer = self.solve(model, "siting", most_s=COVER_S, gap=0.0)
        if answer.values is None:
            return None
        point = np.zeros(len(self.form.cost))
        point[self.layout.siting] = np.round(answer.values[: int(self.layout.siting.sum())])
        return point

    def sites_by_mip(self) -> Floats | None:
        """Return a point with whole sites and modules, departures left as they fall."""
        most_s = SITING_SHARE * self.board.options.time_s
        only_sites = replace(self.form, integer=self.form.integer & self.layout.siting)
        return self.solve(only_sites, "siting", most_s=most_s, bounds_all=True).values

    def whole_departures(self, values: Floats) -> None:
        """Offer the plans with the sites of `values` and whole departures, and improve them."""
        if self.rounded(values) and not self.over:
            self.improve_stages(STAGE_SHARE * self.board.options.time_s)

    def rounded(self, values: Floats) -> bool:
        """Offer plans with the sites of `values`, departures rounded; return whether there are."""
        placed = fixed(self.form, np.round(values), self.layout.siting)
        point = self.solve_lp(relaxed(placed))
        if point.values is None or self.over:
            return False
        design = self.layout.siting | self.layout.departures | self.layout.assign
        up = np.where(self.layout.departures, np.ceil(point.values - WHOLE), point.values)
        self.offer(best_flows(placed, up, self.solve_lp, keep=design))
        if self.over:
            return False
        steer = (self.layout.assign, self.layout.departures)
        dived = Dive(placed, self.solve_lp, steer).plan(point.values)
        self.offer(dived)
        return dived is not None

    def improve_stages(self, most_s: float) -> None:
        """Free the departures of one stage at a time, sites as they are, stages side by side.

        With fixed sites no row joins two stages, so that the improvements add up.
        """
        start = self.board.best
        if start is None:
            return
        rounds = -(-self.layout.parts // SIDE_BY_SIDE)
        with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
            answers = pool.map(
                lambda t: self.solve(
                    fixed(self.form, start, self.layout.others(t)),
                    "departures",
                    most_s=most_s / rounds,
                    start=start,
                ),
                range(self.layout.parts),
            )
            joined = start.copy()
            for t, answer in enumerate(answers):
                if answer.values is not None:
                    joined = np.where(self.layout.part == t, answer.values, joined)
        self.offer(joined)

    def whole_model(self) -> SolverAnswer:
        """Give the whole model to HiGHS for the bound; the best plan stays unless it is beaten.

        Where its bound does not count, it goes on until the plan is near the one that does, or
        until other routes or branching must do the rest.
        """
        gap = self.board.options.gap
        if self.bound_over_all is not None:
            gap = LEFT_SHARE * (self.board.gap or 0.0)
        answer = self.solve(
            self.form,
            "whole model",
            start=self.board.best,
            gap=gap,
            eager=False,
            bounds_all=True,
        )
        self.offer(answer.values)
        if answer.status in {SolverStatus.OPTIMAL, SolverStatus.INFEASIBLE}:
            self.board.halt.set()  # after a failure the search for better plans goes on
        return answer

    def improve(self) -> None:
        """Search neighbourhoods of the best plan by turns until none is left or time is up."""
        for free in self.neighbourhoods():
            start = self.board.best
            if self.over or start is None:
                return
            held = self.form.integer & ~free
            answer = self.solve(
                fixed(self.form, np.round(start), held),
                "improving the plan",
                most_s=ROUND_SHARE * self.board.options.time_s,
                start=start,
            )
            self.offer(answer.values)

    def neighbourhoods(self) -> Iterator[Mask]:
        """Yield masks of whole columns to set free: where LP and plan differ, one stage, sites."""
        parts = self.layout.parts
        random = np.random.default_rng(self.board.options.seed)
        while True:
            before = self.board.objective
            yield self.differing()
            yield self.layout.siting
            for t in range(parts):
                yield ~self.layout.siting & (self.layout.part == t)
            if before is not None and self.board.objective == before:
                yield self.differing() | (random.random(len(self.form.cost)) < NEAR)

    def differing(self) -> Mask:
        """Return the columns in which the plan is not the LP's point."""
        if self.board.best is None or self.lp is None:
            return self.layout.siting
        return np.abs(self.board.best - self.lp) > NEAR

    def ended(self, last: SolverAnswer | None = None) -> SolverAnswer:
        """Return the answer of the whole search."""
        board = self.board
        reason = "" if last is None else last.reason
        if board.fault:
            return SolverAnswer(SolverStatus.FAILED, None, None, None, board.elapsed_s, board.fault)
        gone_wrong = last is not None and last.status in NO_ANSWER
        if last is not None and gone_wrong and board.best is None:
            return replace(last, bound=board.bound, seconds=board.elapsed_s)
        if last is not None and last.values is not None and board.best is None:
            board.offer(last.values)
        status = SolverStatus.LIMIT_WITH_VALUES
        whole = self.bound_over_all is None
        if board.closed or (whole and last is not None and proved(board, last)):
            status = SolverStatus.OPTIMAL
        elif board.halt.by_planner:
            status = SolverStatus.INTERRUPTED_WITH_VALUES
        if board.best is None:
            status = WITHOUT[status]
        return SolverAnswer(
            status, board.best, board.objective, board.bound, board.elapsed_s, reason
        )


def proved(board: Board, last: SolverAnswer) -> bool:
    """Return whether HiGHS called a plan optimal that is no better than the best one kept."""
    if last.status is not SolverStatus.OPTIMAL or last.objective is None or board.objective is None:
        return False
    return board.objective <= last.objective + ROUNDING * abs(last.objective)


def without_values(answer: SolverAnswer) -> SolverAnswer:
    """Return an answer of a relaxation as one that holds no plan."""
    status = WITHOUT.get(answer.status, answer.status)
    return replace(answer, status=status, values=None, objective=None, row_duals=None)
