"""Decisions for a problem, or why there are none: over more routes first, where others may help."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hubopt.errors import NoPlanError
from hubopt.solve.endings import no_plan_in, why_no_plan
from hubopt.solve.pose import LEAST_SOLVER_SECONDS, asked_gap, wider
from hubopt.solver.form import SolveOptions, SolverStatus
from hubopt.text import Text
from hubopt.vocabulary import Engine

if TYPE_CHECKING:
    import threading

    from hubopt.engine.solve_problem import Solved
    from hubopt.instance.tables import Instance
    from hubopt.problem.problem import Decisions, Problem
    from hubopt.solve.answer import Question, Watcher
    from hubopt.solve.clock import Clock


LEAST_BRANCHING_S, BRANCHING_SHARE = 2.0, 0.1
"""With less left than so many seconds, or this share of the limit, branching is not begun: a search
that used its time up keeps less than that for what comes after it."""


@dataclass(frozen=True)
class Decider:
    """Solves problems of an instance within what is left of the time, and tells how it goes."""

    instance: Instance
    question: Question
    watcher: Watcher
    clock: Clock
    stop: threading.Event | None
    engine: Engine

    def decide(
        self, problem: Problem, start: Decisions | None, *, widen: bool
    ) -> tuple[Problem, Solved]:
        """Return a problem and the solver's answer with decisions, or raise why there are none.

        With `widen` the problem is that over more routes where those that were priced met not all
        rules.
        """
        solved = self.solved(problem, start)
        if widen and solved.answer.status is SolverStatus.INFEASIBLE:
            with suppress(NoPlanError):  # for want of time; the first verdict says more
                more = wider(self.instance, problem, self.question, self.watcher, self.clock)
                if more is not None:
                    problem, solved = more, self.solved(more, None)
        if solved.decisions is None:
            if solved.answer.status is SolverStatus.INFEASIBLE:
                self.watcher.phase(Text("looking for the rules that clash", "查找相互冲突的规则"))
            options = self.options()
            raise why_no_plan(problem, solved.answer, options, self.clock, self.stop)
        return self.closed(problem, solved)

    def closed(self, problem: Problem, solved: Solved) -> tuple[Problem, Solved]:
        """Return a solved problem, its gap over all routes closed by branching as far as it goes.

        Who asks for one model gets one model.
        """
        from hubopt.engine.branch.tree import branched  # noqa: PLC0415  (loads on use)
        from hubopt.engine.solve_problem import for_solves  # noqa: PLC0415

        options = self.options()
        time_s = for_solves(options.time_s)
        open_yet = solved.answer.status is SolverStatus.LIMIT_WITH_VALUES
        priced = problem.bound_over_all_mcny is not None and not problem.complete
        late = time_s < max(LEAST_BRANCHING_S, BRANCHING_SHARE * self.clock.limit_s)
        if self.engine is Engine.MONOLITHIC or not (open_yet and priced) or late:
            return problem, solved
        found = branched(
            self.instance,
            problem,
            solved,
            replace(options, time_s=time_s),
            on_progress=self.watcher.solver,
            stop=self.stop,
        )
        self.clock.lap("branching")
        return found

    def solved(self, problem: Problem, start: Decisions | None) -> Solved:
        """Return the solver's answer for one problem; raise `NoPlanError` if the time is up."""
        from hubopt.engine.solve_problem import solve_problem  # noqa: PLC0415  (Pyomo loads on use)

        if self.clock.left() < LEAST_SOLVER_SECONDS:
            raise no_plan_in(self.clock.limit_s)
        self.watcher.phase(Text("building the model", "建立模型"))
        found = solve_problem(
            problem,
            self.options(),
            on_progress=self.watcher.solver,
            stop=self.stop,
            start=start,
            engine=self.engine,
        )
        self.clock.lap("model_and_solver")
        return found

    def options(self) -> SolveOptions:
        """Return how to solve, with the time that is left."""
        return SolveOptions(
            gap=asked_gap(self.instance, self.question),
            time_s=self.clock.left(),
            memory_mb=self.question.memory_mb,
            seed=self.question.seed,
            highs=self.question.highs,
        )
